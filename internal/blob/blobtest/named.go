package blobtest

import (
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// NamedStore is one engine that is the port NamedBlobs.
type NamedStore interface {
	sinso.NamedBlobs
	Close() error
}

// OpenNamed is [Open] of an engine that keeps names.
type OpenNamed func(t *testing.T) NamedStore

// TestNamed runs the suite of what NamedBlobs promises besides Blobs. fresh makes the
// place of one test's store.
func TestNamed(t *testing.T, fresh func(t *testing.T) OpenNamed) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, OpenNamed){
		"NamesAreKept":               testNamesKept,
		"ANameIsReplaced":            testNameReplaced,
		"ANameIsTakenAway":           testNameTaken,
		"NoNameIsNotFound":           testNoName,
		"BadNamesAreInvalid":         testBadNames,
		"NamesOfAClosedStore":        testNamesClosed,
		"NamesAreNoBlocks":           testNamesNoBlocks,
		"ANameOfABadCIDIsInvalid":    testNameBadCID,
		"TwoNamesMayHaveTheSameCID":  testNamesShare,
		"AnInnerNodeMayHaveItsNames": testNameNode,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// put stores a block, so that it can have a name.
func put(t *testing.T, s NamedStore, text string) sinso.CID {
	t.Helper()
	b := block(text)
	must(t, s.Put(t.Context(), b))
	return b.CID
}

// named checks what is under a name.
func named(t *testing.T, s NamedStore, name string, want sinso.CID) {
	t.Helper()
	if got, err := s.Name(t.Context(), name); err != nil || got != want {
		t.Errorf("name %s: got %s, %v, want %s", name, got, err, want)
	}
}

func testNamesKept(t *testing.T, open OpenNamed) {
	s := open(t)
	a, b := put(t, s, "a"), put(t, s, "b")
	longest := strings.Repeat("z", 64)
	must(t, s.SetName(t.Context(), "backup-2026", a))
	must(t, s.SetName(t.Context(), longest, b))
	named(t, s, "backup-2026", a)
	must(t, s.Close())
	s = opened(t, open)
	named(t, s, "backup-2026", a)
	named(t, s, longest, b)
}

func testNameReplaced(t *testing.T, open OpenNamed) {
	s := opened(t, open)
	a, b := put(t, s, "a"), put(t, s, "b")
	must(t, s.SetName(t.Context(), "latest", a))
	must(t, s.SetName(t.Context(), "latest", b))
	named(t, s, "latest", b)
	must(t, s.SetName(t.Context(), "latest", b))
	named(t, s, "latest", b)
}

func testNameTaken(t *testing.T, open OpenNamed) {
	s := open(t)
	a := put(t, s, "a")
	must(t, s.SetName(t.Context(), "one", a))
	must(t, s.SetName(t.Context(), "other", a))
	must(t, s.SetName(t.Context(), "one", ""))
	must(t, s.SetName(t.Context(), "one", ""))
	must(t, s.SetName(t.Context(), "never-there", ""))
	must(t, s.Close())
	s = opened(t, open)
	_, err := s.Name(t.Context(), "one")
	is(t, "a name that was taken away", err, sinso.ErrNotFound)
	named(t, s, "other", a)
	if has, err := s.Has(t.Context(), a); err != nil || !has {
		t.Errorf("block of a name that was taken away: got %t, %v", has, err)
	}
}

func testNoName(t *testing.T, open OpenNamed) {
	s := opened(t, open)
	_, err := s.Name(t.Context(), "nothing")
	is(t, "name in an empty store", err, sinso.ErrNotFound)
	must(t, s.SetName(t.Context(), "something", put(t, s, "a")))
	_, err = s.Name(t.Context(), "nothing")
	is(t, "name", err, sinso.ErrNotFound)
	_, err = s.Name(t.Context(), "some")
	is(t, "a part of a name", err, sinso.ErrNotFound)
}

func testBadNames(t *testing.T, open OpenNamed) {
	s := opened(t, open)
	a := put(t, s, "a")
	for _, name := range []string{"", "A", "a b", "a/b", "..", "a.b", "a\nb", "ä", strings.Repeat("z", 65)} {
		is(t, "set "+name, s.SetName(t.Context(), name, a), sinso.ErrInvalid)
		is(t, "take away "+name, s.SetName(t.Context(), name, ""), sinso.ErrInvalid)
		_, err := s.Name(t.Context(), name)
		is(t, "name "+name, err, sinso.ErrInvalid)
	}
}

func testNameBadCID(t *testing.T, open OpenNamed) {
	s := opened(t, open)
	is(t, "set", s.SetName(t.Context(), "latest", "../../etc/passwd"), sinso.ErrInvalid)
	_, err := s.Name(t.Context(), "latest")
	is(t, "name", err, sinso.ErrNotFound)
}

func testNamesShare(t *testing.T, open OpenNamed) {
	s := opened(t, open)
	a := put(t, s, "a")
	must(t, s.SetName(t.Context(), "one", a))
	must(t, s.SetName(t.Context(), "one-more", a))
	named(t, s, "one", a)
	named(t, s, "one-more", a)
}

func testNameNode(t *testing.T, open OpenNamed) {
	s := opened(t, open)
	data := []byte{0x0a, 2, 8, 1} // a folder of UnixFS without files
	root := sinso.Block{CID: sinso.CIDOf(sinso.CodecDagPB, data), Data: data}
	must(t, s.Put(t.Context(), root))
	must(t, s.SetName(t.Context(), "folder", root.CID))
	named(t, s, "folder", root.CID)
}

func testNamesClosed(t *testing.T, open OpenNamed) {
	s := open(t)
	a := put(t, s, "a")
	must(t, s.Close())
	is(t, "set", s.SetName(t.Context(), "latest", a), sinso.ErrUnavailable)
	_, err := s.Name(t.Context(), "latest")
	is(t, "name", err, sinso.ErrUnavailable)
}

// testNamesNoBlocks: names are not listed with the blocks.
func testNamesNoBlocks(t *testing.T, open OpenNamed) {
	s := opened(t, open)
	a := put(t, s, "a")
	must(t, s.SetName(t.Context(), "latest", a))
	calls := 0
	must(t, s.List(t.Context(), func(cid sinso.CID) error {
		if calls++; cid != a {
			t.Errorf("listed: %s", cid)
		}
		return nil
	}))
	if calls != 1 {
		t.Errorf("blocks: got %d, want 1", calls)
	}
}
