//go:build !nochain

package devchain_test

import (
	"testing"

	"go.uber.org/goleak"

	"sinso.dev/sinso/internal/chain/devchain"
)

// TestNoLeak: Close ends every goroutine but those of go-ethereum that serve the
// whole process, and one that ends a second later by itself.
func TestNoLeak(t *testing.T) {
	defer goleak.VerifyNone(
		t, goleak.IgnoreCurrent(),
		goleak.IgnoreTopFunction("github.com/ethereum/go-ethereum/core.(*txSenderCacher).cache"),
		goleak.IgnoreTopFunction("github.com/syndtr/goleveldb/leveldb.(*DB).mpoolDrain"),
	)
	c, client := open(t, devchain.Config{Dir: t.TempDir(), Alloc: rich(1), Listen: "127.0.0.1:0"})
	send(t, client, newAccount(0).transfer(payee))
	post(t, c.RPCAddr(), c.RPCAddr(), "eth_blockNumber")
	shut(t, c)
}
