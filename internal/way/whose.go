package way

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/identity"
	"sinso.dev/sinso/internal/stage/ingest"
)

// Whose is it? An upload that asks is read once before it is filed. Whose an object is says
// the last answer that was given for its patient; then what is filed here; then, for who
// works the archive, the patient identity alone. What none of these settles waits.

// Why an answer, or the lack of one, keeps objects out. They are in quarantine then.
const (
	ReasonUnasked = sinso.Reason("whose-unanswered")
	ReasonKept    = sinso.Reason("whose-kept")    // of somebody whom its sender keeps records for
	ReasonUnknown = sinso.Reason("whose-unknown") // its sender does not know
)

// verdict is whose the objects are that name a patient so.
type verdict struct {
	sinso.UploadPatient

	why     sinso.PatientQuestion // "": nobody has to be asked
	differs []string
}

// owner is whom an upload asks; "": who works the archive, and may file for anybody.
func (o ImportOptions) owner() sinso.PersonID { return o.Person }

// judge says whose the objects are that name a patient so.
func (f filer) judge(ctx context.Context, n identity.Named) (verdict, error) {
	v := verdict{UploadPatient: sinso.UploadPatient{Key: f.namer.Patient(f.o.owner(), n.Match), By: n.By}}
	answers, err := f.answersTo(ctx, f.o.owner(), n.Match)
	if err != nil {
		return v, err
	}
	for _, a := range slices.Backward(answers) {
		if namedIn(a).Vouches(n) {
			return f.answered(ctx, v, a)
		}
	}
	others := make([]identity.Named, len(answers))
	for i, a := range answers {
		others[i] = namedIn(a)
	}
	if err := f.byRecords(ctx, &v, n, others); err != nil {
		return v, err
	}
	if v.why != "" {
		v.Key = f.keyOf(n)
	}
	if v.why != "" && v.New {
		v.Person, v.New = "", false
	}
	return v, nil
}

// keyOf names a patient of whom somebody is asked.
func (f filer) keyOf(n identity.Named) string {
	// Revealed into a keyed hash.
	return f.namer.Patient(f.o.owner(), n.Match, n.Name.Reveal(), n.Birth.Reveal())
}

// byRecords judges by what is filed here, and by what was said of others of this match.
func (f filer) byRecords(ctx context.Context, v *verdict, n identity.Named, others []identity.Named) error {
	owner, known, err := f.holder(ctx, n)
	if err != nil {
		return err
	}
	asks := f.o.owner()
	switch {
	case asks == "" && owner == "":
		v.Person, v.New = f.namer.Person(n.Match), true
		v.conflict(n, slices.DeleteFunc(others, func(one identity.Named) bool { return len(differences(n, one)) == 0 }))
	case asks == "":
		v.Person = owner
		v.conflict(n, known)
	case owner == asks || len(known) > 0:
		v.Person = asks
		v.conflict(n, known)
	}
	vouched := owner == asks || slices.ContainsFunc(known, func(one identity.Named) bool { return one.Vouches(n) })
	if asks != "" && v.why == "" && !vouched {
		v.Person, v.why = "", sinso.AsksNew
	}
	return nil
}

// conflict asks if a patient has another name or birth date than everybody of that match. It
// tells in what they differ from the first of these.
func (v *verdict) conflict(n identity.Named, known []identity.Named) {
	for _, one := range known {
		if len(differences(n, one)) == 0 {
			return
		}
	}
	if len(known) > 0 {
		v.why, v.differs = sinso.AsksConflict, differences(n, known[0])
	}
}

// holder finds the person who has a patient's match, "" if nobody has, and how studies name
// that patient: those of the owner who is asked, else that person's.
func (f filer) holder(ctx context.Context, n identity.Named) (id sinso.PersonID, known []identity.Named, err error) {
	_, err = view(ctx, f.Way, func(tx sinso.MetaTx) (none struct{}, err error) {
		row, err := tx.PersonByMatch(n.Match)
		if err != nil && !errors.Is(err, sinso.ErrNotFound) {
			return none, err
		}
		id = row.ID
		of := first(f.o.owner(), id)
		if of == "" {
			return none, nil
		}
		return none, tx.Studies(of, func(study sinso.StudyRow) error {
			if one := f.namedBy(study); one.Match == n.Match {
				known = append(known, one)
			}
			return nil
		})
	})
	return id, known, err
}

// namedBy is how a study names its patient.
func (w *Way) namedBy(study sinso.StudyRow) identity.Named {
	h, ok := ingest.PatientOf(study.Header)
	if !ok { // filed before headers were
		h = sinso.Header{PatientID: sinso.NewPHI(study.PatientID), PatientName: sinso.NewPHI(study.PatientName)}
	}
	h.StudyUID = sinso.NewPHI(study.UID)
	return w.namer.Named(h)
}

func differences(a, b identity.Named) (in []string) {
	name, birth := a.Differs(b)
	if name {
		in = append(in, "name")
	}
	if birth {
		in = append(in, "birth")
	}
	return in
}

