package node

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// TestErasureAsksThePeers: what is erased is deleted at a peer that answers, and ordered at
// one that does not, across a restart; the receipt says which, and later what came of it.
func TestErasureAsksThePeers(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	near, far := alone(t, filepath.Join(dir, "near"), nil), alone(t, filepath.Join(dir, "far"), nil)
	b := before(t, far.Config.URL)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 5)
	keep(t, n.Node, near.Node, "near", "")
	keep(t, n.Node, far.Node, "far", b.URL)
	keep(t, n.Node, near.Node, "once", "")
	until(t, n.Node, "complete", complete)
	if gone, err := n.DropCopies(ctx, "once", "test"); err != nil || gone.Deletions != 0 {
		t.Fatalf("%+v, %v", gone, err)
	}
	until(t, n.Node, "complete", complete)
	blocks := stored(t, n.pack)
	studies, err := n.Studies(ctx, "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	b.mode.Store("away")
	row, err := n.Erase(ctx, string(studies[0].ID), way.EraseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	checkReceipt(t, n.Node, row)
	want := map[string]string{"near": sinso.CopyDropped, "far": sinso.CopyAsked, "once": sinso.CopyNotKept}
	copies := receiptOf(t, row).Copies
	for _, one := range copies {
		if want[one.Peer] != one.Answer {
			t.Errorf("the receipt says of %s %q, want %q", one.Peer, one.Answer, want[one.Peer])
		}
	}
	if len(copies) != len(want) {
		t.Errorf("the receipt names %v", copies)
	}
	gone := 0
	var ciphertext []string
	for cid, data := range blocks {
		has, err := n.pack.Has(ctx, cid)
		if err != nil {
			t.Fatal(err)
		}
		if has {
			continue
		}
		gone++
		if len(data) > 64 {
			ciphertext = append(ciphertext, string(data[len(data)/2:][:32]))
		}
		if _, err := n.Blobs.Get(ctx, cid); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("an erased block came back from a peer: %v", err)
		}
	}
	if gone < 5 {
		t.Fatalf("%d blocks are gone", gone)
	}
	guests, err := near.Guests()
	if err != nil || len(guests) == 0 {
		t.Fatal(err)
	}
	for _, guest := range guests {
		if guest.Name == "nears-guest" {
			lookIn(t, ciphertext, filepath.Join(near.Config.Data, heldFolder, guest.ID))
		}
	}
	n.stop()
	n = alone(t, n.Config.Data, nil)
	until(t, n.Node, "known to wait", func(r sinso.Replication) bool {
		return r.Peers[0].Deletions == int64(gone) && r.Peers[1].Deletions == 0
	})
	b.mode.Store("")
	until(t, n.Node, "confirmed", func(r sinso.Replication) bool { return r.Peers[0].Deletions == 0 })
	now, err := n.ErasedCopies(ctx, row)
	if err != nil || len(now) != 3 {
		t.Fatalf("%v, %v", now, err)
	}
	for _, one := range now {
		if one.Peer == "far" && one.Answer != sinso.CopyDropped {
			t.Errorf("later: %q, want %q", one.Answer, sinso.CopyDropped)
		}
	}
	lookIn(t, ciphertext, filepath.Join(far.Config.Data, heldFolder))
}

