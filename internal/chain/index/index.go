// Package index keeps what SINSO's contracts tell on a chain, in one encrypted
// SQLite file (docs/adr/0067-chain-index.md).
//
// The logs are kept as they are, and rows to be searched are made from them. A fork
// of the chain takes back the blocks that it leaves and puts in those that it
// brings, in one transaction together with the cursor. What is final is never taken
// back. The file can be deleted at any time: it is made again from the chain.
package index

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain"
)

//go:embed schema.sql
var schema string

// version is of the schema: a file with another one is made anew.
const version = 2

// readers is how many queries can run at once; more wait. It bounds memory.
const readers = 4

// Config is what [Open] needs to know.
type Config struct {
	// Path of the file; its folder must exist. Files beside it have the same name and
	// the endings -wal and -shm.
	Path string
	// Key encrypts the file; see docs/formats.md, "chain index".
	Key [32]byte
	// Source is the chain, and ChainID its ID.
	Source  chain.Source
	ChainID uint64
	// Places are where contracts stand, by their names in Solidity. What contracts of
	// these names announce, such as the vault of each asset, is followed too.
	Places map[string]sinso.Address
	// Start is the first block to look at: none of the contracts is older.
	Start uint64
	// Confirmations are the blocks on top of one that make it final, where the chain
	// calls none so.
	Confirmations uint64
	// Poll is how long Follow waits for a next block. Zero: 2 seconds.
	Poll time.Duration
	// Wait waits for a time, or for the end of ctx. Nil: by a timer.
	Wait func(ctx context.Context, d time.Duration) error
	// Fetch gets what an event names by its hash and is not on the chain. Nil: nothing
	// is fetched, and the names stay in the queue.
	Fetch func(ctx context.Context, kind string, hash sinso.Hash) ([]byte, error)
	// Clock is of the queue of what could not be fetched. Nil: nothing is fetched.
	Clock sinso.Clock
}

// Index is an open index. Its methods may be called from any goroutine, but for
// Step and Follow, of which one runs at a time.
type Index struct {
	cfg   Config
	path  string
	known *book

	writer  chan *conn
	readers chan *conn // nil: to be opened

	closing sync.Once
	closed  chan struct{}

	source memory // of one Step alone
	state  cursor // the same
	watch  watch  // the same
	loaded bool   // state and watch are as in the file
	finals bool   // the chain calls blocks final
	doubt  int    // how often a fork that is no longer than ours was seen
	span   uint64 // blocks whose logs are asked for at once

	mu     sync.Mutex // guards seen and placed
	seen   sighting
	placed map[string]sinso.Address // told by Place, and not taken in yet
}

// sighting is what the last Step saw.
type sighting struct {
	newest uint64
	failed error
}

// Open opens the index, and makes it if it is not there. A file that is damaged, is
// of another version or chain, or knows a contract that is no longer among the
// places, is made anew.
func Open(ctx context.Context, cfg Config) (*Index, error) {
	path, err := filepath.Abs(cfg.Path)
	if err != nil || cfg.Path == "" || cfg.Source == nil {
		return nil, fmt.Errorf("index: open: it needs a path and a chain: %w", sinso.ErrInvalid)
	}
	if cfg.Poll <= 0 {
		cfg.Poll = 2 * time.Second
	}
	if cfg.Wait == nil {
		cfg.Wait = wait
	}
	x := &Index{cfg: cfg, path: path, closed: make(chan struct{}), span: firstSpan}
	if x.known, err = readBook(); err != nil {
		return nil, err
	}
	x.writer, x.readers = make(chan *conn, 1), make(chan *conn, readers)
	for range readers {
		x.readers <- nil
	}
	w, err := x.openOrMake(ctx)
	if err != nil {
		return nil, err
	}
	x.writer <- w
	return x, nil
}

// errForeign is the class of a whole file that is of no use here.
var errForeign = errors.New("the file is of another chain or version")

func (x *Index) openOrMake(ctx context.Context) (*conn, error) {
	c, err := x.openFile(ctx)
	if err == nil || !errors.Is(err, errDamaged) && !errors.Is(err, errForeign) {
		return c, err
	}
	if err := Remove(x.path); err != nil {
		return nil, err
	}
	return x.openFile(ctx)
}

