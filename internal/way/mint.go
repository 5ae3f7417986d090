package way

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/register"
)

// A copy that was made ahead goes on the chain, and nothing of it is offered: that is one more word.

// Called is what somebody calls a release by: its name, its token, or the study that it is of.
type Called struct {
	Person  sinso.PersonID
	Study   sinso.StudyID
	Release sinso.ReleaseRow // without an ID: a study was named
}

// Call finds what is called by a name. ErrNotFound: nothing here is.
func (w *Way) Call(ctx context.Context, name string) (found Called, err error) {
	var token sinso.TokenID
	switch {
	case strings.HasPrefix(name, prefixStudy):
		study, err := w.Study(ctx, sinso.StudyID(name))
		if err != nil {
			return found, fmt.Errorf("way: study %s: %w", name, err)
		}
		return Called{Person: study.Person, Study: study.ID}, nil
	case token.UnmarshalText([]byte(strings.ToLower(name))) == nil:
		found.Release, err = w.ReleaseByToken(ctx, token)
	default:
		found.Release, err = w.ReleaseRow(ctx, sinso.ReleaseID(name))
	}
	if err != nil {
		return found, fmt.Errorf("way: no release of this node is called that: %w", err)
	}
	found.Person, found.Study = found.Release.Person, found.Release.Study
	return found, nil
}

// Minted is a release on the chain, or why it is not there.
type Minted struct {
	Release  sinso.ReleaseID    `json:"release"`
	State    sinso.ReleaseState `json:"state"`
	Reason   sinso.Reason       `json:"reason,omitempty"` // of a refusal
	Token    sinso.TokenID      `json:"token,omitzero"`
	Contract sinso.Address      `json:"contract"` // Assets
	Owner    sinso.Address      `json:"owner"`    // the person's account for this asset alone
	Parent   sinso.TokenID      `json:"parent,omitzero"`
	Tx       sinso.Hash         `json:"tx,omitzero"`
	Gas      uint64             `json:"gas,omitempty"`
	// Fee is what the gas cost at the price of the moment before it was sent. Absent: it was there before.
	Fee  sinso.Wei `json:"feeWei,omitzero"`
	Fiat string    `json:"fiat,omitempty"` // what that is worth, where the node knows a price
	// Said is the word of the parent's owner, of a version. Absent: it is none, or was refused.
	Said *ActDone `json:"said,omitempty"`
}

// mintedAs tells of a release. plan is of before; nil: nothing was sent.
func (w *Way) mintedAs(row sinso.ReleaseRow, plan *ActPlan) Minted {
	out := Minted{
		Release: row.ID, State: row.State, Reason: row.Reason, Contract: w.Chain.Contracts().Assets, Owner: row.Asset.Creator,
		Token: row.Token, Parent: row.Asset.Parent, Tx: row.Tx, Gas: row.Gas,
	}
	if plan == nil {
		return out
	}
	for _, step := range plan.Steps {
		if step.Gas > 0 {
			fee := new(big.Int).Mul(step.Fee.Int(), new(big.Int).SetUint64(row.Gas))
			out.Fee = sinso.NewWei(fee.Div(fee, new(big.Int).SetUint64(step.Gas)))
			out.Fiat = w.cfg.CoinPrice.Of(out.Fee)
		}
	}
	return out
}

// Mint brings a release that is made to the chain, as a token of the person's account for it alone; the
// node's account pays. One that was made ahead is not offered by it. Of a study it is the copy of it
// as it stands now by what o chooses, which is made if it is not there; price and terms are not looked at. With a
// co-creator it waits for them first, and is returned as it waits: minted again after they agreed, it goes on. What is on the
// chain is returned as it is. Refused, it says why by its state, as [Way.Release] does. ErrDenied: it cannot be minted.
func (w *Way) Mint(ctx context.Context, name string, o ReleaseOptions) (Minted, error) {
	row, err := w.toMint(ctx, name, o)
	if err != nil {
		return Minted{}, err
	}
	if row.State == sinso.ReleaseIsAwaiting && o.chosen() {
		return w.mintedAs(row, nil), nil
	}
	return w.mintAs(ctx, row.ID, sinso.TokenID{}, o)
}

