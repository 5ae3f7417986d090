package deidrun

import (
	"testing"

	"sinso.dev/sinso/internal/stage/deid"
)

// TestWhatIsRememberedIsBounded, is handed out once, and makes room then.
func TestWhatIsRememberedIsBounded(t *testing.T) {
	t.Parallel()
	var s seen
	found := new(deid.Seen)
	s.keep(id{1}, nil)
	if s.keep(id{2}, found); s.take(id{1}) != nil || s.take(id{2}) != found || s.take(id{2}) != nil || s.size != 0 {
		t.Errorf("%d are left", s.size)
	}
	for n := range maxSeen + 9 {
		s.keep(id{byte(n), byte(n >> 8), byte(n >> 16)}, found)
	}
	if s.size != maxSeen || len(s.of) != maxSeen {
		t.Errorf("%d are remembered, want %d", len(s.of), maxSeen)
	}
}
