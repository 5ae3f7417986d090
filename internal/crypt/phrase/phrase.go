// Package phrase checks signatures by the key of a recovery phrase.
//
// The phrase is made, shown and turned into keys by the page alone (docs/formats.md,
// "Recovery phrase"): the node knows the public key, and nothing that the phrase could
// be guessed by.
package phrase

import (
	"crypto/ed25519"
	"fmt"

	"sinso.dev/sinso"
)

// Purpose is what a signature is for, so that none serves for another.
type Purpose string

// The purposes.
const (
	SignIn Purpose = "sinso/phrase-sign-in/v1"
	Add    Purpose = "sinso/phrase-add/v1"
)

// Message is what the key signs: the purpose, the origin of the page and the node's
// nonce, a line each, without a line feed at the end.
func Message(purpose Purpose, origin, nonce string) []byte {
	return []byte(string(purpose) + "\n" + origin + "\n" + nonce)
}

// Verify checks a signature (Ed25519, RFC 8032 §5.1) over [Message]. ErrInvalid for a
// key or signature of another length, ErrDenied for one that does not hold.
func Verify(public []byte, purpose Purpose, origin, nonce string, signature []byte) error {
	if len(public) != ed25519.PublicKeySize || len(signature) != ed25519.SignatureSize {
		return fmt.Errorf("phrase: a public key has %d bytes and a signature %d: %w", ed25519.PublicKeySize, ed25519.SignatureSize, sinso.ErrInvalid)
	}
	if !ed25519.Verify(public, Message(purpose, origin, nonce), signature) {
		return fmt.Errorf("phrase: the signature is not by that key: %w", sinso.ErrDenied)
	}
	return nil
}
