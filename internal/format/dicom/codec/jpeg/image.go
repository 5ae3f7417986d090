//nolint:gosec // samples are clamped to their precision
package jpeg

import "encoding/binary"

// ColorTransform is what a stream says its components are.
type ColorTransform uint8

// What a stream can say.
const (
	ColorUnknown ColorTransform = iota // nothing; one component is grey
	ColorYCbCr                         // Adobe APP14, transform 1: Y, Cb, Cr
	ColorJFIF                          // JFIF APP0: Y, Cb, Cr
	ColorRGB                           // Adobe APP14, transform 0, or components named R, G, B
	ColorCMYK                          // Adobe APP14, transform 0, of four components
	ColorYCCK                          // Adobe APP14, transform 2
)

// Image is one frame.
type Image struct {
	Rows, Columns int // 1..65535
	Samples       int // of a pixel: the components of the stream, 1..4
	Precision     int // bits of a sample: 8 or 12 for DCT, 2..16 for lossless (T.81 §B.2.2)

	// Pixels holds Rows × Columns × Samples values, row-major, samples
	// interleaved (Planar Configuration 0), unsigned: one byte each up to 8 bits
	// of precision, else two, the lower byte first.
	Pixels []byte

	Lossless  bool // process 14 without point transform: the pixels are what was encoded
	Transform ColorTransform

	// Spare is how many bytes stand between what was decoded of a scan, or of a restart
	// interval, and the marker that follows, over all of them. Encoders leave none.
	Spare int
}

// sampleBytes is the size of a sample in [Image.Pixels].
func sampleBytes(precision int) int {
	if precision > 8 {
		return 2
	}
	return 1
}

// The factors of JFIF 1.02 §7 in 1/65536.
const (
	crToR = 91881  // 1.40200
	cbToG = -22554 // -0.34414
	crToG = -46802 // -0.71414
	cbToB = 116130 // 1.77200
	half  = 1 << 15
)

// YCbCrToRGB makes pixels of [Image.Pixels]' layout with three samples RGB in place.
// An incomplete pixel at the end is left alone.
func YCbCrToRGB(pixels []byte, precision int) {
	limit := int32(1)<<uint(precision&31) - 1
	centre := (limit + 1) / 2
	if sampleBytes(precision) == 1 {
		for ; len(pixels) >= 3; pixels = pixels[3:] {
			r, g, b := toRGB(int32(pixels[0]), int32(pixels[1])-centre, int32(pixels[2])-centre, limit)
			pixels[0], pixels[1], pixels[2] = byte(r), byte(g), byte(b)
		}
		return
	}
	le := binary.LittleEndian
	for ; len(pixels) >= 6; pixels = pixels[6:] {
		r, g, b := toRGB(int32(le.Uint16(pixels)), int32(le.Uint16(pixels[2:]))-centre, int32(le.Uint16(pixels[4:]))-centre, limit)
		le.PutUint16(pixels, uint16(r))
		le.PutUint16(pixels[2:], uint16(g))
		le.PutUint16(pixels[4:], uint16(b))
	}
}

func toRGB(y, cb, cr, limit int32) (r, g, b int32) {
	r = y + int32((int64(crToR)*int64(cr)+half)>>16)
	g = y + int32((int64(cbToG)*int64(cb)+int64(crToG)*int64(cr)+half)>>16)
	b = y + int32((int64(cbToB)*int64(cb)+half)>>16)
	return clamp(r, limit), clamp(g, limit), clamp(b, limit)
}

// clamp brings v into 0..limit.
func clamp(v, limit int32) int32 {
	if uint32(v) <= uint32(limit) {
		return v
	}
	if v < 0 {
		return 0
	}
	return limit
}
