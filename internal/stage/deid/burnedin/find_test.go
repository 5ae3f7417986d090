package burnedin

import (
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// TestTextIsFoundAtEachSizeAngleAndContrast draws lines of text that no tree was
// fitted to over anatomy with noise.
func TestTextIsFoundAtEachSizeAngleAndContrast(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: slow under the race detector, and one goroutine")
	}
	const w, h = 320, 256
	words := []string{"DOE JANE", "1970-01-02", "MRN 348812", "E40", "HOSTEL"}
	var all, hidden, gone, outside int
	for i, high := range []float64{8, 10, 13, 18, 26, 40} {
		for j, angle := range []float64{0, 90, 180, 270, 5, -8} {
			for k, ink := range []float64{1, .75, 0} {
				r := rand.New(rand.NewPCG(uint64(i), uint64(10*j+k)))
				v := scene(w, h, .01+.01*float64(k), r)
				p := newPen(w, h)
				rad := angle / 180 * math.Pi
				sin, cos := math.Sincos(rad)
				word := words[(i+j+k)%len(words)]
				if high > 20 {
					word = word[:min(4, len(word))]
				}
				long := .8 * high * float64(len(word))
				box := p.text(word, w/2-long/2*cos+high/2*sin, h/2-long/2*sin-high/2*cos, high, max(1.2, high/9), rad)
				for n, c := range p.cover {
					v[n] += (ink - v[n]) * c
				}
				boxes, err := Find(frameOf(v, w, h, []int{8, 16}[k%2]))
				if err != nil {
					t.Fatal(err)
				}
				all++
				if covered(box, boxes) {
					hidden++
				} else {
					t.Logf("%q, %v high, %v degrees, value %v at %v: only %v", word, high, angle, ink, box, boxes)
				}
				n, o := lost(w, h, []image.Rectangle{box}, boxes)
				gone, outside = gone+n, outside+o
			}
		}
	}
	t.Logf("%d of %d hidden, %.2f %% of the pixels outside lost", hidden, all, 100*float64(gone)/float64(outside))
	if 100*hidden < 95*all {
		t.Errorf("%d of %d texts are hidden, want 95 %%", hidden, all)
	}
	if 100*gone > 2*outside {
		t.Errorf("%d of %d pixels outside are lost, want 2 %%", gone, outside)
	}
}

// TestAnatomyAloneIsLeft looks at the same scenes without text.
func TestAnatomyAloneIsLeft(t *testing.T) {
	t.Parallel()
	gone, outside := 0, 0
	for i := range 24 {
		r := rand.New(rand.NewPCG(uint64(i), 3))
		boxes, err := Find(frameOf(scene(320, 256, .004*float64(i%8), r), 320, 256, []int{8, 16}[i%2]))
		if err != nil {
			t.Fatal(err)
		}
		n, o := lost(320, 256, nil, boxes)
		gone, outside = gone+n, outside+o
	}
	if 100*gone > outside {
		t.Errorf("%d of %d pixels are lost, want 1 %%", gone, outside)
	}
}

// TestColourAloneIsFound draws text that is as light as what is under it.
func TestColourAloneIsFound(t *testing.T) {
	t.Parallel()
	const w, h = 256, 128
	p := newPen(w, h)
	box := p.text("DOE JANE 12", 30, 50, 14, 1.8, 0)
	rgb := make([]byte, 3*w*h)
	for i, c := range p.cover {
		grey := 120.
		rgb[3*i], rgb[3*i+1], rgb[3*i+2] = byte(grey+c*100), byte(grey-c*50), byte(grey)
	}
	shape := dicom.Shape{Rows: h, Columns: w, Samples: 3, Allocated: 8, Stored: 8, High: 7, Photometric: "RGB"}
	boxes, err := Find(dicom.Frame{Shape: shape, Data: rgb})
	if err != nil {
		t.Fatal(err)
	}
	if !covered(box, boxes) {
		t.Errorf("text at %v is not in %v", box, boxes)
	}
}

