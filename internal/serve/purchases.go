package serve

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/way"
)

// purchase is one trade of this node as a buyer.
type purchase struct {
	Order     sinso.Hash     `json:"order"`
	Token     sinso.TokenID  `json:"token"`
	Trade     string         `json:"trade"` // its name, and that of the licence that comes of it; "" of an offer of version 1
	Step      string         `json:"step"`
	Running   bool           `json:"running"`  // the node is at work on it
	ByWallet  bool           `json:"byWallet"` // an account of the buyer's own was asked to pay it: the node does not
	SentTx    string         `json:"sentTx"`   // what its wallet said that it sent; "": nothing is known
	Price     sinso.Wei      `json:"priceWei"` // that it was settled at
	FillTx    string         `json:"fillTx"`
	DeliverTx string         `json:"deliverTx"`
	ReleaseTx string         `json:"releaseTx"`
	Payouts   []sinso.Payout `json:"payouts" nullable:"false"`
	UseEnds   time.Time      `json:"useEnds,omitzero"` // when the days of its licence are over; absent: no end, or not delivered yet
	Over      bool           `json:"over"`             // they are: it is opened no more
	Updated   time.Time      `json:"updated"`
	Offer     *offered       `json:"offer,omitempty"`
}

func (c *call) purchaseOf(row sinso.PurchaseRow) purchase {
	p := purchase{
		Order: row.Order, Token: row.Token, Trade: text(row.Trade), Price: row.Paid, Step: row.Step, ByWallet: row.ByWallet, SentTx: text(row.SentTx), Running: c.way.Buying(row.Order),
		FillTx: text(row.FillTx.Hash), DeliverTx: text(row.DeliverTx.Hash), ReleaseTx: text(row.ReleaseTx.Hash),
		Payouts: orNone(row.Payouts), UseEnds: row.UseEnds, Over: way.IsOver(row, c.way.Clock.Now()), Updated: row.Updated,
	}
	if offer, fields, err := c.way.Terms(row); err == nil { // checked before it was kept
		of := offeredOf(offer, fields)
		of.Money = c.way.MoneyOf(c.ctx(), row.Offer)
		p.Offer = &of
		if row.Trade == (sinso.Hash{}) { // of version 1, which had one price
			p.Price = offer.Order.Price
		}
	}
	return p
}

func (c *call) purchases() (list[purchase], error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return list[purchase]{}, err
	}
	rows, err := c.way.Purchases(c.ctx())
	return listOf(rows, c.purchaseOf), err
}

func (c *call) purchase() (purchase, error) {
	row, err := c.purchaseRow()
	if err != nil {
		return purchase{}, err
	}
	return c.purchaseOf(row), nil
}

// step is how far a purchase is.
type step struct {
	Step string `json:"step"`
}

func (step) milestone() {}

// buy settles an offer. It is passed on as it was read: the way believes nothing
// of it that a signature does not show.
func (c *call) buy(offer json.RawMessage, progress func(step)) (purchase, error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return purchase{}, err
	}
	return c.settle(progress, func(ctx context.Context, at func(string)) (sinso.PurchaseRow, error) {
		return c.way.Buy(ctx, offer, at)
	})
}

// acceptAnswer settles an offer out of the money of a request.
func (c *call) acceptAnswer(offer json.RawMessage, progress func(step)) (purchase, error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return purchase{}, err
	}
	id, err := c.hash("request")
	if err != nil {
		return purchase{}, err
	}
	return c.settle(progress, func(ctx context.Context, at func(string)) (sinso.PurchaseRow, error) {
		return c.way.Accept(ctx, id, offer, at)
	})
}

// resume goes on with a purchase that was cut off, by the offer that is kept.
func (c *call) resume(progress func(step)) (purchase, error) {
	row, err := c.purchaseRow()
	if err != nil {
		return purchase{}, err
	}
	return c.settle(progress, func(ctx context.Context, at func(string)) (sinso.PurchaseRow, error) {
		if row.Request != (sinso.Hash{}) {
			return c.way.Accept(ctx, row.Request, row.Offer, at)
		}
		return c.way.Buy(ctx, row.Offer, at)
	})
}

// settle takes a purchase to its end.
func (c *call) settle(progress func(step), do func(context.Context, func(string)) (sinso.PurchaseRow, error)) (purchase, error) {
	row, err := c.settled(progress, do)
	if err != nil {
		return purchase{}, err
	}
	return c.purchaseOf(row), nil
}

