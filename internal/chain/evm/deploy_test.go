package evm_test

import (
	"errors"
	"maps"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
)

// All contracts are made when one is first needed, in the same place whoever works
// it out, and what stands there is proven to be ours.
func TestDeployAndVerify(t *testing.T) {
	w := newWorld(t, "")
	var kept sinso.Deployment
	c := w.open(t, evm.Config{Client: w.chain.Client(), Deployed: func(d sinso.Deployment) error { kept = d; return nil }})
	var pause struct{ Guardian sinso.Address }
	if err := c.Ask(t.Context(), sinso.Call{Contract: "Pause", Method: "status"}, &pause); err != nil || pause.Guardian != kept.Founding.Guardian {
		t.Fatalf("the guardian: got %s and error %v, want %s", pause.Guardian, err, kept.Founding.Guardian)
	}
	again, err := c.Deploy(t.Context(), kept.Founding, func(name string) { t.Errorf("%s was deployed again", name) })
	if err != nil || !maps.Equal(again.Contracts, kept.Contracts) {
		t.Errorf("again: got %v and error %v, want %v", again.Contracts, err, kept.Contracts)
	}
	var minter, voice sinso.Address
	if err := c.Ask(t.Context(), sinso.Call{Contract: "Voice", Method: "minter"}, &minter); err != nil || minter != kept.Contracts["Rewards"] {
		t.Errorf("who mints voices: got %s and error %v, want %s", minter, err, kept.Contracts["Rewards"])
	}
	if err := c.Ask(t.Context(), sinso.Call{Contract: "Governor", Method: "token"}, &voice); err != nil || voice != kept.Contracts["Voice"] {
		t.Errorf("what votes: got %s and error %v, want %s", voice, err, kept.Contracts["Voice"])
	}
	verdicts, err := c.Verify(t.Context(), kept)
	if err != nil || len(verdicts) != len(kept.Contracts) {
		t.Fatalf("got %d verdicts of %d contracts and error %v", len(verdicts), len(kept.Contracts), err)
	}
	for _, v := range verdicts {
		if !v.OK {
			t.Errorf("%s: %s", v.Contract, v.How)
		}
	}

	// Another node that has the record finds the same.
	other := w.open(t, evm.Config{Client: w.chain.Client(), Contracts: c.Contracts(), Deployment: kept})
	if at, err := other.At("Treasury"); err != nil || at != kept.Contracts["Treasury"] {
		t.Errorf("the treasury: got %s and error %v", at, err)
	}
}

func TestVerifyFindsWhatIsNotOurs(t *testing.T) {
	w := newWorld(t, "")
	var kept sinso.Deployment
	c := w.open(t, evm.Config{Client: w.chain.Client(), Deployed: func(d sinso.Deployment) error { kept = d; return nil }})
	if err := c.Ask(t.Context(), sinso.Call{Contract: "Pause", Method: "status"}, new(struct{})); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		spoil func(d *sinso.Deployment)
		wrong []string // the least that must be found
	}{
		"two are exchanged": {func(d *sinso.Deployment) {
			d.Contracts["Staking"], d.Contracts["Consent"] = d.Contracts["Consent"], d.Contracts["Staking"]
		}, []string{"Staking", "Consent"}},
		"nothing is there":    {func(d *sinso.Deployment) { d.Contracts["Pause"] = sinso.Address{9} }, []string{"Pause"}},
		"another guardian":    {func(d *sinso.Deployment) { d.Founding.Guardian = sinso.Address{9} }, []string{"Pause"}},
		"a quicker timelock":  {func(d *sinso.Deployment) { d.Founding.Timelock *= 2 }, []string{"Governor"}},
		"another treasury":    {func(d *sinso.Deployment) { d.Contracts["Treasury"] = d.Contracts["Pause"] }, []string{"Treasury"}},
		"an old one replaced": {func(d *sinso.Deployment) { d.Contracts["Assets"] = d.Contracts["Identity"] }, []string{"Assets"}},
		"another rewards":     {func(d *sinso.Deployment) { d.Founding.RewardsBond = sinso.Wei{} }, []string{"Rewards"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := kept
			d.Contracts = maps.Clone(kept.Contracts)
			tt.spoil(&d)
			verdicts, err := c.Verify(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			bad := map[string]bool{}
			for _, v := range verdicts {
				bad[v.Contract] = !v.OK
			}
			for _, want := range tt.wrong {
				if !bad[want] {
					t.Errorf("%s passed: %+v", want, verdicts)
				}
			}
		})
	}
	d := kept
	d.ChainID++
	if _, err := c.Verify(t.Context(), d); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("another chain's: got error %v, want ErrInvalid", err)
	}
}
