//go:build !nochain

package devchain

import (
	"fmt"
	"math/big"
	"path/filepath"

	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
)

// databaseName is the folder of all that go-ethereum writes. It is a projection
// of the journal and may be deleted while the chain is closed.
const databaseName = "database"

// startEngine starts go-ethereum on the database in dir, without network,
// accounts or a way to seal.
func startEngine(dir string, genesis *core.Genesis) (*node.Node, *eth.Ethereum, error) {
	// Without a key of ours the node would make one and keep it in a file.
	key, err := crypto.GenerateKey()
	if err != nil {
		return nil, nil, fmt.Errorf("devchain: key: %w", err)
	}
	stack, err := node.New(&node.Config{
		Name:        databaseName,
		DataDir:     dir,
		KeyStoreDir: filepath.Join(dir, databaseName, "keystore"), // made, and left empty
		P2P:         p2p.Config{PrivateKey: key, NoDiscovery: true, NoDial: true},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("devchain: engine: %w", err)
	}
	ethereum, err := eth.New(stack, engineConfig(genesis))
	if err == nil {
		err = stack.Start()
	}
	if err != nil {
		_ = stack.Close() // what failed to start is the error to tell
		return nil, nil, fmt.Errorf("devchain: engine: %w", err)
	}
	return stack, ethereum, nil
}

func engineConfig(genesis *core.Genesis) *ethconfig.Config {
	config := ethconfig.Defaults
	config.Genesis = genesis
	config.SyncMode = ethconfig.FullSync
	// The default path scheme keeps the newest states in memory until Close, and
	// loses the whole chain on kill -9. The hash scheme without pruning writes each
	// block's state with the block.
	config.StateScheme = rawdb.HashScheme
	config.NoPruning = true
	config.TransactionHistory = 0 // index all
	config.LogNoHistory = true    // search by bloom filters; the index costs memory and disk

	config.DatabaseCache, config.DatabaseHandles = 16, 64 // MB, files
	config.TrieCleanCache, config.TrieDirtyCache, config.SnapshotCache = 0, 0, 0
	config.NoPrefetch = true

	config.Miner.GasPrice = big.NewInt(1) // wei of tip
	config.Miner.GasCeil = gasLimit
	config.TxPool.NoLocals = true
	config.TxPool.Journal = ""
	config.TxPool.PriceLimit = 1 // wei of tip
	config.BlobPool.Datadir = "" // in memory
	config.BlobPool.Datacap = 16 << 20
	return &config
}
