package sqlite

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// The rows of the market, of the doors and of the log: releases, orders,
// purchases, bearer tokens, public blocks, events.

// notZero returns ErrInvalid for a hash that a row cannot be saved by.
func notZero(what string, h sinso.Hash) error {
	if h == (sinso.Hash{}) {
		return fmt.Errorf("meta: save %s: its hash is zero: %w", what, sinso.ErrInvalid)
	}
	return nil
}

// SaveRelease implements [sinso.MetaTx].
func (t *tx) SaveRelease(row sinso.ReleaseRow) error {
	if err := need("release", string(row.ID)); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO release (id, person, token, body) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET person = excluded.person, token = excluded.token, body = excluded.body`,
		string(row.ID), string(row.Person), row.Token[:], b)
}

// Release implements [sinso.MetaTx].
func (t *tx) Release(id sinso.ReleaseID) (sinso.ReleaseRow, error) {
	return one(t, "release", "SELECT body FROM release WHERE id = ?", []any{string(id)}, body[sinso.ReleaseRow])
}

// ReleaseByToken implements [sinso.MetaTx].
func (t *tx) ReleaseByToken(token sinso.TokenID) (sinso.ReleaseRow, error) {
	return one(t, "release by token", "SELECT body FROM release WHERE token = ? AND token <> zeroblob(32) ORDER BY n",
		[]any{token[:]}, body[sinso.ReleaseRow])
}

// Releases implements [sinso.MetaTx].
func (t *tx) Releases(person sinso.PersonID, fn func(sinso.ReleaseRow) error) error {
	if person == "" {
		return list(t, "SELECT body FROM release ORDER BY n", nil, body[sinso.ReleaseRow], fn)
	}
	return list(t, "SELECT body FROM release WHERE person = ? ORDER BY n", []any{string(person)}, body[sinso.ReleaseRow], fn)
}

// SaveOrder implements [sinso.MetaTx].
func (t *tx) SaveOrder(row sinso.OrderRow) error {
	if err := notZero("order", row.Hash); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO offer (hash, person, body) VALUES (?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET person = excluded.person, body = excluded.body`,
		row.Hash[:], string(row.Person), b)
}

// Order implements [sinso.MetaTx].
func (t *tx) Order(hash sinso.Hash) (sinso.OrderRow, error) {
	return one(t, "order", "SELECT body FROM offer WHERE hash = ?", []any{hash[:]}, body[sinso.OrderRow])
}

// Orders implements [sinso.MetaTx].
func (t *tx) Orders(person sinso.PersonID, fn func(sinso.OrderRow) error) error {
	if person == "" {
		return list(t, "SELECT body FROM offer ORDER BY n", nil, body[sinso.OrderRow], fn)
	}
	return list(t, "SELECT body FROM offer WHERE person = ? ORDER BY n", []any{string(person)}, body[sinso.OrderRow], fn)
}

// SavePurchase implements [sinso.MetaTx].
func (t *tx) SavePurchase(row sinso.PurchaseRow) error {
	if err := notZero("purchase", row.Order); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO purchase (hash, token, body) VALUES (?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET token = excluded.token, body = excluded.body`,
		row.Order[:], row.Token[:], b)
}

// Purchase implements [sinso.MetaTx].
func (t *tx) Purchase(order sinso.Hash) (sinso.PurchaseRow, error) {
	return one(t, "purchase", "SELECT body FROM purchase WHERE hash = ?", []any{order[:]}, body[sinso.PurchaseRow])
}

// PurchaseByToken implements [sinso.MetaTx]: the newest of several.
func (t *tx) PurchaseByToken(token sinso.TokenID) (sinso.PurchaseRow, error) {
	return one(t, "purchase by token", "SELECT body FROM purchase WHERE token = ? AND token <> zeroblob(32) ORDER BY n DESC",
		[]any{token[:]}, body[sinso.PurchaseRow])
}

// Purchases implements [sinso.MetaTx].
func (t *tx) Purchases(fn func(sinso.PurchaseRow) error) error {
	return list(t, "SELECT body FROM purchase ORDER BY n", nil, body[sinso.PurchaseRow], fn)
}

// SaveBearer implements [sinso.MetaTx].
func (t *tx) SaveBearer(row sinso.BearerRow) error {
	if err := need("bearer token", row.Hash); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO bearer (hash, body) VALUES (?, ?)
		ON CONFLICT (hash) DO UPDATE SET body = excluded.body`, row.Hash, b)
}

