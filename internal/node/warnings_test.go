package node

import (
	"crypto/rand"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
	"sinso.dev/sinso/internal/stage/market"
)

// warned is what a node's status says of what does not go on.
func warned(t *testing.T, n *Node) string {
	t.Helper()
	status, err := n.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range status.Lines() {
		if strings.HasPrefix(line, "WARNING\t") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// TestStatusSaysWhyNothingIsPruned: while a purchase cannot be read nothing is freed, and the
// operator is told which and what to do; so of anything else that stops it, until it goes on.
func TestStatusSaysWhyNothingIsPruned(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn, err := apartNode(t, filepath.Join(t.TempDir(), "node"), blobsInLog)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tn.close() })
	n := tn.seller
	waste := make([]byte, 1<<20)
	if _, err := rand.Read(waste); err != nil {
		t.Fatal(err)
	}
	_, blocks := dag.Build(waste)
	if err := n.pack.Put(ctx, blocks...); err != nil {
		t.Fatal(err)
	}
	if got := warned(t, n); got != "" {
		t.Errorf("a healthy node warns: %s", got)
	}
	save := func(row sinso.PurchaseRow) {
		t.Helper()
		if err := n.meta.Tx(ctx, func(tx sinso.MetaTx) error { return tx.SavePurchase(row) }); err != nil {
			t.Fatal(err)
		}
		n.pruneOnce(ctx)
	}
	row := sinso.PurchaseRow{Order: sinso.Hash{7}, Offer: []byte(`{"version":2}`)}
	save(row)
	for _, want := range []string{"1 purchases", row.Order.String(), "run that version"} {
		if got := warned(t, n); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if has, err := n.pack.Has(ctx, blocks[0].CID); err != nil || !has {
		t.Errorf("a block is gone: %v", err)
	}
	if row.Offer, err = json.Marshal(sinso.Offer{Version: market.OfferVersion, Payload: blocks[0].CID}); err != nil {
		t.Fatal(err)
	}
	row.Key.To = sinso.KeyNode // which no key opens
	save(row)
	if got := warned(t, n); !strings.Contains(got, "could not be freed the last time") || !strings.Contains(got, "sinso check") {
		t.Errorf("its key opens nothing: got %q", got)
	}
	row.Key.To = ""
	save(row)
	if got := warned(t, n); got != "" {
		t.Errorf("it goes on, and warns: %s", got)
	}
	if has, err := n.pack.Has(ctx, blocks[0].CID); err != nil || !has {
		t.Errorf("what the purchase names is gone: %v", err)
	}
}
