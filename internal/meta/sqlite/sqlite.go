// Package sqlite keeps the index in one encrypted SQLite file: the adapter
// "sqlite" of port [sinso.Meta].
//
// The file and its write-ahead log are encrypted page by page with Adiantum
// (docs/adr/0003-encrypted-sqlite.md), and each page carries a checksum, so a
// changed byte is found. What a thief of the files learns is their size and,
// from several copies, which pages changed.
package sqlite

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/sqlfile"
)

// readers is how many snapshots may be open at once; more wait. It bounds
// memory: each connection is an engine of its own with up to readerCache.
const readers = 8

const (
	writerCache = 32 << 20 // bytes; a transaction of some thousand rows does not spill
	readerCache = 4 << 20  // bytes
)

// Config says where the index is.
type Config struct {
	// Path of the database file; its folder must exist. Files beside it have the
	// same name and the endings -wal and -shm.
	Path string
	// Key encrypts the file. The caller derives it; see docs/formats.md, "index".
	Key [32]byte
}

// Index is an open index.
type Index struct {
	path string
	key  [32]byte

	// A connection is used by whoever took it out of its pool.
	writer  *pool
	readers *pool

	closing sync.Once
	closed  chan struct{}
}

var _ sinso.Meta = (*Index)(nil)

// Open opens the index at cfg.Path, and makes it if it is not there. A file
// that is damaged, or was written under another key, is ErrCorrupt; a file of a
// newer version is ErrUnsupported. For both, [Remove] it, open again and replay
// the journal. A file of an older version is emptied: its cursor is 0.
func Open(ctx context.Context, cfg Config) (*Index, error) {
	path, err := filepath.Abs(cfg.Path)
	if err != nil || cfg.Path == "" {
		return nil, fmt.Errorf("meta: open: the index needs a path: %w", sinso.ErrInvalid)
	}
	x := &Index{
		path: path, key: cfg.Key,
		closed: make(chan struct{}),
	}
	w, err := x.openWriter(ctx)
	if err != nil {
		return nil, err
	}
	x.writer, x.readers = newPool(x.closed, w), newPool(x.closed, unopened()...)
	return x, nil
}

// Remove deletes the index at path, damaged or not. It must not be open.
func Remove(path string) error {
	for _, ending := range []string{"-wal", "-shm", "-journal", freshEnding, ""} {
		if err := os.Remove(path + ending); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("meta: remove the index: %w", sinso.ErrUnavailable)
		}
	}
	return nil
}

// Tx implements [sinso.Meta]. A Tx inside a Tx would wait for itself. If a Save
// fails, nothing is kept, even if fn goes on and returns nil.
func (x *Index) Tx(ctx context.Context, fn func(sinso.MetaTx) error) error {
	return x.run(ctx, x.writer, "BEGIN IMMEDIATE", fn)
}

// View implements [sinso.Meta]. The snapshot is of the moment View is called.
func (x *Index) View(ctx context.Context, fn func(sinso.MetaTx) error) error {
	return x.run(ctx, x.readers, "BEGIN", fn)
}

// Reset implements [sinso.Meta]. It waits for open transactions to end, deletes
// the files and makes them anew, so it also mends a damaged index. If that
// fails the index is closed.
func (x *Index) Reset(ctx context.Context) error {
	if err := x.takeAll(ctx); err != nil {
		return err
	}
	fresh, err := x.remake(ctx)
	x.putAll(fresh)
	return err
}

// putAll gives out connections again: a writer, if there is one, and readers.
// Without one the index is closed.
func (x *Index) putAll(writer *conn) {
	if writer == nil {
		x.closing.Do(func() { close(x.closed) })
		writer = &conn{}
	}
	x.writer.put(writer)
	for _, c := range unopened() {
		x.readers.put(c)
	}
}

// Scrub implements [sinso.Meta]. It writes what is there into a new file, which takes
// the place of the old one: pages that were deleted, or changed, are in neither.
// Readers go on until the files are exchanged; writers wait.
func (x *Index) Scrub(ctx context.Context) error {
	w, err := x.writer.take(ctx)
	if err != nil {
		return err
	}
	if err := x.copyTo(ctx, w, x.path+freshEnding); err != nil {
		x.writer.put(w)
		return err
	}
	taken, err := x.takeReaders(ctx)
	if err != nil {
		x.writer.put(w)
		return err
	}
	fresh, err := x.exchange(ctx, append(taken, w))
	x.putAll(fresh)
	return err
}

// freshEnding is of the file that is to take the index's place.
const freshEnding = "-fresh"

