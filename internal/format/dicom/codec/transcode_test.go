package codec_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
)

// text returns the value of an element of the root, "" if there is none.
func text(ds *dicom.Dataset, tag dicom.Tag) string {
	e := ds.Find(tag)
	if e == nil {
		return ""
	}
	return strings.Trim(string(e.Value), " \x00")
}

// TestTranscodeSaysHowPixelsLie looks at the attributes of RGB by planes, in each
// transfer syntax.
func TestTranscodeSaysHowPixelsLie(t *testing.T) {
	t.Parallel()
	frame := drawn(shaped(3, 8, 8, false, "RGB"), 1)
	frame.Planar = true
	b := object(t, dicom.ExplicitLittleEndian, frame)
	for _, syntax := range targets {
		out, err := codec.Transcode(read(t, b), syntax)
		if err != nil {
			t.Fatal(err)
		}
		ds := tree(t, out)
		photometric, planar := "RGB", byte(0)
		switch syntax {
		case codec.JPEG2000Lossless:
			photometric = "YBR_RCT"
		case targets[0], targets[1], targets[2], targets[3]:
			planar = 1 // pixels are not touched
		}
		if got := text(&ds, 0x00280004); got != photometric || ds.Find(0x00280006).Value[0] != planar {
			t.Errorf("%s: got %s, planar %d", syntax, got, ds.Find(0x00280006).Value[0])
		}
		if text(&ds, 0x00080018) != "2.25.7" || ds.Find(0x00282110) != nil {
			t.Errorf("%s: another instance, or lossy", syntax)
		}
	}
}

// TestTranscodeRemembersLoss decodes a lossy frame: the object says so from then on.
func TestTranscodeRemembersLoss(t *testing.T) {
	t.Parallel()
	frame := drawn(shaped(3, 8, 8, false, "RGB"), 1)
	data, err := codec.EncodeFrame(codec.JPEGBaseline, frame)
	if err != nil {
		t.Fatal(err)
	}
	var ds dicom.Dataset
	frame.Photometric = "YBR_FULL"
	describe(&ds, frame.Shape, 1)
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: [][]byte{nil, data}})
	for _, syntax := range []string{dicom.ExplicitLittleEndian, codec.JPEGLSLossless} {
		out, err := codec.Transcode(read(t, encoded(t, codec.JPEGBaseline, ds)), syntax)
		if err != nil {
			t.Fatal(err)
		}
		got := tree(t, out)
		if text(&got, 0x00280004) != "RGB" || text(&got, 0x00282110) != "01" || text(&got, 0x00282114) != "ISO_10918_1" || text(&got, 0x00282112) == "" {
			t.Errorf("%s: got %q, %q, %q, %q", syntax, text(&got, 0x00280004), text(&got, 0x00282110), text(&got, 0x00282114), text(&got, 0x00282112))
		}
	}
}

// TestTranscodeWritesOffsets finds each frame by the Basic Offset Table, and leaves
// out tables that are wrong now.
func TestTranscodeWritesOffsets(t *testing.T) {
	t.Parallel()
	s := shaped(1, 16, 12, false, "MONOCHROME2")
	b := object(t, codec.RLELossless, drawn(s, 1), drawn(s, 2), drawn(s, 3))
	ds := tree(t, b)
	ds.Set(dicom.DataElement{Tag: 0x7FE00001, VR: "OV", Value: make([]byte, 24)})
	ds.Set(dicom.DataElement{Tag: 0x7FE00002, VR: "OV", Value: make([]byte, 24)})
	out, err := codec.Transcode(read(t, encoded(t, codec.RLELossless, ds)), codec.JPEGLSLossless)
	if err != nil {
		t.Fatal(err)
	}
	got := tree(t, out)
	if table := got.Find(0x7FE00010).Fragments[0]; len(table) != 12 || got.Find(0x7FE00001) != nil || got.Find(0x7FE00002) != nil {
		t.Errorf("%d bytes of offsets, or wrong ones were left", len(table))
	}
}

// TestTranscodeMakesIconsNative decodes compressed pixel data in an item.
func TestTranscodeMakesIconsNative(t *testing.T) {
	t.Parallel()
	icon := drawn(shaped(1, 8, 8, false, "MONOCHROME2"), 4)
	data, err := codec.EncodeFrame(codec.RLELossless, icon)
	if err != nil {
		t.Fatal(err)
	}
	ds := tree(t, object(t, codec.RLELossless, drawn(shaped(1, 16, 12, true, "MONOCHROME2"), 5)))
	var item dicom.Dataset
	describe(&item, icon.Shape, 1)
	item.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OB", Fragments: [][]byte{nil, data}})
	ds.Set(dicom.DataElement{Tag: 0x00880200, VR: "SQ", Items: []dicom.Dataset{item}})
	b := encoded(t, codec.RLELossless, ds)
	for _, syntax := range []string{dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, codec.JPEGLSLossless} {
		out, err := codec.Transcode(read(t, b), syntax)
		if err != nil {
			t.Fatal(err)
		}
		got := tree(t, out)
		if e := got.Find(0x00880200).Items[0].Find(0x7FE00010); e.Fragments != nil || !bytes.Equal(e.Value, icon.Data) {
			t.Errorf("%s: the icon is another", syntax)
		}
	}
}

