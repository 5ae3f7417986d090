package node

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/stage/act"
	"sinso.dev/sinso/internal/stage/act/sale"
	"sinso.dev/sinso/internal/way"
)

// stall is a town in which the first asset is sold at a price.
type stall struct{ *hammer }

func newStall(t *testing.T, tn *town) stall {
	t.Helper()
	h := &hammer{staking: newStakingIn(t, tn)}
	h.other = h.newcomer("other", ether(10))
	return stall{h}
}

// signed is a sale of the first asset for two days, as its file has it.
func (s stall) signed(more ...string) (file string, signed sale.Signed) {
	s.t.Helper()
	file = s.persons.ask(&signed, "sale sign", append([]string{"token", s.first, "until", s.in(2 * day)}, more...)...)
	return file, signed
}

// stands wants the state of a sale.
func (s stall) stands(file, want string) (now sale.Shown) {
	s.t.Helper()
	s.other.ask(&now, "sale show", "sale", file)
	if now.State != want {
		s.t.Errorf("the sale is %s, want %s", now.State, want)
	}
	return now
}

// asks wants a question refused.
func (s stall) asks(a actor, class error, sentence, name string, texts ...string) {
	s.t.Helper()
	what, given := a.read(name, texts)
	if _, err := a.n.Ask(s.t.Context(), what, given, "test"); !errors.Is(err, class) || !strings.Contains(err.Error(), sentence) {
		s.t.Errorf("%s: got %v, want %v: … %s …", name, err, class, sentence)
	}
}

// passes lets time pass on the chain, whose clock is that of its newest block.
func (s stall) passes(span time.Duration) {
	s.t.Helper()
	s.clock.jump(span)
	var made struct{ Request sinso.Hash }
	s.other.do(&made, "request make", "criteria", "any", "price", "1", "until", s.in(day), "salt", newID().String())
}

func (s stall) owner() (owner sinso.Address) {
	s.t.Helper()
	s.persons.chainAsks(&owner, "Assets", "ownerOf", s.row.Token)
	return owner
}

// TestAnAssetIsSold at a price that its owner signed: the owner pays nothing, the buyer has the asset, and the split the
// price.
func TestAnAssetIsSold(t *testing.T) {
	t.Parallel()
	s := newStall(t, &town{})
	ctx := t.Context()
	what, given := s.persons.read("sale sign", []string{"token", s.first, "until", s.in(2 * day), "price", "2000"})
	plan, err := s.persons.n.PlanAct(ctx, what, given)
	about, ok := plan.About.(sale.Signed)
	if zeros := "0x" + strings.Repeat("00", 65); err != nil || !ok || about.Signature != zeros || about.Permit != zeros || len(plan.Steps) != 0 ||
		len(plan.Signs) != 2 || plan.Signs[0] != (sinso.Signed{Type: "Sale", Digest: about.Hash, Until: about.Terms.EndsAt}) || plan.Signs[1].Type != "Permit" {
		t.Errorf("the plan: %+v, %v", plan, err)
	}
	if begun := begunBy(t, s.persons.n, "sale sign"); len(begun) != 0 {
		t.Errorf("the log of a plan: %+v", begun)
	}
	file, signed := s.signed("price", "2000")
	var name sinso.Hash
	s.persons.chainAsks(&name, "Exchange", "hashSale", saleOf(t, s, signed))
	if begun := begunBy(t, s.persons.n, "sale sign"); name != signed.Hash || len(begun) != 1 || len(begun[0].Signed) != 2 || begun[0].Signed[0].Digest != name {
		t.Errorf("signed: the contract calls %s what the log has as %+v", name, begun)
	}
	keeps(t, s.persons.n, string(s.row.Study), "sinso sale cancel --token "+s.first+" --hash "+signed.Hash.String())
	s.persons.refused(sinso.ErrDenied, "by a sale that was signed", "auction open", s.terms("reserve", "1")...)
	if now := s.stands(file, "open"); now.Price.String() != "2000" || now.Text != "2000 wei" || now.Owner != signed.Terms.Seller {
		t.Errorf("signed: %+v", now)
	}

	what, given = s.company.read("sale buy", []string{"sale", file})
	if plan, err = s.company.n.PlanAct(ctx, what, given); err != nil || len(plan.Steps) != 2 || plan.Value.String() != "2000" || plan.Steps[0].Gas == 0 {
		t.Errorf("the plan of the purchase: %+v, %v", plan, err)
	}
	var now sale.Shown
	done := s.company.do(&now, "sale buy", "sale", file)
	if len(done.Txs) != 2 || now.State != "sold" || now.Owner != s.company.account() || s.owner() != now.Owner {
		t.Errorf("bought: %+v, by %d transactions", now, len(done.Txs))
	}
	s.other.refused(sinso.ErrDenied, "it was sold", "sale buy", "sale", file)
	s.company.refused(sinso.ErrDenied, "it was sold", "sale buy", "sale", file)
	s.persons.refused(sinso.ErrDenied, "not its first owner's", "auction open", s.terms("reserve", "1")...)
	if _, err := s.persons.n.Ask(ctx, must[sinso.Act](t)(way.ActNamed("sale", "sign")), given, "test"); err == nil {
		t.Error("who sold the asset signs its sale again")
	}
	keeps(t, s.persons.n, string(s.row.Study), "sales of the asset brought 2000 wei that are not shared yet")
	s.company.do(nil, "auction share", "token", s.first)
	keeps(t, s.persons.n, string(s.row.Study), "wei: sinso auction pay --token "+s.first)
	for _, part := range s.row.Asset.Split {
		s.company.do(nil, "auction pay", "token", s.first, "payee", part.Payee.String())
	}
	if _, err := s.persons.n.Erase(ctx, string(s.row.Study), way.EraseOptions{Actor: "test"}); err == nil || strings.Contains(err.Error(), "sinso auction") {
		t.Errorf("all is paid to the accounts: got %v", err)
	}
}

