package encapsulated_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/encapsulated"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// sources are the objects of a drawn series.
func sources(tb testing.TB, seed uint64) (files []*dicom.File) {
	tb.Helper()
	err := phantom.Series(phantom.Options{Seed: seed, Slices: 3, Rows: 16, Columns: 16}, func(_ string, raw []byte) error {
		file, err := dicom.Read(raw)
		files = append(files, file)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

// surface is a binary STL of one triangle: of an even number of bytes, and a name of odd.
func surface(rest int) []byte {
	return append(binary.LittleEndian.AppendUint32(make([]byte, 80), 1), make([]byte, 50+rest)...)
}

// TestAModelIsAValidObjectOfTheStudyOfItsSources: what went in comes out, no attribute of
// the sources but those that name the study is in it, and the same model is the same bytes.
func TestAModelIsAValidObjectOfTheStudyOfItsSources(t *testing.T) {
	t.Parallel()
	from := sources(t, 1)
	for _, stl := range [][]byte{surface(0), surface(1)} {
		m := encapsulated.Model{Title: "Bone", STL: stl, Sources: from}
		raw, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := m.Encode(); err != nil || !bytes.Equal(raw, again) {
			t.Errorf("made again it is other bytes, or %v", err)
		}
		file, err := dicom.Read(raw)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := file.Tree()
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.Find(0x00420011).Value[:len(stl)]; !bytes.Equal(got, stl) {
			t.Error("the surface is another")
		}
		if n, _ := file.Int(0x00420015); n != len(stl) {
			t.Errorf("it says %d bytes, want %d", n, len(stl))
		}
		if got, want := file.String(0x0020000D), from[0].String(0x0020000D); got != want || file.String(0x0020000E) == from[0].String(0x0020000E) {
			t.Errorf("it is of study %s, want %s, and of a series of its own", got, want)
		}
		if n := len(tree.Find(0x00420013).Items); n != len(from) {
			t.Errorf("it names %d sources, want %d", n, len(from))
		}
		for _, name := range []string{"REFERRER", "Synthetic", "SN-PHANTOM", "19700101", "STUDY-7731", "ACC-"} {
			if bytes.Contains(raw, []byte(name)) {
				t.Errorf("it has %q of the series", name)
			}
		}
	}
}

func TestAModelOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	from := sources(t, 1)
	for name, m := range map[string]encapsulated.Model{
		"no surface": {Title: "Bone", Sources: from}, "no sources": {Title: "Bone", STL: surface(0)},
		"of two series": {Title: "Bone", STL: surface(0), Sources: append(from[:1:1], sources(t, 2)...)},
	} {
		if _, err := m.Encode(); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestDciodvfyFindsNoError runs the validator of dicom3tools.
func TestDciodvfyFindsNoError(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dciodvfy of Debian's dicom3tools")
	}
	raw, err := encapsulated.Model{Title: "Bone", STL: surface(0), Sources: sources(t, 1)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.dcm")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "dciodvfy", path).CombinedOutput()
	if !bytes.Contains(out, []byte("EncapsulatedSTL")) {
		t.Fatalf("it is taken for something else (%v): %s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Error") {
			t.Error(line)
		}
	}
}
