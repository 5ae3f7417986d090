package dicom

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"sinso.dev/sinso"
)

// What Encode says of itself in each file (PS3.7 D.3.3.2): a UUID-derived UID
// (PS3.5 B.2) made once for this implementation, and its version.
const (
	ImplementationClassUID    = "2.25.139658516424260994489230011117457670564"
	ImplementationVersionName = "SINSO_1"
)

const maxShort = math.MaxUint16 - 1 // bytes of a value with a 16-bit length; lengths are even

// Encode writes a data set as a Part 10 file in the transfer syntax (PS3.10 §7).
// The File Meta Information is made from it. See [EncodeMeta].
func Encode(syntax string, ds Dataset) ([]byte, error) { return EncodeMeta(syntax, Dataset{}, ds) }

// EncodeMeta writes as Encode does and keeps those elements of meta that do not
// describe the writing: the source's AE titles, private information. SOP Class and
// Instance UID are the data set's, else meta's, else left out.
//
// Elements are written in the order of their tags, sequences and items with their
// lengths, values padded to even ones. A value that is too long for its VR's
// length becomes UN (PS3.5 §6.2.2). The same arguments give the same bytes. Places
// in the file that a value holds, as those of a DICOMDIR do, are not corrected.
//
// It is ErrInvalid if the data set cannot be written: a tag of group 0002 or FFFE,
// a VR that is none. It is ErrUnsupported for compressed pixel data at the root in
// a syntax that has none, and beyond 4 GiB or 64 levels.
func EncodeMeta(syntax string, meta, ds Dataset) ([]byte, error) {
	s, _ := SyntaxByUID(syntax)
	if err := checkUID(syntax); err != nil {
		return nil, err
	}
	head, err := metaOf(syntax, &meta, &ds)
	if err != nil {
		return nil, err
	}
	w := writer{syntax: s, mode: mode{!s.Explicit, s.BigEndian}}
	if w.out, err = w.reserve(head, &ds); err != nil {
		return nil, err
	}
	body := len(w.out)
	if err := w.dataset(&ds, 0); err != nil {
		return nil, err
	}
	if len(w.out) > maxBytes {
		return nil, tooLong()
	}
	if !s.Deflated {
		return w.out, nil
	}
	var packed bytes.Buffer
	packed.Write(head)
	if err := deflate(&packed, w.out[body:]); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func tooLong() error {
	return fmt.Errorf("dicom: encode: more than %d bytes: %w", uint32(maxBytes), sinso.ErrUnsupported)
}

// checkUID refuses what is no UID (PS3.5 §9.1): it goes into the file.
func checkUID(uid string) error {
	ok := len(uid) > 0 && len(uid) <= 64
	for _, c := range []byte(uid) {
		ok = ok && (c == '.' || c >= '0' && c <= '9')
	}
	if !ok {
		return fmt.Errorf("dicom: encode: the transfer syntax is no UID: %w", sinso.ErrInvalid)
	}
	return nil
}

// metaOf returns preamble, prefix and File Meta Information (PS3.10 §7.1).
func metaOf(syntax string, meta, ds *Dataset) ([]byte, error) {
	group := Dataset{}
	for _, e := range meta.Elements {
		if e.Tag.Group() == groupMeta && e.Tag != tagMetaLength && e.Items == nil && e.Fragments == nil {
			group.Set(e)
		}
	}
	group.Set(DataElement{Tag: tagMetaVersion, VR: VROB, Value: []byte{0, 1}})
	for of, tag := range map[Tag]Tag{tagSOPClass: tagMetaSOPClass, tagSOPInstance: tagMetaSOPInstance} {
		if e := ds.Find(of); e != nil && len(trim(e.Value)) > 0 {
			group.SetString(tag, VRUI, string(trim(e.Value)))
		}
	}
	group.SetString(tagTransferSyntax, VRUI, syntax)
	group.SetString(tagImplementation, VRUI, ImplementationClassUID)
	group.SetString(tagVersionName, VRSH, ImplementationVersionName)
	w := writer{}
	if err := w.dataset(&group, 0); err != nil {
		return nil, err
	}
	length := writer{out: append(make([]byte, preambleBytes, 256+len(w.out)), "DICM"...)}
	size := binary.LittleEndian.AppendUint32(nil, uint32(len(w.out))) //nolint:gosec // a few hundred bytes
	if err := length.element(&DataElement{Tag: tagMetaLength, VR: VRUL, Value: size}, 0); err != nil {
		return nil, err
	}
	return append(length.out, w.out...), nil
}

// writer appends a data set to out.
type writer struct {
	out    []byte
	syntax Syntax
	mode   mode
}

// reserve returns head in memory that what follows has room in.
func (w *writer) reserve(head []byte, ds *Dataset) ([]byte, error) {
	size := int64(len(head))
	err := ds.Walk(func(_ int, e *DataElement) error {
		size += int64(longBytes + len(e.Value) + 1 + headerBytes*(len(e.Items)+len(e.Fragments)+1))
		for _, fragment := range e.Fragments {
			size += int64(len(fragment)) + 1
		}
		if size > 2*maxBytes {
			return tooLong()
		}
		return nil
	})
	return append(make([]byte, 0, size), head...), err
}

func (w *writer) dataset(ds *Dataset, depth int) error {
	elements := ds.Elements
	if !slices.IsSortedFunc(elements, byTag) {
		elements = slices.Clone(elements)
		slices.SortStableFunc(elements, byTag)
	}
	for i := range elements {
		e := &elements[i]
		group := e.Tag.Group()
		if group == groupDelimiters || depth == 0 && group == groupMeta && w.syntax.UID != "" {
			return fmt.Errorf("dicom: encode: element %v has no place in a data set: %w", e.Tag, sinso.ErrInvalid)
		}
		if err := w.element(e, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) element(e *DataElement, depth int) error {
	c := codeOf(e.VR)
	switch {
	case c == 0:
		return fmt.Errorf("dicom: encode: element %v has no VR: %w", e.Tag, sinso.ErrInvalid)
	case e.Fragments != nil:
		return w.fragments(e, c, depth)
	case e.Items != nil || c == codeSQ:
		return w.sequence(e, depth)
	}
	value := even(e.VR, e.Value) // before swapping: the padding completes a word
	if len(value) > maxShort && !c.long() {
		c = codeUN // PS3.5 §6.2.2: little endian
	} else if w.mode.big {
		value = swapped(e.VR, value)
	}
	w.head(e.Tag, c, uint32(min(len(value), maxBytes)))
	w.out = append(w.out, value...)
	if len(w.out) > maxBytes {
		return tooLong()
	}
	return nil
}

// head writes the header of an element.
func (w *writer) head(t Tag, c code, length uint32) {
	w.tag(t)
	switch {
	case w.mode.implicit:
		w.uint32(length)
	case c.long():
		w.out = append(w.out, byte(c>>8), byte(c), 0, 0) //nolint:gosec // the two letters
		w.uint32(length)
	default:
		w.out = append(w.out, byte(c>>8), byte(c)) //nolint:gosec // the two letters
		w.uint16(uint16(length))                   //nolint:gosec // at most maxShort
	}
}

func (w *writer) tag(t Tag) {
	w.uint16(t.Group())
	w.uint16(t.Element())
}

func (w *writer) uint16(v uint16) {
	if w.mode.big {
		w.out = binary.BigEndian.AppendUint16(w.out, v)
		return
	}
	w.out = binary.LittleEndian.AppendUint16(w.out, v)
}

func (w *writer) uint32(v uint32) {
	if w.mode.big {
		w.out = binary.BigEndian.AppendUint32(w.out, v)
		return
	}
	w.out = binary.LittleEndian.AppendUint32(w.out, v)
}

// sequence writes items with their lengths, which are filled in behind them.
func (w *writer) sequence(e *DataElement, depth int) error {
	if depth == maxDepth {
		return fmt.Errorf("dicom: encode: sequences are nested more than %d deep: %w", maxDepth, sinso.ErrUnsupported)
	}
	if len(e.Value) > 0 {
		return fmt.Errorf("dicom: encode: sequence %v has bytes for a value: %w", e.Tag, sinso.ErrInvalid)
	}
	w.head(e.Tag, codeSQ, 0)
	start := len(w.out)
	for i := range e.Items {
		w.tag(tagItem)
		w.uint32(0)
		item := len(w.out)
		if err := w.dataset(&e.Items[i], depth+1); err != nil {
			return err
		}
		w.fill(item)
	}
	w.fill(start)
	return nil
}

// fill writes the length of what begins at start into the four bytes before it.
func (w *writer) fill(start int) {
	length := uint32(min(len(w.out)-start, maxBytes)) //nolint:gosec // bounded here; the whole is checked at the end
	if w.mode.big {
		binary.BigEndian.PutUint32(w.out[start-4:], length)
		return
	}
	binary.LittleEndian.PutUint32(w.out[start-4:], length)
}

// fragments writes encapsulated pixel data (PS3.5 A.4).
func (w *writer) fragments(e *DataElement, c code, depth int) error {
	if depth == 0 && !w.syntax.Encapsulated || w.mode.implicit {
		return fmt.Errorf("dicom: encode: compressed pixel data has no place in transfer syntax %s: %w", w.syntax.UID, sinso.ErrUnsupported)
	}
	if c != codeOB && c != codeOW {
		return fmt.Errorf("dicom: encode: element %v has fragments and is not OB: %w", e.Tag, sinso.ErrInvalid)
	}
	w.head(e.Tag, c, undefined)
	for _, fragment := range e.Fragments {
		padding := len(fragment) % 2
		if len(fragment)+padding >= maxBytes || len(w.out) > maxBytes {
			return tooLong()
		}
		w.tag(tagItem)
		w.uint32(uint32(len(fragment) + padding)) //nolint:gosec // bounded here
		w.out = append(w.out, fragment...)
		w.out = append(w.out, make([]byte, padding)...)
	}
	w.tag(tagSequenceEnd)
	w.uint32(0)
	return nil
}
