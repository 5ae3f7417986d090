package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/node"
)

// fileNamed is a synthetic object without pixels, of a patient of this name.
func fileNamed(t *testing.T, dir, id, name string) string {
	t.Helper()
	var ds dicom.Dataset
	uid := fmt.Sprintf("2.25.77%x", id+name)
	uid = strings.Map(func(r rune) rune { return map[bool]rune{true: '7', false: r}[r >= 'a'] }, uid)[:min(len(uid), 40)]
	for tag, value := range map[dicom.Tag]string{
		0x00080005: "ISO_IR 192", 0x00080016: "1.2.840.10008.5.1.4.1.1.2", 0x00080018: uid + ".9", 0x0020000D: uid + ".1", 0x0020000E: uid + ".2",
		0x00080060: "CT", 0x00080020: "20240117", 0x00100010: name, 0x00100020: id,
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], value)
	}
	data, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	path := filepath.Join(dir, id+name+".dcm")
	if err = errors.Join(err, os.WriteFile(path, data, 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

// typed imports as who types the lines does.
func typed(t *testing.T, o importOptions, lines string, paths ...string) (out, errOut string, err error) {
	t.Helper()
	var to, told strings.Builder
	whose := &asker{in: strings.NewReader(lines), out: &told, person: sinso.PersonID(o.person)}
	err = runImport(t.Context(), o, paths, whose, &to, &told)
	return to.String(), told.String(), err
}

// TestImportAsksOnATerminal: whose the files are that are not known, on a stopped node as on
// a running one; nothing is filed before, and nothing if nobody answers.
func TestImportAsksOnATerminal(t *testing.T) {
	t.Parallel()
	s := newScript(t, programDir(t))
	dir, err := os.MkdirTemp("", "sinso") //nolint:usetesting // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.dir = dir
	do := func(line string) {
		t.Helper()
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstderr:\n%s", line, err, s.stderr)
		}
	}
	do("exits 0 sinso init --data node")
	o := importOptions{nodeFlags: nodeFlags{cfg: node.Config{Data: s.path("node"), Chain: "none"}}}
	ada := fileNamed(t, dir, "17", "PLANTED^ADA")
	out, asked, err := typed(t, o, "", ada)
	if err != nil || strings.Contains(asked, "PLANTED") || !strings.Contains(out, "the files are of 1 patient, filed by the patient identity") {
		t.Fatalf("a new patient: %v, %q, asked %q", err, out, asked)
	}
	for i, running := range []bool{false, true} {
		if running {
			s.background("node", "NODE")
		}
		joe := fileNamed(t, dir, "17", []string{"PLANTED^JOE\x1b[2J", "PLANTED^JIM\u202e"}[i])
		for _, lines := range []string{"", "q\n", "mine\n"} {
			if _, _, err := typed(t, o, lines, joe); !errors.Is(err, errUnanswered) {
				t.Errorf("typed %q: got %v", lines, err)
			}
		}
		out, asked, err := typed(t, o, "what\nN\n", joe)
		if err != nil || !strings.Contains(out, "1 patient, filed as was known and as you answered") || !strings.Contains(asked, `of "PLANTED^J`) || !strings.Contains(asked, "another name here") || strings.ContainsAny(asked, "\x1b\u202e") {
			t.Errorf("another name: %v, %q, asked %q", err, out, asked)
		}
	}
	out, asked, err = typed(t, o, "", ada, filepath.Join(dir, "17PLANTED^JIM\u202e.dcm"))
	if err != nil || strings.Contains(asked, "PLANTED") || !strings.Contains(out, "duplicates   2") {
		t.Errorf("again: %v, %q, asked %q", err, out, asked)
	}
}

// TestImportForAPersonAsks: what is not known to be theirs; and it says how many patients it
// was where nobody is asked.
func TestImportForAPersonAsks(t *testing.T) {
	t.Parallel()
	s := newScript(t, programDir(t))
	do := func(line string) {
		t.Helper()
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstderr:\n%s", line, err, s.stderr)
		}
	}
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --json chest")
	do("exits 0 sinso person ls --data node")
	me := regexp.MustCompile("p_[a-z2-7]+").FindString(s.stdout)
	o := importOptions{nodeFlags: nodeFlags{cfg: node.Config{Data: s.path("node"), Chain: "none"}}, person: me}
	mine, other := fileNamed(t, s.dir, "17", "PLANTED^ADA"), fileNamed(t, s.dir, "18", "PLANTED^JOE")
	out, asked, err := typed(t, o, "y\nn\n", mine, other)
	var silent *partly
	if !errors.As(err, &silent) || !strings.Contains(asked, "2 of 2") || !strings.Contains(out, "whose-kept") || !strings.Contains(out, "of 1 patient, filed under "+me) {
		t.Errorf("got %v, %q, asked %q", err, out, asked)
	}
	third := fileNamed(t, s.dir, "19", "PLANTED^JIM")
	do("exits 0 sinso import --data node --person " + me + " " + third + " " + mine)
	do("stdout '^the files are of 2 patients: all are filed under " + me + ", as --person says'")
	do("! stdout 'PLANTED'")
	do("exits 0 sinso import --data node --yes --json " + third)
	do(`stdout '"patients":1'`)
}

// TestIsTerminal: neither a file nor the device that takes all is one.
func TestIsTerminal(t *testing.T) {
	t.Parallel()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close() //nolint:errcheck // nothing was written
	file, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	if isTerminal(null) || isTerminal(file) || isTerminal(strings.NewReader("")) {
		t.Error("taken for a terminal")
	}
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("this machine has no terminals")
	}
	defer terminal.Close() //nolint:errcheck // nothing was written
	if !isTerminal(terminal) {
		t.Error("a terminal is not known")
	}
}
