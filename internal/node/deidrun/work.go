package deidrun

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/ingest"
)

// maxInFlight bounds the bytes of the inputs that are in memory at a time. Cleaning
// takes about three times as many. One object may be larger, and is then alone.
const maxInFlight = 256 << 20

// maxPending bounds the outcomes that wait to be made durable.
const maxPending = 2048

// item is one input that was read, or could not be.
type item struct {
	found ingest.Found
	id    id
	of    *opened // nil if it is made again
	again *remake // nil if it is made for the first time
	bytes int64   // of the budget
}

// opened is a unit while its items are under way.
type opened struct {
	unit
	isZip bool
	left  atomic.Int64 // items whose outcome is not known, and one while it is read
}

// outcome is what became of an item or of a series, or that a unit is whole.
type outcome struct {
	rec     record
	changes []deid.Change // nil: those of the record
	face    *judged
	whole   bool
}

// pipeline is what the goroutines of a run share. Each stage ends when the one
// before it has, or with its context.
type pipeline struct {
	*run
	units    chan unit
	items    chan item
	outcomes chan outcome
	budget   *semaphore.Weighted
	volumes  *semaphore.Weighted
	session  string
	serial   atomic.Int64
	finished atomic.Int64 // units
}

// work reads, cleans and writes all that is not done.
func (r *run) work(ctx context.Context) error {
	if err := r.journal.truncate(); err != nil {
		return err
	}
	r.journal.add(kindSession, []byte("{}"))
	r.book.sessions++
	p := r.newPipeline()
	counting, stop := context.WithCancel(ctx)
	var counter sync.WaitGroup
	counter.Go(func() { r.lists.count(counting) })
	defer counter.Wait()
	defer stop()

	return p.flow(ctx, func(ctx context.Context) error {
		defer close(p.units)
		return r.lists.all(ctx, func(u unit) error { return send(ctx, p.units, u) })
	}, p.read)
}

func (r *run) newPipeline() *pipeline {
	return &pipeline{
		run: r, units: make(chan unit, 64), items: make(chan item), outcomes: make(chan outcome, maxPending),
		budget: semaphore.NewWeighted(maxInFlight), volumes: semaphore.NewWeighted(maxVoxels), session: newSession(),
	}
}

// flow lets items go through: list says what is to be read, read feeds the items, which
// are cleaned and kept.
func (p *pipeline) flow(ctx context.Context, list, read func(context.Context) error) error {
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return list(gctx) })
	p.stage(group, func() { close(p.items) }, func() error { return read(gctx) })
	p.stage(group, func() { close(p.outcomes) }, func() error { return p.cleanAll(gctx) })
	group.Go(func() error { return p.keep() })
	if err := group.Wait(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("deid: %w", ctx.Err())
		}
		return err
	}
	return nil
}

// stage starts as many goroutines as there are jobs, and ends what they feed when
// the last of them has ended.
func (p *pipeline) stage(group *errgroup.Group, end func(), work func() error) {
	var left atomic.Int64
	left.Store(int64(p.o.Jobs))
	for range p.o.Jobs {
		group.Go(func() error {
			defer func() {
				if left.Add(-1) == 0 {
					end()
				}
			}()
			return work()
		})
	}
}

func send[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take takes so many bytes of the budget, at most all of it.
func (p *pipeline) take(ctx context.Context, bytes int64) (int64, error) {
	bytes = min(bytes, maxInFlight)
	return bytes, p.budget.Acquire(ctx, bytes)
}

func (p *pipeline) read(ctx context.Context) error {
	for u := range p.units {
		of := &opened{unit: u}
		of.left.Store(1)
		if err := p.readUnit(ctx, of); err != nil {
			return err
		}
		if err := p.isWhole(ctx, of); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// errListed ends the reading of a list that lies in a folder: its files are met there.
var errListed = errors.New("the files of the list are found by themselves")

// readUnit hands on what is in a file.
func (p *pipeline) readUnit(ctx context.Context, of *opened) error {
	if of.refusal != nil {
		return p.hand(ctx, of, ingest.Found{Item: sinso.Item{Name: sinso.NewPHI(of.path)}, Refusal: of.refusal}, 0, 0)
	}
	held, err := p.take(ctx, of.size)
	if err != nil {
		return err
	}
	defer func() { p.budget.Release(held) }() // what was not handed on
	number := 0
	err = ingest.Walk(ctx, []string{of.path}, func(f ingest.Found) error {
		number++
		if f.Item.Name.Reveal() == of.path { // revealed to tell the file from what is in it
			bytes := held
			held = 0
			if err := p.hand(ctx, of, f, 0, bytes); err != nil {
				return err
			}
			if of.path != p.o.In {
				return errListed
			}
			return nil
		}
		p.budget.Release(held)
		held = 0
		bytes, err := p.take(ctx, int64(len(f.Item.Bytes)))
		if err != nil {
			return err
		}
		return p.hand(ctx, of, f, number, bytes)
	})
	switch {
	case err == nil, errors.Is(err, errListed):
		return nil
	case ctx.Err() == nil && number == 0 && (errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrInvalid)):
		gone := ingest.Found{Item: sinso.Item{Name: sinso.NewPHI(of.path)}, Refusal: unreadable("the file is gone since the folder was listed")}
		return p.hand(ctx, of, gone, 0, 0)
	}
	return err
}

// hand hands one item on: the file itself, or its entry with a number from 1.
func (p *pipeline) hand(ctx context.Context, of *opened, f ingest.Found, number int, bytes int64) error {
	it := item{found: f, id: of.id, of: of, bytes: bytes}
	if number > 0 {
		name, sum := f.Item.Name.Reveal(), sha256.Sum256(f.Item.Bytes) // the name is hashed with the run's key
		it.id = p.lists.names.id(string(of.id[:]), strconv.Itoa(number), name, string(sum[:]))
		of.isZip = of.isZip || strings.HasPrefix(name, of.path+"!/")
	}
	if p.book.met(it.id) {
		p.budget.Release(bytes)
		return nil
	}
	of.left.Add(1)
	if err := send(ctx, p.items, it); err != nil {
		p.budget.Release(bytes)
		return err
	}
	return nil
}

// isWhole counts a unit's items, and tells the journal when a zip was the last.
func (p *pipeline) isWhole(ctx context.Context, of *opened) error {
	if of.left.Add(-1) > 0 {
		return nil
	}
	p.finished.Add(1)
	if !of.isZip {
		return nil
	}
	return send(ctx, p.outcomes, outcome{rec: record{ID: of.id}, whole: true})
}
