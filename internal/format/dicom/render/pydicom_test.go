package render_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/render"
)

// pydicomCases are objects that pydicom can draw and dcmtk cannot, or draws coarsely.
func pydicomCases() map[string]struct {
	pic     pic
	options render.Options
} {
	type one = struct {
		pic     pic
		options render.Options
	}
	const side = 32
	function := func(name string) pic {
		return pic{
			rows: side, columns: side, allocated: 16, stored: 12, photometric: "MONOCHROME2", pixels: slope(side*side, 0, 4, 0xFFFF),
			text: map[dicom.Tag]string{0x00281050: `1000\1500\600.5`, 0x00281051: `1800\700\99.5`, 0x00281052: "-24", 0x00281053: "1.5"},
			more: []dicom.DataElement{cs(0x00281056, "CS", name)},
		}
	}
	signed := function("LINEAR")
	signed.signed, signed.pixels = 1, slope(side*side, -2048, 4, 0xFFFF)
	voi := function("LINEAR")
	voi.more = []dicom.DataElement{{Tag: 0x00283010, VR: "SQ", Items: []dicom.Dataset{
		lutItem("US", 100, 10, curve(256, 1023)...), lutItem("US", 500, 14, curve(3000, 16383)...),
	}}}
	voi.text = nil
	modality := function("LINEAR")
	modality.text = nil
	modality.more = []dicom.DataElement{
		{Tag: 0x00283000, VR: "SQ", Items: []dicom.Dataset{lutItem("US", 300, 16, curve(2000, 65535)...)}},
		{Tag: 0x00283010, VR: "SQ", Items: []dicom.Dataset{lutItem("US", 1000, 16, curve(60000, 65535)...)}},
	}
	ybr := pic{rows: side, columns: side, samples: 3, allocated: 8, photometric: "YBR_FULL", pixels: noise(side * side * 3)}
	return map[string]one{
		"exact-0.dcm":     {function("LINEAR_EXACT"), render.Options{}},
		"exact-1.dcm":     {function("LINEAR_EXACT"), render.Options{VOI: 1}},
		"linear-0.dcm":    {function("LINEAR"), render.Options{}},
		"linear-2.dcm":    {function("LINEAR"), render.Options{VOI: 2}},
		"sigmoid-0.dcm":   {function("SIGMOID"), render.Options{}},
		"sigmoid-2.dcm":   {function("SIGMOID"), render.Options{VOI: 2}},
		"signed-1.dcm":    {signed, render.Options{VOI: 1}},
		"voi-0.dcm":       {voi, render.Options{}},
		"voi-1.dcm":       {voi, render.Options{VOI: 1}},
		"modality-0.dcm":  {modality, render.Options{}},
		"full-ybr.dcm":    {ybr, render.Options{}},
		"s16-palette.dcm": {segmentedPalette(16, false), render.Options{}},
		"s8-palette.dcm":  {segmentedPalette(8, true), render.Options{}},
	}
}

// segmentedPalette has a discrete segment, straight lines up and down and another
// discrete one; then the lines again: as a copy if copied, else written out.
func segmentedPalette(bits int, copied bool) pic {
	p := pic{rows: 16, columns: 16, allocated: 8, stored: 8, photometric: "PALETTE COLOR", pixels: make([]byte, 256)}
	for i := range p.pixels {
		p.pixels[i] = byte(i)
	}
	top := 1<<bits - 1
	for i := range 3 {
		lines := []int{1, 60, top, 1, 63, top / 7}
		segments := append([]int{0, 3, 0, top / 5, top / (2 + i)}, lines...)
		segments = append(segments, 0, 2, 7, 9)
		switch {
		case !copied:
			segments = append(segments, lines...)
		case bits == 16:
			segments = append(segments, 2, 2, 10, 0) // bytes before the lines, low word first
		default:
			segments = append(segments, 2, 2, 5, 0, 0, 0)
		}
		value := words(segments...)
		if bits == 8 {
			value = value[:0]
			for _, v := range segments {
				value = append(value, byte(v))
			}
		}
		p.more = append(p.more, usWords(0x00281101+dicom.Tag(i), "US", 3+60+63+2+60+63, 0, bits),
			dicom.DataElement{Tag: 0x00281221 + dicom.Tag(i), VR: "OW", Value: value})
	}
	return p
}

// TestCopiedSegmentsAreThoseWrittenOut, in both widths; pydicom takes the places of
// 16-bit copies for words.
func TestCopiedSegmentsAreThoseWrittenOut(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{8, 16} {
		got, want := samplesOf(t, segmentedPalette(bits, true), render.Options{}), samplesOf(t, segmentedPalette(bits, false), render.Options{})
		if !slices.Equal(got, want) {
			t.Errorf("%d bits differ", bits)
		}
	}
}

// TestDrawsAsPydicomDoes compares with what pydicom computes in floating point: not
// off by a whole level.
func TestDrawsAsPydicomDoes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs pydicom and numpy")
	}
	folder, cases := t.TempDir(), pydicomCases()
	for name, tt := range cases {
		if err := os.WriteFile(filepath.Join(folder, name), tt.pic.part10(t), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var problem bytes.Buffer
	ask := exec.Command("/usr/bin/python3", "testdata/oracle.py", folder)
	ask.Stderr = &problem
	out, err := ask.Output()
	if err != nil {
		t.Fatalf("pydicom cannot be asked: install the Debian packages python3-pydicom and python3-numpy: %v\n%s", err, problem.String())
	}
	compared := 0
	for line := range bytes.Lines(out) {
		var want struct {
			Name    string
			Samples []float64
		}
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		compared++
		tt := cases[want.Name]
		got := samplesOf(t, tt.pic, tt.options)
		if len(got) != len(want.Samples) {
			t.Errorf("%s: got %d samples, want %d", want.Name, len(got), len(want.Samples))
			continue
		}
		for i := range got {
			if math.Abs(float64(got[i])-want.Samples[i]) > 1 {
				t.Errorf("%s: sample %d: got %d, want %.2f", want.Name, i, got[i], want.Samples[i])
				break
			}
		}
	}
	if compared != len(cases) {
		t.Errorf("pydicom drew %d of %d", compared, len(cases))
	}
}

// samplesOf draws an object and returns its gray or its red, green and blue.
func samplesOf(t *testing.T, p pic, o render.Options) []uint8 {
	t.Helper()
	picture, err := drawn(t, p.part10(t), 0, o)
	if err != nil {
		t.Fatal(err)
	}
	return flat(picture)
}
