package identity

import (
	"encoding/binary"
	"math/bits"
)

// printChunk is how many bytes of a stream are hashed at once, a whole number of blocks.
const printChunk = 64 << 10

// Print makes the [Namer.Fingerprint] of bytes that come one after the other.
//
// The hash in the tag of AES-GCM is a polynomial of the blocks at a secret point H (NIST SP
// 800-38D §6.4), so that of a whole follows from those of its chunks: the sum of them, each
// times H as often as blocks follow it. So the chunks are hashed by the same code, at its
// speed, and a few products a chunk put them together.
type Print struct {
	namer *Namer
	point field // H
	shift field // H to the power of the blocks of a chunk
	mask  field // what the hash is hidden by in each tag
	sum   field // of the chunks so far, times H
	size  uint64
	chunk []byte
}

// Print begins one.
func (n *Namer) Print() *Print {
	point := fieldOf(n.point[:])
	p := &Print{namer: n, point: point, shift: point.power(printChunk / blockBytes), chunk: make([]byte, 0, printChunk)}
	p.mask = p.tag(nil)
	return p
}

// Write implements [io.Writer]; it never fails.
func (p *Print) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		if len(p.chunk) == printChunk {
			p.add(p.chunk, p.shift)
			p.chunk = p.chunk[:0]
		}
		take := min(len(b), printChunk-len(p.chunk))
		p.chunk, b = append(p.chunk, b[:take]...), b[take:]
	}
	return n, nil
}

// Sum returns the fingerprint of all that was written. Nothing may be written after it.
func (p *Print) Sum() string {
	if n := len(p.chunk); n > 0 {
		p.add(p.chunk, p.point.power(uint64(n+blockBytes-1)/blockBytes))
		p.chunk = p.chunk[:0]
	}
	tag := p.mask.plus(p.sum).plus(p.lengthOf(p.size))
	return p.namer.name("f_", string(tag.bytes()))
}

// add adds the hash of a chunk; shift is H to the power of its blocks.
func (p *Print) add(chunk []byte, shift field) {
	p.size += uint64(len(chunk))
	hash := p.tag(chunk).plus(p.mask).plus(p.lengthOf(uint64(len(chunk))))
	p.sum = p.sum.times(shift).plus(hash)
}

// tag is what AES-GCM gives a chunk.
func (p *Print) tag(chunk []byte) field {
	var tag [blockBytes]byte
	var nonce [12]byte // as that of a fingerprint
	return fieldOf(p.namer.ghash.Seal(tag[:0], nonce[:], nil, chunk))
}

// lengthOf is the last block of a hash, times H.
func (p *Print) lengthOf(size uint64) field { return field{size * 8, 0}.times(p.point) }

const blockBytes = 16 // of AES

// field is an element of the field of 2^128 elements of SP 800-38D §6.3: the first bit is
// the highest of the first word.
type field [2]uint64

func fieldOf(b []byte) field {
	return field{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

func (f field) bytes() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, f[0]), f[1])
}

func (f field) plus(g field) field { return field{f[0] ^ g[0], f[1] ^ g[1]} }

// times is Algorithm 1 of SP 800-38D, without a branch on what is secret.
func (f field) times(g field) (product field) {
	const reduction = 0xE1 << 56 // x^128 = x^7 + x^2 + x + 1
	for _, word := range f {
		for range 64 {
			take := -(word >> 63)
			product[0] ^= g[0] & take
			product[1] ^= g[1] & take
			word <<= 1
			carry := -(g[1] & 1)
			g = field{g[0]>>1 ^ reduction&carry, g[0]<<63 | g[1]>>1}
		}
	}
	return product
}

// power is f times itself n times; n is at least 1.
func (f field) power(n uint64) field {
	result := f
	for i := bits.Len64(n) - 2; i >= 0; i-- {
		result = result.times(result)
		if n>>i&1 == 1 {
			result = result.times(f)
		}
	}
	return result
}
