// Package prose takes out of free text whatever may identify somebody, and leaves
// the medicine in: descriptions, comments, report text, annotations of waveforms.
//
// It is what the Clean Descriptors and Clean Structured Content Options ask for
// (PS3.15 §E.3.5, §E.3.6), in English and Chinese. The rule is: what is unsure is
// removed. Three layers look at each text. The first finds the identifiers that
// the study and the person's record themselves hold, in the forms in which people
// write them. The second finds what has the form of an identifier: names after
// titles, dates, numbers, addresses, hospitals. The third is an allow-list: of the
// rest only words of a medical vocabulary and numbers that look like measurements
// stay, so that a text in a language that is not known comes out empty.
package prose

import "strings"

// Mark stands for each span that was removed. It is one character that every VR
// may hold, CS too (PS3.5 Table 6.2-1), and never longer than what it stands for:
// a cleaned value fits wherever the value did.
const Mark = "_"

// Known are the identifiers that the study and the person's record hold. Empty
// and very short values are ignored.
type Known struct {
	// Names are names of persons as they are written: PN with ^ and = (PS3.5
	// §6.2.1), or plain.
	Names []string
	// IDs are what numbers or names one person, visit or device: patient ID,
	// accession number, telephone, e-mail, UID.
	IDs []string
	// Dates are DA or DT values; the date part is used.
	Dates []string
	// Places are institutions, departments and addresses.
	Places []string
}

// Kind says what a removed span was taken for.
type Kind uint8

// The kinds, most certain first: a span that is of several is reported by the
// layer that found it first.
const (
	kept    Kind = iota
	Name         // a person
	Date         // a date, a part of one, or a time of day
	ID           // a number or code of a person, visit, place or object
	Phone        // a telephone number
	Contact      // e-mail, web or network address
	Place        // an institution or a postal address
	Age          // an age over 89 years
	Unknown      // not in the vocabulary
)

// String returns the kind as one lower-case word.
func (k Kind) String() string {
	return [...]string{"kept", "name", "date", "id", "phone", "contact", "place", "age", "unknown"}[min(k, Unknown)]
}

// Removal is one span that was taken out. It holds nothing of the text.
type Removal struct {
	Kind Kind
	// Start and End are offsets into the text as it came, in runes, half open. A
	// byte that is no UTF-8 counts as one.
	Start, End int
}

// Cleaner cleans texts of one study or object. It may be used by many goroutines.
type Cleaner struct {
	known   *matcher
	letters map[rune]bool // Han characters that are a component of a known name
	lex     *lexicon
}

// New returns a Cleaner that also knows some identifiers. For those
// of a study it takes about 0.1 ms.
func New(known Known) *Cleaner {
	lex := words()
	f := &forms{lex: lex, seen: map[string]bool{}, letters: map[rune]bool{}}
	for _, name := range known.Names {
		f.name(name)
	}
	for _, id := range known.IDs {
		f.id(id)
	}
	for _, date := range known.Dates {
		f.date(date)
	}
	for _, place := range known.Places {
		f.place(place)
	}
	return &Cleaner{known: newMatcher(f.list), letters: f.letters, lex: lex}
}

// Clean returns text without whatever may identify, a Mark for each span, and the
// spans in order. Line breaks stay; marks that cannot be seen, such as joiners, go
// without a Mark. The result is valid UTF-8, and has neither more runes nor more
// bytes than text.
//
// Time and memory are linear in the length of text.
func (c *Cleaner) Clean(text string) (string, []Removal) {
	if strings.TrimSpace(text) == "" {
		return text, nil
	}
	p := newPage(text, c.lex)
	c.findKnown(p)
	p.cutAddresses()
	p.cutMonths()
	p.cutHan(c.letters)
	p.cutNumbers()
	p.cutNumberWords()
	p.cutTitles()
	p.cutPlaces()
	p.cutUnknown()
	p.cutNumbersBeside()
	p.cutNeighbours()
	return p.write(text)
}
