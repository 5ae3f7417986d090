package node

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// TestOrdersToAPeerAreNotLost: what a peer was told to delete while it was away it is told
// though its URL is another now; and where orders are lost with the file, no receipt says that
// they were carried out.
func TestOrdersToAPeerAreNotLost(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	far := alone(t, filepath.Join(dir, "far"), nil)
	b := before(t, far.Config.URL)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 3)
	keep(t, n.Node, far.Node, "far", b.URL)
	until(t, n.Node, "complete", complete)
	studies, err := n.Studies(ctx, "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	b.mode.Store("away")
	row, err := n.Erase(ctx, string(studies[0].ID), way.EraseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	answers := func(n *Node, want string) {
		t.Helper()
		now, err := n.ErasedCopies(ctx, row)
		if err != nil || len(now) != 1 || now[0].Answer != want {
			t.Errorf("%v, %v; want %q", now, err, want)
		}
	}
	answers(n.Node, sinso.CopyAsked)
	n.stop()

	// A backup does not have the file: so it is after a restore.
	file := filepath.Join(n.Config.Data, copiesFile)
	if err := os.Rename(file, file+".before"); err != nil {
		t.Fatal(err)
	}
	again, err := standing(ctx, n.Config.Data, nil, quick)
	if err != nil {
		t.Fatal(err)
	}
	answers(again, sinso.CopyUnknown)
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	if err := os.Rename(file+".before", file); err != nil {
		t.Fatal(err)
	}

	n = alone(t, n.Config.Data, nil)
	kept, err := n.Replicas(ctx)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v, %v", kept, err)
	}
	kept[0].URL = far.Config.URL
	if err := n.KeepCopies(ctx, kept[0], "test"); err != nil {
		t.Fatal(err)
	}
	until(t, n.Node, "told", func(r sinso.Replication) bool { return r.Peers[0].Deletions == 0 && r.Peers[0].Owed == 0 })
	answers(n.Node, sinso.CopyDropped)
	guests, err := far.Guests()
	if err != nil || len(guests) != 1 {
		t.Fatalf("%v, %v", guests, err)
	}
	folder, err := far.host.Folder(guests[0].ID)
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

// TestWhatADroppedPeerOwesIsSaid: a peer that is dropped, or renewed by another token, is told
// once more what to delete; what it did not confirm is counted and written down, and nothing
// says that it is asked still.
func TestWhatADroppedPeerOwesIsSaid(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	far := alone(t, filepath.Join(dir, "far"), nil)
	away, back := before(t, far.Config.URL), before(t, far.Config.URL)
	slow := quick
	slow.Retry = time.Hour // the drop itself asks, nothing else
	n := aloneAt(t, filepath.Join(dir, "clinic"), nil, slow)
	importSlices(t, n.Node, 1, 3)
	keep(t, n.Node, far.Node, "away", away.URL)
	keep(t, n.Node, far.Node, "back", back.URL)
	keep(t, n.Node, far.Node, "renewed", away.URL)
	until(t, n.Node, "complete", complete)
	studies, err := n.Studies(ctx, "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	away.mode.Store("away")
	back.mode.Store("away")
	row, err := n.Erase(ctx, string(studies[0].ID), way.EraseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	back.mode.Store("")
	if gone, err := n.DropCopies(ctx, "back", "test"); err != nil || gone.Deletions != 0 {
		t.Errorf("one that is back: got %+v, %v", gone, err)
	}
	if gone, err := n.DropCopies(ctx, "away", "test"); err != nil || gone.Deletions == 0 {
		t.Errorf("one that is away: got %+v, %v, want what it has not confirmed", gone, err)
	}
	_, token, err := far.AddGuest("another", 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.KeepCopies(ctx, sinso.ReplicaKept{Name: "renewed", URL: far.Config.URL, Token: token}, "test"); err != nil {
		t.Fatal(err)
	}
	now, err := n.ErasedCopies(ctx, row)
	if err != nil || len(now) != 3 {
		t.Fatalf("%v, %v", now, err)
	}
	for _, one := range now {
		if one.Answer != sinso.CopyUnknown {
			t.Errorf("%s: got %q, want %q", one.Peer, one.Answer, sinso.CopyUnknown)
		}
	}
	guests, err := far.Guests()
	if err != nil {
		t.Fatal(err)
	}
	for _, guest := range guests {
		if guest.Name != "backs-guest" {
			continue
		}
		folder, err := far.host.Folder(guest.ID)
		if err != nil {
			t.Fatal(err)
		}
		here := stored(t, n.pack)
		for cid := range stored(t, folder.Pack) {
			if here[cid] == nil {
				t.Errorf("the peer that was told has block %s, which is erased here", cid)
			}
		}
	}
	dropped := map[string]bool{}
	err = n.Audit.Events(ctx, 0, func(event sinso.Event) error {
		if event.Type != sinso.EventReplicaDropped {
			return nil
		}
		var body sinso.ReplicaDropped
		err := json.Unmarshal(event.Body, &body)
		dropped[body.Name] = body.Deletions > 0
		return err
	})
	if want := map[string]bool{"away": true, "back": false, "renewed": true}; err != nil || !maps.Equal(dropped, want) {
		t.Errorf("the log says %v, %v, want %v", dropped, err, want)
	}
}
