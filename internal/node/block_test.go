package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"sinso.dev/sinso"
)

// TestHostileBlocks serves a buyer blocks that are missing, others, garbage, too
// large and endless: nothing is paid, and the purchase goes on when the seller is
// honest again.
func TestHostileBlocks(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	var served atomic.Int64
	paid := false
	d.peers.key = func(r sinso.KeyRequest) (sinso.KeyAnswer, error) {
		paid = true
		return d.peers.Peers.Key(t.Context(), d.town.seller.Config.URL, r)
	}
	d.peers.fetch = func(sinso.CID) ([]byte, error) { return nil, errSilent }
	if row, err := d.buy(t.Context(), d.offer); err == nil || row.Step != "planned" || !strings.Contains(err.Error(), "nothing was spent") {
		t.Fatalf("nobody there: step %q, %v", row.Step, err)
	}
	honest := func(cid sinso.CID) ([]byte, error) {
		return d.peers.Peers.Fetch(t.Context(), d.town.seller.Config.URL, cid)
	}
	for name, fetch := range map[string]func(sinso.CID) ([]byte, error){
		"missing": func(cid sinso.CID) ([]byte, error) {
			if served.Add(1) > 1 { // blocks are asked for several at a time
				return nil, fmt.Errorf("gone: %w", sinso.ErrNotFound)
			}
			return honest(cid)
		},
		"other":   func(sinso.CID) ([]byte, error) { return honest(d.row.Manifest) },
		"garbage": func(sinso.CID) ([]byte, error) { return []byte("garbage"), nil },
		"huge":    func(sinso.CID) ([]byte, error) { return make([]byte, 64<<20), nil },
		"nothing": func(sinso.CID) ([]byte, error) { return nil, nil },
		"flipped": func(cid sinso.CID) ([]byte, error) {
			data, err := honest(cid)
			if err == nil {
				data[len(data)/2] ^= 1
			}
			return data, err
		},
	} {
		d.peers.fetch = func(cid sinso.CID) ([]byte, error) {
			if !paid {
				return honest(cid)
			}
			return fetch(cid)
		}
		row, err := d.buy(t.Context(), d.offer)
		if err == nil || row.Step != "delivered" {
			t.Fatalf("%s: step %q, %v", name, row.Step, err)
		}
		d.wantUnpaid()
		if err := d.buyer.Export(t.Context(), row, func(string, []byte) error { return nil }); err == nil {
			t.Errorf("%s: what was not verified was exported", name)
		}
	}
	d.peers.fetch = nil
	d.wantBought()
}

// TestMissingBlockIsNamed takes one block at a time out of a finished purchase: Verify
// names the piece that it belongs to, and nothing is exported in its place.
func TestMissingBlockIsNamed(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	ctx, row := t.Context(), d.wantBought()
	var manifest sinso.Manifest
	if err := json.Unmarshal(d.opened(d.row.Manifest, d.key), &manifest); err != nil {
		t.Fatal(err)
	}
	for cid, piece := range map[sinso.CID]string{
		d.row.Manifest:          "manifest: ",
		manifest.Evidence.CID:   "evidence: ",
		manifest.Objects[1].CID: "evidence: attest: instance 1: file",
		manifest.Objects[3].CID: "evidence: attest: work 0: file",
	} {
		data, err := d.buyer.pack.Get(ctx, cid)
		if err == nil {
			err = d.buyer.pack.Delete(ctx, cid)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.buyer.Verify(ctx, row.Token); !errors.Is(err, sinso.ErrNotFound) || !strings.HasPrefix(err.Error(), "verify: "+piece) {
			t.Errorf("got %v, want %q", err, piece)
		}
		if err := d.buyer.pack.Put(ctx, sinso.Block{CID: cid, Data: data}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.buyer.Verify(ctx, row.Token); err != nil {
		t.Errorf("put back: %v", err)
	}
}
