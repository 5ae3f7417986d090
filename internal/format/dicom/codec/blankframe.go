package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
	"sinso.dev/sinso/internal/format/dicom/codec/rle"
)

// frame returns a frame in fragments with boxes blanked, in the same transfer syntax.
func (b *blanker) frame(data []byte, boxes []image.Rectangle) ([]byte, error) {
	limit := int64(b.shape.Rows) * int64(b.shape.Columns) * int64(b.shape.Samples) * 4 // no codec has larger samples
	var out []byte
	var err error
	switch familyOf(b.syntax) {
	case native:
		return b.uncompressed(data, boxes)
	case packed:
		return b.packed(data, boxes)
	case jpegDCT:
		out, err = jpeg.Blank(data, boxes, limit, b.coefficients)
	case jpegLossless:
		out, err = b.jpegLossless(data, boxes, limit)
	case jpegLS:
		out, err = b.jpegLS(data, boxes, limit)
	case jpeg2k:
		out, err = b.jpeg2000(data, boxes, limit)
	case unknown:
		return nil, fmt.Errorf("codec: blank: transfer syntax %s: %w", b.syntax, sinso.ErrUnsupported)
	}
	if err != nil {
		return nil, misfit(err, data, b.shape)
	}
	return out, nil
}

// uncompressed blanks a native frame in a fragment.
func (b *blanker) uncompressed(data []byte, boxes []image.Rectangle) ([]byte, error) {
	if b.syntax != EncapsulatedUncompressed {
		return nil, fmt.Errorf("codec: blank: fragments in transfer syntax %s: %w", b.syntax, sinso.ErrUnsupported)
	}
	if _, err := fromNative(data, b.shape); err != nil {
		return nil, err
	}
	data = bytes.Clone(data)
	return data, b.paint(data, b.shape, 0, boxes)
}

func (b *blanker) packed(data []byte, boxes []image.Rectangle) ([]byte, error) {
	pixels, err := rle.Decode(data, b.shape)
	if err != nil {
		return nil, err
	}
	frame := dicom.Frame{Shape: b.shape, Data: pixels}
	frame.Planar, frame.Photometric = false, unshared(b.shape.Photometric)
	if err := b.paint(pixels, frame.Shape, 0, boxes); err != nil {
		return nil, err
	}
	if frame.Allocated == 1 { // packed as the bytes that they are in
		frame.Rows, frame.Columns, frame.Allocated = 1, len(pixels), 8
	}
	return rle.Encode(frame)
}

// coefficients returns the blank of a lossy JPEG's components.
func (b *blanker) coefficients(m jpeg.Image) ([]uint16, error) {
	d := decoded{rows: m.Rows, columns: m.Columns, samples: m.Samples, precision: m.Precision}
	if err := d.fit(b.shape); err != nil {
		return nil, err
	}
	photometric := b.shape.Photometric
	switch {
	case photometric == "PALETTE COLOR":
		return nil, fmt.Errorf("codec: blank: a palette with lossy samples: %w", sinso.ErrUnsupported)
	case m.Samples == 3 && isYCbCr(photometric, m.Transform):
		photometric = "YBR_FULL"
	}
	values, err := b.coded(photometric, m.Precision, false)
	if err != nil {
		return nil, err
	}
	out := make([]uint16, len(values))
	for i, v := range values {
		out[i] = uint16(v) //nolint:gosec // of that precision
	}
	return out, nil
}

func (b *blanker) jpegLossless(data []byte, boxes []image.Rectangle, limit int64) ([]byte, error) {
	m, err := jpeg.Decode(data, limit)
	if err != nil {
		return nil, err
	}
	if err := b.image(decoded{m.Rows, m.Columns, m.Samples, m.Precision, false, m.Pixels}, boxes); err != nil {
		return nil, err
	}
	return jpeg.EncodeLossless(m, 1) // a predictor that both syntaxes allow
}

func (b *blanker) jpegLS(data []byte, boxes []image.Rectangle, limit int64) ([]byte, error) {
	m, err := jpegls.Decode(data, limit)
	if err != nil {
		return nil, err
	}
	if err := b.image(decoded{m.Rows, m.Columns, m.Samples, m.Precision, false, m.Pixels}, boxes); err != nil {
		return nil, err
	}
	return jpegls.Encode(m, 0)
}

