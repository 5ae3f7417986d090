package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sinso.dev/sinso"
)

// What may be blanked in one item: more is no picture that is worth a release, and a
// box that is of all frames is one in each.
const (
	maxReviewBoxes = 256
	maxReviewMarks = 1 << 16
)

// ReviewDecision is what a person says of an item.
type ReviewDecision struct {
	Decision sinso.Decision    `json:"decision"`
	Boxes    []sinso.ReviewBox `json:"boxes,omitempty"`
	// Seen is the item's Updated as it was when it was looked at; nil is not checked.
	Seen *time.Time `json:"seen,omitempty"`
}

// ReviewPersons is how many different persons must give the same approval, or
// redaction.
func (w *Way) ReviewPersons() int { return max(1, w.cfg.ReviewPersons) }

// Decide writes down what an actor says of an item, and returns the item as it
// stands then. An approval or a redaction counts when as many different persons gave
// the same as the node is configured for; a refusal or a leak counts at once, and is
// final: then it is ErrExists, and so it is if the item is not as it was seen. ErrInvalid for a decision that the item is not for,
// and for boxes that do not lie in its frames.
func (w *Way) Decide(ctx context.Context, id sinso.ReviewID, in ReviewDecision, actor string) (sinso.ReviewRow, error) {
	w.deciding.Lock()
	defer w.deciding.Unlock()
	row, err := w.Review(ctx, id)
	if err != nil {
		return row, err
	}
	instance, err := w.Instance(ctx, row.Instance)
	if err != nil {
		return row, fmt.Errorf("way: review item %s: %w", id, err)
	}
	if err := in.check(row, instance); err != nil {
		return row, err
	}
	if err := w.decide(ctx, row, instance, in, actor); err != nil {
		return row, err
	}
	if row, err = w.Review(ctx, id); err != nil || row.Decided == 0 {
		return row, err
	}
	return row, w.again(ctx, row.Study)
}

// decide writes down a decision. What is found to leak is taken back at once, whatever
// was made of it so far: with the decision, in one append.
func (w *Way) decide(ctx context.Context, row sinso.ReviewRow, instance sinso.InstanceRow, in ReviewDecision, actor string) error {
	event, err := w.entry(sinso.EventReviewDecided, actor, row.Person, "", sinso.ReviewDecided{
		Item: row.ID, Decision: in.Decision, Boxes: in.Boxes, Persons: w.ReviewPersons(),
	}, nil)
	if err != nil {
		return err
	}
	event.Under = ofStudy(row.Study)
	if in.Decision != sinso.DecisionLeak {
		return w.record(ctx, nil, event)
	}
	study, err := w.Study(ctx, row.Study)
	if err != nil {
		return fmt.Errorf("way: review item %s: %w", row.ID, err)
	}
	revoked, err := w.takeBack(ctx, &corrected{StudyRow: study, rows: []sinso.InstanceRow{instance}}, event, actor)
	if err != nil {
		return err
	}
	w.endOnChain(ctx, revoked, actor)
	return nil
}

func (w *Way) takeBack(ctx context.Context, of *corrected, decided sinso.Event, actor string) ([]sinso.Hash, error) {
	w.answers.Lock()
	defer w.answers.Unlock()
	recalled, revoked, err := w.recalls(ctx, of, ReasonLeak, actor)
	if err != nil {
		return nil, err
	}
	return revoked, w.record(ctx, nil, append([]sinso.Event{decided}, recalled...)...)
}

// check says why a decision is none for an item.
func (in ReviewDecision) check(row sinso.ReviewRow, instance sinso.InstanceRow) error {
	if isFinal(row.State) {
		return fmt.Errorf("way: review item %s is %s, and stays so: %w", row.ID, row.State, sinso.ErrExists)
	}
	if in.Seen != nil && !in.Seen.Equal(row.Updated) {
		return fmt.Errorf("way: review item %s is not as it was seen: look again: %w", row.ID, sinso.ErrExists)
	}
	ofSample := in.Decision == sinso.DecisionLeak || in.Decision == sinso.DecisionNoLeak
	switch in.Decision {
	case sinso.DecisionApprove, sinso.DecisionRedact, sinso.DecisionRefuse, sinso.DecisionLeak, sinso.DecisionNoLeak:
	default:
		return fmt.Errorf("way: review: there is no such decision: %w", sinso.ErrInvalid)
	}
	draws := in.Decision == sinso.DecisionRedact || in.Decision == sinso.DecisionLeak
	switch {
	case ofSample && !row.Sample():
		return fmt.Errorf("way: review item %s is withheld: approve, redact or refuse it: %w", row.ID, sinso.ErrInvalid)
	case !ofSample && row.Sample():
		return fmt.Errorf("way: review item %s is a sample of what was released: it leaks, or does not: %w", row.ID, sinso.ErrInvalid)
	case !draws && len(in.Boxes) > 0:
		return fmt.Errorf("way: review: boxes go with a redaction or a leak: %w", sinso.ErrInvalid)
	case in.Decision == sinso.DecisionRedact && len(in.Boxes)+len(row.Boxes()) == 0:
		return fmt.Errorf("way: review: a redaction needs a box: %w", sinso.ErrInvalid)
	case len(in.Boxes)+len(row.Boxes()) > maxReviewBoxes:
		return fmt.Errorf("way: review: %d boxes, an item has %d at most: %w", len(in.Boxes)+len(row.Boxes()), maxReviewBoxes, sinso.ErrInvalid)
	}
	return checkBoxes(in.Boxes, row.Boxes(), instance)
}

