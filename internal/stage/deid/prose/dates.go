package prose

// cutMonths removes the names of months, and the day and year beside them.
func (p *page) cutMonths() {
	for i := range p.tokens {
		if p.is(i, formWord) && p.isRomanMonth(i) {
			p.cut(i-2, i+3, Date)
			continue
		}
		if !p.has(i, isMonth) {
			continue
		}
		from, to := p.dayBefore(i), p.yearAfter(i)
		if from == i && to == i+1 && p.has(i, inVocabulary) && !p.afterIn(i) {
			continue // may, OCT, or the like, with no number
		}
		p.cut(from, to, Date)
	}
}

// isRomanMonth reports whether a word is a month as a Roman number, between a day and a
// year: 12.V.1987.
func (p *page) isRomanMonth(i int) bool {
	s := p.sign(i - 1)
	return s != 0 && p.datePart(i-1) && s == p.sign(i+1) && contains(" i ii iii iv v vi vii viii ix x xi xii ", p.word(i)) &&
		p.couldBeDay(i-2) && (p.isYear(i+2) || s != ',' && p.is(i+2, formNumber) && p.size(i+2) == 2)
}

// afterIn reports whether a word with a capital follows one that comes before
// months, such as "in May". Abbreviations in capitals are no months then.
func (p *page) afterIn(i int) bool {
	if !p.capital(i) || p.shouts(i) {
		return false
	}
	switch p.word(p.before(i - 1)) {
	case "in", "since", "of", "until", "till", "by", "last", "early", "mid", "late", "during", "this", "next", "from", "to", "before", "after":
		return true
	}
	return false
}

// dayBefore returns the first token of a day that stands before a month, or i.
func (p *page) dayBefore(i int) int {
	k := i - 1
	for k >= 0 && i-k <= 4 && (p.isGap(k) || p.datePart(k)) {
		k--
	}
	switch p.word(k) {
	case "of", "de":
		k = p.before(k - 1)
	}
	if p.has(k, isOrdinal) { // twenty-third of June
		if ten := p.before(k - 1); p.has(ten, isTenWord) || p.sign(ten) == '-' && p.has(ten-1, isTenWord) {
			k = p.before(k - 2)
		}
		return k
	}
	switch p.word(k) {
	case "st", "nd", "rd", "th", "er":
		k--
	}
	if p.is(k, formNumber) && (p.size(k) <= 2 || p.isYear(k)) && !p.glued(k-1) {
		if y := k - 2; p.is(y, formNumber) && p.isYear(y) && p.datePart(k-1) {
			return y
		}
		return k
	}
	return i
}

func (p *page) datePart(k int) bool {
	switch p.sign(k) {
	case '.', ',', '-', '/', '\'', '_':
		return true
	}
	return false
}

// yearAfter returns the token after the day and year that follow a month.
func (p *page) yearAfter(i int) int {
	end := i + 1
	for numbers := 0; numbers < 2; {
		k := end
		for k < len(p.tokens) && k-end < 4 && (p.isGap(k) || p.datePart(k) || contains(" of de the ", p.word(k))) {
			k++
		}
		if p.has(k, isOrdinal) && p.capital(i) && !p.shouts(i) {
			end, numbers = k+1, numbers+1
			continue
		}
		if !p.is(k, formNumber) || p.size(k) > 2 && !p.isYear(k) {
			return end
		}
		next := k + 1
		switch p.word(next) {
		case "st", "nd", "rd", "th":
			next++
		case "t":
			next++ // of a date with a time
		}
		if p.unitAfter(k)&isUnit != 0 && next == k+1 && !p.isYear(k) {
			return end
		}
		end = next
		numbers++
	}
	return end
}

// isYear reports whether a number is a year of a living person's.
func (p *page) isYear(i int) bool {
	if !p.is(i, formNumber) || p.size(i) != 4 {
		return false
	}
	century, decade := p.runes[p.tokens[i].start], p.runes[p.tokens[i].start+1]
	return century == '1' && decade >= '8' || century == '2' && decade == '0'
}

