package way

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/market"
)

// HeldLicence is a licence and what it allows now.
type HeldLicence struct {
	sinso.LicenceToken
	Allows  bool           `json:"allows"`          // who holds it may use the copy under it now, says the contract
	Over    bool           `json:"over"`            // its last moment has passed
	Ours    bool           `json:"ours"`            // an account of this node holds it
	Order   sinso.Hash     `json:"order,omitzero"`  // of this node's purchase that brought it
	Licence *sinso.Licence `json:"licence"`         // what the text is of; null: it is in other words, or not known here
	Text    string         `json:"text"`            // of the licence; "" if this node did not buy it
	Bought  time.Time      `json:"bought,omitzero"` // when its purchase here moved last
	// Holder is the release in whose person's account it lies, an account for that asset alone; absent: in none.
	Holder sinso.ReleaseID `json:"holder,omitempty"`

	person sinso.PersonID // whose account that is
	secret [32]byte       // of the account that holds it, if it is ours; zero: the node's own
}

// Person is in whose account for an asset it lies; "": in none.
func (h HeldLicence) Person() sinso.PersonID { return h.person }

// holders are the accounts of persons for one asset each, of all of this node's.
func (w *Way) holders(ctx context.Context) (map[sinso.Address]sinso.ReleaseRow, []sinso.Address, error) {
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	found, order := map[sinso.Address]sinso.ReleaseRow{}, []sinso.Address{}
	for _, row := range releases {
		if row.Asset.Creator != (sinso.Address{}) {
			found[row.Asset.Creator], order = row, append(order, row.Asset.Creator)
		}
	}
	return found, order, nil
}

