package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// Whose is it: what uploads that ask name, and what is answered.

// ask lets an upload wait for an answer. One that came while it was read is not missed.
func (s *Server) ask(ctx context.Context, id sinso.UploadID, patients []sinso.AskedPatient, answered int64) error {
	err := s.cfg.Uploads.Ask(ctx, id, patients)
	if err == nil && s.answered.Load() != answered {
		err = s.cfg.Uploads.Retry(ctx, id)
	}
	if errors.Is(err, sinso.ErrExists) || errors.Is(err, sinso.ErrNotFound) { // tried again, or removed
		return nil
	}
	return err
}

// patientState is how a patient of an upload stands.
type patientState string

const (
	patientAsks  patientState = "asks"  // somebody has to say whose the files are
	patientFiled patientState = "filed" // under a person
	patientAside patientState = "aside" // in quarantine
)

// patientView is a patient of the caller's uploads. The name, numbers and dates are for
// who may open what they sent.
type patientView struct {
	Patient string                `json:"patient"` // opaque: what is answered for
	State   patientState          `json:"state"`
	Why     sinso.PatientQuestion `json:"why,omitempty"`            // it asks
	Differs []string              `json:"differs" nullable:"false"` // name, birth: from those who have the identity
	By      sinso.PatientMatch    `json:"by"`                       // what the identity is
	Person  sinso.PersonID        `json:"person,omitempty"`         // under whom they are filed; of a conflict, who has the identity
	Label   string                `json:"label,omitempty"`          // that person's
	New     bool                  `json:"new"`                      // the person was made for them
	Said    bool                  `json:"said"`                     // somebody said so, and may say otherwise
	Aside   sinso.Reason          `json:"aside,omitempty"`          // why they are set aside
	Objects int                   `json:"objects"`                  // files
	Studies []patientStudy        `json:"studies" nullable:"false"` // while it asks
	Name    string                `json:"name,omitempty"`           // DICOM PN, as the files have it; of one that is known without an answer, none
	ID      string                `json:"id,omitempty"`             // Patient ID
	Issuer  string                `json:"issuer,omitempty"`         // of the Patient ID
	Birth   string                `json:"birth,omitempty"`          // DICOM DA
	Picture bool                  `json:"picture"`                  // while it asks: one of them may be drawn
}

// patientStudy is a study of theirs.
type patientStudy struct {
	Date       string   `json:"date,omitempty"` // DICOM DA
	Modalities []string `json:"modalities" nullable:"false"`
	Objects    int      `json:"objects"`

	uid sinso.PHI[string]
}

// readsNames reports whether the caller may read what the files they sent say of a patient: an
// owner, who was asked, and who may open all that is filed here.
func (c *call) readsNames() bool { return c.caller.Person != "" || c.opens("") }

func (c *call) uploadPatients() (list[patientView], error) {
	t := newPatientTable(c)
	var failed error
	err := c.eachUpload(func(u sinso.Upload) {
		for _, p := range u.Asked {
			t.asks(p)
		}
		for _, p := range u.Outcome.Patients {
			failed = errors.Join(failed, t.told(p))
		}
	})
	if err = errors.Join(err, failed); err == nil {
		err = t.label()
	}
	slices.SortStableFunc(t.rows, func(a, b patientView) int { return cmp.Compare(a.rank(), b.rank()) })
	return list[patientView]{Items: t.rows}, err
}

// rank puts first what wants an answer.
func (p patientView) rank() int {
	return slices.Index([]patientState{patientAsks, patientAside, patientFiled}, p.State)
}

// patientTable has a row for each patient of several uploads.
type patientTable struct {
	*call
	rows []patientView
	at   map[string]int // where a patient's row is

	answers map[string][]sinso.PatientAnswered // under each key that was looked up
}

func newPatientTable(c *call) *patientTable {
	return &patientTable{call: c, rows: []patientView{}, at: map[string]int{}, answers: map[string][]sinso.PatientAnswered{}}
}

// maxPatientRows is how many patients are told of at once.
const maxPatientRows = 1000

// row finds or begins the row of a patient in a state; nil: there are enough.
func (t *patientTable) row(p sinso.UploadPatient, state patientState) *patientView {
	key := p.Key + string(state)
	at, ok := t.at[key]
	if !ok {
		if len(t.rows) == maxPatientRows {
			return nil
		}
		at = len(t.rows)
		t.at[key] = at
		t.rows = append(t.rows, patientView{
			Patient: p.Key, State: state, By: p.By, Person: p.Person, Said: p.Answered, Aside: p.Aside,
			Differs: []string{}, Studies: []patientStudy{},
		})
	}
	row := &t.rows[at]
	row.New = row.New || p.New
	row.Objects += p.Objects
	return row
}

