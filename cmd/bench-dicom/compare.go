package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// figures are what the script prints: a tree of numbers.
type figures map[string]any

// at returns the number at a path, such as "cstore_1assoc.inst_s".
func (f figures) at(path string) (float64, bool) {
	var v any = map[string]any(f)
	for _, part := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return 0, false
		}
		v = m[part]
	}
	n, ok := v.(float64)
	return n, ok
}

// runs are the figures of one side's turns.
type runs []figures

// at returns the median of the numbers at a path.
func (r runs) at(path string) (float64, bool) {
	var all []float64
	for _, f := range r {
		n, ok := f.at(path)
		if !ok {
			return 0, false
		}
		all = append(all, n)
	}
	if len(all) == 0 {
		return 0, false
	}
	slices.Sort(all)
	return all[len(all)/2], true
}

// line is one comparison: how many times better ours must be than the peer's.
type line struct {
	what, path, unit string
	less             bool // less is better
	target           float64
}

var lines = []line{
	{"C-STORE, one association", "cstore_1assoc.inst_s", "instances/s", false, 2},
	{"C-STORE, two associations", "cstore_2assoc.inst_s", "instances/s", false, 2},
	{"C-STORE, 1,000 tiny studies", "cstore_tiny_studies.inst_s", "instances/s", false, 2},
	{"STOW-RS, 25 a request", "stow_batch25.inst_s", "instances/s", false, 2},
	{"STOW-RS, single", "stow_batch1.inst_s", "instances/s", false, 2},
	{"QIDO-RS, all studies", "qido.all.p50_ms", "ms", true, 10},
	{"QIDO-RS, 25 studies", "qido.limit25.p50_ms", "ms", true, 10},
	{"QIDO-RS, instances of a series of 300", "qido.instances_of_series.p50_ms", "ms", true, 10},
	{"/metadata of 300, first", "wado_metadata_cold.ms", "ms", true, 10},
	{"/metadata of 300, again", "wado_metadata_warm.ms", "ms", true, 10},
	{"rendered frame", "wado_rendered.p50_ms", "ms", true, 4},
	{"WADO-RS, study", "wado_study.mb_s", "MB/s", false, 1},
	{"C-GET, study", "cget_study.inst_s", "instances/s", false, 1.5},
	{"C-MOVE, study", "cmove_study.inst_s", "instances/s", false, 1.5},
	{"peak memory", "end.hwm_mb", "MB", true, 2},
}

func (b *bench) compare(ours, peer runs) {
	for _, l := range lines {
		mine, ok := ours.at(l.path)
		r := row{What: l.what, Ours: mine, Unit: l.unit, Target: &l.target}
		if theirs, has := peer.at(l.path); has && ok && mine > 0 && theirs > 0 {
			ratio := mine / theirs
			if l.less {
				ratio = theirs / mine
			}
			r.Peer, r.Ratio, r.OK = &theirs, &ratio, ratio >= l.target
		}
		b.rows = append(b.rows, r)
	}
	// The same client into a server that throws everything away, into one that only
	// writes, and what it takes the peer to store as many plain slices.
	b.of("C-STORE, of what the client can send", ours, "cstore_1assoc.inst_s", ours, "ceiling_storescp_ignore.inst_s", 0.6)
	b.of("a server that only writes and syncs, of the same", ours, "written.inst_s", ours, "ceiling_storescp_ignore.inst_s", 0)
	b.of("DIMSE to sealed derivative, of the peer's plain C-STORE", ours, "derived.inst_s", peer, "cstore_1assoc.inst_s", 1)
}

// of compares one rate with another.
func (b *bench) of(what string, mine runs, path string, theirs runs, other string, target float64) {
	n, ok := mine.at(path)
	most, has := theirs.at(other)
	r := row{What: what, Ours: n, Unit: "instances/s"}
	if target > 0 { // else it is there to compare with
		r.Target = &target
	}
	if ok && has && most > 0 {
		ratio := n / most
		r.Peer, r.Ratio, r.OK = &most, &ratio, ratio >= target
	}
	b.rows = append(b.rows, r)
}

// onlyWritten measures what is left of the client's rate to a server that writes and
// syncs each object, and does nothing else.
func onlyWritten(ctx context.Context) (map[string]any, error) {
	rates, err := benchmark(ctx, "BenchmarkStoreSCUOnlyWritten", 1, "instances/s", "./internal/node")
	if err != nil || len(rates) == 0 {
		return nil, fmt.Errorf("a server that only writes: no figure: %w", err)
	}
	return map[string]any{"inst_s": rates[0]}, nil
}

// header measures the parser on the header of a 512×512 CT.
func (b *bench) header(ctx context.Context) error {
	times, err := benchmark(ctx, "BenchmarkReadHeader", 3, "ns/op", "./internal/format/dicom")
	if err != nil || len(times) == 0 {
		return fmt.Errorf("header: no figure: %w", err)
	}
	best, target := slices.Min(times)/1e3, 15.0
	b.rows = append(b.rows, row{What: "header of a 512×512 CT", Ours: best, Unit: "µs", Target: &target, OK: best > 0 && best <= target})
	return nil
}

// benchmark runs those of a package's benchmarks that begin so some times, and returns their figures of a
// unit.
func benchmark(ctx context.Context, name string, count int, unit, pkg string) ([]float64, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^"+name, "-count", strconv.Itoa(count), pkg) //nolint:gosec // names of our own
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var figures []float64
	for text := range strings.Lines(string(out)) {
		fields := strings.Fields(text)
		for i, field := range fields {
			if field != unit || i == 0 || !strings.HasPrefix(text, "Benchmark") {
				continue
			}
			n, err := strconv.ParseFloat(fields[i-1], 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			figures = append(figures, n)
		}
	}
	return figures, nil
}
