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
func (c *Chain) Release(ctx context.Context, deal sinso.Deal, asset sinso.Asset, payer [32]byte) (sinso.Tx, []sinso.Payout, error) {
	const doing = "release a trade"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, nil, err
	}
	if _, err := checkAsset(doing, asset); err != nil {
		return sinso.Tx{}, nil, err
	}
	id, err := c.checkDeal(doing, deal)
	if err != nil {
		return sinso.Tx{}, nil, err
	}
	w, err := c.trading(by, doing, id, "Released", in(sinso.TradeReleased), "release", deal.Order, purchaseOf(deal), asset.Commitment, asset.Split)
	if err != nil {
		return sinso.Tx{}, nil, err
	}
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	receipt, err := c.once(ctx, w)
	if err != nil {
		return sinso.Tx{}, nil, err
	}
	payouts, err := c.payouts(id, receipt)
	return txOf(receipt), payouts, err
}

func (c *Chain) payouts(trade sinso.Hash, receipt *types.Receipt) ([]sinso.Payout, error) {
	credited, declared, err := c.tale("Credited", common.Hash(trade))
	if err != nil {
		return nil, err
	}
	var payouts []sinso.Payout
	for _, log := range receipt.Logs {
		if !credited.fits(log) {
			continue
		}
		var credit struct {
			Payee  sinso.Address
			Amount sinso.Wei
		}
		if err := told(declared.Inputs, unnamed(log), &credit); err != nil {
			return nil, lie("release a trade", "a credit has another form")
		}
		payouts = append(payouts, sinso.Payout{To: credit.Payee, Wei: credit.Amount})
	}
	return payouts, nil
}

// ProveWrongKey opens the buyer's secret against what was delivered. It opens
// the box itself first: a proof that would fail is not even shown to the
// endpoint, because it would give the right key away.
func (c *Chain) ProveWrongKey(
	ctx context.Context, deal sinso.Deal, delivery sinso.Delivery, payload sinso.CID, secret, payer [32]byte,
) (sinso.Tx, error) {
	const doing = "prove a wrong key"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	id, err := c.checkDeal(doing, deal)
	if err != nil {
		return sinso.Tx{}, err
	}
	cid, err := payload.Bytes()
	if err != nil {
		return sinso.Tx{}, fmt.Errorf("chain: %s: %w", doing, err)
	}
	if err := c.checkProof(ctx, doing, id, deal.Order, delivery, payload, secret); err != nil {
		return sinso.Tx{}, err
	}
	w, err := c.trading(by, doing, id, "WrongKeyProven", in(sinso.TradeRefunded), "proveWrongKey",
		deal.Order, purchaseOf(deal), deliveryOf(delivery), cid, sinso.Hash(secret))
	if err != nil {
		return sinso.Tx{}, err
	}
	return c.tx(ctx, w)
}

func (c *Chain) checkProof(
	ctx context.Context, doing string, trade sinso.Hash, order sinso.Order, delivery sinso.Delivery, payload sinso.CID, secret [32]byte,
) error {
	cid, err := payload.Bytes()
	if err != nil {
		return fmt.Errorf("chain: %s: %w", doing, err)
	}
	if eip712.Keccak(cid) != order.Payload {
		return refusal(doing, "WrongPayload")
	}
	if delivery.Trade != trade {
		return refusal(doing, "WrongOpening")
	}
	cek, err := keybox.Open(secret, delivery.Box, trade)
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
	return c.checkDelivered(ctx, doing, delivery)
}

// checkDelivered compares a delivery with the one on the chain: a proof against
// another one fails and shows the secret for nothing.
func (c *Chain) checkDelivered(ctx context.Context, doing string, delivery sinso.Delivery) error {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	s, err := c.kept(ctx, delivery.Trade)
	if err != nil {
		return err
	}
	if s.state() == sinso.TradeNone || s.state() == sinso.TradeFilled {
		return refusal(doing, "WrongState", s.State)
	}
	find := c.heard
	if s.delivered() {
		find = c.told
	}
	log, _, err := find(ctx, "Delivered", delivery.Trade, 0)
	if err != nil {
		return err
	}
	if log == nil { // refunded for silence
		return refusal(doing, "WrongState", s.State)
	}
	data, err := c.deliveredData(delivery)
	if err != nil {
		return err
	}
	if !bytes.Equal(log.Data, data) {
		return refusal(doing, "WrongOpening")
	}
	return nil
}

// Withdraw sends a payee what is owed to it in a currency. If nothing is owed, it returns the
// payee's newest withdrawal in it.
func (c *Chain) Withdraw(ctx context.Context, currency, payee sinso.Address, payer [32]byte) (sinso.Tx, error) {
	const doing = "withdraw"
	by, err := c.payer(payer)
	if err != nil {
		return sinso.Tx{}, err
	}
	data, err := c.packExchange("withdraw", currency, payee)
	if err != nil {
		return sinso.Tx{}, err
	}
	m, _, err := c.tale("Withdrawn", common.BytesToHash(currency[:]), common.BytesToHash(payee[:]))
	if err != nil {
		return sinso.Tx{}, err
	}
	to := m.contract
	return c.tx(ctx, work{
		message: message{doing: doing, by: by, to: &to, data: data}, mark: m,
		did: func(ctx context.Context) (bool, uint64, error) {
			var owed sinso.Wei
			err := c.askExchange(ctx, doing, &owed, "owed", currency, payee)
			return err == nil && owed.Int().Sign() == 0, 0, err
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
