package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// newRequestCommand has what is more than an act: the rest of the noun is added from those.
func newRequestCommand() *cobra.Command {
	return nounCommand("request", "Ask for data with the money put up, and answer who asks", newRequestAnswerCommand(), newRequestAcceptCommand())
}

func requestHash(text string) (sinso.Hash, error) {
	var hash sinso.Hash
	if err := hash.UnmarshalText([]byte(text)); err != nil {
		return hash, &usageError{fmt.Errorf("%q is not a request: %w", text, err)}
	}
	return hash, nil
}

func newRequestAnswerCommand() *cobra.Command {
	var f nodeFlags
	var price string
	var dry bool
	o := node.OfferOptions{Copies: 1, Actor: actor}
	cmd := &cobra.Command{
		Use:   "answer REQUEST RELEASE",
		Short: "Answer a request with a release: prints the offer, for who asked alone",
		Long: `Signs an offer of a release that only the contract of requests can take, for the buyer who made the request, and prints it:
give it to that buyer. A signature goes to no chain and costs nothing; the money is there already.

EXIT STATUS: 0 answered, 1 error, 2 usage, 10 no such request or release, 12 refused, with the reason`,
		Args: exactArgs(2),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&price, "price", "", "what it costs, in wei (default: what the request allows)")
	cmd.Flags().Uint16Var(&o.OfferDays, "days", 0, "how many days it can be taken (default: as the release)")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what would be offered; nothing is signed or kept")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := requestHash(args[0])
		if err != nil {
			return err
		}
		if price != "" {
			if err := o.Price.UnmarshalText([]byte(price)); err != nil {
				return &usageError{fmt.Errorf("--price: %w", err)}
			}
		}
		var made madeOffer
		err = f.here(cmd.Context(), func(n *node.Node) (err error) {
			if dry {
				made.Plan, err = ptr(n.PlanAnswer(cmd.Context(), id, sinso.ReleaseID(args[1]), o))
				return err
			}
			made.Row, err = ptr(n.AnswerRequest(cmd.Context(), id, sinso.ReleaseID(args[1]), o))
			return err
		}, "POST", "/api/v1/local/requests/"+id.String()+"/answers", map[string]any{"release": args[1], "priceWei": o.Price, "offerDays": o.OfferDays, "dryRun": dry}, &made)
		if errors.Is(err, sinso.ErrNotFound) {
			return fmt.Errorf("the chain has no request %s (sinso request ls names them), or this node has no release %s (sinso asset ls): %w", id, args[1], sinso.ErrNotFound)
		}
		switch {
		case err != nil:
			return err
		case dry && f.json:
			return printJSON(cmd.OutOrStdout(), made.Plan)
		case dry:
			printPlannedOffer(cmd.OutOrStdout(), *made.Plan)
			fmt.Fprintln(cmd.OutOrStdout(), unsignedOffer)
			return nil
		}
		fmt.Fprintln(cmd.OutOrStdout(), string(made.Row.Offer))
		return nil
	}
	return cmd
}

func newRequestAcceptCommand() *cobra.Command {
	var o fillOptions
	cmd := &cobra.Command{
		Use:   "accept REQUEST OFFER",
		Short: "Take an answer to a request: it is paid out of the request's money, verified and let go",
		Long: `Reads an offer (a JSON file) that answers a request of this node, has the contract pay it out of what was put up, and goes on
as sinso order fill does. Cut off, it goes on where it stood when it is done again. With --dry-run it is only said what it
is, what would be done and what that costs.

EXIT STATUS: as sinso order fill`,
		Args: exactArgs(2),
	}
	o.addBuyFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.request, err = requestHash(args[0]); err != nil {
			return err
		}
		return o.take(cmd, args[1])
	}
	return cmd
}
