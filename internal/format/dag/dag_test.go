package dag_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"io"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/vectortest"
	"sinso.dev/sinso/internal/format/dag"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

// input is the bytes that a vector describes: zeros, or sha256(seed ‖ i) for
// i = 0, 1, … (8 bytes big-endian), cut to size.
func input(seed string, size int64) io.Reader {
	if seed == "zero" {
		return io.LimitReader(zeros{}, size)
	}
	return io.LimitReader(&counter{seed: seed}, size)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type counter struct {
	seed string
	next uint64
	left []byte
}

func (c *counter) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		block := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(c.seed), c.next))
		c.next++
		c.left = block[:]
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}

// TestRootIsThatOfKubo builds what Kubo built (testdata/vectors/dag.txt) and
// compares the roots.
func TestRootIsThatOfKubo(t *testing.T) {
	t.Parallel()
	const long = 64 << 20 // bytes; more takes seconds
	for _, v := range vectortest.Read(t, "dag") {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			size := v.Int(t, "size")
			if testing.Short() && size > long {
				t.Skipf("left out by -short: %d bytes", size)
			}
			blocks := int64(0)
			builder := dag.NewBuilder(func(sinso.Block) error { blocks++; return nil })
			if _, err := io.CopyBuffer(builder, input(v.Text(t, "seed"), size), make([]byte, 77_777)); err != nil {
				t.Fatal(err)
			}
			root, err := builder.Finish()
			if v.Judge(t, err) && string(root) != v.Text(t, "cid") {
				t.Errorf("got root %s, want %s", root, v.Text(t, "cid"))
			}
			if want := v.Int(t, "blocks"); blocks != want {
				t.Errorf("got %d blocks, want %d", blocks, want)
			}
		})
	}
}

// store keeps blocks, and gives out what it was told to give.
type store map[sinso.CID][]byte

func (s store) get(_ context.Context, cid sinso.CID) ([]byte, error) {
	data, ok := s[cid]
	if !ok {
		return nil, sinso.ErrNotFound
	}
	return data, nil
}

func (s store) put(blocks ...sinso.Block) store {
	for _, b := range blocks {
		s[b.CID] = b.Data
	}
	return s
}

const mib = 1 << 20

func bytesOf(tb testing.TB, size int64) []byte {
	tb.Helper()
	data, err := io.ReadAll(input("dag", size))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// TestReadGivesBackWhatWasBuilt also checks that children come before parents and
// the root last, and that the Builder makes the same blocks.
func TestReadGivesBackWhatWasBuilt(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{0, 1, 1000, mib - 1, mib, mib + 1, 3*mib + 7} {
		data := bytesOf(t, size)
		root, blocks := dag.Build(data)
		if last := blocks[len(blocks)-1].CID; last != root {
			t.Errorf("size %d: got %s last, want the root %s", size, last, root)
		}
		var streamed []sinso.Block
		builder := dag.NewBuilder(func(b sinso.Block) error { streamed = append(streamed, b); return nil })
		if _, err := builder.Write(data); err != nil {
			t.Fatal(err)
		}
		if again, err := builder.Finish(); err != nil || again != root || !slices.EqualFunc(streamed, blocks, sameBlock) {
			t.Errorf("size %d: the builder gives root %s (%v), want %s and the same blocks", size, again, err, root)
		}
		if again, blocksInPlace := inPlace(t, data); again != root || !slices.EqualFunc(blocksInPlace, blocks, sameBlock) {
			t.Errorf("size %d: filled in place it has root %s, want %s and the same blocks", size, again, root)
		}
		got, err := dag.Read(t.Context(), root, store{}.put(blocks...).get, size)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("size %d: got %d bytes, %v", size, len(got), err)
		}
		if _, err := dag.Read(t.Context(), root, store{}.put(blocks...).get, size-1); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("size %d, limit one less: got %v, want invalid", size, err)
		}
	}
}

