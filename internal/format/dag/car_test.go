package dag_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// readCAR reads a CARv1 with another decoder of CBOR: its roots, and its blocks in order.
func readCAR(t *testing.T, car []byte) (roots []string, blocks []sinso.Block) {
	t.Helper()
	next := func() []byte {
		length, n := binary.Uvarint(car)
		if n <= 0 || length > uint64(len(car)-n) {
			t.Fatalf("%d bytes before the end: no whole section", len(car))
		}
		section := car[n : n+int(length)]
		car = car[n+int(length):]
		return section
	}
	var head struct {
		Version int        `cbor:"version"`
		Roots   []cbor.Tag `cbor:"roots"`
	}
	if err := cbor.Unmarshal(next(), &head); err != nil || head.Version != 1 {
		t.Fatalf("header: got version %d, %v", head.Version, err)
	}
	for _, tag := range head.Roots {
		link, _ := tag.Content.([]byte)
		if tag.Number != 42 || len(link) != 37 || link[0] != 0 {
			t.Fatalf("root: got tag %d, % x", tag.Number, link)
		}
		roots = append(roots, string(link[1:]))
	}
	for len(car) > 0 {
		section := next()
		cid := sinso.CIDOfDigest(sinso.Codec(section[1]), [32]byte(section[4:36]))
		if raw, err := cid.Bytes(); err != nil || !bytes.Equal(raw, section[:36]) || cid.Verify(section[36:]) != nil {
			t.Fatalf("section: % x is not the CID of its block", section[:36])
		}
		blocks = append(blocks, sinso.Block{CID: cid, Data: section[36:]})
	}
	return roots, blocks
}

func carOf(t *testing.T, root sinso.CID, get dag.Get, o dag.CAROptions) []byte {
	t.Helper()
	var car bytes.Buffer
	if err := dag.WriteCAR(t.Context(), &car, root, get, o); err != nil {
		t.Fatal(err)
	}
	return car.Bytes()
}

func cidsOf(blocks []sinso.Block) (cids []sinso.CID) {
	for _, b := range blocks {
		cids = append(cids, b.CID)
	}
	return cids
}

// TestCARHasTheBlocksDepthFirst compares a CAR with Walk: all blocks, each once or as often
// as it is linked to, or the root alone.
func TestCARHasTheBlocksDepthFirst(t *testing.T) {
	t.Parallel()
	twice := slices.Concat(bytesOf(t, dag.LeafSize), bytesOf(t, dag.LeafSize), []byte("end"))
	for name, data := range map[string][]byte{"nothing": nil, "a leaf": []byte("a leaf"), "two leaves": bytesOf(t, dag.LeafSize+1), "a leaf twice": twice} {
		root, blocks := dag.Build(data)
		s := store{}.put(blocks...)
		var walked []sinso.CID
		if err := dag.Walk(t.Context(), root, s.get, func(cid sinso.CID) error { walked = append(walked, cid); return nil }); err != nil {
			t.Fatal(err)
		}
		var once []sinso.CID
		for _, cid := range walked {
			if !slices.Contains(once, cid) {
				once = append(once, cid)
			}
		}
		for _, tt := range []struct {
			o    dag.CAROptions
			want []sinso.CID
		}{{dag.CAROptions{}, once}, {dag.CAROptions{Duplicates: true}, walked}, {dag.CAROptions{RootOnly: true}, walked[:1]}} {
			roots, got := readCAR(t, carOf(t, root, s.get, tt.o))
			raw, _ := root.Bytes()
			if !slices.Equal(roots, []string{string(raw)}) || !slices.Equal(cidsOf(got), tt.want) {
				t.Errorf("%s, %+v: got roots %x, blocks %v, want %v", name, tt.o, roots, cidsOf(got), tt.want)
			}
		}
	}
}

