package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newPeerSendCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "send AET ID…",
		Short: "Send studies and records to a DICOM peer",
		Long: `Sends studies and records of this node to the peer AET (C-STORE): by their ids (see sinso study ls), studies also
by their Study Instance UID. An object goes as it came; in another transfer syntax if the peer takes only that.
That it was handed out is written down first. Works on a stopped node, and through its socket on a running one.

--json prints one line: {"objects","sent","warnings","failed","failures":[{"record","status","reason"}…]}; the
first 1,000 failures are listed.

EXIT STATUS: 0 all sent, 1 error, 2 usage, 3 the peer did not take some, 10 no such node, peer or id,
11 the peer is busy, 12 it refuses, 130 interrupted`,
		Args: atLeastArgs(2), //nolint:mnd // AET and one ID
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return runPeerSend(cmd.Context(), &f, args[0], args[1:], cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	return cmd
}

func runPeerSend(ctx context.Context, f *nodeFlags, peer string, ids []string, out, errOut io.Writer) error {
	bar := newProgress(errOut)
	result, err := peerCall[node.PeerSent]{
		flags: f, peer: peer, deed: "send", body: map[string]any{"ids": ids},
		here: func(n *node.Node, show func(node.PeerSent)) (node.PeerSent, error) {
			return n.SendToPeer(ctx, peer, ids, actor, show)
		},
		show: func(s node.PeerSent) {
			bar.show("%d of %d objects: %d sent, %d failed", s.Sent+s.Failed, s.Objects, s.Sent, s.Failed)
		},
	}.run(ctx)
	bar.end()
	if err != nil {
		return err
	}
	if f.json {
		err = printJSON(out, result)
	} else {
		printSent(out, result)
	}
	if err == nil && result.Failed > 0 {
		return &partly{}
	}
	return err
}

func printSent(out io.Writer, r node.PeerSent) {
	fmt.Fprintf(out, "%d of %d objects sent", r.Sent, r.Objects)
	if r.Warnings > 0 {
		fmt.Fprintf(out, ", %d of them taken with a warning", r.Warnings)
	}
	fmt.Fprintln(out)
	if r.Failed == 0 {
		return
	}
	fmt.Fprintf(out, "%d failed:\n", r.Failed)
	printTable(out, "RECORD\tSTATUS\tREASON", r.Failures, func(failure node.PeerFailure) string {
		status := failure.Status
		if status == "" {
			status = "-"
		}
		return fmt.Sprintf("%s\t%s\t%s", failure.Record, status, failure.Reason)
	})
	if more := r.Failed - len(r.Failures); more > 0 {
		fmt.Fprintf(out, "and %d more\n", more)
	}
}
