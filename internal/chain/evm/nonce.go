package evm

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"sort"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// submit signs with the account's next nonce, writes it down, and sends. One call at a
// time does so for an account. Whether a transaction that the endpoint did not clearly
// refuse came through is for the wait to find out.
func (c *Chain) submit(ctx context.Context, m message, draft types.TxData, newest head, s *Sending) error {
	leave, err := c.lock(ctx, m)
	if err != nil {
		return err
	}
	defer leave()
	if err := c.allow(m, draft, newest); err != nil {
		return err
	}
	nonce, over, err := c.nonce(ctx, m)
	if err != nil {
		return err
	}
	if over != nil {
		raise(draft, over)
	}
	tx, err := c.write(ctx, m, at(draft, nonce), newest, s)
	if err != nil {
		return err
	}
	const tries = 8
	for try := range tries {
		err = c.eth.SendTransaction(ctx, tx)
		if err == nil || known(err) || taken(err) || !answered(err) {
			return nil // it may have come through
		}
		if try == tries-1 || !c.behind(ctx, m, tx, err) {
			break
		}
	}
	return c.refused(m, s, err)
}

// lock waits until no other call signs for the account.
func (c *Chain) lock(ctx context.Context, m message) (leave func(), err error) {
	lock := c.sending[m.by.address[len(m.by.address)-1]%locks]
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, fault(m.doing, ctx.Err())
	}
}

// write signs a draft and writes it down as the newest form of a sending.
func (c *Chain) write(ctx context.Context, m message, draft types.TxData, newest head, s *Sending) (*types.Transaction, error) {
	tx, err := c.signed(ctx, m, draft)
	if err != nil {
		return nil, err
	}
	next := *s
	next.Refused = false
	if err := next.add(tx, newest); err != nil {
		return nil, err
	}
	if err := c.outbox.Put(next); err != nil {
		return nil, err
	}
	*s = next
	return tx, nil
}

// maxQueue is how many transactions of an account may wait without one of ours among
// them before an endpoint is not believed: go-ethereum's pool keeps 64 of an account.
const maxQueue = 64

// nonce chooses the next nonce of an account: the first from what the endpoint counts
// on that nothing in the outbox has. So a gap is filled by the next transaction. What the
// endpoint's pool has dropped is sent again. over is a transaction that was refused and
// has this nonce: only one of both can be mined, and the new one must pay more.
func (c *Chain) nonce(ctx context.Context, m message) (n uint64, over *types.Transaction, err error) {
	pending, err := c.eth.PendingNonceAt(ctx, m.by.address)
	if err != nil {
		return 0, nil, fault(m.doing, err)
	}
	mined, err := c.eth.NonceAt(ctx, m.by.address, nil)
	if err != nil {
		return 0, nil, fault(m.doing, err)
	}
	held := c.held(m.by.address)
	n = max(pending, mined, c.reached(m.by.address))
	if n > mined+maxQueue+uint64(len(held)) && c.reached(m.by.address) < n {
		return 0, nil, lie(m.doing, "more of the account's transactions wait than a pool keeps")
	}
	for ; ; n++ {
		s, ok := held[n]
		if !ok {
			return n, nil, nil
		}
		forms, err := s.forms()
		if err != nil {
			return 0, nil, err
		}
		if s.Refused {
			return n, forms[len(forms)-1], nil
		}
		_ = c.broadcast(ctx, s) // the wait for it finds out
	}
}

// held returns what is out of an account, by nonce. Of several with one nonce it is the one
// that was not refused, or the dearest: any of them may be in a pool.
func (c *Chain) held(by common.Address) map[uint64]Sending {
	held := map[uint64]Sending{}
	for _, s := range c.outbox.All() {
		if s.Chain != c.contracts.ChainID || s.From != sinso.Address(by) || !s.out() {
			continue
		}
		if other, ok := held[s.Nonce]; !ok || other.Refused && (!s.Refused || s.dearer(other)) {
			held[s.Nonce] = s
		}
	}
	return held
}

// dearer says whether a sending's newest form pays more for gas than another's. One that cannot be read is
// the dearest: then it is told.
func (s Sending) dearer(other Sending) bool {
	mine, err := s.forms()
	if err != nil {
		return true
	}
	others, err := other.forms()
	if err != nil {
		return false
	}
	a, b := mine[len(mine)-1], others[len(others)-1]
	if by := a.GasFeeCap().Cmp(b.GasFeeCap()); by != 0 {
		return by > 0
	}
	return a.GasTipCap().Cmp(b.GasTipCap()) > 0
}

