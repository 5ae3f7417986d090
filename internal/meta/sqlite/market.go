package sqlite

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// The rows of the market and of the doors: releases, orders, purchases, bearer
// tokens, public blocks.

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

// RemovePublic implements [sinso.MetaTx].
func (t *tx) RemovePublic(cid sinso.CID) error {
	return t.save("DELETE FROM public WHERE cid = ?", string(cid))
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
