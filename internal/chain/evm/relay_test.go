package evm_test

import (
	"errors"
	"math/big"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
)

// What people's accounts are sent for gas is within the limits of what is carried for them:
// a name is sent once, and the third of an hour is none.
func TestFundingIsWithinTheLimits(t *testing.T) {
	w := newWorld(t, "")
	ether := sinso.NewWei(big.NewInt(1_000_000_000_000_000_000))
	c := w.open(t, evm.Config{Client: w.chain.Client(), Relay: evm.RelayLimits{PerHour: 2, PerDay: 9, FeePerDay: ether}})
	to, small := sinso.Address{9}, sinso.NewWei(big.NewInt(1000))
	if _, err := c.FundFor(t.Context(), sinso.Hash{1}, to, ether); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("more than a day's fees: got error %v, want ErrDenied", err)
	}
	for _, name := range []byte{1, 1, 2} {
		if _, err := c.FundFor(t.Context(), sinso.Hash{name}, to, small); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.FundFor(t.Context(), sinso.Hash{3}, to, small); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("the third of an hour: got error %v, want ErrDenied", err)
	}
	if balance, err := c.Balance(t.Context(), to); err != nil || balance.String() != "2000" {
		t.Errorf("the account has %s, error %v; want 2000", balance, err)
	}
}