// asks adds a patient of an upload that waits. What another upload settled meanwhile is
// told when it is done.
func (t *patientTable) asks(p sinso.AskedPatient) {
	if p.Why == "" {
		return
	}
	row := t.row(p.UploadPatient, patientAsks)
	if row == nil {
		return
	}
	row.Why = p.Why
	for _, one := range p.Differs {
		if !slices.Contains(row.Differs, one) {
			row.Differs = append(row.Differs, one)
		}
	}
	for _, study := range p.Studies {
		t.study(row, study)
	}
	if t.readsNames() { // to who sent them
		row.Name, row.ID = readable(p.Name.Reveal()), readable(p.ID.Reveal())
		row.Issuer, row.Birth = readable(p.Issuer.Reveal()), readable(p.Birth.Reveal())
		row.Picture = row.Picture || len(p.Pictures) > 0
	}
}

func (t *patientTable) study(row *patientView, asked sinso.AskedStudy) {
	at := slices.IndexFunc(row.Studies, func(s patientStudy) bool { return s.uid.Reveal() == asked.UID.Reveal() }) // to compare
	if at < 0 {
		if len(row.Studies) == sinso.MaxOutcomeStudies {
			return
		}
		at, row.Studies = len(row.Studies), append(row.Studies, patientStudy{Modalities: []string{}, uid: asked.UID})
		if t.readsNames() {
			row.Studies[at].Date = readable(asked.Date.Reveal())
		}
	}
	study := &row.Studies[at]
	study.Objects += asked.Objects
	for _, one := range asked.Modalities {
		if one = readable(one); !slices.Contains(study.Modalities, one) && len(study.Modalities) < sinso.MaxOutcomeStudies {
			study.Modalities = append(study.Modalities, one)
		}
	}
}

// told adds a patient of an upload that is done, as was answered last.
func (t *patientTable) told(p sinso.UploadPatient) error {
	mayChange, name, birth := false, "", ""
	if p.Answered {
		answers, err := t.answersOf(p.Key)
		if err != nil {
			return err
		}
		last := answers[len(answers)-1]
		p.Person, p.Aside, mayChange = last.Person, last.Aside, t.mayChange(answers)
		if t.readsNames() {
			name, birth = readable(last.Name), readable(last.Birth)
		}
	}
	state := patientFiled
	if p.Aside != "" {
		state = patientAside
	} else if p.Person == "" {
		return nil
	}
	if row := t.row(p, state); row != nil {
		row.Said, row.Name, row.Birth = mayChange, name, birth
	}
	return nil
}

// answersOf are the answers under a key, of which there is at least one.
func (t *patientTable) answersOf(key string) ([]sinso.PatientAnswered, error) {
	if all, known := t.answers[key]; known {
		return all, nil
	}
	all, err := t.way.PatientAnswers(t.ctx(), key)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("serve: an answer is not in the log: %w", sinso.ErrCorrupt)
	}
	t.answers[key] = all
	return all, err
}

// mayChange reports whether the caller may still say otherwise: what was set aside can be
// taken, and what is an owner's be given back once.
func (*call) mayChange(answers []sinso.PatientAnswered) bool {
	last := answers[len(answers)-1]
	if last.Person != "" {
		return last.For != ""
	}
	return !slices.ContainsFunc(answers, func(a sinso.PatientAnswered) bool { return a.Person != "" })
}

// label says what the caller may know of the persons.
func (t *patientTable) label() error {
	for i := range t.rows {
		row := &t.rows[i]
		if row.Person == "" {
			continue
		}
		if who, err := t.way.Person(t.ctx(), row.Person); err == nil && t.opens(row.Person) {
			row.Label = readable(who.Label)
		} else if err != nil && !errors.Is(err, sinso.ErrNotFound) {
			return err
		}
	}
	return nil
}

// maxShown bounds a name that is shown, in characters.
const maxShown = 200

// readable is text of a file for somebody to read: bounded, without what moves or hides other
// letters (controls, and those of the direction of text, UAX #9).
func readable(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x200E || r == 0x200F || r == 0x061C {
			return -1
		}
		return r
	}, text)
	if letters := []rune(text); len(letters) > maxShown {
		return string(letters[:maxShown]) + "…"
	}
	return text
}

// saidAs is whose the files of a patient are, as somebody says.
type saidAs = way.SaidAs

const (
	saidPerson  = way.SaidPerson
	saidAnother = way.SaidAnother
	saidKept    = way.SaidKept
	saidUnknown = way.SaidUnknown
)

// newAnswer is what somebody says.
type newAnswer struct {
	Patient string         `json:"patient"`
	As      saidAs         `json:"as"` // person, another, kept or unknown
	Person  sinso.PersonID `json:"person,omitempty"`
}