// TestTextBesideTheStoredBitsIsFound draws with values that are too large to be stored.
func TestTextBesideTheStoredBitsIsFound(t *testing.T) {
	t.Parallel()
	const w, h = 256, 128
	p := newPen(w, h)
	box := p.text("DOE JANE 12", 30, 50, 14, 1.8, 0)
	frame := dicom.Frame{
		Shape: dicom.Shape{Rows: h, Columns: w, Samples: 1, Allocated: 16, Stored: 12, High: 11, Signed: true, Photometric: "MONOCHROME2"},
		Data:  make([]byte, 2*w*h),
	}
	for i, c := range p.cover {
		put(frame, i, uint32(uint16(int16(-1000+4096*math.Round(c)))))
	}
	boxes, err := Find(frame)
	if err != nil {
		t.Fatal(err)
	}
	if !covered(box, boxes) {
		t.Errorf("text at %v is not in %v", box, boxes)
	}
	Blank(frame, boxes)
	for i := range w * h {
		if got := int16(cell(frame, i)); got != -1000 {
			t.Fatalf("pixel %d is %d after Blank, want -1000", i, got)
		}
	}
}

// TestBoxesAreSortedAndInside is what Find promises of its answer, and that it is
// the same for planes and for samples one after the other.
func TestBoxesAreSortedAndInside(t *testing.T) {
	t.Parallel()
	const w, h = 300, 200
	r := rand.New(rand.NewPCG(4, 4))
	p := newPen(w, h)
	p.text("DOE JANE", 2, 2, 12, 1.6, 0)
	p.text("1970-01-02", 150, 180, 12, 1.6, 0)
	p.text("MRN 12", 180, 60, 12, 1.6, 0)
	v := scene(w, h, .01, r)
	mixed, planar := make([]byte, 3*w*h), make([]byte, 3*w*h)
	for i, c := range p.cover {
		for s := range 3 {
			b := byte(255 * (v[i] + c*(1-v[i])))
			mixed[3*i+s], planar[s*w*h+i] = b, b
		}
	}
	shape := dicom.Shape{Rows: h, Columns: w, Samples: 3, Allocated: 8, Stored: 8, High: 7, Photometric: "RGB"}
	boxes, err := Find(dicom.Frame{Shape: shape, Data: mixed})
	if err != nil {
		t.Fatal(err)
	}
	if len(boxes) < 3 {
		t.Errorf("three texts are found as %v", boxes)
	}
	for i, b := range boxes {
		if b.Empty() || !b.In(image.Rect(0, 0, w, h)) {
			t.Errorf("%v is not inside of the frame", b)
		}
		if i > 0 && (b.Min.Y < boxes[i-1].Min.Y || b.Min.Y == boxes[i-1].Min.Y && b.Min.X < boxes[i-1].Min.X) {
			t.Errorf("%v is not sorted", boxes)
		}
	}
	shape.Planar = true
	if again, err := Find(dicom.Frame{Shape: shape, Data: planar}); err != nil || !slices.Equal(again, boxes) {
		t.Errorf("planar: %v, %v, want %v", again, err, boxes)
	}
}

// TestUnsoundFramesAreRefused is before memory is taken for them.
func TestUnsoundFramesAreRefused(t *testing.T) {
	t.Parallel()
	good := dicom.Shape{Rows: 64, Columns: 64, Samples: 1, Allocated: 8, Stored: 8, High: 7, Photometric: "MONOCHROME2"}
	for name, tt := range map[string]struct {
		change func(*dicom.Shape)
		bytes  int
		want   error
	}{
		"no rows":      {func(s *dicom.Shape) { s.Rows = 0 }, 4096, sinso.ErrInvalid},
		"negative":     {func(s *dicom.Shape) { s.Columns = -64 }, 4096, sinso.ErrInvalid},
		"huge":         {func(s *dicom.Shape) { s.Rows, s.Columns = 1<<16, 1<<16 }, 4096, sinso.ErrCorrupt},
		"data cut":     {func(*dicom.Shape) {}, 4095, sinso.ErrCorrupt},
		"two samples":  {func(s *dicom.Shape) { s.Samples = 2 }, 1 << 14, sinso.ErrUnsupported},
		"64 bits":      {func(s *dicom.Shape) { s.Allocated, s.Stored, s.High = 64, 64, 63 }, 1 << 16, sinso.ErrUnsupported},
		"stored bits":  {func(s *dicom.Shape) { s.Stored = 9 }, 4096, sinso.ErrInvalid},
		"high bit":     {func(s *dicom.Shape) { s.High = 8 }, 4096, sinso.ErrInvalid},
		"no bit":       {func(s *dicom.Shape) { s.Stored = 0 }, 4096, sinso.ErrInvalid},
		"bits colour":  {func(s *dicom.Shape) { s.Allocated, s.Stored, s.High, s.Samples = 1, 1, 0, 3 }, 4096, sinso.ErrUnsupported},
		"high too low": {func(s *dicom.Shape) { s.High = 3 }, 4096, sinso.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shape := good
			tt.change(&shape)
			frame := dicom.Frame{Shape: shape, Data: make([]byte, tt.bytes)}
			if boxes, err := Find(frame); !errors.Is(err, tt.want) {
				t.Errorf("got %v, %v, want %v", boxes, err, tt.want)
			}
			frame.Data[5] = 7
			Blank(frame, []image.Rectangle{image.Rect(0, 0, 1, 1)})
			if frame.Data[5] != 0 {
				t.Error("a frame that cannot be read is not cleared by Blank")
			}
		})
	}
}

