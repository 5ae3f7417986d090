package way

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/act/auction"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/stage/act/consent"
	"sinso.dev/sinso/internal/stage/act/creator"
	"sinso.dev/sinso/internal/stage/act/fraction"
	"sinso.dev/sinso/internal/stage/act/govern"
	"sinso.dev/sinso/internal/stage/act/panel"
	"sinso.dev/sinso/internal/stage/act/request"
	"sinso.dev/sinso/internal/stage/act/reward"
	"sinso.dev/sinso/internal/stage/act/sale"
	"sinso.dev/sinso/internal/stage/act/stake"
)

// Acts are what people can do and ask by the contracts, each noun's from its stage.
func Acts() []sinso.Act {
	return slices.Concat(
		auction.Acts(), company.Acts(), consent.Acts(), creator.Acts(), fraction.Acts(), govern.Acts(), panel.Acts(), request.Acts(), reward.Acts(), sale.Acts(), stake.Acts(),
	)
}

// ActNamed returns an act by noun and verb; ErrNotFound if there is none.
func ActNamed(noun, verb string) (sinso.Act, error) {
	for _, known := range Acts() {
		if known.Noun == noun && known.Verb == verb {
			return known, nil
		}
	}
	return sinso.Act{}, fmt.Errorf("way: there is no act %s %s: %w", noun, verb, sinso.ErrNotFound)
}

// desk is an act's desk, and whose act it is.
type desk struct {
	*act.Desk
	way     *Way                        // of an act; nil: it is asked alone
	by      string                      // who asked for the act
	person  sinso.PersonID              // "": the node's own
	release sinso.ReleaseID             // whose account acts, if it is an asset's
	at      sinso.Address               // contract that the account is for alone, if it is a member's
	mute    bool                        // it only asks, and signs nothing
	dry     bool                        // it only plans
	begins  func(context.Context) error // writes down that the act is begun, before anything is signed and kept for it; nil: nothing is
	signed  []sinso.Signed              // the type is known of texts alone
	enters  [32]byte                    // what the person's nullifiers are made of; of an act in an account for one contract alone
}

var _ sinso.Desk = (*desk)(nil)

// Sign implements [sinso.Desk].
func (d *desk) Sign(digest sinso.Hash) ([]byte, error) {
	if d.mute {
		return nil, errMute
	}
	d.signed = append(d.signed, sinso.Signed{Digest: digest})
	return d.Desk.Sign(digest)
}

// SignText implements [sinso.Desk].
func (d *desk) SignText(ctx context.Context, text sinso.Text) ([]byte, error) {
	if d.mute {
		return nil, errMute
	}
	note, err := d.Note(text)
	if err != nil {
		return nil, err
	}
	d.signed = append(d.signed, note)
	return d.Desk.SignText(ctx, text)
}

// GivenOut implements [sinso.Desk].
func (d *desk) GivenOut(ctx context.Context) (all []sinso.Signed, err error) {
	begun, err := d.way.begunOf(ctx, d.person, d.release)
	for _, one := range begun {
		if one.Account == d.Actor() {
			all = append(all, one.Signed...)
		}
	}
	return all, err
}

// Dry has the desk sign and keep nothing from now on.
func (d *desk) Dry() {
	d.dry = true
	d.Desk.Dry()
}

var errMute = fmt.Errorf("way: an act that only asks signs nothing: %w", sinso.ErrDenied)

// nullifierPurpose is what a person's nullifiers are made of: it signs nothing and
// leaves the node in no form but them.
const nullifierPurpose = "nullifier"

// Nullifier implements [sinso.Desk].
func (d *desk) Nullifier(at sinso.Address) (sinso.Hash, error) {
	if d.enters == ([32]byte{}) {
		return sinso.Hash{}, fmt.Errorf("way: no person acts here, and only a person enters a register: %w", sinso.ErrInvalid)
	}
	return act.Nullifier(d.enters, at), nil
}

