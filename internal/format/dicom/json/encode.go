package json

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const (
	defaultInline = 1024    // bytes of Options.InlineLimit
	maxObject     = 1 << 30 // bytes of JSON text that are written or read
	firstBytes    = 4096    // an object begins with room for them: a CT header has about 5,000
)

const (
	tagCharacterSet = dicom.Tag(0x00080005)
	tagFloatPixels  = dicom.Tag(0x7FE00008)
	tagDoublePixels = dicom.Tag(0x7FE00009)
	tagPixelData    = dicom.Tag(0x7FE00010)
	tagPadding      = dicom.Tag(0xFFFCFFFC) // Data Set Trailing Padding (PS3.10 §7.2)

	groupMeta       = 0x0002
	groupDelimiters = 0xFFFE
	utf8Term        = "ISO_IR 192" // of Specific Character Set (PS3.3 Table C.12-5)
)

// Options say what is written. The zero value writes every element, binary values
// of up to 1,024 bytes inline, and of longer ones, and of pixel data, only the VR.
type Options struct {
	// Keep chooses elements of the root; nil is all of them.
	Keep func(t dicom.Tag) bool
	// InlineLimit is the longest binary value, in bytes, that is written as
	// InlineBinary; 0 is 1,024, less than 0 none. Pixel data never is.
	InlineLimit int
	// Most is how many bytes the object may have; 0 is 1 GiB.
	Most int
	// BulkURI returns the BulkDataURI of a value that is not inline. path names the
	// element by tags and numbers of items, from 0: 7FE00010, 00540016/0/00181074.
	// If it is nil or returns "", the element has its VR only.
	BulkURI func(path string) string
}

// Encode writes the data set of a file as a JSON object (PS3.18 F.2).
//
// Members are in the order of tags; of several elements with one tag, which no
// valid file has, the last is written. Text is decoded, so that Specific Character
// Set, where it is present, says UTF-8. IS and DS are numbers where they are valid
// JSON numbers, else strings, as PS3.18 F.2.3 allows; SV and UV are strings beyond
// 2^53. Numbers that are none are the strings NaN, Infinity, -Infinity. What the
// file calls UN has the dictionary's VR if it has one. Left out are groups 0000 and
// 0002, group lengths (PS3.18 F.2.2) and Data Set Trailing Padding.
//
// The pixel data before which [dicom.ReadHeader] stopped is written as bulk data.
// Of a file of [dicom.ReadFrom] what is not held is written as bulk data. It is
// ErrUnsupported if the object has more than 1 GiB, or Options.Most.
func Encode(f *dicom.File, o Options) ([]byte, error) {
	w := newWriter(f, o)
	if err := w.level(0, len(w.elements), 0); err != nil {
		return nil, err
	}
	return w.out, nil
}

// EncodeDataset writes a data set that is not in a file, as Encode does. Its text
// is in the character set that it says itself.
func EncodeDataset(ds dicom.Dataset, o Options) ([]byte, error) {
	w := newWriter(nil, o)
	if err := w.dataset(&ds, 0); err != nil {
		return nil, err
	}
	return w.out, nil
}

// writer appends to out.
type writer struct {
	out      []byte
	options  Options
	limit    int
	path     []byte // of the item that is being written, with a slash behind it
	file     *dicom.File
	elements []dicom.Element
	set      charset
}

func newWriter(f *dicom.File, o Options) *writer {
	w := &writer{out: make([]byte, 0, firstBytes), options: o, limit: o.InlineLimit, file: f}
	switch {
	case w.limit == 0:
		w.limit = defaultInline
	case w.limit < 0:
		w.limit = 0
	}
	if w.options.Most == 0 {
		w.options.Most = maxObject
	}
	if f != nil {
		w.elements = f.Elements()
	}
	return w
}

