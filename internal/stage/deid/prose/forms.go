package prose

import (
	"slices"
	"strings"
	"unicode"
)

// Bounds on what one object may ask to be looked for, for each kind. Real ones
// have some hundred forms.
const (
	maxForms    = 1 << 12
	maxForm     = 256 // bytes
	maxNameWord = 8   // words of one name that are combined
)

// Lengths in letters from which a form is looked for inside words, and at all.
const (
	minInside = 5
	minForm   = 2
	minNumber = 3 // of an identifier without a letter
)

// forms gathers the ways in which people write identifiers.
type forms struct {
	lex     *lexicon
	list    []pattern
	seen    map[string]bool
	letters map[rune]bool
	count   [Unknown]int // of forms, by kind
}

// squeeze folds a text and leaves its letters and digits.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if alphanumeric(r) {
			return r
		}
		return -1
	}, string(folded(text)))
}

// add adds one form, made of some words.
func (f *forms) add(form string, k Kind, parts int) {
	n := 0
	han := false
	for _, r := range form {
		n++
		han = han || unicode.Is(unicode.Han, r)
	}
	if n < minForm || len(form) > maxForm || f.seen[form] || f.count[k] >= maxForms {
		return
	}
	f.seen[form] = true
	f.count[k]++
	f.list = append(f.list, pattern{text: form, runes: n, kind: k, parts: parts, whole: n < minInside && !han})
}

// particles are parts of names, or next to them, that name nobody.
const particles = " de da do di du la le el al bin ibn ben von van der den del della dos das of the and y md phd mba rn dr mr mrs ms miss prof jr sr ii iii iv "

