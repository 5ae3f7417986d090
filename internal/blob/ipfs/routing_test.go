package ipfs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipfs/boxo/routing/http/server"
	"github.com/ipfs/boxo/routing/http/types"
	"github.com/ipfs/boxo/routing/http/types/iter"
	gocid "github.com/ipfs/go-cid"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/prometheus/client_golang/prometheus"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/ipfs"
)

// directory is what boxo's own server of Delegated Routing V1 knows: who has which block.
type directory struct {
	server.DelegatedRouter
	providers map[string][]types.Record // by CID
	asked     atomic.Int64
}

// FindProviders implements [server.DelegatedRouter].
func (d *directory) FindProviders(_ context.Context, c gocid.Cid, _ int) (iter.ResultIter[types.Record], error) {
	d.asked.Add(1)
	return iter.ToResultIter(iter.FromSlice(d.providers[c.String()])), nil
}

// provider is the record of a member at its addresses.
func provider(t *testing.T, addresses ...string) types.Record {
	t.Helper()
	info := must[*peer.AddrInfo](t)(peer.AddrInfoFromString(addresses[0]))
	record := &types.PeerRecord{Schema: types.SchemaPeer, ID: &info.ID, Protocols: []string{"transport-bitswap"}}
	for _, a := range addresses {
		record.Addrs = append(record.Addrs, types.Multiaddr{Multiaddr: must[*peer.AddrInfo](t)(peer.AddrInfoFromString(a)).Addrs[0]})
	}
	return record
}

func (d *directory) serve(t *testing.T, options ...server.Option) string {
	t.Helper()
	return web(t, server.Handler(d, append(options, server.WithPrometheusRegistry(prometheus.NewRegistry()))...))
}

func web(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// TestAMemberIsFoundByRouting: one that is in no list of peers is found by a server, gives the
// block, and stays connected; the server is not asked while those who are connected have it,
// and it is told nothing but what is looked for.
func TestAMemberIsFoundByRouting(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]server.Option{"lines": nil, "JSON": {server.WithStreamingResultsDisabled()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, more, near := block("wanted"), block("more"), block("near")
			a, other := join(t, member(1, stored(want, more))), join(t, member(3, stored(near)))
			d := &directory{providers: map[string][]types.Record{string(want.CID): {provider(t, address(t, a))}}}
			cfg := member(2, stored(), address(t, other))
			cfg.Routing = d.serve(t, options...)
			b := join(t, cfg)
			connected(t, b, 1)
			wantFetched(t, b, near)
			if n := d.asked.Load(); n != 0 {
				t.Errorf("the server was asked %d times for what a member has", n)
			}
			wantFetched(t, b, want)
			wantFetched(t, b, more)
			connected(t, b, 2)
			if got := b.Status().Routing; got == nil || *got != (sinso.SwarmRouting{URL: cfg.Routing, Asked: 1, Found: 1}) {
				t.Errorf("got %+v", got)
			}
			if a.Status().Routing != nil {
				t.Error("a node that was told no server shows one")
			}
		})
	}
}

// TestAloneItFindsMembersByRouting, at once, and says at once if there is nobody.
func TestAloneItFindsMembersByRouting(t *testing.T) {
	t.Parallel()
	want := block("wanted")
	a := join(t, member(1, stored(want)))
	d := &directory{providers: map[string][]types.Record{string(want.CID): {provider(t, address(t, a))}}}
	cfg := member(2, stored())
	cfg.Routing, cfg.Listen = d.serve(t)+"/routing/v1", ""
	b := join(t, cfg)
	begun := time.Now()
	if _, err := b.Fetch(t.Context(), block("nobody's").CID); !errors.Is(err, sinso.ErrUnavailable) || time.Since(begun) > cfg.FetchTimeout/2 {
		t.Errorf("nobody has it: got %v after %s", err, time.Since(begun))
	}
	wantFetched(t, b, want)
}

