package node

import (
	"errors"
	"fmt"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/bip39"
	"sinso.dev/sinso/internal/crypt/slip39"
	keyfile "sinso.dev/sinso/internal/keys/file"
)

// MaxKeyWords is how large a text with a phrase or shares may be, in bytes.
const MaxKeyWords = 64 << 10

// shareWords are those of a share of 32 bytes.
const shareWords = 33

// maxShares of one recovery: more than any set has.
const maxShares = 64

// KeyWords gather what gives a root key back: a recovery phrase, or shares.
type KeyWords struct {
	phrases [][32]byte
	shares  []slip39.Share
}

// Add reads a text: one phrase or share, in one line or several, or one a line. Lines that
// are empty or begin with # do not count. ErrInvalid says which is wrong, and how.
func (w *KeyWords) Add(text string) error {
	if len(text) > MaxKeyWords {
		return fmt.Errorf("there are more than %d bytes: %w", MaxKeyWords, sinso.ErrInvalid)
	}
	lines := SplitKeyWords(text)
	if len(lines) == 0 {
		return fmt.Errorf("there are no words: %w", sinso.ErrInvalid)
	}
	for i, line := range lines {
		if err := w.line(line); err != nil {
			if len(lines) > 1 {
				return fmt.Errorf("number %d: %w", i+1, err)
			}
			return err
		}
	}
	return nil
}

// SplitKeyWords returns the phrases and shares of a text, as [KeyWords.Add] reads it.
func SplitKeyWords(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	whole := strings.Join(lines, " ")
	if n := len(strings.Fields(whole)); n == bip39.Words || n == shareWords {
		return []string{whole}
	}
	return lines
}

// line reads one phrase or share.
func (w *KeyWords) line(line string) error {
	switch n := len(strings.Fields(line)); {
	case len(w.phrases)+len(w.shares) >= maxShares:
		return fmt.Errorf("there are more than %d shares: %w", maxShares, sinso.ErrInvalid)
	case n == bip39.Words:
		key, err := bip39.Decode(line)
		if err == nil {
			w.phrases = append(w.phrases, key)
		}
		return err
	case n != shareWords:
		return fmt.Errorf("a recovery phrase has %d words and a share %d, not %d: %w", bip39.Words, shareWords, n, sinso.ErrInvalid)
	}
	share, err := slip39.Parse(line)
	if err == nil {
		w.shares = append(w.shares, share)
	}
	return err
}

// Missing returns how many shares are needed still: 0 if there is a phrase, -1 if there is
// nothing yet.
func (w *KeyWords) Missing() int {
	switch {
	case len(w.phrases) > 0:
		return 0
	case len(w.shares) == 0:
		return -1
	}
	have := map[int]bool{}
	for _, s := range w.shares {
		have[s.Facts().Member] = true
	}
	return max(0, w.shares[0].Facts().Threshold-len(have))
}

// Root returns the root key that the words give. ErrInvalid says what is wrong with them.
func (w *KeyWords) Root() (root [32]byte, err error) {
	switch {
	case len(w.phrases) > 1 || len(w.phrases) > 0 && len(w.shares) > 0:
		return root, fmt.Errorf("give one recovery phrase, or shares: %w", sinso.ErrInvalid)
	case len(w.phrases) == 1:
		return w.phrases[0], nil
	}
	secret, err := slip39.Combine(w.shares, nil)
	if err != nil {
		return root, err
	}
	defer clear(secret)
	if len(secret) != len(root) {
		return root, fmt.Errorf("these shares are of no root key: %w", sinso.ErrInvalid)
	}
	return [32]byte(secret), nil
}

// CheckedShare is what one share says, or why it is none. Nothing in it is secret.
type CheckedShare struct {
	Sound      bool   `json:"sound"`      // words and checksum are right
	Why        string `json:"why"`        // it is not; else ""
	Identifier int    `json:"identifier"` // of its set
	Member     int    `json:"member"`     // its number in the set, from 1
	Threshold  int    `json:"threshold"`  // how many are needed
}

// CheckedShares is what some shares are together.
type CheckedShares struct {
	Shares   []CheckedShare `json:"shares"`
	Together bool           `json:"together"` // they are sound and of one set
	Missing  int            `json:"missing"`  // how many are needed besides
	// Fingerprint of the root key that they give; "" if they are not enough or do not fit.
	Fingerprint string `json:"fingerprint"`
	Why         string `json:"why"` // they are not together, or give no key; else ""
}

// CheckShares checks shares, each for itself and all together; each text is one.
func CheckShares(texts []string) (out CheckedShares) {
	w := &KeyWords{}
	out.Shares = []CheckedShare{}
	for _, text := range texts {
		share, err := slip39.Parse(text)
		if err != nil {
			out.Shares = append(out.Shares, CheckedShare{Why: reasonOf(err)})
			continue
		}
		f := share.Facts()
		out.Shares = append(out.Shares, CheckedShare{Sound: true, Identifier: int(f.Identifier), Member: f.Member, Threshold: f.Threshold})
		w.shares = append(w.shares, share)
	}
	out.Missing = max(w.Missing(), 0)
	if len(w.shares) < len(texts) || len(texts) == 0 {
		out.Why = "not every share is sound"
		return out
	}
	_, err := slip39.Check(w.shares)
	out.Together = err == nil || errors.Is(err, slip39.ErrTooFew)
	if err != nil {
		if !out.Together {
			out.Why = reasonOf(err)
		}
		return out
	}
	root, err := w.Root()
	defer clear(root[:])
	if err == nil {
		out.Fingerprint, err = keyfile.Fingerprint(root)
	}
	if err != nil {
		out.Together, out.Why = false, reasonOf(err)
	}
	return out
}

// reasonOf is an error in words, without its package and class.
func reasonOf(err error) string {
	words := strings.TrimPrefix(err.Error(), "slip39: ")
	return strings.TrimSuffix(strings.TrimSuffix(words, ": "+sinso.ErrInvalid.Error()), ": "+sinso.ErrUnsupported.Error())
}
