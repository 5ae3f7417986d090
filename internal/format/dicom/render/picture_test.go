package render_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// flat returns the samples of a picture in their order, without transparency.
func flat(picture image.Image) []uint8 {
	var out []uint8
	bounds := picture.Bounds()
	_, gray := picture.(*image.Gray)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			out = append(out, uint8(r>>8))
			if !gray {
				out = append(out, uint8(g>>8), uint8(b>>8))
			}
		}
	}
	return out
}

func item(elements ...dicom.DataElement) dicom.Dataset { return dicom.Dataset{Elements: elements} }

func sq(tag dicom.Tag, items ...dicom.Dataset) dicom.DataElement {
	return dicom.DataElement{Tag: tag, VR: "SQ", Items: items}
}

// enhanced is an object of three frames alike whose meaning is in functional groups:
// the first two have windows of their own, the third the shared one; the second
// has a rescale of its own.
func enhanced() pic {
	window := func(center, width string) dicom.DataElement {
		return sq(0x00289132, item(cs(0x00281050, "DS", center), cs(0x00281051, "DS", width)))
	}
	rescale := func(intercept, slope string) dicom.DataElement {
		return sq(0x00289145, item(cs(0x00281052, "DS", intercept), cs(0x00281053, "DS", slope), cs(0x00281054, "LO", "US")))
	}
	frame := words(0, 10, 20, 30, 40, 50, 60, 70)
	return pic{
		rows: 2, columns: 4, allocated: 16, frames: "3", photometric: "MONOCHROME2", pixels: bytes.Repeat(frame, 3),
		more: []dicom.DataElement{
			sq(0x52009229, item(window("20.5", "41"), rescale("0", "1"))),
			sq(0x52009230, item(window("40.5", "81")), item(rescale("-10", "2"), window("50.5", "101")), item()),
		},
	}
}

