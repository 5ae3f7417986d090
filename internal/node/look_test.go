package node

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// hiding is a store that does not list one block.
type hiding struct {
	sinso.Blobs
	hidden sinso.CID
}

func (h hiding) List(ctx context.Context, fn func(sinso.CID) error) error {
	return h.Blobs.List(ctx, func(cid sinso.CID) error {
		if cid == h.hidden {
			return nil
		}
		return fn(cid)
	})
}

// TestLookMissesNoBlock takes a study the whole way, and then hides each block of both nodes
// in turn: whatever is named is missed, and with all of them nothing is.
func TestLookMissesNoBlock(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	if err := tn.wholeWay(ctx); err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]*Node{"seller": tn.seller, "buyer": tn.buyer} {
		if _, err := n.Prune(ctx, 0, "test", nil); err != nil { // what is left is named
			t.Fatal(err)
		}
		if looked, err := n.LookForObjects(ctx, func(err error) { t.Errorf("%s: %v", name, err) }); err != nil || looked < 5 {
			t.Errorf("%s: looked for %d objects, %v", name, looked, err)
		}
		blobs := n.Blobs
		for cid := range blocksOf(t, blobs) {
			n.Blobs = hiding{blobs, cid}
			missed := 0
			if _, err := n.LookForObjects(ctx, func(err error) {
				missed++
				if !errors.Is(err, sinso.ErrNotFound) {
					t.Errorf("%s: got error %v, want ErrNotFound", name, err)
				}
			}); err != nil || missed == 0 {
				t.Errorf("%s: block %s is not missed, %v", name, cid, err)
			}
		}
		n.Blobs = blobs
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	if result, err := Look(ctx, tn.seller.Config, Options{Clock: tn.clock}); err != nil || result.Objects < 5 || result.Events == 0 {
		t.Errorf("%+v, %v", result, err)
	}
	forget(t, "pack:"+filepath.Join(tn.seller.Config.Data, logFolder))
	if result, err := Look(ctx, tn.seller.Config, Options{Clock: tn.clock}); !errors.Is(err, sinso.ErrCorrupt) || len(result.Damage) < 5 {
		t.Errorf("without blocks: %+v, %v", result, err)
	}
}
