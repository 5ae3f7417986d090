package way

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// Templates say where a kind of device writes into its pictures. Persons draw them on
// this node, or are sent them by another; from then on each release blanks there,
// whatever its profile: the effective profile is the profile with those templates that
// may fit a picture of the study, and its hash is in the evidence. One removes a
// template by an event too, so that the index can be made again.

// Templates lists the templates in force, oldest first.
func (w *Way) Templates(ctx context.Context) ([]sinso.TemplateRow, error) {
	rows, err := view(ctx, w, func(tx sinso.MetaTx) ([]sinso.TemplateRow, error) { return gather(tx.Templates) })
	rows = slices.DeleteFunc(rows, func(row sinso.TemplateRow) bool { return row.Removed > 0 })
	return append([]sinso.TemplateRow{}, rows...), err
}

// Template returns one that is in force; ErrNotFound for any other.
func (w *Way) Template(ctx context.Context, id sinso.TemplateID) (sinso.TemplateRow, error) {
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.TemplateRow, error) { return tx.Template(id) })
	if err == nil && row.Removed > 0 {
		err = sinso.ErrNotFound
	}
	if err != nil {
		return sinso.TemplateRow{}, fmt.Errorf("way: template %s: %w", id, err)
	}
	return row, nil
}

// AddTemplates puts templates in force, all of them or none, and returns them as they
// are listed; one that is in force already stays as it is. ErrInvalid for what is none,
// and for more than a node may have.
func (w *Way) AddTemplates(ctx context.Context, templates []sinso.Template, actor string) ([]sinso.TemplateRow, error) {
	w.drawing.Lock()
	defer w.drawing.Unlock()
	there, err := w.Templates(ctx)
	if err != nil {
		return nil, err
	}
	known := map[sinso.TemplateID]bool{}
	all := []sinso.Template{}
	for _, row := range there {
		known[row.ID], all = true, append(all, row.Template)
	}
	var ids []sinso.TemplateID
	var events []sinso.Event
	for i, t := range templates {
		t.Boxes = slices.Clone(t.Boxes)
		slices.SortFunc(t.Boxes, func(a, b [4]int) int { return slices.Compare(a[:], b[:]) })
		t.Boxes = slices.Compact(t.Boxes)
		if err := deid.CheckTemplate(t); err != nil {
			return nil, fmt.Errorf("way: template %d: %w", i+1, err)
		}
		id, err := w.templateID(t)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
		if known[id] {
			continue
		}
		event, err := w.entry(sinso.EventTemplateAdded, actor, "", "", sinso.TemplateAdded{ID: id, Template: t}, nil)
		if err != nil {
			return nil, err
		}
		known[id], all, events = true, append(all, t), append(events, event)
	}
	if _, err := w.profile.With(all); err != nil { // too many
		return nil, err
	}
	if len(events) > 0 {
		if err := w.record(ctx, nil, events...); err != nil {
			return nil, err
		}
	}
	var rows []sinso.TemplateRow
	for _, id := range ids {
		row, err := w.Template(ctx, id)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// templateID names a template by what it says: the same one is the same on this node.
func (w *Way) templateID(t sinso.Template) (sinso.TemplateID, error) {
	canonical, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("way: template: %w", err)
	}
	return w.namer.Template(string(canonical)), nil
}

// DrawTemplate puts a template in force for the device that made the instance of an
// item of the review, and writes down that its original was opened. ErrInvalid if the
// object does not name its device, or a box does not lie in its picture.
func (w *Way) DrawTemplate(ctx context.Context, item sinso.ReviewRow, boxes [][4]int, actor string) (sinso.TemplateRow, error) {
	original, err := w.Open(ctx, item.Instance, actor, ForReview)
	if err != nil {
		return sinso.TemplateRow{}, err
	}
	t, err := deid.TemplateFor(original, boxes)
	if err != nil {
		return sinso.TemplateRow{}, fmt.Errorf("way: review item %s: %w", item.ID, err)
	}
	rows, err := w.AddTemplates(ctx, []sinso.Template{t}, actor)
	if err != nil {
		return sinso.TemplateRow{}, err
	}
	return rows[0], w.again(ctx, item.Study)
}

// RemoveTemplate takes a template out of force, and returns it; ErrNotFound if there
// never was one. What persons approved of its device's pictures while it was in force
// holds no longer: it may have hidden what they did not see.
func (w *Way) RemoveTemplate(ctx context.Context, id sinso.TemplateID, actor string) (sinso.TemplateRow, error) {
	w.drawing.Lock()
	defer w.drawing.Unlock()
	find := func(tx sinso.MetaTx) (sinso.TemplateRow, error) { return tx.Template(id) }
	row, err := view(ctx, w, find)
	if err != nil {
		return row, fmt.Errorf("way: template %s: %w", id, err)
	}
	if row.Removed > 0 {
		return row, nil
	}
	if err := w.recordOne(ctx, sinso.EventTemplateRemoved, actor, "", sinso.TemplateRemoved{ID: id}); err != nil {
		return row, err
	}
	return view(ctx, w, find)
}

func projectTemplateAdded(tx sinso.MetaTx, e sinso.Event, b sinso.TemplateAdded) ([]string, error) {
	row := sinso.TemplateRow{ID: b.ID, Template: b.Template, Added: e.At, By: e.Actor, Seq: e.Seq}
	before, err := tx.Template(b.ID)
	if err == nil {
		row.Earlier = before.Earlier
		if before.Removed > 0 {
			row.Earlier = append(row.Earlier, [2]uint64{before.Seq, before.Removed})
		}
	}
	if err := ignore(err, sinso.ErrNotFound); err != nil {
		return nil, err
	}
	return []string{string(b.ID)}, tx.SaveTemplate(row)
}

func projectTemplateRemoved(tx sinso.MetaTx, e sinso.Event, b sinso.TemplateRemoved) ([]string, error) {
	row, err := tx.Template(b.ID)
	if err != nil {
		return nil, err
	}
	row.Removed = e.Seq
	if err := tx.SaveTemplate(row); err != nil {
		return nil, err
	}
	items, err := gather(func(fn func(sinso.ReviewRow) error) error { return tx.Reviews("", "", "", fn) })
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		if isFinal(item.State) || !deid.MayFit(row.Template, item.Device) {
			continue
		}
		item = lapse(item, []sinso.TemplateRow{row})
		item.Updated = changedAt(item, e.At) // also if nothing lapses: who looks at it now sees it blanked
		if err := tx.SaveReview(item); err != nil {
			return nil, err
		}
	}
	return []string{string(b.ID)}, nil
}

