package node

import (
	"context"

	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// The way's words, for commands.
type (
	// ImportOptions say on whose behalf an import is done.
	ImportOptions = way.ImportOptions
	// ImportResult counts what became of each file.
	ImportResult = way.ImportResult
	// ReleaseOptions say what is made of a study, and for whom.
	ReleaseOptions = way.ReleaseOptions
	// Verification is what a walk back from a token found.
	Verification = way.Verification
)

// ImportPaths imports files, folders and zip files.
func (n *Node) ImportPaths(ctx context.Context, paths []string, o ImportOptions) (ImportResult, error) {
	return n.Import(ctx, func(ctx context.Context, fn func(ingest.Found) error) error {
		return ingest.Walk(ctx, paths, fn)
	}, o)
}
