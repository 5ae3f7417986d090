package node

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/stage/act/auction"
)

// gavel is a release of which a licence is auctioned, and two nodes that bid.
type gavel struct {
	*deal
	persons, low, high actor
	lot                string
	text               string // the offer that bidders are given
}

func newGavel(t *testing.T) *gavel {
	t.Helper()
	g := &gavel{deal: newDeal(t)}
	g.persons = actor{t, g.town.seller}
	g.low, g.high = g.newcomer("bids less", ether(5)), g.newcomer("bids more", ether(5))
	return g
}

func (g *gavel) in(span time.Duration) string {
	return g.clock.Now().Add(span).UTC().Truncate(time.Second).Format(time.RFC3339)
}

func (g *gavel) terms(more ...string) []string {
	return append([]string{"token", g.row.Token.String(), "starts", g.in(time.Hour), "ends", g.in(2 * day)}, more...)
}

// opens auctions a licence, and lets the time come at which it can be bid for.
func (g *gavel) opens(more ...string) auction.Offered {
	g.t.Helper()
	var made auction.Offered
	g.persons.do(&made, "auction offer", g.terms(more...)...)
	g.says(made)
	g.clock.jump(61 * time.Minute)
	return made
}

func (g *gavel) says(made auction.Offered) {
	g.t.Helper()
	text, err := json.Marshal(made.Offer)
	if err != nil {
		g.t.Fatal(err)
	}
	g.lot, g.text, g.order, g.offer = made.Auction.String(), string(text), made.Order, text
}

func (g *gavel) bids(who actor, amount string, more ...string) (now auction.Shown) {
	g.t.Helper()
	who.do(&now, "auction bid", append([]string{"auction", g.lot, "amount", amount}, more...)...)
	return now
}

func (g *gavel) shown() (now auction.Shown) {
	g.t.Helper()
	g.low.ask(&now, "auction show", "auction", g.lot)
	return now
}

// keyHash is what the contract keeps of the keys of the highest bid.
func (g *gavel) keyHash() sinso.Hash {
	g.t.Helper()
	var kept struct{ KeyHash [16]byte }
	id, err := g.id()
	if err != nil {
		g.t.Fatal(err)
	}
	g.persons.chainAsks(&kept, "Auctions", "lot", id)
	var h sinso.Hash
	copy(h[:], kept.KeyHash[:])
	return h
}

func (g *gavel) id() (id sinso.Hash, err error) { return id, id.UnmarshalText([]byte(g.lot)) }

// stands is the purchase of a node, which is not at its end.
func (g *gavel) stands(who actor, step string) sinso.PurchaseRow {
	g.t.Helper()
	row, err := who.n.Purchase(g.t.Context(), g.order)
	if err != nil || row.Step != step {
		g.t.Fatalf("the purchase: got step %q, %v; want %q", row.Step, err, step)
	}
	return row
}

// waits wants a purchase to go no further, and to say why.
func (g *gavel) waits(who actor, words string) {
	g.t.Helper()
	if row, err := who.n.Buy(g.t.Context(), g.offer, nil); !errors.Is(err, sinso.ErrUnavailable) || !strings.Contains(err.Error(), words) || row.Step != "planned" {
		g.t.Errorf("got step %q, %v; want it to wait: %s", row.Step, err, words)
	}
	if err := who.n.Tend(g.t.Context()); err != nil {
		g.t.Errorf("tended: %v", err)
	}
}

