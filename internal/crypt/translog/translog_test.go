package translog_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/translog"
)

func event() sinso.Event {
	return sinso.Event{
		Seq: 7, Type: sinso.EventImported, At: time.Unix(1_700_000_000, 123_456_789).UTC(), Actor: "operator",
		Person: "p_abc", Origin: sinso.OriginSelf, Public: []byte(`{"n":1}`), Body: []byte(`{"secret":2}`), Salt: [16]byte{1, 2, 3},
	}
}

// TestLeafVector pins the bytes: written out by hand from docs/formats.md.
func TestLeafVector(t *testing.T) {
	t.Parallel()
	leaf, err := translog.Leaf(event())
	if err != nil {
		t.Fatal(err)
	}
	private := "sinso/audit-body/v1" + "\x01\x02\x03" + strings.Repeat("\x00", 13) +
		"\x00\x00\x00\x00\x65\x53\xf1\x00" + "\x07\x5b\xcd\x15" + "\x08operator" + "\x05p_abc" + "\x00\x00\x00\x0c" + `{"secret":2}`
	sum := sha256.Sum256([]byte(private))
	want := "\x01" + "\x08imported" + "\x0dself-asserted" + "\x00\x00\x00\x07" + `{"n":1}` + string(sum[:])
	if string(leaf) != want {
		t.Errorf("leaf: got\n%s\nwant\n%s", hex.EncodeToString(leaf), hex.EncodeToString([]byte(want)))
	}
}

// TestLeafShowsOneHalf checks that the leaf holds nothing of the private half, and
// that ParseLeaf gives back the other.
func TestLeafShowsOneHalf(t *testing.T) {
	t.Parallel()
	e := event()
	leaf, err := translog.Leaf(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{e.Actor, string(e.Person), "secret"} {
		if bytes.Contains(leaf, []byte(private)) {
			t.Errorf("the leaf shows %q", private)
		}
	}
	d, err := translog.ParseLeaf(leaf)
	if err != nil {
		t.Fatal(err)
	}
	if d.Type != e.Type || d.Origin != e.Origin || !bytes.Equal(d.Public, e.Public) {
		t.Errorf("disclosed: got %+v, want that of %+v", d, e)
	}
}

// TestCheckBodyBindsEveryField checks that a change to any field but Seq is seen.
func TestCheckBodyBindsEveryField(t *testing.T) {
	t.Parallel()
	leaf, err := translog.Leaf(event())
	if err != nil {
		t.Fatal(err)
	}
	if err := translog.CheckBody(leaf, event()); err != nil {
		t.Errorf("the event itself: %v", err)
	}
	for name, change := range map[string]func(*sinso.Event){
		"type": func(e *sinso.Event) { e.Type = "other" }, "at": func(e *sinso.Event) { e.At = e.At.Add(1) },
		"seconds": func(e *sinso.Event) { e.At = e.At.Add(time.Second) },
		"actor":   func(e *sinso.Event) { e.Actor = "" }, "person": func(e *sinso.Event) { e.Person += "x" },
		"origin": func(e *sinso.Event) { e.Origin = sinso.OriginDevice }, "public": func(e *sinso.Event) { e.Public = []byte("{}") },
		"body": func(e *sinso.Event) { e.Body = nil }, "salt": func(e *sinso.Event) { e.Salt[15] ^= 1 },
		"border": func(e *sinso.Event) { e.Actor, e.Person = e.Actor+"p", e.Person[1:] },
	} {
		e := event()
		change(&e)
		if err := translog.CheckBody(leaf, e); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s changed: got %v, want ErrCorrupt", name, err)
		}
	}
}

