package slip39

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

const (
	rounds         = 4
	baseIterations = 10000 // of PBKDF2, over all rounds, at iteration exponent 0
)

// salt is what a passphrase is salted with: a set that is not extendable binds its
// identifier.
func (s set) salt() []byte {
	if s.extendable {
		return nil
	}
	return binary.BigEndian.AppendUint16([]byte(customization), s.identifier)
}

// encrypt encrypts a secret under a passphrase: four rounds of a Feistel network
// (SLIP-0039, "Encryption of the master secret").
func (s set) encrypt(secret, passphrase []byte) ([]byte, error) {
	return s.feistel(secret, passphrase, []byte{0, 1, 2, 3})
}

func (s set) decrypt(secret, passphrase []byte) ([]byte, error) {
	return s.feistel(secret, passphrase, []byte{3, 2, 1, 0})
}

func (s set) feistel(secret, passphrase, order []byte) ([]byte, error) {
	half := len(secret) / 2
	left, right := slices.Clone(secret[:half]), slices.Clone(secret[half:])
	for _, round := range order {
		key, err := pbkdf2.Key(sha256.New, string([]byte{round})+string(passphrase), slices.Concat(s.salt(), right), baseIterations/rounds<<s.exponent, half)
		if err != nil {
			return nil, fmt.Errorf("slip39: derive: %w", err)
		}
		for i := range key {
			key[i] ^= left[i]
		}
		left, right = right, key
	}
	return slices.Concat(right, left), nil
}