// TestALicenceIsAuctioned from the opening to the split of the price: two bid, one is outbid twice and has its money
// back, the other's node goes on by itself once the auction is settled, and holds the licence.
func TestALicenceIsAuctioned(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx := t.Context()
	act, given := g.persons.read("auction offer", g.terms("reserve", "1000"))
	plan, err := g.persons.n.PlanAct(ctx, act, given)
	if about, ok := plan.About.(auction.Terms); err != nil || !ok || len(plan.Steps) != 1 || about.Reserve.String() != "1000" || about.OrderHash == (sinso.Hash{}) {
		t.Errorf("the plan: %+v, %v", plan, err)
	}
	if orders, err := g.persons.n.Orders(ctx, ""); err != nil || len(orders) != 1 {
		t.Errorf("a plan kept an offer: %d orders, %v", len(orders), err)
	}
	var made auction.Offered
	g.persons.do(&made, "auction offer", g.terms("reserve", "1000", "term", "90")...)
	g.says(made)
	row, err := g.persons.n.Order(ctx, made.Order)
	if err != nil || string(row.Offer) != g.text || row.Copies != 1 {
		t.Fatalf("the order that is kept: %d copies, %v", row.Copies, err)
	}
	if _, err := g.low.n.Buy(ctx, g.offer, nil); !errors.Is(err, sinso.ErrDenied) { // what is kept of it stands in no bid's way
		t.Errorf("bought past the auction: got error %v, want ErrDenied", err)
	}
	g.low.refused(sinso.ErrDenied, "too early", "auction bid", "auction", g.lot, "amount", "1000", "offer", g.text)
	g.clock.jump(61 * time.Minute)
	act, given = g.low.read("auction bid", []string{"auction", g.lot, "amount", "1000", "offer", g.text})
	if plan, err = g.low.n.PlanAct(ctx, act, given); err != nil || len(plan.Steps) != 1 || plan.Steps[0].Gas == 0 || plan.Value.String() != "1000" {
		t.Errorf("the plan of a bid: %+v, %v", plan, err)
	}
	if now := g.bids(g.low, "1000"); now.Sells != "licence" || now.Token != g.row.Token || now.Licence == nil || now.Licence.Seconds != 90*86_400 || *now.Bidder != g.low.account() {
		t.Errorf("the first bid: %+v", now)
	}
	g.bids(g.high, "2000", "offer", g.text)
	first := g.keyHash()
	g.waits(g.low, "bid more until")
	g.bids(g.low, "3000")
	price := testPrice
	if now := g.bids(g.high, price.String()); now.Amount.String() != price.String() || g.keyHash() != first {
		t.Errorf("a higher bid is of other keys: %+v", now)
	}
	g.persons.refused(sinso.ErrDenied, "bid", "auction cancel", "token", g.row.Token.String(), "auction", g.lot)
	var paid auction.Withdrawn
	g.low.do(&paid, "auction withdraw")
	if paid.Amount.String() != "4000" || paid.To != g.low.account() {
		t.Errorf("outbid twice: %+v, want the 4000 back", paid)
	}
	g.waits(g.high, "others can bid until")
	g.low.refused(sinso.ErrDenied, "too early", "auction settle", "auction", g.lot)
	g.clock.jump(3 * day)
	g.waits(g.high, "sinso auction settle")
	g.waits(g.low, "another's bid was the highest")
	var now auction.Shown
	g.low.do(&now, "auction settle", "auction", g.lot)
	if now.State != "settled" {
		t.Errorf("settled: %+v", now)
	}
	g.won(price)
	g.waits(g.low, "not for this node")
	g.clock.jump(9 * day)
	g.mines()
	if err := g.low.n.Tend(ctx); err != nil {
		t.Error(err)
	}
	g.stands(g.low, "lost")
	g.low.refused(sinso.ErrDenied, "the auction is settled", "auction bid", "auction", g.lot, "amount", "1")
}

