package deid

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// ellipse is a part of a drawn slice: its centre, half axes in mm, and its density.
type ellipse struct{ x, y, a, b, hu float64 }

// drawn returns an unlabelled axial CT slice of side × side pixels, mm apart, with
// its middle at the origin.
func drawn(side int, mm float64, parts ...ellipse) dicom.Dataset {
	ds := chest(side)
	ds.Remove(tagBodyPart)
	ds.Remove(tagAnatomicRegion)
	spacing := formatDS(mm)
	ds.SetString(tagPixelSpacing, dicom.VRDS, spacing, spacing)
	pixels := ds.Find(tagPixelData).Value
	for i := range side * side {
		x, y := (float64(i%side)-float64(side-1)/2)*mm, (float64(i/side)-float64(side-1)/2)*mm
		hu := -1000.0
		for _, e := range parts {
			if math.Hypot((x-e.x)/e.a, (y-e.y)/e.b) <= 1 {
				hu = e.hu
			}
		}
		binary.LittleEndian.PutUint16(pixels[2*i:], uint16(hu+1024))
	}
	return ds
}

func formatDS(v float64) string {
	text := []byte{byte('0' + int(v)), '.'}
	return string(append(text, byte('0'+int(v*10)%10), byte('0'+int(math.Round(v*100))%10)))
}

var (
	skull     = []ellipse{{0, 0, 75, 95, 40}, {0, 0, 70, 90, 900}, {0, 0, 64, 84, 35}}
	trunk     = []ellipse{{0, 0, 170, 110, 30}}
	childs    = []ellipse{{0, 0, 110, 80, 30}, {-50, 0, 40, 55, -800}, {50, 0, 40, 55, -800}}
	knee      = []ellipse{{0, 0, 62, 62, 30}}
	finger    = []ellipse{{0, 0, 12, 12, 30}}
	tableSkin = ellipse{0, 120, 250, 2, -50}
)

// also puts attributes into an item of a sequence that stays, as enhanced objects have
// them in their functional groups.
func also(change func(*dicom.Dataset)) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		var item dicom.Dataset
		change(&item)
		ds.Set(dicom.DataElement{Tag: tagKeptSequence, VR: dicom.VRSQ, Items: []dicom.Dataset{item}})
	}
}

