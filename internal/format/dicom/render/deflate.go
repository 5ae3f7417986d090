package render

import (
	"encoding/binary"
	"math/bits"
)

// What RFC 1951 §3.2 says of the codes.
const (
	endOfBlock   = 256
	firstLength  = 257 // the code of a match of 3 bytes
	literals     = 286 // codes of literals and lengths
	maxMatch     = 258 // bytes
	maxCode      = 15  // bits
	lengthCodes  = 19  // the alphabet in which code lengths are written
	maxLengthBit = 7   // bits of its codes
	minRun       = 5   // repeated bytes that are worth a match; shorter ones are cheap literals
)

// deflater writes a zlib stream (RFC 1950) whose only matches are runs of one byte:
// filtered rows have few others, and looking for them is what takes the time.
type deflater struct {
	out   []byte
	held  uint64 // bits not yet in out, the lowest first
	count uint   // of them, below 8 between blocks
	runs  []run
}

// run is bytes as they are, then one more that is repeated.
type run struct{ plain, repeats uint32 }

// code is the bits of a symbol, in the order they are written, and how many.
type code struct {
	bits  uint16
	count uint8
}

// begin writes the header: 32 KiB window, the fastest kind (RFC 1950 §2.2).
func (d *deflater) begin() { d.out = append(d.out[:0], 0x78, 0x01) }

// take returns what was written since it was last called, good until the next block.
func (d *deflater) take() []byte {
	out := d.out
	d.out = d.out[:0]
	return out
}

// put writes up to 48 bits. The caller has made room.
func (d *deflater) put(v uint64, count uint) {
	d.held |= v << d.count
	d.count += count
	for d.count >= 8 {
		d.out = append(d.out, byte(d.held)) //nolint:gosec // the lowest byte is meant
		d.held >>= 8
		d.count -= 8
	}
}

// end fills the last byte and writes the checksum.
func (d *deflater) end(sum uint32) {
	if d.count > 0 {
		d.put(0, 8-d.count)
	}
	d.out = binary.BigEndian.AppendUint32(d.out, sum)
}

// block writes b as one block with codes of its own (RFC 1951 §3.2.7).
func (d *deflater) block(b []byte, last bool) {
	uses := d.parse(b)
	var lengths [literals]uint8
	codeLengths(lengths[:], uses[:], maxCode)
	final := uint64(0)
	if last {
		final = 1
	}
	d.put(final|2<<1, 3)
	d.header(&lengths)
	var codes [literals]code
	assign(codes[:], lengths[:])
	d.body(b, &codes)
}

// parse cuts b into runs and counts the symbols that they need.
func (d *deflater) parse(b []byte) *[literals]uint32 {
	var uses [literals]uint32
	d.runs = d.runs[:0]
	start := 0
	for i := 0; i < len(b); {
		n := repeats(b[i:])
		if n < minRun {
			for _, v := range b[i:][:n+1] {
				uses[v]++
			}
			i += n + 1
			continue
		}
		uses[b[i]]++
		d.runs = append(d.runs, run{uint32(i + 1 - start), uint32(n)}) //nolint:gosec // within a block
		for left := n; left > 0; {
			m := matchOf(left)
			symbol, _, _ := lengthSymbol(m)
			uses[symbol]++
			left -= m
		}
		i += n + 1
		start = i
	}
	d.runs = append(d.runs, run{uint32(len(b) - start), 0}) //nolint:gosec // within a block
	uses[endOfBlock] = 1
	return &uses
}

// repeats counts how often the first byte follows itself.
func repeats(b []byte) int {
	if len(b) < 2 || b[0] != b[1] {
		return 0
	}
	n := 2
	for same := uint64(b[0]) * 0x0101010101010101; n+8 <= len(b); n += 8 {
		if other := binary.LittleEndian.Uint64(b[n:]) ^ same; other != 0 {
			return n - 1 + bits.TrailingZeros64(other)/8
		}
	}
	for n < len(b) && b[n] == b[0] {
		n++
	}
	return n - 1
}

// matchOf returns how much of a run the next match takes: what it leaves is none,
// or enough for another.
func matchOf(left int) int {
	if left > maxMatch && left < maxMatch+3 {
		return maxMatch - 3
	}
	return min(left, maxMatch)
}

// lengthSymbol returns the symbol of a match, and the bits that follow it (RFC 1951
// §3.2.5).
func lengthSymbol(n int) (symbol int, extra uint64, count uint) {
	if n == maxMatch {
		return literals - 1, 0, 0
	}
	n -= 3
	if n < 8 {
		return firstLength + n, 0, 0
	}
	count = uint(bits.Len(uint(n)) - 3)
	return firstLength + 4*int(count) + n>>count, uint64(n) & (1<<count - 1), count
}

// body writes the runs. Distances are all 1: a code of one bit, 0.
func (d *deflater) body(b []byte, codes *[literals]code) {
	for _, r := range d.runs {
		d.plain(b[:r.plain], codes)
		b = b[r.plain+r.repeats:]
		for left := int(r.repeats); left > 0; {
			n := matchOf(left)
			symbol, extra, count := lengthSymbol(n)
			c := codes[symbol]
			d.put(uint64(c.bits), uint(c.count))
			d.put(extra, count+1)
			left -= n
		}
	}
	c := codes[endOfBlock]
	d.put(uint64(c.bits), uint(c.count))
}

// plain writes literals, four at a time.
func (d *deflater) plain(b []byte, codes *[literals]code) {
	need := len(b)*2 + 16
	if cap(d.out)-len(d.out) < need {
		d.out = append(make([]byte, 0, len(d.out)+max(need, cap(d.out))), d.out...)
	}
	held, count := d.held, d.count
	at, out := len(d.out), d.out[:cap(d.out)]
	for ; len(b) >= 3; b = b[3:] {
		x, y, z := codes[b[0]], codes[b[1]], codes[b[2]]
		held |= uint64(x.bits) << count
		count += uint(x.count)
		held |= uint64(y.bits) << count
		count += uint(y.count)
		held |= uint64(z.bits) << count
		count += uint(z.count)
		binary.LittleEndian.PutUint64(out[at:], held) // 7 bits and 3 codes of 15
		at += int(count >> 3)
		held >>= count &^ 7
		count &= 7
	}
	d.held, d.count, d.out = held, count, out[:at]
	for _, v := range b {
		d.put(uint64(codes[v].bits), uint(codes[v].count))
	}
}
