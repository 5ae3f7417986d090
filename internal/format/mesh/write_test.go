package mesh

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// figure is a body that no mirror image or turn of it looks like: a trunk around 0 with a
// large ball to the left, a middle one at the front and a small one at the head. Balls do
// not touch the trunk, so that each can be found again.
func figure() solid {
	return either(sphere(0, 0, 0, 10), sphere(34, 0, 0, 8), sphere(0, -32, 0, 6), sphere(0, 0, 30, 4))
}

func drawnFigure(t testing.TB) *Mesh {
	t.Helper()
	return surface(t, scanned(96, 90, 80, [3]float64{1, 1, 1}, figure()))
}

// readGLB reads what WriteGLB wrote, as a reader of glTF does.
func readGLB(t testing.TB, raw []byte) (m *Mesh, normals []Point) {
	t.Helper()
	u32 := func(at int) int { return int(binary.LittleEndian.Uint32(raw[at:])) }
	if string(raw[:4]) != "glTF" || u32(4) != 2 || u32(8) != len(raw) || string(raw[16:20]) != "JSON" {
		t.Fatalf("it begins %x", raw[:20])
	}
	size := u32(12)
	var doc gltf
	if err := json.Unmarshal(raw[20:20+size], &doc); err != nil {
		t.Fatal(err)
	}
	if string(raw[20+size+4:20+size+8]) != "BIN\x00" || u32(20+size) != len(raw)-28-size {
		t.Fatal("there is no binary chunk, or one of another size")
	}
	data := raw[28+size:]
	points := func(a accessor) (out []Point) {
		view := doc.BufferViews[a.View]
		for i := range a.Count {
			var p Point
			for axis := range 3 {
				p[axis] = math.Float32frombits(binary.LittleEndian.Uint32(data[view.Offset+12*i+4*axis:]))
			}
			out = append(out, p)
		}
		return out
	}
	m = &Mesh{Vertices: points(doc.Accessors[0])}
	view := doc.BufferViews[doc.Accessors[2].View]
	for i := range doc.Accessors[2].Count / 3 {
		var tr [3]uint32
		for j := range 3 {
			tr[j] = binary.LittleEndian.Uint32(data[view.Offset+12*i+4*j:])
		}
		m.Triangles = append(m.Triangles, tr)
	}
	return m, points(doc.Accessors[1])
}

// readSTL reads binary STL, and joins corners at the same place.
func readSTL(t testing.TB, raw []byte) *Mesh {
	t.Helper()
	n := int(binary.LittleEndian.Uint32(raw[80:]))
	if len(raw) != 84+50*n || bytes.HasPrefix(raw, []byte("solid")) {
		t.Fatalf("%d bytes of %d triangles", len(raw), n)
	}
	m, at := &Mesh{}, map[Point]uint32{}
	for i := range n {
		var tr [3]uint32
		for j := range 3 {
			var p Point
			for axis := range 3 {
				p[axis] = math.Float32frombits(binary.LittleEndian.Uint32(raw[84+50*i+12+12*j+4*axis:]))
			}
			if _, ok := at[p]; !ok {
				at[p] = uint32(len(m.Vertices))
				m.Vertices = append(m.Vertices, p)
			}
			tr[j] = at[p]
		}
		m.Triangles = append(m.Triangles, tr)
	}
	return m
}

