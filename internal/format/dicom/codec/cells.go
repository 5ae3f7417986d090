package codec

import (
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// decoded is what a codec made: samples interleaved, each in one, two or four bytes,
// little endian.
type decoded struct {
	rows, columns, samples, precision int
	signed                            bool // and extended to the bytes they take
	pixels                            []byte
}

// fit reports whether the image is the one that the header says.
func (d *decoded) fit(s dicom.Shape) error {
	if d.rows != s.Rows || d.columns != s.Columns || d.samples != s.Samples {
		return fmt.Errorf("codec: decode: an image of %d×%d×%d, the header says %d×%d×%d: %w",
			d.rows, d.columns, d.samples, s.Rows, s.Columns, s.Samples, sinso.ErrCorrupt)
	}
	if d.precision > s.Allocated {
		return fmt.Errorf("codec: decode: samples of %d bits, the header says %d: %w", d.precision, s.Allocated, sinso.ErrCorrupt)
	}
	return nil
}

// frame puts the samples into the cells of the shape.
func (d *decoded) frame(s dicom.Shape) dicom.Frame {
	s.Planar = false
	size, cell := bytesOf(d.precision), s.Allocated/8
	if s.Allocated == 1 {
		return dicom.Frame{Shape: s, Data: bitsFrom(d.pixels)}
	}
	extend := (s.Signed || d.signed) && d.precision < s.Allocated
	if size == cell && !extend {
		return dicom.Frame{Shape: s, Data: d.pixels}
	}
	if size == 2 && cell == 2 {
		d.extend16(s.Signed)
		return dicom.Frame{Shape: s, Data: d.pixels}
	}
	out := make([]byte, s.Bytes())
	var wide [8]byte
	for from, to := 0, 0; from < len(d.pixels); from, to = from+size, to+cell {
		v := narrowed(load(d.pixels[from:from+size]), d.precision, s.Signed)
		binary.LittleEndian.PutUint64(wide[:], v)
		copy(out[to:to+cell], wide[:])
	}
	return dicom.Frame{Shape: s, Data: out}
}

// extend16 makes samples of two bytes signed, or unsigned, in place.
func (d *decoded) extend16(signed bool) {
	for at := 0; at+1 < len(d.pixels); at += 2 {
		v := narrowed(uint64(binary.LittleEndian.Uint16(d.pixels[at:])), d.precision, signed)
		binary.LittleEndian.PutUint16(d.pixels[at:], uint16(v)) //nolint:gosec // the lower bits of two's complement
	}
}

// narrowed returns the lower bits of a sample, extended by their sign if it has one.
func narrowed(v uint64, precision int, signed bool) uint64 {
	shift := uint(64 - precision)
	v <<= shift
	if signed {
		return uint64(int64(v) >> shift) //nolint:gosec // two's complement
	}
	return v >> shift
}

// load reads a little endian sample of up to eight bytes.
func load(b []byte) uint64 {
	v := uint64(0)
	for i := len(b) - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v
}

// bytesOf returns the bytes that the codecs give a sample.
func bytesOf(precision int) int {
	switch {
	case precision <= 8:
		return 1
	case precision <= 16:
		return 2
	default:
		return 4
	}
}

// bitsFrom packs samples of a byte each as single bits, the lowest bit of a byte first.
func bitsFrom(pixels []byte) []byte {
	out := make([]byte, (len(pixels)+7)/8)
	for i, v := range pixels {
		out[i/8] |= v & 1 << (i % 8)
	}
	return out
}

// swapped returns a copy with the bytes of each word in the other order.
func swapped(b []byte, word int) []byte {
	out := make([]byte, len(b))
	copy(out, b)
	for at := 0; at+word <= len(out); at += word {
		for i, k := at, at+word-1; i < k; i, k = i+1, k-1 {
			out[i], out[k] = out[k], out[i]
		}
	}
	return out
}