// saleOf is a sale as the contract has it.
func saleOf(t *testing.T, s stall, signed sale.Signed) any {
	t.Helper()
	at, err := s.persons.n.Deeds.At("Assets")
	if err != nil {
		t.Fatal(err)
	}
	return struct {
		Seller, Taker, Collection sinso.Address
		TokenID                   sinso.TokenID
		Currency                  sinso.Address
		Price, Floor              sinso.Wei
		StartsAt, EndsAt          time.Time
		Salt                      sinso.Hash
	}{
		signed.Terms.Seller, signed.Terms.Taker, at, signed.Terms.Token, signed.Terms.Currency, signed.Terms.Price, signed.Terms.Floor,
		signed.Terms.StartsAt, signed.Terms.EndsAt, signed.Terms.Salt,
	}
}

// TestAPurchaseOfAnAssetIsCutOff at each of its steps, and finished under its name: the token is paid once, and nothing
// more may be taken.
func TestAPurchaseOfAnAssetIsCutOff(t *testing.T) {
	t.Parallel()
	var left atomic.Int32
	var cancel context.CancelFunc
	s := newStall(t, &town{onStep: func(step string) {
		if step == "act sale buy" && left.Add(-1) == 0 {
			cancel()
		}
	}})
	coin := s.deploys(chaintest.LikeTether)
	file, _ := s.signed("price", "700", "currency", coin.At.String())
	s.company.refused(sinso.ErrDenied, "this account has 0 TOK of the 7 TOK asked", "sale buy", "sale", file)
	coin.Mint(t, s.company.account(), 1000)
	what, given := s.company.read("sale buy", []string{"sale", file})
	for n, at := range []int32{1, 2, 2, 0, 0} { // before the allowance, after it, after the permit; whole, and once more
		var ctx context.Context
		ctx, cancel = context.WithCancel(t.Context())
		left.Store(at)
		done, err := s.company.n.Act(ctx, fill(9), what, given, "test")
		cancel()
		if (err == nil) != (at == 0) {
			t.Fatalf("try %d: got %+v, %v", n, done, err)
		}
	}
	may(t, coin, s.company, "Exchange", 0)
	if has := coin.Has(t, s.company.account()); has != 300 || s.owner() != s.company.account() {
		t.Errorf("the company has %d, want 300, and %s owns the asset", has, s.owner())
	}
	coin.Mint(t, s.company.account(), 1000)
	s.company.refused(sinso.ErrDenied, "it was sold", "sale buy", "sale", file)
	may(t, coin, s.company, "Exchange", 0)
	keeps(t, s.persons.n, string(s.row.Study), "sales of the asset brought 7 TOK")
	s.company.do(nil, "auction share", "token", s.first, "currency", coin.At.String())
	keeps(t, s.persons.n, string(s.row.Study), "its sales owe the account")
}

