// Package dag cuts bytes into blocks under one CID and puts them together again:
// UnixFS files in a balanced DAG-PB tree over raw leaves. The CID is the one that
// Kubo gives the same bytes with
//
//	ipfs add --cid-version=1 --raw-leaves --chunker=size-1048576 --max-file-links=1024
//
// There is one DAG for one content: its length decides how many blocks there are,
// what each links to and how long each is. Read and Walk take that DAG and no
// other, so foreign blocks cannot make them work more than the length is worth.
package dag

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"

	"sinso.dev/sinso"
)

const (
	// LeafSize is the bytes of every leaf but the last (--chunker=size-1048576).
	LeafSize = 1 << 20
	// MaxLinks is how many blocks one inner node links to (--max-file-links).
	MaxLinks = 1024
	// maxDepth bounds the rows of inner nodes: 1,024^4 leaves of 1 MiB are 1 EiB.
	maxDepth = 4
	maxFile  = LeafSize << (10 * maxDepth) // bytes: MaxLinks is 1 << 10
)

// link is what a parent knows of a child.
type link struct {
	cid  sinso.CID
	size uint64 // bytes of the file below it
	sum  uint64 // bytes of its block and of all blocks below it, each as often as it is linked to (DAG-PB Tsize)
}

// Get returns the bytes of a block. They need not be verified.
type Get = func(ctx context.Context, cid sinso.CID) ([]byte, error)

// Build returns the root of data and its blocks, each after those that it links
// to, the root last. Leaves are parts of data, not copies. Up to LeafSize bytes
// are one leaf, which is the root.
func Build(data []byte) (sinso.CID, []sinso.Block) {
	blocks := make([]sinso.Block, 0, len(data)/LeafSize+2)
	t := tree{emit: func(b sinso.Block) error {
		blocks = append(blocks, b)
		return nil
	}}
	for first := true; first || len(data) > 0; first = false {
		n := min(len(data), LeafSize)
		_ = t.leaf(data[:n:n]) // emit never fails
		data = data[n:]
	}
	root, _ := t.finish() // emit never fails
	return root, blocks
}

// Builder builds the DAG of a stream. It holds one leaf and at most MaxLinks
// links for each row of inner nodes.
type Builder struct {
	tree   tree
	leaf   []byte
	hash   hash.Hash // of the beginning of leaf: a leaf is hashed while it is written
	hashed int       // bytes of it
	any    bool      // a leaf was emitted
	err    error
}

// NewBuilder returns a Builder that calls emit with each block, after those that
// the block links to. emit may keep the bytes. Its error ends the build.
func NewBuilder(emit func(sinso.Block) error) *Builder {
	return &Builder{tree: tree{emit: emit}, hash: sha256.New()}
}

// Write takes the next bytes of the file.
func (b *Builder) Write(p []byte) (int, error) {
	taken := 0
	for taken < len(p) && b.err == nil {
		if len(b.leaf) == LeafSize {
			b.flush()
			continue
		}
		if b.leaf == nil && b.any {
			b.leaf = make([]byte, 0, LeafSize) // the file is long: no growing step by step
		}
		n := min(len(p)-taken, LeafSize-len(b.leaf))
		b.leaf = append(b.leaf, p[taken:taken+n]...)
		b.Hash(len(b.leaf))
		taken += n
	}
	return taken, b.err
}

// Room returns memory for the next n bytes, empty, where they will stay: Took says that
// they are there. It is nil if they do not fit into the leaf at hand, and the caller
// brings them by Write.
func (b *Builder) Room(n int) []byte {
	if b.err != nil || n > min(LeafSize, cap(b.leaf))-len(b.leaf) {
		return nil
	}
	at := len(b.leaf)
	return b.leaf[at : at : at+n]
}

// Took takes the n bytes that were put into the Room for them. They are hashed when
// [Builder.Hash] is called, or by and by.
func (b *Builder) Took(n int) { b.leaf = b.leaf[:len(b.leaf)+n] }

