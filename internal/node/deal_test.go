package node

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/keybox"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/seal"
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
	return newDealOn(t, sinso.Terms{})
}

func newDealOn(t *testing.T, terms sinso.Terms) *deal {
	t.Helper()
	return newDealIn(t, &town{terms: terms})
}

// newDealIn is newDeal in a town that has its own terms or swarm.
func newDealIn(t *testing.T, tn *town) *deal {
	t.Helper()
	ctx := t.Context()
	clock := &jumpClock{fastClock: fastClock{time.Now(), 60}}
	tn.dir, tn.clock = t.TempDir(), clock
	d := &deal{t: t, clock: clock, town: tn}
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
	box, err := keybox.Seal([32]byte{7, key[0]}, trade.Fill.Key, d.name(), key)
	if err != nil {
		d.t.Fatal(err)
	}
	answer := sinso.KeyAnswer{Grant: []byte("grant"), Delivery: sinso.Delivery{Trade: d.name(), GrantHash: eip712.Keccak([]byte("grant")), Box: box}}
	return d.signed(answer)
}

func (d *deal) signed(answer sinso.KeyAnswer) sinso.KeyAnswer {
	d.t.Helper()
	at := d.town.seller.Chain.Contracts()
	signature, err := eip712.Sign(d.seller, eip712.DeliveryDigest(eip712.Domain(at.Exchange, at.ChainID), answer.Delivery))
	if err != nil {
		d.t.Fatal(err)
	}
	answer.Delivery.Signature = signature
	return answer
}

// orderRow is what the seller's node wrote down of the order.
func (d *deal) orderRow() sinso.OrderRow {
	d.t.Helper()
	row, err := d.town.seller.Order(d.t.Context(), d.order)
	if err != nil {
		d.t.Fatal(err)
	}
	return row
}

// name is that of the order's trade; zero: nobody filled it.
func (d *deal) name() sinso.Hash {
	d.t.Helper()
	offer, err := market.Decode(d.offer)
	if err != nil {
		d.t.Fatal(err)
	}
	fills, err := d.town.seller.Chain.Fills(d.t.Context(), offer.Order)
	if err != nil {
		d.t.Fatal(err)
	}
	if len(fills.Trades) == 0 {
		return sinso.Hash{}
	}
	return fills.Trades[0]
}

// settled is what was settled at the fill.
func (d *deal) settled() sinso.Deal {
	d.t.Helper()
	offer, err := market.Decode(d.offer)
	if err != nil {
		d.t.Fatal(err)
	}
	trade := d.trade()
	return sinso.Deal{Order: offer.Order, Fill: trade.Fill, Price: trade.Price}
}

func (d *deal) trade() sinso.Trade {
	d.t.Helper()
	offer, err := market.Decode(d.offer)
	if err != nil {
		d.t.Fatal(err)
	}
	fills, err := d.town.seller.Chain.Fills(d.t.Context(), offer.Order)
	if err == nil && fills.Cancelled && len(fills.Trades) == 0 {
		return sinso.Trade{State: sinso.TradeCancelled}
	}
	trade, err := d.town.seller.Chain.Trade(d.t.Context(), d.name())
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