// level writes the entries from start to end that stand on one level as an object.
func (w *writer) level(start, end, depth int) error {
	outer := w.set
	defer func() { w.set = outer }()
	ordered, previous := true, int64(-1)
	for i := start; i < end; i = w.file.Next(i) {
		e := &w.elements[i]
		ordered = ordered && int64(e.Tag) > previous
		previous = int64(e.Tag)
		if e.Tag == tagCharacterSet && e.Kind == dicom.KindValue {
			w.set = charset{terms: w.file.Value(*e)}
		}
	}
	w.out = append(w.out, '{')
	if ordered {
		for i := start; i < end; i = w.file.Next(i) {
			if err := w.element(i, depth); err != nil {
				return err
			}
		}
	} else {
		for _, i := range w.sorted(start, end) {
			if err := w.element(i, depth); err != nil {
				return err
			}
		}
	}
	if depth == 0 {
		w.stopped()
	}
	w.out = append(w.out, '}')
	return nil
}

// sorted returns the places of the entries on one level in the order of their
// tags, of one tag the last.
func (w *writer) sorted(start, end int) []int {
	var places []int
	for i := start; i < end; i = w.file.Next(i) {
		places = append(places, i)
	}
	slices.SortStableFunc(places, func(a, b int) int { return int(int64(w.elements[a].Tag) - int64(w.elements[b].Tag)) })
	kept := places[:0]
	for k, i := range places {
		if k+1 == len(places) || w.elements[places[k+1]].Tag != w.elements[i].Tag {
			kept = append(kept, i)
		}
	}
	return kept
}

// stopped writes the pixel data before which the reading of the file stopped: it
// ends the object.
func (w *writer) stopped() {
	e, ok := w.file.PixelElement()
	if !ok || e.Offset != 0 || !w.wants(e.Tag, 0) {
		return
	}
	w.key(e.Tag, e.VR())
	w.bulk(e.Tag)
	w.out = append(w.out, '}')
}

// wants reports whether an element has a place in the object.
func (w *writer) wants(t dicom.Tag, depth int) bool {
	group := t.Group()
	if t.Element() == 0 || group == 0 || group == groupMeta || group == groupDelimiters || t == tagPadding {
		return false
	}
	return depth > 0 || w.options.Keep == nil || w.options.Keep(t)
}

// element writes the member of the entry at i.
func (w *writer) element(i, depth int) error {
	e := w.elements[i]
	if !w.wants(e.Tag, depth) {
		return nil
	}
	if len(w.out) > w.options.Most {
		return w.tooLong()
	}
	switch e.Kind {
	case dicom.KindSequence:
		return w.sequence(i, depth)
	case dicom.KindFragments:
		w.key(e.Tag, e.VR())
		w.bulk(e.Tag)
	case dicom.KindValue:
		if !e.Held() {
			w.passed(e.Tag, e.VR())
			break
		}
		w.value(e.Tag, e.VR(), w.file.LittleEndian(e))
	case dicom.KindItem, dicom.KindFragment:
		return nil
	}
	w.out = append(w.out, '}')
	return nil
}

func (w *writer) tooLong() error {
	return fmt.Errorf("json: encode: the object has more than %d bytes: %w", w.options.Most, sinso.ErrUnsupported)
}

// sequence writes the items of the entry at i.
func (w *writer) sequence(i, depth int) error {
	tag, end := w.elements[i].Tag, w.file.Next(i)
	w.key(tag, dicom.VRSQ)
	n := 0
	for at := i + 1; at < end; at = w.file.Next(at) {
		mark := w.item(tag, n)
		if err := w.level(at+1, w.file.Next(at), depth+1); err != nil {
			return err
		}
		w.path = w.path[:mark]
		n++
	}
	w.endItems(n)
	return nil
}

// item begins an item of a sequence and returns where its path began.
func (w *writer) item(tag dicom.Tag, n int) int {
	if n == 0 {
		w.out = append(w.out, `,"Value":[`...)
	} else {
		w.out = append(w.out, ',')
	}
	mark := len(w.path)
	w.path = append(appendTag(w.path, tag), '/')
	w.path = append(strconv.AppendInt(w.path, int64(n), 10), '/')
	return mark
}

