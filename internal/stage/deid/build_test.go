package deid

import (
	"encoding/binary"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// testRelease is a release with a secret that depends on seed alone.
func testRelease(seed byte) Release {
	var r Release
	for i := range r.Secret {
		r.Secret[i] = seed + byte(i)*7
	}
	return r
}

func us(v int) []byte { return binary.LittleEndian.AppendUint16(nil, uint16(v)) }

// chest returns a synthetic CT of a chest that passes the gate, side × side pixels.
func chest(side int) dicom.Dataset {
	var ds dicom.Dataset
	for _, e := range []struct {
		tag   dicom.Tag
		vr    dicom.VR
		value string
	}{
		{0x00080005, "CS", "ISO_IR 100"},
		{0x00080008, "CS", `ORIGINAL\PRIMARY\AXIAL`},
		{0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"},
		{0x00080018, "UI", "1.2.3.4.1001"},
		{0x00080020, "DA", "20240117"},
		{0x00080021, "DA", "20240118"},
		{0x00080022, "DA", "20240119"},
		{0x00080023, "DA", "20240120"},
		{0x00080030, "TM", "101500"},
		{0x00080050, "SH", "ACC7731"},
		{0x00080060, "CS", "CT"},
		{0x00080070, "LO", "Synthetic Imaging Works"},
		{0x00080080, "LO", "Synthetic General Hospital"},
		{0x00080090, "PN", "REFERRER^RITA"},
		{0x00081010, "SH", "CT1"},
		{0x00081090, "LO", "Ellipsoid 64"},
		{0x00090010, "LO", "SYNTHETIC 1.0"},
		{0x00091001, "LO", "private value"},
		{0x00100010, "PN", "PHANTOM^CHEST"},
		{0x00100020, "LO", "PHANTOM-0001"},
		{0x00100030, "DA", "19700101"},
		{0x00100040, "CS", "O"},
		{0x00180015, "CS", "CHEST"},
		{0x00180050, "DS", "1.0"},
		{0x00180060, "DS", "120"},
		{0x00181020, "LO", "release 7"},
		{0x0020000D, "UI", "1.2.3.4.1"},
		{0x0020000E, "UI", "1.2.3.4.2"},
		{0x00200010, "SH", "ST7731"},
		{0x00200011, "IS", "3"},
		{0x00200013, "IS", "17"},
		{0x00200032, "DS", `-190\-190\0`},
		{0x00200037, "DS", `1\0\0\0\1\0`},
		{0x00200052, "UI", "1.2.3.4.3"},
		{0x00201040, "LO", ""},
		{0x00280004, "CS", "MONOCHROME2"},
		{0x00280030, "DS", `0.7\0.7`},
		{0x00281052, "DS", "-1024"},
		{0x00281053, "DS", "1"},
	} {
		ds.SetString(e.tag, e.vr, e.value)
	}
	for tag, v := range map[dicom.Tag]int{
		tagSamples: 1, tagRows: side, tagColumns: side, tagBitsAllocated: 16, tagBitsStored: 12, tagHighBit: 11, tagPixelRepresentation: 0,
	} {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: us(v)})
	}
	pixels := make([]byte, 2*side*side)
	for i := range side * side {
		binary.LittleEndian.PutUint16(pixels[2*i:], uint16(i*37%4096))
	}
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROW, Value: pixels})
	var region dicom.Dataset
	region.SetString(tagCodeValue, "SH", "51185008")
	region.SetString(tagCodingScheme, "SH", "SCT")
	region.SetString(tagCodeMeaning, "LO", "Chest")
	ds.Set(dicom.DataElement{Tag: tagAnatomicRegion, VR: dicom.VRSQ, Items: []dicom.Dataset{region}})
	return ds
}

func part10(tb testing.TB, syntax string, ds dicom.Dataset) []byte {
	tb.Helper()
	b, err := dicom.Encode(syntax, ds)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// newProfile returns the Basic Profile with modified dates and no other option.
func newProfile(tb testing.TB) *Profile {
	tb.Helper()
	return profileWith(tb, RetainModifiedDates)
}

// profileWith returns the Basic Profile with some options.
func profileWith(tb testing.TB, options ...Option) *Profile {
	tb.Helper()
	names := make([]string, len(options))
	for i, option := range options {
		names[i] = strconv.Quote(string(option))
	}
	p, err := Parse([]byte("format = 1\nname = \"test\"\ntable = \"" + Revision + "\"\noptions = [" + strings.Join(names, ", ") + "]\n"))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// clean de-identifies bytes under the release of seed.
func clean(tb testing.TB, p *Profile, raw []byte, seed byte) Result {
	tb.Helper()
	result, err := p.Clean(tb.Context(), sinso.Record{Bytes: raw}, testRelease(seed))
	if err != nil {
		tb.Fatal(err)
	}
	return result
}

func read(tb testing.TB, raw []byte) (*dicom.File, dicom.Dataset) {
	tb.Helper()
	file, err := dicom.Read(raw)
	if err != nil {
		tb.Fatal(err)
	}
	tree, err := file.Tree()
	if err != nil {
		tb.Fatal(err)
	}
	return file, tree
}

// cleaned encodes a data set, cleans it and reads the derivative.
func cleaned(tb testing.TB, ds dicom.Dataset, seed byte) (Result, *dicom.File, dicom.Dataset) {
	tb.Helper()
	result := clean(tb, newProfile(tb), part10(tb, dicom.ExplicitLittleEndian, ds), seed)
	file, tree := read(tb, result.Clean.Bytes)
	return result, file, tree
}

// nested puts an element into a sequence that stays, depth items deep.
func nested(e dicom.DataElement, depth int) dicom.DataElement {
	for range depth {
		// Multiplexed Audio, Derivation Implant and the like are rare: a sequence
		// of the standard that the table does not list.
		e = dicom.DataElement{Tag: tagKeptSequence, VR: dicom.VRSQ, Items: []dicom.Dataset{{Elements: []dicom.DataElement{e}}}}
	}
	return e
}

// tagKeptSequence is Derivation Code Sequence (0008,9215), not in Table E.1-1.
const tagKeptSequence = dicom.Tag(0x00089215)

func recordOf(raw []byte) sinso.Record { return sinso.Record{Bytes: raw} }
