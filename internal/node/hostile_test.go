package node

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/audit/tlog"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/keybox"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/attest"
	"sinso.dev/sinso/internal/stage/grant"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/register"
	"sinso.dev/sinso/internal/stage/seal"
	"sinso.dev/sinso/internal/stage/vault"
	"sinso.dev/sinso/internal/way"
)

// jumpClock is a fast clock that can be set forward.
type jumpClock struct {
	fastClock
	ahead atomic.Int64
}

func (c *jumpClock) Now() time.Time { return c.fastClock.Now().Add(time.Duration(c.ahead.Load())) }

func (c *jumpClock) jump(by time.Duration) { c.ahead.Add(int64(by)) }

// hostilePeers is a peer that answers as a test likes; nil: as the real one.
type hostilePeers struct {
	sinso.Peers
	key   func(sinso.KeyRequest) (sinso.KeyAnswer, error)
	fetch func(sinso.CID) ([]byte, error)
}

func (p *hostilePeers) Key(ctx context.Context, peer string, request sinso.KeyRequest) (sinso.KeyAnswer, error) {
	if p.key == nil {
		return p.Peers.Key(ctx, peer, request)
	}
	return p.key(request)
}

func (p *hostilePeers) Fetch(ctx context.Context, peer string, cid sinso.CID) ([]byte, error) {
	if p.fetch == nil {
		return p.Peers.Fetch(ctx, peer, cid)
	}
	return p.fetch(cid)
}

// deal is a release on offer, with all that its seller knows.
type deal struct {
	*town
	t      *testing.T
	clock  *jumpClock
	peers  *hostilePeers // of the buyer
	offer  []byte
	order  sinso.Hash
	row    sinso.ReleaseRow
	key    sinso.CEK
	seller [32]byte
	secret [32]byte // of the release
}

func newDeal(t *testing.T) *deal {
	t.Helper()
	ctx := t.Context()
	clock := &jumpClock{fastClock: fastClock{time.Now(), 60}}
	d := &deal{t: t, clock: clock, town: &town{dir: t.TempDir(), clock: clock}}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	if err := d.open(ctx); err != nil {
		t.Fatal(err)
	}
	<-d.town.seller.resumed // what follows is not taken up behind a test's back
	d.peers = &hostilePeers{Peers: d.buyer.Peers}
	d.buyer.Peers = d.peers
	if err := smallChest(ctx, d.town.seller); err != nil {
		t.Fatal(err)
	}
	var err error
	if d.offer, err = d.sell(ctx); err != nil {
		t.Fatal(err)
	}
	orders, err := d.town.seller.Orders(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	d.order = orders[0].Hash
	d.know(orders[0].Release)
	return d
}

// know learns a release's secrets, as its seller does.
func (d *deal) know(id sinso.ReleaseID) {
	d.t.Helper()
	ctx, n := d.t.Context(), d.town.seller
	row, err := n.ReleaseRow(ctx, id)
	if err != nil {
		d.t.Fatal(err)
	}
	d.row = row
	if d.seller, err = n.keys.Secret(ctx, sinso.PersonKey(row.Person), "asset/"+string(row.ID)); err != nil {
		d.t.Fatal(err)
	}
	secret, err := n.keys.Unwrap(ctx, row.Secret, []byte(row.ID))
	if err != nil {
		d.t.Fatal(err)
	}
	d.secret = secret
	if d.key, err = seal.New(n.keys, rand.Reader).Key(ctx, row.Manifest, row.Keys, sinso.PersonKey(row.Person)); err != nil {
		d.t.Fatal(err)
	}
}

// answer is a signed answer with any key in the box, for the buyer whom the chain names.
func (d *deal) answer(key sinso.CEK) sinso.KeyAnswer {
	d.t.Helper()
	trade := d.trade()
	box, err := keybox.Seal([32]byte{7, key[0]}, trade.Fill.Key, d.order, key)
	if err != nil {
		d.t.Fatal(err)
	}
	answer := sinso.KeyAnswer{Grant: []byte("grant"), Delivery: sinso.Delivery{Order: d.order, GrantHash: eip712.Keccak([]byte("grant")), Box: box}}
	return d.signed(answer)
}

func (d *deal) signed(answer sinso.KeyAnswer) sinso.KeyAnswer {
	d.t.Helper()
	at := d.town.seller.Chain.Contracts()
	signature, err := eip712.Sign(d.seller, eip712.DeliveryDigest(eip712.Domain(at.Settlement, at.ChainID), answer.Delivery))
	if err != nil {
		d.t.Fatal(err)
	}
	answer.Delivery.Signature = signature
	return answer
}

func (d *deal) trade() sinso.Trade {
	d.t.Helper()
	trade, err := d.town.seller.Chain.Trade(d.t.Context(), d.order)
	if err != nil {
		d.t.Fatal(err)
	}
	return trade
}

// carried brings a delivery to the chain, paid by the seller's node.
func (d *deal) carried(answer sinso.KeyAnswer) {
	d.t.Helper()
	account, err := d.town.seller.Account(d.t.Context())
	if err == nil {
		_, err = d.town.seller.Chain.Deliver(d.t.Context(), answer.Delivery, account)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// wantBack wants the buyer to be refunded, with the price in the order's account.
func (d *deal) wantBack(row sinso.PurchaseRow, err error) {
	d.t.Helper()
	if err != nil || row.Step != "refunded" {
		d.t.Fatalf("got step %q, %v; want the money back", row.Step, err)
	}
	trade := d.trade()
	balance, err := d.buyer.Chain.Balance(d.t.Context(), trade.Fill.Buyer)
	if err != nil || trade.State != sinso.TradeRefunded || balance.Int().Cmp(testPrice.Int()) < 0 {
		d.t.Fatalf("the trade is %s, and the buyer has %s, %v", trade.State, balance, err)
	}
}

// wantUnpaid wants the money to be where the payees cannot have it.
func (d *deal) wantUnpaid() {
	d.t.Helper()
	if state := d.trade().State; state == sinso.TradeReleased {
		d.t.Fatalf("the money was released")
	}
}

func (d *deal) wantBought() sinso.PurchaseRow {
	d.t.Helper()
	row, err := d.buy(d.t.Context(), d.offer)
	if err != nil || row.Step != "released" {
		d.t.Fatalf("got step %q, %v; want released", row.Step, err)
	}
	if found, err := d.buyer.Verify(d.t.Context(), row.Token); err != nil || len(found.Steps) != 8 {
		d.t.Fatalf("verify: %d steps, %v", len(found.Steps), err)
	}
	return row
}

var errSilent = fmt.Errorf("no answer: %w", sinso.ErrUnavailable)

// TestWorthlessAnswersAreRefunded lets a seller answer with nothing, or with what
// cannot be carried to the chain: the money stays in escrow for as long as the
// order says, and then comes back to the buyer's account.
func TestWorthlessAnswersAreRefunded(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	answers := map[string]func(sinso.KeyAnswer) (sinso.KeyAnswer, error){
		"silence": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) { return a, errSilent },
		"no signature": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) {
			a.Delivery.Signature = nil
			return a, nil
		},
		"another order": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) {
			a.Delivery.Order[0] ^= 1
			return d.signed(a), nil
		},
		"another grant": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) {
			a.Grant = []byte("other")
			return a, nil
		},
		"no point": func(a sinso.KeyAnswer) (sinso.KeyAnswer, error) {
			a.Delivery.Box.Ephemeral.X[5] ^= 1
			return d.signed(a), nil
		},
	}
	for name, change := range answers {
		d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return change(d.answer(d.key)) }
		row, err := d.buy(t.Context(), d.offer)
		if err == nil || row.Step != "filled" || !strings.Contains(err.Error(), "in escrow") {
			t.Fatalf("%s: step %q, %v", name, row.Step, err)
		}
	}
	d.clock.jump(market.DeliverWithin + time.Minute)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
		t.Error("asked for a key that is too late")
		return sinso.KeyAnswer{}, errSilent
	}
	row, err := d.buyer.Buy(t.Context(), d.offer, nil)
	d.wantBack(row, err)
}

