package index

import (
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"
)

// projected are the tables whose rows are made from the logs.
var projected = []string{
	"asset", "transfer", "witness", "licence", "trade", "sale", "cancelled", "below", "volume", "request", "vault", "holder",
	"pool", "stake", "dividend", "proposal", "vote", "revoked", "epoch", "reward", "fund", "parameter", "name", "listed",
	"template", "document",
}

// keepUndo makes a table write down, for each change of a row, the statement that
// takes it back. So what makes rows need not know that a fork can come.
func (c *conn) keepUndo(table string) error {
	var all, keys []string
	err := c.each("PRAGMA table_info("+table+")", nil, func(s *sqlite3.Stmt) error { // without generated columns
		all = append(all, s.ColumnText(1))
		if s.ColumnInt(5) > 0 {
			keys = append(keys, s.ColumnText(1))
		}
		return nil
	})
	if err != nil {
		return err
	}
	values, sets := make([]string, len(all)), make([]string, len(all))
	for i, column := range all {
		values[i] = "quote(old." + column + ")"
		sets[i] = "'" + column + " = ' || quote(old." + column + ")"
	}
	row := func(of string) string {
		is := make([]string, len(keys))
		for i, key := range keys {
			is[i] = "'" + key + " = ' || quote(" + of + "." + key + ")"
		}
		return strings.Join(is, " || ' AND ' || ")
	}
	for kind, sql := range map[string]string{
		"INSERT": "'DELETE FROM " + table + " WHERE ' || " + row("new"),
		"UPDATE": "'UPDATE " + table + " SET ' || " + strings.Join(sets, " || ', ' || ") + " || ' WHERE ' || " + row("new"),
		"DELETE": "'INSERT INTO " + table + " (" + strings.Join(all, ", ") + ") VALUES (' || " + strings.Join(values, " || ', ' || ") + " || ')'",
	} {
		err := c.exec(fmt.Sprintf(`CREATE TRIGGER undo_%s_%s AFTER %s ON %s WHEN (SELECT keeping FROM state) BEGIN
			INSERT INTO undo (block, sql) SELECT cursor, %s FROM state; END`, table, kind, kind, table, sql))
		if err != nil {
			return err
		}
	}
	return nil
}

// undo takes back all blocks after one, which is not before the final one.
func (c *conn) undo(after int64) error {
	if err := c.run(`UPDATE state SET keeping = 0`); err != nil {
		return err
	}
	err := c.each(`SELECT sql FROM undo WHERE block > ? ORDER BY n DESC`, []any{after}, func(s *sqlite3.Stmt) error {
		return c.exec(s.ColumnText(0)) // made by a trigger above, of quoted values
	})
	if err != nil {
		return err
	}
	for _, sql := range []string{
		`DELETE FROM undo WHERE block > ?`,
		fmt.Sprintf(`UPDATE state SET events = events - (SELECT count(*) FROM log WHERE place >= (? + 1) * %d)`, maxIndex),
		fmt.Sprintf(`DELETE FROM log WHERE place >= (? + 1) * %d`, maxIndex),
		`DELETE FROM block WHERE number > ?`,
		`DELETE FROM contract WHERE announced > ?`,
		`UPDATE state SET cursor = ?`,
	} {
		if err := c.run(sql, after); err != nil {
			return err
		}
	}
	return nil
}

// settle makes blocks up to one final: they are taken back no more. Of those before
// it, the ones without logs are not needed any more.
func (c *conn) settle(final int64) error {
	for _, sql := range []string{
		`DELETE FROM undo WHERE block <= ?`,
		fmt.Sprintf(`DELETE FROM block WHERE number < ? AND number >= (SELECT final FROM state) AND NOT EXISTS
			(SELECT 1 FROM log WHERE place >= number * %d AND place < (number + 1) * %d)`, maxIndex, maxIndex),
		`UPDATE state SET final = ?`,
	} {
		if err := c.run(sql, final); err != nil {
			return err
		}
	}
	return nil
}