// sit makes the desk of an act, for whoever it says acts, at a moment of the chain's clock; zero: now.
func (w *Way) sit(ctx context.Context, what sinso.Act, given sinso.Given, at time.Time) (*desk, error) {
	if w.Chain == nil || w.Deeds == nil {
		return nil, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	d := &desk{way: w}
	actor, err := w.actor(ctx, d, what, given)
	if err != nil {
		return nil, err
	}
	if what.Who == sinso.ActsMember {
		if d.enters, err = w.Keys.Secret(ctx, sinso.PersonKey(d.person), nullifierPurpose); err != nil {
			return nil, fmt.Errorf("way: the person's secret for registers: %w", err)
		}
	}
	if d.Desk, err = w.seat(ctx, actor, at); err == nil && !at.IsZero() {
		d.Again()
	}
	return d, err
}

// seat makes a desk for who has a secret, at a moment of the chain's clock; zero: now.
func (w *Way) seat(ctx context.Context, actor [32]byte, at time.Time) (*act.Desk, error) {
	if at.IsZero() {
		var err error
		if at, err = w.Chain.Now(ctx); err != nil {
			return nil, err
		}
	}
	node, err := w.OwnAccount(ctx)
	if err != nil {
		return nil, err
	}
	hand, err := w.hand(actor)
	if err != nil {
		return nil, fmt.Errorf("way: the actor's account: %w", err)
	}
	return act.NewDesk(w.Deeds, w.Chain.Contracts().ChainID, hand, node, at, w.Rand), nil
}

// actor returns the key of who acts, and notes whose it is.
func (w *Way) actor(ctx context.Context, d *desk, what sinso.Act, given sinso.Given) ([32]byte, error) {
	person, err := w.ActsFor(ctx, what, given)
	if err != nil {
		return [32]byte{}, err
	}
	d.person = person
	switch what.Who {
	case sinso.ActsOwner:
		row, err := w.ReleaseByToken(ctx, sinso.Of[sinso.TokenID](given, "token"))
		if err != nil {
			return [32]byte{}, err
		}
		d.release = row.ID
		return w.creatorSecret(ctx, row)
	case sinso.ActsMember:
		d.at = sinso.Of[sinso.Address](given, "at")
		secret, err := w.Keys.Secret(ctx, sinso.PersonKey(person), memberPurpose(d.at))
		if err != nil {
			return secret, fmt.Errorf("way: the person's key for %s: %w", d.at, err)
		}
		return secret, nil
	case sinso.ActsBuyer:
		return w.buyerSecret(ctx, sinso.Of[sinso.Hash](given, "trade"))
	case sinso.ActsNode:
	}
	return w.Account(ctx)
}

// buyerSecret is the key of the account that bought in a trade; ErrNotFound: this node did not.
func (w *Way) buyerSecret(ctx context.Context, trade sinso.Hash) ([32]byte, error) {
	all, err := w.Purchases(ctx)
	if err != nil {
		return [32]byte{}, err
	}
	at := slices.IndexFunc(all, func(row sinso.PurchaseRow) bool { return row.Trade == trade && trade != sinso.Hash{} })
	if at < 0 {
		return [32]byte{}, fmt.Errorf("way: this node bought in no such trade: %w", sinso.ErrNotFound)
	}
	keys, err := w.oneOrder(ctx, all[at])
	if err != nil {
		return [32]byte{}, err
	}
	return keys.Account, nil
}

// memberPurpose is what a person's account for one contract alone is derived for.
func memberPurpose(at sinso.Address) string { return "member/" + at.String() }

// ActsFor returns the person in whose name an act is, "" if it is the node's own.
func (w *Way) ActsFor(ctx context.Context, what sinso.Act, given sinso.Given) (sinso.PersonID, error) {
	switch what.Who {
	case sinso.ActsOwner:
		row, err := w.ReleaseByToken(ctx, sinso.Of[sinso.TokenID](given, "token"))
		return row.Person, err
	case sinso.ActsMember:
		id := sinso.PersonID(sinso.Of[string](given, "person"))
		_, err := w.Person(ctx, id)
		return id, err
	case sinso.ActsBuyer, sinso.ActsNode:
	}
	return "", nil
}

// Ask answers an act that only asks. What it signs is written down before it is given out.
func (w *Way) Ask(ctx context.Context, what sinso.Act, given sinso.Given, actor string) (any, error) {
	if what.Ask == nil {
		return nil, fmt.Errorf("way: %s asks nothing: %w", what.Name(), sinso.ErrInvalid)
	}
	d, err := w.sit(ctx, what, given, time.Time{})
	if err != nil {
		return nil, err
	}
	d.mute = what.Signs == ""
	answer, err := what.Ask(ctx, d, given)
	if err != nil || len(d.signed) == 0 {
		return answer, err
	}
	begun := d.begun(sinso.Hash{}, what)
	begun.Signed = d.signedAs(what.Signs)
	if err := w.noteBegun(ctx, d, begun, actor); err != nil {
		return nil, err
	}
	return answer, nil
}
