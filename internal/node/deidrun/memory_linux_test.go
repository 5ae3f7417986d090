package deidrun

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"sinso.dev/sinso/internal/stage/deid"
)

// maxRSS returns the most memory that a process took, in bytes.
func maxRSS(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 1 << 62
	}
	return usage.Maxrss << 10
}

// TestMemoryIsBoundedPerFile measures what a run keeps of each file, and the peak of
// a process that does 20,000.
func TestMemoryIsBoundedPerFile(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: needs 20,000 files")
	}
	const files, perFile, peak = 20_000, 250, 160 << 20
	dir := inMemory(t)
	in := filepath.Join(dir, "in")
	for i := range files {
		put(t, filepath.Join(in, fmt.Sprintf("%03d/%05d", i%100, i)), object{study: i % 50, number: i}.part10(t))
	}
	c := child{In: in, Out: filepath.Join(dir, "out"), Key: &[32]byte{1}, Report: filepath.Join(t.TempDir(), "r.html")}
	end, state := c.lead(t, 0)
	if end.Result.Clean != files {
		t.Fatalf("got %+v", end.Result)
	}
	if got := maxRSS(state); got > peak {
		t.Errorf("the process took %d MiB, want at most %d", got>>20, peak>>20)
	}
	profile, err := deid.NewProfile()
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := &run{o: Options{In: in, Out: c.Out, Key: c.Key}, profile: profile}
	if r.state, err = openState(r.o, profile.Hash()); err != nil {
		t.Fatal(err)
	}
	if err := r.load(); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("peak %d MiB, %d bytes of each file", maxRSS(state)>>20, (int64(after.HeapAlloc)-int64(before.HeapAlloc))/files)
	if each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / files; each > perFile || len(r.book.done) != files {
		t.Errorf("a run keeps %d bytes of each of %d files, want at most %d", each, len(r.book.done), perFile)
	}
	if err := errors.Join(r.journal.close(), r.state.close()); err != nil {
		t.Error(err)
	}
}
