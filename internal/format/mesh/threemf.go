package mesh

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strconv"
)

// The parts of a package (3MF Core Specification 1.3, OPC).
const (
	contentTypes = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>`
	relationships = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>`
	modelStart = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<model unit="millimeter" xml:lang="en-US" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">` +
		`<resources><object id="1" type="model"><mesh><vertices>` + "\n"
	modelMiddle = "</vertices><triangles>\n"
	modelEnd    = `</triangles></mesh></object></resources><build><item objectid="1" transform="1 0 0 0 1 0 0 0 1`
	modelTail   = `"/></build></model>` + "\n"
)

const decimals3MF = 4 // of a millimetre

// Write3MF writes the mesh as a 3MF package: mm, patient coordinates (x left, y back, z
// head), which the build item moves, unturned, to where all are above zero, as the
// specification wants it. The same mesh gives the same bytes; there are no times and no
// metadata in it. It returns ErrInvalid as [Mesh.WriteGLB].
func (m *Mesh) Write3MF(w io.Writer) error {
	if err := m.check(); err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	for _, part := range []struct {
		name  string
		write func(*bufio.Writer)
	}{
		{"[Content_Types].xml", func(out *bufio.Writer) { _, _ = out.WriteString(contentTypes) }},
		{"_rels/.rels", func(out *bufio.Writer) { _, _ = out.WriteString(relationships) }},
		{"3D/3dmodel.model", m.model},
	} {
		file, err := archive.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("mesh: write 3mf: %w", err)
		}
		out := bufio.NewWriterSize(file, 1<<16)
		part.write(out)
		if err := out.Flush(); err != nil {
			return fmt.Errorf("mesh: write 3mf: %w", err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("mesh: write 3mf: %w", err)
	}
	return nil
}

// model writes the part that holds the mesh. What fails is told by Flush.
func (m *Mesh) model(out *bufio.Writer) {
	_, _ = out.WriteString(modelStart)
	low := m.Vertices[0]
	for _, p := range m.Vertices {
		b := out.AvailableBuffer()
		for axis, name := range [3]string{`<vertex x="`, `" y="`, `" z="`} {
			low[axis] = min(low[axis], p[axis])
			b = strconv.AppendFloat(append(b, name...), float64(p[axis]), 'f', decimals3MF, 32)
		}
		_, _ = out.Write(append(b, "\"/>\n"...))
	}
	_, _ = out.WriteString(modelMiddle)
	for _, t := range m.Triangles {
		b := out.AvailableBuffer()
		for i, name := range [3]string{`<triangle v1="`, `" v2="`, `" v3="`} {
			b = strconv.AppendUint(append(b, name...), uint64(t[i]), 10)
		}
		_, _ = out.Write(append(b, "\"/>\n"...))
	}
	_, _ = out.WriteString(modelEnd)
	for _, v := range low {
		_, _ = out.Write(strconv.AppendFloat(append(out.AvailableBuffer(), ' '), -float64(v), 'f', decimals3MF, 32))
	}
	_, _ = out.WriteString(modelTail)
}
