package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFiguresAreRead reads what a benchmark reports by unit, and takes no silence for one.
func TestFiguresAreRead(t *testing.T) {
	t.Parallel()
	got, err := figures("goos: linux\nBenchmarkFrame-2   \t       1\t 123 ns/op\t 0.5000 p50-ms\t 2.000 p99-ms\nPASS\n")
	if want := map[string]float64{"ns/op": 123, "p50-ms": 0.5, "p99-ms": 2}; err != nil || !cmp.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, out := range []string{"", "PASS\n", "BenchmarkFrame-2 --- SKIP\n", "BenchmarkFrame-2 1 many ns/op\n"} {
		if got, err := figures(out); err == nil {
			t.Errorf("%q: got %v", out, got)
		}
	}
}

// TestCompareJudgesByItsTargets: the median of the turns counts, and what has no target is
// never a failure.
func TestCompareJudgesByItsTargets(t *testing.T) {
	t.Parallel()
	b := &bench{took: map[string][]float64{"stored": {1}, "stored compressed": {1}, "restic stored auto": {1}}}
	for _, l := range lines {
		b.took[l.ours], b.took[l.peer] = []float64{100, 300, 200}, []float64{100, 100, 100}
	}
	b.compare()
	for _, r := range b.rows[:len(lines)] {
		want := r.Target == nil || *r.Target <= 2
		if *r.Ratio != 2 || r.OK != want {
			t.Errorf("%s: ratio %v, ok %t, want 2 and %t", r.What, *r.Ratio, r.OK, want)
		}
	}
}
