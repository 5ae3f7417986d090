// Package slip39 shares a secret among guardians as SLIP-0039 has it ("Shamir's
// Secret-Sharing for Mnemonic Codes"), so that other programs and devices read the shares:
// any t of n give the secret back, fewer tell nothing of it.
//
// A share is a line of words that a person can write down: 33 for a secret of 32 bytes. It
// has a checksum of its own, so that a guardian can check theirs without the others
// ([Parse]); and the secret carries a digest through the sharing, so that shares that do not
// belong together are refused and give no wrong secret ([Combine]). A secret may be encrypted
// under a passphrase; another passphrase gives another secret, and nobody is told.
package slip39

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"sinso.dev/sinso"
)

const (
	maxShares   = 16 // of a group, and groups of a set: 4 bits
	digestBytes = 4
	digestX     = 254 // where the digest share lies
	secretX     = 255
	minSecret   = 16 // bytes
	maxSecret   = 64
	// exponentOurs is what shares of ours have, as other programs do by default.
	exponentOurs = 1
	// maxExponent is what is read: 2,560,000 iterations, some seconds. The format has up to
	// 15, which is for nobody's good but a hostile share's.
	maxExponent = 8
)

// ErrTooFew says that more shares of the same set are needed.
var ErrTooFew = errors.New("more shares are needed")

// Group is a group of guardians: Threshold of its Count members are needed, 1 to 16 each. A
// group of which one is enough has one member.
type Group struct{ Threshold, Count int }

// Split shares a secret of 16 to 64 bytes, an even number, among the members of groups;
// groupThreshold of the groups are needed. passphrase is printable ASCII, and may be empty.
// The shares are extendable: they do not bind the identifier. ErrInvalid if that is not
// possible.
func Split(secret, passphrase []byte, groupThreshold int, groups []Group, rand sinso.Rand) ([][]Share, error) {
	if err := possible(secret, passphrase, groupThreshold, groups); err != nil {
		return nil, err
	}
	var identifier [2]byte
	if err := fill(rand, identifier[:]); err != nil {
		return nil, err
	}
	s := set{
		identifier: binary.BigEndian.Uint16(identifier[:]) >> 1, extendable: true, exponent: exponentOurs,
		groupThreshold: byte(groupThreshold), groupCount: byte(len(groups)), //nolint:gosec // at most maxShares
	}
	sealed, err := s.encrypt(secret, passphrase)
	if err != nil {
		return nil, err
	}
	defer clear(sealed)
	perGroup, err := share(sealed, groupThreshold, len(groups), rand)
	if err != nil {
		return nil, err
	}
	out := make([][]Share, len(groups))
	for i, g := range groups {
		values, err := share(perGroup[i].y, g.Threshold, g.Count, rand)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			out[i] = append(out[i], Share{set: s, group: byte(i), member: v.x, threshold: byte(g.Threshold), value: v.y}) //nolint:gosec // at most maxShares
		}
	}
	return out, nil
}

func possible(secret, passphrase []byte, groupThreshold int, groups []Group) error {
	if n := len(secret); n < minSecret || n > maxSecret || n%2 != 0 {
		return fmt.Errorf("slip39: a secret has %d to %d bytes, an even number, not %d: %w", minSecret, maxSecret, n, sinso.ErrInvalid)
	}
	if len(groups) > maxShares || groupThreshold < 1 || groupThreshold > len(groups) {
		return fmt.Errorf("slip39: %d of %d groups are not possible: %w", groupThreshold, len(groups), sinso.ErrInvalid)
	}
	for _, g := range groups {
		if g.Threshold < 1 || g.Count > maxShares || g.Threshold > g.Count {
			return fmt.Errorf("slip39: %d of %d shares are not possible; there are at most %d: %w", g.Threshold, g.Count, maxShares, sinso.ErrInvalid)
		}
		if g.Threshold == 1 && g.Count > 1 {
			return fmt.Errorf("slip39: where one share is enough there is one; give everybody that one: %w", sinso.ErrInvalid)
		}
	}
	return checkPassphrase(passphrase)
}

func checkPassphrase(passphrase []byte) error {
	for _, c := range passphrase {
		if c < ' ' || c > '~' {
			return fmt.Errorf("slip39: a passphrase of shares is printable ASCII: %w", sinso.ErrInvalid)
		}
	}
	return nil
}

