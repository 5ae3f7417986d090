package multipart

import (
	"bytes"
	"strconv"
	"strings"

	"sinso.dev/sinso"
)

// Field is one field of a part's header.
type Field struct{ Name, Value string }

// Header is the header of a part, in the order in which it came.
type Header []Field

// Get returns the value of the first field with the name, whatever its case; "" if
// there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// parseHeader reads the lines of a header without the empty one at its end.
func parseHeader(b []byte) (Header, error) {
	var h Header
	for len(b) > 0 {
		line, rest, _ := bytes.Cut(b, []byte{'\n'})
		b = rest
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(h) > 0 && len(line) > 0 && (line[0] == ' ' || line[0] == '\t') { // folded, RFC 5322 §2.2.3
			value, ok := fieldValue(line)
			if !ok {
				return nil, invalid("a part's header has a control character")
			}
			h[len(h)-1].Value += " " + value
			continue
		}
		name, value, ok := bytes.Cut(line, []byte{':'})
		text, good := fieldValue(value)
		if !ok || !good || !isToken(string(name)) {
			return nil, invalid("a part's header has a line that is no field")
		}
		if len(h) == maxFields {
			return nil, &LimitError{"fields of a part's header", maxFields}
		}
		h = append(h, Field{string(name), text})
	}
	return h, h.check()
}

func fieldValue(b []byte) (string, bool) {
	b = bytes.Trim(b, " \t")
	for _, c := range b {
		if c < ' ' && c != '\t' || c == 0x7F {
			return "", false
		}
	}
	return string(b), true
}

// check refuses what two readers could take for different things, and encodings
// that are not the bytes themselves (RFC 2045 §6).
func (h Header) check() error {
	for _, name := range []string{"content-type", "content-length", "content-location", "content-id", "content-transfer-encoding"} {
		n := 0
		for _, f := range h {
			if strings.EqualFold(f.Name, name) {
				n++
			}
		}
		if n > 1 {
			return invalid("a part's header has a field twice")
		}
	}
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "", "binary", "8bit", "7bit":
		return nil
	default:
		return &encodingError{}
	}
}

type encodingError struct{}

func (*encodingError) Error() string { return "multipart: a part is in a transfer encoding" }
func (*encodingError) Unwrap() error { return sinso.ErrUnsupported }

// length returns Content-Length, or -1 where there is none that is a number.
func (h Header) length() int64 {
	n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}