// TestWhatIsPrunedGoesFromPeersToo: what nothing names, and no other block.
func TestWhatIsPrunedGoesFromPeersToo(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 3)
	data := []byte("of a release that was cut off")
	waste := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
	if err := n.Blobs.Put(ctx, waste); err != nil {
		t.Fatal(err)
	}
	keep(t, n.Node, friend.Node, "friend", "")
	until(t, n.Node, "complete", func(r sinso.Replication) bool { return complete(r) && r.Blocks == int64(len(stored(t, n.pack))) })
	guests, err := friend.Guests()
	if err != nil || len(guests) != 1 {
		t.Fatalf("%v, %v", guests, err)
	}
	folder, err := friend.host.Folder(guests[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if has, err := folder.Has(ctx, waste.CID); err != nil || !has {
		t.Fatalf("the peer has it: %t, %v", has, err)
	}
	if pruned, err := n.Prune(ctx, 0, "test", nil); err != nil || pruned.Blocks != 1 {
		t.Fatalf("%+v, %v", pruned, err)
	}
	until(t, n.Node, "deleted", func(r sinso.Replication) bool { return complete(r) && r.Peers[0].Deletions == 0 })
	here, there := stored(t, n.pack), stored(t, folder.Pack)
	if len(here) != len(there) || there[waste.CID] != nil {
		t.Errorf("%d blocks are here, the peer has %d", len(here), len(there))
	}
}

// TestWhatIsErasedOnItsWayToAPeerDoesNotStay: a block that was read to be brought, and is
// erased before it has come, is deleted there after it has.
func TestWhatIsErasedOnItsWayToAPeerDoesNotStay(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	b := before(t, friend.Config.URL)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	keep(t, n.Node, friend.Node, "friend", b.URL)
	b.mode.Store("holds puts back")
	importSlices(t, n.Node, 1, 3)
	<-b.came
	studies, err := n.Studies(ctx, "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	erased := make(chan error, 1)
	go func() {
		_, err := n.Erase(ctx, string(studies[0].ID), way.EraseOptions{Actor: "test"})
		erased <- err
	}()
	ordered := time.Time{}
	until(t, n.Node, "ordered, and not confirmed while a put is under way", func(r sinso.Replication) bool {
		if ordered.IsZero() && r.Blocks == 0 {
			ordered = time.Now()
		}
		return !ordered.IsZero() && time.Since(ordered) > 200*time.Millisecond
	})
	b.mode.Store("")
	close(b.pass)
	<-b.done
	if err := <-erased; err != nil {
		t.Fatal(err)
	}
	until(t, n.Node, "done", func(r sinso.Replication) bool { return r.Peers[0].Deletions == 0 && r.Peers[0].Owed == 0 })
	guests, err := friend.Guests()
	if err != nil || len(guests) != 1 {
		t.Fatalf("%v, %v", guests, err)
	}
	folder, err := friend.host.Folder(guests[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	here := stored(t, n.pack)
	for cid := range stored(t, folder.Pack) {
		if here[cid] == nil {
			t.Errorf("the peer has block %s, which is erased here", cid)
		}
	}
}

// lookIn reports each marker that stands in a file of a folder, as it is.
func lookIn(t *testing.T, markers []string, dir string) {
	t.Helper()
	found, err := files(dir)
	if err != nil || len(found) == 0 {
		t.Fatalf("%d files, %v", len(found), err)
	}
	for path, data := range found {
		for _, marker := range markers {
			if strings.Contains(string(data)+path, marker) {
				t.Errorf("%s has %.40q", filepath.Base(path), marker)
			}
		}
	}
}

// TestAPeerLearnsNoContent holds every byte that a peer has of a node, and its log, against
// every planted identifier, every key of the node, and every piece of the plain objects.
func TestAPeerLearnsNoContent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := &bytes.Buffer{}
	friend := alone(t, filepath.Join(dir, "friend"), slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	part10, planted := plantEverywhere(t)
	if _, err := n.Import(t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
		return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI("MKFILENAMEZQ")}})
	}, ImportOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	importSlices(t, n.Node, 1, 3)
	keep(t, n.Node, friend.Node, "friend", "")
	until(t, n.Node, "complete", complete)
	plain := readAll(t, n.Node)
	blocks := stored(t, n.pack)
	root, err := os.ReadFile(n.Config.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	keyFiles, err := files(filepath.Join(n.Config.Data, keysFolder))
	if err != nil {
		t.Fatal(err)
	}
	n.stop()
	friend.stop()
	holds, err := files(friend.Config.Data)
	if err != nil {
		t.Fatal(err)
	}
	holds["its log"] = log.Bytes()
	there := 0
	for _, data := range blocks {
		for path, bytesOf := range holds {
			if strings.Contains(path, heldFolder) && bytes.Contains(bytesOf, data) {
				there++
				break
			}
		}
	}
	if there != len(blocks) { // or the test would look where nothing is
		t.Errorf("the peer has %d of %d blocks", there, len(blocks))
	}
	lookFor(t, append(slices.Clone(planted.markers), "MKFILENAMEZQ", "clinic"), holds)
	secrets := []string{strings.TrimSpace(string(root))}
	for _, data := range keyFiles {
		for chunk := range slices.Chunk(data, 32) {
			if len(chunk) == 32 && bytes.Count(chunk, chunk[:1]) < 8 {
				secrets = append(secrets, string(chunk))
			}
		}
	}
	pieces := 0
	for _, data := range plain {
		for piece := range slices.Chunk(data, 32) {
			if len(piece) == 32 && bytes.Count(piece, piece[:1]) < 8 { // not a run of zeros
				secrets, pieces = append(secrets, string(piece)), pieces+1
			}
		}
	}
	if pieces < 50 {
		t.Errorf("only %d pieces of plain objects were looked for", pieces)
	}
	for path, data := range holds {
		if strings.HasPrefix(path, filepath.Join(friend.Config.Data, keysFolder)) {
			continue // the head of its own key table is that of every node's
		}
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s has %.16q", path, secret)
			}
		}
	}
}

