package backup

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/format/dag"
	"sinso.dev/sinso/internal/stage/seal"
)

// Source is the node that is copied. It may go on meanwhile.
type Source struct {
	Data  string      // the node folder
	Log   *pack.Pack  // its journal
	Apart sinso.Blobs // has its blocks instead of the log; nil: the log has
	// Named returns which of some blocks the log still names. ErrCorrupt if that cannot be told.
	Named  func(context.Context, []sinso.CID) (map[sinso.CID]bool, error)
	Sealer *seal.Sealer
	Clock  sinso.Clock
	Key    [32]byte // the node's secret for [Purpose]: proves the backup
}

// Write copies the node folder as it is now into a store, and gives it the name of the
// newest backup. The one before is replaced: blocks that only it had are deleted, so that
// what was erased here since, and its keys, are in the store no longer. What is there
// already is not sent again. ErrExists if the store has the backup of another node, ErrBusy
// if another backup was made meanwhile.
//
// A backup that is cut off changes nothing of the one before, and the next goes on from what
// was sent, and deletes what it has no use for.
func Write(ctx context.Context, from Source, to sinso.NamedBlobs, progress func(done, total int64)) (sinso.BackupResult, error) {
	before, oldRoot, err := read(ctx, to)
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
		return sinso.BackupResult{}, err
	}
	snapshot, err := from.Log.Snapshot(ctx)
	if err != nil {
		return sinso.BackupResult{}, fmt.Errorf("backup: %w", err)
	}
	defer snapshot.Release()
	if before != nil && before.Log != snapshot.ID {
		return sinso.BackupResult{}, fmt.Errorf("backup: there is the backup of another node: give this one a place of its own: %w", sinso.ErrExists)
	}
	w := &writing{ctx: ctx, to: to, before: before, key: from.Key, progress: progress, apart: map[[sha256.Size]byte]bool{}, now: &manifest{
		Version: manifestVersion, Log: snapshot.ID, At: from.Clock.Now().UTC().Truncate(time.Second), Replaces: oldRoot,
	}}
	if err := w.look(); err != nil {
		return sinso.BackupResult{}, err
	}
	for _, f := range snapshot.Files {
		w.total += f.Size
	}
	for _, f := range snapshot.Files {
		if err := w.add(path.Join(logFolder, f.Name), f.Tag, io.NewSectionReader(f, 0, f.Size), f.Size); err != nil {
			return sinso.BackupResult{}, err
		}
	}
	if from.Apart != nil || w.before != nil && w.before.Blocks != nil {
		if err := w.addBlocks(from); err != nil {
			return sinso.BackupResult{}, err
		}
	}
	if err := w.addFolders(from); err != nil {
		return sinso.BackupResult{}, err
	}
	result, err := w.finish()
	if err == nil && w.damaged > 0 {
		err = fmt.Errorf("backup: it is made without %d blocks that are damaged in the store of the node's blocks: %w", w.damaged, sinso.ErrCorrupt)
	}
	return result, err
}

// writing is one Write.
type writing struct {
	ctx      context.Context //nolint:containedctx // lives as long as the call
	to       sinso.NamedBlobs
	before   *manifest // nil: there is none
	now      *manifest
	key      [32]byte
	progress func(done, total int64)
	present  map[[sha256.Size]byte]bool // blocks that the store had when it began
	apart    map[[sha256.Size]byte]bool // of them and of what was put: the node's besides its log
	damaged  int                        // blocks besides the log that could not be copied
	begun    sinso.CID                  // the newest list of what was put; of cut-off backups too

	result      sinso.BackupResult
	done, total int64
	batch       []sinso.Block
	batchBytes  int
}

// add copies one file; not what is there under the same tag.
func (w *writing) add(name, tag string, content io.Reader, size int64) error {
	if f, same := w.before.find(name, tag); same {
		whole, err := w.whole(f.CID)
		if err != nil {
			return fmt.Errorf("backup: %s: %w", name, err)
		}
		if whole {
			w.take(f)
			w.moved(size)
			return nil
		}
	}
	builder := dag.NewBuilder(w.emit)
	if _, err := io.Copy(builder, &counted{content, w}); err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	root, err := builder.Finish()
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	w.result.Sent += size
	w.take(file{Path: name, Size: size, Tag: tag, CID: root})
	return nil
}

func (w *writing) take(f file) {
	w.now.Files = append(w.now.Files, f)
	w.result.Files++
	w.result.Bytes += f.Size
}

func (w *writing) moved(n int64) {
	if w.done += n; w.progress != nil {
		w.progress(w.done, max(w.done, w.total))
	}
}

// counted tells how much was read.
type counted struct {
	io.Reader
	w *writing
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.w.moved(int64(n))
	return n, err
}

