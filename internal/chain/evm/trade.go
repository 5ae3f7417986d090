package evm

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/bind"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Fill pays an order into escrow. fill.Buyer must be the account of payer.
func (c *Chain) Fill(ctx context.Context, order sinso.Order, signature []byte, fill sinso.Fill, payer [32]byte) (sinso.Tx, error) {
	const doing = "fill an order"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	if sinso.Address(by.address) != fill.Buyer {
		return sinso.Tx{}, fmt.Errorf("chain: %s: the buyer is not the account that pays, and the contract takes who pays for the buyer: %w", doing, sinso.ErrInvalid)
	}
	if err := checkSignature(doing, signature); err != nil {
		return sinso.Tx{}, err
	}
	hash, err := c.checkOrder(doing, order)
	if err != nil {
		return sinso.Tx{}, err
	}
	keyX, keyY := number(fill.Key.X), number(fill.Key.Y)
	w := c.trading(by, doing, hash, c.settlement.PackFill(orderOf(order), signature, keyX, keyY, fill.HPKEHash), "Filled")
	w.value = order.Price.Int()
	w.mark.topics = append(w.mark.topics, common.Hash(order.Token), common.BytesToHash(fill.Buyer[:]))
	w.mark.data = words(w.value, keyX, keyY, number(fill.HPKEHash))
	w.did = c.traded(hash, func(t bind.Trade) (bool, uint64) { return t.FilledAt != 0, t.FilledAt })
	return c.tx(ctx, w)
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
	made := deliveryOf(delivery)
	w := c.trading(by, doing, delivery.Order, c.settlement.PackDeliver(made, delivery.Signature), "Delivered")
	w.mark.data = words(number(delivery.GrantHash), made.EphemeralX, made.EphemeralY, number(delivery.Box.Masked))
	w.did = c.traded(delivery.Order, func(t bind.Trade) (bool, uint64) { return t.DeliveredAt != 0, t.DeliveredAt })
	return c.tx(ctx, w)
}

// Refund gives the buyer the money back. It finds a refund for a wrong key too.
func (c *Chain) Refund(ctx context.Context, order sinso.Hash, payer [32]byte) (sinso.Tx, error) {
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	return c.tx(ctx, c.trading(by, "refund an order", order, c.settlement.PackRefund(order), "Refunded", sinso.TradeRefunded))
}

// Cancel ends an order that was not filled.
func (c *Chain) Cancel(ctx context.Context, order sinso.Order, signature []byte) (sinso.Tx, error) {
	const doing = "cancel an order"
	hash, err := c.checkOrder(doing, order)
	if err != nil {
		return sinso.Tx{}, err
	}
	if err := checkSignature(doing, signature); err != nil {
		return sinso.Tx{}, err
	}
	data := c.settlement.PackCancel(orderOf(order), signature)
	return c.tx(ctx, c.trading(c.node, doing, hash, data, "Cancelled", sinso.TradeCancelled))
}

