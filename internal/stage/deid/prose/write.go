package prose

import (
	"strings"
	"unicode/utf8"
)

// write returns the text with a Mark for each removed span. Spans of one kind with
// nothing but spaces and signs between them are one: how many words a name has is
// nobody's business.
func (p *page) write(text string) (string, []Removal) {
	why := p.spans()
	var out strings.Builder
	out.Grow(len(text))
	var removals []Removal
	index, marked := 0, kept
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		k := why[index]
		switch {
		case k == kept:
			out.WriteString(text[i : i+size])
		case isBreak(r):
			out.WriteString(text[i : i+size])
		case k == hidden:
			k = marked
			if k != kept {
				removals[len(removals)-1].End = index + 1
			}
		default:
			if k != marked {
				out.WriteString(Mark)
				removals = append(removals, Removal{Kind: k, Start: index})
			}
			removals[len(removals)-1].End = index + 1
		}
		marked = k
		if isBreak(r) {
			marked = kept
		}
		i += size
		index++
	}
	return out.String(), removals
}

// hidden is a rune that cannot be seen: it goes without a Mark, as it could say
// something to who knows of it.
const hidden = Unknown + 1

// spans returns for each rune of the text why it is removed.
func (p *page) spans() []Kind {
	p.join()
	why := make([]Kind, p.total)
	for i := range why {
		why[i] = hidden
	}
	for i, k := range p.gone {
		if at := p.at[i]; k != kept || why[at] == hidden {
			why[at] = k
		}
	}
	p.openSpaces(why)
	return why
}

// join removes the spaces between spans of one kind.
func (p *page) join() {
	end := -1 // after the last removed rune
	for i := range p.runes {
		switch {
		case p.gone[i] == kept:
			continue
		case end >= 0 && i > end && i-end <= 3 && p.gone[end-1] == p.gone[i] && p.onlyGlue(end, i):
			p.cutRunes(end, i, p.gone[i])
		}
		end = i + 1
	}
}

func (p *page) onlyGlue(from, to int) bool {
	for ; from < to; from++ {
		if !strings.ContainsRune(" .,^-'&=_/", p.runes[from]) {
			return false
		}
	}
	return true
}
