package prose

// Digits that a number may have that is taken for a measurement: a longer one may
// be of a person, visit or telephone.
const (
	maxPlain    = 3 // without a unit
	maxMeasured = 4 // with one
	maxFraction = 3 // after the point, without a unit: places on earth have more
	maxDecimals = 4 // with one
	minPhone    = 7 // of several numbers in a row
)

// cutNumbers removes dates, times, ages, telephone numbers and whatever number is
// not like a measurement.
func (p *page) cutNumbers() {
	for i := 0; i < len(p.tokens); {
		if !p.is(i, formNumber) {
			i++
			continue
		}
		i = p.cutChain(i)
	}
	for i := range p.tokens {
		if p.isYear(i) && p.goneAs(i) == Date {
			p.cutYearParts(i)
		}
	}
}

// cutChain treats the numbers from i on that nothing but a sign parts, and returns
// the token after them. What a word before them says they are, they are.
func (p *page) cutChain(i int) int {
	why := p.cued(i)
	first, digits, linked := i, 0, 0
	for {
		end := i + 1
		k := why
		if why == kept {
			end, k = p.cutNumber(i)
		}
		if end == i+1 && p.unitAfter(i) == 0 && !p.is(i+1, formHan) && k != Date {
			digits += p.size(i)
			linked++
		}
		next := p.link(end, why != kept)
		if next >= 0 {
			i = next
			continue
		}
		switch {
		case why != kept:
			p.cut(first, end, why)
		case digits >= minPhone && linked > 1:
			p.recut(first, end, Phone)
		}
		return end
	}
}

// link returns the number that follows a token after a sign or a space, or -1. Over the
// end of a line only with breaks: rows of numbers are a table.
func (p *page) link(i int, breaks bool) int {
	k := i
	for k < len(p.tokens) && k-i < 3 {
		switch s := p.sign(k); {
		case s == '-', s == '/', s == '(', s == ')', s == '+', s == '.', p.is(k, formSpace), breaks && p.is(k, formBreak):
			k++
		case p.is(k, formNumber) && k > i:
			return k
		default:
			return -1
		}
	}
	if p.is(k, formNumber) && k > i {
		return k
	}
	return -1
}

// cutNumber removes what begins with number i if it is a date, or no measurement.
// It returns the token after it, and what it was taken for.
func (p *page) cutNumber(i int) (int, Kind) {
	switch { // what a part of is known is looked at too: the rest could stay
	case p.dotted(i) >= 3:
		end := i + 2*p.dotted(i) - 1
		k := ID
		if p.isTriple(i) && end == i+5 {
			k = Date
		} else if end == i+7 {
			k = Contact
		}
		p.cut(i, end, k)
		return end, k
	case p.isTriple(i):
		p.cut(i, i+5, Date)
		return i + 5, Date
	case p.isPair(i) && !p.isSetting(i):
		end := p.timeEnd(i + 3)
		p.cut(i, end, Date)
		return end, Date
	case p.isGone(i):
		return i + 1, p.goneAs(i)
	case p.sign(i+1) == '.' && p.is(i+2, formNumber):
		return p.cutDecimal(i)
	}
	return p.cutInteger(i)
}

// timeEnd returns the token after seconds and am or pm that may follow a time.
func (p *page) timeEnd(i int) int {
	for (p.sign(i) == ':' || p.sign(i) == '.') && p.is(i+1, formNumber) {
		i += 2
	}
	switch k := p.after(i); p.word(k) {
	case "uhr":
		if minute := p.after(k + 1); p.is(minute, formNumber) && p.size(minute) <= 2 && p.unitAfter(minute) == 0 {
			return minute + 1
		}
		return k + 1
	case "am", "pm", "h", "hrs":
		return k + 1
	}
	return i
}

// dotted returns how many numbers with points between them begin at i.
func (p *page) dotted(i int) int {
	n := 1
	for p.sign(i+1) == '.' && p.is(i+2, formNumber) {
		n++
		i += 2
	}
	return n
}

func (p *page) cutDecimal(i int) (int, Kind) {
	whole, fraction := p.size(i), p.size(i+2)
	if k := p.after(i + 3); contains(" am pm uhr ", p.word(k)) && whole <= 2 && fraction == 2 { // 9.45 am
		p.cut(i, k+1, Date)
		return k + 1, Date
	}
	longest, decimals := maxPlain, maxFraction
	if p.unitAfter(i+2) != 0 || p.isSetting(i) {
		longest, decimals = maxMeasured, maxDecimals
	}
	if whole > longest || fraction > decimals || whole+fraction >= minPhone {
		p.cut(i, i+3, ID)
		return i + 3, ID
	}
	return i + 3, p.cutAge(i, i+2)
}

func (p *page) cutInteger(i int) (int, Kind) {
	if k := p.cutCounted(i); k != kept {
		return i + 1, k
	}
	unit := p.unitAfter(i)
	n := p.size(i)
	switch {
	case n == 2 && p.sign(i-1) == '\'' && !p.glued(i-2): // '24
		p.cut(i, i+1, Date)
		return i + 1, Date
	case n == maxPlain && (p.sign(i-1) == '^' || p.sign(i+1) == '^'), (p.sign(i+1) == '^' || p.sign(i+1) == '*') && p.sign(i+1) == p.sign(i+2), n <= maxPlain && contains(" north south east west ", p.word(p.after(i+1))): // 417^^^MRN, ward 4 North
		p.cut(i, i+1, ID)
		return i + 1, ID
	case n <= maxPlain:
		if k := p.cutHour(i); k != kept {
			return i + 1, k
		}
		return i + 1, p.cutAge(i, i)
	case n == maxMeasured && (unit&isBigUnit != 0 || p.isSetting(i)):
		return i + 1, kept
	case p.isYear(i):
		p.cut(i, i+1, Date)
		return i + 1, Date
	}
	p.cut(i, i+1, ID)
	if n == 8 && p.isDay(i) {
		p.recut(i, i+1, Date)
		return i + 1, Date
	}
	return i + 1, ID
}

// isDay reports whether eight digits are year, month and day.
func (p *page) isDay(i int) bool {
	w := p.word(i)
	return (w[:2] == "19" || w[:2] == "20") && w[4:6] >= "01" && w[4:6] <= "12" && w[6:] >= "01" && w[6:] <= "31"
}

// recut removes tokens whatever they were taken for, but for dates.
func (p *page) recut(i, j int, k Kind) {
	for r := p.tokens[i].start; r < p.tokens[j-1].end; r++ {
		if p.gone[r] != Date {
			p.gone[r] = k
		}
	}
}

// cutHour removes an hour with am or pm, or the minutes after an h: 09h30.
func (p *page) cutHour(i int) Kind {
	k := p.after(i + 1)
	w := p.word(k)
	switch {
	case p.value(i) > 24:
		return kept
	case w == "am", w == "pm", w == "uhr":
		p.cut(i, p.timeEnd(i+1), Date)
		return Date
	case w == "h" && k == i+1 && p.is(i+2, formNumber) && p.size(i+2) == 2:
		p.cut(i, i+3, Date)
		return Date
	}
	return kept
}
