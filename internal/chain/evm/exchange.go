package evm

import (
	"context"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// The Exchange is called by its interface: what its functions and events take is
// fitted by name, as of every contract beyond the tokens.

const theExchange = "Exchange"

// purchaseTuple is struct Purchase.
type purchaseTuple struct {
	Buyer      sinso.Address
	Price      sinso.Wei
	KeyX, KeyY sinso.Hash
}

func purchaseOf(d sinso.Deal) purchaseTuple {
	return purchaseTuple{d.Fill.Buyer, d.Price, d.Fill.Key.X, d.Fill.Key.Y}
}

// deliveryTuple is struct Delivery, whose orderHash is a trade's name.
type deliveryTuple struct {
	OrderHash, GrantHash, EphemeralX, EphemeralY, Masked sinso.Hash
}

func deliveryOf(d sinso.Delivery) deliveryTuple {
	return deliveryTuple{d.Trade, d.GrantHash, d.Box.Ephemeral.X, d.Box.Ephemeral.Y, d.Box.Masked}
}

// kept is what the contract keeps of a trade: struct Deal. Of what was released DueAt is
// the end of the licence, and Span its term.
type kept struct {
	State   uint8
	Revoked bool
	Span    uint64
	DueAt   uint64

	Transferable bool
}

func (s kept) state() sinso.TradeState { return sinso.TradeState(s.State) }

// delivered reports whether the contract is sure that there was a delivery. Of what was
// refunded only the event tells.
func (s kept) delivered() bool {
	state := s.state()
	return state == sinso.TradeDelivered || state == sinso.TradeReleased || state == sinso.TradeDisputed || state == sinso.TradeHalved
}

// deliveredAt is when, in unix seconds.
func (s kept) deliveredAt() uint64 { return s.DueAt - min(s.DueAt, s.Span) }

// dueAt is the last moment of the state, in unix seconds; zero of a trade that has ended.
func (s kept) dueAt() uint64 {
	state := s.state()
	if state == sinso.TradeFilled || state == sinso.TradeDelivered || state == sinso.TradeDisputed {
		return s.DueAt
	}
	return 0
}

// packExchange encodes a call of the Exchange.
func (c *Chain) packExchange(method string, args ...any) ([]byte, error) {
	known, err := c.book.page(theExchange)
	if err != nil {
		return nil, err
	}
	return pack(known.abi.Methods[method], args)
}

// askExchange calls a view of the Exchange.
func (c *Chain) askExchange(ctx context.Context, doing string, into any, method string, args ...any) error {
	known, err := c.book.page(theExchange)
	if err != nil {
		return err
	}
	data, err := pack(known.abi.Methods[method], args)
	if err != nil {
		return err
	}
	answer, err := read(ctx, c, doing, common.Address(c.contracts.Exchange), data, func(b []byte) ([]byte, error) { return b, nil })
	if err != nil {
		return err
	}
	if err := unpack(known.abi.Methods[method].Outputs, answer, into); err != nil {
		return fmt.Errorf("chain: %s: %d bytes at %s are no answer of this contract: %w", doing, len(answer), c.contracts.Exchange, sinso.ErrCorrupt)
	}
	return nil
}

// kept returns what the contract keeps of a trade.
func (c *Chain) kept(ctx context.Context, trade sinso.Hash) (kept, error) {
	const doing = "read a trade"
	var s kept
	if err := c.askExchange(ctx, doing, &s, "trade", trade); err != nil {
		return kept{}, err
	}
	if s.state() > sinso.TradeHalved || s.state() == sinso.TradeCancelled {
		return kept{}, lie(doing, "there is no such state")
	}
	return s, nil
}

// tale is the mark of an event of the Exchange.
func (c *Chain) tale(event string, topics ...common.Hash) (mark, abi.Event, error) {
	known, err := c.book.page(theExchange)
	if err != nil {
		return mark{}, abi.Event{}, err
	}
	declared := known.abi.Events[event]
	return mark{contract: common.Address(c.contracts.Exchange), topics: append([]common.Hash{declared.ID}, topics...)}, declared, nil
}

// heard returns the event in which the Exchange told something of a trade, or nil.
func (c *Chain) heard(ctx context.Context, event string, trade sinso.Hash, at uint64) (*types.Log, abi.Event, error) {
	m, declared, err := c.tale(event, common.Hash(trade))
	if err != nil {
		return nil, declared, err
	}
	log, err := c.find(ctx, m, at)
	return log, declared, err
}

// told returns an event that must be there.
func (c *Chain) told(ctx context.Context, event string, trade sinso.Hash, at uint64) (*types.Log, abi.Event, error) {
	log, declared, err := c.heard(ctx, event, trade, at)
	if err == nil && log == nil {
		err = fmt.Errorf("chain: the endpoint does not find the event %s of a trade that has it; it may not keep all events, try another: %w",
			event, sinso.ErrUnavailable)
	}
	return log, declared, err
}

// timeOf returns when the block of a log was made.
func (c *Chain) timeOf(ctx context.Context, log *types.Log) (time.Time, error) {
	at, err := c.block(ctx, hexutil.EncodeUint64(log.BlockNumber))
	if err != nil {
		return time.Time{}, err
	}
	return moment(at.time()), nil
}

// Trade returns what the chain says of a trade: its state from the contract's storage, and
// the rest from its events.
func (c *Chain) Trade(ctx context.Context, id sinso.Hash) (sinso.Trade, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	s, err := c.kept(ctx, id)
	if err != nil || s.state() == sinso.TradeNone {
		return sinso.Trade{}, err
	}
	trade := sinso.Trade{State: s.state(), DueAt: moment(s.dueAt())}
	if err := c.readFill(ctx, id, s, &trade); err != nil {
		return sinso.Trade{}, err
	}
	if err := c.readDelivery(ctx, id, s, &trade); err != nil || !s.Revoked {
		return trade, err
	}
	log, _, err := c.told(ctx, "Revoked", id, 0)
	if err != nil {
		return sinso.Trade{}, err
	}
	trade.RevokedAt, err = c.timeOf(ctx, log)
	return trade, err
}

// dealOf returns what a trade was made of, from the event of its fill. Its name commits to
// all of it, so an event that was invented is found out.
func (c *Chain) dealOf(ctx context.Context, id sinso.Hash) (sinso.Deal, *types.Log, error) {
	const doing = "read a trade"
	log, declared, err := c.told(ctx, "Filled", id, 0)
	if err != nil {
		return sinso.Deal{}, nil, err
	}
	var filled struct {
		Buyer                sinso.Address
		Offer                sinso.Order
		Price                sinso.Wei
		KeyX, KeyY, HpkeHash sinso.Hash
	}
	if err := told(declared.Inputs, unnamed(log), &filled); err != nil {
		return sinso.Deal{}, nil, lie(doing, "the fill has another form")
	}
	deal := sinso.Deal{Order: filled.Offer, Price: filled.Price, Fill: sinso.Fill{
		Buyer: filled.Buyer, Key: sinso.Point{X: filled.KeyX, Y: filled.KeyY}, HPKEHash: filled.HpkeHash,
	}}
	if name, err := eip712.TradeID(c.domain(), deal); err != nil || name != id {
		return sinso.Deal{}, nil, lie(doing, "the fill is not the one that is kept")
	}
	return deal, log, nil
}

func (c *Chain) readFill(ctx context.Context, id sinso.Hash, s kept, trade *sinso.Trade) error {
	deal, log, err := c.dealOf(ctx, id)
	if err != nil {
		return err
	}
	trade.Fill, trade.Price = deal.Fill, deal.Price
	if trade.Order, err = eip712.OrderHash(c.domain(), deal.Order); err != nil {
		return lie("read a trade", "the fill has another form")
	}
	if s.state() == sinso.TradeFilled {
		trade.FilledAt = moment(s.DueAt - min(s.DueAt, uint64(deal.Order.DeliverWithin)))
		return nil
	}
	trade.FilledAt, err = c.timeOf(ctx, log)
	return err
}

func (c *Chain) readDelivery(ctx context.Context, id sinso.Hash, s kept, trade *sinso.Trade) error {
	if !s.delivered() && s.state() != sinso.TradeRefunded {
		return nil
	}
	at := uint64(0)
	if s.delivered() {
		at = s.deliveredAt()
	}
	log, declared, err := c.heard(ctx, "Delivered", id, at)
	if err != nil || log == nil && !s.delivered() {
		return err // of what was refunded for silence there is none
	}
	if log == nil {
		return fmt.Errorf("chain: the endpoint does not find the delivery of a trade that has one; it may not keep all events, try another: %w", sinso.ErrUnavailable)
	}
	var made struct{ GrantHash sinso.Hash }
	if err := told(declared.Inputs, unnamed(log), &made); err != nil {
		return lie("read a trade", "the delivery has another form")
	}
	trade.GrantHash = made.GrantHash
	if at != 0 {
		trade.Delivered = moment(at)
		return nil
	}
	trade.Delivered, err = c.timeOf(ctx, log)
	return err
}

func (c *Chain) domain() sinso.Hash { return eip712.Domain(c.contracts.Exchange, c.contracts.ChainID) }

// Licence returns a licence: owner, end and whether it can pass on from the contracts' storage,
// and what for from the fill of its trade.
func (c *Chain) Licence(ctx context.Context, id sinso.Hash) (sinso.LicenceToken, error) {
	const doing = "read a licence"
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	licence := sinso.LicenceToken{ID: id}
	s, err := c.kept(ctx, id)
	if err != nil {
		return licence, err
	}
	if s.state() != sinso.TradeReleased {
		return licence, fmt.Errorf("chain: no licence has this ID: %w", sinso.ErrNotFound)
	}
	licence.Revoked, licence.Transferable = s.Revoked, s.Transferable
	if s.Span != 0 {
		licence.Until = moment(s.DueAt)
	}
	var at sinso.Address
	if err := c.askExchange(ctx, doing, &at, "licences"); err != nil {
		return licence, err
	}
	owner := sinso.Call{Contract: "Licences", At: at, Method: "ownerOf", Args: []any{id}}
	if err := c.Ask(ctx, owner, &licence.Owner); err != nil {
		return licence, err
	}
	deal, _, err := c.dealOf(ctx, id)
	if err != nil {
		return licence, err
	}
	licence.Asset, licence.Purpose, licence.Terms = deal.Order.Token, deal.Order.Purpose, deal.Order.Terms
	return licence, nil
}
