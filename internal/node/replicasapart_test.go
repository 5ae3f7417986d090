package node

import (
	"bytes"
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sinso.dev/sinso"
)

// TestPeersMendTheOtherStore keeps copies of blocks that lie in another store than the log:
// the peer has them all, and what rots there is mended by a read, and by a repair of the
// stopped node.
func TestPeersMendTheOtherStore(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	clinic, away := filepath.Join(dir, "clinic"), filepath.Join(dir, "away")
	first, err := standing(ctx, clinic, nil, quick)
	if err != nil {
		t.Fatal(err)
	}
	cfg := first.Config
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := MoveBlobs(ctx, cfg, MoveOptions{From: blobsInLog, To: "ipfs:" + away}); err != nil {
		t.Fatal(err)
	}
	if first, err = standing(ctx, clinic, nil, quick); err != nil {
		t.Fatal(err)
	}
	importSlices(t, first, 1, 40)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	n := alone(t, clinic, nil)
	keep(t, n.Node, friend.Node, "friend", "")
	status := until(t, n.Node, "complete", complete)
	if status.Blocks != 41 {
		t.Errorf("%d blocks have copies, want 41", status.Blocks)
	}
	right := readAll(t, n.Node)
	n.stop()

	rotInFolder(t, away)
	if result, err := Check(ctx, n.Config, Options{}, nil); !errors.Is(err, sinso.ErrCorrupt) || len(result.Damage) != 3 {
		t.Fatalf("three blocks are damaged, check says %v: %v", err, result.Damage)
	}
	if result, err := Repair(ctx, n.Config, "peer:friend", nil); err != nil || result.Mended != 3 || result.Places != 3 {
		t.Errorf("repair by the peer: %+v, %v", result, err)
	}
	if result, err := Check(ctx, n.Config, Options{}, nil); err != nil {
		t.Errorf("check of what was repaired: %v: %v", err, result.Damage)
	}
	rotInFolder(t, away)
	n = alone(t, clinic, nil)
	got := readAll(t, n.Node)
	for id, data := range right {
		if !bytes.Equal(got[id], data) {
			t.Errorf("record %s: %d bytes, want %d as before", id, len(got[id]), len(data))
		}
	}
	n.stop()
	if result, err := Check(ctx, n.Config, Options{}, nil); err != nil {
		t.Errorf("check of what was read: %v: %v", err, result.Damage)
	}
}

// rotInFolder changes a byte in three blocks of a folder: of pictures, which are the smallest.
func rotInFolder(t *testing.T, dir string) {
	t.Helper()
	blocks, err := filepath.Glob(filepath.Join(dir, "raw", "*", "*.data"))
	if err != nil || len(blocks) < 10 {
		t.Fatalf("%d blocks, %v", len(blocks), err)
	}
	size := func(path string) int64 {
		found, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return found.Size()
	}
	slices.SortFunc(blocks, func(a, b string) int { return cmp.Compare(size(a), size(b)) })
	for _, path := range blocks[:3] {
		data, err := os.ReadFile(path)
		if err == nil {
			data[len(data)/2] ^= 1
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
