package way

import (
	"context"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// SaidAs is whose the files of a patient are, as somebody says.
type SaidAs string

// What they may say.
const (
	SaidPerson  SaidAs = "person"  // the person named
	SaidAnother SaidAs = "another" // somebody who is not filed here yet
	SaidKept    SaidAs = "kept"    // not the person's: somebody whom they keep records for
	SaidUnknown SaidAs = "unknown" // nobody knows yet
)

// Said is an answer about a patient of an import.
type Said struct {
	Patient string         `json:"patient"` // sinso.AskedPatient.Key
	As      SaidAs         `json:"as"`      // person, another, kept or unknown
	Person  sinso.PersonID `json:"person,omitempty"`
}

// ImportAsking imports as [Way.Import], but files nothing while somebody has to be asked
// whose it is: then it returns about whom. said is what was answered so far; what it says
// of nobody who is asked about is passed over. Each object is read twice.
func (w *Way) ImportAsking(ctx context.Context, source Source, o ImportOptions, said []Said) (ImportResult, []sinso.AskedPatient, error) {
	o.Ask = true
	patients, err := w.PatientsOf(ctx, source, o)
	if err != nil {
		return ImportResult{}, nil, err
	}
	heard, err := w.hear(ctx, o, patients.asked(), said)
	if heard > 0 && err == nil {
		patients.Done()
		patients, err = w.PatientsOf(ctx, source, o)
	}
	defer func() { patients.Done() }()
	if err != nil || patients.Asks {
		return ImportResult{}, patients.asked(), err
	}
	result, err := w.Import(ctx, source, o)
	return result, nil, err
}

// asked are those about whom somebody has to be asked.
func (p Patients) asked() (asked []sinso.AskedPatient) {
	for _, one := range p.List {
		if one.Why != "" {
			asked = append(asked, one)
		}
	}
	return asked
}

// hear writes down what was said of who is asked about, and returns of how many.
func (w *Way) hear(ctx context.Context, o ImportOptions, asked []sinso.AskedPatient, said []Said) (heard int, err error) {
	for i, one := range said { // all of them before any is written down
		if slices.ContainsFunc(said[:i], func(before Said) bool { return before.Patient == one.Patient }) {
			return 0, fmt.Errorf("way: two answers about one patient: %w", sinso.ErrInvalid)
		}
		if _, _, err := one.means(o.owner()); err != nil {
			return 0, err
		}
	}
	for _, one := range said {
		person, aside, _ := one.means(o.owner()) // it was asked above
		for _, p := range asked {
			if p.Key != one.Patient {
				continue
			}
			// Revealed into the encrypted log.
			a := sinso.PatientAnswered{Patient: p.Key, For: o.owner(), Match: p.Match, Name: p.Name.Reveal(), Birth: p.Birth.Reveal(), Person: person, Aside: aside}
			if _, err := w.AnswerPatient(ctx, a, o.Actor); err != nil {
				return heard, err
			}
			heard++
		}
	}
	return heard, nil
}

// means is what an answer means. About an owner's files it is theirs or set aside: it is
// heeded in what they send later, and that goes under nobody else.
func (s Said) means(owner sinso.PersonID) (person sinso.PersonID, aside sinso.Reason, err error) {
	switch {
	case s.As == SaidPerson && s.Person != "" && (owner == "" || owner == s.Person):
		return s.Person, "", nil
	case s.Person != "":
	case s.As == SaidAnother && owner == "":
		return "", "", nil
	case s.As == SaidKept && owner != "":
		return "", ReasonKept, nil
	case s.As == SaidUnknown:
		return "", ReasonUnknown, nil
	}
	return "", "", fmt.Errorf("way: an answer whose it is that cannot be meant: %w", sinso.ErrInvalid)
}
