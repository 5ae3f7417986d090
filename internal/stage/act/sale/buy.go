package sale

import (
	"bytes"
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

// The states of a sale.
const (
	Open      = "open"
	Sold      = "sold"
	Cancelled = "cancelled"
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
	price := exchange("priceOf", o.order.Price, o.order.Floor, o.order.StartsAt, o.order.EndsAt, sinso.NewWei(big.NewInt(now.Unix())))
	if err := desk.Ask(ctx, price, &out.Price); err != nil {
		return out, err
	}
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
	if closed, err := ended(ctx, desk, o.Terms.Seller, o.Hash, &o.Terms.Salt); err != nil || closed != "" {
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

// ended is how a sale was ended on the chain; "": it was not. salt nil: it is not known.
func ended(ctx context.Context, desk sinso.Desk, seller sinso.Address, hash sinso.Hash, salt *sinso.Hash) (string, error) {
	var filled, lowest sinso.Hash
	if err := desk.Ask(ctx, exchange("filled", seller, hash), &filled); err != nil {
		return "", err
	}
	if err := desk.Ask(ctx, exchange("lowestSalt", seller), &lowest); err != nil {
		return "", err
	}
	switch {
	case filled == never, salt != nil && bytes.Compare(salt[:], lowest[:]) < 0:
		return Cancelled, nil
	case filled != sinso.Hash{}:
		return Sold, nil
	}
	return "", nil
}

// never is what the Exchange counts of an order that was cancelled.
var never = sinso.Hash(bytes.Repeat([]byte{0xff}, len(sinso.Hash{})))

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
	bought := now.State == Sold && now.Owner == desk.Actor() // by this act, if it was cut off
	if err := now.refusing(desk.Actor()); err != nil && !bought {
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
	for i := range draft.Steps[:last+1] { // all of it is done
		draft.Steps[i].Skip = draft.Steps[i].Skip || bought
	}
	return draft, nil
}

func cancel(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	hash := sinso.Of[sinso.Hash](given, "hash")
	at, err := desk.At("Exchange")
	if err != nil {
		return sinso.Draft{}, err
	}
	signature, err := desk.Sign(eip712.CancelDigest(desk.Domain(at), hash))
	return sinso.Draft{Steps: []sinso.Step{step("take a sale back", exchange("cancel", desk.Actor(), hash, signature))}}, err
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

// Kept says in words which sales of an asset that who acts signed may be bought still. They are in no list but that of what
// was signed. A sale ends within 90 days, so an older one is none any more.
func Kept(ctx context.Context, desk sinso.Desk, token sinso.TokenID, begun []sinso.ActBegun) (kept act.Kept, err error) {
	owner, err := act.OwnerOf(ctx, desk, token)
	if err != nil || owner != desk.Actor() {
		return kept, err
	}
	for _, one := range begun {
		if desk.Now().After(one.Moment.Add(longest)) {
			continue
		}
		for _, signed := range one.Signed {
			if signed.Type != typeName {
				continue
			}
			closed, err := ended(ctx, desk, desk.Actor(), signed.Digest, nil)
			if err != nil {
				return kept, err
			}
			if closed == "" {
				kept.Says = append(kept.Says, fmt.Sprintf("the asset may be bought by a sale that was signed: sinso sale cancel --hash %s", signed.Digest))
			}
		}
	}
	return kept, nil
}
