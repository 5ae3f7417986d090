package jpeg2000_test

import (
	"os"
	"path/filepath"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
)

// pydicomFiles is where Debian's python3-pydicom keeps its test files.
const pydicomFiles = "/usr/lib/python3/dist-packages/pydicom/data/test_files"

// frames returns the frames of a DICOM file.
func frames(t testing.TB, path string) [][]byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := dicom.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	all, err := f.Frames()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestReadsFramesOfDICOMFiles reads the frames of pydicom's test files as OpenJPEG does.
func TestReadsFramesOfDICOMFiles(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs opj_decompress and pydicom's test files")
	}
	for name, want := range map[string]jpeg2000.Image{
		"693_J2KI.dcm":              {Rows: 512, Columns: 512, Samples: 1, Precision: 16, Signed: true, Lossless: true},
		"GDCMJ2K_TextGBR.dcm":       {Rows: 400, Columns: 400, Samples: 3, Precision: 8, MCT: true, Lossless: true},
		"J2K_pixelrep_mismatch.dcm": {Rows: 512, Columns: 512, Samples: 1, Precision: 13, Lossless: true},
		"JPEG2000.dcm":              {Rows: 1024, Columns: 256, Samples: 1, Precision: 16, Signed: true},
		"MR_small_jp2klossless.dcm": {Rows: 64, Columns: 64, Samples: 1, Precision: 16, Signed: true, Lossless: true},
		"SC_rgb_gdcm_KY.dcm":        {Rows: 100, Columns: 100, Samples: 3, Precision: 8, Lossless: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, frame := range frames(t, filepath.Join(pydicomFiles, name)) {
				got, err := jpeg2000.Decode(frame, limit)
				if err != nil {
					t.Fatal(err)
				}
				allowed := 1
				if got.Lossless {
					allowed = 0
				}
				if most, at := furthest(got, interleaved(t, got, decompress(t, frame))); most > allowed {
					t.Errorf("differs by %d, at %d", most, at)
				}
				got.Pixels = nil
				if got.Rows != want.Rows || got.Columns != want.Columns || got.Samples != want.Samples || got.Precision != want.Precision ||
					got.Signed != want.Signed || got.MCT != want.MCT || got.Lossless != want.Lossless {
					t.Errorf("got %+v, want %+v", got, want)
				}
			}
		})
	}
}

// BenchmarkDecode decodes a CT slice of 512 x 512 x 16 bits, on as many processors
// as -cpu says.
func BenchmarkDecode(b *testing.B) {
	for _, frame := range frames(b, filepath.Join(pydicomFiles, "J2K_pixelrep_mismatch.dcm")) {
		b.SetBytes(512 * 512 * 2)
		for b.Loop() {
			if _, err := jpeg2000.Decode(frame, limit); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkEncode encodes that slice.
func BenchmarkEncode(b *testing.B) {
	m, err := jpeg2000.Decode(frames(b, filepath.Join(pydicomFiles, "J2K_pixelrep_mismatch.dcm"))[0], limit)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(m.Pixels)))
	for b.Loop() {
		out, err := jpeg2000.EncodeLossless(m)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(m.Pixels))/float64(len(out)), "ratio")
	}
}
