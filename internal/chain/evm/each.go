package evm

import (
	"context"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// Encode returns where a call goes, and its bytes.
func (c *Chain) Encode(ctx context.Context, call sinso.Call) (sinso.Address, []byte, error) {
	_, to, data, err := c.call(ctx, call)
	return sinso.Address(to), data, err
}

// Each calls fn with the events of one name that a contract told, from the block that is the
// newest now down to the first. ErrUnavailable: the endpoint gives so few blocks at once that it would
// take more than maxPages questions.
func (c *Chain) Each(
	ctx context.Context, contract string, at sinso.Address, event string, topics []sinso.Hash, fn func(sinso.ChainEvent) (bool, error),
) error {
	if at == (sinso.Address{}) {
		var err error
		if at, err = c.at(ctx, contract); err != nil {
			return err
		}
	}
	known, err := c.book.page(contract)
	if err != nil {
		return err
	}
	declared, ok := known.abi.Events[event]
	if !ok {
		return fmt.Errorf("chain: %s has no event %s: %w", contract, event, sinso.ErrInvalid)
	}
	m := mark{contract: common.Address(at), topics: []common.Hash{declared.ID}}
	if len(topics) >= maxTopics {
		return fmt.Errorf("chain: an event has at most %d indexed arguments: %w", maxTopics-1, sinso.ErrInvalid)
	}
	indexed := slices.DeleteFunc(slices.Clone(declared.Inputs), func(a abi.Argument) bool { return !a.Indexed })
	for i, topic := range topics {
		m.topics = append(m.topics, common.Hash(topic))
		m.free[i+1] = topic == sinso.AnyAddress() && i < len(indexed) && indexed[i].Type.T == abi.AddressTy
	}
	_, err = c.pages(ctx, 0, m.query, func(log *types.Log) (bool, error) {
		if !m.fits(log) {
			return false, lie("read events", "an event is not one that was asked for")
		}
		told, err := c.eventOf(contract, log)
		if err != nil {
			return false, err
		}
		return fn(told)
	})
	return err
}

// maxPages bounds what one look for events asks of an endpoint: at pageBlocks blocks each, 20 million
// blocks.
const maxPages = 10_000

// pages calls fn with the logs of a query, the newest first, page by page from the newest block, which it
// returns, down to block floor, or to the first that can have any. It asks for less at once where the
// endpoint refuses.
func (c *Chain) pages(
	ctx context.Context, floor uint64, query func(from, to uint64) ethereum.FilterQuery, fn func(*types.Log) (bool, error),
) (uint64, error) {
	asked, cancel := c.bounded(ctx)
	whole, err := c.whole(asked)
	cancel()
	if err != nil {
		return 0, err
	}
	newest := whole.number()
	floor = min(max(floor, c.start), newest)
	page, last := uint64(maxNumber), newest
	for range maxPages {
		from := last - min(page-1, last-floor)
		asked, cancel := c.bounded(ctx)
		logs, err := c.logs(asked, query(from, last))
		cancel()
		if err != nil && last > from && answered(err) {
			page = min((last-from)/2+1, pageBlocks)
			continue
		}
		if err != nil {
			return newest, fault("read events", err)
		}
		for _, log := range slices.Backward(logs) {
			if more, err := fn(log); err != nil || !more {
				return newest, err
			}
		}
		if from == floor {
			return newest, nil
		}
		last = from - 1
	}
	return newest, fmt.Errorf("chain: read events: the endpoint gives %d blocks at once, and what was looked for is not in the newest %d; use an endpoint that gives more: %w",
		page, newest-last, sinso.ErrUnavailable)
}