// value returns the value of a short number, or -1.
func (p *page) value(i int) int {
	if !p.is(i, formNumber) || p.size(i) > 6 {
		return -1
	}
	v := 0
	for k := p.tokens[i].start; k < p.tokens[i].end; k++ {
		v = 10*v + int(p.runes[k]-'0')
	}
	return v
}

// glued reports whether a token is a word or number: the next one is part of it.
func (p *page) glued(i int) bool { return p.is(i, formWord) || p.is(i, formNumber) }

// isTriple reports whether the numbers i, i+2 and i+4 are a date, and parted by
// the same sign.
func (p *page) isTriple(i int) bool {
	if !p.is(i+2, formNumber) || !p.is(i+4, formNumber) || p.size(i+2) > 2 {
		return false
	}
	s := p.sign(i + 1)
	if s != p.sign(i+3) || s == 0 && (!p.is(i+1, formSpace) || !p.is(i+3, formSpace)) {
		return false
	}
	a, c := p.size(i), p.size(i+4)
	year := p.isYear(i) && c <= 2 || p.isYear(i+4) && a <= 2
	switch s {
	case '-', '/', '.', '_', '\'':
		return year || a <= 2 && c <= 2
	case 0:
		return year && p.couldBeDay(i+2) || a == 2 && p.size(i+2) == 2 && c == 2 && p.unitAfter(i+4) == 0 && !p.isSetting(i)
	case ',':
		return year && p.couldBeDay(i+2)
	}
	return false
}

// cutYearParts removes the days and months beside the year i, whatever parts them, the end
// of a line too: 22 - 04 - 2019, 2019. 4. 22.
func (p *page) cutYearParts(i int) {
	last := i
	for range 2 {
		k := last - 1
		for n := 0; n < 4 && (p.isGap(k) || p.datePart(k)); n++ {
			k--
		}
		if !p.is(k, formNumber) || p.size(k) > 2 || p.glued(k-1) || k == last-1 || p.unitAfter(k) != 0 || p.isSetting(k) || p.ranked(k) {
			break
		}
		p.cut(k, last, Date)
		last = k
	}
	s := p.after(i + 1)
	month := p.after(s + 1)
	s2 := p.after(month + 1)
	day := p.after(s2 + 1)
	if p.datePart(s) && p.sign(s) == p.sign(s2) && p.couldBeDay(month) && p.couldBeDay(day) && p.unitAfter(day) == 0 {
		p.cut(i, day+1, Date)
	}
}

// couldBeDay reports whether a number is one of a day or month.
func (p *page) couldBeDay(i int) bool { v := p.value(i); return v >= 1 && v <= 31 && p.size(i) <= 2 }

// isPair reports whether the numbers i and i+2 are a part of a date or a time:
// month and year, day and month, hour and minute.
func (p *page) isPair(i int) bool {
	if !p.is(i+2, formNumber) {
		return false
	}
	a, b := p.size(i), p.size(i+2)
	unit := p.unitAfter(i+2) != 0
	switch p.sign(i + 1) {
	case ':':
		return a <= 2 && b == 2 && p.value(i) < 24 && p.value(i+2) < 60
	case '-', '/':
		if p.isYear(i) && p.couldBeDay(i+2) || p.isYear(i+2) && p.couldBeDay(i) {
			return true
		}
		return p.sign(i+1) == '/' && a <= 2 && b <= 2 && !unit && p.couldBeDay(i) && p.couldBeDay(i+2) &&
			min(p.value(i), p.value(i+2)) <= 12 && !p.ranked(i)
	case '.':
		if p.isYear(i+2) && p.couldBeDay(i) || p.isYear(i) && b == 2 && p.couldBeDay(i+2) {
			return true
		}
		return a == 2 && b == 2 && !unit && p.couldBeDay(i) && p.couldBeDay(i+2) && min(p.value(i), p.value(i+2)) <= 12
	}
	return false
}

// ranked reports whether a fraction stands after a word or letter that says it is
// no date: grade 3/5, L4/5.
func (p *page) ranked(i int) bool {
	if p.is(i-1, formWord) {
		return true
	}
	k := p.before(i - 1)
	for s := p.sign(k); s == ':' || s == '-' || s == '='; s = p.sign(k) {
		k = p.before(k - 1)
	}
	return p.has(k, isRankCue)
}
