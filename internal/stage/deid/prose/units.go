package prose

import "strings"

// unitAfter returns the classes of the unit that follows a number: isUnit, and
// isBigUnit if the number may have four digits; or 0.
func (p *page) unitAfter(i int) class {
	k := i + 1
	if s := p.sign(k); s == '-' { // 5-mm
		k++
	}
	k = p.after(k)
	switch s := p.sign(k); s {
	case '%', '°', '"', '\'', '*', '±', '‰', '℃':
		return isUnit
	}
	if p.is(k, formHan) {
		return p.hanUnit(k)
	}
	if p.is(k+1, formNumber) && p.size(k+1) == 1 && p.is(k, formWord) { // mm2
		if c := p.lex.words[p.word(k)+p.word(k+1)]; c&isUnit != 0 {
			return c & (isUnit | isBigUnit)
		}
	}
	if !p.has(k, isUnit) || p.size(k) == 1 && k > i+1 && p.capital(k) && !p.is(k+1, formSpace) {
		return 0
	}
	return p.tokens[k].class & (isUnit | isBigUnit)
}

// hanUnit returns the classes of a unit at the beginning of Chinese text.
func (p *page) hanUnit(k int) class {
	switch first := p.runes[p.tokens[k].start]; {
	case strings.ContainsRune("毫微厘千兆赫", first):
		return isUnit | isBigUnit
	case strings.ContainsRune("米公克升个枚处条支层次例级度期段型周天秒分小倍张片根颗粒帧幅", first):
		return isUnit
	}
	return 0
}

// isSetting reports whether a number is the value of a technical parameter, or a
// side of a matrix: TE 2000, b=1000, 1024 x 1024.
func (p *page) isSetting(i int) bool {
	k := p.before(i - 1)
	if s := p.sign(k); s == '=' || s == ':' {
		k = p.before(k - 1)
	}
	if p.has(k, isSetting) {
		return true
	}
	after := p.after(i + 1)
	if p.word(after) == "x" || p.sign(after) == '*' {
		return p.is(p.after(after+1), formNumber)
	}
	return p.word(k) == "x" && p.is(p.before(k-1), formNumber)
}

// cued returns what a number is by the word before it: that of somebody, or a
// telephone.
func (p *page) cued(i int) Kind {
	k, crossed := p.beforeNumber(i)
	switch {
	case p.size(i) >= maxPlain && p.lettered(i): // MRN l2345, 病历号:A-417
		return ID
	case p.is(k, formHan):
		return p.hanCue(k)
	case p.has(k, isPhoneCue) && (crossed || p.size(i) >= maxPlain):
		return Phone
	case p.has(k, isLabel) && crossed && p.unitAfter(i) == 0 && p.sign(p.before(i-1)) != '.':
		return ID // Technician: 417
	case p.sign(i-1) == '#' && p.is(k, formWord) && !p.has(k, inVocabulary):
		return ID // hosp# 77
	case !p.has(k, isNumberCue), p.unitAfter(i) != 0 && !crossed:
		return kept
	case p.word(k) == "no" && !crossed, k == i-1 && p.isStage(k):
		return kept // not a number, but none; pT2
	}
	return ID
}

// lettered reports whether a letter or two stand before a number, with or without a
// hyphen, and before them what says that it is of somebody.
func (p *page) lettered(i int) bool {
	k := i - 1
	if p.sign(k) == '-' {
		k--
	}
	if !p.is(k, formWord) || p.size(k) > 2 {
		return false
	}
	cue, _ := p.beforeNumber(k)
	return p.has(cue, isNumberCue) || p.is(cue, formHan) && p.hanCue(cue) != kept
}

// beforeNumber returns the word before a number, and whether a sign that says
// "number" is between them.
func (p *page) beforeNumber(i int) (int, bool) {
	crossed := false
	k := p.before(i - 1)
	for range maxLabelGap / 2 {
		switch s := p.sign(k); s {
		case ':', '#', '.', '=', '|', '>':
			crossed = true
		case '(', '+', '-', '_', '"', '\'', '*', '[', '{', '<':
		default:
			return k, crossed
		}
		k = p.before(k - 1)
	}
	return k, crossed
}
