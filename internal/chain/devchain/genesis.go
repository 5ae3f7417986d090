//go:build !nochain

package devchain

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"

	"sinso.dev/sinso"
)

const (
	gasLimit = 60_000_000 // of a block, mainnet's of 2026
	// minBaseFee is where EIP-1559's rule comes to rest below its target: 7/8 of a
	// wei is none. A chain that begins there stays there until blocks fill.
	minBaseFee = 7 // wei
)

// newGenesis returns block 0 with the given balances.
func newGenesis(alloc map[sinso.Address]*big.Int, now uint64) (*core.Genesis, error) {
	accounts := systemContracts()
	for address, wei := range alloc {
		if wei == nil || wei.Sign() < 0 || wei.BitLen() > 256 {
			return nil, fmt.Errorf("devchain: the balance of %s is no amount of wei: %w", address, sinso.ErrInvalid)
		}
		if _, taken := accounts[common.Address(address)]; taken {
			return nil, fmt.Errorf("devchain: %s is a system contract and gets no balance: %w", address, sinso.ErrInvalid)
		}
		accounts[common.Address(address)] = types.Account{Balance: wei}
	}
	return &core.Genesis{
		Config:     rules(),
		Timestamp:  now,
		GasLimit:   gasLimit,
		BaseFee:    big.NewInt(minBaseFee),
		Difficulty: new(big.Int),
		Alloc:      accounts,
	}, nil
}

// rules returns mainnet's rules up to Osaka and its blob parameters, all from
// block 0, and no fork that is not released: go-ethereum's own development
// rules switch Bogota on, and report its gas.
func rules() *params.ChainConfig {
	block0, time0 := new(big.Int), uint64(0)
	return &params.ChainConfig{
		ChainID:        big.NewInt(ChainID),
		HomesteadBlock: block0, EIP150Block: block0, EIP155Block: block0, EIP158Block: block0,
		ByzantiumBlock: block0, ConstantinopleBlock: block0, PetersburgBlock: block0, IstanbulBlock: block0,
		MuirGlacierBlock: block0, BerlinBlock: block0, LondonBlock: block0, ArrowGlacierBlock: block0, GrayGlacierBlock: block0,
		TerminalTotalDifficulty: block0, MergeNetsplitBlock: block0,
		ShanghaiTime: &time0, CancunTime: &time0, PragueTime: &time0, OsakaTime: &time0, BPO1Time: &time0, BPO2Time: &time0,
		BlobScheduleConfig: &params.BlobScheduleConfig{
			Cancun: params.DefaultCancunBlobConfig, Prague: params.DefaultPragueBlobConfig,
			BPO1: params.DefaultBPO1BlobConfig, BPO2: params.DefaultBPO2BlobConfig,
		},
	}
}

// systemContracts are the contracts that the rules call into, and no others: a
// block without them is invalid.
func systemContracts() types.GenesisAlloc {
	contract := func(code []byte) types.Account {
		return types.Account{Nonce: 1, Code: code, Balance: new(big.Int)}
	}
	return types.GenesisAlloc{
		params.BeaconRootsAddress:        contract(params.BeaconRootsCode),        // EIP-4788
		params.HistoryStorageAddress:     contract(params.HistoryStorageCode),     // EIP-2935
		params.WithdrawalQueueAddress:    contract(params.WithdrawalQueueCode),    // EIP-7002
		params.ConsolidationQueueAddress: contract(params.ConsolidationQueueCode), // EIP-7251
	}
}

// readGenesis reads record 0 of a journal.
func readGenesis(record []byte) (*core.Genesis, error) {
	genesis := new(core.Genesis)
	if err := json.Unmarshal(record, genesis); err != nil {
		return nil, fmt.Errorf("devchain: the journal's genesis: %w: %w", err, sinso.ErrCorrupt)
	}
	return genesis, nil
}
