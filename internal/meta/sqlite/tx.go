package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// tx is one transaction on one connection.
type tx struct {
	ctx      context.Context //nolint:containedctx // lives as long as the transaction, and the port's methods take none
	conn     *conn
	readOnly bool
	done     bool  // fn has returned
	failed   error // the first write that failed: nothing may be kept

	filings map[sinso.SeriesID]*filing // by series, of those filed into
	dirty   []*filing                  // those with counts to write
	deltas  map[int64]*delta           // by series
	last    saved
}

// each runs a query and calls fn with every row, after what was counted is written.
func (t *tx) each(sql string, args []any, fn func(*sqlite3.Stmt) error) error {
	if len(t.dirty) > 0 && !t.done {
		if err := t.flush(); err != nil {
			return err
		}
	}
	return t.run(sql, args, fn)
}

// run runs a statement and calls fn with every row. A value in args is a string, an
// int64 or bytes.
func (t *tx) run(sql string, args []any, fn func(*sqlite3.Stmt) error) error {
	if t.done {
		return fmt.Errorf("meta: the transaction has ended: %w", sinso.ErrInvalid)
	}
	s, err := t.conn.prepare(sql)
	if err != nil {
		return t.classify(err)
	}
	defer t.conn.giveBack(sql, s)
	for i, arg := range args {
		if err := bind(s, i+1, arg); err != nil {
			return t.classify(err)
		}
	}
	for s.Step() {
		if err := fn(s); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return t.classify(err)
	}
	return nil
}

func bind(s *sqlite3.Stmt, i int, arg any) error {
	switch v := arg.(type) {
	case string:
		return s.BindText(i, v)
	case int64:
		return s.BindInt64(i, v)
	case []byte:
		return s.BindBlob(i, v)
	}
	return fmt.Errorf("meta: bind %T: %w", arg, sinso.ErrInvalid)
}

func (t *tx) exec(sql string, args ...any) error {
	return t.run(sql, args, func(*sqlite3.Stmt) error { return nil })
}

// write runs one statement that changes rows, and returns how many it changed.
func (t *tx) write(sql string, args ...any) (int64, error) {
	if t.readOnly {
		return 0, errView()
	}
	if t.failed != nil { // the engine may have rolled back: a later write would stand alone
		return 0, t.failed
	}
	if err := t.exec(sql, args...); err != nil {
		t.failed = err
		return 0, err
	}
	return t.conn.db.Changes(), nil
}

func errView() error { return fmt.Errorf("meta: a view does not save: %w", sinso.ErrInvalid) }

// save is write for callers that do not count.
func (t *tx) save(sql string, args ...any) error {
	_, err := t.write(sql, args...)
	return err
}

func (t *tx) classify(err error) error {
	if ended := t.ctx.Err(); ended != nil {
		return fmt.Errorf("meta: %w", ended)
	}
	return classify("run", err)
}

// one returns the first row of a query, or ErrNotFound.
func one[T any](t *tx, what, sql string, args []any, scan func(*sqlite3.Stmt) (T, error)) (T, error) {
	var row T
	found := errors.New("found")
	err := t.each(sql, args, func(s *sqlite3.Stmt) (err error) {
		if row, err = scan(s); err != nil {
			return err
		}
		return found
	})
	if errors.Is(err, found) {
		return row, nil
	}
	if err == nil {
		err = fmt.Errorf("meta: %s: %w", what, sinso.ErrNotFound)
	}
	var none T
	return none, err
}

// list calls fn with every row of a query.
func list[T any](t *tx, sql string, args []any, scan func(*sqlite3.Stmt) (T, error), fn func(T) error) error {
	return t.each(sql, args, func(s *sqlite3.Stmt) error {
		row, err := scan(s)
		if err != nil {
			return err
		}
		return fn(row)
	})
}

// body reads a row from the JSON in column 0. The decoder's words may quote a
// value, so they are not passed on.
func body[T any](s *sqlite3.Stmt) (T, error) {
	var row T
	if err := json.Unmarshal(s.ColumnRawBlob(0), &row); err != nil {
		return row, fmt.Errorf("meta: a row cannot be read: %w", sinso.ErrCorrupt)
	}
	return row, nil
}

// encode writes a row as JSON.
func encode(row any) ([]byte, error) {
	b, err := json.Marshal(row)
	if err != nil {
		return nil, fmt.Errorf("meta: a row cannot be written: %w", sinso.ErrInvalid)
	}
	return b, nil
}

// number turns a sequence number into what the engine stores.
func number(v uint64) (int64, error) {
	if v > math.MaxInt64 {
		return 0, fmt.Errorf("meta: a number is too large: %w", sinso.ErrInvalid)
	}
	return int64(v), nil
}

// need returns ErrInvalid if an ID that a row is saved by is missing.
func need(what string, ids ...string) error {
	for _, id := range ids {
		if id == "" {
			return fmt.Errorf("meta: save %s: an ID is missing: %w", what, sinso.ErrInvalid)
		}
	}
	return nil
}

// Cursor implements [sinso.MetaTx].
func (t *tx) Cursor() (uint64, error) {
	return one(t, "cursor", "SELECT cursor FROM state WHERE id = 1", nil, func(s *sqlite3.Stmt) (uint64, error) {
		return uint64(s.ColumnInt64(0)), nil //nolint:gosec // written by SetCursor, never negative
	})
}

// SetCursor implements [sinso.MetaTx].
func (t *tx) SetCursor(next uint64) error {
	n, err := number(next)
	if err != nil {
		return err
	}
	return t.save("UPDATE state SET cursor = ? WHERE id = 1", n)
}