func (b *blanker) jpeg2000(data []byte, boxes []image.Rectangle, limit int64) ([]byte, error) {
	m, err := jpeg2000.Decode(data, limit)
	if err != nil {
		return nil, err
	}
	if err := b.image(decoded{m.Rows, m.Columns, m.Samples, m.Precision, m.Signed, m.Pixels}, boxes); err != nil {
		return nil, err
	}
	if m.MCT {
		b.transformed++
	}
	return jpeg2000.EncodeAsIs(m)
}

// image blanks what a codec decoded, whose samples have the codec's size and sign and
// not yet the cells of the object.
func (b *blanker) image(d decoded, boxes []image.Rectangle) error {
	if err := d.fit(b.shape); err != nil {
		return err
	}
	values, err := b.coded(b.shape.Photometric, d.precision, d.signed)
	if err != nil {
		return err
	}
	c := canvas{data: d.pixels, columns: d.columns, rows: d.rows}
	for _, v := range values {
		c.fill = append(c.fill, cellOf(v, bytesOf(d.precision)))
	}
	c.paint(boxes)
	return nil
}

// coded returns the background as the samples of a stream of a precision have it: two's
// complement in so many bits, extended if the stream is signed.
func (b *blanker) coded(photometric string, precision int, signed bool) ([]uint64, error) {
	bits := min(b.shape.Stored, precision)
	values, err := b.background(photometric, bits)
	if err != nil {
		return nil, err
	}
	above := min(b.shape.High+1-b.shape.Stored, precision-bits) // samples need not end at the lowest bit
	out := make([]uint64, len(values))
	for i, v := range values {
		out[i] = narrowed(uint64(v)<<above, precision, signed) //nolint:gosec // two's complement
	}
	return out, nil
}

// paint blanks boxes of frame n of native pixel data.
func (b *blanker) paint(data []byte, s dicom.Shape, n int, boxes []image.Rectangle) error {
	values, err := b.background(s.Photometric, s.Stored)
	if err != nil {
		return err
	}
	pixels := int64(s.Rows) * int64(s.Columns)
	if s.Allocated == 1 {
		paintBits(data, int64(n)*pixels, s.Columns, values[0] == 1, boxes)
		return nil
	}
	size := s.Bytes()
	if s.Photometric == "YBR_FULL_422" {
		size = size / 3 * 2
		paintShared(data[int64(n)*size:], s.Columns, values, boxes)
		return nil
	}
	c := canvas{data: data[int64(n)*size:], columns: s.Columns, rows: s.Rows, planar: s.Planar && s.Samples > 1}
	for _, v := range values {
		c.fill = append(c.fill, cellOf(uint64(v)<<(s.High+1-s.Stored), s.Allocated/8)) //nolint:gosec // two's complement
	}
	c.paint(boxes)
	return nil
}

// cellOf returns a value as little endian bytes.
func cellOf(v uint64, size int) []byte {
	return binary.LittleEndian.AppendUint64(nil, v)[:size]
}

// canvas is a frame of cells of whole bytes.
type canvas struct {
	data          []byte
	columns, rows int
	planar        bool
	fill          [][]byte // of each sample: what its cells become
}

// paint fills boxes that are in the frame.
func (c *canvas) paint(boxes []image.Rectangle) {
	cell, samples := len(c.fill[0]), len(c.fill)
	step, plane := samples*cell, cell
	if c.planar {
		step, plane = cell, c.columns*c.rows*cell
	}
	for _, box := range boxes {
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for s, fill := range c.fill {
				at := (y*c.columns+box.Min.X)*step + s*plane
				for range box.Dx() {
					copy(c.data[at:at+cell], fill)
					at += step
				}
			}
		}
	}
}

// paintBits fills boxes of a frame of single bits that begins at one of them.
func paintBits(data []byte, first int64, columns int, set bool, boxes []image.Rectangle) {
	for _, box := range boxes {
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for x := box.Min.X; x < box.Max.X; x++ {
				at := first + int64(y)*int64(columns) + int64(x)
				if bit := byte(1) << (at % 8); set {
					data[at/8] |= bit
				} else {
					data[at/8] &^= bit
				}
			}
		}
	}
}

// paintShared fills boxes of pixels of which two share chrominance: Y1 Y2 Cb Cr (PS3.3
// C.7.6.3.1.2).
func paintShared(data []byte, columns int, values []int64, boxes []image.Rectangle) {
	for _, box := range boxes {
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for x := box.Min.X; x < box.Max.X; x++ {
				pair := data[(y*columns+x)/2*4:][:4]
				pair[x%2], pair[2], pair[3] = byte(values[0]), byte(values[1]), byte(values[2]) //nolint:gosec // 8 bits
			}
		}
	}
}
