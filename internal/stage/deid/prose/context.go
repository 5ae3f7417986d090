package prose

import "strings"

// cutByPlace removes words of the vocabulary that are names by where they stand:
// with a capital amid words without; before what only persons do, a sex or an age;
// beside an initial; or first of two on a line without capitals.
func (p *page) cutByPlace() {
	for i := range p.tokens {
		if !p.has(i, isAnyName) || p.has(i, isBody|isParticle) || p.isGone(i) || !p.nameLike(i) || p.glued(i-1) || p.glued(i+1) {
			continue
		}
		next := p.after(i + 1)
		switch {
		case p.amidSmall(i), p.owns(i), p.isField(i), p.beforeInitial(i), p.afterVerb(i), p.amidHan(i), p.has(next, isPersonVerb) && p.capital(i) && !p.shouts(i), p.beforeSexOrAge(i):
			p.cut(i, i+1, Name)
		case p.capital(i) && p.initialBefore(i):
			p.cut(p.before(i-1)-1, i+1, Name)
		case p.capital(i) && p.initialAfter(i) > 0:
			p.cut(i, p.initialAfter(i), Name)
		case p.lower[i] && (i == 0 || p.is(i-1, formBreak)) && p.is(i+1, formSpace) && p.has(next, isAnyName) && !p.has(next, isBody|isParticle):
			p.cut(i, next+1, Name)
		}
	}
}

// owns reports whether something is said to be a person's: Violet's knee, but no
// Ward's triangle.
func (p *page) owns(i int) bool {
	return p.capital(i) && p.sign(i+1) == '\'' && p.word(i+2) == "s" && !p.has(i, isTitle|isLabel) && !p.has(p.after(i+3), isEponymOf)
}

// isField reports whether a word with a capital is all there is between the signs that
// part fields: |White|, >White<.
func (p *page) isField(i int) bool {
	a, b := p.sign(i-1), p.sign(i+1)
	return p.capital(i) && (a == '|' && b == '|' || a == '>' && b == '<')
}

// beforeInitial reports whether a word with a capital, and a letter after it, are all
// there is up to a sign or the end of the line: Short T / F.
func (p *page) beforeInitial(i int) bool {
	k := i + 2
	if !p.capital(i) || p.shouts(i) || p.has(i, isRankCue) || !p.is(k-1, formSpace) || !p.is(k, formWord) || p.size(k) > 1 || !p.capital(k) {
		return false
	}
	end := p.after(k + 1)
	return end == len(p.tokens) || p.is(k+1, formBreak) || strings.ContainsRune("/,;)", p.sign(end))
}

// afterVerb reports whether a word with a capital follows what is done to persons:
// Call Stone.
func (p *page) afterVerb(i int) bool {
	k := p.before(i - 1)
	return p.capital(i) && !p.shouts(i) && k == i-2 && p.has(k, isPersonVerb|isPhoneCue) && p.capital(k)
}

// amidHan reports whether a given name with a capital is the only word amid Chinese text.
func (p *page) amidHan(i int) bool {
	if !p.han {
		return false
	}
	k, next := p.before(i-1), p.after(i+1)
	return p.has(i, isGiven) && p.capital(i) && !p.shouts(i) && (p.is(k, formHan) || p.is(next, formHan)) && !p.glued(k) && !p.glued(next)
}

// amidSmall reports whether a word has a capital, and the one before it in the same
// sentence has none, or was removed and a comma is between. Parentheses may be around it.
func (p *page) amidSmall(i int) bool {
	k := p.before(i - 1)
	alone := p.sign(k) == '(' && p.sign(i+1) == ')'
	comma := p.sign(k) == ','
	if comma || alone {
		k = p.before(k - 1)
	}
	if comma && p.glued(k) && p.isGone(k) {
		return p.capital(i) && !p.shouts(i)
	}
	return p.capital(i) && !p.shouts(i) && k < i-1 && (p.is(i-1, formSpace) || alone) && p.is(k, formWord) && !p.capital(k) && p.size(k) > 1
}

// initialBefore reports whether a letter and a point stand before a word.
func (p *page) initialBefore(i int) bool {
	k := p.before(i - 1)
	return p.sign(k) == '.' && p.is(k-1, formWord) && p.size(k-1) == 1 && p.capital(k-1) && !p.glued(k-2) && !p.shouts(i)
}

// initialAfter returns the token after a letter and a point that follow a word, with or
// without a comma between: Rose, L. Otherwise it returns 0.
func (p *page) initialAfter(i int) int {
	k := p.after(i + 1)
	if p.sign(k) == ',' {
		k = p.after(k + 1)
	}
	if p.is(k, formWord) && p.size(k) == 1 && p.capital(k) && p.sign(k+1) == '.' {
		return k + 2
	}
	return 0
}

// beforeSexOrAge reports whether a word with a capital is followed by M or F, or a
// number of years.
func (p *page) beforeSexOrAge(i int) bool {
	k := p.nameGap(i + 1)
	if p.sign(k) == '/' {
		k++
	}
	if !p.capital(i) || k == i+1 {
		return false
	}
	if w := p.word(k); w == "m" || w == "f" || w == "male" || w == "female" {
		return p.capital(k) && !p.glued(k+1)
	}
	unit := p.after(k + 1)
	if p.sign(unit) == '-' {
		unit++
	}
	return p.is(k, formNumber) && p.has(unit, isYearUnit)
}
