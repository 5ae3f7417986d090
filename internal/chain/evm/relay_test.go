package evm_test

import (
	"errors"
	"math/big"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
)

// What people's accounts are sent for gas is within the limits of what is carried for them:
// a name is sent once, and one person has half.
func TestFundingIsWithinTheLimits(t *testing.T) {
	w := newWorld(t, "")
	ether := sinso.NewWei(big.NewInt(1_000_000_000_000_000_000))
	c := w.open(t, evm.Config{Client: w.chain.Client(), Relay: evm.RelayLimits{PerHour: 4, PerDay: 9, FeePerDay: ether}})
	to, small := sinso.Address{9}, sinso.NewWei(big.NewInt(1000))
	ann, bob := sinso.Portion{For: sinso.Hash{1}}, sinso.Portion{For: sinso.Hash{2}}
	if _, err := c.FundFor(t.Context(), sinso.Hash{1}, to, ether, ann); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("more than a day's fees: got error %v, want ErrDenied", err)
	}
	half := sinso.NewWei(new(big.Int).Rsh(ether.Int(), 1))
	if _, err := c.FundFor(t.Context(), sinso.Hash{1}, to, half, ann); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("half of a day's fees: got error %v, want ErrDenied: a quarter is kept, and of the rest there is half", err)
	}
	for _, name := range []byte{1, 1, 2} {
		if _, err := c.FundFor(t.Context(), sinso.Hash{name}, to, small, ann); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.FundFor(t.Context(), sinso.Hash{3}, to, small, ann); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("the third of an hour: got error %v, want ErrDenied", err)
	}
	if _, err := c.FundFor(t.Context(), sinso.Hash{3}, to, small, bob); err != nil {
		t.Errorf("the first of another person: %v", err)
	}
	if balance, err := c.Balance(t.Context(), to); err != nil || balance.String() != "3000" {
		t.Errorf("the account has %s, error %v; want 3000", balance, err)
	}
}
