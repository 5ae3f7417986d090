package ipfs_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/ipfs"
)

// memory is a store that gives what it has, unverified.
type memory struct {
	sinso.Blobs
	mu     sync.Mutex // guards what follows
	blocks map[sinso.CID][]byte
	wait   bool // Get answers when nobody waits any more
}

func stored(blocks ...sinso.Block) *memory {
	m := &memory{blocks: map[sinso.CID][]byte{}}
	for _, b := range blocks {
		m.blocks[b.CID] = b.Data
	}
	return m
}

func (m *memory) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.wait {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	data, ok := m.blocks[cid]
	if !ok {
		return nil, sinso.ErrNotFound
	}
	return data, nil
}

func (m *memory) Has(_ context.Context, cid sinso.CID) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.blocks[cid]
	return ok, nil
}

func all(context.Context, sinso.CID) (bool, error) { return true, nil }

// member is one on loopback that gives all of a store.
func member(seed byte, blobs sinso.Blobs, peers ...string) ipfs.SwarmConfig {
	return ipfs.SwarmConfig{
		Seed: [32]byte{seed}, Key: [32]byte{1}, Listen: "/ip4/127.0.0.1/tcp/0", Peers: peers,
		Blobs: blobs, Serves: all, FetchTimeout: 20 * time.Second,
	}
}

func join(t *testing.T, cfg ipfs.SwarmConfig) *ipfs.Swarm {
	t.Helper()
	s := must[*ipfs.Swarm](t)(ipfs.Join(t.Context(), cfg))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// address is the one that a member listens on.
func address(t *testing.T, s *ipfs.Swarm) string {
	t.Helper()
	at := s.Status().Addresses
	if len(at) != 1 || !strings.HasSuffix(at[0], "/p2p/"+s.Status().ID) {
		t.Fatalf("got addresses %v", at)
	}
	return at[0]
}

// connected waits until so many are connected.
func connected(t *testing.T, s *ipfs.Swarm, want int) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1500 {
		if len(s.Status().Peers) == want {
			return
		}
		<-tick.C
	}
	t.Fatalf("connected: got %v, want %d", s.Status().Peers, want)
}

func wantFetched(t *testing.T, s *ipfs.Swarm, want sinso.Block) {
	t.Helper()
	if got, err := s.Fetch(t.Context(), want.CID); err != nil || string(got) != string(want.Data) {
		t.Errorf("fetch %s: got %d bytes, %v", want.CID, len(got), err)
	}
}

