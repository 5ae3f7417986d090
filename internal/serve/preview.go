package serve

import (
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// What a copy would have of a record, before there is one: for who may decide over it.
// It is made when they ask, and kept in memory for a while, as what is reviewed is.

// recordPreview is what would become of one record.
type recordPreview struct {
	Record  sinso.InstanceID `json:"record"`
	Profile string           `json:"profile"`
	Face    way.Face         `json:"face"` // named: its words say that a head is in it; possible: its size does; none
	Shown
}

// forecast returns the record in the path with what would be made of it, if the caller may
// decide over it.
func (c *call) forecast() (sinso.InstanceRow, way.Forecast, error) {
	row, err := c.recordRow(auth.Review)
	if err != nil {
		return row, way.Forecast{}, err
	}
	profile, err := preset(c.r.URL.Query().Get("profile"))
	if err != nil {
		return row, way.Forecast{}, err
	}
	made, err := c.way.Forecast(c.ctx(), row, profile)
	return row, made, err
}

func (c *call) recordPreview() (recordPreview, error) {
	row, forecast, err := c.forecast()
	if err != nil {
		return recordPreview{}, err
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return recordPreview{}, err
	}
	defer leave()
	made, err := forecast.Preview(c.ctx(), c.caller.ID)
	if err != nil {
		return recordPreview{}, err
	}
	if len(made.Changes) > 0 { // else there is nothing to draw
		c.previews.put(c.caller.ID+" "+forecast.Name(), made.Derivative)
	}
	return recordPreview{Record: row.ID, Profile: forecast.Profile(), Face: made.Face, Shown: shownOf(c.cfg.Explain, row, made)}, nil
}

func (c *call) recordPreviewPicture() error {
	row, forecast, err := c.forecast()
	if err != nil {
		return err
	}
	side, frame, size, err := c.sideAsked("side", row)
	if err != nil {
		return err
	}
	return c.givePicture(c.pictureKey(forecast.Name(), side, frame, size), func() ([]byte, error) {
		if side == before {
			return c.draw(row, frame, size, way.ForPreview)
		}
		return c.drawPreview(forecast.Name(), row, frame, size, func() (way.Preview, error) {
			made, err := forecast.Preview(c.ctx(), c.caller.ID)
			if err == nil && len(made.Changes) == 0 {
				err = fmt.Errorf("no copy can be made of this record: %w", sinso.ErrUnsupported)
			}
			return made, err
		})
	})
}
