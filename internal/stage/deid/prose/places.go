package prose

import "strings"

// maxPlaceWords bounds how many words before a hospital or street are its name.
const maxPlaceWords = 6

// contains reports whether a word is in a list with spaces around each.
func contains(list, word string) bool {
	return word != "" && strings.Contains(list, " "+word+" ")
}

// cutPlaces removes the names of institutions and postal addresses.
func (p *page) cutPlaces() {
	for i := range p.tokens {
		switch {
		case p.tokens[i].form != formWord:
		case p.has(i, isHouse):
			p.cutHouse(i, false)
		case p.has(i, isCentre):
			p.cutHouse(i, true)
		case p.has(i, isStreet):
			p.cutStreet(i)
		}
		if p.has(i, isSaint) && p.capital(i) && !p.shouts(i) {
			p.cutSaint(i)
		}
	}
}

// cutHouse removes an institution with the words before it that are its name, and
// those after "of" or "for". With strict, it is none unless one of them is a name.
func (p *page) cutHouse(i int, strict bool) {
	from, named := p.nameBefore(i)
	if p.tokens[i].class&inVocabulary == 0 && !strict {
		named = true // Klinikum: nothing else
	}
	end := i + 1
	if k := p.after(end); p.has(k, isOf) {
		next := p.after(k + 1)
		if p.word(next) == "the" {
			next = p.after(next + 1)
		}
		if p.is(next, formWord) && p.capital(i) && p.capital(next) && !p.shouts(next) && (p.tokens[next].class&inVocabulary == 0 || !strict) {
			for n := 0; n < maxPlaceWords && p.is(next, formWord) && p.capital(next); n++ {
				end, named = next+1, true
				next = p.after(end)
			}
		}
	}
	if from < i || named {
		if strict && !named {
			return
		}
		p.cut(from, end, Place)
	}
}

// nameBefore returns the first token of the name before an institution, and
// whether a word of it is more than a usual one.
func (p *page) nameBefore(i int) (int, bool) {
	from, named := i, false
	k := i - 1
	for n := 0; n < maxPlaceWords && k >= 0; n++ {
		k = p.placeGap(k)
		if !p.is(k, formWord) && !p.is(k, formNumber) {
			break
		}
		c := p.tokens[k].class
		unknown := c&inVocabulary == 0 && !p.medical(k) && p.is(k, formWord)
		linking := c&isParticle != 0 || c&isLinking != 0
		switch {
		case unknown, c&isAnyName != 0 && p.capital(k) && c&(isBody|isParticle) == 0, p.isGone(k) && p.is(k, formWord):
			named = true
		case c&isEpithet != 0 && (!linking || n > 0 && !p.capital(k)):
			if !linking && p.capital(k) && !p.lineShouts(k) && n > 0 {
				named = true // two usual words with capitals: City General
			}
		default:
			return from, named
		}
		if !linking {
			from = k
		}
		k--
	}
	return from, named
}

// placeGap steps back over what parts the words of a name.
func (p *page) placeGap(k int) int {
	for n := 0; n < 3 && k >= 0; n++ {
		if s := p.sign(k); s != '.' && s != '-' && s != '\'' && s != '&' && !p.isGap(k) {
			break
		}
		k--
	}
	return k
}

// cutStreet removes a street with its name and the number of the house.
func (p *page) cutStreet(i int) {
	k := i
	for n := range 4 {
		k = p.placeGap(k - 1)
		if p.is(k, formNumber) && n > 0 && p.unitAfter(k) == 0 {
			p.cut(k, i+1, Place)
			return
		}
		if n > 0 && p.is(k, formWord) && p.size(k) == 1 && p.is(k-1, formNumber) { // 14b
			p.cut(k-1, i+1, Place)
			return
		}
		if !p.is(k, formWord) || !p.capital(k) && !p.lower[k] || p.size(k) == 1 && n == 0 {
			return
		}
	}
}

// cutSaint removes St. and the name after it, such as of a hospital.
func (p *page) cutSaint(i int) {
	k := i + 1
	if p.sign(k) == '.' {
		k++
	}
	k = p.after(k)
	if p.is(k, formWord) && p.capital(k) {
		p.cut(i, k+1, Place)
	}
}
