package multipart

import (
	"fmt"
	"io"
	"strconv"

	"sinso.dev/sinso"
)

// Writer writes the parts of one body. It sends each header with one Write, and the
// body of a part with another, without a copy.
type Writer struct {
	out      io.Writer
	boundary string
	head     []byte
	begun    bool
}

// NewBoundary returns a boundary of 128 random bits: no part holds it by chance.
func NewBoundary(rand sinso.Rand) (string, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("multipart: make a boundary: %w", sinso.ErrUnavailable)
	}
	return fmt.Sprintf("sinso-%x", b), nil
}

// NewWriter returns a writer. boundary must be one (RFC 2046 §5.1.1): that of
// [NewBoundary] is.
func NewWriter(out io.Writer, boundary string) *Writer { return &Writer{out: out, boundary: boundary} }

// ContentType returns the media type of the body, whose root part is of type root.
func (w *Writer) ContentType(root string) string {
	return `multipart/related; type="` + root + `"; boundary="` + w.boundary + `"`
}

// Write writes one part, with its Content-Length behind the fields of h. A field
// with a line's end in it is ErrInvalid.
func (w *Writer) Write(h Header, body []byte) error {
	out, err := w.Begin(h, int64(len(body)))
	if err != nil {
		return err
	}
	if _, err := out.Write(body); err != nil {
		return fmt.Errorf("multipart: write a part: %w", err)
	}
	return nil
}

// Begin writes the header of a part of length bytes, as Write does. The caller writes these
// to what it returns, before anything else.
func (w *Writer) Begin(h Header, length int64) (io.Writer, error) {
	var err error
	if w.head, err = w.appendHead(w.head[:0], h, length); err != nil {
		return nil, err
	}
	w.begun = true
	if _, err := w.out.Write(w.head); err != nil {
		return nil, fmt.Errorf("multipart: write a header: %w", err)
	}
	return w.out, nil
}

// Close writes the last boundary; it does not close the io.Writer.
func (w *Writer) Close() error {
	if _, err := io.WriteString(w.out, w.end()); err != nil {
		return fmt.Errorf("multipart: write the last boundary: %w", err)
	}
	return nil
}

func (w *Writer) end() string {
	if !w.begun {
		return "--" + w.boundary + "--\r\n"
	}
	return "\r\n--" + w.boundary + "--\r\n"
}

func (w *Writer) appendHead(b []byte, h Header, length int64) ([]byte, error) {
	if w.begun {
		b = append(b, "\r\n"...)
	}
	b = append(append(append(b, "--"...), w.boundary...), "\r\n"...)
	for _, f := range h {
		if _, ok := fieldValue([]byte(f.Value)); !ok || !isToken(f.Name) {
			return nil, invalid("a field of a header cannot be written")
		}
		b = append(append(append(append(b, f.Name...), ": "...), f.Value...), "\r\n"...)
	}
	b = strconv.AppendInt(append(b, "Content-Length: "...), length, 10)
	return append(b, "\r\n\r\n"...), nil
}

// Sizer adds up what a Writer with the same boundary will write, so that a body
// of known parts can say its length before it is written.
type Sizer struct {
	w     Writer
	bytes int64
}

// NewSizer returns a Sizer.
func NewSizer(boundary string) *Sizer { return &Sizer{w: Writer{boundary: boundary}} }

// Add counts a part.
func (s *Sizer) Add(h Header, length int64) error {
	var err error
	if s.w.head, err = s.w.appendHead(s.w.head[:0], h, length); err != nil {
		return err
	}
	s.w.begun = true
	s.bytes += int64(len(s.w.head)) + length
	return nil
}

// Size returns the bytes of all parts added and the last boundary.
func (s *Sizer) Size() int64 { return s.bytes + int64(len(s.w.end())) }
