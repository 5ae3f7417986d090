package multipart

import (
	"bytes"
	"errors"
	"io"
)

// body reads the body of a part, and goes behind the boundary that ends it. length
// is what its header says, -1 if it says nothing; the boundary decides.
func (r *Reader) body(length int64) ([]byte, error) {
	if length > r.limits.PartBytes {
		return nil, r.tooLong()
	}
	at, end, err := 0, 0, error(nil)
	if length >= 0 && !r.lied {
		at, end, err = r.announced(int(length))
	}
	if end == 0 && err == nil {
		at, end, err = r.search()
	}
	if err != nil {
		return nil, err
	}
	r.arrived(at)
	body := r.rest()[:at:at]
	r.at += end
	r.last = at
	return body, nil
}

func (r *Reader) tooLong() error { return &LimitError{"bytes of a part", r.limits.PartBytes} }

// announced reads a body whose length is given. It returns as find does; end is 0
// where no boundary stands behind that many bytes.
func (r *Reader) announced(length int) (at, end int, err error) {
	want := length + len(r.dash)
	for len(r.rest()) < want {
		err := r.fill(r.step(want + behind - len(r.rest())))
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, 0, err
		}
		r.arrived(min(len(r.rest()), length))
	}
	if b := r.rest(); len(b) >= want && bytes.Equal(b[length:want], r.dash) {
		end, err = r.lineEnd(want)
	}
	r.lied = end == 0
	return length, end, err
}

// step is how much of what is missing is read at once: not much more than has come.
func (r *Reader) step(missing int) int { return min(missing, max(growthAhead, len(r.rest()))) }

// search reads a body up to its boundary, which may stand where the body begins: the
// line's end before it is then that of the header.
func (r *Reader) search() (at, end int, err error) {
	first := r.dash[2:]
	for len(r.rest()) < len(first) {
		if err := r.more(r.step(r.last + behind)); err != nil {
			return 0, 0, err
		}
	}
	if bytes.HasPrefix(r.rest(), first) {
		if end, err := r.lineEnd(len(first)); end > 0 || err != nil {
			return 0, end, err
		}
	}
	for from := 0; ; {
		if at, end, err = r.find(from); err != nil {
			return 0, 0, err
		}
		if int64(at) > r.limits.PartBytes {
			return 0, 0, r.tooLong()
		}
		if end > 0 {
			return at, end, nil
		}
		r.arrived(at)
		from = at
		if err := r.more(r.step(r.guess())); err != nil {
			return 0, 0, err
		}
	}
}

// guess is how much may be missing of a body whose length is not known: what makes
// it as long as the one before, then as much as a chunk.
func (r *Reader) guess() int {
	if missing := r.last + len(r.dash) + behind - len(r.rest()); missing > 0 {
		return missing
	}
	return chunk
}
