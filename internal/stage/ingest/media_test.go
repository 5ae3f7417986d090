package ingest

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDirectoryLeadsToItsFiles imports the DICOMDIR of a medium that pydicom brings:
// each file that it lists comes once, and one that was lost is refused by name.
func TestDirectoryLeadsToItsFiles(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs python3-pydicom")
	}
	medium := "/usr/lib/python3/dist-packages/pydicom/data/test_files/dicomdirtests"
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(medium)); err != nil {
		t.Fatal(err)
	}
	count := func() (items, refused int) {
		err := Walk(t.Context(), []string{filepath.Join(dir, "DICOMDIR")}, func(f Found) error {
			if f.Refusal != nil {
				refused++
			} else {
				items++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return items, refused
	}
	items, refused := count()
	if items != 32 || refused != 0 { // 31 images and the DICOMDIR
		t.Errorf("got %d files and %d refused, want 32 and none", items, refused)
	}
	if err := os.Remove(filepath.Join(dir, "77654033", "CR1", "6154")); err != nil {
		t.Fatal(err)
	}
	if items, refused = count(); items != 31 || refused != 1 {
		t.Errorf("without one: got %d files and %d refused, want 31 and 1", items, refused)
	}
}

// TestDirectoryLeadsNowhereElse checks names of which a DICOMDIR must not make a path.
func TestDirectoryLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	for _, id := range [][]string{{".."}, {"A", "..", "B"}, {"/etc"}, {""}, {"ABCDEFGHI"}, {"A.B"}, make([]string, 9)} {
		if isFileID(id) {
			t.Errorf("%q is taken for a File ID", id)
		}
	}
}
