package ingest_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
)

const (
	pixelData = dicom.Tag(0x7FE00010)
	patientID = dicom.Tag(0x00100020)
	deflated  = "1.2.840.10008.1.2.1.99"
)

// object returns a synthetic CT slice of 4 × 4 pixels, changed by edit.
func object(t testing.TB, edit func(*dicom.Dataset)) []byte {
	t.Helper()
	return objectIn(t, dicom.ExplicitLittleEndian, edit)
}

func objectIn(t testing.TB, syntax string, edit func(*dicom.Dataset)) []byte {
	t.Helper()
	var ds dicom.Dataset
	for tag, value := range map[dicom.Tag]string{
		0x00080016: "1.2.840.10008.5.1.4.1.1.2", 0x00080018: "2.25.1", 0x0020000D: "2.25.2", 0x0020000E: "2.25.3",
		0x00080020: "20240117", 0x00080030: "101500", 0x00080050: "ACC-1", 0x00080060: "CT", 0x00081030: "CT chest", 0x0008103E: "Chest 1.0",
		0x00100010: "PHANTOM^CHEST", patientID: "PHANTOM-0001", 0x00100021: "SYNTHETIC", 0x00100030: "19700101", 0x00100040: "O",
		0x00180015: "CHEST", 0x00200013: "7",
	} {
		attribute, ok := dicom.Lookup(tag)
		if !ok {
			t.Fatalf("%v is in no dictionary", tag)
		}
		ds.SetString(tag, attribute.VRs[0], value)
	}
	for tag, v := range map[dicom.Tag]uint16{0x00280002: 1, 0x00280010: 4, 0x00280011: 4, 0x00280100: 16, 0x00280101: 12, 0x00280102: 11, 0x00280103: 0} {
		ds.Set(dicom.DataElement{Tag: tag, VR: "US", Value: binary.LittleEndian.AppendUint16(nil, v)})
	}
	ds.Set(dicom.DataElement{Tag: pixelData, VR: "OW", Value: make([]byte, 32)})
	if edit != nil {
		edit(&ds)
	}
	data, err := dicom.Encode(syntax, ds)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// reveal makes a header comparable.
func reveal(h sinso.Header) map[string]string {
	return map[string]string{
		"id": h.PatientID.Reveal(), "issuer": h.PatientIssuer.Reveal(), "name": h.PatientName.Reveal(), "birth": h.PatientBirthDate.Reveal(), "sex": h.PatientSex.Reveal(),
		"study": h.StudyUID.Reveal(), "series": h.SeriesUID.Reveal(), "instance": h.InstanceUID.Reveal(),
		"date": h.StudyDate.Reveal(), "time": h.StudyTime.Reveal(), "accession": h.AccessionNumber.Reveal(),
		"what": h.StudyDescription.Reveal(), "part": h.SeriesDescription.Reveal(),
		"class": h.SOPClassUID, "syntax": h.TransferSyntax, "modality": h.Modality, "body": h.BodyPart,
	}
}

func TestReadFilesAnObject(t *testing.T) {
	t.Parallel()
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, deflated} {
		data := objectIn(t, syntax, nil)
		kept := bytes.Clone(data)
		record, err := ingest.Read(sinso.Item{Bytes: data, Origin: sinso.OriginGateway})
		if err != nil {
			t.Errorf("%s: %v", syntax, err)
			continue
		}
		if record.Kind != sinso.KindDICOM || record.Origin != sinso.OriginGateway || !bytes.Equal(record.Bytes, kept) {
			t.Errorf("%s: got kind %s, origin %s, or other bytes", syntax, record.Kind, record.Origin)
		}
		want := map[string]string{
			"id": "PHANTOM-0001", "issuer": "SYNTHETIC", "name": "PHANTOM^CHEST", "birth": "19700101", "sex": "O",
			"study": "2.25.2", "series": "2.25.3", "instance": "2.25.1", "date": "20240117", "time": "101500", "accession": "ACC-1",
			"what": "CT chest", "part": "Chest 1.0", "class": "1.2.840.10008.5.1.4.1.1.2", "syntax": syntax, "modality": "CT", "body": "CHEST",
		}
		for key, got := range reveal(record.Header) {
			if got != want[key] {
				t.Errorf("%s: %s: got %q, want %q", syntax, key, got, want[key])
			}
		}
		h := record.Header
		if h.Derived || h.Frames != 1 || h.Rows != 4 || h.Columns != 4 || h.InstanceNumber != 7 {
			t.Errorf("%s: got %+v", syntax, h)
		}
	}
}

