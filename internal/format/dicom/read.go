package dicom

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"sinso.dev/sinso"
)

// Bounds of what is read, beside those that the lengths themselves set.
const (
	maxBytes    = math.MaxUint32 // of a file: the index keeps places in 32 bits
	maxElements = 1 << 22        // entries of the index: a whole-slide image of 200,000 frames has about 3 million
	maxDepth    = 64             // items in items: real objects have less than 10
	growFirst   = 128            // entries the index begins with: a CT has about 100
	growLast    = 1 << 16        // an index that gets longer is counted before it is made
)

const (
	preambleBytes = 128                    // PS3.10 §7.1
	prefixEnd     = preambleBytes + 4      // "DICM"
	headerBytes   = 8                      // tag and length, or tag, VR and short length (PS3.5 §7.1)
	longBytes     = 12                     // with a 32-bit length (PS3.5 Table 7.1-1)
	undefined     = uint32(math.MaxUint32) // a length that is not given (PS3.5 §7.1)
)

// Read reads a whole object and indexes every element in it. The bytes are kept,
// not copied, and must not change while the File is used.
//
// It reads what a preamble and "DICM" announce, and without them what begins as a
// data set does. It is ErrInvalid if b is not DICOM, ErrCorrupt if it is cut off
// or a length in it cannot be, ErrUnsupported beyond the bounds of this package.
func Read(b []byte) (*File, error) { return read(b, reader{}) }

// ReadHeader reads as Read does up to the pixel data at the root, which it does
// not look at: that and what follows may be cut off.
func ReadHeader(b []byte) (*File, error) { return read(b, reader{header: true}) }

// ReadTruncated reads as Read does, and of a file that is cut off what is there: an
// element, item or fragment that says more bytes than are left in the file, or in
// what it stands in, ends there. [File.Truncated] tells that something is missing.
// Such a file is no whole object, and must not pass for one.
func ReadTruncated(b []byte) (*File, error) { return read(b, reader{lenient: true}) }

// errGrow ends a reading whose index would have to grow on and on: it begins
// again, and counts first.
var errGrow = errors.New("dicom: count first")

func read(b []byte, how reader) (*File, error) {
	if len(b) > maxBytes {
		return nil, fmt.Errorf("dicom: the file has %d bytes, %d can be read: %w", len(b), uint32(maxBytes), sinso.ErrUnsupported)
	}
	f := &File{raw: b}
	r := how
	err := r.file(f)
	if errors.Is(err, errGrow) {
		r = how
		r.counting = true
		if err = r.file(f); err == nil {
			peak := r.peak
			r = how
			r.index = make([]Element, 0, peak)
			err = r.file(f)
		}
	}
	if err != nil {
		return nil, err
	}
	r.finish(f)
	return f, nil
}

// finish gives the index to a file.
func (r *reader) finish(f *File) {
	f.index, f.truncated = r.index, r.cut
	if r.private {
		f.resolve(f.meta, len(f.index))
	}
}

// reader makes the index.
type reader struct {
	b        []byte    // the bytes from base on
	base     int       // 0 where all of them are there
	size     int       // bytes of all
	from     *parts    // where they are read from in parts; nil: all are in b
	index    []Element // empty where it counts
	n, peak  int       // entries so far, and at most while trying
	counting bool
	header   bool  // stop at the pixel data
	lenient  bool  // take what is there of what is cut off
	cut      bool  // it was
	flags    uint8 // of every entry
	private  bool  // an element of a private group does not say its VR
	signed   bool  // Pixel Representation of the root, which decides the VR of pixel values
	uid      string
}

// file reads the File Meta Information and the data set into r's index.
func (r *reader) file(f *File) error {
	if r.from == nil {
		r.b, r.size = f.raw, len(f.raw)
	}
	at, err := begin(r.upTo(0, prefixEnd), r.size)
	if failed := r.failed(); failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	if at, err = r.metaGroup(at); err != nil {
		return err
	}
	f.meta = r.n
	f.syntax, _ = SyntaxByUID(r.uid)
	switch {
	case r.from != nil && f.syntax.Deflated:
		return errDeflated()
	case !f.syntax.Deflated:
		f.data = f.raw
	case f.data == nil:
		if f.data, err = r.inflate(f.raw[at:]); err != nil {
			return err
		}
		fallthrough
	default:
		at = 0
	}
	if r.from == nil {
		r.b, r.size = f.data, len(f.data)
	}
	m := r.settle(at, &f.syntax)
	if at, err = r.root(f, at, m); err != nil {
		return err
	}
	f.partial = at < r.size || r.from != nil
	return r.failed()
}

// metaGroup reads the elements of group 0002, which are explicit little endian
// whatever the data set is (PS3.10 §7.1); some writers forget the VR. The group's
// length is not believed, since many are wrong: it ends where another group begins.
// Only before a big endian data set, whose group 0200H looks like 0002H, does the
// length end it.
func (r *reader) metaGroup(at int) (int, error) {
	r.flags = flagMeta
	defer func() { r.flags = 0 }()
	end := -1
	for at+headerBytes <= r.size && binary.LittleEndian.Uint16(r.at(at, headerBytes)) == groupMeta {
		if at == end && r.uid == ExplicitBigEndian {
			return at, nil
		}
		h, err := r.head(at, r.size, mode{})
		if err != nil {
			return 0, err
		}
		if h.length == undefined {
			return 0, broken(h.tag, "an element of the file meta information has no length")
		}
		if at, err = r.value(&h, r.size, mode{}, 0); err != nil {
			return 0, err
		}
		switch {
		case h.tag == tagTransferSyntax:
			r.uid = string(trim(r.text(&h)))
		case h.tag == tagMetaLength && h.length == 4:
			end = at + int(binary.LittleEndian.Uint32(r.text(&h)))
		}
	}
	return at, nil
}

