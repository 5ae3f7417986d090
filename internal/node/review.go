package node

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/way"
)

type (
	// ReviewFilter says which items of the review are listed.
	ReviewFilter = way.ReviewFilter
	// ReviewDecision is what a person says of an item.
	ReviewDecision = way.ReviewDecision
	// LeakRate is how often a copy still identifies somebody, as the API answers it.
	LeakRate = way.LeakRate
	// LeakTally counts records of copies, of one kind of device or of all.
	LeakTally = way.LeakTally
)

// ReviewItem is one item of the review, as the API answers it.
type ReviewItem struct {
	ID      sinso.ReviewID        `json:"id"`
	Person  sinso.PersonID        `json:"person"`
	Study   sinso.StudyID         `json:"study"`
	Record  sinso.InstanceID      `json:"record"`
	Release sinso.ReleaseID       `json:"release"`
	Sample  bool                  `json:"sample"`
	State   sinso.ReviewState     `json:"state"`
	Reasons []ReviewReason        `json:"reasons"`
	Blanked bool                  `json:"blanked"`
	Device  string                `json:"device"`
	Profile string                `json:"profile"`
	Said    []sinso.ReviewOpinion `json:"said"`
	Persons int                   `json:"persons"`
	Created time.Time             `json:"created"`
	Updated time.Time             `json:"updated"`
}

// ReviewReason is a reason with its sentence.
type ReviewReason struct {
	Reason sinso.Reason `json:"reason"`
	Says   string       `json:"says"`
}

// ReviewDetail is one item with what a copy would have of it, as the API answers it.
type ReviewDetail struct {
	ReviewItem
	Frames   int             `json:"frames"`
	Rows     int             `json:"rows"`
	Columns  int             `json:"columns"`
	Marks    []ReviewMark    `json:"marks"`
	Elements []ReviewElement `json:"elements"`
	Held     []ReviewReason  `json:"held"`
}

// ReviewMark is a rectangle that is blanked, and why.
type ReviewMark struct {
	sinso.ReviewBox
	By deid.MarkCause `json:"by"`
}

// ReviewElement is what became of one element.
type ReviewElement struct {
	Path   string      `json:"path"`
	Name   string      `json:"name"`
	Action deid.Action `json:"action"`
	Cause  deid.Cause  `json:"cause"`
}

// ReviewItem puts an item's reasons in words.
func (n *Node) ReviewItem(row sinso.ReviewRow) ReviewItem {
	return ReviewItem{
		ID: row.ID, Person: row.Person, Study: row.Study, Record: row.Instance, Release: row.Release, Sample: row.Sample(), State: row.State,
		Reasons: inWords(row.Reasons), Blanked: row.Blanked, Device: row.Device, Profile: row.Profile,
		Said: append([]sinso.ReviewOpinion{}, row.Said...), Persons: n.ReviewPersons(), Created: row.Created, Updated: row.Updated,
	}
}

func inWords(reasons []sinso.Reason) []ReviewReason {
	out := []ReviewReason{}
	for _, reason := range reasons {
		out = append(out, ReviewReason{reason, Explain(reason)})
	}
	return out
}

// ReviewDetail opens the original of an item, writes down that it was, and returns what
// a copy would have of it.
func (n *Node) ReviewDetail(ctx context.Context, id sinso.ReviewID, actor string) (ReviewDetail, error) {
	row, err := n.Review(ctx, id)
	if err != nil {
		return ReviewDetail{}, err
	}
	instance, err := n.Instance(ctx, row.Instance)
	if err != nil {
		return ReviewDetail{}, err
	}
	preview, err := n.Preview(ctx, row, actor)
	if err != nil {
		return ReviewDetail{}, err
	}
	d := ReviewDetail{
		ReviewItem: n.ReviewItem(row), Frames: instance.Frames, Rows: instance.Rows, Columns: instance.Columns,
		Marks: []ReviewMark{}, Elements: []ReviewElement{}, Held: inWords(preview.Withheld),
	}
	for _, m := range preview.Marks {
		box := sinso.ReviewBox{Frame: m.Frame, X0: m.Box.Min.X, Y0: m.Box.Min.Y, X1: m.Box.Max.X, Y1: m.Box.Max.Y}
		d.Marks = append(d.Marks, ReviewMark{box, m.By})
	}
	for _, change := range preview.Changes {
		d.Elements = append(d.Elements, ReviewElement{change.Path, deid.NameAt(change.Path), change.Action, change.Cause})
	}
	return d, nil
}

// review is what the way needs to know of the review.
func (c Config) review() (cfg way.Config, err error) {
	persons := map[string]int{"": 1, "1": 1, "2": 2}[c.ReviewPersons]
	if persons == 0 {
		return cfg, fmt.Errorf("config: review-persons: want 1 or 2, not %q: %w", c.ReviewPersons, sinso.ErrInvalid)
	}
	cfg.ReviewPersons = persons
	if c.ReviewSample == "" {
		return cfg, nil
	}
	blanked, other, _ := strings.Cut(c.ReviewSample, ",")
	var ok, too bool
	cfg.SampleBlanked, ok = samplePlan(blanked)
	cfg.SampleOther, too = samplePlan(other)
	if !ok || !too {
		return cfg, fmt.Errorf("config: review-sample: want N/M,N/M with N from 1 to M, such as 1/20,1/500, not %q: %w", c.ReviewSample, sinso.ErrInvalid)
	}
	return cfg, nil
}

// Extra draws, of a million: so few that they cost nothing, and enough that nobody who
// sees one sample knows that the next is far.
const sampleExtra = 1_000

// samplePlan reads N/M.
func samplePlan(text string) (sinso.SamplePlan, bool) {
	n, m, _ := strings.Cut(strings.TrimSpace(text), "/")
	examine, err := strconv.ParseUint(n, 10, 31)
	of, err2 := strconv.ParseUint(m, 10, 31)
	plan := sinso.SamplePlan{Examine: uint32(examine), Of: uint32(of), Extra: sampleExtra}
	if plan.Examine == plan.Of { // all of them
		plan.Extra = 0
	}
	return plan, err == nil && err2 == nil && examine >= 1 && examine <= of
}
