package jpeg

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// check reports what an image cannot be.
func (m *Image) check(least, most int) error {
	switch {
	case m.Rows < 1 || m.Rows > math.MaxUint16 || m.Columns < 1 || m.Columns > math.MaxUint16 || m.Samples < 1 || m.Samples > 4:
		return invalid("an image of %d rows, %d columns, %d samples", m.Rows, m.Columns, m.Samples)
	case m.Precision < least || m.Precision > most:
		return invalid("%d bits, %d to %d can be", m.Precision, least, most)
	case int64(len(m.Pixels)) != int64(m.Rows)*int64(m.Columns)*int64(m.Samples*sampleBytes(m.Precision)):
		return invalid("%d bytes for %d rows, %d columns, %d samples of %d bits", len(m.Pixels), m.Rows, m.Columns, m.Samples, m.Precision)
	}
	return nil
}

// row unpacks a row of samples.
func (m *Image) row(out []uint16, y int) {
	n := m.Columns * m.Samples
	out = out[:n]
	if sampleBytes(m.Precision) == 1 {
		for i, v := range m.Pixels[y*n : (y+1)*n] {
			out[i] = uint16(v)
		}
		return
	}
	in := m.Pixels[2*y*n : 2*(y+1)*n]
	for i := range out {
		out[i] = binary.LittleEndian.Uint16(in[2*i : 2*i+2])
	}
}

// EncodeLossless writes an image of 2 to 16 bits by process 14 (T.81 §H), which
// loses nothing, with the predictor 1 to 7; 0 means 1, selection value 1 of DICOM's
// default syntax. The components are written as they are, in one scan, each with
// the Huffman code that is best for it. It is ErrInvalid if the image is none, or a
// sample exceeds the precision.
func EncodeLossless(m Image, predictor int) ([]byte, error) {
	if err := m.check(2, 16); err != nil {
		return nil, err
	}
	if predictor < 0 || predictor > 7 {
		return nil, invalid("predictor %d", predictor)
	}
	predictor = max(predictor, 1)
	counts := make([]statistics, m.Samples)
	if !m.differences(predictor, func(row []uint16) {
		for i := 0; i < len(row); i += len(counts) {
			for k := range counts {
				counts[k][sizeOf(row[i+k])]++
			}
		}
	}) {
		return nil, invalid("a sample exceeds %d bits", m.Precision)
	}
	w := streamWriter{out: make([]byte, 0, len(m.Pixels)/2+1024)}
	w.begin(m.Transform)
	w.frame(markerSOF3, &m, m.Precision, make([]byte, m.Samples))
	codes := make([]*code, m.Samples)
	tables := make([]byte, m.Samples)
	for i := range codes {
		codes[i], tables[i] = counts[i].code(), byte(i<<4)
		w.define(0, byte(i), codes[i])
	}
	w.scan(tables, byte(predictor), 0)
	m.differences(predictor, func(row []uint16) {
		for i := 0; i < len(row); i += len(codes) {
			for k, c := range codes {
				v := row[i+k]
				w.number(c, 0, int32(int16(v)), sizeOf(v)) //nolint:gosec // differences modulo 65536 are signed
			}
		}
	})
	return w.end(), nil
}

// differences calls visit with the differences of each row. It is false if a sample
// exceeds the precision.
func (m *Image) differences(predictor int, visit func(row []uint16)) bool {
	n := m.Columns * m.Samples
	row, above, out := make([]uint16, n), []uint16(nil), make([]uint16, n)
	for y := range m.Rows {
		m.row(row, y)
		if !fits(row, m.Precision) {
			return false
		}
		for i := range m.Samples {
			differ(out, row, above, i, m.Samples, predictor, 1<<(m.Precision-1))
		}
		visit(out)
		if above == nil {
			above = slices.Clone(row)
		} else {
			row, above = above, row
		}
	}
	return true
}

// sizeOf returns how many additional bits a difference modulo 65536 has, 16 for
// 32768 (T.81 Table H.2).
func sizeOf(v uint16) uint {
	if int16(v) < 0 { //nolint:gosec // differences modulo 65536 are signed
		v = -v
	}
	return uint(bits.Len16(v))
}
