package evm

import (
	"context"
	"math/big"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

const (
	// pageBlocks is how many blocks Events asks for at once, to begin with. It
	// asks for half as many if the endpoint refuses, and for twice as many while
	// it never did and there is little in them.
	pageBlocks = 2000
	fewEvents  = 100
)

// Events calls fn with every event of the contracts from a block on, up to the
// block that was the newest when it was called. If it fails, next is where to
// go on: the events of that block may have been seen.
func (c *Chain) Events(ctx context.Context, from uint64, fn func(sinso.ChainEvent) error) (next uint64, err error) {
	asked, cancel := c.bounded(ctx)
	newest, err := c.newest(asked)
	cancel()
	if err != nil {
		return from, err
	}
	page, refused := c.profile.LogRange, false
	for from <= newest.number() {
		last := from + min(page-1, newest.number()-from)
		logs, err := c.page(ctx, from, last)
		if err != nil && last > from && answered(err) {
			page, refused = (last-from)/2+1, true
			continue
		}
		if err != nil {
			return from, fault("read events", err)
		}
		for _, log := range logs {
			event, err := c.event(log)
			if err == nil {
				err = fn(event)
			}
			if err != nil {
				return log.BlockNumber, err
			}
		}
		from = last + 1
		if !refused && len(logs) < fewEvents {
			page = min(2*page, maxNumber)
		}
	}
	return from, nil
}

func (c *Chain) page(ctx context.Context, from, last uint64) ([]*types.Log, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	return c.logs(ctx, ethereum.FilterQuery{
		Addresses: []common.Address{
			common.Address(c.contracts.Identity), common.Address(c.contracts.Assets), common.Address(c.contracts.Exchange),
		},
		FromBlock: new(big.Int).SetUint64(from), ToBlock: new(big.Int).SetUint64(last),
	})
}

// event reads a log of one of the contracts. One that the contracts do not know
// has no name, and nothing but what every log has.
func (c *Chain) event(log *types.Log) (sinso.ChainEvent, error) {
	name, ok := c.nameOf(log.Address)
	if !ok {
		return unnamed(log), nil
	}
	return c.eventOf(name, log)
}

// eventOf reads a log as one of a contract, wherever it stands.
func (c *Chain) eventOf(contract string, log *types.Log) (sinso.ChainEvent, error) {
	event := unnamed(log)
	page, err := c.book.page(contract)
	if err != nil {
		return event, err
	}
	known, err := page.abi.EventByID(log.Topics[0])
	if err != nil {
		return event, nil //nolint:nilerr // unknown is no failure
	}
	event.Name = known.RawName
	return event, fill(&event, known)
}

// unnamed is an event with what every log has.
func unnamed(log *types.Log) sinso.ChainEvent {
	event := sinso.ChainEvent{
		Block: log.BlockNumber, BlockHash: sinso.Hash(log.BlockHash), Index: log.Index, Tx: sinso.Hash(log.TxHash),
		Contract: sinso.Address(log.Address), Data: log.Data, Removed: log.Removed,
	}
	for _, topic := range log.Topics {
		event.Topics = append(event.Topics, sinso.Hash(topic))
	}
	return event
}

// fill sets the fields of an event from its arguments, by their names. An
// indexed one is a topic, another stands in the data: in one word, which is its
// offset if its length is not fixed, or in as many as it has parts.
func fill(event *sinso.ChainEvent, known *abi.Event) error {
	const word = 32
	topic, at := 1, 0
	for _, input := range known.Inputs {
		var value sinso.Hash
		switch {
		case input.Indexed && topic < len(event.Topics):
			value = event.Topics[topic]
			topic++
		case !input.Indexed && at+word <= len(event.Data):
			value = sinso.Hash(event.Data[at : at+word])
			at += word * width(input.Type)
		default:
			return lie("read events", "an event is shorter than the contract writes it")
		}
		switch input.Name {
		case "orderHash", "offerHash":
			event.Order = value
		case "tradeId", "id":
			event.Trade = value
		case "tokenId":
			event.Token = value
		case "price", "amount":
			event.Wei = sinso.NewWei(number(value))
		case "payee":
			event.Payee = new(sinso.Address(value[word-len(sinso.Address{}):]))
		}
	}
	return nil
}

// width is how many words a value has where it stands.
func width(t abi.Type) int {
	if !fixed(t) {
		return 1
	}
	switch t.T {
	case abi.ArrayTy:
		return t.Size * width(*t.Elem)
	case abi.TupleTy:
		n := 0
		for _, elem := range t.TupleElems {
			n += width(*elem)
		}
		return n
	}
	return 1
}

// fixed says whether each value of a type has the same length.
func fixed(t abi.Type) bool {
	switch t.T {
	case abi.StringTy, abi.BytesTy, abi.SliceTy:
		return false
	case abi.ArrayTy:
		return fixed(*t.Elem)
	case abi.TupleTy:
		for _, elem := range t.TupleElems {
			if !fixed(*elem) {
				return false
			}
		}
	}
	return true
}
