package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/durable"
)

// MoveOptions say from where to where a node's blocks are moved: each is "log", or the URL of
// a block store.
type MoveOptions struct {
	From, To string
	// Delete deletes the blocks in From, when the node uses To.
	Delete bool
	// Progress is told how many of all blocks are copied and were read back. It may be nil.
	Progress func(done, total int64)
	// OnStep is called before each step that changes anything. It may be nil.
	OnStep func(step string)
}

// MoveResult is what a move did.
type MoveResult struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Blocks   int64  `json:"blocks"`   // that were in From
	Copied   int64  `json:"copied"`   // of them: put into To; the others were there already
	Bytes    int64  `json:"bytes"`    // of those that were put
	Switched bool   `json:"switched"` // the node used From before, and uses To now
	Deleted  int64  `json:"deleted"`  // blocks that were deleted in From
	// Left are blocks that From alone has, after a move that was ended before: they were
	// erased since, or To has lost them. They are not deleted.
	Left    int64       `json:"left"`
	Damaged []sinso.CID `json:"damaged"` // that cannot be read from From, nor are in To
}

// MoveBlobs copies the blocks of a stopped node from one store to another, reads each back,
// and then has the node use the other. What is there already and sound is not copied again,
// so that a move that was cut off goes on; one that was cut off when the node used the other
// already is ended. ErrInvalid if the node uses neither, ErrBusy if it runs, ErrCorrupt if
// blocks are damaged: all others are copied then, and nothing else is changed.
func MoveBlobs(ctx context.Context, cfg Config, o MoveOptions) (result MoveResult, err error) {
	result = MoveResult{From: o.From, To: o.To, Damaged: []sinso.CID{}}
	if err := hasNode(cfg.Data); err != nil {
		return result, err
	}
	switched := cfg.Blobs == o.To
	if o.From == o.To || cfg.Blobs != o.From && !switched {
		return result, fmt.Errorf("move: the node's blocks are not where you say: sinso config names the place, as blobs: %w", sinso.ErrInvalid)
	}
	log, err := pack.Open(filepath.Join(cfg.Data, logFolder), pack.Options{})
	if err != nil {
		return result, err
	}
	m := &moving{cfg: cfg, o: o, log: log, result: &result, closers: []func() error{log.Close}}
	defer func() { err = errors.Join(err, m.close()) }()
	if switched && o.To == blobsInLog {
		if switched, err = m.isInLog(ctx); err != nil {
			return result, err
		}
	}
	if err := m.open(ctx, switched); err != nil {
		return result, err
	}
	if m.from == nil {
		return result, nil
	}
	if err := m.count(ctx); err != nil {
		return result, err
	}
	if !switched {
		if err := m.copyAll(ctx); err != nil {
			return result, err
		}
		if err := m.use(ctx); err != nil {
			return result, err
		}
	}
	if o.Delete {
		err = m.deleteAll(ctx, switched)
	}
	return result, err
}

// isInLog reports whether a node that is set to its log has its blocks there: the log notes
// where else they are, if the setting was changed by hand. ErrInvalid if that is not From.
func (m *moving) isInLog(ctx context.Context) (bool, error) {
	noted, err := m.log.Name(ctx, apartName)
	switch {
	case errors.Is(err, sinso.ErrNotFound) || err == nil && noted == "":
		return true, nil
	case err == nil && noted != noteOf(m.o.From):
		err = fmt.Errorf("move: the node's blocks are in another store than you say, which the setting blobs named before: %w", sinso.ErrInvalid)
	}
	return false, err
}

// moving is one MoveBlobs.
type moving struct {
	cfg      Config
	o        MoveOptions
	log      *pack.Pack
	from, to sinso.Blobs
	closers  []func() error

	mu     sync.Mutex // guards what follows
	result *MoveResult
	done   int64
}

const (
	moveTogether = 16   // blocks that are copied at a time, of 1 MiB at most
	moveAtOnce   = 8    // of them at once: enough to hide a round trip of 50 ms
	deleteAtOnce = 1000 // what S3 takes in one request
)

