package dicomweb

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sinso.dev/sinso"
)

// change is one change as a client reads it.
type change struct {
	Seq         uint64    `json:"seq"`
	At          time.Time `json:"at"`
	Action      Action    `json:"action"`
	StudyUID    string    `json:"studyUID"`
	SeriesUID   string    `json:"seriesUID,omitempty"`
	InstanceUID string    `json:"instanceUID,omitempty"`
	URL         string    `json:"url"`
}

const (
	usualChanges = 100
	mostChanges  = 1000 // of one answer
)

// changes tells what changed behind a number: as an array, or as an event stream
// that goes on (HTML Living Standard §9.2).
func (c *call) changes() error {
	person, _, err := c.caller.Scope(c.cfg.Read)
	if err != nil {
		return err
	}
	after, err := c.number("after", 0)
	if err != nil {
		return err
	}
	limit, err := c.number("limit", usualChanges)
	if err != nil || limit < 1 || limit > mostChanges {
		return invalid(fmt.Sprintf("limit is a number from 1 to %d", mostChanges))
	}
	wishes, err := c.wishes()
	if err != nil {
		return err
	}
	switch first(wishes, plainJSON, jsonType, eventsType) {
	case eventsType:
		return c.follow(person, after)
	case "":
		return notAcceptable("changes are given out as application/json or text/event-stream")
	}
	list := []change{}
	err = c.cfg.Archive.Changes(c.ctx(), person, after, int(limit), func(at Change) error {
		list = append(list, c.change(at))
		return nil
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("dicomweb: changes: %w", err)
	}
	return c.reply(http.StatusOK, plainJSON, append(body, '\n'))
}

func (c *call) change(at Change) change {
	url := studyURL(c.base(), at.StudyUID)
	switch {
	case at.InstanceUID != "":
		url = instanceURL(c.base(), at.StudyUID, at.SeriesUID, at.InstanceUID)
	case at.SeriesUID != "":
		url = seriesURL(c.base(), at.StudyUID, at.SeriesUID)
	}
	return change{at.Seq, at.At, at.Action, at.StudyUID, at.SeriesUID, at.InstanceUID, url}
}

// follow sends changes as they come, until the client or the server ends it. A
// client that comes back says where it was: Last-Event-ID.
func (c *call) follow(person sinso.PersonID, after uint64) error {
	if last := strings.TrimSpace(c.r.Header.Get("Last-Event-ID")); last != "" {
		n, err := strconv.ParseUint(last, 10, 53)
		if err != nil {
			return invalid("Last-Event-ID is none of ours")
		}
		after = n
	}
	select {
	case c.listen <- struct{}{}:
		defer func() { <-c.listen }()
	default:
		return fmt.Errorf("dicomweb: %d event streams at once: %w", maxListeners, sinso.ErrBusy)
	}
	c.w.Header().Set("Content-Type", eventsType)
	c.w.WriteHeader(http.StatusOK)
	if err := c.w.flush(); err != nil {
		return err
	}
	ticker := time.NewTicker(c.poll)
	defer ticker.Stop()
	for quiet := 0; ; quiet++ {
		last, err := c.sendChanges(c.ctx(), person, after)
		if err != nil {
			return err
		}
		if last != after {
			after, quiet = last, 0
			continue // there may be more already
		}
		if quiet == aliveEvery {
			quiet = 0
			if _, err := c.w.Write([]byte(":\n\n")); err != nil {
				return err
			}
			if err := c.w.flush(); err != nil {
				return err
			}
		}
		select {
		case <-ticker.C:
		case <-c.ctx().Done():
			return errGone
		case <-c.closed:
			return nil
		}
	}
}

// sendChanges sends what is there, and returns the number of the last.
func (c *call) sendChanges(ctx context.Context, person sinso.PersonID, after uint64) (uint64, error) {
	var events []byte
	err := c.cfg.Archive.Changes(ctx, person, after, mostChanges, func(at Change) error {
		data, err := json.Marshal(c.change(at))
		if err != nil {
			return fmt.Errorf("dicomweb: changes: %w", err)
		}
		events = fmt.Appendf(events, "id: %d\nevent: %s\ndata: %s\n\n", at.Seq, at.Action, data)
		after = at.Seq
		return nil
	})
	if err != nil || len(events) == 0 {
		return after, err
	}
	if _, err := c.w.Write(events); err != nil {
		return after, err
	}
	return after, c.w.flush()
}