// emit gathers blocks, and puts many at once.
func (w *writing) emit(b sinso.Block) error {
	const most = 16 << 20 // bytes
	w.batch = append(w.batch, b)
	if w.batchBytes += len(b.Data); w.batchBytes < most {
		return nil
	}
	return w.put()
}

// put puts what was gathered and is not there. Before, it is written into the store what
// is put, so that a backup that is cut off leaves nothing that the next does not find.
func (w *writing) put() error {
	fresh := slices.DeleteFunc(w.batch, func(b sinso.Block) bool { return w.present[digestOf(b.CID)] })
	w.batch, w.batchBytes = nil, 0
	if len(fresh) == 0 {
		return nil
	}
	list := begun{Before: w.begun}
	for _, b := range fresh {
		list.Blocks = append(list.Blocks, b.CID)
	}
	raw, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	cid := sinso.CIDOf(sinso.CodecRaw, raw)
	if err := w.to.Put(w.ctx, sinso.Block{CID: cid, Data: raw}); err != nil {
		return err
	}
	if err := w.to.SetName(w.ctx, begunName, cid); err != nil {
		return err
	}
	w.begun = cid
	return w.to.Put(w.ctx, fresh...)
}

// begun lists blocks that were put, and the list before it. It is one block.
type begun struct {
	Before sinso.CID   `json:"before,omitempty"`
	Blocks []sinso.CID `json:"blocks"`
}

// look lists what the store has, and finds what cut-off backups have begun.
func (w *writing) look() (err error) {
	w.begun, err = w.to.Name(w.ctx, begunName)
	if errors.Is(err, sinso.ErrNotFound) {
		w.begun, err = "", nil
	}
	if err != nil {
		return fmt.Errorf("backup: look for what was cut off: %w", err)
	}
	w.present = map[[sha256.Size]byte]bool{}
	err = w.to.List(w.ctx, func(cid sinso.CID) error {
		w.present[digestOf(cid)] = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("backup: list what is there: %w", err)
	}
	return nil
}

// whole reports whether every block under a root is in the store.
func (w *writing) whole(root sinso.CID) (bool, error) {
	whole := w.present[digestOf(root)]
	if !whole {
		return false, nil
	}
	err := dag.Walk(w.ctx, root, w.to.Get, func(cid sinso.CID) error {
		whole = whole && w.present[digestOf(cid)]
		return nil
	})
	if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
		return false, nil
	}
	return whole, err
}

// digestOf is the hash in a CID.
func digestOf(cid sinso.CID) [sha256.Size]byte {
	raw, err := cid.Bytes()
	if err != nil || len(raw) < sha256.Size {
		return [sha256.Size]byte{}
	}
	return [sha256.Size]byte(raw[len(raw)-sha256.Size:])
}

// addFolders copies what is not the log, and seals the configuration.
func (w *writing) addFolders(from Source) error {
	for _, folder := range folders[1:] {
		if err := w.addFolder(from.Data, folder); err != nil {
			return err
		}
	}
	config, err := os.ReadFile(filepath.Join(from.Data, configFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("backup: read the configuration: %w: %w", sinso.ErrUnavailable, err)
	}
	object, err := from.Sealer.Seal(w.ctx, config, sinso.KeyNode)
	if err != nil {
		return fmt.Errorf("backup: the configuration: %w", err)
	}
	w.batch = append(w.batch, object.Blocks...)
	w.now.Config = &sealed{object.CID, object.Keys}
	return nil
}

// addFolder copies the files of a folder. One that goes while it is copied, as an ended
// share's does, is left out.
func (w *writing) addFolder(data, folder string) error {
	err := filepath.WalkDir(filepath.Join(data, folder), func(at string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(data, at)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if entry.IsDir() && name == path.Join(chainFolder, "database") { // a projection
			return fs.SkipDir
		}
		if !entry.Type().IsRegular() || !isPlain(name) || path.Base(name) == "lock" || strings.HasPrefix(path.Base(name), ".") {
			return nil
		}
		return w.addFile(name, at)
	})
	if err != nil && !errors.Is(err, sinso.ErrUnavailable) {
		return fmt.Errorf("backup: %s: %w", folder, err)
	}
	return err
}

func (w *writing) addFile(name, at string) (err error) {
	f, err := os.Open(at) //nolint:gosec // below the node folder
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("backup: open %s: %w", name, sinso.ErrUnavailable)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, sinso.ErrUnavailable)
	}
	w.total += info.Size()
	return w.add(name, "", io.LimitReader(f, info.Size()), info.Size()) // what is appended meanwhile is the next backup's
}