// won wants the winner's node to have gone on by itself to the end, and the bid to be split to the wei.
func (g *gavel) won(price sinso.Wei) {
	t, ctx := g.t, g.t.Context()
	t.Helper()
	if err := g.high.n.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	row := g.stands(g.high, "released")
	if found, err := g.high.n.Verify(ctx, row.Token); err != nil || len(found.Steps) != 8 {
		t.Errorf("verify: %d steps, %v", len(found.Steps), err)
	}
	if row.Paid.String() != price.String() {
		t.Errorf("it was settled at %s, want %s", row.Paid, price)
	}
	left, paid := price.Int(), map[sinso.Address]*big.Int{}
	for n := len(g.row.Asset.Split) - 1; n >= 0; n-- {
		share := g.row.Asset.Split[n]
		part := new(big.Int).Set(left) // the first has what does not divide
		if n > 0 {
			part.Mul(price.Int(), big.NewInt(int64(share.Bps))).Div(part, big.NewInt(10_000))
		}
		paid[share.Payee] = part
		left.Sub(left, part)
	}
	if len(row.Payouts) != len(paid) {
		t.Errorf("%d were paid, want %d", len(row.Payouts), len(paid))
	}
	for _, payout := range row.Payouts {
		if want := paid[payout.To]; want == nil || want.Cmp(payout.Wei.Int()) != 0 {
			t.Errorf("the %s has %s, want %v", payout.Role, payout.Wei, want)
		}
	}
	held, err := g.high.n.Licences(ctx, nil)
	if err != nil || len(held) != 1 || held[0].ID != row.Trade || held[0].Owner != g.high.account() || !held[0].Allows || held[0].Order != g.order {
		t.Errorf("the licences of the winner: %+v, %v", held, err)
	}
	if err := g.high.n.FetchKey(ctx, g.order); err != nil {
		t.Errorf("the key again: %v", err)
	}
	if err := g.persons.n.Tend(ctx); err != nil {
		t.Error(err)
	}
	if sold := g.orderRow(); len(sold.Trades) != 1 || sold.Trades[0].State != sinso.TradeReleased || sold.Trades[0].Buyer != g.high.account() {
		t.Errorf("the seller's row: %+v", sold.Trades)
	}
}

// TestALicenceThatIsNotSettled pays the highest bidder back, whose purchase ends.
func TestALicenceThatIsNotSettled(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx := t.Context()
	g.opens("reserve", "7")
	g.bids(g.high, "7", "offer", g.text)
	keeps(t, g.persons.n, string(g.row.Study), "a licence of the asset is auctioned until") // and takes offers back
	g.low.refused(sinso.ErrNotFound, "took order", "auction bid", "auction", g.lot, "amount", "8", "offer", g.text)
	if _, err := g.low.n.Purchase(ctx, g.order); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("of what was refused something is kept: %v", err)
	}
	g.clock.jump(3 * day)
	g.low.refused(sinso.ErrDenied, "", "auction settle", "auction", g.lot)
	g.low.refused(sinso.ErrDenied, "too early", "auction refund", "auction", g.lot)
	g.clock.jump(7*day + 12*time.Hour)
	g.waits(g.high, "sinso auction refund")
	g.clock.jump(day)
	g.mines()
	row, err := g.high.n.Buy(ctx, g.offer, nil)
	if err != nil || row.Step != "lost" {
		t.Errorf("got step %q, %v; want it lost", row.Step, err)
	}
	g.low.do(nil, "auction refund", "auction", g.lot)
	var paid auction.Withdrawn
	g.high.do(&paid, "auction withdraw")
	if now := g.shown(); now.State != "refunded" || paid.Amount.String() != "7" || paid.To != g.high.account() {
		t.Errorf("refunded: %+v, paid %+v", now, paid)
	}
}

