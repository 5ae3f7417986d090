package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/market"
)

// TestChangedOfferCostsNothing changes each field of an offer. What a buyer can see
// before the payload is open it sees before anything is spent.
func TestChangedOfferCostsNothing(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	flip := func(b []byte) { b[len(b)/2] ^= 1 }
	for name, change := range map[string]func(*sinso.Offer){
		"version":        func(o *sinso.Offer) { o.Version++ },
		"seller":         func(o *sinso.Offer) { flip(o.Order.Seller[:]) },
		"token":          func(o *sinso.Offer) { flip(o.Order.Token[:]) },
		"price":          func(o *sinso.Offer) { o.Order.Price = sinso.NewWei(big.NewInt(1)) },
		"key commitment": func(o *sinso.Offer) { flip(o.Order.KeyCommitment[:]) },
		"payload hash":   func(o *sinso.Offer) { flip(o.Order.Payload[:]) },
		"terms hash":     func(o *sinso.Offer) { flip(o.Order.Terms[:]) },
		"end":            func(o *sinso.Offer) { o.Order.EndsAt = o.Order.EndsAt.Add(time.Hour) },
		"deliver within": func(o *sinso.Offer) { o.Order.DeliverWithin *= 2 },
		"dispute within": func(o *sinso.Offer) { o.Order.DisputeWithin = 60 },
		"salt":           func(o *sinso.Offer) { flip(o.Order.Salt[:]) },
		"signature":      func(o *sinso.Offer) { flip(o.Signature) },
		"creator":        func(o *sinso.Offer) { flip(o.Asset.Creator[:]) },
		"commitment":     func(o *sinso.Offer) { flip(o.Asset.Commitment[:]) },
		"share":          func(o *sinso.Offer) { o.Asset.Split[0].Bps--; o.Asset.Split[1].Bps++ },
		"payee":          func(o *sinso.Offer) { flip(o.Asset.Split[1].Payee[:]) },
		"split":          func(o *sinso.Offer) { o.Asset.Split = o.Asset.Split[:1] },
		"parent":         func(o *sinso.Offer) { flip(o.Asset.Parent[:]) },
		"payee's name":   func(o *sinso.Offer) { flip(o.Asset.Signatures[1]) },
		"fewer roles":    func(o *sinso.Offer) { o.Roles = o.Roles[:1] },
		"more roles":     func(o *sinso.Offer) { o.Roles = append(o.Roles, "reader") },
		"no roles":       func(o *sinso.Offer) { o.Roles = nil },
		"roles turned":   func(o *sinso.Offer) { slices.Reverse(o.Roles) },
		"evil role":      func(o *sinso.Offer) { o.Roles[1] = "doctor\x1b[2J" },
		"payload":        func(o *sinso.Offer) { o.Payload = sinso.CIDOf(sinso.CodecRaw, []byte("other")) },
		"contracts":      func(o *sinso.Offer) { flip(o.Contracts.Exchange[:]) },
		"chain":          func(o *sinso.Offer) { o.Contracts.ChainID++ },
		"identity":       func(o *sinso.Offer) { flip(o.Contracts.Identity[:]) },
		"institution":    func(o *sinso.Offer) { flip(o.Institution) },
		"no institution": func(o *sinso.Offer) { o.Institution = nil },
		"origin":         func(o *sinso.Offer) { o.Origin = sinso.OriginDevice },
		"opening":        func(o *sinso.Offer) { flip(o.Opening) },
		"no opening":     func(o *sinso.Offer) { o.Opening = nil },
		"leaf":           func(o *sinso.Offer) { flip(o.Proof.Leaf) },
		"index":          func(o *sinso.Offer) { o.Proof.Index-- },
		"path":           func(o *sinso.Offer) { flip(o.Proof.Path[0]) },
		"no path":        func(o *sinso.Offer) { o.Proof.Path = nil },
		"checkpoint":     func(o *sinso.Offer) { o.Proof.Checkpoint = strings.Replace(o.Proof.Checkpoint, "\n", "\n1", 1) },
		"terms":          func(o *sinso.Offer) { o.Terms += " And more." },
	} {
		offer, err := market.Decode(d.offer)
		if err != nil {
			t.Fatal(err)
		}
		change(&offer)
		encoded, err := json.Marshal(offer)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(encoded, d.offer) {
			t.Errorf("%s: nothing was changed", name)
		}
		before, err := d.buyer.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.buy(t.Context(), encoded)
		if err == nil || !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
		after, err := d.buyer.Status(t.Context())
		if err != nil || after.Purchases != 0 || before.Balance.Int().Sign() > 0 && after.Balance.Int().Cmp(before.Balance.Int()) != 0 {
			t.Errorf("%s: %d purchases, balance %s, before %s, %v", name, after.Purchases, after.Balance, before.Balance, err)
		}
	}
	// The address of the seller's node is a hint. A false one costs a try, and is
	// mended by the true offer.
	offer, err := market.Decode(d.offer)
	if err != nil {
		t.Fatal(err)
	}
	offer.Peer = "http://127.0.0.1:9/nobody"
	encoded, err := json.Marshal(offer)
	if err != nil {
		t.Fatal(err)
	}
	if row, err := d.buy(t.Context(), encoded); err == nil || row.Step != "planned" || !strings.Contains(err.Error(), "nothing was spent") {
		t.Fatalf("false peer: step %q, %v", row.Step, err)
	}
	d.wantBought()
}

// TestOfferOfAnothersTokenCostsNothing is a thief who signs an order of his own for
// a token that is not his.
func TestOfferOfAnothersTokenCostsNothing(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	for name, change := range map[string]func(*sinso.Offer) error{
		"another seller": func(o *sinso.Offer) (err error) {
			d.seller = [32]byte{5}
			o.Order.Seller, err = eip712.Address(d.seller)
			return err
		},
		"no time to object": func(o *sinso.Offer) error {
			d.know(d.row.ID)
			o.Order.DisputeWithin = 60
			return nil
		},
	} {
		offer, err := market.Decode(d.offer)
		if err == nil {
			err = change(&offer)
		}
		if err == nil {
			_, err = market.Sign(&offer, d.seller)
		}
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(offer)
		if err != nil {
			t.Fatal(err)
		}
		row, err := d.buy(t.Context(), encoded)
		if err == nil || row.Step != "planned" || !strings.Contains(err.Error(), "nothing was spent") {
			t.Errorf("%s: step %q, %v", name, row.Step, err)
		}
	}
}
