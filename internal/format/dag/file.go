package dag

import (
	"context"
	"fmt"
	"io"
	"sync"

	"sinso.dev/sinso"
)

// File is a file of which any part can be read: what is got are the leaves that the part
// lies in, and the inner nodes on the way to them. It holds one leaf at most and a few inner
// nodes, however long the file is. Several goroutines may use it at once.
type File struct {
	r     reader
	part  ReadAt // of a leaf; nil: leaves are got whole, and verified
	depth int    // rows of inner nodes
	top   []link // of the root, if it is an inner node
	whole []byte // the root, if it is the one leaf

	mu    sync.Mutex // guards what follows
	nodes map[nodeAt][]link
	last  []byte // the leaf that was got last
	at    int64  // its number
}

// ReadAt fills p with bytes of a block from offset on, which need not be verified.
type ReadAt = func(ctx context.Context, cid sinso.CID, p []byte, offset int64) error

// nodeAt is the place of an inner node. Its CID would not do: what a link claims of a
// block is checked where the link stands.
type nodeAt struct {
	depth int
	first int64 // number of the first leaf below it
}

// keptNodes bounds the inner nodes that are held, of some 100 kB each.
const keptNodes = 32

// OpenFile returns the file under root, of at most limit bytes; a longer one is
// ErrInvalid. Blocks are verified, and a DAG is refused, as by Read; of what is never read
// nothing is known.
func OpenFile(ctx context.Context, root sinso.CID, get Get, limit int64) (*File, error) {
	return openFile(ctx, root, reader{get: get, limit: limit}, nil)
}

// OpenSealedFile is OpenFile for a file whose parts prove themselves, as [ReadSealed] is
// Read: leaves are not hashed, and read by part as far as they are wanted.
func OpenSealedFile(ctx context.Context, root sinso.CID, get Get, part ReadAt, limit int64) (*File, error) {
	return openFile(ctx, root, reader{get: get, limit: limit, sealed: true}, part)
}

// WholeFile is the limit that no file exceeds, for who holds nothing of it.
const WholeFile = int64(maxFile)

func openFile(ctx context.Context, root sinso.CID, r reader, part ReadAt) (*File, error) {
	data, depth, err := r.start(ctx, root)
	if err != nil {
		return nil, err
	}
	f := &File{r: r, part: part, depth: depth, nodes: map[nodeAt][]link{}, at: -1}
	if depth == 0 {
		f.whole = data
		return f, nil
	}
	f.top, _, err = below(root, data, r.size, depth)
	return f, err
}

// Size returns the bytes of the file.
func (f *File) Size() int64 { return int64(f.r.size) } //nolint:gosec // at most maxFile

// ReadAt reads len(p) bytes from offset on; fewer, with io.EOF, at the end of the file.
func (f *File) ReadAt(ctx context.Context, p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, fmt.Errorf("dag: offset %d: %w", offset, sinso.ErrInvalid)
	}
	done := 0
	for done < len(p) {
		if offset >= f.Size() {
			return done, io.EOF
		}
		n, err := f.readLeaf(ctx, p[done:], offset)
		if err != nil {
			return done, err
		}
		done, offset = done+n, offset+int64(n)
	}
	return done, nil
}

// readLeaf reads what is wanted of the leaf at offset.
func (f *File) readLeaf(ctx context.Context, p []byte, offset int64) (int, error) {
	i, at := offset/LeafSize, offset%LeafSize
	if f.part == nil || f.depth == 0 {
		leaf, err := f.leaf(ctx, i)
		if err != nil {
			return 0, err
		}
		return copy(p, leaf[at:]), nil
	}
	l, err := f.find(ctx, i)
	if err != nil {
		return 0, err
	}
	n := min(int64(len(p)), int64(l.size)-at) //nolint:gosec // a leaf's size
	if err := f.part(ctx, l.cid, p[:n], at); err != nil {
		return 0, fmt.Errorf("dag: block %s: %w", l.cid, err)
	}
	return int(n), nil
}

// leaf returns leaf i, which nobody may change.
func (f *File) leaf(ctx context.Context, i int64) ([]byte, error) {
	if f.depth == 0 {
		return f.whole, nil
	}
	f.mu.Lock()
	last, at := f.last, f.at
	f.mu.Unlock()
	if at == i {
		return last, nil
	}
	l, err := f.find(ctx, i)
	if err != nil {
		return nil, err
	}
	data, err := f.r.leaf(ctx, l)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.last, f.at = data, i
	f.mu.Unlock()
	return data, nil
}

// find returns the link to leaf i.
func (f *File) find(ctx context.Context, i int64) (link, error) {
	links, first := f.top, int64(0)
	for depth := f.depth; depth > 1; depth-- {
		leaves := int64(1) // below each child
		for range depth - 1 {
			leaves *= MaxLinks
		}
		n := (i - first) / leaves
		first += n * leaves
		var err error
		if links, err = f.node(ctx, links[n], nodeAt{depth - 1, first}); err != nil {
			return link{}, err
		}
	}
	return links[i-first], nil
}

// node returns the links of an inner node, whose shape fits its place.
func (f *File) node(ctx context.Context, l link, at nodeAt) ([]link, error) {
	f.mu.Lock()
	links, held := f.nodes[at]
	f.mu.Unlock()
	if held {
		return links, nil
	}
	data, err := f.r.block(ctx, l.cid)
	if err != nil {
		return nil, err
	}
	links, sum, err := below(l.cid, data, l.size, at.depth)
	if err != nil {
		return nil, err
	}
	if sum != l.sum {
		return nil, fmt.Errorf("dag: block %s and those below it have %d bytes, not %d: %w", l.cid, sum, l.sum, sinso.ErrCorrupt)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.nodes) == keptNodes {
		clear(f.nodes)
	}
	f.nodes[at] = links
	return links, nil
}

// below returns the links of an inner node that must hold size bytes of the file and has
// depth rows below it, and the bytes of all blocks there as the links say; what those to
// leaves say is right.
func below(cid sinso.CID, data []byte, size uint64, depth int) ([]link, uint64, error) {
	links, err := decode(cid, data)
	if err != nil {
		return nil, 0, err
	}
	if err := checkShape(cid, links, size, depth); err != nil {
		return nil, 0, err
	}
	sum := uint64(len(data))
	for _, l := range links {
		if depth == 1 && l.sum != l.size {
			return nil, 0, fmt.Errorf("dag: block %s: leaf %s has %d bytes, not %d: %w", cid, l.cid, l.size, l.sum, sinso.ErrCorrupt)
		}
		sum += l.sum
	}
	return links, sum, nil
}
