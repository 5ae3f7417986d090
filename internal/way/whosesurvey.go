package way

import (
	"context"
	"errors"
	"slices"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/identity"
	"sinso.dev/sinso/internal/stage/ingest"
)

// maxAskedStudies bounds the studies that are told of one patient.
const maxAskedStudies = 50

// Patients are those whom the objects of an upload name. Done must be called when it is
// filed, or is not to be.
type Patients struct {
	List []sinso.AskedPatient // the first MaxOutcomePatients
	Asks bool                 // somebody has to be asked first
	Done func()
}

// PatientsOf reads all objects of a source, files none, and tells whom they name and whose
// each would be. What would be refused anyway names nobody.
func (w *Way) PatientsOf(ctx context.Context, source Source, o ImportOptions) (Patients, error) {
	s := &survey{filer: filer{w, o}}
	p := Patients{Done: func() { w.namings.leave(s) }}
	at := -1
	err := source(ctx, func(found ingest.Found) error {
		at++
		if found.Refusal != nil {
			return nil //nolint:nilerr // counted when it is filed
		}
		return s.add(ctx, found.Item, at)
	})
	if err == nil {
		s.amongThem()
	}
	if err != nil {
		p.Done()
		return Patients{Done: func() {}}, err
	}
	for _, line := range s.lines {
		p.Asks = p.Asks || line.Why != ""
		p.List = append(p.List, *line.AskedPatient)
	}
	return p, nil
}

// survey is one look at an upload.
type survey struct {
	filer
	lines []*surveyed
}

type surveyed struct {
	*sinso.AskedPatient
	named identity.Named
}

// add adds what is at a place of the source.
func (s *survey) add(ctx context.Context, item sinso.Item, at int) error {
	record, err := ingest.Read(item)
	var refusal *ingest.RefusalError
	if errors.As(err, &refusal) {
		return nil
	}
	if err != nil {
		return err
	}
	if refusal, err = s.derivative(ctx, &record); err != nil || refusal != nil || record.Header.Deidentified == sinso.DeidentifiedHere {
		return err
	}
	line, err := s.line(ctx, s.namer.Named(record.Header))
	if err == nil && line != nil {
		line.count(record.Header)
		line.picture(record, item.Size(), at)
	}
	return err
}

// line finds the line of a patient, or begins it. Nil: there are enough of them, and this
// one is told of next time, or not at all.
func (s *survey) line(ctx context.Context, n identity.Named) (*surveyed, error) {
	for _, line := range s.lines {
		if line.named.Match == n.Match && len(differences(line.named, n)) == 0 {
			line.fill(n)
			return line, nil
		}
	}
	v, err := s.judge(ctx, n)
	if err != nil {
		return nil, err
	}
	if len(s.lines) >= sinso.MaxOutcomePatients {
		if v.why == "" {
			return nil, nil
		}
		quiet := slices.IndexFunc(s.lines, func(l *surveyed) bool { return l.Why == "" })
		if quiet < 0 {
			return nil, nil
		}
		s.lines = slices.Delete(s.lines, quiet, quiet+1)
	}
	line := &surveyed{&sinso.AskedPatient{UploadPatient: v.UploadPatient, Why: v.why, Differs: v.differs, Match: n.Match}, n}
	line.fill(n)
	s.lines = append(s.lines, line)
	return line, nil
}

// fill takes up what earlier objects of the line left out.
func (l *surveyed) fill(n identity.Named) {
	// Revealed to see whether it is there.
	if l.named.Name.Reveal() == "" {
		l.named.Name = n.Name
	}
	if l.named.Birth.Reveal() == "" {
		l.named.Birth = n.Birth
	}
	l.ID, l.Issuer, l.Name, l.Birth = l.named.ID, l.named.Issuer, l.named.Name, l.named.Birth
}

// What is noted to be drawn of one patient.
const (
	maxPictures     = 3        // should the first not be readable
	maxPictureBytes = 64 << 20 // of an object
)

// picture notes where an object with pixels is.
func (l *surveyed) picture(record sinso.Record, size int64, at int) {
	if record.Header.Frames > 0 && size <= maxPictureBytes && len(l.Pictures) < maxPictures {
		l.Pictures = append(l.Pictures, at)
	}
}

// count counts an object to its patient and its study.
func (l *surveyed) count(h sinso.Header) {
	l.Objects++
	// Revealed to be compared.
	at := slices.IndexFunc(l.Studies, func(study sinso.AskedStudy) bool { return study.UID.Reveal() == h.StudyUID.Reveal() })
	if at < 0 {
		if len(l.Studies) == maxAskedStudies {
			return
		}
		at, l.Studies = len(l.Studies), append(l.Studies, sinso.AskedStudy{UID: h.StudyUID, Date: h.StudyDate})
	}
	study := &l.Studies[at]
	study.Objects++
	if h.Modality != "" && len(h.Modality) <= maxModality && len(study.Modalities) < maxAskedStudies && !slices.Contains(study.Modalities, h.Modality) {
		study.Modalities = append(study.Modalities, h.Modality)
	}
}

const maxModality = 16 // bytes, PS3.5 Table 6.2-1 (CS)

// amongThem asks where one new identity has two names, in this upload or in another that is
// being filed: nothing here says which of them it is.
func (s *survey) amongThem() {
	for _, line := range s.lines {
		if !line.New {
			continue
		}
		others := s.namings.enter(s, line.named)
		for _, other := range s.lines {
			if other != line && other.named.Match == line.named.Match {
				others = append(others, other.named)
			}
		}
		for _, other := range others {
			if differs := differences(line.named, other); len(differs) > 0 {
				line.Why, line.Differs = sinso.AsksConflict, differs
			}
		}
	}
	for _, line := range s.lines {
		if line.Why == "" {
			continue
		}
		if line.New {
			line.Person, line.New = "", false
		}
		line.Key = s.keyOf(line.named)
	}
}

// namings are the new identities that uploads under way bring, so that of two that give one
// of them another name the second is asked about.
type namings struct {
	mu   sync.Mutex // guards held
	held map[string][]naming
}

type naming struct {
	by    *survey
	named identity.Named
}

// enter notes an identity, and returns what others note of it.
func (m *namings) enter(by *survey, n identity.Named) (others []identity.Named) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == nil {
		m.held = map[string][]naming{}
	}
	for _, one := range m.held[n.Match] {
		if one.by != by {
			others = append(others, one.named)
		}
	}
	m.held[n.Match] = append(m.held[n.Match], naming{by, n})
	return others
}

// leave forgets what a survey noted.
func (m *namings) leave(by *survey) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, line := range by.lines {
		match := line.named.Match
		left := slices.DeleteFunc(m.held[match], func(one naming) bool { return one.by == by })
		if len(left) == 0 {
			delete(m.held, match)
			continue
		}
		m.held[match] = left
	}
}
