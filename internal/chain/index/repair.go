package index

import (
	"context"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain"
)

// behind says whether logs of a contract are missing before the cursor.
func (x *Index) behind() bool {
	for _, at := range x.watch {
		if at.behind {
			return true
		}
	}
	return false
}

// repair gets a page of the logs that are missing of contracts that came to be known
// after their blocks were read, or makes the rows anew when none are missing.
func (x *Index) repair(ctx context.Context) error {
	if !x.behind() {
		return x.remake(ctx)
	}
	if !x.state.none && (!x.state.firm || x.state.at > x.state.final) {
		// What is not final is read again, with all contracts.
		return x.write(ctx, func(c *conn) error {
			after := signed(x.cfg.Start) - 1
			if x.state.firm {
				after = signed(x.state.final)
			}
			return c.undo(after)
		})
	}
	return x.fill(ctx)
}

// fill reads a page of blocks again for the contracts that lag behind.
func (x *Index) fill(ctx context.Context) error {
	if x.state.none {
		return x.write(ctx, func(c *conn) error { return c.run(`UPDATE contract SET next = NULL`) })
	}
	late, first := watch{}, x.state.at+1
	for at, w := range x.watch {
		if w.behind {
			late[at], first = w, min(first, uint64(max(w.next, 0)))
		}
	}
	var logs []sinso.ChainEvent
	var blocks []chain.Block
	if first <= x.state.at {
		var err error
		if blocks, err = x.reread(ctx, first); err != nil {
			return err
		}
		got, n, err := x.gather(ctx, late, blocks, x.state.at, false)
		if err != nil {
			return err
		}
		logs, blocks = got, blocks[:n]
	}
	return x.write(ctx, func(c *conn) error { return x.putLate(c, late, blocks, logs) })
}

// reread reads headers of blocks that are in already.
func (x *Index) reread(ctx context.Context, first uint64) ([]chain.Block, error) {
	blocks, err := x.cfg.Source.Blocks(ctx, first, min(x.state.at, first+pageBlocks-1))
	if len(blocks) == 0 {
		if err == nil {
			err = mixed("a block that was there is not known")
		}
		return nil, unavailable(err)
	}
	if blocks[0].Number != first {
		return nil, lie("a block is another than was asked for")
	}
	return blocks, linked(blocks)
}

func (x *Index) putLate(c *conn, late watch, blocks []chain.Block, logs []sinso.ChainEvent) error {
	left := logs
	for _, block := range blocks {
		ours, known, err := hashOf(c, block.Number)
		if err != nil {
			return err
		}
		if known && ours != block.Hash {
			return mixed("a block is another than the one that was final")
		}
		for len(left) > 0 && left[0].Block == block.Number {
			if !known {
				if err := c.run(`INSERT INTO block VALUES (?, ?, ?)`, signed(block.Number), block.Hash[:], block.Time.Unix()); err != nil {
					return err
				}
				known = true
			}
			if err := putRaw(c, &left[0]); err != nil {
				return err
			}
			if err := c.run(`UPDATE state SET events = events + ?`, c.db.Changes()); err != nil {
				return err
			}
			left = left[1:]
		}
	}
	next := any(nil)
	if n := len(blocks); n > 0 && blocks[n-1].Number < x.state.at {
		next = signed(blocks[n-1].Number + 1)
	}
	for at, w := range late {
		err := c.run(`INSERT INTO contract VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET next = excluded.next`, at[:], w.name, w.announced, next)
		if err != nil {
			return err
		}
	}
	return c.run(`UPDATE state SET stale = 1`)
}

// remake makes all rows anew from the logs, in one transaction: whoever reads sees the
// old ones until the new ones are there.
func (x *Index) remake(ctx context.Context) error {
	return x.write(ctx, func(c *conn) error {
		if err := c.run(`UPDATE state SET keeping = 0`); err != nil {
			return err
		}
		for _, table := range projected {
			if err := c.run(`DELETE FROM ` + table); err != nil {
				return err
			}
		}
		if err := c.run(`DELETE FROM undo`); err != nil {
			return err
		}
		cursor, err := c.whole(0, `SELECT cursor FROM state`)
		if err != nil {
			return err
		}
		if err := x.reproject(c); err != nil {
			return err
		}
		return c.run(`UPDATE state SET stale = 0, keeping = 0, cursor = ?`, cursor)
	})
}

// reproject makes rows from all logs, in the order of the chain.
func (x *Index) reproject(c *conn) error {
	p, last := &projector{conn: c}, int64(-1)
	log, time := sinso.ChainEvent{}, int64(0)
	return c.each(`SELECT place, address, topics, data, tx FROM log ORDER BY place`, nil, func(s *sqlite3.Stmt) error {
		place := s.ColumnInt64(0)
		topics := s.ColumnRawBlob(2)
		log = sinso.ChainEvent{
			Block: uint64(place / maxIndex), Index: uint(place % maxIndex), //nolint:gosec // not negative
			Contract: sinso.Address(s.ColumnRawBlob(1)), Tx: sinso.Hash(s.ColumnRawBlob(4)),
			Data: s.ColumnBlob(3, log.Data[:0]), Topics: log.Topics[:0],
		}
		for at := 0; at+word <= len(topics); at += word {
			log.Topics = append(log.Topics, sinso.Hash(topics[at:at+word]))
		}
		if block := place / maxIndex; block != last {
			var err error
			if time, err = c.whole(-1, `SELECT time FROM block WHERE number = ?`, block); err != nil {
				return err
			}
			if time < 0 {
				return fmt.Errorf("index: the block of a log is not there: %w", errDamaged)
			}
			if err := c.run(`UPDATE state SET cursor = ?, keeping = ? > final`, block, block); err != nil {
				return err
			}
			last = block
		}
		e := x.event(x.watch, &log)
		if e == nil {
			return nil
		}
		if at, name, ok := e.announces(); ok && x.watch[at] == nil {
			// This program is the first to know that this event names a contract: its logs are got next.
			x.watch.add(at, name, signed(log.Block))
			if err := c.run(`INSERT INTO contract VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, at[:], name, signed(log.Block), signed(log.Block)); err != nil {
				return err
			}
		}
		e.time = time
		return p.project(e)
	})
}
