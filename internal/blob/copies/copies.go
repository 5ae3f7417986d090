// Package copies keeps which peer is to have which block, which it has proven, and which it
// was told to delete: one SQLite file, synced with each change.
package copies

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"sinso.dev/sinso"
)

//go:embed schema.sql
var schema string

const version = 1

// ErrDamaged says that the file is no database, or a damaged one. It is an ErrCorrupt.
var ErrDamaged = fmt.Errorf("the file is damaged: %w", sinso.ErrCorrupt)

// connections is how many there are at most: one writes, others count meanwhile, which may take
// seconds.
const connections = 3

// Copies is an open file. Its methods may be called from several goroutines.
type Copies struct{ db *sql.DB }

// Open opens the file, which is made if it is not there. ErrDamaged if it cannot be read,
// ErrUnsupported if a newer version wrote it.
func Open(ctx context.Context, path string) (_ *Copies, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // in the node folder; SQLite would take the umask's rights
	if err != nil || f.Close() != nil {
		return nil, fmt.Errorf("copies: open: %w", sinso.ErrUnavailable)
	}
	db, err := driver.Open("file:" + url.PathEscape(path) + "?modeof=" + url.PathEscape(path) +
		"&_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		return nil, classify("open", err)
	}
	db.SetMaxOpenConns(connections)
	c := &Copies{db}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	found := 0
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&found); err != nil {
		return nil, classify("open", err)
	}
	switch found {
	case 0:
		return c, c.tx(ctx, "make", func(tx *sql.Tx) error {
			// Orders are numbered from a random number on, so that one that a file had which was
			// lost is none of this one's. JSON has numbers up to 2^53.
			_, err := tx.ExecContext(ctx, fmt.Sprintf("%s; INSERT INTO sqlite_sequence VALUES ('deletion', random() & 0x%x); PRAGMA user_version = %d", schema, 1<<52-1, version))
			return err
		})
	case version:
		return c, nil
	}
	return nil, fmt.Errorf("copies: the file has version %d, this program knows %d: %w", found, version, sinso.ErrUnsupported)
}

// Close closes the file.
func (c *Copies) Close() error {
	if err := c.db.Close(); err != nil {
		return classify("close", err)
	}
	return nil
}

// tx does something whole or not at all.
func (c *Copies) tx(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return classify(doing, err)
	}
	defer func() { _ = tx.Rollback() }() // of what is not committed
	if err := do(tx); err != nil {
		return classify(doing, err)
	}
	if err := tx.Commit(); err != nil {
		return classify(doing, err)
	}
	return nil
}

// classify gives an engine's error its class.
func classify(doing string, err error) error {
	class := sinso.ErrUnavailable
	var code sqlite3.ExtendedErrorCode
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		class = context.Canceled
	case errors.Is(err, sqlite3.CORRUPT), errors.Is(err, sqlite3.NOTADB):
		class = ErrDamaged
	case errors.Is(err, sinso.ErrInvalid), errors.Is(err, sinso.ErrUnsupported):
		return fmt.Errorf("copies: %s: %w", doing, err) // a CID that is none
	}
	_ = errors.As(err, &code)
	return fmt.Errorf("copies: %s: engine code %d: %w", doing, uint16(code), class)
}

// key is a block's: hash, then codec, so that keys are spread evenly.
func key(cid sinso.CID) ([]byte, error) {
	b, err := cid.Bytes()
	if err != nil {
		return nil, err
	}
	return append(b[4:], b[1]), nil
}

const keyBytes = 33

// cidOf reads a key.
func cidOf(key []byte) (sinso.CID, error) {
	if len(key) != keyBytes {
		return "", fmt.Errorf("copies: a block's key: %w", sinso.ErrCorrupt)
	}
	return sinso.CIDOfDigest(sinso.Codec(key[32]), [32]byte(key[:32])), nil
}

