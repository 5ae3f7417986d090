package evm

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/bind"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// EnterIdentity mints the identity token of owner.
func (c *Chain) EnterIdentity(ctx context.Context, owner sinso.Address, signature []byte) (sinso.TokenID, sinso.Tx, error) {
	const doing = "enter an identity"
	if err := checkSignature(doing, signature); err != nil {
		return sinso.TokenID{}, sinso.Tx{}, err
	}
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	token := eip712.IdentityToken(owner)
	to := common.Address(c.contracts.Identity)
	receipt, err := c.once(ctx, work{
		message: message{doing: doing, by: c.node, to: &to, data: c.identity.PackEnter(common.Address(owner), signature)},
		mark: mark{contract: to, topics: []common.Hash{
			c.abis.identity.Events["Transfer"].ID, {}, common.BytesToHash(owner[:]), common.Hash(token),
		}},
		did: func(ctx context.Context) (bool, uint64, error) {
			held, err := read(ctx, c, doing, to, c.identity.PackBalanceOf(common.Address(owner)), c.identity.UnpackBalanceOf)
			return err == nil && held.Sign() > 0, 0, err
		},
	})
	if err != nil {
		return sinso.TokenID{}, sinso.Tx{}, err
	}
	return token, txOf(receipt), nil
}

// EnterAsset mints an asset token to its creator. If it exists already, but as a
// version of another parent, that is ErrDenied.
func (c *Chain) EnterAsset(ctx context.Context, asset sinso.Asset) (sinso.TokenID, sinso.Tx, error) {
	const doing = "enter an asset"
	token, err := checkAsset(doing, asset)
	if err != nil {
		return sinso.TokenID{}, sinso.Tx{}, err
	}
	for _, signature := range asset.Signatures {
		if err := checkSignature(doing, signature); err != nil {
			return sinso.TokenID{}, sinso.Tx{}, err
		}
	}
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	to := common.Address(c.contracts.Assets)
	data := c.assets.PackEnter(asset.Commitment, asset.Parent, shares(asset.Split), asset.Signatures)
	receipt, err := c.once(ctx, work{
		message: message{doing: doing, by: c.node, to: &to, data: data},
		mark: mark{contract: to, topics: []common.Hash{
			c.abis.assets.Events["Entered"].ID, common.Hash(token), common.Hash(asset.Parent),
		}},
		did: func(ctx context.Context) (bool, uint64, error) {
			entered, err := read(ctx, c, doing, to, c.assets.PackEntered(number(token)), c.assets.UnpackEntered)
			return entered, 0, err
		},
	})
	if err != nil {
		return sinso.TokenID{}, sinso.Tx{}, err
	}
	return token, txOf(receipt), nil
}

// checkAsset returns the token that the contract will mint for an asset.
func checkAsset(doing string, asset sinso.Asset) (sinso.TokenID, error) {
	token, err := eip712.TokenID(asset)
	if err != nil {
		return sinso.TokenID{}, fmt.Errorf("chain: %s: %w", doing, err)
	}
	if asset.Split[0].Payee != asset.Creator {
		return sinso.TokenID{}, fmt.Errorf("chain: %s: the creator is not the first payee of the split: %w", doing, sinso.ErrInvalid)
	}
	return token, nil
}

func shares(split []sinso.Share) []bind.Share {
	out := make([]bind.Share, len(split))
	for i, share := range split {
		out[i] = bind.Share{Payee: common.Address(share.Payee), Bps: share.Bps}
	}
	return out
}
