package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
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
		result, err := f.prune(cmd.Context(), func(done, total int64) { bar.show("%d of %d entries", done, total) })
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

// prune prunes a stopped node, or has the running one do so.
func (f *nodeFlags) prune(ctx context.Context, show func(done, total int64)) (result sinso.PruneResult, err error) {
	opened := false
	err = f.with(ctx, func(n *node.Node) (err error) {
		opened = true
		result, err = n.Prune(ctx, 0, actor, show)
		return err
	})
	if opened || !errors.Is(err, sinso.ErrBusy) {
		return result, err
	}
	cfg, err := f.config()
	if err != nil {
		return result, err
	}
	c, err := client.Dial(cfg.Data)
	if err != nil {
		return result, err
	}
	defer c.Close() //nolint:errcheck // nothing is left to write
	err = c.Stream(ctx, "POST", "/api/v1/local/prunes", struct{}{}, func(line []byte) error {
		var told struct {
			Progress *struct{ Done, Total int64 }
			Result   *sinso.PruneResult
		}
		if err := json.Unmarshal(line, &told); err != nil {
			return fmt.Errorf("prune: the node's progress: %w", sinso.ErrUnavailable)
		}
		if told.Progress != nil {
			show(told.Progress.Done, told.Progress.Total)
		}
		if told.Result != nil {
			result = *told.Result
		}
		return nil
	})
	return result, err
}
