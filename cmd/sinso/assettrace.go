package main

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newAssetTraceCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "trace RELEASE UID",
		Short: "Say which original a UID in a de-identified copy stands for",
		Long: `Says which study or instance of this node a UID in a de-identified copy stands for: for a finding that the person must be
told of. There is no table of names; they are made again with the release's key, which the person's key opens.

EXIT STATUS: 0 found, 1 error, 2 usage, 10 no such release or node, or the release has no such UID`,
		Args: exactArgs(2), //nolint:mnd // RELEASE and UID
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var found node.Traced
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			found, err = n.Trace(cmd.Context(), sinso.ReleaseID(args[0]), args[1])
			return err
		}, "POST", "/api/v1/local/assets/"+url.PathEscape(args[0])+"/trace", map[string]string{"uid": args[1]}, &found)
		switch {
		case errors.Is(err, sinso.ErrNotFound):
			return fmt.Errorf("this node has no release %s, or that has no study and no instance of this UID: %w", args[0], sinso.ErrNotFound)
		case err != nil || f.json:
			return printOr(err, cmd.OutOrStdout(), found)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s %s\nstudy %s of person %s\n", found.Kind, found.Original, found.Study, found.Person)
		return nil
	}
	return cmd
}
