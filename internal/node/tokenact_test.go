package node

import (
	"context"
	"errors"
	"math/big"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/stage/act/auction"
	"sinso.dev/sinso/internal/stage/act/stake"
)

// may wants what a contract may take of a token from an account.
func may(t *testing.T, coin *chaintest.Coin, a actor, contract string, want int64) {
	t.Helper()
	at, err := a.n.Deeds.At(contract)
	if err != nil {
		t.Fatal(err)
	}
	if got := coin.May(t, a.account(), at); got != want {
		t.Errorf("%s may take %d, want %d", contract, got, want)
	}
}

// TestADividendInAToken pays a pool's dividend in a token that wants its allowance at zero first, and a staker claims it.
func TestADividendInAToken(t *testing.T) {
	t.Parallel()
	s := newStaking(t)
	coin := s.deploys(chaintest.LikeTether)
	var opened struct {
		Pool sinso.Hash `json:"pool"`
	}
	s.company.do(&opened, "stake open", "unbonding", "2h", "stream", "7d", "cap", "100", "terms", fill(8).String(), "currency", coin.At.String())
	s.pool = opened.Pool.String()
	var stands stake.Stake
	s.persons.do(&stands, "stake add", "token", s.first, "agreement", s.agreed(s.first, "3"))

	s.company.refused(sinso.ErrDenied, "this account has 0 TOK of the 7 TOK asked", "dividend deposit", "pool", s.pool, "amount", "700")
	may(t, coin, s.company, "Staking", 0)
	coin.Mint(t, s.company.account(), 1000)
	act, given := s.company.read("dividend deposit", []string{"pool", s.pool, "amount", "700"})
	plan, err := s.company.n.PlanAct(t.Context(), act, given)
	if err != nil || len(plan.Steps) != 2 || plan.Value.Int().Sign() != 0 || plan.Steps[0].Doing != "let it take 7 TOK (TOK, the token at "+coin.At.String()+")" {
		t.Errorf("the plan: got %+v, %v", plan, err)
	}
	for _, want := range []int{2, 1} { // the same again does nothing more
		if done, err := s.company.n.Act(t.Context(), fill(9), act, given, "test"); err != nil || len(done.Txs) != want {
			t.Fatalf("deposit: got %+v, %v, want %d transactions", done.Txs, err, want)
		}
		may(t, coin, s.company, "Staking", 0)
	}
	if has := coin.Has(t, s.company.account()); has != 300 {
		t.Errorf("the company has %d, want 300", has)
	}
	may(t, coin, s.company, "Staking", 0)
	s.clock.jump(8 * 24 * time.Hour)
	s.persons.do(nil, "dividend claim", "token", s.first)
	if got := coin.Has(t, stands.Staker); got < 690 || got > 700 {
		t.Errorf("the staker was paid %d, want 700 but for what no weight divides", got)
	}
}

