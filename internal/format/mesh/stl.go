package mesh

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

const stlHeader = 80 // bytes, which must not begin with "solid"

// WriteSTL writes the mesh as binary STL: mm, patient coordinates (x left, y back, z head,
// a right-handed system with Z up). The same mesh gives the same bytes. It returns
// ErrInvalid as [Mesh.WriteGLB].
func (m *Mesh) WriteSTL(w io.Writer) error {
	if err := m.check(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	header := make([]byte, stlHeader)
	copy(header, generator+", mm, x left, y back, z head")
	_, _ = out.Write(binary.LittleEndian.AppendUint32(header, uint32(len(m.Triangles)))) //nolint:gosec // check bounds it
	for _, t := range m.Triangles {
		a, b, c := m.Vertices[t[0]], m.Vertices[t[1]], m.Vertices[t[2]]
		for _, p := range [4]Point{b.sub(a).cross(c.sub(a)).unit(), a, b, c} {
			writePoint(out, p)
		}
		_, _ = out.Write([]byte{0, 0}) // no attributes
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("mesh: write stl: %w", err)
	}
	return nil
}
