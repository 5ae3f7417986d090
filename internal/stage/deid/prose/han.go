package prose

import "strings"

// cutHan removes from Chinese text names, institutions, dates that are written in
// characters, and what is not in the vocabulary. letters are the characters that
// go wherever they stand alone.
func (p *page) cutHan(letters map[rune]bool) {
	for i := range p.tokens {
		if !p.is(i, formHan) {
			continue
		}
		s := p.segment(int(p.tokens[i].start), int(p.tokens[i].end))
		p.cutLabelled(i, s)
		p.cutHanTitles(s)
		p.cutSurnames(s)
		p.cutHanPlaces(s)
		p.cutHanDates(s)
		for _, piece := range s.pieces {
			if !piece.known || piece.end-piece.start == 1 && letters[p.runes[piece.start]] {
				p.cutRunes(piece.start, piece.end, Unknown)
			}
		}
	}
}

// hanLabels stand before a name.
const hanLabels = " 姓名 患者 病人 受检者 医生 医师 技师 主任 教授 护士 大夫 报告医师 审核医师 报告医生 审核医生 主治医师 主任医师 副主任医师 住院医师 审核 报告 签名 记录 主管 家属 家长 本人 姓 "

// cutLabelled removes a name at the beginning of a run that follows a label.
func (p *page) cutLabelled(i int, s *segments) {
	k := p.before(i - 1)
	for sign := p.sign(k); sign != 0 && strings.ContainsRune(hanLabelSigns, sign); sign = p.sign(k) {
		k = p.before(k - 1)
	}
	switch {
	case p.is(k, formHan) && k != i && p.endsInLabel(k):
		p.cutNameAt(s, s.from, true)
		p.cutSurnameAlone(s, s.from, int(p.tokens[k].end))
	case p.has(k, isTitle) && s.alone(s.from) && p.surname(s.from, s.to) > 0: // Mr.高
		p.cutNameAt(s, s.from, true)
		p.cutRunes(s.from, s.from+1, Name)
	case p.has(k, isLabel):
		p.cutNameAt(s, s.from, true)
	}
	for _, piece := range s.pieces {
		if piece.end < s.to && piece.class&isLabel != 0 {
			p.cutNameAt(s, piece.end, true)
			p.cutSurnameAlone(s, piece.end, piece.end)
		}
	}
}

// hanLabelSigns may stand between a label and a name.
const hanLabelSigns = `:-(/.="'|*>[{_`

// cutBesideHan removes word i if it may be a name, and Chinese text says that it is:
// 医生Long, Long医生, X先生.
func (p *page) cutBesideHan(i int) {
	if !p.capital(i) || p.size(i) > 1 && !p.couldBeName(i) {
		return
	}
	if k := p.after(i + 1); p.is(k, formHan) && p.beginsInTitle(k) {
		p.cut(i, i+1, Name)
	}
	k := p.before(i - 1)
	if s := p.sign(k); s == ':' || s == '(' || s == '=' {
		k = p.before(k - 1)
	}
	if p.is(k, formHan) && p.endsInLabel(k) && p.size(i) > 1 {
		p.cutName(i, false)
	}
}

// beginsInTitle reports whether Chinese token k begins with what stands after names.
func (p *page) beginsInTitle(k int) bool {
	t := p.tokens[k]
	for _, title := range p.lex.titles[p.runes[t.start]] {
		if p.hasRunes(int(t.start), int(t.end), title) {
			return true
		}
	}
	return false
}

// cutSurnameAlone removes a surname at rune i that is a word too, with no given name, after
// what a physician is called, which ends before rune end: 主任高.
func (p *page) cutSurnameAlone(s *segments, i, end int) {
	if !s.alone(i) || p.surname(i, s.to) == 0 || end < 2 {
		return
	}
	if p.runes[end-1] == '姓' {
		p.cutRunes(i, i+1, Name)
		return
	}
	switch string(p.runes[end-2 : end]) {
	case "医生", "医师", "主任", "教授", "大夫", "护士", "技师":
		p.cutRunes(i, i+1, Name)
	}
}

