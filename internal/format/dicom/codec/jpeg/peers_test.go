package jpeg_test

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/codec/jpeg"
)

const (
	pixelData = dicom.Tag(0x7FE00010)
	baseline  = "1.2.840.10008.1.2.4.50"
	extended  = "1.2.840.10008.1.2.4.51"
	process14 = "1.2.840.10008.1.2.4.57"
)

// texture is an image with slopes, edges and some noise in every component.
func texture(rows, columns, samples, precision int) jpeg.Image {
	m := jpeg.Image{Rows: rows, Columns: columns, Samples: samples, Precision: precision}
	top := 1<<precision - 1
	seed := uint32(rows*7919 + columns*104729 + samples*31 + precision)
	for y := range rows {
		for x := range columns {
			for s := range samples {
				seed = seed*1664525 + 1013904223
				v := top * (x*(s+2) + y*3) / (columns*(s+2) + rows*3)
				if (x/7+y/5+s)%3 == 0 {
					v = top - v
				}
				v += int(seed>>24) * top >> 12
				v = min(max(v, 0), top)
				m.Pixels = append(m.Pixels, byte(v))
				if precision > 8 {
					m.Pixels = append(m.Pixels, byte(v>>8))
				}
			}
		}
	}
	return m
}

// object wraps pixel data into a Secondary Capture object.
func object(t testing.TB, m jpeg.Image, photometric, syntax string, pixels dicom.DataElement) []byte {
	t.Helper()
	var ds dicom.Dataset
	ds.SetString(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7")
	ds.SetString(0x00080018, "UI", "2.25.1")
	ds.SetString(0x0020000D, "UI", "2.25.2")
	ds.SetString(0x0020000E, "UI", "2.25.3")
	ds.SetString(0x00280004, "CS", photometric)
	allocated := 8
	if m.Precision > 8 {
		allocated = 16
	}
	us := map[dicom.Tag]int{
		0x00280002: m.Samples, 0x00280010: m.Rows, 0x00280011: m.Columns, 0x00280100: allocated,
		0x00280101: m.Precision, 0x00280102: m.Precision - 1, 0x00280103: 0,
	}
	if m.Samples > 1 {
		us[0x00280006] = 0
	}
	for tag, v := range us {
		ds.Set(dicom.DataElement{Tag: tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, uint16(v))})
	}
	pixels.Tag = pixelData
	ds.Set(pixels)
	b, err := dicom.Encode(syntax, ds)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// native wraps an image uncompressed.
func native(t testing.TB, m jpeg.Image) []byte {
	t.Helper()
	photometric := "MONOCHROME2"
	if m.Samples == 3 {
		photometric = "RGB"
	}
	pixels := m.Pixels
	if len(pixels)%2 == 1 {
		pixels = append(pixels[:len(pixels):len(pixels)], 0)
	}
	return object(t, m, photometric, dicom.ExplicitLittleEndian, dicom.DataElement{VR: "OW", Value: pixels})
}

// encapsulated wraps a stream.
func encapsulated(t testing.TB, m jpeg.Image, photometric, syntax string, stream []byte) []byte {
	t.Helper()
	if len(stream)%2 == 1 {
		stream = append(stream[:len(stream):len(stream)], 0)
	}
	return object(t, m, photometric, syntax, dicom.DataElement{VR: "OB", Fragments: [][]byte{{}, stream}})
}

// run passes an object through a tool that has input and output file as the last
// arguments.
func run(t testing.TB, in []byte, tool string, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(from, in, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), tool, append(args, from, to)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", tool, args, err, out)
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// frames returns the frames of an object.
func frames(t testing.TB, b []byte) [][]byte {
	t.Helper()
	f, err := dicom.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Frames()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// decode decodes a stream that must be whole.
func decode(t testing.TB, stream []byte) jpeg.Image {
	t.Helper()
	m, err := jpeg.Decode(stream, 1<<28)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// difference returns the largest difference of two pixel arrays, and how many
// samples differ.
func difference(t testing.TB, got, want []byte, precision int) (largest, differ int) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d bytes, want %d", len(got), len(want))
	}
	size := 1
	if precision > 8 {
		size = 2
	}
	for i := 0; i+size <= len(got); i += size {
		a, b := int(got[i]), int(want[i])
		if size == 2 {
			a, b = a|int(got[i+1])<<8, b|int(want[i+1])<<8
		}
		if a != b {
			differ++
			largest = max(largest, a-b, b-a)
		}
	}
	return largest, differ
}
