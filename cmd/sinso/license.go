package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newLicenseCommand() *cobra.Command {
	return nounCommand("license", "Licences that this node holds: tokens that say what was bought may be used for",
		newLicenseLsCommand(), newLicenseShowCommand(), newLicensePassCommand())
}

func newLicenseLsCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the licences that this node's accounts hold",
		Long: `Lists the licences that this node bought and did not pass on, and those that others passed on to its own account or to an
account of one of its persons, as far as it has read the chain. A person has an account for each asset: HELD FOR names its
release, by this node's own name for it. Each is asked of the chain. What was bought on another chain is not there:
how many purchases that are, and on which chain, is said on stderr.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var held struct {
			Items     []node.HeldLicence `json:"items"`
			Elsewhere []node.Elsewhere   `json:"elsewhere"`
		}
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			if held.Items, err = n.Licences(cmd.Context(), n.Catalogue()); err == nil {
				held.Elsewhere, err = n.Elsewhere(cmd.Context())
			}
			return err
		}, "GET", "/api/v1/licences", nil, &held)
		sayElsewhere(cmd.ErrOrStderr(), held.Elsewhere)
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), held.Items)
		}
		printTable(cmd.OutOrStdout(), "LICENCE\tASSET\tUNTIL\tTRANSFERABLE\tALLOWS\tHELD FOR", held.Items, func(r node.HeldLicence) string {
			return fmt.Sprintf("%s\t%s\t%s\t%t\t%s\t%s", r.ID, r.Asset, until(r), r.Transferable, worth(r), r.Holder)
		})
		return nil
	}
	return cmd
}

// sayElsewhere says what cannot be in the list, and where it is.
func sayElsewhere(out io.Writer, others []node.Elsewhere) {
	for _, other := range others {
		at, were := other.Contracts, "purchases were"
		if other.Purchases == 1 {
			were = "purchase was"
		}
		fmt.Fprintf(out, "%d %s made on another chain, or other contracts, than this node is opened on: chain ID %d. Their licences are not in this list; see them with --chain and an endpoint of that chain, and --contracts %s,%s,%s\n",
			other.Purchases, were, at.ChainID, at.Identity, at.Assets, at.Exchange)
	}
}

func newLicenseShowCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "show LICENCE",
		Short: "What a licence allows now, whoever holds it",
		Long:  "Asks the chain what a licence is and whether it holds. Its text is shown if this node bought it.\n\nEXIT STATUS: 0 done, 1 error, 2 usage, 10 no such licence",
		Args:  exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := licenceID(args[0])
		if err != nil {
			return err
		}
		var held node.HeldLicence
		err = f.here(cmd.Context(), func(n *node.Node) (err error) {
			held, err = n.Licence(cmd.Context(), id)
			return err
		}, "GET", "/api/v1/licences/"+id.String(), nil, &held)
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), held)
		}
		printLicence(cmd.OutOrStdout(), held)
		return nil
	}
	return cmd
}

func licenceID(text string) (id sinso.Hash, err error) {
	if err := id.UnmarshalText([]byte(text)); err != nil {
		return id, &usageError{fmt.Errorf("%q is not a licence: %w", text, err)}
	}
	return id, nil
}

// worth says in one word or two what a licence is worth.
func worth(r node.HeldLicence) string {
	switch {
	case r.Revoked:
		return "no: revoked"
	case r.Over:
		return "no: over"
	case r.Allows:
		return "yes"
	}
	return "no"
}

func until(r node.HeldLicence) string {
	if r.Until.IsZero() {
		return "no end"
	}
	return r.Until.UTC().Format(time.RFC3339)
}

func printLicence(out io.Writer, r node.HeldLicence) {
	fmt.Fprintf(out, "licence %s\nof asset %s\nheld by %s", r.ID, r.Asset, r.Owner)
	switch {
	case r.Holder != "":
		fmt.Fprintf(out, ", the account of a person for release %s alone", r.Holder)
	case r.Ours:
		fmt.Fprint(out, ", an account of this node")
	}
	fmt.Fprintf(out, "\nuntil %s\nallows: %s\n", until(r), worth(r))
	if r.Transferable {
		fmt.Fprintln(out, "it may be passed on")
	} else {
		fmt.Fprintln(out, "it is bound to who bought it")
	}
	if r.Text != "" {
		fmt.Fprintf(out, "under these terms: %s\n", r.Text)
	}
}

func newLicensePassCommand() *cobra.Command {
	var f nodeFlags
	var receiver string
	var dry bool
	cmd := &cobra.Command{
		Use:   "pass LICENCE",
		Short: "Pass a transferable licence on to another account",
		Long: `Transfers a licence that an account of this node holds. From then on the other account may use the copy under it, and this node's
may not: by its terms you destroy what you hold. No machine can enforce that. The copy and its key do not go with it. The
account that holds the licence pays the gas, and is sent what it lacks.

EXIT STATUS: 0 passed on, 1 error, 2 usage, 10 no such licence, 12 it cannot be passed on, with the reason`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&receiver, "to", "", "the account that gets it")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what it would do and cost; nothing is signed or sent")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := licenceID(args[0])
		if err != nil {
			return err
		}
		var to sinso.Address
		if err := to.UnmarshalText([]byte(receiver)); err != nil {
			return &usageError{fmt.Errorf("--to: %w", err)}
		}
		return f.pass(cmd.Context(), id, to, dry, cmd.OutOrStdout())
	}
	return cmd
}

func (f *nodeFlags) pass(ctx context.Context, id sinso.Hash, to sinso.Address, dry bool, out io.Writer) error {
	var told told
	err := f.here(ctx, func(n *node.Node) (err error) {
		if dry {
			told.Plan, err = ptr(n.PlanPass(ctx, id, to))
			return err
		}
		told.Done, err = ptr(n.Pass(ctx, id, to, actor))
		return err
	}, "POST", "/api/v1/licences/"+id.String()+"/pass", map[string]any{"to": to, "dryRun": dry}, &told)
	switch {
	case err != nil:
		return err
	case dry:
		return f.printPlan(out, *told.Plan)
	case f.json:
		return printJSON(out, told.Done)
	}
	printDone(out, *told.Done)
	fmt.Fprintf(out, "licence %s is now of %s\n", id, to)
	return nil
}
