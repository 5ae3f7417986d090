package node

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node/backup"
	"sinso.dev/sinso/internal/way"
)

// back returns the configuration of a node that is to be restored.
func back(t *testing.T, tn *town, blobs string) Config {
	t.Helper()
	cfg, err := Config{
		Data: filepath.Join(t.TempDir(), "back"), KeyFile: filepath.Join(tn.dir, "seller.key"), Chain: "none", DIMSEListen: "none", Blobs: blobs,
	}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// setting returns what the configuration of a node folder says of its blocks.
func setting(t *testing.T, data string) string {
	t.Helper()
	cfg, err := Config{Data: data}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return cfg.Blobs
}

// TestBackupHoldsBlocksThatLieApart copies a node whose blocks are in another store, loses
// that store, and brings the node back: into its log, or into a third store. The second
// backup sends what is new; what was erased is not in it.
func TestBackupHoldsBlocksThatLieApart(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dir := t.TempDir()
	blobs, store := "pack:"+filepath.Join(dir, "blobs"), "pack:"+filepath.Join(dir, "store")
	tn, err := apartNode(t, filepath.Join(dir, "node"), blobs)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tn.seller.Config.Data, configFile), []byte("# ours\nblobs = \""+blobs+"\"\naet = \"HERE\""), 0o600); err != nil {
		t.Fatal(err)
	}
	part10, planted := plantEverywhere(t)
	tn.importing(t, part10)
	erased := blocksOf(t, tn.seller.apart)
	first, err := tn.seller.Backup(ctx, store, nil)
	if err != nil || first.Blocks != int64(len(erased)) || first.Blocks == 0 {
		t.Fatalf("%+v, %v, want %d blocks", first, err, len(erased))
	}
	tn.importing(t, oneSlice(t))
	second, err := tn.seller.Backup(ctx, store, nil)
	if err != nil || second.Blocks <= first.Blocks || second.Sent >= first.Sent+first.Sent/2 {
		t.Fatalf("%+v, %v, after %+v", second, err, first)
	}
	persons, err := tn.seller.Persons(ctx)
	if err != nil {
		t.Fatal(err)
	}
	gone := persons[slices.IndexFunc(persons, func(p sinso.PersonRow) bool { return strings.HasPrefix(p.Label, "MK") })]
	erase(t, tn.seller, gone.ID)
	third, err := tn.seller.Backup(ctx, store, nil)
	if err != nil || third.Blocks != second.Blocks-first.Blocks || third.Freed < int(first.Blocks) {
		t.Fatalf("%+v, %v, after %+v", third, err, second)
	}
	want := blocksOf(t, tn.seller.apart)
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	kept := blocksAt(t, store)
	for cid := range erased {
		if kept[cid] != nil {
			t.Errorf("block %s of what was erased is in the backup", cid)
		}
	}
	held, err := files(filepath.Join(dir, "store"))
	if err != nil {
		t.Fatal(err)
	}
	lookFor(t, planted.markers, held)
	if err := os.RemoveAll(filepath.Join(dir, "blobs")); err != nil {
		t.Fatal(err)
	}
	for _, into := range []string{blobsInLog, "pack:" + filepath.Join(dir, "third")} {
		cfg := back(t, tn, into)
		result, err := Restore(ctx, cfg, store, nil)
		if err != nil || result.Blocks != third.Blocks || !result.Proven || result.Config != "restored" {
			t.Fatalf("into %s: %+v, %v", into, result, err)
		}
		if got := setting(t, cfg.Data); got != into {
			t.Errorf("the configuration that came back says blobs = %s, want %s", got, into)
		}
		if checked, err := Check(ctx, cfg, Options{}, nil); err != nil || checked.Objects == 0 {
			t.Errorf("into %s: check: %+v, %v", into, checked, err)
		}
		if into != blobsInLog {
			if got := blocksAt(t, into); !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("into %s: %d blocks, want %d", into, len(got), len(want))
			}
		}
	}
}

