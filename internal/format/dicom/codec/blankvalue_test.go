package codec_test

import (
	"encoding/binary"
	"image"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// TestBlankChangesNoByteBeside compares native pixel data, whose last byte is padding or
// more, byte by byte with what is expected.
func TestBlankChangesNoByteBeside(t *testing.T) {
	t.Parallel()
	base := func(photometric string, rows, columns, samples, allocated, planar int) dicom.Dataset {
		var ds dicom.Dataset
		s := dicom.Shape{Rows: rows, Columns: columns, Samples: samples, Allocated: allocated, Stored: allocated, High: allocated - 1, Planar: planar == 1, Photometric: photometric}
		describe(&ds, s, 1)
		return ds
	}
	for name, tt := range map[string]struct {
		ds     dicom.Dataset
		pixels string
		want   string
	}{
		"grey with padding":           {base("MONOCHROME2", 1, 3, 1, 8, 0), "\x01\x02\x03\x77", "\x01\x00\x03\x77"},
		"planes":                      {base("RGB", 1, 3, 3, 8, 1), "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x77", "\x01\x00\x03\x04\x00\x06\x07\x00\x09\x77"},
		"planes of two rows":          {base("RGB", 2, 2, 3, 8, 1), "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C", "\x01\x00\x03\x04\x05\x00\x07\x08\x09\x00\x0B\x0C"},
		"pixels":                      {base("YBR_FULL", 1, 3, 3, 8, 0), "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x77", "\x01\x02\x03\x00\x80\x80\x07\x08\x09\x77"},
		"shared chrominance":          {base("YBR_FULL_422", 1, 4, 3, 8, 0), "\x01\x02\x03\x04\x05\x06\x07\x08", "\x01\x00\x80\x80\x05\x06\x07\x08"},
		"words, MONOCHROME1":          {base("MONOCHROME1", 1, 2, 1, 16, 0), "\x01\x02\x03\x04", "\x01\x02\xFF\xFF"},
		"planes of words":             {base("RGB", 1, 2, 3, 16, 1), "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C", "\x01\x02\x00\x00\x05\x06\x00\x00\x09\x0A\x00\x00"},
		"words of 32 bits":            {base("MONOCHROME2", 1, 2, 1, 32, 0), "\x01\x02\x03\x04\x05\x06\x07\x08", "\x01\x02\x03\x04\x00\x00\x00\x00"},
		"bits":                        {base("MONOCHROME2", 1, 9, 1, 1, 0), "\xFF\xFF", "\xFD\xFF"},
		"a palette":                   {paletted(base("PALETTE COLOR", 1, 3, 1, 8, 0), 5, "\x90\x00\x10\x00\x30\x00"), "\x05\x05\x07\x77", "\x05\x06\x07\x77"},
		"a palette of packed entries": {paletted(base("PALETTE COLOR", 1, 3, 1, 8, 0), 5, "\x90\x30\x10\x00"), "\x05\x05\x07\x77", "\x05\x07\x07\x77"},
	} {
		for _, syntax := range targets[:4] {
			ds := tt.ds
			ds.Elements = slices.Clone(ds.Elements)
			vr := dicom.VR("OW")
			if len(tt.pixels) > 0 && syntax == dicom.ExplicitBigEndian && name == "words of 32 bits" {
				vr = "OB"
			}
			ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: vr, Value: []byte(tt.pixels)})
			out, tags := blankedTree(t, encoded(t, syntax, ds), map[int][]image.Rectangle{0: {image.Rect(1, 0, 2, 1)}})
			if got := string(out.Find(0x7FE00010).Value); got != tt.want || !slices.Equal(tags, []dicom.Tag{0x7FE00010}) {
				t.Errorf("%s in %s: got %x, want %x; replaced %v", name, syntax, got, tt.want, tags)
			}
		}
	}
}

// paletted adds a palette of three entries, the same for each colour.
func paletted(ds dicom.Dataset, first byte, entries string) dicom.Dataset {
	for i := range dicom.Tag(3) {
		ds.Set(dicom.DataElement{Tag: 0x00281101 + i, VR: "US", Value: []byte{3, 0, first, 0, 16, 0}})
		ds.Set(dicom.DataElement{Tag: 0x00281201 + i, VR: "OW", Value: []byte(entries)})
	}
	return ds
}

