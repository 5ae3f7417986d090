package render

import (
	"math/bits"
	"slices"
)

// codeLengths gives each symbol that is used the length of its Huffman code, up to
// most bits. Where the tree is too deep its counts are halved until it is not: at
// the end they are 1 or 2, and the tree is nearly flat.
func codeLengths(lengths []uint8, uses []uint32, most int) {
	var counts [literals]uint64 // count << 16 | symbol
	n := 0
	for symbol, count := range uses {
		if count > 0 {
			counts[n] = uint64(count)<<16 | uint64(symbol)
			n++
		}
	}
	if n == 1 {
		lengths[counts[0]&0xFFFF] = 1
		return
	}
	leaves := counts[:n]
	slices.Sort(leaves)
	for !depths(lengths, leaves, most) {
		for i := range leaves {
			leaves[i] = (leaves[i]>>17+1)<<16 | leaves[i]&0xFFFF
		}
	}
}

// depths makes the tree of two queues, leaves and the pairs already made, both
// ascending. It reports whether no leaf is deeper than most.
func depths(lengths []uint8, leaves []uint64, most int) bool {
	var pairs [literals]uint64  // counts
	var above [2 * literals]int // the pair that holds a leaf, or, after the leaves, a pair
	n, leaf, first := len(leaves), 0, 0
	for made := range n - 1 {
		for range 2 {
			if leaf < n && (first == made || leaves[leaf]>>16 <= pairs[first]) {
				pairs[made] += leaves[leaf] >> 16
				above[leaf] = made
				leaf++
				continue
			}
			pairs[made] += pairs[first]
			above[n+first] = made
			first++
		}
	}
	var depth [literals]int // of pairs; the last is the root
	for pair := n - 3; pair >= 0; pair-- {
		depth[pair] = depth[above[n+pair]] + 1
	}
	for i, l := range leaves {
		d := depth[above[i]] + 1
		if d > most {
			return false
		}
		lengths[l&0xFFFF] = uint8(d) //nolint:gosec // up to 15
	}
	return true
}

// assign gives codes by their lengths (RFC 1951 §3.2.2), the first bit lowest.
func assign(codes []code, lengths []uint8) {
	var next [maxCode + 2]uint16
	for _, n := range lengths {
		if n > 0 {
			next[n+1]++
		}
	}
	for n := 2; n < len(next); n++ {
		next[n] = (next[n] + next[n-1]) << 1
	}
	for symbol, n := range lengths {
		if n > 0 {
			codes[symbol] = code{bits.Reverse16(next[n]) >> (16 - n), n}
			next[n]++
		}
	}
}

// header writes the lengths of the codes (RFC 1951 §3.2.7): those of literals, and
// one bit for the one distance.
func (d *deflater) header(lengths *[literals]uint8) {
	all := append(slices.Clone(lengths[:]), 1)
	symbols := runLengths(all)
	var uses [lengthCodes]uint32
	for _, s := range symbols {
		uses[s.symbol]++
	}
	var small [lengthCodes]uint8
	codeLengths(small[:], uses[:], maxLengthBit)
	var codes [lengthCodes]code
	assign(codes[:], small[:])

	d.put(literals-257, 5)
	d.put(0, 5) // one distance
	d.put(lengthCodes-4, 4)
	for _, symbol := range [lengthCodes]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15} {
		d.put(uint64(small[symbol]), 3)
	}
	for _, s := range symbols {
		c := codes[s.symbol]
		d.put(uint64(c.bits), uint(c.count))
		d.put(uint64(s.extra), uint(s.count))
	}
}

// lengthRun is a symbol of the alphabet of code lengths and the bits behind it.
type lengthRun struct{ symbol, extra, count uint8 }

// runLengths writes code lengths, runs of them short (RFC 1951 §3.2.7).
func runLengths(all []uint8) []lengthRun {
	var out []lengthRun
	for i := 0; i < len(all); {
		v, n := all[i], 1
		for i+n < len(all) && all[i+n] == v {
			n++
		}
		switch {
		case v == 0 && n >= 11:
			n = min(n, 138)
			out = append(out, lengthRun{18, uint8(n - 11), 7})
		case v == 0 && n >= 3:
			out = append(out, lengthRun{17, uint8(n - 3), 3})
		case i > 0 && all[i-1] == v && n >= 3:
			n = min(n, 6)
			out = append(out, lengthRun{16, uint8(n - 3), 2})
		default:
			n = 1
			out = append(out, lengthRun{v, 0, 0})
		}
		i += n
	}
	return out
}
