package node

import (
	"testing"
	"time"

	"sinso.dev/sinso"
)

// TestCatalogueKnowsTheTrade: a serving node's index follows the chain by itself, and
// another node's tells the same; the status says how far they are.
func TestCatalogueKnowsTheTrade(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	if err := tn.wholeWay(t.Context()); err != nil {
		t.Fatal(err)
	}
	for moved := true; moved; { // the buyer's node does not serve
		var err error
		if moved, err = tn.buyer.catalogue.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []*Node{tn.buyer, tn.seller} {
		var trade sinso.TradeRow
		for ends := time.Now().Add(20 * time.Second); !trade.Revoked && time.Now().Before(ends); time.Sleep(50 * time.Millisecond) {
			page, err := n.Catalogue().Assets(t.Context(), sinso.AssetQuery{})
			if err != nil {
				t.Fatal(err)
			}
			for _, asset := range page.Assets {
				trades, err := n.Catalogue().Trades(t.Context(), asset.Token)
				if err != nil {
					t.Fatal(err)
				}
				if len(trades) == 1 {
					trade = trades[0]
				}
			}
		}
		if trade.State != sinso.TradeReleased || !trade.Revoked || !trade.Confirmed || trade.Price.String() != testPrice.String() {
			t.Errorf("trade %+v", trade)
		}
		status, err := n.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if index := status.ChainIndex; index == nil || index.Block == 0 || index.Lag != 0 || index.Assets != 1 || index.Problem != "" {
			t.Errorf("status %+v", index)
		}
	}
}
