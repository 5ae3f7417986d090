package jpeg_test

import (
	"bytes"
	stdimage "image"
	stdjpeg "image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// pydicomFiles is where Debian's python3-pydicom keeps its test files.
const pydicomFiles = "/usr/lib/python3/dist-packages/pydicom/data/test_files"

// gdcmFile is the example of Debian's libgdcm.
const gdcmFile = "/usr/share/doc/libgdcm3.0/examples/00191113.dcm"

// isT81 reports whether a transfer syntax is one of T.81 (PS3.5 §8.2.1).
func isT81(uid string) bool {
	switch uid {
	case baseline, extended, process14, "1.2.840.10008.1.2.4.70":
		return true
	}
	return false
}

// TestFilesOfPeersAreDecodedAsDCMTKDoes decodes every JPEG file of pydicom and gdcm.
func TestFilesOfPeersAreDecodedAsDCMTKDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk, gdcm and pydicom")
	}
	t.Parallel()
	paths, err := filepath.Glob(pydicomFiles + "/*.dcm")
	if err != nil {
		t.Fatal(err)
	}
	paths = append(paths, gdcmFile)
	checked := 0
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := dicom.Read(b)
		if err != nil || !isT81(f.Syntax().UID) {
			continue
		}
		if _, err := f.Shape(); err != nil {
			t.Logf("%s: %v", filepath.Base(path), err)
			continue
		}
		checked++
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			for _, stream := range frames(t, b) {
				compareWithDCMTK(t, stream)
			}
		})
	}
	if checked < 17 {
		t.Errorf("%d files, want at least 17", checked)
	}
}

// compareWithDCMTK decodes a stream as dcmdjpeg does. The object around it is ours,
// since dcmtk does not read all that are odd.
func compareWithDCMTK(t *testing.T, stream []byte) {
	t.Helper()
	m := decode(t, stream)
	photometric, syntax := "YBR_FULL", baseline
	if m.Samples == 1 {
		photometric = "MONOCHROME2"
	}
	switch {
	case m.Lossless:
		syntax = process14
	case m.Precision > 8:
		syntax = extended
	}
	want := frames(t, run(t, encapsulated(t, m, photometric, syntax, stream), "dcmdjpeg", "+cn", "+px"))[0]
	if largest, n := difference(t, m.Pixels, want[:len(m.Pixels)], m.Precision); n > 0 {
		t.Errorf("%d of %d samples differ, by up to %d", n, len(want), largest)
	}
}

// goImages are the JPEG files of the Go distribution: subsampling of all kinds,
// progressive ones, restarts, several scans.
func goImages(t testing.TB) map[string][]byte {
	t.Helper()
	root := os.Getenv("GOROOT")
	if root == "" {
		out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatalf("%s: %v", runtime.Version(), err)
		}
		root = strings.TrimSpace(string(out))
	}
	paths, err := filepath.Glob(filepath.Join(root, "src/image/testdata/*.jpeg"))
	if err != nil || len(paths) < 20 {
		t.Fatalf("%d files: %v", len(paths), err)
	}
	files := map[string][]byte{}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(path, "truncated") {
			files[filepath.Base(path)] = b
		}
	}
	return files
}

// dcmtkRefuses are files that the IJG's library of dcmtk does not decode, or not as
// they are coded: sampling ratios that are no whole numbers; four components.
func dcmtkRefuses(name string) bool {
	return strings.Contains(name, "221212") || strings.Contains(name, "cmyk")
}

// TestFilesOfGoAreDecodedAsDCMTKDoes puts the files of the Go distribution into
// objects.
func TestFilesOfGoAreDecodedAsDCMTKDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	for name, stream := range goImages(t) {
		if dcmtkRefuses(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compareWithDCMTK(t, stream)
		})
	}
}

// TestFilesOfGoAreDecodedAsGoDoes compares with image/jpeg, whose DCT is another: the
// first component, since it leaves the others as small as they are.
func TestFilesOfGoAreDecodedAsGoDoes(t *testing.T) {
	t.Parallel()
	for name, stream := range goImages(t) {
		std, err := stdjpeg.Decode(bytes.NewReader(stream))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m := decode(t, stream)
		var plane []byte
		var stride int
		switch s := std.(type) {
		case *stdimage.Gray:
			plane, stride = s.Pix, s.Stride
		case *stdimage.YCbCr:
			plane, stride = s.Y, s.YStride
		case *stdimage.RGBA:
			continue // already converted
		case *stdimage.CMYK:
			if m.Transform != jpeg.ColorCMYK {
				t.Errorf("%s: colours %d", name, m.Transform)
			}
			for i, v := range m.Pixels { // image/jpeg turns ink over
				if got, want := int(v), 255-int(s.Pix[i]); got < want-2 || got > want+2 {
					t.Fatalf("%s: got %d, want %d", name, got, want)
				}
			}
			continue
		default:
			t.Fatalf("%s: %T", name, std)
		}
		worst := 0
		for y := range m.Rows {
			for x := range m.Columns {
				got, want := int(m.Pixels[(y*m.Columns+x)*m.Samples]), int(plane[y*stride+x])
				worst = max(worst, got-want, want-got)
			}
		}
		if worst > 2 {
			t.Errorf("%s: differs by up to %d", name, worst)
		}
	}
}
