package prose

import (
	"strings"
	"unicode"
)

// hanHouses end the names of institutions; hanCentres do so if what they are of
// says so.
const (
	hanHouses  = "医院 卫生院 卫生所 卫生室 诊所 门诊部 保健院 保健所 疗养院 医学中心 医疗中心 体检中心 影像中心 健康中心 诊断中心 检验中心 研究所 研究院 大学 学院 公司 集团 学校 中学 小学 幼儿园 养老院 福利院 派出所 醫院 診所 病院 クリニック"
	hanRegions = "省市县乡镇村州旗路街巷弄胡同里屯庄寨縣鄉鎮號"
)

// hanStops are the words at which the name of an institution does not go on.
const hanStops = " 在 于 到 由 从 自 至 经 后 前 患者 病人 曾 就 来 去 往 转 送 入院 出院 住院 门诊 术后 术前 因 而 且 但 了 的 "

// generic institutions are no names.
const hanGeneric = " 外 我 本 当地 上级 他 该 贵 某 地方 原 "

// cutHanPlaces removes the names of institutions, and regions and streets.
func (p *page) cutHanPlaces(s *segments) {
	for i := s.from; i < s.to; i++ {
		for _, house := range p.lex.houses[p.runes[i]] {
			if p.hasRunes(i, s.to, house) {
				p.cutInstitution(s, i, i+len(house))
				break
			}
		}
		if strings.ContainsRune(hanRegions, p.runes[i]) && i > s.from && !s.piece(i).known {
			from := i
			for from > s.from && i-from < 3 && !p.stopsAt(s, from-1) && (!s.piece(from-1).known || s.alone(from-1)) {
				from--
			}
			p.cutRunes(from, i+1, Place)
		}
	}
}

// maxInstitution bounds how many characters the name of an institution has.
const maxInstitution = 24

// cutInstitution removes an institution whose kind is told by the runes from i up
// to end.
func (p *page) cutInstitution(s *segments, i, end int) {
	from := i
	for from > s.from && i-from < maxInstitution && !p.stopsAt(s, from-1) {
		one := s.piece(from - 1)
		if one.start >= from { // the piece goes over the border
			from--
			continue
		}
		from = one.start
	}
	if from == i || p.lex.term(p.runes[from:i])&isGeneric != 0 {
		return
	}
	p.cutRunes(from, end, Place)
}

// stopsAt reports whether the piece of a rune is a word at which a name ends.
func (p *page) stopsAt(s *segments, i int) bool {
	one := s.piece(i)
	return one.known && one.class&isStop != 0
}

const hanDigits = "〇零一二三四五六七八九十廿卅百两"

// cutHanDates removes dates and ages over 89 that are written in characters.
func (p *page) cutHanDates(s *segments) {
	for i := s.from; i < s.to; i++ {
		if !strings.ContainsRune(hanDigits, p.runes[i]) {
			continue
		}
		from := i
		for i < s.to && strings.ContainsRune(hanDigits, p.runes[i]) {
			i++
		}
		p.cutHanDigits(from, i, s)
		p.cutHanAge(from, i, s)
		if i == s.to {
			break
		}
		n := i - from
		switch p.runes[i] {
		case '年':
			if n == 4 || n >= 2 && strings.ContainsAny(string(p.runes[from:i]), "〇零") || n == 2 && !strings.ContainsAny(string(p.runes[from:i]), "十廿卅百两") {
				p.cutRunes(from, i+1, Date)
			}
		case '月':
			if i+1 == s.to || !strings.ContainsRune("龄前后", p.runes[i+1]) {
				p.cutRunes(from, i+1, Date)
			}
		case '日', '号':
			p.cutRunes(from, i+1, Date)
		case '床', '室', '楼':
			p.cutRunes(from, i+1, ID)
		case '病':
			if i+1 < s.to && strings.ContainsRune("区房室", p.runes[i+1]) {
				p.cutRunes(from, i, ID)
			}
		case '岁':
			if p.runes[from] == '百' || n > 1 && p.runes[from+1] == '百' || p.runes[from] == '九' && n > 1 && p.runes[from+1] == '十' {
				p.cutRunes(from, i, Age)
			}
		}
	}
}

