package deidrun

import (
	"context"
	"crypto/sha256"
	"errors"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/ingest"
)

const (
	// maxVoxels bounds the voxels of the series that are judged at a time: two bytes
	// each. One series may have as many, and is then alone.
	maxVoxels = 1 << 28
	// leastVoxels stand for what judging takes whatever the size of the series.
	leastVoxels = 1 << 25
)

// whyGone is why a series is withheld whose originals are not what they were.
const whyGone = "an original has changed or gone since it was read, or could not be read again"

// remake is what makes an item of a series once more, without its face.
type remake struct {
	old      record
	faceless *deid.Faceless
	object   int // its number in that
	plan     id
}

// judge decides about the series that may show a head, once every file was seen, and
// makes again those of which the face is taken out.
func (r *run) judge(ctx context.Context) error {
	suspects, err := r.survey(ctx)
	if err != nil || len(suspects) == 0 {
		return err
	}
	p, todo := r.newPipeline(), make(chan *suspect)
	return p.flow(ctx, func(ctx context.Context) error {
		defer close(todo)
		for _, s := range suspects {
			if err := send(ctx, todo, s); err != nil {
				return err
			}
		}
		return nil
	}, func(ctx context.Context) error {
		for s := range todo {
			if err := p.judgeOne(ctx, s); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
}

// judgeOne decides about one series. What is in the journal already is not done again.
func (p *pipeline) judgeOne(ctx context.Context, s *suspect) (err error) {
	digest := s.digest()
	same := s.known != nil && s.known.Members == digest
	if same && (!s.known.Out || s.whole()) {
		return nil
	}
	o := &originals{pipeline: p, again: &ingest.Again{}}
	defer func() { err = errors.Join(err, o.again.Close()) }()
	verdict, faceless, err := p.decide(ctx, s, o, digest)
	if err != nil {
		return err
	}
	if err := send(ctx, p.outcomes, outcome{face: verdict}); err != nil || faceless == nil {
		return err
	}
	object := 0
	for i, m := range s.members {
		if i > 0 && m.from != s.members[i-1].from {
			object++
		}
		if same && m.made {
			continue
		}
		if err := p.sendAgain(ctx, o, m, remake{faceless: faceless, object: object, plan: digest}); err != nil {
			return err
		}
	}
	return nil
}

// whole reports whether every file of the series was made by the plan that is known.
func (s *suspect) whole() bool {
	for _, m := range s.members {
		if !m.made {
			return false
		}
	}
	return true
}

// decide judges a series by its originals. One that cannot be read again shows a face,
// and is judged once more by the next run.
func (p *pipeline) decide(ctx context.Context, s *suspect, o *originals, digest id) (*judged, *deid.Faceless, error) {
	held := min(max(s.voxels, leastVoxels), maxVoxels)
	if err := p.volumes.Acquire(ctx, held); err != nil {
		return nil, nil, err
	}
	defer p.volumes.Release(held)
	objects := s.objects()
	verdict := &judged{Study: s.study, Series: s.series, Files: len(s.members)}
	j, err := p.profile.Judge(ctx, deid.Release{Secret: p.state.secret}, s.sights, s.inStudy, len(objects), func(i int) ([]byte, error) {
		_, data, err := o.read(ctx, objects[i])
		return data, err
	})
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if err != nil {
		verdict.Face, verdict.Why = true, whyGone
		return verdict, nil, nil // it is in the report, and the rest goes on
	}
	verdict.Members, verdict.Face, verdict.Found, verdict.Why = digest, j.Face, j.Found, j.Why
	if j.Faceless != nil {
		plan := j.Faceless.Plan()
		verdict.Out, verdict.Changed = true, plan.Changed
		verdict.Mean, verdict.P95, verdict.Near = plan.Face.Mean, plan.Face.P95, plan.Face.Near
	}
	return verdict, j.Faceless, nil
}

// sendAgain hands on one original, to be made without its face.
func (p *pipeline) sendAgain(ctx context.Context, o *originals, m member, again remake) error {
	old, data, err := o.read(ctx, m)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return nil //nolint:nilerr // it has no record under this plan, so that it is withheld
	}
	bytes, err := p.take(ctx, int64(len(data)))
	if err != nil {
		return err
	}
	again.old = *old
	it := item{found: ingest.Found{Item: sinso.Item{Bytes: data}}, again: &again, bytes: bytes}
	if err := send(ctx, p.items, it); err != nil {
		p.budget.Release(bytes)
		return err
	}
	return nil
}

// originals reads again what is in the journal.
type originals struct {
	*pipeline
	again *ingest.Again
}

// read returns the record of a member, and its original as it was.
func (o *originals) read(ctx context.Context, m member) (*record, []byte, error) {
	body, err := o.journal.bodyAt(m.at)
	if err != nil {
		return nil, nil, err
	}
	l := line{at: m.at, kind: kindRecord, body: body}
	rec, err := l.record()
	if err != nil {
		return nil, nil, err
	}
	name := sinso.NewPHI(o.lists.names.opened(rec.Name))
	data, err := o.again.Read(ctx, name, func(data []byte) bool { return o.lists.names.object(data) == m.from })
	return &rec, data, err
}

// object is the keyed hash of an original's bytes.
func (n *namer) object(data []byte) id {
	sum := sha256.Sum256(data)
	return n.id("object", string(sum[:]))
}

// remake makes an item of a series without its face. What cannot be made so keeps its
// derivative, and is withheld.
func (p *pipeline) remake(ctx context.Context, it item) (outcome, error) {
	again := it.again
	rec := again.old
	rec.Plan = again.plan
	in, err := ingest.Read(it.found.Item)
	var result deid.Result
	if err == nil {
		result, err = guarded(func() (deid.Result, error) {
			release := p.release()
			release.Seen = p.seen.take(again.old.From)
			return again.faceless.Clean(ctx, p.profile, again.object, in, release)
		})
	}
	if ctx.Err() != nil {
		return outcome{}, ctx.Err()
	}
	if errors.Is(err, sinso.ErrUnavailable) {
		return outcome{}, err
	}
	if err != nil {
		rec.Temp, rec.Class, rec.Reasons = "", classWithheld, []sinso.Reason{deid.ReasonFace}
		rec.File = rec.Class.path(plainName(rec.uid()))
		return outcome{rec: rec}, nil //nolint:nilerr // it is in the report, and the rest goes on
	}
	rec.Class, rec.Reasons = classClean, result.Clean.Withheld
	if len(rec.Reasons) > 0 {
		rec.Class = classWithheld
	}
	return p.made(rec, &result)
}
