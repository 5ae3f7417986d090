// Package fee is the sealed form of an object: the Filecoin Encryption Envelope
// (FIP discussion 1253, a draft) in a profile with one shape. A COSE_Encrypt0
// header without recipients, then the ciphertext in chunks of AES-256-GCM:
//
//	version (1 byte) ‖ length of the header (4 bytes big-endian) ‖ header ‖ chunks
//
// Each chunk of 256 KiB, the last one shorter, opens by itself, so a reader of
// one frame decrypts what the frame needs. A chunk's nonce is the base (7 bytes)
// ‖ its index (4 bytes big-endian) ‖ 1 for the last chunk, else 0 (the STREAM
// construction). Its tag covers the header, which says how many bytes and chunks
// there are: no chunk can be cut off, added, moved or taken from another object.
//
// One key seals one object, once. Two plaintexts under the same key and base
// would show their difference and let tags be forged.
package fee

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"sinso.dev/sinso"
)

const (
	// ChunkSize is the plain bytes of every chunk but the last.
	ChunkSize = 256 << 10
	tagBytes  = 16 // of AES-GCM (RFC 9053 §4.1)
	stride    = ChunkSize + tagBytes
)

const commitmentLabel = "sinso/key/v1"

// KeyCommitment is what is published of a content key with an offer:
// sha256("sinso/key/v1" ‖ CEK ‖ the CID's 36 bytes). GCM alone would let a seller
// make a ciphertext that opens under two keys.
func KeyCommitment(key sinso.CEK, cid sinso.CID) (sinso.Hash, error) {
	b, err := cid.Bytes()
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("fee: key commitment: %w", err)
	}
	h := sha256.New()
	h.Write([]byte(commitmentLabel))
	h.Write(key[:])
	h.Write(b)
	return sinso.Hash(h.Sum(nil)), nil
}

// Seal encrypts a plaintext. base is random, or derived from a secret and the
// plaintext; never use it with the same key for other bytes. The same arguments
// give the same envelope. A key of zeros is ErrInvalid.
func Seal(key sinso.CEK, base [7]byte, plaintext []byte) ([]byte, error) {
	header, b, err := newHeader(base, int64(len(plaintext)), 0)
	if err != nil {
		return nil, err
	}
	c, err := newChunks(key, header)
	if err != nil {
		return nil, err
	}
	envelope := append(make([]byte, 0, header.EnvelopeSize()), b...)
	for i := range header.Chunks {
		start := i * ChunkSize
		envelope = c.seal(envelope, plaintext[start:start+c.plainLength(i)], i)
	}
	return envelope, nil
}

// Chunks seals the chunks of one envelope, one after the other, for a caller who has
// the plain bytes at hand and room for the sealed ones.
type Chunks struct {
	c    *chunks
	next int64
}

// NewChunks returns what stands before the chunks, and what seals them. Key and base as
// in Seal; size is of all plain bytes.
func NewChunks(key sinso.CEK, base [7]byte, size int64) (*Chunks, []byte, error) {
	header, b, err := newHeader(base, size, 0)
	if err != nil {
		return nil, nil, err
	}
	c, err := newChunks(key, header)
	if err != nil {
		return nil, nil, err
	}
	return &Chunks{c: c}, b, nil
}

// Left is how many chunks are not sealed yet. An empty envelope has one, too.
func (s *Chunks) Left() int64 { return s.c.header.Chunks - s.next }

// Plain is how many plain bytes the next chunk has.
func (s *Chunks) Plain() int { return int(s.c.plainLength(s.next)) }

// Sealed is how many bytes the next chunk has when it is sealed.
func (s *Chunks) Sealed() int { return s.Plain() + tagBytes }

// Seal appends the next chunk to dst. plain has the bytes that Plain says; of others, or
// with none left, it panics.
func (s *Chunks) Seal(dst, plain []byte) []byte {
	if s.Left() == 0 || len(plain) != s.Plain() {
		panic("fee: a chunk of another length")
	}
	dst = s.c.seal(dst, plain, s.next)
	s.next++
	return dst
}

// Open decrypts an envelope. Another key, any changed byte and any byte missing
// or too many is ErrCorrupt, and nothing is returned.
//
// A compressed envelope has up to some 10,000 times its bytes in it: who opens what others
// sealed wants [OpenInPlace], or [OpenAt] and a look at its Size.
func Open(key sinso.CEK, envelope []byte) ([]byte, error) {
	c, err := opening(key, envelope)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, 0, c.header.Size)
	for i := range c.header.Chunks {
		at, n := c.place(i)
		if plain, err = c.open(plain, envelope[at:at+n], i); err != nil {
			return nil, err
		}
	}
	return plain, nil
}

