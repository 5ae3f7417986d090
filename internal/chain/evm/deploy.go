package evm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/ethereum/go-ethereum/common"

	"sinso.dev/sinso"
)

// proxy is the deterministic deployment proxy that most chains have: with it, the
// same decisions give the same addresses on each.
var proxy = common.HexToAddress("0x4e59b44847b379578588920cA78FbF26c0B4956C")

// Deploy puts all contracts on the chain, or those that are missing. Contracts that
// the configuration named stay as they are, and the others are made for them.
// What was cut off is gone on with: each address follows from what is decided.
// said is told what is done before it is.
func (c *Chain) Deploy(ctx context.Context, founding sinso.Founding, said func(contract string)) (sinso.Deployment, error) {
	factory, err := c.factory(ctx, said)
	if err != nil {
		return sinso.Deployment{}, err
	}
	works, err := c.drawn(factory, founding)
	if err != nil {
		return sinso.Deployment{}, err
	}
	for _, storey := range storeys {
		if err := c.build(ctx, works, storey, said); err != nil {
			return sinso.Deployment{}, err
		}
	}
	c.place(works.Contracts)
	return works.Deployment, nil
}

// Missing returns what Deploy would have to make, and about how much gas it takes.
// Of a chain without a factory no address is known before there is one.
func (c *Chain) Missing(ctx context.Context, founding sinso.Founding) (names []string, gas uint64, err error) {
	const create, perCodeByte = 53_000, 260 // 16 a byte of call data, 200 a byte of code; the constructor's own work
	factory := sinso.Address(proxy)
	known, err := c.stands(ctx, "the factory", factory)
	if err != nil {
		return nil, 0, err
	}
	if !known {
		if factory = c.ownFactory; factory == (sinso.Address{}) {
			names, gas = []string{"Factory"}, 2*create
		}
	}
	works, err := c.drawn(factory, founding)
	if err != nil {
		return nil, 0, err
	}
	for _, storey := range storeys {
		for _, p := range storey {
			standing, err := c.stands(ctx, p.name, works.at(p.name))
			if err != nil {
				return nil, 0, err
			}
			if !standing {
				names = append(names, p.name)
				gas += create + uint64(len(works.codes[p.name]))*perCodeByte
			}
		}
	}
	return names, gas, nil
}

func (c *Chain) drawn(factory sinso.Address, founding sinso.Founding) (*works, error) {
	works, err := c.book.plan(sinso.Deployment{
		ChainID: c.contracts.ChainID, Deployer: sinso.Address(c.node.address), Factory: factory, Founding: founding, Contracts: c.named(),
	})
	if err != nil {
		return nil, fmt.Errorf("chain: plan the deployment: %w", err)
	}
	return works, nil
}

// named are the contracts that stand already.
func (c *Chain) named() places {
	at := places{}
	for name, place := range core(c.contracts) {
		if place != (sinso.Address{}) {
			at[name] = place
		}
	}
	return at
}

// build makes the contracts of a storey side by side.
func (c *Chain) build(ctx context.Context, w *works, storey []blueprint, said func(string)) error {
	var group sync.WaitGroup
	failed := make([]error, len(storey))
	for i, p := range storey {
		standing, err := c.stands(ctx, p.name, w.at(p.name))
		if err != nil {
			return err
		}
		if standing {
			continue
		}
		said(p.name)
		group.Go(func() { failed[i] = c.raise(ctx, w, p) })
	}
	group.Wait()
	return errors.Join(failed...)
}

// raise makes one contract and looks that it stands.
func (c *Chain) raise(ctx context.Context, w *works, p blueprint) error {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	to, data := common.Address(w.Factory), append(salt.Bytes(), w.codes[p.name]...)
	if p.nest {
		nest, err := c.book.page("Nest")
		if err != nil {
			return err
		}
		to = common.Address(w.at("Nest"))
		if data, err = pack(nest.abi.Methods["lay"], []any{w.codes[p.name]}); err != nil {
			return err
		}
	}
	if _, err := c.send(ctx, message{doing: "deploy " + p.name, by: c.node, to: &to, data: data}); err != nil {
		return err
	}
	standing, err := c.stands(ctx, p.name, w.at(p.name))
	if err == nil && !standing {
		return lie("deploy "+p.name, "the transaction succeeded, and no contract stands where it must")
	}
	return err
}

// stands says whether there is code at an address.
func (c *Chain) stands(ctx context.Context, name string, at sinso.Address) (bool, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	code, err := c.eth.CodeAt(ctx, common.Address(at), nil)
	if err != nil {
		return false, fault("look for "+name, err)
	}
	return len(code) > 0, nil
}

// factory returns what makes contracts here: the proxy, if the chain has it, else
// one of our own, which is deployed once and recorded.
func (c *Chain) factory(ctx context.Context, said func(string)) (sinso.Address, error) {
	if known, err := c.stands(ctx, "the factory", sinso.Address(proxy)); err != nil || known {
		return sinso.Address(proxy), err
	}
	if c.ownFactory != (sinso.Address{}) {
		return c.ownFactory, nil
	}
	said("Factory")
	page, err := c.book.page("Factory")
	if err != nil {
		return sinso.Address{}, err
	}
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	receipt, err := c.send(ctx, message{doing: "deploy Factory", by: c.node, data: page.code})
	if err != nil {
		return sinso.Address{}, err
	}
	c.ownFactory = sinso.Address(receipt.ContractAddress)
	return c.ownFactory, nil
}

// place makes the contracts known under their names.
func (c *Chain) place(at map[string]sinso.Address) {
	c.placing.Lock()
	defer c.placing.Unlock()
	c.placed = maps.Clone(at)
}

// at returns where a contract stands. Where the contracts are made when they are
// first needed, it makes them.
func (c *Chain) at(ctx context.Context, contract string) (sinso.Address, error) {
	at, err := c.At(contract)
	if err == nil || c.deployed == nil {
		return at, err
	}
	if _, ok := blueprintOf(contract); !ok {
		return at, err
	}
	c.making.Lock()
	defer c.making.Unlock()
	if at, err := c.At(contract); err == nil { // another call made them
		return at, nil
	}
	now, err := c.Now(ctx)
	if err != nil {
		return at, err
	}
	made, err := c.Deploy(ctx, sinso.UsualFounding(sinso.Address(c.node.address), now), func(string) {})
	if err != nil {
		return at, err
	}
	if err := c.deployed(made); err != nil {
		return at, err
	}
	return c.At(contract)
}