// TestLicenceAuctionRefuses gives the acts what is wrong, or another's. Nothing is kept of it.
func TestLicenceAuctionRefuses(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx := t.Context()
	for name, tt := range map[string]struct {
		class    error
		sentence string
		texts    []string
	}{
		"no such asset":         {sinso.ErrNotFound, "", []string{"token", fill(0x11).String(), "reserve", "1", "starts", g.in(time.Hour), "ends", g.in(day)}},
		"for nothing":           {sinso.ErrInvalid, "above zero", g.terms("reserve", "0")},
		"a step that is small":  {sinso.ErrInvalid, "a step of 100", g.terms("reserve", "1", "step-bps", "99")},
		"a step above a number": {sinso.ErrInvalid, "a step of 100", g.terms("reserve", "1", "step-bps", "4294967296")},
		"an extension of a day": {sinso.ErrInvalid, "at most 1h", g.terms("reserve", "1", "extension", "1d")},
		"it ends too late":      {sinso.ErrInvalid, "90 days ahead", []string{"token", g.row.Token.String(), "reserve", "1", "starts", g.in(time.Hour), "ends", g.in(91 * day)}},
		"it ends before":        {sinso.ErrInvalid, "after the start", []string{"token", g.row.Token.String(), "reserve", "1", "starts", g.in(2 * time.Hour), "ends", g.in(time.Hour)}},
		"it started":            {sinso.ErrInvalid, "still to come", []string{"token", g.row.Token.String(), "reserve", "1", "starts", g.in(-time.Hour), "ends", g.in(day)}},
		"days of use":           {sinso.ErrInvalid, "at most 3650 days", g.terms("reserve", "1", "term", "65537")},
		"more than any price":   {sinso.ErrInvalid, "below 2^128", g.terms("reserve", new(big.Int).Lsh(big.NewInt(1), 128).String())},
	} {
		t.Run(name, func(*testing.T) { g.persons.refused(tt.class, tt.sentence, "auction offer", tt.texts...) })
	}
	if orders, err := g.persons.n.Orders(ctx, ""); err != nil || len(orders) != 1 {
		t.Errorf("of what was refused an offer is kept: %d orders, %v", len(orders), err)
	}
	other := string(g.offer)
	made := g.opens("reserve", "10")
	forged := strings.Replace(g.text, `"priceWei":"10"`, `"priceWei":"11"`, 1)
	for name, tt := range map[string]struct {
		class    error
		sentence string
		texts    []string
	}{
		"without the offer": {sinso.ErrInvalid, "needs the offer", []string{"amount", "10"}},
		"another offer":     {sinso.ErrDenied, "not the offer that is auctioned", []string{"amount", "10", "offer", other}},
		"a changed offer":   {sinso.ErrCorrupt, "not signed", []string{"amount", "10", "offer", forged}},
		"what is no offer":  {sinso.ErrInvalid, "not an offer", []string{"amount", "10", "offer", `{"version":2}`}},
		"too little":        {sinso.ErrDenied, "less than the least that is taken, 10", []string{"amount", "9", "offer", g.text}},
		"more than it has":  {sinso.ErrDenied, "less than the bid", []string{"amount", ether(6).String(), "offer", g.text}},
	} {
		t.Run(name, func(*testing.T) {
			g.low.refused(tt.class, tt.sentence, "auction bid", append([]string{"auction", g.lot}, tt.texts...)...)
		})
	}
	g.low.refused(sinso.ErrDenied, "nobody has bid", "auction settle", "auction", g.lot)
	g.persons.do(nil, "auction cancel", "token", g.row.Token.String(), "auction", g.lot)
	g.low.refused(sinso.ErrDenied, "the auction is cancelled", "auction bid", "auction", g.lot, "amount", "10", "offer", g.text)

	second := g.opens("reserve", "20")
	var all, before []auction.Shown
	g.low.ask(&all, "auction ls")
	g.low.ask(&before, "auction ls", "before", second.Auction.String())
	if len(all) != 2 || all[1].Auction != second.Auction || all[1].State != "open" || len(before) != 1 || before[0].Auction != made.Auction || before[0].Sells != "licence" {
		t.Errorf("the auctions: %+v, before the second %+v", all, before)
	}
}

// lossy is a chain whose answer to the next bid is lost.
type lossy struct {
	sinso.Deeds
	lost int
}

func (l *lossy) Do(ctx context.Context, once sinso.Hash, deed sinso.Deed, by [32]byte) (sinso.Done, error) {
	done, err := l.Deeds.Do(ctx, once, deed, by)
	if err == nil && deed.Method == "bid" && l.lost == 0 {
		l.lost++
		return sinso.Done{}, errSilent
	}
	return done, err
}

