// Package jpegls reads and writes JPEG-LS images (ITU-T T.87), lossless and
// near-lossless, as the transfer syntaxes 1.2.840.10008.1.2.4.80 and .81 hold them.
//
// Bytes that are read may be hostile: what is allocated is bounded by the limit that
// the caller sets, what is computed by the size of the image that fits it.
package jpegls

// Image is an image of one to four components.
type Image struct {
	Rows, Columns, Samples int
	Precision              int    // bits of a sample, 2 to 16
	Near                   int    // how far a sample may be from the original, 0 is lossless
	Pixels                 []byte // rows from the top, samples interleaved: a byte each up to 8 bits, else two, little endian
	Spare                  int    // bytes of scans and restart intervals behind what was decoded of them (Decode)
}

// bytes returns the bytes of a sample.
func (m *Image) bytes() int {
	if m.Precision <= 8 {
		return 1
	}
	return 2
}
