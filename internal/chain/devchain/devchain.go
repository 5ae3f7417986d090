// Package devchain is SINSO's embedded chain: go-ethereum in this process, for
// development and for a node that stands alone. It seals blocks on demand, talks
// to no other machine, and yields the JSON-RPC client that chain/evm wants of
// any chain.
//
// What a receipt says is durable: a block becomes canonical only after it was
// written to a journal and synced. The database below is made again from the
// journal where it lost blocks, or was lost.
//
// go-ethereum is LGPL-3 and appears behind this package only. With the build tag
// nochain, [Open] refuses and none of its node is linked.
package devchain

import (
	"log/slog"
	"math/big"
	"time"

	"sinso.dev/sinso"
)

// ChainID is "SINSO" in ASCII, the EIP-155 chain ID of every embedded chain. It
// is no public chain's, so that nothing signed here is valid elsewhere.
const ChainID = 0x53494e534f

// Config says where a chain lives and what it starts with.
type Config struct {
	// Dir is the chain's folder. It is made if it is not there, and nothing is
	// written outside of it.
	Dir string
	// Alloc gives accounts their balances in wei in the genesis block. It is used
	// when Dir is new and ignored afterwards.
	Alloc map[sinso.Address]*big.Int
	// Listen is the host:port of JSON-RPC over HTTP, a loopback address; port 0
	// binds a free one. "" means none.
	Listen string
	// Clock gives blocks their time. nil is the wall clock.
	Clock sinso.Clock
	// Log hears of repairs and failures. nil discards.
	Log *slog.Logger
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() } //nolint:forbidigo // this is the clock

func (cfg Config) withDefaults() Config {
	if cfg.Clock == nil {
		cfg.Clock = wallClock{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return cfg
}