// finish makes the backup the newest, and deletes what only the one before had.
func (w *writing) finish() (sinso.BackupResult, error) {
	slices.SortFunc(w.now.Files, func(a, b file) int { return strings.Compare(a.Path, b.Path) })
	raw, err := w.now.seal(w.key)
	if err != nil {
		return w.result, err
	}
	root, blocks := dag.Build(raw)
	w.batch = append(w.batch, blocks...)
	if err := w.put(); err != nil {
		return w.result, fmt.Errorf("backup: %w", err)
	}
	if now, err := w.to.Name(w.ctx, Name); err == nil && now != w.now.Replaces {
		return w.result, fmt.Errorf("backup: another one was made meanwhile, and may have taken away what this one rests on: make it again: %w", sinso.ErrBusy)
	} else if err != nil && !errors.Is(err, sinso.ErrNotFound) {
		return w.result, fmt.Errorf("backup: %w", err)
	}
	if err := w.to.SetName(w.ctx, Name, root); err != nil {
		return w.result, fmt.Errorf("backup: %w", err)
	}
	w.result.CID, w.result.At = root, w.now.At
	w.result.Freed, err = w.free(root)
	if err != nil {
		err = fmt.Errorf("backup: it is whole; the one before could not be taken away, which the next does: %w", err)
	}
	return w.result, err
}

// free deletes the blocks of the backups before that this one does not have, and has the
// store free their bytes. Each goes with its list last, so that what is cut off is found
// again by the next backup: by the list that this one replaces, and by what that replaced.
func (w *writing) free(root sinso.CID) (int, error) {
	files, err := w.blocks(roots(w.now, root), nil, true)
	if err != nil {
		return 0, err
	}
	kept := keep{files, w.apart}
	freed, err := w.dropBegun(kept)
	if err != nil {
		return freed, err
	}
	for old := w.now.Replaces; old != "" && old != root; {
		m, err := load(w.ctx, w.to, old)
		if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
			break
		}
		if err != nil {
			return freed, err
		}
		n, err := w.drop(old, m, kept)
		if freed += n; err != nil {
			return freed, err
		}
		old = m.Replaces
	}
	if engine, can := w.to.(sinso.ReclaimingBlobs); can && freed > 0 {
		if _, err := engine.Reclaim(w.ctx); err != nil {
			return freed, err
		}
	}
	return freed, nil
}

// drop deletes the blocks of one backup that are not kept, its list last.
func (w *writing) drop(root sinso.CID, m *manifest, kept keep) (int, error) {
	files := roots(m, root)
	delete(files, root)
	freed, err := w.dropBlocks(m.Blocks, kept)
	if err != nil {
		return freed, err
	}
	for _, part := range []map[sinso.CID]bool{files, {root: true}} {
		blocks, err := w.blocks(part, kept.files, false)
		if err != nil {
			return freed, err
		}
		var gone []sinso.CID
		for cid := range blocks {
			if !kept.has(cid) {
				gone = append(gone, cid)
			}
		}
		if err := w.to.Delete(w.ctx, gone...); err != nil {
			return freed, err
		}
		freed += len(gone)
	}
	return freed, nil
}

// roots are the files of a backup, and its list.
func roots(m *manifest, root sinso.CID) map[sinso.CID]bool {
	all := map[sinso.CID]bool{root: true}
	for _, f := range m.Files {
		all[f.CID] = true
	}
	if m.Config != nil {
		all[m.Config.CID] = true
	}
	if m.Blocks != nil {
		all[m.Blocks.CID] = true
	}
	return all
}

// dropBegun deletes what was put on the way and is not kept, the lists of it last.
func (w *writing) dropBegun(kept keep) (freed int, err error) {
	var lists []sinso.CID
	for at := w.begun; at != "" && !slices.Contains(lists, at); {
		raw, err := w.to.Get(w.ctx, at)
		if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
			break
		}
		if err != nil {
			return freed, err
		}
		var list begun
		if json.Unmarshal(raw, &list) != nil {
			break
		}
		gone := slices.DeleteFunc(list.Blocks, kept.has)
		if err := w.to.Delete(w.ctx, gone...); err != nil {
			return freed, err
		}
		freed, lists, at = freed+len(gone), append(lists, at), list.Before
	}
	if w.begun == "" {
		return freed, nil
	}
	if err := w.to.SetName(w.ctx, begunName, ""); err != nil {
		return freed, err
	}
	return freed, w.to.Delete(w.ctx, lists...)
}

// blocks are the blocks of roots. Of a root that is kept all is kept, and it is not gone
// through. What is missing leads no further, unless all must be there.
func (w *writing) blocks(roots, kept map[sinso.CID]bool, must bool) (map[sinso.CID]bool, error) {
	all := map[sinso.CID]bool{}
	for root := range roots {
		if kept[root] {
			continue
		}
		err := dag.Walk(w.ctx, root, w.to.Get, func(cid sinso.CID) error {
			all[cid] = true
			return nil
		})
		if err != nil && (must || !errors.Is(err, sinso.ErrNotFound) && !errors.Is(err, sinso.ErrCorrupt)) {
			return nil, err
		}
	}
	return all, nil
}
