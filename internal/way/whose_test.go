package way

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
)

// patient gives an object a patient identity, in UTF-8.
func patient(id, issuer, name, birth string) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		ds.SetString(0x00080005, dicom.VRCS, "ISO_IR 192")
		for tag, value := range map[dicom.Tag]string{0x00100020: id, 0x00100021: issuer, 0x00100010: name, 0x00100030: birth} {
			attribute, _ := dicom.Lookup(tag)
			ds.SetString(tag, attribute.VRs[0], value)
		}
	}
}

func sourceOf(files ...[]byte) Source {
	return func(_ context.Context, fn func(ingest.Found) error) error {
		for _, file := range files {
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: file}}); err != nil {
				return err
			}
		}
		return nil
	}
}

// whom surveys files as an upload that asks, of an owner or of who works the archive.
func (s scene) whom(owner sinso.PersonID, files ...[]byte) []sinso.AskedPatient {
	s.t.Helper()
	p := must[Patients](s.t)(s.PatientsOf(s.t.Context(), sourceOf(files...), ImportOptions{Actor: "test", Person: owner, Ask: true}))
	p.Done()
	return p.List
}

// fileAsking imports them so.
func (s scene) fileAsking(owner sinso.PersonID, files ...[]byte) ImportResult {
	s.t.Helper()
	return must[ImportResult](s.t)(s.Import(s.t.Context(), sourceOf(files...), ImportOptions{Actor: "test", Person: owner, Ask: true}))
}

// say answers for a patient of a survey.
func (s scene) say(owner sinso.PersonID, p sinso.AskedPatient, person sinso.PersonID, aside sinso.Reason) sinso.PatientAnswered {
	s.t.Helper()
	return must[sinso.PatientAnswered](s.t)(s.AnswerPatient(s.t.Context(), sinso.PatientAnswered{
		Patient: p.Key, For: owner, Match: p.Match, Name: p.Name.Reveal(), Birth: p.Birth.Reveal(), Person: person, Aside: aside,
	}, "test"))
}

func (s scene) person(label string) sinso.PersonID {
	s.t.Helper()
	return must[sinso.PersonID](s.t)(s.CreatePerson(s.t.Context(), "test", "", label))
}

// TestOwnerIsAskedOnceWhoseItIs: nothing is filed before, an answer files what comes after
// it, and the next object of that patient needs none.
func TestOwnerIsAskedOnceWhoseItIs(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	owner := s.person("ME")
	disc := func(n int) []byte { return object(t, "ADA", "1", n, patient("17", "H", "LOVE^ADA", "19151210")) }
	list := s.whom(owner, disc(0), disc(1))
	if len(list) != 1 || list[0].Why != sinso.AsksNew || list[0].Objects != 2 || list[0].By != sinso.MatchID || list[0].Person != "" ||
		len(list[0].Studies) != 1 || list[0].Studies[0].Objects != 2 || !slices.Equal(list[0].Studies[0].Modalities, []string{"CT"}) {
		t.Fatalf("asked %+v", list)
	}
	if got := s.fileAsking(owner, disc(0)); got.Quarantined != 1 || got.Reasons[ReasonUnasked] != 1 {
		t.Errorf("filed before the answer: %+v", got)
	}
	s.say(owner, list[0], owner, "")
	if got := s.fileAsking(owner, disc(0), disc(1)); got.Instances != 2 {
		t.Errorf("after the answer: %+v", got)
	}
	later := s.whom(owner, object(t, "ADA", "2", 5, patient("17", "H", "Love^Ada^", "")))
	if len(later) != 1 || later[0].Why != "" || later[0].Person != owner || !later[0].Answered {
		t.Errorf("the next disc: %+v", later)
	}
	if studies := must[[]sinso.StudyRow](t)(s.Studies(t.Context(), owner)); len(studies) != 1 {
		t.Errorf("%d studies, want 1", len(studies))
	}
	s.rebuilt()
}

