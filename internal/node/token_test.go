package node

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/way"
)

const (
	tokenPrice = 500  // 5 TOK
	tokenPurse = 1200 // what a buyer has
)

// deploys puts a token on the chain of the town.
func (d *deal) deploys(habit chaintest.Habit) *chaintest.Coin {
	d.t.Helper()
	return deploysOn(d.t, d.town.seller, habit)
}

// deploysOn puts a token on the chain that a node embeds.
func deploysOn(t *testing.T, n *Node, habit chaintest.Habit) *chaintest.Coin {
	t.Helper()
	client, err := rpc.DialContext(t.Context(), "http://"+n.ChainRPC())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	var key [32]byte
	_, _ = rand.Read(key[1:]) // never fails; below the group order
	account, err := eip712.Address(key)
	if err == nil {
		_, err = n.Chain.Fund(t.Context(), account, ether(1))
	}
	if err != nil {
		t.Fatal(err)
	}
	return chaintest.NewCoin(t, client, key, habit)
}

// tokenDeal is an offer whose price is in a token, of which the buyer's node has some.
type tokenDeal struct {
	*deal
	coin *chaintest.Coin
	own  sinso.Address // the buyer's node's account
}

func newTokenDeal(t *testing.T, habit chaintest.Habit) *tokenDeal {
	t.Helper()
	d := newDeal(t)
	status, err := d.buyer.Status(t.Context())
	if err == nil {
		_, err = d.town.seller.Chain.Fund(t.Context(), status.Account, ether(1))
	}
	if err != nil {
		t.Fatal(err)
	}
	td := &tokenDeal{deal: d, own: status.Account}
	td.ask(d.deploys(habit), tokenPrice)
	td.coin.Mint(t, td.own, tokenPurse)
	return td
}