// passed remembers that a nonce is used: an endpoint may count late.
func (c *Chain) passed(by common.Address, nonce uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.floor[by] = max(c.floor[by], nonce+1)
}

func (c *Chain) reached(by common.Address) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.floor[by]
}

// broadcast sends the forms of a sending that have its nonce, newest first, until the
// endpoint takes one or has it. The error is what it says of the newest.
func (c *Chain) broadcast(ctx context.Context, s Sending) error {
	forms, err := s.forms()
	if err != nil {
		return err
	}
	var first error
	for i := len(forms) - 1; i >= 0 && forms[i].Nonce() == s.Nonce; i-- {
		err := c.eth.SendTransaction(ctx, forms[i])
		if err == nil || known(err) {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// known says whether the endpoint has a transaction already. Nodes say so in words only.
func known(err error) bool {
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "already known") || strings.Contains(text, "already imported") || strings.Contains(text, "known transaction")
}

// taken says whether a transaction was refused for its nonce: the endpoint has mined one
// with it, or has another that pays as much. It may be the same.
func taken(err error) bool {
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "nonce too low") || strings.Contains(text, "underpriced") && strings.Contains(text, "replacement")
}

func at(draft types.TxData, nonce uint64) types.TxData {
	switch tx := draft.(type) {
	case *types.LegacyTx:
		tx.Nonce = nonce
	case *types.DynamicFeeTx:
		tx.Nonce = nonce
	}
	return draft
}

// usurped says whether it is proven that no form of a sending with its nonce can be mined
// any more: the nonce was used in a block that is final, by a transaction that is none of
// them. That nothing is said of ours is no proof: an endpoint may not know yet.
func (c *Chain) usurped(ctx context.Context, s Sending, newest head) (bool, error) {
	deep, err := c.deep(ctx, newest)
	if err != nil || deep < s.Head {
		return false, err
	}
	used := func(block uint64) (bool, error) {
		count, err := c.eth.NonceAt(ctx, common.Address(s.From), new(big.Int).SetUint64(block))
		return count > s.Nonce, err
	}
	if gone, err := used(deep); err != nil || !gone {
		return false, fault(s.Doing, err)
	}
	if _, _, err := c.look(ctx, s.Doing, s); !errors.Is(err, sinso.ErrNotFound) {
		return false, err
	}
	if before, err := used(s.Head); err != nil || before {
		return before, fault(s.Doing, err) // before ours was signed
	}
	n := sort.Search(int(deep-s.Head), func(i int) bool { //nolint:gosec // at most maxNumber
		if err != nil {
			return true
		}
		var gone bool
		gone, err = used(s.Head + 1 + uint64(i)) //nolint:gosec // not negative
		return gone
	})
	if err != nil {
		return false, fault(s.Doing, err)
	}
	return c.other(ctx, s, s.Head+1+uint64(n)) //nolint:gosec // not negative
}

// other looks into a block for the transaction that used a sending's nonce, and says
// whether it is another. It must be signed by the account: an endpoint cannot invent it.
func (c *Chain) other(ctx context.Context, s Sending, block uint64) (bool, error) {
	var found *struct {
		Transactions []json.RawMessage `json:"transactions"`
	}
	if err := c.rpc.CallContext(ctx, &found, "eth_getBlockByNumber", hexutil.EncodeUint64(block), true); err != nil {
		return false, fault(s.Doing, err)
	}
	if found == nil {
		return false, nil
	}
	forms, err := s.forms()
	if err != nil {
		return false, err
	}
	for _, raw := range found.Transactions {
		tx := new(types.Transaction)
		if tx.UnmarshalJSON(raw) != nil || tx.Nonce() != s.Nonce { // of kinds that only this chain has
			continue
		}
		from, err := types.Sender(types.LatestSignerForChainID(c.chainID), tx)
		if err != nil || from != common.Address(s.From) {
			continue
		}
		for _, form := range forms {
			if form.Hash() == tx.Hash() {
				return false, nil
			}
		}
		return true, nil
	}
	return false, nil
}
