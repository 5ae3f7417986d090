package way

import (
	"bytes"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// withPixels gives an object pixel data of so many bytes.
func withPixels(n int) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROW, Value: bytes.Repeat([]byte{1, 2}, n/2)})
	}
}

// TestManyDoorsBringOneObject takes the same object from many doors at once, of a
// person whom nobody knows yet: one is taken, all others are told that it is there,
// and there is one person.
func TestManyDoorsBringOneObject(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	data := object(t, "ADA", "1", 1, nil)
	const doors = 12
	outcomes := make([]sinso.Outcome, doors)
	var all sync.WaitGroup
	for i := range doors {
		all.Go(func() { outcomes[i] = s.take(data).Outcome })
	}
	all.Wait()
	counts := map[sinso.Outcome]int{}
	for _, outcome := range outcomes {
		counts[outcome]++
	}
	if counts[sinso.OutcomeTaken] != 1 || counts[sinso.OutcomeDuplicate] != doors-1 {
		t.Errorf("got %v, want one taken and %d duplicates", counts, doors-1)
	}
	if persons := must[[]sinso.PersonRow](t)(s.Persons(t.Context())); len(persons) != 1 {
		t.Errorf("%d persons, want one", len(persons))
	}
	s.want("after all", uidOf("1", 1))
	s.rebuilt()
}

// TestOtherBytesUnderOneUIDAreAConflict takes two objects with one SOP Instance UID at
// once: both are kept, one is shown.
func TestOtherBytesUnderOneUIDAreAConflict(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	receipts := make([]sinso.Receipt, 2)
	var all sync.WaitGroup
	for i := range receipts {
		data := object(t, "ADA", "1", 1, withPixels(100*(i+1)))
		all.Go(func() { receipts[i] = s.take(data) })
	}
	all.Wait()
	if a, b := receipts[0].Outcome, receipts[1].Outcome; a == b || a != sinso.OutcomeConflict && b != sinso.OutcomeConflict {
		t.Errorf("got %s and %s, want one conflict", a, b)
	}
	if rows := must[[]sinso.InstanceRow](t)(s.InstancesByUID(t.Context(), uidOf("1", 1))); len(rows) != 2 {
		t.Errorf("%d objects are kept, want 2", len(rows))
	}
	s.want("both came", uidOf("1", 1))
	s.rebuilt()
}

// TestDataSetAloneIsTheObject takes an object, and its data set again behind another
// file header: over the network that is the same object, as a file it is not.
func TestDataSetAloneIsTheObject(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	data := object(t, "ADA", "1", 1, nil)
	other := bytes.Clone(data)
	other[0] = 1 // of the preamble
	s.take(data)
	again := must[sinso.Receipt](t)(s.Take(t.Context(), sinso.Item{Bytes: other}, ImportOptions{Actor: "test", DataSet: true}))
	if again.Outcome != sinso.OutcomeDuplicate {
		t.Errorf("over the network: got %s, want a duplicate", again.Outcome)
	}
	if kept := s.take(other); kept.Outcome != sinso.OutcomeConflict {
		t.Errorf("as a file: got %s, want a conflict", kept.Outcome)
	}
}

// TestArrivalSealsWhatCame shows objects to an arrival as they come: with pixel data the
// header tells how long they are, without, with a lie, and too short a beginning it
// does not; each is taken, and comes back as it came.
func TestArrivalSealsWhatCame(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	lying := object(t, "ADA", "1", 4, withPixels(300_000))
	at := bytes.LastIndex(lying, []byte("OW\x00\x00")) + 4
	longer := append(bytes.Clone(lying), lying[len(lying)-1000:]...)
	copy(longer[at:], lying[at:at+4]) // more comes than its pixel data announce
	trailing := object(t, "ADA", "1", 5, func(ds *dicom.Dataset) {
		withPixels(300_000)(ds)
		ds.SetString(0xFFFCFFFC, dicom.VROB, "padding!")
	})
	for name, data := range map[string][]byte{
		"pixels":                    object(t, "ADA", "1", 1, withPixels(525_000)),
		"large":                     object(t, "ADA", "1", 2, withPixels(2_500_000)),
		"no pixels":                 object(t, "ADA", "1", 3, nil),
		"something behind pixels":   trailing,
		"more than the header says": longer,
	} {
		arrival := s.Arrive(0)
		for n := 0; n < len(data); {
			n = min(len(data), n+50_000)
			arrival.Arrived(data[:n])
		}
		receipt, err := s.Take(t.Context(), sinso.Item{Bytes: data}, ImportOptions{Actor: "test", Arrival: arrival})
		if name == "more than the header says" {
			if err == nil {
				t.Errorf("%s: it was taken", name)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		row := must[sinso.InstanceRow](t)(s.Instance(t.Context(), receipt.Instance))
		if got := must[[]byte](t)(s.Read(t.Context(), row)); !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes came back, want the %d that came", name, len(got), len(data))
		}
	}
	s.rebuilt()
}

// TestOneStudyThatCannotBeListedStopsNoOther lists a study with one of a person whose
// key was destroyed meanwhile.
func TestOneStudyThatCannotBeListedStopsNoOther(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	gone, kept := s.take(object(t, "ADA", "1", 1, nil)), s.take(object(t, "BOB", "2", 1, nil))
	if err := s.Keys.Destroy(t.Context(), sinso.PersonKey(gone.Person)); err != nil {
		t.Fatal(err)
	}
	var failures int
	done := s.listAll(t.Context(), []listing{{gone.Study, "test", ""}, {kept.Study, "test", ""}}, func(error) { failures++ })
	if len(done) != 1 || done[0] != kept.Study || failures != 1 {
		t.Errorf("listed %v with %d failures, want the study of the other and one", done, failures)
	}
	if row := must[sinso.StudyRow](t)(s.Study(t.Context(), kept.Study)); row.Listed != 1 {
		t.Errorf("the study lists %d instances, want 1", row.Listed)
	}
}
