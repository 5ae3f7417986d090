package dicom_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// pydicomData is where Debian's python3-pydicom keeps its test files.
const pydicomData = "/usr/lib/python3/dist-packages/pydicom/data"

const mediaDirectory = "1.2.840.10008.1.3.10" // Media Storage Directory Storage, PS3.4 Table B.5-1

// notRead are the files that pydicom reads, in its lenient way, and Read refuses.
var notRead = map[string]error{
	"test_files/MR_truncated.dcm":                sinso.ErrCorrupt, // the pixel data is cut off
	"test_files/rtplan_truncated.dcm":            sinso.ErrCorrupt, // a sequence is cut off
	"test_files/dicomdirtests/DICOMDIR-nooffset": sinso.ErrCorrupt, // the last item is 24 bytes shorter than it says
	"test_files/no_meta.dcm":                     sinso.ErrInvalid, // a stray byte before the data set: pydicom finds one element of nonsense
	"test_files/dicomdirtests/TINY_ALPHA/README": sinso.ErrInvalid, // plain text: likewise
}

// oracle is what pydicom says of one file.
type oracle struct {
	Path   string
	Error  string
	Forced bool
	Meta   []oracleRow
	Root   []oracleRow
	Text   map[string]string
}

type oracleRow struct {
	tag          dicom.Tag
	vr           *string // nil: the file does not say
	kind, sha256 string
	length       int
}

func (r *oracleRow) UnmarshalJSON(b []byte) error {
	columns := []any{&r.tag, &r.vr, &r.kind, &r.length, &r.sha256}
	return json.Unmarshal(b, &columns)
}

// askPydicom runs pydicom once over its own test files.
var askPydicom = sync.OnceValues(func() ([]oracle, error) {
	return ask(pydicomData+"/test_files", pydicomData+"/charset_files")
})

