package attest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso/internal/crypt/merkle"
	"sinso.dev/sinso/internal/format/dicom"
)

// form says what kind of value a leaf has, so that no two kinds can be mistaken
// for each other.
type form byte

const (
	formValue        form = 0
	formSequence     form = 1
	formNative       form = 2
	formEncapsulated form = 3
	formPart         form = 4
	formOffsets      form = 5
	formSealed       form = 6 // of an original that was not read; its place is this byte alone
)

const (
	tagMetaLength = dicom.Tag(0x00020000) // File Meta Information Group Length: says how, not what, is encoded
	tagFrames     = dicom.Tag(0x00280008)
)

// pixelTags are the elements that are cut into parts (PS3.3 C.7.6.3, C.7.6.24).
var pixelTags = []dicom.Tag{0x7FE00008, 0x7FE00009, 0x7FE00010}

// minFrameBytes bounds what a leaf costs by what it stands for: 16×16 pixels of
// 2 bits.
const minFrameBytes = 64

// leaf is one Data Element at any depth, or one part of pixel data.
type leaf struct {
	path  []byte
	vr    string
	form  form
	value []byte
	part  bool
}

// String names the place of a leaf and never its value: "element (0040,0275)[0](0040,1001)".
func (l *leaf) String() string {
	var b strings.Builder
	b.WriteString("element ")
	for i := 0; i+4 <= len(l.path); i += 4 {
		n := binary.BigEndian.Uint32(l.path[i:])
		if i%8 == 0 {
			fmt.Fprintf(&b, "(%04x,%04x)", n>>16, n&0xFFFF)
		} else {
			fmt.Fprintf(&b, "[%d]", n)
		}
	}
	return b.String()
}

// hash returns the leaf's hash. What is hashed as the place is path, VR and form.
func (l *leaf) hash(salt [saltBytes]byte) [32]byte {
	place := make([]byte, 0, len(l.path)+3)
	place = append(append(append(place, l.path...), l.vr...), byte(l.form))
	return leafHash(salt, place, l.value)
}

func leafHash(salt [saltBytes]byte, place, value []byte) [32]byte {
	return merkle.LeafHash(salt, place, value)
}

// same reports whether two leaves of the same path are the same.
func (l *leaf) same(other *leaf) bool {
	return l.vr == other.vr && l.form == other.form && bytes.Equal(l.value, other.value)
}

// change says of a changed leaf of a derivative how it was changed.
func (l *leaf) change() Kind {
	switch {
	case l.part:
		return KindFrame
	case l.form != formValue:
		return KindItems
	case len(l.value) == 0:
		return KindEmptied
	case l.vr == "UI":
		return KindRenamed
	case l.vr == "DA" || l.vr == "DT" || l.vr == "TM":
		return KindMoved
	default:
		return KindReplaced
	}
}

// instance is the leaves of one Part 10 file.
type instance struct {
	leaves []leaf
	frames int // 0 without pixel data
	parts  int // of pixel data, without an offset table
}

// framesSigned is how many frames are exactly as signed if that many parts are. Where
// a frame may be in several parts, none counts until all parts do.
func (i *instance) framesSigned(parts int) int {
	switch {
	case parts >= i.parts:
		return i.frames
	case i.parts == i.frames:
		return parts
	default:
		return 0
	}
}

// leavesOf reads a Part 10 file and lists its leaves in the order of tags.
func leavesOf(part10 []byte) (*instance, error) {
	file, err := dicom.Read(part10)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	data, err := file.Tree()
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	w := &walker{frames: 1}
	if n, ok := file.Int(tagFrames); ok && n > 0 {
		w.frames = n
	}
	w.dataset(nil, file.MetaTree())
	w.dataset(nil, data)
	return &instance{w.leaves, w.framesSeen, w.parts}, nil
}

// walker collects leaves.
type walker struct {
	leaves     []leaf
	frames     int // that the file says it has
	framesSeen int // frames, if there is pixel data
	parts      int
}

// dataset walks elements in the order of their tags, which is that of any valid
// file (PS3.5 §7.1). path is where the Data Set is.
func (w *walker) dataset(path []byte, ds dicom.Dataset) {
	byTag := func(a, b dicom.DataElement) int { return cmp.Compare(a.Tag, b.Tag) }
	elements := ds.Elements
	if !slices.IsSortedFunc(elements, byTag) {
		elements = slices.Clone(elements)
		slices.SortStableFunc(elements, byTag)
	}
	for i := range elements {
		w.element(path, &elements[i])
	}
}

func (w *walker) element(path []byte, e *dicom.DataElement) {
	if e.Tag == tagMetaLength {
		return
	}
	path = under(path, uint32(e.Tag))
	switch {
	case e.VR == "SQ":
		w.add(path, "SQ", formSequence, count(len(e.Items)))
		for i, item := range e.Items {
			w.dataset(under(path, uint32(i)), item)
		}
	case e.Fragments != nil:
		w.encapsulated(path, e)
	case len(path) == 4 && slices.Contains(pixelTags, e.Tag):
		w.native(path, e)
	default:
		w.add(path, string(e.VR), formValue, e.Value)
	}
}

// encapsulated adds the parts of encapsulated pixel data (PS3.5 §A.4): the Basic
// Offset Table, then each fragment.
func (w *walker) encapsulated(path []byte, e *dicom.DataElement) {
	vr := string(e.VR)
	w.add(path, vr, formEncapsulated, count(len(e.Fragments)))
	for i, fragment := range e.Fragments {
		if i == 0 {
			w.add(under(path, 0), vr, formOffsets, fragment)
			continue
		}
		w.addPart(under(path, uint32(i)), vr, fragment)
	}
	if w.parts > 0 {
		w.framesSeen = w.frames
	}
}

// native cuts native pixel data into frames. Where the length is no multiple of
// their number, the last has what is left: padding, or bits of a bit-packed frame.
// A file that says its frames have next to no bytes is not believed.
func (w *walker) native(path []byte, e *dicom.DataElement) {
	n := w.frames
	if len(e.Value)/n < minFrameBytes {
		n = min(1, len(e.Value))
	}
	vr := string(e.VR)
	w.add(path, vr, formNative, count(n))
	for i := range n {
		size := len(e.Value) / n
		end := (i + 1) * size
		if i == n-1 {
			end = len(e.Value)
		}
		w.addPart(under(path, uint32(i)), vr, e.Value[i*size:end])
	}
	w.framesSeen += n
}

func (w *walker) add(path []byte, vr string, form form, value []byte) {
	w.leaves = append(w.leaves, leaf{path: path, vr: vr, form: form, value: value})
}

func (w *walker) addPart(path []byte, vr string, value []byte) {
	w.leaves = append(w.leaves, leaf{path: path, vr: vr, form: formPart, value: value, part: true})
	w.parts++
}

// under returns path with one more step, in memory of its own.
func under(path []byte, step uint32) []byte {
	longer := make([]byte, len(path), len(path)+4)
	copy(longer, path)
	return binary.BigEndian.AppendUint32(longer, step)
}

func count(n int) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(n)) //nolint:gosec // bounded by the parser
}