// answeredPatient is what followed.
type answeredPatient struct {
	Person  sinso.PersonID `json:"person,omitempty"` // under whom they are filed
	Waiting int            `json:"waiting"`          // uploads that are taken in now
	Filed   int            `json:"filed"`            // files that had been set aside
	Refused int            `json:"refused"`          // files of those that are refused still
	Moved   int            `json:"moved"`            // studies that are the caller's no more
}

func (c *call) answerPatient(in newAnswer) (answeredPatient, error) {
	if err := c.mayUpload(); err != nil {
		return answeredPatient{}, err
	}
	a, before, err := c.asked(in.Patient)
	if err != nil {
		return answeredPatient{}, err
	}
	was := a
	if a.Person, a.Aside, err = c.meant(in); err != nil {
		return answeredPatient{}, err
	}
	if len(before) > 0 && a != was && !c.mayChange(before) {
		return answeredPatient{}, errAnswered
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return answeredPatient{}, err
	}
	defer leave()
	var out answeredPatient
	if was.Person != "" && was.Person != a.Person {
		if out.Moved, err = c.disown(was); err != nil {
			return out, err
		}
	}
	if a, err = c.way.AnswerPatient(c.ctx(), a, c.caller.ID); err != nil {
		return out, err
	}
	out.Person = a.Person
	if out.Waiting, err = c.goOn(a.Match); err != nil {
		return out, err
	}
	if a.Person != "" {
		out.Filed, out.Refused, err = c.way.TakeBack(c.ctx(), a.Patient, way.ImportOptions{Actor: c.caller.ID, Person: a.Person})
	}
	return out, err
}

var errAnswered = refused(http.StatusConflict, sinso.ErrExists, "this was answered, and is filed: who keeps the node can move it")

// asked finds what is asked, or was answered last, under a key in the caller's uploads;
// before are the answers.
func (c *call) asked(key string) (a sinso.PatientAnswered, before []sinso.PatientAnswered, err error) {
	answered := false
	err = c.cfg.Uploads.List(c.ctx(), c.uploader(), func(u sinso.Upload) error {
		for _, p := range u.Asked {
			if p.Key == key && p.Why != "" {
				// Revealed into the encrypted log.
				a = sinso.PatientAnswered{Patient: key, For: u.Person, Match: p.Match, Name: p.Name.Reveal(), Birth: p.Birth.Reveal()}
			}
		}
		answered = answered || slices.ContainsFunc(u.Outcome.Patients, func(p sinso.UploadPatient) bool { return p.Answered && p.Key == key })
		return nil
	})
	if err != nil || a.Patient != "" {
		return a, nil, err
	}
	if !answered {
		return a, nil, fmt.Errorf("serve: patient: %w", sinso.ErrNotFound)
	}
	before, err = c.way.PatientAnswers(c.ctx(), key)
	if err == nil && len(before) == 0 {
		err = fmt.Errorf("serve: patient: %w", sinso.ErrNotFound)
	}
	if err != nil {
		return a, nil, err
	}
	return before[len(before)-1], before, nil
}

// meant is what an answer means, if the caller may give it.
func (c *call) meant(in newAnswer) (person sinso.PersonID, aside sinso.Reason, err error) {
	if (in.As == saidPerson) != (in.Person != "") {
		return "", "", invalid("name a person if it is a person's, and else nobody")
	}
	switch in.As {
	case saidPerson:
		person, err = c.personAsked(auth.Import, string(in.Person))
		return person, "", err
	case saidAnother:
		return "", "", c.caller.May(auth.Import, "")
	case saidUnknown:
		return "", way.ReasonUnknown, nil
	case saidKept:
		if c.caller.Person != "" {
			return "", way.ReasonKept, nil
		}
	}
	return "", "", invalid("as is person, another, unknown or, of an owner, kept")
}

// disown undoes that files are the owner's.
func (c *call) disown(before sinso.PatientAnswered) (int, error) {
	n, err := c.way.Disown(c.ctx(), before, c.caller.ID)
	if errors.Is(err, sinso.ErrExists) {
		err = refused(http.StatusConflict, sinso.ErrExists, "something of it was released or shared, or a study has another patient's files too: who keeps the node can move it")
	}
	return n, err
}

// goOn lets the caller's uploads go on that wait for an answer about an identity.
func (c *call) goOn(match string) (n int, err error) {
	c.answered.Add(1)
	err = c.cfg.Uploads.List(c.ctx(), c.uploader(), func(u sinso.Upload) error {
		waits := slices.ContainsFunc(u.Asked, func(p sinso.AskedPatient) bool { return p.Match == match && p.Why != "" })
		if !waits {
			return nil
		}
		switch err := c.cfg.Uploads.Retry(c.ctx(), u.ID); {
		case err == nil:
			n++
		case !errors.Is(err, sinso.ErrExists) && !errors.Is(err, sinso.ErrNotFound): // else it goes on, or is gone
			return err
		}
		return nil
	})
	return n, err
}
