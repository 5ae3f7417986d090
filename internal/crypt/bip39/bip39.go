// Package bip39 writes 32 bytes as 24 words and reads them back, as BIP-39 has it ("Generating
// the mnemonic"), in English. The words are the bytes themselves and a checksum: no seed is
// derived from them, as wallets do.
package bip39

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

// wordsText is the English word list of BIP-39: 2,048 words in alphabetical order, no two
// with the same first four letters.
//
//go:embed words.txt
var wordsText string

// Words is how many words there are: 256 bits and 8 of checksum, 11 to a word.
const Words = 24

const (
	wordBits = 11
	maxText  = 1024 // bytes
)

// Encode writes 32 bytes.
func Encode(key [32]byte) string {
	list := strings.Fields(wordsText)
	sum := sha256.Sum256(key[:])
	all := append(slices.Clone(key[:]), sum[0])
	defer clear(all)
	words := make([]string, Words)
	for i := range words {
		n := 0
		for at := i * wordBits; at < (i+1)*wordBits; at++ {
			n = n<<1 | int(all[at/8]>>(7-at%8)&1)
		}
		words[i] = list[n]
	}
	return strings.Join(words, " ")
}

// Decode reads what Encode wrote: words of either case, with white space between. ErrInvalid
// with a sentence that says what is wrong, and quotes nothing of it.
func Decode(text string) (key [32]byte, err error) {
	if len(text) > maxText {
		return key, fmt.Errorf("bip39: a recovery phrase has at most %d letters: %w", maxText, sinso.ErrInvalid)
	}
	words := strings.Fields(strings.ToLower(text))
	if len(words) != Words {
		return key, fmt.Errorf("bip39: a recovery phrase has %d words, not %d: %w", Words, len(words), sinso.ErrInvalid)
	}
	list := strings.Fields(wordsText)
	var all [len(key) + 1]byte
	defer clear(all[:])
	for i, word := range words {
		n, found := slices.BinarySearch(list, word)
		if !found {
			return key, fmt.Errorf("bip39: word %d is none of the list: %w", i+1, sinso.ErrInvalid)
		}
		for j := range wordBits {
			at := i*wordBits + j
			all[at/8] |= byte(n>>(wordBits-1-j)&1) << (7 - at%8)
		}
	}
	if sum := sha256.Sum256(all[:len(key)]); sum[0] != all[len(key)] {
		return key, fmt.Errorf("bip39: the words do not fit their checksum: one is wrong, or in another place: %w", sinso.ErrInvalid)
	}
	return [32]byte(all[:len(key)]), nil
}
