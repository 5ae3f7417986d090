package node

import (
	"net"
	"slices"
	"testing"
)

// TestOriginsAreThisMachinesAndTheConfiguredOverTLS: no name that the configuration does
// not have, and none beyond this machine without TLS.
func TestOriginsAreThisMachinesAndTheConfiguredOverTLS(t *testing.T) {
	t.Parallel()
	for url, also := range map[string]string{
		"http://127.0.0.1:8480":         "",
		"http://localhost:8480/":        "",
		"https://node.example":          "https://node.example",
		"https://NODE.example:443/x":    "https://node.example",
		"https://node.example:8443":     "https://node.example:8443",
		"https://[2001:db8::1]:8443":    "https://[2001:db8::1]:8443",
		"http://[::1]:8480":             "http://[::1]:8480",
		"http://node.example":           "",
		"http://192.0.2.1:8480":         "",
		"ftp://node.example":            "",
		"https://a@node.example:99/?q#": "https://node.example:99",
	} {
		want := []string{"http://127.0.0.1:8480", "http://localhost:8480"}
		if also != "" {
			want = append(want, also)
		}
		slices.Sort(want)
		n := &Node{Config: Config{URL: url}}
		if got := n.origins(&net.TCPAddr{IP: net.IPv4zero, Port: 8480}); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", url, got, want)
		}
	}
	if got := (&Node{}).origins(&net.TCPAddr{Port: 80}); !slices.Equal(got, []string{"http://127.0.0.1", "http://localhost"}) {
		t.Errorf("on port 80: got %v", got)
	}
}
