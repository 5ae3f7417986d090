package rle_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strconv"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/rle"
)

// drawn returns a frame of runs and noise.
func drawn(rows, columns, samples, allocated int, planar bool) dicom.Frame {
	r := rand.New(rand.NewPCG(uint64(rows), uint64(columns)))
	f := dicom.Frame{Shape: dicom.Shape{Rows: rows, Columns: columns, Samples: samples, Allocated: allocated, Stored: allocated, High: allocated - 1, Planar: planar}}
	f.Data = make([]byte, f.Bytes())
	for at := 0; at < len(f.Data); {
		n, v := 1+r.IntN(300), byte(r.Uint32())
		if r.IntN(3) == 0 {
			n = 1 + r.IntN(3)
		}
		for ; n > 0 && at < len(f.Data); n-- {
			if f.Data[at] = v; v%5 == 0 {
				f.Data[at] = byte(r.Uint32())
			}
			at++
		}
	}
	return f
}

// interleaved returns the samples of a frame in Planar Configuration 0.
func interleaved(f dicom.Frame) []byte {
	if !f.Planar {
		return f.Data
	}
	out := make([]byte, 0, len(f.Data))
	size, pixels := f.Allocated/8, f.Rows*f.Columns
	for i := range pixels {
		for s := range f.Samples {
			at := (s*pixels + i) * size
			out = append(out, f.Data[at:at+size]...)
		}
	}
	return out
}

// TestRoundTripIsTheFrame encodes and decodes frames of all shapes.
func TestRoundTripIsTheFrame(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1, 1}, {1, 300}, {300, 1}, {7, 129}, {33, 64}} {
		for _, samples := range []int{1, 3} {
			for _, allocated := range []int{8, 16, 32, 40} {
				for _, planar := range []bool{false, true} {
					f := drawn(size[0], size[1], samples, allocated, planar)
					b, err := rle.Encode(f)
					if err != nil {
						t.Fatal(err)
					}
					got, err := rle.Decode(b, f.Shape)
					if err != nil || !bytes.Equal(got, interleaved(f)) {
						t.Errorf("%v, %d samples of %d bits, planar %v: another frame, %v", size, samples, allocated, planar, err)
					}
					if len(b)%2 != 0 || int(binary.LittleEndian.Uint32(b)) != samples*allocated/8 {
						t.Errorf("%d bytes, %d segments", len(b), b[0])
					}
				}
			}
		}
	}
}

// segments joins packed segments behind a header.
func segments(all ...string) []byte {
	out := make([]byte, 64)
	binary.LittleEndian.PutUint32(out, uint32(len(all)))
	for i, s := range all {
		binary.LittleEndian.PutUint32(out[4+4*i:], uint32(len(out)))
		out = append(out, s...)
	}
	return out
}

func shape(columns, samples, allocated int) dicom.Shape {
	return dicom.Shape{Rows: 1, Columns: columns, Samples: samples, Allocated: allocated, Stored: allocated, High: allocated - 1}
}

// TestDecodeFollowsAnnexG decodes and refuses what PS3.5 Annex G has examples of, and
// what real files do.
func TestDecodeFollowsAnnexG(t *testing.T) {
	t.Parallel()
	fits := segments("\xFD\xAA\x00\x01")
	beyond := bytes.Clone(fits)
	binary.LittleEndian.PutUint32(beyond[4:], uint32(len(beyond)+1))
	for name, tt := range map[string]struct {
		b     []byte
		shape dicom.Shape
		want  string
		err   error
	}{
		"a run and a literal":              {segments("\xFD\xAA\x00\x01"), shape(5, 1, 8), "\xAA\xAA\xAA\xAA\x01", nil},
		"the upper byte comes first":       {segments("\x01\x12\x56", "\x01\x34\x78"), shape(2, 1, 16), "\x34\x12\x78\x56", nil},
		"a segment for each sample":        {segments("\x01RR", "\x01GG", "\x01BB"), shape(2, 3, 8), "RGBRGB", nil},
		"no operation":                     {segments("\x80\x80\x01ab"), shape(2, 1, 8), "ab", nil},
		"an odd length without padding":    {segments("\x01ab"), shape(2, 1, 8), "ab", nil},
		"more than the frame has":          {segments("\x05abcdef"), shape(2, 1, 8), "ab", nil},
		"a run over the end":               {segments("\x81a"), shape(2, 1, 8), "aa", nil},
		"single bits":                      {segments("\x01\xF0\x01"), shape(9, 1, 1), "\xF0\x01", nil},
		"a literal that is cut off":        {segments("\x05abc"), shape(6, 1, 8), "", sinso.ErrCorrupt},
		"a segment too short":              {segments("\x01ab"), shape(3, 1, 8), "", sinso.ErrCorrupt},
		"a segment too few":                {segments("\x01ab"), shape(2, 1, 16), "", sinso.ErrCorrupt},
		"a segment too many":               {segments("\x01ab", "\x01ab"), shape(2, 1, 8), "", sinso.ErrCorrupt},
		"half a header":                    {fits[:63], shape(5, 1, 8), "", sinso.ErrCorrupt},
		"a segment that starts behind all": {beyond, shape(5, 1, 8), "", sinso.ErrCorrupt},
		"more pixels than can be":          {fits, dicom.Shape{Rows: 65535, Columns: 65535, Samples: 1, Allocated: 8}, "", sinso.ErrCorrupt},
		"16 bytes a pixel":                 {fits, shape(5, 2, 64), "", sinso.ErrUnsupported},
		"no rows":                          {fits, dicom.Shape{Columns: 1, Samples: 1, Allocated: 8}, "", sinso.ErrInvalid},
	} {
		got, err := rle.Decode(tt.b, tt.shape)
		if !errors.Is(err, tt.err) || string(got) != tt.want {
			t.Errorf("%s: got %q, %v, want %q, %v", name, got, err, tt.want, tt.err)
		}
	}
}