// checkBoxes wants each box to lie in a frame of an instance, and few enough of them
// with those that are there.
func checkBoxes(boxes, there []sinso.ReviewBox, in sinso.InstanceRow) error {
	marks := 0
	for _, b := range slices.Concat(boxes, there) {
		if marks++; b.Frame < 0 {
			marks += max(1, in.Frames) - 1
		}
	}
	if marks > maxReviewMarks {
		return fmt.Errorf("way: review: %d boxes in %d frames, %d are allowed in all: %w", len(boxes)+len(there), in.Frames, maxReviewMarks, sinso.ErrInvalid)
	}
	for i, b := range boxes {
		inside := b.X0 >= 0 && b.Y0 >= 0 && b.X0 < b.X1 && b.Y0 < b.Y1 && b.X1 <= in.Columns && b.Y1 <= in.Rows
		if !inside || b.Frame < -1 || b.Frame >= max(1, in.Frames) {
			return fmt.Errorf("way: review: box %d does not lie in a frame of %d×%d pixels, of which there are %d: %w", i, in.Columns, in.Rows, in.Frames, sinso.ErrInvalid)
		}
	}
	return nil
}

func isFinal(state sinso.ReviewState) bool {
	return state == sinso.ReviewIsRefused || state == sinso.ReviewIsLeaking
}

// projectDecided brings an item up to one more opinion.
func projectDecided(tx sinso.MetaTx, e sinso.Event, b sinso.ReviewDecided) ([]string, error) {
	row, err := tx.Review(b.Item)
	if errors.Is(err, sinso.ErrNotFound) { // all of its study was rejected meanwhile
		return []string{string(b.Item)}, nil
	}
	if err != nil {
		return nil, err
	}
	subjects := []string{string(b.Item), string(row.Study), string(row.Instance)}
	if isFinal(row.State) { // somebody refused it at the same moment
		return subjects, nil
	}
	templates, err := gather(tx.Templates)
	if err != nil {
		return nil, err
	}
	row = lapse(row, templates) // its study may not have been there when one was removed
	boxes := b.Boxes
	if b.Decision == sinso.DecisionRedact && len(boxes) == 0 { // to those that were there: they stay if who drew them thinks better
		boxes = row.Boxes()
	}
	row.Said = slices.DeleteFunc(row.Said, func(o sinso.ReviewOpinion) bool { return voice(o.By) == voice(e.Actor) })
	row.Said = append(row.Said, sinso.ReviewOpinion{By: e.Actor, Decision: b.Decision, Boxes: boxes, At: e.At, Seq: e.Seq})
	before := row.State
	row.State, row.Updated = stateAfter(row, b), changedAt(row, e.At)
	if row.State != sinso.ReviewIsOpen || before != sinso.ReviewIsOpen {
		row.Seq = e.Seq
	}
	if isDecided(row) || before != row.State && before != sinso.ReviewIsSound && row.State != sinso.ReviewIsSound {
		row.Decided = e.Seq
	}
	return subjects, tx.SaveReview(row)
}

// stateAfter is the state of an item after its newest opinion, by all that are held
// now: an approval that too few still give is none any more.
func stateAfter(row sinso.ReviewRow, newest sinso.ReviewDecided) sinso.ReviewState {
	counts := map[sinso.Decision]int{}
	for _, said := range row.Said {
		if said.Seq >= row.Lapsed {
			counts[said.Decision]++
		}
	}
	enough := func(d sinso.Decision) bool { return counts[d] >= max(1, newest.Persons) }
	switch {
	case counts[sinso.DecisionRefuse] > 0:
		return sinso.ReviewIsRefused
	case counts[sinso.DecisionLeak] > 0:
		return sinso.ReviewIsLeaking
	case newest.Decision == sinso.DecisionNoLeak:
		return sinso.ReviewIsSound
	case newest.Decision == sinso.DecisionApprove && enough(sinso.DecisionApprove):
		return sinso.ReviewIsApproved
	case enough(sinso.DecisionRedact):
		return sinso.ReviewIsRedacted
	case enough(sinso.DecisionApprove):
		return sinso.ReviewIsApproved
	}
	return sinso.ReviewIsOpen
}

// voice tells persons apart by their names in the log. All tokens of an owner are one
// person's: an item is of one, and no other owner may decide over it. The keeper of the
// node folder has one name at the socket and another on a stopped node.
func voice(actor string) string {
	switch {
	case strings.HasPrefix(actor, string(sinso.RoleOwner)):
		return string(sinso.RoleOwner)
	case actor == "local", actor == "operator":
		return "keeper"
	}
	return actor
}

// again asks for the derivative of a study anew, if it is one that is made ahead
// ([Way.Ahead]). One that is not asked for now is at the next start.
func (w *Way) again(ctx context.Context, id sinso.StudyID) error {
	study, err := w.Study(ctx, id)
	if err != nil || study.Origin != sinso.OriginGateway {
		return ignore(err, sinso.ErrNotFound)
	}
	select {
	case w.reviewed <- id:
	default:
	}
	return nil
}
