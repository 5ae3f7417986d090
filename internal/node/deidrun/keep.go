package deidrun

import (
	"time"
)

const (
	keepEvery = 500 * time.Millisecond // how long an outcome waits for others
	tellEvery = 200 * time.Millisecond // how often progress is told
)

// keep commits outcomes, many at a time, until there are no more: also those that
// came before the run was stopped.
func (p *pipeline) keep() error {
	so := &p.so
	told := time.Now()
	for open := true; open; {
		var batch []outcome
		batch, open = p.gather()
		if err := p.commit(batch); err != nil {
			return err
		}
		for i := range batch {
			so.count(&batch[i])
		}
		if p.o.Progress != nil && (time.Since(told) >= tellEvery || !open) {
			told = time.Now()
			so.Earlier = int(p.lists.earlier.Load())
			so.Done, so.Total = int(p.finished.Load())+so.Earlier, int(p.lists.total.Load())
			p.o.Progress(*so)
		}
	}
	return nil
}

// gather waits for an outcome, and a moment for others. It returns false when there
// will be none.
func (p *pipeline) gather() ([]outcome, bool) {
	o, open := <-p.outcomes
	if !open {
		return nil, false
	}
	batch := append(make([]outcome, 0, maxPending), o)
	enough := time.NewTimer(keepEvery)
	defer enough.Stop()
	for len(batch) < maxPending {
		select {
		case o, open := <-p.outcomes:
			if !open {
				return batch, false
			}
			batch = append(batch, o)
		case <-enough.C:
			return batch, true
		}
	}
	return batch, true
}

// count counts what can be said of an outcome before the end.
func (so *Progress) count(o *outcome) {
	switch {
	case o.whole, o.face != nil, o.rec.remade():
		return
	case o.rec.File != "" && len(o.rec.Reasons) == 0:
		so.Clean++
	case o.rec.File != "":
		so.Withheld++
	case o.rec.Skip:
		so.Skipped++
	default:
		so.Refused++
	}
	so.Files++
}
