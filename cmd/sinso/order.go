package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/node"
)

func newOrderCommand() *cobra.Command {
	ls := listThrough("/api/v1/local/orders", "List the orders, and below each what was sold of it", "ORDER\tRELEASE\tPRICE (WEI)\tCOPIES\tSTATE\tREVOKED\tBUYER",
		func(ctx context.Context, n *node.Node, person string) ([]node.PricedOrder, error) {
			return n.PricedOrders(ctx, sinso.PersonID(person))
		}, orderLine)
	return nounCommand("order", "Orders: offers to sell, and purchases", ls, newOrderMakeCommand(), newOrderCancelCommand(), newOrderOfferCommand(), newOrderFillCommand(), newOrderKeyCommand())
}

// orderLine is an order in the table: of several copies with a line for each that was sold.
func orderLine(r node.PricedOrder) string {
	price := r.Price.String()
	if r.Money != nil {
		price = r.Money.Text(r.Price)
	}
	sold := fmt.Sprintf("%d of %d", len(r.Trades), r.Copies)
	if r.Copies == 0 {
		sold = fmt.Sprintf("%d, no limit", len(r.Trades))
	}
	if r.Copies == 1 {
		return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%t\t%s", r.Hash, r.Release, price, sold, r.State, r.Revoked, r.Buyer)
	}
	state := sinso.TradeNone // a line for each trade says how that is
	if r.Cancelled {
		state = sinso.TradeCancelled
	}
	lines := []string{fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%t\t", r.Hash, r.Release, price, sold, state, r.Revoked)}
	for _, one := range r.Trades {
		lines = append(lines, fmt.Sprintf("  %s\t\t\t\t%s\t%t\t%s", one.Trade, one.State, one.Revoked, one.Buyer))
	}
	return strings.Join(lines, "\n")
}

func newOrderOfferCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "offer ORDER",
		Short: "Print the offer of an order, to give to buyers",
		Long:  "Prints the offer of an order as JSON. Whoever has it can check it and buy.\n\nEXIT STATUS: 0 done, 1 error, 2 usage, 10 no such order",
		Args:  exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		hash, err := orderHash(args[0])
		if err != nil {
			return err
		}
		var offer json.RawMessage
		err = f.here(cmd.Context(), func(n *node.Node) error {
			row, err := n.Order(cmd.Context(), hash)
			offer = row.Offer
			return err
		}, "GET", "/api/v1/orders/"+hash.String()+"/offer", nil, &offer)
		if err != nil {
			return noSuch("order", hash, err)
		}
		fmt.Fprintln(cmd.OutOrStdout(), string(offer))
		return nil
	}
	return cmd
}

// noSuch says in plain words that this node has no such thing.
func noSuch(noun string, id fmt.Stringer, err error) error {
	if errors.Is(err, sinso.ErrNotFound) {
		return fmt.Errorf("this node has no %s %s: %w", noun, id, sinso.ErrNotFound)
	}
	return err
}

func orderHash(text string) (sinso.Hash, error) {
	var hash sinso.Hash
	if err := hash.UnmarshalText([]byte(text)); err != nil {
		return hash, &usageError{fmt.Errorf("%q is not an order: %w", text, err)}
	}
	return hash, nil
}

type fillOptions struct {
	nodeFlags
	export  string
	dry     bool
	request sinso.Hash // that the offer answers; zero: it is bought by itself
}

// purchase is what `order fill --json` prints.
type purchase struct {
	node.Settled
	Instances int    `json:"instances"` // written into dir
	Works     int    `json:"works"`     // written into dir/works
	Dir       string `json:"dir,omitempty"`
}

func newOrderFillCommand() *cobra.Command {
	var o fillOptions
	cmd := &cobra.Command{
		Use:   "fill OFFER",
		Short: "Buy what an offer sells, verify it and let the money go",
		Long: `Reads an offer (a JSON file), checks it, pays its price into escrow from an account made for this order alone,
gets the key from the seller's node, fetches every block, verifies all of it against what the institution
signed, and only then lets the money go. A price in an ERC-20 token is paid from the node's own account, which lets the
Exchange take exactly the price. A wrong key is proven to the contract and the money taken back. A
purchase that is cut off goes on where it stood when it is done again. A running node buys by itself: who stops waiting
for it stops nothing.

With --dry-run it is checked and refused as before a payment, and said what it is, what would be done and what that
costs. Nothing is signed, sent or written down, and no account is made. The chain's endpoint is asked by what would be.

EXIT STATUS: 0 bought, 1 error, 2 usage, 3 the money was taken back, or a panel decided or halved it, or another had it in an auction, 10 no such node or file,
12 the seller refuses, 13 something is not what was offered, 130 interrupted`,
		Args: exactArgs(1),
	}
	o.addBuyFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return o.take(cmd, args[0]) }
	return cmd
}

func (o *fillOptions) addBuyFlags(cmd *cobra.Command) {
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.export, "export", "", "write what was bought into this folder, as DICOM files")
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "only say what it would do and cost; nothing is signed, sent or written down")
}

