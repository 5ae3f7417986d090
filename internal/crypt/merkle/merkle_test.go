package merkle_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/merkle"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

// hashesOf stores a log's hashes for golang.org/x/mod's implementation of RFC 6962.
type hashesOf []tlog.Hash

func (h *hashesOf) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = (*h)[index]
	}
	return out, nil
}

func leavesOf(n int) [][32]byte {
	leaves := make([][32]byte, n)
	for i := range leaves {
		leaves[i] = merkle.PlainLeaf([]byte(strconv.Itoa(i)))
	}
	return leaves
}

// TestTreesAreThoseOfRFC6962 compares roots and paths of every tree up to 70
// leaves with golang.org/x/mod/sumdb/tlog.
func TestTreesAreThoseOfRFC6962(t *testing.T) {
	t.Parallel()
	var oracle hashesOf
	var tree merkle.Tree
	for n := 1; n <= 70; n++ {
		leaves := leavesOf(n)
		added, err := tlog.StoredHashes(int64(n-1), []byte(strconv.Itoa(n-1)), &oracle)
		if err != nil {
			t.Fatal(err)
		}
		oracle = append(oracle, added...)
		want, err := tlog.TreeHash(int64(n), &oracle)
		if err != nil {
			t.Fatal(err)
		}
		tree.Add(leaves[n-1])
		root := merkle.Root(leaves)
		if root != want || tree.Root() != want || tree.Size() != uint64(n) {
			t.Fatalf("%d leaves: got %x and %x, want %x", n, root, tree.Root(), want)
		}
		for i := range n {
			path, err := merkle.Proof(leaves, i)
			if err != nil {
				t.Fatal(err)
			}
			other, err := tlog.ProveRecord(int64(n), int64(i), &oracle)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(path, other, func(a [32]byte, b tlog.Hash) bool { return a == b }) {
				t.Fatalf("leaf %d of %d: got path %x, want %x", i, n, path, other)
			}
			if err := merkle.Verify(root, leaves[i], i, n, path); err != nil {
				t.Errorf("leaf %d of %d: %v", i, n, err)
			}
		}
	}
}

func TestNoLeafHasTheHashOfNothing(t *testing.T) {
	t.Parallel()
	if got, want := merkle.Root(nil), sha256.Sum256(nil); got != want {
		t.Errorf("got %x, want %x", got, want)
	}
}

// TestAProofProvesOneLeafInOnePlace changes one thing of a proof.
func TestAProofProvesOneLeafInOnePlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(r, "n")
		i := rapid.IntRange(0, n-1).Draw(r, "i")
		leaves := leavesOf(n)
		root := merkle.Root(leaves)
		path, err := merkle.Proof(leaves, i)
		if err != nil {
			r.Fatal(err)
		}
		leaf, place, size, honest := leaves[i], i, n, slices.Clone(path)
		switch rapid.IntRange(0, 5).Draw(r, "what") {
		case 0:
			leaf[rapid.IntRange(0, 31).Draw(r, "at")] ^= 1
		case 1:
			root[rapid.IntRange(0, 31).Draw(r, "at")] ^= 1
		case 2:
			path = append(path, leaf)
		case 3:
			if len(path) == 0 {
				return
			}
			path = path[:len(path)-1]
		case 4:
			if len(path) == 0 {
				return
			}
			path[rapid.IntRange(0, len(path)-1).Draw(r, "row")][5] ^= 1
		case 5:
			if place = rapid.IntRange(0, n-1).Draw(r, "place"); place == i {
				return
			}
		}
		if err := merkle.Verify(root, leaf, place, size, path); !errors.Is(err, sinso.ErrCorrupt) {
			r.Errorf("got %v, want corrupt", err)
		}
		if _, err := merkle.RootOf(leaf, i, n, append(honest, leaf)); !errors.Is(err, sinso.ErrCorrupt) {
			r.Errorf("a path that is too long gives a root, or %v", err)
		}
	})
}

func TestAPlaceThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	for _, i := range []int{-1, 3, 4} {
		if _, err := merkle.Proof(leavesOf(3), i); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("proof of leaf %d of 3: got %v, want invalid", i, err)
		}
		if _, err := merkle.RootOf([32]byte{}, i, 3, nil); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("root of leaf %d of 3: got %v, want invalid", i, err)
		}
	}
}

func TestALeafIsNotANode(t *testing.T) {
	t.Parallel()
	leaves := leavesOf(2)
	both := append(leaves[0][:], leaves[1][:]...)
	if merkle.PlainLeaf(both) == merkle.Root(leaves) {
		t.Error("a leaf can be shown as a node")
	}
}

