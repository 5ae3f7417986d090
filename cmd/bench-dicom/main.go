// Command bench-dicom measures the DICOM gateway against Orthanc: the same client,
// the same objects, in turns on the same machine, each on a fresh folder. It prints a
// table of the medians on stderr and one JSON object on stdout.
//
// It needs Orthanc and dcmtk (scripts/test-deps) and the folder of the measuring
// script, which BENCH_TOOLS names (default ../shared/tools/dicom). BENCH_ROUNDS says how
// many turns each side has (default 3), and BENCH_ONLY=ours leaves Orthanc out, to look
// at one side alone.
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
	"strconv"
	"syscall"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench-dicom:", err)
		os.Exit(1) //nolint:gocritic // stop has nothing left to do
	}
}

// bench is one run.
type bench struct {
	dir   string // everything that is made, removed at the end
	tools string // a copy of the measuring script's folder
	bin   string // the program measured
	rows  []row
}

// row is one figure. Ratio is how many times better ours is than the peer's, or,
// without a peer, ours over the target's unit.
type row struct {
	What   string   `json:"what"`
	Ours   float64  `json:"ours"`
	Peer   *float64 `json:"peer"`
	Unit   string   `json:"unit"`
	Ratio  *float64 `json:"ratio"`
	Target *float64 `json:"target"` // of the ratio, or of ours if there is no peer
	OK     bool     `json:"ok"`
}

func run(ctx context.Context) (err error) {
	b := &bench{}
	if b.dir, err = os.MkdirTemp("", "sinso-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if err := b.prepare(ctx); err != nil {
		return err
	}
	rounds, err := rounds()
	if err != nil {
		return err
	}
	if err := touchMemory(); err != nil {
		return err
	}
	var ours, peer runs
	for n := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", n+1, rounds)
		if ours, peer, err = b.round(ctx, ours, peer); err != nil {
			return err
		}
	}
	b.compare(ours, peer)
	if err := b.header(ctx); err != nil {
		return err
	}
	return b.print()
}

// rounds is how many turns each side has.
func rounds() (int, error) {
	text := os.Getenv("BENCH_ROUNDS")
	if text == "" {
		return 3, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 100 {
		return 0, fmt.Errorf("BENCH_ROUNDS is %q, want a number from 1 to 100", text)
	}
	return n, nil
}

// round measures each side once, on a disk that has nothing to do: what the one before
// left to be written, or deleted, would be waited for by whoever syncs.
func (b *bench) round(ctx context.Context, ours, peer runs) (_, _ runs, err error) {
	syscall.Sync()
	if os.Getenv("BENCH_ONLY") != "ours" {
		theirs, err := b.orthanc(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("orthanc: %w", err)
		}
		peer = append(peer, theirs)
	}
	node, derive := filepath.Join(b.dir, "node"), filepath.Join(b.dir, "derive")
	syscall.Sync()
	mine, err := b.sinso(ctx, node)
	if err != nil {
		return nil, nil, fmt.Errorf("sinso: %w", err)
	}
	syscall.Sync()
	if mine["derived"], err = b.derive(ctx, derive); err != nil {
		return nil, nil, fmt.Errorf("derive: %w", err)
	}
	syscall.Sync()
	if mine["written"], err = onlyWritten(ctx); err != nil {
		return nil, nil, err
	}
	// The next round finds as much memory touched as this one.
	return append(ours, mine), peer, errors.Join(os.RemoveAll(node), os.RemoveAll(derive))
}

// touchMemory writes to much of the machine's free memory once. In a virtual machine
// the first write to a page is several times as dear as any later one, so that whoever
// comes first would pay for what the other finds.
func touchMemory() error {
	const most, page = 16 << 30, 4 << 10
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return fmt.Errorf("sysinfo: %w", err)
	}
	size := min(int(info.Freeram)*int(info.Unit)/4*3, most) //nolint:gosec // a machine's memory fits
	if size < page {
		return nil
	}
	memory, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	for i := 0; i < size; i += page {
		memory[i] = 1
	}
	return syscall.Munmap(memory)
}

// prepare builds the program, and copies the script to where it may write.
func (b *bench) prepare(ctx context.Context) error {
	from := os.Getenv("BENCH_TOOLS")
	if from == "" {
		from = filepath.Join("..", "shared", "tools", "dicom")
	}
	b.tools = filepath.Join(b.dir, "tools")
	if err := os.CopyFS(b.tools, os.DirFS(from)); err != nil {
		return fmt.Errorf("the measuring script: %w", err)
	}
	for _, name := range []string{"start-orthanc.sh", "peers-bench.sh"} {
		if err := os.Chmod(filepath.Join(b.tools, name), 0o700); err != nil { //nolint:gosec // a script of ours to run
			return err
		}
	}
	b.bin = filepath.Join(b.dir, "sinso")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.bin, "./cmd/sinso") //nolint:gosec // a path of our own
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	shim := exec.CommandContext(ctx, "gcc", "-O2", "-shared", "-fPIC", "-o", filepath.Join(b.tools, "bindlo.so"), filepath.Join(b.tools, "bindlo.c"), "-ldl") //nolint:gosec // paths of our own
	shim.Stderr = os.Stderr
	if err := shim.Run(); err != nil {
		return fmt.Errorf("build bindlo.so: %w", err)
	}
	return nil
}

// measure runs the script against one server, with objects that both get.
func (b *bench) measure(ctx context.Context, args ...string) (figures, error) {
	args = append([]string{"--work", filepath.Join(b.dir, "work")}, args...)
	cmd := exec.CommandContext(ctx, filepath.Join(b.tools, "peers-bench.sh"), args...) //nolint:gosec // a script of ours to run
	cmd.Env = append(os.Environ(), "TCP_NODELAY=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the measuring script: %w", err)
	}
	var f figures
	if err := json.Unmarshal(out, &f); err != nil {
		return nil, fmt.Errorf("the measuring script's answer: %w", err)
	}
	return f, nil
}

func (b *bench) print() error {
	table := tabwriter.NewWriter(os.Stderr, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHAT\tOURS\tORTHANC\tUNIT\tTIMES BETTER\tTARGET\tOK")
	text := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf("%.4g", *v)
	}
	for _, r := range b.rows {
		fmt.Fprintf(table, "%s\t%.4g\t%s\t%s\t%s\t%s\t%t\n", r.What, r.Ours, text(r.Peer), r.Unit, text(r.Ratio), text(r.Target), r.OK)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string][]row{"rows": b.rows})
}
