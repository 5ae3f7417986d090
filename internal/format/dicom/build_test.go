package dicom_test

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// put appends an explicit little endian element with a short or long header.
func put(b []byte, tag dicom.Tag, vr dicom.VR, value string) []byte {
	b = binary.LittleEndian.AppendUint16(b, tag.Group())
	b = binary.LittleEndian.AppendUint16(b, tag.Element())
	b = append(b, vr...)
	if vr.Long() {
		b = binary.LittleEndian.AppendUint32(append(b, 0, 0), uint32(len(value)))
		return append(b, value...)
	}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...)
}

// head appends tag and 32-bit length: an implicit element, an item, a delimiter.
func head(b []byte, tag dicom.Tag, length uint32) []byte {
	b = binary.LittleEndian.AppendUint16(b, tag.Group())
	b = binary.LittleEndian.AppendUint16(b, tag.Element())
	return binary.LittleEndian.AppendUint32(b, length)
}

// part10 returns preamble, prefix and a minimal File Meta Information before data.
func part10(syntax string, data []byte) []byte {
	if len(syntax)%2 == 1 {
		syntax += "\x00"
	}
	b := append(make([]byte, 128), "DICM"...)
	b = put(b, 0x00020010, "UI", syntax)
	return append(b, data...)
}

const (
	item        = dicom.Tag(0xFFFEE000)
	itemEnd     = dicom.Tag(0xFFFEE00D)
	sequenceEnd = dicom.Tag(0xFFFEE0DD)
	pixelData   = dicom.Tag(0x7FE00010)
	noLength    = 0xFFFFFFFF
)

// ct returns the data set of a synthetic CT slice of side × side pixels: about 90
// elements at the root, three sequences, a private block.
func ct(side int) dicom.Dataset {
	var ds dicom.Dataset
	text := func(tag dicom.Tag, vr dicom.VR, value string) { ds.SetString(tag, vr, value) }
	us := func(tag dicom.Tag, v int) {
		ds.Set(dicom.DataElement{Tag: tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, uint16(v))})
	}
	for _, e := range []struct {
		tag   dicom.Tag
		vr    dicom.VR
		value string
	}{
		{0x00080005, "CS", "ISO_IR 100"},
		{0x00080008, "CS", `ORIGINAL\PRIMARY\AXIAL`},
		{0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"},
		{0x00080018, "UI", "2.25.1"},
		{0x00080050, "SH", "ACC-1"},
		{0x00080060, "CS", "CT"},
		{0x00080070, "LO", "Synthetic Imaging Works"},
		{0x00080080, "LO", "Synthetic General Hospital"},
		{0x00080090, "PN", "REFERRER^RITA"},
		{0x00081010, "SH", "CT1"},
		{0x00081030, "LO", "CT chest"},
		{0x0008103E, "LO", "Chest 1.0"},
		{0x00081090, "LO", "Ellipsoid 64"},
		{0x00090010, "LO", "SYNTHETIC 1.0"},
		{0x00091001, "UN", "private value "},
		{0x00100010, "PN", "PHANTOM^CHEST"},
		{0x00100020, "LO", "PHANTOM-0001"},
		{0x00100030, "DA", "19700101"},
		{0x00100040, "CS", "O"},
		{0x00101010, "AS", "054Y"},
		{0x0020000D, "UI", "2.25.2"},
		{0x0020000E, "UI", "2.25.3"},
		{0x00200010, "SH", "7731"},
		{0x00200032, "DS", `-170\-170\12.5`},
		{0x00200037, "DS", `1\0\0\0\1\0`},
		{0x00200052, "UI", "2.25.4"},
		{0x00280004, "CS", "MONOCHROME2"},
		{0x00280030, "DS", `0.6640625\0.6640625`},
		{0x00281050, "DS", `40\-600`},
		{0x00281051, "DS", `400\1500`},
		{0x00281052, "DS", "-1024"},
		{0x00281053, "DS", "1"},
	} {
		text(e.tag, e.vr, e.value)
	}
	for _, tag := range []dicom.Tag{0x00080012, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x00181200} {
		text(tag, "DA", "20240117")
	}
	for _, tag := range []dicom.Tag{0x00080013, 0x00080030, 0x00080031, 0x00080032, 0x00080033, 0x00181201} {
		text(tag, "TM", "101500.250000")
	}
	for tag, n := dicom.Tag(0x00180050), 0; n < 24; tag++ { // acquisition: decimals
		if a, ok := dicom.Lookup(tag); ok && a.VRs[0] == "DS" {
			text(tag, "DS", strconv.Itoa(100+n))
			n++
		}
	}
	for _, tag := range []dicom.Tag{0x00200011, 0x00200012, 0x00200013} {
		text(tag, "IS", "7")
	}
	for tag, v := range map[dicom.Tag]int{0x00280002: 1, 0x00280010: side, 0x00280011: side, 0x00280100: 16, 0x00280101: 12, 0x00280102: 11, 0x00280103: 0} {
		us(tag, v)
	}
	var code, reference, request dicom.Dataset
	code.SetString(0x00080100, "SH", "121311")
	code.SetString(0x00080102, "SH", "DCM")
	code.SetString(0x00080104, "LO", "Localizer")
	reference.SetString(0x00081150, "UI", "1.2.840.10008.5.1.4.1.1.2")
	reference.SetString(0x00081155, "UI", "2.25.5")
	reference.Set(dicom.DataElement{Tag: 0x0040A170, VR: "SQ", Items: []dicom.Dataset{code}})
	request.SetString(0x00400007, "LO", "Chest")
	request.Set(dicom.DataElement{Tag: 0x00400008, VR: "SQ", Items: []dicom.Dataset{code, code}})
	ds.Set(dicom.DataElement{Tag: 0x00081140, VR: "SQ", Items: []dicom.Dataset{reference, reference}})
	ds.Set(dicom.DataElement{Tag: 0x00081032, VR: "SQ", Items: []dicom.Dataset{code}})
	ds.Set(dicom.DataElement{Tag: 0x00400275, VR: "SQ", Items: []dicom.Dataset{request}})
	pixels := make([]byte, 2*side*side)
	for i := range pixels {
		pixels[i] = byte(i * 31)
	}
	ds.Set(dicom.DataElement{Tag: pixelData, VR: "OW", Value: pixels})
	return ds
}

