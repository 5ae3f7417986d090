package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/ipfs"
)

// swarm reads Swarm, SwarmPeers and SwarmRouting. Without an address, members and a server that
// names them there is no swarm.
func (c Config) swarm() (cfg ipfs.SwarmConfig, on bool, err error) {
	if c.Swarm != none {
		if cfg.Listen = c.Swarm; cfg.Listen == "" || ipfs.CheckListen(cfg.Listen) != nil {
			return cfg, false, fmt.Errorf("config: swarm: want an address such as /ip4/192.0.2.7/tcp/4001, or none, not %q: %w", c.Swarm, sinso.ErrInvalid)
		}
	}
	for text := range strings.SplitSeq(c.SwarmPeers, ",") {
		if text = strings.TrimSpace(text); text != "" && text != none {
			cfg.Peers = append(cfg.Peers, text)
		}
	}
	if err := ipfs.CheckPeers(cfg.Peers); err != nil {
		return cfg, false, fmt.Errorf("config: swarm-peers: %w", err)
	}
	if c.SwarmRouting != none {
		cfg.Routing = c.SwarmRouting
	}
	if err := ipfs.CheckRouting(cfg.Routing); err != nil {
		return cfg, false, fmt.Errorf("config: swarm-routing: %w", err)
	}
	return cfg, cfg.Listen != "" || len(cfg.Peers) > 0 || cfg.Routing != "", nil
}

// joinSwarm joins the swarm that the configuration names, if it does. Its members may have
// what anybody may have at the gateway.
func (n *Node) joinSwarm(ctx context.Context) error {
	cfg, on, err := n.Config.swarm()
	if err != nil || !on {
		return err
	}
	if cfg.Key, err = n.swarmKey(ctx, cfg.Listen != "" && len(cfg.Peers) == 0); err != nil {
		return err
	}
	if cfg.Seed, err = n.keys.Secret(ctx, sinso.KeyNode, "swarm"); err != nil {
		return err
	}
	cfg.Blobs, cfg.Serves = n.Blobs, n.HasPublicBlock
	joined, err := ipfs.Join(ctx, cfg)
	if err != nil {
		return err
	}
	n.joined.Store(joined)
	n.closers = append(n.closers, joined.Close)
	return nil
}

// swarmKey reads the swarm's key. The first of a swarm makes the file of the default if it is
// not there. Who names a file or members must have it: a fresh key would join nobody.
func (n *Node) swarmKey(ctx context.Context, first bool) (key [32]byte, err error) {
	path := n.Config.SwarmKey
	key, err = ipfs.ReadSwarmKey(path)
	if !errors.Is(err, sinso.ErrNotFound) || !first || path != defaultSwarmKey(n.Config.Data) {
		return key, err
	}
	if err := ipfs.CreateSwarmKey(path, rand.Reader); err != nil {
		return key, err
	}
	n.log.InfoContext(ctx, "a key for a new swarm was made beside the node folder; each member needs a copy of the file")
	return ipfs.ReadSwarmKey(path)
}

// defaultSwarmKey is outside of the node folder, as the root key is.
func defaultSwarmKey(data string) string { return strings.TrimRight(data, `/\`) + ".swarm.key" }

// Swarm says where this node is in its swarm, and who is connected: ErrNotFound if it is in
// none.
func (n *Node) Swarm(context.Context) (sinso.SwarmStatus, error) {
	joined := n.joined.Load()
	if joined == nil {
		return sinso.SwarmStatus{}, fmt.Errorf("node: in no swarm: %w", sinso.ErrNotFound)
	}
	return joined.Status(), nil
}

// swarmPeers asks the members of the swarm for a block that the peer who should have it
// cannot give, as nobody answers there.
type swarmPeers struct {
	sinso.Peers
	node *Node
}

// Fetch implements [sinso.Peers].
func (p *swarmPeers) Fetch(ctx context.Context, peer string, cid sinso.CID) ([]byte, error) {
	data, err := p.Peers.Fetch(ctx, peer, cid)
	joined := p.node.joined.Load()
	if !errors.Is(err, sinso.ErrUnavailable) || joined == nil || ctx.Err() != nil {
		return data, err
	}
	if found, swarmErr := joined.Fetch(ctx, cid); swarmErr == nil {
		return found, nil
	}
	return nil, err
}
