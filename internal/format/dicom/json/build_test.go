package json_test

import (
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
)

// pydicomData is where Debian's python3-pydicom keeps its test files.
const pydicomData = "/usr/lib/python3/dist-packages/pydicom/data"

// pydicomFiles returns the files of pydicom that are DICOM, by their paths.
func pydicomFiles(tb testing.TB) map[string]*dicom.File {
	tb.Helper()
	if testing.Short() {
		tb.Skip("reads the files of pydicom, which -short leaves out")
	}
	files := map[string]*dicom.File{}
	for _, folder := range []string{"test_files", "charset_files"} {
		err := filepath.WalkDir(filepath.Join(pydicomData, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if f, err := dicom.ReadTruncated(b); err == nil {
				files[path] = f
			}
			return nil
		})
		if err != nil {
			tb.Fatalf("%v: install the Debian package python3-pydicom", err)
		}
	}
	if len(files) < 170 {
		tb.Fatalf("%d files in %s: install the Debian package python3-pydicom", len(files), pydicomData)
	}
	return files
}

// ct returns the header of a synthetic CT slice of 70 elements, and pixel data.
func ct() dicom.Dataset {
	var ds dicom.Dataset
	for tag, value := range map[dicom.Tag]string{
		0x00080005: "ISO_IR 100", 0x00080008: `ORIGINAL\PRIMARY\AXIAL`, 0x00080012: "20240117", 0x00080013: "101500.250000",
		0x00080016: "1.2.840.10008.5.1.4.1.1.2", 0x00080018: "2.25.281239047129347120347", 0x00080020: "20240117", 0x00080021: "20240117",
		0x00080022: "20240117", 0x00080023: "20240117", 0x00080030: "101500.250000", 0x00080031: "101500.250000", 0x00080032: "101500.250000",
		0x00080033: "101500.250000", 0x00080050: "ACC-1", 0x00080060: "CT", 0x00080070: "Synthetic Imaging Works",
		0x00080080: "Synthetic General Hospital", 0x00080090: "REFERRER^RITA", 0x00081010: "CT1", 0x00081030: "CT chest", 0x0008103E: "Chest 1.0",
		0x00081090: "Ellipsoid 64", 0x00100010: "PH\xC4NTOM^CHEST", 0x00100020: "PHANTOM-0001", 0x00100030: "19700101", 0x00100040: "O",
		0x00101010: "054Y", 0x00180015: "CHEST", 0x00180022: "HELICAL MODE", 0x00180050: "1.0", 0x00180060: "120", 0x00180090: "500",
		0x00181020: "v1.0", 0x00181030: "Chest", 0x00181100: "340", 0x00181110: "1099.31", 0x00181111: "630", 0x00181120: "0.0",
		0x00181130: "147.3", 0x00181140: "CW", 0x00181150: "800", 0x00181151: "260", 0x00181152: "208", 0x00181160: "BODY FILTER",
		0x00181170: "31200", 0x00181190: "1.2", 0x00181210: "STANDARD", 0x00185100: "HFS", 0x0020000D: "2.25.2", 0x0020000E: "2.25.3",
		0x00200010: "7731", 0x00200011: "2", 0x00200012: "1", 0x00200013: "17", 0x00200032: `-170.0\-170.0\12.5`, 0x00200037: `1\0\0\0\1\0`,
		0x00200052: "2.25.4", 0x00201041: "12.5", 0x00280004: "MONOCHROME2", 0x00280030: `0.6640625\0.6640625`, 0x00281050: `40\-600`,
		0x00281051: `400\1500`, 0x00281052: "-1024", 0x00281053: "1",
	} {
		ds.SetString(tag, dicom.VROf(tag), value)
	}
	for tag, v := range map[dicom.Tag]uint16{0x00280002: 1, 0x00280010: 64, 0x00280011: 64, 0x00280100: 16, 0x00280101: 12, 0x00280102: 11, 0x00280103: 0} {
		ds.Set(dicom.DataElement{Tag: tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, v)})
	}
	var code dicom.Dataset
	code.SetString(0x00080100, "SH", "121311")
	code.SetString(0x00080104, "LO", "Localizer")
	ds.Set(dicom.DataElement{Tag: 0x00081140, VR: "SQ", Items: []dicom.Dataset{code, code}})
	ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: "OW", Value: make([]byte, 2*64*64)})
	return ds
}

func read(tb testing.TB, ds dicom.Dataset) *dicom.File {
	tb.Helper()
	b, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		tb.Fatal(err)
	}
	f, err := dicom.Read(b)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// sameTree says where two data sets differ, or "". Padding of text is no difference.
func sameTree(a, b dicom.Dataset) string {
	if len(a.Elements) != len(b.Elements) {
		return strconv.Itoa(len(a.Elements)) + " and " + strconv.Itoa(len(b.Elements)) + " elements"
	}
	for i := range a.Elements {
		x, y := &a.Elements[i], &b.Elements[i]
		switch {
		case x.Tag != y.Tag:
			return x.Tag.String() + " and " + y.Tag.String()
		case x.VR != y.VR:
			return x.Tag.String() + " is " + string(x.VR) + " and " + string(y.VR)
		case padless(x.Value) != padless(y.Value):
			return x.Tag.String() + " has another value"
		case len(x.Items) != len(y.Items):
			return x.Tag.String() + " has another number of items"
		}
		for k := range x.Items {
			if why := sameTree(x.Items[k], y.Items[k]); why != "" {
				return x.Tag.String() + " > " + why
			}
		}
	}
	return ""
}

func padless(b []byte) string { return strings.Trim(string(b), " \x00") }
