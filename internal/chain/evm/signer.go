package evm

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// signer signs for one account.
type signer interface {
	sign(ctx context.Context, chain *big.Int, tx *types.Transaction) (*types.Transaction, error)
}

// Signer signs for the node's account in place of its secret.
type Signer struct {
	Address sinso.Address
	signer  signer
}

// secretSigner has the secret here.
type secretSigner struct{ key *ecdsa.PrivateKey }

func (s secretSigner) sign(_ context.Context, chain *big.Int, tx *types.Transaction) (*types.Transaction, error) {
	return types.SignTx(tx, types.NewLondonSigner(chain), s.key)
}

// signed has an account's signer sign a transaction, and checks that it signed that
// one and no other: a signer may be another program.
func (c *Chain) signed(ctx context.Context, m message, draft types.TxData) (*types.Transaction, error) {
	if m.by.signer == nil {
		return nil, fmt.Errorf("chain: %s: the secret of this account comes with its owner's next call: %w", m.doing, sinso.ErrUnavailable)
	}
	want := types.NewTx(draft)
	london := types.NewLondonSigner(c.chainID)
	tx, err := m.by.signer.sign(ctx, c.chainID, want)
	if err != nil {
		return nil, fmt.Errorf("chain: %s: sign: %w", m.doing, err)
	}
	if from, err := types.Sender(london, tx); err != nil || from != m.by.address || london.Hash(tx) != london.Hash(want) {
		return nil, fmt.Errorf("chain: %s: the signer signed another transaction, or for another account; nothing was sent: %w", m.doing, sinso.ErrCorrupt)
	}
	return tx, nil
}
