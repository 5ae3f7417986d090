package deidrun

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/ingest"
)

// studiesOf counts the studies that the derivatives in a folder name.
func studiesOf(t testing.TB, out string) int {
	t.Helper()
	studies := map[string]bool{}
	for name := range tree(t, out) {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		file, err := dicom.Read(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		studies[file.String(0x0020000D)] = true
	}
	return len(studies)
}

func mustRun(t testing.TB, o Options) Result {
	t.Helper()
	result, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestEveryFileIsDoneAndCounted runs over some of everything, with one job and with
// many: the same files, the same report.
func TestEveryFileIsDoneAndCounted(t *testing.T) {
	t.Parallel()
	in, want := mixed(t)
	root := t.TempDir()
	var files map[string]string
	var report []string
	for _, jobs := range []int{1, 8} {
		o := Options{In: in, Out: filepath.Join(root, strconv.Itoa(jobs)), Reports: []string{filepath.Join(root, "r")}, Key: &[32]byte{7}, Jobs: jobs}
		result := mustRun(t, o)
		if !result.same(want) || result.Earlier != 0 {
			t.Errorf("%d jobs: got %+v, want %+v", jobs, result, want)
		}
		if result.Reasons[deid.ReasonFace] != 6 || result.Reasons[ingest.ReasonUnreadable] != 2 {
			t.Errorf("reasons: got %v", result.Reasons)
		}
		gotFiles, gotReport := tree(t, o.Out), reportOf(t, o.Reports[0], o.Out)
		if files == nil {
			files, report = gotFiles, gotReport
		}
		if diff := cmp.Diff(files, gotFiles); diff != "" {
			t.Errorf("%d jobs: other files:\n%s", jobs, diff)
		}
		if diff := cmp.Diff(report, gotReport); diff != "" {
			t.Errorf("%d jobs: another report:\n%s", jobs, diff)
		}
		if len(gotReport) != want.Files+2 || len(gotFiles) != want.Clean+want.Withheld {
			t.Errorf("got %d lines and %d files", len(gotReport), len(gotFiles))
		}
	}
}

// TestTheSameAgainFindsAllDone runs twice, with a key that was given and with one of
// the run's own, which is gone by then.
func TestTheSameAgainFindsAllDone(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]*[32]byte{"given": {7}, "fresh": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, want := mixed(t)
			if err := os.Remove(filepath.Join(in, "gone")); err != nil { // what cannot be read is tried again
				t.Fatal(err)
			}
			want.Files, want.Refused = want.Files-1, want.Refused-1
			o := Options{In: in, Out: filepath.Join(inMemory(t), "out"), Key: key}
			first := mustRun(t, o)
			files := tree(t, o.Out)
			again := mustRun(t, o)
			if !first.same(want) || !again.same(first) || again.Earlier != want.Files {
				t.Errorf("got %+v and then %+v, want %+v", first, again, want)
			}
			if diff := cmp.Diff(files, tree(t, o.Out)); diff != "" {
				t.Errorf("the files changed:\n%s", diff)
			}
			put(t, filepath.Join(in, "new.dcm"), object{study: 0, number: 500}.part10(t))
			third, err := Run(t.Context(), o)
			if key == nil {
				if !errors.Is(err, sinso.ErrInvalid) {
					t.Errorf("another file and no key: got %+v, %v, want ErrInvalid", third, err)
				}
				return
			}
			if err != nil || third.Clean != first.Clean+1 || third.Earlier != want.Files || len(tree(t, o.Out)) != len(files)+1 {
				t.Errorf("one more file: got %+v, %v", third, err)
			}
		})
	}
}

// TestWhatCouldNotBeReadIsTriedAgain also with a key of the run's own, which stays
// for it.
func TestWhatCouldNotBeReadIsTriedAgain(t *testing.T) {
	t.Parallel()
	dir := inMemory(t)
	in := filepath.Join(dir, "in")
	put(t, filepath.Join(in, "1"), object{number: 1}.part10(t))
	if err := os.Symlink(filepath.Join(dir, "later"), filepath.Join(in, "2")); err != nil {
		t.Fatal(err)
	}
	o := Options{In: in, Out: filepath.Join(dir, "out")}
	if got := mustRun(t, o); got.Refused != 1 || got.Clean != 1 || !got.KeyKept {
		t.Errorf("got %+v, want one refused and the key kept", got)
	}
	if got := mustRun(t, o); got.Files != 2 || got.Refused != 1 || got.Earlier != 1 {
		t.Errorf("again: got %+v", got)
	}
	put(t, filepath.Join(dir, "later"), object{number: 2}.part10(t))
	if got := mustRun(t, o); got.Files != 2 || got.Refused != 0 || got.Clean != 2 || got.KeyKept {
		t.Errorf("once it can be read: got %+v, want two clean", got)
	}
	if got := studiesOf(t, o.Out); got != 1 {
		t.Errorf("the files name %d studies, want 1", got)
	}
}