// take reads an offer and plans or buys it.
func (o *fillOptions) take(cmd *cobra.Command, path string) error {
	offer, err := readOffer(path)
	if err != nil {
		return err
	}
	if o.dry {
		return o.plan(cmd.Context(), offer, cmd.OutOrStdout())
	}
	return o.run(cmd, offer)
}

// maxOfferFile bounds an offer that is read from a file.
const maxOfferFile = 1 << 20

func readOffer(path string) ([]byte, error) {
	file, err := os.Open(path) //nolint:gosec // the caller names the file
	if err != nil {
		return nil, fmt.Errorf("the offer cannot be read: %w", sinso.ErrNotFound)
	}
	defer file.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(io.LimitReader(file, maxOfferFile+1))
	if err != nil || len(data) > maxOfferFile || !json.Valid(data) {
		return nil, fmt.Errorf("the offer cannot be read, or is no offer: %w", sinso.ErrInvalid)
	}
	return data, nil
}

// purchaseSays is what each step of a purchase means.
var purchaseSays = map[string]string{
	"planned":   "the offer holds: signed by its seller, and by everybody who is paid",
	"funded":    "an account of this order alone has the price, or of a price in a token the gas",
	"filled":    "the price is in escrow",
	"answered":  "the seller's node gave the key",
	"delivered": "the delivery is on the chain",
	"fetched":   "every block is here, opens, and is what the institution signed",
	"released":  "the payees have their money",
	"refunded":  "the key was wrong or never came, or the panel was for the buyer; the money is back",
	"halved":    "the panel was silent, and half of the money is back",
	"decided":   "the panel was for the seller, and the payees have their money; what was delivered did not hold here",
	"lost":      "the auction ended without this node's bid; sinso auction withdraw brings back what was bid, after sinso auction refund if nobody settled it",
}

// printPrice says of an offer in a token what it costs: the token, and the chain's own money for gas.
func printPrice(errOut io.Writer, price node.TokenPrice) {
	fmt.Fprintf(errOut, "price: %s (%s); gas: about %s wei for the approval and the payment, and up to %s wei for the rest, of the chain's own money\n",
		price.Money.Text(price.Price), price.Money.Name(), price.Paying, price.Gas)
}

// unbought are the ends of a purchase that brought nothing.
var unbought = map[string]bool{"refunded": true, "halved": true, "decided": true, "lost": true}

// run buys on a stopped node, or has the running one buy and follows it.
func (o fillOptions) run(cmd *cobra.Command, offer []byte) error {
	ctx := cmd.Context()
	says := func(step string) { fmt.Fprintln(cmd.ErrOrStderr(), step+": "+purchaseSays[step]) }
	var p purchase
	stopped := "the same command goes on from where the purchase stood"
	err := o.reach(ctx, func(n *node.Node) error {
		if n.MoneyOf(ctx, offer) != nil {
			price, err := n.TokenPrice(ctx, offer)
			if err != nil {
				return err
			}
			printPrice(cmd.ErrOrStderr(), price)
		}
		return o.buyHere(ctx, n, offer, says, &p)
	}, func(c *client.Client) error {
		stopped = "the running node may have begun the purchase; the same command follows it then, and buys nothing twice"
		return o.buyThere(ctx, c, offer, func(at buying) {
			if at.Price != nil {
				printPrice(cmd.ErrOrStderr(), *at.Price)
				return
			}
			stopped = "the running node goes on with the purchase by itself; the same command follows it again, and buys nothing twice"
			says(at.Step)
		}, &p)
	})
	switch {
	case err != nil && ctx.Err() != nil && p.Step != "":
		return withHint(err, "the purchase is at its end; the same command writes the files again, and buys nothing twice")
	case err != nil && ctx.Err() != nil:
		return withHint(err, stopped)
	case err != nil:
		return err
	case unbought[p.Step]:
		return errors.Join(&partly{}, o.print(cmd.OutOrStdout(), p))
	}
	return o.print(cmd.OutOrStdout(), p)
}

// buyHere buys on a stopped node.
func (o fillOptions) buyHere(ctx context.Context, n *node.Node, offer []byte, says func(string), p *purchase) error {
	buy := n.Buy
	if o.request != (sinso.Hash{}) {
		buy = func(ctx context.Context, offer []byte, says func(string)) (sinso.PurchaseRow, error) {
			return n.Accept(ctx, o.request, offer, says)
		}
	}
	row, err := buy(ctx, offer, says)
	if err != nil {
		return err
	}
	if p.Settled = n.Settled(ctx, row); o.export == "" || unbought[p.Step] {
		return nil
	}
	into, err := p.exportTo(o.export)
	if err != nil {
		return err
	}
	return n.Export(ctx, row, into)
}

// buying is what a running node tells of a purchase: first the price of an offer in a token, then each step.
type buying struct {
	Price *node.TokenPrice
	Step  string
}