// read3MF reads the package and moves its object as the build item says.
func read3MF(t testing.TB, raw []byte) *Mesh {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	var model []byte
	for _, f := range archive.File {
		names = append(names, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(data, new(struct{ XMLName xml.Name })); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.ModifiedDate != 0 || f.ModifiedTime != 0 || len(f.Extra) > 0 {
			t.Errorf("%s has a time", f.Name)
		}
		model = data
	}
	if got := strings.Join(names, " "); got != "[Content_Types].xml _rels/.rels 3D/3dmodel.model" {
		t.Errorf("parts %s", got)
	}
	var doc struct {
		Unit   string `xml:"unit,attr"`
		Points []struct {
			X float32 `xml:"x,attr"`
			Y float32 `xml:"y,attr"`
			Z float32 `xml:"z,attr"`
		} `xml:"resources>object>mesh>vertices>vertex"`
		Triangles []struct {
			A uint32 `xml:"v1,attr"`
			B uint32 `xml:"v2,attr"`
			C uint32 `xml:"v3,attr"`
		} `xml:"resources>object>mesh>triangles>triangle"`
		Item struct {
			Object    int    `xml:"objectid,attr"`
			Transform string `xml:"transform,attr"`
		} `xml:"build>item"`
	}
	if err := xml.Unmarshal(model, &doc); err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(doc.Item.Transform)
	if doc.Unit != "millimeter" || doc.Item.Object != 1 || len(fields) != 12 || strings.Join(fields[:9], "") != "100010001" {
		t.Fatalf("unit %q, item %+v", doc.Unit, doc.Item)
	}
	var move Point
	for axis := range 3 {
		v, err := strconv.ParseFloat(fields[9+axis], 32)
		if err != nil {
			t.Fatal(err)
		}
		move[axis] = float32(v)
	}
	m := &Mesh{}
	for _, p := range doc.Points {
		m.Vertices = append(m.Vertices, Point{p.X + move[0], p.Y + move[1], p.Z + move[2]})
	}
	for _, tr := range doc.Triangles {
		m.Triangles = append(m.Triangles, [3]uint32{tr.A, tr.B, tr.C})
	}
	return m
}

func written(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var out, again bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	if err := write(&again); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Errorf("written twice it is not the same, %v", err)
	}
	return out.Bytes()
}

// place is the middle of the part with a volume, relative to that of the largest.
func place(t testing.TB, m *Mesh, radius, scale float64) [3]float64 {
	t.Helper()
	middle := func(radius float64) (c [3]float64) {
		want := 4. / 3 * math.Pi * cubed(radius*scale)
		box := m.Keep(func(p Part) bool { return within(p.Volume, want, 0.15) }).Measure()
		if !box.Watertight || !within(float64(box.High[0]-box.Low[0]), 2*radius*scale, 0.05) {
			t.Fatalf("there is no ball of radius %g: %+v", radius, box)
		}
		for axis := range 3 {
			c[axis] = float64(box.High[axis]+box.Low[axis]) / 2 / scale
		}
		return c
	}
	c, trunk := middle(radius), middle(10)
	for axis := range 3 {
		c[axis] = math.Round((c[axis] - trunk[axis]) * 2)
		c[axis] /= 2
	}
	return c
}

func cubed(v float64) float64 { return v * v * v }

