package burnedin

import (
	"encoding/binary"
	"image"
	"slices"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// TestBlankWritesTheDarkest checks the background of each kind of frame, that the
// rectangle alone is changed, and what is outside of the frame is ignored.
func TestBlankWritesTheDarkest(t *testing.T) {
	t.Parallel()
	grey := func(photometric string, allocated, stored int, signed bool) dicom.Shape {
		return dicom.Shape{Rows: 3, Columns: 4, Samples: 1, Allocated: allocated, Stored: stored, High: stored - 1, Signed: signed, Photometric: photometric}
	}
	colour := func(photometric string, planar bool) dicom.Shape {
		return dicom.Shape{Rows: 3, Columns: 4, Samples: 3, Allocated: 8, Stored: 8, High: 7, Planar: planar, Photometric: photometric}
	}
	for name, tt := range map[string]struct {
		shape dicom.Shape
		from  func(i int) uint32 // of the sample at i
		want  []uint32           // of each sample of a pixel
	}{
		"MONOCHROME2":                   {grey("MONOCHROME2", 8, 8, false), func(i int) uint32 { return uint32(20 + i) }, []uint32{20}},
		"MONOCHROME1":                   {grey("MONOCHROME1", 16, 12, false), func(i int) uint32 { return uint32(4000 + i) }, []uint32{4011}},
		"signed":                        {grey("MONOCHROME2", 16, 16, true), func(i int) uint32 { return uint32(uint16(int16(-1000 + 100*i))) }, []uint32{uint32(uint16(0xFC18))}},
		"signed MONOCHROME1":            {grey("MONOCHROME1", 16, 16, true), func(i int) uint32 { return uint32(uint16(int16(-1000 + 100*i))) }, []uint32{100}},
		"32 bits":                       {grey("MONOCHROME2", 32, 32, false), func(i int) uint32 { return 1<<31 + uint32(i)<<8 }, []uint32{1 << 31}},
		"one bit":                       {grey("MONOCHROME2", 1, 1, false), func(i int) uint32 { return uint32(i % 2) }, []uint32{0}},
		"palette":                       {grey("PALETTE COLOR", 8, 8, false), func(i int) uint32 { return uint32(i) }, []uint32{0}},
		"RGB":                           {colour("RGB", false), func(i int) uint32 { return uint32(100 + i) }, []uint32{0, 0, 0}},
		"RGB planes":                    {colour("RGB", true), func(i int) uint32 { return uint32(100 + i) }, []uint32{0, 0, 0}},
		"YBR_FULL":                      {colour("YBR_FULL", false), func(i int) uint32 { return uint32(100 + i) }, []uint32{0, 128, 128}},
		"YBR_FULL planes":               {colour("YBR_FULL", true), func(i int) uint32 { return uint32(100 + i) }, []uint32{0, 128, 128}},
		"YBR_PARTIAL_422":               {colour("YBR_PARTIAL_422", false), func(i int) uint32 { return uint32(100 + i) }, []uint32{16, 128, 128}},
		"too large for 12 bits, signed": {grey("MONOCHROME2", 16, 12, true), func(i int) uint32 { return uint32(uint16(int16(-1024 + 1000*(i%6)))) }, []uint32{0xFC00}},
		"12 bits of 16, signed":         {grey("MONOCHROME2", 16, 12, true), func(i int) uint32 { return uint32(2040+i) & 0xFFF }, []uint32{2048}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			frame := dicom.Frame{Shape: tt.shape, Data: make([]byte, tt.shape.Bytes())}
			n := tt.shape.Rows * tt.shape.Columns
			for i := range n * tt.shape.Samples {
				put(frame, i, tt.from(i))
			}
			before := slices.Clone(frame.Data)
			hidden := image.Rect(1, 1, 3, 2)
			Blank(frame, []image.Rectangle{hidden, image.Rect(-9, -9, 0, 90), image.Rect(4, 0, 9, 9)})
			was := dicom.Frame{Shape: tt.shape, Data: before}
			for y := range tt.shape.Rows {
				for x := range tt.shape.Columns {
					for s := range tt.shape.Samples {
						got, want := cell(frame, index(frame, x, y, s)), cell(was, index(frame, x, y, s))
						if image.Pt(x, y).In(hidden) {
							want = tt.want[s]
						}
						if got != want {
							t.Errorf("sample %d at %d, %d is %d, want %d", s, x, y, got, want)
						}
					}
				}
			}
		})
	}
}

// TestBlankOfNothingChangesNothing, not even a frame that cannot be read.
func TestBlankOfNothingChangesNothing(t *testing.T) {
	t.Parallel()
	data := binary.LittleEndian.AppendUint32(nil, 0x01020304)
	Blank(dicom.Frame{Data: data}, nil)
	if binary.LittleEndian.Uint32(data) != 0x01020304 {
		t.Errorf("the data is %x", data)
	}
}
