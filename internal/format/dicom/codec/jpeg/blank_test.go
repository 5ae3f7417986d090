package jpeg_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	stdimage "image"
	stdjpeg "image/jpeg"
	"maps"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// dark is a background of Y, Cb, Cr, or of other components: all 0.
func dark(m jpeg.Image) ([]uint16, error) {
	values := make([]uint16, m.Samples)
	if m.Samples == 3 {
		values[1], values[2] = 1<<(m.Precision-1), 1<<(m.Precision-1)
	}
	return values, nil
}

// bright is the highest value of every component.
func bright(m jpeg.Image) ([]uint16, error) {
	return slices.Repeat([]uint16{1<<m.Precision - 1}, m.Samples), nil
}

// dctStreams are those of streams that have coefficients, those of the Go distribution,
// and ours of odd sizes.
func dctStreams(t testing.TB) map[string][]byte {
	t.Helper()
	all := goImages(t)
	for name, stream := range streams(t) {
		if !strings.HasPrefix(name, "lossless") {
			all[name] = stream
		}
	}
	for _, precision := range []int{8, 12} {
		for _, samples := range []int{1, 3, 4} {
			for _, size := range [][2]int{{1, 1}, {8, 8}, {9, 33}, {40, 17}} {
				stream, err := jpeg.EncodeBaseline(texture(size[0], size[1], samples, precision), 90)
				if err != nil {
					t.Fatal(err)
				}
				all[fmt.Sprint("ours ", precision, samples, size)] = stream
			}
		}
	}
	return all
}

// sampling returns the largest sampling factors of a stream, and those of its components.
func sampling(t testing.TB, stream []byte) (h, v int, factors [][2]int) {
	t.Helper()
	for at := 2; at+4 < len(stream); at += 2 + int(binary.BigEndian.Uint16(stream[at+2:])) {
		if mark := stream[at+1]; mark < 0xC0 || mark > 0xC2 {
			continue
		}
		for i := range int(stream[at+9]) {
			f := [2]int{int(stream[at+11+3*i] >> 4), int(stream[at+11+3*i] & 15)}
			h, v, factors = max(h, f[0]), max(v, f[1]), append(factors, f)
		}
		return h, v, factors
	}
	t.Fatal("no frame header")
	return 0, 0, nil
}

// reach returns how far a box may change a component, by what Blank says: to the edges of
// its blocks, of one sample more where it is subsampled, and what is interpolated.
func reach(box stdimage.Rectangle, maxH, maxV int, factors [2]int, frame stdimage.Rectangle) stdimage.Rectangle {
	box = box.Canon().Intersect(frame)
	if box.Empty() {
		return box
	}
	axis := func(from, end, most, by int) (int, int) {
		side, margin := (8*most+by-1)/by, 0
		if by < most {
			margin = (most + by - 1) / by
		}
		from = max(from-margin, 0)*by/(8*most)*8*most/by - margin
		return from, ((end+margin-1)/side+1)*side + margin
	}
	box.Min.X, box.Max.X = axis(box.Min.X, box.Max.X, maxH, factors[0])
	box.Min.Y, box.Max.Y = axis(box.Min.Y, box.Max.Y, maxV, factors[1])
	return box
}

// checkBlanked compares an image with what it was.
func checkBlanked(t testing.TB, stream []byte, got, was jpeg.Image, boxes []stdimage.Rectangle, values []uint16) string {
	t.Helper()
	h, v, factors := sampling(t, stream)
	frame := stdimage.Rect(0, 0, was.Columns, was.Rows)
	if got.Transform != was.Transform || got.Rows != was.Rows || got.Columns != was.Columns || got.Samples != was.Samples || got.Precision != was.Precision {
		return "it is an image of another kind"
	}
	for i, f := range factors {
		var near []stdimage.Rectangle
		for _, box := range boxes {
			near = append(near, reach(box, h, v, f, frame))
		}
		in := func(x, y int, boxes []stdimage.Rectangle) bool {
			return slices.ContainsFunc(boxes, func(box stdimage.Rectangle) bool { return (stdimage.Point{X: x, Y: y}).In(box.Canon()) })
		}
		for y := range was.Rows {
			for x := range was.Columns {
				value := sampleAt(got, x, y, i)
				if in(x, y, boxes) && value != int(values[i]) {
					return fmt.Sprintf("component %d at %d, %d is %d, not blank", i, x, y, value)
				}
				if value != sampleAt(was, x, y, i) && !in(x, y, near) {
					return fmt.Sprintf("component %d at %d, %d was changed", i, x, y)
				}
			}
		}
	}
	return ""
}

