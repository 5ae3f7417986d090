package node

import (
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// TestFlippedByteIsFound flips one byte at a time in what a finished node keeps:
// its journal (blocks, envelopes, events, leaves), its key table and its chain's
// blocks. Check finds and names each; what is read is right or refused, never wrong.
func TestFlippedByteIsFound(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: slow under the race detector")
	}
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	if err := tn.wholeWay(ctx); err != nil {
		t.Fatal(err)
	}
	cfg := tn.seller.Config
	cfg.Chain, cfg.ChainListen = "dev:", "none"
	right := readAll(t, tn.seller)
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	stored, err := files(cfg.Data)
	if err != nil {
		t.Fatal(err)
	}
	flips, random := 0, rand.New(rand.NewPCG(1, 2))
	for _, path := range slices.Sorted(maps.Keys(stored)) {
		data := stored[path]
		name, _ := filepath.Rel(cfg.Data, path)
		if !kept(name) || len(data) == 0 {
			continue
		}
		for _, at := range places(random, len(data), name) {
			flips++
			flip(t, path, data, at)
			result, err := Check(ctx, cfg, Options{Clock: tn.clock}, nil)
			if !errors.Is(err, sinso.ErrCorrupt) || len(result.Damage) == 0 {
				t.Errorf("%s, byte %d of %d: check says %v and names %q", name, at, len(data), err, result.Damage)
			}
			if strings.HasPrefix(name, logFolder) {
				readFlipped(t, cfg, tn.clock, right)
			}
			for path, data := range stored { // all of it: a node that opens writes
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if flips < 40 {
		t.Errorf("only %d bytes were flipped", flips)
	}
	if _, err := Check(ctx, cfg, Options{Clock: tn.clock}, nil); err != nil {
		t.Errorf("put back: %v", err)
	}
	t.Logf("%d flips", flips)
}

// kept reports whether a file holds what cannot be made again. The chain's
// database and the index can: the first from its journal, the second from ours.
func kept(name string) bool {
	return strings.HasPrefix(name, logFolder+"/") || strings.HasPrefix(name, keysFolder+"/") ||
		strings.HasPrefix(name, chainFolder+"/") && strings.Contains(name, "journal")
}

// places are bytes to flip in a file: its ends, and some between.
func places(random *rand.Rand, size int, name string) []int {
	count := 6
	if strings.HasPrefix(name, logFolder) {
		count = 40
	}
	at := []int{0, size - 1, size / 2}
	for range count {
		at = append(at, random.IntN(size))
	}
	slices.Sort(at)
	return slices.Compact(at)
}

func flip(t *testing.T, path string, data []byte, at int) {
	t.Helper()
	changed := slices.Clone(data)
	changed[at] ^= 0x20
	if err := os.WriteFile(path, changed, 0o600); err != nil {
		t.Fatal(err)
	}
}

// readAll opens every instance of a node.
func readAll(t *testing.T, n *Node) map[sinso.InstanceID][]byte {
	t.Helper()
	plain := map[sinso.InstanceID][]byte{}
	studies, err := n.Studies(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, study := range studies {
		rows, err := n.Instances(t.Context(), study.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if data, err := n.Open(t.Context(), row.ID, "test", "test"); err == nil {
				plain[row.ID] = data
			}
		}
	}
	return plain
}

// readFlipped opens a damaged node, if it opens, and wants what it gives to be right.
func readFlipped(t *testing.T, cfg Config, clock sinso.Clock, right map[sinso.InstanceID][]byte) {
	t.Helper()
	cfg.Chain = "none"
	n, err := Open(t.Context(), cfg, Options{Clock: clock})
	if err != nil {
		return // nothing is served
	}
	defer n.Close() //nolint:errcheck // it is damaged
	for id, data := range readAll(t, n) {
		if string(data) != string(right[id]) {
			t.Errorf("instance %s was served with wrong bytes", id)
		}
	}
}
