package evm

import (
	"errors"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

// FuzzForeignBytes reads logs and reverts that an endpoint made up.
func FuzzForeignBytes(f *testing.F) {
	server := rpc.NewServer()
	f.Cleanup(server.Stop)
	c, err := connect(f.Context(), Config{Client: rpc.DialInProc(server), Key: [32]byte{31: 1}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(c.rpc.Close)
	c.contracts = sinso.Contracts{Identity: sinso.Address{1}, Assets: sinso.Address{2}, Exchange: sinso.Address{3}}
	c.placed = core(c.contracts)
	exchange, err := c.book.page(theExchange)
	if err != nil {
		f.Fatal(err)
	}
	var ids []common.Hash
	for i, of := range []abi.ABI{c.abis.identity, c.abis.assets, exchange.abi} {
		for _, event := range of.Events {
			f.Add(uint8(len(ids)), uint8(i+1), uint8(3), make([]byte, 160))
			ids = append(ids, event.ID)
		}
	}
	slices.SortFunc(ids, common.Hash.Cmp) // the same in each run
	for _, revert := range exchange.abi.Errors {
		f.Add(uint8(0), uint8(0), uint8(0), append(revert.ID[:4:4], make([]byte, 64)...))
	}
	f.Fuzz(func(t *testing.T, event, contract, topics uint8, data []byte) {
		log := &types.Log{
			Address: common.Address{contract % 4}, Data: data,
			Topics: append([]common.Hash{ids[int(event)%len(ids)]}, make([]common.Hash, topics%maxTopics)...),
		}
		if _, err := c.event(log); err != nil && !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("event: got error %v", err)
		}
		for _, name := range []string{"Filled", "Delivered"} {
			_ = told(exchange.abi.Events[name].Inputs, unnamed(log), new(struct {
				Offer     sinso.Order
				GrantHash sinso.Hash
			}))
		}
		_, _ = c.payouts(sinso.Hash{}, &types.Receipt{Logs: []*types.Log{log}})
		_ = unpack(exchange.abi.Methods["trade"].Outputs, data, new(kept))
		_, _ = c.assets.UnpackSymbol(data)
		revert := c.book.decode("try", data)
		if !errors.Is(revert, sinso.ErrDenied) && !errors.Is(revert, sinso.ErrInvalid) || revert.Error() == "" {
			t.Errorf("revert: got %v", revert)
		}
	})
}
