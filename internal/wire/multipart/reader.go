package multipart

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// Part is one part, whole.
type Part struct {
	Header Header
	Body   []byte // the caller's own
	Sink   Sink   // what [Reader.Sink] gave for this part
}

// Sink sees the body of a part arrive.
type Sink interface {
	// Arrived is called with all that is there so far, the last time with the body. The
	// bytes stay as they are for good, though they may be elsewhere in memory the next
	// time. If a part is shorter than its header says, more than the body was shown
	// before.
	Arrived(all []byte)
}

// Reader reads the parts of one body.
type Reader struct {
	// Type is the media type of the root part, from parameter type (RFC 2387 §3.1);
	// "" if it is not given.
	Type string
	// Sink, if it is not nil, is called when a part's body begins, and gives what sees
	// it arrive; or nil.
	Sink func(Header) Sink

	in     io.Reader
	limits Limits
	dash   []byte // "\r\n--boundary"
	head   []byte // the first bytes of dash: short enough for the fast search
	buf    []byte // what was read
	at     int    // where what was not handed out begins
	parts  int
	sink   Sink // of the present body
	last   int  // bytes of the part before: the next one is as long, as a rule
	lied   bool // a Content-Length was wrong
	state  state
	err    error // of in
}

type state uint8

const (
	atStart state = iota // before the first boundary
	inParts
	atEnd
)

const (
	firstRead   = 64 << 10  // bytes of the smallest buffer
	chunk       = 256 << 10 // bytes read at once while a part's length is not known
	smallRead   = 4 << 10   // bytes of room that are still read into
	growthAhead = 1 << 20   // bytes that memory may be ahead of what has come
	searched    = 32        // bytes of the boundary that are searched for; the rest is compared
	behind      = 512       // bytes read beyond a part: the next header
	maxPadding  = 128       // blanks behind a boundary (RFC 2046 §5.1.1)
	maxEmpty    = 100       // reads in a row that give nothing
)

// NewReader returns a reader of body, whose media type is contentType. It is
// ErrInvalid if that is not multipart/related with a boundary.
func NewReader(body io.Reader, contentType string, limits Limits) (*Reader, error) {
	media, err := ParseMedia(contentType)
	if err != nil {
		return nil, err
	}
	boundary := media.Params["boundary"]
	if media.Type != "multipart/related" || !isBoundary(boundary) {
		return nil, invalid("this is not multipart/related with a boundary")
	}
	dash := []byte("\r\n--" + boundary)
	return &Reader{
		Type: strings.ToLower(media.Params["type"]),
		in:   body, limits: limits.withDefaults(),
		dash: dash, head: dash[:min(len(dash), searched)],
	}, nil
}

// Next returns the next part; io.EOF behind the last one. It is ErrCorrupt if the
// body ends before its last boundary, a [*LimitError] beyond the limits,
// ErrInvalid if a header cannot be read, ErrUnsupported for a part in base64 or
// quoted-printable, or the error of the body. After an error there is no next.
func (r *Reader) Next() (Part, error) {
	part, err := r.next()
	if err != nil {
		r.state, r.buf, r.at = atEnd, nil, 0
	}
	return part, err
}

func (r *Reader) next() (Part, error) {
	if r.state == atStart {
		if err := r.preamble(); err != nil {
			return Part{}, err
		}
	}
	if r.state == atEnd {
		return Part{}, io.EOF
	}
	if r.parts++; r.parts > r.limits.Parts {
		return Part{}, &LimitError{"parts", int64(r.limits.Parts)}
	}
	header, err := r.header()
	if err != nil {
		return Part{}, err
	}
	r.sink = nil
	if r.Sink != nil {
		r.sink = r.Sink(header)
	}
	body, err := r.body(header.length())
	return Part{header, body, r.sink}, err
}

// arrived shows what came of the present body, up to a place in the rest.
func (r *Reader) arrived(to int) {
	if r.sink != nil {
		r.sink.Arrived(r.rest()[:to:to])
	}
}

// rest is what was read and not handed out. It begins elsewhere in memory after
// more was read.
func (r *Reader) rest() []byte { return r.buf[r.at:] }

