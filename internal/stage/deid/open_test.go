package deid

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// opened is what a parser says of a file: an error, or what it found.
type opened struct {
	Error    string
	UID      string
	Elements int
	Rows     int
	Pixels   int
}

// openers are programs that open files and answer, for each of them, what each parser of
// theirs found.
var openers = map[string][]string{
	"OHIF's parsers, dicom-parser and dcmjs": {"node", filepath.Join("testdata", "ohif", "open.mjs")},
	"pydicom":                                {"/usr/bin/python3", filepath.Join("testdata", "open.py")},
}

// written cleans objects under a preset and writes both sides of each to two folders.
func written(t *testing.T, preset string, objects map[string][]byte) (before, after []string, trees map[string]dicom.Dataset) {
	t.Helper()
	p, err := Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	trees = map[string]dicom.Dataset{}
	for _, side := range []string{"before", "after"} {
		if err := os.Mkdir(filepath.Join(folder, side), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		result, err := p.Clean(t.Context(), recordOf(objects[name]), testRelease(6))
		if err != nil {
			continue // not for this test
		}
		_, trees[name] = read(t, result.Clean.Bytes)
		for side, raw := range map[string][]byte{"before": objects[name], "after": result.Clean.Bytes} {
			if err := os.WriteFile(filepath.Join(folder, side, name), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before, after = append(before, filepath.Join(folder, "before", name)), append(after, filepath.Join(folder, "after", name))
	}
	return before, after, trees
}

// TestEveryDerivativeOpens: the parsers of the OHIF viewer, pydicom and dcmtk open every
// derivative whose original they open, withheld or not, and find its name, its elements
// and its picture.
func TestEveryDerivativeOpens(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs node, dicom-parser and dcmjs of npm, pydicom and dcmtk")
	}
	objects := chart(t)
	foreignFiles(t, func(_ *testing.T, name string, raw []byte) { objects[name] = raw })
	err := phantom.Series(phantom.Options{Slices: 2, Rows: 32, Columns: 32}, func(name string, raw []byte) error {
		objects[name] = raw
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before, after, trees := written(t, DefaultPreset, objects)
	for name, command := range openers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			was, is := answers(t, command, before), answers(t, command, after)
			right := 0
			for file, parsers := range is {
				for parser, got := range parsers {
					if why := wrong(trees[file], got); why == "" {
						right++
					} else if was[file][parser].Error == "" {
						t.Errorf("%s by %s: %s", file, parser, why)
					}
				}
			}
			t.Logf("%d of %d are opened and right", right, len(after)*len(is[filepath.Base(after[0])]))
			if len(is) != len(after) || len(is) < 100 || right < 100 {
				t.Errorf("%d of %d files are answered, %d right", len(is), len(after), right)
			}
		})
	}
	t.Run("dcmtk", func(t *testing.T) {
		t.Parallel()
		for i, file := range after {
			if out, err := exec.CommandContext(t.Context(), "dcmdump", "-q", file).CombinedOutput(); err != nil || bytes.Contains(out, []byte("\nE: ")) {
				if exec.CommandContext(t.Context(), "dcmdump", "-q", before[i]).Run() == nil {
					t.Errorf("%s: %v: %.200s", filepath.Base(file), err, out)
				}
			}
		}
	})
}

// answers lets a program open files.
func answers(t *testing.T, command, files []string) map[string]map[string]opened {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], append(slices.Clone(command[1:]), files...)...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s (scripts/test-deps installs what it needs): %v: %.2000s", command[0], err, &errOut)
	}
	var found map[string]map[string]opened
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatalf("%s answers %.200q: %v", command[0], &out, err)
	}
	return found
}

// wrong says what a parser found otherwise than it is, or "".
func wrong(tree dicom.Dataset, got opened) string {
	rows := 0
	if e := tree.Find(tagRows); e != nil && len(e.Value) >= 2 {
		rows = int(e.Value[0]) | int(e.Value[1])<<8
	}
	name, pixels := "", tree.Find(tagPixelData) != nil
	if e := tree.Find(tagSOPInstance); e != nil {
		name = said(e)
	}
	switch {
	case got.Error != "":
		return got.Error
	case got.UID != name || got.Elements != len(tree.Elements) || got.Rows != rows || (got.Pixels > 0) != pixels:
		return fmt.Sprintf("%d elements, %d rows, pixels %v; want %d, %d, %v, and its name", got.Elements, got.Rows, got.Pixels > 0, len(tree.Elements), rows, pixels)
	default:
		return ""
	}
}
