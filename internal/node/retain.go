package node

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"sinso.dev/sinso"
)

// retainYears parses Retention: 0 for none.
func (c Config) retainYears() (int, error) {
	if c.Retention == none {
		return 0, nil
	}
	years, err := strconv.Atoi(c.Retention)
	if err != nil || years < 1 || years > 150 {
		return 0, fmt.Errorf("config: retention: want none, or the years that a study must be kept, 1 to 150, not %q: %w", c.Retention, sinso.ErrInvalid)
	}
	return years, nil
}

// What was asked to be erased, and had to wait, is looked at some time after the start and
// then every hour.
const (
	retainFirst = 5 * time.Minute
	retainEvery = time.Hour
)

// advanceClock writes down how far the clock is. Reading goes on where that fails.
func (n *Node) advanceClock(ctx context.Context) {
	if err := n.witness.advance(); err != nil {
		n.log.WarnContext(ctx, "how far the clock is cannot be written down; what must be kept may be kept for longer", slog.String("error", err.Error()))
	}
	if ahead := n.witness.ahead(); ahead > 0 && n.Config.Retention != none {
		n.log.WarnContext(ctx, "the clock is ahead of the time that this node has seen; what must be kept is kept until it has followed, by a month a day", slog.Int("days", days(ahead)))
	}
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// erasing erases what nothing keeps any more, until ctx ends.
func (n *Node) erasing(ctx context.Context) {
	for wait := retainFirst; sleep(ctx, wait); wait = retainEvery {
		n.advanceClock(ctx)
		if err := n.TendErasures(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "what was to be erased could not be; it is tried again", slog.String("error", err.Error()))
		}
	}
}
