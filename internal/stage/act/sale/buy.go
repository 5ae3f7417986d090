package sale

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

// The states of a sale.
const (
	Open      = "open"
	Sold      = act.Sold
	Cancelled = act.Cancelled // taken back: perhaps after it was bought, which changes nothing
	Over      = "over"
	Elsewhere = "elsewhere" // the asset is not the seller's now
	Unheld    = "unheld"    // the Exchange may not move the asset, and the permit is good no more
)

// Shown is a sale as it stands.
type Shown struct {
	Hash  sinso.Hash    `json:"hash"`
	Terms Terms         `json:"sale"`
	State string        `json:"state"`   // open, sold, cancelled, over, elsewhere or unheld
	Price sinso.Wei     `json:"nowWei"`  // what is asked at this moment
	Text  string        `json:"nowText"` // the same in words
	Owner sinso.Address `json:"owner"`   // of the asset, now

	given bool // the Exchange may move the asset already
}

func show(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	o, err := read(desk, sinso.Of[[]byte](given, "sale"))
	if err != nil {
		return nil, err
	}
	return o.shown(ctx, desk)
}

// shown asks the chain how a sale stands.
func (o offered) shown(ctx context.Context, desk sinso.Desk) (Shown, error) {
	now := desk.Now()
	out := Shown{Hash: o.Hash, Terms: o.Terms}
	out.Price = sinso.Order{Price: o.Terms.Price, Floor: o.Terms.Floor, StartsAt: o.Terms.StartsAt, EndsAt: o.Terms.EndsAt}.PriceAt(now)
	var err error
	if out.Text, err = act.Amount(ctx, desk, o.Terms.Currency, out.Price); err != nil {
		return out, err
	}
	if out.Owner, err = act.OwnerOf(ctx, desk, o.Terms.Token); err != nil {
		return out, err
	}
	if out.given, err = o.Terms.permit(o.here).Given(ctx, desk); err != nil {
		return out, err
	}
	out.State, err = o.state(ctx, desk, out, now)
	return out, err
}

func (o offered) state(ctx context.Context, desk sinso.Desk, now Shown, at time.Time) (string, error) {
	closed, err := act.Ended(ctx, desk, o.Terms.Seller, o.Hash)
	if err == nil && closed == "" {
		closed, err = o.below(ctx, desk)
	}
	if err != nil || closed != "" {
		return closed, err
	}
	switch {
	case at.After(o.Terms.EndsAt):
		return Over, nil
	case now.Owner != o.Terms.Seller:
		return Elsewhere, nil
	case now.given:
		return Open, nil
	}
	text, err := o.Terms.permit(o.here).Text(ctx, desk)
	if err != nil {
		return "", err
	}
	digest, err := eip712.TextDigest(desk.Domain(text.At), text)
	if err != nil {
		return "", err
	}
	if by, err := eip712.Recover(digest, o.permit); err != nil || by != o.Terms.Seller {
		return Unheld, nil //nolint:nilerr // it is the permit that is good no more
	}
	return Open, nil
}

// below is [Cancelled] if its seller took back all sales up to a number above this one's.
func (o offered) below(ctx context.Context, desk sinso.Desk) (string, error) {
	var lowest sinso.Hash
	err := desk.Ask(ctx, exchange("lowestSalt", o.Terms.Seller), &lowest)
	if err == nil && bytes.Compare(o.Terms.Salt[:], lowest[:]) < 0 {
		return Cancelled, nil
	}
	return "", err
}

// refusing is why who acts cannot buy; nil: nothing is known against it.
func (s Shown) refusing(actor sinso.Address) error {
	why := map[string]string{
		Sold: "it was sold", Cancelled: "its seller took it back", Over: "it ended at " + s.Terms.EndsAt.UTC().Format(time.RFC3339),
		Elsewhere: "the asset is not its seller's now: it was sold, or is staked or locked elsewhere",
		Unheld:    "the market may not move the asset any more: ask its seller to sign it again",
	}[s.State]
	if why == "" && s.Terms.Taker != (sinso.Address{}) && s.Terms.Taker != actor {
		why = "it is for another buyer, " + s.Terms.Taker.String()
	}
	if why == "" {
		return nil
	}
	return fmt.Errorf("sale: %s; nothing is sent: %w", why, sinso.ErrDenied)
}

func step(doing string, call sinso.Call) sinso.Step {
	return sinso.Step{Deed: sinso.Deed{Doing: doing, Call: call}}
}

func buy(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	o, err := read(desk, sinso.Of[[]byte](given, "sale"))
	if err != nil {
		return sinso.Draft{}, err
	}
	now, err := o.shown(ctx, desk)
	if err != nil {
		return sinso.Draft{}, err
	}
	// An act that was cut off goes on to the end, where the contract refuses it if need be: what it let be taken of a token
	// is taken back there.
	bought := desk.Resumes() && now.Owner == desk.Actor()
	if err := now.refusing(desk.Actor()); err != nil && !desk.Resumes() {
		return sinso.Draft{}, err
	}
	origin, err := act.OriginOf(ctx, desk, o.Terms.Token)
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := sinso.Draft{Steps: []sinso.Step{step("buy an asset", exchange("buy", o.order, o.signature, desk.Actor(), origin))}, About: now}
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) { return o.shown(ctx, desk) }
	if err := draft.Pay(ctx, desk, o.Terms.Currency, now.Price); err != nil {
		return sinso.Draft{}, err
	}
	last := len(draft.Steps) - 1
	may := step("tell the asset's contract what its owner signed: that the Exchange may move it", o.Terms.permit(o.here).Call(o.permit))
	may.Skip = now.given
	draft.Steps = slices.Insert(draft.Steps, last, may)
	for i := range draft.Steps[:last+1] {
		draft.Steps[i].Skip = draft.Steps[i].Skip || bought
	}
	return draft, nil
}

// Withdrawn is what was paid.
type Withdrawn struct {
	To       sinso.Address `json:"to"`
	Currency sinso.Address `json:"currency"` // zero: the chain's own money
	Amount   sinso.Wei     `json:"amountWei"`
}

func withdraw(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	payee := sinso.Of[sinso.Address](given, "payee")
	if payee == (sinso.Address{}) {
		payee = desk.Actor()
	}
	draft := sinso.Draft{Steps: []sinso.Step{step("pay what the Exchange owes", exchange("withdraw", sinso.Of[sinso.Address](given, "currency"), payee))}}
	draft.Result = func(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
		for _, event := range done[len(done)-1].Events {
			if event.Name == "Withdrawn" {
				var paid Withdrawn
				err := desk.Told("Exchange", event, &paid)
				return paid, err
			}
		}
		return nil, fmt.Errorf("sale: the transaction paid nothing: %w", sinso.ErrCorrupt)
	}
	return draft, nil
}
