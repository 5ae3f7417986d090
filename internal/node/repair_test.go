package node

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
)

// TestRepairByABackup flips a byte every so often over the whole log of a node, blocks,
// events, tables and headers, mends it by its backup, and wants a clean check; and of what
// came after the backup that it is named and left as it is.
func TestRepairByABackup(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	part10, _ := plantEverywhere(t)
	tn.importing(t, part10)
	store := "pack:" + filepath.Join(t.TempDir(), "store")
	if _, err := tn.seller.Backup(ctx, store, nil); err != nil {
		t.Fatal(err)
	}
	segment := filepath.Join(tn.dir, "seller", logFolder, "00000001.seg")
	info, err := os.Stat(segment)
	if err != nil {
		t.Fatal(err)
	}
	copied := tn.seller.pack.End()
	tn.importing(t, oneSlice(t))
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	cfg, err := Config{Data: filepath.Join(tn.dir, "seller"), Chain: "dev:", ChainListen: "none"}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	hurt := func(every int, from, to int64) {
		t.Helper()
		data := append([]byte(nil), whole...)
		for at := from; at < to; at += int64(every) {
			data[at] ^= 0x40
		}
		if err := os.WriteFile(segment, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, every := range []int{1 << 20, 50_000, 4_999} {
		hurt(every, 100, info.Size()-100)
		result, err := Repair(ctx, cfg, store, nil)
		if err != nil || result.Places == 0 || result.Mended != result.Places {
			t.Fatalf("a byte of every %d: %+v, %v", every, result, err)
		}
		if mended, err := os.ReadFile(segment); err != nil || string(mended) != string(whole) {
			t.Fatalf("a byte of every %d: the log is not what it was, %v", every, err)
		}
	}
	if result, err := Check(ctx, cfg, Options{Clock: tn.clock}, nil); err != nil {
		t.Errorf("check: %v: %v", err, result.Damage)
	}
	late := blockAfter(t, segment, copied)
	hurt(1<<30, late, late+1)
	result, err := Repair(ctx, cfg, store, nil)
	if !errors.Is(err, sinso.ErrCorrupt) || len(result.Left) != 1 || result.Mended != 0 {
		t.Errorf("damage after the backup: %+v, %v", result, err)
	}
}

// blockAfter returns a place in a payload that was written after a position.
func blockAfter(t *testing.T, segment string, after sinso.Position) int64 {
	t.Helper()
	info, err := os.Stat(segment)
	if err != nil {
		t.Fatal(err)
	}
	p, err := pack.Open(filepath.Dir(segment), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close() //nolint:errcheck // it is a test's
	if p.End() <= after {
		t.Fatal("nothing came after the backup")
	}
	return info.Size() - 200 // of the last entry's bytes
}

// TestWhatIsErasedDuringAScrubIsNotHealed: a pass takes weeks. A block that it found damaged, and
// that was erased since, does not come back from the backup.
func TestWhatIsErasedDuringAScrubIsNotHealed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}, backup: "pack:" + filepath.Join(t.TempDir(), "store")}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	if _, err := tn.seller.Backup(ctx, tn.backup, nil); err != nil {
		t.Fatal(err)
	}
	const segment = "00000001.seg"
	data, err := os.ReadFile(filepath.Join(tn.dir, "seller", logFolder, segment))
	if err != nil {
		t.Fatal(err)
	}
	var hurt []pack.Damage
	for cid, block := range stored(t, tn.seller.pack) {
		hurt = append(hurt, pack.Damage{File: segment, Offset: int64(bytes.Index(data, block)), Length: int64(len(block)), CID: cid})
		if err := tn.seller.Blobs.Delete(ctx, cid); err != nil {
			t.Fatal(err)
		}
	}
	if mended, err := tn.seller.heal(ctx, hurt); mended != 0 || err != nil {
		t.Errorf("%d of %d are mended, %v", mended, len(hurt), err)
	}
	if back := stored(t, tn.seller.pack); len(back) > 0 {
		t.Errorf("%d blocks came back", len(back))
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
}

// TestScrubHealsByItself flips a byte in each block of a log that is in use: a pass finds
// them, stores them again from the backup, and the next finds nothing to read wrongly.
func TestScrubHealsByItself(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}, backup: "pack:" + filepath.Join(t.TempDir(), "store")}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	part10, _ := plantEverywhere(t)
	tn.importing(t, part10)
	if _, err := tn.seller.Backup(ctx, tn.backup, nil); err != nil {
		t.Fatal(err)
	}
	blocks := stored(t, tn.seller.pack)
	segment := filepath.Join(tn.dir, "seller", logFolder, "00000001.seg")
	data, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(segment, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks {
		at := bytes.Index(data, block)
		if _, err := f.WriteAt([]byte{block[len(block)/2] ^ 1}, int64(at+len(block)/2)); at < 0 || err != nil {
			t.Fatalf("a block stands at %d, %v", at, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	found, mended, err := tn.seller.Scrub(ctx, time.Second)
	if found != len(blocks) || mended != found || !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("%d of %d damaged blocks were found, %d mended, %v", found, len(blocks), mended, err)
	}
	for cid, want := range blocks {
		if got, err := tn.seller.pack.Get(ctx, cid); err != nil || !bytes.Equal(got, want) {
			t.Errorf("block %s: %v", cid, err)
		}
	}
	if found, _, err := tn.seller.Scrub(ctx, time.Second); found != 0 || err != nil {
		t.Errorf("the next pass found %d places, %v", found, err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	checksOut(t, tn)
}
