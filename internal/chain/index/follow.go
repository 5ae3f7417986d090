package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain"
)

const (
	// patience is how often a fork that is no longer than ours has to be seen before
	// it is believed: a node that lags behind may stand on one that lost.
	patience = 3
	// margin is how far below the final block blocks must be to be taken without a way
	// back, before the chain was read up to that block.
	margin = 256
	// maxFork bounds how far back a fork is followed.
	maxFork = memories

	firstPause = time.Second
	longPause  = time.Minute
)

// cursor is how far the index is. before says that no block is in.
type cursor struct {
	at    uint64
	hash  sinso.Hash // of the block at, zero if none is in
	final uint64     // what is in up to here is for good
	none  bool       // no block is in
	firm  bool       // a block is final
	stale bool
}

// look is what an endpoint says of its chain at one moment.
type look struct {
	newest chain.Block
	final  chain.Block // its hash is zero if it is so by confirmations
	has    bool        // a block is final
}

// Follow takes in the chain, and what comes on it, until ctx ends. A failure is told
// to failed, which is nil when it is over, and it goes on after a pause: nothing is
// skipped.
func (x *Index) Follow(ctx context.Context, failed func(error)) {
	pause, told := firstPause, false
	for ctx.Err() == nil {
		moved, err := x.Step(ctx)
		if errors.Is(err, errDamaged) {
			err = errors.Join(err, x.anew(ctx))
		}
		if ctx.Err() != nil {
			return
		}
		switch {
		case err != nil:
			failed(err)
			told = true
			_ = x.cfg.Wait(ctx, pause) // ends early with ctx alone
			pause = min(2*pause, longPause)
			continue
		case told:
			failed(nil)
			told = false
		}
		pause = firstPause
		if !moved {
			fetched, err := x.fetch(ctx)
			if err != nil && ctx.Err() == nil {
				failed(err)
				told = true
			}
			if !fetched {
				_ = x.cfg.Wait(ctx, x.cfg.Poll) // ends early with ctx alone
			}
		}
	}
}

// Step takes in a page of the chain, and says whether there may be more at once.
// After an error nothing has changed.
func (x *Index) Step(ctx context.Context) (moved bool, err error) {
	var seen look
	defer func() {
		x.loaded = x.loaded && !moved && err == nil
		x.mu.Lock()
		defer x.mu.Unlock()
		x.seen.failed = err
		if seen.newest.Hash != (sinso.Hash{}) {
			x.seen.newest = seen.newest.Number
		}
	}()
	if len(x.source.blocks) >= memories || len(x.source.logs) >= memories || x.source.bytes > forkBytes/2 || x.source.blocks == nil {
		x.source.forget()
	}
	if err := x.replace(ctx); err != nil {
		return false, err
	}
	if err := x.read(ctx); err != nil {
		return false, err
	}
	if x.state.stale || x.behind() {
		return true, x.repair(ctx)
	}
	if seen, err = x.look(ctx); err != nil {
		return false, err
	}
	if !x.state.none && seen.newest.Number <= x.state.at {
		return x.stand(ctx, seen)
	}
	x.doubt = 0
	return x.extend(ctx, seen)
}

// read reads the cursor and the contracts from the file, if they may have changed.
func (x *Index) read(ctx context.Context) error {
	if x.loaded {
		return nil
	}
	if err := x.reopen(ctx); err != nil {
		return err
	}
	x.loaded = true
	return x.view(ctx, func(c *conn) (err error) {
		if x.state, err = readCursor(c); err != nil {
			return err
		}
		x.watch, err = readWatch(c)
		return err
	})
}

func readCursor(c *conn) (cursor, error) {
	var at cursor
	err := c.each(`SELECT cursor, start, final, stale, hash FROM state LEFT JOIN block ON number = cursor`, nil, func(s *sqlite3.Stmt) error {
		start := s.ColumnInt64(1)
		at.none, at.firm, at.stale = s.ColumnInt64(0) < start, s.ColumnInt64(2) >= start, s.ColumnBool(3)
		at.at, at.final = uint64(max(s.ColumnInt64(0), 0)), uint64(max(s.ColumnInt64(2), 0))
		if !at.none {
			if len(s.ColumnRawBlob(4)) != len(at.hash) {
				return fmt.Errorf("index: the block at the cursor is not there: %w", errDamaged)
			}
			at.hash = sinso.Hash(s.ColumnRawBlob(4))
		}
		return nil
	})
	return at, err
}

