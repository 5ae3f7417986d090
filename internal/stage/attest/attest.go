// Package attest makes and checks the evidence that a de-identified study still
// is the institution's.
//
// When a derivative is made, every element and frame of each original becomes a
// leaf with a salt of its own, the leaves of an instance a Merkle tree, the
// instances of a study a Merkle tree over those, and the institution signs the
// study's root. Of each leaf the evidence then says one of three things: it is
// retained (the salt is disclosed, and the verifier finds path and value in the
// derivative), it is changed (declared, not proven), or it is withheld (a hash
// and nothing else). Whatever stands in the derivative and not in the original
// is declared as added. Evidence proves "as the institution signed", never
// "true". The bytes are described in docs/formats.md, "evidence".
package attest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"

	"github.com/fxamacker/cbor/v2"

	"sinso.dev/sinso"
)

// Version is the version of statement and bundle that this package writes.
const Version = 1

// PieceError says which piece of evidence failed. It never holds a value of the
// study. Its class is [sinso.ErrCorrupt], or that of the error it wraps.
type PieceError struct {
	Piece string // "statement signature", "instance 3: element (0028,0010)"
	Err   error
}

// Error implements error.
func (e *PieceError) Error() string { return "attest: " + e.Piece + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *PieceError) Unwrap() error { return e.Err }

// failed returns a PieceError of class ErrCorrupt.
func failed(piece, why string) error {
	return &PieceError{piece, fmt.Errorf("%s: %w", why, sinso.ErrCorrupt)}
}

// salter derives the salts of an instance's leaves, so that each can be disclosed alone
// and none has to be stored.
type salter struct {
	mac      hash.Hash
	instance uint32
}

func newSalter(secret [32]byte, instance uint32) *salter {
	return &salter{hmac.New(sha256.New, secret[:]), instance}
}

// of returns the salt of one leaf.
func (s *salter) of(leaf uint32) [saltBytes]byte {
	s.mac.Reset()
	s.mac.Write([]byte("sinso/evidence/leaf-salt/v1"))
	var place [8]byte
	binary.BigEndian.PutUint32(place[:4], s.instance)
	binary.BigEndian.PutUint32(place[4:], leaf)
	s.mac.Write(place[:])
	var sum [sha256.Size]byte
	return [saltBytes]byte(s.mac.Sum(sum[:0]))
}

const saltBytes = 16

// codec is deterministic CBOR (RFC 8949 §4.2.1), read strictly.
type codec struct {
	enc cbor.EncMode
	dec cbor.DecMode
}

// Limits of what is decoded. A study of maxInstances needs no more.
const (
	maxBundleBytes = 256 << 20
	maxInstances   = 1 << 17
	maxWorks       = 64
	maxProofs      = 64
)

func newCodec() (codec, error) {
	options := cbor.CoreDetEncOptions()
	options.NilContainers = cbor.NilContainerAsEmpty // one encoding for nothing
	enc, err := options.EncMode()
	if err != nil {
		return codec{}, fmt.Errorf("attest: cbor: %w", err)
	}
	dec, err := cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		MaxNestedLevels:   8,
		MaxArrayElements:  maxInstances,
		MaxMapPairs:       64,
	}.DecMode()
	if err != nil {
		return codec{}, fmt.Errorf("attest: cbor: %w", err)
	}
	return codec{enc, dec}, nil
}

// marshal encodes v; the same v always gives the same bytes.
func marshal(v any) ([]byte, error) {
	c, err := newCodec()
	if err != nil {
		return nil, err
	}
	b, err := c.enc.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("attest: encode: %w", err)
	}
	return b, nil
}

// unmarshal decodes b into v and refuses every encoding but the one that
// marshal gives, so that no bit of b is without effect.
func unmarshal(what string, b []byte, v any) error {
	c, err := newCodec()
	if err != nil {
		return err
	}
	if err := c.dec.Unmarshal(b, v); err != nil {
		return failed(what, "not in the format of version 1") // the cause would quote foreign bytes
	}
	again, err := c.enc.Marshal(v)
	if err != nil || string(again) != string(b) {
		return failed(what, "not in the one encoding that is allowed")
	}
	return nil
}
