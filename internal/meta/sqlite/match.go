package sqlite

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sinso.dev/sinso"
)

// test is one condition on the field at a place.
type test struct {
	at     int
	kind   kind
	holds  func(value string) bool
	exact  []string // the values, where only equal ones match; else nil
	name   string   // the pattern of a person name, folded
	prefix string   // what one pattern of text begins with
}

// matches applies a test to a field: one of several values is enough (PS3.4 C.2.2.2).
func (t *test) matches(field string) bool {
	if t.kind == kindExact || !strings.Contains(field, separator) {
		return t.holds(field)
	}
	for v := range strings.SplitSeq(field, separator) {
		if t.holds(trim(v)) {
			return true
		}
	}
	return false
}

// matching is a query made ready.
type matching struct {
	study, series, instance []test
	from, to                int64 // bounds of search.at
	fuzzy                   bool
}

// compile makes a query ready: ErrInvalid if a value cannot be one of its key.
func compile(q sinso.Query) (*matching, error) {
	if q.Level < sinso.LevelPatient || q.Level > sinso.LevelInstance || q.Limit < 0 || q.Offset < 0 {
		return nil, fmt.Errorf("meta: find: no such level, limit or offset: %w", sinso.ErrInvalid)
	}
	m := &matching{from: math.MinInt64, to: math.MaxInt64, fuzzy: q.Fuzzy}
	if q.Person != "" {
		m.study = append(m.study, test{at: atPerson, kind: kindExact, exact: []string{string(q.Person)}, holds: equals([]string{string(q.Person)})})
	}
	for _, c := range q.Match {
		if err := m.add(q.Level, c); err != nil {
			return nil, fmt.Errorf("meta: find: key (%04x,%04x): %w", c.Tag>>16, c.Tag&0xFFFF, err)
		}
	}
	return m, nil
}

// add adds one condition to the level it belongs to. What is below the level asked
// for matches everything, but a class or modality, which is asked of the study.
func (m *matching) add(level sinso.Level, c sinso.Condition) error {
	tag := c.Tag
	switch {
	case tag == 0: // the keys without an attribute
		return nil
	case level == sinso.LevelStudy && tag == seriesKeys[atModality].tag:
		tag = studyKeys[atModalities].tag
	case level < sinso.LevelInstance && tag == instanceKeys[atClass].tag:
		tag = studyKeys[atClasses].tag
	}
	for i, k := range studyKeys {
		if k.tag != tag || level == sinso.LevelPatient && !k.patient {
			continue
		}
		if i == atStudyDate {
			if err := m.bound(c.Values); err != nil {
				return err
			}
		}
		return appendTest(&m.study, i, k.kind, c.Values, m.fuzzy)
	}
	if i := slices.IndexFunc(seriesKeys[:], func(k key) bool { return k.tag == tag }); i >= 0 && level >= sinso.LevelSeries {
		return appendTest(&m.series, i, seriesKeys[i].kind, c.Values, false)
	}
	if i := slices.IndexFunc(instanceKeys[:], func(k key) bool { return k.tag == tag }); i >= 0 && level >= sinso.LevelInstance {
		return appendTest(&m.instance, i, instanceKeys[i].kind, c.Values, false)
	}
	return nil
}

// bound narrows the studies to look at to those of the dates asked for.
func (m *matching) bound(values []string) error {
	values = wanted(values)
	if len(values) == 0 {
		return nil
	}
	from, to := int64(math.MaxInt64), int64(math.MinInt64)
	for _, v := range values {
		low, high, err := dateRange(v)
		if err != nil {
			return err
		}
		from, to = min(from, int64(low)*dayUnits), max(to, int64(high)*dayUnits+dayUnits-1)
	}
	m.from, m.to = max(m.from, from), min(m.to, to)
	return nil
}