// look asks for the newest and the final block. A final one that is newer than the
// newest is of another node, and is not believed.
func (x *Index) look(ctx context.Context) (look, error) {
	newest, err := x.cfg.Source.Newest(ctx)
	if err != nil {
		return look{}, err
	}
	if newest.Number > maxBlock {
		return look{}, lie("the newest block's number is too high")
	}
	final, err := x.cfg.Source.Final(ctx)
	if errors.Is(err, sinso.ErrUnsupported) {
		if x.finals || newest.Number < x.cfg.Confirmations { // it did call blocks final: one of its nodes does not
			return look{newest: newest}, nil
		}
		return look{newest, chain.Block{Number: newest.Number - x.cfg.Confirmations}, true}, nil
	}
	if err != nil {
		return look{}, err
	}
	x.finals = true
	return look{newest, final, final.Number <= newest.Number}, nil
}

// stand is for a newest block that is not above the cursor. It may be ours, or one
// of ours that an endpoint that lags behind takes for the newest. If it is another,
// the chain has a fork that is no longer than ours, which is believed if it is seen
// again and again.
func (x *Index) stand(ctx context.Context, seen look) (moved bool, err error) {
	ours, known, err := x.hash(ctx, seen.newest.Number)
	if err != nil {
		return false, err
	}
	if !known || ours == seen.newest.Hash {
		x.doubt = 0
		return false, x.confirm(ctx, seen)
	}
	if x.doubt++; x.doubt < patience {
		return false, nil
	}
	if err := x.fork(ctx, []chain.Block{seen.newest}, seen); err != nil {
		return false, err
	}
	x.doubt = 0
	return true, nil
}

// hash returns the hash of the block with a number that is in the index.
func (x *Index) hash(ctx context.Context, number uint64) (hash sinso.Hash, known bool, err error) {
	if !x.state.none && number == x.state.at {
		return x.state.hash, true, nil
	}
	err = x.view(ctx, func(c *conn) error {
		hash, known, err = hashOf(c, number)
		return err
	})
	return hash, known, err
}

func hashOf(c *conn, number uint64) (hash sinso.Hash, known bool, err error) {
	err = c.each(`SELECT hash FROM block WHERE number = ?`, []any{signed(number)}, func(s *sqlite3.Stmt) error {
		hash, known = sinso.Hash(s.ColumnBlob(0, nil)), true
		return nil
	})
	return hash, known, err
}

// confirm makes final what the chain calls final, while there is no new block.
func (x *Index) confirm(ctx context.Context, seen look) error {
	if !seen.has || x.state.firm && seen.final.Number <= x.state.final {
		return nil
	}
	x.loaded = false
	return x.write(ctx, func(c *conn) error { return x.settle(c, seen) })
}

// extend takes in the blocks after the cursor.
func (x *Index) extend(ctx context.Context, seen look) (moved bool, err error) {
	first := x.state.at + 1
	if x.state.none {
		first = x.cfg.Start
	}
	if seen.newest.Number < first {
		return false, nil
	}
	blocks, err := x.cfg.Source.Blocks(ctx, first, min(seen.newest.Number, first+pageBlocks-1))
	if err != nil && len(blocks) == 0 {
		return false, unavailable(err)
	}
	if len(blocks) == 0 { // whoever answered does not know the newest block
		return false, nil
	}
	if blocks[0].Number != first {
		return false, lie("a block is another than was asked for")
	}
	if err := linked(blocks); err != nil {
		return false, err
	}
	if !x.state.none && blocks[0].Parent != x.state.hash {
		return true, x.fork(ctx, blocks, seen)
	}
	return true, x.put(ctx, signed(first)-1, blocks, seen, false)
}

// fork follows a branch back to a block of ours, and takes its blocks instead of
// ours after that. Each block is asked for by the hash that the next one names, so
// that they are of one chain whichever node answers.
func (x *Index) fork(ctx context.Context, branch []chain.Block, seen look) error {
	branch = slices.Clone(branch)
	slices.Reverse(branch)
	for {
		oldest := branch[len(branch)-1]
		if oldest.Number <= x.cfg.Start {
			break
		}
		ours, known, err := x.hash(ctx, oldest.Number-1)
		if err != nil {
			return err
		}
		if known && ours == oldest.Parent {
			break
		}
		if x.state.firm && oldest.Number-1 <= x.state.final {
			return fmt.Errorf("index: the endpoint's chain differs from the one that was read before at block %d, which was final: it is another chain,"+
				" or has lied; nothing was changed; check the endpoint, and if the chain was really replaced, stop the node and delete the file of the index,"+
				" which is then made anew: %w", oldest.Number-1, sinso.ErrCorrupt)
		}
		if len(branch) >= maxFork {
			return fmt.Errorf("index: a fork of the chain is longer than %d blocks; nothing was changed; check the endpoint: %w", maxFork, sinso.ErrCorrupt)
		}
		parent, err := x.parent(ctx, oldest)
		if err != nil {
			return err
		}
		branch = append(branch, parent)
	}
	slices.Reverse(branch)
	return x.put(ctx, signed(branch[0].Number)-1, branch, seen, true)
}

