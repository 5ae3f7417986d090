package codec_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// shapes are those that the lossless transfer syntaxes must hold.
func shapes() []dicom.Shape {
	return []dicom.Shape{
		shaped(1, 8, 8, false, "MONOCHROME2"), shaped(1, 8, 6, false, "MONOCHROME1"), shaped(1, 8, 7, true, "MONOCHROME2"),
		shaped(1, 8, 1, false, "MONOCHROME2"), shaped(1, 16, 12, false, "MONOCHROME2"), shaped(1, 16, 12, true, "MONOCHROME2"),
		shaped(1, 16, 16, true, "MONOCHROME2"), shaped(1, 16, 16, false, "MONOCHROME2"), shaped(1, 16, 8, false, "MONOCHROME2"),
		shaped(1, 32, 16, true, "MONOCHROME2"), shaped(1, 32, 20, true, "MONOCHROME2"), shaped(1, 32, 32, false, "MONOCHROME2"),
		shaped(3, 8, 8, false, "RGB"), shaped(3, 8, 8, false, "YBR_FULL"), shaped(3, 16, 16, false, "RGB"), shaped(3, 16, 10, false, "RGB"),
		shaped(1, 8, 8, false, "PALETTE COLOR"), shaped(1, 16, 16, false, "PALETTE COLOR"), shaped(1, 1, 1, false, "MONOCHROME2"),
	}
}

// TestEncodedFramesDecodeToTheSame encodes and decodes frames of each shape in each
// transfer syntax that can hold it.
func TestEncodedFramesDecodeToTheSame(t *testing.T) {
	t.Parallel()
	for _, s := range shapes() {
		for _, syntax := range targets {
			if !canHold(syntax, s) {
				continue
			}
			want := drawn(s, 1)
			data, err := codec.EncodeFrame(syntax, want)
			if err != nil {
				t.Errorf("%v in %s: %v", s, syntax, err)
				continue
			}
			got, err := codec.DecodeFrame(syntax, data, s)
			if err != nil || got.Shape != s || !bytes.Equal(got.Data, want.Data) {
				t.Errorf("%v in %s: another frame, %v, %v", s, syntax, got.Shape, err)
			}
		}
	}
}

// TestBitsAboveStoredAreKept encodes cells with more than Bits Stored in them, and
// with samples that do not end at the lowest bit.
func TestBitsAboveStoredAreKept(t *testing.T) {
	t.Parallel()
	overlay, shifted := drawn(shaped(1, 16, 16, false, "MONOCHROME2"), 2), drawn(shaped(1, 16, 16, false, "MONOCHROME2"), 3)
	overlay.Stored, overlay.High = 12, 11
	shifted.Stored, shifted.High = 12, 15
	for _, f := range []dicom.Frame{overlay, shifted} {
		for _, syntax := range targets {
			data, err := codec.EncodeFrame(syntax, f)
			if err != nil {
				t.Fatalf("%s: %v", syntax, err)
			}
			got, err := codec.DecodeFrame(syntax, data, f.Shape)
			if err != nil || !bytes.Equal(got.Data, f.Data) {
				t.Errorf("%s: bits were lost, %v", syntax, err)
			}
		}
	}
}

// TestBaselineIsNear encodes RGB and grey by baseline JPEG and looks how much is lost.
func TestBaselineIsNear(t *testing.T) {
	t.Parallel()
	for _, s := range []dicom.Shape{shaped(1, 8, 8, false, "MONOCHROME2"), shaped(3, 8, 8, false, "RGB"), shaped(3, 8, 8, false, "YBR_FULL")} {
		want := dicom.Frame{Shape: s}
		for y := range s.Rows {
			for x := range s.Columns * s.Samples {
				want.Data = append(want.Data, byte(60+2*y+x))
			}
		}
		data, err := codec.EncodeFrame(codec.JPEGBaseline, want)
		if err != nil {
			t.Fatal(err)
		}
		as := s
		if s.Samples == 3 {
			as.Photometric = "YBR_FULL"
		}
		got, err := codec.DecodeFrame(codec.JPEGBaseline, data, as)
		if err != nil {
			t.Fatal(err)
		}
		if s.Photometric == "YBR_FULL" { // it comes back as RGB
			if got.Photometric != "RGB" {
				t.Errorf("got %s", got.Photometric)
			}
			continue
		}
		if far := furthest([]dicom.Frame{got}, []dicom.Frame{want}); far < 0 || far > 16 {
			t.Errorf("%s: samples are %d apart", s.Photometric, far)
		}
	}
}

