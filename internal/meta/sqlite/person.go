package sqlite

import (
	"fmt"

	"sinso.dev/sinso"
)

// The rows of persons and of quarantine.

// SavePerson implements [sinso.MetaTx].
func (t *tx) SavePerson(row sinso.PersonRow) error {
	if err := need("person", string(row.ID)); err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO person (id, match, body) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET match = excluded.match, body = excluded.body`,
		string(row.ID), row.Match, b)
}

// Person implements [sinso.MetaTx].
func (t *tx) Person(id sinso.PersonID) (sinso.PersonRow, error) {
	return one(t, "person", "SELECT body FROM person WHERE id = ?", []any{string(id)}, body[sinso.PersonRow])
}

// maxMerges bounds how often one may be merged into another.
const maxMerges = 1000

// PersonByMatch implements [sinso.MetaTx].
func (t *tx) PersonByMatch(match string) (sinso.PersonRow, error) {
	row, err := one(t, "person by match", "SELECT body FROM person WHERE match = ? AND match <> '' ORDER BY id",
		[]any{match}, body[sinso.PersonRow])
	for range maxMerges {
		if err != nil || row.Into == "" {
			return row, err
		}
		row, err = t.Person(row.Into)
	}
	return sinso.PersonRow{}, fmt.Errorf("meta: person by match: merged in a circle: %w", sinso.ErrCorrupt)
}

// Persons implements [sinso.MetaTx].
func (t *tx) Persons(fn func(sinso.PersonRow) error) error {
	return list(t, "SELECT body FROM person ORDER BY id", nil, body[sinso.PersonRow], fn)
}

// SaveQuarantine implements [sinso.MetaTx].
func (t *tx) SaveQuarantine(row sinso.QuarantineRow) error {
	if err := need("quarantine", string(row.CID)); err != nil {
		return err
	}
	seq, err := number(row.Seq)
	if err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save(`INSERT INTO quarantine (cid, sha256, seq, body) VALUES (?, ?, ?, ?)
		ON CONFLICT (cid) DO UPDATE SET sha256 = excluded.sha256, seq = excluded.seq, body = excluded.body`,
		string(row.CID), row.SHA256, seq, b)
}

// Quarantine implements [sinso.MetaTx]: in the order of the log.
func (t *tx) Quarantine(fn func(sinso.QuarantineRow) error) error {
	return list(t, "SELECT body FROM quarantine ORDER BY seq, cid", nil, body[sinso.QuarantineRow], fn)
}

// QuarantineBySHA256 implements [sinso.MetaTx]: the newest.
func (t *tx) QuarantineBySHA256(sha256 string) (sinso.QuarantineRow, error) {
	return one(t, "quarantine by hash", "SELECT body FROM quarantine WHERE sha256 = ? ORDER BY seq DESC",
		[]any{sha256}, body[sinso.QuarantineRow])
}
