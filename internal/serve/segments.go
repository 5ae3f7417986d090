package serve

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/volume"
	"sinso.dev/sinso/internal/stage/model"
)

// Segmentations of a series, of whose segments models are made.

// maxSegmentations is how many of a study are looked into.
const maxSegmentations = 16

type (
	segmentation struct {
		Record   sinso.InstanceID `json:"record"`
		Segments []segment        `json:"segments"`
	}
	someSegmentations struct {
		Items []segmentation `json:"items" nullable:"false"`
		More  int            `json:"more"` // that were not looked into: there are too many
	}
	segment struct {
		Number int    `json:"number"`
		Label  string `json:"label,omitempty"` // what somebody called it
	}
)

// segmentations lists those that refer to the series in the path. One that cannot be made
// into a model is left out.
func (c *call) segmentations() (someSegmentations, error) {
	rows, err := c.seriesRows()
	if err != nil {
		return someSegmentations{}, err
	}
	uid, others, err := c.segmentationRows(rows[0])
	if err != nil {
		return someSegmentations{}, err
	}
	others = slices.DeleteFunc(others, func(row sinso.InstanceRow) bool { return c.mayTreatBy(row) != nil })
	found, opened := []segmentation{}, map[sinso.SeriesID]bool{}
	looked := min(len(others), maxSegmentations)
	for _, row := range others[:looked] {
		if !opened[row.Series] {
			opened[row.Series] = true
			if err := c.opening([]sinso.InstanceRow{row}); err != nil {
				return someSegmentations{}, err
			}
		}
		s, err := c.segmentationOf(row)
		switch {
		case errors.Is(err, sinso.ErrUnsupported), errors.Is(err, sinso.ErrCorrupt):
			continue
		case err != nil:
			return someSegmentations{}, err
		case s.Of(uid):
			found = append(found, segmentation{row.ID, listOf(s.Segments, func(one volume.Segment) segment { return segment{one.Number, one.Label} }).Items})
		}
	}
	return someSegmentations{found, len(others) - looked}, nil
}

// segmentationRows are the segmentations in the study of a record that are no larger than
// is taken, and the UID of its series.
func (c *call) segmentationRows(of sinso.InstanceRow) (uid string, rows []sinso.InstanceRow, err error) {
	all, err := c.way.Series(c.ctx(), of.Study)
	if err != nil {
		return "", nil, err
	}
	if at := slices.IndexFunc(all, func(row sinso.SeriesRow) bool { return row.ID == of.Series }); at >= 0 {
		uid = all[at].UID
	}
	rows, err = c.way.Instances(c.ctx(), of.Study)
	return uid, slices.DeleteFunc(rows, func(row sinso.InstanceRow) bool {
		return !volume.IsSegmentation(row.SOPClass) || !model.FitsSegmentation(row)
	}), err
}

// segmentationOf reads what a segmentation says it has. Its bytes are not kept.
func (c *call) segmentationOf(row sinso.InstanceRow) (*volume.Segmentation, error) {
	leave, err := c.enter(c.reads)
	if err != nil {
		return nil, err
	}
	defer leave()
	raw, err := c.way.Read(c.ctx(), row)
	if err != nil {
		return nil, err
	}
	return volume.ReadSegmentation(raw)
}

// outlined puts what the query says of a segment into options, for a model of the series of
// a record. row is that of the segmentation.
func (c *call) outlined(o *model.Options, of sinso.InstanceRow) (row sinso.InstanceRow, err error) {
	if o.Segment, err = c.number("segment", 0, 1, model.MaxSegment); err != nil {
		return row, err
	}
	uid, rows, err := c.segmentationRows(of)
	if err != nil {
		return row, err
	}
	asked := sinso.InstanceID(c.r.URL.Query().Get("segmentation"))
	at := slices.IndexFunc(rows, func(row sinso.InstanceRow) bool { return row.ID == asked })
	if at < 0 {
		return row, fmt.Errorf("serve: segmentation: %w", sinso.ErrNotFound)
	}
	row, o.SeriesUID = rows[at], uid
	o.Segmentation = func(ctx context.Context) ([]byte, error) {
		leave, err := c.enter(c.reads)
		if err != nil {
			return nil, err
		}
		defer leave()
		return c.way.Read(ctx, row)
	}
	return row, c.mayTreatBy(row)
}
