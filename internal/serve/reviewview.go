package serve

import (
	"context"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/way"
)

// The items of the review as the API answers them, and as the command prints them.

// ReviewItem is one item of the review as a list shows it.
type ReviewItem struct {
	ID      sinso.ReviewID        `json:"id"`
	Person  sinso.PersonID        `json:"person"`
	Study   sinso.StudyID         `json:"study"`
	Record  sinso.InstanceID      `json:"record"`
	Release sinso.ReleaseID       `json:"release"` // the newest that brought it
	Sample  bool                  `json:"sample"`  // it was released, and is looked at for quality
	State   sinso.ReviewState     `json:"state"`
	Reasons []ReviewReason        `json:"reasons" nullable:"false"` // why it is withheld
	Blanked bool                  `json:"blanked"`                  // of a sample: writing was blanked in it
	Device  string                `json:"device"`
	Profile string                `json:"profile"` // the hash of the de-identification profile
	Said    []sinso.ReviewOpinion `json:"said" nullable:"false"`
	Persons int                   `json:"persons"` // how many must give the same approval or redaction
	Created time.Time             `json:"created"`
	Updated time.Time             `json:"updated"`
}

// ReviewReason is a reason with its sentence.
type ReviewReason struct {
	Reason sinso.Reason `json:"reason"`
	Says   string       `json:"says"`
}

// ReviewDetail is one item with what a copy would have of it.
type ReviewDetail struct {
	ReviewItem
	Stored bool `json:"stored"` // of a sample: what is shown of the copy is what it holds; else it was made anew
	Shown
}

// Shown is what a copy has of a record, or would have, without a value of it.
type Shown struct {
	Frames   int             `json:"frames"`
	Rows     int             `json:"rows"`
	Columns  int             `json:"columns"`
	Marks    []ReviewMark    `json:"marks" nullable:"false"`    // what is blanked in it
	Elements []ReviewElement `json:"elements" nullable:"false"` // what became of each element
	Held     []ReviewReason  `json:"held" nullable:"false"`     // what would hold it back even if it were approved
}

// ReviewMark is a rectangle of one frame that is blanked, X1 and Y1 outside.
type ReviewMark struct {
	sinso.ReviewBox
	By deid.MarkCause `json:"by"`
}

// ReviewElement is what became of one element.
type ReviewElement struct {
	Path   string      `json:"path"`
	Name   string      `json:"name"` // of the attribute, "" for a private one
	Action deid.Action `json:"action"`
	Cause  deid.Cause  `json:"cause"`
}

// inWords puts reasons in sentences.
func inWords(explain func(sinso.Reason) string, reasons []sinso.Reason) []ReviewReason {
	out := []ReviewReason{}
	for _, reason := range reasons {
		out = append(out, ReviewReason{reason, explain(reason)})
	}
	return out
}

// ReviewOf returns an item with its reasons in the sentences of explain.
func ReviewOf(w *way.Way, explain func(sinso.Reason) string, row sinso.ReviewRow) ReviewItem {
	return ReviewItem{
		ID: row.ID, Person: row.Person, Study: row.Study, Record: row.Instance, Release: row.Release, Sample: row.Sample(), State: row.State,
		Reasons: inWords(explain, row.Reasons), Blanked: row.Blanked, Device: row.Device, Profile: row.Profile,
		Said: append([]sinso.ReviewOpinion{}, row.Said...), Persons: w.ReviewPersons(), Created: row.Created, Updated: row.Updated,
	}
}

// ShowReview opens the original of an item, writes down that actor did, and returns the
// item with what a copy would have of it.
func ShowReview(ctx context.Context, w *way.Way, explain func(sinso.Reason) string, row sinso.ReviewRow, actor string) (ReviewDetail, error) {
	instance, err := w.Instance(ctx, row.Instance)
	if err != nil {
		return ReviewDetail{}, err
	}
	preview, err := w.Preview(ctx, row, actor)
	if err != nil {
		return ReviewDetail{}, err
	}
	return ReviewDetail{ReviewItem: ReviewOf(w, explain, row), Stored: preview.Stored, Shown: shownOf(explain, instance, preview)}, nil
}

// shownOf returns what a preview of a record shows.
func shownOf(explain func(sinso.Reason) string, instance sinso.InstanceRow, preview way.Preview) Shown {
	d := Shown{
		Frames: instance.Frames, Rows: instance.Rows, Columns: instance.Columns,
		Marks: []ReviewMark{}, Elements: []ReviewElement{}, Held: inWords(explain, preview.Withheld),
	}
	for _, m := range preview.Marks {
		box := sinso.ReviewBox{Frame: m.Frame, X0: m.Box.Min.X, Y0: m.Box.Min.Y, X1: m.Box.Max.X, Y1: m.Box.Max.Y}
		d.Marks = append(d.Marks, ReviewMark{box, m.By})
	}
	for _, change := range preview.Changes {
		d.Elements = append(d.Elements, ReviewElement{change.Path, deid.NameAt(change.Path), change.Action, change.Cause})
	}
	return d
}
