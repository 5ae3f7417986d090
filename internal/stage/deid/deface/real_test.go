package deface

import (
	"archive/tar"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Volumes of Debian's packages invesalius-examples (the CT of a head, to the upper
// lip) and mricron-data (the MR of a head, to the nose, and its brain alone).
const (
	craniumPath  = "/usr/share/doc/invesalius-examples/examples/Cranium.inv3"
	ch2Path      = "/usr/share/mricron/templates/ch2.nii.gz"
	ch2BrainPath = "/usr/share/mricron/templates/ch2bet.nii.gz"
)

// cranium reads the CT. Its rows go from the back to the front.
func cranium(t testing.TB) Volume {
	t.Helper()
	tape := tar.NewReader(unpacked(t, craniumPath))
	for {
		header, err := tape.Next()
		if errors.Is(err, io.EOF) {
			t.Fatal("no volume in the project")
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(header.Name, "matrix.dat") {
			continue
		}
		v := Volume{
			Columns: 256, Rows: 256, Slices: 108, Spacing: [2]float64{0.957, 0.957},
			Row: [3]float64{1, 0, 0}, Column: [3]float64{0, -1, 0}, Step: [3]float64{0, 0, 1.5}, CT: true,
		}
		v.Values = make([]int16, v.Columns*v.Rows*v.Slices)
		if err := binary.Read(tape, binary.LittleEndian, v.Values); err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func unpacked(t testing.TB, path string) io.Reader {
	t.Helper()
	f, err := os.Open(path) // a package that is missing fails: scripts/test-deps installs it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// nifti reads a volume of bytes, int16 or float32 (NIfTI-1: sizes at 40, type at 70,
// start at 108, affine to right, front, up at 280), scaled to 2000 at most.
func nifti(t testing.TB, path string) Volume {
	t.Helper()
	raw, err := io.ReadAll(unpacked(t, path))
	if err != nil {
		t.Fatal(err)
	}
	order := binary.LittleEndian
	real32 := func(at int) float64 { return float64(math.Float32frombits(order.Uint32(raw[at:]))) }
	v := Volume{Columns: int(order.Uint16(raw[42:])), Rows: int(order.Uint16(raw[44:])), Slices: int(order.Uint16(raw[46:]))}
	start, kind := int(real32(108)), order.Uint16(raw[70:])
	values := make([]float64, v.Columns*v.Rows*v.Slices)
	most := 1.0
	for i := range values {
		switch kind {
		case 2:
			values[i] = float64(raw[start+i])
		case 4:
			values[i] = float64(int16(order.Uint16(raw[start+2*i:])))
		case 16:
			values[i] = real32(start + 4*i)
		default:
			t.Fatalf("type %d", kind)
		}
		most = max(most, values[i])
	}
	v.Values = make([]int16, len(values))
	for i, value := range values {
		v.Values[i] = int16(value / most * 2000)
	}
	axis := func(j int) vec { // to the left, to the back, up
		return vec{-real32(280 + 4*j), -real32(296 + 4*j), real32(312 + 4*j)}
	}
	v.Spacing = [2]float64{axis(0).length(), axis(1).length()}
	v.Row, v.Column = axis(0).scale(1/v.Spacing[0]), axis(1).scale(1/v.Spacing[1])
	v.Step, v.Origin = axis(2), axis(3)
	return v
}

// nod turns a volume, as if the head lay so, about an axis.
func nod(v Volume, axis int, degrees float64) Volume {
	turned := drawn{scan: nodded(scan{}, axis, degrees)}
	for _, d := range []*[3]float64{&v.Row, &v.Column, &v.Step, &v.Origin} {
		*d = turned.back(*d)
	}
	return v
}

// TestRealHeads: the CT of a head and the MR of another lose their faces, however they
// are nodded, turned or cut, and nothing inside the skull.
func TestRealHeads(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs volumes of Debian's invesalius-examples and mricron-data")
	}
	volumes := map[string]Volume{"CT": cranium(t), "MR": nifti(t, ch2Path)}
	for name, v := range volumes {
		cases := map[string]Volume{name: v}
		for _, sign := range []float64{-1, 1} {
			cases[fmt.Sprintf("%s, nodded by %g", name, 8*sign)] = nod(v, 0, 8*sign)
		}
		cases[name+", leaning by 15"] = nod(v, 1, 15)
		cases[name+", turned by 20"] = nod(v, 2, -20)
		for name, v := range cases {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := plan(t, v)
				if p.Finding.Verdict != Head || p.Inside > 0 || p.Vault > 0 || p.Backwards {
					t.Errorf("%v, inside %d, vault %d, backwards %v", p.Finding, p.Inside, p.Vault, p.Backwards)
				}
				if len(p.Failed) > 0 || p.Nothing || p.Regions[Eyes] == 0 || p.Regions[Ears] == 0 {
					t.Errorf("failed %q, nothing %v, by region %v", p.Failed, p.Nothing, p.Regions)
				}
			})
		}
	}
}

// TestRealBrainIsKept: not one voxel of the brain that others found in the MR changes.
func TestRealBrainIsKept(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs volumes of Debian's mricron-data")
	}
	v, brain := nifti(t, ch2Path), nifti(t, ch2BrainPath)
	for _, degrees := range []float64{-20, 0, 20} {
		p := plan(t, nod(v, 0, degrees))
		if p.Nothing {
			t.Errorf("nodded by %g degrees: taken for a vault", degrees)
		}
		after := applied(t, p, v)
		changed, voxels := 0, 0
		for i, value := range after.Values {
			if brain.Values[i] > 0 {
				voxels++
				if value != v.Values[i] {
					changed++
				}
			}
		}
		if changed > 0 || voxels < 1_000_000 {
			t.Errorf("nodded by %g degrees: %d of %d voxels of the brain changed", degrees, changed, voxels)
		}
	}
}

// TestFaceAtTheBackIsFound: where the orientation has front and back exchanged, the
// bone says so.
func TestFaceAtTheBackIsFound(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs a volume of Debian's invesalius-examples")
	}
	v := cranium(t)
	v.Column = [3]float64{0, 1, 0}
	if p := plan(t, v); !p.Backwards || p.Nothing || len(p.Failed) > 0 {
		t.Errorf("backwards %v, failed %q", p.Backwards, p.Failed)
	}
}

