package jpeg

import (
	"cmp"
	"slices"
)

// maxCode is the longest code (T.81 §C.2).
const maxCode = 16

// statistics counts how often each value is coded.
type statistics [256]int

// code is a Huffman code for writing.
type code struct {
	counts [maxCode]byte // BITS
	values []byte        // HUFFVAL
	word   [256]uint32
	length [256]uint
}

// code returns the best code of at most 16 bits for what was counted (T.81 §K.2).
func (s *statistics) code() *code {
	var bySize [258]int // how many codes have a length
	sizes := s.sizes()
	for _, size := range sizes {
		bySize[size]++
	}
	bySize[0] = 0
	for i := len(bySize) - 1; i > maxCode; i-- { // T.81 Figure K.3
		for bySize[i] > 0 {
			j := i - 2
			for bySize[j] == 0 {
				j--
			}
			bySize[i] -= 2
			bySize[i-1]++
			bySize[j+1] += 2
			bySize[j]--
		}
	}
	last := maxCode
	for bySize[last] == 0 {
		last--
	}
	bySize[last]-- // the code of ones alone stays free
	c := &code{}
	for i := range c.counts {
		c.counts[i] = byte(bySize[i+1]) //nolint:gosec // 256 codes of eight bits would leave none free
	}
	for value, size := range sizes[:256] {
		if size > 0 {
			c.values = append(c.values, byte(value))
		}
	}
	slices.SortStableFunc(c.values, func(a, b byte) int { return sizes[a] - sizes[b] })
	c.assign()
	return c
}

// sizes returns the length of each value's code in a Huffman code without limit; the
// value 256 is one that is never used, to keep the code of ones alone free (T.81
// Figure K.1).
func (s *statistics) sizes() [257]int {
	type tree struct{ count, node int }
	var trees []tree
	var parent [2 * 257]int // of values, then of the nodes above them
	for value, n := range s {
		if n > 0 {
			trees = append(trees, tree{n, value})
		}
	}
	trees = append(trees, tree{1, 256})
	byCount := func(a, b tree) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.node, b.node)) }
	slices.SortFunc(trees, byCount) // the rarest last; of equals the highest value
	node := 256
	for len(trees) > 1 {
		node++
		last := len(trees) - 1
		a, b := trees[last], trees[last-1]
		parent[a.node], parent[b.node] = node, node
		joined := tree{a.count + b.count, node}
		trees = trees[:last-1]
		at, _ := slices.BinarySearchFunc(trees, joined, byCount)
		trees = slices.Insert(trees, at, joined)
	}
	var depth [2 * 257]int
	var sizes [257]int
	for n := node; n >= 0; n-- {
		if parent[n] > 0 {
			depth[n] = depth[parent[n]] + 1
		}
		if n < len(sizes) {
			sizes[n] = depth[n]
		}
	}
	return sizes
}

// assign gives the values their words (T.81 §C.2).
func (c *code) assign() {
	word, at := uint32(0), 0
	for i, count := range c.counts {
		for range count {
			value := c.values[at]
			c.word[value], c.length[value] = word, uint(i)+1
			word++
			at++
		}
		word <<= 1
	}
}

// define writes a code as DHT.
func (w *streamWriter) define(class, to byte, c *code) {
	w.segment(markerDHT, slices.Concat([]byte{class<<4 | to}, c.counts[:], c.values)...)
}

// number writes a code with the size of a number, over high's four upper bits, and
// the number's additional bits (T.81 §F.1.2.1). 32768, of size 16, has none.
func (w *streamWriter) number(c *code, high byte, v int32, size uint) {
	value := high | byte(size) //nolint:gosec // at most 16
	if size == 16 {
		w.put(c.word[value], c.length[value])
		return
	}
	if v < 0 {
		v--
	}
	w.put(c.word[value]<<size|uint32(v)&(1<<size-1), c.length[value]+size) //nolint:gosec // its lowest bits are meant
}
