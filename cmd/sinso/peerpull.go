package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newPeerPullCommand() *cobra.Command {
	var f nodeFlags
	var studies []string
	cmd := &cobra.Command{
		Use:   "pull AET --study UID…",
		Short: "Get studies from a DICOM peer",
		Long: `Gets studies from the peer AET by their Study Instance UID (see sinso peer find): by C-GET, or by C-MOVE to this node
where the peer has no other. Each object is taken in like one that the peer sent. A pull that is cut off can be done
again: what is here counts as duplicate. Works on a stopped node, which then listens for what is moved as long as
that takes, and through its socket on a running one.

--json prints one line: {"by":"get" or "move","objects","received","failed","taken","duplicates","conflicts",
"refused"}; the last four are of a get only: what is moved comes in at the node's own door.

EXIT STATUS: 0 all got, 1 error, 2 usage, 3 some objects were not got or not taken, 10 no such node, peer or study,
11 the peer is busy, 12 it refuses, 130 interrupted`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringArrayVar(&studies, "study", nil, "Study Instance UID; may be given several times")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(studies) == 0 {
			return &usageError{fmt.Errorf("no --study is given: %w", sinso.ErrInvalid)}
		}
		return runPeerPull(cmd.Context(), &f, args[0], studies, cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	return cmd
}

func runPeerPull(ctx context.Context, f *nodeFlags, peer string, studies []string, out, errOut io.Writer) error {
	bar := newProgress(errOut)
	result, err := peerCall[node.PeerPulled]{
		flags: f, peer: peer, deed: "pull", body: map[string]any{"studies": studies},
		here: func(n *node.Node, show func(node.PeerPulled)) (node.PeerPulled, error) {
			return n.PullFromPeer(ctx, peer, studies, actor, show)
		},
		show: func(p node.PeerPulled) {
			bar.show("%d of %d objects: %d failed", p.Received+p.Failed, p.Objects, p.Failed)
		},
	}.run(ctx)
	bar.end()
	if ctx.Err() != nil {
		return withHint(err, "what was taken stays; the same command takes the rest")
	}
	if err != nil {
		return err
	}
	if f.json {
		err = printJSON(out, result)
	} else {
		printPulled(out, result)
	}
	if err == nil && result.Failed > 0 {
		return &partly{}
	}
	return err
}

func printPulled(out io.Writer, p node.PeerPulled) {
	fmt.Fprintf(out, "%d of %d objects came by C-%s", p.Received, p.Objects, map[string]string{"get": "GET", "move": "MOVE"}[p.By])
	if p.By == "get" {
		fmt.Fprintf(out, ": %d taken, %d duplicates, %d conflicts, %d refused", p.Taken, p.Duplicates, p.Conflicts, p.Refused)
	}
	fmt.Fprintln(out)
	if p.Failed > 0 {
		fmt.Fprintf(out, "%d were not got or not taken; the same command tries them again\n", p.Failed)
	}
}