// ask runs pydicom over folders.
func ask(folders ...string) ([]oracle, error) {
	out, err := exec.Command("/usr/bin/python3", append([]string{"testdata/oracle.py"}, folders...)...).Output()
	if err != nil {
		return nil, err
	}
	var answers []oracle
	for line := range bytes.Lines(out) {
		var answer oracle
		if err := json.Unmarshal(line, &answer); err != nil {
			return nil, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

func pydicom(t *testing.T) []oracle {
	t.Helper()
	if testing.Short() {
		t.Skip("asks pydicom, which -short leaves out")
	}
	answers, err := askPydicom()
	if err != nil || len(answers) < 100 {
		t.Fatalf("pydicom cannot be asked (%v, %d answers): install the Debian package python3-pydicom", err, len(answers))
	}
	return answers
}

// pydicomFiles returns the bytes of every file in pydicom's folders.
func pydicomFiles(t *testing.T) map[string][]byte {
	t.Helper()
	if testing.Short() {
		t.Skip("reads the files of pydicom, which -short leaves out")
	}
	files := map[string][]byte{}
	for _, folder := range []string{"test_files", "charset_files"} {
		err := filepath.WalkDir(filepath.Join(pydicomData, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			files[strings.TrimPrefix(path, pydicomData+"/")], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatalf("%v: install the Debian package python3-pydicom", err)
		}
	}
	if len(files) < 170 {
		t.Fatalf("%d files in %s: install the Debian package python3-pydicom", len(files), pydicomData)
	}
	return files
}

// TestReadsWhatPydicomReads compares the root elements of every file that pydicom
// reads: tags, explicit VRs, lengths, bytes.
func TestReadsWhatPydicomReads(t *testing.T) {
	t.Parallel()
	read := 0
	for _, want := range pydicom(t) {
		name := strings.TrimPrefix(want.Path, pydicomData+"/")
		b, err := os.ReadFile(want.Path)
		if err != nil {
			t.Fatal(err)
		}
		kept := bytes.Clone(b)
		f, err := dicom.Read(b)
		if class, ok := notRead[name]; ok {
			if !errors.Is(err, class) {
				t.Errorf("%s: got %v, want %v", name, err, class)
			}
			continue
		}
		if want.Error != "" || err != nil {
			t.Errorf("%s: got %v, pydicom %s", name, err, want.Error)
			continue
		}
		read++
		sameRows(t, name, f, f.Meta(), want.Meta)
		sameRows(t, name, f, f.Elements(), want.Root)
		if !bytes.Equal(b, kept) {
			t.Errorf("%s: the bytes were changed", name)
		}
		header, err := dicom.ReadHeader(b)
		if err != nil {
			t.Errorf("%s: header: %v", name, err)
			continue
		}
		if got, want := header.Strings(0x00080018), f.Strings(0x00080018); strings.Join(got, "") != strings.Join(want, "") {
			t.Errorf("%s: header says another instance", name)
		}
	}
	if read != 170 {
		t.Errorf("compared %d files, want 170", read)
	}
}

// sameRows compares entries of the root with pydicom's. Those of one tag are
// compared by the last, which is what pydicom keeps.
func sameRows(t *testing.T, name string, f *dicom.File, entries []dicom.Element, want []oracleRow) {
	t.Helper()
	got := map[dicom.Tag]dicom.Element{}
	items := map[dicom.Tag]int{}
	var tag dicom.Tag
	for _, e := range entries {
		if e.Depth == 0 {
			tag = e.Tag
			got[tag], items[tag] = e, 0
		}
		if e.Depth == 1 && e.Kind == dicom.KindItem {
			items[tag]++
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: got %d elements, want %d", name, len(got), len(want))
	}
	for _, row := range want {
		e, ok := got[row.tag]
		if !ok {
			t.Errorf("%s: element %v is missing", name, row.tag)
			continue
		}
		// A UN whose bytes are items is a sequence here.
		if row.vr != nil && e.VR() != dicom.VR(*row.vr) && (*row.vr != "UN" || e.Kind != dicom.KindSequence) {
			t.Errorf("%s: element %v: got VR %v, want %s", name, row.tag, e.VR(), *row.vr)
		}
		digest := sha256.Sum256(f.Value(e))
		switch {
		case row.kind == "items" && items[row.tag] != row.length:
			t.Errorf("%s: element %v: got %d items, want %d", name, row.tag, items[row.tag], row.length)
		case row.kind == "bytes" && (int(e.Length) != row.length || hex.EncodeToString(digest[:]) != row.sha256):
			t.Errorf("%s: element %v: got %d bytes, want %d, or others", name, row.tag, e.Length, row.length)
		}
	}
}

// TestDecodesTextAsPydicomDoes compares names and other text in all character sets
// of pydicom's files.
func TestDecodesTextAsPydicomDoes(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, want := range pydicom(t) {
		name := strings.TrimPrefix(want.Path, pydicomData+"/")
		if _, ok := notRead[name]; ok {
			continue
		}
		b, err := os.ReadFile(want.Path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := dicom.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		for hexTag, text := range want.Text {
			raw, err := hex.DecodeString(hexTag)
			if err != nil {
				t.Fatal(err)
			}
			tag := dicom.Tag(raw[0])<<24 | dicom.Tag(raw[1])<<16 | dicom.Tag(raw[2])<<8 | dicom.Tag(raw[3])
			values := f.Strings(tag)
			if got := strings.Join(values, `\`); tidied(got) != tidied(text) {
				t.Errorf("%s: element %v: got %q, want %q", name, tag, got, text)
			}
			compared++
		}
	}
	if compared < 500 {
		t.Errorf("compared %d texts only", compared)
	}
}

// tidied drops what pydicom and we show differently: line ends, blanks at the ends.
func tidied(s string) string {
	return strings.TrimRight(strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")), "\x00 ^=")
}

// TestDecodesNamesInItems reads names in items that have, or inherit, a character set.
func TestDecodesNamesInItems(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"chrSQEncoding.dcm", "chrSQEncoding1.dcm"} {
		f, err := dicom.Read(pydicomFiles(t)["charset_files/"+name])
		if err != nil {
			t.Fatal(err)
		}
		ds, err := f.Tree()
		if err != nil {
			t.Fatal(err)
		}
		item := ds.Find(0x00321064).Items[0]
		set := f.Charset()
		if own := item.Find(0x00080005); own != nil {
			set = dicom.NewCharset(strings.Split(strings.TrimSpace(string(own.Value)), `\`)...)
		}
		const want = "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"
		if got := strings.TrimSpace(set.Decode(item.Find(0x00100010).Value, true)); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// TestPydicomReadsWhatIsWritten writes every file again, in its syntax, and
// compares what pydicom finds in it with what was read. DICOMDIRs are left out: they
// hold places in their own bytes, which move.
func TestPydicomReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	written := map[string]*dicom.File{}
	for name, b := range pydicomFiles(t) {
		f, err := dicom.Read(b)
		if err != nil || f.MetaString(0x00020002) == mediaDirectory {
			continue
		}
		ds, err := f.Tree()
		if err != nil {
			t.Fatal(err)
		}
		b, err = dicom.EncodeMeta(f.Syntax().UID, f.MetaTree(), ds)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		path := filepath.Join(folder, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		written[path] = mustRead(t, b)
	}
	answers, err := ask(folder)
	if err != nil {
		t.Fatalf("pydicom cannot be asked: %v: install the Debian package python3-pydicom", err)
	}
	if len(answers) != len(written) || len(answers) < 160 {
		t.Errorf("pydicom read %d files of %d", len(answers), len(written))
	}
	for _, want := range answers {
		f := written[want.Path]
		if want.Error != "" || want.Forced {
			t.Errorf("%s: pydicom: %s", want.Path, want.Error)
			continue
		}
		sameRows(t, want.Path, f, f.Meta(), want.Meta)
		sameRows(t, want.Path, f, f.Elements(), want.Root)
	}
}