// settled is settle, and returns what was written down.
func (c *call) settled(progress func(step), do func(context.Context, func(string)) (sinso.PurchaseRow, error)) (sinso.PurchaseRow, error) {
	ctx, end := c.lasting.begin(c.ctx()) // money that is on its way is not left there because a page was closed
	defer end()
	row, err := do(ctx, func(at string) { progress(step{at}) })
	if err != nil {
		return row, err
	}
	return c.way.Purchase(ctx, row.Order) // with when it was written
}

// payment is what a wallet is asked to send (EIP-1193, eth_sendTransaction).
type payment struct {
	Order   sinso.Hash    `json:"order"`
	ChainID uint64        `json:"chainId"`
	To      sinso.Address `json:"to"`
	Data    string        `json:"data"` // 0x and hex
	Value   sinso.Wei     `json:"valueWei"`
}

func paymentOf(p way.Payment, err error) (payment, error) {
	return payment{Order: p.Order, ChainID: p.ChainID, To: p.To, Data: "0x" + hex.EncodeToString(p.Data), Value: p.Value}, err
}

// planPayment begins a purchase that a wallet pays.
func (c *call) planPayment(offer json.RawMessage) (payment, error) {
	if err := c.caller.May(auth.Trade, ""); err != nil {
		return payment{}, err
	}
	return paymentOf(c.way.PlanPayment(c.ctx(), offer))
}

// payment is the same call once more, of a purchase that was begun.
func (c *call) payment() (payment, error) {
	row, err := c.purchaseRow()
	if err != nil {
		return payment{}, err
	}
	return paymentOf(c.way.PlanPayment(c.ctx(), row.Offer))
}

// sentPayment is a payment that a wallet said it sent.
type sentPayment struct {
	Tx    string           `json:"tx"`    // ""; or the hash of its transaction
	State way.PaymentState `json:"state"` // none, waits, paid, failed or lost
}

// paymentState says what became of it.
func (c *call) paymentState() (sentPayment, error) {
	row, err := c.purchaseRow()
	if err != nil {
		return sentPayment{}, err
	}
	state, err := c.way.PaymentState(c.ctx(), row)
	return sentPayment{text(row.SentTx), state}, err
}

// notePayment takes down what a wallet sent.
func (c *call) notePayment(in struct {
	Tx sinso.Hash `json:"tx"`
},
) (purchase, error) {
	row, err := c.purchaseRow()
	if err != nil {
		return purchase{}, err
	}
	if err := c.way.NotePayment(c.ctx(), row.Order, in.Tx); err != nil {
		return purchase{}, err
	}
	return c.purchase()
}

// unplanPayment lets the node pay after all.
func (c *call) unplanPayment() (purchase, error) {
	row, err := c.purchaseRow()
	if err != nil {
		return purchase{}, err
	}
	if err := c.way.UnplanPayment(c.ctx(), row.Order); err != nil {
		return purchase{}, err
	}
	return c.purchase()
}

// verification is what a walk back from a token found.
type verification struct {
	OK    bool   `json:"ok"`
	Piece string `json:"piece,omitempty"` // that failed
	Error string `json:"error,omitempty"`
	way.Verification
}

// mayVerify lets in who bought the token, and who may see the person that sold it.
func (c *call) mayVerify(token sinso.TokenID) error {
	_, err := c.way.PurchaseByToken(c.ctx(), token)
	if err == nil && c.caller.May(auth.Trade, "") == nil {
		return nil
	}
	if err != nil && !errors.Is(err, sinso.ErrNotFound) {
		return err
	}
	release, err := c.way.ReleaseByToken(c.ctx(), token)
	if err != nil {
		return err
	}
	return c.caller.May(auth.See, release.Person)
}

func (c *call) verification() (verification, error) {
	token, err := c.hash("token")
	if err != nil {
		return verification{}, err
	}
	if err := c.mayVerify(token); err != nil {
		return verification{}, err
	}
	leave, err := c.enter(c.reads)
	if err != nil {
		return verification{}, err
	}
	defer leave()
	found, err := c.way.Verify(c.ctx(), token)
	found.Steps = orNone(found.Steps)
	if err == nil {
		return verification{OK: true, Verification: found}, nil
	}
	failed, is := strings.CutPrefix(err.Error(), "verify: ") // what the walk itself found
	if !is || c.ctx().Err() != nil || errors.Is(err, sinso.ErrUnavailable) {
		return verification{}, fmt.Errorf("serve: verify %s: %w", token, err)
	}
	piece, why, _ := strings.Cut(failed, ": ")
	return verification{Piece: piece, Error: why, Verification: found}, nil
}
