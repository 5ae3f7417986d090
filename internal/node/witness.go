package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// A machine whose clock is set wrong may say that ten years are over. What would be erased by
// that cannot be brought back, so a node goes by the time that it has witnessed: it follows the
// clock in small steps, and a leap slowly, so that somebody can see it before it matters.
const (
	clockFile = "clock" // under Config.Data: the time that was witnessed, RFC 3339

	clockLeap      = 31 * 24 * time.Hour // what the clock may be ahead and is believed: a node may have been off
	clockStepEvery = 24 * time.Hour      // of running, and a leap is followed by one more of those steps
	clockEvery     = time.Hour           // is written down
)

// witness is the clock that says whether what must be kept may go.
type witness struct {
	clock sinso.Clock
	path  string

	mu      sync.Mutex
	reached time.Time
	written bool
	stepped time.Time // when a leap was followed last, or the node opened; it is not of clock
}

// newWitness reads how far a node in dir is, or takes it from newest, the time of the last
// entry of its log: the node is of an earlier build, or was restored.
func newWitness(dir string, clock sinso.Clock, newest func() (time.Time, error)) (*witness, error) {
	w := &witness{clock: clock, path: filepath.Join(dir, clockFile), stepped: time.Now()}
	text, err := os.ReadFile(w.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("node: the time it has reached: %w", err)
	}
	if w.reached, err = time.Parse(time.RFC3339, strings.TrimSpace(string(text))); err == nil {
		w.written = true
		return w, nil
	}
	if w.reached, err = newest(); err != nil {
		return nil, fmt.Errorf("node: the time it has reached: %w", err)
	}
	return w, nil
}

// Now implements [sinso.Clock].
func (w *witness) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := w.clock.Now(); w.believes(now) {
		return now
	}
	return w.reached
}

func (w *witness) believes(now time.Time) bool { return !now.After(w.reached.Add(clockLeap)) }

// ahead returns how far the clock is ahead of what is believed: 0, or more than a leap.
func (w *witness) ahead() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := w.clock.Now(); !w.believes(now) {
		return now.Sub(w.reached)
	}
	return 0
}

// advance writes down how far the clock is; a leap it follows by one step a day.
func (w *witness) advance() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	switch {
	case w.believes(now) && now.Sub(w.reached) >= clockEvery: // not back, when the clock is behind
		w.reached = now
	case !w.believes(now) && time.Since(w.stepped) >= clockStepEvery:
		w.reached = w.reached.Add(clockLeap)
	case w.written:
		return nil
	}
	w.stepped = time.Now()
	if err := durable.WriteFile(w.path, []byte(w.reached.UTC().Format(time.RFC3339)+"\n"), 0o600); err != nil {
		return fmt.Errorf("node: the time it has reached: %w", err)
	}
	w.written = true
	return nil
}

// newestEntry returns the time of the last entry of the log.
func (n *Node) newestEntry(ctx context.Context, clock sinso.Clock) func() (time.Time, error) {
	return func() (at time.Time, err error) {
		size := n.audit.Size()
		if size == 0 {
			return clock.Now(), nil // it is being made
		}
		err = n.audit.Events(ctx, size-1, func(e sinso.Event) error {
			at = e.At
			return nil
		})
		return at, err
	}
}
