// Package ipfs keeps blocks as Kubo keeps them, in a folder of this machine, and gives
// and gets blocks by bitswap in a private swarm.
//
// The folder is docs/formats.md, "ipfs folder": a block is a file, in one flatfs for each
// codec, since flatfs knows a block by its hash alone. What lies in each is what Kubo has in
// its folder "blocks".
package ipfs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/ipfs/boxo/blockstore"
	"github.com/ipfs/boxo/datastore/dshelp"
	gocid "github.com/ipfs/go-cid"
	flatfs "github.com/ipfs/go-ds-flatfs"
	ipld "github.com/ipfs/go-ipld-format"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// Scheme is what a URL of this engine begins with.
const Scheme = "ipfs:"

const (
	lockFile    = "lock"
	namesFolder = "names"
	maxName     = 128 // bytes of a file of a name; a CID has 59
)

// codecs are those of the shelves, in the order in which their CIDs sort; and folders theirs.
var (
	codecs  = [...]sinso.Codec{sinso.CodecRaw, sinso.CodecDagPB}
	folders = [...]string{"raw", "dag-pb"}
)

// sharding is that of Kubo: 1,024 folders, by the characters before the last.
var sharding = flatfs.NextToLast(2)

// Blobs is an open folder. Its methods may be called from several goroutines.
type Blobs struct {
	dir     string
	lock    *durable.Lock
	writing sync.Mutex // held while blocks or names are written or deleted

	mu     sync.RWMutex // guards what follows; held for reading as long as the shelves are used
	shelf  []*shelf
	closed bool
}

// shelf keeps the blocks of one codec.
type shelf struct {
	dir    string
	files  *flatfs.Datastore
	blocks *blockstore.ValidatingBlockstore
}

var _ sinso.NamedBlobs = (*Blobs)(nil)

// Open opens a folder, or makes one. ErrBusy if another process has it open, ErrCorrupt if
// it is not one of these.
func Open(dir string) (_ *Blobs, err error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	lock, err := durable.TryLock(filepath.Join(dir, lockFile))
	if errors.Is(err, durable.ErrLocked) {
		return nil, fmt.Errorf("ipfs: the folder is open in another process: %w", sinso.ErrBusy)
	}
	if err != nil {
		return nil, unavailable("lock the folder", err)
	}
	b := &Blobs{dir: dir, lock: lock}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	if err := makeFolder(filepath.Join(dir, namesFolder)); err != nil {
		return nil, err
	}
	for _, folder := range folders {
		opened, err := openShelf(filepath.Join(dir, folder))
		if err != nil {
			return nil, err
		}
		b.shelf = append(b.shelf, opened)
	}
	return b, nil
}

// makeFolder makes a folder, if it is not there, so that it survives.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unavailable("make a folder", err)
	}
	if err := durable.SyncDir(filepath.Dir(dir)); err != nil {
		return unavailable("sync a folder", err)
	}
	return nil
}

// openShelf opens the flatfs in a folder, or begins one. What a Put that was cut had written
// is removed.
func openShelf(dir string) (*shelf, error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, unavailable("read a folder", err)
	}
	if len(entries) == 0 {
		// flatfs would write it without a sync.
		if err := durable.WriteFile(filepath.Join(dir, flatfs.SHARDING_FN), []byte(sharding.String()+"\n"), 0o600); err != nil {
			return nil, unavailable("begin a folder", err)
		}
	}
	files, err := flatfs.Open(dir, true)
	if err != nil {
		return nil, fmt.Errorf("ipfs: the folder %s cannot be opened, or is no flatfs: %w: %w", filepath.Base(dir), err, sinso.ErrCorrupt)
	}
	if files.ShardStr() != sharding.String() {
		_ = files.Close()
		return nil, fmt.Errorf("ipfs: the folder %s is sharded in another way: %w", filepath.Base(dir), sinso.ErrUnsupported)
	}
	// Folders that a process made which was killed before it synced them.
	if err := durable.SyncDir(dir); err != nil {
		_ = files.Close()
		return nil, unavailable("sync a folder", err)
	}
	blocks := &blockstore.ValidatingBlockstore{Blockstore: blockstore.NewBlockstore(files, blockstore.NoPrefix())}
	return &shelf{dir: dir, files: files, blocks: blocks}, nil
}

