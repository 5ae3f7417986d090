package dicom_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// above returns the types of the records that one belongs to, from the root on.
func above(records []dicom.DirectoryRecord, i int) []string {
	var types []string
	for ; i >= 0; i = records[i].Parent {
		types = append(types, records[i].Type)
	}
	slices.Reverse(types)
	return types
}

// of returns an attribute of the record, or of one above it.
func of(records []dicom.DirectoryRecord, i int, t dicom.Tag) string {
	for ; i >= 0; i = records[i].Parent {
		if text := records[i].Text(t); text != "" {
			return text
		}
	}
	return ""
}

// TestDirectoryNamesItsFiles reads the DICOMDIRs of pydicom: each file is there, and
// is of the patient, study and series under which the directory has it.
func TestDirectoryNamesItsFiles(t *testing.T) {
	t.Parallel()
	for name, b := range pydicomFiles(t) {
		base, folder := filepath.Base(name), filepath.Join(pydicomData, filepath.Dir(name))
		if !strings.HasPrefix(base, "DICOMDIR") {
			continue
		}
		f, err := dicom.ReadTruncated(b)
		if err != nil {
			t.Fatal(err)
		}
		records, err := f.Directory()
		if base == "DICOMDIR-empty.dcm" {
			if err != nil || len(records) != 0 {
				t.Errorf("%s: got %d records, %v", base, len(records), err)
			}
			continue
		}
		wantRecords, wantFiles := 52, 31
		if filepath.Base(folder) == "TINY_ALPHA" {
			wantRecords, wantFiles = 53, 50
		}
		if err != nil || len(records) != wantRecords {
			t.Errorf("%s: got %d records, %v", base, len(records), err)
			continue
		}
		files := 0
		for i, r := range records {
			if r.File == nil {
				continue
			}
			files++
			if got := strings.Join(above(records, i), "/"); got != "PATIENT/STUDY/SERIES/IMAGE" && base != "DICOMDIR-nopatient" {
				t.Errorf("%s: record %d is %s", base, i, got)
			}
			referenced := mustRead(t, mustReadFile(t, filepath.Join(append([]string{folder}, r.File...)...)))
			if r.SOPInstance != referenced.String(0x00080018) || r.Syntax != referenced.MetaString(0x00020010) || r.SOPClass != referenced.String(0x00080016) || !r.InUse {
				t.Errorf("%s: record %d names another file", base, i)
			}
			for _, tag := range []dicom.Tag{0x0020000D, 0x0020000E, 0x00100020} {
				if tag == 0x00100020 && base == "DICOMDIR-nopatient" {
					continue // it has no such record
				}
				if got, want := of(records, i, tag), referenced.String(tag); got != want {
					t.Errorf("%s: record %d: %v differs", base, i, tag)
				}
			}
		}
		if files != wantFiles {
			t.Errorf("%s: %d files, want %d", base, files, wantFiles)
		}
	}
}

func mustReadFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// directory writes a DICOMDIR whose records are linked as links say: the number of
// the next and of the lower record, from 1.
func directory(t testing.TB, first int, types []string, links [][2]int) *dicom.File {
	t.Helper()
	build := func(offsets []uint32) []byte {
		at := func(n int) []byte {
			v := uint32(n) // beyond the records: nowhere
			if n > 0 && n <= len(offsets) {
				v = offsets[n-1]
			}
			return binary.LittleEndian.AppendUint32(nil, v)
		}
		var ds dicom.Dataset
		ds.Set(dicom.DataElement{Tag: 0x00041200, VR: "UL", Value: at(first)})
		var items []dicom.Dataset
		for i, kind := range types {
			var item dicom.Dataset
			item.Set(dicom.DataElement{Tag: 0x00041400, VR: "UL", Value: at(links[i][0])})
			item.Set(dicom.DataElement{Tag: 0x00041410, VR: "US", Value: []byte{0xFF, 0xFF}})
			item.Set(dicom.DataElement{Tag: 0x00041420, VR: "UL", Value: at(links[i][1])})
			item.SetString(0x00041430, "CS", kind)
			item.SetString(0x00041500, "CS", "A", "B"+kind[:1])
			item.SetString(0x00080005, "CS", "ISO_IR 144")
			item.SetString(0x00100010, "PN", "\xBB\xEE\xDA")
			items = append(items, item)
		}
		ds.Set(dicom.DataElement{Tag: 0x00041220, VR: "SQ", Items: items})
		return mustEncode(t, dicom.ExplicitLittleEndian, ds)
	}
	var offsets []uint32
	for _, e := range mustRead(t, build(nil)).Elements() {
		if e.Kind == dicom.KindItem {
			offsets = append(offsets, e.Offset-8)
		}
	}
	return mustRead(t, build(offsets))
}