// TestAnObjectWithoutUIDsGetsTheSameOnesEveryTime: UUID-derived, from its bytes.
func TestAnObjectWithoutUIDsGetsTheSameOnesEveryTime(t *testing.T) {
	t.Parallel()
	bare := func(id string) []byte {
		return object(t, func(ds *dicom.Dataset) {
			for _, tag := range []dicom.Tag{0x00080018, 0x0020000D, 0x0020000E} {
				ds.Remove(tag)
			}
			ds.SetString(patientID, "LO", id)
		})[132:] // a file that names no instance in its file meta information either: it has none
	}
	strip := func(b []byte) []byte { // what is left begins with group 0008
		at := bytes.Index(b, []byte("\x08\x00\x16\x00UI"))
		return b[at:]
	}
	read := func(b []byte) sinso.Header {
		record, err := ingest.Read(sinso.Item{Bytes: b})
		if err != nil {
			t.Fatal(err)
		}
		return record.Header
	}
	first, again, other := read(strip(bare("A"))), read(strip(bare("A"))), read(strip(bare("B")))
	uid := first.InstanceUID.Reveal()
	if !first.Derived || !strings.HasPrefix(uid, "2.25.") || len(uid) > 64 || first.StudyUID.Reveal() != uid || first.SeriesUID.Reveal() != uid {
		t.Errorf("got %q, study %q, series %q", uid, first.StudyUID.Reveal(), first.SeriesUID.Reveal())
	}
	if again.InstanceUID.Reveal() != uid || other.InstanceUID.Reveal() == uid {
		t.Errorf("again %q, other bytes %q, first %q", again.InstanceUID.Reveal(), other.InstanceUID.Reveal(), uid)
	}
}

// TestWhatIsRefusedSaysWhy shows each reason, with the words that a person reads.
func TestWhatIsRefusedSaysWhy(t *testing.T) {
	t.Parallel()
	whole := object(t, nil)
	packed := objectIn(t, deflated, nil)
	long := strings.Repeat("9", 5000)
	at := bytes.Index(whole, []byte("\x10\x00\x20\x00LO"))
	lie := bytes.Clone(whole)
	lie[at+6], lie[at+7] = 0xFF, 0xFF
	for name, tt := range map[string]struct {
		item   sinso.Item
		reason sinso.Reason
		words  string
		skip   bool
	}{
		"empty":              {sinso.Item{}, ingest.ReasonEmpty, "empty", false},
		"text":               {sinso.Item{Bytes: []byte("Dear doctor,\n")}, ingest.ReasonNotDICOM, "not DICOM", false},
		"cut off in pixels":  {sinso.Item{Bytes: whole[:len(whole)-8]}, ingest.ReasonCutOff, "cut off: element (7FE0,0010) says 32 bytes, 24 are left", false},
		"cut off in a head":  {sinso.Item{Bytes: whole[:at+3]}, ingest.ReasonCutOff, "cut off", false},
		"a lying length":     {sinso.Item{Bytes: lie}, ingest.ReasonCutOff, "(0010,0020) says 65535 bytes", false},
		"deflated, cut off":  {sinso.Item{Bytes: packed[:len(packed)-20]}, ingest.ReasonCutOff, "cut off", false},
		"a zip":              {sinso.Item{Bytes: zipOf(t, entry{name: "x", data: whole})}, ingest.ReasonUnsupported, "unpack it", false},
		"nothing behind":     {sinso.Item{Bytes: append(make([]byte, 128), "DICM"...)}, ingest.ReasonNotInstance, "nothing behind", false},
		"a long Patient ID":  {sinso.Item{Bytes: object(t, func(ds *dicom.Dataset) { ds.SetString(patientID, "LO", long) })}, ingest.ReasonUnsupported, "(0010,0020) has 5000 bytes", false},
		"a long meta UID":    {sinso.Item{Bytes: object(t, func(ds *dicom.Dataset) { ds.SetString(0x00080018, "UI", long) })}, ingest.ReasonUnsupported, "5000 bytes", false},
		"Mac's file":         {sinso.Item{Bytes: []byte("\x00\x05\x16\x07"), Name: sinso.NewPHI("/cd/._IM1")}, ingest.ReasonSystemFile, "no data in it", true},
		"Mac's file in zip":  {sinso.Item{Bytes: []byte("Bud1"), Name: sinso.NewPHI("a.zip!/.DS_Store")}, ingest.ReasonSystemFile, "no data in it", true},
		"Windows's file":     {sinso.Item{Bytes: []byte("x"), Name: sinso.NewPHI(`a.zip!/dir\Thumbs.db`)}, ingest.ReasonSystemFile, "no data in it", true},
		"an empty one":       {sinso.Item{Name: sinso.NewPHI("/cd/autorun.inf")}, ingest.ReasonSystemFile, "no data in it", true},
		"cut off, its name":  {sinso.Item{Bytes: whole[:len(whole)-8], Name: sinso.NewPHI("/cd/._IM1")}, ingest.ReasonCutOff, "cut off", false},
		"sixty-four in each": {sinso.Item{Bytes: nested(70)}, ingest.ReasonUnsupported, "", false},
	} {
		_, err := ingest.Read(tt.item)
		var refusal *ingest.RefusalError
		if !errors.As(err, &refusal) {
			t.Errorf("%s: got %v, want a refusal", name, err)
			continue
		}
		if refusal.Reason != tt.reason || refusal.Skip != tt.skip || !strings.Contains(refusal.Detail, tt.words) {
			t.Errorf("%s: got %v (skip %v), want %s, %q", name, refusal, refusal.Skip, tt.reason, tt.words)
		}
		checkWords(t, name, refusal)
	}
	if _, err := ingest.Read(sinso.Item{Bytes: whole, Name: sinso.NewPHI("desktop.ini")}); err != nil {
		t.Errorf("an object with the name of a system file: got %v, want it taken", err)
	}
}

