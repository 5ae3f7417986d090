package sqlite

import "sinso.dev/sinso"

// SaveShare implements [sinso.MetaTx].
func (t *tx) SaveShare(row sinso.ShareRow) error {
	if err := need("share", string(row.Share)); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO share (id, person, body) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET person = excluded.person, body = excluded.body`,
		string(row.Share), string(row.Person), b)
}

// Share implements [sinso.MetaTx].
func (t *tx) Share(id sinso.ShareID) (sinso.ShareRow, error) {
	return one(t, "share", "SELECT body FROM share WHERE id = ?", []any{string(id)}, body[sinso.ShareRow])
}

// Shares implements [sinso.MetaTx].
func (t *tx) Shares(person sinso.PersonID, fn func(sinso.ShareRow) error) error {
	if person == "" {
		return list(t, "SELECT body FROM share ORDER BY n", nil, body[sinso.ShareRow], fn)
	}
	return list(t, "SELECT body FROM share WHERE person = ? ORDER BY n", []any{string(person)}, body[sinso.ShareRow], fn)
}
