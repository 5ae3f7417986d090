package serve

import (
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/way"
)

// The review: what the pixel gate doubts, for the person whose it is and for those who
// treat.

func (s *Server) reviews() []route {
	state := param{name: "state", says: "only items in this state: open, approved, redacted, refused, leaking, sound"}
	page := []param{
		byPerson,
		{name: "study", says: "only items of this study"},
		state,
		{name: "after", says: "only items after this one"},
		{name: "limit", says: "how many at most, 1 to 1,000; 100 if not given", number: true},
	}
	picture := []param{
		{name: "of", says: "before: the original; after: what a copy has of a sample, or would have"},
		byFrame,
		{name: "size", says: "pixels of the longer side, 64 to 2048; 1024 if not given", number: true},
	}
	return []route{
		{"GET", api + "/reviews", "reviews", signedIn, "what persons are to look at before, or after, a copy has it, oldest first", page, answer((*call).reviewList)},
		{"GET", api + "/reviews/estimate", "reviewEstimate", signedIn, "how often a copy still identifies somebody, from the samples that were looked at", nil, answer((*call).reviewEstimate)},
		{"GET", api + "/reviews/{review}", "review", signedIn, "one item: what would be blanked, and what became of each element; that the record was opened is written down", nil, answer((*call).review)},
		{"GET", api + "/reviews/{review}/picture", "reviewPicture", signedIn, "one frame, before or after", picture, raw(200, "image/png", (*call).reviewPicture)},
		{"POST", api + "/reviews/{review}/decisions", "reviewDecide", signedIn, "say what is to become of it: approve, redact or refuse what is withheld; leak or no-leak of a sample", nil, take(maxBody, (*call).reviewDecide)},
	}
}

func (c *call) reviewOf(row sinso.ReviewRow) ReviewItem {
	return ReviewOf(c.way, c.cfg.Explain, row)
}

// reviewPage is one page of the queue.
type reviewPage struct {
	Items []ReviewItem   `json:"items" nullable:"false"`
	Next  sinso.ReviewID `json:"next"` // for after, "" at the end
}

func (c *call) reviewList() (reviewPage, error) {
	none := reviewPage{Items: []ReviewItem{}}
	person, err := c.scope(auth.Review)
	if err != nil {
		return none, err
	}
	limit, err := c.number("limit", 100, 1, 1000)
	if err != nil {
		return none, err
	}
	query := c.r.URL.Query()
	f := way.ReviewFilter{
		Person: person, Study: sinso.StudyID(query.Get("study")), State: sinso.ReviewState(query.Get("state")), After: sinso.ReviewID(query.Get("after")),
		Limit: limit + 1,
	}
	if err := f.Check(); err != nil {
		return none, err
	}
	rows, err := c.way.Reviews(c.ctx(), f)
	if err != nil {
		return none, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		none.Next = rows[limit-1].ID
	}
	none.Items = listOf(rows, c.reviewOf).Items
	return none, nil
}

// reviewRow returns the item in the path, if the caller may review it.
func (c *call) reviewRow() (sinso.ReviewRow, error) {
	return c.reviewItem(c.r.PathValue("review"))
}

// reviewItem is reviewRow for an item that is named elsewhere.
func (c *call) reviewItem(id string) (sinso.ReviewRow, error) {
	if !opaque("v_", id) {
		return sinso.ReviewRow{}, fmt.Errorf("serve: review: %w", sinso.ErrNotFound)
	}
	row, err := c.way.Review(c.ctx(), sinso.ReviewID(id))
	if err != nil {
		return row, err
	}
	return row, c.caller.May(auth.Review, row.Person)
}

func (c *call) review() (ReviewDetail, error) {
	row, err := c.reviewRow()
	if err != nil {
		return ReviewDetail{}, err
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return ReviewDetail{}, err
	}
	defer leave()
	return ShowReview(c.ctx(), c.way, c.cfg.Explain, row, c.caller.ID)
}

func (c *call) reviewDecide(in way.ReviewDecision) (ReviewItem, error) {
	row, err := c.reviewRow()
	if err != nil {
		return ReviewItem{}, err
	}
	row, err = c.way.Decide(c.ctx(), row.ID, in, c.caller.ID)
	return c.reviewOf(row), err
}

// The sides of a picture that is reviewed, in pixels: as large as it is, if it can be.
const usualReviewSide, maxReviewSide = 1024, 2048

// reviewPicture answers with one frame of the original, or of what a copy would have.
func (c *call) reviewPicture() error {
	row, err := c.reviewRow()
	if err != nil {
		return err
	}
	instance, err := c.way.Instance(c.ctx(), row.Instance)
	if err != nil {
		return err
	}
	of, frame, side, err := c.sideAsked("of", instance)
	if err != nil {
		return err
	}
	return c.givePicture(c.pictureKey(reviewed(row), of, frame, side), func() ([]byte, error) {
		if of == before {
			return c.draw(instance, frame, side, way.ForReview)
		}
		return c.drawPreview(reviewed(row), instance, frame, side, func() (way.Preview, error) { return c.way.Preview(c.ctx(), row, c.caller.ID) })
	})
}

// sideAsked reads which frame of a record is to be drawn, how large, and whether before or
// after.
func (c *call) sideAsked(name string, instance sinso.InstanceRow) (of string, frame, side int, err error) {
	if side, err = c.number("size", usualReviewSide, minSide, maxReviewSide); err != nil {
		return of, frame, side, err
	}
	frames := max(1, instance.Frames)
	if frame, err = c.number("frame", frames/2, 0, 1<<30); err != nil {
		return of, frame, side, err
	}
	of = c.r.URL.Query().Get(name)
	switch {
	case of != before && of != after:
		err = invalid(name + " is before or after")
	case frame >= frames:
		err = fmt.Errorf("serve: frame: %w", sinso.ErrNotFound)
	case !codec.CanDecode(instance.Syntax):
		err = fmt.Errorf("the pixels of this record are compressed in a way that this node does not draw: %w", sinso.ErrUnsupported)
	}
	return of, frame, side, err
}

// pictureKey names a picture of one side of something, for the caller alone.
func (c *call) pictureKey(name, of string, frame, side int) string {
	return fmt.Sprintf("%s %s %s %d %d", c.caller.ID, name, of, frame, side)
}

// The sides of a picture that is compared.
const before, after = "before", "after"

// reviewed names an item as it stands: what was said since makes another picture.
func reviewed(row sinso.ReviewRow) string {
	return fmt.Sprintf("%s %s %d", row.ID, row.State, row.Updated.UnixNano())
}

// drawPreview draws a frame of what a copy would have. What was made for one frame is
// kept for the next ones, by its name, for the same caller: another opens the original
// again, and that is written down.
func (c *call) drawPreview(name string, instance sinso.InstanceRow, frame, side int, makes func() (way.Preview, error)) ([]byte, error) {
	leave, err := c.enter(c.reads)
	if err != nil {
		return nil, err
	}
	defer leave()
	key := c.caller.ID + " " + name
	made, ok := c.previews.get(key)
	if !ok {
		preview, err := makes()
		if err != nil {
			return nil, err
		}
		made = preview.Derivative
		c.previews.put(key, made)
	}
	if made == nil {
		return nil, fmt.Errorf("a copy would not have this head with its face, and it is not shown as if one had: %w", sinso.ErrUnsupported)
	}
	return drawFrame(made, instance.ID, frame, side)
}
