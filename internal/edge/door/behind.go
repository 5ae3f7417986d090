package door

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
)

// through is what is known of the way that a request came.
type through struct {
	sender string
	secure bool
}

type throughKey struct{}

// Behind tells apart who sends requests through a reverse proxy, for [Sender], and which
// came over its TLS, for [Secure].
//
// Of X-Forwarded-For the address is believed that a proxy of the list wrote: the last one
// that is none of the list's own. Sent by anybody else the header says nothing. public is
// host and port, without https's own, of the node's URL if that is https, or "": as the
// node has no TLS of its own, what asks for that host came over a proxy's.
func Behind(proxies []netip.Prefix, public string) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			way := through{
				sender: counted(senderOf(r, proxies), r.RemoteAddr),
				secure: r.TLS != nil || public != "" && strings.EqualFold(r.Host, public),
			}
			next.ServeHTTP(w, way.of(r))
		})
	}
}

// of returns the request with what is known of its way.
func (t through) of(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), throughKey{}, t))
}

// Sender names who sends a request, to count what they ask for: an IPv4 address, or the
// first 64 bits of an IPv6 one, for one machine has all that begin so (RFC 4291 §2.5.1).
func Sender(r *http.Request) string {
	if way, ok := r.Context().Value(throughKey{}).(through); ok {
		return way.sender
	}
	return counted(peerOf(r), r.RemoteAddr)
}

// Secure reports whether a request came over TLS, to this node or to the proxy before it.
func Secure(r *http.Request) bool {
	way, ok := r.Context().Value(throughKey{}).(through)
	return ok && way.secure || r.TLS != nil
}

// senderOf is the address of who sent a request; invalid if there is none.
func senderOf(r *http.Request, proxies []netip.Prefix) netip.Addr {
	at := peerOf(r)
	rest := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	for rest != "" && among(at, proxies) {
		hop := rest
		if comma := strings.LastIndexByte(rest, ','); comma >= 0 {
			rest, hop = rest[:comma], rest[comma+1:]
		} else {
			rest = ""
		}
		next, ok := parsed(strings.TrimSpace(hop))
		if !ok {
			break // nobody's word: who passed it on is the last that is known
		}
		at = next
	}
	return at
}

func peerOf(r *http.Request) netip.Addr {
	at, _ := parsed(r.RemoteAddr)
	return at
}

// parsed reads an address, with or without a port.
func parsed(text string) (netip.Addr, bool) {
	at, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		both, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}, false
		}
		at = both.Addr()
	}
	return at.Unmap().WithZone(""), true
}

func among(at netip.Addr, proxies []netip.Prefix) bool {
	for _, p := range proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}

// counted is under which name an address is counted, or raw if it is none.
func counted(at netip.Addr, raw string) string {
	switch {
	case !at.IsValid():
		return raw
	case at.Is4():
		return at.String()
	}
	whole, err := at.Prefix(64)
	if err != nil { // only for more bits than there are
		return at.String()
	}
	return whole.String()
}
