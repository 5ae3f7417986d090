package chaintest

import (
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// tokenPrice does not divide evenly.
const tokenPrice = 1001

// coin makes a token that the account of a payer has some of.
func (r Rig) coin(t *testing.T, habit Habit, payer person) *Coin {
	t.Helper()
	if r.Client == nil {
		t.Fatal("a rig needs a client, to deploy a token by")
	}
	coin := NewCoin(t, r.Client, r.Account(t), habit)
	coin.Mint(t, payer.address, 10*tokenPrice)
	return coin
}

// inToken is a deal in a token, of a buyer without money for whom somebody else pays.
func (r Rig) inToken(t *testing.T, coin *Coin) (d *deal, doctor, buyer person, consent []byte) {
	t.Helper()
	d, doctor = r.entered(t, tokenPrice)
	d.order.Currency = coin.At
	r.sign(t, d)
	buyer = r.payer(t)
	d.buy(buyer)
	return d, doctor, buyer, buyer.sign(eip712.FillDigest(r.domain(), d.hash, d.fill))
}

func (r Rig) allows(t *testing.T, coin *Coin, payer person, amount int64) {
	t.Helper()
	_, err := r.Chain.Allow(t.Context(), coin.At, wei(amount), payer.secret)
	ok(t, "allow", err)
	if got := coin.May(t, payer.address, r.Chain.Contracts().Exchange); got != amount {
		t.Errorf("the Exchange may take %d, want %d", got, amount)
	}
}

// testTokenTrade goes from an approval of exactly the price to the withdrawal of each payee.
func testTokenTrade(t *testing.T, r Rig) {
	for name, habit := range map[string]Habit{"honest": Honest, "like Tether": LikeTether} {
		t.Run(name, func(t *testing.T) {
			c, ctx, payer := r.Chain, t.Context(), r.payer(t)
			coin := r.coin(t, habit, payer)
			d, doctor, buyer, consent := r.inToken(t, coin)
			_, err := c.FillFor(ctx, d.deal(), d.signature, consent, payer.secret)
			is(t, "fill that was not allowed", err, sinso.ErrDenied)
			r.allows(t, coin, payer, 5) // left by something else
			r.allows(t, coin, payer, tokenPrice)
			again, err := c.Allow(ctx, coin.At, wei(tokenPrice), payer.secret)
			ok(t, "allow again", err)
			equal(t, "what an approval that stands sends", again, sinso.Tx{})
			first, err := c.FillFor(ctx, d.deal(), d.signature, consent, payer.secret)
			ok(t, "fill", err)
			again, err = c.FillFor(ctx, d.deal(), d.signature, consent, payer.secret)
			same(t, "fill", first, again, err)
			equal(t, "what the payer has left", coin.Has(t, payer.address), int64(9*tokenPrice))
			equal(t, "what the Exchange may still take", coin.May(t, payer.address, c.Contracts().Exchange), int64(0))
			r.delivered(t, d, d.cek, buyer)
			_, payouts, err := c.Release(ctx, d.deal(), d.asset, buyer.secret)
			ok(t, "release", err)
			equal(t, "payouts", payouts, []sinso.Payout{{To: d.seller.address, Wei: wei(701)}, {To: doctor.address, Wei: wei(300)}})
			r.withdrawsToken(t, coin, d.seller.address, 701, payer)
			r.withdrawsToken(t, coin, doctor.address, 300, payer)
			equal(t, "what the Exchange keeps", coin.Has(t, c.Contracts().Exchange), int64(0))
		})
	}
}

// withdrawsToken checks that a withdrawal sends a payee so much, once.
func (r Rig) withdrawsToken(t *testing.T, coin *Coin, payee sinso.Address, want int64, by person) {
	t.Helper()
	before := coin.Has(t, payee)
	tx, err := r.Chain.Withdraw(t.Context(), coin.At, payee, by.secret)
	ok(t, "withdraw", err)
	again, err := r.Chain.Withdraw(t.Context(), coin.At, payee, by.secret)
	same(t, "withdraw", tx, again, err)
	equal(t, "what the payee was sent", coin.Has(t, payee)-before, want)
}

// testTokenRefund gives the token back after the seller's silence, to the buyer and not to who paid.
func testTokenRefund(t *testing.T, r Rig) {
	c, payer := r.Chain, r.payer(t)
	coin := r.coin(t, Honest, payer)
	d, _, buyer, consent := r.inToken(t, coin)
	r.allows(t, coin, payer, tokenPrice)
	_, err := c.FillFor(t.Context(), d.deal(), d.signature, consent, payer.secret)
	ok(t, "fill", err)
	r.Advance(window + time.Minute)
	_, err = c.Refund(t.Context(), d.deal(), buyer.secret)
	ok(t, "refund", err)
	_, err = c.Withdraw(t.Context(), sinso.Address{}, buyer.address, payer.secret)
	is(t, "withdraw of another currency", err, sinso.ErrDenied)
	r.withdrawsToken(t, coin, buyer.address, tokenPrice, payer)
}

// testTokenRefused tries tokens that cannot be paid with: nothing of them moves.
func testTokenRefused(t *testing.T, r Rig) {
	for name, tt := range map[string]struct {
		habit Habit
		says  string
		fills bool // the approval goes through
	}{
		"it takes a fee":          {TakesAFee, "NotWhole", true},
		"it forgets its approval": {ForgetsApproval, "does not let it", false},
		"it refuses approvals":    {RefusesApproval, "refused", false},
		"its approval is dear":    {DearApproval, "is the most that this node spends", false},
	} {
		t.Run(name, func(t *testing.T) {
			payer := r.payer(t)
			coin := r.coin(t, tt.habit, payer)
			d, _, _, consent := r.inToken(t, coin)
			_, err := r.Chain.Allow(t.Context(), coin.At, wei(tokenPrice), payer.secret)
			if tt.fills {
				ok(t, "allow", err)
				_, err = r.Chain.FillFor(t.Context(), d.deal(), d.signature, consent, payer.secret)
			}
			is(t, name, err, sinso.ErrDenied)
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %q, want it to say %q", err, tt.says)
			}
			equal(t, "what the payer has", coin.Has(t, payer.address), int64(10*tokenPrice))
			trade, err := r.Chain.Trade(t.Context(), r.trade(d))
			ok(t, "trade", err)
			equal(t, "the trade", trade.State, sinso.TradeNone)
		})
	}
	_, err := r.Chain.Allow(t.Context(), sinso.Address{}, wei(1), r.payer(t).secret)
	is(t, "an approval of the chain's own money", err, sinso.ErrInvalid)
	_, err = r.Chain.Allow(t.Context(), somebody().address, wei(1), r.payer(t).secret)
	is(t, "an approval where no token stands", err, sinso.ErrCorrupt)
}

