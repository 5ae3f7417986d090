package node

import (
	"context"
	"log/slog"
	"time"

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
	if n.Config.isShared() {
		return
	}
	for wait := pruneFirst; sleep(ctx, wait); wait = pruneEvery {
		n.pruneOnce(ctx)
	}
}

// pruneOnce frees what nothing names, and writes down what came of it.
func (n *Node) pruneOnce(ctx context.Context) {
	result, err := n.Prune(ctx, way.PruneGrace, "node", nil)
	if ctx.Err() != nil {
		return
	}
	n.pruneProblem.Store(nil)
	switch {
	case err != nil:
		problem := err.Error()
		n.pruneProblem.Store(&problem)
		n.log.WarnContext(ctx, "what nothing names could not be freed; it is tried again", slog.String("error", err.Error()))
	case result.Blocks > 0:
		n.log.InfoContext(ctx, "what nothing named was freed", slog.Int("blocks", result.Blocks), slog.Int64("bytes", result.Freed))
	}
}