// fill reads at most n more bytes behind the rest. What was handed out is never
// written again.
func (r *Reader) fill(n int) error {
	if cap(r.buf)-len(r.buf) < min(n, smallRead) {
		r.room(n)
	}
	end := len(r.buf)
	n = min(n, cap(r.buf)-end)
	for range maxEmpty {
		if r.err != nil {
			return r.err
		}
		var got int
		got, r.err = r.in.Read(r.buf[end : end+n])
		if got > 0 {
			r.buf = r.buf[:end+got]
			return nil
		}
	}
	return io.ErrNoProgress
}

// room moves the rest into memory that has room for n more. Where it is much, it
// takes twofold, so that each byte is moved about once.
func (r *Reader) room(n int) {
	rest := r.rest()
	moved := make([]byte, len(rest), max(firstRead, len(rest)+max(n, len(rest))))
	copy(moved, rest)
	r.buf, r.at = moved, 0
}

// more is fill where the body must go on.
func (r *Reader) more(n int) error {
	err := r.fill(n)
	if errors.Is(err, io.EOF) {
		return cutOff()
	}
	return err
}

// preamble skips what stands before the first boundary (RFC 2046 §5.1.1).
func (r *Reader) preamble() error {
	first := r.dash[2:]
	for len(r.rest()) < len(first) {
		if err := r.more(firstRead / 2); err != nil {
			return err
		}
	}
	if bytes.HasPrefix(r.rest(), first) {
		if end, err := r.lineEnd(len(first)); end > 0 || err != nil {
			r.at += end
			return err
		}
	}
	for skipped := 0; skipped <= r.limits.HeaderBytes; {
		at, end, err := r.find(0)
		if err != nil || end > 0 {
			r.at += end
			return err
		}
		skipped += at
		r.at += at
		if err := r.more(firstRead / 2); err != nil {
			return err
		}
	}
	return &LimitError{"bytes before the first part", int64(r.limits.HeaderBytes)}
}

// find looks for a boundary in the rest, from a place on. It returns where it begins,
// and where what follows its line does; end 0 if there is none yet, and then at is
// where to look once more has come.
func (r *Reader) find(from int) (at, end int, err error) {
	for {
		b := r.rest()
		i := bytes.Index(b[from:], r.head)
		if i < 0 {
			return max(from, len(b)-len(r.head)+1), 0, nil
		}
		at = from + i
		line := at + len(r.dash)
		if line > len(b) {
			if bytes.HasPrefix(r.dash, b[at:]) {
				return at, 0, nil
			}
		} else if bytes.Equal(b[at:line], r.dash) {
			if end, err := r.lineEnd(line); end > 0 || err != nil {
				return at, end, err
			}
		}
		from = at + 1
	}
}

// lineEnd reads the end of a boundary's line, from a place in the rest on: blanks and
// a line's end, or two dashes behind the last part (RFC 2046 §5.1.1). It returns
// where what follows begins, 0 if this is no boundary after all.
func (r *Reader) lineEnd(from int) (int, error) {
	for {
		b := r.rest()[from:]
		n := 0
		for n < len(b) && n <= maxPadding && (b[n] == ' ' || b[n] == '\t') {
			n++
		}
		switch {
		case bytes.HasPrefix(b, []byte("--")):
			r.state = atEnd
			return from + 2, nil
		case bytes.HasPrefix(b[n:], []byte("\r\n")):
			r.state = inParts
			return from + n + 2, nil
		case n > maxPadding, len(b) >= n+2, len(b) == n+1 && b[n] != '\r' && (n > 0 || b[n] != '-'):
			return 0, nil
		}
		if err := r.more(behind); err != nil {
			return 0, err
		}
	}
}

// header reads the header of a part.
func (r *Reader) header() (Header, error) {
	for from := 0; ; {
		b := r.rest()
		if bytes.HasPrefix(b, []byte("\r\n")) { // no field
			r.at += 2
			return nil, nil
		}
		if i := bytes.Index(b[from:], []byte("\r\n\r\n")); i >= 0 && from+i <= r.limits.HeaderBytes {
			r.at += from + i + 4
			return parseHeader(b[:from+i])
		}
		if len(b) > r.limits.HeaderBytes+4 {
			return nil, &LimitError{"bytes of a part's header", int64(r.limits.HeaderBytes)}
		}
		from = max(0, len(b)-3)
		if err := r.more(behind); err != nil {
			return nil, err
		}
	}
}
