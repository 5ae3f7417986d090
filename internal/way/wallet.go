package way

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// errUnpaid is a purchase that waits for an account of the buyer's own.
var errUnpaid = errors.New("the chain shows no payment")

// Payment is a call by which any account pays for a purchase: the contract, what is called, and
// the money that goes with it.
type Payment struct {
	Order   sinso.Hash
	ChainID uint64
	To      sinso.Address
	Data    []byte
	Value   sinso.Wei
}

// PlanPayment begins the purchase of an offer and returns the call by which an account of the
// buyer's own pays for it. The licence, the key and a refund go to the account that is made for
// the order all the same. From then on this node does not pay for it: it goes on once the chain
// shows the payment. [Way.UnplanPayment] takes that back. ErrUnsupported: its price falls, or is in a token.
// ErrExists: it is paid, or this node has begun to, or a wallet has sent a payment that is not known
// to be lost.
func (w *Way) PlanPayment(ctx context.Context, encoded []byte) (Payment, error) {
	if w.Chain == nil {
		return Payment{}, fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	offer, hash, err := w.checkOffer(ctx, encoded)
	if err != nil {
		return Payment{}, err
	}
	if offer.Order.Floor.Int().Cmp(offer.Order.Price.Int()) != 0 {
		return Payment{}, fmt.Errorf("way: the price of %s falls, and a wallet pays fixed prices alone; nothing was spent: %w", hash, sinso.ErrUnsupported)
	}
	end, err := w.buying.take(ctx, hash)
	if err != nil {
		return Payment{}, err
	}
	defer end()
	b, err := w.begin(ctx, offer, hash, encoded)
	if err != nil {
		return Payment{}, err
	}
	if b.row.Step != stepPlanned {
		return Payment{}, fmt.Errorf("way: purchase %s is at step %q, it is not to be paid any more: %w", hash, b.row.Step, sinso.ErrExists)
	}
	return b.payment(ctx)
}

// payment is the call, once it is written down that this node does not pay.
func (b *purchase) payment(ctx context.Context) (Payment, error) {
	if err := b.unsent(ctx, b.row); err != nil {
		return Payment{}, err
	}
	if byContract(b.row) {
		return Payment{}, fmt.Errorf("way: %s answers a request, or was bid for in an auction: a contract pays it alone, and nothing was spent: %w", b.hash, sinso.ErrExists)
	}
	if b.inToken() {
		return Payment{}, fmt.Errorf("way: the price of %s is in an ERC-20 token, and a wallet pays the chain's own money alone here; nothing was spent: let the node pay from its own account: %w", b.hash, sinso.ErrUnsupported)
	}
	if err := b.fillable(ctx); err != nil {
		return Payment{}, err
	}
	consent, err := b.keys.Consent(b.offer.Contracts, b.hash)
	if err != nil {
		return Payment{}, err
	}
	to, data, err := b.Chain.Filling(b.deal(), b.offer.Signature, consent)
	if err != nil {
		return Payment{}, fmt.Errorf("way: the payment of %s: %w", b.hash, err)
	}
	if !b.row.ByWallet {
		b.row.ByWallet = true
		if err := b.at(ctx, stepPlanned); err != nil {
			return Payment{}, err
		}
	}
	return Payment{Order: b.hash, ChainID: b.offer.Contracts.ChainID, To: to, Data: data, Value: b.row.Paid}, nil
}

// PaymentState is what became of a payment that a wallet sent.
type PaymentState string

// The states of a payment.
const (
	PaymentNone   PaymentState = "none"   // no wallet has said that it sent one
	PaymentWaits  PaymentState = "waits"  // it is in no block yet, or the chain has not heard of it yet
	PaymentPaid   PaymentState = "paid"   // the contract has the money
	PaymentFailed PaymentState = "failed" // it is in a block, and paid nothing
	PaymentLost   PaymentState = "lost"   // the chain does not know it long after it was sent
)

// lostAfter is how long a payment that the chain does not know may be on its way.
const lostAfter = 10 * time.Minute

// NotePayment takes down which transaction a wallet says that it sent as the payment of a purchase:
// until that is known to be lost, no other is planned, and this node does not pay. The wallet's word is
// not believed: what counts is what the chain shows. ErrExists: another one is on its way, or nothing is to be paid.
func (w *Way) NotePayment(ctx context.Context, order, tx sinso.Hash) error {
	if tx == (sinso.Hash{}) {
		return fmt.Errorf("way: no transaction has the hash zero: %w", sinso.ErrInvalid)
	}
	end, err := w.buying.take(ctx, order)
	if err != nil {
		return err
	}
	defer end()
	row, err := w.Purchase(ctx, order)
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", order, err)
	}
	if row.SentTx == tx {
		return nil
	}
	if row.Step != stepPlanned || !row.ByWallet {
		return fmt.Errorf("way: purchase %s waits for no wallet: %w", order, sinso.ErrExists)
	}
	switch state, err := w.PaymentState(ctx, row); {
	case err != nil:
		return err
	case state == PaymentWaits:
		return stillSent(row)
	}
	row.SentTx, row.SentAt = tx, w.Clock.Now()
	return w.recordOne(ctx, sinso.EventPurchased, "buyer", "", sinso.Purchased{Purchase: row})
}