// Close ends the use of the folder. Later calls are ErrUnavailable.
func (b *Blobs) Close() error {
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	var errs []error
	for _, s := range b.shelf {
		errs = append(errs, s.files.Close())
	}
	if err := errors.Join(append(errs, b.lock.Unlock())...); err != nil {
		return unavailable("close", err)
	}
	return nil
}

func unavailable(doing string, err error) error {
	return fmt.Errorf("ipfs: %s: %w: %w", doing, err, sinso.ErrUnavailable)
}

// use holds the shelves open until the function that it returns is called.
func (b *Blobs) use(ctx context.Context) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("ipfs: %w", err)
	}
	b.mu.RLock()
	if b.closed {
		b.mu.RUnlock()
		return nil, fmt.Errorf("ipfs: closed: %w", sinso.ErrUnavailable)
	}
	return b.mu.RUnlock, nil
}

// find returns the shelf of a CID, and the CID as the libraries have it.
func (b *Blobs) find(cid sinso.CID) (*shelf, gocid.Cid, error) {
	c, err := toCid(cid)
	if err != nil {
		return nil, c, err
	}
	return b.shelf[slices.Index(codecs[:], cid.Codec())], c, nil
}

// toCid returns a CID as the libraries have it. What is not in the one form is ErrInvalid.
func toCid(cid sinso.CID) (gocid.Cid, error) {
	if _, err := sinso.ParseCID(string(cid)); err != nil {
		return gocid.Undef, err
	}
	c, err := gocid.Decode(string(cid))
	if err != nil {
		return gocid.Undef, fmt.Errorf("ipfs: %w: %w", err, sinso.ErrInvalid)
	}
	return c, nil
}

// Put implements [sinso.Blobs]. A block whose bytes were damaged is written again. Blocks
// are there one after the other when it is cut, each whole.
func (b *Blobs) Put(ctx context.Context, blocks ...sinso.Block) error {
	for _, block := range blocks {
		if err := checkBlock(block); err != nil {
			return err
		}
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	done, err := b.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	for _, s := range b.shelf {
		if err := b.putAll(ctx, s, blocks); err != nil {
			return err
		}
	}
	return nil
}

func checkBlock(block sinso.Block) error {
	if _, err := sinso.ParseCID(string(block.CID)); err != nil {
		return err
	}
	if err := block.CID.Verify(block.Data); err != nil {
		return fmt.Errorf("ipfs: put: the bytes are not those of %s: %w", block.CID, sinso.ErrInvalid)
	}
	return nil
}

// putAll writes those of the blocks that belong on a shelf, in one batch, which syncs them
// and the folders that they are in.
func (b *Blobs) putAll(ctx context.Context, s *shelf, blocks []sinso.Block) (err error) {
	batch, err := s.files.Batch(ctx)
	if err != nil {
		return unavailable("put", err)
	}
	defer func() {
		if discards, ok := batch.(flatfs.DiscardableBatch); ok && err != nil {
			err = errors.Join(err, discards.Discard(ctx))
		}
	}()
	there := map[string]bool{} // folders of blocks that are there, and may not be synced
	for _, block := range blocks {
		at, c, err := b.find(block.CID)
		if err != nil {
			return err
		}
		if at != s {
			continue
		}
		if _, err := s.blocks.Get(ctx, c); err == nil {
			there[s.folder(c)] = true
			continue
		}
		if err := batch.Put(ctx, dshelp.MultihashToDsKey(c.Hash()), block.Data); err != nil {
			return putFailed(ctx, err)
		}
	}
	if err := batch.Commit(ctx); err != nil {
		return putFailed(ctx, err)
	}
	return syncAll(there)
}

func putFailed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("ipfs: put: %w", ctx.Err())
	}
	return unavailable("put", err)
}

// folder is where the file of a block is.
func (s *shelf) folder(c gocid.Cid) string {
	return filepath.Join(s.dir, sharding.Func()(dshelp.MultihashToDsKey(c.Hash()).String()[1:]))
}

func syncAll(folders map[string]bool) error {
	for folder := range folders {
		if err := durable.SyncDir(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return unavailable("sync a folder", err)
		}
	}
	return nil
}

// Get implements [sinso.Blobs].
func (b *Blobs) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	done, err := b.use(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	s, c, err := b.find(cid)
	if err != nil {
		return nil, err
	}
	block, err := s.blocks.Get(ctx, c)
	switch {
	case err == nil:
		return block.RawData(), nil
	case ipld.IsNotFound(err):
		return nil, fmt.Errorf("ipfs: block %s: %w", cid, sinso.ErrNotFound)
	case errors.Is(err, blockstore.ErrHashMismatch):
		return nil, fmt.Errorf("ipfs: block %s: the bytes have changed: %w", cid, sinso.ErrCorrupt)
	}
	return nil, unavailable("get "+string(cid), err)
}