func namedIn(a sinso.PatientAnswered) identity.Named {
	return identity.Named{Match: a.Match, Name: sinso.NewPHI(a.Name), Birth: sinso.NewPHI(a.Birth)}
}

// answered fills in what somebody said. A person who was merged since is who they are now.
func (f filer) answered(ctx context.Context, v verdict, a sinso.PatientAnswered) (verdict, error) {
	v.Key, v.Answered, v.Aside = a.Patient, true, a.Aside
	if a.Person == "" {
		return v, nil
	}
	person, err := view(ctx, f.Way, func(tx sinso.MetaTx) (sinso.PersonID, error) { return alive(tx, a.Person) })
	if err != nil {
		return v, err
	}
	v.Person = person
	has, err := f.Keys.Has(ctx, sinso.PersonKey(person))
	if err == nil && !has {
		v.Person, v.Aside = "", reasonErased
	}
	if err != nil {
		err = fmt.Errorf("way: person %s: %w", person, err)
	}
	return v, err
}

// decided refuses an object that is set aside, or of which nobody has said whose it is, and
// returns the filer that files it where somebody said.
func (f filer) decided(ctx context.Context, h sinso.Header) (filer, *ingest.RefusalError, error) {
	if !f.o.Ask || h.Deidentified == sinso.DeidentifiedHere { // a pseudonym is a person of its own
		return f, nil, nil
	}
	v, err := f.judge(ctx, f.namer.Named(h))
	switch {
	case err != nil:
		return f, nil, err
	case v.why != "":
		return f, &ingest.RefusalError{Reason: ReasonUnasked, Detail: Explain(ReasonUnasked), Patient: v.Key}, nil
	case v.Aside == reasonErased:
		return f, refusalErased(), nil
	case v.Aside != "":
		return f, &ingest.RefusalError{Reason: v.Aside, Detail: Explain(v.Aside), Patient: v.Key}, nil
	case v.Answered:
		f.o.Person = v.Person
	}
	return f, nil, nil
}

// subjectPatient is of all answers that were given for a match, to whom was asked.
func subjectPatient(owner sinso.PersonID, match string) string {
	return "whose/" + string(owner) + "/" + match
}

func projectAnswered(_ sinso.MetaTx, _ sinso.Event, b sinso.PatientAnswered) ([]string, error) {
	return []string{subjectPatient(b.For, b.Match), b.Patient}, nil
}

// answersTo lists the answers of an owner for a match, oldest first.
func (w *Way) answersTo(ctx context.Context, owner sinso.PersonID, match string) ([]sinso.PatientAnswered, error) {
	return w.answersOf(ctx, subjectPatient(owner, match))
}

func (w *Way) answersOf(ctx context.Context, subject string) (all []sinso.PatientAnswered, err error) {
	seqs, err := view(ctx, w, func(tx sinso.MetaTx) ([]uint64, error) {
		return gather(func(fn func(uint64) error) error { return tx.EventsOf("", subject, fn) })
	})
	for _, seq := range seqs {
		event, err := w.eventAt(ctx, seq)
		if err != nil {
			return nil, err
		}
		if event.Type != sinso.EventPatientAnswered || event.Erased {
			continue
		}
		body, err := bodyOf[sinso.PatientAnswered](event)
		if err != nil {
			return nil, err
		}
		all = append(all, body)
	}
	return all, err
}

// PatientAnswers lists the answers under a key, oldest first.
func (w *Way) PatientAnswers(ctx context.Context, key string) ([]sinso.PatientAnswered, error) {
	return w.answersOf(ctx, key)
}

// AnswerPatient writes down whose the objects are that name a patient so: of a.Person, or
// set aside. An answer without either makes a person for them. What came before stays
// where it is ([Way.TakeBack], [Way.Disown]).
func (w *Way) AnswerPatient(ctx context.Context, a sinso.PatientAnswered, actor string) (sinso.PatientAnswered, error) {
	w.deciding.Lock()
	defer w.deciding.Unlock()
	var err error
	switch {
	case a.Person != "":
		err = w.standsAlone(ctx, a.Person)
	case a.Aside == "":
		a.Person, err = w.another(ctx, a, actor)
	}
	if err != nil {
		return a, err
	}
	event, err := w.entry(sinso.EventPatientAnswered, actor, first(a.Person, a.For), "", a, nil)
	if err != nil {
		return a, err
	}
	return a, w.record(ctx, nil, event)
}

func first(a, b sinso.PersonID) sinso.PersonID {
	if a != "" {
		return a
	}
	return b
}

// another makes a person: by the patient identity, if nobody has that yet.
func (w *Way) another(ctx context.Context, a sinso.PatientAnswered, actor string) (sinso.PersonID, error) {
	match := a.Match
	if _, err := w.personByMatch(ctx, match); err == nil {
		match = ""
	} else if !errors.Is(err, sinso.ErrNotFound) {
		return "", err
	}
	return w.CreatePerson(ctx, actor, match, a.Name)
}