// lets has a contract allowed to take of a token from an actor's account, as an act that was cut off left it.
func (a actor) lets(coin *chaintest.Coin, contract string, amount int64) {
	a.t.Helper()
	at, err := a.n.Deeds.At(contract)
	if err == nil {
		_, err = a.n.Deeds.Do(a.t.Context(), newID(), sinso.Deed{Doing: "approve", Call: sinso.Call{
			Contract: sinso.ERC20, At: coin.At, Method: "approve", Args: []any{at, sinso.NewWei(big.NewInt(amount))},
		}}, [32]byte{})
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

// TestAnActInATokenIsCutOff stops an act at each of its steps and finishes it under its name, beside what may be taken
// already: it is paid once, and nothing may be taken any more.
func TestAnActInATokenIsCutOff(t *testing.T) {
	t.Parallel()
	var left atomic.Int32
	var cancel context.CancelFunc
	s := newStakingIn(t, &town{onStep: func(step string) {
		if step == "act creator stake" && left.Add(-1) == 0 {
			cancel()
		}
	}})
	coin := s.deploys(chaintest.LikeTether)
	coin.Mint(t, s.company.account(), 1000)
	for i, tt := range []struct {
		before int64 // may be taken already
		step   int32 // at which it is cut off; 0: at none
		txs    int
	}{
		{0, 1, 2}, {0, 2, 1}, {7, 2, 2}, {7, 3, 1}, {100, 0, 1}, {100, 1, 1}, {300, 0, 3},
	} {
		if tt.before > 0 {
			s.company.lets(coin, "Creators", tt.before)
		}
		act, given := s.company.read("creator stake", []string{"amount", "100", "currency", coin.At.String()})
		var ctx context.Context
		ctx, cancel = context.WithCancel(t.Context())
		left.Store(tt.step)
		done, err := s.company.n.Act(ctx, fill(byte(i+1)), act, given, "test")
		cancel()
		if (err == nil) != (tt.step == 0) {
			t.Errorf("%+v: got %v", tt, err)
		}
		if tt.step > 0 {
			if done, err = s.company.n.Act(t.Context(), fill(byte(i+1)), act, given, "test"); err != nil {
				t.Fatalf("%+v: %v", tt, err)
			}
		}
		if len(done.Txs) != tt.txs {
			t.Errorf("%+v: finished by %d transactions", tt, len(done.Txs))
		}
		if _, err = s.company.n.Act(t.Context(), fill(byte(i+1)), act, given, "test"); err != nil {
			t.Errorf("%+v: once more: %v", tt, err)
		}
		may(t, coin, s.company, "Creators", 0)
		if has := coin.Has(t, s.company.account()); has != int64(900-100*i) {
			t.Errorf("%+v: the company has %d, want %d", tt, has, 900-100*i)
		}
	}
}

// TestABidInAToken bids for an asset in a token; who is outbid takes the token back.
func TestABidInAToken(t *testing.T) {
	t.Parallel()
	h := newHammer(t)
	coin := h.deploys(chaintest.Honest)
	coin.Mint(t, h.company.account(), 5000)
	coin.Mint(t, h.other.account(), 5000)
	var opened auction.Opened
	h.persons.do(&opened, "auction open", h.terms("reserve", "1000", "currency", coin.At.String())...)
	h.lot = opened.Auction.String()
	act, given := h.company.read("auction bid", []string{"auction", h.lot, "amount", "1000"})
	if _, err := h.company.n.Act(t.Context(), fill(3), act, given, "test"); !errors.Is(err, sinso.ErrDenied) || strings.Contains(err.Error(), "may still") {
		t.Errorf("a bid before the auction: got %v", err)
	}
	may(t, coin, h.company, "Auctions", 0)
	h.clock.jump(61 * time.Minute)
	h.company.refused(sinso.ErrDenied, "this account has 50 TOK of the 60 TOK asked", "auction bid", "auction", h.lot, "amount", "6000")
	h.company.refused(sinso.ErrDenied, "less than the least", "auction bid", "auction", h.lot, "amount", "999")
	may(t, coin, h.company, "Auctions", 0)
	for range 2 { // what was refused is done by the same name, once
		if _, err := h.company.n.Act(t.Context(), fill(3), act, given, "test"); err != nil {
			t.Fatal(err)
		}
		may(t, coin, h.company, "Auctions", 0)
	}
	h.other.do(nil, "auction bid", "auction", h.lot, "amount", "2000")
	h.company.refused(sinso.ErrDenied, "", "auction withdraw")
	h.company.do(nil, "auction withdraw", "currency", coin.At.String())
	if mine, others := coin.Has(t, h.company.account()), coin.Has(t, h.other.account()); mine != 5000 || others != 3000 {
		t.Errorf("who was outbid has %d, and who leads %d; want 5000 and 3000", mine, others)
	}
	if now := h.shown(); now.Bidder == nil || *now.Bidder != h.other.account() || now.Amount.String() != "2000" {
		t.Errorf("the auction: got %+v", now)
	}
}