// Has implements [sinso.Blobs].
func (b *Blobs) Has(ctx context.Context, cid sinso.CID) (bool, error) {
	done, err := b.use(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	s, c, err := b.find(cid)
	if err != nil {
		return false, err
	}
	has, err := s.blocks.Has(ctx, c)
	if err != nil {
		return false, unavailable("has "+string(cid), err)
	}
	return has, nil
}

// Delete implements [sinso.Blobs].
func (b *Blobs) Delete(ctx context.Context, cids ...sinso.CID) error {
	for _, cid := range cids {
		if _, err := sinso.ParseCID(string(cid)); err != nil {
			return err
		}
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	done, err := b.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	touched := map[string]bool{}
	for _, cid := range cids {
		s, c, err := b.find(cid)
		if err != nil {
			return err
		}
		if err := s.blocks.DeleteBlock(ctx, c); err != nil {
			return errors.Join(unavailable("delete "+string(cid), err), syncAll(touched))
		}
		touched[s.folder(c)] = true
	}
	return syncAll(touched) // flatfs syncs what it writes, and not what it removes
}

// List implements [sinso.Blobs]. The CIDs are sorted in memory, 80 bytes each.
func (b *Blobs) List(ctx context.Context, fn func(sinso.CID) error) error {
	for i, codec := range codecs {
		cids, err := b.listed(ctx, b.shelf[i], codec)
		if err != nil {
			return err
		}
		slices.Sort(cids)
		for _, cid := range cids {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("ipfs: list: %w", err)
			}
			if err := fn(cid); err != nil {
				return err
			}
		}
	}
	return nil
}

// listed returns the CIDs of one shelf. Files that are no blocks of ours are left out.
func (b *Blobs) listed(ctx context.Context, s *shelf, codec sinso.Codec) (cids []sinso.CID, err error) {
	done, err := b.use(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	keys, ended, err := s.blocks.AllKeysChanWithErr(ctx)
	if err != nil {
		return nil, unavailable("list", err)
	}
	for key := range keys {
		cid, err := sinso.ParseCID(gocid.NewCidV1(uint64(codec), key.Hash()).String())
		if err == nil {
			cids = append(cids, cid)
		}
	}
	if err := ended(); err != nil {
		return nil, unavailable("list", err)
	}
	return cids, nil
}

// SetName implements [sinso.NamedBlobs]: a file that holds the CID.
func (b *Blobs) SetName(ctx context.Context, name string, cid sinso.CID) error {
	if err := sinso.CheckName(name); err != nil {
		return err
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	done, err := b.use(ctx)
	if err != nil {
		return err
	}
	defer done()
	path := filepath.Join(b.dir, namesFolder, name)
	if cid == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return unavailable("take away name "+name, err)
		}
		return syncAll(map[string]bool{filepath.Dir(path): true})
	}
	if _, err := sinso.ParseCID(string(cid)); err != nil {
		return err
	}
	if err := durable.WriteFile(path, []byte(cid+"\n"), 0o600); err != nil {
		return unavailable("set name "+name, err)
	}
	return nil
}

// Name implements [sinso.NamedBlobs]. What is no CID is ErrCorrupt.
func (b *Blobs) Name(ctx context.Context, name string) (sinso.CID, error) {
	if err := sinso.CheckName(name); err != nil {
		return "", err
	}
	done, err := b.use(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	path := filepath.Join(b.dir, namesFolder, name)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("ipfs: name %s: %w", name, sinso.ErrNotFound)
	}
	if err != nil {
		return "", unavailable("name "+name, err)
	}
	damaged := fmt.Errorf("ipfs: name %s: what is there is no CID: %w", name, sinso.ErrCorrupt)
	if !info.Mode().IsRegular() || info.Size() > maxName {
		return "", damaged
	}
	text, err := os.ReadFile(path) //nolint:gosec // a name has no sign of a path
	if err != nil {
		return "", unavailable("name "+name, err)
	}
	cid, err := sinso.ParseCID(strings.TrimSuffix(string(text), "\n"))
	if err != nil {
		return "", damaged
	}
	return cid, nil
}