// TestWrongKeyIsProven lets a seller put a wrong key into the box, in each of the
// ways there are: the buyer proves it to the contract and has the money back.
func TestWrongKeyIsProven(t *testing.T) {
	t.Parallel()
	for name, hostile := range map[string]func(d *deal) func(sinso.KeyRequest) (sinso.KeyAnswer, error){
		"told the buyer": func(d *deal) func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return d.answer(sinso.CEK{1}), nil }
		},
		"silent, and on the chain": func(d *deal) func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
				d.carried(d.answer(sinso.CEK{1}))
				return sinso.KeyAnswer{}, errSilent
			}
		},
		"right to the buyer, wrong on the chain": func(d *deal) func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
				d.carried(d.answer(sinso.CEK{1}))
				return d.answer(d.key), nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeal(t)
			d.peers.key = hostile(d)
			row, err := d.buy(t.Context(), d.offer)
			d.wantBack(row, err)
		})
	}
}

// TestTendDisputesWhileNobodyAsks lets the seller wait until the buyer has given up
// asking, and then bring a wrong key to the chain: the node that looks after its
// purchases proves it in time.
func TestTendDisputesWhileNobodyAsks(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return sinso.KeyAnswer{}, errSilent }
	if row, err := d.buy(t.Context(), d.offer); err == nil || row.Step != "filled" {
		t.Fatalf("step %q, %v", row.Step, err)
	}
	if err := d.buyer.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.carried(d.answer(sinso.CEK{1}))
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
		t.Error("Tend asked a peer")
		return sinso.KeyAnswer{}, errSilent
	}
	if err := d.buyer.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	row, err := d.buyer.Purchase(t.Context(), d.order)
	d.wantBack(row, err)
}

// TestSilentSellerOnTheChainIsEnough takes the right key from the chain, where the
// seller brought it without ever answering; a grant that opens to nothing does not
// matter to the trade.
func TestSilentSellerOnTheChainIsEnough(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
		d.carried(d.answer(d.key))
		return sinso.KeyAnswer{}, errSilent
	}
	d.wantBought()
}

// TestLateAnswerIsRefunded gives the right answer when the time is over.
func TestLateAnswerIsRefunded(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
		d.clock.jump(market.DeliverWithin + time.Minute)
		return d.answer(d.key), nil
	}
	row, err := d.buy(t.Context(), d.offer)
	d.wantBack(row, err)
}

// TestOthersRefundIsTaken finds that somebody else called for the refund.
func TestOthersRefundIsTaken(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return sinso.KeyAnswer{}, errSilent }
	if _, err := d.buy(t.Context(), d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	d.clock.jump(market.DeliverWithin + time.Minute)
	account, err := d.town.seller.Account(t.Context())
	if err == nil {
		_, err = d.town.seller.Chain.Refund(t.Context(), d.order, account)
	}
	if err != nil {
		t.Fatal(err)
	}
	row, err := d.buyer.Buy(t.Context(), d.offer, nil)
	d.wantBack(row, err)
}

// TestBuyerCannotHaveKeyAndMoney is a buyer who pays, and asks for the key when the
// refund is due or as good as due: on a chain that stands still too, the seller
// gives none.
func TestBuyerCannotHaveKeyAndMoney(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	var request sinso.KeyRequest
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		request = r
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(t.Context(), d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	for _, jump := range []time.Duration{market.DeliverWithin - 5*time.Minute, 10 * time.Minute} {
		d.clock.jump(jump)
		_, err := d.town.seller.Answer(t.Context(), request)
		var refused *grant.RefusedError
		if !errors.As(err, &refused) || refused.Reason != grant.ReasonLate {
			t.Fatalf("%s on: got %v, want the reason %q", jump, err, grant.ReasonLate)
		}
	}
	row, err := d.buyer.Buy(t.Context(), d.offer, nil)
	d.wantBack(row, err)
	if _, err := d.town.seller.Answer(t.Context(), request); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("after the refund: got %v, want ErrDenied", err)
	}
}

// TestSilentBuyerPays is a buyer who takes the key and is not heard of again: the
// seller's node carries the delivery, and after the time to object everybody is
// paid, on a chain that nothing else happens on.
func TestSilentBuyerPays(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	got := false
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		_, err := d.town.seller.Answer(t.Context(), r)
		got = err == nil
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(t.Context(), d.offer); err == nil || !got {
		t.Fatalf("the key was given: %t, %v", got, err)
	}
	ctx, seller := t.Context(), d.town.seller
	for _, at := range []struct {
		jump time.Duration
		want sinso.TradeState
	}{{2 * time.Minute, sinso.TradeDelivered}, {market.DisputeWithin + time.Minute, sinso.TradeReleased}} {
		d.clock.jump(at.jump)
		if err := seller.Tend(ctx); err != nil {
			t.Fatal(err)
		}
		if state := d.trade().State; state != at.want {
			t.Fatalf("the trade is %s, want %s", state, at.want)
		}
	}
	if err := seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	row, err := seller.Order(ctx, d.order)
	if err != nil || row.State != sinso.TradeReleased || len(row.Payouts) != 2 {
		t.Fatalf("the order is %s with payouts %v, %v", row.State, row.Payouts, err)
	}
	sum := new(big.Int)
	for _, payout := range row.Payouts {
		balance, err := seller.Chain.Balance(ctx, payout.To)
		if err != nil || balance.Int().Cmp(payout.Wei.Int()) < 0 {
			t.Errorf("%s has %s of %s, %v", payout.Role, balance, payout.Wei, err)
		}
		sum.Add(sum, payout.Wei.Int())
	}
	if sum.Cmp(testPrice.Int()) != 0 {
		t.Errorf("%s was paid out of %s", sum, testPrice)
	}
	d.peers.key = nil
	d.wantBought() // what was paid for is there, from the chain and the seller's blocks
}

// TestHostileBlocks serves a buyer blocks that are missing, others, garbage, too
// large and endless: nothing is paid, and the purchase goes on when the seller is
// honest again.
func TestHostileBlocks(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	var served atomic.Int64
	paid := false
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		paid = true
		return d.peers.Peers.Key(t.Context(), d.town.seller.Config.URL, r)
	}
	d.peers.fetch = func(sinso.CID) ([]byte, error) { return nil, errSilent }
	if row, err := d.buy(t.Context(), d.offer); err == nil || row.Step != "planned" || !strings.Contains(err.Error(), "nothing was spent") {
		t.Fatalf("nobody there: step %q, %v", row.Step, err)
	}
	honest := func(cid sinso.CID) ([]byte, error) {
		return d.peers.Peers.Fetch(t.Context(), d.town.seller.Config.URL, cid)
	}
	for name, fetch := range map[string]func(sinso.CID) ([]byte, error){
		"missing": func(cid sinso.CID) ([]byte, error) {
			if served.Add(1) > 1 { // blocks are asked for several at a time
				return nil, fmt.Errorf("gone: %w", sinso.ErrNotFound)
			}
			return honest(cid)
		},
		"other":   func(sinso.CID) ([]byte, error) { return honest(d.row.Manifest) },
		"garbage": func(sinso.CID) ([]byte, error) { return []byte("garbage"), nil },
		"huge":    func(sinso.CID) ([]byte, error) { return make([]byte, 64<<20), nil },
		"nothing": func(sinso.CID) ([]byte, error) { return nil, nil },
		"flipped": func(cid sinso.CID) ([]byte, error) {
			data, err := honest(cid)
			if err == nil {
				data[len(data)/2] ^= 1
			}
			return data, err
		},
	} {
		d.peers.fetch = func(cid sinso.CID) ([]byte, error) {
			if !paid {
				return honest(cid)
			}
			return fetch(cid)
		}
		row, err := d.buy(t.Context(), d.offer)
		if err == nil || row.Step != "delivered" {
			t.Fatalf("%s: step %q, %v", name, row.Step, err)
		}
		d.wantUnpaid()
		if err := d.buyer.Export(t.Context(), row, func(string, []byte) error { return nil }); err == nil {
			t.Errorf("%s: what was not verified was exported", name)
		}
	}
	d.peers.fetch = nil
	d.wantBought()
}

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
		"contracts":      func(o *sinso.Offer) { flip(o.Contracts.Settlement[:]) },
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

