package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// Blocks that a node has in another store than its log are in its backup too: each as it is,
// and a list of their CIDs.

// blockList is the list of a node's blocks besides the log.
type blockList struct {
	Count int64 `json:"count"`
	// CID is of a file: the blocks' CIDs in ascending order of their texts, cidBytes each.
	CID sinso.CID `json:"cid"`
}

const (
	cidBytes  = 4 + sha256.Size // of a CID: see [sinso.CID.Bytes]
	maxBlocks = 1 << 40
	together  = 16 // blocks that are copied at a time, 16 MiB at most
	atOnce    = 8  // blocks that are got at once: enough to hide a round trip of 50 ms
)

// valid reports whether a list can be one.
func (l *blockList) valid() bool {
	_, err := sinso.ParseCID(string(l.CID))
	return err == nil && l.Count > 0 && l.Count <= maxBlocks
}

// each calls fn with the blocks of a list, some at a time.
func (l *blockList) each(ctx context.Context, store sinso.Blobs, fn func([]sinso.CID) error) error {
	file, err := dag.OpenFile(ctx, l.CID, store.Get, l.Count*cidBytes)
	if err != nil {
		return fmt.Errorf("backup: the list of blocks: %w", err)
	}
	if file.Size() != l.Count*cidBytes {
		return bad("counts the blocks wrongly")
	}
	raw := make([]byte, together*cidBytes)
	last := sinso.CID("")
	for offset := int64(0); offset < file.Size(); offset += int64(len(raw)) {
		raw = raw[:min(int64(len(raw)), file.Size()-offset)]
		if _, err := file.ReadAt(ctx, raw, offset); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("backup: the list of blocks: %w", err)
		}
		var some []sinso.CID
		for i := 0; i < len(raw); i += cidBytes {
			cid := sinso.CIDOfDigest(sinso.Codec(raw[i+1]), [sha256.Size]byte(raw[i+4:i+cidBytes]))
			if is, err := cid.Bytes(); err != nil || string(is) != string(raw[i:i+cidBytes]) || cid <= last {
				return bad("names a block wrongly")
			}
			some, last = append(some, cid), cid
		}
		if err := fn(some); err != nil {
			return err
		}
	}
	return nil
}