// TestTranscodeCarriesWhatHasNoPixels writes an object without pixel data, and leaves
// out group lengths, which would be wrong.
func TestTranscodeCarriesWhatHasNoPixels(t *testing.T) {
	t.Parallel()
	var ds dicom.Dataset
	ds.Set(dicom.DataElement{Tag: 0x00080000, VR: "UL", Value: []byte{9, 0, 0, 0}})
	ds.SetString(0x00080018, "UI", "2.25.9")
	ds.SetString(0x00100010, "PN", "SYNTHETIC^TEST")
	for _, syntax := range targets {
		out, err := codec.Transcode(read(t, encoded(t, "1.2.840.10008.1.2.4.100", ds)), syntax)
		if err != nil {
			t.Fatal(err)
		}
		if got := tree(t, out); len(got.Elements) != 2 || text(&got, 0x00100010) != "SYNTHETIC^TEST" {
			t.Errorf("%s: got %d elements", syntax, len(got.Elements))
		}
	}
}

// TestTranscodeRefuses what would lose something, or cannot be decoded or held.
func TestTranscodeRefuses(t *testing.T) {
	t.Parallel()
	grey := object(t, dicom.ExplicitLittleEndian, drawn(shaped(1, 8, 8, false, "MONOCHROME2"), 1))
	bits := object(t, dicom.ExplicitLittleEndian, drawn(shaped(1, 1, 1, false, "MONOCHROME2"), 1))
	ds := tree(t, object(t, codec.RLELossless, drawn(shaped(1, 8, 8, false, "MONOCHROME2"), 1)))
	video := encoded(t, "1.2.840.10008.1.2.4.102", ds)
	ds.SetString(0x00280008, "IS", "2")
	frames := encoded(t, codec.RLELossless, ds)
	many := tree(t, grey)
	many.SetString(0x00280008, "IS", "2000000000")
	us(&many, 0x00280010, 1)
	us(&many, 0x00280011, 1)
	var floats dicom.Dataset
	describe(&floats, shaped(1, 32, 32, false, "MONOCHROME2"), 1)
	floats.Set(dicom.DataElement{Tag: 0x7FE00008, VR: "OF", Value: make([]byte, 4*24*20)})
	for name, tt := range map[string]struct {
		b      []byte
		syntax string
		want   error
	}{
		"to baseline JPEG":      {grey, codec.JPEGBaseline, sinso.ErrUnsupported},
		"to MPEG":               {grey, "1.2.840.10008.1.2.4.102", sinso.ErrUnsupported},
		"from MPEG":             {video, dicom.ExplicitLittleEndian, sinso.ErrUnsupported},
		"single bits":           {bits, codec.JPEGLSLossless, sinso.ErrUnsupported},
		"floating point":        {encoded(t, dicom.ExplicitLittleEndian, floats), codec.RLELossless, sinso.ErrUnsupported},
		"a frame is missing":    {frames, dicom.ExplicitLittleEndian, sinso.ErrCorrupt},
		"frames are missing":    {encoded(t, dicom.ExplicitLittleEndian, many), codec.RLELossless, sinso.ErrCorrupt},
		"native stays possible": {encoded(t, dicom.ExplicitLittleEndian, floats), dicom.ImplicitLittleEndian, nil},
	} {
		if _, err := codec.Transcode(read(t, tt.b), tt.syntax); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

// mutants are small objects in every transfer syntax.
func mutants(tb testing.TB) [][]byte {
	tb.Helper()
	var all [][]byte
	for _, syntax := range append([]string{codec.JPEGBaseline}, targets...) {
		s := shaped(3, 8, 8, false, "RGB")
		all = append(all, object(tb, syntax, drawn(s, 1), drawn(s, 2)))
	}
	return all
}

// TestMutantsAreBounded damages objects 2,500 times and decodes, encodes and
// transcodes them: nothing panics, hangs or takes memory without bound. It is not
// parallel, since it measures what is allocated.
func TestMutantsAreBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	all := mutants(t)
	taken := 0
	const count = 2500
	for i := range count {
		b := bytes.Clone(all[i%len(all)])
		for range 1 + r.IntN(4) {
			b[140+r.IntN(len(b)-140)] ^= 1 << r.IntN(8)
		}
		if r.IntN(8) == 0 {
			b = b[:r.IntN(len(b))]
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		if look(t, b) {
			taken++
		}
		runtime.ReadMemStats(&after)
		if used, took := after.TotalAlloc-before.TotalAlloc, time.Since(start); used > 64<<20 || took > 5*time.Second {
			t.Errorf("mutant %d: allocated %d, took %v", i, used, took)
		}
	}
	if taken == 0 || taken == count {
		t.Errorf("%d of %d mutants were decoded: the damage is none, or total", taken, count)
	}
}

// look decodes the first frames of an object and transcodes it.
func look(tb testing.TB, b []byte) bool {
	tb.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		return false
	}
	known := func(err error) {
		if err != nil && !errors.Is(err, sinso.ErrCorrupt) && !errors.Is(err, sinso.ErrUnsupported) && !errors.Is(err, sinso.ErrNotFound) && !errors.Is(err, sinso.ErrInvalid) {
			tb.Errorf("no class: %v", err)
		}
	}
	for n := range 2 {
		frame, err := codec.Frame(f, n)
		known(err)
		if err == nil && int64(len(frame.Data)) != frame.Bytes() {
			tb.Errorf("a frame of %d bytes, its shape says %d", len(frame.Data), frame.Bytes())
		}
		if err != nil {
			return false
		}
	}
	_, err = codec.Transcode(f, codec.JPEGLSLossless)
	known(err)
	return err == nil
}

// FuzzTranscode decodes anything.
func FuzzTranscode(f *testing.F) {
	for _, b := range mutants(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { look(t, b) })
}