// Hash hashes at most n of the bytes that were taken and not hashed, and returns how
// many are left.
func (b *Builder) Hash(n int) (left int) {
	n = min(n, len(b.leaf)-b.hashed)
	b.hash.Write(b.leaf[b.hashed : b.hashed+n])
	b.hashed += n
	return len(b.leaf) - b.hashed
}

// Finish emits what is left and returns the root. The Builder is then used up.
func (b *Builder) Finish() (sinso.CID, error) {
	if b.err == nil && (len(b.leaf) > 0 || !b.any) {
		b.flush()
	}
	if b.err != nil {
		return "", b.err
	}
	b.err = fmt.Errorf("dag: the builder is finished: %w", sinso.ErrInvalid)
	return b.tree.finish()
}

func (b *Builder) flush() {
	b.Hash(len(b.leaf))
	b.err = b.tree.hashedLeaf(b.leaf, sinso.CIDOfDigest(sinso.CodecRaw, [sha256.Size]byte(b.hash.Sum(nil))))
	b.leaf, b.any = nil, true
	b.hash.Reset()
	b.hashed = 0
}

// Grow makes room for a first leaf of n bytes, which is then not moved while it
// grows. buf, if it is large enough, is the room: the caller may use it again when
// the blocks are used up.
func (b *Builder) Grow(buf []byte, n int64) {
	if b.leaf != nil || b.any {
		return
	}
	if room := min(n, LeafSize); int64(cap(buf)) >= room {
		b.leaf = buf[:0]
	} else {
		b.leaf = make([]byte, 0, room)
	}
}

// tree is a DAG that grows at its right edge.
type tree struct {
	emit func(sinso.Block) error
	rows [][]link // links that have no parent yet; row 0 is of leaves
}

func (t *tree) leaf(data []byte) error {
	return t.hashedLeaf(data, sinso.CIDOf(sinso.CodecRaw, data))
}

func (t *tree) hashedLeaf(data []byte, cid sinso.CID) error {
	if err := t.emit(sinso.Block{CID: cid, Data: data, Fresh: true}); err != nil {
		return err
	}
	n := uint64(len(data))
	return t.add(0, link{cid, n, n})
}

// add puts a link into a row. A full row gets its parent only when one more link
// comes: at the end it may be the root's.
func (t *tree) add(row int, l link) error {
	if row == len(t.rows) {
		t.rows = append(t.rows, nil)
	}
	if len(t.rows[row]) == MaxLinks {
		if err := t.parent(row); err != nil {
			return err
		}
	}
	t.rows[row] = append(t.rows[row], l)
	return nil
}

// parent emits the inner node over a row and empties the row.
func (t *tree) parent(row int) error {
	if row == maxDepth {
		return fmt.Errorf("dag: the file is longer than %d bytes: %w", uint64(maxFile), sinso.ErrInvalid)
	}
	data := encode(t.rows[row])
	l := link{cid: sinso.CIDOf(sinso.CodecDagPB, data), sum: uint64(len(data))}
	for _, child := range t.rows[row] {
		l.size += child.size
		l.sum += child.sum
	}
	t.rows[row] = t.rows[row][:0]
	if err := t.emit(sinso.Block{CID: l.cid, Data: data, Fresh: true}); err != nil {
		return err
	}
	return t.add(row+1, l)
}

func (t *tree) finish() (sinso.CID, error) {
	for row := 0; ; row++ {
		if row == len(t.rows)-1 && len(t.rows[row]) == 1 {
			return t.rows[row][0].cid, nil
		}
		if err := t.parent(row); err != nil {
			return "", err
		}
	}
}

// Read returns the file under root, of at most limit bytes; a longer one is
// ErrInvalid. Every block is verified against its CID. A DAG that Build does not
// make is ErrCorrupt. Memory grows with what has come, not with what a block
// claims.
func Read(ctx context.Context, root sinso.CID, get Get, limit int64) ([]byte, error) {
	r := reader{get: get, limit: limit}
	return r.read(ctx, root)
}

// ReadSealed is Read for a file that proves itself, as the envelope of a sealed
// object does when it is opened: inner nodes are verified, leaves are not hashed.
// What it returns must not be used before it has proven itself.
func ReadSealed(ctx context.Context, root sinso.CID, get Get, limit int64) ([]byte, error) {
	r := reader{get: get, limit: limit, sealed: true}
	return r.read(ctx, root)
}