// cutHanAge removes an age from ninety on that is not followed by 岁: 九十有三, 年九十一.
func (p *page) cutHanAge(from, to int, s *segments) {
	if to-from < 2 || p.runes[from] != '九' || p.runes[from+1] != '十' {
		return
	}
	switch {
	case to+1 < s.to && p.runes[to] == '有' && strings.ContainsRune(hanDigits, p.runes[to+1]):
		p.cutRunes(from, to+2, Age)
	case to == s.to && p.followsOne(from, "年龄近"):
		p.cutRunes(from, to, Age)
	}
}

// followsOne reports whether one of some characters stands before rune i, or before the
// colon before it.
func (p *page) followsOne(i int, characters string) bool {
	i--
	if i > 0 && p.runes[i] == ':' {
		i--
	}
	return i >= 0 && strings.ContainsRune(characters, p.runes[i])
}

// cutHanDigits removes digits in characters that are read one by one: a number of somebody.
// Ribs and vertebrae are counted in their order: 第三四五六肋.
func (p *page) cutHanDigits(from, to int, s *segments) {
	const digits, tens = "一二三四五六七八九", "十廿卅百两"
	run := string(p.runes[from:to])
	cued := p.followsOne(from, "号码话机")
	switch {
	case strings.ContainsAny(run, tens), to-from < 3, to-from == 3 && !cued:
	case !cued && strings.Contains(digits, run) && to < s.to && strings.ContainsRune("肋颈胸腰骶尾掌跖指趾组段级度期", p.runes[to]):
	default:
		p.cutRunes(from, to, ID)
	}
}

// hanCue returns what a number is by the Chinese word before it.
func (p *page) hanCue(k int) Kind {
	t := p.tokens[k]
	last := p.runes[t.end-1]
	word := string(p.runes[max(t.start, t.end-4):t.end])
	switch {
	case strings.HasSuffix(word, "电话"), strings.HasSuffix(word, "手机"), strings.HasSuffix(word, "热线"), strings.HasSuffix(word, "传真"), strings.HasSuffix(word, "联系方式"):
		return Phone
	case last == '号', strings.HasSuffix(word, "编码"), strings.HasSuffix(word, "号码"), strings.HasSuffix(word, "病区"), strings.HasSuffix(word, "證"), strings.HasSuffix(word, "身份证"), strings.HasSuffix(word, "床位"), last == '床':
		return ID
	}
	return kept
}

// endsIn reports whether Chinese token k ends in some text.
func (p *page) endsIn(k int, text string) bool {
	return p.is(k, formHan) && strings.HasSuffix(string(p.runes[max(p.tokens[k].start, p.tokens[k].end-4):p.tokens[k].end]), text)
}

// cutCounted removes a number, and the character after it, that Chinese text says
// to be a part of a date, an age or a place.
func (p *page) cutCounted(i int) Kind {
	k := p.after(i + 1)
	if !p.is(k, formHan) {
		return kept
	}
	t := p.tokens[k]
	first := p.runes[t.start]
	next := rune(0)
	if t.start+1 < t.end {
		next = p.runes[t.start+1]
	}
	why := kept
	switch v := p.value(i); first {
	case '年':
		if p.isYear(i) || p.size(i) <= 3 && next == 0 && p.is(k+1, formNumber) {
			why = Date
		}
	case '月':
		if v <= 12 && next != '龄' && !p.afterOperation(i) {
			why = Date
		}
	case '日':
		if !strings.ContainsRune("龄前后", next) && !p.afterOperation(i) {
			why = Date
		}
	case '号', '室', '楼', '栋', '幢', '弄', '床', '房', '病', '院':
		if last := p.before(i - 1); next != '号' && (!p.is(last, formHan) || p.runes[p.tokens[last].end-1] != '第' || first == '床') {
			why = ID
		}
	case '时', '点':
		if !strings.ContainsRune("钟位方处至间", next) || next == 0 {
			why = Date
		}
	case '分':
		if last := p.before(i - 1); p.is(last, formHan) && strings.ContainsRune("时点", p.runes[p.tokens[last].end-1]) {
			why = Date
		}
	case '岁', '歳', '歲':
		if v > maxAge {
			p.cut(i, i+1, Age)
			return Age
		}
	}
	if why != kept {
		p.cut(i, i+1, why)
		p.gone[t.start] = why // whatever it was taken for by itself
	}
	return why
}

// afterOperation reports whether a number stands after words such as 术后 or 第.
func (p *page) afterOperation(i int) bool {
	k := p.before(i - 1)
	return p.is(k, formHan) && unicode.Is(unicode.Han, p.runes[p.tokens[k].end-1]) && strings.ContainsRune("后前第约", p.runes[p.tokens[k].end-1])
}