// TestAnotherRunInOutIsRefused tries another key, another profile, none, another
// folder, and two at a time.
func TestAnotherRunInOutIsRefused(t *testing.T) {
	t.Parallel()
	dir := inMemory(t)
	in := filepath.Join(dir, "in")
	put(t, filepath.Join(in, "1"), object{number: 1}.part10(t))
	given := Options{In: in, Out: filepath.Join(dir, "given"), Key: &[32]byte{1}}
	fresh := Options{In: in, Out: filepath.Join(dir, "fresh")}
	other := Options{In: in, Out: filepath.Join(dir, "other"), Key: &[32]byte{1}}
	mustRun(t, given)
	mustRun(t, fresh)
	mustRun(t, other)
	run := filepath.Join(other.Out, stateDir, runFile)
	text, err := os.ReadFile(run)
	if err != nil {
		t.Fatal(err)
	}
	var s state
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	put(t, run, []byte(strings.Replace(string(text), s.Profile, strings.Repeat("0", 64), 1)))
	before := tree(t, dir)
	for name, change := range map[string]func() Options{
		"another key":      func() Options { o := given; o.Key = &[32]byte{2}; return o },
		"no key":           func() Options { o := given; o.Key = nil; return o },
		"a key after none": func() Options { o := fresh; o.Key = &[32]byte{1}; return o },
		"another profile":  func() Options { return other },
		"among originals":  func() Options { o := given; o.Out = filepath.Join(in, "out"); return o },
	} {
		if _, err := Run(t.Context(), change()); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	lock, err := durable.TryLock(filepath.Join(given.Out, stateDir, lockFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), given); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("two at a time: got %v, want ErrBusy", err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), Options{In: filepath.Join(dir, "nowhere"), Out: given.Out}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("no input: got %v, want ErrNotFound", err)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("a refused run changed files:\n%s", diff)
	}
}

// TestAStoppedRunGoesOn stops a run by its context while it works.
func TestAStoppedRunGoesOn(t *testing.T) {
	t.Parallel()
	dir := inMemory(t)
	in := filepath.Join(dir, "in")
	const files = 600
	put(t, filepath.Join(dir, "one"), object{number: 1}.part10(t))
	for i := range files { // one object under many names costs the test little
		if err := os.MkdirAll(in, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(dir, "one"), filepath.Join(in, fmt.Sprintf("%05d", i))); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var steps atomic.Int64
	o := Options{In: in, Out: filepath.Join(dir, "out"), Key: &[32]byte{1}, step: func() {
		if steps.Add(1) == files {
			cancel()
		}
	}}
	if _, err := Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want it stopped", err)
	}
	o.step = nil
	got := mustRun(t, o)
	if got.Earlier == 0 || got.Earlier == files || got.Files != files || got.Clean != 1 || got.Duplicates != files-1 {
		t.Errorf("got %+v, want one clean and the rest duplicates, some of them of before", got)
	}
}

// TestALineOfAnotherKindIsNone: a record that a flipped bit calls something else is
// damage like any other.
func TestALineOfAnotherKindIsNone(t *testing.T) {
	t.Parallel()
	j, err := openJournal(filepath.Join(inMemory(t), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.close() })
	j.add(kindRecord, []byte("{}"))
	text := bytes.Clone(j.out.Bytes())
	if _, whole := parseLine(text); !whole {
		t.Fatalf("%q is no line", text)
	}
	for bit := range 8 {
		flipped := bytes.Clone(text)
		flipped[0] ^= 1 << bit
		if l, whole := parseLine(flipped); whole {
			t.Errorf("%q is a line of kind %c", flipped, l.kind)
		}
	}
}

