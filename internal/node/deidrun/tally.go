package deidrun

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// tally is the end of a run: what became of everything, from the journal.
type tally struct {
	*run
	result     Result
	unreadable int // files that another run may read
	shares     map[id]*shared
	judged     map[id]bool // series of which the run met a file
}

// shared are the derivatives of one SOP Instance UID that differ.
type shared struct {
	uid     string
	bodies  map[id]*body // by sum
	stale   []id         // sums of those that others supersede
	counted int
}

// body is one derivative, of whatever originals.
type body struct {
	sum      id
	withheld bool // for one of its originals: then for all
	reasons  []sinso.Reason
	file     string // below OUT
	counted  bool
}

// fate is what one input became in the end.
type fate struct {
	record
	duplicate bool
}

func newTally(r *run) *tally {
	return &tally{run: r, result: Result{Reasons: map[sinso.Reason]int{}}, shares: map[id]*shared{}, judged: map[id]bool{}}
}

// each calls fn with each record of the journal and the number of its session.
func (t *tally) each(ctx context.Context, fn func(session int, rec *record) error) error {
	session := 0
	return t.journal.each(0, func(l line) error {
		if ctx.Err() != nil {
			return fmt.Errorf("deid: %w", ctx.Err())
		}
		if l.kind == kindSession {
			session++
		}
		if l.kind != kindRecord {
			return nil
		}
		rec, err := l.record()
		if err != nil {
			return err
		}
		at, superseded := t.book.remade[rec.ID]
		rec.stale = superseded && at != rec.at
		return fn(session, &rec)
	})
}

