package way

import (
	"context"
	"errors"

	"sinso.dev/sinso"
)

// CheckObjects opens every sealed object that the index names, block by block,
// and calls damaged with each that does not come back as it was sealed. It
// returns how many it read.
func (w *Way) CheckObjects(ctx context.Context, damaged func(error)) (int, error) {
	checked := 0
	check := func(root sinso.CID, keys []sinso.WrappedKey, to sinso.KeyID) error {
		if root == "" {
			return nil
		}
		checked++
		key, err := w.sealer.Key(ctx, root, keys, to)
		if err == nil {
			err = w.check(ctx, root, key, false)
		}
		return w.note(err, damaged)
	}
	if err := w.checkOriginals(ctx, check); err != nil {
		return checked, err
	}
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return checked, err
	}
	for _, row := range releases {
		if row.Manifest == "" || isGivenUp(row) {
			continue
		}
		read, err := w.checkRelease(ctx, row, damaged)
		if checked += read; err != nil {
			return checked, err
		}
	}
	purchases, err := w.Purchases(ctx)
	if err != nil {
		return checked, err
	}
	for _, row := range purchases {
		if row.Step != stepFetched && row.Step != stepReleased {
			continue
		}
		verified, err := w.Verify(ctx, row.Token)
		checked += verified.Evidence.Released
		if err := w.note(err, damaged); err != nil {
			return checked, err
		}
	}
	return checked, nil
}

// note sorts a failure: damage is reported, anything else ends the check.
func (w *Way) note(err error, damaged func(error)) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sinso.ErrCorrupt) || errors.Is(err, sinso.ErrNotFound) {
		damaged(err)
		return nil
	}
	return err
}

func (w *Way) checkOriginals(ctx context.Context, check func(sinso.CID, []sinso.WrappedKey, sinso.KeyID) error) error {
	studies, err := w.Studies(ctx, "")
	if err != nil {
		return err
	}
	for _, study := range studies {
		if err := check(study.Manifest, study.Keys, sinso.KeyInstitution); err != nil {
			return err
		}
		instances, err := w.Instances(ctx, study.ID)
		if err != nil {
			return err
		}
		for _, row := range instances {
			if err := check(row.CID, row.Keys, sinso.KeyInstitution); err != nil {
				return err
			}
		}
	}
	refused, err := w.everRefused(ctx)
	if err != nil {
		return err
	}
	for _, row := range refused {
		if err := check(row.CID, row.Keys, sinso.KeyInstitution); err != nil {
			return err
		}
	}
	return nil
}

// checkRelease opens what a release holds.
func (w *Way) checkRelease(ctx context.Context, row sinso.ReleaseRow, damaged func(error)) (int, error) {
	key, err := w.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian())
	if err != nil {
		return 0, w.note(err, damaged)
	}
	manifest, err := w.readManifest(ctx, row.Manifest, key)
	if err != nil {
		return 1, w.note(err, damaged)
	}
	for _, object := range append(manifest.Objects, *manifest.Evidence) {
		if err := w.note(w.check(ctx, object.CID, sinso.CEK(object.Key), true), damaged); err != nil {
			return 1, err
		}
	}
	return len(manifest.Objects) + 2, nil
}