func (w *writer) endItems(n int) {
	if n > 0 {
		w.out = append(w.out, ']')
	}
	w.out = append(w.out, '}')
}

// dataset writes a data set as an object.
func (w *writer) dataset(ds *dicom.Dataset, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("json: encode: sequences are nested more than %d deep: %w", maxDepth, sinso.ErrUnsupported)
	}
	outer := w.set
	defer func() { w.set = outer }()
	if e := ds.Find(tagCharacterSet); e != nil {
		w.set = charset{terms: e.Value}
	}
	w.out = append(w.out, '{')
	for i := range ds.Elements {
		e := &ds.Elements[i]
		if !w.wants(e.Tag, depth) {
			continue
		}
		if len(w.out) > w.options.Most {
			return w.tooLong()
		}
		if e.VR == dicom.VRSQ || e.Items != nil {
			if err := w.items(e, depth); err != nil {
				return err
			}
			continue
		}
		if e.Fragments != nil {
			w.key(e.Tag, e.VR)
			w.bulk(e.Tag)
		} else {
			w.value(e.Tag, e.VR, e.Value)
		}
		w.out = append(w.out, '}')
	}
	w.out = append(w.out, '}')
	return nil
}

// items writes a sequence of a data set.
func (w *writer) items(e *dicom.DataElement, depth int) error {
	w.key(e.Tag, dicom.VRSQ)
	for n := range e.Items {
		mark := w.item(e.Tag, n)
		if err := w.dataset(&e.Items[n], depth+1); err != nil {
			return err
		}
		w.path = w.path[:mark]
	}
	w.endItems(len(e.Items))
	return nil
}

// key begins a member: its tag and VR.
func (w *writer) key(t dicom.Tag, vr dicom.VR) {
	w.out = appendKey(w.out, t, vr)
}

// appendKey begins a member of the object that out ends with.
func appendKey(out []byte, t dicom.Tag, vr dicom.VR) []byte {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	out = append(out, '"')
	out = appendTag(out, t)
	out = append(out, `":{"vr":"`...)
	out = append(out, vr...)
	return append(out, '"')
}

// appendTag appends the eight digits of a tag.
func appendTag(out []byte, t dicom.Tag) []byte {
	const digits = "0123456789ABCDEF"
	return append(out, digits[t>>28&15], digits[t>>24&15], digits[t>>20&15], digits[t>>16&15],
		digits[t>>12&15], digits[t>>8&15], digits[t>>4&15], digits[t&15])
}

// passed writes a value that the file does not hold.
func (w *writer) passed(t dicom.Tag, vr dicom.VR) {
	w.key(t, shownAs(t, vr))
	w.bulk(t)
}

// bulk writes the BulkDataURI of an element, if it has one.
func (w *writer) bulk(t dicom.Tag) {
	if w.options.BulkURI == nil {
		return
	}
	uri := w.options.BulkURI(string(appendTag(w.path, t)))
	if uri == "" {
		return
	}
	w.out = append(w.out, `,"BulkDataURI":"`...)
	w.out = append(appendEscaped(w.out, validUTF8(uri)), '"')
}

const maxExact = 1<<53 - 1 // whole numbers up to it are exact in every JSON reader (RFC 8259 §6)

// appendFloat appends a number in as few digits as give it back.
func appendFloat(out []byte, v float64, bits int) []byte {
	switch {
	case math.IsNaN(v):
		return append(out, `"NaN"`...)
	case math.IsInf(v, 1):
		return append(out, `"Infinity"`...)
	case math.IsInf(v, -1):
		return append(out, `"-Infinity"`...)
	}
	format := byte('f')
	if size := math.Abs(v); size != 0 && (size < 1e-6 || size >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(out, v, format, -1, bits)
}