func (m *moving) close() error {
	var errs []error
	for _, end := range slices.Backward(m.closers) {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}

func (m *moving) step(name string) {
	if m.o.OnStep != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.o.OnStep(name)
	}
}

// open opens both places. When the node uses To already, From is nil if it has no blocks of
// this node any more.
func (m *moving) open(ctx context.Context, switched bool) (err error) {
	if m.from, err = m.openOne(ctx, m.o.From, true); switched && errors.Is(err, sinso.ErrNotFound) {
		m.from, err = nil, nil
	}
	if err != nil || m.from == nil {
		return err
	}
	m.step("open")
	if m.to, err = m.openOne(ctx, m.o.To, switched); err != nil {
		return err
	}
	return m.differ(ctx)
}

// openOne opens one place. One that must have this node's blocks is ErrNotFound if it has
// none.
func (m *moving) openOne(ctx context.Context, at string, must bool) (sinso.Blobs, error) {
	if at == blobsInLog {
		return m.log, nil
	}
	store, end, err := openOwned(ctx, at, m.log.ID(), must)
	if err != nil {
		return nil, err
	}
	m.closers = append(m.closers, end)
	return store, nil
}

// moveName is a name that shows whether two URLs are of one store.
const moveName = "sinso-move"

// differ is ErrInvalid if both places are one under two URLs: what is deleted in one would
// be gone in the other.
func (m *moving) differ(ctx context.Context) error {
	from, named := m.from.(sinso.NamedBlobs)
	to, both := m.to.(sinso.NamedBlobs)
	if m.from == sinso.Blobs(m.log) || m.to == sinso.Blobs(m.log) || !named || !both {
		return nil // the log is locked, and nobody else has it open
	}
	var random [32]byte
	if _, err := rand.Read(random[:]); err != nil {
		return fmt.Errorf("move: randomness: %w: %w", err, sinso.ErrUnavailable)
	}
	mark := sinso.CIDOf(sinso.CodecRaw, random[:])
	if err := from.SetName(ctx, moveName, mark); err != nil {
		return err
	}
	found, err := to.Name(ctx, moveName)
	if errors.Is(err, sinso.ErrNotFound) {
		err = nil
	}
	if err == nil && found == mark {
		err = fmt.Errorf("move: both are the same store: %w", sinso.ErrInvalid)
	}
	return errors.Join(err, from.SetName(ctx, moveName, ""))
}

// each calls fn with the blocks of a store, some at a time.
func each(ctx context.Context, blobs sinso.Blobs, atATime int, fn func([]sinso.CID) error) error {
	var some []sinso.CID
	err := blobs.List(ctx, func(cid sinso.CID) error {
		if some = append(some, cid); len(some) < atATime {
			return nil
		}
		full := some
		some = nil
		return fn(full)
	})
	if err != nil || len(some) == 0 {
		return err
	}
	return fn(some)
}

// count counts the blocks of From.
func (m *moving) count(ctx context.Context) error {
	if err := m.from.List(ctx, func(sinso.CID) error {
		m.result.Blocks++
		return nil
	}); err != nil {
		return fmt.Errorf("move: %w", err)
	}
	return nil
}

// copyAll has every block of From in To, whole, or says why not.
func (m *moving) copyAll(ctx context.Context) error {
	err := each(ctx, m.from, moveTogether, func(some []sinso.CID) error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(moveAtOnce)
		for _, cid := range some {
			group.Go(func() error { return m.copy(ctx, cid) })
		}
		return group.Wait()
	})
	if err != nil {
		return fmt.Errorf("move: what was copied stays, and the same command goes on: %w", err)
	}
	if n := len(m.result.Damaged); n > 0 {
		return fmt.Errorf("move: %d blocks cannot be read: the node uses what it used before: %w", n, sinso.ErrCorrupt)
	}
	return nil
}