// testCurrency asks tokens what they call themselves.
func testCurrency(t *testing.T, r DeedRig) {
	two := uint8(2)
	payer := r.payer(t)
	for name, tt := range map[string]struct {
		habit Habit
		want  sinso.Currency
	}{
		"honest":                  {Honest, sinso.Currency{Symbol: "TOK", Decimals: &two}},
		"says nothing":            {SaysNothing, sinso.Currency{}},
		"a symbol of 32 bytes":    {SymbolIsAWord, sinso.Currency{Symbol: "OLD", Decimals: &two}},
		"a symbol that clears":    {SymbolOfControl, sinso.Currency{Decimals: &two}},
		"a symbol without an end": {SymbolIsEndless, sinso.Currency{Decimals: &two}},
		"a symbol that hangs":     {SymbolHangs, sinso.Currency{Decimals: &two}},
	} {
		t.Run(name, func(t *testing.T) {
			coin := r.coin(t, tt.habit, payer)
			tt.want.At = coin.At
			got, err := r.Deeds.Currency(t.Context(), coin.At)
			ok(t, "currency", err)
			equal(t, "currency", got, tt.want)
		})
	}
	nobody := somebody().address
	got, err := r.Deeds.Currency(t.Context(), nobody)
	ok(t, "where no token stands", err)
	equal(t, "where no token stands", got, sinso.Currency{At: nobody})
	got, err = r.Deeds.Currency(t.Context(), sinso.Address{})
	ok(t, "the chain's own money", err)
	equal(t, "the chain's own money", got, sinso.Currency{})
}

// testDearToken tries a token whose approval takes more gas than any honest token's: as a deed too it is not sent.
func testDearToken(t *testing.T, r DeedRig) {
	payer, spender := r.payer(t), somebody().address
	for name, tt := range map[string]struct {
		habit Habit
		class error
	}{"honest": {Honest, nil}, "dear": {DearApproval, sinso.ErrDenied}} {
		coin := r.coin(t, tt.habit, payer)
		before, may := r.balance(t, payer.address), int64(5)
		_, err := r.Deeds.Do(t.Context(), random(), sinso.Deed{Doing: "approve", Call: sinso.Call{
			Contract: sinso.ERC20, At: coin.At, Method: "approve", Args: []any{spender, wei(may)},
		}}, payer.secret)
		if tt.class != nil {
			is(t, name, err, tt.class)
			may = 0
			equal(t, "what the payer has", r.balance(t, payer.address), before)
		} else {
			ok(t, name, err)
		}
		equal(t, "what is allowed", coin.May(t, payer.address, spender), may)
	}
}
