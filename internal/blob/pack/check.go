package pack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"sinso.dev/sinso"
)

// Check reads everything: headers, tables, payloads, the mark. It calls report
// with each damaged place, and progress (if it is not nil) with the bytes read
// of those to read. It returns ErrCorrupt if there was any damage. Appends may
// go on meanwhile; what they add is not checked.
func (p *Pack) Check(ctx context.Context, progress func(done, total int64), report func(Damage)) error {
	p.mu.RLock()
	err := p.usable(ctx)
	c := checker{pack: p, known: p.damage, end: p.end, report: report, told: map[Damage]bool{}}
	total := int64(0)
	c.segments = p.hold()
	for _, s := range c.segments {
		total += s.size
	}
	p.mu.RUnlock()
	defer releaseAll(c.segments)
	if err != nil {
		return err
	}
	c.read = func(n int64) {
		if c.done += n; progress != nil {
			progress(c.done, total)
		}
	}
	if err := c.scan(ctx); err != nil {
		return err
	}
	if err := c.mark(ctx); err != nil {
		return err
	}
	for _, d := range c.known {
		c.tell(d)
	}
	if n := len(c.told); n > 0 {
		return fmt.Errorf("journal: damage in %d places: %w", n, sinso.ErrCorrupt)
	}
	return nil
}

// checker is one run of Check.
type checker struct {
	pack     *Pack
	segments []segment
	known    []Damage // found when the log was opened
	end      sinso.Position
	read     func(int64)
	report   func(Damage)
	done     int64
	told     map[Damage]bool
}

func (c *checker) tell(d Damage) {
	if c.told[d] {
		return
	}
	c.told[d] = true
	c.report(d)
}

func (c *checker) scan(ctx context.Context) error {
	scan := scanner{id: c.pack.id, read: c.read, found: func(int, batch) error { return ctx.Err() }}
	for i := range c.segments {
		s := &c.segments[i]
		if err := scan.segment(i, s); err != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("journal: check: %w", err)
			}
			return fmt.Errorf("journal: check %s: %w: %w", segmentName(s.number), sinso.ErrUnavailable, err)
		}
		c.read(segmentHeaderBytes)
		for _, bad := range scan.bad {
			c.pack.spoil(bad)
			c.tell(bad.Damage)
		}
		scan.bad = nil
	}
	if n := len(c.segments); scan.next < c.end && !scan.lost && n > 0 {
		last := c.segments[n-1]
		c.tell(Damage{
			File: segmentName(last.number), Offset: last.size, Position: scan.next,
			Why: fmt.Sprintf("entries %d to %d at the end are missing", scan.next, c.end),
		})
	}
	return nil
}

// spoil notes a damaged block, so that it can be stored again.
func (p *Pack) spoil(bad badPlace) {
	k, err := keyOf(bad.CID)
	if err != nil {
		return // no block
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, ok := p.index.get(k.tag()); ok && at.position() == bad.Position {
		p.spoiled[k] = struct{}{}
	}
}

// mark checks the mark file, while nobody writes it.
func (c *checker) mark(ctx context.Context) error {
	p := c.pack
	if p.broken {
		return nil // it was judged when the log was opened
	}
	select {
	case p.leader <- struct{}{}:
		defer func() { <-p.leader }()
	case <-ctx.Done():
		return fmt.Errorf("journal: check: %w", ctx.Err())
	}
	if p.closed {
		return errClosed
	}
	f, err := p.disk.open(markName)
	if errors.Is(err, fs.ErrNotExist) {
		c.tell(Damage{File: markName, Length: markBytes, Position: c.end, Why: "the mark is missing"})
		return nil
	}
	if err != nil {
		return fmt.Errorf("journal: check the mark: %w: %w", sinso.ErrUnavailable, err)
	}
	m, damage, err := loadMark(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("journal: check the mark: %w: %w", sinso.ErrUnavailable, err)
	}
	if damage == nil && (m.id != p.id || m.position > p.end || (m.position == p.end && m.chain != p.chain)) {
		damage = &Damage{File: markName, Length: markBytes, Why: "the mark is not of this log"}
	}
	if damage != nil {
		damage.Position = c.end
		c.tell(*damage)
	}
	return nil
}
