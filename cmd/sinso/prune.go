package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newPruneCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Free what no record names",
		Long: `Deletes the blocks that nothing names, and frees their bytes: what an import, a release or a purchase left that was cut
off, lists of studies that later ones replaced, and copies made ahead that their study has outgrown. What the log, a
release or a purchase names stays; an object that was rejected stays too. Where something is damaged that other blocks
are found by, nothing is deleted: sinso check says what it is.

A stopped node deletes it at once. A running one deletes what nothing named a day ago either, and does so by itself
once a day.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or something is missing, 13 something is damaged`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		bar := newProgress(cmd.ErrOrStderr())
		show := func(done, total int64) { bar.show("%d of %d entries", done, total) }
		result, err := worked(cmd.Context(), &f, func(n *node.Node) (sinso.PruneResult, error) {
			return n.Prune(cmd.Context(), 0, actor, show)
		}, "/api/v1/local/prunes", struct{}{}, show)
		bar.end()
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), result)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d blocks that nothing names are deleted, %d bytes are free again\n", result.Blocks, result.Freed)
		if result.Drafts > 0 {
			fmt.Fprintf(cmd.OutOrStdout(), "%d copies made ahead were given up: their studies have outgrown them\n", result.Drafts)
		}
		if result.Waiting > 0 {
			fmt.Fprintf(cmd.OutOrStdout(), "%d more wait: something under way may name them yet; a day after they were first seen they are deleted\n", result.Waiting)
		}
		return nil
	}
	return cmd
}
