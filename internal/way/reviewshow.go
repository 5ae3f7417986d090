package way

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// ForReview is what a record is opened for when it is reviewed, as it is written down.
const ForReview = "review"

// Preview is an item as a person is to see it.
type Preview struct {
	Derivative []byte         // what a release would hold of it if it were approved now
	Changes    []deid.Change  // what became of each element
	Marks      []deid.Mark    // what is blanked, and why
	Withheld   []sinso.Reason // what would hold it back even then
}

// Preview makes what a release would hold of an item's instance if it were let
// through, with the boxes that were drawn so far, and writes down that it was opened.
// Its UIDs, pseudonyms and dates are those of no release.
func (w *Way) Preview(ctx context.Context, row sinso.ReviewRow, actor string) (Preview, error) {
	release, err := w.ReleaseRow(ctx, row.Release)
	if err != nil {
		return Preview{}, fmt.Errorf("way: review item %s: %w", row.ID, err)
	}
	profile, err := w.profileNow(ctx, release)
	if err != nil {
		return Preview{}, err
	}
	if profileName(profile) != row.Profile {
		return Preview{}, fmt.Errorf("way: review item %s: its profile is not that of its release: %w", row.ID, sinso.ErrCorrupt)
	}
	decided, err := w.verdicts(ctx, row.Study, profile)
	if err != nil {
		return Preview{}, err
	}
	review := decided.of[row.Instance].Review
	review.Overrules = review.Overrules || !row.Sample()
	if !isDecided(row) {
		review.Boxes = append(review.Boxes, boxesOf(row)...)
	}
	original, err := w.Open(ctx, row.Instance, actor, ForReview)
	if err != nil {
		return Preview{}, err
	}
	result, err := profile.Clean(ctx, sinso.Record{Kind: sinso.KindDICOM, Bytes: original}, deid.Release{Believe: true, Reader: w.Reader, Review: review})
	if err != nil {
		return Preview{}, fmt.Errorf("way: review item %s: %w", row.ID, err)
	}
	return Preview{result.Clean.Bytes, result.Changes, result.Marks, result.Clean.Withheld}, nil
}