// root reads the data set, from at to the end of the bytes or to the pixel data.
func (r *reader) root(f *File, at int, m mode) (int, error) {
	padding := true // may still come: it is looked for once
	for at < r.size {
		if padding && (r.size-at < headerBytes || binary.LittleEndian.Uint64(r.at(at, headerBytes)) == 0) {
			if padding = r.zeroFrom(at); padding {
				return r.size, nil
			}
		}
		h, err := r.head(at, r.size, m)
		if r.stops(err) {
			return r.size, nil
		}
		if err != nil {
			return 0, err
		}
		if h.tag.Group() == groupDelimiters {
			return 0, broken(h.tag, "an item begins or ends outside any sequence")
		}
		if r.header && h.tag.isPixels() {
			f.stopAt(&h, m)
			return at, nil
		}
		if at, err = r.element(&h, r.size, m, 0); err != nil {
			return 0, err
		}
	}
	return at, nil
}

// head is the header of an element.
type head struct {
	tag    Tag
	code   code
	silent bool // the file does not say the VR
	length uint32
	start  int // of the value
}

// head reads a header at at, which must end before end.
func (r *reader) head(at, end int, m mode) (head, error) {
	if end-at < headerBytes {
		return head{}, r.short(tagAt(r.upTo(at, headerBytes), m.big), headerBytes, end-at, end)
	}
	if err := r.failed(); err != nil {
		return head{}, err
	}
	b := r.at(at, min(longBytes, end-at))
	h := head{tag: tagAt(b, m.big), start: at + headerBytes}
	c := code(b[4])<<8 | code(b[5])
	switch {
	case m.implicit || !c.valid():
		h.code, h.silent, h.length = codeUN, true, m.uint32(b[4:])
		if h.tag.Group() != groupDelimiters {
			h.code = codeOfTag(h.tag, r.signed)
			r.private = r.private || h.tag.IsPrivate()
		}
	case c.long():
		if len(b) < longBytes {
			return head{}, r.short(h.tag, longBytes, len(b), end)
		}
		h.code, h.length, h.start = c, m.uint32(b[8:]), at+longBytes
	default:
		h.code, h.length = c, uint32(m.uint16(b[6:]))
	}
	return h, nil
}

// stops reports whether an error is that of something cut off which a lenient
// reader leaves out.
func (r *reader) stops(err error) bool {
	if err == nil || !r.lenient { // first, since what follows allocates
		return false
	}
	var damage *readError
	if !errors.As(err, &damage) || damage.wrong != "" {
		return false
	}
	r.cut = true
	return true
}

// fit cuts a length to what is left before end, if the reader is lenient.
func (r *reader) fit(h *head, end int) {
	if r.lenient && h.length != undefined && int(h.length) > end-h.start {
		h.length = uint32(end - h.start) //nolint:gosec // shorter than h.length
		r.cut = true
	}
}

// short is the error of an element that needs more bytes than are left before end.
func (r *reader) short(tag Tag, says, left, end int) error {
	return &readError{tag: tag, says: says, left: left, inside: end < r.size}
}

// value takes an element with a value.
func (r *reader) value(h *head, end int, m mode, depth int) (int, error) {
	r.fit(h, end)
	if int(h.length) > end-h.start {
		return 0, r.short(h.tag, int(h.length), end-h.start, end)
	}
	if h.tag == tagPixelRepresentation && depth == 0 && h.length >= 2 {
		r.signed = m.uint16(r.at(h.start, 2)) == 1
	}
	e := entry(h, m, KindValue, depth)
	e.Length = h.length
	if r.from != nil {
		if err := r.keep(h, &e); err != nil {
			return 0, err
		}
	}
	_, err := r.push(&e)
	return h.start + int(h.length), err
}

// entry returns the index entry of an element.
func entry(h *head, m mode, kind Kind, depth int) Element {
	e := Element{Tag: h.tag, vr: h.code, Kind: kind, Depth: uint16(depth), Offset: uint32(h.start)} //nolint:gosec // maxDepth, maxBytes
	if h.silent {
		e.flags |= flagImplicit
	}
	if m.big {
		e.flags |= flagBig
	}
	return e
}

// push adds an entry and returns its place.
func (r *reader) push(e *Element) (int, error) {
	i := r.n
	if i == maxElements {
		return 0, fmt.Errorf("dicom: the file has more than %d elements: %w", maxElements, sinso.ErrUnsupported)
	}
	r.n++
	if r.counting {
		r.peak = max(r.peak, r.n)
		return i, nil
	}
	if i == cap(r.index) {
		grown := max(growFirst, 4*i)
		switch {
		case i >= growLast && r.from == nil:
			return 0, errGrow
		case i >= growLast: // it would have to be read once more to be counted
			grown = i + i/2
		}
		longer := make([]Element, i, grown)
		copy(longer, r.index)
		r.index = longer
	}
	r.index = r.index[:i+1]
	slot := &r.index[i]
	*slot = *e
	slot.flags |= r.flags
	slot.next = uint32(r.n) //nolint:gosec // below maxElements
	return i, nil
}

// closeAt ends the entry at i, whose value ends at end.
func (r *reader) closeAt(i, end int) {
	if r.counting {
		return
	}
	e := &r.index[i]
	if r.from != nil { // what is kept of it
		end = len(r.from.kept)
	}
	e.Length = uint32(end) - e.Offset //nolint:gosec // below maxBytes
	e.next = uint32(r.n)              //nolint:gosec // below maxElements
}
