package deid

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash"
	"math/big"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// Release is what one derivative is made under. Everything that must be the same
// over its instances is derived from the secret, so that two releases of one
// study have no UID, pseudonym or date in common, and the same release made
// again gives the same bytes.
type Release struct {
	Secret [32]byte // random, of this release alone
	Review Review   // what persons decided about the one object that is cleaned
	// Believe spares images that CT, MR, PET and NM scanners made themselves, and that do
	// not say otherwise, the look for writing, which takes as long as all else.
	Believe bool
	// Reader looks for what the detector left of writing; nil for none. What is made
	// depends on it: the same release is made with the same.
	Reader sinso.TextReader
	// Seen is what an earlier Clean of the same object, under the same profile and
	// release, found in its pixels: it is not looked for again. Nil if there was none.
	Seen *Seen
}

// The labels of derivation: HMAC-SHA256(Secret, label) is the key for one
// purpose (docs/formats.md, "de-identification").
const (
	labelUID       = "sinso/deid/uid/v1"
	labelDates     = "sinso/deid/dates/v1"
	labelPseudonym = "sinso/deid/pseudonym/v1"
)

// maxShiftDays bounds the date offset where the profile does not: ten years, so that
// the season is gone and the age of the technique is not.
const maxShiftDays = 3650

// keys are what one release derives. It belongs to one Clean at a time.
type keys struct {
	uid       hash.Hash
	pseudonym hash.Hash
	shiftDays int // from minus the profile's bound to -1
}

func newKeys(r Release, bound int) *keys {
	dates := derive(r.Secret, labelDates)
	// 64 bits modulo some thousand: the bias is below 2^-50.
	days := binary.BigEndian.Uint64(dates[:8]) % uint64(bound) //nolint:gosec // checked to be positive
	uid, pseudonym := derive(r.Secret, labelUID), derive(r.Secret, labelPseudonym)
	return &keys{
		uid:       hmac.New(sha256.New, uid[:]),
		pseudonym: hmac.New(sha256.New, pseudonym[:]),
		shiftDays: -1 - int(days), //nolint:gosec // below bound
	}
}

func derive(secret [32]byte, label string) [32]byte {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte(label))
	return [32]byte(mac.Sum(nil))
}

// UID returns the release's UID for an original one: "2.25." and a UUID of
// version 8 (PS3.5 B.2, RFC 9562 §5.8) as a decimal number.
func (k *keys) UID(original string) string {
	k.uid.Reset()
	k.uid.Write([]byte(original))
	id := k.uid.Sum(nil)[:16]
	id[6] = id[6]&0x0F | 0x80
	id[8] = id[8]&0x3F | 0x80
	return "2.25." + new(big.Int).SetBytes(id).String()
}

var pseudonymText = base32.StdEncoding.WithPadding(base32.NoPadding)

// Pseudonym returns the release's name for a patient, 16 characters that are
// valid in LO and SH.
func (k *keys) Pseudonym(original string) string {
	k.pseudonym.Reset()
	k.pseudonym.Write([]byte(original))
	return pseudonymText.EncodeToString(k.pseudonym.Sum(nil)[:10])
}

// wellKnownUID reports whether the standard itself gives a UID to an object, and not to a
// person's: a frame of reference, or an instance such as a colour palette (PS3.6 Tables
// One that only begins with the standard's root may be anybody's.
func wellKnownUID(uid string) bool {
	_, kind, _ := dicom.UIDName(uid)
	return strings.HasPrefix(kind, "Well-known ") || kind == "Synchronization Frame of Reference"
}

// UID returns what a derivative of the release calls an original UID.
func (r Release) UID(original string) string { return newKeys(r, maxShiftDays).UID(original) }

// Trace returns which of some original names (UIDs, patient IDs) a derivative of the
// release calls so; false if none. It needs no table: whoever holds the release's secret
// can make every name again, and nobody else can.
func (r Release) Trace(derived string, originals ...string) (string, bool) {
	k := newKeys(r, maxShiftDays)
	for _, original := range originals {
		if original != "" && (k.UID(original) == derived || k.Pseudonym(original) == derived) {
			return original, true
		}
	}
	return "", false
}
