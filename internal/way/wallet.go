package way

import (
	"context"
	"errors"
	"fmt"

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
// shows the payment. [Way.UnplanPayment] takes that back. ErrUnsupported: its price falls.
// ErrExists: it is paid, or this node has begun to.
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

// UnplanPayment lets this node pay for a purchase after all. Should the wallet's payment come as
// well, the contract refuses the later of the two: they are of one trade.
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
	row.ByWallet = false
	return w.recordOne(ctx, sinso.EventPurchased, "buyer", "", sinso.Purchased{Purchase: row})
}
