package dicomweb

import (
	"time"

	"github.com/go-chi/chi/v5"
)

// Router returns the routes, for the table of them.
func (s *Server) Router() chi.Routes { return s.newRouter() }

// SetPoll sets how often event streams look for changes.
func SetPoll(s *Server, poll time.Duration) { s.poll = poll }

// SetStall sets how long a client may stand still.
func SetStall(s *Server, stall time.Duration) { s.stall = stall }

// ParseAccept reads an Accept field, and tells how many wishes are in it.
func ParseAccept(text string) (int, error) {
	wishes, err := parseAccept(text)
	return len(wishes), err
}
