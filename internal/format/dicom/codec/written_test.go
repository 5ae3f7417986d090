package codec_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// TestPeersDecodeWhatIsTranscoded lets dcmtk and gdcm decode what Transcode writes.
func TestPeersDecodeWhatIsTranscoded(t *testing.T) {
	t.Parallel()
	all := pydicomFiles(t)
	for name, tools := range map[string]string{
		"CT_small.dcm":                 "dcmtk gdcm",
		"MR_small_bigendian.dcm":       "dcmtk gdcm",
		"MR_small_padded.dcm":          "dcmtk gdcm",
		"SC_rgb_small_odd.dcm":         "dcmtk gdcm",
		"SC_rgb_rle_2frame.dcm":        "dcmtk gdcm",
		"SC_rgb_jpeg_dcmtk.dcm":        "dcmtk gdcm",
		"SC_rgb_dcmtk_+eb+cy+np.dcm":   "dcmtk gdcm",
		"SC_ybr_full_422_uncompressed": "dcmtk gdcm",
		"J2K_pixelrep_mismatch.dcm":    "dcmtk gdcm",
		"SC_rgb_rle_16bit_2frame.dcm":  "dcmtk", // gdcm decodes colours of 16 bits as noise
		"ExplVR_BigEnd.dcm":            "dcmtk gdcm",
		"JPGExtended.dcm":              "dcmtk gdcm",
	} {
		if !strings.HasSuffix(name, ".dcm") {
			name += ".dcm"
		}
		b, ok := all[name]
		if !ok {
			t.Fatalf("%s is missing", name)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := allFrames(t, name, b)
			for _, syntax := range targets[4:] {
				out, err := codec.Transcode(read(t, b), syntax)
				if err != nil {
					t.Fatalf("%s: %v", syntax, err)
				}
				for _, tool := range decoders(syntax) {
					if tool[0] == "gdcmconv" && !strings.Contains(tools, "gdcm") {
						continue
					}
					native, err := convert(t, out, keepColours(tool)...)
					if err != nil {
						t.Errorf("%s: %v: %v", syntax, tool, err)
						continue
					}
					if far := furthest(allFrames(t, name, native), want); far != 0 {
						t.Errorf("%s: %v: samples are %d apart", syntax, tool, far)
					}
				}
			}
		})
	}
}

// keepColours makes dcmdjpeg leave lossless YBR_FULL what it is.
func keepColours(tool []string) []string {
	if tool[0] == "dcmdjpeg" {
		return []string{"dcmdjpeg", "+cn"}
	}
	return tool
}

// complaints returns the errors that dciodvfy finds, and whether it could read the
// object: it does not inflate, and gives up on native samples of 32 bits.
func complaints(t *testing.T, b []byte) (map[string]int, bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "object.dcm")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("dciodvfy"); err != nil {
		t.Fatalf("%v: install the Debian package dicom3tools", err)
	}
	out, _ := exec.Command("dciodvfy", path).CombinedOutput() // its exit code says that there are some
	found := map[string]int{}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Error") {
			found[strings.TrimSpace(line)]++
		}
	}
	return found, !strings.Contains(string(out), "Assertion") && !strings.Contains(string(out), "Dicom dataset read failed")
}

// complaintsBefore returns those of an object as it is, or as dcmtk writes it where
// dciodvfy cannot read it.
func complaintsBefore(t *testing.T, b []byte) map[string]int {
	t.Helper()
	found, ok := complaints(t, b)
	for _, tool := range [][]string{{"dcmconv", "+te"}, {"dcmcrle"}} {
		if ok {
			break
		}
		if other, err := convert(t, b, tool...); err == nil {
			found, ok = complaints(t, other)
		}
	}
	if !ok {
		return nil
	}
	return found
}

// TestDciodvfyFindsNoNewErrors compares what dciodvfy says of files before and after.
func TestDciodvfyFindsNoNewErrors(t *testing.T) {
	t.Parallel()
	for name, b := range pydicomFiles(t) {
		if notDecoded[name] || strings.Contains(name, "/") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := complaintsBefore(t, b)
			if before == nil && name != "badVR.dcm" && name != "SC_rgb_jpeg.dcm" { // which dcmtk does not read either
				t.Fatal("dciodvfy cannot read it")
			}
			for _, syntax := range []string{dicom.ImplicitLittleEndian, dicom.ExplicitLittleEndian, codec.RLELossless, codec.JPEGLosslessSV1, codec.JPEGLSLossless, codec.JPEG2000Lossless} {
				out, err := codec.Transcode(read(t, b), syntax)
				if err != nil {
					continue // TestTranscodesFilesWithoutLoss says which may
				}
				after, ok := complaints(t, out)
				for complaint, n := range after {
					if ok && before != nil && n > before[complaint] {
						t.Errorf("%s: %s", syntax, complaint)
					}
				}
			}
		})
	}
}

// TestNativeSyntaxesAreAsDcmconvWritesThem compares pixel data in each native
// transfer syntax, byte by byte.
func TestNativeSyntaxesAreAsDcmconvWritesThem(t *testing.T) {
	t.Parallel()
	options := map[string]string{
		dicom.ImplicitLittleEndian: "+ti", dicom.ExplicitLittleEndian: "+te",
		dicom.ExplicitBigEndian: "+tb", dicom.DeflatedExplicitLittleEndian: "+td",
	}
	compared := 0
	for name, b := range pydicomFiles(t) {
		f := read(t, b)
		if isCompressed(f) || strings.Contains(name, "/") {
			continue
		}
		for syntax, option := range options {
			theirs, err := convert(t, b, "dcmconv", option)
			if err != nil {
				continue // files that dcmconv does not read
			}
			ours, err := codec.Transcode(f, syntax)
			if err != nil {
				t.Errorf("%s to %s: %v", name, syntax, err)
				continue
			}
			got, want := read(t, ours), read(t, theirs)
			a, _ := got.Tree()
			c, _ := want.Tree()
			if x, y := a.Find(0x7FE00010), c.Find(0x7FE00010); x == nil || y == nil || !bytes.Equal(x.Value, y.Value) {
				t.Errorf("%s to %s: pixel data is another", name, syntax)
			}
			if why := sameElements(t, got, want); why != "" {
				t.Errorf("%s to %s: %s", name, syntax, why)
			}
			compared++
		}
	}
	if compared != 72 {
		t.Errorf("compared %d, want 72", compared)
	}
}
