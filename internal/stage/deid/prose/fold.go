package prose

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// page is one text while it is cleaned: its runes folded, so that the same letter
// always looks the same, and what becomes of each.
type page struct {
	lex    *lexicon
	runes  []rune  // folded: lower case, without marks, full-width forms narrow
	upper  []bool  // whether it was a capital
	at     []int32 // index of the rune of the text that it comes from
	gone   []Kind  // why it is removed, or kept
	tokens []token
	lower  []bool // by token: whether its line has no capital at all
	total  int    // runes of the text
	han    bool   // whether it has Chinese characters
	closed []closedSpace
}

func newPage(text string, lex *lexicon) *page {
	p := &page{lex: lex}
	n := len(text)
	p.runes, p.upper, p.at = make([]rune, 0, n), make([]bool, 0, n), make([]int32, 0, n)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		p.fold(r, int32(p.total)) //nolint:gosec // a text of 2^31 runes cannot be held in a DICOM value
		p.total++
		i += size
	}
	if p.han {
		p.closeHan()
	}
	p.gone = make([]Kind, len(p.runes))
	p.tokenize()
	return p
}

func (p *page) add(r rune, upper bool, at int32) {
	p.runes, p.upper, p.at = append(p.runes, r), append(p.upper, upper), append(p.at, at)
}

// fold adds what a rune stands for. What cannot be seen adds nothing.
func (p *page) fold(r rune, at int32) {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			p.add(r+('a'-'A'), true, at)
			return
		}
		p.add(r, false, at)
	case isUnified(r), unicode.Is(unicode.Han, r) && (r < 0x2E80 || r > 0x2FDF) && (r < 0xF900 || r > 0xFAFF):
		p.han = true
		p.add(r, false, at)
	case invisible(r):
	default:
		p.decompose(r, at)
	}
}

// invisible reports whether a rune leaves no trace on paper: joiners, direction
// marks, soft hyphens, fillers, tags.
func invisible(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2800:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Variation_Selector)
}

// decompose adds the letters of a rune that is one with a mark, a ligature or
// another form of it.
func (p *page) decompose(r rune, at int32) {
	if plain, ok := plainLetters(unicode.ToLower(r)); ok {
		for _, l := range plain {
			p.add(l, unicode.IsUpper(r), at)
		}
		return
	}
	for _, d := range norm.NFKD.String(string(r)) {
		switch {
		case invisible(d):
		case unicode.IsDigit(d):
			p.add('0'+digitOf(d), false, at)
		case unicode.IsSpace(d) && !isBreak(d):
			p.add(' ', false, at)
		default:
			l := unicode.ToLower(d)
			if plain, ok := plainLetters(l); ok {
				l = rune(plain[0])
			}
			p.add(l, unicode.IsUpper(d), at)
		}
	}
}

// plainLetters returns ASCII letters for those that do not decompose.
func plainLetters(r rune) (string, bool) {
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ø':
		return "o", true
	case 'đ', 'ð':
		return "d", true
	case 'ł':
		return "l", true
	case 'ı':
		return "i", true
	case 'ħ':
		return "h", true
	case 'þ':
		return "th", true
	case 'µ', 'μ':
		return "u", true
	case '×', '✕':
		return "x", true
	case '‐', '‑', '‒', '–', '—', '−', '－', '⁃', '˗':
		return "-", true
	case '’', '‘', '`', 'ʼ', '′':
		return "'", true
	case '。', '．', '·', '・', '∙', '⋅', '‧':
		return ".", true
	case '，', '、':
		return ",", true
	case '：', '∶', '꞉':
		return ":", true
	case '⁄', '∕', '⧸':
		return "/", true
	case '；':
		return ";", true
	}
	return "", false
}

// digitOf returns the value of a decimal digit: every script has its ten in order.
func digitOf(r rune) rune {
	if r <= '9' {
		return r - '0'
	}
	v := rune(0)
	for v < 9 && unicode.IsDigit(r-1-v) {
		v++
	}
	return v
}

func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\f' || r == '\v' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// folded returns a text as a page has it: for identifiers that are looked for.
func folded(text string) []rune {
	p := &page{}
	for _, r := range text {
		p.fold(r, 0)
	}
	return p.runes
}
