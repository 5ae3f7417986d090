package evm

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"sinso.dev/sinso"
)

// head is what is used of a block's header. Chains add fields and leave some
// out, so only these are read.
type head struct {
	Number  *hexutil.Uint64 `json:"number"`
	Time    *hexutil.Uint64 `json:"timestamp"`
	BaseFee *hexutil.Big    `json:"baseFeePerGas"` // nil before EIP-1559
	Hash    *common.Hash    `json:"hash"`
}

func (h head) number() uint64 { return uint64(*h.Number) }
func (h head) time() uint64   { return uint64(*h.Time) }

// maxNumber bounds a block's number, so that there is always a next.
const maxNumber = 1 << 62

// finalTag names the newest block that is final.
const finalTag = "finalized"

// block returns a block's header; number is hex, "latest" or finalTag.
func (c *Chain) block(ctx context.Context, number string) (head, error) {
	var h *head
	if err := c.rpc.CallContext(ctx, &h, "eth_getBlockByNumber", number, false); err != nil {
		return head{}, fault("read a block", err)
	}
	if h == nil || h.Number == nil || h.Time == nil {
		return head{}, lie("read a block", "it has no number or time")
	}
	if h.number() > maxNumber {
		return head{}, lie("read a block", "its number is too high")
	}
	if number != "latest" && number != finalTag && number != h.Number.String() {
		return head{}, lie("read a block", "it is another block")
	}
	return *h, nil
}

func (c *Chain) newest(ctx context.Context) (head, error) { return c.block(ctx, "latest") }

// reachedBlock remembers that something of ours is in a block.
func (c *Chain) reachedBlock(number uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mined = max(c.mined, number)
}

// whole returns the newest block, if all that was done through this adapter is in it or
// below. An endpoint that shows an older one is behind itself: what it does not find may be
// there.
func (c *Chain) whole(ctx context.Context) (head, error) {
	newest, err := c.newest(ctx)
	if err != nil {
		return head{}, err
	}
	c.mu.Lock()
	mined := c.mined
	c.mu.Unlock()
	if newest.number() < mined {
		return head{}, fmt.Errorf("chain: the endpoint's newest block is %d, and this node has something in block %d: it is behind; nothing was decided on it, try again: %w",
			newest.number(), mined, sinso.ErrUnavailable)
	}
	return newest, nil
}

// read asks a contract, without a transaction.
func read[T any](ctx context.Context, c *Chain, doing string, to common.Address, data []byte, unpack func([]byte) (T, error)) (T, error) {
	var none T
	answer, err := readWith(ctx, c, doing, to, data, 0)
	if err != nil {
		return none, err
	}
	value, err := unpack(answer)
	if err != nil {
		return none, fmt.Errorf("chain: %s: %d bytes at %s are no answer of this contract: %w", doing, len(answer), sinso.Address(to), sinso.ErrCorrupt)
	}
	return value, nil
}

// readWith asks a contract with so much gas; zero: as much as the endpoint gives.
func readWith(ctx context.Context, c *Chain, doing string, to common.Address, data []byte, gas uint64) ([]byte, error) {
	var answer hexutil.Bytes
	message := map[string]any{"to": to, "data": hexutil.Bytes(data)}
	if gas > 0 {
		message["gas"] = hexutil.Uint64(gas)
	}
	if err := c.rpc.CallContext(ctx, &answer, "eth_call", message, "latest"); err != nil {
		if revert := c.book.reverted(doing, err); revert != nil {
			return nil, revert
		}
		if gas > 0 && answered(err) && isOutOfGas(err) {
			return nil, fmt.Errorf("chain: %s: it takes more than %d gas: %w", doing, gas, sinso.ErrCorrupt)
		}
		return nil, fault(doing, err)
	}
	return answer, nil
}

// isOutOfGas says whether an endpoint tells that a call took more gas than it was given. JSON-RPC has no code for
// it: Geth says "out of gas", Anvil "OutOfGas".
func isOutOfGas(err error) bool {
	return strings.Contains(strings.ToLower(strings.ReplaceAll(err.Error(), " ", "")), "outofgas")
}

// Owner returns who owns an asset token.
func (c *Chain) Owner(ctx context.Context, token sinso.TokenID) (sinso.Address, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	owner, err := read(ctx, c, "read an owner", common.Address(c.contracts.Assets),
		c.assets.PackOwnerOf(new(big.Int).SetBytes(token[:])), c.assets.UnpackOwnerOf)
	var revert *RevertError
	if errors.As(err, &revert) && revert.Name == "NoSuchToken" {
		return sinso.Address{}, fmt.Errorf("chain: no asset token has this ID: %w", sinso.ErrNotFound)
	}
	return sinso.Address(owner), err
}

// Balance returns an account's money.
func (c *Chain) Balance(ctx context.Context, of sinso.Address) (sinso.Wei, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	amount, err := c.eth.BalanceAt(ctx, common.Address(of), nil)
	if err != nil {
		return sinso.Wei{}, fault("read a balance", err)
	}
	return sinso.NewWei(amount), nil
}

// maxAhead is how far a newest block may be ahead of our clock before it is
// taken for a lie: consensus allows seconds, the rest is for a wrong clock.
const maxAhead = time.Hour

// Now returns the time of the newest block. A block from the future is
// ErrUnavailable: deadlines would be judged by it.
func (c *Chain) Now(ctx context.Context) (time.Time, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	newest, err := c.newest(ctx)
	if err != nil {
		return time.Time{}, err
	}
	now := moment(newest.time())
	if c.clock != nil && now.Sub(c.clock.Now()) > maxAhead {
		return time.Time{}, fmt.Errorf("chain: the newest block is %v ahead of this node's clock; check the clock and the endpoint: %w",
			now.Sub(c.clock.Now()).Round(time.Second), sinso.ErrUnavailable)
	}
	return now, nil
}

// moment is a block's time; zero means never.
func moment(seconds uint64) time.Time {
	const farAway = 1 << 40 // beyond what the contracts store
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(int64(min(seconds, farAway)), 0).UTC()
}
