package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/format/dag"
)

// Restored is what a restore brought.
type Restored struct {
	Files  int       `json:"files"`
	Bytes  int64     `json:"bytes"`
	At     time.Time `json:"at"` // of the backup
	CID    sinso.CID `json:"cid"`
	Blocks int64     `json:"blocks"` // that the node had in another store than its log
	// Missing are those of them that the backup does not have any more: erased since it was made,
	// by a peer that keeps copies beside it, or lost. sinso check says what is not whole by that.
	Missing int64 `json:"missing"`
	// Proven says that the root key was here, and that the node itself wrote the backup.
	Proven bool `json:"proven"`

	config *sealed
}

// Config opens the configuration that came with the backup, by the keys that did: nil if
// there was none.
func (r Restored) Config(ctx context.Context, store sinso.Blobs, open func(ctx context.Context, root sinso.CID, keys []sinso.WrappedKey, envelope []byte) ([]byte, error)) ([]byte, error) {
	if r.config == nil || !r.Proven {
		return nil, nil
	}
	envelope, err := dag.Read(ctx, r.config.CID, store.Get, maxConfig)
	if err != nil {
		return nil, fmt.Errorf("restore: the configuration: %w", err)
	}
	return open(ctx, r.config.CID, r.config.Keys, envelope)
}

const maxConfig = 1 << 20 // bytes, sealed

// Restore writes the newest backup of a store into folder dir, in which there is no node.
// Every byte is compared with its CID. The keys get their name last: until then there is
// no node in the folder, and what was cut off is done again, without the files that are
// whole already. ErrNotFound if the store has no backup, ErrExists if there is a node.
//
// secret returns the node's secret for [Purpose] by the table in a folder of keys, if the
// root key is there: the list is then proven to be the node's own, and ErrCorrupt if it is
// not. ErrDenied: it is not there, and nothing but the keys themselves proves anything.
//
// into opens where blocks go that the node had in another store than its log. It is called
// when the log is there, if there are any.
func Restore(ctx context.Context, store sinso.NamedBlobs, dir string, secret func(keys string) ([32]byte, error), into Into, progress func(done, total int64)) (Restored, error) {
	if _, err := os.Lstat(filepath.Join(dir, keysFolder)); !errors.Is(err, fs.ErrNotExist) {
		return Restored{}, fmt.Errorf("restore: there is a node in %s: %w", dir, sinso.ErrExists)
	}
	m, root, err := read(ctx, store)
	if err != nil {
		return Restored{}, err
	}
	if m == nil {
		return Restored{}, fmt.Errorf("restore: there is no backup: %w", sinso.ErrNotFound)
	}
	r := &restoring{ctx: ctx, store: store, dir: dir, progress: progress}
	for _, f := range m.Files {
		r.total += f.Size
	}
	if err := r.clean(m); err != nil {
		return Restored{}, err
	}
	for _, f := range m.Files {
		if err := r.file(f); err != nil {
			return Restored{}, fmt.Errorf("restore: %s: %w", f.Path, err)
		}
	}
	proven, err := r.prove(m, secret)
	if err != nil {
		return Restored{}, err
	}
	if err := r.bring(m, into); err != nil {
		return Restored{}, fmt.Errorf("restore: the blocks besides the log: %w", err)
	}
	if err := r.settle(); err != nil {
		return Restored{}, fmt.Errorf("restore: %w: %w", err, sinso.ErrUnavailable)
	}
	out := Restored{Files: len(m.Files), Bytes: r.total, At: m.At, CID: root, Proven: proven, config: m.Config}
	if m.Blocks != nil {
		out.Blocks, out.Missing = m.Blocks.Count-r.missing, r.missing
	}
	return out, nil
}

// Into opens a store to bring the blocks of a node into, whose log has this id.
type Into func(logID string) (store sinso.Blobs, end func() error, err error)

// bring brings the blocks besides the log where they belong.
func (r *restoring) bring(m *manifest, into Into) error {
	if m.Blocks == nil {
		return nil
	}
	store, end, err := into(m.Log)
	if err != nil {
		return err
	}
	return errors.Join(r.blocks(m.Blocks, store), end())
}

