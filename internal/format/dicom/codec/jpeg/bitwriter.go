//nolint:gosec // the bytes of a field are cut out of wider numbers
package jpeg

import "encoding/binary"

// streamWriter builds a stream: markers, and entropy-coded data with its stuffed
// zeros (T.81 §F.1.2.3).
type streamWriter struct {
	out  []byte
	bits uint64 // those not yet written, in the lowest places
	held uint
}

// put writes the lowest n bits of v, n up to 32.
func (w *streamWriter) put(v uint32, n uint) {
	w.bits = w.bits<<(n&63) | uint64(v)
	w.held += n
	if w.held < 32 {
		return
	}
	w.held -= 32
	word := uint32(w.bits >> (w.held & 31))
	if (word&0x7F7F7F7F+0x01010101)&word&0x80808080 == 0 { // no byte is FF
		w.out = binary.BigEndian.AppendUint32(w.out, word)
		return
	}
	for shift := 24; shift >= 0; shift -= 8 {
		w.stuff(byte(word >> shift))
	}
}

func (w *streamWriter) stuff(c byte) {
	w.out = append(w.out, c)
	if c == 0xFF {
		w.out = append(w.out, 0)
	}
}

// flush pads with ones to a whole byte (T.81 §F.1.2.3).
func (w *streamWriter) flush() {
	if pad := (8 - w.held%8) % 8; pad > 0 {
		w.put(1<<pad-1, pad)
	}
	for ; w.held > 0; w.held -= 8 {
		w.stuff(byte(w.bits >> (w.held - 8)))
	}
}

// segment writes a marker with its parameters.
func (w *streamWriter) segment(marker byte, body ...byte) {
	w.out = append(w.out, 0xFF, marker)
	w.out = binary.BigEndian.AppendUint16(w.out, uint16(len(body)+2))
	w.out = append(w.out, body...)
}

// begin writes the start of image and what the stream says of its colours.
func (w *streamWriter) begin(color ColorTransform) {
	w.out = append(w.out, 0xFF, markerSOI)
	adobe := func(transform byte) {
		w.segment(markerAPP14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform)
	}
	switch color {
	case ColorJFIF: // version 1.02, pixels of no known size but square, no thumbnail
		w.segment(markerAPP0, 'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0)
	case ColorYCbCr:
		adobe(1)
	case ColorRGB, ColorCMYK:
		adobe(0)
	case ColorYCCK:
		adobe(2)
	case ColorUnknown:
	}
}

// frame writes a frame header of components without subsampling, named 1, 2 ….
// tables is the quantisation table of each.
func (w *streamWriter) frame(marker byte, m *Image, precision int, tables []byte) {
	body := []byte{
		byte(precision), byte(m.Rows >> 8), byte(m.Rows), byte(m.Columns >> 8), byte(m.Columns), byte(m.Samples),
	}
	for i, q := range tables {
		body = append(body, byte(i+1), 0x11, q)
	}
	w.segment(marker, body...)
}

// scan writes a scan header. tables is the destination of each component's tables.
func (w *streamWriter) scan(tables []byte, start, end byte) {
	body := []byte{byte(len(tables))}
	for i, t := range tables {
		body = append(body, byte(i+1), t)
	}
	w.segment(markerSOS, append(body, start, end, 0)...)
}

// end writes the end of image.
func (w *streamWriter) end() []byte {
	w.flush()
	return append(w.out, 0xFF, markerEOI)
}
