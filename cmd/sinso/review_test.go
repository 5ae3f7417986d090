package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/node"
)

// writeEcho writes a synthetic ultrasound image that says that there is writing in it.
func writeEcho(t *testing.T, path string, n int) {
	t.Helper()
	var ds dicom.Dataset
	for tag, text := range map[dicom.Tag]string{
		0x00080016: "1.2.840.10008.5.1.4.1.1.6.1", 0x00080018: fmt.Sprint("2.25.100", n), 0x0020000D: "2.25.200", 0x0020000E: "2.25.300",
		0x00080060: "US", 0x00100010: "PHANTOM^ECHO", 0x00100020: "PHANTOM-2", 0x00280004: "MONOCHROME2", 0x00280301: "YES",
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], text)
	}
	for tag, v := range map[dicom.Tag]byte{0x00280002: 1, 0x00280010: 48, 0x00280011: 64, 0x00280100: 8, 0x00280101: 8, 0x00280102: 7, 0x00280103: 0} {
		ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{v, 0}})
	}
	pixels := make([]byte, 48*64)
	for i := range pixels {
		pixels[i] = byte(100 + i/64)
	}
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: pixels})
	data, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestReviewCommands lists, shows and decides on a stopped node, and does the same
// through the socket of a running one.
func TestReviewCommands(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes about 6 s; left out by -short")
	}
	s := newScript(t, programDir(t))
	dir, err := os.MkdirTemp("", "sinso") //nolint:usetesting // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.dir = dir
	do := func(format string, args ...any) {
		t.Helper()
		line := fmt.Sprintf(format, args...)
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v\nstdout:\n%s\nstderr:\n%s", line, err, s.stdout, s.stderr)
		}
	}
	list := func(state string) (items []node.ReviewItem) {
		t.Helper()
		do("exits 0 sinso review ls --data node --json --state %s", state)
		if err := json.Unmarshal([]byte(s.stdout), &items); err != nil {
			t.Fatalf("ls says %q: %v", s.stdout, err)
		}
		return items
	}
	do("env SINSO_QUALITY_LEAST=0") // the echo has no more than the review looks at
	for n := range 2 {
		writeEcho(t, filepath.Join(dir, fmt.Sprintf("%d.dcm", n)), n)
	}
	do("exits 0 sinso init --data node")
	do("exits 0 sinso import --data node --json 0.dcm 1.dcm")
	var imported struct{ Studies []sinso.StudyID }
	if err := json.Unmarshal([]byte(s.stdout), &imported); err != nil || len(imported.Studies) != 1 {
		t.Fatalf("import says %q: %v", s.stdout, err)
	}
	do("env SINSO_CHAIN=dev:")
	do("env SINSO_CHAIN_LISTEN=127.0.0.1:0")
	do("exits 3 sinso asset add --data node --price 5 %s", imported.Studies[0])
	for i, where := range []string{"stopped", "running"} {
		if where == "running" {
			s.background("node", "US")
		}
		open := slices.DeleteFunc(list("open"), func(i node.ReviewItem) bool { return i.Sample })
		if len(open) != 2-i || open[0].Reasons[0].Says == "" || open[0].Said == nil {
			t.Fatalf("%s: open are %+v", where, open)
		}
		item := open[0].ID
		do("exits 0 sinso review estimate --data node")
		do("stdout '^%d +[01] +0 +0 +- +0 %% and 100 %% +all$'", i)
		do("stdout '^the ends hold with 95 %% confidence$'")
		do("exits 0 sinso review estimate --data node --json")
		do("jsonkeys confidence rows overall")
		do("exits 2 sinso review estimate --data node more")
		do("exits 0 sinso review ls --data node --person %s", open[0].Person)
		do("stdout '^%s +open +burned-in-annotation +i_'", item)
		do("exits 10 sinso review ls --data node --person p_aaaaaaaaaaaaaaaaaaaaaaaaaa")
		do("exits 2 sinso review ls --data node --state lost")
		do("exits 0 sinso review show --data node %s", item)
		do("stdout '^Held back .burned-in-annotation.: '")
		do("stdout 'Patient.s Name +(replaced|emptied|removed) +table$'")
		do("! stdout 'PHANTOM'")
		do("exits 0 sinso review show --data node --json %s", item)
		do("jsonkeys id person study record release sample state reasons blanked device profile said persons created updated stored frames rows columns marks elements held")
		do("exits 2 sinso review decide --data node %s sell", item)
		do("exits 2 sinso review decide --data node %s redact --box 0:1,2,3", item)
		do("exits 2 sinso review decide --data node %s redact --box all:0,0,65,48", item)
		do("exits 10 sinso review decide --data node v_aaaaaaaaaaaaaaaaaaaaaaaaaa approve")
		do("exits 10 sinso review show --data node v_none")
		do("exits 0 sinso review decide --data node %s redact --box all:0,0,10,4 --box 0:60,40,64,48", item)
		do("stdout '^%s is redacted$'", item)
		do("exits 0 sinso review show --data node %s", item)
		do("stdout '^Blanked in frame 0: 60,40 to 64,48 .person.$'")
		if i == 0 {
			do("exits 0 sinso asset add --data node --price 5 --json %s", imported.Studies[0])
			var added node.Added
			if err := json.Unmarshal([]byte(s.stdout), &added); err != nil || added.Instances != 1 {
				t.Fatalf("after one redaction: %d instances, %v", added.Instances, err)
			}
		}
	}
	if redacted := list("redacted"); len(redacted) != 2 {
		t.Errorf("%d are redacted, want 2", len(redacted))
	}
}
