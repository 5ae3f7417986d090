package sqlite

import (
	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// The rows of the review: items, and what was released by kind of device.

// SaveReview implements [sinso.MetaTx].
func (t *tx) SaveReview(row sinso.ReviewRow) error {
	if err := need("review item", string(row.ID)); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO review (id, study, body) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET study = excluded.study, body = excluded.body`,
		string(row.ID), string(row.Study), b)
}

// fromReview finds items with the person of their study.
const fromReview = "SELECT r.body, s.person FROM review r JOIN study s ON s.id = r.study"

// reviewed reads a row of fromReview.
func reviewed(s *sqlite3.Stmt) (sinso.ReviewRow, error) {
	row, err := body[sinso.ReviewRow](s)
	row.Person = sinso.PersonID(s.ColumnText(1))
	return row, err
}

// Review implements [sinso.MetaTx].
func (t *tx) Review(id sinso.ReviewID) (sinso.ReviewRow, error) {
	return one(t, "review item", fromReview+" WHERE r.id = ?", []any{string(id)}, reviewed)
}

// Reviews implements [sinso.MetaTx].
func (t *tx) Reviews(person sinso.PersonID, study sinso.StudyID, after sinso.ReviewID, fn func(sinso.ReviewRow) error) error {
	sql, args := fromReview+" WHERE TRUE", []any{}
	if study != "" {
		sql, args = sql+" AND r.study = ?", append(args, string(study))
	}
	if person != "" {
		sql, args = sql+" AND s.person = ?", append(args, string(person))
	}
	if after != "" {
		sql, args = sql+" AND r.n > (SELECT n FROM review WHERE id = ?)", append(args, string(after))
	}
	return list(t, sql+" ORDER BY r.n", args, reviewed, fn)
}

// SaveStratum implements [sinso.MetaTx].
func (t *tx) SaveStratum(row sinso.Stratum) error {
	if err := need("stratum", row.Profile); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO stratum (device, profile, examine, of, extra, body) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (device, profile, examine, of, extra) DO UPDATE SET body = excluded.body`,
		row.Device, row.Profile, int64(row.Plan.Examine), int64(row.Plan.Of), int64(row.Plan.Extra), b)
}

// Strata implements [sinso.MetaTx].
func (t *tx) Strata(fn func(sinso.Stratum) error) error {
	return list(t, "SELECT body FROM stratum ORDER BY device, profile, examine, of, extra", nil, body[sinso.Stratum], fn)
}
