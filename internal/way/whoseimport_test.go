package way

import (
	"errors"
	"slices"
	"testing"

	"sinso.dev/sinso"
)

// askingImport imports files as who sits before a terminal does, with what they said.
func (s scene) askingImport(owner sinso.PersonID, said []Said, files ...[]byte) (ImportResult, []sinso.AskedPatient) {
	s.t.Helper()
	r, asks, err := s.ImportAsking(s.t.Context(), sourceOf(files...), ImportOptions{Actor: "test", Person: owner}, said)
	if err != nil {
		s.t.Fatal(err)
	}
	return r, asks
}

// TestImportAsksBeforeItFiles: nothing is filed until each patient who is not known has an
// answer, and what comes then is where they say.
func TestImportAsksBeforeItFiles(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	me := s.person("ME")
	mine, other := object(t, "ADA", "1", 0, patient("17", "H", "LOVE^ADA", "")), object(t, "JOE", "2", 1, patient("18", "H", "ROE^JOE", ""))
	r, asks := s.askingImport(me, nil, mine, other)
	if len(asks) != 2 || r.Files != 0 || len(must[[]sinso.StudyRow](t)(s.Studies(t.Context(), ""))) != 0 {
		t.Fatalf("before an answer: %+v, asked %+v", r, asks)
	}
	said := []Said{{Patient: asks[0].Key, As: SaidPerson, Person: me}}
	if r, asks = s.askingImport(me, said, mine, other); len(asks) != 1 || r.Files != 0 {
		t.Fatalf("after one answer: %+v, asked %+v", r, asks)
	}
	r, asks = s.askingImport(me, []Said{{Patient: asks[0].Key, As: SaidKept}}, mine, other)
	if len(asks) != 0 || r.Instances != 1 || r.Quarantined != 1 || r.Reasons[ReasonKept] != 1 || r.Patients != 1 {
		t.Errorf("after both: %+v, asked %+v", r, asks)
	}
	if r, asks = s.askingImport(me, nil, mine); len(asks) != 0 || r.Duplicates != 1 {
		t.Errorf("again: %+v, asked %+v", r, asks)
	}
	if studies := must[[]sinso.StudyRow](t)(s.Studies(t.Context(), "")); len(studies) != 1 || studies[0].Person != me {
		t.Errorf("filed %+v", studies)
	}
	s.rebuilt()
}

// TestImportOfTheArchiveAsksAboutConflicts: the identity files what is new; another name of
// it is the same person, another one, or set aside.
func TestImportOfTheArchiveAsksAboutConflicts(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	first, asks := s.askingImport("", nil, object(t, "ADA", "1", 0, patient("17", "H", "LOVE^ADA", "")))
	if len(asks) != 0 || first.Instances != 1 {
		t.Fatalf("a new patient: %+v, asked %+v", first, asks)
	}
	ada := must[sinso.StudyRow](t)(s.Study(t.Context(), first.Studies[0])).Person
	for i, tt := range []struct {
		as   SaidAs
		same bool
	}{{SaidPerson, true}, {SaidAnother, false}, {SaidUnknown, false}} {
		file := object(t, "ADA", "2", i+1, patient("17", "H", []string{"KING^ADA", "ROE^JOE", "DOE^J"}[i], ""))
		_, asks := s.askingImport("", nil, file)
		if len(asks) != 1 || asks[0].Why != sinso.AsksConflict || asks[0].Person != ada {
			t.Fatalf("%s: asked %+v", tt.as, asks)
		}
		said := Said{Patient: asks[0].Key, As: tt.as}
		if tt.as == SaidPerson {
			said.Person = ada
		}
		r, asks := s.askingImport("", []Said{said}, file)
		if len(asks) != 0 || (tt.as == SaidUnknown) != (r.Quarantined == 1) {
			t.Errorf("%s: %+v, asked %+v", tt.as, r, asks)
		}
		for _, id := range r.Studies {
			if got := must[sinso.StudyRow](t)(s.Study(t.Context(), id)).Person; (got == ada) != tt.same {
				t.Errorf("%s: filed under %s, ADA is %s", tt.as, got, ada)
			}
		}
	}
	s.rebuilt()
}

// TestWhatIsSaidOfAnImport: of a person's files another one's are set aside, so that the
// person's later uploads go to nobody else.
func TestWhatIsSaidOfAnImport(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	me, you := s.person("ME"), s.person("YOU")
	file := object(t, "ADA", "1", 0, patient("17", "H", "LOVE^ADA", ""))
	_, asks := s.askingImport(me, nil, file)
	for _, bad := range []Said{
		{As: SaidPerson, Person: you}, {As: SaidPerson}, {As: SaidAnother}, {As: SaidKept, Person: me}, {As: "mine", Person: me}, {},
	} {
		bad.Patient = asks[0].Key
		if _, _, err := s.ImportAsking(t.Context(), sourceOf(file), ImportOptions{Actor: "test", Person: me}, []Said{bad}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%+v: got %v, want ErrInvalid", bad, err)
		}
	}
	twice := []Said{{Patient: asks[0].Key, As: SaidKept}, {Patient: asks[0].Key, As: SaidUnknown}}
	if _, _, err := s.ImportAsking(t.Context(), sourceOf(file), ImportOptions{Actor: "test", Person: me}, twice); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("two answers about one patient: %v", err)
	}
	_, asks = s.askingImport(me, []Said{{Patient: "q_other", As: SaidUnknown}}, file)
	if len(asks) != 1 || len(must[[]sinso.PatientAnswered](t)(s.PatientAnswers(t.Context(), asks[0].Key))) != 0 {
		t.Errorf("somebody was heard: %+v", asks)
	}
}

// TestImportCountsPatients: each once, whatever became of their files, but of what is refused
// nobody.
func TestImportCountsPatients(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	files := [][]byte{
		object(t, "ADA", "1", 0, patient("17", "H", "LOVE^ADA", "")), object(t, "ADA", "1", 1, patient("17", "H", "LOVE^ADA", "")),
		object(t, "JOE", "2", 2, patient("18", "H", "ROE^JOE", "")), []byte("no DICOM"),
	}
	me := s.person("ME")
	for _, owner := range []sinso.PersonID{me, me, ""} {
		r := must[ImportResult](t)(s.Import(t.Context(), sourceOf(slices.Concat(files, files[:1])...), ImportOptions{Actor: "test", Person: owner}))
		if r.Patients != 2 {
			t.Errorf("of %q: %d patients, want 2", owner, r.Patients)
		}
	}
}
