package market_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/crypt/keybox"
	"sinso.dev/sinso/internal/stage/market"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestABuyerOpensWhatTheSellerAnswers(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	opened, err := d.buyer.Open(d.offer, d.name, d.answer)
	if err != nil || opened.Wrong || opened.Key != key {
		t.Errorf("the key box: %+v, %v", opened, err)
	}
	if got, err := d.buyer.OpenGrant(d.offer, d.answer); err != nil || got != key {
		t.Errorf("the grant: %v", err)
	}
	again := must[*market.OneOrder](t)(market.NewOneOrder([32]byte{4}))
	if opened, err := again.Open(d.offer, d.name, d.answer); err != nil || opened.Key != key {
		t.Errorf("with the keys made again of their seed: %v", err)
	}
}

// TestAnotherBuyerOpensNothing: with the keys of another order, what was answered
// is a wrong key at best.
func TestAnotherBuyerOpensNothing(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	other := must[*market.OneOrder](t)(market.NewOneOrder([32]byte{5}))
	if opened, err := other.Open(d.offer, d.name, d.answer); err != nil || !opened.Wrong || opened.Key != (sinso.CEK{}) {
		t.Errorf("the key box: %+v, %v", opened, err)
	}
	if got, err := other.OpenGrant(d.offer, d.answer); !errors.Is(err, sinso.ErrCorrupt) || got != (sinso.CEK{}) {
		t.Errorf("the grant: %v", err)
	}
}

// lie is a delivery of another key that the seller signed.
func lie(t *testing.T, d deal, wrong sinso.CEK, edit func(*sinso.KeyBox)) sinso.KeyAnswer {
	t.Helper()
	info := must[[]byte](t)(hpke.GrantInfo(payload, d.buyer.Buyer, d.offer.Order.Terms))
	sealed := must[[]byte](t)(hpke.Seal(d.request.HPKE, info, nil, wrong[:]))
	box := must[sinso.KeyBox](t)(keybox.Seal([32]byte{9}, d.buyer.Fill().Key, d.name, wrong))
	if edit != nil {
		edit(&box)
	}
	delivery := sinso.Delivery{Trade: d.name, GrantHash: eip712.Keccak(sealed), Box: box}
	digest := eip712.DeliveryDigest(eip712.Domain(contracts.Exchange, contracts.ChainID), delivery)
	delivery.Signature = must[[]byte](t)(eip712.Sign(patient, digest))
	return sinso.KeyAnswer{Grant: sealed, Delivery: delivery}
}

// TestAWrongKeyIsRecognised: any key but the one that was committed to, be it off
// by a bit.
func TestAWrongKeyIsRecognised(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	for bit := range 256 {
		wrong := key
		wrong[bit/8] ^= 1 << (bit % 8)
		answer := lie(t, d, wrong, nil)
		if opened, err := d.buyer.Open(d.offer, d.name, answer); err != nil || !opened.Wrong || opened.Key != (sinso.CEK{}) {
			t.Fatalf("bit %d: %+v, %v", bit, opened, err)
		}
		if bit > 0 {
			continue // one grant will do
		}
		if got, err := d.buyer.OpenGrant(d.offer, answer); !errors.Is(err, sinso.ErrCorrupt) || got != (sinso.CEK{}) {
			t.Errorf("the grant of a wrong key: %v", err)
		}
	}
	if opened, err := d.buyer.Open(d.offer, d.name, lie(t, d, key, nil)); err != nil || opened.Key != key {
		t.Errorf("the right key: %+v, %v", opened, err)
	}
}

// TestADeliveryThatTheContractRefusesIsWorthNothing: its box is no point of the
// curve, so there is nothing to prove with.
func TestADeliveryThatTheContractRefusesIsWorthNothing(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	for name, edit := range map[string]func(*sinso.KeyBox){
		"off the curve":   func(b *sinso.KeyBox) { b.Ephemeral.Y[31] ^= 1 },
		"infinity":        func(b *sinso.KeyBox) { b.Ephemeral = sinso.Point{} },
		"above the field": func(b *sinso.KeyBox) { b.Ephemeral.X = sinso.Hash(bytes.Repeat([]byte{0xFF}, 32)) },
	} {
		if _, err := d.buyer.Open(d.offer, d.name, lie(t, d, key, edit)); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want corrupt", name, err)
		}
	}
}

// TestADeliveryOfAnotherOrderIsRefused, though its seller signed it.
func TestADeliveryOfAnotherOrderIsRefused(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	if _, err := d.buyer.Open(d.offer, sinso.Hash{1}, d.answer); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
}

