package model

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/format/dicom/volume"
	"sinso.dev/sinso/internal/format/mesh"
)

// body says what is at a place, in HU: x to the left, y to the back, z to the head.
type body func(x, y, z float64) float64

// How a test's body is scanned.
const (
	side, count = 96, 40
	pixel, step = 2.0, 3.0 // mm
	seriesUID   = "1.2.3"
)

// scan is how the rows and columns of slices lie, and whether slices are counted from the
// head.
type scan struct{ row, column, step [3]float64 }

var usual = scan{[3]float64{1, 0, 0}, [3]float64{0, 1, 0}, [3]float64{0, 0, step}}

// objects draws a body as the objects of a CT, with 0 in the middle.
func objects(t testing.TB, s scan, at body) (out [][]byte) {
	t.Helper()
	place := func(column, row, n float64) (p [3]float64) {
		for axis := range 3 {
			p[axis] = (column-(side-1)/2.)*pixel*s.row[axis] + (row-(side-1)/2.)*pixel*s.column[axis] + (n-(count-1)/2.)*s.step[axis]
		}
		return p
	}
	text := func(v ...float64) (all []string) {
		for _, one := range v {
			all = append(all, fmt.Sprintf("%.6g", one))
		}
		return all
	}
	for n := range count {
		var ds dicom.Dataset
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.2")
		ds.SetString(0x00080018, dicom.VRUI, fmt.Sprintf("1.2.3.%d", n+1))
		ds.SetString(0x0020000E, dicom.VRUI, seriesUID)
		ds.SetString(0x00080060, dicom.VRCS, "CT")
		ds.SetString(0x00280004, dicom.VRCS, "MONOCHROME2")
		for tag, v := range map[dicom.Tag]uint16{0x00280002: 1, 0x00280010: side, 0x00280011: side, 0x00280100: 16, 0x00280101: 12, 0x00280102: 11, 0x00280103: 0} {
			ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: binary.LittleEndian.AppendUint16(nil, v)})
		}
		first := place(0, 0, float64(n))
		ds.SetString(0x00200032, dicom.VRDS, text(first[:]...)...)
		ds.SetString(0x00200037, dicom.VRDS, text(append(s.row[:], s.column[:]...)...)...)
		ds.SetString(0x00280030, dicom.VRDS, text(pixel, pixel)...)
		ds.SetString(0x00281052, dicom.VRDS, "-1024")
		ds.SetString(0x00281053, dicom.VRDS, "1")
		data := make([]byte, 0, 2*side*side)
		for i := range side * side {
			p := place(float64(i%side), float64(i/side), float64(n))
			data = binary.LittleEndian.AppendUint16(data, uint16(max(0, min(4095, math.Round(at(p[0], p[1], p[2]))+1024))))
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: data})
		raw, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, raw)
	}
	return out
}

// soft is a value that rises from low to high over the edge of a ball.
func soft(x, y, z float64, c [3]float64, r, low, high float64) float64 {
	d := r - math.Sqrt((x-c[0])*(x-c[0])+(y-c[1])*(y-c[1])+(z-c[2])*(z-c[2]))
	return low + (high-low)*max(0, min(1, 0.5+d/4))
}

var (
	trunk = [3]float64{0, 0, 0}
	liver = [3]float64{-30, 5, -10} // to the right
	heart = [3]float64{14, -30, 5}  // to the left, at the front
)

// patient is a ball of flesh with a large bone at the right and a small one at the left
// and front, a cavity of air at the back, an arm, and a table of plastic with a spring of
// steel in it.
func patient(x, y, z float64) float64 {
	v := max(soft(x, y, z, trunk, 55, -1000, 40), soft(x, y, z, [3]float64{74, 0, 0}, 14, -1000, 40))
	v = min(v, soft(x, y, z, [3]float64{0, 30, 0}, 12, 40, -1000)+max(0, v-40)) // air in it
	v = max(v, soft(x, y, z, liver, 16, -1000, 700), soft(x, y, z, heart, 10, -1000, 700))
	if table := math.Abs(y - 72); table < 5 && math.Abs(x) < 80 {
		v = max(v, 100)
		if table < 3 && math.Abs(x) < 40 {
			v = 1500
		}
	}
	return v
}

func opener(files [][]byte) func(context.Context, int) ([]byte, error) {
	return func(_ context.Context, n int) ([]byte, error) { return files[n], nil }
}

