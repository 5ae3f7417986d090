package sqlite

import (
	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

// What is erased goes from the tables here, and from the files by [Index.Scrub].

// EraseStudy implements [sinso.MetaTx].
func (t *tx) EraseStudy(id sinso.StudyID) error {
	if t.readOnly {
		return errView()
	}
	if err := need("erasure", string(id)); err != nil {
		return err
	}
	if err := t.eraseSold(id); err != nil {
		return err
	}
	if err := t.eraseArchived(id); err != nil {
		return err
	}
	if err := t.save("DELETE FROM review WHERE study = ?", string(id)); err != nil {
		return err
	}
	return eraseRows(t, "share", func(row sinso.ShareRow) bool { return row.Study == id })
}

// eraseSold takes out the releases of a study, and their orders.
func (t *tx) eraseSold(id sinso.StudyID) error {
	gone := map[sinso.ReleaseID]bool{}
	err := eraseRows(t, "release", func(row sinso.ReleaseRow) bool {
		gone[row.ID] = row.Study == id
		return gone[row.ID]
	})
	if err != nil {
		return err
	}
	return eraseRows(t, "offer", func(row sinso.OrderRow) bool { return gone[row.Release] })
}

// eraseArchived takes out a study that has instances.
func (t *tx) eraseArchived(id sinso.StudyID) error {
	var instances []sinso.InstanceRow
	if err := t.Instances(id, func(row sinso.InstanceRow) error {
		instances = append(instances, row)
		return nil
	}); err != nil {
		return err
	}
	for _, row := range instances { // with the last of them the study goes
		if err := t.RemoveInstance(row.ID, row.Seq); err != nil {
			return err
		}
		if err := t.save("DELETE FROM removed WHERE id = ?", string(row.ID)); err != nil {
			return err
		}
	}
	return nil
}

// ErasePerson implements [sinso.MetaTx].
func (t *tx) ErasePerson(id sinso.PersonID) error {
	if t.readOnly {
		return errView()
	}
	if err := need("erasure", string(id)); err != nil {
		return err
	}
	if err := t.save("DELETE FROM person WHERE id = ?", string(id)); err != nil {
		return err
	}
	err := eraseRows(t, "credential", func(row sinso.CredentialRow) bool { return row.Person == id })
	if err != nil {
		return err
	}
	return eraseRows(t, "bearer", func(row sinso.BearerRow) bool { return row.Person == id })
}

// EraseQuarantine implements [sinso.MetaTx].
func (t *tx) EraseQuarantine(cid sinso.CID) error {
	return t.save("DELETE FROM quarantine WHERE cid = ?", string(cid))
}

// EraseEvents implements [sinso.MetaTx].
func (t *tx) EraseEvents(from, to uint64) error {
	first, err := number(from)
	if err != nil {
		return err
	}
	end, err := number(to)
	if err != nil {
		return err
	}
	for _, sql := range []string{
		"DELETE FROM removed WHERE id IN (SELECT subject FROM subject WHERE seq >= ? AND seq < ?)",
		"DELETE FROM subject WHERE seq >= ? AND seq < ?",
		"UPDATE event SET person = '', instance = 0, subjects = CAST('[]' AS BLOB) WHERE seq >= ? AND seq < ?",
	} {
		if err := t.save(sql, first, end); err != nil {
			return err
		}
	}
	return nil
}

// eraseRows deletes the rows of a table whose bodies fit.
func eraseRows[Row any](t *tx, table string, fits func(Row) bool) error {
	var gone []int64
	err := t.each("SELECT body, rowid FROM "+table, nil, func(s *sqlite3.Stmt) error {
		row, err := body[Row](s)
		if err == nil && fits(row) {
			gone = append(gone, s.ColumnInt64(1))
		}
		return err
	})
	for _, n := range gone {
		if err == nil {
			err = t.save("DELETE FROM "+table+" WHERE rowid = ?", n)
		}
	}
	return err
}

// SaveErasure implements [sinso.MetaTx].
func (t *tx) SaveErasure(row sinso.ErasureRow) error {
	seq, err := number(row.Seq)
	if err != nil {
		return err
	}
	b, err := encode(row)
	if err != nil {
		return err
	}
	return t.save("INSERT INTO erasure (seq, body) VALUES (?, ?) ON CONFLICT (seq) DO UPDATE SET body = excluded.body", seq, b)
}

// Erasures implements [sinso.MetaTx].
func (t *tx) Erasures(fn func(sinso.ErasureRow) error) error {
	return list(t, "SELECT body FROM erasure ORDER BY seq", nil, body[sinso.ErasureRow], fn)
}
