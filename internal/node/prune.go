package node

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// What nothing names is looked for once a day, some time after the start: a node that starts
// has other things to do.
const (
	pruneFirst = 30 * time.Minute
	pruneEvery = way.PruneGrace + time.Hour
)

// pruning frees what nothing names until ctx ends.
func (n *Node) pruning(ctx context.Context) {
	for wait := pruneFirst; sleep(ctx, wait); wait = pruneEvery {
		result, err := n.Prune(ctx, way.PruneGrace, "node", nil)
		switch {
		case ctx.Err() != nil || errors.Is(err, sinso.ErrUnsupported):
		case err != nil:
			n.log.WarnContext(ctx, "what nothing names could not be freed; it is tried again", slog.String("error", err.Error()))
		case result.Blocks > 0:
			n.log.InfoContext(ctx, "what nothing named was freed", slog.Int("blocks", result.Blocks), slog.Int64("bytes", result.Freed))
		}
	}
}
