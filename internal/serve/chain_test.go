package serve

import (
	"context"
	"fmt"
	"math/big"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/market"
)

// simulatedChain keeps in memory what the contracts would: enough of it for a
// trade from mint to payout. It checks states and not signatures.
type simulatedChain struct {
	sinso.Chain // what is not simulated panics

	mu     sync.Mutex
	owners map[sinso.TokenID]sinso.Address
	trades map[sinso.Hash]*sinso.Trade // by their orders
	names  map[sinso.Hash]sinso.Hash   // of orders, by the names of their trades
	money  map[sinso.Address]*big.Int
	txs    byte
}

func newSimulatedChain() *simulatedChain {
	return &simulatedChain{
		owners: map[sinso.TokenID]sinso.Address{}, trades: map[sinso.Hash]*sinso.Trade{}, names: map[sinso.Hash]sinso.Hash{}, money: map[sinso.Address]*big.Int{},
	}
}

func (c *simulatedChain) tx() sinso.Tx {
	c.txs++
	return sinso.Tx{Hash: sinso.Hash{1, c.txs}, Gas: 21_000, Block: uint64(c.txs)}
}

func (c *simulatedChain) Contracts() sinso.Contracts {
	return sinso.Contracts{ChainID: 1337, Identity: sinso.Address{1}, Assets: sinso.Address{2}, Exchange: sinso.Address{3}}
}

func (c *simulatedChain) EnterIdentity(_ context.Context, owner sinso.Address, _ []byte) (sinso.TokenID, sinso.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return eip712.IdentityToken(owner), c.tx(), nil
}

func (c *simulatedChain) EnterAsset(_ context.Context, asset sinso.Asset) (sinso.TokenID, sinso.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	token, err := eip712.TokenID(asset)
	c.owners[token] = asset.Creator
	return token, c.tx(), err
}

func (c *simulatedChain) Owner(_ context.Context, token sinso.TokenID) (sinso.Address, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	owner, ok := c.owners[token]
	if !ok {
		return owner, fmt.Errorf("chain: token: %w", sinso.ErrNotFound)
	}
	return owner, nil
}

func (c *simulatedChain) Fill(_ context.Context, deal sinso.Deal, _ []byte, _ [32]byte) (sinso.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	domain := eip712.Domain(c.Contracts().Exchange, c.Contracts().ChainID)
	hash, err := eip712.OrderHash(domain, deal.Order)
	if err != nil {
		return sinso.Tx{}, err
	}
	id, err := eip712.TradeID(domain, deal)
	c.names[id] = hash
	c.trades[hash] = &sinso.Trade{State: sinso.TradeFilled, Order: hash, Fill: deal.Fill, Price: deal.Price, FilledAt: time.Now()}
	return c.tx(), err
}

func (c *simulatedChain) Deliver(_ context.Context, delivery sinso.Delivery, _ [32]byte) (sinso.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trades[c.names[delivery.Trade]].State = sinso.TradeDelivered
	return c.tx(), nil
}

func (c *simulatedChain) Release(_ context.Context, deal sinso.Deal, asset sinso.Asset, _ [32]byte) (sinso.Tx, []sinso.Payout, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	trade := c.trades[c.orderOf(deal.Order)]
	trade.State = sinso.TradeReleased
	var payouts []sinso.Payout
	for _, share := range asset.Split {
		wei := new(big.Int).Mul(trade.Price.Int(), big.NewInt(int64(share.Bps)))
		payouts = append(payouts, sinso.Payout{To: share.Payee, Wei: sinso.NewWei(wei.Div(wei, big.NewInt(wholeBps)))})
	}
	return c.tx(), payouts, nil
}

func (c *simulatedChain) Revoke(_ context.Context, deal sinso.Deal, _ []byte) (sinso.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trades[c.orderOf(deal.Order)].RevokedAt = time.Unix(1_700_000_100, 0)
	return c.tx(), nil
}

func (c *simulatedChain) Withdraw(context.Context, sinso.Address, sinso.Address, [32]byte) (sinso.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tx(), nil
}

func (c *simulatedChain) Trade(_ context.Context, id sinso.Hash) (sinso.Trade, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if trade, ok := c.trades[c.names[id]]; ok {
		return *trade, nil
	}
	return sinso.Trade{}, nil
}

func (c *simulatedChain) Licence(_ context.Context, id sinso.Hash) (sinso.LicenceToken, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	trade, ok := c.trades[c.names[id]]
	if !ok || trade.State != sinso.TradeReleased {
		return sinso.LicenceToken{}, fmt.Errorf("chain: licence: %w", sinso.ErrNotFound)
	}
	purpose := market.PurposeHash(sinso.Licence{Purpose: sinso.PurposeTeaching})
	return sinso.LicenceToken{ID: id, Owner: trade.Fill.Buyer, Purpose: purpose, Until: time.Unix(1_700_000_000, 0), Revoked: !trade.RevokedAt.IsZero()}, nil
}

func (c *simulatedChain) Fills(_ context.Context, order sinso.Order) (fills sinso.Fills, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	hash := c.orderOf(order)
	trade, ok := c.trades[hash]
	if !ok {
		return fills, nil
	}
	fills.Cancelled = trade.State == sinso.TradeCancelled
	for id, of := range c.names {
		if of == hash {
			fills.Trades = append(fills.Trades, id)
		}
	}
	if len(fills.Trades) == 0 && !fills.Cancelled { // somebody else's
		fills.Trades = []sinso.Hash{{1}}
	}
	return fills, nil
}

func (c *simulatedChain) orderOf(order sinso.Order) sinso.Hash {
	hash, err := eip712.OrderHash(eip712.Domain(c.Contracts().Exchange, c.Contracts().ChainID), order)
	if err != nil {
		panic(err)
	}
	return hash
}

func (c *simulatedChain) Balance(_ context.Context, account sinso.Address) (sinso.Wei, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return sinso.NewWei(c.money[account]), nil
}

func (c *simulatedChain) Fund(_ context.Context, to sinso.Address, amount sinso.Wei) (sinso.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.money[to] = amount.Int()
	return c.tx(), nil
}

func (c *simulatedChain) Now(context.Context) (time.Time, error) {
	return time.Now(), nil
}

func (c *simulatedChain) Cancel(_ context.Context, order sinso.Order, _ []byte) (sinso.Tx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	hash, err := eip712.OrderHash(eip712.Domain(c.Contracts().Exchange, c.Contracts().ChainID), order)
	c.trades[hash] = &sinso.Trade{State: sinso.TradeCancelled, Price: order.Price}
	return c.tx(), err
}
