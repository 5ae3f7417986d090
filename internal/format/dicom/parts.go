package dicom

import (
	"fmt"
	"io"
	"math"

	"sinso.dev/sinso"
)

// Bounds of what [ReadFrom] holds.
const (
	partBytes   = 4 << 10  // read at once
	keepBinary  = 1 << 10  // of one binary value: a longer one is bulk data (json.Options)
	keepPrivate = 1 << 20  // of one private value of which the file does not say the VR
	maxKept     = 64 << 20 // of all values together: of a whole-slide image of 200,000 frames about 30 MB
)

// ReadFrom reads as [Read] does an object that is not in memory: every length in it is
// checked, and of its values those are held that say what it is, of some 64 MiB at most.
// Binary values that are longer than 1 KiB, pixel data and its fragments are passed over:
// the File knows their places in the data set ([Element.Held]), and says of them what one
// whose header was read says.
//
// Its errors are those of Read, and those of from. It is ErrUnsupported besides if the data
// set is deflated, or if more would have to be held.
func ReadFrom(from io.ReaderAt, size int64) (*File, error) {
	if size < 0 || size > math.MaxInt64/2 {
		return nil, fmt.Errorf("dicom: a file of %d bytes: %w", size, sinso.ErrInvalid)
	}
	r := reader{from: &parts{from: from}, size: int(size)}
	f := &File{}
	if err := r.file(f); err != nil {
		return nil, err
	}
	f.raw, f.data = r.from.kept, r.from.kept
	r.finish(f)
	return f, nil
}

func errDeflated() error {
	return fmt.Errorf("dicom: a deflated data set is not read in parts: %w", sinso.ErrUnsupported)
}

// Held reports whether the file has the value of an element: not so of bulk data that
// [ReadFrom] passed over.
func (e Element) Held() bool { return e.flags&flagPassed == 0 }

// parts is an object that is read in parts.
type parts struct {
	from io.ReaderAt
	kept []byte // the values that are held, one after the other
	err  error  // of from: nothing that came since is to be believed
}

// at returns n bytes, until it is called again. They must be before the end.
func (r *reader) at(at, n int) []byte {
	if at < r.base || at+n > r.base+len(r.b) {
		r.load(at, n)
	}
	at -= r.base
	return r.b[at : at+n : at+n]
}

// upTo returns n bytes, or as many as there are.
func (r *reader) upTo(at, n int) []byte { return r.at(at, min(n, r.size-at)) }

// load reads a part of n bytes or more that begins at a place.
func (r *reader) load(at, n int) {
	n = max(n, min(partBytes, r.size-at))
	if cap(r.b) < n {
		r.b = make([]byte, n)
	}
	r.base, r.b = at, r.b[:n]
	r.from.read(r.b, at)
}

// read fills p; with zeros if it cannot be.
func (p *parts) read(b []byte, at int) {
	n, err := 0, p.err
	if err == nil {
		n, err = p.from.ReadAt(b, int64(at))
	}
	if n == len(b) {
		return
	}
	clear(b[n:])
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	p.err = err
}

// failed returns the error of what is read in parts.
func (r *reader) failed() error {
	if r.from == nil || r.from.err == nil {
		return nil
	}
	return fmt.Errorf("dicom: read: %w", r.from.err)
}

// zeroFrom reports whether all bytes from at on are zero.
func (r *reader) zeroFrom(at int) bool {
	if r.from == nil {
		return allZero(r.b[at:])
	}
	for at < r.size && r.failed() == nil {
		b := r.upTo(at, partBytes)
		if !allZero(b) {
			return false
		}
		at += len(b)
	}
	return true
}

// keep takes the value of an element up, if it is one that is held.
func (r *reader) keep(h *head, e *Element) error {
	n := int(h.length)
	if e.Offset = 0; !r.holds(h) {
		e.flags |= flagPassed
		return nil
	}
	p := r.from
	if len(p.kept)+n > maxKept {
		return fmt.Errorf("dicom: the header has more than %d bytes: %w", maxKept, sinso.ErrUnsupported)
	}
	e.Offset = uint32(len(p.kept)) //nolint:gosec // below maxKept
	if n <= partBytes {
		p.kept = append(p.kept, r.at(h.start, n)...)
		return r.failed()
	}
	p.kept = append(p.kept, make([]byte, n)...)
	p.read(p.kept[len(p.kept)-n:], h.start)
	return r.failed()
}

// holds reports whether a value is held: those that are written as they are in metadata
// are, and all that decides how others are read.
func (r *reader) holds(h *head) bool {
	if h.length <= keepBinary || r.flags&flagMeta != 0 || h.tag == tagCharacterSet {
		return true
	}
	c := h.code
	if c == codeUN && !h.tag.IsPrivate() { // as those do who read it
		c = codeOfTag(h.tag, false)
	}
	switch c.vr() {
	case VROB, VROW, VROF, VROD, VROL, VROV:
		return false
	case VRUN:
		return h.silent && h.tag.IsPrivate() && h.length <= keepPrivate // its creator may say what it is
	default:
		return true
	}
}

// place puts an entry that others follow at where their values will be.
func (r *reader) place(e *Element) {
	if r.from != nil {
		e.Offset = uint32(len(r.from.kept)) //nolint:gosec // below maxKept
	}
}

// text returns the value that was taken last.
func (r *reader) text(h *head) []byte {
	if r.from != nil {
		return r.from.kept[len(r.from.kept)-int(h.length):]
	}
	return r.at(h.start, int(h.length))
}

// mark and back give up the values that were kept since.
func (p *parts) mark() int {
	if p == nil {
		return 0
	}
	return len(p.kept)
}

func (p *parts) back(mark int) {
	if p != nil {
		p.kept = p.kept[:mark]
	}
}
