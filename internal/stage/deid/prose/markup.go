package prose

import "strings"

// maxEntity bounds how many letters the name or number of a character has.
const maxEntity = 8

// escape returns the rune after a character that is written by its name or number
// from rune i on, or i: &nbsp; &#77; as in HTML, or %20 as in a web address. It may
// be any letter, so that it goes, and what it parts are words.
func (p *page) escape(i int) int {
	switch p.runes[i] {
	case '&':
		j := i + 1
		for j < len(p.runes) && j-i <= maxEntity && (p.runes[j] < 0x80 && alphanumeric(p.runes[j]) || p.runes[j] == '#' && j == i+1) {
			j++
		}
		if j < len(p.runes) && p.runes[j] == ';' && j-i > 2 {
			return j + 1
		}
	case '%':
		if i > 0 && i+2 < len(p.runes) && formOf(p.runes[i-1]) != formNumber && alphanumeric(p.runes[i-1]) && isHex(p.runes[i+1]) && isHex(p.runes[i+2]) {
			return i + 3
		}
	}
	return i
}

func isHex(r rune) bool { return '0' <= r && r <= '9' || 'a' <= r && r <= 'f' }

// valueAfter returns the token from k on at which the value of a label begins: after
// the signs, the ends of lines and the names of tags and commands between them, as
// in Name: X, "name":"X", <td>Name</td><td>X</td>, name={\b X}.
func (p *page) valueAfter(k int) int {
	for n := 0; n < maxLabelGap && k < len(p.tokens); n++ {
		s := p.sign(k)
		switch {
		case p.isGap(k), s != 0 && strings.ContainsRune(labelSigns, s):
		case p.is(k, formWord) && p.inTag(k):
		case s == '/' && p.sign(k-1) == '<':
		default:
			return k
		}
		k++
	}
	return k
}

// maxLabelGap bounds how many tokens are between a label and its value.
const maxLabelGap = 16

// labelSigns may stand between a label and its value.
const labelSigns = `:="'<>{[(|*#-_~\,;`

// inTag reports whether a word is the name of a tag or a command: <b> </b> \b.
func (p *page) inTag(k int) bool {
	s := p.sign(k - 1)
	return s == '<' || s == '\\' || s == '/' && p.sign(k-2) == '<'
}