// inPlace builds a DAG of parts that are put where they stay, where there is room.
func inPlace(t *testing.T, data []byte) (sinso.CID, []sinso.Block) {
	t.Helper()
	var blocks []sinso.Block
	builder := dag.NewBuilder(func(b sinso.Block) error { blocks = append(blocks, b); return nil })
	builder.Grow(nil, int64(len(data)))
	for part := range slices.Chunk(data, 300_000) {
		if room := builder.Room(len(part)); room != nil {
			builder.Took(copy(room[:len(part)], part))
			builder.Hash(100_000) // the rest by and by
		} else if _, err := builder.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	root, err := builder.Finish()
	if err != nil || builder.Room(1) != nil {
		t.Errorf("finished: %v, and room for more: %t", err, builder.Room(1) != nil)
	}
	return root, blocks
}

func sameBlock(a, b sinso.Block) bool { return a.CID == b.CID && bytes.Equal(a.Data, b.Data) }

func TestWalkNamesEveryBlockAndGetsNoLeaf(t *testing.T) {
	t.Parallel()
	root, blocks := dag.Build(bytesOf(t, 3*mib+7))
	inner := store{}.put(blocks[len(blocks)-1])
	var got []sinso.CID
	if err := dag.Walk(t.Context(), root, inner.get, func(c sinso.CID) error { got = append(got, c); return nil }); err != nil {
		t.Fatal(err)
	}
	want := []sinso.CID{root}
	for _, b := range blocks[:len(blocks)-1] {
		want = append(want, b.CID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	stop := errors.New("stop")
	if err := dag.Walk(t.Context(), root, inner.get, func(sinso.CID) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the error of fn", err)
	}
}

// TestTwoRowsRoundTrip has one leaf more than one inner node links to. The leaves
// are all the same, so it takes little memory until it is read.
func TestTwoRowsRoundTrip(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: reads 1 GiB")
	}
	const size = (dag.MaxLinks + 1) * dag.LeafSize
	s := store{}
	builder := dag.NewBuilder(func(b sinso.Block) error { s.put(b); return nil })
	if _, err := io.Copy(builder, input("zero", size)); err != nil {
		t.Fatal(err)
	}
	root, err := builder.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if len(s) != 4 { // the leaf, two inner nodes, the root
		t.Errorf("got %d different blocks, want 4", len(s))
	}
	named := 0
	if err := dag.Walk(t.Context(), root, s.get, func(sinso.CID) error { named++; return nil }); err != nil {
		t.Fatal(err)
	}
	if want := dag.MaxLinks + 1 + 3; named != want {
		t.Errorf("got %d blocks, want %d", named, want)
	}
	got, err := dag.Read(t.Context(), root, s.get, size)
	if err != nil || len(got) != size {
		t.Errorf("got %d bytes, %v, want %d", len(got), err, size)
	}
}

func TestAFlippedByteInAnyBlockIsFound(t *testing.T) {
	t.Parallel()
	root, blocks := dag.Build(bytesOf(t, 2*mib+5))
	rapid.Check(t, func(r *rapid.T) {
		s := store{}.put(blocks...)
		b := rapid.SampledFrom(blocks).Draw(r, "block")
		data := bytes.Clone(b.Data)
		data[rapid.IntRange(0, len(data)-1).Draw(r, "at")] ^= rapid.ByteRange(1, 255).Draw(r, "flip")
		s[b.CID] = data
		if got, err := dag.Read(t.Context(), root, s.get, 3*mib); !errors.Is(err, sinso.ErrCorrupt) || got != nil {
			r.Errorf("got %d bytes and %v, want corrupt", len(got), err)
		}
	})
}

func TestABuilderPassesTheErrorOfEmit(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	builder := dag.NewBuilder(func(sinso.Block) error { return full })
	if _, err := builder.Write(make([]byte, 2*mib)); !errors.Is(err, full) {
		t.Errorf("got %v, want the error of emit", err)
	}
	if _, err := builder.Finish(); !errors.Is(err, full) {
		t.Errorf("got %v, want the error of emit", err)
	}
	builder = dag.NewBuilder(func(sinso.Block) error { return nil })
	if _, err := builder.Finish(); err != nil {
		t.Fatal(err)
	}
	if _, err := builder.Finish(); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("second Finish: got %v, want invalid", err)
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	root, blocks := dag.Build(bytesOf(t, 2*mib))
	s := store{}.put(blocks...)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := dag.Read(ctx, root, func(ctx context.Context, cid sinso.CID) ([]byte, error) {
		cancel()
		return s.get(ctx, cid)
	}, 2*mib)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
}

// pb writes DAG-PB and UnixFS by hand, so that it can be wrong.
type pb struct {
	kind  byte
	links []hostile
	size  uint64
	sizes []uint64
	tail  []byte
}

type hostile struct {
	cid  sinso.CID
	name string
	sum  uint64
}

func (p pb) block(tb testing.TB) sinso.Block {
	tb.Helper()
	data := binary.AppendUvarint([]byte{8, p.kind, 24}, p.size)
	for _, size := range p.sizes {
		data = binary.AppendUvarint(append(data, 32), size)
	}
	var node []byte
	for _, l := range p.links {
		cid, err := l.cid.Bytes()
		if err != nil {
			tb.Fatal(err)
		}
		entry := append(append([]byte{10, 36}, cid...), 18, byte(len(l.name)))
		entry = binary.AppendUvarint(append(append(entry, l.name...), 24), l.sum)
		node = append(append(node, 18, byte(len(entry))), entry...)
	}
	node = binary.AppendUvarint(append(node, 10), uint64(len(data)))
	node = append(append(node, data...), p.tail...)
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecDagPB, node), Data: node}
}

