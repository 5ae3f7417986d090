package node

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// TestTwoReleasesShareOnlyTheirInstitution compares the offers of two releases of one
// person, as strangers see them: what is the same is the node's, the institution's
// or a constant of the market.
func TestTwoReleasesShareOnlyTheirInstitution(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	if _, err := d.town.seller.Release(t.Context(), d.row.Study, ReleaseOptions{Actor: "test", Price: sinso.NewWei(big.NewInt(7))}); err != nil {
		t.Fatal(err)
	}
	orders, err := d.town.seller.Orders(t.Context(), "")
	if err != nil || len(orders) != 2 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	var seen [2]map[string]any
	for i, order := range orders {
		if err := json.Unmarshal(order.Offer, &seen[i]); err != nil {
			t.Fatal(err)
		}
	}
	shared := map[string]bool{
		"version": true, "contracts": true, "institution": true, "origin": true, "peer": true, "terms": true,
		"order.terms": true, "order.deliverWithin": true, "order.disputeWithin": true, "order.endsAt": true, "asset.parent": true,
		"order.currency": true, "order.taker": true, "order.panel": true, "order.copies": true, "order.term": true, "order.transferable": true, "order.purpose": true,
	}
	compare := func(prefix string, a, b map[string]any) {
		for name, value := range a {
			if !shared[prefix+name] && cmp.Equal(value, b[name]) {
				t.Errorf("both offers say %s%s = %v", prefix, name, value)
			}
		}
	}
	compare("", seen[0], seen[1])
	for _, part := range []string{"order", "asset"} {
		a, b := seen[0][part].(map[string]any), seen[1][part].(map[string]any)
		compare(part+".", a, b)
	}
	first, second := seen[0]["asset"].(map[string]any)["split"].([]any)[0], seen[1]["asset"].(map[string]any)["split"].([]any)[0]
	if first.(map[string]any)["payee"] == second.(map[string]any)["payee"] {
		t.Error("the patient has one account in both")
	}
}

// TestReleaseDuringAnImport releases a study that an import has not closed: the
// evidence rests on an import entry, of just the instances that it speaks of.
func TestReleaseDuringAnImport(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	var items [][]byte
	if err := phantom.Series(phantom.Options{Seed: 9, Slices: 4, Rows: 32, Columns: 32}, func(_ string, part10 []byte) error {
		items = append(items, part10)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var row sinso.ReleaseRow
	_, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		for i, item := range items {
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: item, Name: sinso.NewPHI("x")}}); err != nil {
				return err
			}
			if i == 1 {
				study, err := waitForStudy(ctx, n, d.row.Study)
				if err != nil {
					return err
				}
				if row, err = n.Release(ctx, study, ReleaseOptions{Actor: "test", Price: testPrice}); err != nil {
					return err
				}
			}
		}
		return nil
	}, ImportOptions{Actor: "test"})
	if err != nil || row.State != sinso.ReleaseIsRegistered {
		t.Fatalf("the release is %q, %v", row.State, err)
	}
	if _, err := n.Verify(ctx, row.Token); err != nil {
		t.Error(err)
	}
}

// waitForStudy waits for an instance of another study.
func waitForStudy(ctx context.Context, n *Node, not sinso.StudyID) (sinso.StudyID, error) {
	for ctx.Err() == nil {
		studies, err := n.Studies(ctx, "")
		if err != nil {
			return "", err
		}
		for _, study := range studies {
			if study.ID != not {
				return study.ID, nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return "", ctx.Err()
}

// TestAReleaseGoesOnWhenTheChainAnswersAgain cuts one off before it is minted.
// Nobody asks for it again: the node finishes it by itself.
func TestAReleaseGoesOnWhenTheChainAnswersAgain(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	d.unfinished(t, cut("enter asset"))
	for _, silent := range []string{"enter asset", "settle"} { // what was sent may wait in the pool: it is not sent twice
		minted := false
		chainOf(n).fails(func(asked string, done bool) error {
			minted = minted || done && asked == "enter asset"
			return cut(silent)(asked, done)
		})
		if err := n.Tend(ctx); !errors.Is(err, sinso.ErrUnavailable) || minted {
			t.Errorf("while the chain does not answer to %s: %v, minted %t", silent, err, minted)
		}
	}
	chainOf(n).fails(nil)
	if err := n.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	rows, err := n.Releases(ctx, "")
	if err != nil || len(rows) != 2 || rows[0].State != sinso.ReleaseIsRegistered || rows[1].State != sinso.ReleaseIsRegistered {
		t.Errorf("got %+v, %v: want the deal's and this one, both registered", rows, err)
	}
	if orders, err := n.Orders(ctx, ""); err != nil || len(orders) != 2 {
		t.Errorf("%d orders, %v: want the deal's and this one's", len(orders), err)
	}
	if err := n.Tend(ctx); err != nil {
		t.Errorf("once more: %v", err)
	}
}

// TestUnfinishedReleaseKeepsItsTerms cuts a release off before it is minted, and asks
// for it again at another price. The chain stays cut off meanwhile: what is finished
// could be released again at any price.
func TestUnfinishedReleaseKeepsItsTerms(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	chainOf(n).fails(cut("enter asset"))
	terms := ReleaseOptions{Actor: "test", Price: testPrice}
	if _, err := n.Release(ctx, d.row.Study, terms); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatal(err)
	}
	other := terms
	other.Price = sinso.NewWei(big.NewInt(1))
	if _, err := n.Release(ctx, d.row.Study, other); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("at another price: %v", err)
	}
	other = terms
	other.Terms.Licence.Purpose = sinso.PurposeTeaching
	if _, err := n.Release(ctx, d.row.Study, other); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("for another purpose: %v", err)
	}
	other = terms
	other.Author = d.row.Author
	if _, err := n.Release(ctx, d.row.Study, other); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("with a co-creator: %v", err)
	}
	chainOf(n).fails(nil)
	row, err := n.Release(ctx, d.row.Study, terms)
	if err != nil || row.State != sinso.ReleaseIsRegistered || row.Price.Int().Cmp(testPrice.Int()) != 0 {
		t.Errorf("on its terms: %s for %s, %v", row.State, row.Price, err)
	}
	if rows, err := n.Releases(ctx, ""); err != nil || len(rows) != 2 {
		t.Errorf("%d releases, %v: want the deal's and this one", len(rows), err)
	}
}
