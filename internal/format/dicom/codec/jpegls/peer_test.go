package jpegls_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/jpegls"
)

const (
	lossless     = "1.2.840.10008.1.2.4.80"
	nearLossless = "1.2.840.10008.1.2.4.81"
)

// object returns a data set whose frames have the shape of the image, without
// pixel data.
func object(m jpegls.Image, frames int) dicom.Dataset {
	var ds dicom.Dataset
	us := func(tag dicom.Tag, v int) {
		ds.Set(dicom.DataElement{Tag: tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, uint16(v))})
	}
	allocated := 8
	if m.Precision > 8 {
		allocated = 16
	}
	ds.SetString(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
	ds.SetString(0x00080018, "UI", "2.25.1")
	ds.SetString(0x00280004, "CS", "MONOCHROME2")
	ds.SetString(0x00280008, "IS", strconv.Itoa(frames))
	if m.Samples == 3 {
		ds.SetString(0x00280004, "CS", "RGB")
		us(0x00280006, 0)
	}
	for tag, v := range map[dicom.Tag]int{
		0x00280002: m.Samples, 0x00280010: m.Rows, 0x00280011: m.Columns,
		0x00280100: allocated, 0x00280101: m.Precision, 0x00280102: m.Precision - 1, 0x00280103: 0,
	} {
		us(tag, v)
	}
	return ds
}

// run runs a tool on a file and returns the object that it makes.
func run(t *testing.T, in []byte, tool string, options ...string) *dicom.File {
	t.Helper()
	folder := t.TempDir()
	from, to := filepath.Join(folder, "in.dcm"), filepath.Join(folder, "out.dcm")
	if err := os.WriteFile(from, in, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, append(options, from, to)...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v: %s", tool, options, err, out)
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	f, err := dicom.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func frames(t *testing.T, f *dicom.File, n int) [][]byte {
	t.Helper()
	frames, err := f.Frames()
	if err != nil || len(frames) != n {
		t.Fatalf("got %d frames, %v, want %d", len(frames), err, n)
	}
	return frames
}

// native writes the pixels of images as one object.
func native(t *testing.T, images []jpegls.Image) []byte {
	t.Helper()
	ds := object(images[0], len(images))
	var pixels []byte
	for _, m := range images {
		pixels = append(pixels, m.Pixels...)
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: pixels})
	b, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// peerCases runs a test for each precision and number of components.
func peerCases(t *testing.T, fn func(t *testing.T, images []jpegls.Image)) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs dcmtk and gdcm")
	}
	for _, precision := range []int{8, 10, 12, 16} {
		for _, samples := range []int{1, 3} {
			t.Run(fmt.Sprintf("%d bits, %d components", precision, samples), func(t *testing.T) {
				t.Parallel()
				images := make([]jpegls.Image, 0, len(kinds))
				for _, kind := range kinds {
					images = append(images, drawn(kind, 61, 83, samples, precision))
				}
				fn(t, images)
			})
		}
	}
}

// TestDecodesWhatCharLSEncodes compares what dcmcjpls makes, in each interleave
// mode, with what dcmdjpls decodes of it, and lossless with what was encoded.
func TestDecodesWhatCharLSEncodes(t *testing.T) {
	t.Parallel()
	peerCases(t, func(t *testing.T, images []jpegls.Image) {
		modes := []string{"+il"}
		if images[0].Samples == 3 {
			modes = []string{"+il", "+is"}
		}
		if images[0].Samples == 3 && images[0].Precision == 8 { // of more bits dcmcjpls makes what it cannot read itself
			modes = append(modes, "+in")
		}
		for near := range 6 {
			for _, mode := range modes {
				options := []string{mode, "+pc", "+en", "+md", strconv.Itoa(near)}
				if near == 0 {
					options = []string{mode, "+pc", "+el"}
				}
				encoded := run(t, native(t, images), "dcmcjpls", options...)
				raw, err := dicom.Encode(encoded.Syntax().UID, mustTree(t, encoded))
				if err != nil {
					t.Fatal(err)
				}
				want := frames(t, run(t, raw, "dcmdjpls"), len(images))
				for i, b := range frames(t, encoded, len(images)) {
					got, err := jpegls.Decode(b, int64(len(images[i].Pixels)))
					if err != nil {
						t.Fatalf("%v, %s: %v", options, kinds[i], err)
					}
					if !bytes.Equal(got.Pixels, want[i]) {
						t.Errorf("%v, %s: not what dcmdjpls decodes", options, kinds[i])
					}
					if far := furthest(t, got, images[i]); far > near {
						t.Errorf("%v, %s: samples are %d apart", options, kinds[i], far)
					}
				}
			}
		}
	})
}

