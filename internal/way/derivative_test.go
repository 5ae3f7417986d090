package way

import (
	"context"
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/ingest"
)

// copyOf is what a program of this project makes of an object for research, on no node or
// another.
func copyOf(t *testing.T, original []byte) []byte {
	t.Helper()
	p := must[*deid.Profile](t)(deid.NewProfile())
	result := must[deid.Result](t)(p.Clean(t.Context(), sinso.Record{Bytes: original}, deid.Release{Secret: [32]byte{1}}))
	return result.Clean.Bytes
}

// unmarked is an object without what says that it is a derivative.
func unmarked(t *testing.T, raw []byte) []byte {
	t.Helper()
	file := must[*dicom.File](t)(dicom.Read(raw))
	ds := must[dicom.Dataset](t)(file.Tree())
	for _, tag := range []dicom.Tag{0x00120062, 0x00120063, 0x00120064, 0x00280303, 0x00100010} {
		ds.Remove(tag)
	}
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
}

// elsewhere is an object that another program has de-identified.
func elsewhere(ds *dicom.Dataset) { ds.SetString(0x00120062, dicom.VRCS, "YES") }

// wantHeld takes an object by each way in, and wants it to be kept apart and its sender told.
func (s scene) wantHeld(what string, raw []byte, release sinso.ReleaseRow) {
	s.t.Helper()
	receipt, err := s.Take(s.t.Context(), sinso.Item{Bytes: raw}, ImportOptions{Actor: "test"})
	var refusal *ingest.RefusalError
	if !errors.As(err, &refusal) || refusal.Reason != ReasonDerivative || receipt.Outcome != sinso.OutcomeQuarantined {
		s.t.Errorf("%s: taken: %v, %v", what, receipt.Outcome, err)
	}
	if r := s.imports(raw); r.Quarantined != 1 || r.Reasons[ReasonDerivative] != 1 || len(r.Studies) != 0 {
		s.t.Errorf("%s: imported: %+v", what, r)
	}
	held := 0
	for _, row := range must[[]sinso.QuarantineRow](s.t)(s.Quarantine(s.t.Context())) {
		if row.SHA256 != must[string](s.t)(digestOf(sinso.Item{Bytes: raw})) {
			continue
		}
		held++
		if row.CID == "" || row.Reason != ReasonDerivative || row.Release != release.ID || row.Person != release.Person {
			s.t.Errorf("%s: in quarantine as %q of release %q, person %q", what, row.Reason, row.Release, row.Person)
		}
	}
	if held != 1 {
		s.t.Errorf("%s: %d times in quarantine", what, held)
	}
}

// research imports objects as research data.
func (s scene) research(files ...[]byte) ImportResult {
	s.t.Helper()
	return must[ImportResult](s.t)(s.Import(s.t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
		for _, file := range files {
			if err := fn(ingest.Found{Item: sinso.Item{Bytes: file}}); err != nil {
				return err
			}
		}
		return nil
	}, ImportOptions{Actor: "test", Research: true}))
}

// TestDerivativeIsNobodysRecord: what this project's programs de-identified is kept apart
// at every door; asked for as research data it is filed under somebody of its own, and
// says what it is, also after a rebuild.
func TestDerivativeIsNobodysRecord(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	original := object(t, "ADA", "1", 1, nil)
	raw := copyOf(t, original)
	s.wantHeld("before its original", raw, sinso.ReleaseRow{})
	s.take(original)
	s.wantHeld("after it", copyOf(t, object(t, "ADA", "1", 2, nil)), sinso.ReleaseRow{})
	persons := len(must[[]sinso.PersonRow](t)(s.Persons(t.Context())))

	r := s.research(raw)
	if r.Instances != 1 || len(r.Studies) != 1 {
		t.Fatalf("as research data: %+v", r)
	}
	for _, when := range []string{"filed", "rebuilt"} {
		study := must[sinso.StudyRow](t)(s.Study(t.Context(), r.Studies[0]))
		rows := must[[]sinso.InstanceRow](t)(s.Instances(t.Context(), study.ID))
		if study.Deidentified != 1 || len(rows) != 1 || rows[0].Deidentified != sinso.DeidentifiedHere {
			t.Errorf("%s: %d copies, %+v", when, study.Deidentified, rows)
		}
		if n := len(must[[]sinso.PersonRow](t)(s.Persons(t.Context()))); n != persons+1 {
			t.Errorf("%s: %d persons, want one more than %d", when, n, persons)
		}
		s.rebuilt()
	}
	if again := s.research(raw); again.Duplicates != 1 {
		t.Errorf("again: %+v", again)
	}
}

