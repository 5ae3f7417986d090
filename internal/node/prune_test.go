package node

import (
	"crypto/rand"
	"maps"
	"testing"
	"time"

	"sinso.dev/sinso/internal/format/dag"
)

// TestPruneLeavesTheWholeWay puts blocks that nothing names into two nodes which have gone
// the whole way, and prunes both: these blocks go, and all else is as before.
func TestPruneLeavesTheWholeWay(t *testing.T) {
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
		before := stored(t, n.pack)
		waste := make([]byte, 3<<20)
		if _, err := rand.Read(waste); err != nil {
			t.Fatal(err)
		}
		_, blocks := dag.Build(waste)
		if err := n.pack.Put(ctx, blocks...); err != nil {
			t.Fatal(err)
		}
		result, err := n.Prune(ctx, 0, "test", nil)
		if err != nil || result.Blocks != len(blocks) || result.Freed < int64(len(waste)-4096) || result.Drafts != 0 {
			t.Errorf("%s: %+v, %v; want %d blocks of %d bytes gone", name, result, err, len(blocks), len(waste))
		}
		if after := stored(t, n.pack); !maps.EqualFunc(before, after, func(a, b []byte) bool { return len(a) == len(b) }) {
			t.Errorf("%s: %d blocks are left of %d", name, len(after), len(before))
		}
		checked, err := n.CheckObjects(ctx, func(err error) { t.Errorf("%s: %v", name, err) })
		if err != nil || checked == 0 {
			t.Errorf("%s: %d objects were checked, %v", name, checked, err)
		}
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	checksOut(t, tn)
}
