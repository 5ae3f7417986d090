package way

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/market"
)

// A price in an ERC-20 token is paid from the node's own account: it lets the Exchange take exactly the price, and
// fills for the order's own account, which gets the licence, the key and a refund. The Exchange takes a token from who
// calls it alone, so that what it may take meanwhile serves nobody else.

// inToken reports whether the price is in a token.
func (b *purchase) inToken() bool { return b.offer.Order.Currency != sinso.Address{} }

// Currency is a currency as it describes itself, or by its address alone where the chain does not say.
func (w *Way) Currency(ctx context.Context, at sinso.Address) sinso.Currency {
	if w.Deeds == nil || at == (sinso.Address{}) {
		return sinso.Currency{At: at}
	}
	if known, ok := w.tokens.of(at); ok {
		return known
	}
	known, err := w.Deeds.Currency(ctx, at)
	if err != nil {
		return sinso.Currency{At: at}
	}
	w.tokens.keep(known)
	return known
}

// tokens are what tokens said of themselves, so that a list of orders does not ask for each.
type tokens struct {
	mu    sync.Mutex // guards known
	known map[sinso.Address]sinso.Currency
}

func (t *tokens) of(at sinso.Address) (sinso.Currency, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok := t.known[at]
	return known, ok
}

// keep forgets all when there are too many: strangers' offers name tokens.
func (t *tokens) keep(known sinso.Currency) {
	const most = 1000
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || len(t.known) >= most {
		t.known = map[sinso.Address]sinso.Currency{}
	}
	t.known[known.At] = known
}

// MoneyOf is the token that the price of an offer is in; nil: the chain's own money, or this is no offer.
func (w *Way) MoneyOf(ctx context.Context, offer []byte) *sinso.Currency {
	kept, err := market.Kept(offer)
	if err != nil || kept.Order.Currency == (sinso.Address{}) {
		return nil
	}
	known := w.Currency(ctx, kept.Order.Currency)
	return &known
}

// fillGas is about what a fill takes that pays a token, in gas (contracts/gas.snapshot).
const fillGas = 200_000

// TokenPrice is what an offer in a token costs before it is paid.
type TokenPrice struct {
	Money  sinso.Currency `json:"money"`
	Price  sinso.Wei      `json:"priceWei"`  // of this moment, in the token's smallest unit
	Paying sinso.Wei      `json:"payingWei"` // about what the approval and the payment cost of gas; zero: not known
	Gas    sinso.Wei      `json:"gasWei"`    // what the order's account gets for the rest, at most
}