// TestDerivativeOfAnIdentifiersOwnNameIsAnothers: a pseudonym that is somebody's Patient
// ID files nothing under them.
func TestDerivativeOfAnIdentifiersOwnNameIsAnothers(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	raw := copyOf(t, object(t, "ADA", "1", 1, nil))
	pseudonym := must[*dicom.File](t)(dicom.Read(raw)).String(0x00100020)
	theirs := s.take(object(t, pseudonym, "2", 1, nil))
	study := must[sinso.StudyRow](t)(s.Study(t.Context(), s.research(raw).Studies[0]))
	if pseudonym == "" || study.Person == theirs.Person {
		t.Errorf("the derivative is filed under %s, whose Patient ID is %q", study.Person, pseudonym)
	}
}

// TestOwnDerivativeIsKnownWithoutItsMarks: by the study that it names this node knows of
// which release it is, whatever was taken out of it.
func TestOwnDerivativeIsKnownWithoutItsMarks(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	release := s.draft(study)
	if release.State != sinso.ReleaseIsStored {
		t.Fatalf("the release is %s", release.State)
	}
	key := must[sinso.CEK](t)(s.sealer.Key(t.Context(), release.Manifest, release.Keys, release.Custodian()))
	object := must[sinso.Manifest](t)(s.readManifest(t.Context(), release.Manifest, key)).Objects[0]
	raw := must[[]byte](t)(s.open(t.Context(), object.CID, sinso.CEK(object.Key)))
	bare := unmarked(t, raw)
	if got := must[*dicom.File](t)(dicom.Read(bare)).Deidentified(); got != "" {
		t.Fatalf("it still says %q", got)
	}
	for _, when := range []string{"released", "rebuilt"} {
		s.wantHeld(when+", as it was", raw, release)
		s.wantHeld(when+", without its marks", bare, release)
		back := must[[]Returned](t)(s.Returned(t.Context(), release.Person))
		if len(back) != 2 || back[0].Study != study || back[0].Release != release.ID {
			t.Errorf("%s: returned %+v", when, back)
		}
		if others := must[[]Returned](t)(s.Returned(t.Context(), "p_another")); len(others) != 0 {
			t.Errorf("%s: somebody else is told", when)
		}
		s.rebuilt()
	}
	filed := must[[]sinso.InstanceRow](t)(s.Instances(t.Context(), s.research(bare).Studies[0]))
	if len(filed) != 1 || filed[0].Deidentified != sinso.DeidentifiedHere {
		t.Errorf("as research data: %+v", filed)
	}
}

// TestDerivativeIsNotReleasedAgain: what is a derivative already is not made one of, that
// an institution would vouch for as its own.
func TestDerivativeIsNotReleasedAgain(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.research(copyOf(t, echo(t, "1", 1, "NO"))).Studies[0]
	if row := s.draft(study); row.State != sinso.ReleaseIsRefused || row.Reason != ReasonDerivative {
		t.Errorf("the release is %s, %q", row.State, row.Reason)
	}
}

// TestWhatOthersDeidentifiedIsTakenAndSaysSo, and is counted in its study as long as it is
// shown there; so it is from logs in which only its metadata say it.
func TestWhatOthersDeidentifiedIsTakenAndSaysSo(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.take(object(t, "ADA", "1", 1, nil))
	receipt := s.take(object(t, "ADA", "1", 2, elsewhere))
	s.imports(object(t, "ADA", "1", 3, elsewhere))
	want := func(what string, n int) {
		t.Helper()
		study := must[sinso.StudyRow](t)(s.Study(t.Context(), receipt.Study))
		said := 0
		for _, row := range must[[]sinso.InstanceRow](t)(s.Instances(t.Context(), receipt.Study)) {
			if row.Deidentified == sinso.DeidentifiedElsewhere {
				said++
			}
		}
		if study.Deidentified != n || said != n {
			t.Errorf("%s: %d counted, %d say so, want %d", what, study.Deidentified, said, n)
		}
	}
	want("taken", 2)
	if err := s.Reject(t.Context(), []sinso.InstanceID{receipt.Instance}, ReasonDeleted, "test"); err != nil {
		t.Fatal(err)
	}
	want("one rejected", 1)
	s.rebuilt()
	want("rebuilt", 1)
}

func TestLogsOfBeforeSayItByTheirMetadata(t *testing.T) {
	t.Parallel()
	w := archive(t)
	event := sealedEvent(t, "1.2.3")
	event.Metadata = deflated(t, `{"00120062":{"vr":"CS","Value":["YES"]},"00120063":{"vr":"LO","Value":["a","SINSO_1 basic"]}}`)
	if err := w.recordOne(t.Context(), sinso.EventInstanceSealed, "test", event.Study.Person, event); err != nil {
		t.Fatal(err)
	}
	study := must[sinso.StudyRow](t)(w.Study(t.Context(), event.Study.ID))
	row := must[sinso.InstanceRow](t)(w.Instance(t.Context(), event.Instance.ID))
	if study.Deidentified != 1 || row.Deidentified != sinso.DeidentifiedHere {
		t.Errorf("%d copies, %q", study.Deidentified, row.Deidentified)
	}
}