func ball(r float64) float64 { return 4. / 3 * math.Pi * r * r * r / 1000 } // cm³

func within(got, want, part float64) bool { return math.Abs(got-want) <= part*math.Abs(want) }

// TestBoneLeavesTheTable: both bones are there with their volume, the table and the spring
// in it are not, and the figures say what the mesh is.
func TestBoneLeavesTheTable(t *testing.T) {
	t.Parallel()
	files := objects(t, usual, patient)
	m, f, err := Make(t.Context(), len(files), opener(files), Options{Kind: Bone, Triangles: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	got := m.Measure()
	// The level is at 250 of -1000 to 700: outside of the middle by 1250/1700 - 1/2 of 4 mm, inwards.
	in := 4 * (1250./1700 - 0.5)
	if want := ball(16-in) + ball(10-in); !f.Watertight || !got.Watertight || !within(f.VolumeCubicCM, want, 0.02) || !within(got.Volume/1000, f.VolumeCubicCM, 0.001) {
		t.Errorf("figures %+v, want %.2f cm³", f, want)
	}
	if got.High[1] > 60 {
		t.Errorf("it reaches %.0f mm to the back: the table is there", got.High[1])
	}
	if f.Parts != 2 || f.Level != 250 || !f.Hounsfield || f.VoxelMillimetres != [3]float64{pixel, pixel, step} || f.Slices != count || f.Triangles != len(m.Triangles) {
		t.Errorf("figures %+v", f)
	}
}

// TestSkinIsTheOuterSurface of the largest body: one piece, without what is in it, the arm
// or the table.
func TestSkinIsTheOuterSurface(t *testing.T) {
	t.Parallel()
	files := objects(t, usual, patient)
	_, f, err := Make(t.Context(), len(files), opener(files), Options{Kind: Skin})
	if err != nil {
		t.Fatal(err)
	}
	out := 4 * (0.5 - 700./1040) // the level is at -300 of -1000 to 40
	if want := ball(55 + out); f.Parts != 1 || !f.Watertight || !within(f.VolumeCubicCM, want, 0.01) || !within(f.SizeMillimetres[0], 110, 0.02) {
		t.Errorf("figures %+v, want %.1f cm³", f, want)
	}
}

// TestThresholdHasAllParts, the wall of the cavity too.
func TestThresholdHasAllParts(t *testing.T) {
	t.Parallel()
	files := objects(t, usual, patient)
	level := int16(-300)
	_, f, err := Make(t.Context(), len(files), opener(files), Options{Kind: Threshold, Level: &level})
	if err != nil || f.Parts != 4 || !f.Watertight {
		t.Errorf("figures %+v, %v", f, err)
	}
}

// TestLeftStaysLeftFromDICOMToGLB: however rows and columns run and slices are counted, the
// large bone is on the patient's right in the file, at -X, and the small one at the front,
// at +Z, and the surface is right side out.
func TestLeftStaysLeftFromDICOMToGLB(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]scan{
		"usual":          usual,
		"from the head":  {usual.row, usual.column, [3]float64{0, 0, -step}},
		"feet first":     {[3]float64{-1, 0, 0}, [3]float64{0, 1, 0}, usual.step},
		"prone":          {[3]float64{-1, 0, 0}, [3]float64{0, -1, 0}, usual.step},
		"coronal":        {[3]float64{1, 0, 0}, [3]float64{0, 0, -1}, [3]float64{0, step, 0}},
		"sagittal":       {[3]float64{0, 1, 0}, [3]float64{0, 0, -1}, [3]float64{step, 0, 0}},
		"gantry tilted":  {usual.row, usual.column, [3]float64{0, 0.8, step}},
		"oblique planes": {[3]float64{0.8, 0.6, 0}, [3]float64{-0.6, 0.8, 0}, usual.step},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := objects(t, s, patient)
			m, f, err := Make(t.Context(), len(files), opener(files), Options{Kind: Bone, Triangles: 8000})
			if err != nil {
				t.Fatal(err)
			}
			inFile := readGLB(t, m)
			large := inFile.Keep(func(p mesh.Part) bool { return p.Volume*1e6 > ball(13) }).Measure()
			small := inFile.Keep(func(p mesh.Part) bool { return p.Volume*1e6 < ball(13) }).Measure()
			if !f.Watertight || !large.Watertight || !small.Watertight {
				t.Fatalf("large %+v, small %+v", large, small)
			}
			for axis, want := range map[*mesh.Measures][3]float64{&large: {-30, -10, -5}, &small: {14, 5, 30}} {
				for i := range 3 {
					if middle := float64(axis.Low[i]+axis.High[i]) / 2 * 1000; math.Abs(middle-want[i]) > 1 {
						t.Errorf("axis %d: a bone is at %.1f mm, want %.1f", i, middle, want[i])
					}
				}
			}
		})
	}
}