// TestEncodeRefusesWhatASyntaxCannotHold names the class.
func TestEncodeRefusesWhatASyntaxCannotHold(t *testing.T) {
	t.Parallel()
	grey := shaped(1, 8, 8, false, "MONOCHROME2")
	short := drawn(grey, 1)
	short.Data = short.Data[1:]
	none := drawn(grey, 1)
	none.Rows = 0
	for name, tt := range map[string]struct {
		syntax string
		frame  dicom.Frame
		want   error
	}{
		"a byte is missing":            {codec.RLELossless, short, sinso.ErrInvalid},
		"no rows":                      {codec.RLELossless, none, sinso.ErrInvalid},
		"single bits by RLE":           {codec.RLELossless, drawn(shaped(1, 1, 1, false, "MONOCHROME2"), 1), sinso.ErrUnsupported},
		"32 bits by JPEG":              {codec.JPEGLosslessSV1, drawn(shaped(1, 32, 32, false, "MONOCHROME2"), 1), sinso.ErrUnsupported},
		"32 bits by JPEG-LS":           {codec.JPEGLSLossless, drawn(shaped(1, 32, 20, false, "MONOCHROME2"), 1), sinso.ErrUnsupported},
		"32 bits by JPEG 2000":         {codec.JPEG2000Lossless, drawn(shaped(1, 32, 32, false, "MONOCHROME2"), 1), sinso.ErrUnsupported},
		"64 bits by JPEG 2000":         {codec.JPEG2000Lossless, drawn(shaped(1, 64, 64, false, "MONOCHROME2"), 1), sinso.ErrUnsupported},
		"12 bits by baseline JPEG":     {codec.JPEGBaseline, drawn(shaped(1, 16, 12, false, "MONOCHROME2"), 1), sinso.ErrUnsupported},
		"a palette by baseline JPEG":   {codec.JPEGBaseline, drawn(shaped(1, 8, 8, false, "PALETTE COLOR"), 1), sinso.ErrUnsupported},
		"near-lossless JPEG-LS":        {codec.JPEGLSNearLossless, drawn(grey, 1), sinso.ErrUnsupported},
		"a transfer syntax of MPEG":    {"1.2.840.10008.1.2.4.100", drawn(grey, 1), sinso.ErrUnsupported},
		"a transfer syntax of nothing": {"", drawn(grey, 1), sinso.ErrUnsupported},
	} {
		if _, err := codec.EncodeFrame(tt.syntax, tt.frame); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

// TestDecodeRefusesWhatDoesNotFitTheHeader decodes a frame by the shape of another.
func TestDecodeRefusesWhatDoesNotFitTheHeader(t *testing.T) {
	t.Parallel()
	for _, syntax := range targets[4:] {
		data, err := codec.EncodeFrame(syntax, drawn(shaped(1, 16, 12, false, "MONOCHROME2"), 1))
		if err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func(*dicom.Shape){
			"more rows":       func(s *dicom.Shape) { s.Rows++ },
			"other columns":   func(s *dicom.Shape) { s.Columns += 2 },
			"three samples":   func(s *dicom.Shape) { s.Samples = 3 },
			"far less":        func(s *dicom.Shape) { s.Rows, s.Columns = 2, 3 },
			"cells of 8 bits": func(s *dicom.Shape) { s.Allocated, s.Stored, s.High = 8, 8, 7 },
		} {
			if syntax == codec.RLELossless && (name == "more rows" || name == "far less") {
				continue // of which its stream says nothing
			}
			s := shaped(1, 16, 12, false, "MONOCHROME2")
			change(&s)
			if _, err := codec.DecodeFrame(syntax, data, s); !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("%s by %s: got %v, want %v", name, syntax, err, sinso.ErrCorrupt)
			}
		}
	}
	if _, err := codec.DecodeFrame("1.2.840.10008.1.2.4.100", nil, shaped(1, 8, 8, false, "")); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("MPEG: got %v", err)
	}
	huge := dicom.Shape{Rows: 65535, Columns: 65535, Samples: 3, Allocated: 16, Stored: 16, High: 15}
	if _, err := codec.DecodeFrame(codec.RLELossless, nil, huge); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("a frame of 25 GB: got %v", err)
	}
}

