package way

import (
	"context"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
	"sinso.dev/sinso/internal/stage/grade"
)

// Survey says how many instances of a study could be sold if it were released
// now, and why the others could not. Nothing is stored.
func (w *Way) Survey(ctx context.Context, id sinso.StudyID) (eligible int, withheld map[sinso.Reason]int, err error) {
	instances, err := w.Instances(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	found := make([]surveyed, len(instances))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(importWorkers)
	for i, row := range instances {
		group.Go(func() (err error) {
			found[i], err = w.survey(groupCtx, row)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return 0, nil, err
	}
	sights := make([]deid.Sight, len(found))
	for i, one := range found {
		sights[i] = one.sight
	}
	face := deid.FaceIn(sights...)
	withheld = map[sinso.Reason]int{}
	for _, one := range found {
		switch {
		case len(one.withheld) > 0:
			withheld[one.withheld[0]]++
		case one.sight.Unnamed && face:
			withheld[deid.ReasonFace]++
		default:
			eligible++
		}
	}
	return eligible, withheld, nil
}

// surveyed is what is found of one instance.
type surveyed struct {
	withheld []sinso.Reason
	sight    deid.Sight
}

func (w *Way) survey(ctx context.Context, row sinso.InstanceRow) (surveyed, error) {
	if held := grade.Held(row.Tier); len(held) > 0 {
		return surveyed{withheld: held}, nil
	}
	key, err := w.sealer.Key(ctx, row.CID, row.Keys, sinso.KeyInstitution)
	if err != nil {
		return surveyed{}, err
	}
	original, err := w.open(ctx, row.CID, key)
	if err != nil {
		return surveyed{}, err
	}
	result, err := w.profile.Clean(ctx, sinso.Record{Kind: sinso.KindDICOM, Bytes: original}, deid.Release{})
	return surveyed{result.Clean.Withheld, result.Sight}, err
}