func (r *reader) read(ctx context.Context, root sinso.CID) ([]byte, error) {
	err := r.walk(ctx, root, func(_ sinso.CID, _ []byte, leaf func() ([]byte, error)) error {
		if leaf == nil {
			return nil
		}
		data, err := leaf()
		if err != nil {
			return err
		}
		if r.file == nil && r.size == uint64(len(data)) {
			r.file = data // all of it: nothing to put together
			return nil
		}
		r.collect(data)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r.file, nil
}

// Walk calls fn with the CID of every block under root, the root first and each
// block before those that it links to; a block that is linked to twice comes
// twice. It gets and verifies the inner nodes and no leaf, except a root that is
// one. Errors as Read, without a limit.
func Walk(ctx context.Context, root sinso.CID, get Get, fn func(sinso.CID) error) error {
	return WalkUpTo(ctx, root, maxFile, get, fn)
}

// WalkUpTo is Walk of a file of at most limit bytes; a longer one is ErrInvalid, of which fn is
// told nothing: blocks that are linked to again and again make one of any size.
func WalkUpTo(ctx context.Context, root sinso.CID, limit int64, get Get, fn func(sinso.CID) error) error {
	r := reader{get: get, limit: limit}
	return r.walk(ctx, root, func(cid sinso.CID, _ []byte, _ func() ([]byte, error)) error { return fn(cid) })
}

// Fetch gets and verifies every block under root, and holds one of them at a time, for a
// get that keeps what it brings. Limit and errors as Read.
func Fetch(ctx context.Context, root sinso.CID, get Get, limit int64) error {
	r := reader{get: get, limit: limit}
	return r.walk(ctx, root, func(_ sinso.CID, _ []byte, leaf func() ([]byte, error)) error {
		if leaf == nil {
			return nil
		}
		_, err := leaf()
		return err
	})
}

// reader walks a DAG that nobody vouches for.
type reader struct {
	get   Get
	limit int64
	size  uint64 // of the file, as the root says
	file  []byte

	sealed bool // leaves are not hashed
}

// visit is called with each block's CID and, for an inner node, with its bytes; for a
// leaf, with a function that returns them.
type visit = func(cid sinso.CID, node []byte, leaf func() ([]byte, error)) error

// block gets one block and verifies it.
func (r *reader) block(ctx context.Context, cid sinso.CID) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("dag: block %s: %w", cid, err)
	}
	data, err := r.get(ctx, cid)
	if err != nil {
		return nil, fmt.Errorf("dag: block %s: %w", cid, err)
	}
	if r.sealed && cid.Codec() == sinso.CodecRaw {
		return data, nil
	}
	if err := cid.Verify(data); err != nil {
		return nil, fmt.Errorf("dag: %w", err)
	}
	return data, nil
}

func (r *reader) walk(ctx context.Context, root sinso.CID, visit visit) error {
	data, depth, err := r.start(ctx, root)
	if err != nil {
		return err
	}
	if depth == 0 {
		return visit(root, nil, func() ([]byte, error) { return data, nil })
	}
	_, err = r.node(ctx, root, data, r.size, depth, visit)
	return err
}

// start gets the root, and learns from it the file's size and how many rows of inner
// nodes there are; if none, the root is the one leaf.
func (r *reader) start(ctx context.Context, root sinso.CID) (data []byte, depth int, err error) {
	if _, err := sinso.ParseCID(string(root)); err != nil {
		return nil, 0, fmt.Errorf("dag: root: %w", err)
	}
	if data, err = r.block(ctx, root); err != nil {
		return nil, 0, err
	}
	if root.Codec() == sinso.CodecRaw {
		r.size = uint64(len(data))
		if err := r.fits(); err != nil {
			return nil, 0, err
		}
		if len(data) > LeafSize {
			return nil, 0, fmt.Errorf("dag: leaf %s has %d bytes: %w", root, len(data), sinso.ErrCorrupt)
		}
		return data, 0, nil
	}
	links, err := decode(root, data)
	if err != nil {
		return nil, 0, err
	}
	for _, l := range links {
		if r.size += l.size; r.size > maxFile { // no link has more, so this cannot wrap
			return nil, 0, fmt.Errorf("dag: block %s: links to more than a file holds: %w", root, sinso.ErrCorrupt)
		}
	}
	if err := r.fits(); err != nil {
		return nil, 0, err
	}
	if depth = depthOf(r.size); depth == 0 { // one leaf needs no parent
		return nil, 0, fmt.Errorf("dag: block %s: an inner node over one leaf: %w", root, sinso.ErrCorrupt)
	}
	return data, depth, nil
}