// ask makes the offer in a token that is bought from now on.
func (d *tokenDeal) ask(coin *chaintest.Coin, price int64) {
	d.t.Helper()
	made, err := d.town.seller.MakeOffer(d.t.Context(), d.row.ID, OfferOptions{
		Actor: "test", Price: sinso.NewWei(big.NewInt(price)), Copies: 1, Currency: coin.At,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.coin, d.offer, d.order = coin, made.Offer, made.Hash
}

// holds wants what the buyer's node has of the token, and what the Exchange may take of it.
func (d *tokenDeal) holds(amount, allowed int64) {
	d.t.Helper()
	at := d.town.seller.Chain.Contracts().Exchange
	if has, may := d.coin.Has(d.t, d.own), d.coin.May(d.t, d.own, at); has != amount || may != allowed {
		d.t.Errorf("the buyer has %d and the Exchange may take %d, want %d and %d", has, may, amount, allowed)
	}
}

// planned wants a dry run that tells the price in the token and tries the approval, and allows nothing.
func (d *tokenDeal) planned() {
	d.t.Helper()
	plan, err := d.buyer.PlanBuy(d.t.Context(), d.offer)
	if err != nil {
		d.t.Fatal(err)
	}
	about, _ := plan.About.(way.PlannedBuy)
	if about.Money == nil || about.Money.Text(about.Price) != "5 TOK" || about.Fiat != "" || plan.Value.Int().Sign() != 0 {
		d.t.Errorf("the price is planned as %s of %+v, %q, and %s wei are paid", about.Price, about.Money, about.Fiat, plan.Value)
	}
	if len(plan.Steps) != 4 || plan.Steps[0].Gas == 0 || plan.Steps[0].Untried != "" || plan.Steps[1].Untried == "" {
		d.t.Errorf("the steps: %+v; want the approval tried, and three that cannot be yet", plan.Steps)
	}
	d.holds(tokenPurse, 0)
}

// TestATokenIsPaid buys for a token: exactly the price is allowed and taken, the licence and the key go to the order's
// own account, and the payees are sent the token.
func TestATokenIsPaid(t *testing.T) {
	t.Parallel()
	for name, habit := range map[string]chaintest.Habit{"honest": chaintest.Honest, "like Tether": chaintest.LikeTether} {
		t.Run(name, func(t *testing.T) {
			d := newTokenDeal(t, habit)
			look, err := d.buyer.Look(t.Context(), d.offer)
			if err != nil || look.Why != "" || look.Currency.Text(sinso.NewWei(big.NewInt(tokenPrice))) != "5 TOK" {
				t.Fatalf("look: got %q, %+v, %v; want 5 TOK that can be paid", look.Why, look.Currency, err)
			}
			d.planned()
			row := d.wantBought()
			d.holds(tokenPurse-tokenPrice, 0)
			if trade := d.trade(); trade.State != sinso.TradeReleased || trade.Fill.Buyer == d.own {
				t.Errorf("the trade is %s, of the node's own account: %t", trade.State, trade.Fill.Buyer == d.own)
			}
			sum := int64(0)
			for _, payout := range row.Payouts {
				if got := d.coin.Has(t, payout.To); got != payout.Wei.Int().Int64() {
					t.Errorf("the %s has %d of the token, want %s", payout.Role, got, payout.Wei)
				}
				sum += payout.Wei.Int().Int64()
			}
			if sum != tokenPrice || d.coin.Has(t, d.town.seller.Chain.Contracts().Exchange) != 0 {
				t.Errorf("the payees got %d, want %d and nothing left", sum, tokenPrice)
			}
			if err := d.town.seller.Tend(t.Context()); err != nil { // the seller's side finds the money sent
				t.Fatal(err)
			}
			if order := d.orderRow(); order.State != sinso.TradeReleased {
				t.Errorf("the seller's order is %s, want released", order.State)
			}
			if again := d.wantBought(); again.FillTx != row.FillTx {
				t.Errorf("bought again by %s, want %s", again.FillTx.Hash, row.FillTx.Hash)
			}
			d.holds(tokenPurse-tokenPrice, 0)
		})
	}
}

// TestATokenComesBack takes the token back from a silent seller, and for a wrong key: to the account that paid it.
func TestATokenComesBack(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]func(d *tokenDeal) func(sinso.KeyRequest) (sinso.KeyAnswer, error){
		"silence": func(*tokenDeal) func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return sinso.KeyAnswer{}, errSilent }
		},
		"a wrong key": func(d *tokenDeal) func(sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return func(sinso.KeyRequest) (sinso.KeyAnswer, error) { return d.answer(sinso.CEK{1}), nil }
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTokenDeal(t, chaintest.Honest)
			d.peers.key = key(d)
			row, err := d.buyer.Buy(t.Context(), d.offer, nil)
			if name == "silence" {
				if !errors.Is(err, sinso.ErrUnavailable) {
					t.Fatalf("got %v, want ErrUnavailable", err)
				}
				d.holds(tokenPurse-tokenPrice, 0)
				d.clock.jump(100 * 24 * time.Hour)
				row, err = d.buyer.Buy(t.Context(), d.offer, nil)
			}
			if err != nil || row.Step != "refunded" {
				t.Fatalf("got step %q, %v; want refunded", row.Step, err)
			}
			d.holds(tokenPurse, 0)
		})
	}
}

// TestATokenPurchaseIsCutOff stops after the approval, or loses the answer of a step, and opens the nodes again: it is
// paid once, and nothing is left that the Exchange may take.
func TestATokenPurchaseIsCutOff(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]chainFault{
		"before the approval": cut("allow"),
		"after the approval":  cut("fill"),
		"the approval's answer is lost": func(what string, done bool) error {
			if what == "allow" && done {
				return errSilent
			}
			return nil
		},
		"the fill's answer is lost": func(what string, done bool) error {
			if what == "fill" && done {
				return errSilent
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTokenDeal(t, chaintest.LikeTether)
			chainOf(d.buyer).fails(fault)
			if row, err := d.buyer.Buy(t.Context(), d.offer, nil); !errors.Is(err, sinso.ErrUnavailable) || row.Step != "funded" {
				t.Fatalf("got step %q, %v; want funded and ErrUnavailable", row.Step, err)
			}
			if err := d.close(); err != nil {
				t.Fatal(err)
			}
			if err := d.open(t.Context()); err != nil {
				t.Fatal(err)
			}
			coin := d.deploys(chaintest.Honest) // a new connection to the chain, which moved
			coin.At = d.coin.At
			d.coin = coin
			d.wantBought()
			d.holds(tokenPurse-tokenPrice, 0)
		})
	}
}