// boxesOf are lists of rectangles of every kind that a frame can be given.
func boxesOf(rows, columns int) map[string][]stdimage.Rectangle {
	r := stdimage.Rect
	return map[string][]stdimage.Rectangle{
		"none":             nil,
		"empty":            {r(3, 3, 3, 9)},
		"outside":          {r(columns, 0, columns+9, rows), r(-9, -9, 0, 0)},
		"upper left":       {r(0, 0, 1, 1)},
		"lower right":      {r(columns-1, rows-1, columns, rows)},
		"right edge":       {r(columns-2, rows/3, columns+100, rows/2+1)},
		"lower edge":       {r(columns/3, rows-1, columns/2+1, rows+7)},
		"whole":            {r(-5, -5, columns+5, rows+5)},
		"middle":           {r(columns/4, rows/4, columns/2+1, rows/2+1)},
		"overlapping":      {r(0, 0, columns/2, rows/2), r(columns/3, rows/3, columns, rows)},
		"upside down":      {{Min: stdimage.Pt(columns/2, rows/2), Max: stdimage.Pt(columns/4, rows/4)}},
		"just off an MCU":  {r(15, 15, 17, 17), r(33, 8, 40, 9)},
		"just in an MCU":   {r(16, 16, 32, 32)},
		"a row, a column ": {r(0, rows/2, columns, rows/2+1), r(columns/2, 0, columns/2+1, rows)},
	}
}

// TestBlankChangesWhatItSaysAndNothingElse blanks streams of every process, subsampling
// and number of scans, with backgrounds at both ends of the range.
func TestBlankChangesWhatItSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, stream := range dctStreams(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			was := decode(t, stream)
			for what, boxes := range boxesOf(was.Rows, was.Columns) {
				for _, background := range []func(jpeg.Image) ([]uint16, error){dark, bright} {
					out, err := jpeg.Blank(stream, boxes, 1<<28, background)
					if err != nil {
						t.Fatalf("%s: %v", what, err)
					}
					values, _ := background(was)
					if why := checkBlanked(t, stream, decode(t, out), was, boxes, values); why != "" {
						t.Errorf("%s: %s", what, why)
					}
				}
			}
		})
	}
}

// TestBlankReachesAsFarAsItSays measures the distance of the furthest pixel that changes:
// 7 without subsampling, 18 where two pixels share a sample.
func TestBlankReachesAsFarAsItSays(t *testing.T) {
	t.Parallel()
	files := goImages(t)
	for name, want := range map[string]int{"video-001.q50.444.jpeg": 7, "video-001.q50.420.jpeg": 18, "video-001.q50.420.progressive.jpeg": 18, "video-005.gray.q50.jpeg": 7} {
		was := decode(t, files[name])
		furthest := 0
		for at := range 17 {
			box := stdimage.Rect(40+at, 40+at, 41+at, 41+at)
			out, err := jpeg.Blank(files[name], []stdimage.Rectangle{box}, 1<<28, dark)
			if err != nil {
				t.Fatal(err)
			}
			got := decode(t, out)
			for i := range got.Pixels {
				if x, y := i/was.Samples%was.Columns, i/was.Samples/was.Columns; got.Pixels[i] != was.Pixels[i] {
					furthest = max(furthest, box.Min.X-x, x-box.Min.X, box.Min.Y-y, y-box.Min.Y)
				}
			}
		}
		if furthest > want || furthest < want-2 {
			t.Errorf("%s: %d pixels, want %d", name, furthest, want)
		}
	}
}

