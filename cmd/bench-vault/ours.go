package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// build builds the benchmarks of the vault and of the node: programs of their own, as the
// peers are.
func (b *bench) build(ctx context.Context) error {
	b.ours, b.node = filepath.Join(b.dir, "vault.test"), filepath.Join(b.dir, "node.test")
	for program, of := range map[string]string{b.ours: "./internal/stage/vault", b.node: "./internal/node"} {
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, of) //nolint:gosec // paths of our own
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("build: %w", err)
		}
	}
	return nil
}

// benchmark names one of the vault's: run once, in a process of its own.
func benchmark(name string) []string {
	return []string{"-test.run", "^$", "-test.bench", "^Benchmark" + name + "$", "-test.benchtime", "1x"}
}

// figures returns what a benchmark reported, by unit.
func figures(out string) (map[string]float64, error) {
	found := map[string]float64{}
	for text := range strings.Lines(out) {
		fields := strings.Fields(text)
		if !strings.HasPrefix(text, "Benchmark") || len(fields) < 2 {
			continue
		}
		for i := 2; i+1 < len(fields); i += 2 {
			n, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("the benchmark printed %q: %w", text, err)
			}
			found[fields[i+1]] = n
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("the benchmark reported nothing: %q", out)
	}
	return found, nil
}

func (b *bench) turnOfOurs(ctx context.Context, dir string) error {
	env := []string{"BENCH_VAULT_FILES=" + b.corpus.dir, "BENCH_VAULT_DIR=" + dir}
	if _, err := b.rate(ctx, "store", env, b.ours, benchmark("StoreFiles")...); err != nil {
		return err
	}
	if err := b.stored("stored", filepath.Join(dir, "log")); err != nil {
		return err
	}
	if _, err := b.rate(ctx, "open", env, b.ours, benchmark("OpenFiles")...); err != nil {
		return err
	}
	if _, err := b.rate(ctx, "open to files", append(env, "BENCH_VAULT_OUT="+filepath.Join(dir, "out")), b.ours, benchmark("OpenFiles")...); err != nil {
		return err
	}
	return b.compressed(ctx, filepath.Join(dir, "compressed"))
}

// compressed measures the same with compression.
func (b *bench) compressed(ctx context.Context, dir string) error {
	env := []string{"BENCH_VAULT_FILES=" + b.corpus.dir, "BENCH_VAULT_DIR=" + dir, "BENCH_VAULT_COMPRESS=1"}
	if _, err := b.rate(ctx, "store compressed", env, b.ours, benchmark("StoreFiles")...); err != nil {
		return err
	}
	if _, err := b.rate(ctx, "open compressed", env, b.ours, benchmark("OpenFiles")...); err != nil {
		return err
	}
	return b.stored("stored compressed", filepath.Join(dir, "log"))
}

// reported runs one benchmark of the vault and returns what it reports.
func (b *bench) reported(ctx context.Context, name string, env ...string) (map[string]float64, error) {
	return b.reportedBy(ctx, b.ours, name, env...)
}

func (b *bench) reportedBy(ctx context.Context, program, name string, env ...string) (map[string]float64, error) {
	dir, err := os.MkdirTemp(b.dir, "alone-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // all of it is removed at the end
	out, _, err := b.command(ctx, append(env, "BENCH_VAULT_DIR="+dir, "TMPDIR="+dir), program, benchmark(name)...)
	if err != nil {
		return nil, err
	}
	return figures(out)
}

// sameCIDs compares the CIDs that both give the same files.
func (b *bench) sameCIDs(ctx context.Context) error {
	dir := filepath.Join(b.dir, "cids")
	shapes := filepath.Join(dir, "files")
	if err := b.drawShapes(shapes); err != nil {
		return err
	}
	env, err := b.kuboIn(ctx, dir)
	if err != nil {
		return err
	}
	same, all := 0, 0
	for _, folder := range []string{shapes, b.corpus.dir} {
		out, _, err := b.command(ctx, append(env, "BENCH_VAULT_FILES="+folder), b.ours, benchmark("CIDs")...)
		if err != nil {
			return err
		}
		ours := map[string]bool{}
		for text := range strings.Lines(out) {
			if cid, ok := strings.CutPrefix(strings.TrimSpace(text), "cid "); ok {
				ours[cid] = true
			}
		}
		theirs, _, err := b.command(ctx, env, b.kubo, append(append([]string{"--offline"}, addAs...), "--only-hash", "--recursive", folder)...)
		if err != nil {
			return err
		}
		lines := strings.Fields(theirs)
		for _, cid := range lines[:len(lines)-1] { // the folder comes last
			all++
			if ours[cid] {
				same++
			}
		}
	}
	total, ratio, target := float64(all), float64(same)/float64(all), 1.0
	b.rows = append(b.rows, row{What: "CIDs equal to Kubo's", Ours: float64(same), Peer: &total, Unit: "files", Ratio: &ratio, Target: &target, OK: same == all})
	return os.RemoveAll(dir)
}

// frame measures one frame out of a large object.
func (b *bench) frame(ctx context.Context) error {
	const target = 5 // ms
	found, err := b.reported(ctx, "Frame")
	if err != nil {
		return err
	}
	b.most("one frame of 512 kB out of 1 GB, p50 of 200", found["p50-ms"], target, "ms")
	b.most("one frame of 512 kB out of 1 GB, p99 of 200", found["p99-ms"], 0, "ms")
	return nil
}

// largeBytes is how many bytes a large object has.
func largeBytes() (int64, error) {
	text := os.Getenv("BENCH_LARGE")
	if text == "" {
		return 10_000_000_000, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1<<20 {
		return 0, fmt.Errorf("BENCH_LARGE is %q, want bytes, 1 MiB or more", text)
	}
	return n, nil
}

// large stores one object of 10 GB and reads it back (BENCH_LARGE: bytes).
func (b *bench) large(ctx context.Context) error {
	const target = 200 // MB
	bytes, err := largeBytes()
	if err != nil {
		return err
	}
	size := strconv.FormatInt(bytes, 10)
	found, err := b.reported(ctx, "Large", "BENCH_VAULT_LARGE="+size)
	if err != nil {
		return err
	}
	b.most("an object of "+size+" bytes in and out, peak memory", found["peak-MB"], target, "MB")
	b.most("  of it: seal and store", found["in-MB/s"], 0, "MB/s")
	b.most("  of it: open", found["out-MB/s"], 0, "MB/s")
	return nil
}

// imported imports one DICOM object of 10 GB into a node that serves, and downloads its file
// (BENCH_LARGE: bytes).
func (b *bench) imported(ctx context.Context) error {
	const target = 200 // MB
	bytes, err := largeBytes()
	if err != nil {
		return err
	}
	size := strconv.FormatInt(bytes, 10)
	found, err := b.reportedBy(ctx, b.node, "LargeObject", "BENCH_LARGE="+size)
	if err != nil {
		return err
	}
	b.most("a DICOM object of "+size+" bytes into a node and out, peak memory", found["peak-MB"], target, "MB")
	b.most("  of it: import", found["in-MB/s"], 0, "MB/s")
	b.most("  of it: download", found["out-MB/s"], 0, "MB/s")
	return nil
}