// mustEncodeTree writes what was read again.
func mustEncodeTree(tb testing.TB, f *dicom.File) []byte {
	tb.Helper()
	ds, err := f.Tree()
	if err != nil {
		tb.Fatal(err)
	}
	return mustEncode(tb, f.Syntax().UID, ds)
}

// TestDirectoryWithBrokenLinksIsReadInItsOrder damages the links between records.
func TestDirectoryWithBrokenLinksIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	types := []string{"PATIENT", "STUDY", "SERIES", "IMAGE", "SR DOCUMENT", "SERIES", "IMAGE", "PALETTE"}
	whole := [][2]int{{8, 2}, {0, 3}, {6, 4}, {5, 0}, {0, 0}, {0, 7}, {0, 0}, {0, 0}}
	const want = "-1 0 1 2 2 1 5 -1"
	for name, tt := range map[string]struct {
		first int
		links [][2]int
	}{
		"whole":             {1, whole},
		"no first":          {0, whole},
		"first is nowhere":  {99, whole},
		"a circle":          {1, [][2]int{{8, 2}, {0, 3}, {3, 4}, {5, 0}, {0, 0}, {0, 7}, {0, 0}, {0, 0}}},
		"into itself":       {1, [][2]int{{8, 1}, {0, 3}, {6, 4}, {5, 0}, {0, 0}, {0, 7}, {0, 0}, {0, 0}}},
		"one is left out":   {1, [][2]int{{8, 2}, {0, 3}, {6, 4}, {0, 0}, {0, 0}, {0, 7}, {0, 0}, {0, 0}}},
		"a link to nowhere": {1, [][2]int{{8, 2}, {0, 3}, {6, 4}, {5, 0}, {0, 0}, {0, 7}, {77, 0}, {0, 0}}},
	} {
		f := directory(t, tt.first, types, tt.links)
		records, err := f.Directory()
		if err != nil {
			t.Fatal(err)
		}
		var parents, kinds []string
		for _, r := range records {
			parents = append(parents, strings.TrimSpace(itoa(r.Parent)))
			kinds = append(kinds, r.Type)
		}
		if got := strings.Join(parents, " "); got != want || !slices.Equal(kinds, types) {
			t.Errorf("%s: got %s, want %s; %v", name, got, want, kinds)
		}
		if r := records[3]; r.Text(0x00100010) != "Люк" || !slices.Equal(r.File, []string{"A", "BI"}) {
			t.Errorf("%s: got %q, %q", name, r.Text(0x00100010), r.File)
		}
	}
	deep := make([][2]int, 100)
	for i := range deep {
		deep[i] = [2]int{0, (i + 2) % 101}
	}
	records, err := directory(t, 1, slices.Repeat([]string{"IMAGE"}, 100), deep).Directory()
	if err != nil || len(records) != 100 || records[99].Parent != -1 {
		t.Errorf("deep: got %d records, %v", len(records), err)
	}
	if _, err := mustRead(t, mustEncode(t, dicom.ExplicitLittleEndian, ct(2))).Directory(); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("no directory: got %v", err)
	}
}

func itoa(v int) string {
	if v < 0 {
		return "-1"
	}
	return string(rune('0' + v))
}
