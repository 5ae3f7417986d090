package serve

import (
	"errors"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// person as the caller may know of them.
type person struct {
	ID       sinso.PersonID `json:"id"`
	Identity string         `json:"identity"` // their identity token, "" if there is none yet
	Created  time.Time      `json:"created"`
	Label    string         `json:"label,omitempty"` // a name; for those who may open
}

// study as the caller may know of it. Date and descriptions come from the object
// and may identify: they are for those who may open it.
type study struct {
	ID          sinso.StudyID  `json:"id"`
	UID         string         `json:"uid,omitempty"` // its name at /dicom-web; for those who may open it
	Person      sinso.PersonID `json:"person"`
	Date        string         `json:"date,omitempty"` // DICOM DA
	Description string         `json:"description,omitempty"`
	Modalities  []string       `json:"modalities" nullable:"false"`
	Instances   int            `json:"instances"`
	Bytes       int64          `json:"bytes"`
	Tier        sinso.Tier     `json:"tier"`
	Origin      sinso.Origin   `json:"origin"`
	Imported    time.Time      `json:"imported"`
	Original    sinso.CID      `json:"original"` // of the sealed list of its records
	Releases    int            `json:"releases"`
	// Deidentified counts the instances that are de-identified copies: their dates may be
	// moved, and nobody is to be treated by them.
	Deidentified int      `json:"deidentified"`
	SeriesList   []series `json:"seriesList,omitempty" nullable:"false"` // of one study, not in lists
}

type series struct {
	ID          sinso.SeriesID `json:"id"`
	UID         string         `json:"uid,omitempty"` // as the study's
	Modality    string         `json:"modality"`
	BodyPart    string         `json:"bodyPart"`
	Description string         `json:"description,omitempty"`
	Date        string         `json:"date,omitempty"` // DICOM DA; as the study's
	Time        string         `json:"time,omitempty"` // of day, HHMM
	Instances   int            `json:"instances"`
}

// record is one instance.
type record struct {
	ID       sinso.InstanceID `json:"id"`
	UID      string           `json:"uid,omitempty"` // as the study's
	Series   sinso.SeriesID   `json:"series"`
	Number   int              `json:"number"`
	SOPClass string           `json:"sopClass"`
	Syntax   string           `json:"syntax"` // transfer syntax
	Frames   int              `json:"frames"`
	Rows     int              `json:"rows"`
	Columns  int              `json:"columns"`
	Size     int64            `json:"size"`
	Tier     sinso.Tier       `json:"tier"`
	CID      sinso.CID        `json:"cid"`
	Conflict bool             `json:"conflict"` // another record has its UID and other bytes
	// Deidentified says who made it a de-identified copy: sinso, other, or "" for nobody.
	Deidentified sinso.Deidentified `json:"deidentified"`
}

// refusedFile is one object in quarantine, without its name.
type refusedFile struct {
	CID    sinso.CID    `json:"cid"`
	Size   int64        `json:"size"`
	Reason sinso.Reason `json:"reason"`
	Detail string       `json:"detail"`
	At     time.Time    `json:"at"`
}

// returnedCopy is one of them that is a copy of a release of this node.
type returnedCopy struct {
	CID     sinso.CID       `json:"cid"`
	At      time.Time       `json:"at"`
	Release sinso.ReleaseID `json:"release"`
	Study   sinso.StudyID   `json:"study"` // what it was made of
}

// opens reports whether the caller may read identified values of a person.
func (c *call) opens(id sinso.PersonID) bool { return c.caller.May(auth.Open, id) == nil }

func (c *call) persons() (list[person], error) {
	id, all, err := c.caller.Scope(auth.See)
	if err != nil {
		return list[person]{}, err
	}
	rows, err := c.way.Persons(c.ctx())
	rows = slices.DeleteFunc(rows, func(row sinso.PersonRow) bool { return !all && row.ID != id })
	return listOf(rows, c.person), err
}

func (c *call) person(row sinso.PersonRow) person {
	p := person{ID: row.ID, Identity: text(row.Identity), Created: row.Created}
	if c.opens(row.ID) {
		p.Label = row.Label
	}
	return p
}

func (c *call) studies() (list[study], error) {
	id, err := c.scope(auth.See)
	if err != nil {
		return list[study]{}, err
	}
	rows, err := c.way.Studies(c.ctx(), id)
	if err != nil {
		return list[study]{}, err
	}
	counts, err := c.releaseCounts(id)
	if err != nil {
		return list[study]{}, err
	}
	found := list[study]{Items: make([]study, 0, len(rows))}
	for _, row := range rows {
		all, err := c.way.Series(c.ctx(), row.ID)
		if err != nil {
			return list[study]{}, err
		}
		found.Items = append(found.Items, c.studyOf(row, all, counts[row.ID]))
	}
	return found, nil
}

// releaseCounts is how many releases each study has.
func (c *call) releaseCounts(id sinso.PersonID) (map[sinso.StudyID]int, error) {
	releases, err := c.way.Releases(c.ctx(), id)
	counts := map[sinso.StudyID]int{}
	for _, row := range releases {
		counts[row.Study]++
	}
	return counts, err
}

func (c *call) studyOf(row sinso.StudyRow, all []sinso.SeriesRow, releases int) study {
	s := study{
		ID: row.ID, Person: row.Person, Modalities: []string{}, Instances: row.Instances, Bytes: row.Bytes,
		Tier: row.Tier, Origin: row.Origin, Imported: row.Imported, Original: row.Manifest, Releases: releases, Deidentified: row.Deidentified,
	}
	for _, one := range all {
		if !slices.Contains(s.Modalities, one.Modality) && one.Modality != "" {
			s.Modalities = append(s.Modalities, one.Modality)
		}
	}
	slices.Sort(s.Modalities)
	if c.opens(row.Person) {
		s.UID, s.Date, s.Description = row.UID, row.Date, row.Description
	}
	return s
}

// studyRow returns the study in the path, if the caller may do this to it.
func (c *call) studyRow(action auth.Action) (sinso.StudyRow, error) {
	id, err := c.id("study", "s_")
	if err != nil {
		return sinso.StudyRow{}, err
	}
	row, err := c.way.Study(c.ctx(), sinso.StudyID(id))
	if err != nil {
		return row, err
	}
	return row, c.caller.May(action, row.Person)
}

func (c *call) study() (study, error) {
	row, err := c.studyRow(auth.See)
	if err != nil {
		return study{}, err
	}
	all, err := c.way.Series(c.ctx(), row.ID)
	if err != nil {
		return study{}, err
	}
	counts, err := c.releaseCounts(row.Person)
	s, opens := c.studyOf(row, all, counts[row.ID]), c.opens(row.Person)
	for _, one := range all {
		in := series{ID: one.ID, Modality: one.Modality, BodyPart: one.BodyPart, Instances: one.Instances}
		if opens {
			in.UID, in.Description = one.UID, one.Description
			in.Date, in.Time = ingest.SeriesWhen(one.Header)
		}
		s.SeriesList = append(s.SeriesList, in)
	}
	return s, err
}

func (c *call) records() (list[record], error) {
	row, err := c.studyRow(auth.See)
	if err != nil {
		return list[record]{}, err
	}
	rows, err := c.way.Instances(c.ctx(), row.ID)
	return listOf(rows, c.recordOf), err
}

func (c *call) recordOf(row sinso.InstanceRow) record {
	r := record{
		ID: row.ID, Series: row.Series, Number: row.Number, SOPClass: row.SOPClass, Syntax: row.Syntax,
		Frames: row.Frames, Rows: row.Rows, Columns: row.Columns, Size: row.Size, Tier: row.Tier,
		CID: row.CID, Conflict: row.Conflict, Deidentified: row.Deidentified,
	}
	if c.opens(row.Person) {
		r.UID = row.UID
	}
	return r
}

// recordRow returns the record in the path, if the caller may do this to it.
func (c *call) recordRow(action auth.Action) (sinso.InstanceRow, error) {
	id, err := c.id("record", "i_")
	if err != nil {
		return sinso.InstanceRow{}, err
	}
	row, err := c.way.Instance(c.ctx(), sinso.InstanceID(id))
	if err != nil {
		return row, err
	}
	return row, c.caller.May(action, row.Person)
}

func (c *call) record() (record, error) {
	row, err := c.recordRow(auth.See)
	return c.recordOf(row), err
}

func (c *call) quarantine() (list[refusedFile], error) {
	if err := c.caller.May(auth.Operate, ""); err != nil {
		return list[refusedFile]{}, err
	}
	rows, err := c.way.Quarantine(c.ctx())
	return listOf(rows, func(row sinso.QuarantineRow) refusedFile {
		return refusedFile{CID: row.CID, Size: row.Size, Reason: row.Reason, Detail: row.Detail, At: row.At}
	}), err
}

// newRetry says as what an object of the quarantine is tried again.
type newRetry struct {
	Person sinso.PersonID `json:"person,omitempty"` // whose it is; "": by the patient identity in it
	// Research: a derivative is filed as research data.
	Research bool `json:"research,omitempty"`
}

// retried is what became of it.
type retried struct {
	Outcome  sinso.Outcome    `json:"outcome"` // "quarantined": it is refused still
	Reason   sinso.Reason     `json:"reason,omitempty"`
	Detail   string           `json:"detail,omitempty"`
	Person   sinso.PersonID   `json:"person,omitempty"`
	Study    sinso.StudyID    `json:"study,omitempty"`
	Instance sinso.InstanceID `json:"instance,omitempty"`
}

// retry is for who works the quarantine and may add to the person named.
func (c *call) retry(in newRetry) (retried, error) {
	if err := c.caller.May(auth.Operate, ""); err != nil {
		return retried{}, err
	}
	if in.Person != "" {
		if _, err := c.personAsked(auth.Import, string(in.Person)); err != nil {
			return retried{}, err
		}
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return retried{}, err
	}
	defer leave()
	receipt, err := c.way.Retry(c.ctx(), sinso.CID(c.r.PathValue("cid")), way.ImportOptions{
		Actor: c.caller.ID, Person: in.Person, Research: in.Research || c.caller.Research,
	})
	var refusal *ingest.RefusalError
	switch {
	case errors.As(err, &refusal) && refusal.Skip:
		return retried{Outcome: sinso.OutcomeSkipped, Reason: refusal.Reason, Detail: refusal.Detail}, nil
	case errors.As(err, &refusal):
		return retried{Outcome: sinso.OutcomeQuarantined, Reason: refusal.Reason, Detail: refusal.Detail}, nil
	case err != nil:
		return retried{}, err
	}
	return retried{Outcome: receipt.Outcome, Person: receipt.Person, Study: receipt.Study, Instance: receipt.Instance}, nil
}

// returned lists the copies that came back of what is the caller's to sell. To others
// such a copy is nobody's.
func (c *call) returned() (list[returnedCopy], error) {
	person, err := c.scope(auth.Sell)
	if err != nil {
		return list[returnedCopy]{}, err
	}
	rows, err := c.way.Returned(c.ctx(), person)
	return listOf(rows, func(row way.Returned) returnedCopy {
		return returnedCopy{row.CID, row.At, row.Release, row.Study}
	}), err
}
