package sqlite

import (
	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// SaveEvent implements [sinso.MetaTx]. The instance that an event has just sealed is
// a subject that needs no row: its own row names the event.
func (t *tx) SaveEvent(seq uint64, person sinso.PersonID, subjects ...string) error {
	n, err := number(seq)
	if err != nil {
		return err
	}
	instance, others := int64(0), make([]string, 0, len(subjects))
	for _, subject := range subjects {
		switch subject {
		case "":
		case t.last.id:
			if t.last.seq == n {
				instance = t.last.n
				continue
			}
			fallthrough
		default:
			others = append(others, subject)
		}
	}
	b, err := encode(others)
	if err != nil {
		return err
	}
	fresh, err := t.write("INSERT INTO event (seq, person, instance, subjects) VALUES (?, ?, ?, ?) ON CONFLICT (seq) DO NOTHING",
		n, string(person), instance, b)
	if err != nil {
		return err
	}
	if fresh == 0 {
		if err := t.replaceEvent(n, person, instance, b); err != nil {
			return err
		}
	}
	for _, subject := range others {
		if err := t.save("INSERT INTO subject (subject, seq, person) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			subject, n, string(person)); err != nil {
			return err
		}
	}
	return nil
}

// replaceEvent takes back what an event said before.
func (t *tx) replaceEvent(seq int64, person sinso.PersonID, instance int64, subjects []byte) error {
	if err := t.save("DELETE FROM subject WHERE seq = ? AND subject IN (SELECT value FROM event e, json_each(e.subjects) WHERE e.seq = ?)",
		seq, seq); err != nil {
		return err
	}
	return t.save("UPDATE event SET person = ?, instance = ?, subjects = ? WHERE seq = ?", string(person), instance, subjects, seq)
}

// ofSubject lists the events of a subject: those that name it, and the one that
// sealed it.
const ofSubject = `SELECT seq FROM subject WHERE subject = ?1 AND (?3 = '' OR person = ?3) UNION
	SELECT e.seq FROM instance i CROSS JOIN event e ON e.seq = i.seq AND e.instance = i.n
	WHERE i.id_hash = ?2 AND i.id = ?1 AND (?3 = '' OR e.person = ?3) ORDER BY 1`

// EventsOf implements [sinso.MetaTx]. An empty person or subject means any;
// with both given, an event must concern both.
func (t *tx) EventsOf(person sinso.PersonID, subject string, fn func(seq uint64) error) error {
	sql, args := "SELECT seq FROM event ORDER BY seq", []any(nil)
	switch {
	case subject != "":
		sql, args = ofSubject, []any{subject, shortHash(subject), string(person)}
	case person != "":
		sql, args = "SELECT seq FROM event WHERE person = ? ORDER BY seq", []any{string(person)}
	}
	return list(t, sql, args, func(s *sqlite3.Stmt) (uint64, error) {
		return uint64(s.ColumnInt64(0)), nil //nolint:gosec // written by SaveEvent, never negative
	}, fn)
}