// TestAPurchaseOfAnAssetComesTooLate when it was cut off after the allowance, and another bought meanwhile: nothing may be
// taken any more.
func TestAPurchaseOfAnAssetComesTooLate(t *testing.T) {
	t.Parallel()
	var left atomic.Int32
	var cancel context.CancelFunc
	s := newStall(t, &town{onStep: func(step string) {
		if step == "act sale buy" && left.Add(-1) == 0 {
			cancel()
		}
	}})
	coin := s.deploys(chaintest.Honest)
	coin.Mint(t, s.company.account(), 1000)
	coin.Mint(t, s.other.account(), 1000)
	file, signed := s.signed("price", "700", "currency", coin.At.String())
	what, given := s.company.read("sale buy", []string{"sale", file})
	ctx, stop := context.WithCancel(t.Context())
	cancel = stop
	left.Store(2)
	if _, err := s.company.n.Act(ctx, fill(9), what, given, "test"); err == nil {
		t.Fatal("it was not cut off")
	}
	may(t, coin, s.company, "Exchange", 700)
	s.other.do(nil, "sale buy", "sale", file)
	if _, err := s.company.n.Act(t.Context(), fill(9), what, given, "test"); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("too late: got %v", err)
	}
	may(t, coin, s.company, "Exchange", 0)
	// Who sold it takes it back, which changes nothing, and is told as it is.
	s.persons.do(nil, "sale cancel", "token", s.first, "hash", signed.Hash.String())
	if now := s.stands(file, "cancelled"); now.Owner != s.other.account() || coin.Has(t, s.company.account()) != 1000 {
		t.Errorf("cancelled after it was bought: %+v", now)
	}
}

// TestAFallingPriceOfAnAsset is lower when the purchase is on the chain than when it was drafted: the buyer has the rest
// back.
func TestAFallingPriceOfAnAsset(t *testing.T) {
	t.Parallel()
	var clock atomic.Pointer[jumpClock]
	s := newStall(t, &town{onStep: func(step string) {
		if c := clock.Load(); c != nil && step == "act sale buy" {
			c.jump(day / 4)
		}
	}})
	file, signed := s.signed("price", "2000000", "floor", "0")
	s.passes(day)
	before := s.stands(file, "open")
	if got := before.Price.Int().Int64(); got >= 1_000_100 || got < 900_000 {
		t.Errorf("half-way the price is %d", got)
	}
	s.company.refused(sinso.ErrDenied, "owed nothing", "sale withdraw")
	clock.Store(s.clock)
	s.company.do(nil, "sale buy", "sale", file)
	var paid sale.Withdrawn
	s.other.do(&paid, "sale withdraw", "payee", s.company.account().String())
	if got := paid.Amount.Int().Int64(); got < 450_000 || got > 550_000 || paid.To != s.company.account() {
		t.Errorf("back: %+v of %s, which fell for a quarter of a day before each of two steps", paid, before.Price)
	}
	s.stands(file, "sold")
	if signed.Terms.Floor.Int().Sign() != 0 {
		t.Errorf("the floor: %+v", signed.Terms)
	}
}

// TestASaleIsTakenBack, ends, waits while its asset is staked, and is for one buyer.
func TestASaleIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newStall(t, &town{})
	file, signed := s.signed("price", "5", "taker", s.company.account().String())
	s.other.refused(sinso.ErrDenied, "for another buyer", "sale buy", "sale", file)
	s.persons.do(nil, "sale cancel", "token", s.first, "hash", signed.Hash.String())
	s.stands(file, "cancelled")
	s.company.refused(sinso.ErrDenied, "its seller took it back", "sale buy", "sale", file)
	s.persons.refused(sinso.ErrDenied, "ended", "sale cancel", "token", s.first, "hash", signed.Hash.String())
	s.persons.refused(sinso.ErrNotFound, "sale ls", "sale cancel", "token", s.staking.other, "hash", signed.Hash.String())

	file, signed = s.signed("price", "5")
	s.persons.do(nil, "stake add", "token", s.first, "agreement", s.agreed(s.first, "3"))
	s.stands(file, "elsewhere")
	s.other.refused(sinso.ErrDenied, "not its seller's now", "sale buy", "sale", file)
	s.persons.do(nil, "stake unbond", "token", s.first)
	s.clock.jump(3 * time.Hour)
	s.persons.do(nil, "stake take", "token", s.first)
	s.stands(file, "unheld")
	s.other.refused(sinso.ErrDenied, "sign it again", "sale buy", "sale", file)
	keeps(t, s.persons.n, string(s.row.Study), signed.Hash.String())
	s.asks(s.persons, sinso.ErrDenied, "say --beside", "sale sign", "token", s.first, "until", s.in(day), "price", "6")
	again, _ := s.signed("price", "6", "beside", "true")
	var all []act.GivenSale
	s.persons.ask(&all, "sale ls", "token", s.first)
	if len(all) != 3 || all[0].State != "cancelled" || all[1] != (act.GivenSale{Hash: signed.Hash, Until: signed.Terms.EndsAt, State: "open"}) || !all[2].IsOpen() {
		t.Errorf("the sales: %+v", all)
	}
	s.stands(again, "open")
	s.passes(3 * day)
	s.stands(again, "over")
	s.other.refused(sinso.ErrDenied, "it ended at", "sale buy", "sale", again)
	s.persons.ask(&all, "sale ls", "token", s.first)
	if all[0].State != "cancelled" || all[1].State != "over" || all[2].State != "over" {
		t.Errorf("three days later: %+v", all)
	}
	if _, err := s.persons.n.Erase(t.Context(), string(s.row.Study), way.EraseOptions{Actor: "test"}); err != nil && strings.Contains(err.Error(), "sale") {
		t.Errorf("an asset of which no sale is left is not erased: %v", err)
	}
}

