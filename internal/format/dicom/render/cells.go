package render

import (
	"encoding/binary"
	"math"

	"sinso.dev/sinso/internal/format/dicom"
)

// narrowBits is how many stored bits a sample may have to be looked up in tables.
const narrowBits = 16

// cells reads the samples of a frame (PS3.5 §8.1.1): the stored bits of each cell
// as a key, which is the value, or the value above the lowest possible one if
// samples are signed, so that keys ascend as values do.
type cells struct {
	data      []byte
	allocated int
	shift     int
	mask      uint32
	sign      uint32
}

func cellsOf(frame dicom.Frame) cells {
	c := cells{data: frame.Data, allocated: frame.Allocated, shift: frame.High + 1 - frame.Stored}
	c.mask = math.MaxUint32 >> (32 - min(frame.Stored, 32))
	if frame.Signed {
		c.sign = 1 << (min(frame.Stored, 32) - 1)
	}
	return c
}

// value returns what a key stands for.
func (c *cells) value(key int) float64 { return float64(key - int(c.sign)) }

// keys reads samples of up to 16 stored bits, from the one with number i on.
func (c *cells) keys(dst []uint16, i int) {
	shift, mask, sign := c.shift&31, uint16(c.mask), uint16(c.sign) //nolint:gosec // narrow
	switch c.allocated {
	case 1:
		for k := range dst {
			dst[k] = uint16(c.data[(i+k)>>3]>>((i+k)&7)) & 1
		}
	case 8:
		for k, v := range c.data[i:][:len(dst)] {
			dst[k] = uint16(v)>>shift&mask ^ sign
		}
	case 16:
		c.words(dst, c.data[2*i:][:2*len(dst)])
	default:
		b := c.data[4*i:][:4*len(dst)]
		for k := range dst {
			dst[k] = uint16(binary.LittleEndian.Uint32(b[4*k:])>>shift)&mask ^ sign //nolint:gosec // the stored bits are left
		}
	}
}

// words reads keys of cells of 16 bits, four at once: what a shift brings in from
// the next cell is above the stored bits, and masked.
func (c *cells) words(dst []uint16, b []byte) {
	const each = 0x0001000100010001
	shift, mask, sign := c.shift&15, uint64(c.mask)*each, uint64(c.sign)*each
	for len(dst) >= 4 && len(b) >= 8 {
		four := binary.LittleEndian.Uint64(b)>>shift&mask ^ sign
		dst[0], dst[1], dst[2], dst[3] = uint16(four), uint16(four>>16), uint16(four>>32), uint16(four>>48) //nolint:gosec // a lane each
		dst, b = dst[4:], b[8:]
	}
	for k := range dst {
		dst[k] = binary.LittleEndian.Uint16(b[2*k:])>>shift&uint16(mask) ^ uint16(sign) //nolint:gosec // the lowest lane
	}
}

// seen tells of each key whether one of the first n samples has it.
func (c *cells) seen(n int) *[1 << narrowBits]bool {
	var all [1 << narrowBits]bool
	var keys [4096]uint16
	for i := 0; i < n; i += len(keys) {
		some := keys[:min(len(keys), n-i)]
		c.keys(some, i)
		for _, key := range some {
			all[key] = true
		}
	}
	return &all
}

// wide reads values as they are: of more bits than tables have, or floating point.
func (c *cells) wide(dst []float64, i int, float bool) {
	switch {
	case c.allocated == 64:
		b := c.data[8*i:][:8*len(dst)]
		for k := range dst {
			dst[k] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*k:]))
		}
	case float:
		b := c.data[4*i:][:4*len(dst)]
		for k := range dst {
			dst[k] = float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*k:])))
		}
	default:
		b := c.data[4*i:][:4*len(dst)]
		for k := range dst {
			dst[k] = c.value(int(binary.LittleEndian.Uint32(b[4*k:])>>(c.shift&31)&c.mask ^ c.sign))
		}
	}
}
