package evm

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/crypt/keybox"
)

// Release pays the payees. The payouts are in the order of the contract's
// credits and have no roles: the chain knows none.
func (c *Chain) Release(ctx context.Context, order sinso.Hash, asset sinso.Asset, payer [32]byte) (sinso.Tx, []sinso.Payout, error) {
	const doing = "release an order"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, nil, err
	}
	if _, err := checkAsset(doing, asset); err != nil {
		return sinso.Tx{}, nil, err
	}
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	data := c.settlement.PackRelease(order, asset.Commitment, shares(asset.Split))
	receipt, err := c.once(ctx, c.trading(by, doing, order, data, "Released", sinso.TradeReleased))
	if err != nil {
		return sinso.Tx{}, nil, err
	}
	payouts, err := c.payouts(order, receipt)
	return txOf(receipt), payouts, err
}

func (c *Chain) payouts(order sinso.Hash, receipt *types.Receipt) ([]sinso.Payout, error) {
	credited := mark{
		contract: common.Address(c.contracts.Settlement),
		topics:   []common.Hash{c.abis.settlement.Events["Credited"].ID, common.Hash(order)},
	}
	var payouts []sinso.Payout
	for _, log := range receipt.Logs {
		if !credited.fits(log) {
			continue
		}
		credit, err := c.settlement.UnpackCreditedEvent(log)
		if err != nil {
			return nil, lie("release an order", "a credit has another form")
		}
		payouts = append(payouts, sinso.Payout{To: sinso.Address(credit.Payee), Wei: sinso.NewWei(credit.AmountWei)})
	}
	return payouts, nil
}

// ProveWrongKey opens the buyer's secret against what was delivered. It opens
// the box itself first: a proof that would fail is not even shown to the
// endpoint, because it would give the right key away.
func (c *Chain) ProveWrongKey(
	ctx context.Context, order sinso.Order, delivery sinso.Delivery, payload sinso.CID, secret, payer [32]byte,
) (sinso.Tx, error) {
	const doing = "prove a wrong key"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	hash, err := c.checkOrder(doing, order)
	if err != nil {
		return sinso.Tx{}, err
	}
	cid, err := payload.Bytes()
	if err != nil {
		return sinso.Tx{}, fmt.Errorf("chain: %s: %w", doing, err)
	}
	if err := c.checkProof(ctx, doing, hash, order, delivery, payload, secret); err != nil {
		return sinso.Tx{}, err
	}
	data := c.settlement.PackProveWrongKey(orderOf(order), deliveryOf(delivery), cid, number(secret))
	return c.tx(ctx, c.trading(by, doing, hash, data, "WrongKeyProven", sinso.TradeRefunded))
}

func (c *Chain) checkProof(
	ctx context.Context, doing string, hash sinso.Hash, order sinso.Order, delivery sinso.Delivery, payload sinso.CID, secret [32]byte,
) error {
	cid, err := payload.Bytes()
	if err != nil {
		return fmt.Errorf("chain: %s: %w", doing, err)
	}
	if eip712.Keccak(cid) != order.Payload {
		return refusal(doing, "WrongPayload")
	}
	if delivery.Order != hash {
		return refusal(doing, "WrongOpening")
	}
	cek, err := keybox.Open(secret, delivery.Box, hash)
	if err != nil {
		return fmt.Errorf("chain: %s: %w", doing, err)
	}
	commitment, err := fee.KeyCommitment(cek, payload)
	if err != nil {
		return fmt.Errorf("chain: %s: %w", doing, err)
	}
	if commitment == order.KeyCommitment {
		return refusal(doing, "KeyIsRight")
	}
	return c.checkDelivered(ctx, doing, hash, delivery)
}

// checkDelivered compares a delivery with the one on the chain: a proof against
// another one fails and shows the secret for nothing.
func (c *Chain) checkDelivered(ctx context.Context, doing string, hash sinso.Hash, delivery sinso.Delivery) error {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	escrow, err := c.escrow(ctx, hash)
	if err != nil {
		return err
	}
	if escrow.DeliveredAt == 0 {
		return refusal(doing, "WrongState", escrow.State)
	}
	log, err := c.told(ctx, hash, "Delivered", escrow.DeliveredAt)
	if err != nil {
		return err
	}
	made := deliveryOf(delivery)
	if !bytes.Equal(log.Data, words(number(delivery.GrantHash), made.EphemeralX, made.EphemeralY, number(delivery.Box.Masked))) {
		return refusal(doing, "WrongOpening")
	}
	return nil
}

// told returns the event in which the contract told something of an order.
func (c *Chain) told(ctx context.Context, order sinso.Hash, event string, at uint64) (*types.Log, error) {
	log, err := c.find(ctx, mark{
		contract: common.Address(c.contracts.Settlement),
		topics:   []common.Hash{c.abis.settlement.Events[event].ID, common.Hash(order)},
	}, at)
	if err != nil {
		return nil, err
	}
	if log == nil {
		return nil, fmt.Errorf("chain: the endpoint does not find the event %s of an order that has it; it may not keep all events, try another: %w",
			event, sinso.ErrUnavailable)
	}
	return log, nil
}

// Withdraw sends a payee what is owed to it. If nothing is owed, it returns the
// payee's newest withdrawal.
func (c *Chain) Withdraw(ctx context.Context, payee sinso.Address, payer [32]byte) (sinso.Tx, error) {
	const doing = "withdraw"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	to := common.Address(c.contracts.Settlement)
	return c.tx(ctx, work{
		message: message{doing: doing, by: by, to: &to, data: c.settlement.PackWithdraw(common.Address(payee))},
		mark:    mark{contract: to, topics: []common.Hash{c.abis.settlement.Events["Withdrawn"].ID, common.BytesToHash(payee[:])}},
		did: func(ctx context.Context) (bool, uint64, error) {
			owed, err := read(ctx, c, doing, to, c.settlement.PackOwed(common.Address(payee)), c.settlement.UnpackOwed)
			return err == nil && owed.Sign() == 0, 0, err
		},
	})
}

// Fund sends money from the node's own account. It is the one call that can't
// be repeated: the same payment again is another payment, and has a fresh name.
func (c *Chain) Fund(ctx context.Context, to sinso.Address, amount sinso.Wei) (sinso.Tx, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	payee := common.Address(to)
	m := message{doing: "fund an account", by: c.node, to: &payee, value: amount.Int(), passing: true}
	_, _ = rand.Read(m.once[:]) // never fails
	receipt, err := c.send(ctx, m)
	if err != nil {
		return sinso.Tx{}, err
	}
	return txOf(receipt), nil
}