// nested returns sequences in sequences.
func nested(depth int) []byte {
	b := append(make([]byte, 128), "DICM\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\x00"...)
	for range depth {
		b = append(b, "\x40\x00\x75\x02SQ\x00\x00\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF"...)
	}
	return b
}

// checkWords: a refusal is of the class invalid, in one line of words that quotes nothing
// and shows nothing of the program.
func checkWords(t *testing.T, name string, r *ingest.RefusalError) {
	t.Helper()
	if !errors.Is(r, sinso.ErrInvalid) || len(r.Detail) < 15 || len(r.Detail) > 200 || !strings.Contains(r.Detail, " ") {
		t.Errorf("%s: no words for a person: %q", name, r.Detail)
	}
	for _, inside := range []string{"\n", "%!", "dicom:", "flate:", "zip:", ": corrupt", ": invalid", ": unsupported", "PHANTOM", "9999"} {
		if strings.Contains(r.Detail, inside) {
			t.Errorf("%s: the reason says %q: %q", name, inside, r.Detail)
		}
	}
}

// TestHostileNumbersAndTextAreMadeHarmless: what is filed is text, and fits.
func TestHostileNumbersAndTextAreMadeHarmless(t *testing.T) {
	t.Parallel()
	data := object(t, func(ds *dicom.Dataset) {
		ds.SetString(0x00280008, "IS", "-5")
		ds.SetString(0x00200013, "IS", "99999999999")
		ds.Set(dicom.DataElement{Tag: 0x00280010, VR: "SS", Value: []byte{0xFF, 0xFF}})
		ds.Set(dicom.DataElement{Tag: 0x00080060, VR: "CS", Value: []byte("C\xFF")})
		ds.Set(dicom.DataElement{Tag: patientID, VR: "LO", Value: []byte("A\xC3(B ")})
	})
	record, err := ingest.Read(sinso.Item{Bytes: data})
	if err != nil {
		t.Fatal(err)
	}
	h := record.Header
	if h.Frames != 1 || h.InstanceNumber != 0 || h.Rows != 0 {
		t.Errorf("got %d frames, number %d, %d rows", h.Frames, h.InstanceNumber, h.Rows)
	}
	for key, text := range reveal(h) {
		if !utf8.ValidString(text) {
			t.Errorf("%s is no UTF-8: %q", key, text)
		}
	}
}

const pydicomData = "/usr/lib/python3/dist-packages/pydicom/data"