// TestBlankLeavesNoTrace blanks two images that differ in a rectangle alone: the streams
// are the same, byte by byte, though their Huffman tables were not.
func TestBlankLeavesNoTrace(t *testing.T) {
	t.Parallel()
	box := stdimage.Rect(13, 11, 40, 20)
	for _, samples := range []int{1, 3} {
		for _, precision := range []int{8, 12} {
			one, other := texture(64, 60, samples, precision), texture(64, 60, samples, precision)
			size := len(other.Pixels) / 64 / 60
			for y := box.Min.Y; y < box.Max.Y; y++ {
				row := other.Pixels[(y*60+box.Min.X)*size : (y*60+box.Max.X)*size]
				for i := range row {
					row[i] = byte(i*7+y) & 15
				}
			}
			blanked := func(m jpeg.Image) ([]byte, []byte) {
				stream, err := jpeg.EncodeBaseline(m, 90)
				if err != nil {
					t.Fatal(err)
				}
				out, err := jpeg.Blank(stream, []stdimage.Rectangle{box}, 1<<20, dark)
				if err != nil {
					t.Fatal(err)
				}
				return stream, out
			}
			a, blankA := blanked(one)
			b, blankB := blanked(other)
			if bytes.Equal(a, b) || !bytes.Equal(blankA, blankB) {
				t.Errorf("%d samples of %d bits: the streams differ: %v, the blanked ones: %v", samples, precision, !bytes.Equal(a, b), !bytes.Equal(blankA, blankB))
			}
		}
	}
}

// TestBlankLeavesNoTraceBeyondTheEdge does so at the edges of a frame that is no multiple
// of its MCU: image/jpeg repeats the last pixels in whole blocks that are not shown.
func TestBlankLeavesNoTraceBeyondTheEdge(t *testing.T) {
	t.Parallel()
	var streams [2][]byte
	box := stdimage.Rect(17, 18, 23, 22)
	for i := range streams {
		m := stdimage.NewRGBA(stdimage.Rect(0, 0, 23, 22))
		for k := range m.Pix {
			m.Pix[k] = byte(k * 3)
			if stdimage.Pt(k/4%23, k/4/23).In(box) {
				m.Pix[k] = byte(k * (7 + 30*i))
			}
		}
		var b bytes.Buffer
		if err := stdjpeg.Encode(&b, m, nil); err != nil {
			t.Fatal(err)
		}
		out, err := jpeg.Blank(b.Bytes(), []stdimage.Rectangle{box}, 1<<20, dark)
		if err != nil {
			t.Fatal(err)
		}
		streams[i] = out
	}
	if !bytes.Equal(streams[0], streams[1]) {
		t.Error("the streams differ")
	}
}

