package way

import (
	"context"
	"errors"

	"sinso.dev/sinso"
)

// Find calls fn with what a query finds, on one snapshot of the index; see
// [sinso.MetaTx.Find]. fn runs in the caller's goroutine and must not wait for
// writers of the index.
func (w *Way) Find(ctx context.Context, q sinso.Query, fn func(sinso.Found) error) error {
	w.active()
	_, err := view(ctx, w, func(tx sinso.MetaTx) (struct{}, error) { return struct{}{}, tx.Find(q, fn) })
	return err
}

// Metadata calls fn with each instance of a series and its DICOM JSON, by number.
func (w *Way) Metadata(ctx context.Context, series sinso.SeriesID, fn func(sinso.InstanceRow, []byte) error) error {
	w.active()
	_, err := view(ctx, w, func(tx sinso.MetaTx) (struct{}, error) { return struct{}{}, tx.Metadata(series, fn) })
	return err
}

// InstancesByUID lists the instances with a SOP Instance UID, those in conflict too,
// in the order they came.
func (w *Way) InstancesByUID(ctx context.Context, uid string) ([]sinso.InstanceRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.InstanceRow, error) {
		return gather(func(fn func(sinso.InstanceRow) error) error { return tx.InstancesByUID(uid, fn) })
	})
}

// The attributes that name objects (PS3.6).
const (
	tagStudyUID  = 0x0020000D
	tagSeriesUID = 0x0020000E
)

// StudiesByUID finds the studies with a Study Instance UID: more than one only if
// several persons' objects have it.
func (w *Way) StudiesByUID(ctx context.Context, uid string) ([]sinso.Found, error) {
	return w.byUID(ctx, sinso.Query{Level: sinso.LevelStudy, Match: []sinso.Condition{{Tag: tagStudyUID, Values: []string{uid}}}})
}

// SeriesByUID finds the series with a Series Instance UID, in a study if its UID is
// given.
func (w *Way) SeriesByUID(ctx context.Context, study, uid string) ([]sinso.Found, error) {
	return w.byUID(ctx, sinso.Query{Level: sinso.LevelSeries, Match: []sinso.Condition{
		{Tag: tagStudyUID, Values: []string{study}}, {Tag: tagSeriesUID, Values: []string{uid}},
	}})
}

// byUID gathers what a query finds. An empty UID would match everything, and names
// nothing.
func (w *Way) byUID(ctx context.Context, q sinso.Query) ([]sinso.Found, error) {
	if last := q.Match[len(q.Match)-1]; last.Values[0] == "" || last.Values[0] == "*" {
		return []sinso.Found{}, nil
	}
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.Found, error) {
		return gather(func(fn func(sinso.Found) error) error { return tx.Find(q, fn) })
	})
}

// isChange reports whether an event changes what the archive shows.
func isChange(t sinso.EventType) bool {
	switch t { //nolint:exhaustive // all others do not
	case sinso.EventInstanceSealed, sinso.EventImported, sinso.EventRejected, sinso.EventRestored, sinso.EventMerged, sinso.EventMoved, sinso.EventErased:
		return true
	}
	return false
}

// Changes calls fn with the events that changed the archive, in order, from the event
// with number from on, until fn returns false or limit events were given (0: all).
// One more than the Seq of the last one is the next cursor. The log is read as far as
// the index has come, so that what is told of is found.
func (w *Way) Changes(ctx context.Context, from uint64, limit int, fn func(sinso.Event) bool) error {
	end, err := view(ctx, w, func(tx sinso.MetaTx) (uint64, error) { return tx.Cursor() })
	if err != nil || from >= end {
		return err
	}
	err = w.Audit.Events(ctx, from, func(event sinso.Event) error {
		if event.Seq >= end {
			return errEnough
		}
		if !isChange(event.Type) {
			return nil
		}
		if limit--; !fn(event) || limit == 0 {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
