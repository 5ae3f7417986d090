package node

import (
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
	id := fill(9)
	for range 2 { // the same again does nothing more
		if done, err := s.company.n.Act(t.Context(), id, act, given, "test"); err != nil || len(done.Txs) != 2 {
			t.Fatalf("deposit: got %+v, %v", done.Txs, err)
		}
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
	h.clock.jump(61 * time.Minute)
	h.company.refused(sinso.ErrDenied, "this account has 50 TOK of the 60 TOK asked", "auction bid", "auction", h.lot, "amount", "6000")
	h.company.refused(sinso.ErrDenied, "may still take the amount", "auction bid", "auction", h.lot, "amount", "999")
	may(t, coin, h.company, "Auctions", 999)
	h.company.do(nil, "auction bid", "auction", h.lot, "amount", "1000") // another amount than was let
	may(t, coin, h.company, "Auctions", 0)
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