// OpenInPlace is Open into the envelope's own memory. Nothing is left of the envelope, and
// no byte of it may be used after an error. A compressed envelope, which has no room for
// what is in it, is ErrCorrupt and ErrUnsupported.
func OpenInPlace(key sinso.CEK, envelope []byte) ([]byte, error) {
	c, err := opening(key, envelope)
	if err != nil {
		return nil, err
	}
	if c.header.Compressed {
		return nil, fmt.Errorf("fee: a compressed envelope is not opened in place: %w, or %w", sinso.ErrCorrupt, sinso.ErrUnsupported)
	}
	plain := envelope[c.header.Bytes:c.header.Bytes]
	for i, rest := int64(0), envelope[c.header.Bytes:]; i < c.header.Chunks; i++ {
		n := c.plainLength(i) + tagBytes
		part, err := c.open(rest[:0], rest[:n], i)
		if err != nil {
			return nil, err
		}
		plain = append(plain, part...) // to the left: it never overtakes what is read
		rest = rest[n:]
	}
	return plain, nil
}

// opening reads and checks what stands before the chunks.
func opening(key sinso.CEK, envelope []byte) (*chunks, error) {
	header, err := ParseHeader(envelope)
	if err != nil {
		return nil, err
	}
	return openChunks(key, header, int64(len(envelope)), func(p []byte, at int64) error {
		copy(p, envelope[at:])
		return nil
	})
}

// openChunks opens what is needed before the chunks of an envelope of size bytes, from
// which read fills a slice: a compressed one has a table of their lengths. It compares the
// size before anything is made of what the header claims.
func openChunks(key sinso.CEK, header Header, size int64, read func(p []byte, at int64) error) (*chunks, error) {
	if !header.Compressed && size != header.EnvelopeSize() {
		return nil, sizeError(size, header)
	}
	c, err := newChunks(key, header)
	if err != nil || !header.Compressed {
		return c, err
	}
	if err := header.fitsTable(size); err != nil {
		return nil, err
	}
	sealed := make([]byte, header.tableBytes())
	if err := read(sealed, size-int64(len(sealed))); err != nil {
		return nil, err
	}
	if c.unzip, err = newDecoder(); err != nil {
		return nil, err
	}
	c.packed.New = func() any { return new(packedBuffer) }
	return c, c.readTable(sealed, size)
}

func sizeError(got int64, header Header) error {
	return fmt.Errorf("fee: the envelope has %d bytes, its header says %d: %w", got, header.EnvelopeSize(), sinso.ErrCorrupt)
}

// chunks seals and opens the chunks of one envelope. It may be used by several
// goroutines at once.
type chunks struct {
	aead   cipher.AEAD
	header Header

	// Of a compressed envelope that is opened:
	places []int64 // of each chunk, and the end of the last
	unzip  *zstd.Decoder
	packed sync.Pool // of *packedBuffer
}

// packedBuffer is room for what is kept of a chunk, and for what is unpacked.
type packedBuffer struct {
	packed [packedStride]byte
	plain  [ChunkSize]byte
}

func newChunks(key sinso.CEK, header Header) (*chunks, error) {
	if key == (sinso.CEK{}) {
		return nil, fmt.Errorf("fee: a content key of zeros: %w", sinso.ErrInvalid)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("fee: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("fee: %w", err)
	}
	return &chunks{aead: aead, header: header}, nil
}

// plainLength returns the plain bytes of chunk i.
func (c *chunks) plainLength(i int64) int64 { return min(ChunkSize, c.header.Size-i*ChunkSize) }

// place returns where sealed chunk i stands in the envelope, and how many bytes it has.
func (c *chunks) place(i int64) (at, length int64) {
	if c.places != nil {
		return c.places[i], c.places[i+1] - c.places[i]
	}
	return c.header.Bytes + i*stride, c.plainLength(i) + tagBytes
}

func (c *chunks) isLast(i int64) bool { return i == c.header.Chunks-1 }

func (c *chunks) nonce(i int64) []byte {
	nonce := append(make([]byte, 0, 12), c.header.Base[:]...)
	nonce = binary.BigEndian.AppendUint32(nonce, uint32(i)) //nolint:gosec // below maxChunks
	if c.isLast(i) {
		return append(nonce, 1)
	}
	return append(nonce, 0)
}

func (c *chunks) seal(dst, plain []byte, i int64) []byte {
	return c.aead.Seal(dst, c.nonce(i), plain, c.header.aad)
}

// open appends the plain bytes of chunk i to dst, which may be the memory of sealed.
func (c *chunks) open(dst, sealed []byte, i int64) ([]byte, error) {
	if c.header.Compressed {
		return c.openPacked(dst, sealed, i)
	}
	return c.openChunk(dst, sealed, i)
}

func (c *chunks) openChunk(dst, sealed []byte, i int64) ([]byte, error) {
	plain, err := c.aead.Open(dst, c.nonce(i), sealed, c.header.aad)
	if err != nil {
		return nil, fmt.Errorf("fee: chunk %d of %d does not open with this key: %w", i+1, c.header.Chunks, sinso.ErrCorrupt)
	}
	return plain, nil
}

func (c *chunks) openPacked(dst, sealed []byte, i int64) ([]byte, error) {
	buffer, ok := c.packed.Get().(*packedBuffer)
	if !ok {
		buffer = new(packedBuffer)
	}
	defer c.packed.Put(buffer)
	packed, err := c.openChunk(buffer.packed[:0], sealed, i)
	if err != nil {
		return nil, err
	}
	plain, err := c.unpack(dst, packed, i, buffer.plain[:])
	clear(packed)
	clear(buffer.plain[:c.plainLength(i)])
	return plain, err
}