// TestCARIsStreamed: a block is written before the next is got.
func TestCARIsStreamed(t *testing.T) {
	t.Parallel()
	root, blocks := dag.Build(bytesOf(t, 5*dag.LeafSize))
	s := store{}.put(blocks...)
	var out bytes.Buffer
	least := 0
	get := func(ctx context.Context, cid sinso.CID) ([]byte, error) {
		if out.Len() < least {
			t.Errorf("%s is got when %d bytes are written, of %d before it", cid, out.Len(), least)
		}
		data, err := s.get(ctx, cid)
		least += len(data)
		return data, err
	}
	if err := dag.WriteCAR(t.Context(), &out, root, get, dag.CAROptions{}); err != nil || out.Len() < 5*dag.LeafSize {
		t.Errorf("got %d bytes, %v", out.Len(), err)
	}
}

// TestCARHasNoDamagedBlock: what is not what its CID says, or not there, ends the CAR before it.
func TestCARHasNoDamagedBlock(t *testing.T) {
	t.Parallel()
	root, blocks := dag.Build(bytesOf(t, 3*dag.LeafSize))
	for i, b := range blocks {
		for class, bad := range map[error]store{sinso.ErrNotFound: {}, sinso.ErrCorrupt: {b.CID: append([]byte{b.Data[0] ^ 1}, b.Data[1:]...)}} {
			s := store{}.put(blocks...)
			delete(s, b.CID)
			for cid, data := range bad {
				s[cid] = data
			}
			var out bytes.Buffer
			if err := dag.WriteCAR(t.Context(), &out, root, s.get, dag.CAROptions{}); !errors.Is(err, class) {
				t.Errorf("block %d: got %v, want %v", i, err, class)
			}
			if out.Len() == 0 {
				continue // it was the root
			}
			if _, got := readCAR(t, out.Bytes()); slices.Contains(cidsOf(got), b.CID) {
				t.Errorf("block %d was written", i)
			}
		}
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestCARPassesTheErrorOfItsWriter(t *testing.T) {
	t.Parallel()
	root, blocks := dag.Build([]byte("a leaf"))
	if err := dag.WriteCAR(t.Context(), full{}, root, store{}.put(blocks...).get, dag.CAROptions{}); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the writer's", err)
	}
}

// TestKuboTakesOurCAR imports CARs into a real Kubo that talks to nobody, which pins the
// roots and gives back the files.
func TestKuboTakesOurCAR(t *testing.T) {
	t.Parallel()
	program := os.Getenv("SINSO_KUBO")
	if cache, err := os.UserCacheDir(); program == "" && err == nil {
		program = filepath.Join(cache, "sinso", "kubo-v0.43.0", "ipfs")
	}
	if _, err := os.Stat(program); err != nil || testing.Short() {
		t.Skip("needs Kubo: name its program by SINSO_KUBO, or let make bench-vault build it; it takes minutes")
	}
	env := append(os.Environ(), "IPFS_PATH="+t.TempDir(), "IPFS_TELEMETRY=off")
	ipfs := func(args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = env
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("ipfs %v: %v", args, err)
		}
		return out
	}
	ipfs("init", "--empty-repo")
	dir := t.TempDir()
	data := bytesOf(t, 3*dag.LeafSize+5)
	args := []string{"dag", "import", "--offline", "--pin-roots"}
	leaf, _ := dag.Build([]byte("a leaf"))
	root, _ := dag.Build(data)
	for name, data := range map[string][]byte{"small.car": []byte("a leaf"), "large.car": data} {
		root, blocks := dag.Build(data)
		args = append(args, filepath.Join(dir, name))
		if err := os.WriteFile(filepath.Join(dir, name), carOf(t, root, store{}.put(blocks...).get, dag.CAROptions{}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out := string(ipfs(args...)); !strings.Contains(out, string(leaf)) || !strings.Contains(out, string(root)) {
		t.Errorf("import: got %s, want %s and %s", out, leaf, root)
	}
	if got := ipfs("cat", "--offline", string(root)); !bytes.Equal(got, data) {
		t.Errorf("cat: got %d bytes, want %d", len(got), len(data))
	}
}
