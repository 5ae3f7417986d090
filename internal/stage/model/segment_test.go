package model

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/segmenttest"
)

func round(c [3]float64, r float64) func(x, y, z float64) bool {
	return func(x, y, z float64) bool {
		return (x-c[0])*(x-c[0])+(y-c[1])*(y-c[1])+(z-c[2])*(z-c[2]) < r*r
	}
}

func opened(raw []byte) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) { return raw, nil }
}

// outlines are a large ball at the patient's right, and a small one at the left and front.
var outlines = []segmenttest.Outline{{Label: "Liver", Has: round(liver, 26)}, {Label: "Heart", Has: round(heart, 18)}}

// TestASegmentIsAsItWasOutlined: its volume is that of the body that was outlined within
// 1 %, it lies on its own side however the series was scanned, and it has nothing of the
// other segment or of the values of the series.
func TestASegmentIsAsItWasOutlined(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]scan{
		"usual":         usual,
		"from the head": {usual.row, usual.column, [3]float64{0, 0, -step}},
		"feet first":    {[3]float64{-1, 0, 0}, [3]float64{0, 1, 0}, usual.step},
		"coronal":       {[3]float64{1, 0, 0}, [3]float64{0, 0, -1}, [3]float64{0, step, 0}},
		"gantry tilted": {usual.row, usual.column, [3]float64{0, 0.8, step}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := objects(t, s, patient)
			raw := segmenttest.Draw(t, files, nil, outlines...)
			for n, want := range map[int]struct {
				middle [3]float64
				radius float64
			}{1: {liver, 26}, 2: {heart, 18}} {
				m, f, err := Make(t.Context(), len(files), opener(files), Options{Kind: Segment, SeriesUID: seriesUID, Segment: n, Segmentation: opened(raw)})
				if err != nil {
					t.Fatal(err)
				}
				got := m.Measure()
				if !f.Watertight || f.Parts != 1 || f.Hounsfield || f.Level != 0 || !within(got.Volume/1000, ball(want.radius), 0.01) {
					t.Errorf("segment %d: figures %+v, want %.2f cm³", n, f, ball(want.radius))
				}
				for axis := range 3 {
					if middle := float64(got.Low[axis]+got.High[axis]) / 2; math.Abs(middle-want.middle[axis]) > 1 {
						t.Errorf("segment %d, axis %d: it is at %.1f mm, want %.1f", n, axis, middle, want.middle[axis])
					}
				}
			}
		})
	}
}

