package index

import (
	"context"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
)

const (
	// maxDocument bounds what is fetched by a hash, in bytes.
	maxDocument = 1 << 20
	firstRetry  = 30 * time.Second
	longRetry   = 24 * time.Hour
	maxFetch    = time.Minute
)

// fetch tries to get the next thing that an event names by its hash. What cannot be
// got stays in the queue, and is tried again later, each time after twice as long;
// it holds up nothing else. It says whether there may be more to try at once.
func (x *Index) fetch(ctx context.Context) (more bool, err error) {
	if x.cfg.Fetch == nil || x.cfg.Clock == nil {
		return false, nil
	}
	now := x.cfg.Clock.Now()
	var hash sinso.Hash
	kind, tries := "", int64(0)
	err = x.view(ctx, func(c *conn) error {
		return c.each(`SELECT d.hash, kind, coalesce(tries, 0) FROM document d LEFT JOIN fetched f ON f.hash = d.hash
			WHERE body IS NULL AND coalesce(next, 0) <= ? ORDER BY coalesce(next, 0), d.hash LIMIT 1`, []any{now.Unix()}, func(s *sqlite3.Stmt) error {
			hash, kind, tries = sinso.Hash(s.ColumnBlob(0, nil)), s.ColumnText(1), s.ColumnInt64(2)
			return nil
		})
	})
	if err != nil || kind == "" {
		return false, err
	}
	asked, cancel := context.WithTimeout(ctx, maxFetch)
	body, failed := x.cfg.Fetch(asked, kind, hash)
	cancel()
	if failed == nil && (len(body) > maxDocument || crypto.Keccak256Hash(body) != [32]byte(hash)) {
		failed = fmt.Errorf("index: what was fetched is not what was named: %w", sinso.ErrCorrupt)
	}
	return true, x.write(ctx, func(c *conn) error {
		if failed == nil {
			return c.run(`INSERT INTO fetched VALUES (?, ?, ?, 0) ON CONFLICT DO UPDATE SET body = excluded.body`, hash[:], body, tries+1)
		}
		after := min(firstRetry<<min(tries, 20), longRetry)
		return c.run(`INSERT INTO fetched VALUES (?, NULL, ?, ?) ON CONFLICT DO UPDATE SET tries = excluded.tries, next = excluded.next`,
			hash[:], tries+1, now.Add(after).Unix())
	})
}
