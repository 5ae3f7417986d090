package evm

import (
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
)

// Profile is what is known of a chain before it is asked anything. What nobody
// documents is set so that waiting is longer and money is spent slower, never the
// other way.
type Profile struct {
	ChainID uint64 `json:"chainId"` // 0: of any other chain
	Name    string `json:"name"`
	Coin    string `json:"coin"` // symbol of the money that gas is paid in; 18 decimals
	// BlockTime is how long a block takes, on the average.
	BlockTime time.Duration `json:"blockTimeNanoseconds"`
	// Confirmations are the blocks on top of a transaction's own after which it is taken
	// for final, where AwaitFinal is not set or the endpoint does not know the tag.
	Confirmations uint64 `json:"confirmations"`
	// AwaitFinal has calls wait until the block that the endpoint tags "finalized" has
	// reached the transaction's own.
	AwaitFinal bool `json:"awaitFinal"`
	// Legacy pays by a gas price, though blocks have a base fee (EIP-1559).
	Legacy bool `json:"legacy"`
	// Margin is the gas given on top of what the endpoint estimates, in percent.
	Margin uint64 `json:"marginPercent"`
	// GasTries is how often a transaction that ran out of gas is sent again with more.
	GasTries int `json:"gasTries"`
	// MaxGas is the most gas that one transaction may have.
	MaxGas uint64 `json:"maxGas"`
	// BumpBlocks is after how many blocks a transaction that is in none pays more.
	BumpBlocks uint64 `json:"bumpBlocks"`
	// LogRange is how many blocks are searched for events at once, to begin with.
	LogRange uint64 `json:"logRange"`
}

// maxGas is the most gas that one transaction may have (EIP-7825).
const maxGas = 1 << 24

// generic is the profile of a chain that is not in the list: twelve blocks are the
// depth at which Ethereum's clients of proof-of-work days took a block for final, and
// the time of a block is that of Ethereum.
func generic() Profile {
	return Profile{
		Name: "generic", Coin: "", BlockTime: 12 * time.Second, Confirmations: 12,
		Margin: 20, GasTries: 1, MaxGas: maxGas, BumpBlocks: 6, LogRange: pageBlocks,
	}
}

// devID is the chain ID of the embedded chain: "SINSO" in ASCII.
const devID = 0x53494e534f

// profiles are those chains that SINSO is meant for.
//
// Astar, Shiden, Shibuya: 6 seconds a block and an eth_estimateGas that is wrong both
// ways (DESIGN.md §6, quoted there); they finalize by their relay chain, and
// Hyperlane's registry of chains follows the tag "finalized" on Astar. How deep they
// reorganize before is not documented: 30 blocks where the tag is not known.
//
// Soneium: an OP stack of 2 seconds a block (alchemy.com/rpc/soneium); Hyperlane's
// registry takes 5 blocks for final. Its tag "finalized" waits for Ethereum, a quarter of
// an hour, so calls do not.
//
// Filecoin: an epoch has 30 seconds, and 900 epochs are final by expected consensus; F3
// makes it tens of seconds (FIP-0086), and Lotus from 1.34 on tells of it by the tag
// "finalized". A block has 10^10 gas (Lotus, build/buildconstants), what is given far
// above what is used is burned for a part (docs.filecoin.io, "How gas works"), and 2,880 epochs
// of events are searched at once (Lotus, Fevm.Events.MaxFilterHeightRange).
func profiles() []Profile {
	astar := Profile{
		BlockTime: 6 * time.Second, Confirmations: 30, AwaitFinal: true,
		Margin: 50, GasTries: 2, MaxGas: maxGas, BumpBlocks: 5, LogRange: pageBlocks,
	}
	filecoin := Profile{
		BlockTime: 30 * time.Second, Confirmations: 900, AwaitFinal: true,
		Margin: 10, GasTries: 2, MaxGas: 10_000_000_000, BumpBlocks: 5, LogRange: pageBlocks,
	}
	dev := Profile{BlockTime: time.Second, Margin: 20, GasTries: 1, MaxGas: maxGas, BumpBlocks: 30, LogRange: pageBlocks}
	soneium := Profile{
		BlockTime: 2 * time.Second, Confirmations: 5,
		Margin: 20, GasTries: 1, MaxGas: maxGas, BumpBlocks: 15, LogRange: pageBlocks,
	}
	return []Profile{
		named(astar, 592, "Astar", "ASTR"),
		named(astar, 336, "Shiden", "SDN"),
		named(astar, 81, "Shibuya", "SBY"),
		named(soneium, 1868, "Soneium", "ETH"),
		named(filecoin, 314, "Filecoin", "FIL"),
		named(filecoin, 314159, "Filecoin Calibration", "tFIL"),
		named(dev, devID, "embedded", "DEV"),
		named(dev, 31337, "development chain", "ETH"), // Foundry's Anvil and Hardhat, unless told otherwise
	}
}

func named(p Profile, id uint64, name, coin string) Profile {
	p.ChainID, p.Name, p.Coin = id, name, coin
	return p
}

// profileOf returns the profile of a chain.
func profileOf(id uint64) Profile {
	all := profiles()
	if i := slices.IndexFunc(all, func(p Profile) bool { return p.ChainID == id }); i >= 0 {
		return all[i]
	}
	return named(generic(), id, "generic", "")
}

// patience is how long a call may take at the least, so that what it sent can become
// final: half as long again as that takes by the profile, and no more than half an hour.
func (p Profile) patience() time.Duration {
	blocks := p.Confirmations
	if p.AwaitFinal {
		blocks = min(blocks, 30)
	}
	final := time.Duration(min(blocks, 1<<20)) * p.BlockTime
	return min(defaultTimeout+final*3/2, 30*time.Minute)
}

// Profile returns what is known of this chain.
func (c *Chain) Profile() Profile { return c.profile }

// Capability is something that a chain can do, and that not all contracts need.
type Capability string

// Governance is what the contracts of the community need besides what all need: MCOPY
// (EIP-5656, Cancun), which the compiler writes for them.
const Governance Capability = "governance"

// Can says whether the chain can run what needs a capability: ErrUnsupported, in a
// sentence, if it cannot.
func (c *Chain) Can(what Capability) error {
	if slices.Contains(c.can, what) {
		return nil
	}
	return fmt.Errorf("chain: chain %d does not run MCOPY (Cancun), which %s needs; all else works: %w",
		c.contracts.ChainID, what, sinso.ErrUnsupported)
}
