package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/register"
)

// Data that grows: what is new is a token of its own, in a line with the one before.

// Version makes the release that comes after another of the same person, which is on the chain: of its
// study as it stands now, or, if next is not "", the one of that name. It goes on the chain naming the
// other as its parent, and the parent's owner names it as what came after: so both ends say the same.
// Nothing of it is offered by that. Cut off, it goes on where it was when it is called again. ErrExists:
// the study has not changed since, or something else came after.
func (w *Way) Version(ctx context.Context, name, next, actor string) (Minted, error) {
	parent, err := w.succeedable(ctx, name)
	if err != nil {
		return Minted{}, err
	}
	if next == "" {
		next = string(parent.Study)
	}
	if err := w.sameOwner(ctx, parent, next); err != nil {
		return Minted{}, err
	}
	row, err := w.toMint(ctx, next, ReleaseOptions{Actor: actor})
	if err == nil {
		err = w.follows(ctx, parent, row)
	}
	if err != nil {
		return Minted{}, err
	}
	done, err := w.mintAs(ctx, row.ID, parent.Token, ReleaseOptions{Actor: actor})
	if err != nil || done.State != sinso.ReleaseIsRegistered {
		return done, err
	}
	id, err := w.successionOf(ctx, parent.Token, done.Token)
	if err != nil {
		return done, err
	}
	said, err := w.Act(ctx, id, succession(), sinso.Given{"token": parent.Token, "child": done.Token}, actor)
	if err != nil {
		return done, fmt.Errorf("way: token %s is on the chain and names its parent, which does not name it yet: the same again goes on: %w", done.Token, err)
	}
	done.Said = &said
	return done, nil
}

// successionOf names the act by which a parent names a child: the same until it is done, but for one that was
// cut off so long ago that what was signed holds no more.
func (w *Way) successionOf(ctx context.Context, parent, child sinso.TokenID) (sinso.Hash, error) {
	now, err := w.now(ctx)
	for try := 0; err == nil; try++ {
		id := register.SuccessionID(parent, child, try)
		first, done, findErr := w.firstTry(ctx, id)
		if findErr != nil || done || first.Moment.IsZero() || now.Before(first.Moment.Add(register.SuccessionHolds)) {
			return id, findErr
		}
	}
	return sinso.Hash{}, err
}

// succession is the act of a parent's owner.
func succession() sinso.Act {
	return sinso.Act{
		Noun: "asset", Verb: "version", Who: sinso.ActsOwner,
		Draft: func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
			return register.Succeed(ctx, desk, sinso.Of[sinso.TokenID](given, "token"), sinso.Of[sinso.TokenID](given, "child"))
		},
	}
}

// succeedable is a release whose token its person's account still has.
func (w *Way) succeedable(ctx context.Context, name string) (sinso.ReleaseRow, error) {
	if w.Chain == nil || w.Deeds == nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	found, err := w.Call(ctx, name)
	if err != nil {
		return found.Release, err
	}
	row := found.Release
	if row.State != sinso.ReleaseIsRegistered {
		return row, fmt.Errorf("way: %s is not a release that is on the chain, so nothing can come after it there: mint it first: %w", name, sinso.ErrDenied)
	}
	owner, err := w.Chain.Owner(ctx, row.Token)
	if err == nil && owner != row.Asset.Creator {
		err = fmt.Errorf("way: token %s is not its maker's any more, and only its owner can name what comes after it: %w", row.Token, sinso.ErrDenied)
	}
	return row, err
}

// sameOwner is ErrDenied if what is to come after a release is not of the same person.
func (w *Way) sameOwner(ctx context.Context, parent sinso.ReleaseRow, next string) error {
	found, err := w.Call(ctx, next)
	if err == nil && found.Person != parent.Person {
		err = fmt.Errorf("way: %s is not of the same person as release %s, and only what is can come after it: %w", next, parent.ID, sinso.ErrDenied)
	}
	return err
}

// follows is an error if a release cannot come after another. Nothing was signed before.
func (w *Way) follows(ctx context.Context, parent, child sinso.ReleaseRow) error {
	if child.ID == parent.ID {
		return fmt.Errorf("way: study %s has not changed since release %s: there is no new version of it: %w", parent.Study, parent.ID, sinso.ErrExists)
	}
	next, err := w.successor(ctx, parent.Token)
	if err == nil && next != (sinso.TokenID{}) && next != child.Token {
		err = fmt.Errorf("way: token %s was succeeded by %s, and that is for ever: name that one as the parent: %w", parent.Token, next, sinso.ErrExists)
	}
	return err
}

// successor is what the owner of a token named to come after it; zero: nothing.
func (w *Way) successor(ctx context.Context, token sinso.TokenID) (next sinso.TokenID, err error) {
	err = w.Deeds.Ask(ctx, sinso.Call{Contract: "Assets", Method: "successorOf", Args: []any{token}}, &next)
	return next, err
}

