// Package sharelink is the format of shares (docs/formats.md, "share"): what the
// owner's page seals under the secret of a link, what the node checks of it, and what
// whoever has the link opens. web/src/share is the same in TypeScript; both read
// testdata/vectors/share.txt.
//
// A share is a sealed manifest, which is part 0, and parts of equal size that hold the
// files one after the other. Each part is sealed under a key of its own, derived from
// the secret, the part's number and a keyed hash of its plain bytes (its synthetic
// value, as in RFC 5297): the same bytes give the same part, so that an upload which
// was cut goes on, and no key ever seals two plaintexts. Whoever opens a part makes the
// hash again, so no part opens to anything but what was sealed, under one secret alone.
// The manifest lists the hashes of all parts.
package sharelink

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"strings"

	"sinso.dev/sinso"
)

const (
	// PartBytes is the plain bytes of every part but the manifest.
	PartBytes = 1 << 20
	// SealedBytes is that of a sealed one.
	SealedBytes = PartBytes + tagBytes
	// MaxParts is how many parts a share has at most, besides its manifest.
	MaxParts = 8192
	// MaxManifest is how long a sealed manifest may be.
	MaxManifest = manifestMost + manifestOver

	version       = 1
	tagBytes      = 16      // of AES-GCM
	manifestLeast = 4 << 10 // plain bytes of the smallest manifest
	manifestMost  = 4 << 20
	manifestOver  = 1 + sha256.Size + tagBytes
	idBytes       = 16
	idPrefix      = "l_"
	label         = "sinso/share/v1" // salt of every derivation
)

// Manifest is part 0.
const manifestPart = 0

var lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// text64 is base64url without padding that has one text for the same bytes.
var text64 = base64.RawURLEncoding.Strict()

// Secret is what stands in a link, and is all that opens a share. It prints as
// "[secret]".
type Secret [32]byte

// String keeps the secret out of every message.
func (Secret) String() string { return "[secret]" }

// GoString implements [fmt.GoStringer].
func (Secret) GoString() string { return "[secret]" }

// NewSecret makes a secret.
func NewSecret(rand sinso.Rand) (s Secret, err error) {
	if _, err := io.ReadFull(rand, s[:]); err != nil {
		return Secret{}, fmt.Errorf("sharelink: randomness: %w", err)
	}
	return s, nil
}

// ParseSecret reads a secret as it stands in a link; ErrInvalid for any other text.
func ParseSecret(text string) (Secret, error) {
	b, err := text64.DecodeString(text)
	if err != nil || len(b) != len(Secret{}) || strings.ContainsAny(text, "\r\n") {
		return Secret{}, fmt.Errorf("sharelink: this is no secret of a link: %w", sinso.ErrInvalid)
	}
	return Secret(b), nil
}

// Text is the secret as it stands in a link: 43 characters.
func (s Secret) Text() string { return text64.EncodeToString(s[:]) }

// ID names the share. It tells nothing of the secret.
func (s Secret) ID() sinso.ShareID {
	return sinso.ShareID(idPrefix + lower.EncodeToString(s.derive("id", idBytes)))
}

// Proof is what whoever opens the share shows the node. It opens no part.
func (s Secret) Proof() [32]byte { return [32]byte(s.derive("proof", sha256.Size)) }

// Verifier is what the node keeps of a proof, to know it again: its SHA-256.
func Verifier(proof [32]byte) sinso.Hash { return sha256.Sum256(proof[:]) }

// derive is HKDF-SHA-256 (RFC 5869) of the secret.
func (s Secret) derive(info string, length int) []byte {
	key, err := hkdf.Key(sha256.New, s[:], []byte(label), info, length)
	if err != nil {
		panic("sharelink: " + err.Error()) // the lengths are ours
	}
	return key
}

// synthetic is the keyed hash of a part's plain bytes.
func (s Secret) synthetic(part uint32, plain []byte) [sha256.Size]byte {
	mac := hmac.New(sha256.New, s.derive("synthetic", sha256.Size))
	mac.Write(binary.BigEndian.AppendUint32(nil, part))
	mac.Write(plain)
	return [sha256.Size]byte(mac.Sum(nil))
}

// aead seals one part, whose synthetic value names it: a key of its own, so that the
// nonce is zero.
func (s Secret) aead(part uint32, synthetic [sha256.Size]byte) (cipher.AEAD, []byte) {
	info := binary.BigEndian.AppendUint32([]byte("part"), part)
	key := s.derive(string(append(info, synthetic[:]...)), 32)
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("sharelink: " + err.Error()) // its length is ours
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic("sharelink: " + err.Error())
	}
	return gcm, make([]byte, gcm.NonceSize())
}

// seal appends a sealed part to dst, and returns its synthetic value.
func (s Secret) seal(dst []byte, part uint32, plain []byte) ([]byte, [sha256.Size]byte) {
	synthetic := s.synthetic(part, plain)
	gcm, nonce := s.aead(part, synthetic)
	return gcm.Seal(dst, nonce, plain, nil), synthetic
}

// open returns the plain bytes of a part; ErrCorrupt if it is not the one that has this
// synthetic value.
func (s Secret) open(part uint32, synthetic [sha256.Size]byte, sealed []byte) ([]byte, error) {
	gcm, nonce := s.aead(part, synthetic)
	plain, err := gcm.Open(nil, nonce, sealed, nil)
	made := s.synthetic(part, plain)
	if err != nil || !hmac.Equal(made[:], synthetic[:]) {
		return nil, fmt.Errorf("sharelink: part %d does not open with this link: %w", part, sinso.ErrCorrupt)
	}
	return plain, nil
}

// Parts is how many parts hold so many bytes: at least one, and from 16 on a number
// whose binary form has four digits that may be 1, so that sizes tell less. At most an
// eighth is padding.
func Parts(sizeBytes int64) int64 {
	parts := max(1, (sizeBytes+PartBytes-1)/PartBytes)
	unit := int64(1) << max(0, bits.Len64(uint64(parts))-4)
	return (parts + unit - 1) / unit * unit
}

// IsManifestSize reports whether a sealed manifest can have so many bytes.
func IsManifestSize(sealedBytes int64) bool {
	plain := sealedBytes - manifestOver
	return plain >= manifestLeast && plain <= manifestMost && plain&(plain-1) == 0
}
