package grant_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/grant"
	"sinso.dev/sinso/internal/stage/market"
)

var (
	now       = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	seller    = [32]byte{31: 1}
	release   = [32]byte{31: 3} // the release's secret
	contracts = sinso.Contracts{ChainID: 31337, Identity: sinso.Address{1}, Assets: sinso.Address{2}, Exchange: sinso.Address{3}}
	payload   = sinso.CIDOf(sinso.CodecRaw, []byte("SYNTHETIC ciphertext"))
	key       = sinso.CEK{1, 2, 3}
)

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

var usualTerms = sinso.Terms{}.Full()

// sale is an order that a buyer filled, and asks the key of.
type sale struct {
	offer   sinso.Offer
	order   sinso.Hash
	buyer   *market.OneOrder
	request sinso.KeyRequest
	trade   sinso.Trade
}

// newSale makes a sale; salt and buyer tell it from others.
func newSale(t testing.TB, salt, buyer byte) sale {
	t.Helper()
	address := must[sinso.Address](t)(eip712.Address(seller))
	order := must[sinso.Order](t)(market.NewOrder(address, sinso.TokenID{1}, sinso.NewWei(big.NewInt(5e17)), payload, key, usualTerms, now))
	order.Salt = sinso.Hash{salt}
	s := sale{offer: sinso.Offer{Version: market.OfferVersion, Order: order, Payload: payload, Contracts: contracts, Terms: market.LicenceText(usualTerms.Licence)}}
	s.order = must[sinso.Hash](t)(market.Sign(&s.offer, seller))
	s.buyer = must[*market.OneOrder](t)(market.NewOneOrder([32]byte{buyer}))
	s.request = must[sinso.KeyRequest](t)(s.buyer.Request(contracts, s.order, s.name(t)))
	s.trade = sinso.Trade{State: sinso.TradeFilled, Order: s.order, Fill: s.buyer.Fill(), Price: order.Price, FilledAt: now}
	return s
}

func (s sale) deal() sinso.Deal {
	return sinso.Deal{Order: s.offer.Order, Fill: s.buyer.Fill(), Price: s.offer.Order.Price}
}

// name is that of the trade.
func (s sale) name(t testing.TB) sinso.Hash {
	t.Helper()
	return must[sinso.Hash](t)(market.TradeID(contracts, s.deal()))
}

func (s sale) answer(t testing.TB) sinso.KeyAnswer {
	t.Helper()
	return must[sinso.KeyAnswer](t)(grant.Answer(s.offer, s.deal(), s.request, key, seller, release))
}

// reasonOf returns why a key is refused, "" if it is not.
func reasonOf(t *testing.T, err error) sinso.Reason {
	t.Helper()
	if err == nil {
		return ""
	}
	var refused *grant.RefusedError
	if !errors.As(err, &refused) || !errors.Is(err, sinso.ErrDenied) {
		t.Fatalf("got %v, want a refusal of the class denied", err)
	}
	return refused.Reason
}

// TestTheChainDecidesWhoGetsTheKey goes through every state, known and unknown,
// with the grant standing and revoked.
func TestTheChainDecidesWhoGetsTheKey(t *testing.T) {
	t.Parallel()
	s := newSale(t, 1, 1)
	want := map[sinso.TradeState][2]sinso.Reason{ // the grant stands, the grant was revoked
		sinso.TradeFilled: {"", grant.ReasonRevoked}, sinso.TradeDelivered: {"", grant.ReasonRevoked}, sinso.TradeReleased: {"", grant.ReasonRevoked},
		sinso.TradeDisputed: {"", grant.ReasonRevoked}, sinso.TradeHalved: {grant.ReasonClosed, grant.ReasonRevoked},
		sinso.TradeRefunded: {grant.ReasonClosed, grant.ReasonRevoked},
	}
	for n := range 256 {
		state := sinso.TradeState(n)
		reasons, ok := want[state]
		if !ok {
			reasons = [2]sinso.Reason{grant.ReasonNotFilled, grant.ReasonNotFilled}
		}
		for i, revoked := range []time.Time{{}, now} {
			trade := s.trade
			trade.State, trade.RevokedAt = state, revoked
			if got := reasonOf(t, grant.May(contracts, trade, s.request)); got != reasons[i] {
				t.Errorf("state %d, revoked %v: got %q, want %q", state, !revoked.IsZero(), got, reasons[i])
			}
		}
	}
}