// hostileVectors are DAGs whose blocks all match their CIDs.
func hostileVectors(tb testing.TB) []vectortest.Vector {
	tb.Helper()
	full := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, make([]byte, mib)), Data: make([]byte, mib)}
	one := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, []byte{7}), Data: []byte{7}}
	empty := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, nil)}
	a, b := hostile{full.CID, "", mib}, hostile{one.CID, "", 1}
	good := pb{2, []hostile{a, b}, mib + 1, []uint64{mib, 1}, nil}
	goodBlock := good.block(tb)
	change := func(fn func(*pb)) sinso.Block {
		p := pb{good.kind, slices.Clone(good.links), good.size, slices.Clone(good.sizes), nil}
		fn(&p)
		return p.block(tb)
	}
	vector := func(name, expect string, root sinso.Block) vectortest.Vector {
		// The leaf of 1 MiB of zeros is in every store, and not written out.
		return vectortest.New(name, expect, "cid", string(root.CID),
			"block", hex.EncodeToString(root.Data), "block", hex.EncodeToString(one.Data), "block-dag-pb", hex.EncodeToString(goodBlock.Data))
	}
	longLeaf := uint64(mib + 1)
	return []vectortest.Vector{
		vector("two leaves", vectortest.Success, goodBlock),
		vector("a directory", "corrupt", change(func(p *pb) { p.kind = 1 })),
		vector("a named link", "corrupt", change(func(p *pb) { p.links[1].name = "x" })),
		vector("bytes after the node", "corrupt", change(func(p *pb) { p.tail = []byte{0} })),
		vector("an unknown field after the node", "corrupt", change(func(p *pb) { p.tail = []byte{24, 1} })),
		vector("file size is not the sum", "corrupt", change(func(p *pb) { p.size++ })),
		vector("a size too few", "corrupt", change(func(p *pb) { p.sizes = p.sizes[:1] })),
		vector("a size too many", "corrupt", change(func(p *pb) { p.sizes = append(p.sizes, 1) })),
		vector("a sum of blocks that is wrong", "corrupt", change(func(p *pb) { p.links[1].sum++ })),
		vector("a leaf shorter than its link says", "corrupt", change(func(p *pb) { p.sizes[1], p.size, p.links[1].sum = 2, mib+2, 2 })),
		vector("a leaf longer than leaves are", "corrupt", change(func(p *pb) { p.sizes[0], p.size = longLeaf, longLeaf+1 })),
		vector("a short leaf before a full one", "corrupt", pb{2, []hostile{b, a}, mib + 1, []uint64{1, mib}, nil}.block(tb)),
		vector("an inner node over one leaf", "corrupt", pb{2, []hostile{a}, mib, []uint64{mib}, nil}.block(tb)),
		vector("no link", "corrupt", pb{2, nil, 0, nil, nil}.block(tb)),
		vector("an empty leaf", "corrupt", pb{2, []hostile{a, b, {empty.CID, "", 0}}, mib + 1, []uint64{mib, 1, 0}, nil}.block(tb)),
		vector("a leaf that is an inner node", "corrupt", change(func(p *pb) { p.links[1].cid = goodBlock.CID })),
		vector("a claim of 2^60 bytes for two leaves", "invalid", pb{2, []hostile{a, b}, 1<<60 - 1, []uint64{1 << 59, 1<<59 - 1}, nil}.block(tb)),
		vector("sizes whose sum wraps around", "corrupt", pb{2, []hostile{a, b}, mib, []uint64{1 << 63, 1<<63 + mib}, nil}.block(tb)),
		vector("more than a file holds", "corrupt", pb{2, []hostile{a, b}, 1 << 61, []uint64{1 << 60, 1 << 60}, nil}.block(tb)),
		vector("a block that is not there", "not found", change(func(p *pb) { p.links[1].cid = sinso.CIDOf(sinso.CodecRaw, []byte{8}) })),
		vectortest.New("empty bytes as an inner node", "corrupt", "cid", string(sinso.CIDOf(sinso.CodecDagPB, nil)), "block-dag-pb", ""),
		vectortest.New("a root that is no CID", "invalid", "cid", "bafy"),
	}
}

