package register

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// successionType is what a parent's owner signs, as Assets.sol has it.
const successionType = "Succession(uint256 parent,uint256 child,uint64 until)"

// AsVersion signs an asset anew as a version of a parent; its token stays what it is, for the
// parent is not part of it. secrets are of its payees, in the split's order. ErrCorrupt: they
// are of others.
func AsVersion(contracts sinso.Contracts, asset sinso.Asset, parent sinso.TokenID, secrets ...[32]byte) (sinso.Asset, error) {
	asset.Parent, asset.Signatures = parent, nil
	digest, err := digest(contracts, asset)
	if err != nil {
		return sinso.Asset{}, err
	}
	for _, secret := range secrets {
		signature, err := eip712.Sign(secret, digest)
		if err != nil {
			return sinso.Asset{}, fmt.Errorf("register: %w", err)
		}
		asset.Signatures = append(asset.Signatures, signature)
	}
	if _, err := Check(contracts, asset); err != nil {
		return sinso.Asset{}, err
	}
	return asset, nil
}

// Entering is what [Enter] sends, to be planned: without the signatures, for a plan signs nothing. What is tried
// instead is the creator's own entry, which costs less: by a few thousand gas for each payee more.
func Entering(asset sinso.Asset) sinso.Step {
	return sinso.Step{
		Deed: sinso.Deed{
			Doing: "enter the asset",
			Call:  sinso.Call{Contract: "Assets", Method: "enter", Args: []any{asset.Commitment, asset.Parent, asset.Split, unsigned(len(asset.Split))}},
		},
		Own: &sinso.Call{Contract: "Assets", Method: "enterAsCreator", Args: []any{asset.Commitment, asset.Parent}},
	}
}

// EnteringIdentity is what [EnterIdentity] sends, to be planned.
func EnteringIdentity(owner sinso.Address) sinso.Step {
	call := sinso.Call{Contract: "Identity", Method: "enter", Args: []any{owner, unsigned(1)[0]}}
	return sinso.Step{Deed: sinso.Deed{Doing: "enter the person's identity, once for all their assets", Call: call}}
}

func unsigned(count int) [][]byte {
	const size = 65 // r, s, v
	out := make([][]byte, count)
	for i := range out {
		out[i] = make([]byte, size)
	}
	return out
}

// Successor is the token that a token's owner named to come after it; zero: none.
func Successor(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (next sinso.TokenID, err error) {
	err = desk.Ask(ctx, sinso.Call{Contract: "Assets", Method: "successorOf", Args: []any{token}}, &next)
	return next, err
}

// SuccessionHolds is how long a signed succession can be carried. It is good while its signer owns
// the parent, once.
const SuccessionHolds = 30 * 24 * time.Hour

// SuccessionID names a try to bring the word of a parent for a child to the chain.
func SuccessionID(parent, child sinso.TokenID, try int) sinso.Hash {
	return eip712.Keccak([]byte("sinso/version/v1"), parent[:], child[:], []byte{byte(try)}) //nolint:gosec // one try holds for a month
}

// Succeed drafts the word of a parent's owner, the desk's actor, that child came after it. The
// contract takes one such word for ever: another is ErrExists.
func Succeed(ctx context.Context, desk sinso.Desk, parent, child sinso.TokenID) (sinso.Draft, error) {
	next, err := Successor(ctx, desk, parent)
	if err != nil {
		return sinso.Draft{}, err
	}
	if next != (sinso.TokenID{}) && next != child {
		return sinso.Draft{}, fmt.Errorf("register: token %s was succeeded by %s, and that is for ever: name that one as the parent: %w", parent, next, sinso.ErrExists)
	}
	until := desk.Now().UTC().Add(SuccessionHolds).Truncate(time.Second)
	at, err := desk.At("Assets")
	if err != nil {
		return sinso.Draft{}, err
	}
	structure, err := eip712.Struct(successionType, parent, child, until)
	if err != nil {
		return sinso.Draft{}, fmt.Errorf("register: %w", err)
	}
	signature, err := desk.Sign(eip712.Digest(desk.Domain(at), structure))
	if err != nil {
		return sinso.Draft{}, fmt.Errorf("register: %w", err)
	}
	call := sinso.Call{Contract: "Assets", Method: "succeed", Args: []any{parent, child, until, signature}}
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: "name the version that came after", Call: call}, Skip: next == child}}}, nil
}