// settle brings every derivative to where it belongs. What it does twice ends the
// same.
func (t *tally) settle(ctx context.Context) error {
	if !t.book.waits && len(t.book.shared) == 0 {
		return t.syncOut()
	}
	err := t.each(ctx, func(_ int, rec *record) error {
		switch {
		case rec.File == "":
			return nil
		case t.book.shared[uidKey(rec.uid())]:
			t.share(rec)
			return nil
		case rec.From != id{} && !rec.stale:
			return t.place(rec)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range t.shares {
		if err := t.part(s); err != nil {
			return err
		}
	}
	return t.syncOut()
}

func (t *tally) syncOut() error {
	if t.o.DryRun {
		return nil
	}
	withheld := filepath.Join(t.o.Out, withheldDir)
	if _, err := os.Stat(withheld); err == nil {
		if err := syncDirs(withheld); err != nil {
			return err
		}
	}
	return syncDirs(t.o.Out)
}

// place moves a derivative to OUT/withheld, or out of it. At the other place may also
// be what it supersedes, with a face in it.
func (t *tally) place(rec *record) error {
	if t.o.DryRun {
		return nil
	}
	name := plainName(rec.uid())
	from, to := filepath.Join(t.o.Out, withheldDir, name), filepath.Join(t.o.Out, name)
	if len(t.verdict(rec)) > 0 {
		if err := t.makeWithheld(); err != nil {
			return err
		}
		from, to = to, from
	}
	if !rec.remade() {
		return t.move(from, to)
	}
	switch sum, there, err := sumOf(from); {
	case err != nil:
		return err
	case there && sum != rec.Sum:
		t.o.step()
		return removeAll(from)
	default:
		return t.move(from, to)
	}
}

// verdict returns why a derivative is withheld in the end.
func (t *tally) verdict(rec *record) []sinso.Reason {
	if len(rec.Reasons) == 0 && t.book.shows(rec) {
		return []sinso.Reason{deid.ReasonFace}
	}
	return rec.Reasons
}

// share takes in one of several derivatives of one UID.
func (t *tally) share(rec *record) {
	key := uidKey(rec.uid())
	s := t.shares[key]
	if s == nil {
		s = &shared{uid: rec.uid(), bodies: map[id]*body{}}
		t.shares[key] = s
	}
	if rec.stale {
		s.stale = append(s.stale, rec.Sum)
		return
	}
	b := s.bodies[rec.Sum]
	if b == nil {
		b = &body{sum: rec.Sum}
		s.bodies[rec.Sum] = b
	}
	for _, reason := range t.verdict(rec) {
		b.withheld = true
		if !slices.Contains(b.reasons, reason) {
			b.reasons = append(b.reasons, reason)
		}
	}
	slices.Sort(b.reasons)
}

// part names the derivatives of one UID: that with the least hash has the plain
// name, whoever came first.
func (t *tally) part(s *shared) error {
	bodies := make([]*body, 0, len(s.bodies))
	for _, b := range s.bodies {
		bodies = append(bodies, b)
	}
	slices.SortFunc(bodies, func(a, b *body) int { return slices.Compare(a.sum[:], b.sum[:]) })
	for i, b := range bodies {
		name := secondName(s.uid, b.sum)
		if i == 0 {
			name = plainName(s.uid)
		}
		b.file = name
		if b.withheld {
			b.file = filepath.Join(withheldDir, name)
		}
	}
	if t.o.DryRun {
		return nil
	}
	if err := t.makeWithheld(); err != nil {
		return err
	}
	if err := t.rename(s.uid, bodies); err != nil {
		return err
	}
	for _, sum := range s.stale {
		if name := secondName(s.uid, sum); s.bodies[sum] == nil {
			t.o.step()
			if err := removeAll(filepath.Join(t.o.Out, name), filepath.Join(t.o.Out, withheldDir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// rename first gives every file of a UID its second name, and then the first of
// them the plain one. No step loses a file, and each may be done again.
func (t *tally) rename(uid string, bodies []*body) error {
	for _, dir := range []string{"", withheldDir} {
		plain := filepath.Join(t.o.Out, dir, plainName(uid))
		sum, there, err := sumOf(plain)
		if err != nil {
			return err
		}
		if there {
			if err := t.move(plain, filepath.Join(t.o.Out, dir, secondName(uid, sum))); err != nil {
				return err
			}
		}
	}
	for _, b := range bodies {
		released, held := filepath.Join(t.o.Out, secondName(uid, b.sum)), filepath.Join(t.o.Out, withheldDir, secondName(uid, b.sum))
		from, to := held, released
		if b.withheld {
			from, to = released, held
		}
		if err := t.move(from, to); err != nil {
			return err
		}
		if err := t.move(to, filepath.Join(t.o.Out, b.file)); err != nil {
			return err
		}
	}
	return nil
}

// count counts what became of each input of this run, and calls fn with it.
func (t *tally) count(ctx context.Context, fn func(*fate) error) error {
	return t.each(ctx, func(session int, rec *record) error {
		now := session == t.book.sessions && t.state.Complete == nil
		if rec.stale || !now && !t.ofThisRun(rec) {
			return nil
		}
		f := fate{record: *rec}
		t.result.Files++
		if !now {
			t.result.Earlier++
		}
		if rec.File == "" {
			t.refused(&f)
			return fn(&f)
		}
		t.made(&f)
		if group := rec.group(); rec.From != (id{}) && t.book.faces[group] != nil {
			t.judged[group] = true
		}
		return fn(&f)
	})
}

// judgements returns what was decided about the series that may show a head, by study.
func (t *tally) judgements() []*judged {
	var out []*judged
	for group := range t.judged {
		out = append(out, t.book.faces[group])
	}
	slices.SortFunc(out, func(a, b *judged) int {
		return cmp.Or(strings.Compare(a.Study, b.Study), strings.Compare(a.Series, b.Series))
	})
	return out
}

// ofThisRun reports whether a record of an earlier run is of an input that this one
// met too.
func (t *tally) ofThisRun(rec *record) bool {
	if rec.Again {
		return false // it was tried again
	}
	return t.state.Complete != nil || t.book.done[rec.ID] || t.book.done[rec.Unit]
}

func (t *tally) refused(f *fate) {
	if f.Skip {
		t.result.Skipped++
	} else {
		t.result.Refused++
	}
	if f.Again {
		t.unreadable++
	}
	for _, reason := range f.Reasons {
		t.result.Reasons[reason]++
	}
}

func (t *tally) made(f *fate) {
	key := uidKey(f.uid())
	if s := t.shares[key]; s != nil {
		b := s.bodies[f.Sum]
		f.File, f.Reasons, f.duplicate = b.file, b.reasons, b.counted
		b.counted = true
		if !f.duplicate {
			s.counted++
		}
		if !f.duplicate && s.counted > 1 {
			t.result.Conflicts++
		}
	} else {
		first := t.book.first[key]
		f.Reasons, f.duplicate = t.verdict(&f.record), first.counted
		first.counted = true
		t.book.first[key] = first
		f.File = plainName(f.uid())
		if len(f.Reasons) > 0 {
			f.File = filepath.Join(withheldDir, f.File)
		}
	}
	switch {
	case f.duplicate:
		t.result.Duplicates++
		return
	case len(f.Reasons) > 0:
		t.result.Withheld++
	default:
		t.result.Clean++
		if f.remade() {
			t.result.Faceless++
		}
	}
	for _, reason := range f.Reasons {
		t.result.Reasons[reason]++
	}
}
