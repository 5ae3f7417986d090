// Package sale has the acts of sales of an asset itself at a price: its owner signs one, which costs nothing and is on
// no chain, and gives it to buyers; whoever buys pays, and carries what was signed.
package sale

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	token := sinso.Param{Name: "token", Kind: sinso.KindHash, Needed: true, Help: "which asset"}
	file := sinso.Param{Name: "sale", Kind: sinso.KindFile, Needed: true, Help: "the sale, as its seller gave it: what sign printed"}
	return []sinso.Act{
		{
			Noun: "sale", Verb: "sign", Who: sinso.ActsOwner, Short: "Sign the sale of an asset itself: who pays the price owns its token",
			Long: "Nothing goes to the chain, and the seller pays nothing: give what is printed to buyers, who carry it. The whole price goes\n" +
				"to the split of the asset if its creator sells it (auction share, then auction pay). Nobody is given a key by it; and when it\n" +
				"is sold its seller can offer no more copies of the asset. The sale stands until it is bought, ends, or is taken back by sale\n" +
				"cancel; while the asset is staked or elsewhere nobody can buy. With --floor the price falls evenly from now until the end.",
			Params: []sinso.Param{
				token,
				{Name: "price", Kind: sinso.KindWei, Needed: true, Help: "in wei, or in the smallest unit of the currency"},
				{Name: "floor", Kind: sinso.KindWei, Help: "what the price has fallen to at the end (default: it does not fall)"},
				{Name: "currency", Kind: sinso.KindAddress, Help: "an ERC-20 token to be paid in (default: the chain's own money)"},
				{Name: "until", Kind: sinso.KindTime, Needed: true, Help: "last moment to buy: at most 90 days from now"},
				{Name: "taker", Kind: sinso.KindAddress, Help: "the only account that may buy (default: anyone)"},
				{Name: "beside", Kind: sinso.KindYes, Help: "leave sales that were signed before and can be bought still: whichever is bought first counts"},
			},
			Ask: sign, Signs: "Sale",
		},
		{
			Noun: "sale", Verb: "show", Short: "What a signed sale is worth now: what is sold, for how much, and whether it can be bought",
			Params: []sinso.Param{file}, Ask: show,
		},
		{
			Noun: "sale", Verb: "ls", Who: sinso.ActsOwner, Short: "The sales of an asset that were signed here, by name, end and state",
			Params: []sinso.Param{token}, Ask: list,
		},
		{
			Noun: "sale", Verb: "buy", Short: "Buy an asset with this node's account, at the price of its sale",
			Long: "In coin it is two transactions at most: the permit that the seller signed, and the purchase; of a token what is asked is let\n" +
				"be taken before. If the price falls meanwhile what was paid above it is owed back (sale withdraw). No key comes with an\n" +
				"asset, and no images: its token can be sold on, by programs that call the contracts.",
			Params: []sinso.Param{file}, Draft: buy,
		},
		{
			Noun: "sale", Verb: "cancel", Who: sinso.ActsOwner, Short: "Take a signed sale of an asset back, so that nobody can buy by it any more",
			Params: []sinso.Param{token, {Name: "hash", Kind: sinso.KindHash, Needed: true, Help: "which, as sign printed it"}}, Draft: cancel,
		},
		{
			Noun: "sale", Verb: "withdraw", Short: "Pay an account what the Exchange owes it; anyone may",
			Params: []sinso.Param{
				{Name: "payee", Kind: sinso.KindAddress, Help: "whom (default: this account)"},
				{Name: "currency", Kind: sinso.KindAddress, Help: "the ERC-20 token that is owed (default: the chain's own money)"},
			},
			Draft: withdraw,
		},
	}
}

// longest is how far ahead a sale may end.
const longest = 90 * 24 * time.Hour

// priceBits bounds a price, as the contract does.
const priceBits = 128

// Terms are what an asset is sold on.
type Terms struct {
	Seller   sinso.Address `json:"seller"`
	Taker    sinso.Address `json:"taker,omitzero"` // the only account that may buy; absent: anyone
	Token    sinso.TokenID `json:"token"`
	Currency sinso.Address `json:"currency,omitzero"` // absent: the chain's own money
	Price    sinso.Wei     `json:"priceWei"`
	Floor    sinso.Wei     `json:"floorWei"` // what the price falls to, evenly; the same: it does not
	StartsAt time.Time     `json:"startsAt"` // when it begins to fall
	EndsAt   time.Time     `json:"endsAt"`   // last moment to buy
	Salt     sinso.Hash    `json:"salt"`     // a number
}

// Signed is a sale with its name and what its seller signed: what a buyer is given.
type Signed struct {
	Hash      sinso.Hash `json:"hash"`
	Terms     Terms      `json:"sale"`
	Signature string     `json:"signature"` // 65 bytes, hex with 0x
	Permit    string     `json:"permit"`    // leave for the Exchange to move the asset, which it can be told until the sale ends: the same form
}

func exchange(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Exchange", Method: method, Args: args}
}