// TestHostileRequests asks for keys as those who may not have them do.
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	ask := func(name string, request sinso.KeyRequest, want sinso.Reason) {
		t.Helper()
		_, err := seller.Answer(ctx, request)
		var refused *grant.RefusedError
		if !errors.As(err, &refused) || refused.Reason != want {
			t.Errorf("%s: got %v, want the reason %q", name, err, want)
		}
	}
	stranger, err := market.NewOneOrder([32]byte{3})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := stranger.Request(seller.Chain.Contracts(), d.order)
	if err != nil {
		t.Fatal(err)
	}
	ask("before the fill", foreign, grant.ReasonNotFilled)
	var request sinso.KeyRequest
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		request = r
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(ctx, d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	for range 2000 {
		ask("a stranger", foreign, grant.ReasonNotBuyer)
	}
	other := request
	other.HPKE = foreign.HPKE
	ask("another key under the buyer's signature", other, grant.ReasonNotBuyer)
	unknown := request
	unknown.Order[0] ^= 1
	if _, err := seller.Answer(ctx, unknown); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("unknown order: %v", err)
	}
	first, err := seller.Answer(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seller.Answer(ctx, request)
	if err != nil || !bytes.Equal(first.Grant, again.Grant) {
		t.Errorf("a second request gets another answer, %v", err)
	}
	if _, err := seller.Revoke(ctx, d.order, "test"); err != nil {
		t.Fatal(err)
	}
	ask("after the end", request, grant.ReasonRevoked)
	if counts := d.counts(); counts[sinso.EventKeyGranted] != 1 || counts[sinso.EventKeyRefused] != 3 {
		t.Errorf("the log has %d grants and %d refusals, want 1 and 3", counts[sinso.EventKeyGranted], counts[sinso.EventKeyRefused])
	}
	d.wantPrivateBlocks()
}