func TestOnlyTheBuyerOfTheOrderGetsTheKey(t *testing.T) {
	t.Parallel()
	s, other, otherOrder := newSale(t, 1, 1), newSale(t, 1, 2), newSale(t, 2, 1)
	mine := s.request
	mine.HPKE = other.request.HPKE // signed by nobody
	ownKey := s.request
	ownKey.HPKE = []byte("a key that the fill does not name")
	digest := eip712.KeyRequestDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), s.name(t), eip712.Keccak(ownKey.HPKE))
	ownKey.Signature = must[[]byte](t)(eip712.Sign(s.buyer.Account, digest))
	twin := s.request
	twin.Signature = highS(s.request.Signature)
	elsewhere := s.request
	elsewhere.Order = otherOrder.order
	for name, tt := range map[string]struct {
		request sinso.KeyRequest
		reason  sinso.Reason
	}{
		"the buyer":                       {s.request, ""},
		"another buyer":                   {other.request, grant.ReasonNotBuyer},
		"the buyer's for another order":   {otherOrder.request, grant.ReasonNotBuyer},
		"moved to another order":          {elsewhere, grant.ReasonNotBuyer},
		"another's HPKE key":              {mine, grant.ReasonNotBuyer},
		"an HPKE key that was not filled": {ownKey, grant.ReasonOtherGrant},
		"a second form of the signature":  {twin, grant.ReasonNotBuyer},
		"nothing":                         {sinso.KeyRequest{}, grant.ReasonNotBuyer},
		"no signature":                    {sinso.KeyRequest{Order: s.order, Trade: s.name(t), HPKE: s.request.HPKE}, grant.ReasonNotBuyer},
	} {
		trade := s.trade
		if tt.request.Order == otherOrder.order && name == "the buyer's for another order" {
			trade = other.trade // of the same order's terms, filled by somebody else
		}
		if got := reasonOf(t, grant.May(contracts, trade, tt.request)); got != tt.reason {
			t.Errorf("%s: got %q, want %q", name, got, tt.reason)
		}
	}
	if err := grant.May(contracts, sinso.Trade{State: sinso.TradeFilled}, sinso.KeyRequest{}); reasonOf(t, err) != grant.ReasonNotBuyer {
		t.Errorf("a fill of nobody: %v", err)
	}
}

// highS is the other form that a signature can have (EIP-2).
func highS(signature []byte) []byte {
	n, _ := new(big.Int).SetString("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", 16)
	twin := append([]byte(nil), signature...)
	new(big.Int).Sub(n, new(big.Int).SetBytes(signature[32:64])).FillBytes(twin[32:64])
	twin[64] ^= 27 ^ 28
	return twin
}

// TestARefusalIsInWordsForAPerson: one line, each its own, and that of a revocation
// says what it cannot do.
func TestARefusalIsInWordsForAPerson(t *testing.T) {
	t.Parallel()
	plain := regexp.MustCompile(`^grant: [a-z][A-Za-z ,;'-]{30,200}$`)
	seen := map[string]bool{}
	for _, reason := range []sinso.Reason{grant.ReasonNotFilled, grant.ReasonNotBuyer, grant.ReasonRevoked, grant.ReasonClosed, grant.ReasonOtherGrant, grant.ReasonLate, grant.ReasonOver} {
		text := (&grant.RefusedError{Reason: reason}).Error()
		if !plain.MatchString(text) || seen[text] {
			t.Errorf("%s: %q", reason, text)
		}
		seen[text] = true
	}
	for reason, words := range map[sinso.Reason][]string{
		grant.ReasonRevoked:   {"ended this grant", "not given out again", "handed out before cannot be called back"},
		grant.ReasonClosed:    {"money went back"},
		grant.ReasonNotFilled: {"nobody has paid"},
	} {
		for _, word := range words {
			if text := (&grant.RefusedError{Reason: reason}).Error(); !strings.Contains(text, word) {
				t.Errorf("%s does not say %q: %q", reason, word, text)
			}
		}
	}
}