// buyThere has the running node buy, and is told of each step.
func (o fillOptions) buyThere(ctx context.Context, c *client.Client, offer []byte, says func(buying), p *purchase) error {
	told, err := follow[buying, struct{ Done node.Settled }](ctx, c, buyRoute, o.asked(offer), says)
	if err != nil {
		return err
	}
	if p.Settled = told.Done; o.export == "" || unbought[p.Step] {
		return nil
	}
	into, err := p.exportTo(o.export)
	if err != nil {
		return err
	}
	return unpack(ctx, c, "/api/v1/purchases/"+p.Order.String()+"/files", o.export, into)
}

const buyRoute = "/api/v1/local/purchases"

// asked is how a running node is asked to buy.
func (o fillOptions) asked(offer []byte) any {
	return struct {
		Offer   json.RawMessage `json:"offer"`
		Request sinso.Hash      `json:"request,omitzero"`
		DryRun  bool            `json:"dryRun"`
	}{offer, o.request, o.dry}
}

func (o fillOptions) print(out io.Writer, p purchase) error {
	if o.json {
		return printJSON(out, p)
	}
	if unbought[p.Step] {
		fmt.Fprintln(out, purchaseSays[p.Step])
		return nil
	}
	fmt.Fprintf(out, "bought token %s\n", p.Token)
	if p.Licence != (sinso.Hash{}) {
		fmt.Fprintf(out, "licence %s\n", p.Licence)
	}
	money := sinso.Currency{}
	if p.Money != nil {
		money = *p.Money
	}
	for _, payout := range p.Payouts {
		fmt.Fprintf(out, "  %s to the %s, %s\n", money.Text(payout.Wei), payout.Role, payout.To)
	}
	if p.Dir != "" {
		fmt.Fprintf(out, "  %d DICOM instances in %s, %d works beside them\n", p.Instances, p.Dir, p.Works)
	}
	return nil
}

// exportTo makes a folder for what was bought, and returns what writes an object into it and counts that.
func (p *purchase) exportTo(dir string) (write func(name string, plain []byte) error, err error) {
	p.Dir = dir
	if err := os.MkdirAll(filepath.Join(dir, "works"), 0o700); err != nil {
		return nil, fmt.Errorf("the folder for what was bought cannot be made: %w", sinso.ErrUnavailable)
	}
	return func(name string, plain []byte) error {
		if filepath.Dir(name) == "." {
			p.Instances++
		} else {
			p.Works++
		}
		return durable.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), plain, 0o600)
	}, nil
}

// unpack has the running node send what was bought as a ZIP file, which lies in the folder until all of it is there,
// and hands over each object.
func unpack(ctx context.Context, c *client.Client, path, dir string, write func(name string, plain []byte) error) (err error) {
	file, err := os.CreateTemp(dir, ".sinso-*.zip")
	if err != nil {
		return fmt.Errorf("the folder for what was bought cannot be written: %w", sinso.ErrUnavailable)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if err := c.Fetch(ctx, path, file); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("what was bought cannot be read back: %w", sinso.ErrUnavailable)
	}
	packed, err := zip.NewReader(file, size)
	if err != nil {
		return fmt.Errorf("what the node sent is no whole ZIP file: %w", sinso.ErrUnavailable)
	}
	for _, one := range packed.File {
		if !filepath.IsLocal(filepath.FromSlash(one.Name)) {
			return fmt.Errorf("the node names a file outside of the folder: %w", sinso.ErrCorrupt)
		}
		plain, err := unpacked(one)
		if err == nil {
			err = write(one.Name, plain)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func unpacked(one *zip.File) ([]byte, error) {
	content, err := one.Open()
	if err != nil {
		return nil, fmt.Errorf("what the node sent cannot be unpacked: %w", sinso.ErrUnavailable)
	}
	defer content.Close() //nolint:errcheck // it was only read
	plain, err := io.ReadAll(content)
	if err != nil {
		return nil, fmt.Errorf("what the node sent cannot be unpacked: %w", sinso.ErrUnavailable)
	}
	return plain, nil
}

func newOrderKeyCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "key ORDER",
		Short: "Ask the seller's node for the key of a purchase again",
		Long:  "Asks the seller's node for the key of a purchase again. It is refused once the person has ended the grant.\n\nEXIT STATUS: 0 given, 1 error, 2 usage, 10 no such purchase, 12 refused",
		Args:  exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		hash, err := orderHash(args[0])
		if err != nil {
			return err
		}
		err = f.here(cmd.Context(), func(n *node.Node) error { return n.FetchKey(cmd.Context(), hash) },
			"POST", buyRoute+"/"+hash.String()+"/key", nil, nil)
		if err != nil {
			return noSuch("purchase", hash, err)
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), map[string]bool{"given": true})
		}
		fmt.Fprintln(cmd.OutOrStdout(), "the seller's node gave the key again")
		return nil
	}
	return cmd
}
