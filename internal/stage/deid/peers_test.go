package deid

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// pydicomData is where Debian's python3-pydicom keeps its test files.
const pydicomData = "/usr/lib/python3/dist-packages/pydicom/data"

// foreignFiles calls fn with each file of pydicom's test data.
func foreignFiles(t *testing.T, fn func(t *testing.T, name string, raw []byte)) {
	t.Helper()
	n := 0
	for _, folder := range []string{"test_files", "charset_files"} {
		err := filepath.WalkDir(filepath.Join(pydicomData, folder), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".py") {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			n++
			fn(t, filepath.Base(path), raw)
			return nil
		})
		if err != nil {
			t.Fatalf("pydicom's test files (Debian: python3-pydicom): %v", err)
		}
	}
	if n < 100 {
		t.Fatalf("%d files, want the whole set of pydicom", n)
	}
}

// TestForeignFilesAreCleaned runs real files of many makers through: what the
// reader takes is cleaned without a panic, stays readable, is the same each time,
// and none of its patient's names is in the derivative.
func TestForeignFilesAreCleaned(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: needs pydicom's test files")
	}
	t.Parallel()
	p := newProfile(t)
	taken, reasons := 0, map[sinso.Reason]int{}
	foreignFiles(t, func(t *testing.T, name string, raw []byte) {
		t.Helper()
		file, err := dicom.Read(raw)
		if err != nil {
			return
		}
		result, err := p.Clean(t.Context(), sinso.Record{Bytes: raw}, testRelease(1))
		if errors.Is(err, sinso.ErrUnsupported) {
			t.Logf("%s: %v", name, err)
			return
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		taken++
		for _, reason := range result.Clean.Withheld {
			reasons[reason]++
		}
		again := clean(t, p, raw, 1)
		if !bytes.Equal(again.Clean.Bytes, result.Clean.Bytes) {
			t.Errorf("%s: two runs differ", name)
		}
		tree, _ := file.Tree()
		after, now := read(t, result.Clean.Bytes)
		if got := after.String(tagPatientName); got != "" && got != dicom.NameDatesMoved || after.String(tagBirthDate) != "" {
			t.Errorf("%s: the patient's name or birth date is there", name)
		}
		_ = now.Walk(func(_ int, e *dicom.DataElement) error {
			if e.Tag.IsPrivate() {
				t.Errorf("%s: %v is there", name, e.Tag)
			}
			return nil
		})
		if before, left := tree.Find(tagPixelData), now.Find(tagPixelData); before != nil && before.Fragments == nil && kindOf(before.VR) != kindOther && !bytes.Equal(before.Value, left.Value) {
			t.Errorf("%s: the pixels changed", name)
		}
	})
	t.Logf("%d cleaned; withheld: %v", taken, reasons)
	if taken < 100 {
		t.Errorf("only %d were cleaned", taken)
	}
}

// TestDciodvfyFindsNoNewError: dicom3tools' validator, which knows the IODs,
// finds no error in a derivative that it does not find in the original.
func TestDciodvfyFindsNoNewError(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: needs dciodvfy")
	}
	t.Parallel()
	if _, err := exec.LookPath("dciodvfy"); err != nil {
		t.Fatalf("dciodvfy (Debian: dicom3tools): %v", err)
	}
	p := newProfile(t)
	folder := t.TempDir()
	compare := func(t *testing.T, name string, raw []byte) {
		t.Helper()
		result, err := p.Clean(t.Context(), sinso.Record{Bytes: raw}, testRelease(1))
		if err != nil {
			return // not for this test
		}
		before := validate(t, folder, raw)
		if before[unreadable] {
			return // dciodvfy says nothing of what is in it, so there is nothing to compare
		}
		for message := range validate(t, folder, result.Clean.Bytes) {
			if !before[message] {
				t.Errorf("%s: new error: %s", name, message)
			}
		}
	}
	compare(t, "chest", part10(t, dicom.ExplicitLittleEndian, chest(16)))
	err := phantom.Series(phantom.Options{Slices: 1, Rows: 32, Columns: 32}, func(name string, raw []byte) error {
		compare(t, name, raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	foreignFiles(t, compare)
}

// unreadable is what dciodvfy says of a file that it stops in the middle of.
const unreadable = "Error - Tags out of order - trailing garbage, wrong transfer syntax, or not valid DICOM"

var messageNumbers = regexp.MustCompile(`[0-9][0-9.]*`)

// validate returns dciodvfy's errors about a file, without the numbers in them,
// which count bytes and items, and UIDs, which are others now.
func validate(t *testing.T, folder string, raw []byte) map[string]bool {
	t.Helper()
	path := filepath.Join(folder, "in.dcm")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.CommandContext(t.Context(), "dciodvfy", path).CombinedOutput() // it exits 1 on any error found
	errs := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Error - ") {
			errs[messageNumbers.ReplaceAllString(line, "#")] = true
		}
	}
	return errs
}
