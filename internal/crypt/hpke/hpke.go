// Package hpke seals small secrets to a public key: HPKE (RFC 9180) in base mode
// with the hybrid KEM MLKEM768-X25519 (draft-ietf-hpke-pq, also called X-Wing),
// HKDF-SHA256 and AES-256-GCM. Whoever records a grant today and has a quantum
// computer later still needs to break ML-KEM.
//
// A sealed message is a version byte, the encapsulated key and the ciphertext.
// It says nothing of who sealed it: base mode does not authenticate the sender.
package hpke

import (
	"crypto/hpke"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

const (
	version    = 1
	encBytes   = 1120 // of the encapsulated key: ML-KEM-768 ciphertext 1,088 (FIPS 203 Table 3), X25519 32
	tagBytes   = 16   // of AES-GCM
	grantLabel = "sinso/grant/v1"
	wrapLabel  = "sinso/wrap/v1"
)

// Overhead is how many bytes a sealed message has more than its plaintext.
const Overhead = 1 + encBytes + tagBytes

// PublicBytes is the length of a public key: ML-KEM-768 1,184 (FIPS 203 Table
// 3), X25519 32.
const PublicBytes = 1216

// Key opens what was sealed to its public half. It prints as "[key]".
type Key struct{ private hpke.PrivateKey }

// NewKey makes a key of a random seed: the same seed gives the same key.
func NewKey(seed [32]byte) (Key, error) {
	private, err := hpke.MLKEM768X25519().NewPrivateKey(seed[:])
	if err != nil {
		return Key{}, fmt.Errorf("hpke: make a key: %w: %w", sinso.ErrInvalid, err)
	}
	return Key{private}, nil
}

// Public returns the public key's bytes.
func (k Key) Public() []byte { return k.private.PublicKey().Bytes() }

// String keeps the key out of every message.
func (Key) String() string { return "[key]" }

// GoString implements [fmt.GoStringer].
func (Key) GoString() string { return "[key]" }

// Seal seals plaintext to a public key. info says what for and aad binds further
// bytes; both must be given again to open. A public key that is none is
// ErrInvalid. Sealing the same twice gives different bytes.
func Seal(public, info, aad, plaintext []byte) ([]byte, error) {
	key, err := hpke.MLKEM768X25519().NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("hpke: this is not a public key: %w", sinso.ErrInvalid)
	}
	enc, sender, err := hpke.NewSender(key, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return nil, fmt.Errorf("hpke: encapsulate: %w: %w", sinso.ErrInvalid, err)
	}
	ciphertext, err := sender.Seal(aad, plaintext)
	if err != nil {
		return nil, fmt.Errorf("hpke: seal: %w", err)
	}
	return slices.Concat([]byte{version}, enc, ciphertext), nil
}

// Open opens a sealed message. Another key, info or aad, and any changed byte,
// is ErrCorrupt.
func (k Key) Open(sealed, info, aad []byte) ([]byte, error) {
	if len(sealed) < Overhead {
		return nil, fmt.Errorf("hpke: a sealed message has %d bytes or more, not %d: %w", Overhead, len(sealed), sinso.ErrCorrupt)
	}
	if sealed[0] != version {
		return nil, fmt.Errorf("hpke: sealed message of version %d: %w, or %w", sealed[0], sinso.ErrCorrupt, sinso.ErrUnsupported)
	}
	enc, ciphertext := sealed[1:1+encBytes], sealed[1+encBytes:]
	recipient, err := hpke.NewRecipient(enc, k.private, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return nil, fmt.Errorf("hpke: decapsulate: %w", sinso.ErrCorrupt)
	}
	plaintext, err := recipient.Open(aad, ciphertext)
	if err != nil {
		return nil, fmt.Errorf("hpke: the message does not open with this key: %w", sinso.ErrCorrupt)
	}
	return plaintext, nil
}

// GrantInfo is the info of a grant: it binds the key to the payload that it
// opens, to the grantee and to the terms.
func GrantInfo(payload sinso.CID, grantee sinso.Address, terms sinso.Hash) ([]byte, error) {
	cid, err := payload.Bytes()
	if err != nil {
		return nil, fmt.Errorf("hpke: grant: %w", err)
	}
	return slices.Concat([]byte(grantLabel), cid, grantee[:], terms[:]), nil
}

// WrapKey seals a content key to a custodian's public key. info binds the wrap to
// its use.
func WrapKey(public []byte, key sinso.CEK, info []byte) ([]byte, error) {
	return Seal(public, wrapInfo(info), nil, key[:])
}

// UnwrapKey opens what WrapKey made. Another key or info is ErrCorrupt.
func (k Key) UnwrapKey(wrapped, info []byte) (sinso.CEK, error) {
	plain, err := k.Open(wrapped, wrapInfo(info), nil)
	if err != nil {
		return sinso.CEK{}, err
	}
	defer clear(plain)
	if len(plain) != len(sinso.CEK{}) {
		return sinso.CEK{}, fmt.Errorf("hpke: what was wrapped is not a content key: %w", sinso.ErrCorrupt)
	}
	return sinso.CEK(plain), nil
}

// wrapInfo keeps wraps apart from grants: neither opens as the other.
func wrapInfo(info []byte) []byte { return slices.Concat([]byte(wrapLabel), []byte{0}, info) }