// TestNobodyIsMergedSilently is whom an upload names, and what of it is asked.
func TestNobodyIsMergedSilently(t *testing.T) {
	t.Parallel()
	wang := patient("17", "H", "Wang^XiaoDong=王^小东", "19700101")
	for name, tt := range map[string]struct {
		here  func(*dicom.Dataset) // what is filed by its identity; nil: nothing
		comes []func(*dicom.Dataset)
		want  []string // of each patient: by, why, what differs
	}{
		"new":                      {nil, []func(*dicom.Dataset){wang}, []string{"id"}},
		"the same":                 {wang, []func(*dicom.Dataset){wang}, []string{"id"}},
		"another issuer":           {wang, []func(*dicom.Dataset){patient("17", "I", "ROE^RICHARD", "19800101")}, []string{"id"}},
		"another name":             {wang, []func(*dicom.Dataset){patient("17", "H", "ROE^RICHARD", "19700101")}, []string{"id conflict name"}},
		"another birth date":       {wang, []func(*dicom.Dataset){patient("17", "H", "Wang^XiaoDong=王^小东", "19700102")}, []string{"id conflict birth"}},
		"other characters":         {wang, []func(*dicom.Dataset){patient("17", "H", "Wang^XiaoDong=王^小冬", "19700101")}, []string{"id conflict name"}},
		"both":                     {wang, []func(*dicom.Dataset){patient("17", "H", "ROE^R", "19700102")}, []string{"id conflict name birth"}},
		"without characters":       {wang, []func(*dicom.Dataset){patient("17", "H", "WANG^XIAODONG", "19700101")}, []string{"id"}},
		"without name or date":     {wang, []func(*dicom.Dataset){patient("17", "H", "", "")}, []string{"id"}},
		"two of one new number":    {nil, []func(*dicom.Dataset){wang, patient("17", "H", "ROE^RICHARD", "")}, []string{"id conflict name", "id conflict name"}},
		"several":                  {nil, []func(*dicom.Dataset){wang, patient("18", "H", "ROE^RICHARD", ""), patient("", "", "DOE^J", "19700101")}, []string{"id", "id", "name"}},
		"no Patient ID":            {patient("", "", "DOE^J", "19700101"), []func(*dicom.Dataset){patient("", "", "DOE^J", "19700101")}, []string{"name"}},
		"no Patient ID, no date":   {patient("", "", "DOE^J", "19700101"), []func(*dicom.Dataset){patient("", "", "DOE^J", "")}, []string{"study"}},
		"nothing at all":           {nil, []func(*dicom.Dataset){patient("", "", "", "")}, []string{"study"}},
		"one study, two names":     {patient("", "", "DOE^J", ""), []func(*dicom.Dataset){patient("", "", "ROE^R", "")}, []string{"study conflict name"}},
		"the same in Latin-1":      {patient("17", "H", "MÜLLER^EVA", ""), []func(*dicom.Dataset){latin1("17", "H", "M\xdcLLER^EVA")}, []string{"id"}},
		"another in Latin-1":       {patient("17", "H", "MÜLLER^EVA", ""), []func(*dicom.Dataset){latin1("17", "H", "M\xc4LLER^EVA")}, []string{"id conflict name"}},
		"letters that turn around": {wang, []func(*dicom.Dataset){patient("17", "H", "\u202eWang^XiaoDong=王^小东", "19700101")}, []string{"id conflict name"}},
		"a huge name":              {wang, []func(*dicom.Dataset){patient("17", "H", strings.Repeat("王", 1300), "19700101")}, []string{"id conflict name"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			if tt.here != nil {
				s.take(object(t, "", "1", 0, tt.here))
			}
			var files [][]byte
			for i, edit := range tt.comes {
				files = append(files, object(t, "", "1", 10+i, edit))
			}
			var got []string
			asks := 0
			for _, p := range s.whom("", files...) {
				line := append([]string{string(p.By), string(p.Why)}, p.Differs...)
				got = append(got, strings.Join(slices.DeleteFunc(line, func(part string) bool { return part == "" }), " "))
				if p.Why != "" {
					asks++
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			before := len(must[[]sinso.StudyRow](t)(s.Studies(t.Context(), "")))
			if asks > 0 && tt.here != nil { // what is asked is not filed
				if result := s.fileAsking("", files...); result.Quarantined != asks || len(must[[]sinso.StudyRow](t)(s.Studies(t.Context(), ""))) != before {
					t.Errorf("filed unasked: %+v", result)
				}
			}
		})
	}
}

// TestAnswerHoldsForWhatItWasGivenFor: of files without a name nothing follows for one with a
// name, whoever sent them; and who is set aside under a number vouches for nobody.
func TestAnswerHoldsForWhatItWasGivenFor(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	owner := s.person("ME")
	nameless := object(t, "", "1", 0, patient("17", "", "", ""))
	s.say(owner, s.whom(owner, nameless)[0], owner, "")
	s.fileAsking(owner, nameless)
	for name, tt := range map[string]struct {
		edit func(*dicom.Dataset)
		asks sinso.PatientQuestion
	}{
		"without a name": {patient("17", "", "", "19700101"), ""},
		"with a name":    {patient("17", "", "ROE^RICHARD", ""), sinso.AsksNew},
	} {
		if p := s.whom(owner, object(t, "", "2", 1, tt.edit))[0]; p.Why != tt.asks {
			t.Errorf("%s: %+v, want %q", name, p, tt.asks)
		}
	}
	aside := object(t, "", "3", 0, patient("18", "", "DOE^J", ""))
	s.say(owner, s.whom(owner, aside)[0], "", ReasonUnknown)
	if p := s.whom(owner, object(t, "", "3", 1, patient("18", "", "ROE^R", "")))[0]; p.Why != sinso.AsksNew || p.Person != "" {
		t.Errorf("another of that number: %+v", p)
	}
	ideographic := object(t, "", "3", 2, patient("18", "", "=王^小东", ""))
	if p := s.whom(owner, ideographic)[0]; p.Why != sinso.AsksNew {
		t.Errorf("in other letters: %+v", p)
	}
}

// latin1 names a patient in ISO_IR 100.
func latin1(id, issuer, name string) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		patient(id, issuer, "", "")(ds)
		ds.SetString(0x00080005, dicom.VRCS, "ISO_IR 100")
		ds.Set(dicom.DataElement{Tag: 0x00100010, VR: dicom.VRPN, Value: []byte(name)})
	}
}

