package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// PlannedBuy is what the purchase of an offer would be of and under.
type PlannedBuy struct {
	Order     sinso.Hash      `json:"order"`
	Token     sinso.TokenID   `json:"token"`
	Seller    sinso.Address   `json:"seller"`
	Tier      string          `json:"tier"`
	Instances uint32          `json:"instances"`
	Origin    sinso.Origin    `json:"origin"`
	Price     sinso.Wei       `json:"priceWei"`        // that is asked at this moment; what was settled, of a purchase that was begun
	Money     *sinso.Currency `json:"money,omitempty"` // an ERC-20 token, in whose smallest unit the price is; absent: the chain's own money
	Fiat      string          `json:"fiat,omitempty"`  // what that is worth, where the node knows a price
	// MostGas is what the order's own account gets besides the price, for the gas of all steps; what is left stays there.
	MostGas sinso.Wei     `json:"mostGasWei"`
	Balance sinso.Wei     `json:"balanceWei"` // of the account that pays
	Terms   string        `json:"terms"`
	Panel   sinso.Address `json:"panel"` // decides in a dispute; zero: nobody
	EndsAt  time.Time     `json:"endsAt"`
	Request sinso.Hash    `json:"request,omitzero"` // whose money pays the price; absent: the node's account pays it
	Step    string        `json:"step,omitempty"`   // at which this node's purchase of it stands; absent: it was not begun
}

// Settled is how a purchase stands, as commands tell it: nothing in it opens anything.
type Settled struct {
	Order     sinso.Hash      `json:"order"`
	Trade     sinso.Hash      `json:"trade"`            // its name
	Licence   sinso.Hash      `json:"licence,omitzero"` // the token that the release minted; absent: nothing was released
	Token     sinso.TokenID   `json:"token"`
	Step      string          `json:"step"`
	Price     sinso.Wei       `json:"priceWei"`        // what was paid
	Money     *sinso.Currency `json:"money,omitempty"` // an ERC-20 token, in whose smallest unit price and payouts are; absent: the chain's own money
	FillTx    sinso.Tx        `json:"fillTx"`
	DeliverTx sinso.Tx        `json:"deliverTx"`
	ReleaseTx sinso.Tx        `json:"releaseTx"`
	Payouts   []sinso.Payout  `json:"payouts"`
}

// Settled tells of a purchase.
func (w *Way) Settled(ctx context.Context, row sinso.PurchaseRow) Settled {
	s := Settled{
		Order: row.Order, Trade: row.Trade, Token: row.Token, Step: row.Step, Price: row.Paid, Money: w.MoneyOf(ctx, row.Offer),
		FillTx: row.FillTx, DeliverTx: row.DeliverTx, ReleaseTx: row.ReleaseTx, Payouts: row.Payouts,
	}
	if row.Step == stepReleased || row.Step == stepDecided {
		s.Licence = row.Trade
	}
	return s
}

