package ipfs

import (
	"errors"

	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/sec"
	basichost "github.com/libp2p/go-libp2p/p2p/host/basic"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/connmgr"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/multiformats/go-multiaddr"
)

// Bounds of what members can take of this machine. A stream may hold a message of up to 4 MiB
// (network.MessageSizeMax), so those that members open are few.
const (
	maxConns     = 64
	maxPerPeer   = 4   // connections of one member
	maxStreams   = 256 // 128 of them opened by others
	maxOfPeer    = 32  // streams of one member; 16 opened by it
	maxMemory    = 128 << 20
	perMember    = 32 << 20 // bytes
	enoughConns  = 32       // when there are more than tooManyConns, the idle are cut off down to so many
	tooManyConns = 48
)

func limits() rcmgr.Limiter {
	whole := rcmgr.ResourceLimits{
		Conns: maxConns, ConnsInbound: maxConns / 2, ConnsOutbound: maxConns / 2, FD: maxConns,
		Streams: maxStreams, StreamsInbound: maxStreams / 2, StreamsOutbound: maxStreams / 2, Memory: maxMemory,
	}
	member := rcmgr.ResourceLimits{
		Conns: maxPerPeer, ConnsInbound: maxPerPeer, ConnsOutbound: maxPerPeer,
		Streams: maxOfPeer, StreamsInbound: maxOfPeer / 2, StreamsOutbound: maxOfPeer / 2, Memory: perMember,
	}
	config := rcmgr.PartialLimitConfig{System: whole, Transient: member, PeerDefault: member}
	return rcmgr.NewFixedLimiter(config.Build(rcmgr.DefaultLimits.Scale(maxMemory, maxConns)))
}

// newHost makes a host of libp2p by hand, of the parts that a private swarm needs: TCP under
// the swarm's key, Noise, Yamux, identify. libp2p's own constructor brings QUIC, WebRTC and
// an AutoNAT client, and none of them knows the key.
func newHost(cfg SwarmConfig) (_ host.Host, err error) {
	key, id, err := identity(cfg.Seed)
	if err != nil {
		return nil, err
	}
	store, err := pstoremem.NewPeerstore()
	if err != nil {
		return nil, unavailable("make a list of members", err)
	}
	if err := errors.Join(store.AddPrivKey(id, key), store.AddPubKey(id, key.GetPublic())); err != nil {
		return nil, errors.Join(unavailable("make a list of members", err), store.Close())
	}
	resources, err := rcmgr.NewResourceManager(limits(), rcmgr.WithMetricsDisabled())
	if err != nil {
		return nil, errors.Join(unavailable("bound the swarm", err), store.Close())
	}
	bus := eventbus.NewBus()
	net, err := swarm.NewSwarm(id, store, bus, swarm.WithResourceManager(resources), swarm.WithDialTimeout(dialTimeout))
	if err != nil {
		return nil, errors.Join(unavailable("make a swarm", err), store.Close(), resources.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, net.Close(), store.Close(), resources.Close())
		}
	}()
	muxers := []upgrader.StreamMuxer{{ID: yamux.ID, Muxer: yamux.DefaultTransport}}
	secure, err := noise.New(noise.ID, key, muxers)
	if err != nil {
		return nil, unavailable("make a swarm", err)
	}
	psk := cfg.Key // of an array: never nil, which would be no key at all
	upgrade, err := upgrader.New([]sec.SecureTransport{secure}, muxers, psk[:], resources, nil)
	if err != nil {
		return nil, unavailable("make a swarm", err)
	}
	transport, err := tcp.NewTCPTransport(upgrade, resources, nil)
	if err != nil {
		return nil, unavailable("make a swarm", err)
	}
	if err := net.AddTransport(transport); err != nil {
		return nil, unavailable("make a swarm", err)
	}
	return start(net, bus, cfg.Listen)
}

// start makes the host over a network, and listens.
func start(net *swarm.Swarm, bus event.Bus, listen string) (_ host.Host, err error) {
	conns, err := connmgr.NewConnManager(enoughConns, tooManyConns)
	if err != nil {
		return nil, unavailable("make a swarm", err)
	}
	h, err := basichost.NewHost(net, &basichost.HostOpts{EventBus: bus, ConnManager: conns, UserAgent: "sinso"})
	if err != nil {
		return nil, errors.Join(unavailable("make a swarm", err), conns.Close())
	}
	if listen != "" {
		at, err := multiaddr.NewMultiaddr(listen)
		if err == nil {
			err = net.Listen(at)
		}
		if err != nil {
			return nil, errors.Join(unavailable("listen on "+listen, err), h.Close())
		}
	}
	h.Start()
	return h, nil
}
