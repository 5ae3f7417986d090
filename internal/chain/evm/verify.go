package evm

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
)

// Verify looks whether each contract of a deployment is what this node's own copy
// of the source compiles to, with the decisions that are recorded. A contract that a
// factory made has its code in its address. One that another's constructor made has
// that one's. Of the others, the code is compared with what the chain itself makes of
// ours; what their constructors wrote into storage is not proven by that: of Rewards, who the
// first panel was.
// ErrUnavailable: the chain cannot be asked.
func (c *Chain) Verify(ctx context.Context, d sinso.Deployment) ([]sinso.Verdict, error) {
	if d.ChainID != c.contracts.ChainID {
		return nil, fmt.Errorf("chain: the deployment is of chain %d, and this is chain %d: %w", d.ChainID, c.contracts.ChainID, sinso.ErrInvalid)
	}
	works, err := c.book.plan(d)
	if err != nil {
		return nil, fmt.Errorf("chain: work the deployment out again: %w", err)
	}
	var verdicts []sinso.Verdict
	for _, name := range slices.Sorted(maps.Keys(works.Contracts)) {
		v := sinso.Verdict{Contract: name, At: d.Contracts[name]}
		if v.OK, v.How, err = c.verdict(ctx, works, v); err != nil {
			return nil, err
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}

func (c *Chain) verdict(ctx context.Context, w *works, v sinso.Verdict) (bool, string, error) {
	standing, err := c.stands(ctx, v.Contract, v.At)
	if err != nil {
		return false, "", err
	}
	if !standing {
		return false, "nothing stands there", nil
	}
	p, ok := blueprintOf(v.Contract)
	if !ok {
		return false, "no contract of this name is known here", nil
	}
	if p.name != v.Contract {
		parent := w.at(p.name)
		made := sinso.Address(crypto.CreateAddress(common.Address(parent), p.made[v.Contract]))
		return made == v.At, "made by " + p.name, nil
	}
	code := w.codes[p.name]
	if sinso.Address(crypto.CreateAddress2(common.Address(w.Factory), salt, crypto.Keccak256(code))) == v.At {
		return true, "its address is made of its code", nil
	}
	if _, old := core(sinso.Contracts{})[p.name]; !old && !p.nest {
		return false, "its address is not that of our code with the recorded decisions", nil
	}
	same, err := c.same(ctx, p, v.At, code)
	if alone := w.alone[p.name]; err == nil && !same && alone != nil {
		same, err = c.same(ctx, p, v.At, alone)
	}
	if err != nil {
		return false, "", err
	}
	if !same {
		return false, "its code is not what the chain makes of ours; some endpoints cannot compare: try another", nil
	}
	return true, "its code is what the source compiles to", nil
}

// same says whether the code at an address is what its constructor would put there:
// it lets the chain run the creation code as if it stood at that very address, so that what
// a constructor keeps of its own address comes out alike.
func (c *Chain) same(ctx context.Context, p blueprint, at sinso.Address, creation []byte) (bool, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	doing := "compare the code of " + p.name
	standing, err := c.eth.CodeAt(ctx, common.Address(at), nil)
	if err != nil {
		return false, fault(doing, err)
	}
	override := map[common.Address]any{
		common.Address(at): map[string]any{"code": hexutil.Bytes(creation), "nonce": hexutil.Uint64(1)},
	}
	nothing := map[string]any{"code": hexutil.Bytes{}, "nonce": hexutil.Uint64(0)}
	for _, nonce := range p.made { // what it makes, and what that makes, must not stand there yet
		made := crypto.CreateAddress(common.Address(at), nonce)
		override[made], override[crypto.CreateAddress(made, 1)] = nothing, nothing
	}
	var made hexutil.Bytes
	if err := c.rpc.CallContext(ctx, &made, "eth_call", map[string]any{"to": common.Address(at)}, "latest", override); err != nil {
		if answered(err) {
			return false, nil // the constructor refused, or this endpoint knows no overrides
		}
		return false, fault(doing, err)
	}
	return bytes.Equal(made, standing), nil
}
