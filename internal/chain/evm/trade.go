package evm

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Fill pays the price of a deal into escrow. The buyer must be the account of payer.
// It names the price, so that the trade's name is known before: what is asked falls with
// time at most, so that it is the price of the deal that is taken.
func (c *Chain) Fill(ctx context.Context, deal sinso.Deal, signature []byte, payer [32]byte) (sinso.Tx, error) {
	const doing = "fill an order"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	if sinso.Address(by.address) != deal.Fill.Buyer {
		return sinso.Tx{}, fmt.Errorf("chain: %s: the buyer is not the account that pays: %w", doing, sinso.ErrInvalid)
	}
	return c.fillBy(ctx, doing, deal, signature, []byte{}, by)
}

// FillFor is Fill from another account than the buyer's, who consents.
func (c *Chain) FillFor(ctx context.Context, deal sinso.Deal, signature, consent []byte, payer [32]byte) (sinso.Tx, error) {
	const doing = "fill an order"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	if err := checkSignature(doing, consent); err != nil {
		return sinso.Tx{}, err
	}
	return c.fillBy(ctx, doing, deal, signature, consent, by)
}

func (c *Chain) fillBy(ctx context.Context, doing string, deal sinso.Deal, signature, consent []byte, by account) (sinso.Tx, error) {
	if err := checkSignature(doing, signature); err != nil {
		return sinso.Tx{}, err
	}
	id, err := c.checkDeal(doing, deal)
	if err != nil {
		return sinso.Tx{}, err
	}
	offer, key := deal.Order, deal.Fill.Key
	method, args := fillCall(deal, signature, consent)
	order, err := eip712.OrderHash(c.domain(), deal.Order)
	if err != nil {
		return sinso.Tx{}, fmt.Errorf("chain: %s: %w", doing, err)
	}
	w, err := c.trading(by, doing, id, "Filled", func(s kept) bool { return s.state() != sinso.TradeNone }, method, args...)
	if err != nil {
		return sinso.Tx{}, err
	}
	if deal.Order.Currency == (sinso.Address{}) {
		w.value = deal.Price.Int()
	}
	w.mark.topics = append(w.mark.topics, common.Hash(order), common.BytesToHash(deal.Fill.Buyer[:]))
	if w.mark.data, err = c.saying("Filled", offer, deal.Price, key.X, key.Y, deal.Fill.HPKEHash); err != nil {
		return sinso.Tx{}, err
	}
	return c.tx(ctx, w)
}

// fillCall is the call of a fill. fill is the buyer's signature, nothing if the buyer calls.
func fillCall(deal sinso.Deal, signature, fill []byte) (method string, args []any) {
	key := deal.Fill.Key
	args = []any{deal.Order, signature, deal.Fill.Buyer, key.X, key.Y, deal.Fill.HPKEHash, fill}
	if deal.Order.Floor.Int().Cmp(deal.Order.Price.Int()) != 0 || deal.Price.Int().Cmp(deal.Order.Price.Int()) != 0 {
		return "fillAt", append([]any{deal.Price}, args...)
	}
	return "fill", args
}

// Filling returns the call of a fill that another account than the buyer's makes.
func (c *Chain) Filling(deal sinso.Deal, signature, fill []byte) (sinso.Address, []byte, error) {
	const doing = "prepare a fill"
	for _, one := range [][]byte{signature, fill} {
		if err := checkSignature(doing, one); err != nil {
			return sinso.Address{}, nil, err
		}
	}
	if _, err := c.checkDeal(doing, deal); err != nil {
		return sinso.Address{}, nil, err
	}
	method, args := fillCall(deal, signature, fill)
	data, err := c.packExchange(method, args...)
	return c.contracts.Exchange, data, err
}

// saying is the data of an event of the Exchange.
func (c *Chain) saying(event string, args ...any) ([]byte, error) {
	_, declared, err := c.tale(event)
	if err != nil {
		return nil, err
	}
	data, err := packed(declared.Inputs.NonIndexed(), args)
	if err != nil {
		return nil, fmt.Errorf("chain: event %s: %w", event, err)
	}
	return data, nil
}

// Deliver carries the seller's signed delivery.
func (c *Chain) Deliver(ctx context.Context, delivery sinso.Delivery, payer [32]byte) (sinso.Tx, error) {
	const doing = "deliver a key"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	if err := checkSignature(doing, delivery.Signature); err != nil {
		return sinso.Tx{}, err
	}
	did := func(s kept) bool { return s.delivered() || s.state() == sinso.TradeRefunded }
	w, err := c.trading(by, doing, delivery.Trade, "Delivered", did, "deliver", deliveryOf(delivery), delivery.Signature)
	if err != nil {
		return sinso.Tx{}, err
	}
	if w.mark.data, err = c.deliveredData(delivery); err != nil {
		return sinso.Tx{}, err
	}
	return c.tx(ctx, w)
}

