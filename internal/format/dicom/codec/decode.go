package codec

import (
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
	"sinso.dev/sinso/internal/format/dicom/codec/rle"
)

const maxFrameBytes = 1 << 30 // of a decoded frame; a mammogram has 30 MB, an image of 16,384² in colour 800 MB

// DecodeFrame turns a frame of a transfer syntax, as [dicom.File.Frames] has it, into
// a native one: little endian, samples interleaved, cells as large as the shape says.
// data may become part of the result.
//
// Photometric Interpretation is that of the samples returned. YBR_FULL_422 and what
// a lossy JPEG has as Y, Cb, Cr becomes RGB; so do YBR_RCT and YBR_ICT, whose
// transform JPEG 2000 undoes itself. Native and losslessly coded YBR_FULL stays what
// it is, and what shares chrominance in it shares no more. Samples that take less
// bits than their cell are extended by their sign if Pixel Representation is 1.
// Of big endian data, words of 16 bits are swapped if a cell has more than 8 bits.
//
// It is ErrCorrupt if data is damaged or is not of the shape, ErrUnsupported if the
// transfer syntax or a part of the codec is not known, or a frame has more than 1 GiB.
func DecodeFrame(syntax string, data []byte, shape dicom.Shape) (dicom.Frame, error) {
	frame, _, err := decode(syntax, data, shape)
	return frame, err
}

// Inspect is [DecodeFrame], and returns how many bytes of the compressed data no sample
// was decoded from: something else may be in them. What marker segments hold is not
// counted, nor what RLE segments and native frames have behind the pixels.
func Inspect(syntax string, data []byte, shape dicom.Shape) (frame dicom.Frame, spare int, err error) {
	frame, coded, err := decode(syntax, data, shape)
	return frame, coded.spare, err
}

// coding is what a codec tells of a frame beside its samples.
type coding struct {
	lossy bool // it lost what it was made of
	spare int  // bytes that were not needed
}

// decode is DecodeFrame, with what the codec tells.
func decode(syntax string, data []byte, shape dicom.Shape) (frame dicom.Frame, coded coding, err error) {
	if err := check(shape); err != nil {
		return dicom.Frame{}, coding{}, err
	}
	limit := int64(shape.Rows) * int64(shape.Columns) * int64(shape.Samples) * 4 // no codec has larger samples
	switch kind := familyOf(syntax); kind {
	case native:
		if syntax == dicom.ExplicitBigEndian && shape.Allocated > 8 {
			data = swapped(data, 2)
		}
		frame, err = fromNative(data, shape)
	case packed:
		frame, err = fromRLE(data, shape)
	case jpegDCT, jpegLossless:
		frame, coded, err = fromJPEG(data, shape, limit, kind == jpegDCT)
	case jpegLS:
		frame, coded, err = fromJPEGLS(data, shape, limit)
	case jpeg2k:
		frame, coded, err = fromJPEG2000(data, shape, limit)
	case unknown:
		err = fmt.Errorf("codec: decode: transfer syntax %s: %w", syntax, sinso.ErrUnsupported)
	}
	return frame, coded, err
}

// check refuses shapes that cannot be, or are too large.
func check(s dicom.Shape) error {
	switch {
	case s.Rows < 1 || s.Columns < 1 || s.Rows > 1<<16 || s.Columns > 1<<16 || s.Samples < 1 || s.Samples > 4,
		s.Allocated != 1 && (s.Allocated < 8 || s.Allocated > 64 || s.Allocated%8 != 0):
		return fmt.Errorf("codec: rows, columns, samples or bits that cannot be: %w", sinso.ErrInvalid)
	case s.Bytes() > maxFrameBytes:
		return fmt.Errorf("codec: a frame of %d bytes, %d are allowed: %w", s.Bytes(), maxFrameBytes, sinso.ErrUnsupported)
	case s.Allocated == 1 && s.Samples > 1:
		return fmt.Errorf("codec: single bits of %d samples: %w", s.Samples, sinso.ErrUnsupported)
	}
	return nil
}

func fromRLE(data []byte, shape dicom.Shape) (dicom.Frame, error) {
	pixels, err := rle.Decode(data, shape)
	if err != nil {
		return dicom.Frame{}, err
	}
	shape.Planar, shape.Photometric = false, unshared(shape.Photometric)
	return dicom.Frame{Shape: shape, Data: pixels}, nil
}

func fromJPEG(data []byte, shape dicom.Shape, limit int64, lossy bool) (dicom.Frame, coding, error) {
	m, err := jpeg.Decode(data, limit)
	if err != nil {
		return dicom.Frame{}, coding{}, misfit(err, data, shape)
	}
	d := decoded{m.Rows, m.Columns, m.Samples, m.Precision, false, m.Pixels}
	if err := d.fit(shape); err != nil {
		return dicom.Frame{}, coding{}, err
	}
	if lossy && m.Samples == 3 && isYCbCr(shape.Photometric, m.Transform) {
		jpeg.YCbCrToRGB(m.Pixels, m.Precision)
		shape.Photometric = "RGB"
	}
	return d.frame(shape), coding{!m.Lossless, m.Spare}, nil
}

// isYCbCr reports whether the components of a lossy JPEG are Y, Cb, Cr. Photometric
// Interpretation says so (PS3.5 §8.2.1); where it says RGB, a stream that says
// otherwise of itself is believed.
func isYCbCr(photometric string, transform jpeg.ColorTransform) bool {
	switch photometric {
	case "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420":
		return true
	case "RGB":
		return transform == jpeg.ColorYCbCr || transform == jpeg.ColorJFIF
	default:
		return false
	}
}

func fromJPEGLS(data []byte, shape dicom.Shape, limit int64) (dicom.Frame, coding, error) {
	m, err := jpegls.Decode(data, limit)
	if err != nil {
		return dicom.Frame{}, coding{}, misfit(err, data, shape)
	}
	d := decoded{m.Rows, m.Columns, m.Samples, m.Precision, false, m.Pixels}
	if err := d.fit(shape); err != nil {
		return dicom.Frame{}, coding{}, err
	}
	shape.Photometric = unshared(shape.Photometric)
	return d.frame(shape), coding{m.Near > 0, m.Spare}, nil
}

func fromJPEG2000(data []byte, shape dicom.Shape, limit int64) (dicom.Frame, coding, error) {
	m, err := jpeg2000.Decode(data, limit)
	if err != nil {
		return dicom.Frame{}, coding{}, misfit(err, data, shape)
	}
	d := decoded{m.Rows, m.Columns, m.Samples, m.Precision, m.Signed, m.Pixels}
	if err := d.fit(shape); err != nil {
		return dicom.Frame{}, coding{}, err
	}
	switch shape.Photometric {
	case "YBR_RCT", "YBR_ICT":
		shape.Photometric = "RGB"
	default:
		shape.Photometric = unshared(shape.Photometric)
	}
	return d.frame(shape), coding{!m.Lossless, m.Spare}, nil
}

// unshared returns the Photometric Interpretation of samples that share no
// chrominance.
func unshared(photometric string) string {
	if photometric == "YBR_FULL_422" {
		return "YBR_FULL"
	}
	return photometric
}
