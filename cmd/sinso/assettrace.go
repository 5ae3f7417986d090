package main

import (
	"fmt"

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

EXIT STATUS: 0 found, 1 error, 2 usage, 10 no such release or node, or the release has no such UID, 11 the node is running`,
		Args: exactArgs(2), //nolint:mnd // RELEASE and UID
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return f.with(cmd.Context(), func(n *node.Node) error {
			found, err := n.Trace(cmd.Context(), sinso.ReleaseID(args[0]), args[1])
			switch {
			case err != nil:
				return err
			case f.json:
				return printJSON(cmd.OutOrStdout(), found)
			default:
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s\nstudy %s of person %s\n", found.Kind, found.Original, found.Study, found.Person)
				return err
			}
		})
	}
	return cmd
}