// TokenPrice says what an offer in a token costs: ErrInvalid if its price is in the chain's own money. Nothing of it
// is checked but its form, and nothing is sent.
func (w *Way) TokenPrice(ctx context.Context, encoded []byte) (TokenPrice, error) {
	offer, err := market.Kept(encoded)
	if err != nil {
		return TokenPrice{}, err
	}
	currency := offer.Order.Currency
	if currency == (sinso.Address{}) {
		return TokenPrice{}, fmt.Errorf("way: the price is in the chain's own money: %w", sinso.ErrInvalid)
	}
	if w.Chain == nil || w.Deeds == nil {
		return TokenPrice{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	now, err := w.now(ctx)
	if err != nil {
		return TokenPrice{}, err
	}
	price := TokenPrice{Money: w.Currency(ctx, currency), Price: offer.Order.PriceAt(now), Gas: sinso.NewWei(gasAllowance)}
	account, err := w.OwnAccount(ctx)
	if err != nil {
		return price, err
	}
	approve := sinso.Call{Contract: sinso.ERC20, At: currency, Method: "approve", Args: []any{offer.Contracts.Exchange, price.Price}}
	plan, err := w.Deeds.Plan(ctx, sinso.Deed{Call: approve, Doing: "ask what an approval costs"}, account)
	if err != nil || plan.Gas == 0 {
		return price, nil //nolint:nilerr // the purchase says why, if it is begun
	}
	fee := new(big.Int).Mul(plan.Fee.Int(), new(big.Int).SetUint64(plan.Gas+fillGas))
	price.Paying = sinso.NewWei(fee.Div(fee, new(big.Int).SetUint64(plan.Gas)))
	return price, nil
}

// PricedOrder is an order with what its price and payouts are in.
type PricedOrder struct {
	sinso.OrderRow

	Money *sinso.Currency `json:"money,omitempty"` // an ERC-20 token; absent: the chain's own money
}

// PricedOrders is [Way.Orders] with what each price is in.
func (w *Way) PricedOrders(ctx context.Context, person sinso.PersonID) ([]PricedOrder, error) {
	rows, err := w.Orders(ctx, person)
	var priced []PricedOrder
	for _, row := range rows {
		priced = append(priced, PricedOrder{row, w.MoneyOf(ctx, row.Offer)})
	}
	return priced, err
}

// coin is how much of the chain's own money the order's account needs for the price: of a token nothing, which the
// node's account must have.
func (b *purchase) coin(ctx context.Context) (sinso.Wei, error) {
	if !b.inToken() {
		return b.row.Paid, nil
	}
	return sinso.Wei{}, b.affords(ctx, b.offer.Order.Currency, b.row.Paid)
}

// affords looks whether the node's account has an amount of a token.
func (w *Way) affords(ctx context.Context, currency sinso.Address, amount sinso.Wei) error {
	if w.Deeds == nil {
		return fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	account, err := w.OwnAccount(ctx)
	if err != nil {
		return err
	}
	return act.Afford(ctx, w.Deeds, w.Currency(ctx, currency), account, amount)
}

// pay pays the price into escrow.
func (b *purchase) pay(ctx context.Context) (sinso.Tx, error) {
	if !b.inToken() || byContract(b.row) { // the money was with a contract, and was taken before
		return b.Chain.Fill(ctx, b.deal(), b.offer.Signature, b.keys.Account)
	}
	end, err := b.allowing.take(ctx, turnOf(b.offer.Order.Currency))
	if err != nil {
		return sinso.Tx{}, err
	}
	defer end()
	account, err := b.Account(ctx)
	if err != nil {
		return sinso.Tx{}, err
	}
	tx, err := b.payToken(ctx, account)
	if err != nil && !refuses(err) {
		return tx, err // it goes on from here
	}
	return tx, b.disallow(ctx, account, err)
}

// payToken lets the Exchange take the price, if nobody has paid it, and fills.
func (b *purchase) payToken(ctx context.Context, account [32]byte) (sinso.Tx, error) {
	trade, err := b.Chain.Trade(ctx, b.row.Trade)
	if err != nil {
		return sinso.Tx{}, err
	}
	if trade.State == sinso.TradeNone {
		if err := b.allow(ctx, account); err != nil {
			return sinso.Tx{}, err
		}
	}
	consent, err := b.keys.Consent(b.offer.Contracts, b.hash)
	if err != nil {
		return sinso.Tx{}, err
	}
	return b.Chain.FillFor(ctx, b.deal(), b.offer.Signature, consent, account)
}

// allow lets the Exchange take the price, once more than the order stands and the account has it: time may have
// passed since the purchase was funded.
func (b *purchase) allow(ctx context.Context, account [32]byte) error {
	now, err := b.now(ctx)
	if err != nil {
		return err
	}
	if err := b.buyable(ctx, now); err != nil {
		return err
	}
	if err := b.affords(ctx, b.offer.Order.Currency, b.row.Paid); err != nil {
		return err
	}
	b.step("allow")
	_, err = b.Chain.Allow(ctx, b.offer.Order.Currency, b.row.Paid, account)
	return err
}

// disallow takes back what the Exchange may still take once the price is paid, or cannot be: why says how. A token
// that does not forget it although the price was paid holds nothing up.
func (b *purchase) disallow(ctx context.Context, account [32]byte, why error) error {
	_, err := b.Chain.Allow(ctx, b.offer.Order.Currency, sinso.Wei{}, account)
	switch {
	case err == nil, why == nil && refuses(err):
		return why
	case why == nil:
		return err
	}
	return errors.Join(why, fmt.Errorf("way: the Exchange may still take the price of %s from this node's account, for an order that the node itself fills alone; do the purchase again to take that back: %w", b.hash, err))
}

// comesHome sends a token that came back to the order's account on to the node's, which paid it.
func (b *purchase) comesHome(ctx context.Context) error {
	own, err := b.OwnAccount(ctx)
	if err != nil || !b.inToken() || own == b.keys.Buyer {
		return err
	}
	if b.Deeds == nil {
		return fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	token := sinso.Call{Contract: sinso.ERC20, At: b.offer.Order.Currency, Method: "balanceOf", Args: []any{b.keys.Buyer}}
	var has sinso.Wei
	if err := b.Deeds.Ask(ctx, token, &has); err != nil {
		return fmt.Errorf("way: what came back of %s: %w", b.hash, err)
	}
	if has.Int().Sign() == 0 {
		return nil
	}
	token.Method, token.Args = "transfer", []any{own, has}
	if _, err := b.Deeds.Do(ctx, act.Once(b.row.Trade, 0), sinso.Deed{Call: token, Doing: "send a token that came back to the node's account"}, b.keys.Account); err != nil {
		return fmt.Errorf("way: send on what came back of %s: %w", b.hash, err)
	}
	return nil
}

// refuses reports whether asking again would change nothing.
func refuses(err error) bool {
	return !errors.Is(err, sinso.ErrUnwilling) && (errors.Is(err, sinso.ErrDenied) || errors.Is(err, sinso.ErrInvalid) || errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrExists))
}

// paysToken reports whether an act lets its contract take a token: its first steps do.
func (a drafted) paysToken() bool { return len(a.Steps) > 0 && a.Steps[0].Contract == sinso.ERC20 }

// paidBefore reports whether an act that was begun before has paid a token: then it is not allowed again. What was
// not paid yet is refused while nothing is allowed, and if it is allowed already, this pays it.
func (w *Way) paidBefore(ctx context.Context, a drafted, id sinso.Hash) (bool, error) {
	if !a.paysToken() || a.first.Moment.IsZero() {
		return false, nil
	}
	last := len(a.Steps) - 1
	_, err := w.carryStep(ctx, a.desk, id, last, a.Steps[last], [32]byte{})
	if err != nil && refuses(err) {
		return false, nil
	}
	return err == nil, err
}

// takesBack has a contract take no more of a token than the act took, once it is done or refused: why says how. A
// token that does not forget it although the act is done holds nothing up.
func (w *Way) takesBack(ctx context.Context, a drafted, why error, done *ActDone) error {
	if !a.paysToken() {
		return why
	}
	const rest = "the contract may still take the amount of the token from this account, for what the account itself asks it for"
	if why != nil && !refuses(why) {
		return fmt.Errorf("%w (%s: the same act under the same name goes on from there)", why, rest)
	}
	did, err := w.nothingLeft(ctx, a)
	switch {
	case err == nil && did.Tx.Hash != sinso.Hash{}:
		done.add(did)
		return why
	case err == nil, why == nil && refuses(err):
		return why
	case why == nil:
		return fmt.Errorf("way: it is done and paid, and whether anything is left that the contract may take of the token is not known; the same act under the same name looks again: %w", err)
	}
	return fmt.Errorf("%w (%s: that could not be taken back: %w)", why, rest, err)
}

// nothingLeft sets what the contract of an act may take of a token to zero, if it is not.
func (w *Way) nothingLeft(ctx context.Context, a drafted) (sinso.Done, error) {
	none := a.Steps[0] // to zero, for the contract: see Desk.Pay
	to := none.Args[0]
	var left sinso.Wei
	err := w.Deeds.Ask(ctx, sinso.Call{Contract: sinso.ERC20, At: none.At, Method: "allowance", Args: []any{a.Sender(), to}}, &left)
	if err != nil || left.Int().Sign() == 0 {
		return sinso.Done{}, err
	}
	none.Doing = "let it take nothing more of a token"
	return w.carryStep(ctx, a.desk, sinso.Hash{}, 0, none, [32]byte{})
}

// turnOf names the turn of a currency.
func turnOf(currency sinso.Address) (turn sinso.Hash) {
	copy(turn[:], currency[:])
	return turn
}