// lapse opens an item again that was approved while a template was in force for its
// device which was removed since. Items of which the study was not there then are
// brought to it when they are looked at again.
func lapse(item sinso.ReviewRow, templates []sinso.TemplateRow) sinso.ReviewRow {
	for _, t := range templates {
		if !deid.MayFit(t.Template, item.Device) {
			continue
		}
		times := t.Earlier
		if t.Removed > 0 {
			times = append(slices.Clone(times), [2]uint64{t.Seq, t.Removed})
		}
		for _, in := range times {
			item = lapseIn(item, in[0], in[1])
		}
	}
	return item
}

// lapseIn is lapse for a template that was in force from one event to another.
func lapseIn(item sinso.ReviewRow, from, to uint64) sinso.ReviewRow {
	if slices.ContainsFunc(item.Said, func(said sinso.ReviewOpinion) bool { return said.Seq >= from && said.Seq < to }) {
		item.Lapsed = max(item.Lapsed, to)
	}
	approved := item.State == sinso.ReviewIsApproved || item.State == sinso.ReviewIsRedacted
	if approved && item.Seq >= from && item.Seq < to {
		item.State, item.Decided = sinso.ReviewIsOpen, max(item.Decided, to)
	}
	return item
}

// effective returns a profile with the node's templates that may fit a picture of a
// study.
func (w *Way) effective(ctx context.Context, profile *deid.Profile, study sinso.StudyID) (*deid.Profile, error) {
	rows, err := w.Templates(ctx)
	if err != nil || len(rows) == 0 {
		return profile, err
	}
	if rows, err = w.fitting(ctx, rows, study); err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b sinso.TemplateRow) int { return cmp.Compare(a.ID, b.ID) })
	var templates []sinso.Template
	var key strings.Builder
	key.Write(profile.Text())
	for _, row := range rows {
		templates = append(templates, row.Template)
		key.WriteString(string(row.ID))
	}
	made, err := w.profiles.get(key.String(), func() (*deid.Profile, error) { return profile.With(templates) })
	if err != nil {
		return nil, fmt.Errorf("way: study %s: %w", study, err)
	}
	return made, nil
}

