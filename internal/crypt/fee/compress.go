package fee

import (
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"sinso.dev/sinso"
)

// compressionZstd is the one value of the header's label for compression: each chunk is
// compressed by itself, and a sealed table of their lengths stands behind the last.
const compressionZstd = 1

// How a chunk of a compressed envelope is kept: its first byte, under the seal.
const (
	methodPlain = 0 // as it is
	methodZstd  = 1 // one frame of Zstandard (RFC 8878)
	methodWords = 2 // the same of the low bytes of its 16-bit words, then the high ones, then a byte that is left
)

const (
	methodBytes  = 1 // before what is kept of a chunk
	lengthBytes  = 4 // of one chunk in the table
	packedStride = methodBytes + ChunkSize + tagBytes
)

// Compressor seals with compression. Its methods may be called from several goroutines.
type Compressor struct{ enc *zstd.Encoder }

// NewCompressor returns a Compressor.
func NewCompressor() (*Compressor, error) {
	// The fastest level: after the bytes of the words were set apart the slower ones gain
	// little (docs/adr/0054).
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true), zstd.WithWindowSize(ChunkSize))
	if err != nil {
		return nil, fmt.Errorf("fee: zstd: %w", err)
	}
	return &Compressor{enc}, nil
}

// Seal is [Seal] with each chunk compressed where that makes it smaller; where it would of
// none, it is Seal. The bytes depend on the compressor too, so key and base must be fresh:
// derived from the plaintext alone they would meet other bytes when the compressor becomes
// a better one.
//
// The length of the envelope tells something of the plaintext.
func (z *Compressor) Seal(key sinso.CEK, base [7]byte, plaintext []byte) ([]byte, error) {
	methods, smaller := z.methods(plaintext)
	if !smaller { // decided before anything is sealed: one key and nonce seal once
		return Seal(key, base, plaintext)
	}
	header, b, err := newHeader(base, int64(len(plaintext)), compressionZstd)
	if err != nil {
		return nil, err
	}
	c, err := newChunks(key, header)
	if err != nil {
		return nil, err
	}
	envelope := append(make([]byte, 0, len(b)+len(plaintext)/2), b...)
	packed, words := make([]byte, 0, packedStride), make([]byte, ChunkSize)
	defer clear(packed[:cap(packed)])
	defer clear(words)
	table := make([]byte, 0, header.Chunks*lengthBytes)
	for i := range header.Chunks {
		start := i * ChunkSize
		packed = z.pack(packed[:0], plaintext[start:start+c.plainLength(i)], methods[i], words)
		table = binary.BigEndian.AppendUint32(table, uint32(len(packed)+tagBytes)) //nolint:gosec // at most packedStride
		envelope = c.seal(envelope, packed, i)
	}
	return c.aead.Seal(envelope, c.tableNonce(), table, c.header.aad), nil
}

// methods chooses how each chunk is kept, and reports whether any is to be compressed.
func (z *Compressor) methods(plaintext []byte) (methods []byte, smaller bool) {
	sample, words, out := make([]byte, 0, sampleBytes), make([]byte, sampleBytes), make([]byte, 0, 2*sampleBytes)
	defer clear(sample[:cap(sample)])
	defer clear(words)
	for start := 0; start < len(plaintext); start += ChunkSize {
		sample = sampleOf(sample[:0], plaintext[start:min(start+ChunkSize, len(plaintext))])
		method, least := byte(methodPlain), len(sample)-len(sample)/16 // less is not worth its time
		if n := len(z.enc.EncodeAll(sample, out[:0])); n < least {
			method, least = methodZstd, n
		}
		if n := len(z.enc.EncodeAll(split(words, sample), out[:0])); n < least {
			method = methodWords
		}
		methods, smaller = append(methods, method), smaller || method != methodPlain
	}
	return methods, smaller
}

// Of each chunk three parts are tried.
const (
	sampleParts = 3
	sampleBytes = sampleParts * 4 << 10
)

// sampleOf appends parts from all over a chunk, each from an even place on.
func sampleOf(sample, chunk []byte) []byte {
	if len(chunk) <= sampleBytes {
		return append(sample, chunk...)
	}
	const part = sampleBytes / sampleParts
	for i := range sampleParts {
		at := (len(chunk) - part) * i / (sampleParts - 1) &^ 1
		sample = append(sample, chunk[at:at+part]...)
	}
	return sample
}

// pack appends what is kept of a chunk.
func (z *Compressor) pack(dst, plain []byte, method byte, words []byte) []byte {
	from := plain
	if method == methodWords {
		from = split(words, plain)
	}
	if method != methodPlain {
		start := len(dst)
		if dst = z.enc.EncodeAll(from, append(dst, method)); len(dst)-start-methodBytes < len(plain) {
			return dst
		}
		dst = dst[:start]
	}
	return append(append(dst, methodPlain), plain...)
}

