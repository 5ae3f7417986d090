package prose

import "strings"

// allowedSigns may stay; any other sign could be a letter in disguise.
const allowedSigns = `.,;:!?'"()[]{}<>+-*/\=%&#@^_|~$` + "°±²³≥≤≈→←↑↓…“”「」『』（）【】《》〈〉！？％～￥“”‘’•√×÷㎜"

// cutUnknown removes what is not in the vocabulary: words, and words and numbers
// that are one.
func (p *page) cutUnknown() {
	for i := 0; i < len(p.tokens); {
		switch p.tokens[i].form {
		case formWord, formNumber:
			j := i + 1
			for j < len(p.tokens) && p.glued(j) {
				j++
			}
			p.cutChunk(i, j)
			i = j
			continue
		case formForeign:
			p.cut(i, i+1, Unknown)
		case formSign:
			if s := p.sign(i); !strings.ContainsRune(allowedSigns, s) {
				p.cut(i, i+1, Unknown)
			}
		case formHan, formSpace, formBreak: // Chinese text has its own rule
		}
		i++
	}
}

// cutChunk treats the words and numbers from i up to j that nothing parts.
func (p *page) cutChunk(i, j int) {
	why := kept
	for k := i; k < j; k++ {
		if p.isGone(k) {
			why = p.goneAs(k)
		}
	}
	switch {
	case why != kept:
	case j == i+1 && p.is(i, formNumber):
	case j == i+1 && !p.allowed(i), j > i+1 && !p.isCode(i, j):
		why = Unknown
	}
	if why != kept {
		p.cut(i, j, why)
	}
}

// allowed reports whether a word may stay.
func (p *page) allowed(i int) bool {
	c := p.tokens[i].class
	switch {
	case c&inVocabulary != 0, p.size(i) == 1 && p.runes[p.tokens[i].start] < 0x80, p.medical(i), p.camel(i):
		return true
	case c&isUnit != 0:
		return p.is(p.before(i-1), formNumber)
	case c&isSetting != 0:
		k := p.after(i + 1)
		return p.is(k, formNumber) || p.is(p.after(k+1), formNumber)
	case c&isEponym != 0:
		return p.eponym(i)
	}
	return false
}

// eponym reports whether a name is followed by what makes it a term: Crohn's
// disease, Hill-Sachs lesion.
func (p *page) eponym(i int) bool {
	k := i + 1
	for range 4 {
		for k < len(p.tokens) && (p.is(k, formSpace) || p.sign(k) == '-' || p.sign(k) == '\'') {
			k++
		}
		switch {
		case p.has(k, isEponymOf):
			return !p.isGone(k)
		case !p.has(k, isEponym) && p.word(k) != "s":
			return false
		}
		k++
	}
	return false
}

// isCode reports whether letters and digits in one are a term of imaging or a
// measurement: T2W, L4, 3mm, 512x512. Longer ones could be the number of somebody.
func (p *page) isCode(i, j int) bool {
	if p.lex.class(p.runes[p.tokens[i].start:p.tokens[j-1].end])&inVocabulary != 0 {
		return true
	}
	if j-i > 5 {
		return false
	}
	single := 0
	for k := i; k < j; k++ {
		if p.is(k, formNumber) {
			if !p.codeNumber(i, k) {
				return false
			}
			continue
		}
		if p.size(k) == 1 {
			single++
			continue
		}
		if k == i+2 && p.size(i) == 1 && p.runes[p.tokens[i].start] != 't' && !p.has(k, isUnit) {
			return false // L4 and T2tse, but no R0se
		}
		if p.tokens[k].class&(inVocabulary|isUnit|isSetting) == 0 && !p.camel(k) || p.tokens[k].class&isNumberCue != 0 && !p.isStage(k) {
			return false
		}
	}
	return single <= 2
}

// isStage reports whether letters are those of a tumour's stage: pT2, not PT2.
func (p *page) isStage(k int) bool {
	last := p.tokens[k].end - 1
	return !p.upper[last-1] && p.upper[last]
}

// codeNumber reports whether a number inside a code is short enough.
func (p *page) codeNumber(first, k int) bool {
	n := p.size(k)
	switch {
	case n <= 2:
		return true
	case p.unitAfter(k) != 0, p.isSetting(k):
		return n <= maxMeasured
	case k == first, p.has(k-1, isRankCue), p.has(k-1, isUnit) && p.size(k-1) > 1:
		return n <= maxPlain
	}
	return false
}

// camel reports whether a word is several of the vocabulary with capitals:
// HeadRoutine. One that could be a name is not enough.
func (p *page) camel(i int) bool {
	t := p.tokens[i]
	from, plain, parts := t.start, 0, 0
	for k := t.start + 1; k <= t.end; k++ {
		if k < t.end && (!p.upper[k] || p.upper[k-1]) {
			continue
		}
		c := p.lex.class(p.runes[from:k])
		if c&inVocabulary == 0 || k-from < 2 {
			return false
		}
		if c&isAnyName == 0 {
			plain++
		}
		parts++
		from = k
	}
	return parts > 1 && plain > 0 && parts-plain <= 1
}

// neighbours: what is beside a removed name is looked at again, in both directions.
func (p *page) cutNeighbours() {
	for i := range p.tokens {
		if p.mayBeName(i) {
			p.cutBeside(i, p.nameBack(i-1))
		}
	}
	for i := len(p.tokens) - 1; i >= 0; i-- {
		if p.mayBeName(i) {
			p.cutBeside(i, p.nameGap(i+1))
		}
	}
	for i := range p.tokens {
		p.cutValue(i)
		p.cutJoined(i, i-2)
	}
	for i := len(p.tokens) - 1; i >= 0; i-- {
		p.cutJoined(i, i+2)
	}
}

