package way

import (
	"context"
	"fmt"
	"slices"

	"sinso.dev/sinso"
)

// A release of a part: chosen series of a study, and nothing else of it. The rest is
// looked at all the same, for what it says of the part: a head in a series that stays
// here makes what names no part of the body suspect in one that is to go.

// ReasonNotChosen withholds what is of no series that its person chose.
const ReasonNotChosen = sinso.Reason("not-chosen")

// part returns the series of a study that are asked for, sorted and each once; none is
// all of the study. One that is not in it is ErrNotFound.
func (w *Way) part(ctx context.Context, study sinso.StudyID, asked []sinso.SeriesID) ([]sinso.SeriesID, error) {
	if len(asked) == 0 {
		return nil, nil
	}
	rows, err := w.Series(ctx, study)
	if err != nil {
		return nil, fmt.Errorf("way: study %s: %w", study, err)
	}
	asked = slices.Clone(asked)
	slices.Sort(asked)
	asked = slices.Compact(asked)
	for _, id := range asked {
		if !slices.ContainsFunc(rows, func(row sinso.SeriesRow) bool { return row.ID == id }) {
			return nil, fmt.Errorf("way: study %s: a series that is chosen is none of its: %w", study, sinso.ErrNotFound)
		}
	}
	return asked, nil
}

// chose reports whether an instance is of what a release is made of.
func chose(release sinso.ReleaseRow, instance sinso.InstanceRow) bool {
	return len(release.Series) == 0 || slices.Contains(release.Series, instance.Series)
}

// leave withholds what was not chosen, once all of the study was judged.
func (d *derivation) leave(instances []sinso.InstanceRow) {
	for i, row := range instances {
		if !chose(d.row, row) {
			d.results[i].withheld = []sinso.Reason{ReasonNotChosen}
		}
	}
}
