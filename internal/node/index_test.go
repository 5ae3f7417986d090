package node

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// TestRebuiltIndexIsTheSame takes both nodes through a trade and compares every row
// of their indexes with those that the journal gives.
func TestRebuiltIndexIsTheSame(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.wantBought()
	ctx := t.Context()
	if _, err := d.town.seller.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		return fn(ingest.Found{Item: sinso.Item{Bytes: []byte("no DICOM, but something"), Name: sinso.NewPHI("x")}})
	}, ImportOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if err := d.town.seller.SaveBearer(ctx, sinso.BearerRow{Hash: "ab", Role: sinso.RoleAuditor, Expires: d.clock.Now()}, "test"); err != nil {
		t.Fatal(err)
	}
	if err := d.town.seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := d.town.seller.Revoke(ctx, d.order, "test"); err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]*Node{"seller": d.town.seller, "buyer": d.buyer} {
		living := index(t, n)
		if err := n.Rebuild(ctx); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(living, index(t, n)); diff != "" {
			t.Errorf("%s (-living +rebuilt):\n%s", name, diff)
		}
	}
}

// index reads every row of an index.
func index(t *testing.T, n *Node) []string {
	t.Helper()
	var rows []string
	add := func(row any) error {
		text, err := json.Marshal(row)
		rows = append(rows, string(text))
		return err
	}
	err := n.meta.View(t.Context(), func(tx sinso.MetaTx) error {
		cursor, err := tx.Cursor()
		var studies []sinso.StudyRow
		return errors.Join(
			err, add(cursor),
			tx.Persons(func(r sinso.PersonRow) error { return add(r) }),
			tx.Studies("", func(r sinso.StudyRow) error { studies = append(studies, r); return add(r) }),
			tx.Quarantine(func(r sinso.QuarantineRow) error { return add(r) }),
			tx.Releases("", func(r sinso.ReleaseRow) error { return add(r) }),
			tx.Orders("", func(r sinso.OrderRow) error { return add(r) }),
			tx.Purchases(func(r sinso.PurchaseRow) error { return add(r) }),
			tx.Shares("", func(r sinso.ShareRow) error { return add(r) }),
			tx.EventsOf("", "", func(seq uint64) error { return add(seq) }),
			eachOf(studies, func(s sinso.StudyRow) error {
				return errors.Join(
					tx.Series(s.ID, func(r sinso.SeriesRow) error { return add(r) }),
					tx.Instances(s.ID, func(r sinso.InstanceRow) error { return add(r) }),
					tx.EventsOf(s.Person, string(s.ID), func(seq uint64) error { return add(seq) }),
				)
			}),
			func() error {
				bearer, err := tx.Bearer("ab")
				if errors.Is(err, sinso.ErrNotFound) {
					return nil
				}
				return errors.Join(err, add(bearer))
			}(),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func eachOf[Item any](items []Item, do func(Item) error) error {
	var errs []error
	for _, item := range items {
		errs = append(errs, do(item))
	}
	return errors.Join(errs...)
}

// TestIndexBehindOrAhead sets an index back, as a crash does, and ahead, as a log that
// lost its end does: the first is brought up by the next entry, the second is told.
func TestIndexBehindOrAhead(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	set := func(by int64) {
		t.Helper()
		if err := n.meta.Tx(ctx, func(tx sinso.MetaTx) error {
			cursor, err := tx.Cursor()
			if err != nil {
				return err
			}
			return tx.SetCursor(uint64(int64(cursor) + by))
		}); err != nil {
			t.Fatal(err)
		}
	}
	set(-4)
	if err := n.SaveBearer(ctx, sinso.BearerRow{Hash: "ab", Role: sinso.RoleAuditor}, "test"); err != nil {
		t.Fatal(err)
	}
	behind := index(t, n)
	if err := n.Rebuild(ctx); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(behind, index(t, n)); diff != "" {
		t.Errorf("brought up (-) and rebuilt (+):\n%s", diff)
	}
	set(3)
	if err := n.CatchUp(ctx); !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(err.Error(), "older copy") {
		t.Errorf("ahead of the log: %v", err)
	}
}

// TestLyingIndexGivesNoKey changes rows of the seller's index, as one who can write its
// pages might: no other key is given than the order's, and none after the chain knows
// of the end.
func TestLyingIndexGivesNoKey(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	if _, err := seller.Release(ctx, d.row.Study, ReleaseOptions{Actor: "test", Price: testPrice}); err != nil {
		t.Fatal(err)
	}
	orders, err := seller.Orders(ctx, "")
	if err != nil || len(orders) != 2 || orders[0].Hash != d.order {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	var request sinso.KeyRequest
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		request = r
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(ctx, d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	save := func(row sinso.OrderRow) {
		t.Helper()
		if err := seller.meta.Tx(ctx, func(tx sinso.MetaTx) error { return tx.SaveOrder(row) }); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(*sinso.OrderRow){
		"another offer":   func(row *sinso.OrderRow) { row.Offer = orders[1].Offer },
		"another release": func(row *sinso.OrderRow) { row.Release = orders[1].Release },
		"both": func(row *sinso.OrderRow) {
			row.Offer, row.Release = orders[1].Offer, orders[1].Release
		},
	} {
		row := orders[0]
		change(&row)
		save(row)
		if _, err := seller.Answer(ctx, request); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want ErrCorrupt", name, err)
		}
	}
	save(orders[0])
	if _, err := seller.Revoke(ctx, d.order, "test"); err != nil {
		t.Fatal(err)
	}
	save(orders[0]) // an older page
	if _, err := seller.Answer(ctx, request); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("after the end: got %v, want ErrDenied", err)
	}
}