// TestLargeVolume plans and applies 300 slices of 512 by 512 and says what it took.
func TestLargeVolume(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: needs a volume of Debian's invesalius-examples and some seconds")
	}
	v := enlarged(cranium(t), 512, 300)
	start, before := time.Now(), cpu(t)
	p := plan(t, v)
	n := v.Columns * v.Rows
	for slice := range v.Slices {
		if _, err := p.Apply(slice, v.Values[slice*n:][:n]); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%v, %v of processor", time.Since(start), cpu(t)-before)
	if len(p.Failed) > 0 || p.Nothing || p.Inside > 0 || p.Vault > 0 {
		t.Errorf("failed %q, nothing %v, inside %d, vault %d", p.Failed, p.Nothing, p.Inside, p.Vault)
	}
}

// enlarged resamples a volume, and adds noise.
func enlarged(v Volume, side, slices int) Volume {
	out := v
	out.Columns, out.Rows, out.Slices = side, side, slices
	f := float64(v.Columns) / float64(side)
	fz := float64(v.Slices) / float64(slices)
	out.Spacing = [2]float64{v.Spacing[0] * f, v.Spacing[1] * f}
	out.Step = vec(v.Step).scale(fz)
	out.Values = make([]int16, side*side*slices)
	random := rand.New(rand.NewPCG(1, 1))
	i := 0
	for z := range slices {
		for y := range side {
			for x := range side {
				value, _ := v.sample(float64(x)*f, float64(y)*f, float64(z)*fz)
				out.Values[i] = int16(value) + int16(random.Uint32()%25) - 12
				i++
			}
		}
	}
	return out
}

func cpu(t testing.TB) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
