package sqlite

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

//go:embed schema.sql
var schema string

// conn is one connection with its prepared statements. A statement that is in
// use is not in idle, so a list may be walked inside a list.
type conn struct {
	db   *sqlite3.Conn
	idle map[string][]*sqlite3.Stmt
}

func (c *conn) close() error {
	if c.db == nil {
		return nil
	}
	for _, stmts := range c.idle {
		for _, s := range stmts {
			_ = s.Close() // reports the last error of the statement, not one of closing
		}
	}
	err := c.db.Close()
	*c = conn{}
	if err != nil {
		return classify("close", err)
	}
	return nil
}

// exec runs a statement that is needed once.
func (c *conn) exec(sql string) error {
	if err := c.db.Exec(sql); err != nil {
		return classify("set up", err)
	}
	return nil
}

// check reads the head of the file and so tells a wrong key.
func (c *conn) check() error {
	return c.exec("SELECT count(*) FROM sqlite_schema")
}

// prepare takes a statement out of idle, or makes it.
func (c *conn) prepare(sql string) (*sqlite3.Stmt, error) {
	if idle := c.idle[sql]; len(idle) > 0 {
		s := idle[len(idle)-1]
		c.idle[sql] = idle[:len(idle)-1]
		return s, nil
	}
	s, _, err := c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	return s, err
}

// giveBack puts a statement back.
func (c *conn) giveBack(sql string, s *sqlite3.Stmt) {
	_ = s.Reset() // repeats the error of the last step, which was returned
	c.idle[sql] = append(c.idle[sql], s)
}

// version is that of schema.sql, in PRAGMA user_version.
const version = 10

// errOld says that the file has an older version. The index is a projection, so
// nothing is converted: it is made anew, and filled from the journal.
var errOld = errors.New("an older version")

// prepareSchema makes the tables of a fresh file, and looks at the version of
// another.
func prepareSchema(ctx context.Context, c *conn) error {
	t := &tx{ctx: ctx, conn: c}
	found := 0
	if err := t.each("PRAGMA user_version", nil, func(s *sqlite3.Stmt) error {
		found = s.ColumnInt(0)
		return nil
	}); err != nil {
		return err
	}
	switch {
	case found == version:
		return nil
	case found == 0:
		return c.exec(fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA user_version = %d; COMMIT", schema, version))
	case found > 0 && found < version:
		return errOld
	}
	return fmt.Errorf("meta: the index has version %d, this program knows %d: %w", found, version, sinso.ErrUnsupported)
}

// classify gives an engine's error its class, and keeps its code alone: the
// engine's words may hold SQL, values or paths.
func classify(doing string, err error) error {
	var code sqlite3.ExtendedErrorCode
	if !errors.As(err, &code) {
		return fmt.Errorf("meta: %s: %w", doing, sinso.ErrUnavailable)
	}
	class := sinso.ErrUnavailable
	switch {
	case errors.Is(code, sqlite3.CORRUPT), errors.Is(code, sqlite3.NOTADB),
		errors.Is(code, sqlite3.IOERR_DATA), errors.Is(code, sqlite3.IOERR_CORRUPTFS),
		errors.Is(code, sqlite3.IOERR_SHORT_READ):
		class = sinso.ErrCorrupt
	case errors.Is(code, sqlite3.BUSY), errors.Is(code, sqlite3.LOCKED):
		class = sinso.ErrBusy
	}
	return fmt.Errorf("meta: %s: engine code %d: %w", doing, uint16(code), class)
}
