package main

import (
	"fmt"
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// toldMint is what a running node answers of a mint.
type toldMint struct {
	Plan *node.ActPlan `json:"plan,omitempty"`
	Done *node.Minted  `json:"done,omitempty"`
}

func newAssetMintCommand() *cobra.Command {
	var f nodeFlags
	var dry bool
	cmd := &cobra.Command{
		Use:   "mint RELEASE|STUDY|TOKEN",
		Short: "Bring a copy to the chain as a token of its own, and offer nothing of it",
		Long: `Mints the token of a de-identified copy, in an account of its person that is for this asset alone; the node's account pays
the gas. Of a study it is the copy by the node's profile as the study stands now, which is made if it is not there. Nothing is
offered by that: name a price with sinso order make. What is on the chain stays as it is, and is printed.

With --dry-run it is only said what it would cost.

EXIT STATUS: 0 it is on the chain, 1 error, 2 usage, 3 nothing of it may be sold: the reason is printed,
10 no such release, study or node, 12 it cannot be minted, with the reason`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what it would do and cost; nothing is made, signed or sent")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var told toldMint
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			if dry {
				told.Plan, err = ptr(n.PlanMint(cmd.Context(), args[0]))
				return err
			}
			told.Done, err = ptr(n.Mint(cmd.Context(), args[0], actor))
			return err
		}, "POST", "/api/v1/assets/"+url.PathEscape(args[0])+"/mint", map[string]any{"dryRun": dry}, &told)
		if err != nil {
			return err
		}
		return f.printMint(cmd.OutOrStdout(), told)
	}
	return cmd
}

func newAssetVersionCommand() *cobra.Command {
	var f nodeFlags
	var next string
	var dry bool
	cmd := &cobra.Command{
		Use:   "version RELEASE|TOKEN",
		Short: "Bring what the data is now to the chain, as what came after a release",
		Long: `A study that grew becomes a new token. It names the release that is given as its parent, and the parent's owner, the
person's account for that asset, names it as what came after: once, and for ever. Who sees both words can believe the line;
sinso asset show prints it. The release before stays what it was, with its price, its licences and its buyers.

Nothing is offered by that: name a price with sinso order make. Cut off, the same command goes on.

EXIT STATUS: 0 it is on the chain, 1 error, 2 usage, 3 nothing of it may be sold: the reason is printed,
10 no such release, study or node, 12 it cannot be, with the reason`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&next, "next", "", "what comes after: a release or a study of the same person (default: the same study, as it stands now)")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what it would do and cost; nothing is made, signed or sent")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var told toldMint
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			if dry {
				told.Plan, err = ptr(n.PlanVersion(cmd.Context(), args[0], next))
				return err
			}
			told.Done, err = ptr(n.Version(cmd.Context(), args[0], next, actor))
			return err
		}, "POST", "/api/v1/assets/"+url.PathEscape(args[0])+"/version", map[string]any{"next": next, "dryRun": dry}, &told)
		if err != nil {
			return err
		}
		return f.printMint(cmd.OutOrStdout(), told)
	}
	return cmd
}

func (f *nodeFlags) printMint(out io.Writer, told toldMint) error {
	if told.Plan != nil {
		if len(told.Plan.Steps) == 0 && !f.json {
			fmt.Fprintln(out, "it is on the chain already: nothing would be sent")
			return nil
		}
		return f.printPlan(out, *told.Plan)
	}
	done := *told.Done
	if f.json {
		if err := printJSON(out, done); err != nil {
			return err
		}
	} else {
		printMinted(out, done)
	}
	if done.State == sinso.ReleaseIsRefused {
		return &partly{}
	}
	return nil
}

func printMinted(out io.Writer, done node.Minted) {
	if done.State == sinso.ReleaseIsRefused {
		fmt.Fprintf(out, "not minted: %s\n", node.Explain(done.Reason))
		return
	}
	fmt.Fprintf(out, "release %s\ntoken %s\nof contract %s\nheld by %s, an account for it alone\nentered in transaction %s\n", done.Release, done.Token, done.Contract, done.Owner, done.Tx)
	if done.Parent != (sinso.TokenID{}) {
		fmt.Fprintf(out, "it came after token %s\n", done.Parent)
	}
	if done.Fee.Int().Sign() > 0 {
		fmt.Fprintf(out, "that took %d gas, about %s wei%s\n", done.Gas, done.Fee, inFiat(done.Fiat))
	}
	if done.Said != nil && len(done.Said.Txs) > 0 {
		fmt.Fprintf(out, "that token names it as what came after; saying so cost %s wei%s\n", done.Said.Fee, inFiat(done.Said.Fiat))
	}
	fmt.Fprintf(out, "offer it with: sinso order make %s --price WEI\n", done.Release)
}