// PaymentState says what became of the payment that a wallet sent for a purchase.
func (w *Way) PaymentState(ctx context.Context, row sinso.PurchaseRow) (PaymentState, error) {
	if row.Step != stepPlanned && row.FillTx.Hash != (sinso.Hash{}) {
		return PaymentPaid, nil
	}
	if w.Chain == nil {
		return "", fmt.Errorf("way: %w: %w", errNoChain, sinso.ErrUnavailable)
	}
	trade, err := w.Chain.Trade(ctx, row.Trade)
	if err != nil {
		return "", err
	}
	if trade.State != sinso.TradeNone {
		return PaymentPaid, nil
	}
	if row.SentTx == (sinso.Hash{}) {
		return PaymentNone, nil
	}
	sent, err := w.Chain.Sent(ctx, row.SentTx)
	switch {
	case err != nil:
		return "", fmt.Errorf("way: the payment of %s: %w", row.Order, err)
	case sent == sinso.SentDone: // of a call that the contract did not take for a payment, or too new to be seen in the trade
		if trade, err = w.Chain.Trade(ctx, row.Trade); err != nil || trade.State != sinso.TradeNone {
			return PaymentPaid, err
		}
		return PaymentFailed, nil
	case sent == sinso.SentFailed:
		return PaymentFailed, nil
	case sent == sinso.SentUnknown && w.Clock.Now().Sub(row.SentAt) > lostAfter:
		return PaymentLost, nil
	}
	return PaymentWaits, nil
}

// unsent is ErrExists if a wallet has sent a payment of a purchase that is not known to be lost.
func (w *Way) unsent(ctx context.Context, row sinso.PurchaseRow) error {
	if row.SentTx == (sinso.Hash{}) {
		return nil
	}
	state, err := w.PaymentState(ctx, row)
	if err == nil && (state == PaymentWaits || state == PaymentPaid) {
		return stillSent(row)
	}
	return err
}

func stillSent(row sinso.PurchaseRow) error {
	return fmt.Errorf("way: a wallet has sent a payment for purchase %s, transaction %s, and it is not lost; nothing more is paid: wait for it: %w", row.Order, row.SentTx, sinso.ErrExists)
}

// UnplanPayment lets this node pay for a purchase after all. Should the wallet's payment come as
// well, the contract refuses the later of the two: they are of one trade. ErrExists: one is on its way.
func (w *Way) UnplanPayment(ctx context.Context, order sinso.Hash) error {
	end, err := w.buying.take(ctx, order)
	if err != nil {
		return err
	}
	defer end()
	row, err := w.Purchase(ctx, order)
	if err != nil {
		return fmt.Errorf("way: purchase %s: %w", order, err)
	}
	if row.Step != stepPlanned || !row.ByWallet {
		return nil
	}
	if err := w.unsent(ctx, row); err != nil {
		return err
	}
	row.ByWallet = false
	return w.recordOne(ctx, sinso.EventPurchased, "buyer", "", sinso.Purchased{Purchase: row})
}