// parent returns the block before one.
func (x *Index) parent(ctx context.Context, of chain.Block) (chain.Block, error) {
	if block, ok := x.source.blocks[of.Parent]; ok {
		return block, nil
	}
	block, err := x.cfg.Source.Block(ctx, of.Parent)
	if errors.Is(err, sinso.ErrNotFound) {
		return block, mixed("a block names a parent that is not known")
	}
	if err != nil {
		return block, unavailable(err)
	}
	if block.Hash != of.Parent || block.Number != of.Number-1 {
		return block, lie("a block is another than was asked for")
	}
	x.source.blocks[block.Hash] = block
	return block, nil
}

// put takes back what is after a block, and takes in those that follow it, in one
// transaction together with the cursor.
func (x *Index) put(ctx context.Context, after int64, blocks []chain.Block, seen look, whole bool) error {
	final := uint64(0)
	if seen.has {
		final = seen.final.Number
	}
	if whole {
		final = 0 // each block of a fork is read by its hash
		for at, w := range x.watch {
			if w.announced > after {
				delete(x.watch, at)
			}
		}
	}
	logs, n, err := x.gather(ctx, x.watch, blocks, final, whole)
	if err != nil {
		return err
	}
	err = x.write(ctx, func(c *conn) error {
		if err := c.undo(after); err != nil {
			return err
		}
		left, deep := logs, int64(-1)
		for _, block := range blocks[:n] {
			if seen.deep(block.Number) {
				deep = signed(block.Number)
			}
			mine := 0
			for mine < len(left) && left[mine].Block == block.Number {
				mine++
			}
			if err := x.putBlock(c, block, left[:mine], seen); err != nil {
				return err
			}
			left = left[mine:]
		}
		if err := c.run(`UPDATE state SET events = events + ?`, int64(len(logs)-len(left))); err != nil {
			return err
		}
		if deep >= 0 {
			if err := c.settle(deep); err != nil {
				return err
			}
		}
		return x.settle(c, seen)
	})
	if err == nil {
		x.source.forget()
	}
	return err
}

// deep says whether a block is so far below the final one that it needs no way back.
func (l look) deep(number uint64) bool { return l.has && number+margin <= l.final.Number }

// putBlock takes in one block. Its changes are written down for undo while it is not
// final.
func (x *Index) putBlock(c *conn, block chain.Block, logs []sinso.ChainEvent, seen look) error {
	number := signed(block.Number)
	if err := c.run(`UPDATE state SET cursor = ?, keeping = ?`, number, !seen.deep(block.Number)); err != nil {
		return err
	}
	if err := c.run(`INSERT INTO block VALUES (?, ?, ?)`, number, block.Hash[:], block.Time.Unix()); err != nil {
		return err
	}
	p := &projector{conn: c}
	for i := range logs {
		if err := x.putLog(p, &logs[i], block.Time.Unix()); err != nil {
			return err
		}
	}
	return nil
}

// putRaw keeps a log as it is.
func putRaw(c *conn, log *sinso.ChainEvent) error {
	return c.run(`INSERT INTO log VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		placeOf(log), log.Contract[:], topicsOf(log), log.Data, log.Tx[:])
}

func (x *Index) putLog(p *projector, log *sinso.ChainEvent, time int64) error {
	if err := putRaw(p.conn, log); err != nil {
		return err
	}
	e := x.event(x.watch, log)
	if e == nil { // it is kept, and a later version may know it
		return nil
	}
	if at, name, ok := e.announces(); ok {
		err := p.run(`INSERT INTO contract VALUES (?, ?, ?, NULL) ON CONFLICT DO NOTHING`, at[:], name, signed(log.Block))
		if err != nil {
			return err
		}
	}
	e.time = time
	return p.project(e)
}

// settle makes final what the chain calls so, if it is in: the block that is called
// final has to be ours.
func (x *Index) settle(c *conn, seen look) error {
	if !seen.has {
		return nil
	}
	at, err := readCursor(c)
	if err != nil || at.none {
		return err
	}
	final := seen.final.Number
	if seen.final.Hash == (sinso.Hash{}) { // by confirmations, of what was seen
		if at.at < x.cfg.Confirmations {
			return nil
		}
		final = min(final, at.at-x.cfg.Confirmations)
	} else {
		ours, known, err := hashOf(c, final)
		if err != nil || !known || ours != seen.final.Hash {
			return err
		}
	}
	if at.firm && final <= at.final || final < x.cfg.Start || final > at.at {
		return nil
	}
	return c.settle(signed(final))
}