// TestConflictIsFiledAsSomebodySays: under the person of that number, under another, or
// under nobody; another person's studies are their own though they share a number.
func TestConflictIsFiledAsSomebodySays(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	first := s.take(object(t, "", "1", 0, patient("17", "H", "DOE^JANE", "19700101")))
	maiden := object(t, "", "1", 1, patient("17", "H", "ROE^JANE", "19700101"))
	p := s.whom("", maiden)[0]
	if p.Person != first.Person {
		t.Errorf("the number is of %q, want %q", p.Person, first.Person)
	}
	s.say("", p, first.Person, "")
	if got := s.fileAsking("", maiden); got.Instances != 1 || got.Studies[0] != first.Study {
		t.Errorf("the same person: %+v, want study %s", got, first.Study)
	}
	son := object(t, "", "1", 2, patient("17", "H", "DOE^JACK", "19990101"))
	said := s.say("", s.whom("", son)[0], "", "")
	if got := s.fileAsking("", son); said.Person == first.Person || got.Instances != 1 || got.Studies[0] == first.Study {
		t.Errorf("another person: %+v, %+v", said, got)
	}
	odd := object(t, "", "1", 3, patient("17", "H", "ODD^ODD", ""))
	aside := s.say("", s.whom("", odd)[0], "", ReasonUnknown)
	if got := s.fileAsking("", odd); got.Reasons[ReasonUnknown] != 1 {
		t.Errorf("set aside: %+v", got)
	}
	filed, refused, err := s.TakeBack(t.Context(), aside.Patient, ImportOptions{Actor: "test", Person: first.Person})
	if filed != 1 || refused != 0 || err != nil {
		t.Errorf("taken back: %d, %d, %v", filed, refused, err)
	}
	s.rebuilt()
}

// TestRetryWithoutAPersonMergesNobody: what is set aside in a conflict stays aside until a
// person is named; what an owner set aside may go to whom its identity names.
func TestRetryWithoutAPersonMergesNobody(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	here := s.take(object(t, "", "1", 0, patient("17", "H", "DOE^JANE", "")))
	owner := s.person("ME")
	odd, mothers := object(t, "", "1", 3, patient("17", "H", "ROE^R", "")), object(t, "", "4", 3, patient("18", "H", "ROE^M", ""))
	s.say("", s.whom("", odd)[0], "", ReasonUnknown)
	s.fileAsking("", odd)
	s.say(owner, s.whom(owner, mothers)[0], "", ReasonKept)
	s.fileAsking(owner, mothers)
	filed := map[sinso.Reason]sinso.PersonID{}
	for _, row := range must[[]sinso.QuarantineRow](t)(s.Quarantine(ctx)) {
		receipt, err := s.Retry(ctx, row.CID, ImportOptions{Actor: "test"})
		if want := row.Reason == ReasonUnknown; (err != nil) != want {
			t.Errorf("%s: %v", row.Reason, err)
		}
		filed[row.Reason] = receipt.Person
	}
	if id := filed[ReasonKept]; id == "" || id == owner || id == here.Person || filed[ReasonUnknown] != "" {
		t.Errorf("filed under %v", filed)
	}
	rows := must[[]sinso.QuarantineRow](t)(s.Quarantine(ctx))
	if len(rows) != 1 {
		t.Fatalf("%d in quarantine, want 1", len(rows))
	}
	if receipt, err := s.Retry(ctx, rows[0].CID, ImportOptions{Actor: "test", Person: here.Person}); err != nil || receipt.Person != here.Person {
		t.Errorf("with a person: %+v, %v", receipt, err)
	}
}

