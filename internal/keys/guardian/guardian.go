// Package guardian carries shares of a root key to their guardians and back, so that nobody
// on the way reads one: neither who asks for them, nor what they come through.
//
// A guardian has a key pair of their own, of which the node is given the public half; each
// share is sealed to one. To give it back the guardian opens it and seals it to the key of a
// [Session], which a node that lost its root key keeps open until enough are there.
package guardian

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/crypt/slip39"
)

const (
	version = 1

	keyMagic    = "sinso-guardian-key-1 "
	publicMagic = "sinso-guardian-public-1 "
	checkHex    = 8 // hex digits of a checksum, against a slip of the pen
	nameHex     = 16

	shareInfo = "sinso/guardian-share/v1"
	nameLabel = "sinso/guardian-name/v1"
)

// MaxText is how long any text of this package may be, in bytes.
const MaxText = 16 << 10

// EncodeKey writes a guardian's secret seed as one line.
func EncodeKey(seed [32]byte) string {
	return keyMagic + hex.EncodeToString(seed[:]) + " " + check(keyMagic, seed[:])
}

// DecodeKey reads what EncodeKey wrote. ErrInvalid quotes nothing of it.
func DecodeKey(text string) (hpke.Key, error) {
	line, ok := strings.CutPrefix(strings.TrimSpace(text), keyMagic)
	digits, sum, _ := strings.Cut(line, " ")
	seed, err := hex.DecodeString(digits)
	defer clear(seed)
	if !ok || err != nil || len(seed) != 32 || sum != check(keyMagic, seed) {
		return hpke.Key{}, fmt.Errorf("guardian: this is no guardian's key, or it was changed: %w", sinso.ErrInvalid)
	}
	return hpke.NewKey([32]byte(seed))
}

// EncodePublic writes a guardian's public key as one line.
func EncodePublic(public []byte) string {
	return publicMagic + base64.StdEncoding.EncodeToString(public) + " " + check(publicMagic, public)
}

// DecodePublic reads what EncodePublic wrote.
func DecodePublic(text string) ([]byte, error) {
	line, ok := strings.CutPrefix(strings.TrimSpace(text), publicMagic)
	digits, sum, _ := strings.Cut(line, " ")
	public, err := base64.StdEncoding.Strict().DecodeString(digits)
	if !ok || len(text) > MaxText || err != nil || len(public) != hpke.PublicBytes || sum != check(publicMagic, public) {
		return nil, fmt.Errorf("guardian: this is no guardian's public key, or it was changed: %w", sinso.ErrInvalid)
	}
	return public, nil
}

func check(magic string, b []byte) string {
	sum := sha256.Sum256(append([]byte(magic), b...))
	return hex.EncodeToString(sum[:])[:checkHex]
}

// Name names a guardian by their public key: 16 hex digits.
func Name(public []byte) string {
	sum := sha256.Sum256(append([]byte(nameLabel), public...))
	return hex.EncodeToString(sum[:])[:nameHex]
}

// bound is what of a share is in the clear and bound to what is sealed.
func bound(s sinso.GuardianShare) ([]byte, error) {
	s.Sealed = nil
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("guardian: %w", err)
	}
	return b, nil
}

// Split shares a root key among guardians: any threshold of them give it back. Each public
// key is one of [EncodePublic]; none may be there twice.
func Split(root [32]byte, fingerprint string, threshold int, publics []string, rand sinso.Rand) (out sinso.RootKeyShares, err error) {
	keys := make([][]byte, len(publics))
	seen := map[string]bool{}
	for i, text := range publics {
		if keys[i], err = DecodePublic(text); err != nil {
			return out, fmt.Errorf("guardian %d: %w", i+1, err)
		}
		if name := Name(keys[i]); seen[name] {
			return out, fmt.Errorf("guardian %d is there twice: one person would hold two shares: %w", i+1, sinso.ErrInvalid)
		}
		seen[Name(keys[i])] = true
	}
	if threshold < 2 {
		return out, fmt.Errorf("guardian: two guardians or more are needed: %w", sinso.ErrInvalid)
	}
	shares, err := slip39.Split(root[:], nil, 1, []slip39.Group{{Threshold: threshold, Count: len(keys)}}, rand)
	if err != nil {
		return out, err
	}
	out = sinso.RootKeyShares{Fingerprint: fingerprint, Identifier: int(shares[0][0].Facts().Identifier), Threshold: threshold}
	for i, share := range shares[0] {
		sealed, err := seal(share, fingerprint, keys[i])
		if err != nil {
			return out, err
		}
		out.Shares = append(out.Shares, sealed)
	}
	return out, nil
}

func seal(share slip39.Share, fingerprint string, public []byte) (sinso.GuardianShare, error) {
	facts := share.Facts()
	s := sinso.GuardianShare{
		Version: version, Fingerprint: fingerprint, Identifier: int(facts.Identifier),
		Member: facts.Member, Threshold: facts.Threshold, Guardian: Name(public),
	}
	aad, err := bound(s)
	if err != nil {
		return s, err
	}
	s.Sealed, err = hpke.Seal(public, []byte(shareInfo), aad, []byte(share.Words()))
	return s, err
}

// Parse reads a sealed share as JSON. ErrInvalid if it is none.
func Parse(text []byte) (s sinso.GuardianShare, err error) {
	if len(text) > MaxText || json.Unmarshal(text, &s) != nil || s.Version != version || len(s.Sealed) == 0 {
		return s, fmt.Errorf("guardian: this is no sealed share of version %d: %w", version, sinso.ErrInvalid)
	}
	return s, nil
}

// Open opens a share that was sealed to a guardian. ErrDenied if it was to another,
// ErrCorrupt if it was changed.
func Open(s sinso.GuardianShare, key hpke.Key) (share slip39.Share, err error) {
	if name := Name(key.Public()); s.Guardian != name {
		return share, fmt.Errorf("guardian: this share is for guardian %q, and the key is of %s: %w", s.Guardian, name, sinso.ErrDenied)
	}
	aad, err := bound(s)
	if err != nil {
		return share, err
	}
	words, err := key.Open(s.Sealed, []byte(shareInfo), aad)
	if err != nil {
		return share, fmt.Errorf("guardian: the share was changed: %w", err)
	}
	defer clear(words)
	if share, err = slip39.Parse(string(words)); err != nil {
		return share, err
	}
	if f := share.Facts(); int(f.Identifier) != s.Identifier || f.Member != s.Member || f.Threshold != s.Threshold {
		return slip39.Share{}, fmt.Errorf("guardian: what is sealed is not the share that it says: %w", sinso.ErrInvalid)
	}
	return share, nil
}