// PlanBuy says what [Way.Buy] would do and cost, and refuses what that would refuse before it pays. Nothing is
// signed, sent or kept, and no account is made: the fill is tried as if the node's account were the buyer. Of a purchase
// that is paid, or at its end, there are no steps: going on costs gas alone, which its own account has.
func (w *Way) PlanBuy(ctx context.Context, encoded []byte) (ActPlan, error) {
	plan := ActPlan{Act: "order fill", Steps: []PlannedStep{}}
	if w.Chain == nil || w.Deeds == nil {
		return plan, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	v, err := w.walkOffer(ctx, encoded)
	if err != nil {
		return plan, err
	}
	b, begun, err := w.unbegun(ctx, v.offer, v.found.Order)
	if err != nil {
		return plan, err
	}
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil {
		return plan, err
	}
	due := purchaseSteps[b.row.Step] != nil && trade.State == sinso.TradeNone
	if due {
		if err := b.payable(ctx); err != nil {
			return plan, err
		}
	}
	about := b.planned(ctx, v)
	if plan.Pays, err = w.OwnAccount(ctx); err == nil {
		about.Balance, err = w.Chain.Balance(ctx, plan.Pays)
	}
	if err != nil {
		return plan, err
	}
	if begun {
		plan.Actor, about.Step = b.keys.Buyer, b.row.Step
	}
	if plan.About, plan.Given = about, map[string]any{"order": b.hash}; !due {
		return plan, nil
	}
	return plan, b.planPayment(ctx, about.Balance, &plan)
}

// planned says what a purchase is of, but for what the node has and where it stands.
func (b *purchase) planned(ctx context.Context, v *verification) PlannedBuy {
	order := b.offer.Order
	plan := PlannedBuy{
		Order: b.hash, Token: order.Token, Seller: order.Seller, Tier: v.fields.Tier, Instances: v.fields.Instances, Origin: b.offer.Origin,
		Price: b.row.Paid, MostGas: sinso.NewWei(gasAllowance),
		Terms: b.offer.Terms, Panel: order.Panel, EndsAt: order.EndsAt,
	}
	if b.inToken() {
		plan.Money = new(b.Currency(ctx, order.Currency))
	} else {
		plan.Fiat = b.cfg.CoinPrice.Of(b.row.Paid)
	}
	return plan
}

// unbegun is the purchase of an order as it stands here, or as it would be begun, by keys that are kept nowhere.
func (w *Way) unbegun(ctx context.Context, offer sinso.Offer, hash sinso.Hash) (b *purchase, begun bool, err error) {
	b = &purchase{Way: w, offer: offer, hash: hash}
	if b.row, err = w.Purchase(ctx, hash); err == nil {
		b.keys, err = w.oneOrder(ctx, b.row)
		return b, true, err
	}
	if !errors.Is(err, sinso.ErrNotFound) {
		return nil, false, err
	}
	b.row = sinso.PurchaseRow{Order: hash, Token: offer.Order.Token, Step: stepPlanned}
	var seed [32]byte
	if _, err := w.Rand.Read(seed[:]); err != nil {
		return nil, false, fmt.Errorf("way: randomness: %w", err)
	}
	if b.keys, err = market.NewOneOrder(seed); err != nil {
		return nil, false, err
	}
	now, err := w.now(ctx)
	if err != nil {
		return nil, false, err
	}
	return b, false, b.settleAt(offer.Order.PriceAt(now))
}

// payable refuses what this node would not pay now.
func (b *purchase) payable(ctx context.Context) error {
	if err := b.elsewhere(sinso.TradeNone); err != nil {
		return err
	}
	return b.reachable(ctx)
}

// reachable says whether the contract will take the money, and whether the seller can be reached. Nothing is kept.
func (b *purchase) reachable(ctx context.Context) error {
	if err := b.takeable(ctx); err != nil {
		return err
	}
	if _, err := b.Blobs.Get(ctx, b.offer.Payload); err == nil {
		return nil
	}
	asked, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	if _, err := b.remote(asked, b.offer.Payload); err != nil {
		return b.notGiven(err)
	}
	return nil
}

// planPayment adds the steps of a purchase that nobody has paid.
func (b *purchase) planPayment(ctx context.Context, balance sinso.Wei, plan *ActPlan) error {
	coin, err := b.coin(ctx)
	if err != nil {
		return err
	}
	funds := cost(coin)
	have, err := b.Chain.Balance(ctx, b.keys.Buyer)
	if err != nil {
		return err
	}
	if funds.Sub(funds, have.Int()); funds.Sign() < 0 {
		funds.SetInt64(0)
	}
	if balance.Int().Cmp(funds) < 0 {
		return fmt.Errorf("way: this node's account %s has %s wei, and the account of the order gets %s: a price in coin, and up to %s for gas; nothing was spent: %w",
			plan.Pays, balance, funds, gasAllowance, sinso.ErrDenied)
	}
	if err := b.planFill(ctx, sinso.NewWei(funds), plan); err != nil {
		return err
	}
	plan.wait()
	plan.Fiat = b.cfg.CoinPrice.Of(plan.Fee)
	return nil
}

// wait adds the steps of a purchase that come after the payment, and wait for others.
func (p *ActPlan) wait() {
	for _, next := range []struct{ doing, waits string }{
		{"bring the seller's answer to the chain", "it can be tried once the seller's node has given the key"},
		{"let the money go, and have it sent to those who are paid", "it can be tried once all was delivered, fetched and verified"},
	} {
		p.add(PlannedStep{Plan: sinso.Plan{Doing: next.doing, From: p.Actor}, Untried: next.waits}, sinso.Wei{})
	}
}

// planFill adds the payment: of a token after the approval, without which it cannot be tried.
func (b *purchase) planFill(ctx context.Context, funds sinso.Wei, plan *ActPlan) error {
	if b.inToken() {
		said, err := b.Deeds.Plan(ctx, b.approving(), plan.Pays)
		if err != nil {
			return err
		}
		plan.add(PlannedStep{Plan: said, Funds: funds}, sinso.Wei{})
		paying := sinso.Plan{Doing: b.filling(plan.Pays).Doing, From: plan.Pays}
		plan.add(PlannedStep{Plan: paying, Untried: "it can be tried once the Exchange may take the price"}, sinso.Wei{})
		return nil
	}
	said, err := b.Deeds.Plan(ctx, b.filling(plan.Pays), plan.Pays)
	if err != nil {
		return err
	}
	said.From = plan.Actor
	plan.add(PlannedStep{Plan: said, Funds: funds}, b.row.Paid)
	return nil
}

// approving lets the Exchange take exactly a price in a token.
func (b *purchase) approving() sinso.Deed {
	call := sinso.Call{Contract: sinso.ERC20, At: b.offer.Order.Currency, Method: "approve", Args: []any{b.offer.Contracts.Exchange, b.row.Paid}}
	return sinso.Deed{Call: call, Doing: "let the Exchange take exactly the price"}
}

// filling is the fill with another buyer, who needs to sign nothing where it is the caller.
func (b *purchase) filling(buyer sinso.Address) sinso.Deed {
	order, fill := b.offer.Order, b.keys.Fill()
	call := sinso.Call{
		Contract: "Exchange", Method: "fillAt", At: b.offer.Contracts.Exchange,
		Args: []any{b.row.Paid, order, b.offer.Signature, buyer, fill.Key.X, fill.Key.Y, fill.HPKEHash, []byte{}},
	}
	return sinso.Deed{Call: call, Doing: "pay the price into escrow", Value: b.row.Paid}
}