func mustEncode(tb testing.TB, syntax string, ds dicom.Dataset) []byte {
	tb.Helper()
	b, err := dicom.Encode(syntax, ds)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func mustRead(tb testing.TB, b []byte) *dicom.File {
	tb.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func mustTree(tb testing.TB, b []byte) dicom.Dataset {
	tb.Helper()
	ds, err := mustRead(tb, b).Tree()
	if err != nil {
		tb.Fatal(err)
	}
	return ds
}

// sameTree says where two trees differ, or "". Padding to an even length is none.
// Without vrs, those that an implicit file cannot keep are not compared.
func sameTree(a, b dicom.Dataset, vrs bool) string {
	if len(a.Elements) != len(b.Elements) {
		return strconv.Itoa(len(a.Elements)) + " and " + strconv.Itoa(len(b.Elements)) + " elements"
	}
	for i := range a.Elements {
		x, y := &a.Elements[i], &b.Elements[i]
		switch {
		case x.Tag != y.Tag:
			return x.Tag.String() + " and " + y.Tag.String()
		case vrs && x.VR != y.VR:
			return x.Tag.String() + " is " + string(x.VR) + " and " + string(y.VR)
		case !samePadded(x.Value, y.Value):
			return x.Tag.String() + " has another value"
		case len(x.Items) != len(y.Items) || len(x.Fragments) != len(y.Fragments):
			return x.Tag.String() + " has another number of items or fragments"
		}
		for k := range x.Items {
			if why := sameTree(x.Items[k], y.Items[k], vrs); why != "" {
				return x.Tag.String() + " > " + why
			}
		}
		for k := range x.Fragments {
			if !samePadded(x.Fragments[k], y.Fragments[k]) {
				return x.Tag.String() + " has another fragment"
			}
		}
	}
	return ""
}

func samePadded(a, b []byte) bool {
	return len(b) == len(a)+len(a)%2 && bytes.Equal(a, b[:len(a)])
}
