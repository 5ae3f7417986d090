// Package register makes the tokens: the identity token of a person and the
// asset token of a release, with the split that everybody named in it signed.
//
// It decides and signs; a [sinso.Chain] carries. Nothing that it hands to a
// chain identifies a person, and no address is used for two assets.
package register

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// wholeBps is the whole of a split: 10,000 basis points.
const wholeBps = 10_000

// Party is one who is named in a split and signs it.
type Party struct {
	Secret [32]byte // of the account that is paid
	Bps    uint16
}

// Account returns the address of the account with the given secret.
func Account(secret [32]byte) (sinso.Address, error) {
	account, err := eip712.Address(secret)
	if err != nil {
		return account, fmt.Errorf("register: account: %w", err)
	}
	return account, nil
}

// EnterIdentity registers the identity token of the account with the given
// secret; the node's account pays the gas.
func EnterIdentity(ctx context.Context, chain sinso.Chain, secret [32]byte) (sinso.IdentityRegistered, error) {
	owner, err := eip712.Address(secret)
	if err != nil {
		return sinso.IdentityRegistered{}, fmt.Errorf("register: identity: %w", err)
	}
	contracts := chain.Contracts()
	domain := eip712.Domain(contracts.Identity, contracts.ChainID)
	signature, err := eip712.Sign(secret, eip712.EntryDigest(domain, owner))
	if err != nil {
		return sinso.IdentityRegistered{}, fmt.Errorf("register: identity: %w", err)
	}
	token, tx, err := chain.EnterIdentity(ctx, owner, signature)
	if err != nil {
		return sinso.IdentityRegistered{}, fmt.Errorf("register: identity: %w", err)
	}
	if token != eip712.IdentityToken(owner) {
		return sinso.IdentityRegistered{}, fmt.Errorf("register: identity: the chain names another token than this account's: %w", sinso.ErrCorrupt)
	}
	return sinso.IdentityRegistered{Token: token, Owner: owner, Tx: tx.Hash, Gas: tx.Gas}, nil
}

// Compose makes the asset of a commitment: creator first, with what the others
// leave, and everybody's signature. Objective data is the patient's alone: a
// party is there only for a work of their own in the release (S43).
func Compose(contracts sinso.Contracts, commitment sinso.Hash, creator [32]byte, others ...Party) (sinso.Asset, error) {
	left := wholeBps
	for _, party := range others {
		left -= int(party.Bps)
	}
	if left <= 0 || len(others)+1 > sinso.MaxShares {
		return sinso.Asset{}, fmt.Errorf("register: a split must leave the patient a share and name at most %d: %w", sinso.MaxShares, sinso.ErrInvalid)
	}
	parties := append([]Party{{creator, uint16(left)}}, others...)
	asset := sinso.Asset{Commitment: commitment}
	for _, party := range parties {
		payee, err := eip712.Address(party.Secret)
		if err != nil {
			return sinso.Asset{}, fmt.Errorf("register: %w", err)
		}
		asset.Split = append(asset.Split, sinso.Share{Payee: payee, Bps: party.Bps})
	}
	asset.Creator = asset.Split[0].Payee
	digest, err := digest(contracts, asset)
	if err != nil {
		return sinso.Asset{}, err
	}
	for _, party := range parties {
		signature, err := eip712.Sign(party.Secret, digest)
		if err != nil {
			return sinso.Asset{}, fmt.Errorf("register: %w", err)
		}
		asset.Signatures = append(asset.Signatures, signature)
	}
	return asset, nil
}

func digest(contracts sinso.Contracts, asset sinso.Asset) (sinso.Hash, error) {
	digest, err := eip712.AssetDigest(eip712.Domain(contracts.Assets, contracts.ChainID), asset)
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("register: %w", err)
	}
	return digest, nil
}

// Check verifies that everybody named in an asset's split signed it, and returns
// its token ID. It asks no chain.
func Check(contracts sinso.Contracts, asset sinso.Asset) (sinso.TokenID, error) {
	digest, err := digest(contracts, asset)
	if err != nil {
		return sinso.TokenID{}, err
	}
	if len(asset.Split) == 0 || len(asset.Signatures) != len(asset.Split) || asset.Creator != asset.Split[0].Payee {
		return sinso.TokenID{}, fmt.Errorf("register: the split and its signatures do not fit together: %w", sinso.ErrInvalid)
	}
	for i, share := range asset.Split {
		signer, err := eip712.Recover(digest, asset.Signatures[i])
		if err != nil || signer != share.Payee {
			return sinso.TokenID{}, fmt.Errorf("register: payee %d of the split did not sign it: %w", i+1, sinso.ErrCorrupt)
		}
	}
	token, err := eip712.TokenID(asset)
	if err != nil {
		return sinso.TokenID{}, fmt.Errorf("register: %w", err)
	}
	return token, nil
}

// Enter mints the asset's token to its creator; the node's account pays the gas,
// and does so for nothing that Check refuses.
func Enter(ctx context.Context, chain sinso.Chain, release sinso.ReleaseID, asset sinso.Asset) (sinso.AssetRegistered, error) {
	want, err := Check(chain.Contracts(), asset)
	if err != nil {
		return sinso.AssetRegistered{}, fmt.Errorf("register: asset of %s: %w", release, err)
	}
	token, tx, err := chain.EnterAsset(ctx, asset)
	if err != nil {
		return sinso.AssetRegistered{}, fmt.Errorf("register: asset of %s: %w", release, err)
	}
	if token != want {
		return sinso.AssetRegistered{}, fmt.Errorf("register: asset of %s: the chain names another token than this asset's: %w", release, sinso.ErrCorrupt)
	}
	return sinso.AssetRegistered{Release: release, Token: token, Tx: tx.Hash, Gas: tx.Gas}, nil
}
