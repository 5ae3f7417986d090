// Command bench-way measures the main job: import to sealed, and the whole way of
// a chest of 300 slices, with the share of each step. It prints a table on stderr
// and one JSON object on stdout.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench-way:", err)
		os.Exit(1) //nolint:gocritic // stop has nothing left to do
	}
}

// row is one figure. Peer is null where there is none.
type row struct {
	What   string   `json:"what"`
	Ours   float64  `json:"ours"`
	Peer   *float64 `json:"peer"`
	Unit   string   `json:"unit"`
	Ratio  *float64 `json:"ratio"`
	Target *float64 `json:"target"`
	OK     bool     `json:"ok"`
}

type bench struct {
	dir  string // everything that is made, removed at the end
	bin  string // the program measured
	rows []row
}

// add files a figure without a target.
func (b *bench) add(what string, ours float64, unit string) {
	b.rows = append(b.rows, row{What: what, Ours: ours, Unit: unit, OK: true})
}

// want files a figure with one; less says whether less is better.
func (b *bench) want(what string, ours, target float64, less bool, unit string) {
	ok := ours >= target
	if less {
		ok = ours <= target
	}
	b.rows = append(b.rows, row{What: what, Ours: ours, Unit: unit, Target: &target, OK: ok})
}

func run(ctx context.Context) (err error) {
	b := &bench{}
	if b.dir, err = os.MkdirTemp("", "sinso-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	b.bin = filepath.Join(b.dir, "sinso")
	for _, part := range []func(context.Context) error{b.build, b.importSealed, b.idle, b.demo, b.wholeWay} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return b.print()
}

// build builds the program with an empty cache; the modules are there already.
func (b *bench) build(ctx context.Context) error {
	const target = 360                                                                                        // seconds, on two cores
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.bin, "./cmd/sinso") //nolint:gosec // a path of our own
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOCACHE="+filepath.Join(b.dir, "cache"))
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	b.want("cold build", time.Since(began).Seconds(), target, true, "s")
	info, err := os.Stat(b.bin)
	if err != nil {
		return err
	}
	b.add("binary", float64(info.Size())/mega, "MB")
	return os.RemoveAll(filepath.Join(b.dir, "cache"))
}

const mega = 1e6

// sinso runs the program to its end and returns what it printed, how long it took
// and its peak memory in MB.
func (b *bench) sinso(ctx context.Context, args ...string) (out []byte, seconds, peak float64, err error) {
	cmd := exec.CommandContext(ctx, b.bin, args...) //nolint:gosec // the program just built
	began := time.Now()
	out, err = cmd.Output()
	seconds = time.Since(began).Seconds()
	if err != nil {
		return out, seconds, 0, fmt.Errorf("sinso %s: %w", args[0], err)
	}
	const kibi = 1024 // Maxrss is in KiB
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = float64(usage.Maxrss) * kibi / mega
	}
	return out, seconds, peak, nil
}

// importSealed imports a study from files. BENCH_CT names a folder of DICOM files
// to take instead of the chest that the program draws.
func (b *bench) importSealed(ctx context.Context) error {
	const target = 100 // instances a second
	from, what := os.Getenv("BENCH_CT"), "BENCH_CT"
	if from == "" {
		from, what = filepath.Join(b.dir, "chest"), "drawn chest"
		if err := drawChest(from); err != nil {
			return err
		}
	}
	data := filepath.Join(b.dir, "import")
	if _, _, _, err := b.sinso(ctx, "init", "--data", data); err != nil {
		return err
	}
	out, seconds, peak, err := b.sinso(ctx, "import", "--data", data, "--chain", "none", "--json", from)
	if err != nil {
		return err
	}
	var result struct {
		Instances int
		Bytes     float64
	}
	if err := json.Unmarshal(out, &result); err != nil {
		return fmt.Errorf("import --json: %w", err)
	}
	b.want(fmt.Sprintf("import to sealed, whole command (%s, %d)", what, result.Instances), float64(result.Instances)/seconds, target, false, "instances/s")
	b.add("import to sealed, whole command", result.Bytes/mega/seconds, "MB/s")
	b.add("import, peak memory", peak, "MB")
	return nil
}

// idle lets a node stand for a moment and reads its memory.
func (b *bench) idle(ctx context.Context) error {
	data := filepath.Join(b.dir, "idle")
	if _, _, _, err := b.sinso(ctx, "init", "--data", data); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.bin, "serve", "--data", data, "--listen", "127.0.0.1:0", "--chain-listen", "none", "--dimse-listen", "none", "--json") //nolint:gosec // the program just built
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if _, err := out.Read(make([]byte, 1)); err != nil { // it says where it listens
		return fmt.Errorf("serve: %w", err)
	}
	time.Sleep(5 * time.Second)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		var kib float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kib); n == 1 {
			b.add("idle memory, with the embedded chain", kib*1024/mega, "MB")
		}
	}
	cancel()
	_ = cmd.Wait() // it was told to end
	return nil
}

// demo runs the demo as a user does.
func (b *bench) demo(ctx context.Context) error {
	const target = 20
	_, seconds, peak, err := b.sinso(ctx, "demo", "--json")
	if err != nil {
		return err
	}
	b.want("demo, 40 slices, both nodes", seconds, target, true, "s")
	b.add("demo, peak memory of the seller's process", peak, "MB")
	return nil
}

func (b *bench) print() error {
	table := tabwriter.NewWriter(os.Stderr, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHAT\tOURS\tUNIT\tTARGET\tOK")
	for _, r := range b.rows {
		target := "-"
		if r.Target != nil {
			target = fmt.Sprintf("%g", *r.Target)
		}
		fmt.Fprintf(table, "%s\t%.4g\t%s\t%s\t%t\n", r.What, r.Ours, r.Unit, target, r.OK)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string][]row{"rows": b.rows})
}