// TestADamagedJournalCostsOnlyWork cuts and flips the journal of a run: the next one
// does again what is behind, and ends with the same files.
func TestADamagedJournalCostsOnlyWork(t *testing.T) {
	t.Parallel()
	in, want := mixed(t)
	o := Options{In: in, Out: filepath.Join(inMemory(t), "out"), Key: &[32]byte{7}}
	mustRun(t, o)
	files := tree(t, o.Out)
	path := filepath.Join(o.Out, stateDir, journalFile)
	for i := range 6 {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at := (i + 1) * len(data) / 8
		if i%2 == 0 {
			data = data[:at]
		} else {
			data[at] ^= 1 << (i % 8)
		}
		put(t, path, data)
		got := mustRun(t, o)
		if !got.same(want) || got.Earlier == want.Files {
			t.Errorf("damage at %d: got %+v, want %+v", at, got, want)
		}
		if diff := cmp.Diff(files, tree(t, o.Out)); diff != "" {
			t.Fatalf("damage at %d: other files:\n%s", at, diff)
		}
	}
}

// TestADryRunSaysWhatARunDoes compares both reports, and wants nothing written.
func TestADryRunSaysWhatARunDoes(t *testing.T) {
	t.Parallel()
	in, want := mixed(t)
	dir := inMemory(t)
	var list strings.Builder
	o := Options{In: in, Out: filepath.Join(dir, "out"), Key: &[32]byte{7}, DryRun: true, Lines: &list}
	if got := mustRun(t, o); !got.same(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if made := tree(t, dir); len(made) > 0 {
		t.Errorf("a dry run made %v", slices.Sorted(func(yield func(string) bool) {
			for name := range made {
				if !yield(name) {
					return
				}
			}
		}))
	}
	put(t, filepath.Join(dir, "dry"), []byte(list.String()))
	o.DryRun, o.Lines, o.Reports = false, nil, []string{filepath.Join(dir, "true")}
	mustRun(t, o)
	if diff := cmp.Diff(reportOf(t, filepath.Join(dir, "true"), o.Out), reportOf(t, filepath.Join(dir, "dry"), o.Out)); diff != "" {
		t.Errorf("the dry run says other things (-run +dry):\n%s", diff)
	}
}

// TestNoNameOfAnInputIsLeftInOut reads all that a run leaves, for the names of the
// inputs and of the person, while it is cut off and when it is complete.
func TestNoNameOfAnInputIsLeftInOut(t *testing.T) {
	t.Parallel()
	dir := inMemory(t)
	in := filepath.Join(dir, "NOBODY^PLANTED")
	put(t, filepath.Join(in, "NOBODY^PLANTED.dcm"), object{person: "PLANTED", comment: "PLANTED"}.part10(t))
	put(t, filepath.Join(in, "NOBODY^PLANTED.txt"), []byte("PLANTED"))
	o := Options{In: in, Out: filepath.Join(dir, "out")}
	mustRun(t, o)
	read := 0
	for name := range tree(t, dir) {
		if strings.HasPrefix(name, "NOBODY") {
			continue
		}
		read++
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || strings.Contains(string(data)+name, "PLANTED") {
			t.Errorf("%s holds the name, or %v", name, err)
		}
	}
	for _, name := range []string{runFile, journalFile} {
		path := filepath.Join(o.Out, stateDir, name)
		data, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(data), "PLANTED") || len(data) == 0 {
			t.Errorf("%s holds the name, or %v", name, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v, want 0600", name, info.Mode(), err)
		}
	}
	if read != 1 {
		t.Errorf("read %d derivatives, want 1", read)
	}
}

// TestTimesDoNotTellTheOrder wants one time on all derivatives.
func TestTimesDoNotTellTheOrder(t *testing.T) {
	t.Parallel()
	in, _ := mixed(t)
	o := Options{In: in, Out: filepath.Join(inMemory(t), "out")}
	mustRun(t, o)
	times := map[int64]int{}
	for name := range tree(t, o.Out) {
		info, err := os.Stat(filepath.Join(o.Out, name))
		if err != nil {
			t.Fatal(err)
		}
		times[info.ModTime().UnixNano()]++
	}
	if len(times) != 1 {
		t.Errorf("got %d times, want 1", len(times))
	}
}