// copyTo writes what is in the index into another file.
func (x *Index) copyTo(ctx context.Context, w *conn, path string) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("meta: make the index anew: %w: %w", sinso.ErrUnavailable, reason(err))
	}
	free := w.db.SetInterrupt(ctx)
	defer w.db.SetInterrupt(free)
	name := "file:" + url.PathEscape(path) + "?vfs=" + sqlfile.VFS + "&modeof=" + url.PathEscape(x.path) + "&hexkey=" + hex.EncodeToString(x.key[:])
	if err := w.exec("VACUUM INTO '" + strings.ReplaceAll(name, "'", "''") + "'"); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // beside our own: SQLite does not sync it
	if err == nil {
		err = errors.Join(f.Chmod(0o600), f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("meta: make the index anew: %w: %w", sinso.ErrUnavailable, reason(err))
	}
	return nil
}

// exchange closes all connections and opens the fresh file in the index's place. The
// last connection folds the log into the old file, so that none of it is read into
// the new one.
func (x *Index) exchange(ctx context.Context, open []*conn) (*conn, error) {
	var failed error
	for _, c := range open {
		failed = errors.Join(failed, c.close())
	}
	for _, ending := range []string{"-wal", "-shm"} {
		if _, err := os.Lstat(x.path + ending); failed == nil && err == nil {
			failed = fmt.Errorf("meta: make the index anew: its log is still there: %w", sinso.ErrUnavailable)
		}
	}
	if failed == nil {
		if err := os.Rename(x.path+freshEnding, x.path); err != nil {
			failed = fmt.Errorf("meta: make the index anew: %w: %w", sinso.ErrUnavailable, reason(err))
		}
	}
	if failed == nil {
		failed = durable.SyncDir(filepath.Dir(x.path))
	}
	w, err := x.openWriter(ctx)
	return w, errors.Join(failed, err)
}

// Check implements [sinso.Meta]: it reads every page, tests its checksum, and
// compares tables with their indexes.
func (x *Index) Check(ctx context.Context) error {
	return x.View(ctx, func(m sinso.MetaTx) error {
		t, ok := m.(*tx)
		if !ok {
			return fmt.Errorf("meta: check: %w", sinso.ErrInvalid)
		}
		// The words of the answer may quote a value, so they are not passed on.
		return t.each("PRAGMA integrity_check(1)", nil, func(s *sqlite3.Stmt) error {
			if s.ColumnText(0) != "ok" {
				return fmt.Errorf("meta: check: the index is damaged: %w", sinso.ErrCorrupt)
			}
			return nil
		})
	})
}

// Close implements [sinso.Meta]. It waits for open transactions to end; later
// calls return ErrUnavailable. Closing twice is no error.
func (x *Index) Close() error {
	first := false
	x.closing.Do(func() { close(x.closed); first = true })
	if !first {
		return nil
	}
	var failed error
	for range readers {
		if err := x.readers.drain().close(); err != nil {
			failed = err
		}
	}
	// The writer last: the last connection to close folds the log into the file.
	if err := x.writer.drain().close(); err != nil {
		failed = err
	}
	clear(x.key[:])
	return failed
}

// takeAll takes every connection out of its channel and closes it, or puts
// those taken back. The writer comes first, so that two callers cannot hold a
// half each.
func (x *Index) takeAll(ctx context.Context) error {
	w, err := x.writer.take(ctx)
	if err != nil {
		return err
	}
	taken, err := x.takeReaders(ctx)
	if err != nil {
		x.writer.put(w)
		return err
	}
	for _, r := range append(taken, w) {
		_ = r.close() // it may be damaged, and what it held is to be deleted
	}
	return nil
}

// takeReaders takes every reader, or puts those taken back. The caller has the writer.
func (x *Index) takeReaders(ctx context.Context) ([]*conn, error) {
	taken := make([]*conn, 0, readers)
	for range readers {
		r, err := x.readers.take(ctx)
		if err != nil {
			for _, back := range taken {
				x.readers.put(back)
			}
			return nil, err
		}
		taken = append(taken, r)
	}
	return taken, nil
}

func (x *Index) remake(ctx context.Context) (*conn, error) {
	if err := Remove(x.path); err != nil {
		return nil, err
	}
	return x.openWriter(ctx)
}

// unopened are readers that are opened when they are first used.
func unopened() []*conn {
	conns := make([]*conn, readers)
	for i := range conns {
		conns[i] = &conn{}
	}
	return conns
}

