package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/meta/metatest"
	"sinso.dev/sinso/internal/meta/sqlite"
)

var key = [32]byte{1, 2, 3, 31: 9}

// crashPath, when set, makes this test program the process that is killed.
const crashPath = "SINSO_TEST_CRASH_INDEX"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashPath); path != "" {
		writeUntilKilled(path)
	}
	goleak.VerifyTestMain(m)
}

func open(tb testing.TB, path string) *sqlite.Index {
	tb.Helper()
	x, err := sqlite.Open(tb.Context(), sqlite.Config{Path: path, Key: key})
	if err != nil {
		tb.Fatalf("Open: %v", err)
	}
	tb.Cleanup(func() { _ = x.Close() })
	return x
}

func TestConformance(t *testing.T) {
	metatest.Test(t, func(t *testing.T) sinso.Meta {
		t.Helper()
		return open(t, filepath.Join(t.TempDir(), "index.db"))
	})
}

func rows(i int) (sinso.StudyRow, sinso.SeriesRow, sinso.InstanceRow) {
	study := sinso.StudyRow{ID: "s_1", Person: "p_1", UID: "2.25.1", PatientName: planted, Imported: time.Unix(1, 0)}
	series := sinso.SeriesRow{ID: "e_1", Study: "s_1", UID: "2.25.2"}
	return study, series, sinso.InstanceRow{
		ID: sinso.InstanceID(fmt.Sprintf("i_%x", i*7919%1_000_003)), Series: "e_1", Study: "s_1", Person: "p_1",
		UID: fmt.Sprintf("2.25.3.%d", i), Fingerprint: fmt.Sprintf("%064x", i*104_729), Number: i, Size: 525_000,
		SOPClass: "1.2.840.10008.5.1.4.1.1.2", Syntax: "1.2.840.10008.1.2.1", Rows: 512, Columns: 512, Frames: 1,
		CID:  sinso.CIDOf(sinso.CodecRaw, fmt.Append(nil, i)),
		Keys: []sinso.WrappedKey{{To: "person:p_1", Wrapped: make([]byte, 60)}, {To: "institution", Wrapped: make([]byte, 60)}},
		Tier: sinso.T3, Origin: sinso.OriginSelf, Seq: uint64(i),
	}
}

// planted is a name that must not be found in any file.
const planted = "PLANTED^NAME^SYNTHETIC"

// fill saves n instances and sets the cursor to match.
func fill(ctx context.Context, x *sqlite.Index, from, n int) error {
	return x.Tx(ctx, func(m sinso.MetaTx) error {
		for i := from; i < from+n; i++ {
			if err := m.SaveInstance(rows(i)); err != nil {
				return err
			}
		}
		return m.SetCursor(uint64(from + n))
	})
}

// TestNothingReadableInAnyFile looks for a name, a UID and SQLite's own words
// in the database, its log and its shared memory, open and closed.
func TestNothingReadableInAnyFile(t *testing.T) {
	dir := t.TempDir()
	x := open(t, filepath.Join(dir, "index.db"))
	if err := fill(t.Context(), x, 0, 500); err != nil {
		t.Fatal(err)
	}
	if files := scan(t, dir); files < 3 {
		t.Errorf("got %d files of an open index, want the database, -wal and -shm", files)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if files := scan(t, dir); files != 1 {
		t.Errorf("got %d files of a closed index, want 1", files)
	}
}

func scan(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{planted, "PLANTED", "2.25.", "SQLite format", "CREATE TABLE", "patientName", "p_1"} {
			if len(word) > 4 && bytes.Contains(b, []byte(word)) {
				t.Errorf("%s: holds %q", e.Name(), word)
			}
		}
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %v, want 0600", e.Name(), info.Mode().Perm())
		}
	}
	return len(entries)
}

func TestWrongKeyIsCorrupt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	x := open(t, path)
	if err := fill(t.Context(), x, 0, 10); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wrong := key
	wrong[5] ^= 1
	_, err = sqlite.Open(t.Context(), sqlite.Config{Path: path, Key: wrong})
	if !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("Open with a wrong key: got %v, want %v", err, sinso.ErrCorrupt)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file changed under a wrong key (%v)", err)
	}
	again := open(t, path)
	if got := cursor(t, again); got != 10 {
		t.Errorf("cursor under the right key: got %d, want 10", got)
	}
}

func cursor(t *testing.T, x *sqlite.Index) (n uint64) {
	t.Helper()
	if err := x.View(t.Context(), func(m sinso.MetaTx) (err error) { n, err = m.Cursor(); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEveryFlippedPageIsFound flips one byte in every page of the file in turn:
// opening, or Check, must find it.
func TestEveryFlippedPageIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	x := open(t, path)
	if err := fill(t.Context(), x, 0, 60); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const pageSize = 4096
	for at := 1234; at < len(sound); at += pageSize {
		bad := bytes.Clone(sound)
		bad[at] ^= 0x10
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := openAndCheck(t, path); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("byte %d flipped: got %v, want %v", at, err, sinso.ErrCorrupt)
		}
	}
}

func openAndCheck(t *testing.T, path string) error {
	t.Helper()
	x, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Key: key})
	if err != nil {
		return err
	}
	defer x.Close() //nolint:errcheck // a damaged file may fail to close
	return x.Check(t.Context())
}

func TestCutFileIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	x := open(t, path)
	if err := fill(t.Context(), x, 0, 60); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{info.Size() - 4096, info.Size() - 100, 4096, 100} {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		if err := openAndCheck(t, path); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("cut to %d bytes: got %v, want %v", size, err, sinso.ErrCorrupt)
		}
	}
}

func TestResetMendsADamagedIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	x := open(t, path)
	if err := fill(t.Context(), x, 0, 2000); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, 40*4096), info.Size()-60*4096); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	x = open(t, path)
	if err := x.Check(t.Context()); !errors.Is(err, sinso.ErrCorrupt) {
		t.Fatalf("Check: got %v, want %v", err, sinso.ErrCorrupt)
	}
	if err := x.Reset(t.Context()); err != nil {
		t.Fatalf("Reset: %v", err)
	}
	if err := fill(t.Context(), x, 0, 100); err != nil {
		t.Fatal(err)
	}
	if err := x.Check(t.Context()); err != nil {
		t.Errorf("Check after Reset: %v", err)
	}
}

func TestRemoveThenOpenIsEmpty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("not an index "), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Key: key}); !errors.Is(err, sinso.ErrCorrupt) {
		t.Fatalf("Open: got %v, want %v", err, sinso.ErrCorrupt)
	}
	if err := sqlite.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := cursor(t, open(t, path)); got != 0 {
		t.Errorf("cursor: got %d, want 0", got)
	}
}

func TestReopenKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	for round := range 3 {
		x := open(t, path)
		if got := cursor(t, x); got != uint64(round*10) {
			t.Fatalf("round %d: got cursor %d, want %d", round, got, round*10)
		}
		if err := fill(t.Context(), x, round*10, 10); err != nil {
			t.Fatal(err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPathIsNotInErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nobody^known", "index.db")
	_, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Key: key})
	if !errors.Is(err, sinso.ErrUnavailable) || strings.Contains(err.Error(), "nobody") {
		t.Errorf("Open in a folder that is not there: got %v, want %v without the path", err, sinso.ErrUnavailable)
	}
	if _, err := sqlite.Open(t.Context(), sqlite.Config{}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("Open without a path: got %v, want %v", err, sinso.ErrInvalid)
	}
}

// TestKilledIndexOpensWhole kills a process that writes transactions of 20
// instances each, and opens what it left: sound, and at a transaction's end.
func TestKilledIndexOpensWhole(t *testing.T) {
	const kills = 5
	path := filepath.Join(t.TempDir(), "index.db")
	last := uint64(0)
	for round := range kills {
		killWhileWriting(t, path, 3+2*round)
		x := open(t, path)
		if err := x.Check(t.Context()); err != nil {
			t.Fatalf("Check after kill %d: %v", round, err)
		}
		got := cursor(t, x)
		if got <= last || got%crashBatch != 0 {
			t.Errorf("kill %d: got cursor %d after %d, want more, at a transaction's end", round, got, last)
		}
		last = got
		if err := x.View(t.Context(), func(m sinso.MetaTx) error {
			study, err := m.Study("s_1")
			if uint64(study.Instances) != got {
				t.Errorf("kill %d: got %d instances with cursor %d", round, study.Instances, got)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

const crashBatch = 20

// killWhileWriting runs this program as writer, and kills it after it has told
// of some transactions.
func killWhileWriting(t *testing.T, path string, transactions int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crashPath+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := make([]byte, 1)
	for range transactions {
		if _, err := out.Read(told); err != nil {
			t.Fatalf("the writer ended by itself: %v", err)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

func writeUntilKilled(path string) {
	ctx := context.Background()
	x, err := sqlite.Open(ctx, sqlite.Config{Path: path, Key: key})
	if err != nil {
		os.Exit(1)
	}
	from := uint64(0)
	_ = x.View(ctx, func(m sinso.MetaTx) (err error) { from, err = m.Cursor(); return err })
	for {
		if err := fill(ctx, x, int(from), crashBatch); err != nil {
			os.Exit(1)
		}
		from += crashBatch
		if _, err := os.Stdout.Write([]byte{'.'}); err != nil {
			os.Exit(1)
		}
	}
}

// BenchmarkSaveInstance saves instances in transactions of 1,000.
func BenchmarkSaveInstance(b *testing.B) {
	x := open(b, filepath.Join(b.TempDir(), "index.db"))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if err := fill(b.Context(), x, n, 1000); err != nil {
			b.Fatal(err)
		}
		n += 1000
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkCommit saves one instance in a transaction.
func BenchmarkCommit(b *testing.B) {
	x := open(b, filepath.Join(b.TempDir(), "index.db"))
	n := 0
	for b.Loop() {
		if err := fill(b.Context(), x, n, 1); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// BenchmarkInstance finds one of 20,000 by its ID.
func BenchmarkInstance(b *testing.B) {
	x := open(b, filepath.Join(b.TempDir(), "index.db"))
	if err := fill(b.Context(), x, 0, 20_000); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		_, _, row := rows(n % 20_000)
		if err := x.View(b.Context(), func(m sinso.MetaTx) error { _, err := m.Instance(row.ID); return err }); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// BenchmarkStudies lists 1,005 studies.
func BenchmarkStudies(b *testing.B) {
	x := open(b, filepath.Join(b.TempDir(), "index.db"))
	if err := x.Tx(b.Context(), func(m sinso.MetaTx) error {
		for i := range 1005 {
			study, _, _ := rows(0)
			study.ID = sinso.StudyID(fmt.Sprintf("s_%d", i))
			if err := m.SaveStudy(study); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := x.View(b.Context(), func(m sinso.MetaTx) error {
			return m.Studies("", func(sinso.StudyRow) error { return nil })
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens an index that is there.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "index.db")
	_ = open(b, path).Close()
	for b.Loop() {
		x, err := sqlite.Open(b.Context(), sqlite.Config{Path: path, Key: key})
		if err != nil {
			b.Fatal(err)
		}
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
