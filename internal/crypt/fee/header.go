package fee

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"sinso.dev/sinso"
)

// The frame around the COSE header.
const (
	version     = 1
	prefixBytes = 5         // version, length of the header (4 bytes big-endian)
	maxHeader   = 1 << 10   // bytes; one that we write has 80 to 100
	maxChunks   = 1<<32 - 1 // the index in the nonce has 4 bytes and must not wrap
)

// What the header says (FIP discussion 1253; RFC 9052 §5.2).
const (
	tagEncrypt0 = 16     // COSE_Encrypt0 (RFC 9052 §2)
	algChunked  = -65793 // AES-256-GCM, chunked, STREAM
	contentType = "application/vnd.filecoin-encryption+cose"
	context0    = "Encrypt0" // of the Enc_structure (RFC 9052 §5.3)
)

// protected is the header that every chunk's tag covers. Labels below -65536 are
// for private use (RFC 9052 §11.1): three of the profile's, one of ours.
type protected struct {
	Algorithm   int64  `cbor:"1,keyasint"`
	Type        string `cbor:"16,keyasint"`
	ChunkSize   uint64 `cbor:"-1,keyasint"`
	Size        uint64 `cbor:"-65789,keyasint"` // plain bytes
	Chunks      uint64 `cbor:"-65791,keyasint"`
	Compression uint64 `cbor:"-65800,keyasint,omitempty"` // ours; absent means none
}

// unprotected holds the nonce's base alone. It needs no protection: with another
// base no chunk opens.
type unprotected struct {
	Base []byte `cbor:"5,keyasint"`
}

// encrypt0 is COSE_Encrypt0 with detached ciphertext (RFC 9052 §5.2).
type encrypt0 struct {
	_           struct{} `cbor:",toarray"`
	Protected   []byte
	Unprotected unprotected
	Ciphertext  []byte // nil: detached
}

// encStructure is what a chunk's tag covers besides the chunk (RFC 9052 §5.3).
type encStructure struct {
	_         struct{} `cbor:",toarray"`
	Context   string
	Protected []byte
	External  []byte
}

// Header is what an envelope says of itself. Nothing of it is to be believed
// before a chunk has opened.
type Header struct {
	Base   [7]byte // of the nonces
	Size   int64   // of the plaintext, bytes
	Chunks int64
	Bytes  int64 // before the first chunk: version, length, header
	// Compressed says that chunks are as long as a table behind the last one says.
	Compressed bool

	aad []byte // the Enc_structure
}

// EnvelopeSize returns the bytes of the envelope of size plain bytes.
func EnvelopeSize(size int64) (int64, error) {
	header, _, err := newHeader([7]byte{}, size, 0)
	return header.EnvelopeSize(), err
}

// EnvelopeSize returns the bytes of the whole envelope, -1 if it is compressed: its
// header does not tell.
func (h Header) EnvelopeSize() int64 {
	if h.Compressed {
		return -1
	}
	return h.Bytes + h.Size + h.Chunks*tagBytes
}

// MaxPlain is the longest plaintext that an envelope holds, in bytes: 1 PiB but
// for one chunk.
const MaxPlain = maxChunks * ChunkSize

// newHeader returns the header for a plaintext and its bytes, version first.
func newHeader(base [7]byte, size int64, compression uint64) (Header, []byte, error) {
	if size < 0 || size > MaxPlain {
		return Header{}, nil, fmt.Errorf("fee: a plaintext of %d bytes: %w", size, sinso.ErrInvalid)
	}
	codec, err := newCodec()
	if err != nil {
		return Header{}, nil, err
	}
	h := Header{Base: base, Size: size, Chunks: max(1, (size+ChunkSize-1)/ChunkSize), Compressed: compression != 0}
	inner, err := codec.enc.Marshal(protected{
		Algorithm: algChunked, Type: contentType, ChunkSize: ChunkSize,
		Size: uint64(size), Chunks: uint64(h.Chunks), Compression: compression, //nolint:gosec // all are positive: checked above
	})
	if err != nil {
		return Header{}, nil, fmt.Errorf("fee: encode the header: %w", err)
	}
	if h.aad, err = codec.enc.Marshal(encStructure{Context: context0, Protected: inner, External: []byte{}}); err != nil {
		return Header{}, nil, fmt.Errorf("fee: encode the header: %w", err)
	}
	outer, err := codec.enc.Marshal(cbor.Tag{Number: tagEncrypt0, Content: encrypt0{Protected: inner, Unprotected: unprotected{base[:]}}})
	if err != nil {
		return Header{}, nil, fmt.Errorf("fee: encode the header: %w", err)
	}
	b := binary.BigEndian.AppendUint32([]byte{version}, uint32(len(outer))) //nolint:gosec // some 100 bytes
	b = append(b, outer...)
	h.Bytes = int64(len(b))
	return h, b, nil
}

