package serve

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// room is how much a person keeps on this node, in plain bytes. What was refused and is in
// quarantine counts where there is a quota; what was rejected does not: nobody sees it.
type room struct {
	Used  int64 `json:"used"`
	Quota int64 `json:"quota"` // that they may keep; 0: there is no bound but the disk's
	// Nearly says that a tenth is left, or less.
	Nearly bool `json:"nearly,omitempty"`
}

// room is of the caller's own, or empty: who has nothing of their own has no quota.
func (c *call) room() (room, error) {
	if _, _, err := c.caller.Scope(auth.Import); err != nil || c.caller.Person == "" {
		return room{}, err
	}
	return c.roomOf(c.ctx(), c.caller.Person)
}

func (s *Server) roomOf(ctx context.Context, person sinso.PersonID) (room, error) {
	r := room{Quota: s.cfg.Quota}
	studies, err := s.way.Studies(ctx, person)
	for _, row := range studies {
		r.Used += row.Bytes
	}
	if err == nil && r.Quota > 0 {
		err = s.way.EachQuarantined(ctx, func(row sinso.QuarantineRow) {
			if row.Person == person {
				r.Used += row.Size
			}
		})
	}
	r.Nearly = r.Quota > 0 && r.Used >= r.Quota-r.Quota/10
	return r, err
}

// hasRoom is ErrDenied if a person who sends by themselves may not keep so many bytes more.
func (s *Server) hasRoom(ctx context.Context, person sinso.PersonID, more int64) error {
	if s.cfg.Quota == 0 || person == "" {
		return nil
	}
	r, err := s.roomOf(ctx, person)
	if err != nil {
		return err
	}
	if more > r.Quota-r.Used {
		return fmt.Errorf("serve: you keep %d of the %d bytes that you may keep here, and this is more: ask who runs the node, or have something erased: %w", r.Used, r.Quota, sinso.ErrDenied)
	}
	return nil
}
