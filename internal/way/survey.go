package way

import (
	"context"
	"sync"

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
	withheld = map[sinso.Reason]int{}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(importWorkers)
	for _, row := range instances {
		group.Go(func() error {
			reasons, err := w.reasons(ctx, row)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if len(reasons) == 0 {
				eligible++
				return nil
			}
			withheld[reasons[0]]++
			return nil
		})
	}
	return eligible, withheld, group.Wait()
}

// reasons are why an instance could not be sold.
func (w *Way) reasons(ctx context.Context, row sinso.InstanceRow) ([]sinso.Reason, error) {
	if held := grade.Held(row.Tier); len(held) > 0 {
		return held, nil
	}
	key, err := w.sealer.Key(ctx, row.CID, row.Keys, sinso.KeyInstitution)
	if err != nil {
		return nil, err
	}
	original, err := w.open(ctx, row.CID, key)
	if err != nil {
		return nil, err
	}
	result, err := w.profile.Clean(ctx, sinso.Record{Kind: sinso.KindDICOM, Bytes: original}, deid.Release{})
	return result.Clean.Withheld, err
}
