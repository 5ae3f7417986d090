package index

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain"
)

const (
	pageBlocks = 1024     // headers that are read at once
	firstSpan  = 256      // blocks whose logs are asked for at once, to begin with
	fewLogs    = 2000     // that many more blocks can be asked for at once
	pageBytes  = 16 << 20 // of logs that are written at once
	pageLogs   = 20_000   // the same
	atOnce     = 400      // contracts in one question
	memories   = 8192     // blocks that are remembered while a fork is read
	forkBytes  = 64 << 20 // of logs that a fork brings at most, and that are remembered
	logBytes   = 256      // what a log takes beside its data
)

// memory remembers what was asked for by a block's hash, so that a fork is read to
// its end from an endpoint that answers a few questions at a time.
type memory struct {
	blocks map[sinso.Hash]chain.Block
	logs   map[sinso.Hash][]sinso.ChainEvent
	bytes  int // of logs
}

func (m *memory) forget() {
	*m = memory{blocks: map[sinso.Hash]chain.Block{}, logs: map[sinso.Hash][]sinso.ChainEvent{}}
}

// sizeOf is about how much memory logs take, in bytes.
func sizeOf(logs []sinso.ChainEvent) int {
	n := logBytes * len(logs)
	for i := range logs {
		n += len(logs[i].Data)
	}
	return n
}

func lie(what string) error {
	return fmt.Errorf("index: the endpoint's answer cannot be true: %s; nothing was taken from it, and it is asked again: %w", what, sinso.ErrCorrupt)
}

// mixed is what an endpoint says that is several nodes of which some lag behind.
func mixed(what string) error {
	return fmt.Errorf("index: %s; the endpoint may be several nodes; nothing was taken from it, and it is asked again: %w", what, sinso.ErrUnavailable)
}

// linked checks that each block follows the one before.
func linked(blocks []chain.Block) error {
	for i := 1; i < len(blocks); i++ {
		if blocks[i].Number != blocks[i-1].Number+1 {
			return lie("blocks are missing")
		}
		if blocks[i].Parent != blocks[i-1].Hash {
			return mixed("blocks do not follow each other")
		}
	}
	return nil
}

// gather reads the logs of blocks that follow each other, of contracts and of those
// that they announce, which it adds to them. Blocks that are not final are read one
// by one by their hash. It returns how many blocks it got through; all, if whole.
func (x *Index) gather(ctx context.Context, w watch, blocks []chain.Block, final uint64, whole bool) ([]sinso.ChainEvent, int, error) {
	var logs []sinso.ChainEvent
	at, bytes, refused := 0, 0, false
	for at < len(blocks) && (whole || bytes < pageBytes && len(logs) < pageLogs) {
		span := int(min(x.span, uint64(len(blocks)-at))) //nolint:gosec // at most pageBlocks
		byHash := blocks[at].Number > final
		if byHash {
			span = 1
		} else if last := int(final - blocks[at].Number + 1); span > last { //nolint:gosec // at most span
			span = last
		}
		some, err := x.logsOf(ctx, w, blocks[at:at+span], byHash)
		if errors.Is(err, sinso.ErrDenied) && span > 1 {
			x.span, refused = uint64(span+1)/2, true
			continue
		}
		if err != nil {
			if at > 0 && !whole { // what was got is good; the rest is asked for next
				break
			}
			return nil, 0, unavailable(err)
		}
		if bytes += sizeOf(some); whole && bytes > forkBytes {
			return nil, 0, fmt.Errorf("index: a fork of the chain brings more than %d bytes of events; nothing was changed; check the endpoint: %w", forkBytes, sinso.ErrCorrupt)
		}
		logs, at = append(logs, some...), at+span
		if !byHash && !refused && len(some) < fewLogs {
			x.span = min(2*x.span, pageBlocks)
		}
	}
	return logs, at, nil
}

// unavailable is for a refusal of what cannot be asked in smaller parts.
func unavailable(err error) error {
	if errors.Is(err, sinso.ErrDenied) {
		return fmt.Errorf("index: nothing was skipped, and it is asked again: %w: %w", err, sinso.ErrUnavailable)
	}
	return err
}

// logsOf reads the logs of some blocks, in the order of the chain.
func (x *Index) logsOf(ctx context.Context, w watch, blocks []chain.Block, byHash bool) ([]sinso.ChainEvent, error) {
	if byHash {
		if logs, ok := x.source.logs[blocks[0].Hash]; ok {
			x.follow(w, logs)
			return logs, nil
		}
	}
	var all []sinso.ChainEvent
	for fresh := w.addresses(); len(fresh) > 0; {
		logs, err := x.ask(ctx, w, blocks, fresh, byHash)
		if err != nil {
			return nil, err
		}
		if logs, err = x.again(ctx, w, blocks, fresh, logs, byHash); err != nil {
			return nil, err
		}
		all, fresh = append(all, logs...), x.follow(w, logs)
	}
	// Before it was announced a contract was not there, and had nothing to say.
	all = slices.DeleteFunc(all, func(log sinso.ChainEvent) bool { return w[log.Contract].announced > signed(log.Block) })
	slices.SortFunc(all, func(a, b sinso.ChainEvent) int { return int(placeOf(&a) - placeOf(&b)) })
	for i := 1; i < len(all); i++ {
		if placeOf(&all[i-1]) == placeOf(&all[i]) {
			return nil, lie("two logs are in the same place")
		}
	}
	if size := sizeOf(all); byHash && len(x.source.logs) < memories && x.source.bytes+size <= forkBytes {
		x.source.logs[blocks[0].Hash] = all
		x.source.bytes += size
	}
	return all, nil
}