func TestHostileDAGs(t *testing.T) {
	t.Parallel()
	vectors := vectortest.Golden(t, *update, "dag-hostile", `DAGs of which every block matches its CID. Read them with a limit of 4 MiB.
Each store also holds the leaf of 1 MiB of zeros. block: the first is the root,
an inner node (codec dag-pb), others are leaves; block-dag-pb: an inner node.`, hostileVectors(t))
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			zero := make([]byte, mib)
			s := store{sinso.CIDOf(sinso.CodecRaw, zero): zero}
			for i, text := range v.All("block") {
				codec := sinso.CodecRaw
				if i == 0 {
					codec = sinso.CodecDagPB
				}
				data := unhex(t, text)
				s[sinso.CIDOf(codec, data)] = data
			}
			for _, text := range v.All("block-dag-pb") {
				data := unhex(t, text)
				s[sinso.CIDOf(sinso.CodecDagPB, data)] = data
			}
			_, err := dag.Read(t.Context(), sinso.CID(v.Text(t, "cid")), s.get, 4*mib)
			v.Judge(t, err)
			f, err := dag.OpenFile(t.Context(), sinso.CID(v.Text(t, "cid")), s.get, 4*mib)
			if err == nil {
				_, err = readParts(t.Context(), f)
			}
			v.Judge(t, err)
		})
	}
}

func unhex(tb testing.TB, text string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestHostileDAGsOfTwoRows changes a DAG of two inner nodes below the root. Walk
// gets no leaf, so nothing has to hold the 1 GiB.
func TestHostileDAGsOfTwoRows(t *testing.T) {
	t.Parallel()
	full := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, make([]byte, mib)), Data: make([]byte, mib)}
	zero := full.CID
	over := func(n int) pb {
		p := pb{kind: 2, size: uint64(n) * mib}
		for range n {
			p.links = append(p.links, hostile{zero, "", mib})
			p.sizes = append(p.sizes, mib)
		}
		return p
	}
	a, b, less := over(dag.MaxLinks).block(t), over(2).block(t), over(1).block(t)
	root := func(extra uint64, children ...sinso.Block) sinso.Block {
		p := pb{kind: 2}
		for _, c := range children {
			size := map[sinso.CID]uint64{a.CID: dag.MaxLinks, b.CID: 2, less.CID: 1}[c.CID] * mib
			p.links = append(p.links, hostile{c.CID, "", size + uint64(len(c.Data))})
			p.sizes = append(p.sizes, size)
			p.size += size
		}
		last := len(p.sizes) - 1
		p.sizes[last] += extra
		p.size += extra
		return p.block(t)
	}
	for name, tt := range map[string]struct {
		root sinso.Block
		want error
	}{
		"as it is built":                      {root(0, a, b), nil},
		"one leaf under an inner node":        {root(0, a, less), nil},
		"a node links to less than is said":   {root(mib, a, b), sinso.ErrCorrupt},
		"a node links to a little less":       {root(5, a, b), sinso.ErrCorrupt},
		"the short node first":                {root(0, b, a), sinso.ErrCorrupt},
		"two short nodes":                     {root(0, b, b), sinso.ErrCorrupt},
		"a row too many over one inner node":  {root(0, a), sinso.ErrCorrupt},
		"a row too many over few leaves":      {root(0, b), sinso.ErrCorrupt},
		"a leaf where an inner node is meant": {pb{2, []hostile{{a.CID, "", dag.MaxLinks*mib + uint64(len(a.Data))}, {zero, "", mib}}, (dag.MaxLinks + 1) * mib, []uint64{dag.MaxLinks * mib, mib}, nil}.block(t), sinso.ErrCorrupt},
	} {
		err := dag.Walk(t.Context(), tt.root.CID, store{}.put(a, b, less, tt.root).get, func(sinso.CID) error { return nil })
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
		// In parts: a byte of the first leaf, and one of the last.
		f, err := dag.OpenFile(t.Context(), tt.root.CID, store{}.put(a, b, less, tt.root, full).get, dag.WholeFile)
		for _, from := range []int64{1, 0} {
			if err == nil {
				_, err = f.ReadAt(t.Context(), make([]byte, 1), (f.Size()-1)*from)
			}
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: in parts: got %v, want %v", name, err, tt.want)
		}
	}
}

