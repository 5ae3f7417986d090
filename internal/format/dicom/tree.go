package dicom

import (
	"cmp"
	"slices"
	"strings"
)

// Dataset is a data set that can be changed: elements in the order of their tags.
type Dataset struct{ Elements []DataElement }

// DataElement is an element with its value, its items or its fragments. Numbers in
// Value are little endian, whatever a file was or will be.
type DataElement struct {
	Tag       Tag
	VR        VR
	Value     []byte
	Items     []Dataset // of a sequence, VR SQ
	Fragments [][]byte  // of encapsulated pixel data; the first is the Basic Offset Table
}

// Tree returns the data set as a tree of its own over the bytes that were read:
// values are parts of them where the byte order allows, so replace, do not write
// into, them. It is ErrInvalid for a File that has its header only.
func (f *File) Tree() (Dataset, error) {
	if f.partial {
		return Dataset{}, errPartial()
	}
	return f.tree(f.meta, len(f.index)), nil
}

// MetaTree returns the File Meta Information as a tree.
func (f *File) MetaTree() Dataset { return f.tree(0, f.meta) }

// tree returns the entries from start to end that stand on one level.
func (f *File) tree(start, end int) Dataset {
	n := 0
	for i := start; i < end; i = int(f.index[i].next) {
		n++
	}
	if n == 0 {
		return Dataset{}
	}
	ds := Dataset{Elements: make([]DataElement, 0, n)}
	for i := start; i < end; i = int(f.index[i].next) {
		ds.Elements = append(ds.Elements, f.element(i))
	}
	if !slices.IsSortedFunc(ds.Elements, byTag) {
		slices.SortStableFunc(ds.Elements, byTag)
	}
	return ds
}

func byTag(a, b DataElement) int { return cmp.Compare(a.Tag, b.Tag) }

// element returns the element at i with all that stands in it.
func (f *File) element(i int) DataElement {
	e := f.index[i]
	d := DataElement{Tag: e.Tag, VR: e.VR()}
	switch e.Kind {
	case KindSequence:
		d.Items = make([]Dataset, 0, f.children(i))
		for at := i + 1; at < int(e.next); at = int(f.index[at].next) {
			d.Items = append(d.Items, f.tree(at+1, int(f.index[at].next)))
		}
	case KindFragments:
		d.Fragments = make([][]byte, 0, f.children(i))
		for at := i + 1; at < int(e.next); at++ {
			d.Fragments = append(d.Fragments, f.Value(f.index[at]))
		}
	case KindValue, KindItem, KindFragment:
		d.Value = f.Value(e)
		if e.BigEndian() {
			d.Value = swapped(d.VR, d.Value)
		}
	}
	return d
}

// children counts the entries right below the one at i.
func (f *File) children(i int) int {
	n := 0
	for at := i + 1; at < int(f.index[i].next); at = int(f.index[at].next) {
		n++
	}
	return n
}

// swapped returns the value in the other byte order: itself where the VR has none
// (PS3.5 §7.3). It is its own inverse.
func swapped(vr VR, value []byte) []byte {
	size := vr.word()
	if size == 1 || len(value) < size {
		return value
	}
	out := slices.Clone(value)
	for word := range slices.Chunk(out, size) {
		if len(word) == size {
			slices.Reverse(word)
		}
	}
	return out
}

// Find returns the element with the tag, nil if there is none; of several the
// last. It points into d and is good until d is changed.
func (d *Dataset) Find(t Tag) *DataElement {
	for i := len(d.Elements) - 1; i >= 0; i-- {
		if d.Elements[i].Tag == t {
			return &d.Elements[i]
		}
	}
	return nil
}

// Set puts an element in its place, instead of any with its tag.
func (d *Dataset) Set(e DataElement) {
	d.Remove(e.Tag)
	i, _ := slices.BinarySearchFunc(d.Elements, e, byTag)
	d.Elements = slices.Insert(d.Elements, i, e)
}

// Remove takes out every element with the tag.
func (d *Dataset) Remove(t Tag) {
	d.Elements = slices.DeleteFunc(d.Elements, func(e DataElement) bool { return e.Tag == t })
}

// SetString sets an element to text: the values with a backslash between them,
// padded to an even length. The text must be encoded as the data set's Specific
// Character Set says.
func (d *Dataset) SetString(t Tag, vr VR, values ...string) {
	d.Set(DataElement{Tag: t, VR: vr, Value: even(vr, []byte(strings.Join(values, `\`)))})
}

// even pads a value to an even length (PS3.5 §6.2).
func even(vr VR, value []byte) []byte {
	if len(value)%2 == 0 {
		return value
	}
	return append(slices.Clip(value), vr.pad())
}

// Walk calls fn with every element, at any depth, each before those in its items;
// depth is the number of items that it stands in. fn may change the element. An
// error of fn ends the walk.
func (d *Dataset) Walk(fn func(depth int, e *DataElement) error) error { return d.walk(0, fn) }

func (d *Dataset) walk(depth int, fn func(int, *DataElement) error) error {
	for i := range d.Elements {
		e := &d.Elements[i]
		if err := fn(depth, e); err != nil {
			return err
		}
		for k := range e.Items {
			if err := e.Items[k].walk(depth+1, fn); err != nil {
				return err
			}
		}
	}
	return nil
}
