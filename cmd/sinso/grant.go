package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// cannotRevoke is what nobody can promise, said wherever a grant is ended.
const cannotRevoke = "the key is not given out again; a key or a copy that was handed out before cannot be called back by anyone"

// grantRow is one key that was handed out.
type grantRow struct {
	Order   sinso.Hash      `json:"hash"`
	Trade   sinso.Hash      `json:"trade"`
	Release sinso.ReleaseID `json:"release"`
	Person  sinso.PersonID  `json:"person"`
	Buyer   sinso.Address   `json:"buyer"`
	Since   time.Time       `json:"since"`
	Revoked bool            `json:"revoked"`
}

func newGrantCommand() *cobra.Command {
	ls := listCommand("List who was given a key", "ORDER\tTRADE\tRELEASE\tBUYER\tREVOKED",
		func(ctx context.Context, n *node.Node, person string) (granted []grantRow, err error) {
			orders, err := n.Orders(ctx, sinso.PersonID(person))
			for _, row := range orders {
				for _, one := range row.Trades {
					if one.Answer != nil {
						granted = append(granted, grantRow{row.Hash, one.Trade, row.Release, row.Person, one.Buyer, one.Granted, one.Revoked})
					}
				}
			}
			return granted, err
		},
		func(r grantRow) string {
			return fmt.Sprintf("%s\t%s\t%s\t%s\t%t", r.Order, r.Trade, r.Release, r.Buyer, r.Revoked)
		})
	return nounCommand("grant", "Who may have the key of what", ls, newGrantRmCommand())
}

func newGrantRmCommand() *cobra.Command {
	var f nodeFlags
	var only string
	cmd := &cobra.Command{
		Use:   "rm ORDER",
		Short: "End the grant of an order",
		Long: "Ends the grant of an order, here at once and on the chain: " + cannotRevoke + ".\n\n" +
			"Of an order of several copies it ends the grant of each, and no more are sold; with --trade, of that one alone.\n\nEXIT STATUS: 0 ended, 1 error, 2 usage, 10 no such order, 11 the node is running",
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&only, "trade", "", "end the grant of this trade of it alone, as sinso grant ls names it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		hash, err := orderHash(args[0])
		if err != nil {
			return err
		}
		var trade sinso.Hash
		if only != "" {
			if err := trade.UnmarshalText([]byte(only)); err != nil {
				return &usageError{fmt.Errorf("--trade: %w", err)}
			}
		}
		return f.with(cmd.Context(), func(n *node.Node) error {
			revoke := func() (sinso.Tx, error) { return n.Revoke(cmd.Context(), hash, actor) }
			if only != "" {
				revoke = func() (sinso.Tx, error) { return n.RevokeTrade(cmd.Context(), hash, trade, actor) }
			}
			tx, err := revoke()
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
