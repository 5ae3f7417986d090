package pack

import (
	"testing"

	"sinso.dev/sinso"
)

// TestStartsKnowWhatTheyDoNotKnow notes batches behind gaps: of one entry, of as many as may
// be missing, and of so many that nothing is noted; and asks for what is not there.
func TestStartsKnowWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	const first = 1000
	s := &segment{first: first}
	block := []row{{kind: sinso.EntryBlock, length: 10}}
	for _, test := range []struct {
		position sinso.Position
		noted    bool
	}{{first, true}, {first + 2, true}, {first + 3 + maxGap, true}, {first + 5 + 2*maxGap, false}, {first + 1, false}} {
		s.note(batch{batchHeader: batchHeader{count: 1, position: test.position}, rows: block})
		if _, ok := s.starts.of(test.position, first); ok != test.noted {
			t.Errorf("entry %d is noted: %t, want %t", test.position, ok, test.noted)
		}
	}
	for _, position := range []sinso.Position{0, first - 1, first + 1, first + 3, 1 << 36} {
		if at, ok := s.starts.of(position, first); ok {
			t.Errorf("entry %d is said to stand at %d", position, at)
		}
	}
	if len(s.batches) != 5 {
		t.Errorf("%d batches, want 5", len(s.batches))
	}
}
