// Package evm is the port [sinso.Chain] over a JSON-RPC client for any EVM
// chain.
//
// The client's word is not taken for what can be checked: the chain ID and the
// domain of each contract when it opens, the transaction hash, contract address
// and shape of every receipt and log. What cannot be checked without a light
// client, such as a whole invented chain, is believed.
//
// Secrets sign here and never leave the process; no account is unlocked on the
// other side. The node's own account may be kept by another program ([Signer]), whose
// answers are believed as little.
package evm

import (
	"context"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/bind"
)

// Config is what [Open] needs to know.
type Config struct {
	// URL is that of a JSON-RPC endpoint: http, https, ws or wss. Answers are
	// bounded. It may hold an access key: no error repeats it.
	URL string
	// Client is used instead of URL, and is not closed by Close.
	Client *rpc.Client
	// Contracts are where the contracts stand. With no address given, Open looks
	// where Key's account would have put them first, and deploys what is missing.
	// A chain ID of zero means whatever the chain says.
	Contracts sinso.Contracts
	// Deployment is the record of all contracts, if there is one: what [Chain.Deploy]
	// returned. It must not contradict Contracts.
	Deployment sinso.Deployment
	// Deployed keeps that record. With it, contracts beyond the three are made, as
	// [sinso.UsualFounding] suggests, when the first call needs one: for a chain that costs
	// nothing.
	Deployed func(sinso.Deployment) error
	// Key is the secp256k1 secret of the node's own account, which pays gas.
	Key [32]byte
	// Signer signs for the node's account in place of Key, which is not used then: in calls that
	// take a secret, [sinso.KeptElsewhere] means that account. It is not closed by Close. Nil: Key signs.
	Signer *Signer
	// Start is the first block that can have anything of the contracts: events are not looked for below.
	Start uint64
	// Confirmations are the blocks to wait for on top of a transaction's own. Zero: what
	// the chain's profile says.
	Confirmations uint64
	// Outbox keeps what was signed, so that a crash neither loses nor doubles it. Nil: it
	// is kept until Close, which is right for a chain that ends with the process.
	Outbox Outbox
	// Relay bounds what is carried for people without money for gas. Zero: nothing is.
	Relay RelayLimits
	// Clock is the node's: Now refuses a newest block that is far ahead of it.
	// Nil: any time is believed.
	Clock sinso.Clock
	// Timeout bounds each call, the wait for its transaction included. Zero: two
	// minutes, and more where a chain needs longer until a transaction is final.
	Timeout time.Duration
}

const (
	defaultTimeout = 2 * time.Minute
	// locks is how many accounts can send at the same moment. Buyers have an
	// account for each order, so there is no lock for each account ever seen.
	locks = 64
)

// Chain is a [sinso.Chain]. Its methods may be called concurrently.
type Chain struct {
	rpc           *rpc.Client
	eth           *ethclient.Client
	ownsClient    bool
	node          account
	key           [32]byte
	contracts     sinso.Contracts
	chainID       *big.Int
	profile       Profile
	can           []Capability
	confirmations uint64 // 0: what the profile says
	start         uint64 // no event is below
	clock         sinso.Clock
	timeout       time.Duration
	relay         RelayLimits

	outbox  Outbox
	sending [locks]chan struct{} // held while a nonce is chosen, written down and used
	mu      sync.Mutex           // guards busy, mined, floor and seen
	busy    map[sinso.Hash]chan struct{}
	mined   uint64                    // the newest block that something of ours is in
	floor   map[common.Address]uint64 // nonces below were seen used
	seen    map[sinso.Hash]seenFills  // by order

	identity *bind.Identity
	assets   *bind.Assets
	abis     abis
	book     *book

	placing    sync.RWMutex // of placed
	placed     places
	making     sync.Mutex // held while contracts are made
	ownFactory sinso.Address
	deployed   func(sinso.Deployment) error
}

var (
	_ sinso.Chain = (*Chain)(nil)
	_ sinso.Deeds = (*Chain)(nil)
)

// account is an address and who signs for it.
type account struct {
	signer  signer
	address common.Address
}

func accountOf(secret [32]byte) (account, error) {
	key, err := crypto.ToECDSA(secret[:])
	if err != nil {
		return account{}, fmt.Errorf("chain: the account's secret is zero or not below the group order: %w", sinso.ErrInvalid)
	}
	return account{signer: secretSigner{key}, address: crypto.PubkeyToAddress(key.PublicKey)}, nil
}

// payer returns the account of a secret. The node's own secret means the node's account,
// whoever signs for that.
func (c *Chain) payer(secret [32]byte) (account, error) {
	if secret == c.key {
		return c.node, nil
	}
	return accountOf(secret)
}

// Contracts returns where the contracts stand.
func (c *Chain) Contracts() sinso.Contracts { return c.contracts }

// Close ends the connection, if Open made it.
func (c *Chain) Close() error {
	if c.ownsClient {
		c.rpc.Close()
	}
	return nil
}

func (c *Chain) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.timeout)
}

func txOf(receipt *types.Receipt) sinso.Tx {
	return sinso.Tx{Hash: sinso.Hash(receipt.TxHash), Gas: receipt.GasUsed, Block: receipt.BlockNumber.Uint64()}
}