func (x *Index) openFile(ctx context.Context) (*conn, error) {
	c, err := x.openWriter(ctx)
	if err != nil {
		return nil, err
	}
	err = x.prepare(ctx, c)
	if err == nil {
		if failed := os.Chmod(x.path+"-shm", 0o600); failed != nil {
			err = fmt.Errorf("index: open the file: %w: %w", sinso.ErrUnavailable, bare(failed))
		}
	}
	if err != nil {
		_ = c.close() // the first error says why
		return nil, err
	}
	return c, nil
}

// Remove deletes the index at path, damaged or not. It must not be open.
func Remove(path string) error {
	for _, ending := range []string{"-wal", "-shm", "-journal", ""} {
		if err := os.Remove(path + ending); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("index: remove the file: %w: %w", sinso.ErrUnavailable, bare(err))
		}
	}
	return nil
}

// prepare makes the tables of a new file, and compares an old one with what it is
// to be now.
func (x *Index) prepare(ctx context.Context, c *conn) error {
	found, err := c.whole(0, "PRAGMA user_version")
	if err != nil {
		return err
	}
	return transact(ctx, c, "BEGIN IMMEDIATE", func() error {
		switch found {
		case 0:
			if err := x.create(c); err != nil {
				return err
			}
		case version:
		default:
			return errForeign
		}
		return x.compare(c)
	})
}

func (x *Index) create(c *conn) error {
	if err := c.exec(schema); err != nil {
		return err
	}
	for _, table := range projected {
		if err := c.keepUndo(table); err != nil {
			return err
		}
	}
	start := signed(x.cfg.Start)
	if err := c.run(`INSERT INTO state VALUES (1, ?, ?, ?, ?, ?, 0, 0, 0)`,
		signed(x.cfg.ChainID), start, start-1, start-1, x.known.meaning); err != nil {
		return err
	}
	return c.exec(fmt.Sprintf("PRAGMA user_version = %d", version))
}

// compare finds out what has changed since the file was written last: a place that
// is new has to be read up to the cursor, and rows that would be made otherwise now
// have to be made again.
func (x *Index) compare(c *conn) error {
	same, err := c.whole(0, `SELECT chain = ? AND start = ? FROM state`, signed(x.cfg.ChainID), signed(x.cfg.Start))
	if err != nil {
		return err
	}
	if same == 0 {
		return errForeign
	}
	configured := int64(0)
	for name, at := range x.cfg.Places {
		n, err := c.whole(0, `SELECT count(*) FROM contract WHERE address = ? AND name = ? AND announced = -1`, at[:], name)
		if err != nil {
			return err
		}
		if n == 0 {
			err = c.run(`INSERT INTO contract SELECT ?, ?, -1, CASE WHEN cursor < start THEN NULL ELSE start END FROM state WHERE true
				ON CONFLICT DO UPDATE SET name = excluded.name, announced = -1`, at[:], name)
			if err == nil {
				err = c.run(`UPDATE state SET stale = 1`)
			}
		}
		if err != nil {
			return err
		}
		configured++
	}
	if n, err := c.whole(0, `SELECT count(*) FROM contract WHERE announced = -1`); err != nil || n != configured {
		return errors.Join(err, errForeign)
	}
	return c.run(`UPDATE state SET stale = 1, meaning = ? WHERE meaning <> ?`, x.known.meaning, x.known.meaning)
}

// Place tells where contracts stand now, those among them that were deployed since
// the index was opened: what they told is read from the start, with the next Step.
func (x *Index) Place(places map[string]sinso.Address) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.placed = maps.Clone(places)
}

// replace takes in what Place told.
func (x *Index) replace(ctx context.Context) error {
	x.mu.Lock()
	places := x.placed
	x.placed = nil
	x.mu.Unlock()
	if places == nil {
		return nil
	}
	x.cfg.Places, x.loaded = places, false
	x.source.forget() // it has the logs of the contracts that were known alone
	err := x.write(ctx, x.compare)
	if err != nil {
		x.Place(places) // the next Step tries again
	}
	return err
}