// name adds the forms of a person's name.
func (f *forms) name(name string) {
	for writing := range strings.SplitSeq(name, "=") {
		f.addName(writing)
		for _, umlaut := range [][]string{
			{"ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "å", "aa", "Å", "Aa", "ø", "oe", "Ø", "Oe"},
			{"ae", "a", "oe", "o", "ue", "u"},
		} {
			if other := strings.NewReplacer(umlaut...).Replace(writing); other != writing {
				f.addName(other)
			}
		}
	}
}

func (f *forms) addName(name string) {
	if f.count[Name] >= maxForms {
		return
	}
	for component := range strings.SplitSeq(name, "^") {
		f.nameWord(squeeze(component), len(strings.Fields(component)))
	}
	parts := strings.FieldsFunc(string(folded(name)), func(r rune) bool { return !alphanumeric(r) })
	parts = slices.DeleteFunc(parts, func(w string) bool { return strings.Contains(particles, " "+w+" ") })
	if len(parts) > maxNameWord {
		parts = parts[:maxNameWord]
	}
	for _, part := range parts {
		f.nameWord(part, 1)
		f.hanName(part)
	}
	for i, a := range parts {
		for j, b := range parts {
			if i == j {
				continue
			}
			f.add(a+b, Name, 2)
			initial := string([]rune(a)[:1])
			if len(b) >= 3 && !unicode.Is(unicode.Han, []rune(a)[0]) { // a character is no initial
				f.add(initial+b, Name, 2)
				f.add(b+initial, Name, 2)
			}
		}
	}
	f.add(strings.Join(parts, ""), Name, len(parts))
	f.initials(parts)
}

// nameWord adds a name that is one word. A single Chinese character goes by itself
// only where it is no part of a longer term.
func (f *forms) nameWord(word string, parts int) {
	if r := []rune(word); len(r) == 1 && unicode.Is(unicode.Han, r[0]) {
		f.letters[r[0]] = true
		return
	}
	if !strings.Contains(particles, " "+word+" ") {
		f.add(word, Name, max(parts, 1))
	}
}

// hanName adds the parts of a Chinese name that is written in one.
func (f *forms) hanName(word string) {
	r := []rune(word)
	if len(r) < 2 || len(r) > 5 || !unicode.Is(unicode.Han, r[0]) {
		return
	}
	family := 1
	if len(r) > 2 && f.lex.doubles[[2]rune{r[0], r[1]}] {
		family = 2
	}
	f.nameWord(string(r[:family]), 1)
	f.nameWord(string(r[family:]), 1)
	for _, given := range r[family:] {
		f.letters[given] = true
	}
}

// initials adds the first letters together, in both orders. Where they are a word,
// they count only with dots.
func (f *forms) initials(parts []string) {
	if len(parts) < 2 {
		return
	}
	var letters []string
	for _, p := range parts {
		if p[0] < 'a' || p[0] > 'z' {
			return
		}
		letters = append(letters, p[:1])
	}
	orders := [][]string{letters, append(slices.Clone(letters[1:]), letters[0])}
	if len(letters) > 2 {
		orders = append(orders, letters[:2], []string{letters[1], letters[0]})
	}
	for _, order := range orders {
		n := len(f.list)
		form := strings.Join(order, "")
		f.add(form, Name, 1)
		if len(f.list) > n {
			f.list[n].dotted = f.lex.words[form]&inVocabulary != 0
		}
	}
}

// id adds an identifier, without its leading zeros too.
func (f *forms) id(id string) {
	form := squeeze(id)
	if len(form) < minNumber {
		return
	}
	parts := len(strings.FieldsFunc(id, func(r rune) bool { return !alphanumeric(r) }))
	f.add(form, ID, parts)
	if bare := strings.TrimLeft(form, "0"); len(bare) > minNumber {
		f.add(bare, ID, parts)
	}
	if user, _, ok := strings.Cut(id, "@"); ok && len(user) > minNumber {
		f.add(squeeze(user), ID, 1)
	}
	if strings.ContainsAny(strings.TrimSpace(id), " ,") && strings.ContainsFunc(id, unicode.IsLetter) {
		f.place(id) // an address
	}
	if digits := onlyDigits(form); len(digits) > 9 && strings.HasPrefix(strings.TrimSpace(id), "+") {
		f.add(digits[len(digits)-8:], ID, 1) // without the country's code
	}
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// place adds an institution or address: as a whole, its words that are none of the
// vocabulary or names too, and those next to one of them together with it.
func (f *forms) place(place string) {
	whole := squeeze(place)
	if len(whole) < minNumber {
		return
	}
	f.add(whole, Place, len(strings.Fields(place)))
	for _, end := range []string{"医院", "卫生院", "中心", "诊所"} {
		if bare, ok := strings.CutSuffix(whole, end); ok {
			f.add(bare, Place, 1)
		}
	}
	parts := strings.FieldsFunc(string(folded(place)), func(r rune) bool { return !alphanumeric(r) })
	var initials []rune
	for i, part := range parts {
		initials = append(initials, []rune(part)[0])
		if !f.own(part) {
			continue
		}
		if len(part) >= minNumber {
			f.add(part, Place, 1)
		}
		if i > 0 {
			f.add(parts[i-1]+part, Place, 2)
		}
		if i+1 < len(parts) {
			f.add(part+parts[i+1], Place, 2)
		}
	}
	if f.lex.class(initials)&inVocabulary == 0 && len(initials) >= minNumber {
		f.add(string(initials), Place, 1)
	}
}

// own reports whether a word of a place says which one it is.
func (f *forms) own(word string) bool {
	c := f.lex.words[word]
	return c&(isHouse|isCentre|isEpithet|isStreet|isParticle) == 0 && (c&inVocabulary == 0 || c&isAnyName != 0)
}

// date adds the forms of a DA or DT value that are numbers. Those with the name of
// a month need no list: any is removed.
func (f *forms) date(date string) {
	digits := onlyDigits(date)
	if len(digits) < len("20060102") {
		return
	}
	year, month, day := digits[:4], digits[4:6], digits[6:8]
	if month < "01" || month > "12" {
		return
	}
	m, d := strings.TrimPrefix(month, "0"), strings.TrimPrefix(day, "0")
	for _, y := range []string{year, year[2:]} {
		for _, md := range [][2]string{{month, day}, {m, d}, {month, d}, {m, day}} {
			f.add(y+md[0]+md[1], Date, 3)
			f.add(md[0]+md[1]+y, Date, 3)
			f.add(md[1]+md[0]+y, Date, 3)
			f.add(y+"年"+md[0]+"月"+md[1]+"日", Date, 1)
			f.add(md[0]+"月"+md[1]+"日", Date, 1)
		}
	}
}
