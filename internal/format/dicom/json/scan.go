package json

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"sinso.dev/sinso"
)

// Bounds of what is read, beside those that the size of the text sets.
const (
	maxDepth    = 64      // items in items, as in package dicom
	maxNesting  = 256     // arrays and objects in each other: three for each item, and some to spare
	maxElements = 1 << 22 // of a data set, at any depth
)

// scanner reads JSON (RFC 8259) from b, at at. Its errors name places, not values.
type scanner struct {
	b  []byte
	at int
}

func (s *scanner) wrong(what string) error {
	return fmt.Errorf("json: byte %d: %s: %w", s.at, what, sinso.ErrInvalid)
}

// space skips white space and returns the byte behind it, 0 at the end.
func (s *scanner) space() byte {
	for s.at < len(s.b) {
		switch c := s.b[s.at]; c {
		case ' ', '\n', '\r', '\t':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// take skips white space and the byte c.
func (s *scanner) take(c byte) error {
	if s.space() != c {
		return s.wrong("not the JSON that is expected here")
	}
	s.at++
	return nil
}

// more is called behind the opening of an array or object, with first, and behind
// each of its members: it skips the comma and says whether there is another, or
// skips what ends it.
func (s *scanner) more(end byte, first bool) (bool, error) {
	c := s.space()
	switch {
	case c == end:
		s.at++
		return false, nil
	case first:
		return true, nil
	case c == ',':
		s.at++
		if s.space() == end {
			return false, s.wrong("a comma without a value")
		}
		return true, nil
	default:
		return false, s.wrong("no comma between values")
	}
}

// raw skips a string and returns what is between its quotes, and whether it has
// escapes.
func (s *scanner) raw() (text []byte, escaped bool, err error) {
	if err := s.take('"'); err != nil {
		return nil, false, err
	}
	start := s.at
	for ; s.at < len(s.b); s.at++ {
		switch c := s.b[s.at]; {
		case c == '"':
			text = s.b[start:s.at]
			s.at++
			return text, escaped, nil
		case c == '\\':
			escaped = true
			s.at++
		case c < ' ':
			return nil, false, s.wrong("a control character in a string")
		}
	}
	s.at = len(s.b)
	return nil, false, s.wrong("a string without an end")
}

// text reads a string. It is a part of the text, or a copy where it had escapes.
func (s *scanner) text() ([]byte, error) {
	raw, escaped, err := s.raw()
	if err != nil {
		return nil, err
	}
	if escaped {
		if raw, err = s.unescaped(raw); err != nil {
			return nil, err
		}
	}
	if !utf8.Valid(raw) {
		return nil, s.wrong("a string that is not UTF-8")
	}
	return raw, nil
}

// unescaped replaces escapes (RFC 8259 §7).
func (s *scanner) unescaped(raw []byte) ([]byte, error) {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		i++ // never the last byte: raw would not have ended there
		switch raw[i] {
		case '"', '\\', '/':
			out = append(out, raw[i])
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, n := rune16(raw[i+1:])
			if n == 0 {
				return nil, s.wrong("an escape that is none")
			}
			out = utf8.AppendRune(out, r)
			i += n
		default:
			return nil, s.wrong("an escape that is none")
		}
	}
	return out, nil
}

// rune16 reads four digits, and a second escape where they are half of a pair;
// half a pair becomes U+FFFD. n is the bytes read, 0 if the digits are none.
func rune16(b []byte) (r rune, n int) {
	first, ok := digits(b, 4)
	if !ok {
		return 0, 0
	}
	r = rune(first) //nolint:gosec // 16 bits
	if !utf16.IsSurrogate(r) {
		return r, 4
	}
	if len(b) >= 10 && b[4] == '\\' && b[5] == 'u' {
		if second, ok := digits(b[6:], 4); ok {
			if pair := utf16.DecodeRune(r, rune(second)); pair != utf8.RuneError { //nolint:gosec // 16 bits
				return pair, 10
			}
		}
	}
	return utf8.RuneError, 4
}

// digits reads n hexadecimal digits.
func digits(b []byte, n int) (uint32, bool) {
	if len(b) < n {
		return 0, false
	}
	var v uint32
	for _, c := range b[:n] {
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | uint32(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = v<<4 | uint32(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

// number reads a number and returns its text.
func (s *scanner) number() ([]byte, error) {
	s.space()
	start := s.at
	for s.at < len(s.b) {
		switch c := s.b[s.at]; {
		case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			s.at++
			continue
		}
		break
	}
	text := s.b[start:s.at]
	if _, ok := grammar(text); !ok {
		return nil, s.wrong("a number that is none, or too long")
	}
	return text, nil
}

// null skips null if it is there.
func (s *scanner) null() bool {
	const word = "null"
	s.space()
	if len(s.b)-s.at < len(word) || string(s.b[s.at:s.at+len(word)]) != word {
		return false
	}
	s.at += len(word)
	return true
}

// jump skips a string, and looks at nothing but where it ends.
func (s *scanner) jump() error {
	s.at++
	start := s.at
	for {
		n := bytes.IndexByte(s.b[s.at:], '"')
		if n < 0 {
			s.at = len(s.b)
			return s.wrong("a string without an end")
		}
		s.at += n
		escapes := s.at
		for escapes > start && s.b[escapes-1] == '\\' {
			escapes--
		}
		s.at++
		if (s.at-1-escapes)%2 == 0 {
			return nil
		}
	}
}

// skip skips any value and returns its text. It looks at brackets and strings only:
// what is in it is checked when it is read.
func (s *scanner) skip() ([]byte, error) {
	s.space()
	start := s.at
	depth := 0
	for s.at < len(s.b) {
		switch s.b[s.at] {
		case '"':
			if err := s.jump(); err != nil {
				return nil, err
			}
		case '{', '[':
			if depth++; depth > maxNesting {
				return nil, s.wrong("arrays and objects are nested too deep")
			}
			s.at++
			continue
		case '}', ']':
			if depth == 0 {
				return s.scalar(start)
			}
			depth--
			s.at++
		case ',':
			if depth == 0 {
				return s.scalar(start)
			}
			s.at++
			continue
		default:
			s.at++
			continue
		}
		if depth == 0 {
			return s.b[start:s.at], nil
		}
	}
	if depth > 0 {
		return nil, s.wrong("an array or object without an end")
	}
	return s.scalar(start)
}

// scalar returns a number or word that ends here, or with the blanks before.
func (s *scanner) scalar(start int) ([]byte, error) {
	if text := bytes.TrimRight(s.b[start:s.at], " \n\r\t"); len(text) > 0 {
		return text, nil
	}
	return nil, s.wrong("no value")
}
