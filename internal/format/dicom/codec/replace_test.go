package codec

import (
	"bytes"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// TestReplacedFrameIsReadAndOthersStay replaces the second frame of three in each
// transfer syntax that loses nothing.
func TestReplacedFrameIsReadAndOthersStay(t *testing.T) {
	t.Parallel()
	for _, allocated := range []int{8, 16} {
		native := severalFrames(t, allocated)
		for _, syntax := range []string{
			dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian,
			RLELossless, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless,
		} {
			raw, err := Transcode(readFile(t, native), syntax)
			if err != nil {
				t.Fatal(err)
			}
			file := readFile(t, raw)
			frame := frameOf(t, file, 1)
			frame.Data = bytes.Clone(frame.Data)
			for i := range frame.Data {
				frame.Data[i] = byte(i) & 0x0F
			}
			elements, err := Replace(file, map[int]dicom.Frame{1: frame})
			if err != nil {
				t.Fatalf("%s: %v", syntax, err)
			}
			after := readFile(t, withElements(t, file, syntax, elements))
			for n := range 3 {
				want := frameOf(t, file, n)
				if n == 1 {
					want = frame
				}
				if got := frameOf(t, after, n); !bytes.Equal(got.Data, want.Data) {
					t.Errorf("%s, %d bits: frame %d is not as it should be", syntax, allocated, n)
				}
			}
		}
	}
}

func TestReplaceRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	file := readFile(t, severalFrames(t, 16))
	frame := frameOf(t, file, 0)
	short := frame
	short.Data = frame.Data[2:]
	wide := frame
	wide.Columns++
	for name, tt := range map[string]struct {
		frames map[int]dicom.Frame
		want   error
	}{
		"no such frame": {map[int]dicom.Frame{3: frame}, sinso.ErrNotFound},
		"negative":      {map[int]dicom.Frame{-1: frame}, sinso.ErrNotFound},
		"too short":     {map[int]dicom.Frame{0: short}, sinso.ErrInvalid},
		"too wide":      {map[int]dicom.Frame{0: wide}, sinso.ErrInvalid},
	} {
		if _, err := Replace(file, tt.frames); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

// severalFrames returns an object of three grey frames.
func severalFrames(t *testing.T, allocated int) []byte {
	t.Helper()
	const side = 24
	var ds dicom.Dataset
	ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.7.3")
	ds.SetString(0x00080018, dicom.VRUI, "1.2.3.4.5")
	ds.SetString(tagPhotometric, dicom.VRCS, "MONOCHROME2")
	ds.SetString(tagFrames, dicom.VRIS, "3")
	for tag, v := range map[dicom.Tag]int{
		tagSamples: 1, tagRows: side, tagColumns: side, tagAllocated: allocated, tagStored: allocated, tagHigh: allocated - 1, tagRepresent: 0,
	} {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{byte(v), byte(v >> 8)}})
	}
	pixels := make([]byte, 3*side*side*allocated/8)
	for i := range pixels {
		pixels[i] = byte(i * i / 7)
	}
	ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROW, Value: pixels})
	raw, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func readFile(t *testing.T, raw []byte) *dicom.File {
	t.Helper()
	file, err := dicom.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func frameOf(t *testing.T, file *dicom.File, n int) dicom.Frame {
	t.Helper()
	frame, err := Frame(file, n)
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

// withElements returns the file with some elements of its root replaced.
func withElements(t *testing.T, file *dicom.File, syntax string, elements []dicom.DataElement) []byte {
	t.Helper()
	tree, err := file.Tree()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range elements {
		tree.Set(e)
	}
	raw, err := dicom.Encode(syntax, tree)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