// TestABidThatIsCutOff after it was sent is finished by the same act, when it is outbid already too; and a purchase that
// is cut off after the settling goes on. Nothing is paid twice.
func TestABidThatIsCutOff(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx := t.Context()
	g.opens("reserve", "1000")
	g.high.n.Deeds = &lossy{Deeds: g.high.n.Deeds}
	act, given := g.high.read("auction bid", []string{"auction", g.lot, "amount", "1000", "offer", g.text})
	id := fill(0xb1)
	if _, err := g.high.n.Act(ctx, id, act, given, "test"); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("the answer is lost: got error %v, want ErrUnavailable", err)
	}
	g.reopen(&g.high)
	g.bids(g.low, "2000", "offer", g.text)
	first, err := g.high.n.Act(ctx, id, act, given, "test")
	if err != nil || len(first.Txs) != 1 {
		t.Fatalf("finished: %+v, %v", first, err)
	}
	if again, err := g.high.n.Act(ctx, id, act, given, "test"); err != nil || again.Txs[0].Hash != first.Txs[0].Hash {
		t.Errorf("again: %+v, %v, want the same transaction", again, err)
	}
	var paid auction.Withdrawn
	g.high.do(&paid, "auction withdraw")
	if paid.Amount.String() != "1000" {
		t.Errorf("it was paid %s, so it had bid not once", paid.Amount)
	}
	g.bids(g.high, "3000")
	if again, err := g.high.n.Act(ctx, id, act, given, "test"); err != nil || again.Txs[0].Hash != first.Txs[0].Hash {
		t.Errorf("the first bid again, after a higher one: %+v, %v", again, err)
	}
	if row := g.stands(g.high, "planned"); row.Paid.String() != "3000" {
		t.Errorf("the newest bid is noted as %s", row.Paid)
	}
	deeds := g.high.n.Deeds
	g.high.n.Deeds = mute{deeds}
	g.high.refused(sinso.ErrUnavailable, "", "auction bid", "auction", g.lot, "amount", "4000") // it was noted, and never sent
	g.high.n.Deeds = deeds
	if row := g.stands(g.high, "planned"); row.Paid.String() != "4000" {
		t.Errorf("the bid that was not sent is noted as %s", row.Paid)
	}
	g.clock.jump(3 * day)
	g.high.do(nil, "auction settle", "auction", g.lot)
	short, stop := context.WithCancel(ctx)
	if _, err := g.high.n.Buy(short, g.offer, func(step string) {
		if step == "filled" {
			stop()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Fatalf("cut off: got error %v", err)
	}
	g.stands(g.high, "filled")
	g.reopen(&g.high)
	before := g.has(g.high)
	row, err := g.high.n.Buy(ctx, g.offer, nil)
	if err != nil || row.Step != "released" || row.Paid.String() != "3000" {
		t.Errorf("gone on: step %q, paid %s, %v", row.Step, row.Paid, err)
	}
	if spent := new(big.Int).Sub(before.Int(), g.has(g.high).Int()); spent.Cmp(big.NewInt(1e16)) > 0 {
		t.Errorf("it cost %s wei more, which is not gas alone", spent)
	}
	if err := g.persons.n.Tend(ctx); err != nil {
		t.Error(err)
	}
	if _, err := g.high.n.PlanPayment(ctx, g.offer); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("a wallet is to pay it: got error %v, want ErrExists", err)
	}
}

// reopen closes a node, and opens it again.
func (g *gavel) reopen(who *actor) {
	g.t.Helper()
	if err := who.n.Close(); err != nil {
		g.t.Fatal(err)
	}
	n, err := g.node(g.t.Context(), who.n.Config)
	if err != nil {
		g.t.Fatal(err)
	}
	who.n = n
}

func (g *gavel) has(who actor) sinso.Wei {
	g.t.Helper()
	has, err := g.persons.n.Chain.Balance(g.t.Context(), who.account())
	if err != nil {
		g.t.Fatal(err)
	}
	return has
}

