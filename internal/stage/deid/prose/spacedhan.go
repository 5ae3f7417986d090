package prose

import (
	"slices"
	"strings"
)

// closedSpace is a space of the text that the page leaves out.
type closedSpace struct {
	at   int32 // index of the rune of the text
	next int32 // index of the rune of the page after it
}

// closeHan leaves out the spaces between Chinese characters that stand alone, as they
// are written to fill a line: 张 三, 姓 名. A zero among Chinese digits that is a letter
// or digit of another script becomes one of theirs: 二O一九.
func (p *page) closeHan() {
	first := slices.IndexFunc(p.runes, func(r rune) bool { return r == ' ' || r == '\t' || r == 'o' || r == '0' || r == '○' })
	if first < 0 {
		return
	}
	n := first   // runes that are written
	series := -1 // where the last character after a left out space was written
	for i := first; i < len(p.runes); i++ {
		r := p.runes[i]
		switch r {
		case ' ', '\t':
			if n == 0 || !isHan(p.runes[n-1]) || n > 1 && series != n-1 && isHan(p.runes[n-2]) {
				break
			}
			j := i
			for j < len(p.runes) && formOf(p.runes[j]) == formSpace {
				j++
			}
			if !p.standsAlone(j) {
				break
			}
			for ; i < j; i++ {
				p.closed = append(p.closed, closedSpace{p.at[i], int32(n)}) //nolint:gosec // bounded by the text
			}
			series, r = n, p.runes[i]
		case 'o', '0', '○':
			if n > 0 && i+1 < len(p.runes) && strings.ContainsRune(hanDigits, p.runes[n-1]) && strings.ContainsRune(hanDigits, p.runes[i+1]) {
				r = '〇'
			}
		}
		p.runes[n], p.upper[n], p.at[n] = r, p.upper[i], p.at[i]
		n++
	}
	p.runes, p.upper, p.at = p.runes[:n], p.upper[:n], p.at[:n]
}

func isHan(r rune) bool { return formOf(r) == formHan }

// standsAlone reports whether rune i is a Chinese character with none after it.
func (p *page) standsAlone(i int) bool {
	return i < len(p.runes) && isHan(p.runes[i]) && (i+1 == len(p.runes) || !isHan(p.runes[i+1]))
}

// openSpaces says for the spaces that were left out why they are removed: as what is on
// both sides of them, or not.
func (p *page) openSpaces(why []Kind) {
	for _, s := range p.closed {
		why[s.at] = kept
		if p.gone[s.next-1] == p.gone[s.next] {
			why[s.at] = p.gone[s.next]
		}
	}
}
