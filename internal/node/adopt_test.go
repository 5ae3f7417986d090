package node

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// TestAnotherNodesContractsAreAdopted: a node learns where all contracts stand from another's
// record, keeps it if each is what it should be, and sends nothing for it.
func TestAnotherNodesContractsAreAdopted(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	made, err := tn.seller.Deploy(ctx, sinso.Founding{}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := Config{Data: filepath.Join(tn.dir, "third"), Chain: "http://" + tn.seller.ChainRPC()}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Init(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	// adopts opens the node with a record, and says what it thinks of it.
	adopts := func(d sinso.Deployment) (verdicts []sinso.Verdict, recorded error) {
		t.Helper()
		n, err := Open(ctx, cfg, Options{Clock: tn.clock, Deployment: d})
		if err != nil {
			t.Fatal(err)
		}
		if verdicts, err = n.Adopt(ctx, d); err != nil {
			t.Error(err)
		}
		_, recorded = n.Deployment()
		if err := n.Close(); err != nil {
			t.Error(err)
		}
		return verdicts, recorded
	}
	var forged sinso.Deployment
	for name, at := range map[string]sinso.Address{"Staking": made.Contracts["Treasury"], "Stranger": {1}} {
		forged = made
		forged.Contracts = maps.Clone(made.Contracts)
		forged.Contracts[name] = at
		verdicts, recorded := adopts(forged)
		wrong := slices.IndexFunc(verdicts, func(v sinso.Verdict) bool { return !v.OK })
		if wrong < 0 || verdicts[wrong].Contract != name || !errors.Is(recorded, sinso.ErrNotFound) {
			t.Errorf("with another %s: %+v, recorded: %v", name, verdicts, recorded)
		}
	}
	if verdicts, recorded := adopts(made); len(verdicts) != len(made.Contracts) || recorded != nil {
		t.Errorf("as it is: %+v, recorded: %v", verdicts, recorded)
	}
	// From now on the node opens by its record.
	n, err := Open(ctx, cfg, Options{Clock: tn.clock})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close() //nolint:errcheck // only read
	kept, err := n.Deployment()
	if err != nil || !maps.Equal(kept.Contracts, made.Contracts) || n.Chain.Contracts() != tn.seller.Chain.Contracts() {
		t.Errorf("%+v is recorded (%v), want %+v", kept.Contracts, err, made.Contracts)
	}
	if _, err := n.Adopt(ctx, forged); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("another one after that: got error %v, want ErrExists", err)
	}
	status, err := n.ChainStatus(ctx)
	if err != nil || status.Balance.Int().Sign() != 0 {
		t.Errorf("an account without money was enough: %+v, %v", status, err)
	}
}