func TestFunctionalGroupsOfTheFrameCount(t *testing.T) {
	t.Parallel()
	b := enhanced().part10(t)
	line := func(v, low, high float64) uint8 { return uint8(min(max((v-low)/(high-low)*255, 0), 255)) }
	for index, gray := range []func(v float64) uint8{
		func(v float64) uint8 { return line(v, 0, 80) },
		func(v float64) uint8 { return line(2*v-10, 0, 100) },
		func(v float64) uint8 { return line(v, 0, 40) },
	} {
		picture, err := drawn(t, b, index, render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range flat(picture) {
			if want := gray(float64(10 * i)); got != want {
				t.Errorf("frame %d, value %d: got %d, want %d", index, 10*i, got, want)
			}
		}
	}
}

func TestPaddingIsNoPartOfTheStretch(t *testing.T) {
	t.Parallel()
	p := pic{rows: 1, columns: 6, allocated: 16, signed: 1, photometric: "MONOCHROME2", pixels: words(-2000, -1999, -1900, 0, 50, 100)}
	for name, tt := range map[string]struct {
		more []dicom.DataElement
		want []uint8
	}{
		"none":         {nil, []uint8{0, 0, 12, 242, 248, 255}},
		"one value":    {[]dicom.DataElement{usWords(0x00280120, "SS", -2000&0xFFFF)}, []uint8{0, 0, 12, 242, 248, 255}},
		"a range":      {[]dicom.DataElement{usWords(0x00280120, "SS", -2000&0xFFFF), usWords(0x00280121, "SS", -1900&0xFFFF)}, []uint8{0, 0, 0, 0, 127, 255}},
		"the range up": {[]dicom.DataElement{usWords(0x00280120, "SS", -1900&0xFFFF), usWords(0x00280121, "SS", -2000&0xFFFF)}, []uint8{0, 0, 0, 0, 127, 255}},
		"all of it":    {[]dicom.DataElement{usWords(0x00280120, "SS", -3000&0xFFFF), usWords(0x00280121, "SS", 3000)}, []uint8{0, 0, 12, 242, 248, 255}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := p
			p.more = tt.more
			if got := samplesOf(t, p, render.Options{}); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFramesOfOneObjectAreStretchedAlike(t *testing.T) {
	t.Parallel()
	p := pic{
		rows: 1, columns: 2, allocated: 8, frames: "2", photometric: "MONOCHROME2", pixels: []byte{0, 100, 50, 60},
		more: []dicom.DataElement{usWords(0x00280106, "US", 0), usWords(0x00280107, "US", 100)},
	}
	second, err := drawn(t, p.part10(t), 1, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := flat(second); !slices.Equal(got, []uint8{127, 153}) {
		t.Errorf("got %v", got)
	}
	p.more = []dicom.DataElement{usWords(0x00280106, "US", 0), usWords(0x00280107, "US", 55)} // which is not so
	second, err = drawn(t, p.part10(t), 1, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := flat(second); !slices.Equal(got, []uint8{0, 255}) {
		t.Errorf("with a Largest that is exceeded: got %v", got)
	}
}

// TestFloatingPointIsStretched draws Float and Double Float Pixel Data, whole files
// and headers without the pixel data.
func TestFloatingPointIsStretched(t *testing.T) {
	t.Parallel()
	values := []float64{-0.5, 0, 0.25, 0.5, math.NaN(), math.Inf(1)}
	want := []uint8{0, 127, 191, 255, 0, 255}
	var single, double []byte
	for _, v := range values {
		single = binary.LittleEndian.AppendUint32(single, math.Float32bits(float32(v)))
		double = binary.LittleEndian.AppendUint64(double, math.Float64bits(v))
	}
	for tag, data := range map[dicom.Tag]dicom.DataElement{
		0x7FE00008: {Tag: 0x7FE00008, VR: "OF", Value: single},
		0x7FE00009: {Tag: 0x7FE00009, VR: "OD", Value: double},
	} {
		ds := item(
			usWords(0x00280002, "US", 1), cs(0x00280004, "CS", "MONOCHROME2"), usWords(0x00280010, "US", 2), usWords(0x00280011, "US", 3),
			usWords(0x00280100, "US", len(data.Value)/len(values)*8), data,
		)
		b, err := dicom.Encode(explicitLittle, ds)
		if err != nil {
			t.Fatal(err)
		}
		f, frame := nativeOf(t, b, 0)
		header, err := dicom.ReadHeader(b)
		if err != nil {
			t.Fatal(err)
		}
		for name, of := range map[string]*dicom.File{"file": f, "header": header} {
			picture, err := render.Picture(of, frame, 0, render.Options{})
			if err != nil {
				t.Fatalf("%v %s: %v", tag, name, err)
			}
			if got := flat(picture); !slices.Equal(got, want) {
				t.Errorf("%v %s: got %v, want %v", tag, name, got, want)
			}
		}
	}
}

// TestBothByteOrdersDrawAlike compares pydicom's files of the same image.
func TestBothByteOrdersDrawAlike(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs the files of pydicom")
	}
	for little, big := range map[string]string{
		"rtdose.dcm": "rtdose_expb.dcm", "liver_1frame.dcm": "liver_expb_1frame.dcm", "MR_small.dcm": "MR_small_expb.dcm",
		"rtdose_1frame.dcm": "rtdose_expb_1frame.dcm",
	} {
		var pictures [2][]uint8
		for i, name := range []string{little, big} {
			b, err := os.ReadFile(filepath.Join(pydicomFiles, name))
			if err != nil {
				t.Fatalf("%v: install the Debian package python3-pydicom", err)
			}
			picture, err := drawn(t, b, 0, render.Options{})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			pictures[i] = flat(picture)
		}
		if !bytes.Equal(pictures[0], pictures[1]) {
			t.Errorf("%s and %s differ", little, big)
		}
	}
}

func TestOverlayOfTheFrameIsDrawn(t *testing.T) {
	t.Parallel()
	p := pic{
		rows: 1, columns: 8, allocated: 8, frames: "3", photometric: "MONOCHROME2", pixels: make([]byte, 24),
		more: []dicom.DataElement{
			usWords(0x601E0010, "US", 1), usWords(0x601E0011, "US", 4), cs(0x601E0015, "IS", "2"), usWords(0x601E0050, "SS", 1, 3),
			usWords(0x601E0051, "US", 2),
			{Tag: 0x601E3000, VR: "OB", Value: []byte{0b1010_0001, 0}},
		},
	}
	for index, want := range [][]uint8{
		{0, 0, 0, 0, 0, 0, 0, 0},
		{0, 0, 255, 0, 0, 0, 0, 0},
		{0, 0, 0, 255, 0, 255, 0, 0},
	} {
		picture, err := drawn(t, p.part10(t), index, render.Options{Overlays: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := flat(picture); !slices.Equal(got, want) {
			t.Errorf("frame %d: got %v, want %v", index, got, want)
		}
	}
}

func TestColoursWithTransparencyAreDrawnWithout(t *testing.T) {
	t.Parallel()
	p := pic{rows: 1, columns: 2, samples: 4, allocated: 8, photometric: "ARGB", pixels: []byte{9, 1, 2, 3, 9, 4, 5, 6}}
	if got := samplesOf(t, p, render.Options{}); !slices.Equal(got, []uint8{1, 2, 3, 4, 5, 6}) {
		t.Errorf("got %v", got)
	}
	p.planar, p.pixels = 1, []byte{9, 9, 1, 4, 2, 5, 3, 6}
	if got := samplesOf(t, p, render.Options{}); !slices.Equal(got, []uint8{1, 2, 3, 4, 5, 6}) {
		t.Errorf("by plane: got %v", got)
	}
}

// TestDecodedFramesKeepAllTheirSamples: what a decoder made of shared chrominance or
// of a reversible transform is not undone again.
func TestDecodedFramesKeepAllTheirSamples(t *testing.T) {
	t.Parallel()
	full := pic{rows: 1, columns: 2, samples: 3, allocated: 8, photometric: "YBR_FULL", pixels: []byte{76, 85, 255, 9, 128, 128}}
	f := full.file(t)
	shape, err := f.Shape()
	if err != nil {
		t.Fatal(err)
	}
	for photometric, want := range map[string][]uint8{
		"YBR_FULL_422": {254, 0, 0, 9, 9, 9}, "YBR_RCT": full.pixels, "YBR_ICT": full.pixels,
	} {
		shape.Photometric = photometric
		picture, err := render.Picture(f, dicom.Frame{Shape: shape, Data: full.pixels}, 0, render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := flat(picture); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", photometric, got, want)
		}
	}
}

// TestPictureRefuses gives each broken table and option its class of error.
func TestPictureRefuses(t *testing.T) {
	t.Parallel()
	good := pic{rows: 2, columns: 2, allocated: 16, photometric: "MONOCHROME2", pixels: make([]byte, 8)}
	with := func(more ...dicom.DataElement) pic { p := good; p.more = more; return p }
	palette := func(entries, bits int, data dicom.DataElement) pic {
		p := with(usWords(0x00281101, "US", entries, 0, bits), usWords(0x00281102, "US", entries, 0, bits), usWords(0x00281103, "US", entries, 0, bits))
		for i := range dicom.Tag(3) {
			data.Tag = data.Tag&^3 | (i + 1)
			p.more = append(p.more, data)
		}
		p.photometric = "PALETTE COLOR"
		return p
	}
	segments := func(values ...int) pic { return palette(100, 16, usWords(0x00281221&^1|0x20, "OW", values...)) }
	for name, tt := range map[string]struct {
		pic     pic
		options render.Options
		want    error
	}{
		"a VOI LUT without descriptor":   {with(sq(0x00283010, item())), render.Options{}, sinso.ErrCorrupt},
		"a VOI LUT cut off":              {with(sq(0x00283010, item(usWords(0x00283002, "US", 4, 0, 16), usWords(0x00283006, "OW", 1, 2)))), render.Options{}, sinso.ErrCorrupt},
		"a VOI LUT of 65,536 in 4 bytes": {with(sq(0x00283010, item(usWords(0x00283002, "US", 0, 0, 16), usWords(0x00283006, "OW", 1, 2)))), render.Options{}, sinso.ErrCorrupt},
		"a VOI LUT of 40 bits":           {with(sq(0x00283010, item(usWords(0x00283002, "US", 2, 0, 40), usWords(0x00283006, "OW", 1, 2)))), render.Options{}, sinso.ErrCorrupt},
		"a VOI LUT of 0 bits":            {with(sq(0x00283010, item(usWords(0x00283002, "US", 2, 0, 0), usWords(0x00283006, "OW", 1, 2)))), render.Options{}, sinso.ErrCorrupt},
		"a Modality LUT without data":    {with(sq(0x00283000, item(usWords(0x00283002, "US", 2, 0, 16)))), render.Options{}, sinso.ErrCorrupt},
		"a VOI LUT that is not there":    {good, render.Options{VOI: 1}, sinso.ErrNotFound},
		"a negative one":                 {good, render.Options{VOI: -1}, sinso.ErrInvalid},
		"a window of width 0":            {good, render.Options{Window: &render.Window{}}, sinso.ErrInvalid},
		"an endless window":              {good, render.Options{Window: &render.Window{Width: math.Inf(1)}}, sinso.ErrInvalid},
		"a function unknown":             {good, render.Options{Window: &render.Window{Width: 9, Function: "CUBIC"}}, sinso.ErrInvalid},
		"a side too long":                {good, render.Options{MaxSide: 9000}, sinso.ErrInvalid},
		"a viewport too large":           {good, render.Options{Viewport: &render.Viewport{Width: 9000, Height: 1}}, sinso.ErrInvalid},
		"a viewport of too much":         {good, render.Options{Viewport: &render.Viewport{Width: 8000, Height: 8000}}, sinso.ErrUnsupported},
		"a source outside":               {good, render.Options{Viewport: &render.Viewport{Width: 10, Height: 10, X: 2}}, sinso.ErrInvalid},
		"a source of no numbers":         {good, render.Options{Viewport: &render.Viewport{Width: 10, Height: 10, W: math.NaN()}}, sinso.ErrInvalid},
		"a palette cut off":              {palette(4, 16, usWords(0x00281200, "OW", 1)), render.Options{}, sinso.ErrCorrupt},
		"a segment of another kind":      {segments(3, 1, 1), render.Options{}, sinso.ErrCorrupt},
		"a first segment that is a line": {segments(1, 1, 1), render.Options{}, sinso.ErrCorrupt},
		"more than the descriptor says":  {segments(0, 1, 7, 1, 60000, 1), render.Options{}, sinso.ErrCorrupt},
		"a segment cut off":              {segments(0, 60000, 7), render.Options{}, sinso.ErrCorrupt},
		"a copy of itself":               {segments(0, 1, 7, 2, 2, 6, 0), render.Options{}, sinso.ErrCorrupt},
		"a copy from outside":            {segments(0, 1, 7, 2, 2, 0xFFFF, 0xFFFF), render.Options{}, sinso.ErrCorrupt},
		"no segment":                     {segments(0, 0), render.Options{}, sinso.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := drawn(t, tt.pic.part10(t), 0, tt.options); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestPictureRefusesFramesThatCannotBe(t *testing.T) {
	t.Parallel()
	f := bytesPic(2, 1, 2, 3, 4).file(t)
	for name, tt := range map[string]struct {
		frame dicom.Frame
		index int
		want  error
	}{
		"no shape":          {dicom.Frame{}, 0, sinso.ErrCorrupt},
		"too few bytes":     {dicom.Frame{Shape: dicom.Shape{Rows: 2, Columns: 2, Samples: 1, Allocated: 16, Stored: 16, High: 15}, Data: make([]byte, 7)}, 0, sinso.ErrCorrupt},
		"more than is read": {dicom.Frame{Shape: dicom.Shape{Rows: 65535, Columns: 65535, Samples: 1, Allocated: 16, Stored: 16, High: 15}}, 0, sinso.ErrUnsupported},
		"five samples":      {dicom.Frame{Shape: dicom.Shape{Rows: 2, Columns: 2, Samples: 5, Allocated: 8, Stored: 8, High: 7}, Data: make([]byte, 20)}, 0, sinso.ErrUnsupported},
		"a high bit beyond": {dicom.Frame{Shape: dicom.Shape{Rows: 2, Columns: 2, Samples: 1, Allocated: 8, Stored: 8, High: 9}, Data: make([]byte, 20)}, 0, sinso.ErrCorrupt},
		"a negative index":  {dicom.Frame{Shape: dicom.Shape{Rows: 2, Columns: 2, Samples: 1, Allocated: 8, Stored: 8, High: 7}, Data: make([]byte, 4)}, -1, sinso.ErrInvalid},
	} {
		if _, err := render.Picture(f, tt.frame, tt.index, render.Options{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}
