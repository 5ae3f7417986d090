package mesh

import (
	"io"
	"math"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// chest is a body of 300 slices of 512 by 512 whose surface has about half a million
// triangles: three rings of ribs, a spine, and a table below.
func chest() *Grid {
	return scanned(512, 512, 300, [3]float64{0.74, 0.74, 1}, func(x, y, z float64) float64 {
		if math.Abs(x) > 180 || math.Abs(y) > 160 {
			return -100
		}
		level := 100 * math.Round(z/100)
		rib := 5 - math.Hypot(math.Hypot(x/1.5, y)-95, z-level)
		spine := 16 - math.Hypot(x, y-80)
		table := min(7-math.Abs(y-150), 120-math.Abs(x), 100-math.Abs(z))
		return max(rib, spine, table)
	})
}

// BenchmarkSurface makes the surface of a block of 300 slices of 512 by 512, from its
// values to its triangles.
func BenchmarkSurface(b *testing.B) {
	g := chest()
	b.ResetTimer()
	triangles, before := 0, processor(b)
	for range b.N {
		triangles = len(surface(b, g).Triangles)
	}
	b.ReportMetric(float64((processor(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(triangles), "triangles")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
}

// processor is the time that this process had processors for.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkDecimate thins it out to a fifth.
func BenchmarkDecimate(b *testing.B) {
	m := surface(b, chest())
	b.ResetTimer()
	for range b.N {
		if _, err := m.Decimate(b.Context(), len(m.Triangles)/5); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
}

// BenchmarkWrite writes it in each format.
func BenchmarkWrite(b *testing.B) {
	m := surface(b, scanned(200, 200, 200, [3]float64{1, 1, 1}, torus(70, 25)))
	for name, write := range map[string]func(io.Writer) error{"GLB": m.WriteGLB, "STL": m.WriteSTL, "3MF": m.Write3MF} {
		b.Run(name+"/"+strconv.Itoa(len(m.Triangles)), func(b *testing.B) {
			for range b.N {
				if err := write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
		})
	}
}
