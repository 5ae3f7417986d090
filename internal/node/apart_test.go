package node

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/way"
)

// blocksOf returns the blocks of a store.
func blocksOf(t *testing.T, blobs sinso.Blobs) map[sinso.CID][]byte {
	t.Helper()
	all := map[sinso.CID][]byte{}
	if err := blobs.List(t.Context(), func(cid sinso.CID) (err error) {
		all[cid], err = blobs.Get(t.Context(), cid)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// blocksAt is blocksOf a URL.
func blocksAt(t *testing.T, url string) map[sinso.CID][]byte {
	t.Helper()
	blobs, end, err := OpenBlobs(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = end() }()
	return blocksOf(t, blobs)
}

// TestBlocksOnS3 takes a study the whole way, from import to the end of its trade, in a node
// whose blocks are on an S3 server: no block is in its log, the check is clean, and what is
// erased is gone from the server.
func TestBlocksOnS3(t *testing.T) {
	url := s3Server(t)
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}, blobs: url + "/clinic"}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	if err := tn.wholeWay(ctx); err != nil {
		t.Fatal(err)
	}
	if got := len(stored(t, tn.seller.pack)); got != 0 {
		t.Errorf("%d blocks are in the log", got)
	}
	if got := len(blocksAt(t, url+"/clinic")); got < 10 {
		t.Errorf("%d blocks are on the server", got)
	}
	garbage := []byte("what a crash left")
	if err := tn.seller.apart.Put(ctx, sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, garbage), Data: garbage}); err != nil {
		t.Fatal(err)
	}
	if result, err := tn.seller.Prune(ctx, 0, "test", nil); err != nil || result.Blocks < 1 || blocksAt(t, url+"/clinic")[sinso.CIDOf(sinso.CodecRaw, garbage)] != nil {
		t.Errorf("prune: %+v, %v", result, err)
	}
	status, err := tn.seller.Status(ctx)
	if err != nil || status.Blobs != url+"/clinic" {
		t.Errorf("status: %+v, %v", status, err)
	}
	erased, err := tn.seller.Studies(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	before := blocksAt(t, url+"/clinic")
	part10, _ := plantEverywhere(t)
	tn.importing(t, part10) // stays
	row, err := tn.seller.Erase(ctx, string(erased[0].ID), way.EraseOptions{Actor: "test", LeaveMoney: true})
	if err != nil {
		t.Fatal(err)
	}
	if receipt := receiptOf(t, row); receipt.Blocks < 10 || receipt.Missing != 0 {
		t.Errorf("the receipt says %+v", receipt)
	}
	left := blocksAt(t, url+"/clinic")
	if len(left) == 0 {
		t.Error("what is not erased is gone")
	}
	for cid := range before {
		if left[cid] != nil {
			t.Errorf("block %s of what was erased is on the server", cid)
		}
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	result, err := Check(ctx, tn.seller.Config, Options{Clock: tn.clock}, nil)
	if err != nil || result.Objects == 0 {
		t.Errorf("check: %+v, %v", result, err)
	}
	// What the server loses is named.
	forget(t, url+"/clinic")
	result, err = Check(ctx, tn.seller.Config, Options{Clock: tn.clock}, nil)
	if !errors.Is(err, sinso.ErrCorrupt) || len(result.Damage) == 0 {
		t.Errorf("check without blocks: %+v, %v", result, err)
	}
}

// TestMoveToS3AndBack moves a node's blocks from its log to an S3 server, from there to another
// place on it, and back, with a backup from one to the other in between; the same place under
// two names is refused.
func TestMoveToS3AndBack(t *testing.T) {
	url := s3Server(t)
	cfg, want, _ := moveable(t)
	one, other := url+"/one", url+"/other"
	move := func(from, to string, remove bool) {
		t.Helper()
		result, err := MoveBlobs(t.Context(), cfg, MoveOptions{From: from, To: to, Delete: remove})
		if err != nil || !result.Switched {
			t.Fatalf("%+v, %v", result, err)
		}
		cfg = reload(t, cfg)
		if to != blobsInLog {
			if got := blocksAt(t, to); !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("%s has %d blocks, want %d", to, len(got), len(want))
			}
		}
		if from != blobsInLog && remove && len(blocksAt(t, from)) != 0 {
			t.Errorf("%s still has blocks", from)
		}
		if result, err := Check(t.Context(), cfg, Options{}, nil); err != nil || result.Objects == 0 {
			t.Errorf("check: %+v, %v", result, err)
		}
	}
	move(blobsInLog, one, true)
	if _, err := MoveBlobs(t.Context(), cfg, MoveOptions{From: one, To: strings.Replace(one, "127.0.0.1", "localhost", 1), Delete: true}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("to the same place by another name: got error %v, want ErrInvalid", err)
	}
	move(one, other, false)
	if result, err := MoveBlobs(t.Context(), cfg, MoveOptions{From: one, To: other, Delete: true}); err != nil || result.Deleted != int64(len(want)) {
		t.Errorf("the old ones later: %+v, %v", result, err)
	}
	n, err := Open(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if result, err := n.Backup(t.Context(), url+"/backup", nil); err != nil || result.Blocks != int64(len(want)) {
		t.Errorf("backup: %+v, %v", result, err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	again := cfg
	again.Data, again.Blobs = filepath.Join(t.TempDir(), "back"), blobsInLog
	if result, err := Restore(t.Context(), again, url+"/backup", nil); err != nil || result.Blocks != int64(len(want)) {
		t.Errorf("restore: %+v, %v", result, err)
	}
	if result, err := Check(t.Context(), again, Options{}, nil); err != nil || result.Objects == 0 {
		t.Errorf("check of what is restored: %+v, %v", result, err)
	}
	move(other, blobsInLog, true)
	if got := blocksAt(t, "pack:"+filepath.Join(cfg.Data, logFolder)); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("the log has %d blocks, want %d", len(got), len(want))
	}
}

// forget deletes every block of a store.
func forget(t *testing.T, url string) {
	t.Helper()
	blobs, end, err := OpenBlobs(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = end() }()
	for cid := range blocksOf(t, blobs) {
		if err := blobs.Delete(t.Context(), cid); err != nil {
			t.Fatal(err)
		}
	}
}

// apartNode opens a node without a chain whose blocks are at a URL.
func apartNode(t *testing.T, dir, blobs string) (*town, error) {
	t.Helper()
	tn := &town{dir: dir, clock: wall{}}
	var err error
	tn.seller, err = tn.node(t.Context(), Config{Data: filepath.Join(dir, "seller"), Chain: "none", Blobs: blobs})
	t.Cleanup(func() { _ = tn.close() })
	return tn, err
}

// TestAStoreHasOneNode: a node takes no store for its blocks that has another's, or a backup,
// and makes no backup where a node has its blocks.
func TestAStoreHasOneNode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	blobs := "pack:" + filepath.Join(dir, "blobs")
	one, err := apartNode(t, filepath.Join(dir, "one"), blobs)
	if err != nil {
		t.Fatal(err)
	}
	one.importing(t, oneSlice(t))
	if _, err := one.seller.Backup(t.Context(), blobs, nil); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("backup among its own blocks: got error %v, want ErrExists", err)
	}
	if err := one.close(); err != nil {
		t.Fatal(err)
	}
	other, err := apartNode(t, filepath.Join(dir, "other"), blobsInLog)
	if err != nil {
		t.Fatal(err)
	}
	copied := "pack:" + filepath.Join(dir, "backup")
	if _, err := other.seller.Backup(t.Context(), copied, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := other.seller.Backup(t.Context(), blobs, nil); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("backup among another's blocks: got error %v, want ErrExists", err)
	}
	for what, at := range map[string]string{"another's blocks": blobs, "a backup": copied} {
		if _, err := apartNode(t, filepath.Join(dir, "third"), at); !errors.Is(err, sinso.ErrExists) {
			t.Errorf("blocks among %s: got error %v, want ErrExists", what, err)
		}
	}
	if again, err := apartNode(t, filepath.Join(dir, "one"), blobs); err != nil {
		t.Errorf("its own again: %v", err)
	} else if err := again.close(); err != nil {
		t.Error(err)
	}
}