// TestMembersExchangeBlocks: both give and both get, of both codecs, up to a whole leaf; only
// who listens has an address.
func TestMembersExchangeBlocks(t *testing.T) {
	t.Parallel()
	leaf, small, back := block(strings.Repeat("leaf", 1<<18)), block("small"), block("back")
	data := []byte{0x0a, 2, 8, 1}
	node := sinso.Block{CID: sinso.CIDOf(sinso.CodecDagPB, data), Data: data}
	a := join(t, member(1, stored(leaf, small, node)))
	cfg := member(2, stored(back), address(t, a))
	cfg.Listen = ""
	b := join(t, cfg)
	connected(t, b, 1)
	connected(t, a, 1)
	for _, want := range []sinso.Block{leaf, small, node} {
		wantFetched(t, b, want)
	}
	wantFetched(t, a, back)
	if got := b.Status(); len(got.Addresses) != 0 || !strings.HasSuffix(got.Peers[0], a.Status().ID) {
		t.Errorf("got %+v", got)
	}
	if again := must[*ipfs.Swarm](t)(ipfs.Join(t.Context(), member(1, stored()))); again.Status().ID != a.Status().ID {
		t.Errorf("another peer id from the same seed: got %s, want %s", again.Status().ID, a.Status().ID)
	} else if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestAStrangerIsNotLetIn: without the swarm's key there is no connection, from either side.
func TestAStrangerIsNotLetIn(t *testing.T) {
	t.Parallel()
	a := join(t, member(1, stored()))
	cfg := member(2, stored())
	cfg.Key = [32]byte{2}
	stranger, friend := join(t, cfg), join(t, member(3, stored()))
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if stranger.Connect(ctx, address(t, a)) || a.Connect(ctx, address(t, stranger)) {
		t.Error("a stranger is connected")
	}
	if got := a.Status().Peers; len(got) > 0 {
		t.Errorf("connected: got %v", got)
	}
	if !friend.Connect(t.Context(), address(t, a)) {
		t.Error("who has the key is not let in")
	}
}

// TestWhatIsNotOfferedIsNotServed: a block that is here, and may not be given, is as if it
// were not; nothing is given without a word on what may be.
func TestWhatIsNotOfferedIsNotServed(t *testing.T) {
	t.Parallel()
	offered, secret := block("offered"), block("secret")
	cfg := member(1, stored(offered, secret))
	cfg.Serves = func(_ context.Context, cid sinso.CID) (bool, error) {
		if cid == secret.CID {
			return false, nil
		}
		return true, nil
	}
	a := join(t, cfg)
	cfg = member(2, stored(), address(t, a))
	cfg.FetchTimeout = 700 * time.Millisecond
	b := join(t, cfg)
	connected(t, b, 1)
	wantFetched(t, b, offered)
	if got, err := b.Fetch(t.Context(), secret.CID); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("got %q, %v, want ErrUnavailable", got, err)
	}
	cfg = member(3, stored(offered), address(t, b))
	cfg.Serves = nil
	join(t, cfg)
	connected(t, b, 2)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	connected(t, b, 1)
	if got, err := b.Fetch(t.Context(), offered.CID); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("of a member that serves nothing: got %q, %v, want ErrUnavailable", got, err)
	}
}

// TestFetchEndsInTime: whatever a member does, or if there is none.
func TestFetchEndsInTime(t *testing.T) {
	t.Parallel()
	want := block("what is wanted")
	stalls := stored(want)
	stalls.wait = true
	long := block(strings.Repeat("x", 3<<20))
	for name, tt := range map[string]struct {
		store *memory
		cid   sinso.CID
		class error
	}{
		"nobody has it": {stored(), want.CID, sinso.ErrUnavailable},
		"stalls":        {stalls, want.CID, sinso.ErrUnavailable},
		"lies":          {stored(sinso.Block{CID: want.CID, Data: []byte("other bytes")}), want.CID, sinso.ErrUnavailable},
		"nothing":       {stored(sinso.Block{CID: want.CID}), want.CID, sinso.ErrUnavailable},
		"too long":      {stored(long), long.CID, sinso.ErrCorrupt},
		"no CID":        {stored(), "../../etc/passwd", sinso.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := join(t, member(1, tt.store))
			cfg := member(2, stored(), address(t, a))
			if errors.Is(tt.class, sinso.ErrUnavailable) {
				cfg.FetchTimeout = 700 * time.Millisecond
			}
			b := join(t, cfg)
			connected(t, b, 1)
			if got, err := b.Fetch(t.Context(), tt.cid); !errors.Is(err, tt.class) {
				t.Errorf("got %d bytes, %v, want %v", len(got), err, tt.class)
			}
		})
	}
	alone := join(t, member(3, stored(want)))
	if _, err := alone.Fetch(t.Context(), want.CID); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("alone: got %v, want ErrUnavailable", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := join(t, member(4, stored(), address(t, alone)))
	connected(t, b, 1)
	if _, err := b.Fetch(ctx, block("x").CID); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: got %v", err)
	}
}

// TestStreamsOfAMemberAreBounded: one member does not get all that there are.
func TestStreamsOfAMemberAreBounded(t *testing.T) {
	t.Parallel()
	a := join(t, member(1, stored()))
	b := join(t, member(2, stored(), address(t, a)))
	connected(t, b, 1)
	if got := b.Open(t.Context(), a.Status().ID, 10*ipfs.MaxStreams); got == 0 || got > ipfs.MaxStreams {
		t.Errorf("opened %d streams, want at most %d", got, ipfs.MaxStreams)
	}
}

