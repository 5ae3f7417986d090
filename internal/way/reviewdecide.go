package way

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
}

// ReviewPersons is how many different persons must give the same approval, or
// redaction.
func (w *Way) ReviewPersons() int { return max(1, w.cfg.ReviewPersons) }

// Decide writes down what an actor says of an item, and returns the item as it
// stands then. An approval or a redaction counts when as many different persons gave
// the same as the node is configured for; a refusal or a leak counts at once, and is
// final: then it is ErrExists. ErrInvalid for a decision that the item is not for,
// and for boxes that do not lie in its frames.
func (w *Way) Decide(ctx context.Context, id sinso.ReviewID, in ReviewDecision, actor string) (sinso.ReviewRow, error) {
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
	err = w.recordOne(ctx, sinso.EventReviewDecided, actor, row.Person, sinso.ReviewDecided{
		Item: id, Decision: in.Decision, Boxes: in.Boxes, Persons: w.ReviewPersons(),
	})
	if err != nil {
		return row, err
	}
	if row, err = w.Review(ctx, id); err != nil || decidedAt(row) == 0 {
		return row, err
	}
	return row, w.again(ctx, row.Study)
}

// check says why a decision is none for an item.
func (in ReviewDecision) check(row sinso.ReviewRow, instance sinso.InstanceRow) error {
	if isFinal(row.State) {
		return fmt.Errorf("way: review item %s is %s, and stays so: %w", row.ID, row.State, sinso.ErrExists)
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
	row.Said = slices.DeleteFunc(row.Said, func(o sinso.ReviewOpinion) bool { return voice(o.By) == voice(e.Actor) })
	row.Said = append(row.Said, sinso.ReviewOpinion{By: e.Actor, Decision: b.Decision, Boxes: b.Boxes, At: e.At})
	row.State, row.Updated = stateAfter(row, b), e.At
	if row.State != sinso.ReviewIsOpen {
		row.Seq = e.Seq
	}
	return subjects, tx.SaveReview(row)
}

// stateAfter is the state of an item after its newest opinion.
func stateAfter(row sinso.ReviewRow, b sinso.ReviewDecided) sinso.ReviewState {
	same := 0
	for _, said := range row.Said {
		if said.Decision == b.Decision {
			same++
		}
	}
	switch b.Decision {
	case sinso.DecisionRefuse:
		return sinso.ReviewIsRefused
	case sinso.DecisionLeak:
		return sinso.ReviewIsLeaking
	case sinso.DecisionNoLeak:
		return sinso.ReviewIsSound
	case sinso.DecisionApprove:
		if same >= b.Persons {
			return sinso.ReviewIsApproved
		}
	case sinso.DecisionRedact:
		if same >= b.Persons {
			return sinso.ReviewIsRedacted
		}
	}
	return row.State
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
