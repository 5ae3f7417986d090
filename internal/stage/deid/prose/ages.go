package prose

// maxAge is the highest age that may be told: above it there are so few people
// that it is an identifier (45 CFR 164.514(b)(2)(i)(C)).
const maxAge = 89

// maxYears is the highest number that is taken for an age because it is beside a word
// for somebody or a sex.
const maxYears = 120

// cutAge removes a number from i to last that is the years of somebody very old.
func (p *page) cutAge(i, last int) Kind {
	if p.value(i) <= maxAge || p.isSetting(i) {
		return kept
	}
	k := p.before(i - 1)
	for n := 0; n < 3 && (p.sign(k) == ':' || p.sign(k) == '=' || contains(" is was now of ", p.word(k))); n++ {
		k = p.before(k - 1)
	}
	after := p.after(last + 1)
	if s := p.sign(after); s == '-' || s == '+' {
		after = p.after(after + 1)
	}
	if contains(" th st nd rd ", p.word(after)) {
		after = p.after(after + 1)
	}
	if p.has(k, isAgeCue) || p.endsIn(k, "年龄") || p.has(after, isYearUnit) && !p.isGone(after) || i == last && p.isPersonsAge(i) {
		p.cut(i, last+1, Age)
		return Age
	}
	return kept
}

// isPersonsAge reports whether a number without a unit is of somebody: pt is 94, woman
// of 95, F/97, 96M. Of a temperature F is the unit.
func (p *page) isPersonsAge(i int) bool {
	k := p.before(i - 1)
	if p.value(i) > maxYears || contains(" temp temperature fever febrile ", p.word(k)) {
		return false
	}
	next := p.after(i + 1)
	if s := p.sign(next); s == '/' || s == ',' {
		next = p.after(next + 1)
	}
	if w := p.word(next); p.has(next, isPerson) || (w == "m" || w == "f") && p.capital(next) && !p.glued(next+1) {
		return true
	}
	if p.unitAfter(i) != 0 || p.sign(i+1) == '/' {
		return false
	}
	if s := p.sign(k); s == ',' || s == '/' {
		k = p.before(k - 1)
	} else if contains(" is was now of turned ", p.word(k)) {
		k = p.before(k - 1)
	}
	w := p.word(k)
	return p.has(k, isPerson) || (w == "m" || w == "f") && p.capital(k) && !p.glued(k-1)
}
