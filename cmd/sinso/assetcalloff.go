package main

import (
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// calledOff is what `asset call-off --json` prints.
type calledOff struct {
	Release sinso.ReleaseID    `json:"id"`
	State   sinso.ReleaseState `json:"state"`
	Reason  sinso.Reason       `json:"reason"`
}

func newAssetCallOffCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "call-off RELEASE",
		Short: "Call a release off that is not registered on the chain yet",
		Long: `Calls a release off: the work on it stops, a co-creator who was asked is asked no longer, and nobody is offered anything
of it. The study stays as it is, and can be released again. What is registered on the chain cannot be called off: end
its grant instead (sinso grant rm). Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 called off, 1 error, or it is registered, 2 usage, 10 no such release or node`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var done calledOff
		err := f.here(cmd.Context(), func(n *node.Node) error {
			row, err := n.CallOff(cmd.Context(), sinso.ReleaseID(args[0]), actor)
			done = calledOff{row.ID, row.State, row.Reason}
			return err
		}, "DELETE", "/api/v1/assets/"+url.PathEscape(args[0]), nil, &done)
		if err != nil {
			return noSuch("release", text(args[0]), err)
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), done)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "release %s is called off: %s\n", done.Release, node.Explain(done.Reason))
		return nil
	}
	return cmd
}
