package sqlite

import "sinso.dev/sinso"

// The application entities that may associate.

// SaveAE implements [sinso.MetaTx].
func (t *tx) SaveAE(row sinso.AERow) error {
	if err := need("AE", row.Title); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO ae (title, body) VALUES (?, ?) ON CONFLICT (title) DO UPDATE SET body = excluded.body`, row.Title, b)
}

// RemoveAE implements [sinso.MetaTx].
func (t *tx) RemoveAE(title string) error {
	return t.save("DELETE FROM ae WHERE title = ?", title)
}

// AE implements [sinso.MetaTx].
func (t *tx) AE(title string) (sinso.AERow, error) {
	return one(t, "AE", "SELECT body FROM ae WHERE title = ?", []any{title}, body[sinso.AERow])
}

// AEs implements [sinso.MetaTx].
func (t *tx) AEs(fn func(sinso.AERow) error) error {
	return list(t, "SELECT body FROM ae ORDER BY title", nil, body[sinso.AERow], fn)
}
