package node

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/node/backup"
)

// repairApart puts the blocks of a backup that are missing or damaged in the other store there
// again. Among them may be some that were erased since: nobody has their keys, and they are
// taken away as all that nothing names.
func repairApart(ctx context.Context, cfg Config, from *backup.Files, result *RepairResult) (err error) {
	log, err := pack.Open(filepath.Join(cfg.Data, logFolder), pack.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	store, end, err := openOwned(ctx, cfg.Blobs, log.ID(), false)
	if err != nil {
		return apartError(err)
	}
	defer func() { err = errors.Join(err, end()) }()
	r := &apartRepair{from: from, into: store, result: result}
	left := len(result.Left)
	err = from.Blocks(ctx, func(some []sinso.CID) error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(moveAtOnce)
		for _, cid := range some {
			group.Go(func() error { return r.mend(ctx, cid) })
		}
		return group.Wait()
	})
	if n := len(result.Left) - left; err == nil && n > 0 {
		err = fmt.Errorf("repair: %d blocks of the other store are damaged still: %w", n, sinso.ErrCorrupt)
	}
	return err
}

// apartRepair is one repairApart.
type apartRepair struct {
	from *backup.Files
	into sinso.Blobs

	mu     sync.Mutex // guards result
	result *RepairResult
}

// mend puts one block, if it is not there as it should be.
func (r *apartRepair) mend(ctx context.Context, cid sinso.CID) error {
	_, err := r.into.Get(ctx, cid)
	if err == nil || !isNotWhole(err) {
		return err
	}
	damaged := errors.Is(err, sinso.ErrCorrupt)
	data, err := r.from.Block(ctx, cid)
	if isNotWhole(err) {
		r.count(fmt.Sprintf("block %s: the backup does not have it: %v", cid, err))
		return nil
	}
	if err == nil && damaged { // a store may take a block of that size for the one that is put
		err = r.into.Delete(ctx, cid)
	}
	if err == nil {
		err = r.into.Put(ctx, sinso.Block{CID: cid, Data: data, Fresh: true})
	}
	if err != nil {
		return err
	}
	r.count("")
	return nil
}

// count counts a place that is mended, or left and why.
func (r *apartRepair) count(left string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Places++
	if left == "" {
		r.result.Mended++
		return
	}
	r.result.Left = append(r.result.Left, left)
}

// repairByPeers reads every sealed object: a block that is missing or damaged in the other
// store is put there again from the peers that keep copies.
func repairByPeers(ctx context.Context, cfg Config, result *RepairResult) (err error) {
	n, err := Open(ctx, cfg, Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	before := n.replicas.Mended()
	left := len(result.Left)
	if _, err := n.CheckObjects(ctx, func(damaged error) { result.Left = append(result.Left, damaged.Error()) }); err != nil {
		return err
	}
	mended := int(n.replicas.Mended() - before)
	result.Mended += mended
	result.Places += mended + len(result.Left) - left
	if n := len(result.Left) - left; n > 0 {
		return fmt.Errorf("repair: %d objects in the other store are damaged still: %w", n, sinso.ErrCorrupt)
	}
	return nil
}
