package node

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// licence asks a node what a licence is.
func (d *deal) licence(n *Node, id sinso.Hash) HeldLicence {
	d.t.Helper()
	held, err := n.Licence(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return held
}

func (d *deal) account(n *Node) sinso.Address {
	d.t.Helper()
	status, err := n.Status(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return status.Account
}

// TestALicenceIsPassedOn to another node's account, and by that back, paid by who holds it.
func TestALicenceIsPassedOn(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, rival := t.Context(), d.rival()
	d.paid(d.buyer)
	days := uint16(90)
	made := d.made(OfferOptions{Price: testPrice, Copies: 1, UseDays: &days, Transferable: true})
	id := d.bought(d.buyer, made.Offer).Trade
	held, err := d.buyer.Licences(ctx, d.buyer.Catalogue())
	if err != nil || len(held) != 1 {
		t.Fatalf("%d licences, %v, want one", len(held), err)
	}
	if one := held[0]; one.ID != id || !one.Ours || !one.Allows || one.Order != made.Hash || one.Licence == nil || one.Licence.Days != 90 || one.Until.IsZero() {
		t.Errorf("got %+v", one)
	}
	to := d.account(rival)
	plan, err := d.buyer.PlanPass(ctx, id, to)
	if err != nil || len(plan.Steps) != 1 || plan.Fee.Int().Sign() <= 0 || plan.Pays != held[0].Owner {
		t.Fatalf("the plan: %+v, %v", plan, err)
	}
	if got := d.licence(d.buyer, id); got.Owner != held[0].Owner {
		t.Fatal("a plan passed it on")
	}
	if _, err := d.buyer.Pass(ctx, id, to, "test"); err != nil {
		t.Fatal(err)
	}
	if got := d.licence(rival, id); got.Owner != to || !got.Ours || !got.Allows {
		t.Errorf("the other node's: %+v", got)
	}
	if held, err := d.buyer.Licences(ctx, nil); err != nil || len(held) != 0 {
		t.Errorf("who passed it on still lists %d, %v", len(held), err)
	}
	if _, err := d.buyer.Pass(ctx, id, sinso.Address{7}, "test"); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "no key of") {
		t.Errorf("again: %v", err)
	}
	if _, err := rival.Pass(ctx, id, d.account(d.buyer), "test"); err != nil {
		t.Fatal(err)
	}
	if got := d.licence(d.buyer, id); got.Owner != d.account(d.buyer) || !got.Ours {
		t.Errorf("given back: %+v", got)
	}
}

// minted has the seller's node mint the copy of another study, whose account nobody paid anything.
func (d *deal) minted(seed uint64) Minted {
	d.t.Helper()
	ctx, n := d.t.Context(), d.town.seller
	_, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		return phantom.Series(phantom.Options{Seed: seed, Slices: 3, Rows: 32, Columns: 32}, func(name string, part10 []byte) error {
			return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI(name)}})
		})
	}, ImportOptions{Actor: "test"})
	if err != nil {
		d.t.Fatal(err)
	}
	studies, err := n.Studies(ctx, "")
	if err != nil {
		d.t.Fatal(err)
	}
	last := slices.MaxFunc(studies, func(a, b sinso.StudyRow) int { return cmp.Compare(a.ImportSeq, b.ImportSeq) })
	made, err := n.Mint(ctx, string(last.ID), ReleaseOptions{Actor: "test"})
	if err != nil || made.State != sinso.ReleaseIsRegistered || made.Release == d.row.ID {
		d.t.Fatalf("got %+v, %v", made, err)
	}
	return made
}

// TestALicenceOfAPersonsAccount is found by the asset whose account it is, says nothing of the person, and is
// passed on within what the node pays for people.
func TestALicenceOfAPersonsAccount(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	d.paid(d.buyer)
	made := d.made(OfferOptions{Price: testPrice, Copies: 1, Transferable: true})
	id := d.bought(d.buyer, made.Offer).Trade
	other := d.minted(9)
	if _, err := d.buyer.Pass(ctx, id, other.Owner, "test"); err != nil {
		t.Fatal(err)
	}
	if held, err := d.buyer.Licences(ctx, d.buyer.Catalogue()); err != nil || len(held) != 0 {
		t.Errorf("who passed it on lists %d, %v", len(held), err)
	}
	var held []HeldLicence
	for ends := time.Now().Add(30 * time.Second); len(held) == 0; time.Sleep(50 * time.Millisecond) { // the index follows the chain
		var err error
		if held, err = seller.Licences(ctx, seller.Catalogue()); err != nil || time.Now().After(ends) {
			t.Fatalf("%d licences, %v", len(held), err)
		}
	}
	one := held[0]
	told, err := json.Marshal(one)
	if err != nil || one.ID != id || !one.Ours || !one.Allows || one.Holder != other.Release || strings.Contains(string(told), string(d.row.Person)) {
		t.Errorf("got %s, %v", told, err)
	}
	plan, err := seller.PlanPass(ctx, id, d.account(d.buyer))
	if err != nil || plan.Pays != other.Owner || plan.Steps[0].Funds.Int().Sign() <= 0 {
		t.Fatalf("the plan: %+v, %v", plan, err)
	}
	if _, err := seller.Pass(ctx, id, d.account(d.buyer), "test"); err != nil {
		t.Fatal(err)
	}
	if got := d.licence(seller, id); got.Owner != d.account(d.buyer) || got.Ours || got.Holder != "" {
		t.Errorf("passed on: %+v", got)
	}
}

// TestALicenceThatIsNotPassedOn says why, and moves nothing.
func TestALicenceThatIsNotPassedOn(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, to := t.Context(), sinso.Address{7}
	refused := func(id sinso.Hash, to sinso.Address, class error, says string) {
		t.Helper()
		for name, try := range map[string]func(context.Context) error{
			"plan": func(ctx context.Context) error { _, err := d.buyer.PlanPass(ctx, id, to); return err },
			"pass": func(ctx context.Context) error { _, err := d.buyer.Pass(ctx, id, to, "test"); return err },
		} {
			if err := try(ctx); !errors.Is(err, class) || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: got %v, want %v: … %s …", name, err, class, says)
			}
		}
	}
	bound := d.wantBought().Trade
	refused(bound, to, sinso.ErrDenied, "is bound to who bought it")
	refused(sinso.Hash{9}, to, sinso.ErrNotFound, "")
	d.paid(d.buyer)
	free := d.made(OfferOptions{Price: testPrice, Copies: 1, Transferable: true})
	id := d.bought(d.buyer, free.Offer).Trade
	owner := d.licence(d.buyer, id).Owner
	refused(id, sinso.Address{}, sinso.ErrInvalid, "to nobody")
	refused(id, owner, sinso.ErrExists, "already")
	if _, err := d.town.seller.Revoke(ctx, free.Hash, "test"); err != nil {
		t.Fatal(err)
	}
	refused(id, to, sinso.ErrDenied, "was revoked")
	if got := d.licence(d.buyer, id); got.Owner != owner || got.Allows || !got.Revoked {
		t.Errorf("after it was revoked: %+v", got)
	}
}
