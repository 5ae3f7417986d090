package prose

import (
	_ "embed"
	"strings"
	"sync"
)

// The vocabulary, one word a line, lower case, sorted: words of medicine, imaging
// and grammar. Of the names of attributes of PS3.6 and of the code meanings of
// PS3.16 it has the single words.
//
//go:embed english.txt
var englishWords string

//go:embed chinese.txt
var chineseTerms string

// Words of the vocabulary that are names of persons too, each with how: g given
// name, s surname, p a syllable that Chinese and Korean names are made of.
//
//go:embed names_en.txt
var englishNames string

//go:embed surnames_zh.txt
var chineseSurnames string

// class is what is known of a word, as a set of bits.
type class uint64

const (
	inVocabulary class = 1 << iota
	isGiven            // also a given name
	isSurname          // also a surname
	isSyllable         // also a syllable of Chinese names
	isTitle            // stands before a name
	isMonth
	isUnit      // of a measurement
	isBigUnit   // of one that may have four digits
	isYearUnit  // of an age
	isNumberCue // what follows is a number of somebody or something
	isPhoneCue
	isAgeCue
	isSetting // a technical parameter, which may have a big number
	isRankCue // what follows is a rank or fraction, not a date
	isHouse   // hospital, clinic: the end of an institution's name
	isCentre  // the same, if a word before it says so
	isEpithet // a usual part of an institution's name
	isStreet
	isEponym     // a name that is medical before one of isEponymOf
	isEponymOf   // disease, sign, cyst
	isBody       // a part of the body that is a surname too
	isParticle   // a small word: no name in text that is all capitals
	isLabel      // what comes before a colon or "by", and then a name
	isDomain     // ends the name of a host
	isPersonVerb // what only persons do
	isSaint      // stands before the name of a church or hill
	isLinking    // links the words of an institution's name
	isOf         // stands between an institution and its name
	isStop       // Chinese: a word at which the name of an institution does not go on
	isGeneric    // Chinese: before an institution that is not named
	isDigitWord  // a digit, or how often it stands there
	isTenWord    // a number from ten to eighty
	isBigWord    // ninety and above
	isOrdinal    // the number of a day in words
	isPerson     // whom an age may be of
)

// isAnyName are the classes of words that are names too.
const isAnyName = isGiven | isSurname | isSyllable

// lexicon is the vocabulary.
type lexicon struct {
	words    map[string]class
	edges    map[edge]int32 // of the trie of Chinese terms
	terms    []class        // by node: what is known of the term that ends there
	surnames map[rune]bool
	doubles  map[[2]rune]bool  // surnames of two characters
	titles   map[rune][][]rune // by the first rune
	houses   map[rune][][]rune
	roots    map[byte][]string // of medical words, by the first letter
	endings  map[string]bool
}

// edge leads from a node by a rune.
type edge struct {
	node int32
	r    rune
}

// words returns the vocabulary, which is read once and never changed.
var words = sync.OnceValue(func() *lexicon {
	l := &lexicon{
		words: make(map[string]class, 1<<14), edges: make(map[edge]int32, 1<<13), terms: []class{0},
		surnames: map[rune]bool{}, doubles: map[[2]rune]bool{}, titles: byFirst(hanTitles), houses: byFirst(hanHouses),
		roots: map[byte][]string{}, endings: map[string]bool{},
	}
	for word := range strings.FieldsSeq(englishWords) {
		l.words[word] |= inVocabulary
	}
	for root := range strings.FieldsSeq(medicalRoots) {
		l.roots[root[0]] = append(l.roots[root[0]], root)
	}
	for ending := range strings.FieldsSeq(medicalEndings) {
		l.endings[ending] = true
	}
	for line := range strings.Lines(englishNames) {
		word, how, _ := strings.Cut(strings.TrimSpace(line), " ")
		for letter, c := range map[string]class{"g": isGiven, "s": isSurname, "p": isSyllable} {
			if strings.Contains(how, letter) {
				l.words[word] |= c
			}
		}
	}
	for c, list := range classWords {
		for word := range strings.FieldsSeq(list) {
			l.words[string(folded(word))] |= c
		}
	}
	for term := range strings.FieldsSeq(chineseTerms) {
		l.addTerm(term, inVocabulary)
	}
	for c, list := range map[class]string{isLabel: hanLabels, isStop: hanStops, isGeneric: hanGeneric} {
		for term := range strings.FieldsSeq(list) {
			l.addTerm(term, c)
		}
	}
	for name := range strings.FieldsSeq(chineseSurnames) {
		if r := []rune(name); len(r) == 1 {
			l.surnames[r[0]] = true
		} else {
			l.doubles[[2]rune{r[0], r[1]}] = true
		}
	}
	return l
})

func (l *lexicon) addTerm(term string, c class) {
	node := int32(0)
	for _, r := range term {
		next, ok := l.edges[edge{node, r}]
		if !ok {
			next = int32(len(l.terms)) //nolint:gosec // some thousands
			l.edges[edge{node, r}] = next
			l.terms = append(l.terms, 0)
		}
		node = next
	}
	l.terms[node] |= c
}

// byFirst sorts words by their first character.
func byFirst(list string) map[rune][][]rune {
	out := map[rune][][]rune{}
	for word := range strings.FieldsSeq(list) {
		r := []rune(word)
		out[r[0]] = append(out[r[0]], r)
	}
	return out
}

// term returns what is known of a Chinese term.
func (l *lexicon) term(text []rune) class {
	node := int32(0)
	for _, r := range text {
		next, ok := l.edges[edge{node, r}]
		if !ok {
			return 0
		}
		node = next
	}
	return l.terms[node]
}

// maxWord is longer than any word of the vocabulary.
const maxWord = 40

// class returns what is known of a word.
func (l *lexicon) class(word []rune) class {
	if len(word) > maxWord {
		return 0
	}
	var buffer [maxWord]byte
	for i, r := range word {
		if r >= 0x80 {
			if len(word) == 1 && 0x3B1 <= r && r <= 0x3C9 {
				return inVocabulary // a Greek letter by itself is a sign
			}
			return 0
		}
		buffer[i] = byte(r & 0x7F)
	}
	return l.words[string(buffer[:len(word)])]
}
