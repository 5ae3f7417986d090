package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newPeerEchoCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "echo AET",
		Short: "Ask whether a DICOM peer answers",
		Long: `Makes an association with the peer AET and asks whether it answers (C-ECHO): it is reached, it knows this
node, and TLS works if it was added with --tls. Works on a stopped node, and through its socket on a running one.

--json prints one line: {"aet","milliseconds","tls"}.

EXIT STATUS: 0 it answers, 1 it does not, 2 usage, 10 no such node or peer, 11 it is busy, 12 it refuses`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return runPeerEcho(cmd.Context(), &f, args[0], cmd.OutOrStdout())
	}
	return cmd
}

func runPeerEcho(ctx context.Context, f *nodeFlags, peer string, out io.Writer) error {
	answer, err := peerCall[node.PeerEcho]{
		flags: f, peer: peer, deed: "echo", body: struct{}{},
		here: func(n *node.Node, _ func(node.PeerEcho)) (node.PeerEcho, error) { return n.EchoPeer(ctx, peer) },
	}.run(ctx)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(out, answer)
	}
	over := ""
	if answer.TLS {
		over = " over TLS"
	}
	fmt.Fprintf(out, "%s answers in %.1f ms%s\n", answer.Title, answer.Milliseconds, over)
	return nil
}
