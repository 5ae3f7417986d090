package sinso

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
)

// CID names content by its hash: a CIDv1 in lower-case base32 (multibase "b"),
// always with a sha2-256 multihash. Two nodes give the same bytes the same CID.
// Only CIDs of ciphertext are ever written outside a node.
type CID string

// Codec says how the bytes under a CID are read (multicodec table).
type Codec byte

// The codecs that this node writes.
const (
	CodecRaw   Codec = 0x55 // a leaf: bytes
	CodecDagPB Codec = 0x70 // an inner node: links to blocks
)

const (
	cidVersion      = 0x01
	multihashSHA256 = 0x12
	cidBytes        = 4 + sha256.Size // version, codec, hash, length, digest
)

var cidEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// CIDOf returns the CID of one block's bytes.
func CIDOf(codec Codec, data []byte) CID {
	return CIDOfDigest(codec, sha256.Sum256(data))
}

// CIDOfDigest returns the CID of a block from the sha2-256 of its bytes.
func CIDOfDigest(codec Codec, digest [sha256.Size]byte) CID {
	b := make([]byte, 0, cidBytes)
	b = append(b, cidVersion, byte(codec), multihashSHA256, sha256.Size)
	return CID("b" + cidEncoding.EncodeToString(append(b, digest[:]...)))
}

// CIDFrom reads the 36 binary bytes of a CID ([CID.Bytes]).
func CIDFrom(b [cidBytes]byte) (CID, error) {
	cid := CID("b" + cidEncoding.EncodeToString(b[:]))
	_, err := cid.Bytes()
	return cid, err
}

// ParseCID reads a CID in the one form that this node writes; anything else is
// ErrInvalid. ParseCID(string(c)) == c for every CID it accepts.
func ParseCID(s string) (CID, error) {
	b, err := CID(s).Bytes()
	if err != nil {
		return "", err
	}
	if got := "b" + cidEncoding.EncodeToString(b); got != s {
		return "", fmt.Errorf("cid: not in canonical base32: %w", ErrInvalid)
	}
	return CID(s), nil
}

// Bytes returns the CID's 36 binary bytes: version, codec, multihash.
func (c CID) Bytes() ([]byte, error) {
	if len(c) == 0 || c[0] != 'b' {
		return nil, fmt.Errorf("cid: want a version 1 CID in base32: %w", ErrInvalid)
	}
	b, err := cidEncoding.DecodeString(string(c[1:]))
	if err != nil || len(b) != cidBytes || b[0] != cidVersion || b[2] != multihashSHA256 || b[3] != sha256.Size {
		return nil, fmt.Errorf("cid: want version 1 with a sha2-256 multihash: %w", ErrInvalid)
	}
	if codec := Codec(b[1]); codec != CodecRaw && codec != CodecDagPB {
		return nil, fmt.Errorf("cid: codec 0x%02x: %w", b[1], ErrUnsupported)
	}
	return b, nil
}

// Codec returns how the bytes under the CID are read, or 0 for a bad CID.
func (c CID) Codec() Codec {
	b, err := c.Bytes()
	if err != nil {
		return 0
	}
	return Codec(b[1])
}

// Verify returns ErrCorrupt if data is not what the CID names.
func (c CID) Verify(data []byte) error {
	b, err := c.Bytes()
	if err != nil {
		return err
	}
	if sha256.Sum256(data) != [sha256.Size]byte(b[4:]) {
		return fmt.Errorf("block %s: bytes do not match their CID: %w", c, ErrCorrupt)
	}
	return nil
}
