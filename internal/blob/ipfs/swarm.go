package ipfs

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ipfs/boxo/bitswap"
	"github.com/ipfs/boxo/bitswap/network/bsnet"
	gocid "github.com/ipfs/go-cid"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/multiformats/go-multiaddr"

	"sinso.dev/sinso"
)

// SwarmConfig says who is in a swarm, and what it is given.
type SwarmConfig struct {
	// Seed is that of the Ed25519 key by which others know this node, from which its peer id
	// follows.
	Seed [32]byte
	// Key is the swarm's: who does not have it is not let in.
	Key [32]byte
	// Listen is where others connect, such as /ip4/192.0.2.7/tcp/4001; "" is nowhere.
	Listen string
	// Peers are the addresses of members that it stays connected to, with their peer ids:
	// /ip4/192.0.2.8/tcp/4001/p2p/12D3…. At most [MaxPeers].
	Peers []string
	// Routing is the URL of a server of Delegated Routing V1 that is asked who has a block that
	// no member who is connected gives; "" is none.
	Routing string
	// Blobs is where blocks for others come from.
	Blobs sinso.Blobs
	// Serves reports whether a block may be given to members. Nil: none is.
	Serves func(context.Context, sinso.CID) (bool, error)
	// FetchTimeout bounds each Fetch. Default 30 s.
	FetchTimeout time.Duration
}

const (
	// MaxPeers bounds the members that a node stays connected to.
	MaxPeers = 32
	// MaxBlock bounds the bytes of a block that is fetched: as the blocks of a peer by HTTP.
	MaxBlock = 2 << 20

	fetchTimeout = 30 * time.Second
	dialTimeout  = 10 * time.Second
	readTimeout  = 10 * time.Second // of a block for a member
	// A member that is not there is looked for again after firstWait, and then each time
	// after twice as long, up to lastWait.
	firstWait = time.Second
	lastWait  = time.Minute

	// Of bitswap's workers, which wait for blocks and lines. Its own numbers are those of a
	// public gateway.
	readers = 4
	senders = 4
)

// Swarm is a node's place in a private swarm of IPFS: it gives blocks by bitswap, and gets
// them. It looks for nobody and nothing elsewhere, unless it is told a routing server to ask:
// no discovery, no relay, no holes in firewalls. It announces nothing. Close it.
type Swarm struct {
	host    host.Host
	router  *router // nil: none
	bitswap *bitswap.Bitswap
	timeout time.Duration
	cancel  context.CancelFunc
	keeping sync.WaitGroup // who stay connected
}

// Join joins a swarm. It returns when it listens; members are connected meanwhile. ErrInvalid
// for addresses that cannot be meant, ErrUnavailable if it cannot listen.
func Join(ctx context.Context, cfg SwarmConfig) (_ *Swarm, err error) {
	if err := CheckListen(cfg.Listen); err != nil {
		return nil, err
	}
	peers, err := parsePeers(cfg.Peers)
	if err != nil {
		return nil, err
	}
	if cfg.FetchTimeout <= 0 {
		cfg.FetchTimeout = fetchTimeout
	}
	s := &Swarm{timeout: cfg.FetchTimeout}
	if s.router, err = newRouter(cfg.Routing); err != nil {
		return nil, err
	}
	if s.host, err = newHost(cfg); err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	s.bitswap = bitswap.New(running, bsnet.NewFromIpfsHost(s.host), nil, &served{cfg.Blobs, cfg.Serves, running},
		bitswap.EngineBlockstoreWorkerCount(readers), bitswap.TaskWorkerCount(senders), bitswap.EngineTaskWorkerCount(senders),
		bitswap.WithoutDuplicatedBlockStats())
	for _, p := range peers {
		if p.ID == s.host.ID() {
			continue // one list for all members is easiest to hand on
		}
		s.host.ConnManager().Protect(p.ID, "member")
		s.keeping.Go(func() { s.keep(running, p) })
	}
	return s, nil
}

// Close leaves the swarm.
func (s *Swarm) Close() error {
	s.cancel()
	s.keeping.Wait()
	s.router.close()
	if err := errors.Join(s.bitswap.Close(), s.host.Close()); err != nil {
		return unavailable("leave the swarm", err)
	}
	return nil
}