// TestAnAnswerOpensForItsBuyerAlone, and is the same key box each time.
func TestAnAnswerOpensForItsBuyerAlone(t *testing.T) {
	t.Parallel()
	s := newSale(t, 1, 1)
	first, second := s.answer(t), s.answer(t)
	if first.Delivery.Box != second.Delivery.Box || first.Delivery.Trade != s.name(t) {
		t.Error("the same order has two key boxes")
	}
	if string(first.Grant) == string(second.Grant) {
		t.Error("two grants are sealed with the same randomness")
	}
	for _, answer := range []sinso.KeyAnswer{first, second} {
		if opened, err := s.buyer.Open(s.offer, s.name(t), answer); err != nil || opened.Key != key {
			t.Errorf("the buyer: %+v, %v", opened, err)
		}
		if got, err := s.buyer.OpenGrant(s.offer, answer); err != nil || got != key {
			t.Errorf("the buyer's grant: %v", err)
		}
		other := newSale(t, 1, 2).buyer
		if opened, err := other.Open(s.offer, s.name(t), answer); err != nil || !opened.Wrong {
			t.Errorf("another buyer: %+v, %v", opened, err)
		}
	}
	if strings.Contains(string(first.Grant)+string(first.Delivery.Box.Masked[:]), string(key[:])) {
		t.Error("the answer shows the key")
	}
}

// TestTwoOrdersShareNoRandomness: what one buyer learns of r, or shows of b, opens
// no other box of the same key.
func TestTwoOrdersShareNoRandomness(t *testing.T) {
	t.Parallel()
	one, otherOrder, otherBuyer := newSale(t, 1, 1).answer(t), newSale(t, 2, 1).answer(t), newSale(t, 1, 2).answer(t)
	if one.Delivery.Box.Ephemeral == otherOrder.Delivery.Box.Ephemeral || one.Delivery.Box.Masked == otherOrder.Delivery.Box.Masked {
		t.Error("two orders have one r")
	}
	if one.Delivery.Box.Masked == otherBuyer.Delivery.Box.Masked {
		t.Error("two buyers have one mask")
	}
	s := newSale(t, 1, 1)
	otherRelease := must[sinso.KeyAnswer](t)(grant.Answer(s.offer, s.deal(), s.request, key, seller, [32]byte{9}))
	if one.Delivery.Box.Ephemeral == otherRelease.Delivery.Box.Ephemeral {
		t.Error("two releases have one r")
	}
}

// TestNothingIsSignedThatABuyerCouldProveWrong.
func TestNothingIsSignedThatABuyerCouldProveWrong(t *testing.T) {
	t.Parallel()
	s := newSale(t, 1, 1)
	fill := s.trade.Fill
	otherOffer := s.offer
	otherOffer.Payload = sinso.CIDOf(sinso.CodecRaw, []byte("other"))
	badPoint := fill
	badPoint.Key.Y[31] ^= 1
	badHPKE := s.request
	badHPKE.HPKE = []byte("no key")
	named := fill
	named.HPKEHash = eip712.Keccak(badHPKE.HPKE)
	for name, tt := range map[string]struct {
		offer   sinso.Offer
		order   sinso.Order
		fill    sinso.Fill
		request sinso.KeyRequest
		key     sinso.CEK
		seller  [32]byte
		class   error
	}{
		"another key":                {s.offer, s.offer.Order, fill, s.request, sinso.CEK{9}, seller, sinso.ErrCorrupt},
		"no key":                     {s.offer, s.offer.Order, fill, s.request, sinso.CEK{}, seller, sinso.ErrCorrupt},
		"another order":              {s.offer, sinso.Order{Salt: sinso.Hash{9}}, fill, s.request, key, seller, sinso.ErrCorrupt},
		"another payload":            {otherOffer, s.offer.Order, fill, s.request, key, seller, sinso.ErrCorrupt},
		"another seller":             {s.offer, s.offer.Order, fill, s.request, key, [32]byte{31: 8}, sinso.ErrCorrupt},
		"no seller":                  {s.offer, s.offer.Order, fill, s.request, key, [32]byte{}, sinso.ErrInvalid},
		"a buyer's key that is none": {s.offer, s.offer.Order, badPoint, s.request, key, seller, sinso.ErrCorrupt},
		"an HPKE key that is none":   {s.offer, s.offer.Order, named, badHPKE, key, seller, sinso.ErrInvalid},
		"another HPKE key":           {s.offer, s.offer.Order, fill, newSale(t, 1, 2).request, key, seller, sinso.ErrDenied},
	} {
		answer, err := grant.Answer(tt.offer, sinso.Deal{Order: tt.order, Fill: tt.fill, Price: s.trade.Price}, tt.request, tt.key, tt.seller, release)
		if !errors.Is(err, tt.class) || answer.Grant != nil || answer.Delivery.Signature != nil {
			t.Errorf("%s: got %v, want %v and no answer", name, err, tt.class)
		}
	}
}

