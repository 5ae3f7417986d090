package node

import (
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// TestRejectedOriginalIsRecalled sells a study, deletes one of its originals, and
// looks at all that was derived from it: the key is not given out again, here and on
// the chain, and what is released anew holds the rest.
func TestRejectedOriginalIsRecalled(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a chain that runs for some seconds")
	}
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{From: time.Now(), Speed: 20}}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	if err := smallChest(ctx, tn.seller); err != nil {
		t.Fatal(err)
	}
	offer, err := tn.sell(ctx)
	if err != nil {
		t.Fatal(err)
	}
	bought, err := tn.buy(ctx, offer)
	if err != nil {
		t.Fatal(err)
	}
	if err := tn.buyer.FetchKey(ctx, bought.Order); err != nil {
		t.Fatalf("before: %v", err)
	}
	studies, err := tn.seller.Studies(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := tn.seller.Instances(ctx, studies[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := tn.seller.Reject(ctx, []sinso.InstanceID{rows[0].ID}, way.ReasonDeleted, "test"); err != nil {
		t.Fatal(err)
	}
	if err := tn.buyer.FetchKey(ctx, bought.Order); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("the key is still given: %v", err)
	}
	trade, err := tn.seller.Chain.Trade(ctx, bought.Trade)
	if err != nil || trade.RevokedAt.IsZero() {
		t.Errorf("the chain: revoked at %s, %v", trade.RevokedAt, err)
	}
	releases, err := tn.seller.Releases(ctx, "")
	if err != nil || releases[0].State != sinso.ReleaseIsRefused || releases[0].Reason != way.ReasonRecalled {
		t.Errorf("release: %+v, %v", releases, err)
	}
	if err := errors.Join(tn.seller.Resume(ctx, "test"), tn.seller.Tend(ctx)); err != nil {
		t.Errorf("go on: %v", err)
	}
	again, err := tn.seller.Release(ctx, studies[0].ID, ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil || again.State != sinso.ReleaseIsRegistered || again.Instances != len(rows)-1 || again.ID == releases[0].ID {
		t.Fatalf("released anew: %s, %d instances, %v", again.State, again.Instances, err)
	}
	if _, err := tn.seller.Verify(ctx, again.Token); err != nil {
		t.Errorf("verify: %v", err)
	}
	// The person is merged into another, who has all of it, and whose study is then
	// another's.
	into, err := tn.seller.CreatePerson(ctx, "test", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := tn.seller.Merge(ctx, studies[0].Person, into, "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := tn.seller.Verify(ctx, again.Token); err != nil {
		t.Errorf("verify when merged: %v", err)
	}
	third, err := tn.seller.Release(ctx, studies[0].ID, ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil || third.Person != into || third.State != sinso.ReleaseIsRegistered {
		t.Fatalf("released by whom they were merged into: %s, %v", third.State, err)
	}
	third1, err := tn.seller.Orders(ctx, into)
	if err != nil || len(third1) != 3 {
		t.Fatalf("%d orders, %v; want 3", len(third1), err)
	}
	owner, err := tn.seller.CreatePerson(ctx, "test", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := tn.seller.Move(ctx, studies[0].ID, owner, "test"); err != nil {
		t.Fatal(err)
	}
	orders, err := tn.seller.Orders(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range orders {
		if !order.Revoked {
			t.Errorf("order %s of a study that is another's stands", order.Hash)
		}
	}
	last, err := tn.seller.Release(ctx, studies[0].ID, ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil || last.Person != owner || last.State != sinso.ReleaseIsRegistered {
		t.Fatalf("released by whose it is: %s, %v", last.State, err)
	}
	if n, err := tn.seller.CheckObjects(ctx, func(err error) { t.Errorf("damaged: %v", err) }); err != nil || n == 0 {
		t.Errorf("checked %d, %v", n, err)
	}
}
