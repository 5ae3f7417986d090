package prose

// minSpelled is how many words for numbers in a row are no number but its digits, read
// aloud: one of somebody. Two are a number, such as twenty four.
const minSpelled = 3

// cutNumberWords removes numbers of persons, years and high ages that are written in
// words.
func (p *page) cutNumberWords() {
	for i := 0; i < len(p.tokens); i++ {
		if !p.has(i, isDigitWord|isTenWord|isBigWord) {
			continue
		}
		end, words, big := p.spelledNumber(i)
		last := p.before(end - 1)
		why := p.cued(i)
		if _, crossed := p.beforeNumber(i); why == Phone && words == 1 && !crossed {
			why = kept
		}
		switch {
		case why != kept:
		case big && (p.yearsFollow(end) || p.has(p.before(i-1), isAgeCue)):
			why = Age
		case words >= minSpelled || big:
			why = ID
		case words == 2 && p.has(last, isTenWord): // nineteen seventy
			why = Date
		}
		if why != kept {
			p.cut(i, end, why)
		}
		i = end - 1
	}
}

// spelledNumber returns the token after the words for numbers, and digits among them, that
// begin at i with nothing but a space or a sign between them; how many they are; and
// whether there is one above eighty.
func (p *page) spelledNumber(i int) (end, words int, big bool) {
	for k := i; k < len(p.tokens); {
		switch {
		case p.has(k, isDigitWord|isTenWord|isBigWord), words > 0 && p.is(k, formNumber):
			words++
			big = big || p.has(k, isBigWord)
			end = k + 1
		case big && p.word(k) == "and": // one hundred and two
		default:
			return end, words, big
		}
		k++
		for n := 0; n < 2 && (p.is(k, formSpace) || p.sign(k) == '-' || p.sign(k) == '.'); n++ {
			k++
		}
	}
	return end, words, big
}

// yearsFollow reports whether years come next.
func (p *page) yearsFollow(k int) bool {
	k = p.after(k)
	if p.sign(k) == '-' {
		k = p.after(k + 1)
	}
	return p.has(k, isYearUnit)
}