// keep stays connected to a member until ctx ends.
func (s *Swarm) keep(ctx context.Context, member peer.AddrInfo) {
	for wait := firstWait; ; {
		if s.connect(ctx, member) {
			wait = firstWait
		} else {
			wait = min(2*wait, lastWait)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// connect reports whether a member is connected, after a try if it was not.
func (s *Swarm) connect(ctx context.Context, member peer.AddrInfo) bool {
	if s.host.Network().Connectedness(member.ID) == network.Connected {
		return true
	}
	if net, ok := s.host.Network().(*swarm.Swarm); ok {
		net.Backoff().Clear(member.ID) // keep waits as long as it takes
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	return s.host.Connect(ctx, member) == nil
}

// Fetch gets a block from a member that has it. It asks all that are connected, who learn
// its CID thereby, and then those whom a routing server names. ErrUnavailable if nobody gives it in time, ErrCorrupt if it is longer than
// [MaxBlock].
func (s *Swarm) Fetch(ctx context.Context, cid sinso.CID) ([]byte, error) {
	c, err := toCid(cid)
	if err != nil {
		return nil, err
	}
	if s.alone() && s.router == nil {
		return nil, fmt.Errorf("ipfs: fetch %s: no member of the swarm is connected: %w", cid, sinso.ErrUnavailable)
	}
	bounded, cancel := context.WithTimeout(ctx, s.timeout)
	var looking sync.WaitGroup
	defer looking.Wait()
	defer cancel()
	if s.router != nil {
		looking.Go(func() {
			if s.look(bounded, c); s.alone() {
				cancel() // nobody is there to give it
			}
		})
	}
	block, err := s.bitswap.GetBlock(bounded, c)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("ipfs: fetch %s: %w", cid, ctx.Err())
	}
	if err != nil {
		return nil, fmt.Errorf("ipfs: fetch %s: no member gave it in time: %w", cid, sinso.ErrUnavailable)
	}
	data := block.RawData()
	if len(data) > MaxBlock {
		return nil, fmt.Errorf("ipfs: fetch %s: %d bytes: %w", cid, len(data), sinso.ErrCorrupt)
	}
	return data, cid.Verify(data)
}

// alone reports whether no member is connected.
func (s *Swarm) alone() bool { return len(s.host.Network().Peers()) == 0 }

// look connects to members that the routing server names for a block, unless those who are
// connected give it, which ends ctx. Bitswap asks whoever connects while it waits. Who does not
// have the swarm's key is not connected.
func (s *Swarm) look(ctx context.Context, c gocid.Cid) {
	if !s.alone() {
		timer := time.NewTimer(lookAfter)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
	var dialling sync.WaitGroup
	defer dialling.Wait()
	s.router.ask(ctx, c, func(member peer.AddrInfo) {
		if member.ID == s.host.ID() || s.host.Network().Connectedness(member.ID) == network.Connected {
			return
		}
		dialling.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, dialTimeout)
			defer cancel()
			if s.host.Connect(ctx, member) == nil {
				s.router.found.Add(1)
			}
		})
	})
}

// Status says where it listens and who is connected.
func (s *Swarm) Status() sinso.SwarmStatus {
	status := sinso.SwarmStatus{ID: s.host.ID().String(), Addresses: []string{}, Peers: []string{}, Routing: s.router.status()}
	addresses, _ := s.host.Network().InterfaceListenAddresses() // none without an interface
	for _, a := range addresses {
		status.Addresses = append(status.Addresses, withID(a, s.host.ID()))
	}
	for _, c := range s.host.Network().Conns() {
		status.Peers = append(status.Peers, withID(c.RemoteMultiaddr(), c.RemotePeer()))
	}
	slices.Sort(status.Addresses)
	slices.Sort(status.Peers)
	return status
}

func withID(a multiaddr.Multiaddr, id peer.ID) string { return a.String() + "/p2p/" + id.String() }

// CheckListen returns ErrInvalid for what is no address of TCP on this machine, or "".
func CheckListen(text string) error {
	if text == "" {
		return nil
	}
	a, err := multiaddr.NewMultiaddr(text)
	if err == nil && isTCP(a) {
		return nil
	}
	return fmt.Errorf("ipfs: want an address such as /ip4/192.0.2.7/tcp/4001: %w", sinso.ErrInvalid)
}

// CheckPeers returns ErrInvalid for what are no addresses of members.
func CheckPeers(texts []string) error {
	_, err := parsePeers(texts)
	return err
}

func parsePeers(texts []string) (peers []peer.AddrInfo, err error) {
	if len(texts) > MaxPeers {
		return nil, fmt.Errorf("ipfs: %d members to stay connected to, at most %d: %w", len(texts), MaxPeers, sinso.ErrInvalid)
	}
	var all []multiaddr.Multiaddr
	for _, text := range texts {
		a, err := multiaddr.NewMultiaddr(text)
		if err == nil {
			_, err = a.ValueForProtocol(multiaddr.P_TCP)
		}
		if err == nil {
			_, err = peer.AddrInfoFromP2pAddr(a)
		}
		if err != nil {
			return nil, fmt.Errorf("ipfs: member %d: want an address with a peer id, such as /ip4/192.0.2.8/tcp/4001/p2p/12D3…: %w", len(all)+1, sinso.ErrInvalid)
		}
		all = append(all, a)
	}
	if peers, err = peer.AddrInfosFromP2pAddrs(all...); err != nil {
		return nil, fmt.Errorf("ipfs: members: %w: %w", err, sinso.ErrInvalid)
	}
	return peers, nil
}

// identity is the key by which others know the node.
func identity(seed [32]byte) (crypto.PrivKey, peer.ID, error) {
	key, err := crypto.UnmarshalEd25519PrivateKey(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		return nil, "", fmt.Errorf("ipfs: identity: %w", err)
	}
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		return nil, "", fmt.Errorf("ipfs: identity: %w", err)
	}
	return key, id, nil
}