func TestSignGivesNoOfferThatABuyerRefuses(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*sinso.Offer){
		"another seller's secret": func(o *sinso.Offer) { o.Order.Seller = sinso.Address{1} },
		"another payload":         func(o *sinso.Offer) { o.Payload = sinso.CIDOf(sinso.CodecRaw, nil) },
		"no payload":              func(o *sinso.Offer) { o.Payload = "" },
		"other terms":             func(o *sinso.Offer) { o.Terms = "all yours" },
		"half a second":           func(o *sinso.Offer) { o.Order.EndsAt = now },
		"a price of 2^128":        func(o *sinso.Offer) { o.Order.Price = sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 128)) },
		"no time to deliver":      func(o *sinso.Offer) { o.Order.DeliverWithin = 59 },
		"a long time to deliver":  func(o *sinso.Offer) { o.Order.DeliverWithin = 90*24*3600 + 1 },
		"no time to dispute":      func(o *sinso.Offer) { o.Order.DisputeWithin = 0 },
		"a long time to dispute":  func(o *sinso.Offer) { o.Order.DisputeWithin = 1<<32 - 1 },
	} {
		offer := newDeal(t).offer
		edit(&offer)
		if hash, err := market.Sign(&offer, patient); !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrCorrupt) || hash != (sinso.Hash{}) {
			t.Errorf("%s: got %s, %v", name, hash, err)
		}
	}
	offer := newDeal(t).offer
	offer.Order.Price = sinso.NewWei(new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 128), big.NewInt(1)))
	offer.Order.DeliverWithin, offer.Order.DisputeWithin = 60, 90*24*3600
	if _, err := market.Sign(&offer, patient); err != nil {
		t.Errorf("the bounds themselves: %v", err)
	}
	if _, err := market.Sign(&offer, [32]byte{}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("no secret: %v", err)
	}
}

// TestAnOrderIsForSaleUntilItsEnd, which includes the moment itself, as in the
// contract.
func TestAnOrderIsForSaleUntilItsEnd(t *testing.T) {
	t.Parallel()
	order := newDeal(t).offer.Order
	if want := now.AddDate(0, 0, sinso.UsualOfferDays).Truncate(time.Second); !order.EndsAt.Equal(want) {
		t.Errorf("ends at %s, want %s", order.EndsAt, want)
	}
	for at, taken := range map[time.Time]bool{now: true, order.EndsAt: true, order.EndsAt.Add(time.Second): false, order.EndsAt.AddDate(1, 0, 0): false} {
		err := market.Fillable(order, at)
		if taken != (err == nil) || !taken && !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("at %s: %v", at, err)
		}
		if err != nil && !strings.Contains(err.Error(), "ended on 2026-02-01T03:04:05Z") {
			t.Errorf("the reason says no date: %v", err)
		}
	}
}

// TestAnOrderLeavesTimeToObject: a buyer pays under none that lets the money go before
// its node has looked.
func TestAnOrderLeavesTimeToObject(t *testing.T) {
	t.Parallel()
	order := newDeal(t).offer.Order
	for within, taken := range map[time.Duration]bool{market.MinDispute: true, market.DisputeWithin: true, market.MinDispute - time.Second: false, time.Minute: false} {
		order.DisputeWithin = uint32(within / time.Second)
		err := market.Fillable(order, now)
		if taken != (err == nil) || !taken && (!errors.Is(err, sinso.ErrInvalid) || !strings.Contains(err.Error(), "nothing was spent")) {
			t.Errorf("within %s: %v", within, err)
		}
	}
}

func TestNewOrderCommitsToKeyAndPayload(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	order := func(payload sinso.CID, key sinso.CEK) sinso.Order {
		return must[sinso.Order](t)(market.NewOrder(d.offer.Order.Seller, d.offer.Order.Token, d.offer.Order.Price, payload, key, usualTerms, now))
	}
	one, otherKey, otherPayload := order(payload, key), order(payload, sinso.CEK{9}), order(sinso.CIDOf(sinso.CodecRaw, nil), key)
	if one.KeyCommitment == otherKey.KeyCommitment || one.KeyCommitment == otherPayload.KeyCommitment || one.Payload == otherPayload.Payload {
		t.Error("two keys or payloads, one commitment")
	}
	if _, err := market.NewOrder(sinso.Address{}, sinso.TokenID{}, sinso.Wei{}, "no CID", key, usualTerms, now); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("no CID: %v", err)
	}
}

// TestTheKeysOfOneOrderServeNoOther, and print nothing of themselves.
func TestTheKeysOfOneOrderServeNoOther(t *testing.T) {
	t.Parallel()
	one, two := must[*market.OneOrder](t)(market.NewOneOrder([32]byte{1})), must[*market.OneOrder](t)(market.NewOneOrder([32]byte{2}))
	if one.Buyer == two.Buyer || one.Fill().Key == two.Fill().Key || one.Fill().HPKEHash == two.Fill().HPKEHash || one.BoxSecret() == two.BoxSecret() {
		t.Error("two seeds, one key")
	}
	if one.Account == one.BoxSecret() || one.Buyer != addressOf(t, one.Account) || one.Fill().Buyer != one.Buyer {
		t.Error("keys of one seed are not apart, or the buyer is another")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, text := range []string{fmt.Sprintf(verb, one), fmt.Sprintf(verb, *one)} {
			if text != "[one-order keys]" {
				t.Errorf("%s prints %s", verb, text)
			}
		}
	}
}

