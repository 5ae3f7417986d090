package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newVerifyCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "verify TOKEN",
		Short: "Walk back from an asset token to the import it came from",
		Long: `Checks everything that this node holds of an asset that it bought or sold: order, split, commitment, key,
every block, every element and frame against what the institution signed, and the entries of its log. Prints
each step and what proves it. It needs neither the seller's node nor a network; a chain is asked if it answers.

EXIT STATUS: 0 all of it proven, 1 error, 2 usage, 10 unknown token, 11 the node is running,
13 a piece of evidence failed: it is named`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var token sinso.TokenID
		if err := token.UnmarshalText([]byte(args[0])); err != nil {
			return &usageError{fmt.Errorf("%q is not a token: %w", args[0], err)}
		}
		return f.with(cmd.Context(), func(n *node.Node) error {
			return runVerify(cmd.Context(), n, token, f.json, cmd.OutOrStdout())
		})
	}
	return cmd
}

func runVerify(ctx context.Context, n *node.Node, token sinso.TokenID, asJSON bool, out io.Writer) error {
	found, err := n.Verify(ctx, token)
	if errors.Is(err, sinso.ErrNotFound) && len(found.Steps) == 0 {
		return fmt.Errorf("this node neither bought nor sold token %s: %w", token, sinso.ErrNotFound)
	}
	if asJSON {
		failed := ""
		if err != nil {
			failed = err.Error()
		}
		return errors.Join(err, printJSON(out, struct {
			OK bool `json:"ok"`
			node.Verification
			Error string `json:"error,omitempty"`
		}{err == nil, found, failed}))
	}
	printVerification(out, found)
	return err
}

func printVerification(out io.Writer, found node.Verification) {
	for i, step := range found.Steps {
		fmt.Fprintf(out, "%d  %s\n   %s\n   proven by: %s\n", i+1, step.Piece, step.Says, step.By)
	}
}
