package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/peer"
	"sinso.dev/sinso/internal/node/replica"
)

// Copies of the node's blocks with peers (ADR 60).

// copiesFile says in the node folder which peer has what.
const copiesFile = "copies"

// allPeers is the value of Copies that is no number.
const allPeers = "all"

// copies parses Copies: 0 for all peers.
func (c Config) copies() (int, error) {
	if c.Copies == allPeers {
		return 0, nil
	}
	n, err := strconv.Atoi(c.Copies)
	if err != nil || n < 1 || n > 16 {
		return 0, fmt.Errorf("config: copies: want all, or how many peers have each block, 1 to 16, not %q: %w", c.Copies, sinso.ErrInvalid)
	}
	return n, nil
}

// newReplicas puts the copies behind the node's blocks; who keeps them is known once the
// index is there.
func (n *Node) newReplicas(own sinso.Blobs, o Options) error {
	count, err := n.Config.copies()
	if err != nil {
		return err
	}
	cfg := replica.Config{
		Own: own, End: n.pack.End, Copies: count,
		State: filepath.Join(n.Config.Data, copiesFile), Clock: o.Clock, Rand: rand.Reader, Log: n.log, Times: o.copies,
	}
	if own == sinso.Blobs(n.pack) { // else the log does not name them
		cfg.Stored = n.stored
	}
	n.replicas = replica.New(cfg)
	n.closers = append(n.closers, n.replicas.Close)
	return nil
}

// stored calls fn with the blocks that the log has from a position on.
func (n *Node) stored(ctx context.Context, from sinso.Position, fn func(sinso.Position, sinso.CID) error) error {
	return n.pack.Replay(ctx, from, func(after sinso.Position, entry sinso.JournalEntry) error {
		if entry.Kind != sinso.EntryBlock {
			return nil
		}
		return fn(after, entry.CID)
	})
}

// keepReplicas makes the peers that the log names those that keep copies.
func (n *Node) keepReplicas(ctx context.Context) error {
	kept, err := n.Replicas(ctx)
	if err != nil {
		return err
	}
	return n.replicas.Keep(ctx, kept)
}

// KeepCopies has a peer keep copies from now on, once it has answered.
func (n *Node) KeepCopies(ctx context.Context, with sinso.ReplicaKept, actor string) error {
	if err := sinso.CheckName(with.Name); err != nil {
		return err
	}
	if err := answers(ctx, with); err != nil {
		return err
	}
	before, err := n.Replicas(ctx)
	if err != nil {
		return err
	}
	// A token opens what one guest has brought, wherever it is now: what it was told to delete
	// stays ordered. Behind another token there is nothing of it.
	switch at := slices.IndexFunc(before, func(one sinso.ReplicaKept) bool { return one.Name == with.Name }); {
	case at < 0:
		err = n.replicas.Forget(ctx, with.Name)
	case before[at].Token != with.Token:
		_, err = n.DropCopies(ctx, with.Name, actor)
	}
	if err != nil {
		return err
	}
	if err := n.KeepReplica(ctx, with, actor); err != nil {
		return err
	}
	return n.keepReplicas(ctx)
}

// answers asks a peer whether it takes the token.
func answers(ctx context.Context, with sinso.ReplicaKept) (err error) {
	const patience = 15 * time.Second
	blobs, err := peer.Open(peer.Config{URL: with.URL, Token: with.Token, Timeout: patience})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, blobs.Close()) }()
	_, err = blobs.Has(ctx, sinso.CIDOf(sinso.CodecRaw, nil))
	return err
}

// DropCopies has a peer keep copies no longer. What it has stays there; what it was told to
// delete before it is asked for once more, and it is written down what it does not confirm.
func (n *Node) DropCopies(ctx context.Context, name, actor string) (gone sinso.ReplicaDropped, err error) {
	gone.Name = name
	if gone.Deletions, err = n.replicas.Undelivered(ctx, name); err != nil {
		return gone, err
	}
	if err := n.DropReplica(ctx, gone, actor); err != nil {
		return gone, err
	}
	if gone.Deletions > 0 {
		n.log.WarnContext(ctx, "a peer that keeps copies no longer has not confirmed that it deleted what was deleted here: ask its keeper to remove all that it has", slog.String("peer", name), slog.Int64("blocks", gone.Deletions))
	}
	if err := n.replicas.Forget(ctx, name); err != nil {
		return gone, err
	}
	return gone, n.keepReplicas(ctx)
}

// Replication says how the copies with peers are; without peers it has none.
func (n *Node) Replication(ctx context.Context) (sinso.Replication, error) {
	status, err := n.replicas.Status(ctx)
	if err != nil || status == nil {
		return sinso.Replication{Peers: []sinso.ReplicaStatus{}}, err
	}
	return *status, nil
}

// openPeer opens the blocks at a peer that keeps copies, by its name, for a backup.
func (n *Node) openPeer(ctx context.Context, url string) (sinso.NamedBlobs, func() error, error) {
	name := strings.TrimPrefix(url, peer.Scheme)
	kept, err := n.Replicas(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, one := range kept {
		if one.Name == name {
			blobs, err := peer.Open(peer.Config{URL: one.URL, Token: one.Token})
			if err != nil {
				return nil, nil, err
			}
			return blobs, blobs.Close, nil
		}
	}
	return nil, nil, fmt.Errorf("block store: no peer of that name keeps copies: see sinso peer keep: %w", sinso.ErrNotFound)
}
