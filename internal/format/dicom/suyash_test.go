package dicom_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	suyash "github.com/suyashkumar/dicom"
)

// TestReadsTheFilesOfSuyashkumar reads the test files of github.com/suyashkumar/dicom
// v1.1.0 and finds the elements that it finds.
func TestReadsTheFilesOfSuyashkumar(t *testing.T) {
	t.Parallel()
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/suyashkumar/dicom").Output()
	if err != nil {
		t.Fatalf("where is the module: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(folder)), "testdata", "*.dcm"))
	if err != nil || len(files) < 6 {
		t.Fatalf("%d test files, %v; want 6", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f := mustRead(t, b)
			want, err := suyash.Parse(bytes.NewReader(b), int64(len(b)), nil, suyash.SkipPixelData())
			if err != nil {
				t.Fatal(err)
			}
			var theirs, ours []string
			for _, e := range want.Elements {
				if e.Tag.Group != 0x0002 {
					theirs = append(theirs, fmt.Sprintf("(%04X,%04X)", e.Tag.Group, e.Tag.Element))
				}
			}
			for _, e := range f.Elements() {
				if e.Depth == 0 {
					ours = append(ours, e.Tag.String())
				}
			}
			if got, want := strings.Join(ours, " "), strings.Join(theirs, " "); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			roundTrip(t, filepath.Base(path), f)
			if _, err := f.Frames(); err != nil {
				t.Errorf("frames: %v", err)
			}
		})
	}
}
