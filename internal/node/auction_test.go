package node

import (
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/auction"
)

// hammer is a staking's town in which the first asset is auctioned.
type hammer struct {
	*staking
	other actor // who bids against the company
	lot   string
}

func newHammer(t *testing.T) *hammer {
	t.Helper()
	h := &hammer{staking: newStaking(t)}
	h.other = h.newcomer("other", ether(10))
	return h
}

func (h *hammer) terms(more ...string) []string {
	return append([]string{"token", h.first, "starts", h.in(time.Hour), "ends", h.in(2 * day)}, more...)
}

func (h *hammer) shown() (now auction.Shown) {
	h.t.Helper()
	h.company.ask(&now, "auction show", "auction", h.lot)
	return now
}

// TestAnAssetIsAuctioned is an auction from its opening to the split of the price: two bid, the second is
// outbid and has its money back, the highest owns the asset. The seller's account pays nothing.
func TestAnAssetIsAuctioned(t *testing.T) {
	t.Parallel()
	h := newHammer(t)
	ctx := t.Context()
	act, given := h.persons.read("auction open", h.terms("reserve", "1000"))
	plan, err := h.persons.n.PlanAct(ctx, act, given)
	if about, ok := plan.About.(auction.Terms); err != nil || !ok || len(plan.Steps) != 2 || about.Reserve.String() != "1000" || about.StepBps != 500 || about.Extension != 600 {
		t.Errorf("the plan: %+v, %v", plan, err)
	}
	var opened auction.Opened
	h.persons.do(&opened, "auction open", h.terms("reserve", "1000")...)
	h.lot = opened.Auction.String()
	now := h.shown()
	var name sinso.Hash
	h.persons.chainAsks(&name, "Auctions", "hashAuction", now.Terms)
	if name != opened.Auction || now.State != "open" || now.Bidder != nil || now.Least.String() != "1000" || now.Token.String() != h.first {
		t.Errorf("opened: %+v, and the contract calls it %s", now, name)
	}
	keeps(t, h.persons.n, string(h.row.Study), "the asset is auctioned until")

	h.company.refused(sinso.ErrDenied, "too early", "auction bid", "auction", h.lot, "amount", "1000")
	h.clock.jump(61 * time.Minute)
	h.company.refused(sinso.ErrDenied, "less than the least", "auction bid", "auction", h.lot, "amount", "999")
	h.company.do(nil, "auction bid", "auction", h.lot, "amount", "1000")
	h.other.refused(sinso.ErrDenied, "less than the least", "auction bid", "auction", h.lot, "amount", "1049")
	h.other.do(&now, "auction bid", "auction", h.lot, "amount", "2000")
	if now.Bidder == nil || *now.Bidder != h.other.account() || now.Amount.String() != "2000" || now.Least.String() != "2100" {
		t.Errorf("the second bid: %+v", now)
	}
	h.persons.refused(sinso.ErrDenied, "bid", "auction cancel", "token", h.first, "auction", h.lot)
	var paid auction.Withdrawn
	h.company.do(&paid, "auction withdraw")
	if paid.Amount.String() != "1000" || paid.To != h.company.account() {
		t.Errorf("outbid: %+v, want the 1000 back", paid)
	}
	h.company.refused(sinso.ErrDenied, "owed nothing", "auction withdraw")
	h.company.refused(sinso.ErrDenied, "too early", "auction settle", "auction", h.lot)
	h.clock.jump(3 * day)
	h.company.refused(sinso.ErrDenied, "over", "auction bid", "auction", h.lot, "amount", "3000")
	h.company.do(&now, "auction settle", "auction", h.lot)
	var owner sinso.Address
	h.persons.chainAsks(&owner, "Assets", "ownerOf", h.row.Token)
	if now.State != "settled" || owner != h.other.account() {
		t.Errorf("settled: %+v, and %s owns the asset", now, owner)
	}
	h.company.refused(sinso.ErrDenied, "not in a state", "auction refund", "auction", h.lot)
	h.shared()
}

// shared divides the price by the asset's split, to the wei.
func (h *hammer) shared() {
	t := h.t
	t.Helper()
	h.company.do(nil, "auction share", "token", h.first)
	h.company.refused(sinso.ErrDenied, "", "auction share", "token", h.first)
	left := int64(2000)
	split := h.row.Asset.Split
	for n := len(split) - 1; n >= 0; n-- {
		want := left // the first has what does not divide
		if n > 0 {
			want = 2000 * int64(split[n].Bps) / 10_000
		}
		var paid auction.Withdrawn
		h.company.do(&paid, "auction pay", "token", h.first, "payee", split[n].Payee.String())
		if paid.Amount.Int().Int64() != want || paid.To != split[n].Payee {
			t.Errorf("paid %+v, want %d to %s", paid, want, split[n].Payee)
		}
		left -= want
	}
	h.persons.refused(sinso.ErrDenied, "not its first owner's", "auction open", h.terms("reserve", "1")...)
}

