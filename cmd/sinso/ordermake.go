package main

import (
	"context"
	"encoding"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

type orderMakeOptions struct {
	nodeFlags
	price, floor    string
	taker, currency string
	panel           string
	term            uint16
	offer           node.OfferOptions
	dry             bool
}

func newOrderMakeCommand() *cobra.Command {
	var o orderMakeOptions
	cmd := &cobra.Command{
		Use:   "make RELEASE",
		Short: "Offer a release that is on the chain once more, on other terms",
		Long: `Signs an offer of a release that is registered on the chain. It stands beside those made before, each with its own price:
take back what you no longer mean with sinso order cancel. A signature goes to no chain and costs nothing; the buyer pays.

With --floor the price falls evenly from --price now to that when the offer ends, and whoever comes first pays what is
asked at that moment. --copies 0 sells without limit. --taker names the only account that may buy: a contract such as
Requests, or a buyer that you know. --panel names who decides if a buyer says that the content is wrong: a panel that
stands and of which enough members could vote now (sinso panel show); while it decides the money waits. Prices are in wei, or in the smallest unit of the ERC-20 token that --currency names.

EXIT STATUS: 0 offered, 1 error, 2 usage, 10 no such release, 12 it may not be offered, with the reason`,
		Args: exactArgs(1),
	}
	o.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.price, "price", "", "what a buyer pays, in wei")
	flags.StringVar(&o.floor, "floor", "", "what the price falls to when the offer ends, in wei (default: it does not fall)")
	flags.Uint32Var(&o.offer.Copies, "copies", 1, "how many may buy; 0 is without limit")
	flags.Uint16Var(&o.offer.OfferDays, "days", 0, "how many days it can be bought (default: as the release)")
	flags.Uint16Var(&o.term, "term", 0, "how many days a buyer may use it from the delivery; 0 is without an end (default: as the release)")
	flags.BoolVar(&o.offer.Transferable, "transferable", false, "a buyer may pass the licence on")
	flags.StringVar(&o.taker, "taker", "", "the only account that may buy (default: anyone)")
	flags.StringVar(&o.currency, "currency", "", "an ERC-20 token to be paid in (default: the chain's own money)")
	flags.StringVar(&o.panel, "panel", "", "who decides if a buyer says that the content is wrong: where a panel stands, or none (default: as the release)")
	flags.BoolVar(&o.dry, "dry-run", false, "only say what would be offered; nothing is signed or kept")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := o.read(cmd); err != nil {
			return &usageError{err}
		}
		return o.run(cmd.Context(), sinso.ReleaseID(args[0]), cmd.OutOrStdout())
	}
	return cmd
}

// read reads what was given as text.
func (o *orderMakeOptions) read(cmd *cobra.Command) error {
	o.offer.Actor = actor
	var floor sinso.Wei
	for _, flag := range []struct {
		name, text string
		into       encoding.TextUnmarshaler
		needed     bool
	}{
		{"price", o.price, &o.offer.Price, true},
		{"floor", o.floor, &floor, false},
		{"taker", o.taker, &o.offer.Taker, false},
		{"currency", o.currency, &o.offer.Currency, false},
	} {
		if flag.text == "" && !flag.needed {
			continue
		}
		if err := flag.into.UnmarshalText([]byte(flag.text)); err != nil {
			return fmt.Errorf("--%s: %w", flag.name, err)
		}
	}
	if o.floor != "" {
		o.offer.Floor = &floor
	}
	if o.panel != "" {
		var err error
		if o.offer.Panel, err = panelAt(o.panel); err != nil {
			return err
		}
	}
	if cmd.Flags().Changed("term") {
		o.offer.UseDays = &o.term
	}
	return nil
}

// madeOffer is what came of it; without a row it was only planned.
type madeOffer struct {
	Plan *node.PlannedOffer `json:"plan"`
	Row  *sinso.OrderRow    `json:"row"`
}

// asked is how a running node is asked for it.
func (o *orderMakeOptions) asked(release sinso.ReleaseID) map[string]any {
	return map[string]any{
		"release": release, "priceWei": o.offer.Price, "floorWei": o.offer.Floor, "copies": o.offer.Copies, "offerDays": o.offer.OfferDays,
		"useDays": o.offer.UseDays, "transferable": o.offer.Transferable, "taker": o.offer.Taker, "currency": o.offer.Currency,
		"panel": o.offer.Panel, "dryRun": o.dry,
	}
}

// unsignedOffer ends a dry run of an offer.
const unsignedOffer = "it costs nothing to make; nothing was signed"

func printPlannedOffer(out io.Writer, plan node.PlannedOffer) {
	printOrder(out, plan.Order)
	fmt.Fprintf(out, "under these terms: %s\n", plan.Licence)
}

