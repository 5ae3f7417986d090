package phantom_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// series draws a small series, with the files in order.
func series(tb testing.TB, opts phantom.Options) [][]byte {
	tb.Helper()
	var files [][]byte
	if err := phantom.Series(opts, func(_ string, part10 []byte) error {
		files = append(files, part10)
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	return files
}

func read(tb testing.TB, files [][]byte) []*dicom.File {
	tb.Helper()
	var out []*dicom.File
	for _, b := range files {
		f, err := dicom.Read(b)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func TestSameSeedGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	opts := phantom.Options{Seed: 7, Slices: 9, Rows: 64, Columns: 48}
	first, again := series(t, opts), series(t, opts)
	opts.Seed = 8
	other := series(t, opts)
	if len(first) != 9 {
		t.Fatalf("got %d slices, want 9", len(first))
	}
	for i := range first {
		if !bytes.Equal(first[i], again[i]) {
			t.Errorf("slice %d differs from itself", i)
		}
		if bytes.Equal(first[i], other[i]) {
			t.Errorf("slice %d is the same for another seed", i)
		}
	}
}

func TestEmitErrorEndsTheSeries(t *testing.T) {
	t.Parallel()
	stop, calls := errors.New("stop"), 0
	err := phantom.Series(phantom.Options{Slices: 5, Rows: 16, Columns: 16}, func(string, []byte) error {
		calls++
		return stop
	})
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("got %v after %d calls, want stop after 1", err, calls)
	}
}

func TestOptionsAreBounded(t *testing.T) {
	t.Parallel()
	for _, opts := range []phantom.Options{{Slices: -1}, {Rows: 5000}, {Columns: -3}} {
		if err := phantom.Series(opts, func(string, []byte) error { return nil }); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%+v: got %v, want ErrInvalid", opts, err)
		}
	}
}

// TestPhantomIsAnOriginalChest checks what grading and the pixel gate look at.
func TestPhantomIsAnOriginalChest(t *testing.T) {
	t.Parallel()
	f := read(t, series(t, phantom.Options{Slices: 1, Rows: 32, Columns: 32}))[0]
	for tag, want := range map[dicom.Tag]string{
		0x00080008: `ORIGINAL\PRIMARY\AXIAL`, 0x00180015: "CHEST", 0x00280301: "NO", 0x00080060: "CT",
	} {
		if got := f.String(tag); got != want {
			t.Errorf("(%08x): got %q, want %q", tag, got, want)
		}
	}
	if got := f.String(0x00100010); got != "PHANTOM^CHEST" {
		t.Errorf("patient: got %q", got)
	}
}

func TestMeasureKnowsTheSeries(t *testing.T) {
	t.Parallel()
	files := read(t, series(t, phantom.Options{Slices: 12, Rows: 128, Columns: 128}))
	files[0], files[5] = files[5], files[0] // the order does not matter
	got, err := phantom.Measure(files)
	if err != nil {
		t.Fatal(err)
	}
	const spacing = 25 // mm: 300 over 12
	if got.Images != 12 || got.LengthMillimetres != 11*spacing {
		t.Errorf("got %d images over %v mm, want 12 over 275", got.Images, got.LengthMillimetres)
	}
	// The middle of a chest is half lung, half tissue.
	if !got.Hounsfield || got.Mean < -700 || got.Mean > 0 || got.MeanOf.InstanceUID == "" {
		t.Errorf("got a mean of %v (HU: %v) of %q", got.Mean, got.Hounsfield, got.MeanOf.InstanceUID)
	}
	if _, err := phantom.Measure(nil); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("nothing to measure: got %v", err)
	}
}

func TestReportIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	files := read(t, series(t, phantom.Options{Slices: 3, Rows: 64, Columns: 64}))
	if first, again := report(t, files), report(t, files); !bytes.Equal(first, again) {
		t.Error("two reports on the same instances differ")
	}
	if _, err := phantom.Report(phantom.ReportInput{}); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a report about nothing: got %v", err)
	}
}

func report(tb testing.TB, files []*dicom.File) []byte {
	tb.Helper()
	m, err := phantom.Measure(files)
	if err != nil {
		tb.Fatal(err)
	}
	b, err := phantom.Report(phantom.ReportInput{Files: files, Measurements: m, Version: "test"})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestDciodvfyFindsNoError runs the validator of dicom3tools on a slice and on
// a report.
func TestDciodvfyFindsNoError(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dciodvfy of Debian's dicom3tools")
	}
	files := series(t, phantom.Options{Slices: 2})
	for name, b := range map[string][]byte{
		"slice": files[1], "report": report(t, read(t, files)),
	} {
		path := filepath.Join(t.TempDir(), name+".dcm")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "dciodvfy", path).CombinedOutput()
		if len(out) == 0 {
			t.Fatalf("%s: no answer: %v", name, err)
		}
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "Error") {
				t.Errorf("%s: %s", name, line)
			}
		}
		t.Logf("%s:\n%s", name, out)
	}
}

func BenchmarkSeries(b *testing.B) {
	b.SetBytes(512 * 512 * 2 * 300)
	for b.Loop() {
		if err := phantom.Series(phantom.Options{Slices: 300}, func(string, []byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
