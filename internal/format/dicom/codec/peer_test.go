package codec_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

// pydicomData is where Debian's python3-pydicom keeps its test files.
const pydicomData = "/usr/lib/python3/dist-packages/pydicom/data/test_files"

// pydicomFiles returns those of pydicom's files that can be read and have pixel data.
func pydicomFiles(t *testing.T) map[string][]byte {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the files of pydicom, dcmtk, gdcm and dicom3tools")
	}
	files := map[string][]byte{}
	err := filepath.WalkDir(pydicomData, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := dicom.Read(b)
		if err != nil {
			return nil //nolint:nilerr // the reader's tests say which
		}
		if _, err := f.Shape(); err == nil {
			files[strings.TrimPrefix(path, pydicomData+"/")] = b
		}
		return nil
	})
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files of %s: %v: install the Debian package python3-pydicom", len(files), pydicomData, err)
	}
	return files
}

func read(t *testing.T, b []byte) *dicom.File {
	t.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// isCompressed reports whether the pixel data of the root is in fragments.
func isCompressed(f *dicom.File) bool {
	e, ok := f.Find(0x7FE00010)
	return ok && e.Kind == dicom.KindFragments
}

// convert runs a tool on an object and returns the one it makes.
func convert(t *testing.T, in []byte, tool ...string) ([]byte, error) {
	t.Helper()
	folder := t.TempDir()
	from, to := filepath.Join(folder, "in.dcm"), filepath.Join(folder, "out.dcm")
	if err := os.WriteFile(from, in, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath(tool[0]); err != nil {
		t.Fatalf("%v: install the Debian packages dcmtk, libgdcm-tools", err)
	}
	if out, err := exec.Command(tool[0], append(tool[1:], from, to)...).CombinedOutput(); err != nil {
		return nil, errors.New(string(out))
	}
	return os.ReadFile(to)
}

// allFrames returns every frame of an object.
func allFrames(t *testing.T, name string, b []byte) []dicom.Frame {
	t.Helper()
	f := read(t, b)
	var frames []dicom.Frame
	for n := 0; ; n++ {
		frame, err := codec.Frame(f, n)
		if errors.Is(err, sinso.ErrNotFound) && n > 0 {
			return frames
		}
		if err != nil {
			t.Errorf("%s, frame %d: %v", name, n, err)
			return nil
		}
		frames = append(frames, frame)
	}
}

// furthest returns how far the samples of two lists of frames are apart, -1 if the
// frames are of other shapes.
func furthest(a, b []dicom.Frame) int64 {
	if len(a) != len(b) {
		return -1
	}
	far := int64(0)
	for i := range a {
		x, y := a[i], b[i]
		if len(x.Data) != len(y.Data) || x.Allocated != y.Allocated || x.Samples != y.Samples || x.Rows != y.Rows || x.Photometric != y.Photometric {
			return -1
		}
		if bytes.Equal(x.Data, y.Data) {
			continue
		}
		cell := max(x.Allocated/8, 1)
		for at := 0; at+cell <= len(x.Data); at += cell {
			v, w := sampleAt(x, at, cell), sampleAt(y, at, cell)
			far = max(far, v-w, w-v)
		}
	}
	return far
}

// sampleAt returns the sample in a cell: Bits Stored of it, since what gdcm leaves
// above them is no part of it.
func sampleAt(f dicom.Frame, at, cell int) int64 {
	v := uint64(0)
	for i := cell - 1; i >= 0; i-- {
		v = v<<8 | uint64(f.Data[at+i])
	}
	shift := 64 - f.Stored
	if v <<= shift; f.Signed {
		return int64(v) >> shift
	}
	return int64(v >> shift)
}

// decoders are the peers that decode a transfer syntax.
func decoders(syntax string) [][]string {
	gdcm := []string{"gdcmconv", "--raw"}
	switch syntax {
	case codec.RLELossless:
		return [][]string{{"dcmdrle"}, gdcm}
	case codec.JPEGLSLossless, codec.JPEGLSNearLossless:
		return [][]string{{"dcmdjpls"}, gdcm}
	case codec.JPEG2000, codec.JPEG2000Lossless:
		return [][]string{gdcm}
	default:
		return [][]string{{"dcmdjpeg"}, gdcm}
	}
}

// notDecoded are files whose codestream cannot be decoded, by gdcm either: its header
// was written over.
var notDecoded = map[string]bool{"JPEG2000-embedded-sequence-delimiter.dcm": true}

// notComparable are what peers do not decode, or decode as noise.
var notComparable = map[string]string{
	"SC_rgb_rle_16bit.dcm":        "gdcmconv",
	"SC_rgb_rle_16bit_2frame.dcm": "gdcmconv",
	"SC_rgb_rle_32bit.dcm":        "gdcmconv",
	"SC_rgb_rle_32bit_2frame.dcm": "gdcmconv",
	"SC_rgb_jpeg.dcm":             "dcmdjpeg",
}

// TestDecodesFilesAsPeersDo compares every frame of every compressed file of
// pydicom's with what dcmtk and gdcm decode: lossless ones and lossy ones of JPEG bit
// by bit, lossy ones of JPEG 2000 within 1.
func TestDecodesFilesAsPeersDo(t *testing.T) {
	t.Parallel()
	compared := 0
	for name, b := range pydicomFiles(t) {
		f := read(t, b)
		if !isCompressed(f) {
			continue
		}
		if notDecoded[name] {
			if _, err := codec.Frame(f, 0); !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported) {
				t.Errorf("%s: got %v", name, err)
			}
			continue
		}
		got := allFrames(t, name, b)
		for _, tool := range decoders(f.Syntax().UID) {
			if notComparable[name] == tool[0] {
				continue
			}
			native, err := convert(t, b, tool...)
			if err != nil {
				t.Errorf("%s: %v: %v", name, tool, err)
				continue
			}
			allowed := int64(0)
			if f.Syntax().UID == codec.JPEG2000 {
				allowed = 1
			}
			want := coloured(got, allFrames(t, name, native))
			if far := furthest(got, want); far < 0 || far > allowed {
				t.Errorf("%s: %v: samples are %d apart", name, tool, far)
			}
			compared++
		}
	}
	if compared != 53 {
		t.Errorf("compared %d, want 53", compared)
	}
}

// coloured makes RGB of what a peer leaves YBR_FULL and DecodeFrame does not.
func coloured(got, want []dicom.Frame) []dicom.Frame {
	for i := range want {
		if i < len(got) && got[i].Photometric == "RGB" && want[i].Photometric == "YBR_FULL" {
			want[i].Data = bytes.Clone(want[i].Data)
			jpeg.YCbCrToRGB(want[i].Data, want[i].Stored)
			want[i].Photometric = "RGB"
		}
	}
	return want
}

// targets are the transfer syntaxes that objects are written in.
var targets = []string{
	dicom.ImplicitLittleEndian, dicom.ExplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian,
	codec.RLELossless, codec.JPEGLossless, codec.JPEGLosslessSV1, codec.JPEGLSLossless, codec.JPEG2000Lossless,
}

// canHold reports whether a transfer syntax can hold frames of the shape.
func canHold(syntax string, s dicom.Shape) bool {
	switch syntax {
	case codec.RLELossless:
		return s.Allocated > 1
	case codec.JPEGLossless, codec.JPEGLosslessSV1, codec.JPEGLSLossless:
		return s.Allocated > 1 && s.Stored <= 16
	case codec.JPEG2000Lossless:
		return s.Allocated > 1 && s.Stored <= 24
	default:
		return true
	}
}

// TestTranscodesFilesWithoutLoss writes every file of pydicom's in every transfer
// syntax, and back: the frames stay the same, and so do all elements that say nothing
// of pixels.
func TestTranscodesFilesWithoutLoss(t *testing.T) {
	t.Parallel()
	written := 0
	for name, b := range pydicomFiles(t) {
		if notDecoded[name] {
			continue
		}
		f := read(t, b)
		want := allFrames(t, name, b)
		for _, syntax := range targets {
			out, err := codec.Transcode(f, syntax)
			if !canHold(syntax, want[0].Shape) {
				if !errors.Is(err, sinso.ErrUnsupported) {
					t.Errorf("%s to %s: got %v, want %v", name, syntax, err, sinso.ErrUnsupported)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s to %s: %v", name, syntax, err)
				continue
			}
			if got := read(t, out).Syntax().UID; got != syntax {
				t.Errorf("%s to %s: the file says %s", name, syntax, got)
			}
			if why := sameFrames(allFrames(t, name, out), want); why != "" {
				t.Errorf("%s to %s: %s", name, syntax, why)
			}
			if why := sameElements(t, f, read(t, out)); why != "" {
				t.Errorf("%s to %s: %s", name, syntax, why)
			}
			back, err := codec.Transcode(read(t, out), dicom.ExplicitLittleEndian)
			if err != nil {
				t.Errorf("%s to %s and back: %v", name, syntax, err)
				continue
			}
			if why := sameFrames(allFrames(t, name, back), want); why != "" {
				t.Errorf("%s to %s and back: %s", name, syntax, why)
			}
			written++
		}
	}
	if written < 400 {
		t.Errorf("wrote %d objects only", written)
	}
}

func sameFrames(got, want []dicom.Frame) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d frames, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i].Shape != want[i].Shape || !bytes.Equal(got[i].Data, want[i].Data) {
			return fmt.Sprintf("frame %d is another: %v, want %v", i, got[i].Shape, want[i].Shape)
		}
	}
	return ""
}

// sameElements says what differs in elements of the root that say nothing of pixels.
func sameElements(t *testing.T, got, want *dicom.File) string {
	t.Helper()
	values := func(f *dicom.File) map[dicom.Tag]string {
		out := map[dicom.Tag]string{}
		ds, err := f.Tree()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range ds.Elements {
			switch {
			case e.Tag.Element() == 0, e.Tag == 0x00080001, e.Tag.Group() == 0x7FE0, e.Tag == 0x00280004, e.Tag == 0x00280006,
				e.Tag == 0x00282110, e.Tag == 0x00282112, e.Tag == 0x00282114:
			default:
				out[e.Tag] = strings.TrimRight(string(e.Value), " \x00") + strings.Repeat("+", len(e.Items))
			}
		}
		return out
	}
	a, b := values(got), values(want)
	for tag, v := range a {
		if w, ok := b[tag]; !ok || v != w {
			return fmt.Sprintf("element %v is missing or another", tag)
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("%d elements, want %d", len(a), len(b))
	}
	return ""
}
