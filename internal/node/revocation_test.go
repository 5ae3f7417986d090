package node

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
)

// TestRevokedBeforeItIsPaidIsCancelled takes an offer back that nobody has paid: no
// money can get stuck on it.
func TestRevokedBeforeItIsPaidIsCancelled(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	if _, err := d.town.seller.Revoke(t.Context(), d.order, "test"); err != nil {
		t.Fatal(err)
	}
	if state := d.trade().State; state != sinso.TradeCancelled {
		t.Fatalf("the order is %s", state)
	}
	if row, err := d.buy(t.Context(), d.offer); !errors.Is(err, sinso.ErrNotFound) || row.Step != "planned" {
		t.Errorf("step %q, %v", row.Step, err)
	}
	if err := d.town.seller.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if row, err := d.town.seller.Order(t.Context(), d.order); err != nil || row.State != sinso.TradeCancelled {
		t.Errorf("the order is written down as %s, %v", row.State, err)
	}
}

// TestRevocationReachesTheChainLater revokes while the chain does not answer.
func TestRevocationReachesTheChainLater(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	d.wantBought()
	ctx, seller := t.Context(), d.town.seller
	if err := seller.Tend(ctx); err != nil { // the end of the trade is written down
		t.Fatal(err)
	}
	paid := d.orderRow()
	chainOf(seller).fails(cut("revoke"))
	if _, err := seller.Revoke(ctx, d.order, "test"); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("got %v, want ErrUnavailable", err)
	}
	chainOf(seller).fails(nil)
	if err := seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if d.trade().RevokedAt.IsZero() {
		t.Error("the chain does not know of the revocation")
	}
	if got := d.counts()[sinso.EventRevoked]; got != 1 {
		t.Errorf("%d events say so", got)
	}
	if ended := d.orderRow(); paid.Settled.IsZero() || !ended.Settled.Equal(paid.Settled) || !ended.Updated.After(paid.Updated) {
		t.Errorf("it says that it was paid at %v; it was at %v", ended.Settled, paid.Settled)
	}
}

// TestRevokedOrAnswered races the end of a grant with its first answer, many times:
// no key is given after the end is written down.
func TestRevokedOrAnswered(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	var request sinso.KeyRequest
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		request = r
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(ctx, d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	atOnce(8, func(i int) error {
		if i == 4 {
			_, err := seller.Revoke(ctx, d.order, "test")
			return err
		}
		_, err := seller.Answer(ctx, request)
		return err
	})
	var order []sinso.EventType
	if err := seller.audit.Events(ctx, 0, func(e sinso.Event) error {
		if e.Type == sinso.EventKeyGranted || e.Type == sinso.EventRevoked {
			order = append(order, e.Type)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(order) > 2 || order[len(order)-1] != sinso.EventRevoked {
		t.Errorf("the log has %v", order)
	}
}