// TestNativeFramesBecomeInterleaved decodes planes and shared chrominance.
func TestNativeFramesBecomeInterleaved(t *testing.T) {
	t.Parallel()
	s := dicom.Shape{Rows: 1, Columns: 2, Samples: 3, Allocated: 8, Stored: 8, High: 7, Planar: true, Photometric: "RGB"}
	got, err := codec.DecodeFrame(dicom.ExplicitLittleEndian, []byte("RrGgBb"), s)
	if err != nil || string(got.Data) != "RGBrgb" || got.Planar || got.Photometric != "RGB" {
		t.Errorf("planes: got %q, %v, %v", got.Data, got.Shape, err)
	}
	s.Planar, s.Photometric = false, "YBR_FULL_422"
	got, err = codec.DecodeFrame(dicom.ExplicitLittleEndian, []byte("Yybr"), s)
	if err != nil || string(got.Data) != "Ybrybr" || got.Photometric != "YBR_FULL" {
		t.Errorf("shared chrominance: got %q, %v, %v", got.Data, got.Shape, err)
	}
	if _, err := codec.DecodeFrame(dicom.ExplicitLittleEndian, []byte("Yyb"), s); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("too short: got %v", err)
	}
	deep := dicom.Shape{Rows: 1, Columns: 1, Samples: 2, Allocated: 16, Stored: 16, High: 15, Planar: true}
	got, err = codec.DecodeFrame(dicom.ExplicitBigEndian, []byte("AaBb"), deep)
	if err != nil || string(got.Data) != "aAbB" {
		t.Errorf("big endian: got %q, %v", got.Data, err)
	}
}

// TestFrameFindsEachFrame asks for frames of every transfer syntax by number, also
// frames of single bits that do not begin at a byte.
func TestFrameFindsEachFrame(t *testing.T) {
	t.Parallel()
	for _, s := range shapes() {
		if s.Allocated == 1 {
			continue
		}
		want := []dicom.Frame{drawn(s, 1), drawn(s, 2), drawn(s, 3)}
		for _, syntax := range targets {
			if !canHold(syntax, s) {
				continue
			}
			if why := sameFrames(allFrames(t, syntax, object(t, syntax, want...)), want); why != "" {
				t.Errorf("%v in %s: %s", s, syntax, why)
			}
		}
	}
	f := read(t, object(t, dicom.ExplicitLittleEndian, drawn(shapes()[0], 1)))
	for _, n := range []int{-1, 1, 1 << 40} {
		if _, err := codec.Frame(f, n); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("frame %d: got %v, want %v", n, err, sinso.ErrNotFound)
		}
	}
}

// TestFrameOfAFilmIsUnsupported: an MPEG-4 stream is one fragment of many frames (PS3.5
// A.4.4). That is no damage.
func TestFrameOfAFilmIsUnsupported(t *testing.T) {
	t.Parallel()
	s := shaped(3, 8, 8, false, "YBR_PARTIAL_420")
	var ds dicom.Dataset
	describe(&ds, s, 25)
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: [][]byte{{}, []byte("\x00\x00\x00\x18ftypisom")}})
	f := read(t, encoded(t, "1.2.840.10008.1.2.4.102", ds))
	for _, n := range []int{0, 24} {
		if _, err := codec.Frame(f, n); !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("frame %d: got %v, want %v", n, err, sinso.ErrUnsupported)
		}
	}
	if _, err := codec.Transcode(f, dicom.ExplicitLittleEndian); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("transcoded: got %v, want %v", err, sinso.ErrUnsupported)
	}
}

// TestSingleBitsHaveNoGap takes frames of 3×3 bits out of pixel data in both byte
// orders (PS3.5 §8.1.1).
func TestSingleBitsHaveNoGap(t *testing.T) {
	t.Parallel()
	s := dicom.Shape{Rows: 3, Columns: 3, Samples: 1, Allocated: 1, Stored: 1, Photometric: "MONOCHROME2"}
	var ds dicom.Dataset
	describe(&ds, s, 3)
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: []byte{0b11111111, 0b00000001, 0b00000010, 0b00000100}})
	want := []string{"\xFF\x01", "\x00\x01", "\x00\x01"}
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ExplicitBigEndian} {
		for i, frame := range allFrames(t, syntax, encoded(t, syntax, ds)) {
			if string(frame.Data) != want[i] {
				t.Errorf("%s, frame %d: got %08b, want %08b", syntax, i, frame.Data, []byte(want[i]))
			}
		}
	}
}

// TestCanDecodeAndEncode lists what is known.
func TestCanDecodeAndEncode(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"50", "51", "53", "55", "57", "70", "80", "81", "90", "91"} {
		if !codec.CanDecode("1.2.840.10008.1.2.4." + n) {
			t.Errorf("%s cannot be decoded", n)
		}
	}
	for _, syntax := range append([]string{codec.JPEGBaseline}, targets...) {
		if !codec.CanEncode(syntax) || !codec.CanDecode(syntax) {
			t.Errorf("%s cannot be encoded or decoded", syntax)
		}
	}
	for _, n := range []string{"100", "102", "201", "94", "92", "52"} {
		if syntax := "1.2.840.10008.1.2.4." + n; codec.CanDecode(syntax) || codec.CanEncode(syntax) {
			t.Errorf("%s can be decoded or encoded", syntax)
		}
	}
}

func ExampleCanDecode() {
	fmt.Println(codec.CanDecode(codec.JPEG2000), codec.CanEncode(codec.JPEG2000))
	// Output: true false
}
