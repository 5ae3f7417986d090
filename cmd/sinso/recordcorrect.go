package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

const rejectionRoutes = "/api/v1/local/rejections"

// correction is the answer to a correction.
type correction struct {
	Instances int    `json:"instances,omitempty"`
	Says      string `json:"says"`
}

// correct does something on a stopped node or asks the running one, and says what it
// did.
func (f *nodeFlags) correct(cmd *cobra.Command, done correction, do func(context.Context, *node.Node) error, path string, in any) error {
	err := f.here(cmd.Context(), func(n *node.Node) error { return do(cmd.Context(), n) }, "POST", path, in, &done)
	if errors.Is(err, sinso.ErrInvalid) {
		return &usageError{err}
	}
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), done)
	}
	if done.Instances > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "%d records: ", done.Instances)
	}
	fmt.Fprintln(cmd.OutOrStdout(), done.Says)
	return nil
}

func recordIDs(args []string) []sinso.InstanceID {
	ids := make([]sinso.InstanceID, len(args))
	for i, arg := range args {
		ids[i] = sinso.InstanceID(arg)
	}
	return ids
}

func newRecordRmCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "rm INSTANCE…",
		Short: "Take records out of what is shown",
		Long: `Takes instances out: no query finds them and no retrieval gives them. Their sealed bytes stay, until retention is
decided; sinso record restore shows them again. Copies for sale that may hold one of them are recalled.
Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or instance`,
		Args: atLeastArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ids := recordIDs(args)
		return f.correct(cmd, correction{len(ids), node.SaysRejected}, func(ctx context.Context, n *node.Node) error {
			return n.Reject(ctx, ids, node.ReasonDeleted, actor)
		}, rejectionRoutes, map[string]any{"instances": ids})
	}
	return cmd
}

func newRecordRestoreCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "restore INSTANCE…",
		Short: "Show rejected records again",
		Long: `Shows instances again that a rejection note or sinso record rm took out. What was recalled stays recalled.
sinso record ls --rejected lists them. Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or instance`,
		Args: atLeastArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ids := recordIDs(args)
		return f.correct(cmd, correction{len(ids), node.SaysRestored}, func(ctx context.Context, n *node.Node) error {
			return n.Restore(ctx, ids, actor)
		}, "/api/v1/local/restorations", map[string]any{"instances": ids})
	}
	return cmd
}

func listRejections(cmd *cobra.Command, f *nodeFlags) error {
	var answer struct {
		Items []node.Rejection `json:"items"`
	}
	err := f.here(cmd.Context(), func(n *node.Node) (err error) {
		answer.Items, err = n.Rejections(cmd.Context())
		return err
	}, "GET", rejectionRoutes, nil, &answer)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), answer.Items)
	}
	printTable(cmd.OutOrStdout(), "INSTANCE\tSTUDY\tREASON\tBY\tSINCE", answer.Items, func(r node.Rejection) string {
		by := r.By
		if by == "" {
			by = r.Actor
		}
		return fmt.Sprintf("%s\t%s\t%s\t%s\t%s", r.Instance, r.Study, r.Reason, by, r.At.Format(time.RFC3339))
	})
	return nil
}