func (r *reader) fits() error {
	if r.limit < 0 || r.size > uint64(r.limit) {
		return fmt.Errorf("dag: a file of %d bytes, %d are allowed: %w", r.size, r.limit, sinso.ErrInvalid)
	}
	return nil
}

// depthOf returns the rows of inner nodes above the leaves of a file.
func depthOf(size uint64) int {
	depth := 0
	for room := uint64(LeafSize); room < size; room *= MaxLinks {
		depth++
	}
	return depth
}

// node walks an inner node that must hold size bytes of the file and has depth
// rows below it, and returns the bytes of all blocks there.
func (r *reader) node(ctx context.Context, cid sinso.CID, data []byte, size uint64, depth int, visit visit) (uint64, error) {
	links, err := decode(cid, data)
	if err != nil {
		return 0, err
	}
	if err := checkShape(cid, links, size, depth); err != nil {
		return 0, err
	}
	if err := visit(cid, data, nil); err != nil {
		return 0, err
	}
	sum := uint64(len(data))
	for _, l := range links {
		got, err := r.child(ctx, l, depth-1, visit)
		if err != nil {
			return 0, err
		}
		if got != l.sum {
			return 0, fmt.Errorf("dag: block %s: block %s and those below it have %d bytes, not %d: %w", cid, l.cid, got, l.sum, sinso.ErrCorrupt)
		}
		sum += got
	}
	return sum, nil
}

// child walks what a link leads to.
func (r *reader) child(ctx context.Context, l link, depth int, visit visit) (uint64, error) {
	if depth > 0 {
		data, err := r.block(ctx, l.cid)
		if err != nil {
			return 0, err
		}
		return r.node(ctx, l.cid, data, l.size, depth, visit)
	}
	return l.size, visit(l.cid, nil, func() ([]byte, error) { return r.leaf(ctx, l) })
}

// leaf gets what a link of the lowest row leads to.
func (r *reader) leaf(ctx context.Context, l link) ([]byte, error) {
	data, err := r.block(ctx, l.cid)
	if err == nil && uint64(len(data)) != l.size {
		err = fmt.Errorf("dag: leaf %s has %d bytes, not %d: %w", l.cid, len(data), l.size, sinso.ErrCorrupt)
	}
	return data, err
}

// checkShape checks that the node's links are those of the one DAG for a file
// part of this size: all children full but the last, and leaves where leaves go.
func checkShape(cid sinso.CID, links []link, size uint64, depth int) error {
	room := uint64(LeafSize) // of a child
	codec := sinso.CodecRaw
	for range depth - 1 {
		room *= MaxLinks
		codec = sinso.CodecDagPB
	}
	for _, l := range links {
		if l.size == 0 || l.size != min(room, size) || l.cid.Codec() != codec {
			return fmt.Errorf("dag: block %s: not the shape of a file that this node writes: %w", cid, sinso.ErrCorrupt)
		}
		size -= l.size
	}
	if size != 0 {
		return fmt.Errorf("dag: block %s: links to less than its parent says: %w", cid, sinso.ErrCorrupt)
	}
	return nil
}

// collect appends a leaf to the file, doubling the room up to the file's size, so
// that a root that claims much costs nothing before the leaves are there.
func (r *reader) collect(leaf []byte) {
	need := len(r.file) + len(leaf)
	if need > cap(r.file) {
		room := min(r.size, uint64(max(need, 2*cap(r.file))))
		file := make([]byte, len(r.file), room)
		copy(file, r.file)
		r.file = file
	}
	r.file = append(r.file, leaf...)
}
