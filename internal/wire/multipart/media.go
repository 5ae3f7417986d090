package multipart

import "strings"

// Media is a media type with its parameters (RFC 9110 §8.3.1).
type Media struct {
	Type   string            // lower case: "multipart/related"
	Params map[string]string // names in lower case, values without quotes
}

const (
	maxMedia  = 1024 // bytes of one media type with its parameters
	maxParams = 16
)

// ParseMedia reads a media type, or a media range of an Accept field. It takes
// values that should be in quotes and are not, as in type=application/dicom: many
// clients write them so. It is ErrInvalid if the text is no media type.
func ParseMedia(text string) (Media, error) {
	if len(text) > maxMedia {
		return Media{}, invalid("a media type is too long")
	}
	head, rest, _ := strings.Cut(text, ";")
	m := Media{Type: strings.ToLower(strings.Trim(head, " \t"))}
	major, minor, ok := strings.Cut(m.Type, "/")
	if !ok || !isToken(major) || !isToken(minor) {
		return Media{}, invalid("this is no media type")
	}
	for rest = strings.TrimLeft(rest, " \t;"); rest != ""; rest = strings.TrimLeft(rest, " \t;") {
		name, value, after, ok := param(rest)
		if _, twice := m.Params[name]; !ok || twice || len(m.Params) == maxParams {
			return Media{}, invalid("a parameter of a media type is none, comes twice, or there are too many")
		}
		if m.Params == nil {
			m.Params = map[string]string{}
		}
		m.Params[name], rest = value, after
	}
	return m, nil
}

// param reads name=value, and returns what follows.
func param(text string) (name, value, rest string, ok bool) {
	name, rest, ok = strings.Cut(text, "=")
	name = strings.ToLower(strings.Trim(name, " \t"))
	if !ok || !isToken(name) {
		return "", "", "", false
	}
	rest = strings.TrimLeft(rest, " \t")
	if strings.HasPrefix(rest, `"`) {
		value, rest, ok = quoted(rest[1:])
		rest = strings.TrimLeft(rest, " \t")
		return name, value, rest, ok && (rest == "" || rest[0] == ';')
	}
	end := strings.IndexByte(rest, ';')
	if end < 0 {
		end = len(rest)
	}
	value = strings.TrimRight(rest[:end], " \t")
	return name, value, rest[end:], value != "" && !strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r >= 0x7F || r == '"' })
}

// quoted reads a quoted string behind its first quote (RFC 9110 §5.6.4).
func quoted(text string) (value, rest string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return out.String(), text[i+1:], true
		case c == '\\' && i+1 < len(text):
			i++
			out.WriteByte(text[i])
		case c < ' ' && c != '\t' || c == 0x7F:
			return "", "", false
		default:
			out.WriteByte(c)
		}
	}
	return "", "", false
}

// isToken reports whether text is a token (RFC 9110 §5.6.2).
func isToken(text string) bool {
	for _, c := range []byte(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return text != ""
}

// isBoundary reports whether text may be a boundary (RFC 2046 §5.1.1). Blanks are
// allowed inside; other printable characters are taken too.
func isBoundary(text string) bool {
	const most = 128 // the standard says 70; Orthanc writes 73
	if text == "" || len(text) > most || text[len(text)-1] == ' ' {
		return false
	}
	for _, c := range []byte(text) {
		if c < ' ' || c >= 0x7F {
			return false
		}
	}
	return true
}