// wanted trims values; none are left of universal matching (PS3.4 C.2.2.2.3).
func wanted(values []string) []string {
	var out []string
	for _, v := range values {
		v = trim(v)
		if v == "*" {
			return nil
		}
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

func appendTest(tests *[]test, at int, k kind, values []string, fuzzy bool) error {
	values = wanted(values)
	if len(values) == 0 {
		return nil
	}
	t := test{at: at, kind: k}
	var err error
	switch k {
	case kindExact:
		t.exact, t.holds = values, equals(values)
	case kindText:
		t.holds = textTest(values, &t)
	case kindUID:
		t.exact = values
		t.holds, err = uidTest(values)
	case kindName:
		t.holds = nameTest(values, fuzzy, &t)
	case kindDate:
		t.holds, err = dateTest(values)
		if at != atStudyDate && len(values) == 1 && isDate(values[0]) {
			t.exact = []string{plainDate(values[0])}
		}
	case kindTime:
		t.holds, err = timeTest(values)
	case kindInteger:
		t.holds, err = integerTest(values)
	}
	*tests = append(*tests, t)
	return err
}

func equals(values []string) func(string) bool {
	if len(values) == 1 {
		one := values[0]
		return func(v string) bool { return v == one }
	}
	return func(v string) bool { return slices.Contains(values, v) }
}

func isWild(s string) bool { return strings.ContainsAny(s, "*?") }

// textTest compares as it is, or by wild cards (PS3.4 C.2.2.2.4).
func textTest(values []string, t *test) func(string) bool {
	if !slices.ContainsFunc(values, isWild) {
		t.exact = values
		return equals(values)
	}
	if len(values) == 1 {
		t.prefix = values[0][:strings.IndexAny(values[0], "*?")]
	}
	return func(v string) bool {
		return v != "" && slices.ContainsFunc(values, func(p string) bool { return glob(p, v) })
	}
}

// maxUID is how long a UID is (PS3.5 Table 6.2-1).
const maxUID = 64

func uidTest(values []string) (func(string) bool, error) {
	for _, v := range values {
		if len(v) > maxUID || strings.Trim(v, "0123456789.") != "" {
			return nil, fmt.Errorf("not a UID: %w", sinso.ErrInvalid)
		}
	}
	return equals(values), nil
}

// nameTest compares without case, in any component group (PS3.4 C.2.2.2.1).
func nameTest(values []string, fuzzy bool, t *test) func(string) bool {
	patterns := make([]string, len(values))
	for i, v := range values {
		patterns[i] = foldName(v)
	}
	if len(patterns) == 1 {
		t.name = patterns[0]
	}
	if fuzzy {
		return func(v string) bool {
			return slices.ContainsFunc(patterns, func(p string) bool { return fuzzyName(p, v) })
		}
	}
	return func(v string) bool {
		return v != "" && slices.ContainsFunc(patterns, func(p string) bool { return matchName(p, v) })
	}
}

// matchName compares one folded pattern with a folded name. A pattern of one
// component group fits any; one of several fits group by group.
func matchName(pattern, name string) bool {
	groups := strings.Split(name, "=")
	if !strings.Contains(pattern, "=") {
		return slices.ContainsFunc(groups, func(g string) bool { return matchGroup(pattern, g) })
	}
	for i, p := range strings.Split(pattern, "=") {
		if p != "" && p != "*" && (i >= len(groups) || !matchGroup(p, groups[i])) {
			return false
		}
	}
	return true
}

// matchGroup also lets "doe^*" fit "doe": what is left off at a name's end is empty.
func matchGroup(pattern, group string) bool {
	return group != "" && (glob(pattern, group) || strings.Contains(pattern, "^*") && glob(pattern, group+"^"))
}

// fuzzyName wants each part of the pattern to begin a part of the name.
func fuzzyName(pattern, name string) bool {
	parts := words(name)
	for _, p := range fuzzyParts(pattern) {
		if !slices.ContainsFunc(parts, func(w string) bool { return strings.HasPrefix(w, p) }) {
			return false
		}
	}
	return len(parts) > 0
}

func fuzzyParts(pattern string) []string {
	return strings.FieldsFunc(pattern, func(r rune) bool { return isNameBreak(r) || r == '*' || r == '?' })
}

// glob matches * with any text and ? with one character, in time of at most
// len(pattern) * len(text).
func glob(pattern, text string) bool {
	star, back := -1, 0
	p, t := 0, 0
	for t < len(text) {
		_, width := utf8.DecodeRuneInString(text[t:])
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, back = p, t
			p++
		case p < len(pattern) && pattern[p] == '?':
			p, t = p+1, t+width
		case p < len(pattern) && pattern[p] == text[t]:
			p, t = p+1, t+1
		case star >= 0:
			_, width = utf8.DecodeRuneInString(text[back:])
			back += width
			p, t = star+1, back
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

func integerTest(values []string) (func(string) bool, error) {
	numbers := make([]int64, len(values))
	for i, v := range values {
		n, err := strconv.ParseInt(v, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("not an integer: %w", sinso.ErrInvalid)
		}
		numbers[i] = n
	}
	return func(v string) bool {
		n, err := strconv.ParseInt(v, 10, 64)
		return err == nil && slices.Contains(numbers, n)
	}, nil
}
