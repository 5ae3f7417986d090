package evm

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// A seller asks for the trades of its open orders every few seconds, for years. What is in deep
// blocks is found once, and remembered as long as the node runs.

// deep is how many blocks are on top of one that no chain takes back: Filecoin, the slowest
// known here to be final, waits for 900.
const deep = 1024

// mostSeen bounds of how many orders is remembered what was found.
const mostSeen = 4096

// seenFills are the fills of one order in the blocks below one that is deep.
type seenFills struct {
	below  uint64       // blocks from here on are looked at anew
	trades []sinso.Hash // newest first
}

// foundFill is a fill, and the block it is in.
type foundFill struct {
	trade sinso.Hash
	block uint64
}

// settled adds what was found above, newest first, as far as it is deep below a newest block.
func (s seenFills) settled(found []foundFill, newest uint64) seenFills {
	if newest < deep || newest-deep < s.below {
		return s
	}
	next := seenFills{below: newest - deep + 1}
	for _, one := range found {
		if one.block < next.below {
			next.trades = append(next.trades, one.trade)
		}
	}
	next.trades = append(next.trades, s.trades...)
	return next
}

// Fills returns the trades of an order, and whether it was ended.
func (c *Chain) Fills(ctx context.Context, order sinso.Order) (sinso.Fills, error) {
	const doing = "read an order"
	var fills sinso.Fills
	hash, err := eip712.OrderHash(c.domain(), order)
	if err != nil {
		return fills, fmt.Errorf("chain: %s: %w", doing, err)
	}
	count, err := c.counted(ctx, order.Seller, hash)
	if err != nil {
		return fills, err
	}
	fills.Cancelled = isCancelled(count)
	if count.Sign() == 0 && order.Copies != 0 {
		return fills, nil
	}
	seen := c.seenOf(hash)
	found, newest, err := c.filledSince(ctx, hash, seen, count)
	if err != nil {
		return fills, err
	}
	for _, one := range found {
		fills.Trades = append(fills.Trades, one.trade)
	}
	fills.Trades = append(fills.Trades, seen.trades...)
	slices.Reverse(fills.Trades)
	if count.IsInt64() && count.Int64() > int64(len(fills.Trades)) {
		c.remember(hash, seenFills{}) // what was remembered may be what it left out
		return fills, fmt.Errorf("chain: %s: it was filled %d times, and the endpoint finds %d; it may not keep all events, try another: %w",
			doing, count, len(fills.Trades), sinso.ErrUnavailable)
	}
	c.remember(hash, seen.settled(found, newest))
	return fills, nil
}

// filledSince finds the fills of an order that are not remembered, newest first, and the newest
// block. It looks no further down once it has as many as were counted.
func (c *Chain) filledSince(ctx context.Context, hash sinso.Hash, seen seenFills, count *big.Int) (found []foundFill, newest uint64, err error) {
	m, _, err := c.tale("Filled")
	if err != nil {
		return nil, 0, err
	}
	query := func(from, to uint64) ethereum.FilterQuery {
		q := m.query(from, to)
		q.Topics = append(q.Topics, nil, []common.Hash{common.Hash(hash)})
		return q
	}
	newest, err = c.pages(ctx, seen.below, query, func(log *types.Log) (bool, error) {
		if !m.fits(log) || len(log.Topics) != maxTopics || log.Topics[2] != common.Hash(hash) {
			return false, lie("read an order", "an event is not one that was asked for")
		}
		found = append(found, foundFill{sinso.Hash(log.Topics[1]), log.BlockNumber})
		return !count.IsInt64() || count.Int64() != int64(len(found)+len(seen.trades)), nil
	})
	return found, newest, err
}

func (c *Chain) seenOf(order sinso.Hash) seenFills {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[order]
}

// remember keeps what was found of an order; when there are too many all are forgotten, and found anew.
func (c *Chain) remember(order sinso.Hash, what seenFills) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) >= mostSeen {
		clear(c.seen)
	}
	c.seen[order] = what
}

// counted is how often a seller's order was filled; all ones if it was cancelled.
func (c *Chain) counted(ctx context.Context, seller sinso.Address, hash sinso.Hash) (*big.Int, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	var count *big.Int
	err := c.askExchange(ctx, "read an order", &count, "filled", seller, hash)
	return count, err
}

func isCancelled(count *big.Int) bool { return count.BitLen() == 256 }