// TestOneOrderKeysStay: a purchase that was cut off is finished by a later version.
func TestOneOrderKeysStay(t *testing.T) {
	t.Parallel()
	fill := must[*market.OneOrder](t)(market.NewOneOrder([32]byte{7})).Fill()
	golden(t, "fill.json", encode(t, fill))
}

// TestTheOfferStays: a node of today reads the offers of tomorrow's, and the other
// way about.
func TestTheOfferStays(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	text := encode(t, d.offer)
	golden(t, "offer.json", text)
	offer, err := market.Decode(text)
	if err != nil || !reflect.DeepEqual(offer, d.offer) {
		t.Errorf("reads another offer: %v", err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	if offer, err := market.Decode(indented.Bytes()); err != nil || !reflect.DeepEqual(offer, d.offer) {
		t.Errorf("indented: %v", err)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: got %s, want %s, %v", name, got, want, err)
	}
}

func TestDecodeTakesOneOfferAndNothingElse(t *testing.T) {
	t.Parallel()
	good := string(encode(t, newDeal(t).offer))
	swap := func(old, now string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the offer has no %s", old)
		}
		return strings.Replace(good, old, now, 1)
	}
	for name, text := range map[string]string{
		"nothing": "", "a list": "[" + good + "]", "cut off": good[:len(good)/2], "too large": good + strings.Repeat(" ", market.MaxOffer),
		"a brace behind it": good + "}", "a bracket behind it": good + "]", "an offer behind it": good + good, "a word behind it": good + " x",
		"a field too many": swap(`{"version"`, `{"extra":1,"version"`), "a field in other words": swap(`"version"`, `"Version"`),
		"a field twice": swap(`"peer"`, `"peer":"http://evil.example","peer"`), "a field of the order twice": swap(`"salt"`, `"salt":"`+sinso.Hash{}.String()+`","salt"`),
		"a price with a point": swap(`"500000000000000000"`, `"5e17"`), "a price below zero": swap(`"500000000000000000"`, `"-1"`),
		"a price in other words": swap(`"500000000000000000"`, `"0500000000000000000"`), "upper-case hex": swap(`"0x07`, `"0X07`),
		"a float": swap(`"version":2`, `"version":2.5`), "bytes in other words": swap(`"opening":"`, `"opening":"\n`),
		"deep": strings.Repeat(`{"order":`, 20_000) + strings.Repeat("}", 20_000),
	} {
		if _, err := market.Decode([]byte(text)); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
	if _, err := market.Decode([]byte(swap(`"version":2`, `"version":1`))); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("another version: %v", err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(good), &fields); err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		if _, err := market.Decode([]byte(without(t, good, name))); err == nil {
			t.Errorf("an offer without %q is taken", name)
		}
	}
}

// without removes a field of the first level.
func without(t *testing.T, text, name string) string {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(strings.Replace(text, `"`+name+`":`+string(fields[name])+",", "", 1), `,"`+name+`":`+string(fields[name]), "", 1)
}

// FuzzDecode: what is taken is written the same, so that nobody can make a second
// text of one offer's words.
func FuzzDecode(f *testing.F) {
	f.Add(encode(f, newDeal(f).offer))
	f.Add([]byte(`{"version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		offer, err := market.Decode(data)
		if err != nil {
			if !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrUnsupported) {
				t.Errorf("got %v", err)
			}
			return
		}
		again, err := market.Decode(encode(t, offer))
		if err != nil || !reflect.DeepEqual(again, offer) {
			t.Errorf("written and read again: %v", err)
		}
		_, _ = check(offer) // must not panic
	})
}

// FuzzOpen opens any answer that a seller's node may send.
func FuzzOpen(f *testing.F) {
	d := newDeal(f)
	f.Add(encode(f, d.answer))
	f.Fuzz(func(t *testing.T, data []byte) {
		var answer sinso.KeyAnswer
		if json.Unmarshal(data, &answer) != nil {
			return
		}
		opened, err := d.buyer.Open(d.offer, d.name, answer)
		if err == nil && opened.Key != key && !opened.Wrong {
			t.Errorf("a wrong key is taken: %s", hex.EncodeToString(opened.Key[:]))
		}
		if got, err := d.buyer.OpenGrant(d.offer, answer); err == nil && got != key {
			t.Error("a grant of a wrong key is taken")
		}
	})
}