// Licences lists the licences that this node's accounts hold: what it bought and did not pass
// on, oldest first, then what catalogue knows to be of its own account, and of the accounts of its persons,
// which are for one asset each. catalogue may be nil.
func (w *Way) Licences(ctx context.Context, catalogue sinso.Catalogue) ([]HeldLicence, error) {
	if w.Chain == nil || w.Deeds == nil {
		return nil, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	purchases, err := w.Purchases(ctx)
	if err != nil {
		return nil, err
	}
	persons, accounts, err := w.holders(ctx)
	if err != nil {
		return nil, err
	}
	held, known := []HeldLicence{}, map[sinso.Hash]bool{}
	add := func(id sinso.Hash) error {
		one, err := w.licence(ctx, id, persons)
		if err == nil && one.Ours && !known[id] {
			held, known[id] = append(held, one), true
		}
		return ignore(err, sinso.ErrNotFound) // a reorganisation took it, or the index is behind
	}
	for _, row := range purchases {
		if row.Step != stepReleased && row.Step != stepDecided || row.Trade == (sinso.Hash{}) {
			continue
		}
		if err := add(row.Trade); err != nil {
			return nil, err
		}
	}
	if catalogue == nil {
		return held, nil
	}
	account, err := w.OwnAccount(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range append([]sinso.Address{account}, accounts...) {
		rows, err := catalogue.Licences(ctx, sinso.TokenID{}, one)
		if err != nil {
			return nil, fmt.Errorf("way: licences of the account %s: %w", one, err)
		}
		for _, row := range rows {
			if err := add(row.ID); err != nil {
				return nil, err
			}
		}
	}
	return held, nil
}

// Licence says what a licence is, whoever holds it. ErrNotFound: there is none.
func (w *Way) Licence(ctx context.Context, id sinso.Hash) (HeldLicence, error) {
	if w.Chain == nil || w.Deeds == nil {
		return HeldLicence{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	persons, _, err := w.holders(ctx)
	if err != nil {
		return HeldLicence{}, err
	}
	return w.licence(ctx, id, persons)
}

// licence is Licence, where the accounts of persons are known.
func (w *Way) licence(ctx context.Context, id sinso.Hash, persons map[sinso.Address]sinso.ReleaseRow) (HeldLicence, error) {
	token, err := w.Chain.Licence(ctx, id)
	if errors.Is(err, sinso.ErrNotFound) {
		err = cmp.Or(w.notHere(ctx, id), err)
	}
	if err != nil {
		return HeldLicence{}, fmt.Errorf("way: licence %s: %w", id, err)
	}
	held := HeldLicence{LicenceToken: token}
	allows, err := w.licenceCall(ctx, "allows", id, token.Owner)
	if err == nil {
		err = w.Deeds.Ask(ctx, allows, &held.Allows)
	}
	if err != nil {
		return held, fmt.Errorf("way: licence %s: %w", id, err)
	}
	now, err := w.now(ctx)
	if err != nil {
		return held, err
	}
	held.Over = !token.Until.IsZero() && now.After(token.Until)
	account, err := w.OwnAccount(ctx)
	if err != nil {
		return held, err
	}
	held.Ours = token.Owner == account
	if row, ok := persons[token.Owner]; ok {
		held.secret, err = w.creatorSecret(ctx, row)
		switch {
		case err == nil:
			held.Ours, held.Holder, held.person = true, row.ID, row.Person
		case !errors.Is(err, sinso.ErrDenied): // else the key was destroyed, and it is nobody's any more
			return held, err
		}
	}
	return held, w.boughtHere(ctx, &held)
}

// notHere says so of a licence that this node bought on another chain.
func (w *Way) notHere(ctx context.Context, id sinso.Hash) error {
	purchases, err := w.Purchases(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(purchases, func(row sinso.PurchaseRow) bool { return row.Trade == id })
	if at < 0 {
		return nil
	}
	return w.Here(purchases[at])
}

// boughtHere adds what this node knows of a licence that one of its purchases brought.
func (w *Way) boughtHere(ctx context.Context, held *HeldLicence) error {
	purchases, err := w.Purchases(ctx)
	if err != nil {
		return err
	}
	for _, row := range purchases {
		if row.Trade != held.ID {
			continue
		}
		offer, err := market.Decode(row.Offer)
		if err != nil {
			return err
		}
		if held.Order, held.Text, held.Bought = row.Order, offer.Terms, row.Updated; market.TermsHash(offer.Terms) != held.Terms {
			return fmt.Errorf("way: licence %s is under other terms than what was bought: %w", held.ID, sinso.ErrCorrupt)
		}
		if licence, known := market.LicenceOf(offer.Terms); known {
			held.Licence = &licence
		}
		keys, err := w.oneOrder(ctx, row)
		if err != nil {
			return err
		}
		if keys.Buyer == held.Owner {
			held.Ours, held.secret = true, keys.Account
		}
	}
	return nil
}

// licenceCall is a call of the Licences that the Exchange mints in.
func (w *Way) licenceCall(ctx context.Context, method string, args ...any) (call sinso.Call, err error) {
	call = sinso.Call{Contract: "Licences", Method: method, Args: args}
	err = w.Deeds.Ask(ctx, sinso.Call{Contract: "Exchange", Method: "licences"}, &call.At)
	return call, err
}

// passing drafts the passing on of a licence, or says why it cannot be passed on.
func (w *Way) passing(ctx context.Context, id sinso.Hash, to sinso.Address) (HeldLicence, sinso.Deed, error) {
	held, err := w.Licence(ctx, id)
	if err != nil {
		return held, sinso.Deed{}, err
	}
	refuse := func(why string) error { return fmt.Errorf("way: licence %s %s: %w", id, why, sinso.ErrDenied) }
	switch {
	case to == (sinso.Address{}):
		err = fmt.Errorf("way: a licence is not passed on to nobody: %w", sinso.ErrInvalid)
	case held.Owner == to:
		err = fmt.Errorf("way: licence %s is of that account already: %w", id, sinso.ErrExists)
	case !held.Ours:
		err = refuse("is of an account that this node has no key of")
	case !held.Transferable:
		err = refuse("is bound to who bought it: its seller did not let it be passed on")
	case held.Revoked:
		err = refuse("was revoked by its seller, so it allows nobody anything")
	case held.Over:
		err = refuse("is over, so it allows nobody anything")
	}
	if err != nil {
		return held, sinso.Deed{}, err
	}
	call, err := w.licenceCall(ctx, "transferFrom", held.Owner, to, id)
	return held, sinso.Deed{Call: call, Doing: "pass a licence on"}, err
}

// PlanPass says what passing a licence on would do and cost. Nothing is signed or sent.
func (w *Way) PlanPass(ctx context.Context, id sinso.Hash, to sinso.Address) (ActPlan, error) {
	held, deed, err := w.passing(ctx, id, to)
	if err != nil {
		return ActPlan{}, err
	}
	said, err := w.Deeds.Plan(ctx, deed, held.Owner)
	if err != nil {
		return ActPlan{}, err
	}
	plan := ActPlan{Act: "license pass", Actor: held.Owner, Pays: held.Owner, About: held, Given: map[string]any{"licence": id, "to": to}}
	step := PlannedStep{Plan: said}
	if missing := new(big.Int).Sub(said.MostFee.Int(), said.Balance.Int()); missing.Sign() > 0 {
		step.Funds = sinso.NewWei(missing)
	}
	plan.add(step, sinso.Wei{})
	plan.Fiat = w.cfg.CoinPrice.Of(plan.Fee)
	return plan, nil
}

// Pass passes a licence that an account of this node holds on to another account, which holds
// and may use it from then on. What this node opened before is not called back by it.
func (w *Way) Pass(ctx context.Context, id sinso.Hash, to sinso.Address, actor string) (ActDone, error) {
	held, deed, err := w.passing(ctx, id, to)
	if err != nil {
		return ActDone{}, err
	}
	d := &desk{person: held.person, release: held.Holder}
	if d.Desk, err = w.passingDesk(ctx, held); err != nil {
		return ActDone{}, err
	}
	what := sinso.Act{Noun: "license", Verb: "pass"}
	done := ActDone{Act: what.Name(), Actor: held.Owner, Result: map[string]any{"licence": id, "owner": to}}
	if done.ID, err = d.Salt(); err != nil {
		return done, err
	}
	if err := w.noteBegun(ctx, d, d.begun(done.ID, what), actor); err != nil {
		return done, err
	}
	plan, err := w.Deeds.Plan(ctx, deed, held.Owner)
	if err != nil {
		return done, err
	}
	if missing := new(big.Int).Sub(plan.MostFee.Int(), plan.Balance.Int()); missing.Sign() > 0 {
		if err := w.fundHolder(ctx, d, done.ID, sinso.NewWei(missing)); err != nil {
			return done, fmt.Errorf("way: fund the account that holds the licence: %w", err)
		}
	}
	w.step("pass")
	did, err := w.Deeds.Do(ctx, done.ID, deed, held.secret)
	if err != nil {
		return done, err
	}
	done.Txs, done.Fee, done.Fiat = []sinso.Tx{did.Tx}, did.Fee, w.cfg.CoinPrice.Of(did.Fee)
	return done, w.noteOnce(ctx, d, done, actor)
}

// fundHolder sends the account that holds a licence what it lacks for gas; to a person's, within the limits of
// what the node pays for people.
func (w *Way) fundHolder(ctx context.Context, d *desk, id sinso.Hash, amount sinso.Wei) error {
	if d.person == "" {
		_, err := w.Chain.Fund(ctx, d.Actor(), amount)
		return err
	}
	portion, err := w.portion(ctx, d, sinso.Step{})
	if err != nil {
		return err
	}
	_, err = w.Deeds.FundFor(ctx, act.Once(id, fundings), d.Actor(), amount, portion)
	return err
}

// passingDesk is the desk of the account that holds a licence.
func (w *Way) passingDesk(ctx context.Context, held HeldLicence) (*act.Desk, error) {
	secret := held.secret
	if secret == ([32]byte{}) {
		var err error
		if secret, err = w.Account(ctx); err != nil {
			return nil, err
		}
	}
	return w.seat(ctx, secret, time.Time{})
}
