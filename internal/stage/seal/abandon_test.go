package seal

import (
	"crypto/rand"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
)

// slow is where a block is stored early: a write waits for open.
type slow struct {
	begun, open chan struct{}

	mu      sync.Mutex // guards what follows
	writes  int
	dropped bool
}

func (s *slow) Write(p []byte) (int, error) {
	s.mu.Lock()
	s.writes++
	first := s.writes == 1
	s.mu.Unlock()
	if first {
		close(s.begun)
		<-s.open
	}
	return len(p), nil
}

func (s *slow) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropped = true
}

// TestAbandonedStreamLeavesNothing gives an object up while its bytes are being stored:
// what is under way ends, nothing more is begun, and the key is gone.
func TestAbandonedStreamLeavesNothing(t *testing.T) {
	t.Parallel()
	early := &slow{begun: make(chan struct{}), open: make(chan struct{})}
	stream, err := New(nil, rand.Reader).Begin(900_000, nil, func(int64) sinso.Early { return early })
	if err != nil {
		t.Fatal(err)
	}
	<-early.begun // the header
	if err := stream.Arrived(make([]byte, 2*fee.ChunkSize)); err != nil {
		t.Fatal(err)
	}
	stream.Settle()
	ended := make(chan struct{})
	go func() {
		stream.Abandon()
		close(ended)
	}()
	select {
	case <-ended:
		t.Error("it ended while a write was under way")
	default:
	}
	close(early.open)
	<-ended
	stream.Abandon() // again
	early.mu.Lock()
	defer early.mu.Unlock()
	if stream.key != (sinso.CEK{}) || !early.dropped || early.writes > 3 {
		t.Errorf("the key is there: %t; %d writes, dropped: %t", stream.key != (sinso.CEK{}), early.writes, early.dropped)
	}
}