func TestHeadsAreFoundBySize(t *testing.T) {
	t.Parallel()
	mr := class("1.2.840.10008.5.1.4.1.1.4", "MR")
	unsaid := func(tag dicom.Tag) func(*dicom.Dataset) { return func(ds *dicom.Dataset) { ds.Remove(tag) } }
	for name, tt := range map[string]struct {
		ds     dicom.Dataset
		change func(*dicom.Dataset)
		want   int
	}{
		"a head":                        {drawn(256, 1, skull...), noBurnedIn, 1},
		"a head in finer pixels":        {drawn(512, 0.5, skull...), noBurnedIn, 1},
		"a head on a table":             {drawn(300, 2, append(slices.Clone(skull), tableSkin)...), noBurnedIn, 1},
		"a head that fills the field":   {drawn(128, 0.5, skull...), noBurnedIn, 1},
		"a head by MR":                  {drawn(256, 1, skull...), mr, 1},
		"a trunk":                       {drawn(512, 0.8, trunk...), noBurnedIn, 0},
		"a trunk by MR":                 {drawn(512, 0.8, trunk...), mr, 0},
		"a trunk that is cut off":       {drawn(300, 1, trunk...), noBurnedIn, 0},
		"a child's chest, by its lungs": {drawn(256, 1, childs...), noBurnedIn, 0},
		"a child's chest by MR":         {drawn(256, 1, childs...), mr, 1}, // the safe side
		"a knee":                        {drawn(256, 1, knee...), noBurnedIn, 1},
		"a finger":                      {drawn(256, 0.5, finger...), noBurnedIn, 0},
		"air":                           {drawn(256, 1), noBurnedIn, 0},
		"a trunk from the side":         {drawn(512, 0.8, trunk...), set(tagOrientation, dicom.VRDS, "0", "1", "0", "0", "0", "-1"), 4},
		"a scout of a CT": {drawn(512, 0.8, trunk...), both(
			set(tagOrientation, dicom.VRDS, "0", "1", "0", "0", "0", "-1"), set(tagImageType, dicom.VRCS, "ORIGINAL", "PRIMARY", "LOCALIZER"),
		), 1},
		"no orientation":             {drawn(512, 0.8, trunk...), unsaid(tagOrientation), 4},
		"no spacing":                 {drawn(512, 0.8, trunk...), unsaid(tagPixelSpacing), 1},
		"darkness is bright":         {drawn(150, 2, skull...), both(mr, set(tagPhotometric, dicom.VRCS, "MONOCHROME1")), 1},
		"MR that is bright all over": {drawn(150, 2, ellipse{0, 0, 400, 400, 30}, ellipse{9, 9, 8, 8, -900}), mr, 1},
		"CT that is full of body":    {drawn(150, 2, ellipse{0, 0, 400, 400, 30}), noBurnedIn, 0},
		"two spacings": {drawn(512, 0.8, trunk...), also(func(ds *dicom.Dataset) {
			ds.SetString(tagPixelSpacing, dicom.VRDS, "0.4", "0.4")
		}), 1},
		"two orientations": {drawn(512, 0.8, trunk...), also(func(ds *dicom.Dataset) {
			ds.SetString(tagOrientation, dicom.VRDS, "0", "1", "0", "0", "0", "-1")
		}), 4},
		"the same twice": {drawn(512, 0.8, trunk...), also(func(ds *dicom.Dataset) {
			ds.SetString(tagPixelSpacing, dicom.VRDS, "0.80", "0.80")
		}), 0},
		"spacing that is no number": {drawn(512, 0.8, trunk...), set(tagPixelSpacing, dicom.VRDS, "NaN", "0.8"), 1},
		"spacing of kilometres":     {drawn(512, 0.8, trunk...), set(tagPixelSpacing, dicom.VRDS, "1e9", "1e9"), 1},
		"spacing of nothing":        {drawn(512, 0.8, trunk...), set(tagPixelSpacing, dicom.VRDS, "1e-9", "1e-9"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.change(&tt.ds)
			result, _, _ := cleaned(t, tt.ds, 1)
			if want := (Sight{Study: result.Sight.Study, Series: result.Sight.Series, Unnamed: true, Heads: tt.want}); result.Sight != want || result.Clean.Withheld != nil {
				t.Errorf("got %+v, withheld %v; want %+v", result.Sight, result.Clean.Withheld, want)
			}
		})
	}
}

// TestStoredBitsAloneAreValues: the bits above the stored ones, and below them, are
// something else.
func TestStoredBitsAloneAreValues(t *testing.T) {
	t.Parallel()
	frame := dicom.Frame{Shape: dicom.Shape{Rows: 1, Columns: 1, Samples: 1, Allocated: 16, Stored: 12, High: 11, Signed: true}, Data: []byte{0xFE, 0x7F}}
	if got := stored(frame, 2, 0); got != -2 {
		t.Errorf("signed: got %v", got)
	}
	frame.Signed = false
	if got := stored(frame, 2, 0); got != 0xFFE {
		t.Errorf("unsigned: got %v", got)
	}
	frame.High = 15
	if got := stored(frame, 2, 0); got != 0x7FF {
		t.Errorf("high bit 15: got %v", got)
	}
}

