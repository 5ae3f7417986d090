package ipfs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	gocid "github.com/ipfs/go-cid"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"sinso.dev/sinso"
)

// Bounds of what a routing server can make a node do.
const (
	// maxFound bounds the members that one answer has dialled.
	maxFound = 8
	// maxAddresses bounds those of one member that are tried.
	maxAddresses = 4
	maxAnswer    = 256 << 10 // bytes: some thousand members
	maxHeaders   = 16 << 10  // bytes of an answer's headers
	asksAtOnce   = 4
	askTimeout   = 5 * time.Second
	idleTimeout  = time.Minute
	// lookAfter is how long the members that are connected have before the server is asked.
	lookAfter = time.Second

	mediaJSON   = "application/json"
	mediaNDJSON = "application/x-ndjson"

	providersPath = "/routing/v1/providers/"
	// Members are reached by TCP alone, and asked by bitswap alone (IPIP-484).
	providersQuery = "?filter-addrs=tcp&filter-protocols=unknown," + bitswapProtocol

	bitswapProtocol = "transport-bitswap"
)

// router asks a server of Delegated Routing V1 over HTTP who has a block. It tells the server
// nothing of what is here.
type router struct {
	base   string
	here   bool // the server is on this machine: so may be who it names
	client *http.Client
	room   chan struct{} // one for each question that is out

	asked, failed, found atomic.Int64
}

// CheckRouting returns ErrInvalid for what is no URL of a routing server, or "". Its error does
// not repeat it.
func CheckRouting(text string) error {
	_, _, err := parseRouting(text)
	return err
}

func parseRouting(text string) (base string, here bool, err error) {
	if text == "" {
		return "", false, nil
	}
	u, err := url.Parse(strings.TrimSuffix(strings.TrimRight(text, "/"), "/routing/v1"))
	if err == nil {
		here = isHere(u.Hostname())
		if u.Hostname() != "" && (u.Scheme == "https" || u.Scheme == "http" && here) && u.User == nil && u.Path == "" && u.RawQuery == "" && u.Fragment == "" {
			return u.Scheme + "://" + u.Host, here, nil
		}
	}
	return "", false, fmt.Errorf("ipfs: routing: want https://HOST, or http://127.0.0.1:PORT, with no path but /routing/v1: %w", sinso.ErrInvalid)
}

func isHere(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

// newRouter returns nil if no server is named.
func newRouter(text string) (*router, error) {
	base, here, err := parseRouting(text)
	if err != nil || base == "" {
		return nil, err
	}
	return &router{base: base, here: here, room: make(chan struct{}, asksAtOnce), client: &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would see what is looked for
			TLSHandshakeTimeout:    askTimeout,
			IdleConnTimeout:        idleTimeout,
			MaxConnsPerHost:        asksAtOnce,
			MaxResponseHeaderBytes: maxHeaders,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (r *router) status() *sinso.SwarmRouting {
	if r == nil {
		return nil
	}
	return &sinso.SwarmRouting{URL: r.base, Asked: r.asked.Load(), Failed: r.failed.Load(), Found: r.found.Load()}
}

// ask asks who has a block, and calls found with each member that can be dialled, at most
// maxFound, as they come. What cannot be understood ends it.
func (r *router) ask(ctx context.Context, c gocid.Cid, found func(peer.AddrInfo)) {
	select {
	case r.room <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-r.room }()
	within, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	r.asked.Add(1)
	if err := r.exchange(within, c, found); err != nil && ctx.Err() == nil {
		r.failed.Add(1)
	}
}

func (r *router) exchange(ctx context.Context, c gocid.Cid, found func(peer.AddrInfo)) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+providersPath+c.String()+providersQuery, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", mediaNDJSON+","+mediaJSON)
	request.Header.Set("User-Agent", "sinso")
	answer, err := r.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound: // nobody, to older servers (IPIP-513)
		return nil
	default:
		return sinso.ErrUnavailable
	}
	n := 0
	return eachRecord(answer, func(record json.RawMessage) (more bool) {
		if member, ok := r.memberOf(record); ok {
			found(member)
			n++
		}
		return n < maxFound
	})
}

// eachRecord reads an answer of either form, up to maxAnswer bytes, until do wants no more.
func eachRecord(answer *http.Response, do func(json.RawMessage) (more bool)) error {
	media, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer))
	switch media {
	case mediaNDJSON:
		for {
			var record json.RawMessage
			if err := decoder.Decode(&record); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if !do(record) {
				return nil
			}
		}
	case mediaJSON:
		var whole struct{ Providers []json.RawMessage }
		if err := decoder.Decode(&whole); err != nil {
			return err
		}
		for _, record := range whole.Providers {
			if !do(record) {
				return nil
			}
		}
		return nil
	}
	return sinso.ErrUnsupported
}

// memberOf reports whether a record names one that could be a member, with addresses that may
// be dialled. Other records, and addresses of a kind that is not known here, are skipped.
func (r *router) memberOf(record json.RawMessage) (peer.AddrInfo, bool) {
	var named struct {
		Schema, ID       string
		Addrs, Protocols []string
	}
	if json.Unmarshal(record, &named) != nil || named.Schema != "peer" || len(named.Protocols) > 0 && !slices.Contains(named.Protocols, bitswapProtocol) {
		return peer.AddrInfo{}, false
	}
	id, err := peer.Decode(named.ID)
	if err != nil {
		return peer.AddrInfo{}, false
	}
	member := peer.AddrInfo{ID: id}
	for _, text := range named.Addrs {
		if len(member.Addrs) == maxAddresses {
			break
		}
		if at, ok := dialable(text, id, r.here); ok {
			member.Addrs = append(member.Addrs, at)
		}
	}
	return member, len(member.Addrs) > 0
}

// dialable returns an address that a stranger named, if it may be dialled: an IP address and a
// port of TCP, as names resolve to anywhere; as of peers by HTTP, no multicast or link-local
// address, and of this machine only if the server is here too. Addresses of private networks
// are: clinics have swarms there, and nothing but the swarm's key gets further.
func dialable(text string, id peer.ID, here bool) (multiaddr.Multiaddr, bool) {
	a, err := multiaddr.NewMultiaddr(text)
	if err != nil {
		return nil, false
	}
	at, named := peer.SplitAddr(a)
	if named != "" && named != id || !isTCP(at) {
		return nil, false
	}
	ip, err := manet.ToIP(at)
	if err != nil {
		return nil, false
	}
	addr, ok := netip.AddrFromSlice(ip)
	addr = addr.Unmap()
	if !ok || addr.IsUnspecified() || addr.IsMulticast() || addr.IsLinkLocalUnicast() || addr.IsLoopback() && !here {
		return nil, false
	}
	return at, true
}

// isTCP reports whether an address is an IP address and a port of TCP, and nothing more.
func isTCP(a multiaddr.Multiaddr) bool {
	names := []string{}
	for _, p := range a.Protocols() {
		names = append(names, p.Name)
	}
	return slices.Equal(names, []string{"ip4", "tcp"}) || slices.Equal(names, []string{"ip6", "tcp"})
}

func (r *router) close() {
	if r != nil {
		r.client.CloseIdleConnections()
	}
}