// cutNumbersBeside removes numbers that are no measurement beside a word that is not
// known: what they count is not known either. It may be the day of a month, the house
// in a street or an age in another language.
func (p *page) cutNumbersBeside() {
	for i := range p.tokens {
		if !p.is(i, formNumber) || p.isGone(i) || p.unitAfter(i) != 0 || p.isSetting(i) || p.glued(i-1) || p.is(i+1, formWord) && p.size(i+1) > 1 {
			continue
		}
		if s := p.sign(i + 1); s == '.' && p.is(i+2, formNumber) || p.sign(i-1) == '.' && p.is(i-2, formNumber) {
			continue // 1.1: a value
		}
		end := i + 1
		if p.is(end, formWord) {
			end++ // 12a
		}
		left, right := p.before(i-1), p.after(end)
		strange := p.isForeignName(left) || p.isForeignName(right)
		if s := p.sign(left); s != 0 && (strings.ContainsRune(".,:#(", s) || s == '_' && p.size(i) > 1) {
			left = p.before(left - 1)
		}
		if s := p.sign(right); s == '.' {
			right = p.after(right + 1)
		}
		if p.has(right, isStreet) && (p.isStrange(p.after(right+1)) || p.isStrange(p.after(p.after(right+1)+1))) { // 12 rue des Lilas
			p.cut(i, right+1, Place)
			continue
		}
		if s := p.sign(end); (s == '/' || s == '-') && p.is(end+1, formNumber) && p.unitAfter(end+1) != 0 {
			continue // 120/80 mmHg
		}
		if strange || p.isStrange(left) || p.isStrange(right) || p.sign(i-1) == '(' && p.size(i) == maxPlain && p.goneAs(left) == Name {
			p.cut(i, end, ID)
		}
	}
}

// isStrange reports whether a word was removed as it is in no vocabulary.
func (p *page) isStrange(k int) bool { return p.is(k, formWord) && p.goneAs(k) == Unknown }

// cutValue removes word i, which may be a name, if what says what it is was removed itself:
// a label that is not known, or a folder above it.
func (p *page) cutValue(i int) {
	if !p.mayBeName(i) || p.size(i) == 1 || p.has(i, isParticle) || !p.nameLike(i) && p.sign(i-1) != '/' && p.sign(i-1) != '\\' {
		return
	}
	k := p.before(i - 1)
	switch s := p.sign(k); {
	case s == ':', s == '=', (s == '/' || s == '\\') && k == i-1:
		if label := p.before(k - 1); p.glued(label) && (p.goneAs(label) == Unknown || p.goneAs(label) == ID) {
			p.cut(i, i+1, Name)
		}
	}
}

// isForeignName reports whether a word that is in no vocabulary was removed, whatever for:
// a person or place that is known is no less strange.
func (p *page) isForeignName(k int) bool {
	return p.is(k, formWord) && p.isGone(k) && !p.has(k, inVocabulary)
}

// cutJoined removes word or number i if a sign joins it to one at k that was
// removed as a number of somebody, and it is a piece of one: it has digits.
func (p *page) cutJoined(i, k int) {
	switch p.sign((i + k) / 2) {
	case '-', '.', ':', '/':
	default:
		return
	}
	if !p.glued(i) || !p.glued(k) || p.isGone(i) {
		return
	}
	if why := p.goneAs(k); why != ID && why != Phone && why != Unknown && (why != Date || p.size(k) < len("060102") && !p.isYear(k)) &&
		(why != Name || p.sign((i+k)/2) != '.') {
		return
	}
	from, to := i, i+1
	for from > 0 && p.glued(from-1) {
		from--
	}
	for to < len(p.tokens) && p.glued(to) {
		to++
	}
	for d := from; d < to; d++ {
		if p.is(d, formNumber) {
			p.cut(from, to, ID)
			return
		}
	}
}

// nameBack is nameGap in the other direction.
func (p *page) nameBack(k int) int {
	for n := 0; n < 3 && k >= 0; n++ {
		if s := p.sign(k); s != '.' && s != ',' && s != '-' && s != '\'' && s != '^' && s != '_' && !p.is(k, formSpace) {
			break
		}
		k--
	}
	return k
}

// mayBeName reports whether a token is a letter, or a word that is a name too.
func (p *page) mayBeName(i int) bool {
	return p.is(i, formWord) && (p.size(i) == 1 || p.has(i, isAnyName)) && !p.isGone(i)
}

// cutBeside removes word i, which may be a name, if the one at k was removed as one.
func (p *page) cutBeside(i, k int) {
	if !p.is(k, formWord) && !p.is(k, formForeign) || !p.nameLike(i) || !p.nameLike(k) {
		return
	}
	if why := p.goneAs(k); why != Name && why != Unknown && why != Place {
		return
	}
	c := p.tokens[i].class
	if c&isBody != 0 && p.sign((i+k)/2) == '_' {
		return // head_xyz: the name of a sequence
	}
	if c&isBody != 0 && !p.capital(i) {
		return // zyx head: there is no name in it
	}
	letter := p.size(i) == 1 && p.capital(i) && !p.glued(i-1) && p.sign(i-1) != '/' && (p.runes[p.tokens[i].start] != 'w' || p.sign(i+1) == '.') // W: with
	if letter || c&isAnyName != 0 && c&isParticle == 0 || p.size(i) == 2 && c&isSyllable != 0 && p.capital(i) {
		p.cut(i, i+1, Name)
	}
}