// TestLeftStaysLeft reads each format back: the ball at the patient's left is where the
// format has the left, front and head are where it has them, all in true scale, and the
// surface is right side out, so that nothing is a mirror image.
func TestLeftStaysLeft(t *testing.T) {
	t.Parallel()
	m := drawnFigure(t)
	inGLB, normals := readGLB(t, written(t, m.WriteGLB))
	for name, tt := range map[string]struct {
		m                 *Mesh
		scale             float64 // of a millimetre
		left, front, head [3]float64
	}{
		// glTF 2.0 §3.4: +Y is up, the front faces +Z, so the patient's left is +X.
		"GLB": {inGLB, 0.001, [3]float64{34, 0, 0}, [3]float64{0, 0, 32}, [3]float64{0, 30, 0}},
		"STL": {readSTL(t, written(t, m.WriteSTL)), 1, [3]float64{34, 0, 0}, [3]float64{0, -32, 0}, [3]float64{0, 0, 30}},
		"3MF": {read3MF(t, written(t, m.Write3MF)), 1, [3]float64{34, 0, 0}, [3]float64{0, -32, 0}, [3]float64{0, 0, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for what, at := range map[string]struct {
				radius float64
				want   [3]float64
			}{"left": {8, tt.left}, "front": {6, tt.front}, "head": {4, tt.head}} {
				if got := place(t, tt.m, at.radius, tt.scale); got != at.want {
					t.Errorf("%s is at %v, want %v", what, got, at.want)
				}
			}
			was, got := m.Measure(), tt.m.Measure()
			if !got.Watertight || !within(got.Volume, was.Volume*cubed(tt.scale), 1e-4) || !within(got.Area, was.Area*tt.scale*tt.scale, 1e-4) {
				t.Errorf("got %+v, was %+v", got, was)
			}
			if name == "3MF" && (got.Low[0] < 0 || got.Low[1] < 0 || got.Low[2] < 0 || got.Low[0] > 0.001) {
				t.Errorf("it begins at %v, not at 0", got.Low)
			}
		})
	}
	for i, n := range normals {
		if l := n.length(); l < 0.999 || l > 1.001 {
			t.Fatalf("normal %d is %g long", i, l)
		}
	}
	for i, tr := range inGLB.Triangles { // of a ball none looks inwards
		n := normal(inGLB.Vertices[tr[0]].wide(), inGLB.Vertices[tr[1]].wide(), inGLB.Vertices[tr[2]].wide())
		o := normals[tr[0]].wide()
		if n[0]*o[0]+n[1]*o[1]+n[2]*o[2] <= 0 {
			t.Fatalf("triangle %d looks away from its normal", i)
		}
	}
}

// TestNothingIsWrittenOfNothing: an empty mesh and one whose corners are no vertices are
// refused, and what a writer fails with is passed on.
func TestNothingIsWrittenOfNothing(t *testing.T) {
	t.Parallel()
	broken := &Mesh{Vertices: []Point{{}}, Triangles: [][3]uint32{{0, 1, 2}}}
	whole := surface(t, scanned(12, 12, 12, [3]float64{1, 1, 1}, sphere(0, 0, 0, 4)))
	full := errors.New("full")
	for name, write := range map[string]func(*Mesh, io.Writer) error{"GLB": (*Mesh).WriteGLB, "STL": (*Mesh).WriteSTL, "3MF": (*Mesh).Write3MF} {
		for _, m := range []*Mesh{{}, broken} {
			var out bytes.Buffer
			if err := write(m, &out); !errors.Is(err, sinso.ErrInvalid) || out.Len() > 0 {
				t.Errorf("%s: %v, %d bytes", name, err, out.Len())
			}
		}
		if err := write(whole, failing{full}); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestGLBIsValid: the Khronos validator finds no error, no warning and no degenerate
// triangle in a figure, in its thinned-out form, and in noise with every kind of cell.
func TestGLBIsValid(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs node and gltf-validator of npm")
	}
	whole := drawnFigure(t)
	thin, err := whole.Decimate(t.Context(), 2000)
	if err != nil {
		t.Fatal(err)
	}
	meshes := map[string]*Mesh{"whole.glb": whole, "thin.glb": thin, "noise.glb": surface(t, noise(2, 16, 0.6))}
	folder, arguments := t.TempDir(), []string{filepath.Join("testdata", "gltf", "check.mjs")}
	for name, m := range meshes {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, written(t, m.WriteGLB), 0o600); err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, path)
	}
	answer, err := exec.CommandContext(t.Context(), "node", arguments...).Output()
	if err != nil {
		t.Fatalf("node with gltf-validator: %v (scripts/test-deps installs it)", err)
	}
	var found map[string]struct {
		Errors, Warnings, Infos, Hints, Triangles, Vertices int
		Codes                                               []string
	}
	if err := json.Unmarshal(answer, &found); err != nil {
		t.Fatal(err)
	}
	for name, m := range meshes {
		got, ok := found[name]
		if !ok || got.Errors+got.Warnings+got.Infos+got.Hints > 0 || got.Triangles != len(m.Triangles) || got.Vertices != len(m.Vertices) {
			t.Errorf("%s: %+v, want %d triangles of %d vertices", name, got, len(m.Triangles), len(m.Vertices))
		}
	}
}