// fitting returns the templates that may fit a picture of a study: by its size, and by
// the device that the index knows of it.
func (w *Way) fitting(ctx context.Context, rows []sinso.TemplateRow, study sinso.StudyID) ([]sinso.TemplateRow, error) {
	return view(ctx, w, func(tx sinso.MetaTx) ([]sinso.TemplateRow, error) {
		instances, err := gather(func(fn func(sinso.InstanceRow) error) error { return tx.Instances(study, fn) })
		if err != nil {
			return nil, err
		}
		f := fits{left: rows}
		read, known := map[sinso.SeriesID]bool{}, map[sinso.InstanceID]bool{}
		for _, in := range instances {
			if f.sized(in) && !read[in.Series] {
				read[in.Series] = true
				err := tx.Metadata(in.Series, func(one sinso.InstanceRow, metadata []byte) error {
					known[one.ID] = true
					if f.take(one, func(t sinso.Template) bool { return deid.MayFitMetadata(t, metadata) }); len(f.left) == 0 {
						return errEnough
					}
					return ctx.Err()
				})
				if err := ignore(err, errEnough); err != nil {
					return nil, err
				}
			}
			if !known[in.ID] { // there are none of some
				f.take(in, func(sinso.Template) bool { return true })
			}
		}
		return f.found, nil
	})
}

// fits parts templates into those that may fit what was seen so far, and others.
type fits struct{ found, left []sinso.TemplateRow }

// sized reports whether one that is left has the size of an instance.
func (f *fits) sized(in sinso.InstanceRow) bool {
	return slices.ContainsFunc(f.left, func(row sinso.TemplateRow) bool { return ofSize(row, in) })
}

// take finds those that are of the size of an instance, and may fit it.
func (f *fits) take(in sinso.InstanceRow, may func(sinso.Template) bool) {
	var left []sinso.TemplateRow
	for _, row := range f.left {
		if ofSize(row, in) && may(row.Template) {
			f.found = append(f.found, row)
		} else {
			left = append(left, row)
		}
	}
	f.left = left
}

func ofSize(row sinso.TemplateRow, in sinso.InstanceRow) bool {
	return row.Rows == in.Rows && row.Columns == in.Columns
}

// profileNow returns the profile of a release as it would be made today, with the
// templates of now; of one that is not the node's those that it was made with stay.
func (w *Way) profileNow(ctx context.Context, row sinso.ReleaseRow) (*deid.Profile, error) {
	profile, err := w.ProfileOf(row)
	if err != nil {
		return nil, err
	}
	if profileName(profile) == profileName(w.profile) {
		profile = w.profile
	}
	return w.effective(ctx, profile, row.Study)
}

// maxProfiles are kept ready: a node has few, with a few sets of templates each.
const maxProfiles = 32

// profiles keeps what takes milliseconds to read, by its text or what it is made of.
type profiles struct {
	mu sync.Mutex // guards by
	by map[string]*deid.Profile
}

func (p *profiles) get(key string, read func() (*deid.Profile, error)) (*deid.Profile, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if profile, ok := p.by[key]; ok {
		return profile, nil
	}
	profile, err := read()
	if err != nil {
		return nil, err
	}
	if len(p.by) >= maxProfiles || p.by == nil {
		p.by = map[string]*deid.Profile{}
	}
	p.by[key] = profile
	return profile, nil
}