// Bearer implements [sinso.MetaTx].
func (t *tx) Bearer(hash string) (sinso.BearerRow, error) {
	return one(t, "bearer token", "SELECT body FROM bearer WHERE hash = ?", []any{hash}, body[sinso.BearerRow])
}

// SavePublic implements [sinso.MetaTx].
func (t *tx) SavePublic(cid sinso.CID) error {
	if err := need("public block", string(cid)); err != nil {
		return err
	}
	return t.save("INSERT INTO public (cid) VALUES (?) ON CONFLICT DO NOTHING", string(cid))
}

// Public implements [sinso.MetaTx].
func (t *tx) Public(cid sinso.CID) (bool, error) {
	found := false
	err := t.each("SELECT 1 FROM public WHERE cid = ?", []any{string(cid)}, func(*sqlite3.Stmt) error {
		found = true
		return nil
	})
	return found, err
}

// SaveEvent implements [sinso.MetaTx].
func (t *tx) SaveEvent(seq uint64, person sinso.PersonID, subjects ...string) error {
	n, err := number(seq)
	if err != nil {
		return err
	}
	b, err := encode(subjects)
	if err != nil {
		return err
	}
	fresh, err := t.write("INSERT INTO event (seq, person, subjects) VALUES (?, ?, ?) ON CONFLICT (seq) DO NOTHING",
		n, string(person), b)
	if err != nil {
		return err
	}
	if fresh == 0 {
		if err := t.replaceEvent(n, person, b); err != nil {
			return err
		}
	}
	for _, subject := range subjects {
		if subject == "" {
			continue
		}
		if err := t.save("INSERT INTO subject (subject, seq, person) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			subject, n, string(person)); err != nil {
			return err
		}
	}
	return nil
}

// replaceEvent takes back what an event said before.
func (t *tx) replaceEvent(seq int64, person sinso.PersonID, subjects []byte) error {
	before, err := one(t, "event", "SELECT subjects FROM event WHERE seq = ?", []any{seq}, body[[]string])
	if err != nil {
		return err
	}
	for _, subject := range before {
		if err := t.save("DELETE FROM subject WHERE subject = ? AND seq = ?", subject, seq); err != nil {
			return err
		}
	}
	return t.save("UPDATE event SET person = ?, subjects = ? WHERE seq = ?", string(person), subjects, seq)
}

// EventsOf implements [sinso.MetaTx]. An empty person or subject means any;
// with both given, an event must concern both.
func (t *tx) EventsOf(person sinso.PersonID, subject string, fn func(seq uint64) error) error {
	sql, args := "SELECT seq FROM event ORDER BY seq", []any(nil)
	switch {
	case person != "" && subject != "":
		sql, args = "SELECT seq FROM subject WHERE subject = ? AND person = ? ORDER BY seq", []any{subject, string(person)}
	case subject != "":
		sql, args = "SELECT seq FROM subject WHERE subject = ? ORDER BY seq", []any{subject}
	case person != "":
		sql, args = "SELECT seq FROM event WHERE person = ? ORDER BY seq", []any{string(person)}
	}
	return list(t, sql, args, func(s *sqlite3.Stmt) (uint64, error) {
		return uint64(s.ColumnInt64(0)), nil //nolint:gosec // written by SaveEvent, never negative
	}, fn)
}