// TestAnAuctionThatIsNotSettled pays the highest bidder back.
func TestAnAuctionThatIsNotSettled(t *testing.T) {
	t.Parallel()
	h := newHammer(t)
	var opened auction.Opened
	h.persons.do(&opened, "auction open", h.terms("reserve", "0")...)
	h.lot = opened.Auction.String()
	h.clock.jump(61 * time.Minute)
	h.other.do(nil, "auction bid", "auction", h.lot, "amount", "7")
	h.company.refused(sinso.ErrDenied, "too early", "auction refund", "auction", h.lot)
	h.clock.jump(12 * day)
	h.company.refused(sinso.ErrDenied, "over", "auction settle", "auction", h.lot)
	h.company.do(nil, "auction refund", "auction", h.lot)
	var paid auction.Withdrawn
	h.company.do(&paid, "auction withdraw", "payee", h.other.account().String())
	if now := h.shown(); now.State != "refunded" || paid.Amount.String() != "7" || paid.To != h.other.account() {
		t.Errorf("refunded: %+v, paid %+v", now, paid)
	}
}

// TestAuctionRefuses gives the acts of auctions what is wrong, or another's.
func TestAuctionRefuses(t *testing.T) {
	t.Parallel()
	h := newHammer(t)
	nobody := fill(0x11).String()
	for name, tt := range map[string]struct {
		class    error
		sentence string
		verb     string
		texts    []string
	}{
		"no such asset":          {sinso.ErrNotFound, "", "open", []string{"token", nobody, "reserve", "1", "starts", h.in(time.Hour), "ends", h.in(day)}},
		"a step that is small":   {sinso.ErrDenied, "out of bounds", "open", h.terms("reserve", "1", "step-bps", "99")},
		"a step above a number":  {sinso.ErrInvalid, "a step of 100", "open", h.terms("reserve", "1", "step-bps", "4294967296")},
		"an extension of a day":  {sinso.ErrDenied, "out of bounds", "open", h.terms("reserve", "1", "extension", "1d")},
		"it ends too late":       {sinso.ErrDenied, "out of bounds", "open", []string{"token", h.first, "reserve", "1", "starts", h.in(time.Hour), "ends", h.in(91 * day)}},
		"it ends before":         {sinso.ErrDenied, "out of bounds", "open", []string{"token", h.first, "reserve", "1", "starts", h.in(2 * time.Hour), "ends", h.in(time.Hour)}},
		"it started":             {sinso.ErrDenied, "over", "open", []string{"token", h.first, "reserve", "1", "starts", h.in(-time.Hour), "ends", h.in(day)}},
		"a bid in none":          {sinso.ErrNotFound, "no such auction", "bid", []string{"auction", nobody, "amount", "1"}},
		"nothing to settle":      {sinso.ErrNotFound, "no such auction", "settle", []string{"auction", nobody}},
		"nothing to divide":      {sinso.ErrDenied, "", "share", []string{"token", h.first}},
		"an asset that is none":  {sinso.ErrNotFound, "no such asset", "share", []string{"token", nobody}},
		"nothing is owed to one": {sinso.ErrDenied, "owed nothing", "withdraw", nil},
	} {
		t.Run(name, func(*testing.T) { h.persons.refused(tt.class, tt.sentence, "auction "+tt.verb, tt.texts...) })
	}
	var opened auction.Opened
	h.persons.do(&opened, "auction open", h.terms("reserve", "1")...)
	h.lot = opened.Auction.String()
	h.persons.refused(sinso.ErrInvalid, "another asset", "auction cancel", "token", h.staking.other, "auction", h.lot)
	h.persons.do(nil, "auction cancel", "token", h.first, "auction", h.lot)
	h.clock.jump(61 * time.Minute)
	h.company.refused(sinso.ErrDenied, "not in a state", "auction bid", "auction", h.lot, "amount", "5")
	var all []auction.Shown
	h.company.ask(&all, "auction ls")
	if len(all) != 1 || all[0].State != "cancelled" || all[0].Bidder != nil {
		t.Errorf("the auctions: %+v, want one that was cancelled", all)
	}
}