// TestAMemberThatComesBackIsConnectedAgain, at the address that it had.
func TestAMemberThatComesBackIsConnectedAgain(t *testing.T) {
	t.Parallel()
	cfg := member(1, stored())
	a := must[*ipfs.Swarm](t)(ipfs.Join(t.Context(), cfg))
	at := address(t, a)
	b := join(t, member(2, stored(), at))
	connected(t, b, 1)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	connected(t, b, 0)
	cfg.Listen, _, _ = strings.Cut(at, "/p2p/")
	join(t, cfg)
	connected(t, b, 1)
}

// TestAddressesThatCannotBeMeant are refused before anything is opened.
func TestAddressesThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	const id = "/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"
	for _, text := range []string{"127.0.0.1:4001", "/ip4/127.0.0.1", "/ip4/127.0.0.1/udp/4001/quic-v1", "/ip4/1.2.3.4/tcp/4001" + id, "/dns4/example.org/tcp/4001", "/ip4/999.0.0.1/tcp/1"} {
		if err := ipfs.CheckListen(text); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("listen %s: got %v, want ErrInvalid", text, err)
		}
	}
	for _, text := range []string{"", "x", "/ip4/127.0.0.1/tcp/4001", id, "/ip4/127.0.0.1/udp/4001" + id, "/ip4/127.0.0.1/tcp/4001/p2p/x"} {
		if err := ipfs.CheckPeers([]string{text}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("member %s: got %v, want ErrInvalid", text, err)
		}
	}
	many := make([]string, ipfs.MaxPeers+1)
	for i := range many {
		many[i] = "/ip4/127.0.0.1/tcp/4001" + id
	}
	if err := ipfs.CheckPeers(many); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("%d members: got %v, want ErrInvalid", len(many), err)
	}
	err := errors.Join(ipfs.CheckListen(""), ipfs.CheckListen("/ip6/::1/tcp/0"), ipfs.CheckPeers(nil), ipfs.CheckPeers([]string{"/dns4/clinic.example/tcp/4001" + id, "/ip4/127.0.0.1/tcp/4001" + id}))
	if err != nil {
		t.Error(err)
	}
}

// TestSwarmKeyIsThatOfKubo: the file is in Kubo's form, for its owner alone.
func TestSwarmKeyIsThatOfKubo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "swarm.key")
	if _, err := ipfs.ReadSwarmKey(path); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("none: got %v, want ErrNotFound", err)
	}
	if err := ipfs.CreateSwarmKey(path, rand.Reader); err != nil {
		t.Fatal(err)
	}
	key, err := ipfs.ReadSwarmKey(path)
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil || key == [32]byte{} || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, %v", err, statErr, info)
	}
	if err := ipfs.CreateSwarmKey(path, rand.Reader); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("again: got %v, want ErrExists", err)
	}
	write := func(text string, mode os.FileMode) {
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
	}
	good := "/key/swarm/psk/1.0.0/\n/base16/\n" + strings.Repeat("0a", 32)
	write(good, 0o600)
	if got, err := ipfs.ReadSwarmKey(path); err != nil || got[31] != 10 {
		t.Errorf("Kubo's: got %v, %v", got, err)
	}
	write(good, 0o640)
	if _, err := ipfs.ReadSwarmKey(path); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("others may read it: got %v, want ErrDenied", err)
	}
	for _, text := range []string{"", "private", "/key/swarm/psk/1.0.0/\n/private/\nxx", good[:50], strings.Repeat("private", 1000)} {
		write(text, 0o600)
		if _, err := ipfs.ReadSwarmKey(path); !errors.Is(err, sinso.ErrInvalid) || strings.Contains(err.Error(), "private") {
			t.Errorf("%.20q: got %v, want ErrInvalid", text, err)
		}
	}
}