// toMint is the release of a name; of a study it makes the copy.
func (w *Way) toMint(ctx context.Context, name string, o ReleaseOptions) (sinso.ReleaseRow, error) {
	if w.Chain == nil {
		return sinso.ReleaseRow{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	found, err := w.callFor(ctx, name, o)
	if err != nil || found.Release.ID != "" {
		return found.Release, err
	}
	return w.draftAs(ctx, found.Study, o)
}

// callFor is [Way.Call]; what is chosen is chosen for a study, and may be sold.
func (w *Way) callFor(ctx context.Context, name string, o ReleaseOptions) (Called, error) {
	found, err := w.Call(ctx, name)
	switch {
	case err != nil:
	case found.Release.ID != "" && o.chosen():
		err = fmt.Errorf("way: series, profile and co-creator are chosen for a study, and release %s has its own: %w", found.Release.ID, sinso.ErrInvalid)
	case o.Profile != nil:
		err = maySell(o.Profile)
	}
	return found, err
}

// mintAs mints a release, as a version of parent unless that is zero. Of o the profile that was chosen counts.
func (w *Way) mintAs(ctx context.Context, id sinso.ReleaseID, parent sinso.TokenID, o ReleaseOptions) (Minted, error) {
	end, err := w.making.take(ctx)
	if err != nil {
		return Minted{}, err
	}
	defer end()
	row, err := w.ReleaseRow(ctx, id)
	if err == nil {
		err = w.mintable(ctx, row, parent, o.Profile)
	}
	if err != nil || row.State != sinso.ReleaseIsStored {
		return w.mintedAs(row, nil), err
	}
	// For the price alone: a token whose mint was sent before, and whose answer was lost, cannot be planned.
	var plan ActPlan
	if w.Deeds != nil {
		plan, _ = w.planMint(ctx, "asset mint", Called{row.Person, row.Study, row}, parent, o)
	}
	if row.Draft {
		err = w.unoffered(ctx, row, parent, o.Actor)
	}
	if err == nil {
		row, err = w.advance(ctx, id, o.Actor, nil)
	}
	return w.mintedAs(row, &plan), err
}

// mintable is ErrDenied for what is not made, what was made of a study as it was before, and what was
// begun as a version of something else. A draft is made under the profile that was chosen for it, nil: the node's.
func (w *Way) mintable(ctx context.Context, row sinso.ReleaseRow, parent sinso.TokenID, chosen *deid.Profile) error {
	if parent != (sinso.TokenID{}) && row.Asset.Parent != parent && !row.Draft && row.State != sinso.ReleaseIsRefused {
		return fmt.Errorf("way: release %s goes by itself on the chain, or is there, and does not name %s as its parent: a line needs the word of both ends: %w", row.ID, parent, sinso.ErrDenied)
	}
	switch row.State {
	case sinso.ReleaseIsRegistered, sinso.ReleaseIsRefused:
		return nil
	case sinso.ReleaseIsAwaiting, sinso.ReleaseIsPlanned:
		return fmt.Errorf("way: release %s is %s, so there is nothing to mint yet: it goes on the chain when it is made: %w", row.ID, row.State, sinso.ErrDenied)
	case sinso.ReleaseIsStored:
	}
	if !row.Draft {
		return nil // it stopped at the chain, and goes on
	}
	if row.Author != nil && parent != (sinso.TokenID{}) {
		return fmt.Errorf("way: the co-creator of release %s signed it without a parent, so it can come after nothing: %w", row.ID, sinso.ErrDenied)
	}
	o, err := w.inForce(ctx, row.Study, ReleaseOptions{Series: row.Series, Author: row.Author, Profile: chosen})
	if err == nil {
		err = maySell(o.Profile)
	}
	if err != nil {
		return err
	}
	fresh, err := w.drafted(ctx, row.Study, o)
	if err == nil && fresh.ID != row.ID {
		err = fmt.Errorf("way: release %s was made of study %s as it was before, or by another profile; mint what it is now, by its name: %w", row.ID, row.Study, sinso.ErrDenied)
	}
	return err
}

// unoffered takes a draft up for the chain alone.
func (w *Way) unoffered(ctx context.Context, row sinso.ReleaseRow, parent sinso.TokenID, actor string) error {
	now, err := w.riskNow(ctx, row)
	if err != nil && !errors.Is(err, sinso.ErrUnsupported) {
		return err
	}
	body := sinso.ReleasePriced{Release: row.ID, Risk: now, Unoffered: true}
	if parent != (sinso.TokenID{}) {
		asset, err := w.asVersion(ctx, row, parent)
		if err != nil {
			return err
		}
		body.Asset = &asset
	}
	return w.recordOne(ctx, sinso.EventReleasePriced, actor, row.Person, body)
}

// asVersion signs the asset of a draft, which is its person's alone, as a version of a parent.
func (w *Way) asVersion(ctx context.Context, row sinso.ReleaseRow, parent sinso.TokenID) (sinso.Asset, error) {
	creator, err := w.creatorSecret(ctx, row)
	if err != nil {
		return sinso.Asset{}, err
	}
	asset, err := register.AsVersion(w.Chain.Contracts(), row.Asset, parent, creator)
	if err != nil {
		return asset, fmt.Errorf("way: release %s: %w", row.ID, err)
	}
	return asset, nil
}

// PlanMint says what [Way.Mint] would send and cost. Nothing is made, signed or sent, and no co-creator is asked.
func (w *Way) PlanMint(ctx context.Context, name string, o ReleaseOptions) (ActPlan, error) {
	found, err := w.planned(ctx, name, o)
	if err != nil {
		return ActPlan{}, err
	}
	return w.planMint(ctx, "asset mint", found, sinso.TokenID{}, o)
}

// planned finds what a name is of, and of a study the copy that would do, if it is there.
func (w *Way) planned(ctx context.Context, name string, o ReleaseOptions) (Called, error) {
	if w.Chain == nil || w.Deeds == nil {
		return Called{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	found, err := w.callFor(ctx, name, o)
	if err != nil || found.Release.ID != "" {
		return found, err
	}
	study, err := w.Study(ctx, found.Study)
	if err == nil {
		err = w.checkAuthor(study, o.Author)
	}
	if err == nil {
		o, err = w.inForce(ctx, found.Study, o)
	}
	if err == nil {
		err = maySell(o.Profile)
	}
	if err == nil {
		found.Release, err = w.drafted(ctx, found.Study, o)
	}
	return found, err
}

// notMade is why no figure is known of the token of a copy.
const notMade = "the copy is made first, and what its token costs is known then"

// planMint plans the minting of what is named, as a version of parent unless that is zero.
func (w *Way) planMint(ctx context.Context, act string, found Called, parent sinso.TokenID, o ReleaseOptions) (ActPlan, error) {
	plan := ActPlan{Act: act, Given: o.given(found)}
	row := found.Release
	var err error
	if plan.Pays, err = w.OwnAccount(ctx); err != nil {
		return plan, err
	}
	if row.ID != "" {
		if err := w.mintable(ctx, row, parent, o.Profile); err != nil {
			return plan, err
		}
	}
	if row.State == sinso.ReleaseIsRegistered {
		plan.Actor = row.Asset.Creator
		return plan, nil
	}
	if row.State == sinso.ReleaseIsRefused {
		return plan, fmt.Errorf("way: release %s is refused (%s) and goes on no chain: %w", row.ID, row.Reason, sinso.ErrDenied)
	}
	if err := w.planIdentity(ctx, found.Person, &plan); err != nil {
		return plan, err
	}
	if row.ID == "" {
		plan.add(PlannedStep{Plan: sinso.Plan{Doing: "enter the asset", From: plan.Pays}, Untried: notMade}, sinso.Wei{})
		return plan, nil
	}
	secret, err := w.creatorSecret(ctx, row)
	if err != nil {
		return plan, err
	}
	plan.Actor = row.Asset.Creator
	asset := row.Asset
	if parent != (sinso.TokenID{}) {
		asset.Parent = parent
	}
	return plan, w.planAs(ctx, found.Person, secret, register.Entering(asset), &plan)
}

// given says of what a token is asked for, and what was chosen.
func (o ReleaseOptions) given(found Called) map[string]any {
	given := map[string]any{"study": found.Study, "release": found.Release.ID}
	if len(o.Series) > 0 {
		given["series"] = o.Series
	}
	if o.Profile != nil {
		given["profile"] = o.Profile.Name()
	}
	if o.Author != nil {
		given["author"] = o.Author
	}
	return given
}

// planIdentity adds the person's identity to a plan, if it is not entered.
func (w *Way) planIdentity(ctx context.Context, id sinso.PersonID, plan *ActPlan) error {
	person, err := w.Person(ctx, id)
	if err != nil || person.Identity != (sinso.TokenID{}) {
		return err
	}
	secret, err := w.Keys.Secret(ctx, sinso.PersonKey(id), identityPurpose)
	if err != nil {
		return fmt.Errorf("way: the person's identity key: %w", err)
	}
	owner, err := register.Account(secret)
	if err != nil {
		return err
	}
	return w.planAs(ctx, id, secret, register.EnteringIdentity(owner), plan)
}

// planAs adds a step of one of a person's accounts to a plan, unsigned.
func (w *Way) planAs(ctx context.Context, person sinso.PersonID, secret [32]byte, step sinso.Step, plan *ActPlan) error {
	seat, err := w.seat(ctx, secret, time.Time{})
	if err != nil {
		return err
	}
	seat.Dry()
	return w.planSteps(ctx, &desk{Desk: seat, person: person}, []sinso.Step{step}, plan)
}
