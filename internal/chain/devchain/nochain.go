//go:build nochain

package devchain

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

// Chain is an embedded chain; this build has none.
type Chain struct{}

// Open returns ErrUnsupported: this build has no embedded chain.
func Open(context.Context, Config) (*Chain, error) {
	return nil, fmt.Errorf("devchain: this program was built without the embedded chain (build tag nochain); name the URL of a chain's JSON-RPC instead: %w", sinso.ErrUnsupported)
}

// Client returns nil.
func (*Chain) Client() *rpc.Client { return nil }

// RPCAddr returns "".
func (*Chain) RPCAddr() string { return "" }

// Seal returns ErrUnsupported.
func (*Chain) Seal(context.Context) error {
	return fmt.Errorf("devchain: seal: no embedded chain in this build: %w", sinso.ErrUnsupported)
}

// Close does nothing.
func (*Chain) Close() error { return nil }