// Close waits for what is running to end; later calls return ErrUnavailable.
func (x *Index) Close() error {
	first := false
	x.closing.Do(func() { close(x.closed); first = true })
	if !first {
		return nil
	}
	var failed error
	for range readers {
		if c := <-x.readers; c != nil {
			failed = errors.Join(failed, c.close())
		}
	}
	// The writer last: the last connection to close folds the log into the file.
	if c := <-x.writer; c != nil {
		failed = errors.Join(failed, c.close())
	}
	clear(x.cfg.Key[:])
	return failed
}

func take(ctx context.Context, closed <-chan struct{}, pool <-chan *conn) (*conn, error) {
	select {
	case <-closed:
		return nil, fmt.Errorf("index: it is closed: %w", sinso.ErrUnavailable)
	default:
	}
	select {
	case <-closed:
		return nil, fmt.Errorf("index: it is closed: %w", sinso.ErrUnavailable)
	case <-ctx.Done():
		return nil, fmt.Errorf("index: wait for it: %w", ctx.Err())
	case c := <-pool:
		return c, nil
	}
}

// write runs fn in one transaction. If it fails, nothing is kept.
func (x *Index) write(ctx context.Context, fn func(*conn) error) error {
	c, err := take(ctx, x.closed, x.writer)
	if err != nil {
		return err
	}
	defer func() { x.writer <- c }()
	if c == nil {
		return fmt.Errorf("index: the file is not open: %w", sinso.ErrUnavailable)
	}
	return transact(ctx, c, "BEGIN IMMEDIATE", func() error { return fn(c) })
}

// reopen opens the file again that could not be made anew.
func (x *Index) reopen(ctx context.Context) error {
	c, err := take(ctx, x.closed, x.writer)
	if err != nil {
		return err
	}
	defer func() { x.writer <- c }()
	if c != nil {
		return nil
	}
	opened, err := x.openOrMake(ctx)
	if err == nil {
		c = opened
	}
	return err
}

// view runs fn on a snapshot.
func (x *Index) view(ctx context.Context, fn func(*conn) error) error {
	c, err := take(ctx, x.closed, x.readers)
	if err != nil {
		return err
	}
	defer func() { x.readers <- c }()
	if c == nil {
		opened, err := x.openReader(ctx)
		if err != nil {
			return err
		}
		c = opened
	}
	return transact(ctx, c, "BEGIN", func() error { return fn(c) })
}

func transact(ctx context.Context, c *conn, begin string, fn func() error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	free := c.db.SetInterrupt(ctx)
	defer c.db.SetInterrupt(free)
	committed := false
	defer func() { // also when fn panics
		if !committed {
			c.db.SetInterrupt(free)   // a cancelled transaction must roll back too
			_ = c.db.Exec("ROLLBACK") // fails only where SQLite has rolled back already
		}
	}()
	err := c.run(begin)
	if err == nil {
		err = fn()
	}
	if err == nil {
		err = c.run("COMMIT")
	}
	if err != nil {
		if ended := ctx.Err(); ended != nil {
			return fmt.Errorf("index: %w", ended)
		}
		return err
	}
	committed = true
	return nil
}

// anew deletes a damaged file and makes an empty one, which fills again from the
// chain.
func (x *Index) anew(ctx context.Context) error {
	w, err := take(ctx, x.closed, x.writer)
	if err != nil {
		return err
	}
	defer func() { x.writer <- w }()
	taken := 0
	defer func() {
		for range taken {
			x.readers <- nil
		}
	}()
	for ; taken < readers; taken++ {
		c, err := take(ctx, x.closed, x.readers)
		if err != nil {
			return err
		}
		if c != nil {
			_ = c.close() // it may be damaged, and what it held is to be deleted
		}
	}
	if w != nil {
		_ = w.close() // the same
		w = nil
	}
	if err := Remove(x.path); err != nil {
		return err
	}
	x.loaded = false
	opened, err := x.openFile(ctx)
	if err == nil {
		w = opened
	}
	return err
}

// signed is a whole number as the file stores it.
func signed(n uint64) int64 { return int64(min(n, 1<<62)) }

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