func (c *Chain) deliveredData(d sinso.Delivery) ([]byte, error) {
	return c.saying("Delivered", d.GrantHash, d.Box.Ephemeral.X, d.Box.Ephemeral.Y, d.Box.Masked)
}

// Refund gives the buyer the money back. It finds a refund for a wrong key too.
func (c *Chain) Refund(ctx context.Context, deal sinso.Deal, payer [32]byte) (sinso.Tx, error) {
	const doing = "refund a trade"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	id, err := c.checkDeal(doing, deal)
	if err != nil {
		return sinso.Tx{}, err
	}
	w, err := c.trading(by, doing, id, "Refunded", in(sinso.TradeRefunded), "refund", deal.Order, purchaseOf(deal))
	if err != nil {
		return sinso.Tx{}, err
	}
	return c.tx(ctx, w)
}

// in is the condition that a trade is in a state.
func in(state sinso.TradeState) func(kept) bool {
	return func(s kept) bool { return s.state() == state }
}

// Cancel ends an order, whatever was not filled of it.
func (c *Chain) Cancel(ctx context.Context, order sinso.Order, signature []byte) (sinso.Tx, error) {
	const doing = "cancel an order"
	if err := checkSignature(doing, signature); err != nil {
		return sinso.Tx{}, err
	}
	hash, err := c.checkOrder(doing, order)
	if err != nil {
		return sinso.Tx{}, err
	}
	data, err := c.packExchange("cancel", order.Seller, hash, signature)
	if err != nil {
		return sinso.Tx{}, err
	}
	m, _, err := c.tale("Cancelled", common.BytesToHash(order.Seller[:]), common.Hash(hash))
	if err != nil {
		return sinso.Tx{}, err
	}
	to := m.contract
	return c.tx(ctx, work{
		message: message{doing: doing, by: c.node, to: &to, data: data}, mark: m,
		did: func(ctx context.Context) (bool, uint64, error) {
			count, err := c.counted(ctx, order.Seller, hash)
			return err == nil && isCancelled(count), 0, err
		},
	})
}

// Revoke ends the grant of a trade.
func (c *Chain) Revoke(ctx context.Context, deal sinso.Deal, signature []byte) (sinso.Tx, error) {
	const doing = "revoke a grant"
	if err := checkSignature(doing, signature); err != nil {
		return sinso.Tx{}, err
	}
	id, err := c.checkDeal(doing, deal)
	if err != nil {
		return sinso.Tx{}, err
	}
	revoked := func(s kept) bool { return s.Revoked }
	w, err := c.trading(c.node, doing, id, "Revoked", revoked, "revoke", deal.Order, purchaseOf(deal), signature)
	if err != nil {
		return sinso.Tx{}, err
	}
	return c.tx(ctx, w)
}

func (c *Chain) tx(ctx context.Context, w work) (sinso.Tx, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	receipt, err := c.once(ctx, w)
	if err != nil {
		return sinso.Tx{}, err
	}
	return txOf(receipt), nil
}

// checkDeal names a trade, and refuses what checkOrder refuses.
func (c *Chain) checkDeal(doing string, deal sinso.Deal) (sinso.Hash, error) {
	if _, err := c.checkOrder(doing, deal.Order); err != nil {
		return sinso.Hash{}, err
	}
	if deal.Price.Int().BitLen() > priceBits {
		return sinso.Hash{}, refusal(doing, "BadPrice")
	}
	id, err := eip712.TradeID(c.domain(), deal)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("chain: %s: %w", doing, err)
	}
	return id, nil
}

// checkOrder refuses what the contract would, and what would not fit its call.
func (c *Chain) checkOrder(doing string, order sinso.Order) (sinso.Hash, error) {
	if order.Price.Int().BitLen() > priceBits || order.Floor.Int().Cmp(order.Price.Int()) > 0 {
		return sinso.Hash{}, refusal(doing, "BadPrice")
	}
	if order.DeliverWithin < minWindow || order.DeliverWithin > maxWindow ||
		order.DisputeWithin < minWindow || order.DisputeWithin > maxWindow {
		return sinso.Hash{}, refusal(doing, "BadWindow")
	}
	hash, err := eip712.OrderHash(c.domain(), order)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("chain: %s: %w", doing, err)
	}
	return hash, nil
}

// Bounds of an order's windows in seconds, as MIN_WINDOW and MAX_WINDOW of
// Exchange.sol, and of its price in bits, as priceOf has it.
const (
	minWindow = uint32(time.Minute / time.Second)
	maxWindow = uint32(90 * 24 * time.Hour / time.Second)
	priceBits = 128
)

// words encodes numbers as the ABI does: 32 bytes each.
func words(numbers ...*big.Int) []byte {
	var out []byte
	for _, n := range numbers {
		out = append(out, common.BigToHash(n).Bytes()...)
	}
	return out
}
