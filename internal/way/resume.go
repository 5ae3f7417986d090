package way

import (
	"context"
	"errors"
)

// What an earlier run left undone.

// Resume takes every erasure, import, release and purchase that was begun to its end.
func (w *Way) Resume(ctx context.Context, actor string) error {
	if err := w.resumeErasures(ctx); err != nil {
		return err
	}
	begun := w.resumeBegun(ctx)
	if err := w.resumeStudies(ctx, actor); err != nil {
		return errors.Join(begun, err)
	}
	if w.Chain == nil {
		return begun
	}
	return errors.Join(begun, w.resumeReleases(ctx, actor), w.resumePurchases(ctx))
}

func (w *Way) resumeReleases(ctx context.Context, actor string) error {
	end, err := w.making.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, row := range releases {
		if _, err := w.advance(ctx, row.ID, actor, nil); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// resumeStudies lists the studies that an import was cut off in.
func (w *Way) resumeStudies(ctx context.Context, actor string) error {
	studies, err := w.Studies(ctx, "")
	if err != nil {
		return err
	}
	for _, study := range studies {
		if study.Listed == study.Instances {
			continue
		}
		if err := w.closeStudy(ctx, study.ID, actor, study.Origin); err != nil {
			return err
		}
	}
	return nil
}
