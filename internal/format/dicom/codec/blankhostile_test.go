package codec_test

import (
	"errors"
	"image"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// blankSeeds are small objects of every transfer syntax.
func blankSeeds(tb testing.TB) [][]byte {
	tb.Helper()
	var all [][]byte
	for _, s := range []dicom.Shape{shaped(1, 16, 12, true, "MONOCHROME2"), shaped(3, 8, 8, false, "RGB"), shaped(1, 1, 1, false, "MONOCHROME2")} {
		for _, syntax := range append([]string{codec.EncapsulatedUncompressed, codec.JPEG2000}, targets...) {
			if isExact(syntax, s) {
				all = append(all, drawnObject(tb, syntax, s))
			}
		}
	}
	grey := shaped(1, 8, 8, false, "PALETTE COLOR")
	ds := paletted(fragmentedTree(grey, streamOf(tb, codec.RLELossless, drawn(grey, 1))), 0, "\x90\x00\x10\x00\x30\x00")
	all = append(all, encoded(tb, codec.RLELossless, ds))
	for _, samples := range []int{1, 3} {
		s := shaped(samples, 8, 8, false, map[int]string{1: "MONOCHROME1", 3: "YBR_FULL_422"}[samples])
		m := jpeg.Image{Rows: s.Rows, Columns: s.Columns, Samples: samples, Precision: 8, Pixels: drawn(s, 1).Data, Transform: jpeg.ColorJFIF}
		stream, err := jpeg.EncodeBaseline(m, 90)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, fragmented(tb, codec.JPEGBaseline, s, stream, stream))
	}
	return all
}

// tryBlank blanks frames of any bytes: it is an error with a class, or elements with which
// the frames decode, blank and not, if they did before. It reports whether it was blanked.
func tryBlank(tb testing.TB, b []byte) bool {
	tb.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		return false
	}
	if shape, err := f.Shape(); err != nil || shape.Bytes() > 1<<20 {
		return false // larger ones take their time
	}
	box := image.Rect(2, 3, 11, 12)
	elements, err := codec.Blank(f, map[int][]image.Rectangle{0: {box, image.Rect(-4, 20, 99, 23)}})
	if err != nil {
		if !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported) && !errors.Is(err, sinso.ErrInvalid) && !errors.Is(err, sinso.ErrNotFound) {
			tb.Errorf("no class: %v", err)
		}
		return false
	}
	if elements == nil {
		return false // no box is in the frame
	}
	was, err := codec.Frame(f, 0)
	if err != nil {
		tb.Errorf("what does not decode was blanked: %v", err)
		return true
	}
	ds, err := f.Tree()
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range elements {
		ds.Set(e)
	}
	out, err := dicom.Encode(f.Syntax().UID, ds)
	if err != nil {
		return true // the rest of the object cannot be written
	}
	g, err := dicom.Read(out)
	if err != nil {
		tb.Errorf("what is blanked cannot be read: %v", err)
		return true
	}
	got, err := codec.Frame(g, 0)
	if err != nil || len(got.Data) != len(was.Data) {
		tb.Errorf("what is blanked does not decode, or as another frame: %v", err)
	}
	return true
}

// TestBlankOfMutantsIsBounded damages objects 4,000 times. It is not parallel, since it
// measures what is allocated.
func TestBlankOfMutantsIsBounded(t *testing.T) {
	seeds := blankSeeds(t)
	r := rand.New(rand.NewPCG(5, 6))
	var before, after runtime.MemStats
	blanked, n := 0, 4000
	for i := range n {
		b := append([]byte(nil), seeds[i%len(seeds)]...)
		for range 1 + r.IntN(4) {
			at := r.IntN(len(b))
			if r.IntN(2) == 0 {
				at = 132 + r.IntN(min(len(b)-132, 700)) // where the headers are
			}
			b[at] = byte(r.Uint32())
		}
		runtime.ReadMemStats(&before)
		start := time.Now()
		if tryBlank(t, b) {
			blanked++
		}
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 || took > 3*time.Second {
			t.Errorf("mutant %d: %d bytes, allocated %d, took %v", i, len(b), used, took)
		}
		if t.Failed() {
			t.Fatalf("mutant %d of seed %d", i, i%len(seeds))
		}
	}
	if blanked < n/20 || blanked > n*19/20 {
		t.Errorf("%d of %d mutants were blanked: the damage is none, or total", blanked, n)
	}
	t.Logf("%d of %d mutants were blanked, the rest refused", blanked, n)
}

// FuzzBlank blanks anything.
func FuzzBlank(f *testing.F) {
	for _, seed := range blankSeeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) { tryBlank(t, b) })
}

// BenchmarkBlank blanks a strip of a frame of 512×512.
func BenchmarkBlank(b *testing.B) {
	grey := slice()
	for _, syntax := range append([]string{codec.JPEGLSNearLossless, codec.JPEG2000, codec.JPEGBaseline, codec.JPEGExtended}, targets...) {
		frame := grey
		var in []byte
		known, _ := dicom.SyntaxByUID(syntax)
		switch {
		case syntax == codec.JPEGLSNearLossless:
			frame.Stored, frame.High = 16, 15
			in = fragmented(b, syntax, frame.Shape, streamOf(b, syntax, frame))
		case syntax == codec.JPEGBaseline || syntax == codec.JPEGExtended:
			m := jpeg.Image{Rows: 512, Columns: 512, Samples: 1, Precision: 12, Pixels: frame.Data}
			if syntax == codec.JPEGBaseline {
				frame.Allocated, frame.Stored, frame.High = 8, 8, 7
				m.Precision, m.Pixels = 8, nil
				for at := 0; at < len(frame.Data); at += 2 {
					m.Pixels = append(m.Pixels, frame.Data[at]>>4|frame.Data[at+1]<<4)
				}
			}
			stream, err := jpeg.EncodeBaseline(m, 90)
			if err != nil {
				b.Fatal(err)
			}
			in = fragmented(b, syntax, frame.Shape, stream)
		case known.Encapsulated:
			in = fragmented(b, syntax, frame.Shape, streamOf(b, syntax, frame))
		default:
			in = object(b, syntax, frame)
		}
		f, err := dicom.Read(in)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(syntax, func(b *testing.B) {
			for b.Loop() {
				if _, err := codec.Blank(f, map[int][]image.Rectangle{0: {image.Rect(0, 0, 256, 40)}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