// TestASegmentThatDoesNotFitIsRefused: nothing is resampled or guessed.
func TestASegmentThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	files := objects(t, usual, patient)
	shift := func(by string) func(*dicom.Dataset) {
		return func(ds *dicom.Dataset) {
			ds.Find(0x52009230).Items[3].Find(0x00209113).Items[0].SetString(0x00200032, dicom.VRDS, "-95", "-95", by) // slices lie 3 mm apart, at ±1.5, ±4.5, …
		}
	}
	text := func(tag dicom.Tag, vr dicom.VR, values ...string) func(*dicom.Dataset) {
		return func(ds *dicom.Dataset) { ds.SetString(tag, vr, values...) }
	}
	group := func(macro, tag dicom.Tag, values ...string) func(*dicom.Dataset) {
		return func(ds *dicom.Dataset) {
			ds.Find(0x52009229).Items[0].Find(macro).Items[0].SetString(tag, dicom.VRDS, values...)
		}
	}
	for name, tt := range map[string]struct {
		edit    func(*dicom.Dataset)
		segment int
		want    error
	}{
		"no such segment":     {nil, 3, sinso.ErrNotFound},
		"of other spacing":    {group(0x00289110, 0x00280030, "2", "2.1"), 1, sinso.ErrUnsupported},
		"turned":              {group(0x00209116, 0x00200037, "-1", "0", "0", "0", "1", "0"), 1, sinso.ErrUnsupported},
		"between slices":      {shift("0.1"), 1, sinso.ErrUnsupported},
		"beyond the series":   {shift("4000"), 1, sinso.ErrUnsupported},
		"nowhere":             {shift("1e9"), 1, sinso.ErrUnsupported},
		"fractional":          {text(0x00620001, dicom.VRCS, "FRACTIONAL"), 1, sinso.ErrUnsupported},
		"another class":       {text(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.2"), 1, sinso.ErrUnsupported},
		"more frames than it": {text(0x00280008, dicom.VRIS, "900"), 1, sinso.ErrUnsupported},
		"of another series": {func(ds *dicom.Dataset) {
			ds.Find(0x00081115).Items[0].SetString(0x0020000E, dicom.VRUI, "1.2.4")
		}, 1, sinso.ErrUnsupported},
		"of no series": {func(ds *dicom.Dataset) { ds.Remove(0x00081115) }, 1, sinso.ErrUnsupported},
		"cut off": {func(ds *dicom.Dataset) {
			e := ds.Find(0x7FE00010)
			e.Value = e.Value[:100]
		}, 1, sinso.ErrCorrupt},
		"no segments": {func(ds *dicom.Dataset) { ds.Remove(0x00620002) }, 1, sinso.ErrUnsupported},
	} {
		raw := segmenttest.Draw(t, files, tt.edit, outlines...)
		if _, _, err := Make(t.Context(), len(files), opener(files), Options{Kind: Segment, SeriesUID: seriesUID, Segment: tt.segment, Segmentation: opened(raw)}); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
	level := int16(1)
	for name, o := range map[string]Options{
		"without an object": {Kind: Segment, Segment: 1}, "without a number": {Kind: Segment, Segmentation: opened(nil)},
		"with a threshold": {Kind: Segment, Segment: 1, Segmentation: opened(nil), Level: &level},
	} {
		if err := o.Check(); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestMutatedSegmentationsDoNoHarm: whatever stands in one, it is read or refused.
func TestMutatedSegmentationsDoNoHarm(t *testing.T) {
	t.Parallel()
	files := objects(t, usual, patient)[:6]
	raw := segmenttest.Draw(t, files, nil, segmenttest.Outline{Label: "Foot", Has: round([3]float64{0, 0, -52}, 6)})
	r, made, refusals := rand.New(rand.NewPCG(5, 6)), 0, 0
	for range 300 {
		bad := slices.Clone(raw)
		for range 1 + r.IntN(3) {
			bad[132+r.IntN(2000)] = byte(r.Uint32())
		}
		_, _, err := Make(t.Context(), len(files), opener(files), Options{Kind: Segment, SeriesUID: seriesUID, Segment: 1, Segmentation: opened(bad), Triangles: LeastTriangles})
		switch {
		case err == nil:
			made++
		case errors.Is(err, sinso.ErrUnsupported) || errors.Is(err, sinso.ErrCorrupt) || errors.Is(err, sinso.ErrInvalid) || errors.Is(err, sinso.ErrNotFound):
			refusals++
		default:
			t.Fatal(err)
		}
	}
	if made == 0 || refusals == 0 {
		t.Errorf("%d made, %d refused", made, refusals)
	}
}

// TestASegmentationMayNotStateTooLittle: what is larger than its bits and a header is not
// read.
func TestASegmentationMayNotStateTooLittle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		row  sinso.InstanceRow
		want bool
	}{
		"usual":              {sinso.InstanceRow{Rows: 512, Columns: 512, Frames: 300, Size: 512*512*300/8 + 500*300}, true},
		"mostly header":      {sinso.InstanceRow{Rows: 16, Columns: 16, Frames: 1, Size: 17 << 20}, false},
		"of all frames":      {sinso.InstanceRow{Rows: 65535, Columns: 65535, Frames: 1 << 40, Size: 257 << 20}, false},
		"of frames that lie": {sinso.InstanceRow{Rows: 1, Columns: 1, Frames: 1 << 40, Size: 32 << 20}, false},
	} {
		if got := FitsSegmentation(tt.row); got != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestCellsAreSegmentsToo: what belongs to a segment by half or more of the most, and what
// has its number in a label map of 8 or 16 bits, is the ball that was drawn.
func TestCellsAreSegmentsToo(t *testing.T) {
	t.Parallel()
	files := objects(t, usual, patient)
	label := func(first, second int) func([]bool) int {
		return func(has []bool) int {
			switch {
			case has[0]:
				return first
			case has[1]:
				return second
			}
			return 0
		}
	}
	renumbered := func(ds *dicom.Dataset) {
		ds.Find(0x00620002).Items[1].Set(dicom.DataElement{Tag: 0x00620004, VR: dicom.VRUS, Value: []byte{0x2c, 0x01}}) // 300
	}
	for name, tt := range map[string]struct {
		bits, segment int
		labels        bool
		value         func([]bool) int
		edit          func(*dicom.Dataset)
		radius        float64
	}{
		"a half is in":        {8, 1, false, label(100, 99), nil, 26}, // of 200
		"more is in":          {8, 1, false, label(255, 1), nil, 26},
		"labels":              {8, 2, true, label(1, 2), nil, 18},
		"labels of 16 bits":   {16, 300, true, label(1, 300), renumbered, 18},
		"the lower half only": {16, 1, true, label(1, 257), nil, 26},
	} {
		raw := segmenttest.Cells(t, files, tt.bits, tt.labels, tt.value, tt.edit, outlines...)
		_, f, err := Make(t.Context(), len(files), opener(files), Options{Kind: Segment, SeriesUID: seriesUID, Segment: tt.segment, Segmentation: opened(raw)})
		if err != nil || f.Parts != 1 || !within(f.VolumeCubicCM, ball(tt.radius), 0.01) {
			t.Errorf("%s: figures %+v, %v, want %.2f cm³", name, f, err, ball(tt.radius))
		}
	}
}

// TestCellsThatDoNotFitAreRefused: of another class or depth, cut off, or laid twice.
func TestCellsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	files := objects(t, usual, patient)
	value := func(has []bool) int {
		if has[0] {
			return 200
		}
		return 0
	}
	twice := func(ds *dicom.Dataset) {
		frames := ds.Find(0x52009230).Items
		frames[1] = frames[0]
	}
	short := func(ds *dicom.Dataset) { e := ds.Find(0x7FE00010); e.Value = e.Value[:100] }
	class := func(uid string) func(*dicom.Dataset) {
		return func(ds *dicom.Dataset) { ds.SetString(0x00080016, dicom.VRUI, uid) }
	}
	for name, tt := range map[string]struct {
		bits, segment int
		labels        bool
		edit          func(*dicom.Dataset)
		want          error
	}{
		"laid twice":               {8, 1, false, twice, sinso.ErrUnsupported},
		"labels laid twice":        {8, 1, true, twice, sinso.ErrUnsupported},
		"cut off":                  {8, 1, false, short, sinso.ErrCorrupt},
		"labels cut off":           {16, 1, true, short, sinso.ErrCorrupt},
		"fractions of 16 bits":     {16, 1, false, nil, sinso.ErrUnsupported},
		"labels of another class":  {8, 1, true, class("1.2.840.10008.5.1.4.1.1.66.4"), sinso.ErrUnsupported},
		"fractions of another":     {8, 1, false, class("1.2.840.10008.5.1.4.1.1.66.7"), sinso.ErrUnsupported},
		"the background":           {8, 0, true, nil, sinso.ErrInvalid},
		"a segment without a name": {8, 200, true, nil, sinso.ErrNotFound},
	} {
		raw := segmenttest.Cells(t, files, tt.bits, tt.labels, value, tt.edit, outlines...)
		if _, _, err := Make(t.Context(), len(files), opener(files), Options{Kind: Segment, SeriesUID: seriesUID, Segment: tt.segment, Segmentation: opened(raw)}); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
}

// TestCompressedCellsAreDecoded: label maps come compressed, by RLE as dcmtk does it.
func TestCompressedCellsAreDecoded(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs dcmtk; left out by -short")
	}
	files, at := objects(t, usual, patient), filepath.Join(t.TempDir(), "labels.dcm")
	raw := segmenttest.Cells(t, files, 8, true, func(has []bool) int {
		if has[1] {
			return 2
		}
		return 0
	}, nil, outlines...)
	if err := os.WriteFile(at, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "dcmcrle", at, at).CombinedOutput(); err != nil {
		t.Fatalf("dcmcrle: %v\n%s", err, out)
	}
	packed, err := os.ReadFile(at)
	if err != nil || len(packed) >= len(raw)/2 {
		t.Fatalf("%d bytes of %d, %v", len(packed), len(raw), err)
	}
	_, f, err := Make(t.Context(), len(files), opener(files), Options{Kind: Segment, SeriesUID: seriesUID, Segment: 2, Segmentation: opened(packed)})
	if err != nil || !within(f.VolumeCubicCM, ball(18), 0.01) {
		t.Errorf("figures %+v, %v, want %.2f cm³", f, err, ball(18))
	}
}