func (o *orderMakeOptions) run(ctx context.Context, release sinso.ReleaseID, out io.Writer) error {
	var made madeOffer
	err := o.here(ctx, func(n *node.Node) (err error) {
		if made.Plan, err = ptr(n.PlanOffer(ctx, release, o.offer)); err != nil || o.dry {
			return err
		}
		made.Row, err = ptr(n.MakeOffer(ctx, release, o.offer))
		return err
	}, "POST", "/api/v1/local/orders", o.asked(release), &made)
	switch {
	case err != nil:
		return noSuch("release", text(release), err)
	case o.json && o.dry:
		return printJSON(out, made.Plan)
	case o.json:
		return printJSON(out, made.Row)
	}
	printPlannedOffer(out, *made.Plan)
	if o.dry {
		fmt.Fprintln(out, unsignedOffer)
		return nil
	}
	fmt.Fprintf(out, "order %s\ngive buyers what this prints: sinso order offer %s\n", made.Row.Hash, made.Row.Hash)
	return nil
}

// panelAt reads --panel.
func panelAt(text string) (*sinso.Address, error) {
	at := new(sinso.Address)
	if text == "none" {
		return at, nil
	}
	if err := at.UnmarshalText([]byte(text)); err != nil {
		return nil, fmt.Errorf("--panel: %w", err)
	}
	return at, nil
}

// printOrder says what an order asks and gives.
func printOrder(out io.Writer, order sinso.Order) {
	fmt.Fprintf(out, "%s for %s", copies(order.Copies), order.Price)
	if order.Floor.Int().Cmp(order.Price.Int()) < 0 {
		fmt.Fprintf(out, ", falling to %s", order.Floor)
	}
	unit := "wei"
	if order.Currency != (sinso.Address{}) {
		unit = "of the smallest unit of " + order.Currency.String()
	}
	fmt.Fprintf(out, " %s, until %s", unit, order.EndsAt.Format(time.RFC3339))
	if order.Taker != (sinso.Address{}) {
		fmt.Fprintf(out, ", for %s alone", order.Taker)
	}
	if order.Transferable {
		fmt.Fprint(out, "; the licence may be passed on")
	}
	fmt.Fprintln(out)
	printPanel(out, order.Panel)
}

// printPanel says who decides in a dispute.
func printPanel(out io.Writer, at sinso.Address) {
	if at == (sinso.Address{}) {
		fmt.Fprintln(out, "if the content is said to be wrong: nobody decides, for no panel is named")
		return
	}
	fmt.Fprintf(out, "if the content is said to be wrong: the panel at %s decides (sinso panel show --at %s)\n", at, at)
}

func copies(n uint32) string {
	switch n {
	case 0:
		return "copies without limit, each"
	case 1:
		return "one copy"
	}
	return fmt.Sprintf("%d copies, each", n)
}

func newOrderCancelCommand() *cobra.Command {
	var f nodeFlags
	var dry bool
	cmd := &cobra.Command{
		Use:   "cancel ORDER",
		Short: "Take an offer back, so that nobody can buy of it any more",
		Long: `Signs the end of an offer in its seller's name, and carries it to the chain; the node's account pays the gas. Copies that were
sold stay sold, and their buyers keep their grants: those are ended by sinso grant rm.

EXIT STATUS: 0 taken back, 1 error, 2 usage, 10 no such order, 12 nothing of it is left, with the reason`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what it would do and cost; nothing is signed or sent")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		hash, err := orderHash(args[0])
		if err != nil {
			return err
		}
		return f.cancel(cmd.Context(), hash, dry, cmd.OutOrStdout())
	}
	return cmd
}

func (f *nodeFlags) cancel(ctx context.Context, hash sinso.Hash, dry bool, out io.Writer) error {
	var told struct {
		Plan *node.ActPlan `json:"plan"`
		Tx   *sinso.Tx     `json:"tx"`
	}
	err := f.here(ctx, func(n *node.Node) (err error) {
		if dry {
			told.Plan, err = ptr(n.PlanCancel(ctx, hash))
			return err
		}
		told.Tx, err = ptr(n.CancelOrder(ctx, hash, actor))
		return err
	}, "POST", "/api/v1/local/orders/"+hash.String()+"/cancel", map[string]any{"dryRun": dry}, &told)
	switch {
	case err != nil:
		return noSuch("order", hash, err)
	case dry:
		return f.printPlan(out, *told.Plan)
	case f.json:
		return printJSON(out, map[string]any{"order": hash, "tx": told.Tx})
	}
	fmt.Fprintln(out, "taken back: nobody can buy of it any more; who bought before keeps what was bought")
	return nil
}

// printPlan prints what would be done.
func (f *nodeFlags) printPlan(out io.Writer, plan node.ActPlan) error {
	if f.json {
		return printJSON(out, plan)
	}
	printPlan(out, plan)
	return nil
}
