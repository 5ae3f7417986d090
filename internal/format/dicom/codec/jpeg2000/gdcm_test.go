package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
)

const (
	syntaxExplicit = "1.2.840.10008.1.2.1"
	syntaxLossless = "1.2.840.10008.1.2.4.90"
)

// object returns a synthetic Secondary Capture object: with a codestream if it is
// not nil, else native.
func object(t *testing.T, m jpeg2000.Image, codestream []byte) []byte {
	t.Helper()
	var ds dicom.Dataset
	ds.SetString(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
	ds.SetString(0x00080018, "UI", "2.25.1")
	ds.SetString(0x0020000D, "UI", "2.25.2")
	ds.SetString(0x0020000E, "UI", "2.25.3")
	photometric := "MONOCHROME2"
	if m.Samples == 3 {
		photometric = "RGB"
		if codestream != nil {
			photometric = "YBR_RCT"
		}
	}
	ds.SetString(0x00280004, "CS", photometric)
	signed := 0
	if m.Signed {
		signed = 1
	}
	for _, e := range []struct {
		tag dicom.Tag
		v   int
	}{
		{0x00280002, m.Samples},
		{0x00280006, 0},
		{0x00280010, m.Rows},
		{0x00280011, m.Columns},
		{0x00280100, 8 * bytesOf(m.Precision)},
		{0x00280101, m.Precision},
		{0x00280102, m.Precision - 1},
		{0x00280103, signed},
	} {
		if e.tag != 0x00280006 || m.Samples > 1 {
			ds.Set(dicom.DataElement{Tag: e.tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, uint16(e.v))})
		}
	}
	syntax, pixels := syntaxExplicit, dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: m.Pixels}
	if codestream != nil {
		syntax = syntaxLossless
		pixels = dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: [][]byte{nil, codestream}}
	}
	ds.Set(pixels)
	b, err := dicom.Encode(syntax, ds)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// convert has gdcmconv convert an object, and returns its first frame.
func convert(t *testing.T, b []byte, options ...string) []byte {
	t.Helper()
	folder := t.TempDir()
	in, out := filepath.Join(folder, "in.dcm"), filepath.Join(folder, "out.dcm")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "gdcmconv", append(options, in, out)...)
	return frames(t, out)[0]
}

// TestGDCMReadsWhatWeEncode has gdcm decode lossless frames.
func TestGDCMReadsWhatWeEncode(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs gdcmconv")
	}
	for _, m := range dicomImages() {
		t.Run(fmt.Sprintf("%d samples, %d bits, signed %t", m.Samples, m.Precision, m.Signed), func(t *testing.T) {
			t.Parallel()
			data, err := jpeg2000.EncodeLossless(m)
			if err != nil {
				t.Fatal(err)
			}
			if got := convert(t, object(t, m, data), "--raw"); !bytes.Equal(got, m.Pixels) {
				t.Errorf("gdcm reads something else")
			}
		})
	}
}

// TestReadsWhatGDCMEncodes reads frames that gdcm encoded.
func TestReadsWhatGDCMEncodes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs gdcmconv")
	}
	for _, m := range dicomImages() {
		t.Run(fmt.Sprintf("%d samples, %d bits, signed %t", m.Samples, m.Precision, m.Signed), func(t *testing.T) {
			t.Parallel()
			got, err := jpeg2000.Decode(convert(t, object(t, m, nil), "--j2k"), limit)
			if err != nil {
				t.Fatal(err)
			}
			if most, at := furthest(got, m); most > 0 {
				t.Errorf("lossless differs by %d, at %d", most, at)
			}
			frame := convert(t, object(t, m, nil), "--j2k", "--lossy", "-r", "10", "-I")
			got, err = jpeg2000.Decode(frame, limit)
			if err != nil {
				t.Fatal(err)
			}
			if most, at := furthest(got, interleaved(t, got, decompress(t, frame))); most > 1 {
				t.Errorf("lossy differs by %d from OpenJPEG, at %d", most, at)
			}
		})
	}
}

// dicomImages are images as DICOM objects have them.
func dicomImages() []jpeg2000.Image {
	return []jpeg2000.Image{
		picture(98, 61, 1, 16, false), picture(200, 132, 1, 12, false), picture(128, 100, 1, 16, true),
		picture(64, 80, 1, 8, false), picture(130, 70, 3, 8, false),
	}
}
