package market_test

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/grant"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
)

var (
	now       = time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC)
	patient   = [32]byte{31: 1}
	doctor    = [32]byte{31: 2}
	release   = [32]byte{31: 3} // the release's secret
	contracts = sinso.Contracts{ChainID: 31337, Identity: sinso.Address{1}, Assets: sinso.Address{2}, Exchange: sinso.Address{3}}
	payload   = sinso.CIDOf(sinso.CodecRaw, []byte("SYNTHETIC ciphertext"))
	key       = sinso.CEK{1, 2, 3}

	usualTerms = sinso.Terms{}.Full()
)

// deal is one trade up to the moment when the key is in hand.
type deal struct {
	offer   sinso.Offer
	order   sinso.Hash
	name    sinso.Hash // of the trade
	buyer   *market.OneOrder
	trade   sinso.Trade
	request sinso.KeyRequest
	answer  sinso.KeyAnswer
}

func must[T any](t testing.TB) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func newDeal(t testing.TB) deal {
	t.Helper()
	var d deal
	asset := must[sinso.Asset](t)(register.Compose(contracts, sinso.Hash{9}, patient, register.Party{Secret: doctor, Bps: 1500}))
	token := must[sinso.TokenID](t)(register.Check(contracts, asset))
	order := must[sinso.Order](t)(market.NewOrder(asset.Creator, token, sinso.NewWei(big.NewInt(5e17)), payload, key, usualTerms, now))
	order.Salt = sinso.Hash{7}
	d.offer = sinso.Offer{
		Version: market.OfferVersion, Order: order, Asset: asset, Roles: []string{"patient", "doctor"}, Payload: payload, Contracts: contracts,
		Institution: []byte("SYNTHETIC institution key"), Origin: sinso.OriginInstitution, Opening: []byte("opening"),
		Proof: sinso.Proof{Leaf: []byte("leaf"), Index: 4, Path: [][]byte{[]byte("a"), []byte("b")}, Checkpoint: "checkpoint\n"},
		Peer:  "https://node.example/?a=1&b=<2>", Terms: market.LicenceText(usualTerms.Licence),
	}
	d.order = must[sinso.Hash](t)(market.Sign(&d.offer, patient))
	d.buyer = must[*market.OneOrder](t)(market.NewOneOrder([32]byte{4}))
	what := sinso.Deal{Order: d.offer.Order, Fill: d.buyer.Fill(), Price: d.offer.Order.Price}
	d.name = must[sinso.Hash](t)(market.TradeID(contracts, what))
	d.request = must[sinso.KeyRequest](t)(d.buyer.Request(contracts, d.order, d.name))
	d.trade = sinso.Trade{State: sinso.TradeFilled, Order: d.order, Fill: d.buyer.Fill(), Price: order.Price, FilledAt: now}
	d.answer = must[sinso.KeyAnswer](t)(grant.Answer(d.offer, what, d.request, key, patient, release))
	return d
}

// check is all that a buyer checks of an offer before it asks a chain.
func check(offer sinso.Offer) (sinso.Hash, error) {
	hash, err := market.Check(offer)
	if err != nil {
		return hash, err
	}
	token, err := register.Check(offer.Contracts, offer.Asset)
	if err == nil && token != offer.Order.Token {
		err = sinso.ErrCorrupt
	}
	return hash, err
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	return must[[]byte](t)(json.Marshal(v))
}

func addressOf(t testing.TB, secret [32]byte) sinso.Address {
	t.Helper()
	return must[sinso.Address](t)(eip712.Address(secret))
}