// TestBlankDropsWhatIsNotThePicture plants a word wherever a stream has room for it.
func TestBlankDropsWhatIsNotThePicture(t *testing.T) {
	t.Parallel()
	const word = "DOE^JANE^SECRET!"
	segment := func(marker byte, body string) []byte {
		return append([]byte{0xFF, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
	}
	quant := strings.Repeat(word, 4)
	huffman := "\x13" + strings.Repeat("\x00", 15) + "\x10" + word // sixteen codes of sixteen bits that no scan uses
	for name, stream := range dctStreams(t) {
		was := decode(t, stream)
		planted := slices.Concat([]byte(word), stream[:2],
			segment(0xE0, "JFIF\x00\x01\x02\x00\x00\x48\x00\x48\x04\x04"+word+word+word), segment(0xE0, "JFXX\x00\x10"+word),
			segment(0xE1, "Exif\x00\x00"+word), segment(0xE2, word), segment(0xEE, word), segment(0xFE, word),
			segment(0xDB, "\x03"+quant), segment(0xC4, huffman), stream[2:], []byte(word))
		out, err := jpeg.Blank(planted, []stdimage.Rectangle{stdimage.Rect(0, 0, 4, 4)}, 1<<28, dark)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if bytes.Contains(out, []byte(word)) || !bytes.HasPrefix(out, []byte{0xFF, 0xD8}) || !bytes.HasSuffix(out, []byte{0xFF, 0xD9}) {
			t.Errorf("%s: what was planted is there, or it does not begin and end as a stream", name)
		}
		if jfif := segments(out)[0xE0]; len(jfif) != 14 || jfif[12]|jfif[13] != 0 || jfif[9] == 0 {
			t.Errorf("%s: JFIF says %x", name, jfif)
		}
		if got := decode(t, out); got.Transform != decode(t, planted).Transform || got.Rows != was.Rows {
			t.Errorf("%s: another image", name)
		}
	}
}

// TestBlankKeepsHowAStreamIsLaidOut compares the frame header, quantisation, restart
// intervals and scans before and after.
func TestBlankKeepsHowAStreamIsLaidOut(t *testing.T) {
	t.Parallel()
	for name, stream := range dctStreams(t) {
		if strings.Contains(name, "progressive") || strings.Contains(name, "progression") {
			continue
		}
		out, err := jpeg.Blank(stream, []stdimage.Rectangle{stdimage.Rect(0, 0, 9, 9)}, 1<<28, dark)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, want := segments(out), segments(stream)
		for _, marker := range []byte{0xC0, 0xC1, 0xDA, 0xDB, 0xDD, 0xE0, 0xEE} {
			if !bytes.Equal(got[marker], want[marker]) {
				t.Errorf("%s: the segments of marker %02X are others", name, marker)
			}
		}
		for restart := range 8 {
			mark := []byte{0xFF, byte(0xD0 + restart)}
			if got, want := bytes.Count(out, mark), bytes.Count(stream, mark); got != want {
				t.Errorf("%s: %d restarts, want %d", name, got, want)
			}
		}
	}
}

// segments joins the parameters of the segments of a stream by marker. Those of
// quantisation are joined as tables, one segment or several.
func segments(stream []byte) map[byte][]byte {
	out := map[byte][]byte{}
	for at := 2; at+4 <= len(stream); {
		if stream[at] != 0xFF || stream[at+1] == 0 || stream[at+1] >= 0xD0 && stream[at+1] <= 0xD9 || stream[at+1] == 0xFF {
			at++
			continue
		}
		size := 2 + int(binary.BigEndian.Uint16(stream[at+2:]))
		out[stream[at+1]] = append(out[stream[at+1]], stream[at+4:at+size]...)
		at += size
	}
	return out
}

// TestBlankRefusesWhatHasNoCoefficients names the class.
func TestBlankRefusesWhatHasNoCoefficients(t *testing.T) {
	t.Parallel()
	grey, err := jpeg.EncodeBaseline(texture(16, 16, 1, 8), 80)
	if err != nil {
		t.Fatal(err)
	}
	lossless, err := jpeg.EncodeLossless(texture(16, 16, 1, 8), 1)
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("no background")
	for name, tt := range map[string]struct {
		stream     []byte
		limit      int64
		background func(jpeg.Image) ([]uint16, error)
		want       error
	}{
		"nothing":       {nil, 1 << 20, dark, sinso.ErrCorrupt},
		"cut off":       {grey[:len(grey)-9], 1 << 20, dark, sinso.ErrCorrupt},
		"lossless":      {lossless, 1 << 20, dark, sinso.ErrUnsupported},
		"too large":     {grey, 255, dark, sinso.ErrUnsupported},
		"arithmetic":    {bytes.Replace(grey, []byte("\xFF\xC0"), []byte("\xFF\xC9"), 1), 1 << 20, dark, sinso.ErrUnsupported},
		"no background": {grey, 1 << 20, func(jpeg.Image) ([]uint16, error) { return nil, failed }, failed},
		"two values":    {grey, 1 << 20, func(jpeg.Image) ([]uint16, error) { return []uint16{0, 0}, nil }, sinso.ErrInvalid},
	} {
		if _, err := jpeg.Blank(tt.stream, nil, tt.limit, tt.background); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

// TestBackgroundIsMetAsNearAsCanBe wants any value within half a step of the DC.
func TestBackgroundIsMetAsNearAsCanBe(t *testing.T) {
	t.Parallel()
	for _, precision := range []int{8, 12} {
		stream, err := jpeg.EncodeBaseline(texture(16, 16, 1, precision), 50) // the step of the DC is 16, two values
		if err != nil {
			t.Fatal(err)
		}
		for value := 0; value < 1<<precision; value += 1 + value/7 {
			out, err := jpeg.Blank(stream, []stdimage.Rectangle{stdimage.Rect(0, 0, 16, 16)}, 1<<20, func(jpeg.Image) ([]uint16, error) {
				return []uint16{uint16(value)}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := sampleAt(decode(t, out), 9, 9, 0); got > value+1 || got < value-1 {
				t.Errorf("%d bits: got %d, want %d", precision, got, value)
			}
		}
	}
}

// sortedNames returns the names of streams in order.
func sortedNames(all map[string][]byte) []string { return slices.Sorted(maps.Keys(all)) }
