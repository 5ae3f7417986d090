package act

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

// PermitType is what an asset's owner signs so that another may move the asset (ERC-4494), as Assets.sol has it.
const PermitType = "Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)"

// Permit is leave to move an asset: for whom, and the last moment to tell the contract of it.
type Permit struct {
	Spender sinso.Address
	Token   sinso.TokenID
	Until   time.Time
}

// Text is what is signed. The contract counts the permits of an asset: any other that it was told of since, and any
// move of the asset, ends this one.
func (p Permit) Text(ctx context.Context, desk sinso.Desk) (sinso.Text, error) {
	at, err := desk.At("Assets")
	if err != nil {
		return sinso.Text{}, err
	}
	var nonce sinso.Hash
	err = desk.Ask(ctx, assets("nonces", p.Token), &nonce)
	return sinso.Text{At: at, Type: PermitType, Members: []any{p.Spender, p.Token, nonce, p.Until}}, err
}

// Given reports whether the contract was told already.
func (p Permit) Given(ctx context.Context, desk sinso.Desk) (bool, error) {
	var may sinso.Address
	err := desk.Ask(ctx, assets("getApproved", p.Token), &may)
	return may == p.Spender, err
}

// Call tells the contract of it.
func (p Permit) Call(signature []byte) sinso.Call {
	return assets("permit", p.Spender, p.Token, p.Until, signature)
}

// Step is the step by which it is told, if it was not yet, signed by who acts.
func (p Permit) Step(ctx context.Context, desk sinso.Desk, doing string) (sinso.Step, error) {
	if given, err := p.Given(ctx, desk); err != nil || given {
		return sinso.Step{Skip: given}, err
	}
	text, err := p.Text(ctx, desk)
	if err != nil {
		return sinso.Step{}, err
	}
	signature, err := desk.SignText(ctx, text)
	approve := assets("approve", p.Spender, p.Token)
	return sinso.Step{Own: &approve, Deed: sinso.Deed{Doing: doing, Call: p.Call(signature)}}, err
}

// OwnerOf is who owns an asset now.
func OwnerOf(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (owner sinso.Address, err error) {
	return owner, desk.Ask(ctx, assets("ownerOf", token), &owner)
}

// Owned is ErrDenied if the asset is not who acts' own now.
func Owned(ctx context.Context, desk sinso.Desk, token sinso.TokenID) error {
	owner, err := OwnerOf(ctx, desk, token)
	if err == nil && owner != desk.Actor() {
		err = fmt.Errorf("act: the asset is not its first owner's now: it was sold, or is staked or locked elsewhere: %w", sinso.ErrDenied)
	}
	return err
}

func assets(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Assets", Method: method, Args: args}
}