// TestStoreThatIsNotThere: a node does not start without its blocks, and does not say that
// the node is not there.
func TestStoreThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, err := apartNode(t, t.TempDir(), "kubo:http://127.0.0.1:1")
	if !errors.Is(err, sinso.ErrUnavailable) || errors.Is(err, sinso.ErrNotFound) || !strings.Contains(err.Error(), "setting blobs") {
		t.Errorf("got error %v, want ErrUnavailable", err)
	}
}

// TestStoreThatHasNoneOfItsBlocks: a node whose blocks are in one place does not start with
// another that has none of them, and takes none of it; where the same blocks have another
// address it does.
func TestStoreThatHasNoneOfItsBlocks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at, wrong, elsewhere := filepath.Join(dir, "blobs"), filepath.Join(dir, "wrong"), filepath.Join(dir, "elsewhere")
	tn, err := apartNode(t, filepath.Join(dir, "node"), "pack:"+at)
	if err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	empty, end, err := openNamed(t.Context(), "pack:"+wrong)
	if err != nil {
		t.Fatal(err)
	}
	if owned, err := isOwned(t.Context(), empty); err != nil || owned {
		t.Fatalf("%t, %v", owned, err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if _, err := apartNode(t, filepath.Join(dir, "node"), "pack:"+wrong); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("with the wrong one: got error %v, want ErrUnavailable", err)
	}
	again, end, err := openNamed(t.Context(), "pack:"+wrong)
	if err != nil {
		t.Fatal(err)
	}
	if owned, err := isOwned(t.Context(), again); err != nil || owned {
		t.Errorf("the wrong one is taken: %t, %v", owned, err)
	}
	if err := errors.Join(end(), os.Rename(at, elsewhere)); err != nil {
		t.Fatal(err)
	}
	if tn, err = apartNode(t, filepath.Join(dir, "node"), "pack:"+elsewhere); err != nil {
		t.Errorf("with the same at another address: %v", err)
	} else if err := tn.close(); err != nil {
		t.Error(err)
	}
}

