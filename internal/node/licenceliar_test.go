package node

import (
	"context"
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/auction"
)

// twice opens another auction of the order that is auctioned: the same seller may.
func (g *gavel) twice(made auction.Offered) (id sinso.Hash) {
	g.t.Helper()
	seller, starts := solo{g.persons, g.seller}, g.clock.Now().Add(time.Hour).Truncate(time.Second)
	order := made.Offer.Order
	terms := auction.Terms{Seller: order.Seller, OrderHash: made.Order, Reserve: order.Price, StepBps: 100, StartsAt: starts, EndsAt: starts.Add(day)}
	id, signature := seller.signs("Auctions",
		"Auction(address seller,bytes32 orderHash,address currency,uint256 reserve,uint32 stepBps,uint64 startsAt,uint64 endsAt,uint32 extension)",
		terms.Seller, terms.OrderHash, terms.Currency, terms.Reserve, terms.StepBps, terms.StartsAt, terms.EndsAt, terms.Extension)
	seller.carried(sinso.Wei{}, "Auctions", "open", terms, signature, order, made.Offer.Signature)
	g.clock.jump(61 * time.Minute)
	return id
}

// renames is an endpoint that tells of one auction under the name of another.
type renames struct {
	sinso.Deeds
	told, named sinso.Hash
}

func (r renames) Each(
	ctx context.Context, contract string, at sinso.Address, event string, topics []sinso.Hash, fn func(sinso.ChainEvent) (bool, error),
) error {
	if event != "OfferOpened" || len(topics) == 0 || topics[0] != r.named {
		return r.Deeds.Each(ctx, contract, at, event, topics, fn)
	}
	return r.Deeds.Each(ctx, contract, at, event, []sinso.Hash{r.told}, func(e sinso.ChainEvent) (bool, error) {
		e.Topics[1] = r.named
		return fn(e)
	})
}

// TestABidGoesToTheAuctionThatIsNamed, whatever the endpoint tells of it, and to one auction of an order alone: a dry run
// says so too.
func TestABidGoesToTheAuctionThatIsNamed(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	other := g.twice(g.opens("reserve", "10"))
	id, err := g.id()
	if err != nil {
		t.Fatal(err)
	}
	deeds, before := g.high.n.Deeds, g.has(g.high)
	g.high.n.Deeds = renames{deeds, other, id}
	g.high.refused(sinso.ErrCorrupt, "not what its name was made of", "auction bid", "auction", g.lot, "amount", "10", "offer", g.text)
	act, given := g.high.read("auction show", []string{"auction", g.lot})
	if _, err := g.high.n.Ask(t.Context(), act, given, "test"); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("another auction is shown: got error %v, want ErrCorrupt", err)
	}
	g.high.n.Deeds = deeds
	if now := g.has(g.high); now.String() != before.String() {
		t.Errorf("it had %s wei, and has %s", before, now)
	}
	g.bids(g.high, "10", "offer", g.text)
	act, given = g.high.read("auction bid", []string{"auction", other.String(), "amount", "10", "offer", g.text})
	if _, err := g.high.n.PlanAct(t.Context(), act, given); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("a bid in another auction of the same order is planned: got error %v, want ErrExists", err)
	}
}

// tells is an endpoint that says of an auction what a test likes.
type tells struct {
	sinso.Deeds
	lot func(*auction.Lot)
}

func (l *tells) Ask(ctx context.Context, call sinso.Call, into any) error {
	err := l.Deeds.Ask(ctx, call, into)
	if lot, ok := into.(*auction.Lot); ok && err == nil && l.lot != nil {
		l.lot(lot)
	}
	return err
}

// deaf is a chain that does not answer to the next fill.
type deaf struct {
	sinso.Chain
	asked int
}

func (d *deaf) Fill(ctx context.Context, deal sinso.Deal, signature []byte, payer [32]byte) (sinso.Tx, error) {
	if d.asked++; d.asked == 1 {
		return sinso.Tx{}, errSilent
	}
	return d.Chain.Fill(ctx, deal, signature, payer)
}

// mines has the chain make a block now.
func (g *gavel) mines() {
	g.t.Helper()
	if _, err := g.persons.n.Chain.Fund(g.t.Context(), sinso.Address{1}, wei("1")); err != nil {
		g.t.Fatal(err)
	}
}

