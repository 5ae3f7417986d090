package serve

import (
	"net/netip"
	"testing"
)

// TestBehindAProxyStrangersAreToldApart: who uses up the challenges of a minute stops himself
// alone, and where the page is reached over TLS its cookie goes no other way.
func TestBehindAProxyStrangersAreToldApart(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(c *Config) {
		c.Proxies, c.Public = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, "node.example"
		c.Hosts, c.Origins = []string{"node.example"}, append(c.Origins, "https://node.example")
	})
	ask := func(from, origin string) int {
		return g.do(t, "", "POST", api+"/session/passkey/challenge", "", "Host", "node.example", "Origin", origin, "Sec-Fetch-Site", "same-origin", "X-Forwarded-For", from).StatusCode
	}
	got := map[int]int{}
	for range 150 { // a minute may end between
		got[ask("198.51.100.1", "https://node.example")]++
	}
	if got[200] == 0 || got[200] > 120 || got[429] == 0 {
		t.Errorf("one address: %v", got)
	}
	if status := ask("198.51.100.2", "https://node.example"); status != 200 {
		t.Errorf("another address behind the same proxy: got %d", status)
	}
	if status := ask("203.0.113.9, 198.51.100.2", "https://other.example"); status != 403 {
		t.Errorf("from another site: got %d, want 403", status)
	}
	for host, want := range map[string]bool{"node.example": true, "127.0.0.1": false} {
		signed := g.do(t, "", "POST", api+"/session", `{"token":"`+g.token["owner"]+`"}`, "Host", host, "Sec-Fetch-Site", "same-origin", "X-Forwarded-For", "198.51.100.3", "X-Forwarded-Proto", "https")
		if signed.StatusCode != 200 && signed.StatusCode != 201 && signed.StatusCode != 204 || len(signed.Cookies()) != 1 {
			t.Fatalf("%s: got %d %s", host, signed.StatusCode, signed.body)
		}
		if said := signed.Header.Get("Strict-Transport-Security") != ""; signed.Cookies()[0].Secure != want || said != want {
			t.Errorf("%s: Secure is %v, strict transport %v, want %v", host, signed.Cookies()[0].Secure, said, want)
		}
	}
}
