package serve

import (
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// event is one step as a caller reads it.
type event struct {
	Seq  uint64          `json:"seq"`
	Type sinso.EventType `json:"type"`
	Code sinso.EventType `json:"code"` // the type: what a page translates by
	At   time.Time       `json:"at"`
	// Person is whose thing it is, by an opaque id; "" is nobody's.
	Person sinso.PersonID `json:"person,omitempty"`
	Actor  string         `json:"actor"` // a role and the first digits of a token's hash, or a part of the node
	Origin sinso.Origin   `json:"origin,omitempty"`
	Count  int            `json:"count"` // of events like it in a row, which this one stands for
	Says   string         `json:"says"`
}

func (s *Server) eventOf(e sinso.Event, count int) event {
	return event{
		Seq: e.Seq, Type: e.Type, Code: e.Type, At: e.At, Person: e.Person, Actor: e.Actor, Origin: e.Origin,
		Count: count, Says: s.sentence(e, count),
	}
}

// maxSeq is the greatest number that JSON carries exactly (RFC 8259 §6).
const maxSeq = 1 << 53

// audit is the log, for an auditor; and the person's own part, for an owner.
func (c *call) audit() (list[event], error) {
	found := list[event]{Items: []event{}}
	id, err := c.auditScope()
	if err != nil {
		return found, err
	}
	limit, err := c.number("limit", 100, 1, 1000)
	if err != nil {
		return found, err
	}
	var subjects []string
	if subject := c.r.URL.Query().Get("subject"); subject != "" {
		subjects = []string{subject}
	}
	if c.r.URL.Query().Get("newest") == "true" {
		return c.latest(id, subjects, limit)
	}
	after, err := c.number("after", -1, 0, maxSeq)
	if err != nil {
		return found, err
	}
	err = c.way.Page(c.ctx(), id, subjects, uint64(after+1), func(e sinso.Event) bool { //nolint:gosec // from 0 to maxSeq
		found.Items = append(found.Items, c.eventOf(e, 1))
		return len(found.Items) < limit
	})
	return found, err
}

// latest is the log newest first.
func (c *call) latest(person sinso.PersonID, subjects []string, limit int) (list[event], error) {
	before, err := c.number("before", maxSeq, 0, maxSeq)
	if err != nil {
		return list[event]{}, err
	}
	events, err := c.way.Latest(c.ctx(), person, subjects, uint64(before), limit) //nolint:gosec // from 0 to maxSeq
	return listOf(events, func(e sinso.Event) event { return c.eventOf(e, 1) }), err
}

// auditScope returns whose events may be read: an auditor's are all, an owner's
// their own.
func (c *call) auditScope() (sinso.PersonID, error) {
	if c.caller.May(auth.Audit, "") == nil && c.r.URL.Query().Get("person") == "" {
		return "", nil
	}
	return c.scope(auth.Follow)
}

// studyWay is what happened to a study, its records, its releases and their
// orders. Like events in a row are one step.
func (c *call) studyWay() (list[event], error) {
	found := list[event]{Items: []event{}}
	study, err := c.studyRow(auth.Follow)
	if err != nil {
		return found, err
	}
	subjects, err := c.subjects(study)
	if err != nil {
		return found, err
	}
	var last sinso.Event
	count := 0
	flush := func() {
		if count > 0 {
			found.Items = append(found.Items, c.eventOf(last, count))
		}
	}
	err = c.way.Page(c.ctx(), study.Person, subjects, 0, func(e sinso.Event) bool {
		if count > 0 && (e.Type != last.Type || e.Actor != last.Actor || !repeats[e.Type]) {
			flush()
			count = 0
		}
		last, count = e, count+1
		return true
	})
	flush()
	return found, err
}

// repeats are the events that come once for each record.
var repeats = map[sinso.EventType]bool{sinso.EventInstanceSealed: true, sinso.EventOpened: true}

// subjects are all that belongs to a study, by name.
func (c *call) subjects(study sinso.StudyRow) ([]string, error) {
	subjects := []string{string(study.ID)}
	instances, err := c.way.Instances(c.ctx(), study.ID)
	if err != nil {
		return nil, err
	}
	for _, row := range instances {
		subjects = append(subjects, string(row.ID))
	}
	releases, err := c.way.Releases(c.ctx(), study.Person)
	if err != nil {
		return nil, err
	}
	ours := map[sinso.ReleaseID]bool{}
	for _, row := range releases {
		if row.Study == study.ID {
			ours[row.ID] = true
			subjects = append(subjects, string(row.ID))
		}
	}
	orders, err := c.way.Orders(c.ctx(), study.Person)
	for _, row := range orders {
		if ours[row.Release] {
			subjects = append(subjects, row.Hash.String())
		}
	}
	return subjects, err
}
