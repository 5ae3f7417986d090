package node

import (
	"bytes"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/grant"
	"sinso.dev/sinso/internal/stage/market"
)

// TestHostileRequests asks for keys as those who may not have them do.
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, seller := t.Context(), d.town.seller
	ask := func(name string, request sinso.KeyRequest, want sinso.Reason) {
		t.Helper()
		_, err := seller.Answer(ctx, request)
		var refused *grant.RefusedError
		if !errors.As(err, &refused) || refused.Reason != want {
			t.Errorf("%s: got %v, want the reason %q", name, err, want)
		}
	}
	stranger, err := market.NewOneOrder([32]byte{3})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := stranger.Request(seller.Chain.Contracts(), d.order, sinso.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	ask("before the fill", foreign, grant.ReasonNotFilled)
	var request sinso.KeyRequest
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		request = r
		return sinso.KeyAnswer{}, errSilent
	}
	if _, err := d.buy(ctx, d.offer); err == nil {
		t.Fatal("bought without a key")
	}
	if foreign, err = stranger.Request(seller.Chain.Contracts(), d.order, request.Trade); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		ask("a stranger", foreign, grant.ReasonNotBuyer)
	}
	other := request
	other.HPKE = foreign.HPKE
	ask("another key under the buyer's signature", other, grant.ReasonNotBuyer)
	unknown := request
	unknown.Order[0] ^= 1
	if _, err := seller.Answer(ctx, unknown); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("unknown order: %v", err)
	}
	first, err := seller.Answer(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	again, err := seller.Answer(ctx, request)
	if err != nil || !bytes.Equal(first.Grant, again.Grant) {
		t.Errorf("a second request gets another answer, %v", err)
	}
	if _, err := seller.Revoke(ctx, d.order, "test"); err != nil {
		t.Fatal(err)
	}
	ask("after the end", request, grant.ReasonRevoked)
	if counts := d.counts(); counts[sinso.EventKeyGranted] != 1 || counts[sinso.EventKeyRefused] != 3 {
		t.Errorf("the log has %d grants and %d refusals, want 1 and 3", counts[sinso.EventKeyGranted], counts[sinso.EventKeyRefused])
	}
	d.wantPrivateBlocks()
}

// counts tells how many events of each type the seller has.
func (d *deal) counts() map[sinso.EventType]int {
	d.t.Helper()
	counts := map[sinso.EventType]int{}
	if err := d.town.seller.audit.Events(d.t.Context(), 0, func(e sinso.Event) error {
		counts[e.Type]++
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
	return counts
}

// wantPrivateBlocks wants no block of an original or of a study's list to be given
// to anybody, and every block of the release.
func (d *deal) wantPrivateBlocks() {
	d.t.Helper()
	ctx, seller := d.t.Context(), d.town.seller
	study, err := seller.Study(ctx, d.row.Study)
	if err != nil {
		d.t.Fatal(err)
	}
	rows, err := seller.Instances(ctx, d.row.Study)
	if err != nil || len(rows) == 0 {
		d.t.Fatal(err)
	}
	private := []sinso.CID{study.Manifest}
	for _, row := range rows {
		private = append(private, row.CID)
	}
	for _, cid := range private {
		if _, err := seller.PublicBlock(ctx, cid); !errors.Is(err, sinso.ErrNotFound) {
			d.t.Errorf("private block %s: %v", cid, err)
		}
	}
	if _, err := seller.PublicBlock(ctx, d.row.Manifest); err != nil {
		d.t.Errorf("the offered payload: %v", err)
	}
}