// Revoke ends the grant of an order.
func (c *Chain) Revoke(ctx context.Context, order sinso.Hash, signature []byte) (sinso.Tx, error) {
	const doing = "revoke a grant"
	if err := checkSignature(doing, signature); err != nil {
		return sinso.Tx{}, err
	}
	w := c.trading(c.node, doing, order, c.settlement.PackRevoke(order, signature), "Revoked")
	w.did = c.traded(order, func(t bind.Trade) (bool, uint64) { return t.RevokedAt != 0, t.RevokedAt })
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

// Trade returns what the chain says of an order: state and times from the
// contract's storage, keys and hashes from its events.
func (c *Chain) Trade(ctx context.Context, order sinso.Hash) (sinso.Trade, error) {
	const doing = "read a trade"
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	escrow, err := c.escrow(ctx, order)
	if err != nil {
		return sinso.Trade{}, err
	}
	trade := sinso.Trade{
		State: sinso.TradeState(escrow.State), Price: sinso.NewWei(escrow.PriceWei),
		FilledAt: moment(escrow.FilledAt), Delivered: moment(escrow.DeliveredAt), RevokedAt: moment(escrow.RevokedAt),
	}
	if escrow.FilledAt == 0 {
		return trade, nil
	}
	if err := c.readFill(ctx, order, escrow, &trade); err != nil {
		return sinso.Trade{}, err
	}
	if escrow.DeliveredAt == 0 {
		return trade, nil
	}
	data, err := c.told(ctx, order, "Delivered", escrow.DeliveredAt)
	if err != nil {
		return sinso.Trade{}, err
	}
	made, err := c.settlement.UnpackDeliveredEvent(data)
	if err != nil {
		return sinso.Trade{}, lie(doing, "the delivery has another form")
	}
	trade.GrantHash = made.GrantHash
	return trade, nil
}

func (c *Chain) readFill(ctx context.Context, order sinso.Hash, escrow bind.Trade, trade *sinso.Trade) error {
	const doing = "read a trade"
	log, err := c.told(ctx, order, "Filled", escrow.FilledAt)
	if err != nil {
		return err
	}
	filled, err := c.settlement.UnpackFilledEvent(log)
	if err != nil {
		return lie(doing, "the fill has another form")
	}
	if filled.Buyer != escrow.Buyer || filled.PriceWei.Cmp(escrow.PriceWei) != 0 {
		return lie(doing, "the fill is not the one that is kept")
	}
	trade.Fill = sinso.Fill{
		Buyer: sinso.Address(filled.Buyer), HPKEHash: filled.HpkeHash,
		Key: sinso.Point{X: sinso.Hash(common.BigToHash(filled.KeyX)), Y: sinso.Hash(common.BigToHash(filled.KeyY))},
	}
	return nil
}

// checkOrder refuses what the contract would, and what would not fit its call.
func (c *Chain) checkOrder(doing string, order sinso.Order) (sinso.Hash, error) {
	const priceBits = 96
	if order.Price.Int().BitLen() > priceBits {
		return sinso.Hash{}, fmt.Errorf("chain: %s: the price is 2^%d wei or more: %w", doing, priceBits, sinso.ErrInvalid)
	}
	if order.DeliverWithin < minWindow || order.DeliverWithin > maxWindow ||
		order.DisputeWithin < minWindow || order.DisputeWithin > maxWindow {
		return sinso.Hash{}, refusal(doing, "BadWindow")
	}
	hash, err := eip712.OrderHash(eip712.Domain(c.contracts.Settlement, c.contracts.ChainID), order)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("chain: %s: %w", doing, err)
	}
	return hash, nil
}

// Bounds of an order's windows in seconds, as MIN_WINDOW and MAX_WINDOW of
// Settlement.sol.
const (
	minWindow = uint32(time.Minute / time.Second)
	maxWindow = uint32(90 * 24 * time.Hour / time.Second)
)

func orderOf(order sinso.Order) bind.Order {
	return bind.Order{
		Seller: common.Address(order.Seller), TokenId: number(order.Token), PriceWei: order.Price.Int(),
		KeyCommitment: order.KeyCommitment, PayloadHash: order.Payload, TermsHash: order.Terms,
		EndsAt:        uint64(order.EndsAt.Unix()), //nolint:gosec // checkOrder: not before 1970
		DeliverWithin: order.DeliverWithin, DisputeWithin: order.DisputeWithin, Salt: order.Salt,
	}
}

func deliveryOf(delivery sinso.Delivery) bind.Delivery {
	return bind.Delivery{
		OrderHash: delivery.Order, GrantHash: delivery.GrantHash,
		EphemeralX: number(delivery.Box.Ephemeral.X), EphemeralY: number(delivery.Box.Ephemeral.Y), Masked: delivery.Box.Masked,
	}
}

// words encodes numbers as the ABI does: 32 bytes each.
func words(numbers ...*big.Int) []byte {
	var out []byte
	for _, n := range numbers {
		out = append(out, common.BigToHash(n).Bytes()...)
	}
	return out
}