// order is the sale as the contract has it.
func (t Terms) order(desk sinso.Desk) (act.Sale, error) {
	collection, err := desk.At("Assets")
	return act.Sale{
		Seller: t.Seller, Taker: t.Taker, Collection: collection, TokenID: t.Token, Currency: t.Currency, Price: t.Price, Floor: t.Floor,
		StartsAt: uint64(max(t.StartsAt.Unix(), 0)), EndsAt: uint64(max(t.EndsAt.Unix(), 0)), Salt: t.Salt,
	}, err
}

// permit is the leave that goes with a sale.
func (t Terms) permit(here sinso.Address) act.Permit {
	return act.Permit{Spender: here, Token: t.Token, Until: t.EndsAt}
}

// termsOf is the sale that is asked for. Its number is random, so that what was taken back can be signed again.
func termsOf(desk sinso.Desk, given sinso.Given) (Terms, error) {
	now := desk.Now().UTC().Truncate(time.Second)
	salt, err := desk.Salt()
	if err != nil {
		return Terms{}, err
	}
	t := Terms{
		Seller: desk.Actor(), Taker: sinso.Of[sinso.Address](given, "taker"), Token: sinso.Of[sinso.TokenID](given, "token"), Currency: sinso.Of[sinso.Address](given, "currency"),
		Price: sinso.Of[sinso.Wei](given, "price"), Floor: sinso.Of[sinso.Wei](given, "price"), StartsAt: now, EndsAt: sinso.Of[time.Time](given, "until").UTC(),
		Salt: salt,
	}
	if floor, ok := given["floor"].(sinso.Wei); ok {
		t.Floor = floor
	}
	switch {
	case t.Price.Int().BitLen() > priceBits || t.Floor.Int().Cmp(t.Price.Int()) > 0:
		return t, fmt.Errorf("sale: want a price below 2^128, and a floor that is not above it; nothing is signed: %w", sinso.ErrInvalid)
	case !t.EndsAt.After(now) || t.EndsAt.After(now.Add(longest)):
		return t, fmt.Errorf("sale: its last moment is over, or more than 90 days ahead; nothing is signed: %w", sinso.ErrInvalid)
	}
	return t, nil
}

func sign(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	t, err := termsOf(desk, given)
	if err != nil {
		return nil, err
	}
	if err := act.Owned(ctx, desk, t.Token); err != nil {
		return nil, err
	}
	if !sinso.Of[bool](given, "beside") {
		if err := act.NotForSale(ctx, desk, ", or say --beside"); err != nil {
			return nil, err
		}
	}
	here, err := desk.At("Exchange")
	if err != nil {
		return nil, err
	}
	order, err := t.order(desk)
	if err != nil {
		return nil, err
	}
	may, err := t.permit(here).Text(ctx, desk)
	if err != nil {
		return nil, err
	}
	signed := Signed{Terms: t}
	if signed.Hash, err = order.Hash(desk.Domain(here)); err != nil {
		return nil, err
	}
	for _, one := range []struct {
		text sinso.Text
		into *string
	}{{order.Text(here), &signed.Signature}, {may, &signed.Permit}} {
		one.text.Until = t.EndsAt
		signature, err := desk.SignText(ctx, one.text)
		if err != nil {
			return nil, err
		}
		*one.into = "0x" + hex.EncodeToString(signature)
	}
	return signed, nil
}

// offered is a sale that a stranger gave, and that its seller signed for this market.
type offered struct {
	Signed

	order             act.Sale
	signature, permit []byte
	here              sinso.Address
}

// parsed reads the form of a sale. ErrInvalid: it is none.
func parsed(text []byte) (o offered, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&o.Signed)
	if err == nil && len(bytes.TrimSpace(text[decoder.InputOffset():])) == 0 {
		o.signature, err = hex.DecodeString(strings.TrimPrefix(o.Signature, "0x"))
	}
	if err == nil {
		o.permit, err = hex.DecodeString(strings.TrimPrefix(o.Permit, "0x"))
	}
	if err != nil || len(o.signature) != eip712.SignatureBytes || len(o.permit) != eip712.SignatureBytes {
		return o, fmt.Errorf("sale: this is no sale as sinso sale sign prints it; nothing is sent: %w", sinso.ErrInvalid)
	}
	return o, nil
}

// read reads a sale. ErrInvalid: it is none, or of another market, or was changed. ErrDenied: its seller did not sign it.
func read(desk sinso.Desk, text []byte) (o offered, err error) {
	if o, err = parsed(text); err != nil {
		return o, err
	}
	if o.here, err = desk.At("Exchange"); err != nil {
		return o, err
	}
	if o.order, err = o.Terms.order(desk); err != nil {
		return o, err
	}
	return o, o.signedHere(desk.Domain(o.here))
}

// signedHere looks that the sale has the name that it says, and that its seller signed it.
func (o offered) signedHere(domain sinso.Hash) error {
	if hash, err := o.order.Hash(domain); err != nil || hash != o.Hash {
		return fmt.Errorf("sale: it was signed for another market or another chain, or was changed since; nothing is sent: ask its seller for it again: %w", sinso.ErrInvalid)
	}
	if by, err := eip712.Recover(o.Hash, o.signature); err != nil || by != o.Terms.Seller {
		return fmt.Errorf("sale: its seller %s did not sign it; nothing is sent: %w", o.Terms.Seller, sinso.ErrDenied)
	}
	return nil
}