// clean removes the segments that the backup does not have: a restore that was cut off may
// have brought blocks into segments of their own. It had brought the keys by then.
func (r *restoring) clean(m *manifest) error {
	if _, err := os.Lstat(filepath.Join(r.dir, keysBegun)); err != nil || m.Blocks == nil {
		return nil //nolint:nilerr // what is there is not of a restore
	}
	entries, err := os.ReadDir(filepath.Join(r.dir, logFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("restore: look into the folder of the log: %w", sinso.ErrUnavailable)
	}
	for _, entry := range entries {
		name := path.Join(logFolder, entry.Name())
		if m.has(name) || !pack.IsSegment(entry.Name()) {
			continue
		}
		if err := os.Remove(r.place(name)); err != nil {
			return fmt.Errorf("restore: remove what an earlier one has left: %w: %w", err, sinso.ErrUnavailable)
		}
	}
	return nil
}

// prove checks that the list is of the node whose keys came with it.
func (r *restoring) prove(m *manifest, secret func(keys string) ([32]byte, error)) (bool, error) {
	key, err := secret(filepath.Join(r.dir, keysBegun))
	if errors.Is(err, sinso.ErrDenied) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("restore: the keys: %w", err)
	}
	defer clear(key[:])
	return true, m.proven(key)
}

// restoring is one Restore.
type restoring struct {
	ctx      context.Context //nolint:containedctx // lives as long as the call
	store    sinso.Blobs
	dir      string
	progress func(done, total int64)

	done, total int64
	missing     int64 // blocks besides the log that are not in the store
}

// keysBegun is what the folder of keys is called until all is there.
const keysBegun = "keys-restored"

// place is where a file goes.
func (r *restoring) place(name string) string {
	if rest, is := strings.CutPrefix(name, keysFolder+"/"); is {
		name = path.Join(keysBegun, rest)
	}
	return filepath.Join(r.dir, filepath.FromSlash(name))
}

// file writes one file, if it is not there as it should be.
func (r *restoring) file(f file) error {
	at := r.place(f.Path)
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return fmt.Errorf("make its folder: %w", sinso.ErrUnavailable)
	}
	if same, err := isThere(at, f); err != nil || same {
		r.moved(f.Size)
		return err
	}
	content, err := dag.OpenFile(r.ctx, f.CID, r.store.Get, f.Size)
	if err != nil {
		return err
	}
	if content.Size() != f.Size {
		return fmt.Errorf("it has %d bytes, not %d: %w", content.Size(), f.Size, sinso.ErrCorrupt)
	}
	out, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // below the folder: see isPlain
	if err != nil {
		return fmt.Errorf("make it: %w: %w", err, sinso.ErrUnavailable)
	}
	return errors.Join(r.copy(out, content), out.Sync(), out.Close())
}

func (r *restoring) copy(out io.Writer, content *dag.File) error {
	buf := make([]byte, dag.LeafSize)
	for offset := int64(0); offset < content.Size(); {
		n, err := content.ReadAt(r.ctx, buf, offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if _, err := out.Write(buf[:n]); err != nil {
			return fmt.Errorf("write it: %w: %w", err, sinso.ErrUnavailable)
		}
		offset += int64(n)
		r.moved(int64(n))
	}
	return nil
}

func (r *restoring) moved(n int64) {
	if r.done += n; r.progress != nil {
		r.progress(r.done, max(r.done, r.total))
	}
}

// isThere reports whether a file is there with the bytes of its CID.
func isThere(at string, f file) (bool, error) {
	there, err := os.Open(at) //nolint:gosec // below the folder: see isPlain
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("open it: %w", sinso.ErrUnavailable)
	}
	defer func() { _ = there.Close() }() // it was read only
	info, err := there.Stat()
	if err != nil || info.Size() != f.Size {
		return false, nil // it is written again, which says what is wrong
	}
	builder := dag.NewBuilder(func(sinso.Block) error { return nil })
	if _, err := io.Copy(builder, there); err != nil {
		return false, fmt.Errorf("read it: %w: %w", err, sinso.ErrUnavailable)
	}
	root, err := builder.Finish()
	return root == f.CID, err
}

// settle makes all names durable, and gives the keys theirs.
func (r *restoring) settle() error {
	err := filepath.WalkDir(r.dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return durable.SyncDir(at)
	})
	if err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(r.dir, keysBegun), filepath.Join(r.dir, keysFolder)); err != nil {
		return fmt.Errorf("name the folder of the keys: %w", err)
	}
	return durable.SyncDir(r.dir)
}
