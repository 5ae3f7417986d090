package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"

	"sinso.dev/sinso"
)

// A bearer token is "sinso_", 32 random bytes and 3 bytes of check, in lower-case
// base32 without padding: 62 characters. The check tells a typing error from a
// token that is not known; it is no secret.
const (
	tokenPrefix = "sinso_"
	tokenBytes  = 32
	checkBytes  = 3
)

var tokenEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// New makes a bearer token, and the hash under which it is filed. The token is
// shown once; only the hash is kept.
func New(rand sinso.Rand) (token, hash string, err error) {
	var b [tokenBytes + checkBytes]byte
	if _, err := rand.Read(b[:tokenBytes]); err != nil {
		return "", "", fmt.Errorf("auth: make a token: %w", sinso.ErrUnavailable)
	}
	copy(b[tokenBytes:], check(b[:tokenBytes]))
	token = tokenPrefix + tokenEncoding.EncodeToString(b[:])
	return token, Hash(token), nil
}

// Hash returns the hash under which a token is filed: its sha256 in hex. A token
// has 256 random bits, so a slow hash would add nothing.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// CheckToken returns ErrInvalid for what cannot be a token, such as one with a
// typing error.
func CheckToken(token string) error {
	text, ok := strings.CutPrefix(token, tokenPrefix)
	b, err := tokenEncoding.DecodeString(text)
	// The length is checked too: the decoder overlooks a letter too many.
	if !ok || err != nil || len(b) != tokenBytes+checkBytes || len(text) != tokenEncoding.EncodedLen(len(b)) ||
		subtle.ConstantTimeCompare(b[tokenBytes:], check(b[:tokenBytes])) != 1 {
		return fmt.Errorf("auth: this is not a token, or a letter of it is wrong: %w", sinso.ErrInvalid)
	}
	return nil
}

func check(random []byte) []byte {
	sum := sha256.Sum256(append([]byte("sinso/token/v1"), random...))
	return sum[:checkBytes]
}