// follow adds the contracts that logs announce, and returns them.
func (x *Index) follow(w watch, logs []sinso.ChainEvent) []sinso.Address {
	var fresh []sinso.Address
	for i := range logs {
		at, name, ok := x.event(w, &logs[i]).announces()
		if _, known := w[at]; ok && !known {
			w.add(at, name, signed(logs[i].Block))
			fresh = append(fresh, at)
		}
	}
	return fresh
}

// ask asks for logs of blocks, of a bounded number of contracts at once.
func (x *Index) ask(ctx context.Context, w watch, blocks []chain.Block, of []sinso.Address, byHash bool) ([]sinso.ChainEvent, error) {
	var all []sinso.ChainEvent
	for chunk := range slices.Chunk(of, atOnce) {
		logs, err := x.askFor(ctx, w, blocks, chunk, byHash)
		if err != nil {
			return nil, err
		}
		all = append(all, logs...)
	}
	return all, nil
}

// askFor asks for the logs of some contracts, and for half of them if one block is
// too much.
func (x *Index) askFor(ctx context.Context, w watch, blocks []chain.Block, of []sinso.Address, byHash bool) ([]sinso.ChainEvent, error) {
	query := chain.Query{From: blocks[0].Number, To: blocks[len(blocks)-1].Number, Contracts: of}
	if byHash {
		query = chain.Query{Block: blocks[0].Hash, Contracts: of}
	}
	logs, err := x.cfg.Source.Logs(ctx, query)
	if errors.Is(err, sinso.ErrDenied) && len(blocks) == 1 && len(of) > 1 {
		half := len(of) / 2
		if logs, err = x.askFor(ctx, w, blocks, of[:half], byHash); err != nil {
			return nil, err
		}
		rest, err := x.askFor(ctx, w, blocks, of[half:], byHash)
		return append(logs, rest...), err
	}
	if err != nil {
		return nil, err
	}
	return logs, checked(w, blocks, of, logs)
}

// checked checks that each log is of one of the blocks, and of a contract, that were
// asked for.
func checked(w watch, blocks []chain.Block, of []sinso.Address, logs []sinso.ChainEvent) error {
	asked := make(map[sinso.Address]bool, len(of))
	for _, at := range of {
		asked[at] = true
	}
	for i := range logs {
		log := &logs[i]
		if log.Removed || log.Block < blocks[0].Number || log.Block > blocks[len(blocks)-1].Number || log.Index >= maxIndex || !asked[log.Contract] {
			return lie("a log is none that was asked for")
		}
		block := blocks[log.Block-blocks[0].Number]
		if log.BlockHash != block.Hash {
			return mixed("a log is of another block than the header")
		}
		if hasBloom(block) && !w[log.Contract].bits.in(block.Bloom) {
			return lie("a log is of a block that has none of its contract")
		}
	}
	return nil
}

// hasBloom says whether a block's bloom filter says anything. Chains that do without
// leave it empty.
func hasBloom(block chain.Block) bool { return len(block.Bloom) == bloomBytes && !allZero(block.Bloom) }

const bloomBytes = 256 // Yellow Paper §4.4.1

// again asks once more for each block whose bloom filter says that there is a log of
// a contract, and of which none came: a node that lags behind answers with an empty
// page, as if nothing had happened. It is asked the other way round, by the block's
// hash, which it does not know, or by its number. The filter may be wrong: if there
// is nothing again, that is it.
func (x *Index) again(ctx context.Context, w watch, blocks []chain.Block, of []sinso.Address, logs []sinso.ChainEvent, byHash bool) ([]sinso.ChainEvent, error) {
	type pair struct {
		block uint64
		at    sinso.Address
	}
	has := make(map[pair]bool, len(logs))
	for i := range logs {
		has[pair{logs[i].Block, logs[i].Contract}] = true
	}
	for i, block := range blocks {
		if !hasBloom(block) {
			continue
		}
		var missing []sinso.Address
		for _, at := range of {
			if w[at].bits.in(block.Bloom) && !has[pair{block.Number, at}] {
				missing = append(missing, at)
			}
		}
		if len(missing) == 0 {
			continue
		}
		more, err := x.ask(ctx, w, blocks[i:i+1], missing, !byHash)
		if err != nil {
			return nil, unavailable(err)
		}
		logs = append(logs, more...)
	}
	return logs, nil
}