// TestTwoUploadsOfOneNewNumber: the second is asked though nothing is filed yet.
func TestTwoUploadsOfOneNewNumber(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := ImportOptions{Actor: "test", Ask: true}
	one := must[Patients](t)(s.PatientsOf(t.Context(), sourceOf(object(t, "", "1", 0, patient("17", "H", "DOE^JANE", ""))), o))
	two := must[Patients](t)(s.PatientsOf(t.Context(), sourceOf(object(t, "", "2", 0, patient("17", "H", "ROE^RICHARD", ""))), o))
	if one.Asks || !two.Asks {
		t.Errorf("asks: %t and %t, want the second alone", one.Asks, two.Asks)
	}
	one.Done()
	two.Done()
	if len(s.namings.held) != 0 {
		t.Errorf("left: %v", s.namings.held)
	}
}

// TestAnswerOfMineIsTakenBack: the studies go to a person of nobody's, never to whom the
// identity names; and what was released stays.
func TestAnswerOfMineIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	victim := s.take(object(t, "", "9", 0, patient("17", "H", "DOE^JANE", "")))
	owner := s.person("ME")
	forged := object(t, "", "1", 1, patient("17", "H", "DOE^JANE", ""))
	answer := s.say(owner, s.whom(owner, forged)[0], owner, "")
	study := s.fileAsking(owner, forged).Studies[0]
	other := s.fileAsking(owner, object(t, "", "1", 1, patient("17", "H", "DOE^JANE", "")))
	if other.Duplicates != 1 {
		t.Errorf("again: %+v", other)
	}
	if n, err := s.Disown(ctx, answer, "test"); n != 1 || err != nil {
		t.Fatalf("disowned %d, %v", n, err)
	}
	row := must[sinso.StudyRow](t)(s.Study(ctx, study))
	if row.Person == owner || row.Person == victim.Person {
		t.Errorf("filed under %s", row.Person)
	}
	if studies := must[[]sinso.StudyRow](t)(s.Studies(ctx, victim.Person)); len(studies) != 1 {
		t.Errorf("%d studies are the victim's, want the one that was", len(studies))
	}
	s.rebuilt()
}

// TestMixedStudyIsNotDisowned: it has objects of another patient, who stays, whichever of
// them the study was named by.
func TestMixedStudyIsNotDisowned(t *testing.T) {
	t.Parallel()
	a, b := object(t, "", "1", 0, patient("1", "H", "DOE^JANE", "")), object(t, "", "1", 1, patient("2", "H", "ROE^R", ""))
	for first, files := range map[string][][]byte{"theirs": {a, b}, "another's": {b, a}} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			owner := s.person("ME")
			list := s.whom(owner, a, b)
			answer := s.say(owner, list[0], owner, "")
			s.say(owner, list[1], owner, "")
			for _, file := range files {
				s.fileAsking(owner, file)
			}
			if n, err := s.Disown(t.Context(), answer, "test"); n != 0 || !errors.Is(err, sinso.ErrExists) {
				t.Errorf("disowned %d, %v, want %v", n, err, sinso.ErrExists)
			}
		})
	}
}

// TestManyPatientsAreBounded: those that ask come first, and the rest next time.
func TestManyPatientsAreBounded(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	owner := s.person("ME")
	var files [][]byte
	for i := range sinso.MaxOutcomePatients + 20 {
		files = append(files, object(t, "", "1", i, patient(strings.Repeat("7", i+1), "H", "", "")))
	}
	if list := s.whom(owner, files...); len(list) != sinso.MaxOutcomePatients {
		t.Errorf("%d patients, want %d", len(list), sinso.MaxOutcomePatients)
	}
	s.take(object(t, "", "3", 900, patient("17", "H", "DOE^JANE", "")))
	list := s.whom("", append(files, object(t, "", "3", 901, patient("17", "H", "ROE^R", "")))...)
	if len(list) != sinso.MaxOutcomePatients || list[len(list)-1].Why != sinso.AsksConflict {
		t.Errorf("%d patients, the last %+v", len(list), list[len(list)-1])
	}
}
