package main

import (
	"encoding/json"
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
	var choice choiceOptions
	var dry bool
	cmd := &cobra.Command{
		Use:   "mint RELEASE|STUDY|TOKEN",
		Short: "Bring a copy to the chain as a token of its own, and offer nothing of it",
		Long: `Mints the token of a de-identified copy, in an account of its person that is for this asset alone; the node's account pays
the gas. Of a study it is the copy by the node's profile as the study stands now, which is made if it is not there. Nothing is
offered by that: name a price with sinso order make. What is on the chain stays as it is, and is printed.

Of a study --series, --profile and --author choose what the copy is made of, and with whom, as in sinso asset add. A study
minted again by the same choices is the same release; by others it is another. The co-creator is part of what the
token is, and is asked before anything is made; minted again after they agreed, it goes on.

With --dry-run it is only said what was chosen and what it would cost.

EXIT STATUS: 0 it is on the chain, 1 error, 2 usage, 3 nothing of it may be sold: the reason is printed,
10 no such release, study, series, person or node, 12 it cannot be minted, with the reason, 130 interrupted`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	choice.addFlags(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what it would do and cost; nothing is made, signed or sent")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		told, err := f.mint(cmd, args[0], choice, dry)
		if err != nil && cmd.Context().Err() != nil {
			return withHint(err, "the same command goes on from where it stood")
		}
		if err != nil {
			return err
		}
		return f.printMint(cmd.OutOrStdout(), told)
	}
	return cmd
}

// mint mints on a stopped node, or has the running one mint and follows that.
func (f *nodeFlags) mint(cmd *cobra.Command, name string, choice choiceOptions, dry bool) (told toldMint, err error) {
	ctx := cmd.Context()
	options, err := choice.read()
	if err != nil {
		return told, err
	}
	asked := choice.asked(options)
	asked["dryRun"] = dry
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.end()
	show := func(done, total int64) { bar.show("%d of %d instances", done, total) }
	return worked(ctx, f, func(n *node.Node) (told toldMint, err error) {
		if err := hasAuthor(ctx, n, options); err != nil {
			return told, err
		}
		if dry {
			told.Plan, err = ptr(n.PlanMint(ctx, name, options))
			return told, err
		}
		options.Progress = func(done, total int) { show(int64(done), int64(total)) }
		told.Done, err = ptr(n.Mint(ctx, name, options))
		return told, err
	}, "/api/v1/local/assets/"+url.PathEscape(name)+"/mint", asked, show)
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
		if !f.json {
			printChoice(out, told.Plan.Given)
		}
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

// printChoice says what was chosen of a study, if anything was.
func printChoice(out io.Writer, given map[string]any) {
	for _, name := range []string{"series", "profile", "author"} {
		if value, ok := given[name]; ok {
			text, _ := json.Marshal(value) // it came as JSON, or goes as such
			fmt.Fprintf(out, "%s: %s\n", name, text)
		}
	}
}

func printMinted(out io.Writer, done node.Minted) {
	if done.State == sinso.ReleaseIsAwaiting {
		fmt.Fprintf(out, "release %s waits for its co-creator, who is asked when they sign in; after they agreed the same command mints it\n", done.Release)
		return
	}
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
