package sqlite

import "sinso.dev/sinso"

// SaveTemplate implements [sinso.MetaTx].
func (t *tx) SaveTemplate(row sinso.TemplateRow) error {
	if err := need("template", string(row.ID)); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO template (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, string(row.ID), b)
}

// Template implements [sinso.MetaTx].
func (t *tx) Template(id sinso.TemplateID) (sinso.TemplateRow, error) {
	return one(t, "template", "SELECT body FROM template WHERE id = ?", []any{string(id)}, body[sinso.TemplateRow])
}

// Templates implements [sinso.MetaTx].
func (t *tx) Templates(fn func(sinso.TemplateRow) error) error {
	return list(t, "SELECT body FROM template ORDER BY n", nil, body[sinso.TemplateRow], fn)
}
