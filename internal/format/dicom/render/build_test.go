package render_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

const explicitLittle = "1.2.840.10008.1.2.1"

// pic is an image to encode; zero fields get the plainest value.
type pic struct {
	rows, columns, samples, allocated, stored, signed, planar int

	photometric string
	frames      string
	text        map[dicom.Tag]string
	raw         map[dicom.Tag][]byte
	pixels      []byte
	fragments   [][]byte
	high        int // bit, if it is not the highest of stored ones
	more        []dicom.DataElement
}

func (p pic) file(tb testing.TB) *dicom.File {
	tb.Helper()
	f, err := dicom.Read(p.part10(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func (p pic) part10(tb testing.TB) []byte {
	tb.Helper()
	us := func(v int) []byte { return binary.LittleEndian.AppendUint16(nil, uint16(v)) }
	even := func(s string) []byte {
		if len(s)%2 == 1 {
			s += " "
		}
		return []byte(s)
	}
	elements := []dicom.DataElement{
		{Tag: 0x00080016, VR: "UI", Value: []byte("1.2.840.10008.5.1.4.1.1.7\x00")},
		{Tag: 0x00080018, VR: "UI", Value: []byte("2.25.1")},
		{Tag: 0x00280002, VR: "US", Value: us(max(p.samples, 1))},
		{Tag: 0x00280004, VR: "CS", Value: even(p.photometric)},
		{Tag: 0x00280006, VR: "US", Value: us(p.planar)},
	}
	if p.frames != "" {
		elements = append(elements, dicom.DataElement{Tag: 0x00280008, VR: "IS", Value: even(p.frames)})
	}
	if p.stored == 0 {
		p.stored = p.allocated
	}
	if p.high == 0 {
		p.high = p.stored - 1
	}
	elements = append(
		elements,
		dicom.DataElement{Tag: 0x00280010, VR: "US", Value: us(p.rows)}, dicom.DataElement{Tag: 0x00280011, VR: "US", Value: us(p.columns)},
		dicom.DataElement{Tag: 0x00280100, VR: "US", Value: us(p.allocated)}, dicom.DataElement{Tag: 0x00280101, VR: "US", Value: us(p.stored)},
		dicom.DataElement{Tag: 0x00280102, VR: "US", Value: us(p.high)}, dicom.DataElement{Tag: 0x00280103, VR: "US", Value: us(p.signed)},
	)
	for _, tag := range []dicom.Tag{0x00281050, 0x00281051, 0x00281052, 0x00281053} {
		if v, ok := p.text[tag]; ok {
			elements = append(elements, dicom.DataElement{Tag: tag, VR: "DS", Value: even(v)})
		}
	}
	for tag := dicom.Tag(0x00281101); tag <= 0x00281203; tag++ {
		if v, ok := p.raw[tag]; ok {
			vr := dicom.VR("US")
			if tag > 0x00281200 {
				vr = "OW"
			}
			elements = append(elements, dicom.DataElement{Tag: tag, VR: vr, Value: v})
		}
	}
	syntax := explicitLittle
	pixels := dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: p.pixels}
	if p.fragments != nil {
		syntax, pixels = "1.2.840.10008.1.2.5", dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: p.fragments}
	}
	elements = append(elements, pixels)
	b, err := dicom.Encode(syntax, dicom.Dataset{Elements: append(elements, p.more...)})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func words(values ...int) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// noise is pseudo-random bytes, the same each time.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(7, 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// halfOf keeps sums of two below 256, which dcmtk does not.
func halfOf(b []byte) []byte {
	for i := range b {
		b[i] >>= 1
	}
	return b
}

// slope is words that ascend from first by step, masked.
func slope(n, first, step, mask int) []byte {
	var b []byte
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16((first+i*step)&mask))
	}
	return b
}

func cs(tag dicom.Tag, vr dicom.VR, text string) dicom.DataElement {
	if len(text)%2 == 1 {
		text += " "
	}
	return dicom.DataElement{Tag: tag, VR: vr, Value: []byte(text)}
}

func usWords(tag dicom.Tag, vr dicom.VR, values ...int) dicom.DataElement {
	return dicom.DataElement{Tag: tag, VR: vr, Value: words(values...)}
}

// lutItem is an item of a Modality or VOI LUT Sequence.
func lutItem(vr dicom.VR, first, bits int, entries ...int) dicom.Dataset {
	return dicom.Dataset{Elements: []dicom.DataElement{
		usWords(0x00283002, vr, len(entries), first, bits),
		cs(0x00283004, "LO", "US"),
		usWords(0x00283006, "OW", entries...),
	}}
}

func curve(n, top int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = top * i * i / ((n - 1) * (n - 1))
	}
	return out
}

// overlays are two planes, the second with its origin outside of the frame.
func overlays(side int) []dicom.DataElement {
	return []dicom.DataElement{
		usWords(0x60000010, "US", side), usWords(0x60000011, "US", side), cs(0x60000040, "CS", "G"),
		usWords(0x60000050, "SS", 1, 1), usWords(0x60000100, "US", 1), usWords(0x60000102, "US", 0),
		{Tag: 0x60003000, VR: "OW", Value: noise(side * side / 8)},
		usWords(0x60020010, "US", 11), usWords(0x60020011, "US", 9), cs(0x60020040, "CS", "G"),
		usWords(0x60020050, "SS", -2&0xFFFF, side-4), usWords(0x60020100, "US", 1), usWords(0x60020102, "US", 0),
		{Tag: 0x60023000, VR: "OW", Value: bytes.Repeat([]byte{0xFF, 0xF7}, 7)},
	}
}

// embedded is a plane in bit 14 of the pixel cells.
func embedded(side int) []dicom.DataElement {
	return []dicom.DataElement{
		usWords(0x60000010, "US", side), usWords(0x60000011, "US", side), cs(0x60000040, "CS", "G"),
		usWords(0x60000050, "SS", 1, 1), usWords(0x60000100, "US", 16), usWords(0x60000102, "US", 14),
	}
}