// get reads blocks, several at once: nil data of those that are not there, or damaged.
func get(ctx context.Context, from sinso.Blobs, cids []sinso.CID) (data [][]byte, err error) {
	data = make([][]byte, len(cids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, cid := range cids {
		group.Go(func() (err error) {
			data[i], err = from.Get(ctx, cid)
			if err == nil && data[i] == nil {
				data[i] = []byte{}
			}
			if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
				data[i], err = nil, nil
			}
			return err
		})
	}
	return data, group.Wait()
}

// addBlocks copies the blocks of a store. The log is held already: all that it names was put
// before, and is there, or was erased meanwhile, or is lost: what the backup before has of
// that stays.
func (w *writing) addBlocks(from Source) error {
	lost, err := w.lost(from)
	if err != nil {
		return fmt.Errorf("backup: what the store of the blocks has lost: %w", err)
	}
	if from.Apart == nil { // all is in the log now, or nobody looks for it elsewhere any more
		from.Apart = nothing{}
	}
	list := blockList{}
	builder := dag.NewBuilder(w.emit)
	var some []sinso.CID
	add := func(cid sinso.CID) (err error) {
		if cid != "" {
			some = append(some, cid)
		}
		if cid == "" || len(some) == together {
			var n int
			n, err = w.copyBlocks(from.Apart, some, builder)
			list.Count, some = list.Count+int64(n), some[:0]
		}
		return err
	}
	err = merge(w.ctx, from.Apart, lost, add)
	if err == nil {
		err = add("")
	}
	if err == nil {
		list.CID, err = builder.Finish()
	}
	if err != nil {
		return fmt.Errorf("backup: the blocks besides the log: %w", err)
	}
	if list.Count > 0 {
		w.now.Version, w.now.Blocks = blocksVersion, &list
	}
	w.result.Blocks = list.Count
	return nil
}

// nothing is a store without a block.
type nothing struct{ sinso.Blobs }

// List implements [sinso.Blobs].
func (nothing) List(context.Context, func(sinso.CID) error) error { return nil }

// merge calls fn with the blocks of a store and some others, all sorted.
func merge(ctx context.Context, store sinso.Blobs, others []sinso.CID, fn func(sinso.CID) error) error {
	before := func(cid sinso.CID) error {
		for len(others) > 0 && (cid == "" || others[0] <= cid) {
			if others[0] != cid { // else it is there again
				if err := fn(others[0]); err != nil {
					return err
				}
			}
			others = others[1:]
		}
		return nil
	}
	err := store.List(ctx, func(cid sinso.CID) error {
		if err := before(cid); err != nil {
			return err
		}
		return fn(cid)
	})
	if err != nil {
		return err
	}
	return before("")
}

// lost returns the blocks of the backup before that the store of the node's blocks does not
// have any more, though the log names them, or cannot say. The backup may have the last of them.
func (w *writing) lost(from Source) (lost []sinso.CID, err error) {
	if w.before == nil || w.before.Blocks == nil {
		return nil, nil
	}
	here := map[[sha256.Size]byte]bool{}
	own := from.Apart
	if own == nil {
		own = from.Log
	}
	err = own.List(w.ctx, func(cid sinso.CID) error {
		here[digestOf(cid)] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = w.before.Blocks.each(w.ctx, w.to, func(some []sinso.CID) error {
		for _, cid := range some {
			if !here[digestOf(cid)] && w.present[digestOf(cid)] {
				lost = append(lost, cid)
			}
		}
		return nil
	})
	if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
		err = nil // what is missing leads no further
	}
	if err != nil || len(lost) == 0 {
		return nil, err
	}
	named, err := from.Named(w.ctx, lost)
	if errors.Is(err, sinso.ErrCorrupt) {
		return lost, nil
	}
	return slices.DeleteFunc(lost, func(cid sinso.CID) bool { return !named[cid] }), err
}

// copyBlocks copies those of some blocks that the backup does not have, and writes down those
// that it has then.
func (w *writing) copyBlocks(from sinso.Blobs, some []sinso.CID, list io.Writer) (n int, err error) {
	var wanted []sinso.CID
	for _, cid := range some {
		if !w.present[digestOf(cid)] {
			wanted = append(wanted, cid)
		}
	}
	data, err := get(w.ctx, from, wanted)
	if err != nil {
		return 0, err
	}
	for _, cid := range some {
		if len(wanted) > 0 && cid == wanted[0] {
			block := data[0]
			wanted, data = wanted[1:], data[1:]
			if block == nil {
				if err := w.missed(from, cid); err != nil {
					return n, err
				}
				continue
			}
			w.result.Sent += int64(len(block))
			w.moved(int64(len(block)))
			if err := w.emit(sinso.Block{CID: cid, Data: block, Fresh: true}); err != nil {
				return n, err
			}
		}
		raw, err := cid.Bytes()
		if err == nil {
			_, err = list.Write(raw)
		}
		if err != nil {
			return n, err
		}
		n, w.apart[digestOf(cid)] = n+1, true
	}
	return n, nil
}

// missed counts a block that is there and damaged. One that is gone was erased meanwhile.
func (w *writing) missed(from sinso.Blobs, cid sinso.CID) error {
	has, err := from.Has(w.ctx, cid)
	if has {
		w.damaged++
	}
	return err
}

// dropBlocks deletes the blocks of another backup that this one does not keep.
func (w *writing) dropBlocks(of *blockList, kept keep) (freed int, err error) {
	if of == nil {
		return 0, nil
	}
	err = of.each(w.ctx, w.to, func(some []sinso.CID) error {
		var gone []sinso.CID
		for _, cid := range some {
			if !kept.has(cid) {
				gone = append(gone, cid)
			}
		}
		freed += len(gone)
		if len(gone) == 0 {
			return nil
		}
		return w.to.Delete(w.ctx, gone...)
	})
	if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
		err = nil // what is missing leads no further
	}
	return freed, err
}

// keep is what a backup has of the blocks in its store.
type keep struct {
	files map[sinso.CID]bool
	apart map[[sha256.Size]byte]bool // digests of blocks besides the log
}

func (k keep) has(cid sinso.CID) bool { return k.files[cid] || k.apart[digestOf(cid)] }

// blocks brings the blocks besides the log into a store, those that are not there. One that the
// backup lost does not keep the others from coming back.
func (r *restoring) blocks(of *blockList, into sinso.Blobs) error {
	return of.each(r.ctx, r.store, func(some []sinso.CID) error {
		var wanted []sinso.CID
		for _, cid := range some {
			has, err := into.Has(r.ctx, cid)
			if err != nil {
				return err
			}
			if !has {
				wanted = append(wanted, cid)
			}
		}
		data, err := get(r.ctx, r.store, wanted)
		if err != nil {
			return err
		}
		var blocks []sinso.Block
		for i, cid := range wanted {
			if data[i] == nil {
				has, err := r.store.Has(r.ctx, cid)
				if err != nil {
					return err
				}
				if has {
					return fmt.Errorf("block %s is damaged: %w", cid, sinso.ErrCorrupt)
				}
				r.missing++
				continue
			}
			blocks = append(blocks, sinso.Block{CID: cid, Data: data[i], Fresh: true})
			r.moved(int64(len(data[i])))
		}
		return into.Put(r.ctx, blocks...)
	})
}
