package deid

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash"
	"math/big"
	"strings"
	"time"
)

// Release is what one derivative is made under. Everything that must be the same
// over its instances is derived from the secret, so that two releases of one
// study have no UID, pseudonym or date in common, and the same release made
// again gives the same bytes.
type Release struct {
	Secret [32]byte // random, of this release alone
}

// The labels of derivation: HMAC-SHA256(Secret, label) is the key for one
// purpose (docs/formats.md, "de-identification").
const (
	labelUID       = "sinso/deid/uid/v1"
	labelDates     = "sinso/deid/dates/v1"
	labelPseudonym = "sinso/deid/pseudonym/v1"
)

// maxShiftDays bounds the date offset: ten years, so that the season is gone
// and the age of the technique is not.
const maxShiftDays = 3650

// keys are what one release derives. It belongs to one Clean at a time.
type keys struct {
	uid       hash.Hash
	pseudonym hash.Hash
	shiftDays int // from -maxShiftDays to -1
}

func newKeys(r Release) *keys {
	dates := derive(r.Secret, labelDates)
	// 64 bits modulo 3650: the bias is below 2^-52.
	days := binary.BigEndian.Uint64(dates[:8]) % maxShiftDays
	uid, pseudonym := derive(r.Secret, labelUID), derive(r.Secret, labelPseudonym)
	return &keys{
		uid:       hmac.New(sha256.New, uid[:]),
		pseudonym: hmac.New(sha256.New, pseudonym[:]),
		shiftDays: -1 - int(days),
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

// UIDs that the standard itself gives to objects, not to a person's: well-known
// frames of reference (PS3.6 Table A-2) and well-known SOP instances, such as
// the colour palettes (PS3.6 Tables ). A UID that only begins with
// the standard's root may be anybody's, and is mapped.
var wellKnownRoots = []string{"1.2.840.10008.1.4.", "1.2.840.10008.1.5.", "1.2.840.10008.1.20.", "1.2.840.10008.1.40."}

func wellKnownUID(uid string) bool {
	for _, root := range wellKnownRoots {
		rest, ok := strings.CutPrefix(uid, root)
		if !ok {
			continue
		}
		return wellKnownTail(rest)
	}
	return false
}

// wellKnownTail reports whether rest is at most three components of at most two
// digits, as all of the standard's are: too little to hold an identifier.
func wellKnownTail(rest string) bool {
	parts := strings.Split(rest, ".")
	if len(parts) > 3 {
		return false
	}
	for _, part := range parts {
		if len(part) == 0 || len(part) > 2 || strings.Trim(part, "0123456789") != "" {
			return false
		}
	}
	return true
}

const dateForm = "20060102" // DA, PS3.5 Table 6.2-1

// shiftDate moves one DA value. It returns false for what is no date, and for a
// date that would leave the years that DA can hold.
func shiftDate(value string, days int) (string, bool) {
	if len(value) == 10 && value[4] == '.' && value[7] == '.' { // ACR-NEMA 300, PS3.5 §6.2 note to DA
		value = value[:4] + value[5:7] + value[8:]
	}
	if len(value) != len(dateForm) {
		return "", false
	}
	date, err := time.Parse(dateForm, value)
	if err != nil {
		return "", false
	}
	moved := date.AddDate(0, 0, days)
	if moved.Year() < 1 {
		return "", false
	}
	return moved.Format(dateForm), true
}

// shiftDateTime moves the date of one DT value and drops its time and its zone,
// which the Basic Profile does not keep.
func shiftDateTime(value string, days int) (string, bool) {
	if len(value) < len(dateForm) || strings.Trim(value[len(dateForm):], "0123456789.+-") != "" {
		return "", false
	}
	return shiftDate(value[:len(dateForm)], days)
}