// Peer makes sure that there is a peer of a name. A new one begins at a number that no order
// has, so that none of before is taken for one that it was given.
func (c *Copies) Peer(ctx context.Context, name string) error {
	return c.tx(ctx, "add a peer", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO peer (name, first) SELECT ?, seq + 1 FROM sqlite_sequence WHERE name = 'deletion'", name)
		if err != nil {
			return err
		}
		if added, err := result.RowsAffected(); err != nil || added == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'deletion'")
		return err
	})
}

// Drop forgets a peer, what it has and what it was told.
func (c *Copies) Drop(ctx context.Context, name string) error {
	return c.tx(ctx, "drop a peer", func(tx *sql.Tx) error {
		for _, q := range []string{
			"DELETE FROM copy WHERE peer = (SELECT id FROM peer WHERE name = ?)",
			"DELETE FROM deletion WHERE peer = (SELECT id FROM peer WHERE name = ?)",
			"DELETE FROM peer WHERE name = ?",
		} {
			if _, err := tx.ExecContext(ctx, q, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// Position returns to where of the log its blocks are here, and for which policy.
func (c *Copies) Position(ctx context.Context) (at sinso.Position, policy string, err error) {
	var n int64
	if err := c.db.QueryRowContext(ctx, "SELECT position, policy FROM state").Scan(&n, &policy); err != nil {
		return 0, "", classify("read the position", err)
	}
	return sinso.Position(n), policy, nil //nolint:gosec // was one
}

// Begin has all of the log gone through again, for another policy. What peers have proven
// stays; what they owe is reckoned anew.
func (c *Copies) Begin(ctx context.Context, policy string) error {
	return c.tx(ctx, "begin", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM copy WHERE proven = 0"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE state SET position = 0, policy = ?", policy)
		return err
	})
}

// Owed is a block and the peers that are to have it.
type Owed struct {
	CID   sinso.CID
	Peers []string
}

// Owe writes down who is to have blocks by a policy, and to where of the log all is here now.
// What is known stays as it is; it returns the blocks that were not. It does nothing if the
// policy is another by now: all is gone through again for that.
func (c *Copies) Owe(ctx context.Context, policy string, blocks []Owed, to sinso.Position) (fresh []sinso.CID, err error) {
	err = c.tx(ctx, "owe", func(tx *sql.Tx) error {
		now := ""
		if err := tx.QueryRowContext(ctx, "SELECT policy FROM state").Scan(&now); err != nil || now != policy {
			return err
		}
		insert, err := tx.PrepareContext(ctx, "INSERT OR IGNORE INTO copy (block, peer, bytes, proven) SELECT ?, id, 0, 0 FROM peer WHERE name = ?")
		if err != nil {
			return err
		}
		defer insert.Close() //nolint:errcheck // ends with the transaction
		for _, b := range blocks {
			k, err := key(b.CID)
			if err != nil {
				return err
			}
			added := int64(0)
			for _, peer := range b.Peers {
				result, err := insert.ExecContext(ctx, k, peer)
				if err != nil {
					return err
				}
				n, err := result.RowsAffected()
				if err != nil {
					return err
				}
				added += n
			}
			if added > 0 {
				fresh = append(fresh, b.CID)
			}
		}
		_, err = tx.ExecContext(ctx, "UPDATE state SET position = ?", int64(to)) //nolint:gosec // far below
		return err
	})
	return fresh, err
}

// Due returns blocks that a peer is to have and has not proven, behind one: at most most.
func (c *Copies) Due(ctx context.Context, peer string, after sinso.CID, most int) ([]sinso.CID, error) {
	return c.some(ctx, "SELECT block FROM copy WHERE peer = (SELECT id FROM peer WHERE name = ?) AND proven = 0 AND block > ? ORDER BY block LIMIT ?", peer, after, most)
}

// Proven returns blocks that a peer has proven, behind one: at most most. Blocks are in the
// order of their hashes.
func (c *Copies) Proven(ctx context.Context, peer string, after sinso.CID, most int) ([]sinso.CID, error) {
	return c.some(ctx, "SELECT block FROM copy WHERE peer = (SELECT id FROM peer WHERE name = ?) AND proven = 1 AND block > ? ORDER BY block LIMIT ?", peer, after, most)
}

// some returns the blocks of a query.
func (c *Copies) some(ctx context.Context, query, peer string, after sinso.CID, most int) (cids []sinso.CID, err error) {
	from := []byte{}
	if after != "" {
		if from, err = key(after); err != nil {
			return nil, err
		}
	}
	rows, err := c.db.QueryContext(ctx, query, peer, from, most)
	if err != nil {
		return nil, classify("list", err)
	}
	defer rows.Close() //nolint:errcheck // Err says what went wrong
	for rows.Next() {
		var k []byte
		if err := rows.Scan(&k); err != nil {
			return nil, classify("list", err)
		}
		cid, err := cidOf(k)
		if err != nil {
			return nil, err
		}
		cids = append(cids, cid)
	}
	if err := rows.Err(); err != nil {
		return nil, classify("list", err)
	}
	return cids, nil
}

// Mark writes down what a peer has proven, of so many bytes, or does not have: negative.
func (c *Copies) Mark(ctx context.Context, peer string, sizes map[sinso.CID]int64) error {
	return c.tx(ctx, "mark", func(tx *sql.Tx) error {
		update, err := tx.PrepareContext(ctx, "UPDATE copy SET proven = ?, bytes = ? WHERE block = ? AND peer = (SELECT id FROM peer WHERE name = ?)")
		if err != nil {
			return err
		}
		defer update.Close() //nolint:errcheck // ends with the transaction
		for cid, size := range sizes {
			k, err := key(cid)
			if err != nil {
				return err
			}
			if _, err := update.ExecContext(ctx, size >= 0, max(size, 0), k, peer); err != nil {
				return err
			}
		}
		return nil
	})
}

// Health writes down how a peer is; at zero: it proved nothing.
func (c *Copies) Health(ctx context.Context, peer string, at time.Time, problem string) error {
	return c.tx(ctx, "note a peer's health", func(tx *sql.Tx) error {
		milliseconds := int64(0)
		if !at.IsZero() {
			milliseconds = at.UnixMilli()
		}
		_, err := tx.ExecContext(ctx, "UPDATE peer SET at = max(at, ?), problem = ? WHERE name = ?", milliseconds, problem, peer)
		return err
	})
}

// Known reports whether a block is to have copies: it was stored here, and not deleted.
func (c *Copies) Known(ctx context.Context, cid sinso.CID) (known bool, err error) {
	k, err := key(cid)
	if err != nil {
		return false, err
	}
	if err := c.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM copy WHERE block = ?)", k).Scan(&known); err != nil {
		return false, classify("look up a block", err)
	}
	return known, nil
}

// Delete orders that every peer deletes blocks, before they are deleted here. They are owed
// to nobody any more.
func (c *Copies) Delete(ctx context.Context, cids []sinso.CID) error {
	return c.tx(ctx, "order a deletion", func(tx *sql.Tx) error {
		for _, cid := range cids {
			k, err := key(cid)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO deletion (peer, block) SELECT id, ? FROM peer", k); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM copy WHERE block = ?", k); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unowe takes blocks out that are not here any more, and were noted while they went.
func (c *Copies) Unowe(ctx context.Context, cids []sinso.CID) error {
	return c.tx(ctx, "take out what is gone", func(tx *sql.Tx) error {
		for _, cid := range cids {
			k, err := key(cid)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM copy WHERE block = ?", k); err != nil {
				return err
			}
		}
		return nil
	})
}

// Deletion is one order.
type Deletion struct {
	Number int64
	CID    sinso.CID
}

// Deletions returns what a peer was told to delete and has not confirmed, from a number on.
func (c *Copies) Deletions(ctx context.Context, peer string, after int64, most int) (all []Deletion, err error) {
	rows, err := c.db.QueryContext(ctx, "SELECT n, block FROM deletion WHERE peer = (SELECT id FROM peer WHERE name = ?) AND n > ? ORDER BY n LIMIT ?", peer, after, most)
	if err != nil {
		return nil, classify("list deletions", err)
	}
	defer rows.Close() //nolint:errcheck // Err says what went wrong
	for rows.Next() {
		var one Deletion
		var k []byte
		if err := rows.Scan(&one.Number, &k); err != nil {
			return nil, classify("list deletions", err)
		}
		if one.CID, err = cidOf(k); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, classify("list deletions", err)
	}
	return all, nil
}

// Deleted writes down that orders were carried out.
func (c *Copies) Deleted(ctx context.Context, done []Deletion) error {
	return c.tx(ctx, "confirm a deletion", func(tx *sql.Tx) error {
		for _, one := range done {
			if _, err := tx.ExecContext(ctx, "DELETE FROM deletion WHERE n = ?", one.Number); err != nil {
				return err
			}
		}
		return nil
	})
}

// LastDeletion returns the newest number that an order, or a peer, was given.
func (c *Copies) LastDeletion(ctx context.Context) (n int64, err error) {
	err = c.db.QueryRowContext(ctx, "SELECT seq FROM sqlite_sequence WHERE name = 'deletion'").Scan(&n)
	if err != nil {
		return 0, classify("number deletions", err)
	}
	return n, nil
}

// Pending returns how many orders up to a number a peer has not confirmed. known is false
// for a peer that is not there, and for the number of an order that it was not given as far as
// is known here: of before it was this peer, or of a file that was lost.
func (c *Copies) Pending(ctx context.Context, peer string, to int64) (pending int64, known bool, err error) {
	err = c.db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM deletion WHERE peer = peer.id AND n <= ?1) FROM peer
		WHERE name = ?2 AND ?1 BETWEEN first AND (SELECT seq FROM sqlite_sequence WHERE name = 'deletion')`, to, peer).Scan(&pending)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, classify("count deletions", err)
	}
	return pending, true, nil
}

// Peers returns how each peer is, by name, as far as it is written down. It goes through all
// copies.
func (c *Copies) Peers(ctx context.Context) (all []sinso.ReplicaStatus, err error) {
	rows, err := c.db.QueryContext(ctx, `SELECT name, at, problem,
		(SELECT count(*) FROM deletion WHERE peer = peer.id),
		coalesce(sum(proven), 0), count(block) - coalesce(sum(proven), 0), coalesce(sum(bytes * proven), 0)
		FROM peer LEFT JOIN copy ON copy.peer = peer.id GROUP BY peer.id ORDER BY name`)
	if err != nil {
		return nil, classify("count", err)
	}
	defer rows.Close() //nolint:errcheck // Err says what went wrong
	for rows.Next() {
		var s sinso.ReplicaStatus
		var at int64
		if err := rows.Scan(&s.Name, &at, &s.Problem, &s.Deletions, &s.Held, &s.Owed, &s.Bytes); err != nil {
			return nil, classify("count", err)
		}
		if at > 0 {
			s.Proven = time.UnixMilli(at).UTC()
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		return nil, classify("count", err)
	}
	return all, nil
}

// Short counts the blocks that are to have copies, and those of them with fewer than copies
// that one of some peers has proven.
func (c *Copies) Short(ctx context.Context, healthy []string, copies int) (blocks, short int64, err error) {
	args := make([]any, 0, len(healthy)+1)
	for _, name := range healthy {
		args = append(args, name)
	}
	in := strings.TrimSuffix(strings.Repeat("?,", len(healthy)), ",")
	err = c.db.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(have < ?), 0) FROM (
		SELECT sum(proven AND peer IN (SELECT id FROM peer WHERE name IN (`+in+`))) AS have FROM copy GROUP BY block)`,
		append([]any{copies}, args...)...).Scan(&blocks, &short)
	if err != nil {
		return 0, 0, classify("count", err)
	}
	return blocks, short, nil
}
