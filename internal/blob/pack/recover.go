package pack

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"slices"

	"sinso.dev/sinso"
)

// recovery is the state of opening a log.
type recovery struct {
	*Pack
	mark       mark
	markDamage *Damage
	missing    []Damage // segment files that are not there
	scan       scanner
	deferred   []deferredBatch // sound batches behind a bad place
	markFits   bool            // a batch with the mark's seal ends where it says
	lastFound  int             // batches found in the last segment, also deferred ones
}

type deferredBatch struct {
	segment int
	batch   batch
}

// recover opens what is on the disk, or begins a new log.
func (p *Pack) recover() error {
	r := &recovery{Pack: p}
	names, err := p.disk.list()
	if err != nil {
		return fmt.Errorf("journal: list the folder: %w: %w", sinso.ErrUnavailable, err)
	}
	numbers := segmentNumbers(names)
	if len(numbers) == 0 && !slices.Contains(names, markName) {
		return p.begin()
	}
	if err := r.readMark(slices.Contains(names, markName)); err != nil {
		return err
	}
	if err := r.openSegments(numbers); err != nil {
		return err
	}
	if err := r.scanSegments(); err != nil {
		return err
	}
	return r.decide()
}

func segmentNumbers(names []string) []uint32 {
	var numbers []uint32
	for _, name := range names {
		if n, ok := segmentNumber(name); ok {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// begin makes a new log: first the mark, so that a segment without one is
// always damage.
func (p *Pack) begin() error {
	if _, err := rand.Read(p.id[:]); err != nil {
		return fmt.Errorf("journal: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	if err := p.disk.write(markName, mark{id: p.id}.bytes()); err != nil {
		return fmt.Errorf("journal: write the mark: %w: %w", sinso.ErrUnavailable, err)
	}
	return p.ready()
}

// ready makes a sound log writable.
func (p *Pack) ready() (err error) {
	if err := p.sweep(); err != nil {
		return err
	}
	if p.marked, err = p.disk.open(markName); err != nil {
		return fmt.Errorf("journal: open the mark: %w: %w", sinso.ErrUnavailable, err)
	}
	if n := len(p.segments); n == 0 || p.segments[n-1].condensed { // behind which a header was torn
		return p.roll()
	}
	// A process that was killed as it began a segment may have left it, and its name,
	// in the system's cache alone: the mark must not vouch for it before it is durable.
	last := p.segments[len(p.segments)-1]
	if err := errors.Join(last.file.datasync(), p.disk.syncDir()); err != nil {
		return fmt.Errorf("journal: sync %s: %w: %w", segmentName(last.number), sinso.ErrUnavailable, err)
	}
	return p.syncMark()
}

func (r *recovery) readMark(there bool) error {
	if !there {
		r.markDamage = &Damage{File: markName, Length: markBytes, Why: "the mark is missing"}
		return nil
	}
	f, err := r.disk.open(markName)
	if err != nil {
		return fmt.Errorf("journal: open the mark: %w: %w", sinso.ErrUnavailable, err)
	}
	r.mark, r.markDamage, err = loadMark(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("journal: read the mark: %w: %w", sinso.ErrUnavailable, err)
	}
	r.id = r.mark.id
	return nil
}

// loadMark reads the mark file whole; one byte too many is damage too.
func loadMark(f file) (m mark, damage *Damage, err error) {
	size, err := f.size()
	if err != nil {
		return m, nil, err
	}
	raw := make([]byte, min(size, markBytes+1))
	if err := readFull(f, raw, 0); err != nil {
		return m, nil, err
	}
	if m, err = parseMark(raw); err != nil {
		return m, &Damage{File: markName, Length: markBytes, Why: "the mark does not match its checksum"}, nil //nolint:nilerr // what does not read is damage, and told as such
	}
	return m, nil, nil
}

func (r *recovery) openSegments(numbers []uint32) error {
	due := uint32(1)
	for _, n := range numbers {
		for ; due < n; due++ {
			r.missing = append(r.missing, Damage{File: segmentName(due), Why: "the segment is missing"})
		}
		due = n + 1
		f, err := r.disk.open(segmentName(n))
		if err != nil {
			return fmt.Errorf("journal: open %s: %w: %w", segmentName(n), sinso.ErrUnavailable, err)
		}
		s := newSegment(n, f)
		s.first = math.MaxUint64 // until it is scanned
		r.segments = append(r.segments, s)
		if s.size, err = f.size(); err != nil {
			return fmt.Errorf("journal: %s: %w: %w", segmentName(n), sinso.ErrUnavailable, err)
		}
		if r.id == (logID{}) {
			raw := make([]byte, min(s.size, segmentHeaderBytes))
			if err := readFull(f, raw, 0); err != nil {
				return fmt.Errorf("journal: read %s: %w: %w", segmentName(n), sinso.ErrUnavailable, err)
			}
			if h, err := parseSegmentHeader(raw); err == nil {
				r.id = h.id
			}
		}
	}
	for ; due <= r.mark.segment; due++ {
		r.missing = append(r.missing, Damage{File: segmentName(due), Why: "the segment is missing"})
	}
	return nil
}

func (r *recovery) scanSegments() error {
	r.scan = scanner{id: r.id, vouched: r.mark.position, payloads: r.mark.position, found: r.found}
	r.markFits = r.mark.position == 0
	for i, s := range r.segments {
		if err := r.scan.segment(i, s); err != nil {
			return fmt.Errorf("journal: read %s: %w: %w", segmentName(s.number), sinso.ErrUnavailable, err)
		}
	}
	return nil
}

func (r *recovery) found(segment int, b batch) error {
	if segment == len(r.segments)-1 {
		r.lastFound++
	}
	if b.end() == r.mark.position && b.seal == r.mark.chain {
		r.markFits = true
	}
	if len(r.scan.bad) > 0 {
		r.deferred = append(r.deferred, deferredBatch{segment, b})
		return nil
	}
	r.take(segment, b)
	return nil
}

// decide tells torn from damaged, and makes the log writable if it is sound.
func (r *recovery) decide() error {
	bad, torn := r.scan.bad, (*badPlace)(nil)
	if i := slices.IndexFunc(bad, r.isTorn); i >= 0 {
		bad, torn = bad[:i], &bad[i]
	}
	for _, d := range r.deferred {
		if torn == nil || d.batch.position < torn.from {
			r.take(d.segment, d.batch)
		}
	}
	for i, m := range r.missing {
		if last := len(r.segments) - 1; last < 0 || m.File > segmentName(r.segments[last].number) {
			r.missing[i].Position = r.end
		}
	}
	if last := len(r.segments) - 1; last >= 0 && r.segments[last].condensed { // which the last never is
		r.missing = append(r.missing, Damage{File: segmentName(r.segments[last].number + 1), Position: r.end, Why: "the segment is missing"})
	}
	r.damage, r.broken = r.missing, len(r.missing) > 0
	for _, b := range bad {
		r.damage = append(r.damage, b.Damage)
		r.broken = r.broken || !b.payload
	}
	r.judgeMark()
	if r.broken {
		return nil
	}
	if torn != nil {
		if err := r.cut(*torn); err != nil {
			return err
		}
	}
	return r.settle()
}

// isTorn reports whether a bad place is what an append leaves that was never
// acknowledged: it is in the last segment, and nothing vouches for it.
func (r *recovery) isTorn(b badPlace) bool {
	if b.segment != len(r.segments)-1 || b.from < r.scan.vouched || (r.markDamage != nil && !r.opts.RestoreMark) {
		return false
	}
	if b.cut == 0 { // the segment's header: durable before the mark names it and before any batch
		return r.lastFound == 0 && r.segments[b.segment].number > r.mark.segment
	}
	return true
}

// judgeMark compares the mark with the log.
func (r *recovery) judgeMark() {
	if r.opts.RestoreMark {
		return
	}
	switch last := len(r.segments) - 1; {
	case r.markDamage != nil:
	case r.broken: // and so it cannot be compared
		return
	case r.mark.position > r.end && last >= 0:
		r.markDamage = &Damage{
			File: segmentName(r.segments[last].number), Offset: r.segments[last].size, Position: r.end,
			Why: fmt.Sprintf("entries %d to %d at the end are missing", r.end, r.mark.position),
		}
	case !r.markFits:
		r.markDamage = &Damage{File: markName, Length: markBytes, Position: r.end, Why: "the mark is not of this log"}
	default:
		return
	}
	r.markDamage.Position = r.end
	r.damage, r.broken = append(r.damage, *r.markDamage), true
}

// cut takes a torn tail away.
func (r *recovery) cut(torn badPlace) error {
	s := r.segments[torn.segment]
	var err error
	if torn.cut == 0 {
		r.segments = r.segments[:torn.segment]
		err = errors.Join(s.file.Close(), r.disk.remove(segmentName(s.number)), r.disk.syncDir())
	} else {
		s.size = torn.cut
		err = errors.Join(s.file.Truncate(s.size), s.file.datasync())
	}
	if err != nil {
		return fmt.Errorf("journal: cut the torn end of %s: %w: %w", segmentName(s.number), sinso.ErrUnavailable, err)
	}
	return nil
}

// settle makes durable what was found behind the mark, and the log writable.
func (r *recovery) settle() error {
	if r.opts.RestoreMark {
		if r.id == (logID{}) { // of a log without a segment
			if _, err := rand.Read(r.id[:]); err != nil {
				return fmt.Errorf("journal: randomness: %w: %w", sinso.ErrUnavailable, err)
			}
		}
		if err := r.disk.write(markName, mark{id: r.id, position: r.end, chain: r.chain}.bytes()); err != nil {
			return fmt.Errorf("journal: write the mark: %w: %w", sinso.ErrUnavailable, err)
		}
	}
	if err := r.rewriteTail(); err != nil {
		return fmt.Errorf("journal: rewrite the end: %w: %w", sinso.ErrUnavailable, err)
	}
	return r.ready()
}

// rewriteTail writes again what stands behind the mark. After a sync that failed
// the system may hold pages that it takes for clean and that never reached the
// disk; read back and written again, they do.
func (r *recovery) rewriteTail() error {
	if len(r.segments) == 0 {
		return nil
	}
	s := r.segments[len(r.segments)-1]
	offset := int64(0) // with the header, of a segment that the mark does not name
	if s.number <= r.mark.segment {
		if len(s.batches) == 0 {
			return nil
		}
		offset = s.batches[s.batchAt(r.mark.position)].offset
	}
	const piece = 1 << 20
	buf := make([]byte, min(piece, s.size-offset))
	for ; offset < s.size; offset += int64(len(buf)) {
		buf = buf[:min(piece, s.size-offset)]
		if err := readFull(s.file, buf, offset); err != nil {
			return err
		}
		if _, err := s.file.WriteAt(buf, offset); err != nil {
			return err
		}
	}
	return s.file.datasync()
}
