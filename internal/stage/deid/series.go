package deid

import (
	"context"
	"errors"

	"sinso.dev/sinso/internal/stage/deid/deface"
)

// Series sums up the sights of the objects of one series, of those that nothing but a
// face withholds.
type Series struct {
	Named   bool // a head is in one of them, by its words
	Unnamed bool // one of them names no part of the body
	Heads   int  // frames of a head's size, of those that name another part
}

// Add takes in one more object.
func (s *Series) Add(sight Sight) {
	s.Named = s.Named || sight.Named
	s.Unnamed = s.Unnamed || sight.Unnamed
	if !sight.Named && !sight.Unnamed {
		s.Heads += sight.Heads
	}
}

// Doubtful reports whether the series may show a head, so that [Profile.Judge] has
// something to say. inStudy is what [FaceIn] says of its study.
func (s Series) Doubtful(inStudy bool) bool { return s.Named || s.mayShow(inStudy) }

// mayShow reports whether pixels look like a head's, whatever the words are. Of
// objects that name another part one in lookedShare was looked at.
func (s Series) mayShow(inStudy bool) bool {
	return s.Unnamed && inStudy || s.Heads >= faceFrames/2
}

// Judgement is what became of a series that may show a head.
type Judgement struct {
	Face  bool    // a head is in it, or may be
	Found Finding // by its geometry; "" where its words sufficed
	// Faceless is the series without its face: nil without a face, where the profile does
	// not ask for it, and where it cannot be done well enough.
	Faceless *Faceless
	Plan     *deface.Plan // what was planned, also if it failed a check; nil: nothing was
	Why      string       // why a series with a face has no Faceless, in a few words; nothing in it is from an object
}

// Defaces reports whether the profile takes faces out.
func (p *Profile) Defaces() bool { return p.options[CleanVisualFeatures] }

// Why a series keeps its face, besides the failures of a plan.
const (
	WhyProfile = "the profile does not take faces out"
	WhyVolume  = "the series is no block of parallel slices that can be read"
	WhyEncoded = "the pixels are compressed in a way that cannot be written again without loss"
)

// Judge decides whether a series shows a head, by its geometry, and plans how its face
// is taken out if the profile asks for that ([CleanVisualFeatures]). What no word names
// is a head unless it certainly is none; what names another part only if it certainly is
// one. count objects are read by open, twice each, and only if they have to be: their
// order is that in which [Faceless.Clean] knows them. The error is that of open or ctx.
func (p *Profile) Judge(ctx context.Context, release Release, s Series, inStudy bool, count int, open func(int) ([]byte, error)) (Judgement, error) {
	asked := p.Defaces()
	switch {
	case !s.Doubtful(inStudy):
		return Judgement{}, nil
	case s.Named && !asked:
		return Judgement{Face: true, Why: WhyProfile}, nil
	}
	v, err := newVolume(ctx, count, open)
	if errors.Is(err, errNoVolume) {
		return Judgement{Face: s.Named || s.Unnamed && inStudy, Found: ShowsUnclear, Why: WhyVolume}, nil
	}
	if err != nil {
		return Judgement{}, err
	}
	j := Judgement{Why: WhyProfile}
	if !s.Named {
		verdict, err := v.find(ctx)
		if err != nil {
			return Judgement{}, err
		}
		j.Found = findingOf(verdict)
	}
	if j.Face = s.Named || j.Found == ShowsHead || j.Found == ShowsUnclear && s.Unnamed && inStudy; !j.Face {
		return Judgement{Found: j.Found}, nil
	}
	if asked {
		err = v.deface(ctx, release, &j)
	}
	return j, err
}

func findingOf(verdict deface.Verdict) Finding {
	switch verdict {
	case deface.Head:
		return ShowsHead
	case deface.None:
		return ShowsNone
	case deface.Unclear:
	}
	return ShowsUnclear
}

// deface plans how the face is taken out of all phases of the series.
func (v *volume) deface(ctx context.Context, release Release, j *Judgement) error {
	key := derive(release.Secret, labelFace)
	plans, why, err := v.plan(ctx, key[:])
	if err != nil {
		return err
	}
	j.Why = why
	if len(plans) > 0 {
		j.Plan = plans[0]
	}
	switch {
	case j.Found != "":
	case len(plans) > 0:
		j.Found = findingOf(plans[0].Finding.Verdict)
	default:
		j.Found = ShowsUnclear
	}
	if why == "" {
		j.Faceless = &Faceless{v, plans}
	}
	return nil
}
