package prose

import (
	"unicode"
	"unicode/utf8"
)

// findKnown removes the known identifiers. The page is searched without its spaces
// and signs, so that it does not matter how an identifier is parted.
func (c *Cleaner) findKnown(p *page) {
	if len(c.known.patterns) == 0 {
		return
	}
	letters := make([]byte, 0, len(p.runes))
	at := make([]int32, 0, len(p.runes)) // by byte of letters: the rune of the page
	for i, r := range p.runes {
		if !alphanumeric(r) {
			continue
		}
		before := len(letters)
		letters = utf8.AppendRune(letters, r)
		for range len(letters) - before {
			at = append(at, int32(i))
		}
	}
	first, last := 0, 0 // what the last matches cover together
	c.known.find(letters, func(f pattern, end int) bool {
		from, to := int(at[end-len(f.text)]), int(at[end-1])+1
		if to-from > maxSpread*f.runes || !p.stands(from, to, f) {
			return false
		}
		if from > last {
			first, last = from, from
		}
		p.cutRunes(from, min(first, to), f.kind)
		p.cutRunes(max(from, last), to, f.kind)
		first, last = min(first, from), max(last, to)
		return true
	})
	p.cutWholeTokens()
}

// maxSpread bounds how far the letters of an identifier may stand from each other.
const maxSpread = 4

func alphanumeric(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return isUnified(r) || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// stands reports whether a match is one. A long identifier may be inside a word. A
// short one, or one that is parted, begins and ends where words do; a short one is
// in one piece, in its parts or letter by letter.
func (p *page) stands(from, to int, f pattern) bool {
	if !f.whole && to-from == f.runes {
		return true // in one piece
	}
	letters, gaps, dots := 0, 0, 0
	for i := from; i < to; i++ {
		if alphanumeric(p.runes[i]) {
			letters++
			if i > from && !alphanumeric(p.runes[i-1]) {
				gaps++
			}
		} else if p.runes[i] == '.' {
			dots++
		}
	}
	if from > 0 && !p.boundary(from) || to < len(p.runes) && !p.boundary(to) {
		return false
	}
	spelled := gaps == letters-1
	if f.dotted {
		return dots > 0 && spelled
	}
	return !f.whole || gaps < f.parts || spelled
}

// boundary reports whether a word may begin or end before rune i: a change
// between letters, digits, scripts and signs, or from a small letter to a capital.
func (p *page) boundary(i int) bool {
	a, b := formOf(p.runes[i-1]), formOf(p.runes[i])
	return a != b || a == formHan || a == formSign || p.upper[i] && !p.upper[i-1]
}

// cutWholeTokens removes the rest of words and numbers of which an identifier is a
// part: they could be more of it.
func (p *page) cutWholeTokens() {
	for i, t := range p.tokens {
		if t.form == formHan || t.form == formSpace || t.form == formBreak || t.form == formSign {
			continue
		}
		for k := t.start; k < t.end; k++ {
			if p.gone[k] != kept {
				p.cut(i, i+1, p.gone[k])
				break
			}
		}
	}
}
