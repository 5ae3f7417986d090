package prose

import "unicode"

// form is the form of a token.
type form uint8

const (
	formWord    form = iota // letters of an alphabet
	formNumber              // digits
	formHan                 // Chinese characters
	formForeign             // letters of other scripts: kana, Hangul
	formSpace
	formBreak // end of a line
	formSign  // one of anything else
)

// token is a run of runes of one form.
type token struct {
	start, end int32
	form       form
	class      class // of a word
}

func formOf(r rune) form {
	switch {
	case 'a' <= r && r <= 'z':
		return formWord
	case '0' <= r && r <= '9':
		return formNumber
	case r == ' ', r == '\t', r == 0:
		return formSpace
	case isBreak(r):
		return formBreak
	case r < 0x80:
		return formSign
	case isUnified(r):
		return formHan
	case unicode.Is(unicode.Han, r) || r == '〇':
		return formHan
	case !unicode.IsLetter(r):
		return formSign
	case r < 0x1100 || 0x1E00 <= r && r < 0x2E80:
		return formWord
	}
	return formForeign
}

// isUnified reports whether a rune is of the block that nearly all Chinese characters
// are in, which is quicker to tell than the script.
func isUnified(r rune) bool { return 0x4E00 <= r && r <= 0x9FFF }

// tokenize cuts the page into tokens.
func (p *page) tokenize() {
	p.tokens = make([]token, 0, len(p.runes)/4+4)
	for i := 0; i < len(p.runes); {
		if j := p.escape(i); j > i {
			p.cutRunes(i, j, Unknown)
			p.tokens = append(p.tokens, token{start: int32(i), end: int32(j), form: formSpace}) //nolint:gosec // bounded by the text
			i = j
			continue
		}
		f := formOf(p.runes[i])
		j := i + 1
		for f != formSign && f != formBreak && j < len(p.runes) && formOf(p.runes[j]) == f {
			j++
		}
		t := token{start: int32(i), end: int32(j), form: f}
		if f == formWord {
			t.class = p.lex.class(p.runes[i:j])
		}
		p.tokens = append(p.tokens, t)
		i = j
	}
	p.markLower()
}

// markLower notes the lines that are written without any capital.
func (p *page) markLower() {
	p.lower = make([]bool, len(p.tokens))
	first, capitals := 0, false
	for i := 0; i <= len(p.tokens); i++ {
		if i == len(p.tokens) || p.tokens[i].form == formBreak {
			for k := first; k < i; k++ {
				p.lower[k] = !capitals
			}
			first, capitals = i+1, false
			continue
		}
		capitals = capitals || p.capital(i)
	}
}

// capital reports whether a token begins with a capital.
func (p *page) capital(i int) bool { return p.upper[p.tokens[i].start] }

// shouts reports whether a token is all capitals.
func (p *page) shouts(i int) bool {
	for k := p.tokens[i].start; k < p.tokens[i].end; k++ {
		if !p.upper[k] {
			return false
		}
	}
	return true
}

// nameLike reports whether a word is written as a name may be: with a capital, or
// where nothing is.
func (p *page) nameLike(i int) bool { return p.capital(i) || p.lower[i] }

func (p *page) size(i int) int { return int(p.tokens[i].end - p.tokens[i].start) }

func (p *page) has(i int, c class) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].class&c != 0
}

func (p *page) is(i int, f form) bool { return i >= 0 && i < len(p.tokens) && p.tokens[i].form == f }

// sign returns the sign that a token is, or 0.
func (p *page) sign(i int) rune {
	if !p.is(i, formSign) {
		return 0
	}
	return p.runes[p.tokens[i].start]
}

// word returns the letters of a token.
func (p *page) word(i int) string {
	if i < 0 || i >= len(p.tokens) {
		return ""
	}
	return string(p.runes[p.tokens[i].start:p.tokens[i].end])
}

// isGone reports whether a token was removed, if only in part.
func (p *page) isGone(i int) bool { return p.goneAs(i) != kept }

func (p *page) goneAs(i int) Kind {
	if i < 0 || i >= len(p.tokens) {
		return kept
	}
	if t := p.tokens[i]; t.form != formHan {
		return p.gone[t.start]
	}
	for k := p.tokens[i].start; k < p.tokens[i].end; k++ {
		if p.gone[k] != kept {
			return p.gone[k]
		}
	}
	return kept
}

// cut removes the tokens from i up to, not including, j; line breaks stay.
func (p *page) cut(i, j int, k Kind) {
	for ; i < j; i++ {
		if p.tokens[i].form != formBreak {
			p.cutRunes(int(p.tokens[i].start), int(p.tokens[i].end), k)
		}
	}
}

func (p *page) cutRunes(from, to int, k Kind) {
	for ; from < to; from++ {
		if p.gone[from] == kept {
			p.gone[from] = k
		}
	}
}

// isGap reports whether a token is a space or the end of a line: what belongs
// together may go on in the next line.
func (p *page) isGap(i int) bool { return p.is(i, formSpace) || p.is(i, formBreak) }

// after returns the first token from i on that is no gap.
func (p *page) after(i int) int {
	for p.isGap(i) {
		i++
	}
	return i
}

// before returns the last token up to i that is no gap, or -1.
func (p *page) before(i int) int {
	for p.isGap(i) {
		i--
	}
	return i
}
