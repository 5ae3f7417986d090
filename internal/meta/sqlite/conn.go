package sqlite

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

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

// migrate brings the file to the newest version: migration i makes version i+1.
func migrate(ctx context.Context, c *conn) error {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql") // sorted by name
	if err != nil {
		return fmt.Errorf("meta: list migrations: %w", err)
	}
	t := &tx{ctx: ctx, conn: c}
	version := 0
	if err := t.each("PRAGMA user_version", nil, func(s *sqlite3.Stmt) error {
		version = s.ColumnInt(0)
		return nil
	}); err != nil {
		return err
	}
	if version < 0 || version > len(files) {
		return fmt.Errorf("meta: the index has version %d, this program knows %d: %w", version, len(files), sinso.ErrUnsupported)
	}
	for i, file := range files[version:] {
		sql, err := migrationFiles.ReadFile(file)
		if err != nil {
			return fmt.Errorf("meta: read a migration: %w", err)
		}
		step := fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA user_version = %d; COMMIT", sql, version+i+1)
		if err := c.exec(step); err != nil {
			return err
		}
	}
	return nil
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
