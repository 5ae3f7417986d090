// Package chain has what the adapters of a chain share: how one is read block by
// block.
package chain

import (
	"context"
	"time"

	"sinso.dev/sinso"
)

// Block is a block's header, as far as an index needs it.
type Block struct {
	Number uint64
	Hash   sinso.Hash
	Parent sinso.Hash // the hash of the block before
	Time   time.Time  // whole seconds
	Bloom  []byte     // of the logs in it, 256 bytes (Yellow Paper §4.4.1); nil: the chain has none
}

// Query asks for logs of some contracts: of the block with a hash (EIP-234), or,
// if that is zero, of the blocks From to To.
type Query struct {
	Block     sinso.Hash
	From, To  uint64
	Contracts []sinso.Address
}

// Source is a chain as it is read by an index. Its answers are of a bounded size,
// and none is taken for granted: they may be of several nodes that know different
// blocks. Its methods return ErrUnavailable if the chain can't be asked, ErrCorrupt
// for an answer that cannot be true, and ErrDenied if the endpoint refuses what is
// asked, as it may be too much.
type Source interface {
	// Newest returns the newest block.
	Newest(ctx context.Context) (Block, error)
	// Final returns the newest block that the chain calls final; ErrUnsupported: it
	// calls none so.
	Final(ctx context.Context) (Block, error)
	// Blocks returns the blocks from one number to another, in order; fewer, if the
	// endpoint does not know the later ones.
	Blocks(ctx context.Context, from, to uint64) ([]Block, error)
	// Block returns the block with a hash, or ErrNotFound.
	Block(ctx context.Context, hash sinso.Hash) (Block, error)
	// Logs returns the logs that a query asks for, in the order of the chain. They are
	// not decoded: their Name is empty. ErrNotFound: there is no such block.
	Logs(ctx context.Context, query Query) ([]sinso.ChainEvent, error)
}
