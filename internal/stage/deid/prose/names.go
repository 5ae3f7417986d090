package prose

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
		if k := p.labelEnd(i); k > 0 {
			p.cutName(k, false)
		}
	}
	p.cutInitials()
	p.cutPairs()
	p.cutByPlace()
}

// labelEnd returns the token after a label and its colon or "by", or 0.
func (p *page) labelEnd(i int) int {
	k := p.after(i + 1)
	switch {
	case !p.has(i, isLabel):
		return 0
	case p.word(k) == "by":
		if k = p.after(k + 1); p.sign(k) == ':' {
			return p.after(k + 1)
		}
		return k
	case p.sign(k) == ':':
		return p.after(k + 1)
	}
	return k // "radiologist Long": only if it is written as a name
}

// cutTitled treats a title. MR, DR and MS in capitals are modalities and units,
// unless all is in capitals and a point follows.
func (p *page) cutTitled(i int) {
	next := i + 1
	dot := p.sign(next) == '.'
	if dot {
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
		k = p.nameGap(k + 1)
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
// surname, both with a capital.
func (p *page) cutPairs() {
	for i := range p.tokens {
		if !p.has(i, isAnyName) || !p.capital(i) {
			continue
		}
		k := p.nameGap(i + 1)
		if p.sign(k) == '/' {
			k++
		}
		if k == i+1 || k >= len(p.tokens) || !p.has(k, isAnyName) || !p.capital(k) || p.isGone(i) {
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

// caret reports whether a ^ is among tokens.
func (p *page) caret(from, to int) bool {
	for ; from < to; from++ {
		if p.sign(from) == '^' {
			return true
		}
	}
	return false
}