// ParseHeader reads the header at the beginning of an envelope; b need not hold
// more than that. It takes only the bytes that Seal writes for what they say, so
// there is one header for one meaning. Anything else is ErrCorrupt; if it could
// be of a newer version, or use what this version does not do, it is
// ErrUnsupported too.
func ParseHeader(b []byte) (Header, error) {
	length, err := headerLength(b)
	if err != nil {
		return Header{}, err
	}
	if len(b) < length {
		return Header{}, fmt.Errorf("fee: the envelope is cut off in its header: %w", sinso.ErrCorrupt)
	}
	base, size, compression, err := decodeHeader(b[prefixBytes:length])
	if err != nil {
		return Header{}, err
	}
	header, again, err := newHeader(base, size, compression)
	if err != nil || !bytes.Equal(again, b[:length]) {
		return Header{}, fmt.Errorf("fee: the header is not in the one form for what it says: %w", sinso.ErrCorrupt)
	}
	return header, nil
}

// headerLength returns the bytes before the first chunk, from the first
// prefixBytes of an envelope.
func headerLength(b []byte) (int, error) {
	if len(b) < prefixBytes {
		return 0, fmt.Errorf("fee: an envelope of %d bytes: %w", len(b), sinso.ErrCorrupt)
	}
	if b[0] != version {
		return 0, unsupported("version", int64(b[0]))
	}
	length := binary.BigEndian.Uint32(b[1:prefixBytes])
	if length > maxHeader {
		return 0, fmt.Errorf("fee: a header of %d bytes: %w", length, sinso.ErrCorrupt)
	}
	return prefixBytes + int(length), nil
}

func decodeHeader(b []byte) (base [7]byte, size int64, compression uint64, err error) {
	codec, err := newCodec()
	if err != nil {
		return base, 0, 0, err
	}
	var tag cbor.RawTag
	if err := codec.dec.Unmarshal(b, &tag); err != nil || tag.Number != tagEncrypt0 {
		return base, 0, 0, fmt.Errorf("fee: the header is not a COSE_Encrypt0: %w", sinso.ErrCorrupt)
	}
	var outer encrypt0
	if err := codec.dec.Unmarshal(tag.Content, &outer); err != nil || len(outer.Unprotected.Base) != len(base) {
		return base, 0, 0, fmt.Errorf("fee: the header is not that of a detached, chunked ciphertext: %w", sinso.ErrCorrupt)
	}
	var inner protected
	if err := codec.dec.Unmarshal(outer.Protected, &inner); err != nil {
		return base, 0, 0, fmt.Errorf("fee: the protected header does not decode, or has a label that this version does not know: %w, or %w", sinso.ErrCorrupt, sinso.ErrUnsupported)
	}
	switch {
	case inner.Algorithm != algChunked:
		return base, 0, 0, unsupported("algorithm", inner.Algorithm)
	case inner.Compression > compressionZstd:
		return base, 0, 0, unsupported("compression", inner.Compression)
	case inner.ChunkSize != ChunkSize:
		return base, 0, 0, unsupported("chunk size", inner.ChunkSize)
	case inner.Size > MaxPlain:
		return base, 0, 0, fmt.Errorf("fee: a plaintext of %d bytes: %w", inner.Size, sinso.ErrCorrupt)
	}
	return [7]byte(outer.Unprotected.Base), int64(inner.Size), inner.Compression, nil
}

// unsupported is both classes: nobody can tell a flipped bit from a newer writer.
func unsupported[T int64 | uint64](what string, value T) error {
	return fmt.Errorf("fee: %s %d: %w, or %w", what, value, sinso.ErrCorrupt, sinso.ErrUnsupported)
}

// codec is deterministic CBOR (RFC 8949 §4.2.1), read strictly.
type codec struct {
	enc cbor.EncMode
	dec cbor.DecMode
}

func newCodec() (codec, error) {
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		return codec{}, fmt.Errorf("fee: cbor: %w", err)
	}
	dec, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		MaxNestedLevels:   4, MaxArrayElements: 16, MaxMapPairs: 16, // the header has 3, 4 and 6
	}.DecMode()
	if err != nil {
		return codec{}, fmt.Errorf("fee: cbor: %w", err)
	}
	return codec{enc, dec}, nil
}