// TestAnyShapeAndBytesAreSurvived mutates shape and data by a fixed series.
func TestAnyShapeAndBytesAreSurvived(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	found := 0
	for range 400 {
		s := dicom.Shape{
			Rows: r.IntN(70), Columns: r.IntN(70), Samples: []int{1, 1, 3}[r.IntN(3)], Allocated: []int{1, 8, 16, 32}[r.IntN(4)],
			Signed: r.IntN(2) == 0, Planar: r.IntN(2) == 0, Photometric: []string{"MONOCHROME1", "MONOCHROME2", "RGB", "YBR_FULL", "YBR_PARTIAL_422", "", "PALETTE COLOR"}[r.IntN(7)],
		}
		s.Stored = 1 + r.IntN(s.Allocated)
		s.High = s.Stored - 1 + r.IntN(s.Allocated-s.Stored+1)
		data := make([]byte, s.Bytes())
		mode := r.IntN(3)
		for i := range data {
			switch mode {
			case 0:
				data[i] = byte(r.Uint32())
			case 1:
				data[i] = byte(-(r.Uint32() & 1))
			}
		}
		frame := dicom.Frame{Shape: s, Data: data}
		boxes, err := Find(frame)
		if err != nil {
			continue
		}
		found++
		for _, b := range boxes {
			if b.Empty() || !b.In(image.Rect(0, 0, s.Columns, s.Rows)) {
				t.Fatalf("%+v: box %v is not inside", s, b)
			}
		}
		Blank(frame, append(boxes, image.Rect(-5, -5, 9, 9), image.Rect(60, 60, 900, 900)))
	}
	if found < 200 {
		t.Errorf("only %d frames were looked at", found)
	}
}

// TestFullFramesTakeBoundedTime looks at frames that are nothing but strokes: seconds. The
// bound leaves room for a busy machine and the race detector; what is not linear in what
// is drawn takes many times as long.
func TestFullFramesTakeBoundedTime(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: slow under the race detector, and one goroutine")
	}
	const side = 1000
	for name, stroke := range map[string]func(x, y int) bool{
		"letters": func(x, y int) bool { return x%24 < 14 && y%24 < 14 && (x%24%6 < 2 || y%24%6 < 2) },
		"points":  func(x, y int) bool { return x%9 < 2 && y%9 < 2 },
		"bars":    func(x, y int) bool { return (x/3+y/40)%3 == 0 },
		"words":   func(x, y int) bool { return x%61 < 40 && y%31 < 12 && (x%8 < 2 || y%31 == 5 && x%16 < 8) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			frame := dicom.Frame{Shape: dicom.Shape{Rows: side, Columns: side, Samples: 1, Allocated: 8, Stored: 8, High: 7}, Data: make([]byte, side*side)}
			for i := range frame.Data {
				if stroke(i%side, i/side) {
					frame.Data[i] = 255
				}
			}
			begin := time.Now()
			if _, err := Find(frame); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(begin); took > 2*time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	for name, noise := range map[string]float64{"quiet": .004, "noisy": .04} {
		b.Run(name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 1))
			v := scene(512, 512, noise, r)
			p := newPen(512, 512)
			p.text("DOE JANE 1970", 20, 20, 14, 1.6, 0)
			p.text("MRN 334 555", 300, 480, 12, 1.5, 0)
			for i, c := range p.cover {
				v[i] += (1 - v[i]) * c
			}
			frame := frameOf(v, 512, 512, 16)
			b.SetBytes(int64(len(frame.Data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Find(frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
