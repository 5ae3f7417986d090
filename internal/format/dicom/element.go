package dicom

// Kind says what an entry of the index is.
type Kind uint8

// The kinds of entry.
const (
	KindValue     Kind = iota // an element with a value
	KindSequence              // an element whose items follow, one level deeper
	KindItem                  // an item: its elements follow, on its level
	KindFragments             // an element of encapsulated pixel data: its fragments follow, one level deeper
	KindFragment              // a fragment; the first is the Basic Offset Table
)

const (
	flagMeta     = 1 << iota // in the File Meta Information
	flagBig                  // big endian
	flagImplicit             // the file does not say the VR
	flagPassed               // the value is not held
)

// Element is one entry of the index over a file's bytes.
type Element struct {
	Tag    Tag
	vr     code
	Depth  uint16 // in how many items the entry stands, an item itself included; 0 is the root
	Kind   Kind
	flags  uint8
	Offset uint32 // of the value, in the bytes read; in what they inflate to if the data set is deflated; by ReadFrom in what is held
	Length uint32 // of the value in bytes; without the delimiter if the file gives no length; by ReadFrom of items and fragments what is held of them
	next   uint32 // the entry after this one and all that stands in it
}

// VR returns the value representation: the file's own, or the dictionary's where
// the file does not say it. What is written as UN and is a sequence is SQ.
func (e Element) VR() VR { return e.vr.vr() }

// Explicit reports whether the file itself says the VR.
func (e Element) Explicit() bool { return e.flags&flagImplicit == 0 }

// BigEndian reports whether numbers in the value are big endian.
func (e Element) BigEndian() bool { return e.flags&flagBig != 0 }
