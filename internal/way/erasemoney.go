package way

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/act/auction"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/stage/act/creator"
	"sinso.dev/sinso/internal/stage/act/fraction"
	"sinso.dev/sinso/internal/stage/act/sale"
	"sinso.dev/sinso/internal/stage/act/stake"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
)

// What accounts whose keys go with an erasure have and are owed: of the chain's own money, and of each ERC-20 token that
// the orders that pay them, the contracts that they acted at, or the index of the chain name. Of others nothing is known.

// wealth is what accounts have and are owed.
type wealth struct {
	says    []string                  // what the contracts keep for them
	order   []sinso.Address           // the currencies, as they were met
	sums    map[sinso.Address]*ofMany // by currency
	unasked []sinso.Address           // tokens that do not say what an account has, or lie
}

// ofMany are the sums over accounts.
type ofMany struct{ has, owed big.Int }

func (w *wealth) of(currency sinso.Address) *ofMany {
	if w.sums[currency] == nil {
		w.order = append(w.order, currency)
		w.sums[currency] = &ofMany{}
	}
	return w.sums[currency]
}

// ownsNothing is ErrExists if there is money in the accounts whose keys go, or they hold or are owed
// something by the contracts: nobody could move it any more. A token that does not say what is in them is named, and
// stops nothing.
func (w *Way) ownsNothing(ctx context.Context, what erasable) (unasked []sinso.Address, err error) {
	if w.Chain == nil {
		return nil, nil
	}
	accounts, err := w.accountsOf(ctx, what)
	if err != nil {
		return nil, err
	}
	orders, err := w.Orders(ctx, "")
	if err != nil {
		return nil, err
	}
	all := &wealth{sums: map[sinso.Address]*ofMany{}}
	for _, a := range accounts {
		secret, err := w.Keys.Secret(ctx, a.id, a.purpose)
		if errors.Is(err, sinso.ErrDenied) {
			continue // erased before
		}
		if err != nil {
			return nil, fmt.Errorf("way: erase: %w", err)
		}
		if err := w.weigh(ctx, a, secret, orders, all); err != nil {
			return nil, fmt.Errorf("way: erase: nothing is erased yet: what the accounts hold cannot be told: %w", err)
		}
	}
	if held := w.inWords(ctx, all); len(held) > 0 {
		for _, token := range all.unasked {
			held = append(held, w.Currency(ctx, token).Name()+" could not be asked what is in accounts")
		}
		return nil, fmt.Errorf("way: keys go with it without which nobody could move what is held by them any more: %s; "+
			"nothing is erased: %w", strings.Join(held, "; "), sinso.ErrExists)
	}
	return all.unasked, nil
}

// inWords says what there is.
func (w *Way) inWords(ctx context.Context, all *wealth) []string {
	held := slices.Clone(all.says)
	for _, currency := range all.order {
		known, sums := w.Currency(ctx, currency), all.sums[currency]
		text := func(amount *big.Int) string {
			said := known.Text(sinso.NewWei(amount))
			if known.IsToken() {
				said += " (" + known.Name() + ")"
			}
			return said
		}
		if sums.has.Sign() > 0 {
			held = append(held, fmt.Sprintf("there are %s in accounts", text(&sums.has)))
		}
		if sums.owed.Sign() > 0 {
			held = append(held, fmt.Sprintf("there are %s that the Exchange owes them", text(&sums.owed)))
		}
	}
	return held
}

// pricedIn are the currencies of the orders that an account is paid by: of its own copy, and as a co-creator's of others.
func pricedIn(orders []sinso.OrderRow, account sinso.Address) (currencies []sinso.Address) {
	for _, row := range orders {
		offer, err := market.Kept(row.Offer)
		if err == nil && slices.ContainsFunc(offer.Asset.Split, func(s sinso.Share) bool { return s.Payee == account }) {
			currencies = append(currencies, offer.Order.Currency)
		}
	}
	return currencies
}

// distinct are the tokens in a list, each once, without the chain's own money.
func distinct(list []sinso.Address) (tokens []sinso.Address) {
	seen := map[sinso.Address]bool{{}: true}
	for _, at := range list {
		if !seen[at] {
			seen[at] = true
			tokens = append(tokens, at)
		}
	}
	return tokens
}

// weigh adds what one account has and is owed.
func (w *Way) weigh(ctx context.Context, a account, secret [32]byte, orders []sinso.OrderRow, all *wealth) error {
	balance, err := w.money(ctx, a, secret)
	if err != nil {
		return err
	}
	coin := all.of(sinso.Address{})
	coin.has.Add(&coin.has, balance)
	if w.Deeds == nil {
		return nil
	}
	seat, err := w.seat(ctx, secret, time.Time{})
	if err != nil {
		return err
	}
	desk := &desk{Desk: seat, mute: true, way: w, release: a.row.ID}
	kept, err := w.held(ctx, desk, a)
	if err != nil {
		return err
	}
	all.says = append(all.says, kept.Says...)
	if a.at == (sinso.Address{}) { // else it is for one contract alone, and nothing is sold by it
		traded, err := w.tradedIn(ctx, a.row.Token)
		if err != nil {
			return err
		}
		kept.Currencies = slices.Concat(kept.Currencies, pricedIn(orders, desk.Actor()), traded)
		if err := w.owedByExchange(ctx, desk, distinct(kept.Currencies), all); err != nil {
			return err
		}
		if err := w.owedByReceiver(ctx, desk, a.row, distinct(kept.Currencies), all); err != nil {
			return err
		}
	}
	for _, token := range distinct(kept.Currencies) {
		has, asked, err := act.Balance(ctx, desk, token, desk.Actor())
		if err != nil {
			return err
		}
		if !asked && !slices.Contains(all.unasked, token) {
			all.unasked = append(all.unasked, token)
		}
		sum := all.of(token)
		sum.has.Add(&sum.has, has.Int())
	}
	return nil
}

