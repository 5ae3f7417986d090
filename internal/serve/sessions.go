package serve

import (
	"net/http"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// openSession is one of the caller's signed-in pages.
type openSession struct {
	ID   string             `json:"id"` // opaque: not the cookie, and opens nothing
	How  sinso.SignInMethod `json:"how"`
	Made time.Time          `json:"made"`
	Used time.Time          `json:"used"` // the last request, to ten minutes
	This bool               `json:"this"` // it is the one that asks
}

func (c *call) sessions() (list[openSession], error) {
	return listOf(c.auth.Sessions(c.r, c.caller), func(s auth.Session) openSession {
		return openSession{ID: s.ID, How: s.How, Made: s.Made.UTC(), Used: s.Used.UTC(), This: s.This}
	}), nil
}

// ended says how many sessions were ended.
type ended struct {
	Ended int `json:"ended"`
}

func (c *call) endOthers() (ended, error) {
	ids := c.auth.EndOthers(c.r, c.caller)
	return ended{len(ids)}, c.sayEnded(ids)
}

func (c *call) endSession() error {
	id, err := c.id("session", "l_")
	if err != nil {
		return err
	}
	if err := c.auth.EndSession(c.caller, id); err != nil {
		return err
	}
	if err := c.sayEnded([]string{id}); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// sayEnded writes down which sessions were ended. They are, also if it fails.
func (c *call) sayEnded(ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return c.way.SessionsEnded(c.ctx(), ids, c.caller.ID, c.caller.Person)
}
