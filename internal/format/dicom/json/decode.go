package json

import (
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

const (
	elementText   = 40 // bytes of JSON that an element has, or more
	firstElements = 96 // a data set begins with room for them: a CT header has 80
)

// Decode reads a JSON object as a data set (PS3.18 F.2).
//
// Text is UTF-8, and Specific Character Set says so where the object has it, and at
// the root if any text is not ASCII. Numbers become little endian, DS longer than 16 bytes is
// rounded to fit (PS3.5 Table 6.2-1). Elements are in the order of their tags,
// values padded to an even length. A member without vr has the dictionary's.
// Numbers may be given as strings, names as strings; members of an element that are
// not of the standard are passed over. Group lengths and groups 0000 and 0002 are
// left out.
//
// bulk returns the value, little endian, that a BulkDataURI names; its errors end
// the reading. If it is nil, elements that have one are left out.
//
// It is ErrInvalid if the object is no such object, a tag comes twice or a value
// does not fit its VR, ErrUnsupported beyond 1 GiB, 64 levels or 4 million elements.
// Values are copies; the object may change afterwards.
func Decode(object []byte, bulk func(uri string) ([]byte, error)) (dicom.Dataset, error) {
	if len(object) > maxObject {
		return dicom.Dataset{}, fmt.Errorf("json: decode: the object has more than %d bytes: %w", maxObject, sinso.ErrUnsupported)
	}
	d := decoder{scanner: scanner{b: object}, bulk: bulk, arena: make([]byte, 0, len(object)/4)}
	ds, err := d.dataset(0)
	if err != nil {
		return dicom.Dataset{}, err
	}
	if d.space(); d.at != len(d.b) {
		return dicom.Dataset{}, d.wrong("something follows the object")
	}
	if d.utf8 {
		ds.SetString(tagCharacterSet, dicom.VRCS, utf8Term)
	}
	return ds, nil
}

// decoder reads a data set.
type decoder struct {
	scanner
	bulk  func(uri string) ([]byte, error)
	n     int    // elements so far
	utf8  bool   // text is not ASCII
	arena []byte // the values so far
}

// dataset reads an object of elements.
func (d *decoder) dataset(depth int) (dicom.Dataset, error) {
	var ds dicom.Dataset
	if depth > maxDepth {
		return ds, fmt.Errorf("json: decode: sequences are nested more than %d deep: %w", maxDepth, sinso.ErrUnsupported)
	}
	if err := d.take('{'); err != nil {
		return ds, err
	}
	if depth == 0 {
		ds.Elements = make([]dicom.DataElement, 0, min(len(d.b)/elementText, firstElements))
	}
	ordered, previous := true, int64(-1)
	for first := true; ; first = false {
		more, err := d.more('}', first)
		if err != nil {
			return ds, err
		}
		if !more {
			break
		}
		e, ok, err := d.member(depth)
		if err != nil {
			return ds, err
		}
		if !ok {
			continue
		}
		ordered = ordered && int64(e.Tag) > previous
		previous = int64(e.Tag)
		ds.Elements = append(ds.Elements, e)
	}
	if !ordered {
		slices.SortFunc(ds.Elements, func(a, b dicom.DataElement) int { return int(int64(a.Tag) - int64(b.Tag)) })
		for i := 1; i < len(ds.Elements); i++ {
			if ds.Elements[i].Tag == ds.Elements[i-1].Tag {
				return ds, fmt.Errorf("json: decode: element %v comes twice: %w", ds.Elements[i].Tag, sinso.ErrInvalid)
			}
		}
	}
	return ds, nil
}

// member reads a tag and its element; ok is false for one that is left out.
func (d *decoder) member(depth int) (e dicom.DataElement, ok bool, err error) {
	key, err := d.text()
	if err != nil {
		return e, false, err
	}
	tag, good := digits(key, 8)
	if !good || len(key) != 8 || tag>>16 == groupDelimiters {
		return e, false, d.wrong("a name that is no tag of a data set")
	}
	if err := d.take(':'); err != nil {
		return e, false, err
	}
	e.Tag = dicom.Tag(tag)
	if group := e.Tag.Group(); group == 0 || group == groupMeta || e.Tag.Element() == 0 {
		_, err := d.skip()
		return e, false, err
	}
	if d.n++; d.n > maxElements {
		return e, false, fmt.Errorf("json: decode: more than %d elements: %w", maxElements, sinso.ErrUnsupported)
	}
	ok, err = d.element(&e, depth)
	if e.Tag == tagCharacterSet {
		e = dicom.DataElement{Tag: e.Tag, VR: dicom.VRCS, Value: []byte(utf8Term)}
	}
	return e, ok, err
}

// parts are where the members of an element stand.
type parts struct {
	vr                  dicom.VR
	value, inline, bulk int // the place of the value; 0 is none, since a brace precedes it
	number              int // of value, inline, bulk
	end                 int
	valueRead           bool
}

// element reads the object of an element.
func (d *decoder) element(e *dicom.DataElement, depth int) (bool, error) {
	if err := d.take('{'); err != nil {
		return false, err
	}
	var p parts
	for first := true; ; first = false {
		more, err := d.more('}', first)
		if err != nil {
			return false, err
		}
		if !more {
			break
		}
		if err := d.part(e, &p, depth); err != nil {
			return false, err
		}
	}
	if p.number > 1 {
		return false, d.wrong("more than one of Value, InlineBinary and BulkDataURI")
	}
	if p.vr == "" {
		e.VR = dicom.VROf(e.Tag)
	}
	p.end = d.at
	defer func() { d.at = p.end }()
	switch {
	case p.value > 0 && !p.valueRead:
		d.at = p.value
		return true, d.values(e, depth)
	case p.inline > 0:
		d.at = p.inline
		return true, d.inlineBinary(e)
	case p.bulk > 0:
		d.at = p.bulk
		return d.bulkData(e)
	}
	return true, nil
}

// part reads a member of an element: the values at once if the VR is known by now,
// else where they stand.
func (d *decoder) part(e *dicom.DataElement, p *parts, depth int) error {
	name, err := d.text()
	if err != nil {
		return err
	}
	if err := d.take(':'); err != nil {
		return err
	}
	d.space()
	switch string(name) {
	case "vr":
		letters, err := d.text()
		if err != nil {
			return err
		}
		if p.vr != "" {
			return d.wrong("two VRs")
		}
		vr, ok := vrOf(letters)
		if !ok {
			return d.wrong("a VR that is none")
		}
		p.vr, e.VR = vr, vr
		return nil
	case "Value":
		p.value = d.at
		p.number++
		if p.vr != "" && p.number == 1 {
			p.valueRead = true
			return d.values(e, depth)
		}
	case "InlineBinary":
		p.inline = d.at
		p.number++
	case "BulkDataURI":
		p.bulk = d.at
		p.number++
	}
	_, err = d.skip()
	return err
}

// values reads the array of values.
func (d *decoder) values(e *dicom.DataElement, depth int) error {
	if d.null() {
		return nil
	}
	if err := d.take('['); err != nil {
		return err
	}
	f, _ := formOf(e.VR)
	if f == formBinary {
		return d.wrong("binary data as values")
	}
	n, start := 0, len(d.arena)
	for first := true; ; first = false {
		more, err := d.more(']', first)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if n > 0 && f <= formDecimal {
			if f == formLong || f == formURI {
				return d.wrong("several values in a VR that has one")
			}
			d.arena = append(d.arena, '\\')
		}
		if f == formItems {
			err = d.item(e, depth)
		} else {
			err = d.one(e, f)
		}
		if err != nil {
			return err
		}
		n++
	}
	if f != formItems {
		d.arena = pad(e.VR, d.arena, start)
		e.Value = d.arena[start:len(d.arena):len(d.arena)]
	}
	return nil
}

// item reads one item of a sequence; null is an empty one.
func (d *decoder) item(e *dicom.DataElement, depth int) error {
	if d.n++; d.n > maxElements {
		return fmt.Errorf("json: decode: more than %d elements: %w", maxElements, sinso.ErrUnsupported)
	}
	var item dicom.Dataset
	var err error
	if !d.null() {
		item, err = d.dataset(depth + 1)
	}
	e.Items = append(e.Items, item)
	return err
}

// one reads one value, which is not an item.
func (d *decoder) one(e *dicom.DataElement, f form) error {
	if d.null() {
		if f == formNumber || f == formTag {
			return d.wrong("a number that is missing")
		}
		return nil
	}
	switch f {
	case formName:
		return d.name()
	case formDecimal:
		return d.decimal(e)
	case formTag:
		return d.tag()
	case formNumber:
		return d.binaryNumber(e)
	default:
		text, err := d.text()
		if err != nil {
			return err
		}
		d.append(text)
		return nil
	}
}

// append appends text, and notes whether it is more than ASCII.
func (d *decoder) append(text []byte) {
	d.arena = append(d.arena, text...)
	d.utf8 = d.utf8 || !isASCII(text)
}