// TestTooLongIsInvalid checks the limits of a leaf.
func TestTooLongIsInvalid(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	for name, e := range map[string]sinso.Event{
		"type": {Type: sinso.EventType(long)}, "origin": {Origin: sinso.Origin(long)}, "actor": {Actor: long},
		"person": {Person: sinso.PersonID(long)}, "public": {Public: make([]byte, 1<<20+1)},
	} {
		if _, err := translog.Leaf(e); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
}

// tree is a small log.
type tree struct {
	signer *translog.Signer
	leaves [][]byte
	hashes []tlog.Hash
}

func (l *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var got []tlog.Hash
	for _, i := range indexes {
		got = append(got, l.hashes[i])
	}
	return got, nil
}

func grow(t *testing.T, n int) *tree {
	t.Helper()
	signer, err := translog.NewSigner([32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	l := &tree{signer: signer}
	for i := range n {
		e := event()
		e.Actor = strconv.Itoa(i)
		leaf, err := translog.Leaf(e)
		if err != nil {
			t.Fatal(err)
		}
		hashes, err := tlog.StoredHashes(int64(i), leaf, l)
		if err != nil {
			t.Fatal(err)
		}
		l.leaves, l.hashes = append(l.leaves, leaf), append(l.hashes, hashes...)
	}
	return l
}

func (l *tree) checkpoint(t *testing.T, n int64) string {
	t.Helper()
	root, err := tlog.TreeHash(n, l)
	if err != nil {
		t.Fatal(err)
	}
	c, err := l.signer.Checkpoint(tlog.Tree{N: n, Hash: root})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (l *tree) proof(t *testing.T, i int64) sinso.Proof {
	t.Helper()
	n := int64(len(l.leaves))
	path, err := tlog.ProveRecord(n, i, l)
	if err != nil {
		t.Fatal(err)
	}
	p := sinso.Proof{Leaf: l.leaves[i], Index: i, Checkpoint: l.checkpoint(t, n)}
	for _, h := range path {
		p.Path = append(p.Path, h[:])
	}
	return p
}

// TestProofsOfEveryLeaf checks each leaf of logs of several sizes.
func TestProofsOfEveryLeaf(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 7, 8, 33} {
		l := grow(t, n)
		for i := range n {
			p := l.proof(t, int64(i))
			if _, err := translog.VerifyProof(p, l.signer.Public()); err != nil {
				t.Errorf("leaf %d of %d: %v", i, n, err)
			}
		}
	}
}

// TestEveryFlippedBitOfAProofIsFound flips each bit of leaf, index, path and
// checkpoint.
func TestEveryFlippedBitOfAProofIsFound(t *testing.T) {
	t.Parallel()
	l := grow(t, 11)
	check := func(what string, p sinso.Proof) {
		if _, err := translog.VerifyProof(p, l.signer.Public()); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want ErrCorrupt", what, err)
		}
	}
	p := l.proof(t, 6)
	flip := func(b []byte, i int) []byte { b = bytes.Clone(b); b[i/8] ^= 1 << (i % 8); return b }
	for i := range 8 * len(p.Leaf) {
		q := p
		q.Leaf = flip(p.Leaf, i)
		check(fmt.Sprint("leaf bit ", i), q)
	}
	for i := range 8 * len(p.Checkpoint) {
		q := p
		q.Checkpoint = string(flip([]byte(p.Checkpoint), i))
		check(fmt.Sprint("checkpoint bit ", i), q)
	}
	for n := range p.Path {
		for i := range 8 * len(p.Path[n]) {
			q := p
			q.Path = slices.Clone(p.Path)
			q.Path[n] = flip(p.Path[n], i)
			check(fmt.Sprint("path bit ", i), q)
		}
	}
	for i := range 64 {
		q := p
		q.Index ^= 1 << i
		check(fmt.Sprint("index bit ", i), q)
	}
	p.Path = p.Path[1:]
	check("shorter path", p)
}

// TestAnotherKeyIsRefused checks proofs and checkpoints against other keys.
func TestAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	l := grow(t, 3)
	other, err := translog.NewSigner([32]byte{2})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := translog.VerifyProof(l.proof(t, 1), other.Public()); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("key of another log: got %v, want ErrCorrupt", err)
	}
	if _, err := translog.VerifyProof(l.proof(t, 1), []byte("short")); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("no key: got %v, want ErrInvalid", err)
	}
	cosigned := l.checkpoint(t, 3) + "— witness " + strings.Repeat("A", 92) + "\n"
	if _, err := translog.OpenCheckpoint(cosigned, l.signer.Public()); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("checkpoint with something added: got %v, want ErrCorrupt", err)
	}
}

// TestHugeSizesEnd checks that a signed checkpoint of an absurd size is refused
// at once.
func TestHugeSizesEnd(t *testing.T) {
	t.Parallel()
	l := grow(t, 2)
	huge, err := l.signer.Checkpoint(tlog.Tree{N: 1<<63 - 1})
	if err != nil {
		t.Fatal(err)
	}
	p := l.proof(t, 1)
	p.Checkpoint, p.Index = huge, 1<<62+1
	if _, err := translog.VerifyProof(p, l.signer.Public()); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
	p.Path = make([][]byte, 1<<16)
	if _, err := translog.VerifyProof(p, l.signer.Public()); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("long path: got %v, want ErrCorrupt", err)
	}
}

// TestConsistencyOfEveryPair checks that newer checkpoints extend older ones, and
// that those of another history do not.
func TestConsistencyOfEveryPair(t *testing.T) {
	t.Parallel()
	l := grow(t, 9)
	other := grow(t, 2)
	for o := range int64(10) {
		for n := max(o, 1); n < 10; n++ {
			var path [][]byte
			if o > 0 {
				proof, err := tlog.ProveTree(n, o, l)
				if err != nil {
					t.Fatal(err)
				}
				for _, h := range proof {
					path = append(path, h[:])
				}
			}
			if err := translog.VerifyConsistency(l.checkpoint(t, o), l.checkpoint(t, n), path, l.signer.Public()); err != nil {
				t.Errorf("%d to %d: %v", o, n, err)
			}
			if o > 0 && n > o {
				forged, err := l.signer.Checkpoint(tlog.Tree{N: o, Hash: other.hashes[0]})
				if err != nil {
					t.Fatal(err)
				}
				if o == 1 { // its only leaf is the same one
					continue
				}
				if err := translog.VerifyConsistency(forged, l.checkpoint(t, n), path, l.signer.Public()); !errors.Is(err, sinso.ErrCorrupt) {
					t.Errorf("another history of %d to %d: got %v, want ErrCorrupt", o, n, err)
				}
			}
		}
	}
}

// FuzzParseLeaf checks that what is read is written back the same.
func FuzzParseLeaf(f *testing.F) {
	leaf, err := translog.Leaf(event())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(leaf)
	f.Add([]byte{1, 0, 0, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := translog.ParseLeaf(b)
		if err != nil {
			return
		}
		again, err := translog.Leaf(sinso.Event{Type: d.Type, Origin: d.Origin, Public: d.Public})
		if err != nil {
			t.Fatal(err)
		}
		again = append(again[:len(again)-sha256.Size], d.BodyHash[:]...)
		if !bytes.Equal(again, b) {
			t.Errorf("read %x, written %x", b, again)
		}
	})
}
