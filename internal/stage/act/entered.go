package act

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Entered is what an asset was entered with, whichever way: its creator, commitment, split and parent, of which its
// token is the hash. What the payees signed is in no event. ErrNotFound: no such asset was entered.
func Entered(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (sinso.Asset, error) {
	asset, err := told(ctx, desk, token)
	if err == nil && len(asset.Split) == 0 { // its creator has the whole
		asset.Creator, err = minted(ctx, desk, token)
		asset.Split = []sinso.Share{{Payee: asset.Creator, Bps: 10_000}}
	}
	if err != nil {
		return sinso.Asset{}, err
	}
	asset.Creator = asset.Split[0].Payee
	if made, err := eip712.TokenID(asset); err != nil || made != token {
		return sinso.Asset{}, fmt.Errorf("act: what the chain's endpoint tells of the asset is not what its token was made of; nothing was sent: %w", sinso.ErrCorrupt)
	}
	return asset, nil
}

// Origin is what an asset's token is made of: IExchange's Origin.
type Origin struct {
	ContentCommitment sinso.Hash
	Creator           sinso.Address
	SplitHash         sinso.Hash
}

// OriginOf reads what an asset was entered with.
func OriginOf(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (Origin, error) {
	asset, err := Entered(ctx, desk, token)
	if err != nil {
		return Origin{}, err
	}
	hash, err := eip712.SplitHash(asset.Split)
	return Origin{asset.Commitment, asset.Creator, hash}, err
}

// told is an asset as the event says it that entered it: the split is empty if its creator is the only payee.
func told(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (sinso.Asset, error) {
	for _, name := range []string{"Entered", "EnteredSingle"} { // the latter has no parent either
		var event struct {
			Parent, ContentCommitment sinso.Hash
			Split                     []sinso.Share
		}
		there, err := only(ctx, desk, name, []sinso.Hash{token}, &event)
		if err != nil || there {
			return sinso.Asset{Commitment: event.ContentCommitment, Parent: event.Parent, Split: event.Split}, err
		}
	}
	return sinso.Asset{}, fmt.Errorf("act: no such asset was entered here: %w", sinso.ErrNotFound)
}

// minted is whom a token was minted to: its creator.
func minted(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (sinso.Address, error) {
	var event struct{ To sinso.Address }
	there, err := only(ctx, desk, "Transfer", []sinso.Hash{{}, sinso.AnyAddress(), token}, &event)
	if err == nil && !there {
		err = fmt.Errorf("act: the chain's endpoint tells that the asset was entered, and not by whom; nothing was sent: %w", sinso.ErrCorrupt)
	}
	return event.To, err
}

// only reads an event of Assets that there is once at most.
func only(ctx context.Context, desk sinso.Desk, name string, topics []sinso.Hash, into any) (there bool, err error) {
	err = desk.Each(ctx, "Assets", sinso.Address{}, name, topics, func(event sinso.ChainEvent) (bool, error) {
		there = true
		return false, desk.Told("Assets", event, into)
	})
	return there, err
}
