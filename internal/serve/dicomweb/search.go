package dicomweb

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const (
	maxKeys       = 64       // of one search
	maxValue      = 1024     // bytes of one key's value
	maxUIDs       = 1000     // of one key's list
	maxPathTags   = 8        // of a key in sequences
	maxAnswer     = 64 << 20 // bytes of an answer: what is beyond is asked for with offset
	uidListLength = maxUIDs * (maxUID + 1)
)

// wanted is a search as its parameters say it (PS3.18 §8.3.4).
type wanted struct {
	query   sinso.Query
	fields  []dicom.Tag // of includefield and of keys, ascending
	all     bool        // includefield=all
	ignored bool        // a key that is not matched
}

// search answers a search (PS3.18 §10.6).
func (c *call) search(level sinso.Level) error {
	media, err := c.json()
	if err != nil {
		return err
	}
	want, err := c.wanted(level)
	if err != nil {
		return err
	}
	if want.query.Person, _, err = c.caller.Scope(c.cfg.Read); err != nil {
		return err
	}
	body, more, err := c.compose(want)
	if err != nil {
		return err
	}
	h := c.w.Header()
	if want.ignored {
		h.Add("Warning", warning(c.r.Host, "one or more keys in sequences are not matched"))
	}
	if more {
		h.Add("Warning", warning(c.r.Host, "there are more results: ask for them with offset"))
	}
	return c.reply(http.StatusOK, media, body)
}

// warning is a Warning field (PS3.18 §8.3.4.4, RFC 7234 §5.5).
func warning(host, text string) string {
	if host == "" || strings.ContainsAny(host, "\" \t\\") {
		host = "-"
	}
	return `299 ` + host + ` "` + text + `"`
}

// wanted reads the parameters of a search. Those of the path come before.
func (c *call) wanted(level sinso.Level) (*wanted, error) {
	w := &wanted{query: sinso.Query{Level: level}}
	t := c.target()
	if t != (target{}) {
		match, ok := t.conditions()
		if !ok {
			return nil, notFound("a UID")
		}
		w.query.Match = match
	}
	if len(c.query) > maxKeys {
		return nil, invalid("the search has too many parameters")
	}
	for name, values := range c.query {
		if err := w.take(name, values); err != nil {
			return nil, err
		}
	}
	slices.Sort(w.fields)
	w.fields = slices.Compact(w.fields)
	if w.query.Limit <= 0 || w.query.Limit > c.cfg.MaxResults {
		w.query.Limit = c.cfg.MaxResults
	}
	return w, nil
}

// take reads one parameter.
func (w *wanted) take(name string, values []string) error {
	if name == "includefield" {
		return w.include(values)
	}
	if len(values) != 1 {
		return invalid("a parameter comes twice")
	}
	value := values[0]
	switch name {
	case "limit": // 0 is as if it were not given
		return count(value, &w.query.Limit)
	case "offset":
		return count(value, &w.query.Offset)
	case "fuzzymatching":
		fuzzy, err := strconv.ParseBool(value)
		if err != nil {
			return invalid("fuzzymatching must be true or false")
		}
		w.query.Fuzzy = fuzzy
		return nil
	case "accept":
		return nil
	default:
		return w.key(name, value)
	}
}

func count(text string, into *int) error {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return invalid("limit and offset must be whole numbers from 0 on")
	}
	*into = int(min(n, math.MaxInt32))
	return nil
}

// include reads includefield (PS3.18 §8.3.4.3): all, or attributes.
func (w *wanted) include(values []string) error {
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			if name = strings.TrimSpace(name); name == "all" {
				w.all = true
				continue
			}
			path, ok := attributePath(name)
			if !ok || len(w.fields) == 1000 {
				return invalid("includefield names something that is no attribute, or too much")
			}
			w.fields = append(w.fields, path[0])
		}
	}
	return nil
}

// key reads a key and its value (PS3.18 §8.3.4.1). The index keeps no keys in
// sequences.
func (w *wanted) key(name, value string) error {
	path, ok := attributePath(name)
	if !ok {
		return invalid("the query has a parameter that is no attribute")
	}
	w.fields = append(w.fields, path[0])
	if value == "" { // universal matching
		return nil
	}
	if len(path) > 1 {
		w.ignored = true
		return nil
	}
	condition := sinso.Condition{Tag: uint32(path[0]), Values: []string{value}}
	if dicom.VROf(path[0]) == dicom.VRUI {
		if len(value) > uidListLength {
			return invalid("a list of UIDs is too long")
		}
		condition.Values = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == '\\' })
		for _, uid := range condition.Values {
			if !isUID(uid) {
				return invalid("a UID is none")
			}
		}
	} else if len(value) > maxValue || !utf8.ValidString(value) {
		return invalid("the value of a key is too long, or not UTF-8")
	}
	for _, other := range w.query.Match {
		if other.Tag == condition.Tag && !slices.Equal(other.Values, condition.Values) && !slices.Contains(condition.Values, other.Values[0]) {
			return invalid("a key contradicts another, or the path")
		}
	}
	w.query.Match = append(w.query.Match, condition)
	return nil
}

// attributePath reads a keyword or tag, or several with dots between: those before
// the last are sequences (PS3.18 §8.3.4.1.1).
func attributePath(name string) ([]dicom.Tag, bool) {
	var path []dicom.Tag
	for part := range strings.SplitSeq(name, ".") {
		tag, ok := attributeOf(part)
		if !ok || len(path) == maxPathTags {
			return nil, false
		}
		path = append(path, tag)
	}
	for _, tag := range path[:len(path)-1] {
		if dicom.VROf(tag) != dicom.VRSQ && !tag.IsPrivate() {
			return nil, false
		}
	}
	return path, true
}

// attributeOf reads a keyword, or a tag of eight digits that is in the dictionary or
// private.
func attributeOf(text string) (dicom.Tag, bool) {
	const digits = 8
	if len(text) == digits {
		if n, err := strconv.ParseUint(text, 16, 32); err == nil {
			tag := dicom.Tag(n)
			_, known := dicom.Lookup(tag)
			return tag, (known || tag.IsPrivate()) && tag.Group() > 0x0002 && tag.Element() != 0
		}
	}
	return dicom.TagOf(text)
}