// TestEncodeRefuses gives it frames that cannot be.
func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		frame dicom.Frame
		want  error
	}{
		"a byte is missing": {dicom.Frame{Shape: shape(2, 1, 8), Data: []byte{1}}, sinso.ErrInvalid},
		"single bits":       {dicom.Frame{Shape: shape(8, 1, 1), Data: []byte{1}}, sinso.ErrUnsupported},
		"16 bytes a pixel":  {dicom.Frame{Shape: shape(1, 2, 64), Data: make([]byte, 16)}, sinso.ErrUnsupported},
	} {
		if _, err := rle.Encode(tt.frame); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

// TestRowsArePackedByThemselves finds each row's end in the packed bytes (PS3.5 §G.3.1).
func TestRowsArePackedByThemselves(t *testing.T) {
	t.Parallel()
	f := drawn(9, 77, 1, 8, false)
	b, err := rle.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	packed := b[64:]
	for range f.Rows {
		row := 0
		for row < f.Columns {
			if n := int(packed[0]); n < 128 {
				row += n + 1
				packed = packed[n+2:]
			} else {
				row += 257 - n
				packed = packed[2:]
			}
		}
		if row != f.Columns {
			t.Fatalf("a run goes over the end of its row: %d of %d", row, f.Columns)
		}
	}
	if len(packed) > 1 {
		t.Errorf("%d bytes behind the last row", len(packed))
	}
}

// TestMutantsAreBounded damages frames 5,000 times: each is refused as corrupt, or is
// a frame of the shape's size.
func TestMutantsAreBounded(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	taken := 0
	const mutants = 5000
	for i := range mutants {
		f := drawn(16, 40, 1+2*(i%2), 8*(1+i%3), false)
		b, err := rle.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		switch r.IntN(4) {
		case 0:
			b = b[:r.IntN(len(b))]
		case 1:
			b[r.IntN(64)] ^= 1 << r.IntN(8)
		case 2:
			b[64+r.IntN(len(b)-64)] ^= 1 << r.IntN(8)
		default:
			binary.LittleEndian.PutUint32(b[4*r.IntN(16):], []uint32{0, 1, 0x7FFFFFFF, 0xFFFFFFFF, uint32(len(b))}[r.IntN(5)])
		}
		if look(t, b, f.Shape) {
			taken++
		}
	}
	if taken == 0 || taken == mutants {
		t.Errorf("%d of %d mutants were decoded: the damage is none, or total", taken, mutants)
	}
}

func look(t *testing.T, b []byte, s dicom.Shape) bool {
	t.Helper()
	frame, err := rle.Decode(b, s)
	if err != nil {
		if !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("got %v, want %v", err, sinso.ErrCorrupt)
		}
		return false
	}
	if int64(len(frame)) != s.Bytes() || len(frame) > 64*len(b) {
		t.Errorf("%d bytes became %d, the shape says %d", len(b), len(frame), s.Bytes())
	}
	return true
}

// FuzzDecode decodes anything; what is decoded can be encoded, and is the same again.
func FuzzDecode(f *testing.F) {
	for _, samples := range []int{1, 3} {
		b, err := rle.Encode(drawn(5, 9, samples, 16, false))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, 5, 9, samples, 2)
	}
	f.Fuzz(func(t *testing.T, b []byte, rows, columns, samples, size int) {
		s := dicom.Shape{Rows: rows & 0xFFFF, Columns: columns & 0xFFFF, Samples: samples & 3, Allocated: 8 * (size & 7)}
		if s.Rows*s.Columns*s.Samples*s.Allocated == 0 || s.Samples*s.Allocated > 120 || !look(t, b, s) {
			return
		}
		data, err := rle.Decode(b, s)
		if err != nil {
			t.Fatal(err)
		}
		packed, err := rle.Encode(dicom.Frame{Shape: s, Data: data})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := rle.Decode(packed, s); err != nil || !bytes.Equal(again, data) {
			t.Errorf("encoded and decoded it is another frame: %v", err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for _, allocated := range []int{8, 16} {
		f := drawn(512, 512, 1, allocated, false)
		data, err := rle.Encode(f)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(strconv.Itoa(allocated), func(b *testing.B) {
			b.SetBytes(int64(len(f.Data)))
			for b.Loop() {
				if _, err := rle.Decode(data, f.Shape); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, allocated := range []int{8, 16} {
		f := drawn(512, 512, 1, allocated, false)
		b.Run(strconv.Itoa(allocated), func(b *testing.B) {
			b.SetBytes(int64(len(f.Data)))
			for b.Loop() {
				if _, err := rle.Encode(f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