// split sets the bytes of 16-bit words apart: those at even places, then the others, then
// the last of an odd number. What differs little from one pixel to the next are the high
// ones.
func split(dst, src []byte) []byte {
	n := len(src) / 2
	low, high := dst[:n], dst[n:2*n]
	for i := range low {
		low[i], high[i] = src[2*i], src[2*i+1]
	}
	copy(dst[2*n:], src[2*n:])
	return dst[:len(src)]
}

// join appends to dst what split made src of.
func join(dst, src []byte) []byte {
	n := len(src) / 2
	low, high := src[:n], src[n:2*n]
	for i := range low {
		dst = append(dst, low[i], high[i])
	}
	return append(dst, src[2*n:]...)
}

// tableNonce is that of the table of lengths: no chunk's ends in 2.
func (c *chunks) tableNonce() []byte {
	return append(append(make([]byte, 0, 12), c.header.Base[:]...), 0, 0, 0, 0, 2)
}

// tableBytes is the length of the sealed table.
func (h Header) tableBytes() int64 { return h.Chunks*lengthBytes + tagBytes }

// fitsTable checks, before anything is made of what the header claims, that a compressed
// envelope of size bytes can hold its chunks.
func (h Header) fitsTable(size int64) error {
	if least := h.Bytes + h.Chunks*(methodBytes+tagBytes) + h.tableBytes(); size < least {
		return fmt.Errorf("fee: the envelope has %d bytes, %d chunks take %d: %w", size, h.Chunks, least, sinso.ErrCorrupt)
	}
	return nil
}

// readTable learns from the sealed table where each chunk of an envelope of size bytes is.
func (c *chunks) readTable(sealed []byte, size int64) error {
	table, err := c.aead.Open(nil, c.tableNonce(), sealed, c.header.aad)
	if err != nil {
		return fmt.Errorf("fee: the table of lengths does not open with this key: %w", sinso.ErrCorrupt)
	}
	c.places = make([]int64, 0, c.header.Chunks+1)
	at := c.header.Bytes
	for i := range c.header.Chunks {
		n := int64(binary.BigEndian.Uint32(table[i*lengthBytes:]))
		if n < methodBytes+tagBytes || n > methodBytes+c.plainLength(i)+tagBytes {
			return fmt.Errorf("fee: chunk %d of %d cannot have %d bytes: %w", i+1, c.header.Chunks, n, sinso.ErrCorrupt)
		}
		c.places = append(c.places, at)
		at += n
	}
	if c.places = append(c.places, at); at+c.header.tableBytes() != size {
		return fmt.Errorf("fee: the envelope has %d bytes, its table says %d: %w", size, at+c.header.tableBytes(), sinso.ErrCorrupt)
	}
	return nil
}

// newDecoder returns what unpacks, and never makes more than a chunk.
func newDecoder() (*zstd.Decoder, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(ChunkSize), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("fee: zstd: %w", err)
	}
	return dec, nil
}

// unpack appends the plain bytes of chunk i, of which packed is kept. buffer has room for
// a chunk.
func (c *chunks) unpack(dst, packed []byte, i int64, buffer []byte) ([]byte, error) {
	size := int(c.plainLength(i))
	method, body := packed[0], packed[methodBytes:] // readTable has seen that it is there
	if method == methodPlain && len(body) == size {
		return append(dst, body...), nil
	}
	if method != methodZstd && method != methodWords || len(body) >= size || !oneFrame(body, size) {
		return nil, c.notPacked(i)
	}
	plain, err := c.unzip.DecodeAll(body, buffer[:0])
	if err != nil || len(plain) != size {
		return nil, c.notPacked(i)
	}
	if method == methodWords {
		return join(dst, plain), nil
	}
	return append(dst, plain...), nil
}

func (c *chunks) notPacked(i int64) error {
	return fmt.Errorf("fee: chunk %d of %d is not kept as this format says: %w", i+1, c.header.Chunks, sinso.ErrCorrupt)
}

// oneFrame reports whether b is one frame of Zstandard that says it holds size bytes,
// without a dictionary and a checksum, and nothing else (RFC 8878 §3.1.1).
func oneFrame(b []byte, size int) bool {
	var h zstd.Header
	if err := h.Decode(b); err != nil || h.Skippable || h.DictionaryID != 0 || h.HasCheckSum || !h.SingleSegment || !h.HasFCS || h.FrameContentSize != uint64(size) { //nolint:gosec // not negative
		return false
	}
	const header, rle = 3, 1 // bytes of a block's header; the type of a block of one byte again and again
	for b = b[h.HeaderSize:]; len(b) >= header; {
		block := int(b[0]) | int(b[1])<<8 | int(b[2])<<16
		last, length := block&1 == 1, block>>3
		if block>>1&3 == rle {
			length = 1
		}
		if b = b[header:]; length > len(b) {
			return false
		}
		if b = b[length:]; last {
			return len(b) == 0
		}
	}
	return false
}
