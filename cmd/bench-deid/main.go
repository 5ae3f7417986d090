// Command bench-deid measures de-identification as MIDI-B does: a corpus of invented
// patients with planted identifiers goes through ours, Orthanc, gdcmanon and dicom-dre,
// and a scorer that shares nothing with any of them says what each left and what each lost. It prints a table
// on stderr and one JSON object on stdout.
//
// It needs what scripts/test-deps installs. BENCH_DEID_FILES says how many files the
// corpus has at least (default 1000), BENCH_DEID_SEED which corpus it is (default 1), BENCH_DEID_KEEP names a folder to
// keep the corpus, its key, the outputs and the list of all misses in, and BENCH_ONLY=ours leaves the peers out.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
)

// scripts is the folder of the generator and the scorer.
var scripts = filepath.Join("scripts", "deid")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench-deid:", err)
		os.Exit(1) //nolint:gocritic // stop has nothing left to do
	}
}

// bench is one run.
type bench struct {
	dir   string // everything that is made
	bin   string // the program measured
	help  string // what its deid command says of itself
	tools []scored
	rows  []row
}

func run(ctx context.Context) (err error) {
	b := &bench{dir: os.Getenv("BENCH_DEID_KEEP")}
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "sinso-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	} else if err := empty(b.dir); err != nil {
		return err
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	for _, t := range b.all(ctx) {
		if err := b.measure(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	b.compare()
	if err := b.speed(ctx); err != nil {
		return err
	}
	return b.print()
}

// empty makes a folder to keep a run in, which must hold nothing: what is kept is never mixed or removed.
func empty(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return errors.New("BENCH_DEID_KEEP: the folder is not empty")
	}
	return nil
}

// prepare builds the program and makes the corpus.
func (b *bench) prepare(ctx context.Context) error {
	b.bin = filepath.Join(b.dir, "sinso")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.bin, "./cmd/sinso") //nolint:gosec // a path of our own
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if _, err := quiet(build); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	help, err := quiet(exec.CommandContext(ctx, b.bin, "deid", "--help")) //nolint:gosec // the program just built
	if err != nil {
		return err
	}
	b.help = string(help)
	files, err := number("BENCH_DEID_FILES", 1000, 20, 100_000)
	if err != nil {
		return err
	}
	seed, err := number("BENCH_DEID_SEED", 1, 0, 1<<30)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "a corpus of %d files\n", files)
	_, err = python(ctx, "corpus.py", "--out", b.path("corpus"), "--files", strconv.Itoa(files), "--seed", strconv.Itoa(seed))
	return err
}

// path is a path in the run's folder.
func (b *bench) path(parts ...string) string {
	return filepath.Join(append([]string{b.dir}, parts...)...)
}

// number reads a setting.
func number(name string, usual, least, most int) (int, error) {
	text := os.Getenv(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s is %q, want a number from %d to %d", name, text, least, most)
	}
	return n, nil
}

// python runs one of the scripts and returns what it printed. Debian's interpreter has
// the packages that they need.
func python(ctx context.Context, script string, args ...string) ([]byte, error) {
	return quiet(exec.CommandContext(ctx, "/usr/bin/python3", append([]string{filepath.Join(scripts, script)}, args...)...)) //nolint:gosec // a script of ours
}

// quiet runs a program and returns its output; what it wrote on stderr is shown if it
// fails: decoders warn a lot of test files.
func quiet(cmd *exec.Cmd) ([]byte, error) {
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return out, fmt.Errorf("%s: %w: %.2000s", filepath.Base(cmd.Path), err, exit.Stderr)
	}
	return out, err
}
