package ingest_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
)

func sequence(tag dicom.Tag, items ...dicom.Dataset) dicom.DataElement {
	return dicom.DataElement{Tag: tag, VR: dicom.VRSQ, Items: items}
}

func dataset(values map[dicom.Tag]string, sequences ...dicom.DataElement) (ds dicom.Dataset) {
	for tag, value := range values {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], value)
	}
	for _, s := range sequences {
		ds.Set(s)
	}
	return ds
}

// noteIn is a key object document of study 2.25.2 that names objects of a study.
func noteIn(t testing.TB, syntax, code, scheme, study string, uids ...string) []byte {
	t.Helper()
	return objectIn(t, syntax, func(ds *dicom.Dataset) {
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.88.59")
		ds.Remove(pixelData)
		var objects []dicom.Dataset
		for _, uid := range uids {
			objects = append(objects, dataset(map[dicom.Tag]string{0x00081150: "1.2.840.10008.5.1.4.1.1.2", 0x00081155: uid}))
		}
		ds.Set(sequence(0x0040A043, dataset(map[dicom.Tag]string{0x00080100: code, 0x00080102: scheme, 0x00080104: "Rejected"})))
		ds.Set(sequence(0x0040A375, dataset(map[dicom.Tag]string{0x0020000D: study},
			sequence(0x00081115, dataset(map[dicom.Tag]string{0x0020000E: "2.25.3"}, sequence(0x00081199, objects...))))))
	})
}

func readNote(t testing.TB, data []byte) (*ingest.Note, error) {
	t.Helper()
	record, err := ingest.Read(sinso.Item{Bytes: data})
	if err != nil {
		t.Fatal(err)
	}
	return ingest.ReadNote(record)
}

// TestNoteNamesWhatItRejects follows PS3.16 CID 7011 and IHE's four titles, in every
// way of writing a data set.
func TestNoteNamesWhatItRejects(t *testing.T) {
	t.Parallel()
	for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ImplicitLittleEndian, dicom.ExplicitBigEndian, deflated} {
		for code, want := range map[string]ingest.Note{
			"113001": {Reason: ingest.ReasonQuality}, "113037": {Reason: ingest.ReasonSafety, Hidden: true},
			"113038": {Reason: ingest.ReasonWrongWorklist, Hidden: true}, "113039": {Reason: ingest.ReasonRetention, Hidden: true},
		} {
			got, err := readNote(t, noteIn(t, syntax, code, "DCM", "2.25.2", "2.25.11", "2.25.12", "2.25.11", "2.25.1", "", "x", strings.Repeat("1", 65)))
			if err != nil || got == nil || got.Reason != want.Reason || got.Hidden != want.Hidden || !slices.Equal(got.UIDs, []string{"2.25.11", "2.25.12"}) {
				t.Errorf("%s, %s: got %+v, %v", syntax, code, got, err)
			}
		}
	}
}

func TestWhatIsNoNote(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"an image": object(t, nil), "of interest": noteIn(t, deflated, "113000", "DCM", "2.25.2", "2.25.11"),
		"another scheme": noteIn(t, deflated, "113001", "99LOCAL", "2.25.2", "2.25.11"),
	} {
		if got, err := readNote(t, data); got != nil || err != nil {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if got, err := readNote(t, noteIn(t, deflated, "113001", "DCM", "2.25.404", "2.25.11")); err != nil || got == nil || len(got.UIDs) != 0 {
		t.Errorf("of another study: got %+v, %v", got, err)
	}
}

func TestNoteIsBounded(t *testing.T) {
	t.Parallel()
	uids := make([]string, 50_001)
	for i := range uids {
		uids[i] = fmt.Sprintf("2.25.9%d", i)
	}
	if got, err := readNote(t, noteIn(t, dicom.ImplicitLittleEndian, "113001", "DCM", "2.25.2", uids[1:]...)); err != nil || len(got.UIDs) != 50_000 {
		t.Errorf("as many as may be: %v", err)
	}
	_, err := readNote(t, noteIn(t, dicom.ImplicitLittleEndian, "113001", "DCM", "2.25.2", uids...))
	var refusal *ingest.RefusalError
	if !errors.As(err, &refusal) || refusal.Reason != ingest.ReasonUnsupported {
		t.Errorf("one more: %v", err)
	}
}

// TestHostileNotes changes notes anywhere: what is still read names only UIDs.
func TestHostileNotes(t *testing.T) {
	t.Parallel()
	whole := noteIn(t, dicom.ImplicitLittleEndian, "113001", "DCM", "2.25.2", "2.25.11", "2.25.12")
	random, notes := rand.New(rand.NewPCG(1, 2)), 0
	for range 4000 {
		data := slices.Clone(whole)
		for range 1 + random.IntN(3) {
			data[132+random.IntN(len(data)-132)] = byte(random.IntN(256))
		}
		if random.IntN(4) == 0 {
			data = data[:random.IntN(len(data))]
		}
		record, err := ingest.Read(sinso.Item{Bytes: data})
		if err != nil {
			continue
		}
		note, err := ingest.ReadNote(record)
		if err != nil || note == nil {
			continue
		}
		notes++
		for _, uid := range note.UIDs {
			if uid == "" || len(uid) > 64 || strings.Trim(uid, "0123456789.") != "" {
				t.Fatalf("named %q", uid)
			}
		}
	}
	if notes < 100 {
		t.Errorf("%d notes were read only", notes)
	}
}
