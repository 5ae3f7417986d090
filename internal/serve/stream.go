package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"sinso.dev/sinso/internal/edge/door"
)

// follows reports whether the caller wants to be told how far the work is.
func (c *call) follows() bool { return strings.Contains(c.r.Header.Get("Accept"), ndjsonType) }

// lines is a progress stream (docs/formats.md). It begins with its first line,
// so that what fails before is answered as any other failure.
type lines struct {
	*call
	begun bool
	last  time.Time
}

// progressEvery is how often a line is sent: often enough for an eye.
const progressEvery = 100 * time.Millisecond

// milestone is progress that comes a few times, and is told each time.
type milestone interface{ milestone() }

// progress sends how far the work is, unless it just did. A caller that has gone
// is noticed by the work, by its context.
func (l *lines) progress(at any) {
	now := l.cfg.Clock.Now()
	if _, always := at.(milestone); !always && l.begun && now.Sub(l.last) < progressEvery {
		return
	}
	l.last = now
	_ = l.send("progress", at)
}

// end sends the result, or what went wrong.
func (l *lines) end(result any, err error) error {
	if err == nil {
		err = l.send("result", result)
	}
	if err == nil || !l.begun {
		return err
	}
	p := l.problems.Problem(l.ctx(), l.w.Header().Get(door.RequestIDHeader), l.r.Pattern, err)
	return l.send("error", p)
}

// send writes one line.
func (l *lines) send(name string, value any) error {
	line, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return fmt.Errorf("serve: %s: %w", l.name, err)
	}
	if !l.begun {
		l.begun = true
		l.w.Header().Set("Content-Type", ndjsonType)
		l.w.WriteHeader(http.StatusOK)
	}
	_, _ = l.w.Write(append(line, '\n')) // the caller may have gone
	_ = http.NewResponseController(l.w).Flush()
	return nil
}
