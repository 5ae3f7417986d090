package render_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// classOf tells whether an error is of a class that foreign bytes may have.
func classOf(err error) bool {
	for _, class := range []error{sinso.ErrInvalid, sinso.ErrCorrupt, sinso.ErrUnsupported, sinso.ErrNotFound} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

// drawAll draws a file in some of the ways there are and checks what comes out.
func drawAll(t *testing.T, b []byte, index int, o render.Options) (pictures int) {
	t.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		return 0
	}
	frame, err := render.NativeFrame(f, index)
	if err != nil {
		if !classOf(err) {
			t.Errorf("an error without a class: %v", err)
		}
		return 0
	}
	for _, o := range []render.Options{o, {Overlays: true, MaxSide: 16}} {
		picture, err := render.Picture(f, frame, index, o)
		if err != nil {
			if !classOf(err) {
				t.Errorf("an error without a class: %v", err)
			}
			continue
		}
		pictures++
		if size := picture.Bounds(); size.Empty() || o.MaxSide > 0 && max(size.Dx(), size.Dy()) > o.MaxSide {
			t.Errorf("a picture of %v", size)
		}
	}
	return pictures
}

// seeds are objects of each kind, in both ways to say the VR and both byte orders.
func seeds(tb testing.TB) [][]byte {
	tb.Helper()
	var all [][]byte
	cases := oracleCases()
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		all = append(all, cases[name].pic.part10(tb))
	}
	all = append(all, enhanced().part10(tb), segmentedPalette(16, true).part10(tb), segmentedPalette(8, true).part10(tb))
	for i, syntax := range []string{dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian} {
		for k := i; k < len(all); k += 9 {
			f, err := dicom.Read(all[k])
			if err != nil {
				tb.Fatal(err)
			}
			ds, err := f.Tree()
			if err != nil {
				tb.Fatal(err)
			}
			b, err := dicom.Encode(syntax, ds)
			if err != nil {
				tb.Fatal(err)
			}
			all = append(all, b)
		}
	}
	return all
}

// mutate damages a value or a length.
func mutate(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	head := min(len(b), 1500)
	at := func() int { return 132 + r.IntN(head-140) }
	switch r.IntN(5) {
	case 0:
		return b[:r.IntN(len(b))]
	case 1:
		for range 1 + r.IntN(6) {
			b[at()] ^= 1 << r.IntN(8)
		}
	case 2:
		lies := []uint16{0, 1, 0xFFFF, 0x8000, 0x7FFF, 8, 16, 32, uint16(r.Uint32())}
		binary.LittleEndian.PutUint16(b[at()&^1:], lies[r.IntN(len(lies))])
	case 3:
		for range 4 {
			b[at()] = byte(r.Uint32())
		}
	default:
		tag := []uint16{0x0010, 0x0011, 0x0100, 0x0101, 0x0102, 0x0103, 0x0002, 0x0006, 0x3002, 0x1101, 0x1221, 0x0050}[r.IntN(12)]
		if i := bytes.Index(b, []byte{0x28, 0, byte(tag), byte(tag >> 8), 'U', 'S', 2, 0}); i > 0 {
			binary.LittleEndian.PutUint16(b[i+8:], uint16(r.Uint32())>>r.IntN(16))
		}
	}
	return b
}

// TestMutantsAreDrawnOrRefused damages objects of every kind 6,000 times.
func TestMutantsAreDrawnOrRefused(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	all, pictures := seeds(t), 0
	const mutants = 6000
	start, slowest := time.Now(), time.Duration(0)
	for i := range mutants {
		before := time.Now()
		pictures += drawAll(t, mutate(r, all[i%len(all)]), r.IntN(2), render.Options{VOI: r.IntN(2)})
		slowest = max(slowest, time.Since(before))
	}
	if pictures == 0 || pictures == 2*mutants {
		t.Errorf("%d pictures: the damage is none, or total", pictures)
	}
	t.Logf("%d pictures of %d mutants in %v, the slowest took %v", pictures, mutants, time.Since(start), slowest)
}

// TestShapesThatLieAreRefused draws frames of any shape over bytes that may not hold it.
func TestShapesThatLieAreRefused(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	all, data := seeds(t), noise(5000)
	var files []*dicom.File
	for _, b := range all {
		f, err := dicom.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	one := func(of ...int) int { return of[r.IntN(len(of))] }
	photometrics := []string{"", "MONOCHROME1", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_RCT", "ARGB", "CMYK", "HSV"}
	pictures := 0
	for range 6000 {
		allocated := one(1, 8, 8, 8, 16, 16, 32, 64, 0, -8, 24)
		stored := one(allocated, allocated, allocated, 1, 7, 8, 12, 0, -1, 64)
		s := dicom.Shape{
			Rows: one(1, 2, 7, 30, 3, 4, 0, -1, math.MaxInt), Columns: one(1, 2, 8, 33, 4, 5, 65535, math.MinInt), Samples: one(1, 1, 3, 3, 4, 0, 2, -3),
			Allocated: allocated, Stored: stored, High: one(stored-1, stored-1, allocated-1, 0, 99),
			Signed: r.IntN(2) == 0, Planar: r.IntN(2) == 0, Photometric: photometrics[r.IntN(len(photometrics))],
		}
		o := render.Options{Overlays: true, Viewport: &render.Viewport{
			Width: one(1, 20, 64, -1), Height: one(1, 20, 64, 0), X: float64(one(0, 1, 5, math.MaxInt)), Y: -r.Float64(), W: float64(one(0, -1, 9, math.MinInt)),
		}}
		if r.IntN(3) > 0 {
			o.Viewport = nil
		}
		picture, err := render.Picture(files[r.IntN(len(files))], dicom.Frame{Shape: s, Data: data[:r.IntN(len(data))]}, one(0, 1, math.MaxInt), o)
		if err != nil && !classOf(err) {
			t.Errorf("%+v: an error without a class: %v", s, err)
		}
		if err == nil {
			pictures++
			if picture.Bounds().Empty() {
				t.Errorf("%+v: no picture", s)
			}
		}
	}
	if pictures < 100 {
		t.Errorf("%d pictures: nothing was drawn", pictures)
	}
}

// TestLargeHeadersTakeLittleTime draws the last of 100,000 frames that each have a
// window.
func TestLargeHeadersTakeLittleTime(t *testing.T) {
	t.Parallel()
	const frames = 100000
	p := pic{rows: 4, columns: 4, allocated: 8, photometric: "MONOCHROME2", frames: "100000", pixels: bytes.Repeat([]byte{7}, 16*frames)}
	window := func(center, width string) dicom.Dataset {
		return item(sq(0x00289132, item(cs(0x00281050, "DS", center), cs(0x00281051, "DS", width))))
	}
	groups := slices.Repeat([]dicom.Dataset{window("5", "9")}, frames)
	groups[frames-1] = window("7.5", "15")
	p.more = append(p.more, sq(0x52009230, groups...))
	f := p.file(t)
	start := time.Now()
	frame, err := render.NativeFrame(f, frames-1)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := render.Picture(f, frame, frames-1, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := flat(picture)[0]; got != 127 { // (7 - 0) / 14 * 255, cut off
		t.Errorf("got %d, want 127: the window is another frame's", got)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
