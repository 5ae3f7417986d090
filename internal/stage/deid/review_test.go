package deid

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"unicode/utf8"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// captured is a synthetic screen of 16 × 16 pixels of 100, which a capture holds.
func captured(t *testing.T, edit func(*dicom.Dataset)) []byte {
	t.Helper()
	var ds dicom.Dataset
	for tag, text := range map[dicom.Tag]string{
		0x00080016: "1.2.840.10008.5.1.4.1.1.7", 0x00080018: "2.25.1", 0x0020000D: "2.25.2", 0x0020000E: "2.25.3",
		0x00080060: "OT", 0x00080064: "SYN", 0x00080070: "Synthetic\nWorks", 0x00280004: "MONOCHROME2", 0x00280301: "NO",
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], text)
	}
	for tag, v := range map[dicom.Tag]byte{0x00280002: 1, 0x00280010: 16, 0x00280011: 16, 0x00280100: 8, 0x00280101: 8, 0x00280102: 7, 0x00280103: 0} {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{v, 0}})
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: []byte(strings.Repeat("d", 256))})
	if edit != nil {
		edit(&ds)
	}
	out, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestReviewOverrulesDoubtAlone: what persons have seen passes; what they cannot see,
// or what is no doubt, does not, whatever they say.
func TestReviewOverrulesDoubtAlone(t *testing.T) {
	t.Parallel()
	for _, preset := range []string{"basic", DefaultPreset} {
		profile, err := Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			edit func(*dicom.Dataset)
			held sinso.Reason // although persons approve
		}{
			"scanned paper":   {func(ds *dicom.Dataset) { ds.SetString(0x00080064, dicom.VRCS, "SD") }, ""},
			"it says YES":     {func(ds *dicom.Dataset) { ds.SetString(0x00280301, dicom.VRCS, "YES") }, ""},
			"it says nothing": {func(ds *dicom.Dataset) { ds.SetString(0x00280301, dicom.VRCS, "") }, ""},
			"a photograph":    {func(ds *dicom.Dataset) { ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.77.1.4") }, ""},
			"a document":      {func(ds *dicom.Dataset) { ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.104.1") }, ReasonDocument},
			"a waveform":      {func(ds *dicom.Dataset) { ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.9.1.1") }, ReasonWaveform},
			"recognisable":    {func(ds *dicom.Dataset) { ds.SetString(0x00280302, dicom.VRCS, "YES") }, ReasonFace},
			"bytes behind them": {func(ds *dicom.Dataset) {
				ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: make([]byte, 300)})
			}, ReasonPixelLength},
			"no pixels": {func(ds *dicom.Dataset) { ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB}) }, ReasonPixelLength},
		} {
			release := Release{Review: Review{Overrules: true, Boxes: []Box{{AllFrames, image.Rect(1, 1, 4, 3)}}}}
			result, err := profile.Clean(t.Context(), sinso.Record{Bytes: captured(t, tt.edit)}, release)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			held := fmt.Sprint(result.Clean.Withheld)
			if tt.held == "" && len(result.Clean.Withheld) > 0 || tt.held != "" && !strings.Contains(held, string(tt.held)) {
				t.Errorf("%s, %s: withheld for %s, want %q", preset, name, held, tt.held)
			}
			if tt.held == "" && blankOf(t, result.Clean.Bytes) != 6 {
				t.Errorf("%s, %s: %d pixels are blank, want the 6 of the box", preset, name, blankOf(t, result.Clean.Bytes))
			}
		}
	}
}

func blankOf(t *testing.T, derivative []byte) (n int) {
	t.Helper()
	file, err := dicom.Read(derivative)
	if err != nil {
		t.Fatal(err)
	}
	frames, err := file.Frames()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range frames[0] {
		if v == 0 {
			n++
		}
	}
	return n
}

// TestDeviceIsFitToBeShown: its words are the object's, cut and in one line.
func TestDeviceIsFitToBeShown(t *testing.T) {
	t.Parallel()
	if got := Device(captured(t, nil)); got != "Synthetic Works · ? · OT · 16×16" {
		t.Errorf("got %q", got)
	}
	long := Device(captured(t, func(ds *dicom.Dataset) { ds.SetString(0x00080070, dicom.VRLO, strings.Repeat("ÄX", 200)) }))
	if !utf8.ValidString(long) || utf8.RuneCountInString(long) > 3*maxDeviceWord+30 || strings.ContainsAny(long, "\x1b\n\r") {
		t.Errorf("got %q", long)
	}
	if got := Device([]byte("no object")); got != "?" {
		t.Errorf("got %q", got)
	}
}
