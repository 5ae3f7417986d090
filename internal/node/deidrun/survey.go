package deidrun

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// judged is what was decided about a series that may show a head, in the journal and in
// the report.
type judged struct {
	Study   string       `json:"study"` // this and the next are of the derivatives
	Series  string       `json:"uid"`
	Members id           `json:"members,omitzero"` // names the originals that it was decided over; none: they could not be read again
	Files   int          `json:"files"`
	Face    bool         `json:"face"`               // a head is in it, or may be
	Found   deid.Finding `json:"found,omitempty"`    // by its geometry, where that was looked at
	Out     bool         `json:"faceless,omitempty"` // the face is taken out
	Why     string       `json:"why,omitempty"`      // why it is not

	// Of a face that is taken out.
	Changed float64 `json:"changed,omitempty"`         // share of all voxels
	Mean    float64 `json:"meanMillimetres,omitempty"` // from the old skin to the new surface
	P95     float64 `json:"p95Millimetres,omitempty"`  // the 95th percentile of it
	Near    float64 `json:"near,omitempty"`            // share of the skin with the new surface nearer than 3 mm
}

func (l *line) judged() (*judged, error) {
	j := new(judged)
	if err := json.Unmarshal(l.body, j); err != nil {
		return nil, fmt.Errorf("deid: the journal of the run: %w", sinso.ErrCorrupt)
	}
	return j, nil
}

// groupOf names a series.
func groupOf(study, series string) id { return half(sha256.Sum256([]byte(study + "/" + series))) }

// suspect is a series that may show a head. Of each of its files it holds 40 bytes.
type suspect struct {
	study, series string
	sights        deid.Series
	inStudy       bool
	voxels        int64
	members       []member
	known         *judged // by an earlier run
}

// member is one original of a suspect.
type member struct {
	at   int64 // of its record in the journal
	from id
	made bool // by the plan that is known
}

// survey finds the series that may show a head, from the journal: in what order their
// files were done makes no difference.
func (r *run) survey(ctx context.Context) ([]*suspect, error) {
	t := newTally(r)
	suspects, studies := map[id]*suspect{}, map[string][2]deid.Sight{}
	err := t.each(ctx, func(_ int, rec *record) error {
		if !rec.stale && rec.Head { // also of what is withheld for another reason
			study := studies[rec.Study]
			study[0].Named = true
			studies[rec.Study] = study
		}
		if rec.stale || rec.From == (id{}) {
			return nil
		}
		s := suspects[rec.group()]
		if s == nil {
			s = &suspect{study: rec.Study}
			suspects[rec.group()] = s
		}
		sight := rec.sight()
		s.sights.Add(sight)
		study := studies[rec.Study] // what is named in it, and what is not
		study[0].Named = study[0].Named || sight.Named
		if sight.Unnamed {
			study[1].Unnamed = true
			study[1].Heads += sight.Heads
		}
		studies[rec.Study] = study
		return nil
	})
	if err != nil {
		return nil, err
	}
	for group, s := range suspects {
		study := studies[s.study]
		s.inStudy, s.known = deid.FaceIn(study[:]...), r.book.faces[group]
		if !s.sights.Doubtful(s.inStudy) {
			delete(suspects, group)
		}
	}
	if len(suspects) == 0 {
		return nil, nil
	}
	return r.gatherMembers(ctx, t, suspects)
}

// gatherMembers fills the suspects with the files that this run met.
func (r *run) gatherMembers(ctx context.Context, t *tally, suspects map[id]*suspect) ([]*suspect, error) {
	err := t.each(ctx, func(session int, rec *record) error {
		s := suspects[rec.group()]
		if s == nil || rec.stale || rec.From == (id{}) || session != r.book.sessions && !t.ofThisRun(rec) {
			return nil
		}
		s.series = rec.Series
		s.voxels += rec.Voxels
		s.members = append(s.members, member{rec.at, rec.From, s.known != nil && rec.Plan != id{} && rec.Plan == s.known.Members})
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]*suspect, 0, len(suspects))
	for _, s := range suspects {
		if len(s.members) > 0 {
			slices.SortFunc(s.members, func(a, b member) int { return bytes.Compare(a.from[:], b.from[:]) })
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b *suspect) int {
		x, y := groupOf(a.study, a.series), groupOf(b.study, b.series)
		return bytes.Compare(x[:], y[:])
	})
	return out, nil
}

// digest names the originals of a series, whatever files they are in.
func (s *suspect) digest() id {
	hash := sha256.New()
	for _, m := range s.objects() {
		hash.Write(m.from[:])
	}
	return id(hash.Sum(nil)[:16])
}

// objects returns the members of which no other has the same bytes.
func (s *suspect) objects() []member {
	return slices.CompactFunc(slices.Clone(s.members), func(a, b member) bool { return a.from == b.from })
}
