package node

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/register"
	"sinso.dev/sinso/internal/way"
)

// unfinished cuts a release off at the chain, and returns it.
func (d *deal) unfinished(t *testing.T, fault chainFault) sinso.ReleaseRow {
	t.Helper()
	n := d.town.seller
	chainOf(n).fails(fault)
	if _, err := n.Release(t.Context(), d.row.Study, ReleaseOptions{Actor: "test", Price: testPrice}); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatal(err)
	}
	chainOf(n).fails(nil)
	rows, err := n.Releases(t.Context(), "")
	if err != nil || len(rows) != 2 || rows[1].State != sinso.ReleaseIsStored {
		t.Fatalf("%d releases, %v", len(rows), err)
	}
	return rows[1]
}

// TestCalledOffReleaseIsNeverMinted: not by the node's next start either, though the
// chain answers again.
func TestCalledOffReleaseIsNeverMinted(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	row := d.unfinished(t, cut("enter asset"))
	off, err := n.CallOff(ctx, row.ID, "test", func(uint64) {})
	if err != nil || off.State != sinso.ReleaseIsRefused || off.Reason != way.ReasonCalledOff {
		t.Fatalf("called off: %s, %q, %v", off.State, off.Reason, err)
	}
	if err := n.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	token, err := register.Check(n.Chain.Contracts(), row.Asset)
	if err != nil {
		t.Fatal(err)
	}
	if owner, err := n.Chain.Owner(ctx, token); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("it is on the chain, of %s: %v", owner, err)
	}
	if next, err := n.Release(ctx, d.row.Study, ReleaseOptions{Actor: "test", Price: testPrice}); err != nil || next.ID == row.ID || next.State != sinso.ReleaseIsRegistered {
		t.Errorf("the next one: %s, %s, %v", next.ID, next.State, err)
	}
}

// TestCallOffWaitsForWhatWasSent: a mint whose answer was lost is in no block yet; the
// release is called off at once, and its token named when it is there.
func TestCallOffWaitsForWhatWasSent(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	row := d.unfinished(t, cut("enter asset"))
	var minted sinso.TokenID
	chainOf(n).fails(func(what string, done bool) (err error) {
		if what == "settle" && !done {
			now, rowErr := n.ReleaseRow(ctx, row.ID)
			if rowErr != nil || now.Reason != way.ReasonCalledOff {
				t.Errorf("while it waits: %q, %v", now.Reason, rowErr)
			}
			minted, _, err = chainOf(n).Chain.EnterAsset(ctx, row.Asset) // what waited
		}
		return err
	})
	off, err := n.CallOff(ctx, row.ID, "test", func(uint64) {})
	if err != nil || off.Reason != way.ReasonCalledOff || minted == (sinso.TokenID{}) || off.Token != minted {
		t.Fatalf("called off: %q with token %s, %v, want %s", off.Reason, off.Token, err, minted)
	}
	chainOf(n).fails(nil)
	if err := n.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	orders, err := n.Orders(ctx, row.Person)
	for _, order := range orders {
		if err != nil || order.Release == row.ID {
			t.Errorf("it is offered by %s, %v", order.Hash, err)
		}
	}
}

// TestCallOffIsNoLessForASilentChain: it is called off though nobody can say what became of
// what was sent; the node looks again.
func TestCallOffIsNoLessForASilentChain(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	row := d.unfinished(t, cut("enter asset"))
	chainOf(n).fails(cut("settle"))
	if off, err := n.CallOff(ctx, row.ID, "test", func(uint64) {}); err != nil || off.Reason != way.ReasonCalledOff || off.Token != (sinso.TokenID{}) {
		t.Fatalf("called off: %q with %s, %v", off.Reason, off.Token, err)
	}
	token, _, err := n.Chain.EnterAsset(ctx, row.Asset)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := n.ReleaseRow(ctx, row.ID); err != nil || got.Token != token || got.Reason != way.ReasonCalledOff {
		t.Errorf("after the next look: %q with %s, %v", got.Reason, got.Token, err)
	}
}

// TestReleaseOnTheChainIsNotCalledOff: the answer to who minted it was lost, so the node
// asks the chain before it says that nothing of it was offered.
func TestReleaseOnTheChainIsNotCalledOff(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	row := d.unfinished(t, func(what string, done bool) error {
		if what == "enter asset" && done {
			return errSilent
		}
		return nil
	})
	if _, err := n.CallOff(ctx, row.ID, "test", func(uint64) {}); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("called off: %v", err)
	}
	if err := n.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	if got, err := n.ReleaseRow(ctx, row.ID); err != nil || got.State != sinso.ReleaseIsRegistered {
		t.Errorf("after the next start: %s, %v", got.State, err)
	}
	if _, err := n.CallOff(ctx, row.ID, "test", func(uint64) {}); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("called off when it is for sale: %v", err)
	}
}

// TestTokenThatLandsAfterTheCallOffIsNamed: a transaction whose answer was lost waits, the
// release is called off, and then its token comes onto the chain. The release names it, stays
// called off, and is offered to nobody.
func TestTokenThatLandsAfterTheCallOffIsNamed(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, n := t.Context(), d.town.seller
	row := d.unfinished(t, cut("enter asset"))
	if off, err := n.CallOff(ctx, row.ID, "test", func(uint64) {}); err != nil || off.Reason != way.ReasonCalledOff {
		t.Fatalf("called off: %q, %v", off.Reason, err)
	}
	tend := func() sinso.ReleaseRow {
		t.Helper()
		if err := n.Tend(ctx); err != nil {
			t.Fatal(err)
		}
		got, err := n.ReleaseRow(ctx, row.ID)
		if err != nil || got.State != sinso.ReleaseIsRefused || got.Reason != way.ReasonCalledOff {
			t.Fatalf("it is %s, %q, %v", got.State, got.Reason, err)
		}
		return got
	}
	if got := tend(); got.Token != (sinso.TokenID{}) {
		t.Fatalf("before it lands: %s", got.Token)
	}
	token, _, err := n.Chain.EnterAsset(ctx, row.Asset) // what waited
	if err != nil {
		t.Fatal(err)
	}
	chainOf(n).fails(cut("owner"))
	if err := n.Tend(ctx); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("the chain does not say whose it is: %v", err)
	}
	chainOf(n).fails(nil)
	for range 2 {
		if got := tend(); got.Token != token {
			t.Errorf("the release names %s, want %s", got.Token, token)
		}
	}
	if err := n.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	orders, err := n.Orders(ctx, row.Person)
	for _, order := range orders {
		if order.Release == row.ID {
			t.Errorf("it is offered by %s", order.Hash)
		}
	}
	if err != nil || len(orders) == 0 {
		t.Errorf("%d orders, %v", len(orders), err)
	}
}
