package codec

import (
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
	"sinso.dev/sinso/internal/format/dicom/codec/rle"
)

// baselineQuality is the quality that baseline JPEG is written with, of 100.
const baselineQuality = 90

// EncodeFrame turns a native frame into one of a transfer syntax that [CanEncode]
// knows; all but baseline JPEG lose nothing. Baseline takes samples of 8 bits, one
// (MONOCHROME1, MONOCHROME2) or three (RGB, YBR_FULL), and writes Y, Cb, Cr.
//
// Of samples that do not use all bits of their cell, as they should, no more is
// coded than Bits Stored; where others are set, all of the cell are.
//
// It is ErrInvalid if the data is not as long as the shape says, ErrUnsupported if
// the transfer syntax cannot hold such a frame.
func EncodeFrame(syntax string, frame dicom.Frame) ([]byte, error) {
	if err := check(frame.Shape); err != nil {
		return nil, err
	}
	if int64(len(frame.Data)) != frame.Bytes() {
		return nil, fmt.Errorf("codec: encode: %d bytes, the shape says %d: %w", len(frame.Data), frame.Bytes(), sinso.ErrInvalid)
	}
	if !CanEncode(syntax) {
		return nil, fmt.Errorf("codec: encode: transfer syntax %s: %w", syntax, sinso.ErrUnsupported)
	}
	kind := familyOf(syntax)
	if frame.Allocated == 1 && kind != native {
		return nil, fmt.Errorf("codec: encode: samples of one bit in transfer syntax %s: %w", syntax, sinso.ErrUnsupported)
	}
	if frame.Planar && frame.Samples > 1 {
		frame.Data = interleave(frame.Data, frame.Samples, frame.Allocated/8)
	}
	frame.Planar = false
	if frame.Allocated > 32 && kind != native && kind != packed {
		return nil, fmt.Errorf("codec: encode: samples of %d bits in transfer syntax %s: %w", frame.Allocated, syntax, sinso.ErrUnsupported)
	}
	return encode(syntax, kind, frame)
}

// encode encodes a frame that was checked, samples interleaved.
func encode(syntax string, kind family, frame dicom.Frame) ([]byte, error) {
	switch {
	case kind == native && syntax == dicom.ExplicitBigEndian && frame.Allocated > 8:
		return swapped(frame.Data, 2), nil
	case kind == native:
		return frame.Data, nil
	case kind == packed:
		return rle.Encode(frame)
	case kind == jpegDCT:
		return baseline(frame)
	}
	precision := precisionOf(frame)
	switch {
	case kind == jpeg2k && precision <= maxPrecision2000:
		return jpeg2000.EncodeLossless(jpeg2000.Image{
			Rows: frame.Rows, Columns: frame.Columns, Samples: frame.Samples, Precision: precision,
			Signed: frame.Signed, Pixels: samplesOf(frame, precision, frame.Signed),
		})
	case precision > 16:
		return nil, fmt.Errorf("codec: encode: samples of %d bits in transfer syntax %s: %w", precision, syntax, sinso.ErrUnsupported)
	case kind == jpegLossless:
		return jpeg.EncodeLossless(jpeg.Image{
			Rows: frame.Rows, Columns: frame.Columns, Samples: frame.Samples, Precision: precision,
			Pixels: samplesOf(frame, precision, false),
		}, 1)
	default:
		return jpegls.Encode(jpegls.Image{
			Rows: frame.Rows, Columns: frame.Columns, Samples: frame.Samples, Precision: precision,
			Pixels: samplesOf(frame, precision, false),
		}, 0)
	}
}

const maxPrecision2000 = 24 // bits that jpeg2000 has

// baseline encodes samples of 8 bits.
func baseline(frame dicom.Frame) ([]byte, error) {
	m := jpeg.Image{Rows: frame.Rows, Columns: frame.Columns, Samples: frame.Samples, Precision: 8, Pixels: frame.Data}
	switch {
	case frame.Allocated != 8 || frame.Signed:
	case frame.Samples == 1 && frame.Photometric != "PALETTE COLOR":
		return jpeg.EncodeBaseline(m, baselineQuality)
	case frame.Samples == 3 && frame.Photometric == "RGB":
		m.Transform = jpeg.ColorRGB
		return jpeg.EncodeBaseline(m, baselineQuality)
	case frame.Samples == 3 && frame.Photometric == "YBR_FULL":
		m.Transform = jpeg.ColorYCbCr
		return jpeg.EncodeBaseline(m, baselineQuality)
	}
	return nil, fmt.Errorf("codec: encode: %d samples of %d bits in baseline JPEG: %w", frame.Samples, frame.Allocated, sinso.ErrUnsupported)
}

// precisionOf returns the bits of a sample that are coded: Bits Stored if all samples
// are what these bits say, else all of their cell. JPEG has no less than two.
func precisionOf(f dicom.Frame) int {
	if f.Stored >= f.Allocated || f.Stored < 1 || f.High != f.Stored-1 || f.Allocated > 32 {
		return f.Allocated
	}
	stored, cell := max(f.Stored, 2), f.Allocated/8
	full := uint64(1)<<f.Allocated - 1
	for at := 0; at < len(f.Data); at += cell {
		var v uint64
		if cell == 2 {
			v = uint64(binary.LittleEndian.Uint16(f.Data[at:]))
		} else {
			v = load(f.Data[at : at+cell])
		}
		if narrowed(v, stored, f.Signed)&full != v {
			return f.Allocated
		}
	}
	return stored
}

// samplesOf returns the samples as codecs take them: in as many bytes as the
// precision needs, without what is above it or, if signed, extended.
func samplesOf(f dicom.Frame, precision int, signed bool) []byte {
	size, cell := bytesOf(precision), f.Allocated/8
	if size == cell && (precision == f.Allocated || signed == f.Signed) {
		return f.Data
	}
	out := make([]byte, len(f.Data)/cell*size)
	var wide [8]byte
	for from, to := 0, 0; from < len(f.Data); from, to = from+cell, to+size {
		binary.LittleEndian.PutUint64(wide[:], narrowed(load(f.Data[from:from+cell]), precision, signed))
		copy(out[to:to+size], wide[:])
	}
	return out
}
