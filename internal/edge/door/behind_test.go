package door_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/edge/door"
)

// TestSenderBehindProxies: only what a trusted proxy wrote is believed, and only as far as
// trusted proxies reach.
func TestSenderBehindProxies(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("2001:db8:1::/48")}
	for name, tt := range map[string]struct {
		peer, said, want string
	}{
		"nobody between":               {"192.0.2.7:5", "", "192.0.2.7"},
		"a stranger's word":            {"192.0.2.7:5", "198.51.100.1", "192.0.2.7"},
		"a proxy's word":               {"127.0.0.1:5", "198.51.100.1", "198.51.100.1"},
		"with a port":                  {"127.0.0.1:5", "198.51.100.1:4711", "198.51.100.1"},
		"a proxy that says nothing":    {"127.0.0.1:5", "", "127.0.0.1"},
		"what a stranger put before":   {"127.0.0.1:5", "203.0.113.9, 198.51.100.1", "198.51.100.1"},
		"two proxies":                  {"127.0.0.1:5", "203.0.113.9, 198.51.100.1, 10.1.2.3", "198.51.100.1"},
		"two headers":                  {"127.0.0.1:5", "203.0.113.9|198.51.100.1", "198.51.100.1"},
		"proxies alone":                {"127.0.0.1:5", "10.1.2.3", "10.1.2.3"},
		"no address":                   {"127.0.0.1:5", "unknown", "127.0.0.1"},
		"an address before none":       {"127.0.0.1:5", "198.51.100.1, _hidden", "127.0.0.1"},
		"none behind a proxy":          {"127.0.0.1:5", "x, 10.1.2.3", "10.1.2.3"},
		"commas":                       {"127.0.0.1:5", ",,,", "127.0.0.1"},
		"IPv6 by its first half":       {"127.0.0.1:5", "2001:db8:2:3:4:5:6:7", "2001:db8:2:3::/64"},
		"IPv6 with a port":             {"127.0.0.1:5", "[2001:db8:2:3::1]:99", "2001:db8:2:3::/64"},
		"a peer of IPv6":               {"[2001:db8:2:3::1]:99", "198.51.100.1", "2001:db8:2:3::/64"},
		"a proxy of IPv6":              {"[2001:db8:1::1]:99", "198.51.100.1", "198.51.100.1"},
		"IPv4 in IPv6":                 {"[::ffff:127.0.0.1]:5", "::ffff:198.51.100.1", "198.51.100.1"},
		"a zone":                       {"[fe80::1%eth0]:5", "", "fe80::/64"},
		"a peer that is no address":    {"pipe", "198.51.100.1", "pipe"},
		"a very long list of its own":  {"127.0.0.1:5", strings.Repeat("10.1.2.3,", 1000) + "10.1.2.4", "10.1.2.3"},
		"an address with letters":      {"127.0.0.1:5", "198.51.100.1\x00", "127.0.0.1"},
		"a name that a stranger chose": {"127.0.0.1:5", "198.51.100.1 ; DROP", "127.0.0.1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.peer
		for one := range strings.SplitSeq(tt.said, "|") {
			if one != "" {
				r.Header.Add("X-Forwarded-For", one)
			}
		}
		got := ""
		door.Behind(proxies, "")(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = door.Sender(r) })).ServeHTTP(httptest.NewRecorder(), r)
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		door.Behind(nil, "")(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = door.Sender(r) })).ServeHTTP(httptest.NewRecorder(), r)
		if want := door.Sender(r); got != want {
			t.Errorf("%s, nobody trusted: %q, want %q", name, got, want)
		}
	}
}

// TestSecureBehindAProxy: TLS is of the connection, or of the public URL's host; a header
// that anybody can send does not make it so.
func TestSecureBehindAProxy(t *testing.T) {
	for name, tt := range map[string]struct {
		public, host string
		tls, want    bool
	}{
		"TLS of its own":              {"", "node.example", true, true},
		"the public host":             {"node.example", "NODE.example", false, true},
		"the public host and port":    {"node.example:8443", "node.example:8443", false, true},
		"another port":                {"node.example", "node.example:8480", false, false},
		"this machine":                {"node.example", "127.0.0.1:8480", false, false},
		"no public URL, or not TLS's": {"", "node.example", false, false},
		"no host":                     {"", "", false, false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = tt.host
		r.Header.Set("X-Forwarded-Proto", "https")
		if r.TLS = nil; tt.tls {
			r.TLS = &tls.ConnectionState{}
		}
		got := false
		w := httptest.NewRecorder()
		door.Chain(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = door.Secure(r) }), door.Behind(nil, tt.public), door.Headers).ServeHTTP(w, r)
		if said := w.Header().Get("Strict-Transport-Security") != ""; got != tt.want || said != tt.want {
			t.Errorf("%s: secure %v, said %v, want %v", name, got, said, tt.want)
		}
	}
}
