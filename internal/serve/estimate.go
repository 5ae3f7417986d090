package serve

import (
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// reviewEstimate is for those who see all: what is known of a device is of everybody
// who was examined by it.
func (c *call) reviewEstimate() (way.LeakRate, error) {
	_, all, err := c.caller.Scope(auth.Review)
	if err == nil && !all {
		err = fmt.Errorf("serve: the estimate is over everybody's records: %w", sinso.ErrDenied)
	}
	if err != nil {
		return way.LeakRate{}, err
	}
	return c.way.LeakRate(c.ctx())
}
