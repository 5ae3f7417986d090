package prose

import "strings"

// maxNameWords bounds how many words after a title are taken for a name.
const maxNameWords = 5

// cutTitles removes titles with the names after them, and names after a label.
func (p *page) cutTitles() {
	for i := range p.tokens {
		if p.tokens[i].form != formWord || p.isGone(i) {
			continue
		}
		if p.has(i, isTitle) {
			p.cutTitled(i)
			continue
		}
		if k := p.labelEnd(i); k > 0 && p.cutName(k, false) == k {
			p.cutLabelInitials(i, k)
		}
		if p.han {
			p.cutBesideHan(i)
		}
	}
	p.cutInitials()
	p.cutPairs()
	p.cutByPlace()
}

// labelEnd returns the token after a label and its signs or "by", or 0. Without any,
// as in "radiologist Long", it is a name only if it is written as one.
func (p *page) labelEnd(i int) int {
	k := p.after(i + 1)
	if p.is(k, formNumber) && p.size(k) == 1 && p.sign(k+1) == ':' && p.has(i, isLabel) {
		return p.valueAfter(k + 1) // Operator 2: Ray
	}
	switch {
	case p.has(i, isLabel|isPersonVerb) && p.word(k) == "by", p.sign(k) == ':' && p.word(i) == "by":
		return p.valueAfter(k + 1)
	case p.sign(i+1) == '.' && contains(" pt tech attn ", p.word(i)):
		return p.valueAfter(i + 2)
	case p.has(i, isLabel) && (p.sign(k) != 0 || !contains(" family given ", p.word(i))): // family history
		return p.valueAfter(i + 1)
	}
	return 0
}

// cutLabelInitials removes letters in capitals, though they are a word, that are all
// there is after a label and a sign or "by", amid words that are not: they are
// somebody's. i is the label, k what follows.
func (p *page) cutLabelInitials(i, k int) {
	const methods = " ct cta ctv mr mra mrv mri us xr cr dr nm pet ecg ekg eeg emg echo dsa fna ercp "
	if contains(methods, p.word(k)) && p.word(p.before(k-1)) == "by" {
		return // confirmed by CT
	}
	if k == p.after(i+1) || !p.is(k, formWord) || p.size(k) > maxInitials || !p.shouts(k) || p.shouts(i) || p.glued(k-1) || p.glued(k+1) {
		return
	}
	end := p.after(k + 1)
	if s := p.sign(end); end == len(p.tokens) || end > k+1 && p.is(k+1, formBreak) || s != 0 && s != '^' {
		p.cut(k, k+1, Name)
	}
}

// maxInitials is how many letters the initials of somebody have.
const maxInitials = 4

// cutTitled treats a title. MR, DR and MS in capitals are modalities and units,
// unless all is in capitals and a point follows.
func (p *page) cutTitled(i int) {
	next := i + 1
	dot := p.sign(next) == '.'
	if dot || p.sign(next) == '_' {
		next++
	}
	next = p.after(next)
	if !p.is(next, formWord) || p.is(i-1, formNumber) || p.is(p.before(i-1), formNumber) {
		return
	}
	strong := p.capital(i) || p.lower[i]
	switch p.word(i) {
	case "mr", "ms", "dr", "sr":
		strong = p.capital(i) && !p.shouts(i) || dot && (p.lower[i] || p.lineShouts(i))
	case "doctor", "professor", "sir", "madam", "miss", "herr", "frau":
		strong = p.capital(i) && p.capital(next)
	}
	end := p.cutName(next, strong)
	if end == next {
		return
	}
	p.cut(i, end, Name)
	if w := p.word(i); w == "drs" || w == "profs" {
		if k := p.after(end); p.word(k) == "and" || p.sign(k) == '&' {
			p.cutName(p.after(k+1), strong)
		}
	}
}

// lineShouts reports whether the words beside a token are in capitals too.
func (p *page) lineShouts(i int) bool {
	next := p.after(i + 1)
	if p.sign(next) == '.' {
		next = p.after(next + 1)
	}
	return p.is(next, formWord) && p.size(next) > 1 && p.shouts(next)
}

// cutName removes the words from i on that may be a name, and returns the token
// after the last. With force, the first word goes whatever it is.
func (p *page) cutName(i int, force bool) int {
	end := i
	for n, k := 0, i; n < maxNameWords && k < len(p.tokens); n++ {
		if !p.is(k, formWord) || !p.couldBeName(k) && (n > 0 || !force) {
			break
		}
		p.cut(i, k+1, Name)
		end = k + 1
		if k = p.nameGap(end); p.is(k, formBreak) {
			if k = p.after(k); p.has(k, isBody) {
				break
			}
		}
	}
	return end
}

