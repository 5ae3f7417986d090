package slip39

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
)

// wordsText is the word list of SLIP-0039 ("Wordlist"): 1,024 words in alphabetical order, of
// 4 to 8 letters, no two with the same first four.
//
//go:embed words.txt
var wordsText string

// Fields of a share, in words of 10 bits each (SLIP-0039, "Format of the share mnemonic").
const (
	wordBits      = 10
	headerWords   = 4
	checksumWords = 3
	minWords      = 20   // a secret of 128 bits
	maxWords      = 59   // of 512 bits: no program makes longer ones
	maxText       = 1024 // bytes of a share's words

	customization           = "shamir"
	customizationExtendable = "shamir_extendable"
)

func wordList() []string { return strings.Fields(wordsText) }

// spell writes numbers of 10 bits as words. It looks them up: where the words go, to paper
// or a screen, they are read anyway.
func spell(numbers []uint16) string {
	list := wordList()
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = list[n]
	}
	return strings.Join(words, " ")
}

// read reads words, of either case, with white space between.
func read(text string) ([]uint16, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("slip39: a share has at most %d letters: %w", maxText, sinso.ErrInvalid)
	}
	words := strings.Fields(strings.ToLower(text))
	if len(words) < minWords || len(words) > maxWords {
		return nil, fmt.Errorf("slip39: a share has %d to %d words, not %d: %w", minWords, maxWords, len(words), sinso.ErrInvalid)
	}
	list := wordList()
	numbers := make([]uint16, len(words))
	for i, word := range words {
		at, found := slices.BinarySearch(list, word)
		if !found {
			return nil, fmt.Errorf("slip39: word %d is none of the list: %w", i+1, sinso.ErrInvalid)
		}
		numbers[i] = uint16(at) //nolint:gosec // below 1,024
	}
	return numbers, nil
}

// generator is that of the checksum RS1024, a Reed-Solomon code over GF(1024) (SLIP-0039,
// "Checksum"): up to three wrong words are always found.
var generator = [wordBits]uint32{
	0x0e0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009,
	0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
}

func polymod(label string, numbers []uint16) uint32 {
	sum := uint32(1)
	step := func(n uint32) {
		top := sum >> 20
		sum = sum&0xfffff<<wordBits ^ n
		for i, g := range generator {
			sum ^= g & -(top >> i & 1)
		}
	}
	for _, c := range []byte(label) {
		step(uint32(c))
	}
	for _, n := range numbers {
		step(uint32(n))
	}
	return sum
}

func checksumLabel(extendable bool) string {
	if extendable {
		return customizationExtendable
	}
	return customization
}

// withChecksum returns the numbers with their checksum behind them.
func withChecksum(extendable bool, numbers []uint16) []uint16 {
	whole := append(slices.Clone(numbers), 0, 0, 0)
	sum := polymod(checksumLabel(extendable), whole) ^ 1
	for i := range checksumWords {
		whole[len(numbers)+i] = uint16(sum >> (wordBits * (checksumWords - 1 - i)) & (1<<wordBits - 1))
	}
	return whole
}

func checksumHolds(extendable bool, whole []uint16) bool {
	return polymod(checksumLabel(extendable), whole) == 1
}