func fill(rand sinso.Rand, b []byte) error {
	if _, err := io.ReadFull(rand, b); err != nil {
		return fmt.Errorf("slip39: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	return nil
}

// share makes count values of which threshold give the secret back. With a threshold of one
// each is the secret.
func share(secret []byte, threshold, count int, rand sinso.Rand) ([]point, error) {
	var out []point
	if threshold == 1 {
		for x := range count {
			out = append(out, point{byte(x), slices.Clone(secret)})
		}
		return out, nil
	}
	for x := range threshold - 2 {
		p := point{byte(x), make([]byte, len(secret))}
		if err := fill(rand, p.y); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	digest := make([]byte, len(secret))
	if err := fill(rand, digest[digestBytes:]); err != nil {
		return nil, err
	}
	copy(digest, digestOf(secret, digest[digestBytes:]))
	base := append(slices.Clone(out), point{digestX, digest}, point{secretX, secret})
	for x := threshold - 2; x < count; x++ {
		out = append(out, point{byte(x), interpolate(base, byte(x))}) //nolint:gosec // at most maxShares
	}
	return out, nil
}

func digestOf(secret, random []byte) []byte {
	mac := hmac.New(sha256.New, random)
	mac.Write(secret)
	return mac.Sum(nil)[:digestBytes]
}

// join undoes share. what names the shares in messages. All that are given must fit, also
// those beyond the threshold.
func join(points []point, threshold int, what string) ([]byte, error) {
	used := points[:threshold]
	if threshold == 1 {
		return slices.Clone(used[0].y), nil
	}
	secret, digest := interpolate(used, secretX), interpolate(used, digestX)
	defer clear(digest)
	good := subtle.ConstantTimeCompare(digest[:digestBytes], digestOf(secret, digest[digestBytes:]))
	for _, p := range points[threshold:] {
		good &= subtle.ConstantTimeCompare(p.y, interpolate(used, p.x))
	}
	if good != 1 {
		clear(secret)
		return nil, fmt.Errorf("slip39: %s do not belong together, though each is sound: at least one was made at another time, or on purpose: %w", what, sinso.ErrInvalid)
	}
	return secret, nil
}

// Combine gives the secret back. ErrTooFew (and ErrInvalid) says how many shares are
// missing; ErrInvalid, with a sentence that names the share, that one does not belong to
// the others. More shares than are needed must fit too. Another passphrase than that of the
// sharing gives another secret.
func Combine(shares []Share, passphrase []byte) ([]byte, error) {
	if err := checkPassphrase(passphrase); err != nil {
		return nil, err
	}
	groups, err := Check(shares)
	if err != nil {
		return nil, err
	}
	first := shares[0]
	if first.exponent > maxExponent {
		return nil, fmt.Errorf("slip39: the passphrase of these shares has more iterations than are done here (exponent %d, at most %d): %w", first.exponent, maxExponent, sinso.ErrUnsupported)
	}
	var perGroup []point
	for _, index := range slices.Sorted(maps.Keys(groups)) {
		members := groups[index]
		if len(members) < int(members[0].threshold) {
			continue // enough other groups are whole
		}
		points := make([]point, len(members))
		for i, s := range members {
			points[i] = point{s.member, s.value}
		}
		value, err := join(points, int(members[0].threshold), "these shares")
		if err != nil {
			return nil, err
		}
		defer clear(value)
		perGroup = append(perGroup, point{index, value})
	}
	sealed, err := join(perGroup, int(first.groupThreshold), "the groups of these shares")
	if err != nil {
		return nil, err
	}
	defer clear(sealed)
	return first.decrypt(sealed, passphrase)
}

// Check reports whether shares are of one set and enough, without joining them: errors as
// of [Combine]. It returns them by group, each share once.
func Check(shares []Share) (map[byte][]Share, error) {
	if len(shares) == 0 {
		return nil, fmt.Errorf("slip39: there is no share: %w: %w", ErrTooFew, sinso.ErrInvalid)
	}
	groups, err := together(shares)
	if err != nil {
		return nil, err
	}
	need := int(shares[0].groupThreshold)
	whole := 0
	for _, members := range groups {
		if len(members) >= int(members[0].threshold) {
			whole++
		}
	}
	if whole >= need {
		return groups, nil
	}
	if need == 1 && len(groups) == 1 {
		have, want := len(groups[shares[0].group]), int(shares[0].threshold)
		return nil, fmt.Errorf("slip39: %d of the %d shares that are needed are here: %w: %w", have, want, ErrTooFew, sinso.ErrInvalid)
	}
	return nil, fmt.Errorf("slip39: %d of the %d groups that are needed are whole: %w: %w", whole, need, ErrTooFew, sinso.ErrInvalid)
}
