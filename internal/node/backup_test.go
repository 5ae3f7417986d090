package node

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/format/dag"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/node/backup"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/stage/seal"
	"sinso.dev/sinso/internal/way"
)

// importing brings one file into the seller's node.
func (tn *town) importing(t *testing.T, part10 []byte) {
	t.Helper()
	if _, err := tn.seller.Import(t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
		return fn(ingest.Found{Item: sinso.Item{Bytes: part10}})
	}, ImportOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
}

// TestBackupComesBack copies a node that goes on working, and brings it back elsewhere: all
// that was acknowledged when the copy began is there, and the check is clean.
func TestBackupComesBack(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	part10, planted := plantEverywhere(t)
	tn.importing(t, part10)
	offer, err := tn.sell(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tn.buy(ctx, offer); err != nil {
		t.Fatal(err)
	}
	store := "pack:" + filepath.Join(t.TempDir(), "store")
	told := int64(0)
	first, err := tn.seller.Backup(ctx, store, func(done, _ int64) { told = done })
	if err != nil || first.Sent == 0 || told < first.Bytes {
		t.Fatalf("%+v, %d bytes told of, %v", first, told, err)
	}
	tn.importing(t, oneSlice(t))
	second, err := tn.seller.Backup(ctx, store, nil)
	if err != nil || second.Files < first.Files || second.Freed == 0 {
		t.Fatalf("%+v, %v", second, err)
	}
	studies, err := tn.seller.Studies(ctx, "")
	if err != nil || len(studies) != 2 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	held, err := files(strings.TrimPrefix(store, "pack:"))
	if err != nil {
		t.Fatal(err)
	}
	lookFor(t, planted.markers, held)
	back := restored(t, tn, store)
	found, err := back.Studies(ctx, "")
	if err != nil || len(found) != 2 {
		t.Fatalf("%d studies came back, %v", len(found), err)
	}
	for _, study := range found {
		if !slices.ContainsFunc(studies, func(s sinso.StudyRow) bool { return s.ID == study.ID && s.Manifest == study.Manifest }) {
			t.Errorf("study %s is another", study.ID)
		}
	}
	if err := back.Close(); err != nil {
		t.Fatal(err)
	}
	if result, err := Check(ctx, back.Config, Options{Clock: tn.clock}, nil); err != nil {
		t.Errorf("check: %v: %v", err, result.Damage)
	}
}

// restored opens the node that comes back from a store, with the seller's root key.
func restored(t *testing.T, tn *town, store string) *Node {
	t.Helper()
	cfg, err := Config{
		Data: filepath.Join(t.TempDir(), "back"), KeyFile: filepath.Join(tn.dir, "seller.key"), Chain: "dev:", ChainListen: "none",
	}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	result, err := Restore(t.Context(), cfg, store, nil)
	if err != nil || result.Files == 0 {
		t.Fatalf("%+v, %v", result, err)
	}
	if _, err := Restore(t.Context(), cfg, store, nil); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("over a node: got error %v, want ErrExists", err)
	}
	n, err := Open(t.Context(), cfg, Options{Clock: tn.clock})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestBackupForgetsWhatWasErased wants a backup that is made after an erasure to hold no
// block of what was erased, and no key: also of a store that had them before.
func TestBackupForgetsWhatWasErased(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	part10, planted := plantEverywhere(t)
	tn.importing(t, part10)
	before := stored(t, tn.seller.pack)
	dir := filepath.Join(t.TempDir(), "store")
	if _, err := tn.seller.Backup(ctx, "pack:"+dir, nil); err != nil {
		t.Fatal(err)
	}
	eraseAll(t, tn.seller)
	if result, err := tn.seller.Backup(ctx, "pack:"+dir, nil); err != nil || result.Freed == 0 {
		t.Fatalf("%+v, %v", result, err)
	}
	held, err := files(dir)
	if err != nil {
		t.Fatal(err)
	}
	var ciphertext []string
	for _, data := range before {
		ciphertext = append(ciphertext, string(data[len(data)/2:][:32]))
	}
	lookFor(t, ciphertext, held)
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	back := restored(t, tn, "pack:"+dir)
	back.audit.Verify(ctx) //nolint:errcheck // the check does so
	tn.seller = back
	lookFor(t, planted.markers, map[string][]byte{"events": opened(t, back)})
	if err := back.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestBackupsAreNotMixed wants the store of one node to refuse another.
func TestBackupsAreNotMixed(t *testing.T) {
	t.Parallel()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	store := "pack:" + filepath.Join(t.TempDir(), "store")
	if _, err := tn.seller.Backup(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := tn.buyer.Backup(t.Context(), store, nil); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("got error %v, want ErrExists", err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
}

// TestDamagedBackupIsRefused flips a byte in each block of a store in turn: what comes back
// is the node as it was, or a refusal that names the file, and no node.
func TestDamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	dir := filepath.Join(t.TempDir(), "store")
	if _, err := tn.seller.Backup(ctx, "pack:"+dir, nil); err != nil {
		t.Fatal(err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	p, err := pack.Open(dir, pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close() //nolint:errcheck // it is a test's
	for cid := range stored(t, p) {
		lying := liar{p, cid}
		into := filepath.Join(t.TempDir(), "back")
		_, err := backup.Restore(ctx, lying, into, noKey, nil, nil)
		if err == nil { // nothing needed the block
			continue
		}
		if !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("block %s: got error %v, want ErrCorrupt", cid, err)
		}
		if _, err := os.Lstat(filepath.Join(into, keysFolder)); err == nil {
			t.Errorf("block %s: there is a node", cid)
		}
		if _, err := backup.Restore(ctx, p, into, noKey, nil, nil); err != nil { // goes on with a sound store
			t.Errorf("again: %v", err)
		}
	}
}

// liar is a store that gives one block with another byte.
type liar struct {
	sinso.NamedBlobs
	about sinso.CID
}

func (l liar) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	data, err := l.NamedBlobs.Get(ctx, cid)
	if err == nil && cid == l.about {
		data[len(data)/2] ^= 1
	}
	return data, err
}

// oneSlice is one image of the phantom.
func oneSlice(t *testing.T) (file []byte) {
	t.Helper()
	err := phantom.Series(phantom.Options{Slices: 1, Rows: 16, Columns: 16}, func(_ string, part10 []byte) error {
		file = part10
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// noKey is a machine without the root key.
func noKey(string) (key [32]byte, err error) { return key, sinso.ErrDenied }

// backed is a node with a marked study, and what copies it into a store that stays open.
func backed(t *testing.T) (*town, backup.Source, *pack.Pack) {
	t.Helper()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	part10, _ := plantEverywhere(t)
	tn.importing(t, part10)
	p, err := pack.Open(filepath.Join(t.TempDir(), "store"), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(p.Close(), tn.close()); err != nil {
			t.Error(err)
		}
	})
	n := tn.seller
	return tn, backup.Source{Data: n.Config.Data, Log: n.pack, Sealer: seal.New(n.keys, n.Rand), Clock: n.Clock, Key: [32]byte{1}}, p
}

// eraseAll erases every person of a node.
func eraseAll(t *testing.T, n *Node) {
	t.Helper()
	persons, err := n.Persons(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, person := range persons {
		if _, err := n.Erase(t.Context(), string(person.ID), way.EraseOptions{Actor: "test"}); err != nil && !errors.Is(err, sinso.ErrNotFound) {
			t.Fatal(err)
		}
	}
}

// unnamed is a store that is cut off before a backup gets its name; or does something then.
type unnamed struct {
	sinso.NamedBlobs
	before func() error
}

func (u unnamed) SetName(ctx context.Context, name string, cid sinso.CID) error {
	if name == backup.Name {
		if err := u.before(); err != nil {
			return err
		}
	}
	return u.NamedBlobs.SetName(ctx, name, cid)
}

// TestCutOffBackupIsCleanedUp cuts a backup off at its end, erases, and makes a whole one:
// nothing of what was erased is in the store, blocks or keys.
func TestCutOffBackupIsCleanedUp(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn, from, p := backed(t)
	blocks := stored(t, tn.seller.pack)
	if _, err := backup.Write(ctx, from, unnamed{p, func() error { return sinso.ErrUnavailable }}, nil); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("got error %v, want ErrUnavailable", err)
	}
	page, err := os.ReadFile(filepath.Join(from.Data, "keys", "page-000001"))
	if err != nil {
		t.Fatal(err)
	}
	eraseAll(t, tn.seller)
	if result, err := backup.Write(ctx, from, p, nil); err != nil || result.Freed == 0 {
		t.Fatalf("%+v, %v", result, err)
	}
	for cid, data := range stored(t, p) {
		if string(data) == string(page) {
			t.Error("the page of keys from before the erasure is there")
		}
		for _, b := range blocks {
			if strings.Contains(string(data), string(b[len(b)/2:][:32])) {
				t.Errorf("block %s holds what was erased", cid)
				break
			}
		}
	}
}

// TestOfTwoBackupsOneIsWhole makes a backup, and another while it is made: the one that
// comes late says so, and what has the name comes back.
func TestOfTwoBackupsOneIsWhole(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn, from, p := backed(t)
	if _, err := backup.Write(ctx, from, p, nil); err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	_, err := backup.Write(ctx, from, unnamed{p, func() error {
		t.Error("it was named")
		return nil
	}}, func(done, total int64) {
		if done < total || p.End() == 0 {
			return
		}
		eraseAll(t, tn.seller) //nolint:contextcheck // the test has the context
		if _, err := backup.Write(ctx, from, p, nil); err != nil {
			t.Error(err)
		}
	})
	if !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("got error %v, want ErrBusy", err)
	}
	if _, err := backup.Restore(ctx, p, filepath.Join(t.TempDir(), "back"), noKey, nil, nil); err != nil {
		t.Error(err)
	}
}

// TestBackupMendsItsStore takes each block out of a store in turn: the next backup is whole
// again.
func TestBackupMendsItsStore(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, from, p := backed(t)
	if _, err := backup.Write(ctx, from, p, nil); err != nil {
		t.Fatal(err)
	}
	list, err := p.Name(ctx, backup.Name)
	if err != nil {
		t.Fatal(err)
	}
	for cid := range stored(t, p) {
		if cid == list { // without its list there is no backup to mend
			continue
		}
		if err := p.Delete(ctx, cid); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Write(ctx, from, p, nil); err != nil {
			t.Fatalf("without block %s: %v", cid, err)
		}
		if _, err := backup.Restore(ctx, p, filepath.Join(t.TempDir(), "back"), noKey, nil, nil); err != nil {
			t.Fatalf("without block %s: %v", cid, err)
		}
	}
}

// TestForgedBackupIsRefused changes the list of a backup as a store can that has the node's
// public keys: a node with its root key takes nothing of it.
func TestForgedBackupIsRefused(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "store")
	if _, err := tn.seller.Backup(ctx, "pack:"+dir, nil); err != nil {
		t.Fatal(err)
	}
	p, err := pack.Open(dir, pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	root, err := p.Name(ctx, backup.Name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := dag.Read(ctx, root, p.Get, 1<<28)
	if err != nil {
		t.Fatal(err)
	}
	forged, blocks := dag.Build([]byte(strings.Replace(string(raw), `"at":"20`, `"at":"19`, 1)))
	if err := errors.Join(p.Put(ctx, blocks...), p.SetName(ctx, backup.Name, forged), p.Close(), tn.close()); err != nil || forged == root {
		t.Fatal("nothing was forged", err)
	}
	cfg, err := Config{Data: filepath.Join(t.TempDir(), "back"), KeyFile: filepath.Join(tn.dir, "seller.key"), Chain: "dev:", ChainListen: "none"}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(ctx, cfg, "pack:"+dir, nil); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got error %v, want ErrCorrupt", err)
	}
	if _, err := os.Lstat(filepath.Join(cfg.Data, keysFolder)); err == nil {
		t.Error("there is a node")
	}
}
