package evm_test

import (
	"errors"
	"math/big"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/chain/evm"
)

// carries is what the suite of deeds needs.
var carries = evm.RelayLimits{PerHour: 1000, PerDay: 1000, FeePerDay: sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 70))}

// TestDeedsEmbedded runs the suite of deeds over the embedded chain, in process.
func TestDeedsEmbedded(t *testing.T) {
	chaintest.RunDeeds(t, func(t *testing.T) chaintest.DeedRig {
		w := newWorld(t, "")
		return deedRig(w.rig(t, evm.Config{Client: w.chain.Client(), Relay: carries}))
	})
}

// TestDeedsAnvil runs it over a foreign chain on this machine.
func TestDeedsAnvil(t *testing.T) {
	chaintest.RunDeeds(t, func(t *testing.T) chaintest.DeedRig {
		w := &world{key: chaintest.AnvilKey, clock: new(chaintest.Clock)}
		return deedRig(w.rig(t, evm.Config{Client: chaintest.Anvil(t), Relay: carries}))
	})
}

func deedRig(rig chaintest.Rig) chaintest.DeedRig {
	deeds, _ := rig.Chain.(sinso.Deeds)
	return chaintest.DeedRig{Rig: rig, Deeds: deeds}
}

// A contract that stands on no chain yet is not made for a question.
func TestDeedOfWhatIsNotDeployed(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	if _, err := c.Plan(t.Context(), sinso.Deed{Call: sinso.Call{Contract: "Staking", Method: "stake"}}, sinso.Address{1}); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got error %v, want ErrUnsupported", err)
	}
}