// TestAnOfferThatIsCutOff before its auction was opened is finished by the same act, with the same offer.
func TestAnOfferThatIsCutOff(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx := t.Context()
	act, given := g.persons.read("auction offer", g.terms("reserve", "1000"))
	deeds := g.persons.n.Deeds
	g.persons.n.Deeds = mute{deeds}
	id := fill(0xb2)
	if _, err := g.persons.n.Act(ctx, id, act, given, "test"); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("the chain is silent: got error %v, want ErrUnavailable", err)
	}
	g.persons.n.Deeds = deeds
	g.clock.jump(time.Minute) // another moment
	done, err := g.persons.n.Act(ctx, id, act, given, "test")
	if err != nil {
		t.Fatal(err)
	}
	orders, err := g.persons.n.Orders(ctx, "")
	if err != nil || len(orders) != 2 || orders[1].Hash != done.Result.(auction.Offered).Order {
		t.Errorf("%d orders, %v; want the first and that of the auction", len(orders), err)
	}
	if seen := events(t, g.persons.n, sinso.EventOrdered); seen != 2 {
		t.Errorf("%d offers were written down, want 2", seen)
	}
}

// TestAnOfferIsBegunFirst: that the act is begun is written down before its offer is, so that whenever it is cut off the same
// act finds the offer; and nothing is kept for an act under another's name.
func TestAnOfferIsBegunFirst(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx, id := t.Context(), fill(0xb3)
	act, given := g.persons.read("auction open", g.terms("reserve", "1000"))
	if _, err := g.persons.n.Act(ctx, id, act, given, "test"); err != nil {
		t.Fatal(err)
	}
	act, given = g.persons.read("auction offer", g.terms("reserve", "1000"))
	if _, err := g.persons.n.Act(ctx, id, act, given, "test"); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("under the name of another act: got error %v, want ErrExists", err)
	}
	if orders, err := g.persons.n.Orders(ctx, ""); err != nil || len(orders) != 1 {
		t.Errorf("%d orders, %v; want the first alone", len(orders), err)
	}
	g.persons.do(nil, "auction offer", g.terms("reserve", "1000")...)
	seen, last := 0, sinso.EventType("")
	if err := g.persons.n.Audit.Events(ctx, 0, func(event sinso.Event) error {
		if event.Type == sinso.EventOrdered {
			if seen++; seen == 2 && last != sinso.EventActBegun {
				t.Errorf("the offer was written down after %s, want it after the act was begun", last)
			}
		}
		last = event.Type
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// mute is a chain that carries nothing.
type mute struct{ sinso.Deeds }

func (mute) Relay(context.Context, sinso.Hash, sinso.Deed, sinso.Portion) (sinso.Done, error) {
	return sinso.Done{}, errSilent
}

func (mute) Do(context.Context, sinso.Hash, sinso.Deed, [32]byte) (sinso.Done, error) {
	return sinso.Done{}, errSilent
}

func events(t *testing.T, n *Node, of sinso.EventType) (seen int) {
	t.Helper()
	if err := n.Audit.Events(t.Context(), 0, func(event sinso.Event) error {
		if event.Type == of {
			seen++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return seen
}

// TestALicenceIsAuctionedInAToken: bids in a token, the one that was outbid comes back, the highest pays.
func TestALicenceIsAuctionedInAToken(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	ctx := t.Context()
	coin := g.deploys(chaintest.Honest)
	coin.Mint(t, g.low.account(), 5000)
	coin.Mint(t, g.high.account(), 5000)
	g.opens("reserve", "1000", "currency", coin.At.String())
	g.bids(g.low, "1000", "offer", g.text)
	may(t, coin, g.low, "Auctions", 0)
	g.bids(g.high, "2000", "offer", g.text)
	g.low.do(nil, "auction withdraw", "currency", coin.At.String())
	g.clock.jump(3 * day)
	g.persons.do(nil, "auction settle", "auction", g.lot)
	if err := g.high.n.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	row := g.stands(g.high, "released")
	sum := int64(0)
	for _, payout := range row.Payouts {
		sum += payout.Wei.Int().Int64()
	}
	if mine, others := coin.Has(t, g.low.account()), coin.Has(t, g.high.account()); mine != 5000 || others != 3000 || sum != 2000 {
		t.Errorf("who was outbid has %d, who won %d, the payees %d; want 5000, 3000 and 2000", mine, others, sum)
	}
}

// auctionsLicence opens an auction of a licence of any token, at times that no order of a node has.
func (a solo) auctionsLicence(token sinso.TokenID, starts time.Time) sinso.Hash {
	t := a.carrier.t
	t.Helper()
	taker, err := a.carrier.n.Deeds.At("Auctions")
	if err != nil {
		t.Fatal(err)
	}
	const never = uint64(math.MaxUint64)
	one := wei("1")
	offer := struct {
		Seller, Taker                                      sinso.Address
		TokenID                                            sinso.TokenID
		Currency, Panel                                    sinso.Address
		Price, Floor                                       sinso.Wei
		StartsAt, EndsAt                                   uint64
		Copies, DeliverWithin, DisputeWithin, Term         uint32
		Transferable                                       bool
		KeyCommitment, PayloadHash, TermsHash, PurposeHash sinso.Hash
		Salt                                               sinso.Hash
	}{
		Seller: a.address(), Taker: taker, TokenID: token, Price: one, Floor: one, StartsAt: never, EndsAt: never,
		Copies: 1, DeliverWithin: math.MaxUint32, DisputeWithin: math.MaxUint32, Term: math.MaxUint32, Salt: random(t),
	}
	order, byOffer := a.signs("Exchange",
		"Offer(address seller,address taker,uint256 tokenId,address currency,address panel,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint32 copies,uint32 deliverWithin,uint32 disputeWithin,uint32 term,bool transferable,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,bytes32 purposeHash,uint256 salt)",
		offer.Seller, offer.Taker, offer.TokenID, offer.Currency, offer.Panel, offer.Price, offer.Floor, offer.StartsAt, offer.EndsAt, offer.Copies, offer.DeliverWithin, offer.DisputeWithin,
		offer.Term, offer.Transferable, offer.KeyCommitment, offer.PayloadHash, offer.TermsHash, offer.PurposeHash, offer.Salt)
	terms := auction.Terms{Seller: a.address(), OrderHash: order, Reserve: one, StepBps: 500, StartsAt: starts, EndsAt: starts.Add(day), Extension: 600}
	id, signature := a.signs("Auctions",
		"Auction(address seller,bytes32 orderHash,address currency,uint256 reserve,uint32 stepBps,uint64 startsAt,uint64 endsAt,uint32 extension)",
		terms.Seller, terms.OrderHash, terms.Currency, terms.Reserve, terms.StepBps, terms.StartsAt, terms.EndsAt, terms.Extension)
	a.carried(sinso.Wei{}, "Auctions", "open", terms, signature, offer, byOffer)
	return id
}

// TestAStrangersAuctionOfALicence, of an asset that is not the stranger's and at times that are none, is shown, stops
// no other, and is bid for by no node.
func TestAStrangersAuctionOfALicence(t *testing.T) {
	t.Parallel()
	g := newGavel(t)
	stranger := solo{g.low, [32]byte{31: 6}}
	id := stranger.auctionsLicence(g.row.Token, g.clock.Now().Add(time.Hour).Truncate(time.Second))
	var all []auction.Shown
	g.low.ask(&all, "auction ls")
	if len(all) != 1 || all[0].Auction != id || all[0].Seller != stranger.address() || all[0].Licence.Seconds != math.MaxUint32 {
		t.Errorf("the auctions: %+v", all)
	}
	made := g.opens("reserve", "10")
	g.low.refused(sinso.ErrDenied, "not the offer that is auctioned", "auction bid", "auction", id.String(), "amount", "10", "offer", g.text)
	g.lot = made.Auction.String()
	g.bids(g.low, "10", "offer", g.text)
	keeps(t, g.persons.n, string(g.row.Study), "a licence of the asset is auctioned until")
}
