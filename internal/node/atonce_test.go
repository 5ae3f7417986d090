package node

import (
	"bytes"
	"context"
	"fmt"
	"math/big"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// atOnce runs a function several times at once and returns what each said.
func atOnce(times int, run func(i int) error) []error {
	errs := make([]error, times)
	var group sync.WaitGroup
	for i := range times {
		group.Go(func() { errs[i] = run(i) })
	}
	group.Wait()
	return errs
}

// TestBuyAtOnceBuysOnce settles one offer from several callers: one trade, one
// set of keys.
func TestBuyAtOnceBuysOnce(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	status, err := d.buyer.Status(t.Context())
	if err == nil {
		_, err = d.town.seller.Chain.Fund(t.Context(), status.Account, sinso.NewWei(new(big.Int).Mul(testPrice.Int(), big.NewInt(9))))
	}
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		asked.Add(1)
		return d.peers.Peers.Key(t.Context(), d.town.seller.Config.URL, r)
	}
	for _, err := range atOnce(4, func(int) error {
		row, err := d.buyer.Buy(t.Context(), d.offer, nil)
		if err == nil && row.Step != "released" {
			err = fmt.Errorf("step %q", row.Step)
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("the key was asked for %d times", asked.Load())
	}
}

// TestReleaseAtOnceMakesTwo releases one study twice at once: two releases, each
// whole, that share no address, no block and no token.
func TestReleaseAtOnceMakesTwo(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	rows := make([]sinso.ReleaseRow, 2)
	for _, err := range atOnce(2, func(i int) (err error) {
		rows[i], err = seller.Release(ctx, d.row.Study, ReleaseOptions{Actor: "test", Price: testPrice})
		return err
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	a, b := rows[0], rows[1]
	if a.ID == b.ID || a.Token == b.Token || a.Asset.Creator == b.Asset.Creator || a.Manifest == b.Manifest || a.Asset.Commitment == b.Asset.Commitment {
		t.Errorf("two releases share something: %s %s", a.ID, b.ID)
	}
	orders, err := seller.Orders(ctx, "")
	if err != nil || len(orders) != 3 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	for _, row := range rows {
		if _, err := seller.Verify(ctx, row.Token); err != nil {
			t.Errorf("release %s: %v", row.ID, err)
		}
	}
}

// TestImportAtOnceFilesOnce imports the same files, two that claim one UID, and a
// refused one from several callers at once: each is filed once, and the conflict is
// seen.
func TestImportAtOnceFilesOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	n, err := tn.node(ctx, Config{Data: tn.dir, Chain: "none"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	}()
	var items [][]byte
	if err := phantom.Series(phantom.Options{Slices: 6, Rows: 16, Columns: 16}, func(_ string, part10 []byte) error {
		twin := bytes.Clone(part10)
		twin[len(twin)-1] ^= 1 // the same UID
		items = append(items, part10, twin, part10[:len(part10)-7])
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	const callers = 4
	results := make([]ImportResult, callers)
	for _, err := range atOnce(callers, func(i int) (err error) {
		results[i], err = n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
			for _, item := range items {
				if err := fn(ingest.Found{Item: sinso.Item{Bytes: item, Name: sinso.NewPHI("x")}}); err != nil {
					return err
				}
			}
			return nil
		}, ImportOptions{Actor: "test"})
		return err
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var sum ImportResult
	for _, r := range results {
		sum.Instances += r.Instances
		sum.Conflicts += r.Conflicts
		sum.Duplicates += r.Duplicates
	}
	if sum.Instances != 6 || sum.Conflicts != 6 || sum.Duplicates != 12*(callers-1) {
		t.Errorf("%d instances, %d conflicts, %d duplicates; want 6, 6, %d", sum.Instances, sum.Conflicts, sum.Duplicates, 12*(callers-1))
	}
	counts := map[sinso.EventType]int{}
	if err := n.audit.Events(ctx, 0, func(e sinso.Event) error {
		counts[e.Type]++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if counts[sinso.EventInstanceSealed] != 12 || counts[sinso.EventQuarantined] != 6 || counts[sinso.EventPersonCreated] != 1 {
		t.Errorf("the log has %v", counts)
	}
	studies, err := n.Studies(ctx, "")
	if err != nil || len(studies) != 1 || studies[0].Listed != 12 {
		t.Errorf("studies %d, listed %d, %v", len(studies), studies[0].Listed, err)
	}
}