// nameGap returns the token after what may part the words of a name.
func (p *page) nameGap(k int) int {
	for n := 0; n < 3 && k < len(p.tokens); n++ {
		if s := p.sign(k); s != '.' && s != ',' && s != '-' && s != '\'' && s != '^' && s != '_' && !p.is(k, formSpace) {
			break
		}
		k++
	}
	return k
}

// couldBeName reports whether a word may be one of a name: not in the vocabulary,
// a name too, or a letter; written as one.
func (p *page) couldBeName(k int) bool {
	c := p.tokens[k].class
	switch {
	case p.size(k) == 1:
		return p.capital(k)
	case c&inVocabulary == 0:
		return c&(isUnit|isHouse) == 0 && !p.medical(k)
	}
	return c&isAnyName != 0 && c&(isBody|isParticle) == 0 && p.nameLike(k) || c&isBody != 0 && p.capital(k) && !p.lineShouts(k-1)
}

// cutInitials removes letters with points: J.S.
func (p *page) cutInitials() {
	const usual = " ap pa iv po ie eg am pm ct mr ro lv sp bi ti qi qd wo co im sc pr rt lt us os od ra la rv ml cm mm "
	for i := 0; i+3 < len(p.tokens); i++ {
		if !p.is(i, formWord) || !p.is(i+2, formWord) || p.size(i) != 1 || p.size(i+2) != 1 || !p.is(i+1, formSpace) && p.sign(i+1) == 0 || !p.nameLike(i) {
			continue
		}
		if end := p.spelled(i); end > i+6 {
			p.cut(i, end, Name)
			i = end - 1
		} else if p.sign(i+1) == '.' && p.sign(i+3) == '.' && p.capital(i) && !contains(usual, p.word(i)+p.word(i+2)) {
			p.cut(i, i+4, Name)
		}
	}
}

// spelled returns the token after a word that is written letter by letter.
func (p *page) spelled(i int) int {
	for p.is(i, formWord) && p.size(i) == 1 && (p.is(i+1, formSpace) || p.sign(i+1) != 0) && p.is(i+2, formWord) && p.size(i+2) == 1 {
		i += 2
	}
	return i + 1
}

// cutPairs removes two words that are names only together: a given name and a
// surname, both with a capital, or joined by a sign.
func (p *page) cutPairs() {
	for i := range p.tokens {
		if !p.has(i, isAnyName) || p.isGone(i) {
			continue
		}
		k := p.pairGap(i + 1)
		if k == i+1 || !p.has(k, isAnyName) {
			continue
		}
		if !p.capital(i) || !p.capital(k) {
			p.cutSmallPair(i, k)
			continue
		}
		a, b := p.tokens[i].class, p.tokens[k].class
		if a&isParticle != 0 && p.shouts(i) || b&isParticle != 0 && p.shouts(k) || a&isBody != 0 || b&isBody != 0 && !p.caret(i+1, k) {
			continue
		}
		const first, last = isGiven | isSyllable, isSurname | isSyllable
		if a&first != 0 && b&last != 0 || a&last != 0 && b&first != 0 || p.caret(i+1, k) {
			p.cut(i, k+1, Name)
		}
	}
}

// pairGap returns the token after the signs and gaps, whatever they are, that may part
// the two names of a person: STONE|MARK, "Stone","Mark".
func (p *page) pairGap(k int) int {
	for n := 0; n < 4 && (p.isGap(k) || p.sign(k) != 0); n++ {
		k++
	}
	if p.sign(k-1) == '\\' && p.sign(k+1) == '\\' && p.is(k, formWord) && p.size(k) == 1 {
		k += 2 // \S\ of HL7
	}
	return k
}

// cutSmallPair removes a given name and a surname in small letters that one sign
// joins: mark.stone. Some are usual in the names of sequences and muscles.
func (p *page) cutSmallPair(i, k int) {
	const usual = " min max long short major minor echo field angle ray meta star delta alpha "
	a, b := p.tokens[i].class, p.tokens[k].class
	if k != i+2 || !strings.ContainsRune("_.+@", p.sign(i+1)) || (a|b)&(isBody|isParticle) != 0 || contains(usual, p.word(i)) || contains(usual, p.word(k)) {
		return
	}
	if a&isGiven != 0 && b&isSurname != 0 || a&isSurname != 0 && b&isGiven != 0 {
		p.cut(i, k+1, Name)
	}
}

// caret reports whether a ^ is among tokens.
func (p *page) caret(from, to int) bool {
	for ; from < to; from++ {
		if p.sign(from) == '^' {
			return true
		}
	}
	return false
}
