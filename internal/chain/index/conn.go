package index

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/sqlfile"
)

const (
	writerCache = 48 << 20 // bytes; a rebuild touches rows all over the tables
	readerCache = 8 << 20  // bytes
)

// conn is one connection with its prepared statements. A statement that is in use
// is not in idle, so a list may be walked inside a list.
type conn struct {
	db   *sqlite3.Conn
	idle map[string][]*sqlite3.Stmt
}

func (x *Index) connect(ctx context.Context) (*conn, error) {
	name := "file:" + url.PathEscape(x.path) + "?vfs=" + sqlfile.VFS + "&modeof=" + url.PathEscape(x.path)
	// The connection outlives this call; each use gives it a context of its own.
	db, err := sqlite3.OpenContext(context.WithoutCancel(ctx), name)
	if err != nil {
		return nil, classify("open", err)
	}
	c := &conn{db: db, idle: map[string][]*sqlite3.Stmt{}}
	for _, pragma := range []string{
		"PRAGMA hexkey = '" + hex.EncodeToString(x.cfg.Key[:]) + "'",
		"PRAGMA temp_store = MEMORY", // sorted rows never reach a file
		"PRAGMA busy_timeout = 5000", // ms: checkpoints of another connection
		"PRAGMA trusted_schema = OFF",
	} {
		if err := c.exec(pragma); err != nil {
			_ = c.close() // the first error says why
			return nil, err
		}
	}
	return c, nil
}

// openWriter opens the connection that writes. The file is a copy of what the chain
// says, so it is synced at checkpoints alone: after loss of power it is whole, and
// may lack the newest blocks, which are asked for again.
func (x *Index) openWriter(ctx context.Context) (*conn, error) {
	f, err := os.OpenFile(x.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("index: open the file: %w: %w", sinso.ErrUnavailable, bare(err))
	}
	c, err := x.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.prepareFile(); err != nil {
		_ = c.close() // the first error says why
		return nil, err
	}
	return c, nil
}

func (c *conn) prepareFile() error {
	if err := c.exec("SELECT count(*) FROM sqlite_schema"); err != nil { // tells a wrong key
		return err
	}
	if err := c.db.EnableChecksums("main"); err != nil { // before WAL: it rewrites the file
		return classify("enable checksums", err)
	}
	for _, pragma := range []string{
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = NORMAL",
		"PRAGMA wal_autocheckpoint = 8192",                      // pages: 32 MiB
		"PRAGMA journal_size_limit = 67108864",                  // bytes that the log keeps after a great transaction
		fmt.Sprintf("PRAGMA cache_size = -%d", writerCache>>10), // in KiB when negative
	} {
		if err := c.exec(pragma); err != nil {
			return err
		}
	}
	return nil
}

func (x *Index) openReader(ctx context.Context) (*conn, error) {
	c, err := x.connect(ctx)
	if err != nil {
		return nil, err
	}
	for _, pragma := range []string{"PRAGMA query_only = ON", fmt.Sprintf("PRAGMA cache_size = -%d", readerCache>>10)} {
		if err := c.exec(pragma); err != nil {
			_ = c.close() // the first error says why
			return nil, err
		}
	}
	return c, nil
}

func (c *conn) close() error {
	for _, stmts := range c.idle {
		for _, s := range stmts {
			_ = s.Close() // reports the last error of the statement, not one of closing
		}
	}
	c.idle = nil
	if err := c.db.Close(); err != nil {
		return classify("close", err)
	}
	return nil
}

// exec runs a script that is needed once.
func (c *conn) exec(sql string) error {
	if err := c.db.Exec(sql); err != nil {
		return classify("set up", err)
	}
	return nil
}

func (c *conn) take(sql string) (*sqlite3.Stmt, error) {
	if idle := c.idle[sql]; len(idle) > 0 {
		s := idle[len(idle)-1]
		c.idle[sql] = idle[:len(idle)-1]
		return s, nil
	}
	s, _, err := c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, classify("prepare", err)
	}
	return s, nil
}

// each calls fn with every row of a statement.
func (c *conn) each(sql string, args []any, fn func(*sqlite3.Stmt) error) error {
	s, err := c.take(sql)
	if err != nil {
		return err
	}
	defer func() {
		_ = s.Reset() // repeats the error of the last step, which was returned
		c.idle[sql] = append(c.idle[sql], s)
	}()
	for i, arg := range args {
		if err := bind(s, i+1, arg); err != nil {
			return err
		}
	}
	for s.Step() {
		if err := fn(s); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return classify("run", err)
	}
	return nil
}

// run runs a statement whose rows, if any, are not looked at.
func (c *conn) run(sql string, args ...any) error {
	return c.each(sql, args, func(*sqlite3.Stmt) error { return nil })
}

// whole returns the whole number in the first column of the first row; none is
// what it is without a row.
func (c *conn) whole(none int64, sql string, args ...any) (int64, error) {
	n := none
	err := c.each(sql, args, func(s *sqlite3.Stmt) error { n = s.ColumnInt64(0); return nil })
	return n, err
}

func bind(s *sqlite3.Stmt, i int, arg any) error {
	var err error
	switch v := arg.(type) {
	case nil:
		err = s.BindNull(i)
	case []byte:
		if v == nil {
			v = []byte{}
		}
		err = s.BindBlob(i, v)
	case int64:
		err = s.BindInt64(i, v)
	case bool:
		err = s.BindBool(i, v)
	case string:
		err = s.BindText(i, v)
	default:
		return fmt.Errorf("index: bind %T: %w", arg, sinso.ErrInvalid)
	}
	if err != nil {
		return classify("bind", err)
	}
	return nil
}

// classify gives an engine's error its class, and keeps its code alone.
func classify(doing string, err error) error {
	var code sqlite3.ExtendedErrorCode
	if !errors.As(err, &code) {
		return fmt.Errorf("index: %s: %w", doing, sinso.ErrUnavailable)
	}
	class := sinso.ErrUnavailable
	switch {
	case errors.Is(code, sqlite3.CORRUPT), errors.Is(code, sqlite3.NOTADB),
		errors.Is(code, sqlite3.IOERR_DATA), errors.Is(code, sqlite3.IOERR_CORRUPTFS),
		errors.Is(code, sqlite3.IOERR_SHORT_READ):
		class = errDamaged
	case errors.Is(code, sqlite3.BUSY), errors.Is(code, sqlite3.LOCKED):
		class = sinso.ErrBusy
	}
	return fmt.Errorf("index: %s: engine code %d: %w", doing, uint16(code), class)
}

// errDamaged is the class of a file that has to be made anew: what the endpoint
// says may be ErrCorrupt too.
var errDamaged = fmt.Errorf("the file is damaged: %w", sinso.ErrCorrupt)

// bare takes the path out of a file error: it may name a person's folder.
func bare(err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
