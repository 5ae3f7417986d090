package mesh

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"sinso.dev/sinso"
)

// The numbers of glTF 2.0 (§3.6.2, §4.4) and of its binary form (§4.4.3).
const (
	glbMagic, glbVersion = 0x46546C67, 2
	chunkJSON, chunkBIN  = 0x4E4F534A, 0x004E4942
	typeFloat, typeUint  = 5126, 5125
	targetVertices       = 34962
	targetIndices        = 34963
	bytesPoint, bytesInt = 12, 4
)

// generator is what a file says of who made it.
const generator = "SINSO"

// gltf is the JSON of a file with one mesh.
type gltf struct {
	Asset       map[string]string `json:"asset"`
	Scene       int               `json:"scene"`
	Scenes      []map[string]any  `json:"scenes"`
	Nodes       []map[string]any  `json:"nodes"`
	Materials   []map[string]any  `json:"materials"`
	Meshes      []map[string]any  `json:"meshes"`
	Accessors   []accessor        `json:"accessors"`
	BufferViews []bufferView      `json:"bufferViews"`
	Buffers     []map[string]int  `json:"buffers"`
}

type accessor struct {
	View      int       `json:"bufferView"`
	Component int       `json:"componentType"`
	Count     int       `json:"count"`
	Type      string    `json:"type"`
	Min       []float64 `json:"min,omitempty"`
	Max       []float64 `json:"max,omitempty"`
}

type bufferView struct {
	Buffer int `json:"buffer"`
	Offset int `json:"byteOffset"`
	Length int `json:"byteLength"`
	Target int `json:"target"`
}

// upright turns a point of patient coordinates into one of glTF, which has Y up and looks
// along Z: x stays the patient's left, y is to the head, z to the front. It is a turn: what
// is left stays left.
func upright(p Point) Point { return Point{p[0], p[2], -p[1]} }

// metres is upright, in metres.
func metres(p Point) Point {
	for axis := range p {
		p[axis] /= 1000
	}
	return upright(p)
}

// WriteGLB writes the mesh as binary glTF 2.0: positions in metres, Y up, with normals, in
// one buffer. The vertices themselves are converted; there is no matrix. The same mesh
// gives the same bytes. It returns ErrInvalid for a mesh without triangles or with corners
// that are no vertices.
func (m *Mesh) WriteGLB(w io.Writer) error {
	if err := m.check(); err != nil {
		return err
	}
	description, err := json.Marshal(m.gltf())
	if err != nil {
		return fmt.Errorf("mesh: write glb: %w", err)
	}
	for len(description)%4 != 0 {
		description = append(description, ' ')
	}
	points, indices := bytesPoint*len(m.Vertices), 3*bytesInt*len(m.Triangles)
	binarySize := 2*points + indices
	out := bufio.NewWriterSize(w, 1<<16)
	head := func(words ...int) {
		for _, word := range words {
			_, _ = out.Write(binary.LittleEndian.AppendUint32(out.AvailableBuffer(), uint32(word))) //nolint:gosec // below 4 GiB; Flush tells of what failed
		}
	}
	head(glbMagic, glbVersion, 12+8+len(description)+8+binarySize, len(description), chunkJSON)
	_, _ = out.Write(description)
	head(binarySize, chunkBIN)
	for _, p := range m.Vertices {
		writePoint(out, metres(p))
	}
	for _, n := range m.normals() {
		writePoint(out, upright(n))
	}
	for _, t := range m.Triangles {
		b := out.AvailableBuffer()
		for _, v := range t {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		_, _ = out.Write(b)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("mesh: write glb: %w", err)
	}
	return nil
}

// gltf describes the file.
func (m *Mesh) gltf() gltf {
	points, indices := bytesPoint*len(m.Vertices), 3*bytesInt*len(m.Triangles)
	low, high := metres(m.Vertices[0]), metres(m.Vertices[0])
	for _, p := range m.Vertices {
		for axis, v := range metres(p) {
			low[axis], high[axis] = min(low[axis], v), max(high[axis], v)
		}
	}
	lowest, highest := low.wide(), high.wide()
	return gltf{
		Asset:  map[string]string{"version": "2.0", "generator": generator},
		Scenes: []map[string]any{{"nodes": []int{0}}},
		Nodes:  []map[string]any{{"mesh": 0}},
		Materials: []map[string]any{{"pbrMetallicRoughness": map[string]any{
			"baseColorFactor": []float64{0.9, 0.86, 0.78, 1}, "metallicFactor": 0, "roughnessFactor": 0.8,
		}}},
		Meshes: []map[string]any{{"primitives": []map[string]any{{
			"attributes": map[string]int{"POSITION": 0, "NORMAL": 1}, "indices": 2, "material": 0,
		}}}},
		Accessors: []accessor{
			{View: 0, Component: typeFloat, Count: len(m.Vertices), Type: "VEC3", Min: lowest[:], Max: highest[:]},
			{View: 1, Component: typeFloat, Count: len(m.Vertices), Type: "VEC3"},
			{View: 2, Component: typeUint, Count: 3 * len(m.Triangles), Type: "SCALAR"},
		},
		BufferViews: []bufferView{
			{Offset: 0, Length: points, Target: targetVertices},
			{Offset: points, Length: points, Target: targetVertices},
			{Offset: 2 * points, Length: indices, Target: targetIndices},
		},
		Buffers: []map[string]int{{"byteLength": 2*points + indices}},
	}
}

// check refuses what cannot be written.
func (m *Mesh) check() error {
	if len(m.Triangles) == 0 || len(m.Vertices) > maxVertices*2 || len(m.Triangles) > maxVertices*4 {
		return fmt.Errorf("mesh: write %d triangles: %w", len(m.Triangles), sinso.ErrInvalid)
	}
	for _, t := range m.Triangles {
		if n := len(m.Vertices); int(t[0]) >= n || int(t[1]) >= n || int(t[2]) >= n {
			return fmt.Errorf("mesh: write: a corner is no vertex: %w", sinso.ErrInvalid)
		}
	}
	return nil
}

// normals returns the direction outwards at each vertex: the mean of its triangles', by
// their areas.
func (m *Mesh) normals() []Point {
	out := make([]Point, len(m.Vertices))
	for _, t := range m.Triangles {
		a := m.Vertices[t[0]]
		n := m.Vertices[t[1]].sub(a).cross(m.Vertices[t[2]].sub(a))
		for _, v := range t {
			for axis := range 3 {
				out[v][axis] += n[axis]
			}
		}
	}
	for i, n := range out {
		out[i] = n.unit()
	}
	return out
}

// unit is the direction of a vector; up where it has none.
func (p Point) unit() Point {
	v := p.wide()
	l := math.Sqrt(v[0]*v[0] + v[1]*v[1] + v[2]*v[2])
	if l == 0 {
		return Point{0, 0, 1}
	}
	return Point{float32(v[0] / l), float32(v[1] / l), float32(v[2] / l)}
}

// writePoint writes three floats. What fails is told by Flush.
func writePoint(out *bufio.Writer, p Point) {
	b := out.AvailableBuffer()
	for _, v := range p {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	_, _ = out.Write(b)
}