func mustTree(t *testing.T, f *dicom.File) dicom.Dataset {
	t.Helper()
	ds, err := f.Tree()
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

// TestCharLSDecodesWhatIsEncoded compares what dcmdjpls and gdcmconv decode of ours
// with what Decode does.
func TestCharLSDecodesWhatIsEncoded(t *testing.T) {
	t.Parallel()
	peerCases(t, func(t *testing.T, images []jpegls.Image) {
		for near := range 6 {
			ds := object(images[0], len(images))
			fragments := [][]byte{nil}
			var want []byte
			for _, m := range images {
				b := mustEncode(t, m, near)
				got, err := jpegls.Decode(b, unlimited)
				if err != nil {
					t.Fatal(err)
				}
				if far := furthest(t, got, m); far > near {
					t.Errorf("near %d: samples are %d apart", near, far)
				}
				want = append(want, got.Pixels...)
				fragments = append(fragments, b)
			}
			ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: fragments})
			syntax := lossless
			if near > 0 {
				syntax = nearLossless
			}
			b, err := dicom.Encode(syntax, ds)
			if err != nil {
				t.Fatal(err)
			}
			for _, tool := range [][]string{{"dcmdjpls"}, {"gdcmconv", "--raw"}} {
				if tool[0] == "gdcmconv" && images[0].Samples == 3 && images[0].Precision > 8 {
					continue // which it does not write
				}
				got := frames(t, run(t, b, tool[0], tool[1:]...), len(images))
				if !bytes.Equal(bytes.Join(got, nil), want) {
					t.Errorf("%v, near %d: decoded as something else", tool, near)
				}
			}
		}
	})
}

// TestDecodesWhatGdcmEncodes compares what gdcmconv makes with what it was made of.
func TestDecodesWhatGdcmEncodes(t *testing.T) {
	t.Parallel()
	peerCases(t, func(t *testing.T, images []jpegls.Image) {
		if images[0].Samples == 3 && images[0].Precision > 8 {
			return // which it does not write
		}
		encoded := run(t, native(t, images), "gdcmconv", "--jpegls")
		for i, b := range frames(t, encoded, len(images)) {
			got, err := jpegls.Decode(b, unlimited)
			if err != nil || !bytes.Equal(got.Pixels, images[i].Pixels) {
				t.Errorf("%s: not what was encoded: %v", kinds[i], err)
			}
		}
	})
}

// TestEncodesAsCharLSDoes compares the bytes of lossless scans with dcmcjpls's.
func TestEncodesAsCharLSDoes(t *testing.T) {
	t.Parallel()
	peerCases(t, func(t *testing.T, images []jpegls.Image) {
		encoded := run(t, native(t, images), "dcmcjpls", "+pc", "+el", "+il")
		for i, b := range frames(t, encoded, len(images)) {
			if got, want := scanOf(mustEncode(t, images[i], 0)), scanOf(b); !bytes.Equal(got, want) {
				t.Errorf("%s: another scan, %d bytes and %d", kinds[i], len(got), len(want))
			}
		}
	})
}

// scanOf returns the only scan of a stream, without the fill bytes behind it.
func scanOf(b []byte) []byte {
	from, to := bytes.Index(b, []byte{0xFF, 0xDA}), bytes.LastIndex(b, []byte{0xFF, 0xD9})
	return bytes.TrimRight(b[from:to], "\xFF")
}
