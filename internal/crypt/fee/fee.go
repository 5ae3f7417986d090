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
	header, b, err := newHeader(base, int64(len(plaintext)))
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
	header, b, err := newHeader(base, size)
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
func Open(key sinso.CEK, envelope []byte) ([]byte, error) {
	c, err := opening(key, envelope)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, 0, c.header.Size)
	for i, rest := int64(0), envelope[c.header.Bytes:]; i < c.header.Chunks; i++ {
		n := c.plainLength(i) + tagBytes
		if plain, err = c.open(plain, rest[:n], i); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	return plain, nil
}

// OpenInPlace is Open into the envelope's own memory. Nothing is left of the
// envelope, and no byte of it may be used after an error.
func OpenInPlace(key sinso.CEK, envelope []byte) ([]byte, error) {
	c, err := opening(key, envelope)
	if err != nil {
		return nil, err
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
	// Before anything is made of the size that the header claims.
	if got := int64(len(envelope)); got != header.EnvelopeSize() {
		return nil, sizeError(got, header)
	}
	return newChunks(key, header)
}

func sizeError(got int64, header Header) error {
	return fmt.Errorf("fee: the envelope has %d bytes, its header says %d: %w", got, header.EnvelopeSize(), sinso.ErrCorrupt)
}

// chunks seals and opens the chunks of one envelope. It may be used by several
// goroutines at once.
type chunks struct {
	aead   cipher.AEAD
	header Header
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
	return &chunks{aead, header}, nil
}

// plainLength returns the plain bytes of chunk i.
func (c *chunks) plainLength(i int64) int64 { return min(ChunkSize, c.header.Size-i*ChunkSize) }

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

func (c *chunks) open(dst, sealed []byte, i int64) ([]byte, error) {
	plain, err := c.aead.Open(dst, c.nonce(i), sealed, c.header.aad)
	if err != nil {
		return nil, fmt.Errorf("fee: chunk %d of %d does not open with this key: %w", i+1, c.header.Chunks, sinso.ErrCorrupt)
	}
	return plain, nil
}
