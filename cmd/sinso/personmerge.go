package main

import (
	"context"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newPersonMergeCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "merge FROM INTO",
		Short: "Make two persons one",
		Long: `Makes the person FROM part of the person INTO: they turned out to be one. What was FROM's is INTO's, and what comes for
FROM from now on is too. Tokens of FROM see nothing any more. It cannot be undone; a study that is not theirs
can be moved. Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or person, 12 one of them was erased`,
		Args: exactArgs(2), //nolint:mnd // FROM and INTO
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		from, into := sinso.PersonID(args[0]), sinso.PersonID(args[1])
		return f.correct(cmd, correction{0, node.SaysMerged}, func(ctx context.Context, n *node.Node) error {
			return n.Merge(ctx, from, into, actor)
		}, "/api/v1/local/merges", map[string]any{"from": from, "into": into})
	}
	return cmd
}