// readGLB writes a mesh as GLB and reads it back: vertices in metres, Y up.
func readGLB(t testing.TB, m *mesh.Mesh) *mesh.Mesh {
	t.Helper()
	var b strings.Builder
	if err := m.WriteGLB(&b); err != nil {
		t.Fatal(err)
	}
	raw := []byte(b.String())
	data := raw[20+binary.LittleEndian.Uint32(raw[12:])+8:]
	out := &mesh.Mesh{}
	for i := range m.Vertices { // the first view of the buffer
		var p mesh.Point
		for axis := range 3 {
			p[axis] = math.Float32frombits(binary.LittleEndian.Uint32(data[12*i+4*axis:]))
		}
		out.Vertices = append(out.Vertices, p)
	}
	data = data[24*len(m.Vertices):] // behind positions and normals
	for i := range len(data) / 12 {
		var tr [3]uint32
		for j := range 3 {
			tr[j] = binary.LittleEndian.Uint32(data[12*i+4*j:])
		}
		out.Triangles = append(out.Triangles, tr)
	}
	return out
}

// TestOptionsAreChecked before an object is opened, and nothing is made of air.
func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	level, high := int16(0), int16(3000)
	for name, tt := range map[string]struct {
		o    Options
		want error
	}{
		"no kind":            {Options{}, sinso.ErrInvalid},
		"another kind":       {Options{Kind: "brain"}, sinso.ErrInvalid},
		"too few triangles":  {Options{Kind: Bone, Triangles: 10}, sinso.ErrInvalid},
		"too many triangles": {Options{Kind: Bone, Triangles: 1 << 40}, sinso.ErrInvalid},
		"below zero":         {Options{Kind: Bone, Triangles: -1}, sinso.ErrInvalid},
		"no threshold":       {Options{Kind: Threshold}, sinso.ErrInvalid},
		"opened":             {Options{Kind: Threshold, Level: &level}, io.ErrUnexpectedEOF},
	} {
		_, _, err := Make(t.Context(), 1, func(context.Context, int) ([]byte, error) { return nil, io.ErrUnexpectedEOF }, tt.o)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	files := objects(t, usual, func(float64, float64, float64) float64 { return -1000 })
	for _, o := range []Options{{Kind: Bone}, {Kind: Skin}, {Kind: Threshold, Level: &high}} {
		if _, _, err := Make(t.Context(), len(files), opener(files), o); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s of air: %v", o.Kind, err)
		}
	}
	mr := &volume.Volume{}
	if _, _, err := Of(t.Context(), mr, Options{Kind: Bone}); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("bone of MR: %v", err)
	}
}

// TestAPanicOverAVolumeIsAnError: it takes no place of the caller's with it.
func TestAPanicOverAVolumeIsAnError(t *testing.T) {
	t.Parallel()
	if _, _, err := Of(t.Context(), nil, Options{Kind: Bone}); !errors.Is(err, errFault) {
		t.Errorf("got %v", err)
	}
}