// PlanVersion says what [Way.Version] would send and cost. Nothing is made, signed or sent.
func (w *Way) PlanVersion(ctx context.Context, name, next string) (ActPlan, error) {
	parent, err := w.succeedable(ctx, name)
	if err != nil {
		return ActPlan{}, err
	}
	if next == "" {
		next = string(parent.Study)
	}
	if err := w.sameOwner(ctx, parent, next); err != nil {
		return ActPlan{}, err
	}
	found, err := w.planned(ctx, next, ReleaseOptions{})
	if err == nil && found.Release.ID != "" {
		err = w.follows(ctx, parent, found.Release)
	}
	if err != nil {
		return ActPlan{}, err
	}
	plan, err := w.planMint(ctx, "asset version", found, parent.Token, ReleaseOptions{})
	if err != nil {
		return plan, err
	}
	return plan, w.planSuccession(ctx, parent, found.Release, &plan)
}

// planSuccession adds the parent's word to a plan. It can be tried once the child is there.
func (w *Way) planSuccession(ctx context.Context, parent, child sinso.ReleaseRow, plan *ActPlan) error {
	if child.State != sinso.ReleaseIsRegistered {
		said := sinso.Plan{Doing: "name the version that came after", From: plan.Pays}
		plan.add(PlannedStep{Plan: said, Untried: "it can be tried only after the steps before it"}, sinso.Wei{})
		return nil
	}
	d, draft, err := w.draft(ctx, succession(), sinso.Given{"token": parent.Token, "child": child.Token}, time.Time{}, nil)
	if err != nil {
		return err
	}
	var left []sinso.Step
	for _, step := range draft.Steps {
		if !step.Skip {
			left = append(left, step)
		}
	}
	return w.planSteps(ctx, d, left, plan)
}

// Lineage is what a token came after, and what came after it. A line is to be believed where both ends
// say the same: each end alone is one person's word.
type Lineage struct {
	Parent     sinso.TokenID   `json:"parent,omitzero"`    // that its makers name; absent: none
	ParentSays bool            `json:"parentSays"`         // the parent's owner names it too
	Successor  sinso.TokenID   `json:"successor,omitzero"` // that its owner names; absent: none
	NextSays   bool            `json:"nextSays"`           // the successor's makers name it too
	Children   []sinso.TokenID `json:"children"`           // whose makers name it as their parent, as far as is known here; the oldest first
}

// Lineage asks the chain for the line of a release that is on it. What else names it as a parent is told
// of this node's own releases, and of catalogue, which may be nil. Nil: it is not on the chain.
func (w *Way) Lineage(ctx context.Context, row sinso.ReleaseRow, catalogue sinso.Catalogue) (*Lineage, error) {
	if row.State != sinso.ReleaseIsRegistered || w.Deeds == nil {
		return nil, nil //nolint:nilnil // there is no line, and that is no error
	}
	line := &Lineage{Parent: row.Asset.Parent}
	var err error
	if line.Children, err = w.children(ctx, row, catalogue); err != nil {
		return nil, err
	}
	if line.Successor, err = w.successor(ctx, row.Token); err != nil {
		return nil, fmt.Errorf("way: what came after token %s: %w", row.Token, err)
	}
	for _, child := range line.Children {
		line.NextSays = line.NextSays || child == line.Successor
	}
	if line.Parent != (sinso.TokenID{}) {
		next, err := w.successor(ctx, line.Parent)
		if err != nil {
			return nil, fmt.Errorf("way: what came after token %s: %w", line.Parent, err)
		}
		line.ParentSays = next == row.Token
	}
	return line, nil
}

// children lists the tokens whose makers name a release's as their parent.
func (w *Way) children(ctx context.Context, row sinso.ReleaseRow, catalogue sinso.Catalogue) ([]sinso.TokenID, error) {
	found, known := []sinso.TokenID{}, map[sinso.TokenID]bool{}
	add := func(token sinso.TokenID) {
		if !known[token] {
			found, known[token] = append(found, token), true
		}
	}
	releases, err := w.Releases(ctx, row.Person)
	if err != nil {
		return nil, err
	}
	for _, other := range releases {
		if other.State == sinso.ReleaseIsRegistered && other.Asset.Parent == row.Token {
			add(other.Token)
		}
	}
	if catalogue == nil {
		return found, nil
	}
	page, err := catalogue.Assets(ctx, sinso.AssetQuery{Parent: row.Token})
	if errors.Is(err, sinso.ErrNotFound) {
		return found, nil
	}
	if err != nil {
		return nil, fmt.Errorf("way: what came after token %s: %w", row.Token, err)
	}
	for i := len(page.Assets) - 1; i >= 0; i-- {
		add(page.Assets[i].Token)
	}
	return found, nil
}