// TestAWinnerIsNotLost: neither a node's clock that is wrong for a while, nor an endpoint that tells wrongly that the
// auction is over, nor one that is silent when the bid has paid, keeps the node from what it won.
func TestAWinnerIsNotLost(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx := t.Context()
	g.opens("reserve", "10")
	endpoint := &tells{Deeds: g.high.n.Deeds}
	g.high.n.Deeds = endpoint
	g.bids(g.high, "10", "offer", g.text)
	g.clock.jump(30 * day)
	g.waits(g.high, "")
	g.clock.jump(-30 * day)
	g.stands(g.high, "planned")

	over := func(lot *auction.Lot) { lot.EndsAt = time.Unix(1, 0) }
	endpoint.lot = over
	if err := g.high.n.Tend(ctx); err != nil {
		t.Error(err)
	}
	g.stands(g.high, "lost")
	endpoint.lot = nil
	g.waits(g.high, "others can bid until") // and is taken up by who asks
	endpoint.lot = over
	if err := g.high.n.Tend(ctx); err != nil {
		t.Error(err)
	}
	g.stands(g.high, "lost")
	endpoint.lot = nil
	price := testPrice
	g.bids(g.high, price.String()) // and by who bids
	g.stands(g.high, "planned")

	g.clock.jump(3 * day)
	g.low.do(nil, "auction settle", "auction", g.lot)
	g.high.n.Chain = &deaf{Chain: g.high.n.Chain}
	if err := g.high.n.Tend(ctx); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("the chain is silent: got error %v, want ErrUnavailable", err)
	}
	g.stands(g.high, "funded")
	endpoint.lot = func(lot *auction.Lot) { lot.Number, lot.Amount = 1, wei("10") } // a reorganisation took the settling
	if err := g.high.n.Tend(ctx); err != nil {
		t.Error(err)
	}
	g.stands(g.high, "funded")
	endpoint.lot = nil
	g.won(price)
}

// TestAPurchaseThatNothingPays ends all the same: of an auction that the chain does not have any more, and of one that
// was settled for this account by other keys than this node's.
func TestAPurchaseThatNothingPays(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx := t.Context()
	g.opens("reserve", "10")
	for _, tt := range []struct {
		who    actor
		amount string
		lot    func(*auction.Lot)
	}{
		{g.low, "20", func(lot *auction.Lot) { *lot = auction.Lot{} }},
		{g.high, "30", func(lot *auction.Lot) { lot.Number, lot.Amount = 2, wei("11") }},
	} {
		g.bids(tt.who, tt.amount, "offer", g.text)
		tt.who.n.Deeds = &tells{tt.who.n.Deeds, tt.lot}
	}
	for _, after := range []struct {
		span time.Duration
		step string
	}{{9 * day, "planned"}, {3 * day, "lost"}} {
		g.clock.jump(after.span)
		g.mines()
		for _, who := range []actor{g.low, g.high} {
			if err := who.n.Tend(ctx); err != nil {
				t.Error(err)
			}
			g.stands(who, after.step)
		}
	}
}

// misleads is an endpoint that says of one contract's function what a test likes.
type misleads struct {
	sinso.Deeds
	contract, method string
	says             func(into any) error
}

func (m misleads) Ask(ctx context.Context, call sinso.Call, into any) error {
	if call.Contract == m.contract && call.Method == m.method {
		return m.says(into)
	}
	return m.Deeds.Ask(ctx, call, into)
}

// TestTheMarketIsNotTheEndpointsToName: an endpoint that says that auctions fill in another contract, which would be let
// move the asset, has nothing signed.
func TestTheMarketIsNotTheEndpointsToName(t *testing.T) {
	t.Parallel()
	h := newHammer(t)
	deeds := h.persons.n.Deeds
	h.persons.n.Deeds = misleads{deeds, "Auctions", "exchange", func(into any) error {
		*into.(*sinso.Address) = sinso.Address{1}
		return nil
	}}
	for _, verb := range []string{"open", "offer"} {
		h.persons.refused(sinso.ErrCorrupt, "another market than this node's", "auction "+verb, h.terms("reserve", "1")...)
	}
	h.persons.n.Deeds = deeds
	h.persons.do(nil, "auction open", h.terms("reserve", "1")...)
}