// run runs fn in one transaction on a connection of pool.
func (x *Index) run(ctx context.Context, pool *pool, begin string, fn func(sinso.MetaTx) error) (err error) {
	c, err := pool.take(ctx)
	if err != nil {
		return err
	}
	defer func() { pool.put(c) }()
	if c.db == nil {
		if err := x.openReader(ctx, c); err != nil {
			return err
		}
	}
	free := c.db.SetInterrupt(ctx)
	defer c.db.SetInterrupt(free)

	t := &tx{ctx: ctx, conn: c, readOnly: pool == x.readers, filings: map[sinso.SeriesID]*filing{}, deltas: map[int64]*delta{}}
	if err := t.exec(begin); err != nil {
		return err
	}
	committed := false
	defer func() { // also when fn panics
		t.done = true
		if !committed {
			c.db.SetInterrupt(free) // a cancelled transaction must roll back too
			_ = c.exec("ROLLBACK")  // fails only where SQLite has rolled back already
		}
	}()
	if _, err := t.Cursor(); err != nil { // fixes the snapshot
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	if t.failed != nil {
		return t.failed
	}
	if err := t.exec("COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// openWriter opens the connection that writes, and brings the file to the
// newest version.
func (x *Index) openWriter(ctx context.Context) (*conn, error) {
	// SQLite would give the file the rights of the umask.
	f, err := os.OpenFile(x.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("meta: open the index: %w: %w", sinso.ErrUnavailable, reason(err))
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("meta: open the index: %w: %w", sinso.ErrUnavailable, reason(err))
	}
	c := &conn{}
	if err := x.connect(ctx, c); err != nil {
		return nil, err
	}
	if err := prepareFile(ctx, c); err != nil {
		_ = c.close()      // the first error says why
		if err != errOld { //nolint:errorlint // the very error, which leaves this package never
			return nil, err
		}
		if err := Remove(x.path); err != nil {
			return nil, err
		}
		return x.openWriter(ctx) // now it is new
	}
	// The wal-index holds page numbers only, but stays private like the rest.
	if err := os.Chmod(x.path+"-shm", 0o600); err != nil {
		_ = c.close() // the first error says why
		return nil, fmt.Errorf("meta: open the index: %w: %w", sinso.ErrUnavailable, reason(err))
	}
	return c, nil
}

// prepareFile sets up the file behind a fresh writer.
//
// WAL lets readers keep their snapshot while a writer writes. synchronous=NORMAL
// syncs at checkpoints only: after loss of power the newest transactions may be
// gone, which the journal's replay brings back from the cursor on, but the file
// is never half written, as it could be with OFF.
func prepareFile(ctx context.Context, c *conn) error {
	if err := c.check(); err != nil {
		return err
	}
	if err := c.db.EnableChecksums("main"); err != nil { // before WAL: it rewrites the file
		return classify("enable checksums", err)
	}
	for _, pragma := range []string{
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = NORMAL",
		fmt.Sprintf("PRAGMA cache_size = -%d", writerCache>>10), // in KiB when negative
	} {
		if err := c.exec(pragma); err != nil {
			return err
		}
	}
	return prepareSchema(ctx, c)
}

func (x *Index) openReader(ctx context.Context, c *conn) error {
	if err := x.connect(ctx, c); err != nil {
		return err
	}
	for _, pragma := range []string{
		"PRAGMA query_only = ON",
		fmt.Sprintf("PRAGMA cache_size = -%d", readerCache>>10),
	} {
		if err := c.exec(pragma); err != nil {
			_ = c.close() // the first error says why
			return err
		}
	}
	return nil
}

// connect opens a connection and gives it the key.
func (x *Index) connect(ctx context.Context, c *conn) error {
	// The log and journals get the rights of the database file by modeof.
	// SQLite does not read + as a space, as PathEscape knows.
	name := "file:" + url.PathEscape(x.path) + "?vfs=" + sqlfile.VFS + "&modeof=" + url.PathEscape(x.path)
	// The connection outlives this call; run gives it each caller's context.
	db, err := sqlite3.OpenContext(context.WithoutCancel(ctx), name)
	if err != nil {
		return classify("open", err)
	}
	*c = conn{db: db, idle: map[string][]*sqlite3.Stmt{}}
	for _, pragma := range []string{
		"PRAGMA hexkey = '" + hex.EncodeToString(x.key[:]) + "'",
		"PRAGMA temp_store = MEMORY", // sorted rows never reach a file
		"PRAGMA busy_timeout = 5000", // ms: recovery and checkpoints of another connection
		"PRAGMA trusted_schema = OFF",
	} {
		if err := c.exec(pragma); err != nil {
			_ = c.close() // the first error says why
			return err
		}
	}
	return nil
}

// reason takes the path out of a file error: it may name a person's folder.
func reason(err error) error {
	if pe, ok := err.(*fs.PathError); ok { //nolint:errorlint // os returns it bare
		return pe.Err
	}
	return err
}