// pydicomRefused are the files of pydicom's folders that Read refuses, with the
// reason. pydicom reads the first three.
var pydicomRefused = map[string]sinso.Reason{
	"test_files/MR_truncated.dcm":                ingest.ReasonCutOff,   // the pixel data is cut off
	"test_files/rtplan_truncated.dcm":            ingest.ReasonCutOff,   // a sequence is cut off
	"test_files/dicomdirtests/DICOMDIR-nooffset": ingest.ReasonCutOff,   // the last item is 24 bytes shorter than it says
	"test_files/no_meta.dcm":                     ingest.ReasonNotDICOM, // a stray byte before the data set
	// No DICOM at all.
	"test_files/dicomdirtests/TINY_ALPHA/README": ingest.ReasonNotDICOM,
	"test_files/dicomdirtests/README.txt":        ingest.ReasonNotDICOM,
	"test_files/README.txt":                      ingest.ReasonNotDICOM,
	"charset_files/FileInfo.txt":                 ingest.ReasonNotDICOM,
	"test_files/rtplan.dump":                     ingest.ReasonNotDICOM,
	"test_files/rtstruct.dump":                   ingest.ReasonNotDICOM,
	"test_files/test1.json":                      ingest.ReasonNotDICOM,
	"test_files/test_PN.json":                    ingest.ReasonNotDICOM,
	"test_files/zipMR.gz":                        ingest.ReasonNotDICOM,
}

// TestPydicomsFilesAreTakenOrRefusedWithAReason walks pydicom's own test files, of
// all makers and with all faults that its authors met.
func TestPydicomsFilesAreTakenOrRefusedWithAReason(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads the files of pydicom, which -short leaves out")
	}
	roots := []string{filepath.Join(pydicomData, "test_files"), filepath.Join(pydicomData, "charset_files")}
	taken, refused, skipped := 0, map[string]sinso.Reason{}, 0
	err := ingest.Walk(t.Context(), roots, func(found ingest.Found) error {
		name := strings.TrimPrefix(found.Item.Name.Reveal(), pydicomData+"/")
		if found.Refusal != nil {
			t.Errorf("%s: %v", name, found.Refusal)
		}
		record, err := ingest.Read(found.Item)
		var refusal *ingest.RefusalError
		switch {
		case err == nil:
			taken++
			checkRecord(t, name, record)
		case !errors.As(err, &refusal):
			t.Errorf("%s: %v is no refusal", name, err)
		case refusal.Skip:
			skipped++
			if refusal.Reason != ingest.ReasonDirectory {
				t.Errorf("%s: skipped: %v", name, refusal)
			}
		default:
			checkWords(t, name, refusal)
			refused[name] = refusal.Reason
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v: install the Debian package python3-pydicom", err)
	}
	if taken < 160 || skipped < 5 {
		t.Errorf("%d taken, %d skipped: install the Debian package python3-pydicom", taken, skipped)
	}
	for name, reason := range pydicomRefused {
		if refused[name] != reason {
			t.Errorf("%s: got %q, want %q", name, refused[name], reason)
		}
	}
	for name, reason := range refused {
		if _, known := pydicomRefused[name]; !known {
			t.Errorf("%s: refused: %s", name, reason)
		}
	}
}

func checkRecord(t *testing.T, name string, record sinso.Record) {
	t.Helper()
	h := record.Header
	if h.InstanceUID.Reveal() == "" || h.StudyUID.Reveal() == "" || h.SeriesUID.Reveal() == "" {
		t.Errorf("%s: an instance without a UID was taken", name)
	}
	if h.Frames < 0 || h.Rows < 0 || h.Columns < 0 || h.TransferSyntax == "" {
		t.Errorf("%s: %d frames of %d × %d, syntax %q", name, h.Frames, h.Rows, h.Columns, h.TransferSyntax)
	}
	for key, text := range reveal(h) {
		if !utf8.ValidString(text) || len(text) > 3*4096 {
			t.Errorf("%s: %s is no text, or too long", name, key)
		}
	}
}

// FuzzRead reads any bytes: they are taken as they are, or refused with a reason.
func FuzzRead(f *testing.F) {
	f.Add(object(f, nil))
	f.Add(objectIn(f, dicom.ImplicitLittleEndian, nil)[132:])
	f.Add(objectIn(f, deflated, nil))
	f.Add(nested(3))
	seeds, err := filepath.Glob(filepath.Join(pydicomData, "charset_files", "*.dcm")) // fewer seeds where they are not there
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range seeds {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kept := bytes.Clone(data)
		record, err := ingest.Read(sinso.Item{Bytes: data})
		if !bytes.Equal(data, kept) {
			t.Error("the bytes were changed")
		}
		var refusal *ingest.RefusalError
		switch {
		case err == nil:
			checkRecord(t, "fuzz", record)
		case !errors.As(err, &refusal) || refusal.Detail == "" || refusal.Reason == "":
			t.Errorf("got %v", err)
		}
	})
}
