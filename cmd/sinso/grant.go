package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// cannotRevoke is what nobody can promise, said wherever a grant is ended.
const cannotRevoke = "the key is not given out again; a key or a copy that was handed out before cannot be called back by anyone"

func newGrantCommand() *cobra.Command {
	ls := listCommand("List who was given a key", "ORDER\tRELEASE\tBUYER\tREVOKED",
		func(ctx context.Context, n *node.Node, person string) ([]sinso.OrderRow, error) {
			orders, err := n.Orders(ctx, sinso.PersonID(person))
			granted := orders[:0]
			for _, row := range orders {
				if row.Answer != nil {
					granted = append(granted, row)
				}
			}
			return granted, err
		},
		func(r sinso.OrderRow) string {
			return fmt.Sprintf("%s\t%s\t%s\t%t", r.Hash, r.Release, r.Buyer, r.Revoked)
		})
	return nounCommand("grant", "Who may have the key of what", ls, newGrantRmCommand())
}

func newGrantRmCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "rm ORDER",
		Short: "End the grant of an order",
		Long:  "Ends the grant of an order, here at once and on the chain: " + cannotRevoke + ".\n\nEXIT STATUS: 0 ended, 1 error, 2 usage, 10 no such order, 11 the node is running",
		Args:  exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		hash, err := orderHash(args[0])
		if err != nil {
			return err
		}
		return f.with(cmd.Context(), func(n *node.Node) error {
			tx, err := n.Revoke(cmd.Context(), hash, actor)
			if err != nil {
				return noSuch("order", hash, err)
			}
			if f.json {
				return printJSON(cmd.OutOrStdout(), map[string]any{"order": hash, "tx": tx, "says": cannotRevoke})
			}
			fmt.Fprintf(cmd.OutOrStdout(), "ended: %s\n", cannotRevoke)
			return nil
		})
	}
	return cmd
}