// counts tells how many events of each type the seller has.
func (d *deal) counts() map[sinso.EventType]int {
	d.t.Helper()
	counts := map[sinso.EventType]int{}
	if err := d.town.seller.audit.Events(d.t.Context(), 0, func(e sinso.Event) error {
		counts[e.Type]++
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
	return counts
}

// wantPrivateBlocks wants no block of an original or of a study's list to be given
// to anybody, and every block of the release.
func (d *deal) wantPrivateBlocks() {
	d.t.Helper()
	ctx, seller := d.t.Context(), d.town.seller
	study, err := seller.Study(ctx, d.row.Study)
	if err != nil {
		d.t.Fatal(err)
	}
	rows, err := seller.Instances(ctx, d.row.Study)
	if err != nil || len(rows) == 0 {
		d.t.Fatal(err)
	}
	private := []sinso.CID{study.Manifest}
	for _, row := range rows {
		private = append(private, row.CID)
	}
	for _, cid := range private {
		if _, err := seller.PublicBlock(ctx, cid); !errors.Is(err, sinso.ErrNotFound) {
			d.t.Errorf("private block %s: %v", cid, err)
		}
	}
	if _, err := seller.PublicBlock(ctx, d.row.Manifest); err != nil {
		d.t.Errorf("the offered payload: %v", err)
	}
}

// TestRevokedBeforeItIsPaidIsCancelled takes an offer back that nobody has paid: no
// money can get stuck on it.
func TestRevokedBeforeItIsPaidIsCancelled(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	if _, err := d.town.seller.Revoke(t.Context(), d.order, "test"); err != nil {
		t.Fatal(err)
	}
	if state := d.trade().State; state != sinso.TradeCancelled {
		t.Fatalf("the order is %s", state)
	}
	if row, err := d.buy(t.Context(), d.offer); !errors.Is(err, sinso.ErrNotFound) || row.Step != "planned" {
		t.Errorf("step %q, %v", row.Step, err)
	}
	if err := d.town.seller.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if row, err := d.town.seller.Order(t.Context(), d.order); err != nil || row.State != sinso.TradeCancelled {
		t.Errorf("the order is written down as %s, %v", row.State, err)
	}
}

// TestRevocationReachesTheChainLater revokes while the chain does not answer.
func TestRevocationReachesTheChainLater(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.wantBought()
	ctx, seller := t.Context(), d.town.seller
	if err := seller.Tend(ctx); err != nil { // the end of the trade is written down
		t.Fatal(err)
	}
	chainOf(seller).fails(cut("revoke"))
	if _, err := seller.Revoke(ctx, d.order, "test"); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("got %v, want ErrUnavailable", err)
	}
	chainOf(seller).fails(nil)
	if err := seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if d.trade().RevokedAt.IsZero() {
		t.Error("the chain does not know of the revocation")
	}
	if got := d.counts()[sinso.EventRevoked]; got != 1 {
		t.Errorf("%d events say so", got)
	}
}

// atOnce runs a function several times at once and returns what each said.
func atOnce(times int, run func(i int) error) []error {
	errs := make([]error, times)
	var group sync.WaitGroup
	for i := range times {
		group.Go(func() { errs[i] = run(i) })
	}
	group.Wait()
	return errs
}

// TestBuyAtOnceBuysOnce settles one offer from several callers: one trade, one
// set of keys.
func TestBuyAtOnceBuysOnce(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	status, err := d.buyer.Status(t.Context())
	if err == nil {
		_, err = d.town.seller.Chain.Fund(t.Context(), status.Account, sinso.NewWei(new(big.Int).Mul(testPrice.Int(), big.NewInt(9))))
	}
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		asked.Add(1)
		return d.peers.Peers.Key(t.Context(), d.town.seller.Config.URL, r)
	}
	for _, err := range atOnce(4, func(int) error {
		row, err := d.buyer.Buy(t.Context(), d.offer, nil)
		if err == nil && row.Step != "released" {
			err = fmt.Errorf("step %q", row.Step)
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("the key was asked for %d times", asked.Load())
	}
}

// TestReleaseAtOnceMakesTwo releases one study twice at once: two releases, each
// whole, that share no address, no block and no token.
func TestReleaseAtOnceMakesTwo(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	rows := make([]sinso.ReleaseRow, 2)
	for _, err := range atOnce(2, func(i int) (err error) {
		rows[i], err = seller.Release(ctx, d.row.Study, ReleaseOptions{Actor: "test", Price: testPrice})
		return err
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	a, b := rows[0], rows[1]
	if a.ID == b.ID || a.Token == b.Token || a.Asset.Creator == b.Asset.Creator || a.Manifest == b.Manifest || a.Asset.Commitment == b.Asset.Commitment {
		t.Errorf("two releases share something: %s %s", a.ID, b.ID)
	}
	orders, err := seller.Orders(ctx, "")
	if err != nil || len(orders) != 3 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	for _, row := range rows {
		if _, err := seller.Verify(ctx, row.Token); err != nil {
			t.Errorf("release %s: %v", row.ID, err)
		}
	}
}

// TestRevokedOrAnswered races the end of a grant with its first answer, many times:
// no key is given after the end is written down.
func TestRevokedOrAnswered(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	var request sinso.KeyRequest
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		request = r
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(ctx, d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	atOnce(8, func(i int) error {
		if i == 4 {
			_, err := seller.Revoke(ctx, d.order, "test")
			return err
		}
		_, err := seller.Answer(ctx, request)
		return err
	})
	var order []sinso.EventType
	if err := seller.audit.Events(ctx, 0, func(e sinso.Event) error {
		if e.Type == sinso.EventKeyGranted || e.Type == sinso.EventRevoked {
			order = append(order, e.Type)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(order) > 2 || order[len(order)-1] != sinso.EventRevoked {
		t.Errorf("the log has %v", order)
	}
}

// TestImportAtOnceFilesOnce imports the same files, two that claim one UID, and a
// refused one from several callers at once: each is filed once, and the conflict is
// seen.
func TestImportAtOnceFilesOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	n, err := tn.node(ctx, Config{Data: tn.dir, Chain: "none"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	}()
	var items [][]byte
	if err := phantom.Series(phantom.Options{Slices: 6, Rows: 16, Columns: 16}, func(_ string, part10 []byte) error {
		twin := bytes.Clone(part10)
		twin[len(twin)-1] ^= 1 // the same UID
		items = append(items, part10, twin, part10[:len(part10)-7])
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	const callers = 4
	results := make([]ImportResult, callers)
	for _, err := range atOnce(callers, func(i int) (err error) {
		results[i], err = n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
			for _, item := range items {
				if err := fn(ingest.Found{Item: sinso.Item{Bytes: item, Name: sinso.NewPHI("x")}}); err != nil {
					return err
				}
			}
			return nil
		}, ImportOptions{Actor: "test"})
		return err
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var sum ImportResult
	for _, r := range results {
		sum.Instances += r.Instances
		sum.Conflicts += r.Conflicts
		sum.Duplicates += r.Duplicates
	}
	if sum.Instances != 6 || sum.Conflicts != 6 || sum.Duplicates != 12*(callers-1) {
		t.Errorf("%d instances, %d conflicts, %d duplicates; want 6, 6, %d", sum.Instances, sum.Conflicts, sum.Duplicates, 12*(callers-1))
	}
	counts := map[sinso.EventType]int{}
	if err := n.audit.Events(ctx, 0, func(e sinso.Event) error {
		counts[e.Type]++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if counts[sinso.EventInstanceSealed] != 12 || counts[sinso.EventQuarantined] != 6 || counts[sinso.EventPersonCreated] != 1 {
		t.Errorf("the log has %v", counts)
	}
	studies, err := n.Studies(ctx, "")
	if err != nil || len(studies) != 1 || studies[0].Listed != 12 {
		t.Errorf("studies %d, listed %d, %v", len(studies), studies[0].Listed, err)
	}
}

// forgery is a release that a seller made up from a true one: it signs what a seller
// signs, and has no hand in what the institution signed, unless it signs again.
type forgery struct {
	*deal
	objects  [][]byte // plain: the derivatives, then the works
	bundle   attest.Bundle
	manifest func(*sinso.Manifest) // changes it before it is sealed
	fields   attest.Fields         // all but payload, evidence and key commitment
	event    sinso.Event           // that the log shows as the release
	roles    []string
	blocks   []sinso.Block
}

// opened is a plain object of the seller's.
func (d *deal) opened(root sinso.CID, key sinso.CEK) []byte {
	d.t.Helper()
	envelope, err := vault.New(d.town.seller.Blobs).Get(d.t.Context(), root)
	if err == nil {
		envelope, err = seal.Open(key, envelope)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return envelope
}

// forge starts from the true release.
func (d *deal) forge() *forgery {
	d.t.Helper()
	f := &forgery{deal: d, manifest: func(*sinso.Manifest) {}, roles: slices.Clone(d.row.Roles)}
	var manifest sinso.Manifest
	if err := json.Unmarshal(d.opened(d.row.Manifest, d.key), &manifest); err != nil {
		d.t.Fatal(err)
	}
	for _, object := range manifest.Objects {
		f.objects = append(f.objects, d.opened(object.CID, sinso.CEK(object.Key)))
	}
	var err error
	if f.bundle, err = attest.Decode(d.opened(manifest.Evidence.CID, sinso.CEK(manifest.Evidence.Key))); err != nil {
		d.t.Fatal(err)
	}
	if f.fields, err = attest.OpenCommitment(d.row.Opening, d.row.Asset.Commitment); err != nil {
		d.t.Fatal(err)
	}
	f.event = sinso.Event{Type: sinso.EventReleased, Origin: f.fields.Origin}
	return f
}

// signAgain lets the institution sign the bundle as it now is: a hostile one.
func (f *forgery) signAgain(works []attest.Work, proofs []attest.NamedProof) {
	f.t.Helper()
	seed, err := f.town.seller.keys.Secret(f.t.Context(), sinso.KeyInstitution, way.SigningPurpose)
	if err == nil {
		f.bundle, err = attest.NewBundle(attest.Release{
			Origin: f.fields.Origin, Profile: f.fields.Profile, Nonce: [32]byte{4},
			Evidence: f.bundle.Evidence, Withheld: f.bundle.Withheld, Works: works, Proofs: proofs,
		}, seed)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *forgery) sealed(plain []byte) sinso.ManifestObject {
	f.t.Helper()
	sealed, key, err := seal.New(f.town.seller.keys, rand.Reader).SealFor(f.t.Context(), f.secret, sinso.NewHashed(plain))
	if err != nil {
		f.t.Fatal(err)
	}
	f.blocks = append(f.blocks, sealed.Blocks...)
	return sinso.ManifestObject{Role: "derivative", CID: sealed.CID, Size: int64(len(plain)), Key: key[:]}
}

// proven logs the event in a log under the institution's key.
func (f *forgery) proven() sinso.Proof {
	f.t.Helper()
	ctx := f.t.Context()
	journal, err := pack.Open(f.t.TempDir(), pack.Options{})
	if err != nil {
		f.t.Fatal(err)
	}
	defer journal.Close() //nolint:errcheck // it is a test's
	seed, err := f.town.seller.keys.Secret(ctx, sinso.KeyInstitution, way.SigningPurpose)
	if err != nil {
		f.t.Fatal(err)
	}
	log, err := tlog.Open(ctx, journal, tlog.Config{Key: [32]byte{1}, Sign: seed, Rand: rand.Reader, Clock: f.clock})
	if err == nil {
		_, err = log.Append(ctx, nil, sinso.Event{Type: sinso.EventOpened, Body: []byte("{}")}, f.event)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	proof, err := log.Prove(ctx, 1)
	if err != nil {
		f.t.Fatal(err)
	}
	return proof
}

// offered seals and signs all of it again, as a seller can, and returns the offer
// and the key.
func (f *forgery) offered() (sinso.Offer, sinso.CEK) {
	f.t.Helper()
	ctx, n := f.t.Context(), f.town.seller
	check := func(err error) {
		f.t.Helper()
		if err != nil {
			f.t.Fatal(err)
		}
	}
	manifest := sinso.Manifest{Version: sinso.ManifestVersion}
	for i, plain := range f.objects {
		object := f.sealed(plain)
		if i >= len(f.objects)-1 {
			object.Role = "work"
		}
		manifest.Objects = append(manifest.Objects, object)
	}
	encoded, err := f.bundle.Encode()
	check(err)
	evidence := f.sealed(encoded)
	manifest.Evidence = &evidence
	f.manifest(&manifest)
	plain, err := json.Marshal(manifest)
	check(err)
	object := f.sealed(plain)
	key := sinso.CEK(object.Key)
	f.fields.Payload = object.CID
	if f.fields.Evidence == f.trueEvidence() {
		f.fields.Evidence = f.bundle.Signed.Hash()
	}
	commitment, opening, err := attest.Commit(f.secret, f.fields, key)
	check(err)
	author, err := n.keys.Secret(ctx, sinso.PersonKey(f.row.Author.Person), "author")
	check(err)
	asset, err := register.Compose(n.Chain.Contracts(), commitment, f.seller, register.Party{Secret: author, Bps: f.row.Author.Bps})
	check(err)
	token, err := register.Check(n.Chain.Contracts(), asset)
	check(err)
	if f.event.Public == nil {
		f.event.Public = []byte(`{"commitment":"` + commitment.String() + `"}`)
	}
	order, err := market.NewOrder(asset.Creator, token, testPrice, object.CID, key, f.clock.Now())
	check(err)
	offer := sinso.Offer{
		Version: market.OfferVersion, Order: order, Asset: asset, Roles: f.roles, Payload: object.CID, Contracts: n.Chain.Contracts(),
		Institution: n.InstitutionKey(), Origin: f.fields.Origin, Opening: opening, Proof: f.proven(), Peer: n.Config.URL, Terms: market.Terms,
	}
	_, err = market.Sign(&offer, f.seller)
	check(err)
	return offer, key
}

func (f *forgery) trueEvidence() sinso.Hash {
	fields, err := attest.OpenCommitment(f.row.Opening, f.row.Asset.Commitment)
	if err != nil {
		f.t.Fatal(err)
	}
	return fields.Evidence
}

// held puts an offer and its blocks into the buyer's node as a finished purchase,
// and verifies it.
func (f *forgery) held(offer sinso.Offer, key sinso.CEK) (Verification, error) {
	f.t.Helper()
	ctx, n := f.t.Context(), f.buyer
	encoded, err := json.Marshal(offer)
	if err != nil {
		f.t.Fatal(err)
	}
	hash, err := market.OrderHash(offer.Contracts, offer.Order)
	if err != nil {
		f.t.Fatal(err)
	}
	wrapped, err := n.keys.Wrap(ctx, sinso.KeyNode, key, []byte(offer.Payload))
	if err != nil {
		f.t.Fatal(err)
	}
	if err := n.pack.Put(ctx, f.blocks...); err != nil {
		f.t.Fatal(err)
	}
	if err := n.meta.Tx(ctx, func(tx sinso.MetaTx) error {
		return tx.SavePurchase(sinso.PurchaseRow{Order: hash, Token: offer.Order.Token, Step: "released", Offer: encoded, Key: wrapped})
	}); err != nil {
		f.t.Fatal(err)
	}
	return n.Verify(ctx, offer.Order.Token)
}

// forgeries are all the ways to change a release, with the piece that tells.
func forgeries(other *forgery) map[string]struct {
	change func(*forgery)
	piece  string
} {
	type way = struct {
		change func(*forgery)
		piece  string
	}
	flip := func(b []byte, at int) { b[(at+len(b))%len(b)] ^= 1 }
	object := func(change func([]sinso.ManifestObject)) func(*forgery) {
		return func(f *forgery) {
			f.manifest = func(m *sinso.Manifest) { change(m.Objects) }
		}
	}
	ways := map[string]way{
		"statement":           {func(f *forgery) { flip(f.bundle.Signed.Statement, 40) }, "evidence: attest: statement signature"},
		"statement signature": {func(f *forgery) { flip(f.bundle.Signed.Signature[:], 9) }, "evidence: attest: statement signature"},
		"root":                {func(f *forgery) { flip(f.bundle.Evidence[1].Root[:], 0) }, "evidence: attest: instance 1: root"},
		"record":              {func(f *forgery) { flip(f.bundle.Evidence[2].SHA256[:], 3) }, "evidence: attest: instance 2: file"},
		"order of instances":  {func(f *forgery) { f.bundle.Evidence[0].Index = 7 }, "evidence: attest: instance 0: index"},
		"fewer instances":     {func(f *forgery) { f.bundle.Evidence = f.bundle.Evidence[:2] }, "evidence: attest: instances"},
		"withheld instance": {func(f *forgery) {
			f.bundle.Withheld = append(f.bundle.Withheld, attest.WithheldInstance{Index: 3})
		}, "evidence: attest: withheld instances"},
		"work's hash":      {func(f *forgery) { flip(f.bundle.Works[0].SHA256[:], 3) }, "evidence: attest: work 0: file"},
		"work's signature": {func(f *forgery) { flip(f.bundle.Works[0].Signature, 20) }, "evidence: attest: work 0: signature"},
		"work's signer":    {func(f *forgery) { flip(f.bundle.Works[0].Signer[:], 2) }, "evidence: attest: work 0: signature"},
		"work's role":      {func(f *forgery) { f.bundle.Works[0].Role = "reader" }, "evidence: attest: work 0: entry"},
		"import leaf":      {func(f *forgery) { flip(f.bundle.Proofs[0].Leaf, 5) }, "evidence: attest: audit proof of the import: leaf"},
		"import path":      {func(f *forgery) { flip(f.bundle.Proofs[0].Path, 5) }, "evidence: attest: audit proof of the import"},
		"import index":     {func(f *forgery) { f.bundle.Proofs[0].Index++ }, "evidence: attest: audit proof of the import"},
		"import checkpoint": {func(f *forgery) {
			f.bundle.Proofs[0].Checkpoint += "\n"
		}, "evidence: attest: audit proof of the import"},
		"no import":                   {func(f *forgery) { f.bundle.Proofs = nil }, "evidence: attest: audit proofs"},
		"evidence of another release": {func(f *forgery) { f.bundle = other.bundle }, "evidence: "},
		"statement of another":        {func(f *forgery) { f.fields.Evidence = sinso.Hash{1} }, "evidence: the token commits to another statement"},
		"tier T3":                     {func(f *forgery) { f.fields.Tier = "T3" }, "commitment: the token is of tier T3"},
		"no tier":                     {func(f *forgery) { f.fields.Tier = "T9" }, "commitment: the token commits to no tier"},
		"profile":                     {func(f *forgery) { flip(f.fields.Profile[:], 0) }, "evidence: the statement is of another origin or profile"},
		"more instances":              {func(f *forgery) { f.fields.Instances++ }, "manifest: it holds other objects"},
		"origin": {func(f *forgery) {
			f.fields.Origin, f.event.Origin = sinso.OriginDevice, sinso.OriginDevice
		}, "evidence: attest: audit proof of the import"},
		"origin of the entry":  {func(f *forgery) { f.event.Origin = sinso.OriginDevice }, "release entry: the entry is of origin"},
		"another entry":        {func(f *forgery) { f.event.Type = sinso.EventImported }, "release entry: the entry is"},
		"entry of another":     {func(f *forgery) { f.event.Public = []byte(`{"commitment":"0x00"}`) }, "release entry: the entry is of another release"},
		"role of a payee":      {func(f *forgery) { f.roles[1] = "reader" }, "evidence: payee 2 of the split shares as"},
		"a file twice":         {object(func(o []sinso.ManifestObject) { o[1] = o[0] }), "evidence: attest: instance 1"},
		"files turned":         {object(func(o []sinso.ManifestObject) { o[0], o[2] = o[2], o[0] }), "evidence: attest: instance 0"},
		"a foreign role":       {object(func(o []sinso.ManifestObject) { o[0].Role = "original" }), "manifest: it holds other objects"},
		"a work as derivative": {object(func(o []sinso.ManifestObject) { o[3].Role = "derivative" }), "manifest: it holds other objects"},
		"no key":               {object(func(o []sinso.ManifestObject) { o[0].Key = nil }), "manifest: way: the manifest names an object wrongly"},
		"another key":          {object(func(o []sinso.ManifestObject) { flip(o[0].Key, 0) }), "evidence: attest: instance 0: file"},
		"no CID":               {object(func(o []sinso.ManifestObject) { o[0].CID = "../../etc" }), "manifest: way: the manifest names an object wrongly"},
		"below nothing":        {object(func(o []sinso.ManifestObject) { o[0].Size = -1 }), "manifest: way: the manifest names an object of -1 bytes"},
		"endless":              {object(func(o []sinso.ManifestObject) { o[0].Size = 1 << 62 }), "manifest: way: the manifest names an object of"},
		"another size":         {object(func(o []sinso.ManifestObject) { o[0].Size++ }), "evidence: attest: instance 0: file"},
		"one object more": {func(f *forgery) {
			f.manifest = func(m *sinso.Manifest) { m.Objects = append(m.Objects, m.Objects[0]) }
		}, "manifest: it holds other objects"},
		"no evidence":   {func(f *forgery) { f.manifest = func(m *sinso.Manifest) { m.Evidence = nil } }, "manifest: way: the manifest holds no evidence"},
		"other version": {func(f *forgery) { f.manifest = func(m *sinso.Manifest) { m.Version = 9 } }, "manifest: way: manifest version 9"},
		"signed by another": {func(f *forgery) {
			work, err := attest.SignWork(f.town.seller.Chain.Contracts(), [32]byte{8}, "doctor", f.objects[3])
			if err != nil {
				f.t.Fatal(err)
			}
			f.signAgain([]attest.Work{work}, f.bundle.Proofs)
		}, `evidence: payee 2 of the split shares as "doctor"`},
		"rests on another entry": {func(f *forgery) {
			proof, err := f.town.seller.audit.Prove(f.t.Context(), 0)
			if err != nil {
				f.t.Fatal(err)
			}
			named, err := attest.NewNamedProof("import", proof)
			if err != nil {
				f.t.Fatal(err)
			}
			f.signAgain(f.bundle.Works, []attest.NamedProof{named})
		}, "evidence: attest: audit proof of the import"},
		"one instance left out": {func(f *forgery) {
			f.objects, f.bundle.Evidence, f.fields.Instances = slices.Delete(f.objects, 2, 3), f.bundle.Evidence[:2], 2
			f.signAgain(f.bundle.Works, f.bundle.Proofs)
		}, "import entry: the import was of 3 instances, the evidence is of 2"},
	}
	for _, at := range []int{0, 131, 140, 400, 700, -1} { // preamble, meta, elements, pixels
		ways[fmt.Sprintf("derivative, byte %d", at)] = way{func(f *forgery) { flip(f.objects[1], at) }, "evidence: attest: instance 1"}
		ways[fmt.Sprintf("work, byte %d", at)] = way{func(f *forgery) { flip(f.objects[3], at) }, "evidence: attest: work 0: file"}
	}
	for at := 0; at < 600; at += 37 {
		ways[fmt.Sprintf("leaves, byte %d", at)] = way{func(f *forgery) { flip(f.bundle.Evidence[0].Leaves, at) }, "evidence: attest: instance 0"}
	}
	return ways
}

// TestVerifyNamesTheForgedPiece changes one piece of a release at a time, and seals
// and signs again all that a seller seals and signs, so that not only the outermost
// seal tells. Verify refuses each, and names the piece; what was not changed passes.
func TestVerifyNamesTheForgedPiece(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	row, err := d.town.seller.Release(t.Context(), d.row.Study, ReleaseOptions{Actor: "test", Price: testPrice, Author: d.row.Author, Accepted: true})
	if err != nil {
		t.Fatal(err)
	}
	d.know(row.ID)
	other := d.forge()
	releases, err := d.town.seller.Releases(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	d.know(releases[0].ID)
	d.buyer.Chain = nil
	same := d.forge()
	if found, err := same.held(same.offered()); err != nil || len(found.Steps) != 8 {
		t.Fatalf("what was not forged: %d steps, %v", len(found.Steps), err)
	}
	for name, forged := range forgeries(other) {
		f := d.forge()
		forged.change(f)
		_, err := f.held(f.offered())
		if err == nil || !strings.HasPrefix(err.Error(), "verify: "+forged.piece) {
			t.Errorf("%s: got %v, want %q", name, err, forged.piece)
		}
	}
}

// TestForgedContentIsNotPaid takes a forged release the whole way, minted and with
// the right key: the buyer takes it, finds what is wrong, and lets no money go.
func TestForgedContentIsNotPaid(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	for name, change := range map[string]func(*forgery){
		"other pixels": func(f *forgery) { f.objects[0][len(f.objects[0])-1] ^= 1 },
		"endless": func(f *forgery) {
			f.manifest = func(m *sinso.Manifest) { m.Objects[0].Size = 1 << 62 }
		},
		"a small size for a large object": func(f *forgery) {
			f.manifest = func(m *sinso.Manifest) {
				large := f.sealed(make([]byte, 8<<20))
				m.Objects[0].CID, m.Objects[0].Key = large.CID, large.Key
			}
		},
	} {
		f := d.forge()
		change(f)
		offer, key := f.offered()
		if _, err := register.Enter(t.Context(), d.town.seller.Chain, "r", offer.Asset); err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(offer)
		if err != nil {
			t.Fatal(err)
		}
		if d.order, err = market.OrderHash(offer.Contracts, offer.Order); err != nil {
			t.Fatal(err)
		}
		blocks := map[sinso.CID][]byte{}
		for _, block := range f.blocks {
			blocks[block.CID] = block.Data
		}
		var read atomic.Int64
		d.peers.key = func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return d.answer(key), nil }
		d.peers.fetch = func(cid sinso.CID) ([]byte, error) {
			read.Add(int64(len(blocks[cid])))
			return blocks[cid], nil
		}
		account, err := d.buyer.Status(t.Context())
		if err == nil {
			_, err = d.town.seller.Chain.Fund(t.Context(), account.Account, sinso.NewWei(new(big.Int).Mul(testPrice.Int(), big.NewInt(2))))
		}
		if err != nil {
			t.Fatal(err)
		}
		row, err := d.buyer.Buy(t.Context(), encoded, nil)
		if err == nil || row.Step != "delivered" || !strings.Contains(err.Error(), "not confirm") && !strings.Contains(err.Error(), "are allowed") {
			t.Errorf("%s: step %q, %v", name, row.Step, err)
		}
		if read.Load() > 1<<20 {
			t.Errorf("%s: %d bytes were read", name, read.Load())
		}
		d.wantUnpaid()
	}
}

// TestVerifyNeedsNobody verifies a purchase when the seller's node is gone and there
// is no chain to ask.
func TestVerifyNeedsNobody(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	row := d.wantBought()
	cfg := d.buyer.Config
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(d.dir, "seller")); err != nil {
		t.Fatal(err)
	}
	cfg.Chain, cfg.Contracts = "none", ""
	n, err := Open(t.Context(), cfg, Options{Clock: d.clock})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close() //nolint:errcheck // it is a test's
	found, err := n.Verify(t.Context(), row.Token)
	if err != nil || len(found.Steps) != 8 || found.Events != 2 || found.Evidence.Released != 3 {
		t.Errorf("%d steps, %d entries, %d instances, %v", len(found.Steps), found.Events, found.Evidence.Released, err)
	}
}

// TestRebuiltIndexIsTheSame takes both nodes through a trade and compares every row
// of their indexes with those that the journal gives.
func TestRebuiltIndexIsTheSame(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.wantBought()
	ctx := t.Context()
	if _, err := d.town.seller.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		return fn(ingest.Found{Item: sinso.Item{Bytes: []byte("no DICOM, but something"), Name: sinso.NewPHI("x")}})
	}, ImportOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if err := d.town.seller.SaveBearer(ctx, sinso.BearerRow{Hash: "ab", Role: sinso.RoleAuditor, Expires: d.clock.Now()}, "test"); err != nil {
		t.Fatal(err)
	}
	if err := d.town.seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := d.town.seller.Revoke(ctx, d.order, "test"); err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]*Node{"seller": d.town.seller, "buyer": d.buyer} {
		living := index(t, n)
		if err := n.Rebuild(ctx); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(living, index(t, n)); diff != "" {
			t.Errorf("%s (-living +rebuilt):\n%s", name, diff)
		}
	}
}

// index reads every row of an index.
func index(t *testing.T, n *Node) []string {
	t.Helper()
	var rows []string
	add := func(row any) error {
		text, err := json.Marshal(row)
		rows = append(rows, string(text))
		return err
	}
	err := n.meta.View(t.Context(), func(tx sinso.MetaTx) error {
		cursor, err := tx.Cursor()
		var studies []sinso.StudyRow
		return errors.Join(
			err, add(cursor),
			tx.Persons(func(r sinso.PersonRow) error { return add(r) }),
			tx.Studies("", func(r sinso.StudyRow) error { studies = append(studies, r); return add(r) }),
			tx.Quarantine(func(r sinso.QuarantineRow) error { return add(r) }),
			tx.Releases("", func(r sinso.ReleaseRow) error { return add(r) }),
			tx.Orders("", func(r sinso.OrderRow) error { return add(r) }),
			tx.Purchases(func(r sinso.PurchaseRow) error { return add(r) }),
			tx.Shares("", func(r sinso.ShareRow) error { return add(r) }),
			tx.EventsOf("", "", func(seq uint64) error { return add(seq) }),
			eachOf(studies, func(s sinso.StudyRow) error {
				return errors.Join(
					tx.Series(s.ID, func(r sinso.SeriesRow) error { return add(r) }),
					tx.Instances(s.ID, func(r sinso.InstanceRow) error { return add(r) }),
					tx.EventsOf(s.Person, string(s.ID), func(seq uint64) error { return add(seq) }),
				)
			}),
			func() error {
				bearer, err := tx.Bearer("ab")
				if errors.Is(err, sinso.ErrNotFound) {
					return nil
				}
				return errors.Join(err, add(bearer))
			}(),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func eachOf[Item any](items []Item, do func(Item) error) error {
	var errs []error
	for _, item := range items {
		errs = append(errs, do(item))
	}
	return errors.Join(errs...)
}

// TestEventsHoldNoKey looks for every content key and secret of a trade in the
// events of both nodes, as bytes and in the texts that JSON has for bytes, and for
// what a person has in both halves of two releases that strangers see.
func TestEventsHoldNoKey(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	row := d.wantBought()
	ctx := t.Context()
	var manifest sinso.Manifest
	if err := json.Unmarshal(d.opened(d.row.Manifest, d.key), &manifest); err != nil {
		t.Fatal(err)
	}
	seed, err := d.buyer.keys.Unwrap(ctx, row.Secret, row.Order[:])
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string][]byte{"the manifest's key": d.key[:], "the seller's": d.seller[:], "the release's": d.secret[:], "the one-order seed": seed[:]}
	for i, object := range append(manifest.Objects, *manifest.Evidence) {
		secrets[fmt.Sprintf("the key of object %d", i)] = object.Key
	}
	events := 0
	for _, n := range []*Node{d.town.seller, d.buyer} {
		if err := n.audit.Events(ctx, 0, func(e sinso.Event) error {
			events++
			for name, secret := range secrets {
				for _, form := range [][]byte{secret, []byte(hex.EncodeToString(secret)), []byte(base64.StdEncoding.EncodeToString(secret))} {
					if bytes.Contains(e.Body, form) || bytes.Contains(e.Public, form) {
						t.Errorf("event %d (%s) holds %s", e.Seq, e.Type, name)
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if events < 15 || len(secrets) < 9 {
		t.Errorf("%d events and %d secrets were looked at", events, len(secrets))
	}
}

// TestTwoReleasesShareOnlyTheirInstitution compares the offers of two releases of one
// person, as strangers see them: what is the same is the node's, the institution's
// or a constant of the market.
func TestTwoReleasesShareOnlyTheirInstitution(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	if _, err := d.town.seller.Release(t.Context(), d.row.Study, ReleaseOptions{Actor: "test", Price: sinso.NewWei(big.NewInt(7))}); err != nil {
		t.Fatal(err)
	}
	orders, err := d.town.seller.Orders(t.Context(), "")
	if err != nil || len(orders) != 2 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	var seen [2]map[string]any
	for i, order := range orders {
		if err := json.Unmarshal(order.Offer, &seen[i]); err != nil {
			t.Fatal(err)
		}
	}
	shared := map[string]bool{
		"version": true, "contracts": true, "institution": true, "origin": true, "peer": true, "terms": true,
		"order.terms": true, "order.deliverWithin": true, "order.disputeWithin": true, "order.endsAt": true, "asset.parent": true,
	}
	compare := func(prefix string, a, b map[string]any) {
		for name, value := range a {
			if !shared[prefix+name] && cmp.Equal(value, b[name]) {
				t.Errorf("both offers say %s%s = %v", prefix, name, value)
			}
		}
	}
	compare("", seen[0], seen[1])
	for _, part := range []string{"order", "asset"} {
		a, b := seen[0][part].(map[string]any), seen[1][part].(map[string]any)
		compare(part+".", a, b)
	}
	first, second := seen[0]["asset"].(map[string]any)["split"].([]any)[0], seen[1]["asset"].(map[string]any)["split"].([]any)[0]
	if first.(map[string]any)["payee"] == second.(map[string]any)["payee"] {
		t.Error("the patient has one account in both")
	}
}

// TestIndexBehindOrAhead sets an index back, as a crash does, and ahead, as a log that
// lost its end does: the first is brought up by the next entry, the second is told.
func TestIndexBehindOrAhead(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	set := func(by int64) {
		t.Helper()
		if err := n.meta.Tx(ctx, func(tx sinso.MetaTx) error {
			cursor, err := tx.Cursor()
			if err != nil {
				return err
			}
			return tx.SetCursor(uint64(int64(cursor) + by))
		}); err != nil {
			t.Fatal(err)
		}
	}
	set(-4)
	if err := n.SaveBearer(ctx, sinso.BearerRow{Hash: "ab", Role: sinso.RoleAuditor}, "test"); err != nil {
		t.Fatal(err)
	}
	behind := index(t, n)
	if err := n.Rebuild(ctx); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(behind, index(t, n)); diff != "" {
		t.Errorf("brought up (-) and rebuilt (+):\n%s", diff)
	}
	set(3)
	if err := n.CatchUp(ctx); !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(err.Error(), "older copy") {
		t.Errorf("ahead of the log: %v", err)
	}
}

// TestReleaseDuringAnImport releases a study that an import has not closed: the
// evidence rests on an import entry, of just the instances that it speaks of.
func TestReleaseDuringAnImport(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	var items [][]byte
	if err := phantom.Series(phantom.Options{Seed: 9, Slices: 4, Rows: 32, Columns: 32}, func(_ string, part10 []byte) error {
		items = append(items, part10)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var row sinso.ReleaseRow
	_, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		for i, item := range items {
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: item, Name: sinso.NewPHI("x")}}); err != nil {
				return err
			}
			if i == 1 {
				study, err := waitForStudy(ctx, n, d.row.Study)
				if err != nil {
					return err
				}
				if row, err = n.Release(ctx, study, ReleaseOptions{Actor: "test", Price: testPrice}); err != nil {
					return err
				}
			}
		}
		return nil
	}, ImportOptions{Actor: "test"})
	if err != nil || row.State != sinso.ReleaseIsRegistered {
		t.Fatalf("the release is %q, %v", row.State, err)
	}
	if _, err := n.Verify(ctx, row.Token); err != nil {
		t.Error(err)
	}
}

// waitForStudy waits for an instance of another study.
func waitForStudy(ctx context.Context, n *Node, not sinso.StudyID) (sinso.StudyID, error) {
	for ctx.Err() == nil {
		studies, err := n.Studies(ctx, "")
		if err != nil {
			return "", err
		}
		for _, study := range studies {
			if study.ID != not {
				return study.ID, nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return "", ctx.Err()
}

// TestUnfinishedReleaseKeepsItsTerms cuts a release off before it is minted, and asks
// for it again at another price. The chain stays cut off meanwhile: what is finished
// could be released again at any price.
func TestUnfinishedReleaseKeepsItsTerms(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	chainOf(n).fails(cut("enter asset"))
	terms := ReleaseOptions{Actor: "test", Price: testPrice}
	if _, err := n.Release(ctx, d.row.Study, terms); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatal(err)
	}
	other := terms
	other.Price = sinso.NewWei(big.NewInt(1))
	if _, err := n.Release(ctx, d.row.Study, other); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("at another price: %v", err)
	}
	other = terms
	other.Author = d.row.Author
	if _, err := n.Release(ctx, d.row.Study, other); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("with a co-creator: %v", err)
	}
	chainOf(n).fails(nil)
	row, err := n.Release(ctx, d.row.Study, terms)
	if err != nil || row.State != sinso.ReleaseIsRegistered || row.Price.Int().Cmp(testPrice.Int()) != 0 {
		t.Errorf("on its terms: %s for %s, %v", row.State, row.Price, err)
	}
	if rows, err := n.Releases(ctx, ""); err != nil || len(rows) != 2 {
		t.Errorf("%d releases, %v: want the deal's and this one", len(rows), err)
	}
}

// TestMissingBlockIsNamed takes one block at a time out of a finished purchase: Verify
// names the piece that it belongs to, and nothing is exported in its place.
func TestMissingBlockIsNamed(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, row := t.Context(), d.wantBought()
	var manifest sinso.Manifest
	if err := json.Unmarshal(d.opened(d.row.Manifest, d.key), &manifest); err != nil {
		t.Fatal(err)
	}
	for cid, piece := range map[sinso.CID]string{
		d.row.Manifest:          "manifest: ",
		manifest.Evidence.CID:   "evidence: ",
		manifest.Objects[1].CID: "evidence: attest: instance 1: file",
		manifest.Objects[3].CID: "evidence: attest: work 0: file",
	} {
		data, err := d.buyer.pack.Get(ctx, cid)
		if err == nil {
			err = d.buyer.pack.Delete(ctx, cid)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.buyer.Verify(ctx, row.Token); !errors.Is(err, sinso.ErrNotFound) || !strings.HasPrefix(err.Error(), "verify: "+piece) {
			t.Errorf("got %v, want %q", err, piece)
		}
		if err := d.buyer.pack.Put(ctx, sinso.Block{CID: cid, Data: data}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.buyer.Verify(ctx, row.Token); err != nil {
		t.Errorf("put back: %v", err)
	}
}

// forgetful loses the chain's answer the first time that it is asked for each thing
// that moves money, and counts what was lost.
func forgetful() (fault chainFault, lost func() int) {
	var mu sync.Mutex
	seen := map[string]bool{"enter asset": true, "revoke": true} // move none
	begun := len(seen)
	fault = func(what string, done bool) error {
		mu.Lock()
		defer mu.Unlock()
		if !done || seen[what] {
			return nil
		}
		seen[what] = true
		return errSilent
	}
	return fault, func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(seen) - begun
	}
}

// TestLostAnswersOfTheChain loses the chain's first answer to everything that moves
// money, on both sides of a trade. Trying again ends as it should, with nothing paid
// twice.
func TestLostAnswersOfTheChain(t *testing.T) {
	t.Parallel()
	type keyFunc = func(sinso.KeyRequest) (sinso.KeyAnswer, error)
	for name, tt := range map[string]struct {
		key  func(d *deal) keyFunc
		want string // the last step
		lost int    // answers
	}{
		"honest": {func(*deal) keyFunc { return nil }, "released", 5},
		"wrong key": {func(d *deal) keyFunc {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return d.answer(sinso.CEK{1}), nil }
		}, "refunded", 5},
		"silent seller": {func(d *deal) keyFunc {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
				d.clock.jump(market.DeliverWithin + time.Minute)
				return sinso.KeyAnswer{}, errSilent
			}
		}, "refunded", 4},
		"silent buyer": {func(d *deal) keyFunc {
			return func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
				answer, err := d.town.seller.Answer(t.Context(), r)
				for _, jump := range []time.Duration{2 * time.Minute, market.DisputeWithin + time.Minute} {
					d.clock.jump(jump)
					for tendErr := errSilent; tendErr != nil; {
						tendErr = d.town.seller.Tend(t.Context())
					}
				}
				return answer, err
			}
		}, "released", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeal(t)
			there, _ := forgetful()
			here, lost := forgetful()
			chainOf(d.town.seller).fails(there)
			chainOf(d.buyer).fails(here)
			d.peers.key = tt.key(d)
			var row sinso.PurchaseRow
			err, tries := errSilent, 0
			for ; err != nil && tries < 12; tries++ {
				row, err = d.buy(t.Context(), d.offer)
			}
			if err != nil || row.Step != tt.want || lost() != tt.lost {
				t.Fatalf("after %d tries: step %q, %d answers lost, %v", tries, row.Step, lost(), err)
			}
			if tt.want == "refunded" {
				d.wantBack(row, err)
				return
			}
			for err = errSilent; err != nil; {
				err = d.town.seller.Tend(t.Context())
			}
			order, err := d.town.seller.Order(t.Context(), d.order)
			if err != nil || order.State != sinso.TradeReleased {
				t.Fatalf("the order is %s, %v", order.State, err)
			}
			for _, payout := range order.Payouts {
				if balance, err := d.town.seller.Chain.Balance(t.Context(), payout.To); err != nil || balance.Int().Cmp(payout.Wei.Int()) != 0 {
					t.Errorf("%s has %s of %s, %v", payout.Role, balance, payout.Wei, err)
				}
			}
		})
	}
}

// TestLyingIndexGivesNoKey changes rows of the seller's index, as one who can write its
// pages might: no other key is given than the order's, and none after the chain knows
// of the end.
func TestLyingIndexGivesNoKey(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	if _, err := seller.Release(ctx, d.row.Study, ReleaseOptions{Actor: "test", Price: testPrice}); err != nil {
		t.Fatal(err)
	}
	orders, err := seller.Orders(ctx, "")
	if err != nil || len(orders) != 2 || orders[0].Hash != d.order {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	var request sinso.KeyRequest
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		request = r
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(ctx, d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	save := func(row sinso.OrderRow) {
		t.Helper()
		if err := seller.meta.Tx(ctx, func(tx sinso.MetaTx) error { return tx.SaveOrder(row) }); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(*sinso.OrderRow){
		"another offer":   func(row *sinso.OrderRow) { row.Offer = orders[1].Offer },
		"another release": func(row *sinso.OrderRow) { row.Release = orders[1].Release },
		"both": func(row *sinso.OrderRow) {
			row.Offer, row.Release = orders[1].Offer, orders[1].Release
		},
	} {
		row := orders[0]
		change(&row)
		save(row)
		if _, err := seller.Answer(ctx, request); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want ErrCorrupt", name, err)
		}
	}
	save(orders[0])
	if _, err := seller.Revoke(ctx, d.order, "test"); err != nil {
		t.Fatal(err)
	}
	save(orders[0]) // an older page
	if _, err := seller.Answer(ctx, request); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("after the end: got %v, want ErrDenied", err)
	}
}
