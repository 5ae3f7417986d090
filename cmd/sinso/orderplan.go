package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// plan says what a purchase would be, and what it would cost.
func (o fillOptions) plan(ctx context.Context, offer []byte, out io.Writer) error {
	var about node.PlannedBuy
	told := struct{ Plan node.ActPlan }{node.ActPlan{About: &about}}
	err := o.here(ctx, func(n *node.Node) (err error) {
		if o.request != (sinso.Hash{}) {
			told.Plan, err = n.PlanAccept(ctx, o.request, offer)
		} else {
			told.Plan, err = n.PlanBuy(ctx, offer)
		}
		about, _ = told.Plan.About.(node.PlannedBuy)
		return err
	}, "POST", buyRoute, o.asked(offer), &told)
	if err != nil || o.json {
		return printOr(err, out, told.Plan)
	}
	printBuy(out, about)
	if len(told.Plan.Steps) > 0 {
		printPlan(out, told.Plan)
		return nil
	}
	fmt.Fprintf(out, "this node's purchase of it stands at %s: %s\n", about.Step, purchaseSays[about.Step])
	fmt.Fprintln(out, "the price is not paid again; what is left to do costs gas alone, out of the account that bought; nothing was sent")
	return nil
}

// foreign is a text of somebody else's that does not steer a terminal.
func foreign(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// printBuy says what an offer is of, and under which terms.
func printBuy(out io.Writer, b node.PlannedBuy) {
	fmt.Fprintf(out, "order %s\ntoken %s of seller %s: %d instances, tier %s, origin %s\n", b.Order, b.Token, b.Seller, b.Instances, foreign(b.Tier), foreign(string(b.Origin)))
	price := b.Price.String() + " wei" + inFiat(b.Fiat)
	if b.Money != nil {
		price = b.Money.Text(b.Price) + " (" + b.Money.Name() + ")"
	}
	fmt.Fprintf(out, "price %s, until %s\n", price, b.EndsAt.UTC().Format(time.RFC3339))
	fmt.Fprintf(out, "under these terms: %s\n", foreign(b.Terms))
	printPanel(out, b.Panel)
	if b.Request != (sinso.Hash{}) {
		fmt.Fprintf(out, "the price is paid out of what was put up for request %s, and the gas of all steps by this node's account, which has %s wei\n", b.Request, b.Balance)
		return
	}
	fmt.Fprintf(out, "an account made for this order gets a price in coin and up to %s wei for the gas of all steps; this node's account has %s wei\n", b.MostGas, b.Balance)
}
