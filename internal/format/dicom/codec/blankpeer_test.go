package codec_test

import (
	"fmt"
	"image"
	"slices"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
)

// reachOf returns how far beside a rectangle a pixel of a file may change.
func reachOf(f *dicom.File) int {
	switch f.Syntax().UID {
	case codec.JPEGBaseline, codec.JPEGExtended:
		return 18
	}
	if f.String(0x00280004) == "YBR_FULL_422" {
		return 1
	}
	return 0
}

// peerBoxes are rectangles of the first frame and the last.
func peerBoxes(f *dicom.File, last int) map[int][]image.Rectangle {
	rows, _ := f.Int(0x00280010)
	columns, _ := f.Int(0x00280011)
	boxes := []image.Rectangle{image.Rect(0, 0, columns/4, rows/8+1), image.Rect(columns/2, rows/2, columns/2+9, rows/2+5), image.Rect(columns-3, rows-2, columns+9, rows)}
	return map[int][]image.Rectangle{0: boxes, last: boxes}
}

// TestBlankOfFilesIsAsPeersDecodeIt blanks every file of pydicom's in its own transfer
// syntax. Frames are blank where they should be and as they were elsewhere; dcmtk and
// gdcm decode the same; no other element changes.
func TestBlankOfFilesIsAsPeersDecodeIt(t *testing.T) {
	t.Parallel()
	all := pydicomFiles(t)
	syntaxes := map[string]int{}
	for name, b := range all {
		f := read(t, b)
		if notDecoded[name] {
			continue
		}
		syntaxes[f.Syntax().UID]++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			was := allFrames(t, name, b)
			boxes := peerBoxes(f, len(was)-1)
			out := blanked(t, b, boxes)
			got := allFrames(t, name, out)
			values := darkest(was[0].Shape)
			if padding, ok := f.Int(0x00280120); ok && was[0].Signed {
				values = []int64{int64(int16(padding))}
			}
			for n := range was {
				if why := checkBlank(got[n], was[n], boxes[n], values, reachOf(f)); why != "" {
					t.Errorf("frame %d: %s", n, why)
				}
			}
			want, changed := tree(t, b), tree(t, out)
			for _, tag := range []dicom.Tag{0x00280106, 0x00280107} { // TestBlankWidensSmallestAndLargest looks at them
				if e := changed.Find(tag); e != nil {
					want.Set(*e)
				}
			}
			if why := sameElements(t, read(t, out), read(t, encoded(t, f.Syntax().UID, want))); why != "" {
				t.Error(why)
			}
			peersAgree(t, name, read(t, out), out, got)
		})
	}
	for _, syntax := range []string{
		codec.RLELossless, codec.JPEGBaseline, codec.JPEGExtended, codec.JPEGLosslessSV1, codec.JPEGLSLossless, codec.JPEG2000, codec.JPEG2000Lossless,
		dicom.ImplicitLittleEndian, dicom.ExplicitLittleEndian, dicom.ExplicitBigEndian, dicom.DeflatedExplicitLittleEndian,
	} {
		if syntaxes[syntax] == 0 {
			t.Errorf("no file is in %s", syntax)
		}
	}
	t.Logf("%d files: %v", len(all), syntaxes)
}

// peersAgree compares frames with what dcmtk and gdcm decode.
func peersAgree(t *testing.T, name string, f *dicom.File, b []byte, got []dicom.Frame) {
	t.Helper()
	if !isCompressed(f) {
		return
	}
	for _, tool := range decoders(f.Syntax().UID) {
		if notComparable[name] == tool[0] {
			continue
		}
		native, err := convert(t, b, tool...)
		if err != nil {
			t.Errorf("%v: %v", tool, err)
			continue
		}
		allowed := int64(0)
		if f.Syntax().UID == codec.JPEG2000 && len(got) > 2 { // frames that were not encoded again
			allowed = 1
		}
		if far := furthest(got, coloured(got, allFrames(t, name, native))); far < 0 || far > allowed {
			t.Errorf("%v: samples are %d apart", tool, far)
		}
	}
}