// TestAClaimCostsNoMemory reads a root that claims 1 GiB and has no leaf.
func TestAClaimCostsNoMemory(t *testing.T) { //nolint:paralleltest // measures the whole program's allocation
	missing := sinso.CIDOf(sinso.CodecRaw, []byte("missing"))
	p := pb{kind: 2, size: 1 << 30}
	for range dag.MaxLinks {
		p.links = append(p.links, hostile{missing, "", mib})
		p.sizes = append(p.sizes, mib)
	}
	root := p.block(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := dag.Read(t.Context(), root.CID, store{}.put(root).get, 4<<30)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got %v, want not found", err)
	}
	const allowed = 4 << 20
	if got := after.TotalAlloc - before.TotalAlloc; got > allowed {
		t.Errorf("allocated %d bytes, want at most %d", got, allowed)
	}
}

// FuzzReadInnerNode reads any bytes as the root. What Read takes is what Build
// makes of the same file, so one content has one root.
func FuzzReadInnerNode(f *testing.F) {
	for _, v := range hostileVectors(f) {
		for _, text := range v.All("block")[:min(1, len(v.All("block")))] {
			f.Add(unhex(f, text))
		}
	}
	zero := make([]byte, mib)
	one := []byte{7}
	f.Fuzz(func(t *testing.T, data []byte) {
		root := sinso.CIDOf(sinso.CodecDagPB, data)
		s := store{root: data, sinso.CIDOf(sinso.CodecRaw, zero): zero, sinso.CIDOf(sinso.CodecRaw, one): one}
		file, err := dag.Read(t.Context(), root, s.get, 8*mib)
		f, partsErr := dag.OpenFile(t.Context(), root, s.get, 8*mib)
		var parts []byte
		if partsErr == nil {
			parts, partsErr = readParts(t.Context(), f)
		}
		if (err == nil) != (partsErr == nil) || !bytes.Equal(parts, file) {
			t.Errorf("whole: %d bytes, %v; in parts: %d bytes, %v", len(file), err, len(parts), partsErr)
		}
		if err != nil {
			return
		}
		if again, _ := dag.Build(file); again != root {
			t.Errorf("read %d bytes under %s, of which Build makes %s", len(file), root, again)
		}
	})
}

func BenchmarkBuild(b *testing.B) {
	data := bytesOf(b, 16*mib)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		dag.Build(data)
	}
}

func BenchmarkRead(b *testing.B) {
	data := bytesOf(b, 16*mib)
	root, blocks := dag.Build(data)
	s := store{}.put(blocks...)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := dag.Read(b.Context(), root, s.get, 1<<30); err != nil {
			b.Fatal(err)
		}
	}
}