// owedByExchange adds what the Exchange owes an account, in the chain's own money and in tokens.
func (w *Way) owedByExchange(ctx context.Context, desk *desk, tokens []sinso.Address, all *wealth) error {
	for _, currency := range append([]sinso.Address{{}}, tokens...) {
		var owed sinso.Wei
		call := sinso.Call{Contract: "Exchange", Method: "owed", Args: []any{currency, desk.Actor()}}
		if err := desk.Ask(ctx, call, &owed); err != nil {
			return err
		}
		sum := all.of(currency)
		sum.owed.Add(&sum.owed, owed.Int())
	}
	return nil
}

// owedByReceiver says what sales of an asset's token brought its receiver that the account has not had its part of: what
// the Exchange owes it, and what is shared and not paid.
func (w *Way) owedByReceiver(ctx context.Context, desk *desk, row sinso.ReleaseRow, tokens []sinso.Address, all *wealth) error {
	if row.Token == (sinso.TokenID{}) {
		return nil
	}
	var receiver sinso.Address
	err := desk.Ask(ctx, sinso.Call{Contract: "Royalties", Method: "receiverOf", Args: []any{row.Token}}, &receiver)
	if errors.Is(err, sinso.ErrUnsupported) {
		return nil // nothing is sold where there are no receivers
	}
	if err != nil {
		return err
	}
	for _, currency := range append([]sinso.Address{{}}, tokens...) {
		var brought, shared sinso.Wei
		if err := desk.Ask(ctx, sinso.Call{Contract: "Exchange", Method: "owed", Args: []any{currency, receiver}}, &brought); err != nil {
			return err
		}
		call := sinso.Call{Contract: "Royalty", At: receiver, Method: "owed", Args: []any{currency, desk.Actor()}}
		if err := desk.Ask(ctx, call, &shared); errors.Is(err, sinso.ErrUnavailable) {
			return err // else it was not made yet, and has shared nothing
		}
		for _, due := range []struct {
			amount sinso.Wei
			says   string
		}{
			{brought, "sales of the asset brought %s that are not shared yet: sinso auction share --token %s, then auction pay"},
			{shared, "its sales owe the account %s: sinso auction pay --token %s"},
		} {
			if due.amount.Int().Sign() == 0 {
				continue
			}
			text, err := act.Amount(ctx, desk, currency, due.amount)
			if err != nil {
				return err
			}
			all.says = append(all.says, fmt.Sprintf(due.says, text, row.Token))
		}
	}
	return nil
}

// tradedIn are the currencies that licences of an asset, or the asset, were sold for, as far as the index of the chain
// has come.
func (w *Way) tradedIn(ctx context.Context, token sinso.TokenID) (currencies []sinso.Address, err error) {
	if w.Catalogue == nil || token == (sinso.TokenID{}) {
		return nil, nil
	}
	trades, err := w.Catalogue.Trades(ctx, token)
	if err != nil {
		return nil, err
	}
	sales, err := w.Catalogue.Sales(ctx, token)
	for _, one := range trades {
		currencies = append(currencies, one.Currency)
	}
	for _, one := range sales {
		currencies = append(currencies, one.Currency)
	}
	return currencies, err
}

// money is what is in an account, in wei; 0 if it is no more than is left of what the node sent for gas.
func (w *Way) money(ctx context.Context, a account, secret [32]byte) (*big.Int, error) {
	address, err := register.Account(secret)
	if err != nil {
		return nil, err
	}
	balance, err := w.Chain.Balance(ctx, address)
	if err != nil || balance.Int().Cmp(a.funds.Int()) <= 0 {
		return new(big.Int), err
	}
	return balance.Int(), nil
}

// held is what an account has by the contracts that it acted at.
func (w *Way) held(ctx context.Context, desk *desk, a account) (all act.Kept, err error) {
	if !a.acts {
		return all, nil
	}
	if a.row.ID == "" {
		if all, err = company.Kept(ctx, desk, a.at); err != nil {
			return all, err
		}
		tokens, err := creator.Kept(ctx, desk, a.at)
		all.Add(tokens)
		return all, err
	}
	for _, kept := range []func(context.Context, sinso.Desk, sinso.TokenID) (act.Kept, error){stake.Kept, fraction.Kept, auction.Kept, sale.Kept} {
		more, err := kept(ctx, desk, a.row.Token)
		if err != nil && !errors.Is(err, sinso.ErrUnsupported) { // then it was never there
			return all, err
		}
		all.Add(more)
	}
	return all, nil
}