// endsInLabel reports whether a label ends Chinese token k.
func (p *page) endsInLabel(k int) bool {
	t := p.tokens[k]
	for n := int32(2); n <= 5 && t.end-n >= t.start; n++ {
		if p.lex.term(p.runes[t.end-n:t.end])&isLabel != 0 {
			return true
		}
	}
	return false
}

// surname returns how many characters from rune i on are a surname, or 0.
func (p *page) surname(i, to int) int {
	switch {
	case i+1 < to && p.lex.doubles[[2]rune{p.runes[i], p.runes[i+1]}]:
		return 2
	case i < to && p.lex.surnames[p.runes[i]]:
		return 1
	}
	return 0
}

// cutNameAt removes the name that begins at rune i, if one does. A surname that is
// a word too counts only where a name is to be expected.
func (p *page) cutNameAt(s *segments, i int, expected bool) {
	n := p.surname(i, s.to)
	if n == 0 {
		return
	}
	if !s.alone(i) && n == 1 {
		// 高明: no term of both; 高血压: one. At the end of a run, what is no
		// longer than a name is taken for one, unless it is a term.
		return
	}
	if s.piece(i).known && !expected {
		return
	}
	end := i + n
	for given := 0; given < 2 && end < s.to && p.ofName(s, end); given++ {
		end++
	}
	if end > i+n || !s.piece(i).known {
		p.cutRunes(i, end, Name)
	}
}

// ofName reports whether the rune after a surname is rather a part of the name
// than of what follows.
func (p *page) ofName(s *segments, i int) bool {
	if s.alone(i) {
		return true
	}
	if i != s.piece(i).start {
		return false
	}
	return s.cost(i+1)+costName <= s.cost(i)
}

// cutSurnames removes a surname that is no word, and what follows it.
func (p *page) cutSurnames(s *segments) {
	for _, piece := range s.pieces {
		if !piece.known && p.gone[piece.start] == kept {
			p.cutNameAt(s, piece.start, false)
		}
	}
	if p.namesAlone(s) {
		p.cutRunes(s.from, s.to, Name)
	}
	for k := 0; k+1 < len(s.pieces); k++ { // 高某, 余大海: a word or two, and then none
		a, b := s.pieces[k], s.pieces[k+1]
		if b.known && b.end-b.start == 1 && k+2 < len(s.pieces) {
			b = s.pieces[k+2]
		}
		if a.known && a.end-a.start == 1 && !b.known && p.lex.surnames[p.runes[a.start]] {
			p.cutRunes(a.start, b.end, Name)
		}
	}
}

// namesAlone reports whether a run is a surname and one or two characters more, each a
// word by itself, and all together none: 周佳.
func (p *page) namesAlone(s *segments) bool {
	n := s.to - s.from
	return n == len(s.pieces) && (n == 2 || n == 3) && p.surname(s.from, s.to) > 0
}

// hanTitles stand after a name.
const hanTitles = "医生 医师 主任 教授 先生 女士 小姐 大夫 护士 技师 同志 院长 博士 老师 师傅 阿姨 醫生 醫師 先生 様 氏"

// cutHanTitles removes the name before a title.
func (p *page) cutHanTitles(s *segments) {
	for i := s.from; i < s.to; i++ {
		for _, title := range p.lex.titles[p.runes[i]] {
			if p.hasRunes(i, s.to, title) {
				p.cutBefore(s, i)
				break
			}
		}
	}
}

// hasRunes reports whether the page has a text at rune i.
func (p *page) hasRunes(i, to int, text []rune) bool {
	for _, r := range text {
		if i >= to || p.runes[i] != r {
			return false
		}
		i++
	}
	return true
}

// cutBefore removes the name that ends before rune i: the longest that begins with
// a surname.
func (p *page) cutBefore(s *segments, i int) {
	for n := min(4, i-s.from); n >= 1; n-- {
		from := i - n
		length := p.surname(from, i)
		if length == 0 || n > length+2 {
			continue
		}
		if one := s.piece(from); one.known && one.end-one.start > 1 {
			continue // 主治医师
		}
		p.cutRunes(from, i, Name)
		return
	}
}