func TestFaceNeedsSeveralFrames(t *testing.T) {
	t.Parallel()
	one, more := Sight{Unnamed: true, Heads: 1}, Sight{Unnamed: true, Heads: faceFrames}
	for name, tt := range map[string]struct {
		sights []Sight
		want   bool
	}{
		"nothing":                   {nil, false},
		"one slice":                 {[]Sight{one}, false},
		"three":                     {[]Sight{one, one, {Unnamed: true}, one}, false},
		"four":                      {[]Sight{one, one, one, one}, true},
		"one object of many frames": {[]Sight{more}, true},
		"named ones do not count":   {[]Sight{one, one, one, {Heads: 1}}, false},
		"a named head beside it":    {[]Sight{{Unnamed: true}, {Named: true}}, true},
		"a named head, all named":   {[]Sight{{Named: true}, {}}, false},
	} {
		if got := FaceIn(tt.sights...); got != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestFramesAreLookedAtEvenly: a head anywhere among many frames is found.
func TestFramesAreLookedAtEvenly(t *testing.T) {
	t.Parallel()
	const frames, side = 640, 150
	head, body := drawn(side, 2, skull...), drawn(side, 2, trunk...)
	for _, from := range []int{0, 300, 580} {
		many := drawn(side, 2)
		var pixels []byte
		for i := range frames {
			if i >= from && i < from+60 {
				pixels = append(pixels, head.Find(tagPixelData).Value...)
			} else {
				pixels = append(pixels, body.Find(tagPixelData).Value...)
			}
		}
		many.Find(tagPixelData).Value = pixels
		many.SetString(tagFrames, dicom.VRIS, "640")
		many.SetString(tagSOPClass, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.2.1")
		if result, _, _ := cleaned(t, many, 1); !FaceIn(result.Sight) {
			t.Errorf("60 frames of a head from %d on: %+v", from, result.Sight)
		}
	}
}

// TestNoiseTakesLittleTime has a mask fall into as many parts as there can be.
func TestNoiseTakesLittleTime(t *testing.T) {
	t.Parallel()
	ds := drawn(512, 2)
	pixels, random := ds.Find(tagPixelData).Value, rand.New(rand.NewPCG(1, 2))
	for i := range len(pixels) / 2 {
		binary.LittleEndian.PutUint16(pixels[2*i:], uint16(random.IntN(4096)))
	}
	begun := time.Now()
	clean(t, newProfile(t), part10(t, dicom.ExplicitLittleEndian, ds), 1)
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	of := func(rows ...string) mask {
		m := newMask(len(rows[0]), len(rows))
		for i := range m.set {
			m.set[i] = rows[i/m.w][i%m.w] == '#'
		}
		return m
	}
	ring := of("......", ".####.", ".#..#.", ".####.", "......", ".....#")
	if got, want := ring.largest(), of("......", ".####.", ".#..#.", ".####.", "......", "......"); !slices.Equal(got.set, want.set) {
		t.Errorf("largest: %v", got)
	}
	if got, want := ring.filled(), of("......", ".####.", ".####.", ".####.", "......", ".....#"); !slices.Equal(got.set, want.set) {
		t.Errorf("filled: %v", got)
	}
	if got, want := of("###.", "###.", "###.", "####").eroded(1), of("##..", "##..", "##..", "###."); !slices.Equal(got.set, want.set) {
		t.Errorf("eroded: %v", got)
	}
	if x0, y0, x1, y1, some := ring.box(); x0 != 1 || y0 != 1 || x1 != 5 || y1 != 5 || !some {
		t.Errorf("box: %d %d %d %d %v", x0, y0, x1, y1, some)
	}
	if _, _, _, _, some := newMask(3, 3).largest().box(); some {
		t.Error("something in nothing")
	}
}

// TestRecognisableIsBelieved: what says so itself needs no look.
func TestRecognisableIsBelieved(t *testing.T) {
	t.Parallel()
	ds := drawn(128, 2, trunk...)
	ds.SetString(tagRecognizable, dicom.VRCS, "YES")
	result, _, _ := cleaned(t, ds, 1)
	if !slices.Equal(result.Clean.Withheld, []sinso.Reason{ReasonFace}) || result.Sight.Unnamed {
		t.Errorf("got %+v, withheld %v", result.Sight, result.Clean.Withheld)
	}
}