// TestPeersDecodeWhatIsBlanked blanks one of two frames of each shape in each transfer
// syntax, also those of which pydicom has no files.
func TestPeersDecodeWhatIsBlanked(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: needs dcmtk and gdcm")
	}
	t.Parallel()
	for _, s := range []dicom.Shape{
		shaped(1, 8, 8, false, "MONOCHROME2"), shaped(1, 16, 16, false, "MONOCHROME2"), shaped(1, 16, 12, false, "MONOCHROME2"), shaped(3, 8, 8, false, "RGB"),
	} {
		for _, syntax := range append([]string{codec.JPEG2000, codec.JPEGLSNearLossless}, targets[4:]...) {
			if !isExact(syntax, s) {
				continue
			}
			b := fragmented(t, syntax, s, streamOf(t, syntax, drawn(s, 1)), streamOf(t, syntax, drawn(s, 2)))
			out := blanked(t, b, map[int][]image.Rectangle{1: {image.Rect(4, 4, 20, 20)}})
			got := allFrames(t, syntax, out)
			for _, tool := range decoders(syntax) {
				native, err := convert(t, out, keepColours(tool)...)
				if err != nil {
					t.Errorf("%v in %s: %v: %v", s, syntax, tool, err)
				} else if far := furthest(allFrames(t, syntax, native), got); far != 0 {
					t.Errorf("%v in %s: %v: samples are %d apart", s, syntax, tool, far)
				}
			}
		}
	}
}

// TestPeersDecodeWhatHasNoTransformOfColours blanks JPEG 2000 of three samples that are
// coded as they are, of both wavelets' transfer syntaxes.
func TestPeersDecodeWhatHasNoTransformOfColours(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: needs gdcm")
	}
	t.Parallel()
	s := shaped(3, 8, 8, false, "RGB")
	stream, err := jpeg2000.EncodeAsIs(jpeg2000.Image{Rows: s.Rows, Columns: s.Columns, Samples: 3, Precision: 8, Pixels: drawn(s, 1).Data})
	if err != nil {
		t.Fatal(err)
	}
	for _, syntax := range []string{codec.JPEG2000, codec.JPEG2000Lossless} {
		out := blanked(t, fragmented(t, syntax, s, stream), map[int][]image.Rectangle{0: {image.Rect(4, 4, 20, 20)}})
		native, err := convert(t, out, "gdcmconv", "--raw")
		if err != nil {
			t.Fatal(err)
		}
		if far := furthest(allFrames(t, syntax, native), allFrames(t, syntax, out)); far != 0 {
			t.Errorf("%s: samples are %d apart", syntax, far)
		}
	}
}

// TestDciodvfyFindsNoNewErrorsInWhatIsBlanked compares what dciodvfy says of files before
// and after.
func TestDciodvfyFindsNoNewErrorsInWhatIsBlanked(t *testing.T) {
	t.Parallel()
	compared := 0
	for name, b := range pydicomFiles(t) {
		if notDecoded[name] {
			continue
		}
		before, ok := complaints(t, b)
		if !ok {
			continue
		}
		compared++
		after, ok := complaints(t, blanked(t, b, peerBoxes(read(t, b), 0)))
		if !ok {
			t.Errorf("%s: cannot be read", name)
		}
		for complaint, n := range after {
			if n > before[complaint] {
				t.Errorf("%s: %s", name, complaint)
			}
		}
	}
	if compared < 40 {
		t.Errorf("compared %d files only", compared)
	}
}

// TestBlankKeepsTheTransformOfColours blanks JPEG 2000 with and without one, and says
// YBR_RCT where YBR_ICT was in every frame.
func TestBlankKeepsTheTransformOfColours(t *testing.T) {
	t.Parallel()
	for _, mct := range []bool{false, true} {
		for _, photometric := range []string{"RGB", "YBR_FULL", "YBR_RCT", "YBR_ICT"} {
			s := shaped(3, 8, 8, false, photometric)
			m := jpeg2000.Image{Rows: s.Rows, Columns: s.Columns, Samples: 3, Precision: 8, Pixels: drawn(s, 1).Data, MCT: mct}
			stream, err := jpeg2000.EncodeAsIs(m)
			if err != nil {
				t.Fatal(err)
			}
			b := fragmented(t, codec.JPEG2000, s, stream, stream)
			for _, all := range []bool{false, true} {
				boxes := map[int][]image.Rectangle{0: {image.Rect(0, 0, 4, 4)}}
				want := []dicom.Tag{0x7FE00010}
				if all {
					boxes[1] = boxes[0]
					if mct && photometric == "YBR_ICT" {
						want = []dicom.Tag{0x00280004, 0x7FE00010}
					}
				}
				ds, tags := blankedTree(t, b, boxes)
				name := fmt.Sprint(photometric, mct, all)
				if !slices.Equal(tags, want) || len(want) == 2 && text(&ds, 0x00280004) != "YBR_RCT" {
					t.Errorf("%s: replaced %v, want %v", name, tags, want)
				}
				got, err := jpeg2000.Decode(ds.Find(0x7FE00010).Fragments[1], 1<<20)
				if err != nil || got.MCT != mct {
					t.Errorf("%s: a transform: %v, want %v; %v", name, got.MCT, mct, err)
				}
			}
		}
	}
}