// TestASaleOnAnotherChain holds no erasure up on one where the asset is not.
func TestASaleOnAnotherChain(t *testing.T) {
	t.Parallel()
	s := newStall(t, &town{})
	_, signed := s.signed("price", "5")
	keeps(t, s.persons.n, string(s.row.Study), signed.Hash.String())
	s.persons.n.Deeds = misleads{s.persons.n.Deeds, "Assets", "ownerOf", func(any) error { return sinso.ErrInvalid }}
	if _, err := s.persons.n.Erase(t.Context(), string(s.row.Study), way.EraseOptions{Actor: "test"}); err != nil {
		t.Errorf("erase: %v", err)
	}
}

// TestSaleRefuses what is wrong, another's, or was changed.
func TestSaleRefuses(t *testing.T) {
	t.Parallel()
	s := newStall(t, &town{})
	until := func(in time.Duration, more ...string) []string {
		return append([]string{"token", s.first, "until", s.in(in)}, more...)
	}
	s.asks(s.persons, sinso.ErrInvalid, "a floor that is not above it", "sale sign", until(day, "price", "5", "floor", "6")...)
	s.asks(s.persons, sinso.ErrInvalid, "below 2^128", "sale sign", until(day, "price", "340282366920938463463374607431768211456")...)
	s.asks(s.persons, sinso.ErrInvalid, "is over", "sale sign", until(-time.Hour, "price", "5")...)
	s.asks(s.persons, sinso.ErrInvalid, "more than 90 days", "sale sign", until(91*day, "price", "5")...)
	s.asks(s.persons, sinso.ErrNotFound, "", "sale sign", "token", fill(0x11).String(), "price", "5", "until", s.in(day))

	file, signed := s.signed("price", "2000")
	changed := func(change func(*sale.Signed)) string {
		one := signed
		change(&one)
		text, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var other sale.Signed
	s.persons.ask(&other, "sale sign", "token", s.staking.other, "until", s.in(day), "price", "1")
	for name, tt := range map[string]struct {
		class    error
		sentence string
		file     string
	}{
		"nothing":            {sinso.ErrInvalid, "this is no sale", ""},
		"null":               {sinso.ErrInvalid, "this is no sale", "null"},
		"more after it":      {sinso.ErrInvalid, "this is no sale", file + "{}"},
		"a field more":       {sinso.ErrInvalid, "this is no sale", strings.Replace(file, "{", `{"x":1,`, 1)},
		"no hex":             {sinso.ErrInvalid, "this is no sale", changed(func(o *sale.Signed) { o.Signature = "0xzz" })},
		"a short signature":  {sinso.ErrInvalid, "this is no sale", changed(func(o *sale.Signed) { o.Signature = "0x00" })},
		"another price":      {sinso.ErrInvalid, "was changed since", changed(func(o *sale.Signed) { o.Terms.Price = other.Terms.Price })},
		"another end":        {sinso.ErrInvalid, "was changed since", changed(func(o *sale.Signed) { o.Terms.EndsAt = o.Terms.EndsAt.Add(time.Second) })},
		"before all numbers": {sinso.ErrInvalid, "was changed since", changed(func(o *sale.Signed) { o.Terms.EndsAt = time.Unix(-1, 0) })},
		"another signature":  {sinso.ErrDenied, "did not sign it", changed(func(o *sale.Signed) { o.Signature = other.Signature })},
		"a permit of none":   {sinso.ErrDenied, "sign it again", changed(func(o *sale.Signed) { o.Permit = other.Permit })},
	} {
		t.Run(name, func(*testing.T) { s.company.refused(tt.class, tt.sentence, "sale buy", "sale", tt.file) })
	}
	s.persons.refused(sinso.ErrNotFound, "", "sale cancel", "token", fill(0x11).String(), "hash", signed.Hash.String())
	if s.owner() != signed.Terms.Seller {
		t.Errorf("%s owns the asset", s.owner())
	}
}