// TestATokenPurchaseIsGivenUp takes the approval back of a purchase that can't be paid any more.
func TestATokenPurchaseIsGivenUp(t *testing.T) {
	t.Parallel()
	d := newTokenDeal(t, chaintest.Honest)
	chainOf(d.buyer).fails(cut("fill"))
	if _, err := d.buyer.Buy(t.Context(), d.offer, nil); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("got %v, want ErrUnavailable", err)
	}
	d.holds(tokenPurse, tokenPrice)
	chainOf(d.buyer).fails(nil)
	if _, err := d.town.seller.CancelOrder(t.Context(), d.order, "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.buyer.Buy(t.Context(), d.offer, nil); !errors.Is(err, sinso.ErrNotFound) {
		t.Fatalf("got %v, want ErrNotFound", err)
	}
	d.holds(tokenPurse, 0)
	d.ask(d.coin, tokenPrice) // another of the same price is bought all the same
	d.wantBought()
	d.holds(tokenPurse-tokenPrice, 0)
}

// TestATokenIsRefused names what stands against a price in a token, in a sentence; nothing of it moves, and nothing is
// left that the Exchange may take.
func TestATokenIsRefused(t *testing.T) {
	t.Parallel()
	d := newTokenDeal(t, chaintest.Honest)
	for name, tt := range map[string]struct {
		habit chaintest.Habit
		price int64
		class error
		says  string
		why   way.Hindrance
	}{
		"too little":              {chaintest.Honest, tokenPurse + 50, sinso.ErrDenied, "this account has 12 TOK of the 12.5 TOK asked", way.HinderedPoor},
		"it takes a fee":          {chaintest.TakesAFee, tokenPrice, sinso.ErrDenied, "the token takes a fee, or lies", ""},
		"it forgets its approval": {chaintest.ForgetsApproval, tokenPrice, sinso.ErrDenied, "does not let it", ""},
		"it refuses approvals":    {chaintest.RefusesApproval, tokenPrice, sinso.ErrDenied, "refused", ""},
		"it lies about wealth":    {chaintest.LiesAboutWealth, tokenPurse + 50, sinso.ErrDenied, "refused", ""},
	} {
		t.Run(name, func(t *testing.T) {
			coin := d.deploys(tt.habit)
			coin.Mint(t, d.own, tokenPurse)
			d.ask(coin, tt.price)
			look, err := d.buyer.Look(t.Context(), d.offer)
			if err != nil || look.Why != tt.why {
				t.Errorf("look: got %q, %v; want %q", look.Why, err, tt.why)
			}
			_, err = d.buyer.Buy(t.Context(), d.offer, nil)
			if !errors.Is(err, tt.class) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want it to say %q and be %v", err, tt.says, tt.class)
			}
			if tt.habit != chaintest.LiesAboutWealth {
				d.holds(tokenPurse, 0)
			}
			if state := d.trade().State; state != sinso.TradeNone {
				t.Errorf("the trade is %s, want offered", state)
			}
		})
	}
	for name, at := range map[string]sinso.Address{"no token": {0xee}, "assets, whose approve lets go of one": d.town.seller.Chain.Contracts().Assets} {
		d.ask(&chaintest.Coin{At: at}, tokenPrice)
		if look, err := d.buyer.Look(t.Context(), d.offer); err != nil || look.Why != way.HinderedCurrency {
			t.Errorf("%s: got %q, %v; want %q", name, look.Why, err, way.HinderedCurrency)
		}
		if _, err := d.buyer.Buy(t.Context(), d.offer, nil); !errors.Is(err, sinso.ErrInvalid) || !strings.Contains(err.Error(), "as an ERC-20 token does") {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	if _, err := d.buyer.PlanPayment(t.Context(), json.RawMessage(d.offer)); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("a wallet: got %v, want ErrUnsupported", err)
	}
}