// copy has one block in To: what is read from there is what counts.
func (m *moving) copy(ctx context.Context, cid sinso.CID) error {
	_, err := m.to.Get(ctx, cid)
	if err == nil {
		m.copied(0, false)
		return nil
	}
	if !isNotWhole(err) {
		return err
	}
	damaged := errors.Is(err, sinso.ErrCorrupt)
	data, err := m.from.Get(ctx, cid)
	if isNotWhole(err) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.result.Damaged = append(m.result.Damaged, cid)
		return nil
	}
	if err != nil {
		return err
	}
	if damaged { // a store may take a block of that size for the one that is put
		m.step("delete damaged")
		if err := m.to.Delete(ctx, cid); err != nil {
			return err
		}
	}
	m.step("put")
	if err := m.to.Put(ctx, sinso.Block{CID: cid, Data: data, Fresh: true}); err != nil {
		return err
	}
	if _, err := m.to.Get(ctx, cid); err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	m.copied(int64(len(data)), true)
	return nil
}

// isNotWhole reports whether a block is missing, or not what it was.
func isNotWhole(err error) bool {
	return errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt)
}

// copied counts a block that is in To.
func (m *moving) copied(bytes int64, put bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if put {
		m.result.Copied++
		m.result.Bytes += bytes
	}
	if m.done++; m.o.Progress != nil {
		m.o.Progress(m.done, m.result.Blocks)
	}
}

// use has the node use To from now on.
func (m *moving) use(ctx context.Context) error {
	path := filepath.Join(m.cfg.Data, configFile)
	config, err := os.ReadFile(path) //nolint:gosec // in the node folder
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("move: read the configuration: %w: %w", err, sinso.ErrUnavailable)
	}
	mode := fs.FileMode(0o600)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if config, err = setBlobs(config, m.o.To); err != nil {
		return err
	}
	note := sinso.CID("")
	if m.o.To != blobsInLog {
		note = noteOf(m.o.To)
	}
	m.step("note")
	if err := m.log.SetName(ctx, apartName, note); err != nil {
		return err
	}
	m.step("switch")
	if err := durable.WriteFile(path, config, mode); err != nil {
		return fmt.Errorf("move: write the configuration: %w: %w", err, sinso.ErrUnavailable)
	}
	m.result.Switched = true
	m.step("switched")
	return nil
}

// deleteAll deletes the blocks of From, and frees their bytes. If they were not copied just
// now, each is read from To before.
func (m *moving) deleteAll(ctx context.Context, look bool) error {
	atATime := deleteAtOnce
	if look {
		atATime = moveTogether
	}
	err := each(ctx, m.from, atATime, func(some []sinso.CID) (err error) {
		if look {
			if some, err = m.whole(ctx, some); err != nil {
				return err
			}
		}
		m.step("delete")
		m.result.Deleted += int64(len(some))
		return m.from.Delete(ctx, some...)
	})
	if err != nil {
		return fmt.Errorf("move: the node uses %s now; what is left in the other place the same command deletes: %w", place(m.o.To), err)
	}
	m.step("reclaim")
	if engine, can := m.from.(sinso.ReclaimingBlobs); can {
		if _, err := engine.Reclaim(ctx); err != nil {
			return fmt.Errorf("move: free the bytes of what was deleted: %w", err)
		}
	}
	named, can := m.from.(sinso.NamedBlobs)
	if !can || m.o.From == blobsInLog || m.result.Left > 0 {
		return nil
	}
	m.step("let go")
	return named.SetName(ctx, ownerName, "")
}

// place says where blocks are, without a URL.
func place(at string) string {
	if at == blobsInLog {
		return "its log"
	}
	return "the other store"
}

// whole returns those of some blocks that To gives back as they were.
func (m *moving) whole(ctx context.Context, some []sinso.CID) ([]sinso.CID, error) {
	is := make([]bool, len(some))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(moveAtOnce)
	for i, cid := range some {
		group.Go(func() error {
			_, err := m.to.Get(ctx, cid)
			if is[i] = err == nil; isNotWhole(err) {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var whole []sinso.CID
	for i, cid := range some {
		if is[i] {
			whole = append(whole, cid)
		}
	}
	m.result.Left += int64(len(some) - len(whole))
	m.done += int64(len(some))
	if m.o.Progress != nil {
		m.o.Progress(m.done, m.result.Blocks)
	}
	return whole, nil
}