// erase erases a person.
func erase(t *testing.T, n *Node, id sinso.PersonID) {
	t.Helper()
	if _, err := n.Erase(t.Context(), string(id), way.EraseOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
}

// TestRestoreThatWasCutOffAmongBlocks is done again after it was cut off while blocks were
// written into the log: also when they had begun a segment of their own.
func TestRestoreThatWasCutOffAmongBlocks(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dir := t.TempDir()
	tn, err := apartNode(t, filepath.Join(dir, "node"), "pack:"+filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	store := "pack:" + filepath.Join(dir, "store")
	if _, err := tn.seller.Backup(ctx, store, nil); err != nil {
		t.Fatal(err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	cfg := back(t, tn, blobsInLog)
	named, end, err := openNamed(ctx, store)
	if err != nil {
		t.Fatal(err)
	}
	cut := errors.New("cut off")
	_, err = backup.Restore(ctx, named, cfg.Data, cfg.secretOf(ctx), func(string) (sinso.Blobs, func() error, error) {
		blobs, end, err := openPack(filepath.Join(cfg.Data, logFolder))
		return blobs, func() error { return errors.Join(end(), cut) }, err
	}, nil)
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, cut) {
		t.Fatalf("got error %v", err)
	}
	log := filepath.Join(cfg.Data, logFolder)
	whole, err := os.ReadFile(filepath.Join(log, "00000001.seg"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(log, "00000002.seg"), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	// Without the keys that a restore brings, what is there is somebody's, and stays.
	begun := filepath.Join(cfg.Data, "keys-restored")
	if err := os.Rename(begun, begun+"-not"); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(ctx, cfg, store, nil); err == nil {
		t.Error("a segment of another log is no hindrance")
	}
	if _, err := os.Stat(filepath.Join(log, "00000002.seg")); err != nil {
		t.Errorf("a segment of somebody's is gone: %v", err)
	}
	if _, err := Restore(ctx, cfg, store, nil); err != nil {
		t.Fatal(err)
	}
	if checked, err := Check(ctx, cfg, Options{}, nil); err != nil || checked.Objects == 0 {
		t.Errorf("check: %+v, %v", checked, err)
	}
}

// TestBackupWithoutADamagedBlock: a block that the store gives back with other bytes is left
// out and counted; the rest is whole.
func TestBackupWithoutADamagedBlock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tn, err := apartNode(t, filepath.Join(dir, "node"), "pack:"+filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	blocks := blocksOf(t, tn.seller.apart)
	tn.seller.apart = corrupt{tn.seller.apart, slices.Sorted(maps.Keys(blocks))[1]}
	result, err := tn.seller.Backup(t.Context(), "pack:"+filepath.Join(dir, "store"), nil)
	if !errors.Is(err, sinso.ErrCorrupt) || result.Blocks != int64(len(blocks)-1) || result.CID == "" {
		t.Errorf("%+v, %v", result, err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	if result, err := Restore(t.Context(), back(t, tn, blobsInLog), "pack:"+filepath.Join(dir, "store"), nil); err != nil || result.Blocks != int64(len(blocks)-1) {
		t.Errorf("%+v, %v", result, err)
	}
}

// TestRepairOfTheOtherStore puts back what the store of a node's blocks has lost, what it gives
// back with other bytes, and all of it when the store is gone.
func TestRepairOfTheOtherStore(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cfg, want, to := moveable(t)
	if _, err := MoveBlobs(ctx, cfg, MoveOptions{From: blobsInLog, To: to, Delete: true}); err != nil {
		t.Fatal(err)
	}
	cfg = reload(t, cfg)
	store, dir := "pack:"+filepath.Join(t.TempDir(), "store"), strings.TrimPrefix(to, "pack:")
	n, err := Open(ctx, cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Backup(ctx, store, nil); err != nil {
		t.Fatal(err)
	}
	cids := slices.Sorted(maps.Keys(want))
	if err := errors.Join(n.apart.Delete(ctx, cids[0]), n.Close()); err != nil {
		t.Fatal(err)
	}
	segment := filepath.Join(dir, "00000001.seg")
	raw, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	raw[bytes.Index(raw, want[cids[1]])] ^= 1
	if err := os.WriteFile(segment, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, hurt := range []int{2, len(want)} {
		result, err := Repair(ctx, cfg, store, nil)
		if err != nil || result.Places != hurt || result.Mended != hurt || len(result.Left) != 0 {
			t.Errorf("%+v, %v, want %d mended", result, err, hurt)
		}
		if result, err := Check(ctx, cfg, Options{}, nil); err != nil || result.Objects == 0 {
			t.Errorf("check: %+v, %v", result, err)
		}
		if got := blocksAt(t, to); !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%d blocks are there, want %d", len(got), len(want))
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// TestConfigurationThatDoesNotReadComesBack as it was: the next start says what is wrong.
func TestConfigurationThatDoesNotReadComesBack(t *testing.T) {
	t.Parallel()
	tn, err := apartNode(t, t.TempDir(), blobsInLog)
	if err != nil {
		t.Fatal(err)
	}
	const config = "setting-of-a-later-version = \"x\"\n"
	if err := os.WriteFile(filepath.Join(tn.seller.Config.Data, configFile), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	store := "pack:" + filepath.Join(tn.dir, "store")
	if _, err := tn.seller.Backup(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	cfg := back(t, tn, blobsInLog)
	if result, err := Restore(t.Context(), cfg, store, nil); err != nil || result.Config != "restored" {
		t.Errorf("%+v, %v", result, err)
	}
	if got, err := os.ReadFile(filepath.Join(cfg.Data, configFile)); err != nil || string(got) != config {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestSetBlobs changes one line of a configuration, and refuses what it cannot change.
func TestSetBlobs(t *testing.T) {
	t.Parallel()
	const s3 = "s3:https://host/bucket"
	for before, want := range map[string]string{
		"":                                 "blobs = \"s3:https://host/bucket\"\n",
		"aet = \"A\"":                      "aet = \"A\"\nblobs = \"s3:https://host/bucket\"\n",
		"# a\naet = \"A\"\n":               "# a\naet = \"A\"\nblobs = \"s3:https://host/bucket\"\n",
		" blobs=\"log\" # ours\naet='A'":   "blobs = \"s3:https://host/bucket\"\naet='A'",
		"blobs = \"" + s3 + "\" # stays":   "blobs = \"" + s3 + "\" # stays",
		"# blobs = \"log\"\naet = \"A\"\n": "# blobs = \"log\"\naet = \"A\"\nblobs = \"s3:https://host/bucket\"\n",
	} {
		if got, err := setBlobs([]byte(before), s3); err != nil || string(got) != want {
			t.Errorf("%q: got %q, %v, want %q", before, got, err, want)
		}
	}
	if got, err := setBlobs([]byte("aet = \"A\"\n"), blobsInLog); err != nil || string(got) != "aet = \"A\"\n" {
		t.Errorf("log, which it is: got %q, %v", got, err)
	}
	for _, before := range []string{"\"blobs\" = \"log\"\n", "aet = '''\nblobs = \"x\"\n'''\nblobs = 'log'\n", "listn = \"x\"\n"} {
		if got, err := setBlobs([]byte(before), s3); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%q: got %q, %v, want ErrInvalid", before, got, err)
		}
	}
}

// corrupt is a store that says of one block that it is damaged.
type corrupt struct {
	sinso.NamedBlobs
	about sinso.CID
}

func (c corrupt) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	if cid == c.about {
		return nil, sinso.ErrCorrupt
	}
	return c.NamedBlobs.Get(ctx, cid)
}

// TestBackupKeepsWhatTheStoreLost: a block that is gone from the store of the node's blocks, and
// that nobody erased, is not taken out of the backup, which may have the last of it.
func TestBackupKeepsWhatTheStoreLost(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dir := t.TempDir()
	store := "pack:" + filepath.Join(dir, "store")
	tn, err := apartNode(t, filepath.Join(dir, "node"), "pack:"+filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	blocks := blocksOf(t, tn.seller.apart)
	if _, err := tn.seller.Backup(ctx, store, nil); err != nil {
		t.Fatal(err)
	}
	if err := tn.seller.apart.Delete(ctx, slices.Collect(maps.Keys(blocks))[:len(blocks)/2]...); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		result, err := tn.seller.Backup(ctx, store, nil)
		if err != nil || result.Blocks != int64(len(blocks)) {
			t.Errorf("%+v, %v; want %d blocks", result, err, len(blocks))
		}
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	result, err := Repair(ctx, tn.seller.Config, store, nil)
	if err != nil || result.Mended != len(blocks)/2 || len(result.Left) > 0 {
		t.Errorf("%+v, %v; want %d mended", result, err, len(blocks)/2)
	}
}

// TestRestoreWithoutWhatWasErasedSince: a peer that keeps copies beside the backup deletes what
// is erased before the next backup is made. All else comes back.
func TestRestoreWithoutWhatWasErasedSince(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dir := t.TempDir()
	store := "pack:" + filepath.Join(dir, "store")
	tn, err := apartNode(t, filepath.Join(dir, "node"), "pack:"+filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	blocks := blocksOf(t, tn.seller.apart)
	if _, err := tn.seller.Backup(ctx, store, nil); err != nil {
		t.Fatal(err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	there, end, err := OpenBlobs(ctx, store)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(there.Delete(ctx, slices.Sorted(maps.Keys(blocks))[0]), end()); err != nil {
		t.Fatal(err)
	}
	result, err := Restore(ctx, back(t, tn, blobsInLog), store, nil)
	if err != nil || result.Blocks != int64(len(blocks)-1) || result.Missing != 1 {
		t.Errorf("%+v, %v; want %d blocks, and that one is missing", result, err, len(blocks)-1)
	}
}

// TestBackupKeepsWhatIsNotLookedForAnyMore: a node whose setting of the other store was taken
// away by hand makes a backup: what records name and the log does not have stays in it.
func TestBackupKeepsWhatIsNotLookedForAnyMore(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cfg, want, to := moveable(t)
	if _, err := MoveBlobs(ctx, cfg, MoveOptions{From: blobsInLog, To: to, Delete: true}); err != nil {
		t.Fatal(err)
	}
	n, err := Open(ctx, reload(t, cfg), Options{})
	if err != nil {
		t.Fatal(err)
	}
	store := "pack:" + filepath.Join(t.TempDir(), "store")
	if _, err := n.Backup(ctx, store, nil); err != nil {
		t.Fatal(err)
	}
	n.apart = nil
	for range 2 {
		if _, err := n.Backup(ctx, store, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	kept := blocksAt(t, store)
	for cid := range want {
		if kept[cid] == nil {
			t.Errorf("block %s is gone from the backup", cid)
		}
	}
}