// TestSeveralPeersShareTheCopies: with fewer copies than peers each block has as many as
// are wanted, and the peers have about as many each.
func TestSeveralPeersShareTheCopies(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 60)
	n.stop()
	if err := os.WriteFile(filepath.Join(n.Config.Data, configFile), []byte("copies = \"2\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n = alone(t, n.Config.Data, nil)
	friend := alone(t, filepath.Join(dir, "friend"), nil) // three guests of one box
	for _, name := range []string{"one", "two", "three"} {
		keep(t, n.Node, friend.Node, name, "")
	}
	r := until(t, n.Node, "complete", func(r sinso.Replication) bool { return complete(r) && len(r.Peers) == 3 })
	held := int64(0)
	for _, p := range r.Peers {
		held += p.Held
		if p.Held < r.Blocks/4 {
			t.Errorf("peer %s has %d of %d blocks", p.Name, p.Held, r.Blocks)
		}
	}
	if r.Copies != 2 || held < 2*r.Blocks {
		t.Errorf("%d copies of %d blocks are proven, %d of each are wanted", held, r.Blocks, r.Copies)
	}
	if _, err := n.DropCopies(ctx, "one", "test"); err != nil {
		t.Fatal(err)
	}
	until(t, n.Node, "complete with two", func(r sinso.Replication) bool {
		return complete(r) && len(r.Peers) == 2 && r.Peers[0].Held == r.Blocks && r.Peers[1].Held == r.Blocks
	})
}

// TestABackupWithAPeerComesBack copies a node to a peer beside the copies of its blocks, and
// makes it anew from there.
func TestABackupWithAPeerComesBack(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 5)
	keep(t, n.Node, friend.Node, "friend", "")
	until(t, n.Node, "complete", complete)
	for range 2 { // the second deletes what only the first had, and none of the copies
		if _, err := n.Backup(ctx, "peer:friend", nil); err != nil {
			t.Fatal(err)
		}
		importSlices(t, n.Node, 2, 3)
	}
	right := readAll(t, n.Node)
	kept, err := n.Replicas(ctx)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v, %v", kept, err)
	}
	until(t, n.Node, "complete", complete)
	n.stop()
	t.Setenv("SINSO_PEER_TOKEN", kept[0].Token)
	cfg := n.Config
	cfg.Data = filepath.Join(dir, "anew")
	if _, err := Restore(ctx, cfg, "peer:"+kept[0].URL, nil); err != nil {
		t.Fatal(err)
	}
	back, err := Open(ctx, cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close() //nolint:errcheck // read only
	got := readAll(t, back)
	if len(got) != 8 {
		t.Errorf("%d records came back, want 8", len(got))
	}
	for id, data := range got {
		if !bytes.Equal(data, right[id]) {
			t.Errorf("record %s has other bytes", id)
		}
	}
	if again, err := back.Replicas(ctx); err != nil || len(again) != 1 || again[0] != kept[0] {
		t.Errorf("who keeps copies came back as %v, %v", again, err)
	}
}

// keeperEnv is the folder of a node that this test binary serves until it is killed.
const keeperEnv = "SINSO_TEST_KEEPER"

func keeper(dir string) error {
	ctx := context.Background()
	n, err := standing(ctx, dir, nil, quick)
	if err != nil {
		return err
	}
	listener, err := n.Listen(ctx)
	if err != nil {
		return err
	}
	return n.Serve(ctx, listener)
}

// TestReplicationGoesOnAfterAKill kills a node by kill -9 again and again while it brings
// its blocks to a peer: it goes on where it was, and the peer has proven all in the end.
func TestReplicationGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: starts the node again and again")
	}
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 300)
	blocks := stored(t, n.pack)
	b := before(t, friend.Config.URL)
	keep(t, n.Node, friend.Node, "friend", b.URL)
	n.stop()
	guests, err := friend.Guests()
	if err != nil || len(guests) != 1 {
		t.Fatalf("%v, %v", guests, err)
	}
	folder, err := friend.host.Folder(guests[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		if err := folder.List(ctx, func(sinso.CID) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	kills := 0
	for has := count(); has < len(blocks) && kills < 5; has = count() {
		child := exec.CommandContext(ctx, os.Args[0])
		child.Env = append(os.Environ(), keeperEnv+"="+n.Config.Data)
		child.Stderr = os.Stderr
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for ends := time.Now().Add(10 * time.Second); count() == has && time.Now().Before(ends); {
			time.Sleep(time.Millisecond)
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed
		kills++
	}
	if kills < 2 {
		t.Errorf("all was there after %d kills: the test is too slow", kills)
	}
	n = alone(t, n.Config.Data, nil)
	r := until(t, n.Node, "complete", complete)
	if r.Blocks != int64(len(blocks)) || count() != len(blocks) {
		t.Errorf("the peer has %d, %d are proven, there are %d", count(), r.Blocks, len(blocks))
	}
}