// TestBlankIsTheBackground names the value by kind of image, native and as codecs have it.
func TestBlankIsTheBackground(t *testing.T) {
	t.Parallel()
	padded := func(v int) func(*dicom.Dataset) {
		return func(ds *dicom.Dataset) { us(ds, 0x00280120, v&0xFFFF) }
	}
	palette := func(ds *dicom.Dataset) { *ds = paletted(*ds, 2, "\x90\x00\x30\x00\x10\x00") }
	below := func(ds *dicom.Dataset) { // of the entries -1, 0 and 1 the second is the darkest
		*ds = paletted(*ds, 0, "\x90\x00\x10\x00\x30\x00")
		for i := range dicom.Tag(3) {
			ds.Set(dicom.DataElement{Tag: 0x00281101 + i, VR: "US", Value: []byte{3, 0, 0xFF, 0xFF, 16, 0}})
		}
	}
	beyond := func(ds *dicom.Dataset) { *ds = paletted(*ds, 254, "\x90\x00\x30\x00\x10\x00") }
	shifted := shaped(1, 16, 12, false, "MONOCHROME1")
	shifted.High = 15
	for name, tt := range map[string]struct {
		s      dicom.Shape
		change func(*dicom.Dataset)
		want   int64
	}{
		"signed":                             {shaped(1, 16, 12, true, "MONOCHROME2"), nil, -2048},
		"signed with padding":                {shaped(1, 16, 16, true, "MONOCHROME2"), padded(-2000), -2000},
		"signed with padding out of range":   {shaped(1, 16, 12, true, "MONOCHROME2"), padded(-32768), -2048},
		"unsigned with padding":              {shaped(1, 16, 16, false, "MONOCHROME2"), padded(63536), 0},
		"MONOCHROME1":                        {shaped(1, 16, 12, false, "MONOCHROME1"), nil, 4095},
		"signed MONOCHROME1":                 {shaped(1, 16, 12, true, "MONOCHROME1"), padded(-2000), 2047},
		"signed bytes":                       {shaped(1, 8, 8, true, "MONOCHROME2"), nil, -128},
		"a palette":                          {shaped(1, 8, 8, false, "PALETTE COLOR"), palette, 4},
		"a palette from below zero":          {shaped(1, 8, 8, true, "PALETTE COLOR"), below, 0},
		"a palette beyond what is stored":    {shaped(1, 8, 8, false, "PALETTE COLOR"), beyond, 255},
		"a palette of words":                 {shaped(1, 16, 16, false, "PALETTE COLOR"), palette, 4},
		"samples that end at the fifth bit":  {shifted, nil, 0xFFF0},
		"more bits than are stored, and one": {shaped(1, 32, 16, true, "MONOCHROME2"), nil, -32768},
	} {
		for _, syntax := range targets {
			ds := tree(t, drawnObject(t, syntax, tt.s))
			if tt.change != nil {
				tt.change(&ds)
			}
			out := blanked(t, encoded(t, syntax, ds), map[int][]image.Rectangle{1: {image.Rect(2, 2, 5, 5)}})
			frame, err := codec.Frame(read(t, out), 1)
			if err != nil {
				t.Fatal(err)
			}
			frame.Stored = frame.Allocated // the whole cell counts
			if got := valueAt(frame, 3, 3, 0); got != tt.want {
				t.Errorf("%s in %s: got %d, want %d", name, syntax, got, tt.want)
			}
		}
	}
}

// TestBlankWidensSmallestAndLargest looks at the attributes that say what values there are.
func TestBlankWidensSmallestAndLargest(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		s         dicom.Shape
		low, high int
		want      map[dicom.Tag]int
	}{
		"darker than all":    {shaped(1, 16, 12, false, "MONOCHROME2"), 7, 900, map[dicom.Tag]int{0x00280106: 0}},
		"brighter than all":  {shaped(1, 16, 12, false, "MONOCHROME1"), 7, 900, map[dicom.Tag]int{0x00280107: 4095}},
		"among them":         {shaped(1, 16, 12, false, "MONOCHROME2"), 0, 900, nil},
		"signed":             {shaped(1, 16, 12, true, "MONOCHROME2"), 0xFFF0, 900, map[dicom.Tag]int{0x00280106: 0xF800}},
		"signed, among them": {shaped(1, 16, 12, true, "MONOCHROME2"), 0xF800, 900, nil},
	} {
		for _, syntax := range []string{dicom.ExplicitLittleEndian, codec.RLELossless, codec.JPEGLosslessSV1} {
			ds := tree(t, object(t, syntax, drawn(tt.s, 1)))
			us(&ds, 0x00280106, tt.low)
			us(&ds, 0x00280107, tt.high)
			out, tags := blankedTree(t, encoded(t, syntax, ds), map[int][]image.Rectangle{0: {image.Rect(0, 0, 2, 2)}})
			got := map[dicom.Tag]int{}
			for _, tag := range tags {
				if tag.Group() == 0x0028 {
					got[tag] = int(binary.LittleEndian.Uint16(out.Find(tag).Value))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" && len(tt.want)+len(got) > 0 {
				t.Errorf("%s in %s: %s", name, syntax, diff)
			}
		}
	}
}
