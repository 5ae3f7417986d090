package evm

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain"
)

var _ chain.Source = (*Chain)(nil)

// batchBlocks is how many headers are asked for in one request. Half as many are,
// if the endpoint refuses.
const batchBlocks = 64

// header is a block's header as an index reads it.
type header struct {
	head
	Hash   *common.Hash   `json:"hash"`
	Parent *common.Hash   `json:"parentHash"`
	Bloom  *hexutil.Bytes `json:"logsBloom"`
}

// block checks the shape of a header, and whether it is the one that was asked for:
// by a number in hex, or a tag.
func (h *header) block(asked string) (chain.Block, error) {
	const doing = "read a block"
	if h.Number == nil || h.Time == nil || h.Hash == nil || h.Parent == nil || *h.Hash == (common.Hash{}) {
		return chain.Block{}, lie(doing, "it has no number, time or hash")
	}
	if h.number() > maxNumber {
		return chain.Block{}, lie(doing, "its number is too high")
	}
	if _, err := hexutil.DecodeUint64(asked); err == nil && asked != h.Number.String() {
		return chain.Block{}, lie(doing, "it is another block")
	}
	block := chain.Block{Number: h.number(), Hash: sinso.Hash(*h.Hash), Parent: sinso.Hash(*h.Parent), Time: moment(h.time())}
	if h.Bloom != nil && len(*h.Bloom) == types.BloomByteLength {
		block.Bloom = *h.Bloom
	}
	return block, nil
}

// Newest implements [chain.Source].
func (c *Chain) Newest(ctx context.Context) (chain.Block, error) {
	h, err := c.tagged(ctx, "latest")
	if err == nil && h == nil {
		err = lie("read a block", "there is no newest block")
	}
	if err != nil {
		return chain.Block{}, err
	}
	return h.block("latest")
}

// unknownTag are the codes by which endpoints say that they know no block of a tag:
// that no block is final yet, that parameter or method are unknown to them
// (JSON-RPC 2.0 §5.1), or that there is no such block. Others are of those that are busy.
var unknownTag = []int{-32000, -32601, -32602, -39001}

// Final implements [chain.Source].
func (c *Chain) Final(ctx context.Context) (chain.Block, error) {
	h, err := c.tagged(ctx, "finalized")
	var refusal rpc.Error
	if errors.As(err, &refusal) && slices.Contains(unknownTag, refusal.ErrorCode()) || err == nil && h == nil {
		return chain.Block{}, fmt.Errorf("chain: it calls no block final: %w", sinso.ErrUnsupported)
	}
	if err != nil {
		return chain.Block{}, fault("read a block", err)
	}
	return h.block("finalized")
}

func (c *Chain) tagged(ctx context.Context, tag string) (*header, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	var h *header
	if err := c.rpc.CallContext(ctx, &h, "eth_getBlockByNumber", tag, false); err != nil {
		if tag == "latest" {
			return nil, fault("read a block", err)
		}
		return nil, err
	}
	return h, nil
}

// Block implements [chain.Source].
func (c *Chain) Block(ctx context.Context, hash sinso.Hash) (chain.Block, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	var h *header
	if err := c.rpc.CallContext(ctx, &h, "eth_getBlockByHash", common.Hash(hash), false); err != nil {
		return chain.Block{}, fault("read a block", err)
	}
	if h == nil {
		return chain.Block{}, fmt.Errorf("chain: the endpoint knows no block of this hash: %w", sinso.ErrNotFound)
	}
	if h.Hash == nil || sinso.Hash(*h.Hash) != hash {
		return chain.Block{}, lie("read a block", "it is another block")
	}
	return h.block("")
}

// Blocks implements [chain.Source].
func (c *Chain) Blocks(ctx context.Context, from, to uint64) ([]chain.Block, error) {
	var blocks []chain.Block
	batch := uint64(batchBlocks)
	for from <= to {
		last := from + min(batch-1, to-from)
		some, err := c.batch(ctx, from, last)
		if err != nil && last > from && answered(err) {
			batch = (last-from)/2 + 1
			continue
		}
		if err != nil {
			return blocks, fault("read blocks", err)
		}
		blocks = append(blocks, some...)
		if uint64(len(some)) <= last-from {
			return blocks, nil
		}
		from = last + 1
	}
	return blocks, nil
}

// batch asks for headers in one request. It returns those before the first that the
// endpoint does not know.
func (c *Chain) batch(ctx context.Context, from, last uint64) ([]chain.Block, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	headers := make([]*header, last-from+1)
	calls := make([]rpc.BatchElem, len(headers))
	for i := range calls {
		number := hexutil.EncodeUint64(from + uint64(i))
		calls[i] = rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{number, false}, Result: &headers[i]}
	}
	if err := c.rpc.BatchCallContext(ctx, calls); err != nil {
		return nil, err
	}
	blocks := make([]chain.Block, 0, len(headers))
	for i, h := range headers {
		if err := calls[i].Error; err != nil {
			if i > 0 { // those before it are good
				return blocks, nil
			}
			return nil, err
		}
		if h == nil {
			return blocks, nil
		}
		block, err := h.block(hexutil.EncodeUint64(from + uint64(i)))
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, block)
	}
	return blocks, nil
}

// Logs implements [chain.Source].
func (c *Chain) Logs(ctx context.Context, query chain.Query) ([]sinso.ChainEvent, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	filter := ethereum.FilterQuery{Addresses: make([]common.Address, len(query.Contracts))}
	for i, at := range query.Contracts {
		filter.Addresses[i] = common.Address(at)
	}
	if query.Block != (sinso.Hash{}) {
		hash := common.Hash(query.Block)
		filter.BlockHash = &hash
	} else {
		filter.FromBlock, filter.ToBlock = new(big.Int).SetUint64(query.From), new(big.Int).SetUint64(query.To)
	}
	found, err := c.eth.FilterLogs(ctx, filter)
	if err != nil {
		if answered(err) {
			return nil, fmt.Errorf("chain: read logs: the endpoint refuses: %s: %w", excerpt(err), sinso.ErrDenied)
		}
		return nil, fault("read logs", err)
	}
	return c.events(query, found)
}

// events checks that logs are what was asked for, and puts them in order.
func (c *Chain) events(query chain.Query, found []types.Log) ([]sinso.ChainEvent, error) {
	asked := make(map[common.Address]bool, len(query.Contracts))
	for _, at := range query.Contracts {
		asked[common.Address(at)] = true
	}
	logs := make([]*types.Log, 0, len(found))
	for i := range found {
		log := &found[i]
		if log.Removed {
			continue
		}
		right := log.BlockNumber >= query.From && log.BlockNumber <= query.To
		if query.Block != (sinso.Hash{}) {
			right = sinso.Hash(log.BlockHash) == query.Block
		}
		if !right || !asked[log.Address] || len(log.Topics) > maxTopics {
			return nil, lie("read logs", "an event is not one that was asked for")
		}
		logs = append(logs, log)
	}
	slices.SortStableFunc(logs, compare)
	events := make([]sinso.ChainEvent, len(logs))
	for i, log := range logs {
		if i > 0 && compare(logs[i-1], log) == 0 {
			return nil, lie("read logs", "two events are in the same place")
		}
		events[i] = unnamed(log)
	}
	return events, nil
}