// TestASaltedLeafIsWhatItsFormatSays writes the format out by hand, and checks
// that no byte can move between path and value.
func TestASaltedLeafIsWhatItsFormatSays(t *testing.T) {
	t.Parallel()
	salt := [merkle.SaltBytes]byte{1, 2, 3}
	got := merkle.LeafHash(salt, []byte("ab"), []byte("c"))
	if want := sha256.Sum256(append(append([]byte{0}, salt[:]...), 0, 0, 0, 2, 'a', 'b', 'c')); got != want {
		t.Errorf("got %x, want %x", got, want)
	}
	if got == merkle.LeafHash(salt, []byte("a"), []byte("bc")) {
		t.Error("a byte of the path can become one of the value")
	}
	pieces := merkle.NewLeaf(salt, []byte("ab"))
	for _, b := range []string{"", "c", ""} {
		if _, err := pieces.Write([]byte(b)); err != nil {
			t.Fatal(err)
		}
	}
	if pieces.Sum() != got {
		t.Errorf("in pieces: got %x, want %x", pieces.Sum(), got)
	}
}

func hexOf(b [32]byte) string { return hex.EncodeToString(b[:]) }

func made(t *testing.T) []vectortest.Vector {
	t.Helper()
	var vectors []vectortest.Vector
	for _, at := range [][2]int{{1, 0}, {2, 1}, {3, 2}, {5, 4}, {7, 3}, {8, 0}, {100, 99}, {1025, 1024}} {
		leaves := leavesOf(at[0])
		path, err := merkle.Proof(leaves, at[1])
		if err != nil {
			t.Fatal(err)
		}
		root := merkle.Root(leaves)
		fields := []string{"leaves", strconv.Itoa(at[0]), "index", strconv.Itoa(at[1]), "root", hexOf(root), "leaf", hexOf(leaves[at[1]])}
		for _, sibling := range path {
			fields = append(fields, "path", hexOf(sibling))
		}
		vectors = append(vectors, vectortest.New("leaf "+strconv.Itoa(at[1])+" of "+strconv.Itoa(at[0]), vectortest.Success, fields...))
	}
	good := vectors[4]
	root, leaf := good.Text(t, "root"), good.Text(t, "leaf")
	return append(
		vectors,
		good.With("other leaf", "corrupt", "leaf", root),
		good.With("other root", "corrupt", "root", leaf),
		good.With("other place", "corrupt", "index", "2"),
		good.With("other size", "corrupt", "leaves", "9"),
		good.With("place outside", "invalid", "index", "7"),
		good.With("path of one sibling thrice", "corrupt", "path", leaf),
		vectortest.New("path too short", "corrupt", "leaves", "2", "index", "0", "root", root, "leaf", leaf),
		vectortest.New("path too long", "corrupt", "leaves", "1", "index", "0", "root", leaf, "leaf", leaf, "path", leaf),
	)
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectortest.Golden(t, *update, "merkle", `Inclusion proofs (RFC 6962). Leaf i is sha256(0x00 ‖ i in decimal ASCII). path: from the bottom up.`, made(t)) {
		var path [][32]byte
		for _, text := range v.All("path") {
			b, err := hex.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			path = append(path, [32]byte(b))
		}
		v.Judge(t, merkle.Verify(v.Word(t, "root"), v.Word(t, "leaf"), int(v.Int(t, "index")), int(v.Int(t, "leaves")), path))
	}
	salted := [merkle.SaltBytes]byte([]byte("0123456789abcdef"))
	leaf := merkle.LeafHash(salted, []byte("path"), []byte("value"))
	digest := merkle.Digest("sinso/test/v1", []byte("data"))
	for _, v := range vectortest.Golden(t, *update, "merkle-leaf", `A salted leaf: sha256(0x00 ‖ salt ‖ length of path (4 bytes big-endian) ‖ path ‖ value).
A digest: sha256(label ‖ 0x00 ‖ data).`, []vectortest.Vector{
		vectortest.New("salted leaf", vectortest.Success, "salt", hex.EncodeToString(salted[:]), "path", hex.EncodeToString([]byte("path")), "value", hex.EncodeToString([]byte("value")), "hash", hexOf(leaf)),
		vectortest.New("digest", vectortest.Success, "label", "sinso/test/v1", "data", hex.EncodeToString([]byte("data")), "hash", hexOf(digest)),
	}) {
		want := map[string][32]byte{"salted leaf": leaf, "digest": digest}[v.Name]
		if got := v.Word(t, "hash"); got != want {
			t.Errorf("%s: got %x, want %x", v.Name, want, got)
		}
	}
}

func BenchmarkLeafOfAFrame(b *testing.B) {
	frame := make([]byte, 512*512*2)
	b.SetBytes(int64(len(frame)))
	for b.Loop() {
		merkle.LeafHash([merkle.SaltBytes]byte{}, []byte("frame"), frame)
	}
}
