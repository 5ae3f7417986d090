package dicom

import "fmt"

// Tag names an attribute: group in the upper, element in the lower 16 bits.
type Tag uint32

// The tags that structure or steer the reading of a file.
const (
	tagMetaLength      Tag = 0x00020000
	tagMetaVersion     Tag = 0x00020001
	tagMetaSOPClass    Tag = 0x00020002
	tagMetaSOPInstance Tag = 0x00020003
	tagTransferSyntax  Tag = 0x00020010
	tagImplementation  Tag = 0x00020012
	tagVersionName     Tag = 0x00020013

	tagCharacterSet        Tag = 0x00080005
	tagSOPClass            Tag = 0x00080016
	tagSOPInstance         Tag = 0x00080018
	tagSamples             Tag = 0x00280002
	tagPhotometric         Tag = 0x00280004
	tagFrames              Tag = 0x00280008
	tagRows                Tag = 0x00280010
	tagColumns             Tag = 0x00280011
	tagPlanar              Tag = 0x00280006
	tagBitsAllocated       Tag = 0x00280100
	tagBitsStored          Tag = 0x00280101
	tagHighBit             Tag = 0x00280102
	tagPixelRepresentation Tag = 0x00280103
	tagExtendedOffsets     Tag = 0x7FE00001
	tagFloatPixels         Tag = 0x7FE00008
	tagDoublePixels        Tag = 0x7FE00009
	tagPixelData           Tag = 0x7FE00010

	tagItem           Tag = 0xFFFEE000 // PS3.5 §7.5
	tagItemEnd        Tag = 0xFFFEE00D
	tagSequenceEnd    Tag = 0xFFFEE0DD
	groupDelimiters       = 0xFFFE
	groupMeta             = 0x0002
	groupCommand          = 0x0000
	groupIdentifying      = 0x0008
	groupLow              = 0x0400 // first groups are below it, and above it in the wrong byte order
	groupLengthNumber     = 0x0000 // element of a group length, retired but for group 0002
	firstCreator          = 0x0010 // PS3.5 §7.8.1
	lastCreator           = 0x00FF
)

// Group returns the upper half.
func (t Tag) Group() uint16 { return uint16(t >> 16) }

// Element returns the lower half.
func (t Tag) Element() uint16 { return uint16(t) } //nolint:gosec // the lower 16 bits are meant

// IsPrivate reports whether the group is odd: the attribute is a vendor's (PS3.5 §7.8).
func (t Tag) IsPrivate() bool { return t>>16&1 == 1 }

// IsPrivateCreator reports whether the element reserves a block of private ones
// (PS3.5 §7.8.1).
func (t Tag) IsPrivateCreator() bool {
	return t.IsPrivate() && t.Element() >= firstCreator && t.Element() <= lastCreator
}

// String returns the tag as the standard prints it: (7FE0,0010).
func (t Tag) String() string { return fmt.Sprintf("(%04X,%04X)", t.Group(), t.Element()) }

// isPixels reports whether the tag is that of pixel data: integer, float or double.
func (t Tag) isPixels() bool {
	return t == tagPixelData || t == tagFloatPixels || t == tagDoublePixels
}
