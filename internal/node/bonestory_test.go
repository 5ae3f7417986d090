package node

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// TestAPatientOffersABoneModelAndTakesItBack: the patient offers the copy with the surgeon's bone
// model in it on terms of three licences, the surgeon's node buys, opens the model and holds a
// licence; the patient ends it, and the rest of the offer.
func TestAPatientOffersABoneModelAndTakesItBack(t *testing.T) {
	tn := openTown(t)
	ctx := t.Context()
	tn.take(t, chestWithBones(t))
	surgeon, err := tn.seller.CreatePerson(ctx, "test", "m_surgeon", "")
	if err != nil {
		t.Fatal(err)
	}
	release := tn.releaseLargest(t, &sinso.PlannedAuthor{Person: surgeon, Role: "doctor", Work: WorkBoneModel, Bps: 2500})
	days := uint16(30)
	made, err := tn.seller.MakeOffer(ctx, release.ID, OfferOptions{Actor: "test", Price: testPrice, Copies: 3, UseDays: &days})
	if err != nil {
		t.Fatal(err)
	}
	bought, err := tn.buy(ctx, made.Offer)
	if err != nil || bought.Step != "released" {
		t.Fatalf("got step %q, %v", bought.Step, err)
	}
	models := 0
	err = tn.buyer.Export(ctx, bought, func(name string, plain []byte) error {
		if len(name) > 6 && name[:6] == "works/" && len(stlIn(t, plain)) > 0 {
			models++
		}
		return nil
	})
	if err != nil || models != 1 {
		t.Errorf("%d models were opened, %v", models, err)
	}
	if held, err := tn.buyer.Licences(ctx, nil); err != nil || len(held) != 1 || !held[0].Allows || held[0].Licence.Days != 30 {
		t.Fatalf("the surgeon's licences: %+v, %v", held, err)
	}
	if err := tn.seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if row, err := tn.seller.Order(ctx, made.Hash); err != nil || len(row.Trades) != 1 || len(row.Trades[0].Payouts) != 2 {
		t.Errorf("the patient's trades: %+v, %v", row.Trades, err)
	}
	if _, err := tn.seller.Revoke(ctx, made.Hash, "test"); err != nil {
		t.Fatal(err)
	}
	if held, err := tn.buyer.Licences(ctx, nil); err != nil || len(held) != 1 || held[0].Allows || !held[0].Revoked {
		t.Errorf("after it was ended: %+v, %v", held, err)
	}
	if err := tn.buyer.FetchKey(ctx, made.Hash); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("the key again: %v", err)
	}
	if err := tn.seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if row, err := tn.seller.Order(ctx, made.Hash); err != nil || !row.Cancelled || !row.Revoked {
		t.Errorf("the order: cancelled %t, revoked %t, %v", row.Cancelled, row.Revoked, err)
	}
}
