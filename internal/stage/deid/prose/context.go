package prose

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
		case p.amidSmall(i), p.has(next, isPersonVerb) && p.capital(i) && !p.shouts(i), p.beforeSexOrAge(i):
			p.cut(i, i+1, Name)
		case p.capital(i) && p.initialBefore(i):
			p.cut(p.before(i-1)-1, i+1, Name)
		case p.capital(i) && p.is(next, formWord) && p.size(next) == 1 && p.capital(next) && p.sign(next+1) == '.':
			p.cut(i, next+2, Name)
		case p.lower[i] && (i == 0 || p.is(i-1, formBreak)) && p.has(next, isAnyName) && !p.has(next, isBody|isParticle):
			p.cut(i, next+1, Name)
		}
	}
}

// amidSmall reports whether a word has a capital, and the one before it in the
// same sentence has none.
func (p *page) amidSmall(i int) bool {
	k := p.before(i - 1)
	return p.capital(i) && !p.shouts(i) && k < i-1 && p.is(k, formWord) && !p.capital(k) && p.size(k) > 1
}

// initialBefore reports whether a letter and a point stand before a word.
func (p *page) initialBefore(i int) bool {
	k := p.before(i - 1)
	return p.sign(k) == '.' && p.is(k-1, formWord) && p.size(k-1) == 1 && p.capital(k-1) && !p.glued(k-2) && !p.shouts(i)
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
