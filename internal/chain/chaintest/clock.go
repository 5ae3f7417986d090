package chaintest

import (
	"sync"
	"time"
)

// StoppedClock is a [sinso.Clock] that stands, until a test sets it. Many may ask it at once.
type StoppedClock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

// NewStoppedClock returns a clock that stands at a moment.
func NewStoppedClock(at time.Time) *StoppedClock { return &StoppedClock{now: at} }

// Now implements [sinso.Clock].
func (c *StoppedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance sets it forward, or back.
func (c *StoppedClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