// TestAServerThatLiesFindsNobody: whoever it names, of the swarm are only those who have the
// key, and a block is only what its CID says.
func TestAServerThatLiesFindsNobody(t *testing.T) {
	t.Parallel()
	want := block("wanted")
	cfg := member(1, stored(want))
	cfg.Key = [32]byte{2}
	stranger, liar := join(t, cfg), join(t, member(4, stored(sinso.Block{CID: want.CID, Data: []byte("other bytes")})))
	honest := join(t, member(5, stored(want)))
	at, _, _ := strings.Cut(address(t, honest), "/p2p/")
	for name, records := range map[string][]types.Record{
		"a stranger":         {provider(t, address(t, stranger))},
		"a liar":             {provider(t, address(t, liar))},
		"another peer id":    {provider(t, at+"/p2p/"+stranger.Status().ID)},
		"this node":          {provider(t, "/ip4/127.0.0.1/tcp/9/p2p/"+ipfs.IDOf([32]byte{2}))},
		"no bitswap":         {&types.PeerRecord{Schema: types.SchemaPeer, Protocols: []string{"transport-graphsync"}}},
		"an unknown record":  {&types.UnknownRecord{Schema: "other", Bytes: []byte(`{"Schema":"other"}`)}},
		"nobody, by no word": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &directory{providers: map[string][]types.Record{string(want.CID): records}}
			cfg := member(2, stored())
			cfg.Routing, cfg.FetchTimeout = d.serve(t), 2*time.Second
			b := join(t, cfg)
			if got, err := b.Fetch(t.Context(), want.CID); !errors.Is(err, sinso.ErrUnavailable) {
				t.Errorf("got %q, %v, want ErrUnavailable", got, err)
			}
			if d.asked.Load() != 1 {
				t.Errorf("asked %d times, want once", d.asked.Load())
			}
		})
	}
}

// TestAHostileServerIsBounded: in time, in bytes, and in what it makes a node dial.
func TestAHostileServerIsBounded(t *testing.T) {
	t.Parallel()
	elsewhere := web(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	var sent atomic.Int64
	endless := func(text string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			for {
				n, err := io.WriteString(w, strings.Repeat(text, 1+(4<<10)/len(text)))
				if sent.Add(int64(n)); err != nil || sent.Load() > 256<<20 {
					return
				}
			}
		}
	}
	for name, tt := range map[string]struct {
		media  string
		answer func(http.ResponseWriter)
	}{
		"silent":        {"application/json", nil},
		"endless text":  {"application/json", endless(`{"Providers":["` + strings.Repeat("x", 1000))},
		"endless lines": {"application/x-ndjson", endless(`{"Schema":"other"}` + "\n")},
		"one long line": {"application/x-ndjson", endless(" [")},
		"not JSON":      {"application/json", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>") }},
		"another type":  {"text/html", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "{}") }},
		"no type":       {";", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "{}") }},
		"refuses":       {"text/plain", func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }},
		"sends away": {"text/plain", func(w http.ResponseWriter) {
			w.Header().Set("Location", elsewhere)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := member(2, stored())
			cfg.FetchTimeout = time.Second
			cfg.Routing = web(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tt.answer == nil {
					<-r.Context().Done()
					return
				}
				w.Header().Set("Content-Type", tt.media)
				tt.answer(w)
			}))
			b := join(t, cfg)
			begun := time.Now()
			if _, err := b.Fetch(t.Context(), block("x").CID); !errors.Is(err, sinso.ErrUnavailable) || time.Since(begun) > 5*time.Second {
				t.Errorf("got %v after %s, want ErrUnavailable in a second", err, time.Since(begun))
			}
		})
	}
	t.Cleanup(func() {
		if sent.Load() > 100<<20 {
			t.Errorf("%d bytes were taken of endless answers", sent.Load())
		}
	})
}

// TestThousandsOfAddressesAreNotDialled, of one member or of many.
func TestThousandsOfAddressesAreNotDialled(t *testing.T) {
	t.Parallel()
	var dialled atomic.Int64
	listener := must[net.Listener](t)((&net.ListenConfig{}).Listen(t.Context(), "tcp4", "0.0.0.0:0"))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			dialled.Add(1)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	port := listener.Addr().(*net.TCPAddr).Port
	cfg := member(2, stored())
	cfg.FetchTimeout = 3 * time.Second
	cfg.Routing = web(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		for i := range 100 {
			var at []string
			for j := range 40 {
				at = append(at, fmt.Sprintf(`"/ip4/127.0.%d.%d/tcp/%d"`, i, j+1, port))
			}
			_, _ = fmt.Fprintf(w, `{"Schema":"peer","ID":%q,"Addrs":["/unknown/1",%s]}`+"\n", ipfs.IDOf([32]byte{9, byte(i)}), strings.Join(at, ","))
		}
	}))
	b := join(t, cfg)
	if _, err := b.Fetch(t.Context(), block("x").CID); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	if n := dialled.Load(); n == 0 || n > ipfs.MaxFound*ipfs.MaxAddresses {
		t.Errorf("%d were dialled, want 1 to %d", n, ipfs.MaxFound*ipfs.MaxAddresses)
	}
}

