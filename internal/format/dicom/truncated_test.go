package dicom_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// TestReadTruncatedReadsWhatPydicomReads compares the files that Read refuses, since
// they are cut off, with what pydicom has of them.
func TestReadTruncatedReadsWhatPydicomReads(t *testing.T) {
	t.Parallel()
	cut := 0
	for _, want := range pydicom(t) {
		name := strings.TrimPrefix(want.Path, pydicomData+"/")
		b := mustReadFile(t, want.Path)
		f, err := dicom.ReadTruncated(b)
		if class := notRead[name]; errors.Is(class, sinso.ErrInvalid) {
			if !errors.Is(err, class) {
				t.Errorf("%s: got %v, want %v", name, err, class)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if whole := notRead[name] == nil; whole == f.Truncated() {
			t.Errorf("%s: truncated: %t", name, f.Truncated())
		}
		if f.Truncated() {
			cut++
		}
		sameRows(t, name, f, f.Meta(), want.Meta)
		sameRows(t, name, f, f.Elements(), want.Root)
	}
	if cut != 3 {
		t.Errorf("%d files are cut off, want 3", cut)
	}
}

// TestReadTruncatedTakesWhatIsThere cuts a file off at every byte: what is whole is
// the same as in the whole file, and only the whole file says that it is.
func TestReadTruncatedTakesWhatIsThere(t *testing.T) {
	t.Parallel()
	compressed := dicom.Dataset{}
	compressed.SetString(0x00080018, "UI", "2.25.1")
	compressed.Set(dicom.DataElement{Tag: pixelData, VR: "OB", Fragments: [][]byte{{}, {1, 2, 3, 4}, {5, 6}}})
	for syntax, ds := range map[string]dicom.Dataset{
		dicom.ExplicitLittleEndian: ct(4), dicom.ImplicitLittleEndian: ct(4), dicom.ExplicitBigEndian: ct(4), "1.2.840.10008.1.2.4.70": compressed,
	} {
		b := mustEncode(t, syntax, ds)
		whole := mustRead(t, b)
		body := int(whole.Elements()[0].Offset)
		for n := body; n <= len(b); n++ {
			f, err := dicom.ReadTruncated(b[:n])
			if err != nil {
				t.Fatalf("%s cut off at %d of %d: %v", syntax, n, len(b), err)
			}
			if _, err := dicom.Read(b[:n]); (err != nil) != f.Truncated() {
				t.Errorf("%s cut off at %d of %d: read %v, truncated %t", syntax, n, len(b), err, f.Truncated())
			}
			entries := f.Elements()
			for i := max(0, len(entries)-8); i < len(entries); i++ { // those before are as they were one byte earlier
				e, w := entries[i], whole.Elements()[i]
				if e.Tag != w.Tag || e.Offset != w.Offset || e.Length > w.Length || e.Depth != w.Depth || !bytes.HasPrefix(whole.Value(w), f.Value(e)) {
					t.Fatalf("%s cut off at %d of %d: entry %d is another", syntax, n, len(b), i)
				}
			}
		}
	}
}

// TestReadTruncatedUnpacksWhatIsThere cuts a deflated file off.
func TestReadTruncatedUnpacksWhatIsThere(t *testing.T) {
	t.Parallel()
	b := mustEncode(t, dicom.DeflatedExplicitLittleEndian, ct(64))
	f, err := dicom.ReadTruncated(b[:len(b)-40])
	if err != nil || !f.Truncated() || f.String(0x00080018) != "2.25.1" {
		t.Errorf("got %v", err)
	}
	if _, err := dicom.ReadTruncated(part10(dicom.DeflatedExplicitLittleEndian, []byte("this is not deflated"))); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("not deflated: got %v", err)
	}
}

// TestReadTruncatedRefusesDamage reads what is not cut off but wrong.
func TestReadTruncatedRefusesDamage(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"an item outside":             head(put(nil, 0x00080060, "CS", "CT"), item, 0),
		"no item in a sequence":       append(unknown(0x00081140, "SQ"), "something else"...),
		"a fragment without length":   head(unknown(pixelData, "OB"), item, noLength),
		"an item that ends too early": append(append(unknown(0x00081140, "SQ"), head(nil, item, 20)...), append(head(nil, itemEnd, 0), make([]byte, 12)...)...),
	} {
		if _, err := dicom.ReadTruncated(part10(dicom.ExplicitLittleEndian, data)); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// exampleFiles are the DICOM files in the documentation of Debian packages.
var exampleFiles = []string{"/usr/share/doc/dicom3tools/examples/0051.dcm"}

// TestReadsExamplesOfPackages compares example files with pydicom.
func TestReadsExamplesOfPackages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("asks pydicom, which -short leaves out")
	}
	for _, path := range exampleFiles {
		folder := t.TempDir()
		b := mustReadFile(t, path)
		if err := os.WriteFile(filepath.Join(folder, "x"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		answers, err := ask(folder)
		if err != nil || len(answers) != 1 || answers[0].Error != "" {
			t.Fatalf("%s: pydicom: %v", path, err)
		}
		f := mustRead(t, b)
		sameRows(t, path, f, f.Meta(), answers[0].Meta)
		sameRows(t, path, f, f.Elements(), answers[0].Root)
		roundTrip(t, path, f)
	}
}
