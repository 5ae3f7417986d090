package deidrun

import (
	"sync"

	"sinso.dev/sinso/internal/stage/deid"
)

// maxSeen bounds the marks and objects that are remembered: some 50 MB.
const maxSeen = 1 << 20

// seen remembers what was found in the pixels of the objects that wait for their series to
// be judged, so that those made again without a face are not looked at again, which takes
// most of the time. What is not in it is looked for.
type seen struct {
	mu   sync.Mutex
	of   map[id]*deid.Seen // by the keyed hash of the original
	size int
}

func (s *seen) keep(object id, found *deid.Seen) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found == nil || s.of[object] != nil || s.size+1+found.Size() > maxSeen {
		return
	}
	if s.of == nil {
		s.of = make(map[id]*deid.Seen)
	}
	s.of[object] = found
	s.size += 1 + found.Size()
}

// take returns what was found in an object, once.
func (s *seen) take(object id) *deid.Seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.of[object]
	if found != nil {
		delete(s.of, object)
		s.size -= 1 + found.Size()
	}
	return found
}
