// Package jpeg2000 reads and writes JPEG 2000 images (ITU-T T.800, Part 1), as the
// transfer syntaxes 1.2.840.10008.1.2.4.90 and .91 hold them.
//
// It reads all of Part 1 that an image of one to four components of one precision
// can use: both wavelets, both transforms of colours, all progressions and styles of
// code-blocks, tiles, regions of interest, packed headers. It writes what is
// lossless. Part 15 (high throughput) is not done.
//
// Bytes that are read may be hostile: what is allocated is bounded by the limit that
// the caller sets and by the length of the data, and so is what is computed.
package jpeg2000

// Image is an image of one to four components.
type Image struct {
	Rows, Columns, Samples int
	Precision              int  // bits of a sample: 1 to 24
	Signed                 bool // the samples are two's complement
	// MCT is true where a transform of colours was undone (Decode). EncodeLossless
	// does one for three samples, whatever it is.
	MCT bool
	// Lossless is true if the wavelet is reversible and nothing is quantised. An
	// encoder may leave out passes of such an image; those that change nothing are
	// left out of lossless ones too, so that only the transfer syntax can tell.
	Lossless bool
	// Pixels are rows from the top, samples interleaved: one byte each up to 8 bits
	// of precision, two up to 16, else four; little endian. Signed ones are extended
	// to the bytes that they take.
	Pixels []byte
	// Spare is how many bytes no coefficient was decoded from (Decode): those behind the
	// packets of a tile, and what is longer in a code-block than its passes need, but
	// for the few bytes that encoders may leave there.
	Spare int
}

// sampleBytes returns the bytes of a sample in Pixels.
func sampleBytes(precision int) int {
	switch {
	case precision <= 8:
		return 1
	case precision <= 16:
		return 2
	default:
		return 4
	}
}
