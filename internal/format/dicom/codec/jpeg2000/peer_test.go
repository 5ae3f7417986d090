package jpeg2000_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom/codec/jpeg2000"
)

const limit = 1 << 28

// picture returns an image of smooth shapes, edges and some noise.
func picture(columns, rows, samples, precision int, signed bool) jpeg2000.Image {
	m := jpeg2000.Image{Rows: rows, Columns: columns, Samples: samples, Precision: precision, Signed: signed}
	random := rand.New(rand.NewPCG(uint64(columns), uint64(rows*precision)))
	full := 1 << precision
	for y := range rows {
		for x := range columns {
			for s := range samples {
				v := (x*full/columns + y*full/rows*(s+1)/2) / 2
				if dx, dy := x-columns/2, y-rows/3; dx*dx+dy*dy < columns*rows/9 {
					v = full*(3-s)/4 + random.IntN(full/16+2)
				}
				if x*8/columns == 6 {
					v = random.IntN(full)
				}
				v = min(full-1, max(0, v))
				if signed {
					v -= full / 2
				}
				m.Pixels = append(m.Pixels, sample(v, precision)...)
			}
		}
	}
	return m
}

func bytesOf(precision int) int {
	switch {
	case precision <= 8:
		return 1
	case precision <= 16:
		return 2
	}
	return 4
}

func sample(v, precision int) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(int32(v)))
	return b[:bytesOf(precision)]
}

// sampleOf reads the i-th sample.
func sampleOf(m jpeg2000.Image, i int) int {
	size := bytesOf(m.Precision)
	b := m.Pixels[i*size:][:size]
	switch {
	case size == 1 && m.Signed:
		return int(int8(b[0]))
	case size == 1:
		return int(b[0])
	case size == 2 && m.Signed:
		return int(int16(binary.LittleEndian.Uint16(b)))
	case size == 2:
		return int(binary.LittleEndian.Uint16(b))
	}
	return int(int32(binary.LittleEndian.Uint32(b)))
}

// planar returns the samples of a component after those of the one before.
func planar(m jpeg2000.Image) []byte {
	size := bytesOf(m.Precision)
	var out []byte
	for s := range m.Samples {
		for i := range m.Rows * m.Columns {
			at := (i*m.Samples + s) * size
			out = append(out, m.Pixels[at:at+size]...)
		}
	}
	return out
}

// run runs a peer.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// compress has OpenJPEG write an image.
func compress(t *testing.T, m jpeg2000.Image, options ...string) []byte {
	t.Helper()
	folder := t.TempDir()
	in, out := filepath.Join(folder, "in.rawl"), filepath.Join(folder, "out.j2k")
	for _, o := range options {
		if o == "-jp2" {
			out = filepath.Join(folder, "out.jp2")
		}
	}
	if err := os.WriteFile(in, planar(m), 0o600); err != nil {
		t.Fatal(err)
	}
	sign := "u"
	if m.Signed {
		sign = "s"
	}
	args := []string{"-i", in, "-o", out, "-F", fmt.Sprintf("%d,%d,%d,%d,%s", m.Columns, m.Rows, m.Samples, m.Precision, sign)}
	for _, o := range options {
		if o != "-jp2" {
			args = append(args, o)
		}
	}
	run(t, "opj_compress", args...)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// decompress has OpenJPEG read an image: the samples of one component after the other.
func decompress(t *testing.T, data []byte, options ...string) []byte {
	t.Helper()
	folder := t.TempDir()
	in, out := filepath.Join(folder, "in.j2k"), filepath.Join(folder, "out.rawl")
	if len(data) > 8 && string(data[4:8]) == "jP  " {
		in = filepath.Join(folder, "in.jp2")
	}
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "opj_decompress", append([]string{"-i", in, "-o", out}, options...)...)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// interleaved returns an image like another with samples that follow by component.
func interleaved(t *testing.T, like jpeg2000.Image, b []byte) jpeg2000.Image {
	t.Helper()
	size := bytesOf(like.Precision)
	if len(b) != len(like.Pixels) {
		t.Fatalf("the peer has %d bytes, we %d", len(b), len(like.Pixels))
	}
	out := like
	out.Pixels = make([]byte, len(b))
	pixels := like.Rows * like.Columns
	for s := range like.Samples {
		for i := range pixels {
			// OpenJPEG leaves the bits above the precision zero.
			one := make([]byte, 4)
			copy(one, b[(s*pixels+i)*size:][:size])
			v := int32(binary.LittleEndian.Uint32(one))
			if like.Signed {
				v = v << (32 - like.Precision) >> (32 - like.Precision)
			}
			copy(out.Pixels[(i*like.Samples+s)*size:], sample(int(v), like.Precision))
		}
	}
	return out
}

// furthest returns the largest difference of two samples, and where it is.
func furthest(a, b jpeg2000.Image) (most, at int) {
	for i := range a.Rows * a.Columns * a.Samples {
		if d := max(sampleOf(a, i)-sampleOf(b, i), sampleOf(b, i)-sampleOf(a, i)); d > most {
			most, at = d, i
		}
	}
	return most, at
}
