package node

import (
	"os"
	"path/filepath"
	"testing"

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
	answers(again, sinso.CopyAsked)
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