func TestARevocationIsTheSellersAndForOneOrder(t *testing.T) {
	t.Parallel()
	s := newSale(t, 1, 1)
	signature := must[[]byte](t)(grant.SignRevoke(contracts, s.order, seller))
	signer := func(settlement sinso.Address, chainID uint64, order sinso.Hash) sinso.Address {
		return must[sinso.Address](t)(eip712.Recover(eip712.RevokeDigest(eip712.Domain(settlement, chainID), order), signature))
	}
	want := s.offer.Order.Seller
	if got := signer(contracts.Exchange, contracts.ChainID, s.order); got != want {
		t.Errorf("signed by %s, want %s", got, want)
	}
	if signer(contracts.Exchange, contracts.ChainID, sinso.Hash{9}) == want || signer(contracts.Assets, contracts.ChainID, s.order) == want || signer(contracts.Exchange, 1, s.order) == want {
		t.Error("the signature is good for another order, contract or chain")
	}
	cancel := eip712.CancelDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), s.order)
	if must[sinso.Address](t)(eip712.Recover(cancel, signature)) == want {
		t.Error("a revocation cancels an order too")
	}
	if _, err := grant.SignRevoke(contracts, s.order, [32]byte{}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("no secret: %v", err)
	}
}

func TestACancellationIsTheSellersAndNoRevocation(t *testing.T) {
	t.Parallel()
	s := newSale(t, 1, 1)
	signature := must[[]byte](t)(grant.SignCancel(contracts, s.order, seller))
	domain, want := eip712.Domain(contracts.Exchange, contracts.ChainID), s.offer.Order.Seller
	if got := must[sinso.Address](t)(eip712.Recover(eip712.CancelDigest(domain, s.order), signature)); got != want {
		t.Errorf("signed by %s, want %s", got, want)
	}
	if must[sinso.Address](t)(eip712.Recover(eip712.RevokeDigest(domain, s.order), signature)) == want {
		t.Error("a cancellation revokes a grant too")
	}
	if _, err := grant.SignCancel(contracts, s.order, [32]byte{}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("no secret: %v", err)
	}
}

// TestNoKeyWhenTheRefundIsNear: a key is given while the seller can still carry the
// delivery; once it stands on the chain, or is paid, time does not matter.
func TestNoKeyWhenTheRefundIsNear(t *testing.T) {
	t.Parallel()
	filled := time.Unix(1_700_000_000, 0)
	for name, tt := range map[string]struct {
		within uint32 // seconds
		state  sinso.TradeState
		after  time.Duration
		late   bool
	}{
		"at once":              {3600, sinso.TradeFilled, 0, false},
		"in time":              {3600, sinso.TradeFilled, 50 * time.Minute, false},
		"near the end":         {3600, sinso.TradeFilled, 50*time.Minute + time.Second, true},
		"after the end":        {3600, sinso.TradeFilled, 2 * time.Hour, true},
		"short, in time":       {60, sinso.TradeFilled, 30 * time.Second, false},
		"short, near the end":  {60, sinso.TradeFilled, 31 * time.Second, true},
		"delivered":            {3600, sinso.TradeDelivered, 2 * time.Hour, false},
		"released":             {3600, sinso.TradeReleased, 2 * time.Hour, false},
		"a clock that is back": {3600, sinso.TradeFilled, -time.Hour, false},
	} {
		err := grant.InTime(sinso.Order{DeliverWithin: tt.within}, sinso.Trade{State: tt.state, FilledAt: filled}, filled.Add(tt.after))
		if tt.late != (err != nil) || tt.late && reasonOf(t, err) != grant.ReasonLate {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzMay asks with anything that another node may send: only the request itself
// is allowed.
func FuzzMay(f *testing.F) {
	s := newSale(f, 1, 1)
	good := must[[]byte](f)(json.Marshal(s.request))
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		var request sinso.KeyRequest
		if json.Unmarshal(data, &request) != nil {
			return
		}
		if grant.May(contracts, s.trade, request) != nil {
			return
		}
		if again := must[[]byte](t)(json.Marshal(request)); string(again) != string(good) {
			t.Errorf("allowed: %s", again)
		}
	})
}
