package evm

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
)

// signer signs for one account.
type signer interface {
	// doing says for people what the transaction is for.
	sign(ctx context.Context, doing string, chain *big.Int, tx *types.Transaction) (*types.Transaction, error)
}

// secretSigner has the secret here.
type secretSigner struct{ key *ecdsa.PrivateKey }

func (s secretSigner) sign(_ context.Context, _ string, chain *big.Int, tx *types.Transaction) (*types.Transaction, error) {
	return types.SignTx(tx, types.NewLondonSigner(chain), s.key)
}

// signed has an account's signer sign a transaction, and checks that it signed that
// one and no other: a signer may be another program.
func (c *Chain) signed(ctx context.Context, m message, draft types.TxData) (*types.Transaction, error) {
	if m.by.signer == nil {
		return nil, fmt.Errorf("chain: %s: the secret of this account comes with its owner's next call: %w", m.doing, sinso.ErrUnavailable)
	}
	want := types.NewTx(draft)
	tx, err := m.by.signer.sign(ctx, m.doing, c.chainID, want)
	if err != nil {
		return nil, fmt.Errorf("chain: %s: sign: %w", m.doing, err)
	}
	if !same(c.chainID, want, tx, m.by.address) {
		return nil, fmt.Errorf("chain: %s: sign: %w", m.doing, errForged)
	}
	return tx, nil
}

// maxScrypt bounds the memory that a keystore may have its passphrase stretched with, in
// bytes: twice what go-ethereum's own take.
const maxScrypt = 512 << 20

// Keystore opens an encrypted key: JSON of go-ethereum's keystore, version 3 (Web3 Secret
// Storage). ErrDenied: it is another passphrase.
func Keystore(file, passphrase []byte) (secret [32]byte, err error) {
	var asks struct {
		Version int `json:"version"`
		Crypto  struct {
			Params struct {
				N uint64 `json:"n"`
				R uint64 `json:"r"`
				P uint64 `json:"p"`
				C uint64 `json:"c"`
			} `json:"kdfparams"`
		} `json:"crypto"`
	}
	if err := json.Unmarshal(file, &asks); err != nil || asks.Version != 3 {
		return secret, fmt.Errorf("chain: the account's file is no keystore of version 3: %w", sinso.ErrInvalid)
	}
	k := asks.Crypto.Params
	if k.N > maxScrypt || k.R > 64 || k.P > 16 || 128*k.N*k.R > maxScrypt || k.C > 10_000_000 {
		return secret, fmt.Errorf("chain: the account's keystore asks for more memory or time than is given to one: %w", sinso.ErrUnsupported)
	}
	key, err := keystore.DecryptKey(file, string(passphrase))
	if errors.Is(err, keystore.ErrDecrypt) {
		return secret, fmt.Errorf("chain: the passphrase does not open the account's keystore: %w", sinso.ErrDenied)
	}
	if err != nil {
		return secret, fmt.Errorf("chain: the account's keystore cannot be read: %w", sinso.ErrInvalid)
	}
	return [32]byte(crypto.FromECDSA(key.PrivateKey)), nil
}