// TestWhatAServerNamesMayNotBeAnywhere: no names, no link-local or multicast address, nothing
// but TCP, and this machine only if the server is here too.
func TestWhatAServerNamesMayNotBeAnywhere(t *testing.T) {
	t.Parallel()
	id, other := ipfs.IDOf([32]byte{1}), ipfs.IDOf([32]byte{2})
	for text, want := range map[string][2]bool{ // if the server is elsewhere, and here
		"/ip4/192.0.2.7/tcp/4001":                               {true, true},
		"/ip4/10.1.2.3/tcp/4001":                                {true, true},
		"/ip6/2001:db8::1/tcp/4001":                             {true, true},
		"/ip4/192.0.2.7/tcp/4001/p2p/" + id:                     {true, true},
		"/ip4/192.0.2.7/tcp/4001/p2p/" + other:                  {false, false},
		"/ip4/127.0.0.1/tcp/4001":                               {false, true},
		"/ip4/127.9.9.9/tcp/4001":                               {false, true},
		"/ip6/::1/tcp/4001":                                     {false, true},
		"/ip6/::ffff:127.0.0.1/tcp/4001":                        {false, true},
		"/ip4/169.254.169.254/tcp/80":                           {false, false},
		"/ip6/::ffff:169.254.169.254/tcp/80":                    {false, false},
		"/ip6/fe80::1/tcp/4001":                                 {false, false},
		"/ip6zone/eth0/ip6/fe80::1/tcp/4001":                    {false, false},
		"/ip4/0.0.0.0/tcp/4001":                                 {false, false},
		"/ip4/224.0.0.1/tcp/4001":                               {false, false},
		"/dns4/localhost/tcp/4001":                              {false, false},
		"/dnsaddr/example.org":                                  {false, false},
		"/ip4/192.0.2.7/udp/4001/quic-v1":                       {false, false},
		"/ip4/192.0.2.7/tcp/4001/ws":                            {false, false},
		"/ip4/192.0.2.7/tcp/4001/p2p/" + other + "/p2p-circuit": {false, false},
		"/unix/run/docker.sock":                                 {false, false},
		"":                                                      {false, false},
		"192.0.2.7:4001":                                        {false, false},
		"/ip4/192.0.2.7/tcp/4001/p2p/" + other + "/p2p/" + id:   {false, false},
		"/p2p/" + id:                                            {false, false},
	} {
		for i, here := range []bool{false, true} {
			if got := ipfs.Dialable(text, id, here); got != want[i] {
				t.Errorf("%s, server here %v: got %v, want %v", text, here, got, want[i])
			}
		}
	}
}

// TestRoutingURLs: an https URL, or this machine.
func TestRoutingURLs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "https://routing.example", "https://routing.example:8443/", "https://routing.example/routing/v1/", "http://127.0.0.1:8190", "http://[::1]:8190", "http://localhost:8190"} {
		if err := ipfs.CheckRouting(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"none", "routing.example", "http://routing.example", "http://192.0.2.7", "https://", "https://:443", "ftp://127.0.0.1", "https://user:secret@routing.example", "https://routing.example/other", "https://routing.example?x=1", "https://routing.example#x", "/ip4/127.0.0.1/tcp/1"} {
		if err := ipfs.CheckRouting(text); !errors.Is(err, sinso.ErrInvalid) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want ErrInvalid", text, err)
		}
	}
	if _, err := ipfs.Join(t.Context(), ipfs.SwarmConfig{Routing: "http://routing.example"}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("join: got %v, want ErrInvalid", err)
	}
}