// TestASettingThatForgetsTheStoreIsNoticed: a node whose blocks are in another store does not
// start with blobs set back to log by hand: what it would erase, it would not reach. It says
// what to do, and either of that helps. If all is in the log nothing is the matter.
func TestASettingThatForgetsTheStoreIsNoticed(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	at, data := "pack:"+filepath.Join(dir, "blobs"), filepath.Join(dir, "node")
	tn, err := apartNode(t, data, at)
	if err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	cfg := tn.seller.Config
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	want := blocksAt(t, at)
	for range 2 {
		_, err = apartNode(t, data, blobsInLog)
		if !errors.Is(err, sinso.ErrInvalid) || !strings.Contains(err.Error(), "sinso move blobs URL log") || strings.Contains(err.Error(), dir) {
			t.Fatalf("got error %v, want ErrInvalid and what to do", err)
		}
	}
	if tn, err = apartNode(t, data, at); err != nil {
		t.Fatalf("set back: %v", err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	cfg.Blobs = blobsInLog
	if _, err := MoveBlobs(ctx, cfg, MoveOptions{From: "pack:" + filepath.Join(dir, "another"), To: blobsInLog}); err == nil {
		t.Error("moved from where they never were")
	}
	if result, err := MoveBlobs(ctx, cfg, MoveOptions{From: at, To: blobsInLog}); err != nil || !result.Switched || result.Copied != int64(len(want)) {
		t.Fatalf("move: %+v, %v", result, err)
	}
	if tn, err = apartNode(t, data, blobsInLog); err != nil {
		t.Fatalf("moved into the log: %v", err)
	}
	if _, err := tn.seller.CheckObjects(ctx, func(err error) { t.Error(err) }); err != nil {
		t.Error(err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	// As a move out of the log leaves it that was killed before the setting: the log has all.
	log, err := pack.Open(filepath.Join(cfg.Data, logFolder), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(log.SetName(ctx, apartName, noteOf(at)), log.Close()); err != nil {
		t.Fatal(err)
	}
	if tn, err = apartNode(t, data, blobsInLog); err != nil {
		t.Fatalf("all is in the log: %v", err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
}
