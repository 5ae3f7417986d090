package way

import (
	"context"
	"fmt"
	"math"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// ForReview is what a record is opened for when it is reviewed, as it is written down.
const ForReview = "review"

// Preview is an item as a person is to see it.
type Preview struct {
	// Derivative is what its release holds of a sample, if Stored is set; else what a
	// release would hold of it if it were approved now. It is nil where that would be a
	// head with its face: no copy has one, and it is not shown as if it had.
	Derivative []byte
	Stored     bool
	Changes    []deid.Change  // what became of each element
	Marks      []deid.Mark    // what is blanked, and why
	Withheld   []sinso.Reason // what would hold it back even then
	Face       Face           // of what nobody has been asked about yet
}

// Preview makes what a release would hold of an item's instance if it were let
// through, with the boxes that were drawn so far, and writes down that it was opened.
// Its UIDs, pseudonyms and dates are those of no release. Of a sample it is what the
// release holds, made anew by its profile where the node has that no more.
func (w *Way) Preview(ctx context.Context, row sinso.ReviewRow, actor string) (Preview, error) {
	release, err := w.ReleaseRow(ctx, row.Release)
	if err != nil {
		return Preview{}, fmt.Errorf("way: review item %s: %w", row.ID, err)
	}
	profile, review, err := w.previewBy(ctx, row, release)
	if err != nil {
		return Preview{}, err
	}
	result, err := w.wouldBe(ctx, row.Instance, profile, review, actor, ForReview)
	if err != nil {
		return Preview{}, fmt.Errorf("way: review item %s: %w", row.ID, err)
	}
	made := Preview{Derivative: result.Clean.Bytes, Changes: result.Changes, Marks: result.Marks, Withheld: result.Clean.Withheld}
	if row.Sample() {
		stored, err := w.stored(ctx, release, row.Place)
		if err := ignore(ignore(err, sinso.ErrNotFound), sinso.ErrDenied); err != nil {
			return Preview{}, err
		}
		if err == nil {
			made.Derivative, made.Stored, made.Withheld = stored, true, nil
		}
	}
	if slices.Contains(made.Withheld, deid.ReasonFace) {
		made.Derivative = nil
	}
	return made, nil
}

// wouldBe opens an instance, writes down that it was, and cleans it. The UIDs, pseudonyms
// and dates of the result are those of no release.
func (w *Way) wouldBe(ctx context.Context, id sinso.InstanceID, profile *deid.Profile, review deid.Review, actor, purpose string) (result deid.Result, err error) {
	original, err := w.Open(ctx, id, actor, purpose)
	if err != nil {
		return result, err
	}
	err = guarded(func() (err error) {
		result, err = profile.Clean(ctx, sinso.Record{Kind: sinso.KindDICOM, Bytes: original}, deid.Release{Believe: true, Reader: w.Reader, Review: review})
		return err
	})
	return result, err
}

// previewBy returns by what an item is shown: what is withheld, as it would be made now;
// a sample, as its release was.
func (w *Way) previewBy(ctx context.Context, row sinso.ReviewRow, release sinso.ReleaseRow) (*deid.Profile, deid.Review, error) {
	by, last := w.profileNow, uint64(math.MaxUint64)
	if row.Sample() {
		by, last = func(_ context.Context, row sinso.ReleaseRow) (*deid.Profile, error) { return w.ProfileOf(row) }, release.Decided
	}
	profile, err := by(ctx, release)
	if err != nil {
		return nil, deid.Review{}, err
	}
	if profileName(profile) != row.Profile {
		return nil, deid.Review{}, fmt.Errorf("way: review item %s: its profile is not that of its release: %w", row.ID, sinso.ErrCorrupt)
	}
	decided, err := w.verdictsUpTo(ctx, row.Study, profile, last)
	review := decided.of[row.Instance].Review
	if !row.Sample() {
		review.Overrules = true
		if !isDecided(row) {
			review.Boxes = append(review.Boxes, boxesOf(row)...)
		}
	}
	return profile, review, err
}

// stored opens the object at a place of a release, from 1. ErrNotFound if it is not told
// which that is, or the node has it no more, ErrDenied if its key is gone.
func (w *Way) stored(ctx context.Context, release sinso.ReleaseRow, place int) ([]byte, error) {
	if place < 1 || release.Manifest == "" {
		return nil, fmt.Errorf("way: release %s: the place of a sample: %w", release.ID, sinso.ErrNotFound)
	}
	objects, err := w.objects(ctx, release)
	if err != nil {
		return nil, err
	}
	if place > len(objects) {
		return nil, fmt.Errorf("way: release %s: a sample is not in its manifest: %w", release.ID, sinso.ErrCorrupt)
	}
	object := objects[place-1]
	return w.open(ctx, object.CID, sinso.CEK(object.Key))
}

// objects are those of a release's manifest.
func (w *Way) objects(ctx context.Context, release sinso.ReleaseRow) ([]sinso.ManifestObject, error) {
	key, err := w.sealer.Key(ctx, release.Manifest, release.Keys, release.Custodian())
	if err != nil {
		return nil, fmt.Errorf("way: release %s: %w", release.ID, err)
	}
	manifest, err := w.readManifest(ctx, release.Manifest, key)
	return manifest.Objects, err
}
