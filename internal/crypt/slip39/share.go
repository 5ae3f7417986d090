package slip39

import (
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// set is what all shares of one secret have in common.
type set struct {
	identifier     uint16 // 15 random bits
	extendable     bool   // the identifier does not go into the encryption
	exponent       byte   // of the number of iterations: 10,000 times 2 to it
	groupThreshold byte   // so many groups are needed
	groupCount     byte
}

// Share is one share. It prints as "[share]"; [Share.Words] are the secret.
type Share struct {
	set
	group     byte // from 0
	member    byte // from 0
	threshold byte // so many members of the group are needed
	value     []byte
}

// Facts are what a share says of itself, of which nothing is secret. Numbers are from 1.
type Facts struct {
	Identifier     uint16 // of the set: the shares of one secret have the same
	Extendable     bool
	Exponent       int // of the passphrase's iterations
	Group          int
	GroupThreshold int
	Groups         int
	Member         int
	Threshold      int // of its group
	Words          int
}

// Facts returns what the share says of itself.
func (s Share) Facts() Facts {
	return Facts{
		Identifier: s.identifier, Extendable: s.extendable, Exponent: int(s.exponent),
		Group: int(s.group) + 1, GroupThreshold: int(s.groupThreshold), Groups: int(s.groupCount),
		Member: int(s.member) + 1, Threshold: int(s.threshold),
		Words: headerWords + valueWords(len(s.value)) + checksumWords,
	}
}

// String keeps the share out of every message.
func (Share) String() string { return "[share]" }

// GoString implements [fmt.GoStringer].
func (Share) GoString() string { return "[share]" }

// name says which share it is, in messages.
func (s Share) name() string {
	if s.groupCount == 1 {
		return fmt.Sprintf("share %d", s.member+1)
	}
	return fmt.Sprintf("share %d of group %d", s.member+1, s.group+1)
}

func valueWords(valueBytes int) int { return (8*valueBytes + wordBits - 1) / wordBits }

// bits is a row of bits that is written and read from its front, 10 to a word.
type bits struct {
	words []uint16
	at    int // the next bit
}

func (b *bits) put(value uint16, width int) {
	for i := width - 1; i >= 0; i-- {
		b.words[b.at/wordBits] |= (value >> i & 1) << (wordBits - 1 - b.at%wordBits)
		b.at++
	}
}

func (b *bits) take(width int) (value uint16) {
	for range width {
		value = value<<1 | b.words[b.at/wordBits]>>(wordBits-1-b.at%wordBits)&1
		b.at++
	}
	return value
}

// takeByte takes up to 8 bits.
func (b *bits) takeByte(width int) byte {
	return byte(b.take(width)) //nolint:gosec // so many bits fit
}

// Words writes the share: 33 words for a secret of 32 bytes.
func (s Share) Words() string {
	words := valueWords(len(s.value))
	b := &bits{words: make([]uint16, headerWords+words)}
	b.put(s.identifier, 15)
	b.put(bit(s.extendable), 1)
	b.put(uint16(s.exponent), 4)
	b.put(uint16(s.group), 4)
	b.put(uint16(s.groupThreshold-1), 4)
	b.put(uint16(s.groupCount-1), 4)
	b.put(uint16(s.member), 4)
	b.put(uint16(s.threshold-1), 4)
	b.put(0, wordBits*words-8*len(s.value))
	for _, v := range s.value {
		b.put(uint16(v), 8)
	}
	defer clear(b.words)
	return spell(withChecksum(s.extendable, b.words))
}

func bit(b bool) uint16 {
	if b {
		return 1
	}
	return 0
}

// Parse reads a share and checks it for itself: its words, checksum and form. ErrInvalid
// with a sentence that says what is wrong, and quotes nothing of it.
func Parse(text string) (Share, error) {
	numbers, err := read(text)
	if err != nil {
		return Share{}, err
	}
	defer clear(numbers)
	b := &bits{words: numbers}
	var s Share
	s.identifier = b.take(15)
	s.extendable = b.take(1) == 1
	if !checksumHolds(s.extendable, numbers) {
		return Share{}, fmt.Errorf("slip39: the words do not fit their checksum: one is wrong, missing or in another place: %w", sinso.ErrInvalid)
	}
	s.exponent = b.takeByte(4)
	s.group = b.takeByte(4)
	s.groupThreshold = b.takeByte(4) + 1
	s.groupCount = b.takeByte(4) + 1
	s.member = b.takeByte(4)
	s.threshold = b.takeByte(4) + 1
	if s.groupThreshold > s.groupCount || s.group >= s.groupCount {
		return Share{}, fmt.Errorf("slip39: the share is of a group that its set cannot have: %w", sinso.ErrInvalid)
	}
	width := wordBits * (len(numbers) - headerWords - checksumWords)
	padding := width % 16 // secrets are multiples of 16 bits
	if padding > 8 || b.take(padding) != 0 {
		return Share{}, fmt.Errorf("slip39: the share is of a length that no secret has, or its padding is not empty: %w", sinso.ErrInvalid)
	}
	for range (width - padding) / 8 {
		s.value = append(s.value, b.takeByte(8))
	}
	return s, nil
}

// fits says why a share does not go with the first of its set, or "".
func (s Share) fits(first Share) string {
	switch {
	case s.identifier != first.identifier:
		return fmt.Sprintf("is of set %d, and %s of set %d", s.identifier, first.name(), first.identifier)
	case s.set != first.set:
		return "says other things of the set than " + first.name()
	case len(s.value) != len(first.value):
		return "has another length than " + first.name()
	case s.group == first.group && s.threshold != first.threshold:
		return "says another threshold than " + first.name()
	}
	return ""
}

// together checks that shares are of one set, and returns them by group and member, each
// once. A share that is there twice counts once.
func together(shares []Share) (map[byte][]Share, error) {
	groups := map[byte][]Share{}
	for i, s := range shares {
		if why := s.fits(shares[0]); why != "" {
			return nil, fmt.Errorf("slip39: %s, number %d of those given, %s: %w", s.name(), i+1, why, sinso.ErrInvalid)
		}
		group := groups[s.group]
		if len(group) > 0 && s.threshold != group[0].threshold {
			return nil, fmt.Errorf("slip39: %s, number %d of those given, %s: %w", s.name(), i+1, s.fits(group[0]), sinso.ErrInvalid)
		}
		at := slices.IndexFunc(group, func(other Share) bool { return other.member == s.member })
		if at == -1 {
			groups[s.group] = append(group, s)
			continue
		}
		if !slices.Equal(group[at].value, s.value) {
			return nil, fmt.Errorf("slip39: %s is there twice, with other words: one of the two is of another set: %w", s.name(), sinso.ErrInvalid)
		}
	}
	return groups, nil
}
