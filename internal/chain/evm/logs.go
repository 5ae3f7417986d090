package evm

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"sort"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// maxTopics is the most topics a log has (LOG4).
const maxTopics = 4

// mark is the log by which a thing done can be told. A log may have more topics.
type mark struct {
	contract common.Address
	topics   []common.Hash
	free     [maxTopics]bool // the topics that may be anything
	data     []byte          // nil fits any
}

func (m mark) fits(log *types.Log) bool {
	if log.Address != m.contract || len(log.Topics) < len(m.topics) {
		return false
	}
	for i, topic := range m.topics {
		if !m.free[i] && log.Topics[i] != topic {
			return false
		}
	}
	return m.data == nil || bytes.Equal(m.data, log.Data)
}

// in returns the newest of some logs that fits.
func (m mark) in(logs []*types.Log) *types.Log {
	for _, log := range slices.Backward(logs) {
		if m.fits(log) {
			return log
		}
	}
	return nil
}

func (m mark) query(from, to uint64) ethereum.FilterQuery {
	topics := make([][]common.Hash, len(m.topics))
	for i, topic := range m.topics {
		if !m.free[i] {
			topics[i] = []common.Hash{topic}
		}
	}
	return ethereum.FilterQuery{
		Addresses: []common.Address{m.contract}, Topics: topics,
		FromBlock: new(big.Int).SetUint64(from), ToBlock: new(big.Int).SetUint64(to),
	}
}

// find returns the newest log that fits a mark, or nil. at is the time of its
// block in unix seconds, or zero if that is not known.
//
// All blocks are asked for at once. If the endpoint refuses, it is asked for the
// very block, if the time is known, else page by page from the newest block down.
func (c *Chain) find(ctx context.Context, m mark, at uint64) (*types.Log, error) {
	newest, err := c.whole(ctx)
	if err != nil {
		return nil, err
	}
	first, last := uint64(0), newest.number()
	for page := uint64(maxNumber); ; {
		from := last - min(page-1, last-first)
		logs, err := c.logs(ctx, m.query(from, last))
		if err != nil && from < last && answered(err) {
			page = min((last-from)/2+1, pageBlocks)
			if at != 0 {
				if first, last, err = c.blocksAt(ctx, at, last); err != nil {
					return nil, err
				}
				at = 0
			}
			continue
		}
		if err != nil {
			return nil, fault("search for an event", err)
		}
		if log := m.in(logs); log != nil {
			return log, nil
		}
		if from == first {
			return nil, nil
		}
		last = from - 1
	}
}

// blocksAt returns the first and the last block of a time, in unix seconds, up
// to the block newest. If there is none, it is the next block after.
func (c *Chain) blocksAt(ctx context.Context, at, newest uint64) (first, last uint64, err error) {
	after := func(reached func(uint64) bool) uint64 {
		n := sort.Search(int(newest), func(n int) bool { //nolint:gosec // at most maxNumber
			if err != nil {
				return true
			}
			var block head
			block, err = c.block(ctx, hexutil.EncodeUint64(uint64(n))) //nolint:gosec // not negative
			return err == nil && reached(block.time())
		})
		return uint64(n) //nolint:gosec // not negative
	}
	first = after(func(time uint64) bool { return time >= at })
	last = after(func(time uint64) bool { return time > at })
	return first, max(first, last), err
}

// logs returns the logs of a query in the order of the chain. Each is of a
// block, contract and transaction, as asked.
func (c *Chain) logs(ctx context.Context, query ethereum.FilterQuery) ([]*types.Log, error) {
	found, err := c.eth.FilterLogs(ctx, query)
	if err != nil {
		return nil, err
	}
	logs := make([]*types.Log, 0, len(found))
	for i := range found {
		log := &found[i]
		if log.Removed {
			continue
		}
		if log.BlockNumber < query.FromBlock.Uint64() || log.BlockNumber > query.ToBlock.Uint64() ||
			!slices.Contains(query.Addresses, log.Address) || len(log.Topics) == 0 || len(log.Topics) > maxTopics {
			return nil, lie("search for events", "an event is not one that was asked for")
		}
		logs = append(logs, log)
	}
	slices.SortStableFunc(logs, compare)
	for i := 1; i < len(logs); i++ {
		if compare(logs[i-1], logs[i]) == 0 {
			return nil, lie("search for events", "two events are in the same place")
		}
	}
	return logs, nil
}

func compare(a, b *types.Log) int {
	return cmp.Or(cmp.Compare(a.BlockNumber, b.BlockNumber), cmp.Compare(a.Index, b.Index))
}

// done returns the confirmed receipt of the transaction that left a mark, or
// nil if there is none.
func (c *Chain) done(ctx context.Context, doing string, m mark, at uint64) (*types.Receipt, error) {
	log, err := c.find(ctx, m, at)
	if err != nil || log == nil {
		return nil, err
	}
	receipt, err := c.await(ctx, doing, log.TxHash)
	if err != nil {
		return nil, err
	}
	return receipt, proven(doing, receipt, m)
}

// proven checks that a receipt shows the mark: a transaction that succeeded and
// did something else is no success.
func proven(doing string, receipt *types.Receipt, m mark) error {
	if receipt.Status == types.ReceiptStatusSuccessful && m.in(receipt.Logs) != nil {
		return nil
	}
	return fmt.Errorf("chain: %s: transaction %s does not show what it did: %w", doing, sinso.Hash(receipt.TxHash), sinso.ErrCorrupt)
}