// TestAnObjectOfASeriesMayNotStateTooMuch: what the archive says of it tells that it does
// not fit, and no byte of it is read.
func TestAnObjectOfASeriesMayNotStateTooMuch(t *testing.T) {
	t.Parallel()
	slice := sinso.InstanceRow{Rows: 512, Columns: 512, Frames: 1, Size: 2*512*512 + 10_000}
	many := func(n int, row sinso.InstanceRow) []sinso.InstanceRow {
		return slices.Repeat([]sinso.InstanceRow{row}, n)
	}
	for name, tt := range map[string]struct {
		rows []sinso.InstanceRow
		fits bool
	}{
		"as many as there may be": {many(maxVoxels/512/512, slice), true},
		"one more":                {many(maxVoxels/512/512+1, slice), false},
		"frames without end":      {many(1, sinso.InstanceRow{Rows: 65535, Columns: 65535, Frames: math.MaxInt}), false},
		"frames of nothing":       {many(1, sinso.InstanceRow{Frames: math.MaxInt, Size: 100}), false},
		"no picture":              {many(1, sinso.InstanceRow{Size: 10_000}), true},
		"as large as a header is": {many(1, sinso.InstanceRow{Rows: 1, Columns: 1, Frames: 1, Size: maxHeader + 2}), true},
		"more than its picture":   {append(many(3, slice), sinso.InstanceRow{Rows: 1, Columns: 1, Frames: 1, Size: maxHeader + 3}), false},
	} {
		if err := Fits(tt.rows); (err == nil) != tt.fits || err != nil && !errors.Is(err, sinso.ErrUnsupported) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestDrawnChest makes all kinds of model of the series that the program draws, and leaves
// its table out of bone and skin.
func TestDrawnChest(t *testing.T) {
	t.Parallel()
	files := chest(t, 60, 192)
	for kind, size := range map[Kind][2]float64{Bone: {240, 330}, Skin: {330, 350}} { // mm from right to left
		m, f, err := Make(t.Context(), len(files), opener(files), Options{Kind: kind, Triangles: 50_000})
		if err != nil {
			t.Fatal(err)
		}
		if box := m.Measure(); !f.Watertight || box.High[1] > 125 || f.SizeMillimetres[0] < size[0] || f.SizeMillimetres[0] > size[1] {
			t.Errorf("%s: %+v, to %v", kind, f, box.High)
		}
		if !within(f.VolumeCubicCM, f.FullVolume, 0.01) {
			t.Errorf("%s: %g cm³ of %g", kind, f.VolumeCubicCM, f.FullVolume)
		}
	}
}

func chest(t testing.TB, count, side int) (files [][]byte) {
	t.Helper()
	err := phantom.Series(phantom.Options{Slices: count, Rows: side, Columns: side}, func(_ string, raw []byte) error {
		files = append(files, raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// cranium is the CT of a head of Debian's invesalius-examples. Its rows go from the back to
// the front.
func cranium(t testing.TB) *volume.Volume {
	t.Helper()
	file, err := os.Open("/usr/share/doc/invesalius-examples/examples/Cranium.inv3") // a package that is missing fails: scripts/test-deps installs it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for tape := tar.NewReader(unpacked); ; {
		header, err := tape.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(header.Name, "matrix.dat") {
			continue
		}
		const side, count = 256, 108
		values := make([]int16, side*side*count)
		if err := binary.Read(tape, binary.LittleEndian, values); err != nil {
			t.Fatal(err)
		}
		return &volume.Volume{
			Columns: side, Rows: side, Slices: slices.Collect(slices.Chunk(values, side*side)), Spacing: [2]float64{0.957, 0.957},
			Row: [3]float64{1, 0, 0}, Column: [3]float64{0, -1, 0}, Step: [3]float64{0, 0, 1.5}, CT: true,
		}
	}
}

// TestRealHead: bone and skin of the CT of a head are watertight, of a skull's and a head's
// size, and say how long they took.
func TestRealHead(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs a volume of Debian's invesalius-examples")
	}
	v := cranium(t)
	for kind, volume := range map[Kind][2]float64{Bone: {300, 1200}, Skin: {2500, 5000}} { // cm³
		start := time.Now()
		_, f, err := Of(t.Context(), v, Options{Kind: kind, Triangles: 200_000})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s in %v: %+v", kind, time.Since(start).Round(time.Millisecond), f)
		if !f.Watertight || f.Triangles > 200_000 || f.VolumeCubicCM < volume[0] || f.VolumeCubicCM > volume[1] || !within(f.VolumeCubicCM, f.FullVolume, 0.01) {
			t.Errorf("%s: %+v", kind, f)
		}
	}
}

// BenchmarkBone makes the bones of 300 drawn slices of 512 by 512, from values to thinned
// triangles, and from objects.
func BenchmarkBone(b *testing.B) {
	files := chest(b, 300, 512)
	v, err := volume.Read(b.Context(), len(files), volume.Source{Open: opener(files), Frame: codec.Frame}, maxVoxels)
	if err != nil {
		b.Fatal(err)
	}
	var f Figures
	b.Run("values", func(b *testing.B) {
		for range b.N {
			if _, f, err = Of(b.Context(), v, Options{Kind: Bone}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(f.FullTriangles), "triangles")
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
	})
	b.Run("read", func(b *testing.B) {
		for range b.N {
			if _, err := volume.Read(b.Context(), len(files), volume.Source{Open: opener(files), Frame: codec.Frame}, maxVoxels); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
	})
}
