package node

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// TestLicencesOnAnotherChainAreNamed: a buyer's folder that is opened on another chain than it bought on says that its
// licences are there: so of the embedded chain of its own, which has the same ID.
func TestLicencesOnAnotherChainAreNamed(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx := t.Context()
	row := d.wantBought()
	if others, err := d.buyer.Elsewhere(ctx); err != nil || len(others) != 0 {
		t.Fatalf("on the chain that it bought on: %+v, %v", others, err)
	}
	bought := d.buyer.Chain.Contracts()
	if err := d.buyer.Close(); err != nil {
		t.Fatal(err)
	}
	alone, err := d.node(ctx, Config{Data: filepath.Join(d.dir, "buyer"), Chain: "dev:", ChainListen: "none"})
	if err != nil {
		t.Fatal(err)
	}
	if held, err := alone.Licences(ctx, alone.Catalogue()); err != nil || len(held) != 0 {
		t.Errorf("%d licences on a chain of its own, %v", len(held), err)
	}
	others, err := alone.Elsewhere(ctx)
	if err != nil || len(others) != 1 || others[0] != (Elsewhere{Contracts: bought, Purchases: 1}) {
		t.Errorf("got %+v, %v; want one purchase on %+v", others, err, bought)
	}
	if _, err := alone.Licence(ctx, row.Trade); !errors.Is(err, sinso.ErrNotFound) || !strings.Contains(err.Error(), "was bought on another chain, or other contracts") {
		t.Errorf("the licence: %v", err)
	}
	if _, err := alone.Licence(ctx, sinso.Hash{7}); !errors.Is(err, sinso.ErrNotFound) || strings.Contains(err.Error(), "bought") {
		t.Errorf("no licence: %v", err)
	}
}
