package way

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"sinso.dev/sinso"
)

// Copies are what peers keep of the node's blocks.
type Copies interface {
	// Deleted asks the peers to delete what was deleted here, waits a little, and says what
	// each answered.
	Deleted(ctx context.Context) ([]sinso.ErasedCopy, error)
	// Confirmed reports whether a peer has deleted all that it was told up to an order; known is
	// false if nothing is known of that order any more.
	Confirmed(ctx context.Context, peer string, order int64) (done, known bool, err error)
}

const (
	// subjectReplicas is of the events of peers that keep copies.
	subjectReplicas = "replicas"

	maxReplicas = 16
)

func projectReplicaKept(sinso.MetaTx, sinso.Event, sinso.ReplicaKept) ([]string, error) {
	return []string{subjectReplicas}, nil
}

func projectReplicaDropped(sinso.MetaTx, sinso.Event, sinso.ReplicaDropped) ([]string, error) {
	return []string{subjectReplicas}, nil
}

// replicas returns the peers that keep copies, by name, and the names of those that did.
func (w *Way) replicas(ctx context.Context) (kept []sinso.ReplicaKept, before []string, err error) {
	now, ever := map[string]sinso.ReplicaKept{}, map[string]bool{}
	err = w.readEventsOf(ctx, "", subjectReplicas, func(event sinso.Event) error {
		if event.Type == sinso.EventReplicaKept {
			return with(event, func(b sinso.ReplicaKept) error { now[b.Name], ever[b.Name] = b, true; return nil })
		}
		return with(event, func(b sinso.ReplicaDropped) error { delete(now, b.Name); return nil })
	})
	for name := range now {
		delete(ever, name)
	}
	kept = slices.SortedFunc(maps.Values(now), func(a, b sinso.ReplicaKept) int { return cmp.Compare(a.Name, b.Name) })
	return kept, slices.Sorted(maps.Keys(ever)), err
}

// Replicas lists the peers that keep copies, by name, with their tokens.
func (w *Way) Replicas(ctx context.Context) ([]sinso.ReplicaKept, error) {
	kept, _, err := w.replicas(ctx)
	return kept, err
}

// KeepReplica writes down that a peer keeps copies; one of that name is another from now on.
func (w *Way) KeepReplica(ctx context.Context, peer sinso.ReplicaKept, actor string) error {
	if err := sinso.CheckName(peer.Name); err != nil {
		return err
	}
	kept, err := w.Replicas(ctx)
	if err != nil {
		return err
	}
	if len(kept) >= maxReplicas {
		return fmt.Errorf("way: at most %d peers keep copies: %w", maxReplicas, sinso.ErrInvalid)
	}
	return w.recordOne(ctx, sinso.EventReplicaKept, actor, "", peer)
}

// DropReplica writes down that a peer keeps copies no longer: ErrNotFound if none of that
// name does.
func (w *Way) DropReplica(ctx context.Context, gone sinso.ReplicaDropped, actor string) error {
	kept, err := w.Replicas(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(kept, func(one sinso.ReplicaKept) bool { return one.Name == gone.Name }) {
		return fmt.Errorf("way: no peer %s keeps copies: %w", gone.Name, sinso.ErrNotFound)
	}
	return w.recordOne(ctx, sinso.EventReplicaDropped, actor, "", gone)
}

// dropCopies asks the peers to drop what was deleted here, and says what each answered; of
// those that kept copies once, that they were not asked.
func (w *Way) dropCopies(ctx context.Context) ([]sinso.ErasedCopy, error) {
	all := []sinso.ErasedCopy{}
	if w.Copies == nil {
		return all, nil
	}
	answers, err := w.Copies.Deleted(ctx)
	if err != nil {
		return nil, fmt.Errorf("way: erase: ask the peers: %w", err)
	}
	_, before, err := w.replicas(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, answers...)
	for _, name := range before {
		all = append(all, sinso.ErasedCopy{Peer: name, Answer: sinso.CopyNotKept})
	}
	return all, nil
}

// ErasedCopies says of each copy that a receipt names what has become of it since.
func (w *Way) ErasedCopies(ctx context.Context, row sinso.ErasureRow) ([]sinso.ErasedCopy, error) {
	var receipt sinso.ErasureReceipt
	if len(row.Receipt) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(row.Receipt, &receipt); err != nil {
		return nil, fmt.Errorf("way: receipt of an erasure: %w", sinso.ErrCorrupt)
	}
	for i, one := range receipt.Copies {
		if one.Answer != sinso.CopyAsked || w.Copies == nil {
			continue
		}
		done, known, err := w.Copies.Confirmed(ctx, one.Peer, one.Order)
		switch {
		case err != nil:
			return nil, fmt.Errorf("way: %w", err)
		case done:
			receipt.Copies[i].Answer = sinso.CopyDropped
		case !known: // the peer was dropped, or the file was lost: nobody asks it again
			receipt.Copies[i].Answer = sinso.CopyUnknown
		}
	}
	return receipt.Copies, nil
}
