// Package fraction has the acts of fractions: an asset that many own, its dividends, and the offer for
// all of it.
package fraction

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	return append(vaults(), buyouts()...)
}

// Terms are what a vault is for good: IFractions' FractionTerms.
type Terms struct {
	Supply   uint32        `json:"supply"`
	Currency sinso.Address `json:"currency"` // zero: the chain's own money
	Steward  sinso.Address `json:"steward"`  // the first
	Salt     sinso.Hash    `json:"salt"`
}

// encoded are the terms as the contract takes them with the asset: four words.
func (t Terms) encoded() []byte {
	const word = 32
	out := make([]byte, 4*word)
	binary.BigEndian.PutUint32(out[word-4:], t.Supply)
	copy(out[2*word-len(t.Currency):], t.Currency[:])
	copy(out[3*word-len(t.Steward):], t.Steward[:])
	copy(out[3*word:], t.Salt[:])
	return out
}

// vault is where an asset is locked, as the contract told it that made it.
type vault struct {
	At      sinso.Address `abi:"fraction"`
	TokenID sinso.TokenID
	Owner   sinso.Address // who put the asset in
	Terms   Terms
}

// find returns the newest vault that is wanted. What is not told of by Fractions is no vault,
// whatever it says.
func find(ctx context.Context, desk sinso.Desk, topics []sinso.Hash, wanted func(vault) bool) (found vault, err error) {
	err = desk.Each(ctx, "Fractions", sinso.Address{}, "Fractionalised", topics, func(event sinso.ChainEvent) (bool, error) {
		var v vault
		err := desk.Told("Fractions", event, &v)
		if err != nil || !wanted(v) {
			return true, err
		}
		found = v
		return false, nil
	})
	if err == nil && found.At == (sinso.Address{}) {
		err = fmt.Errorf("fraction: there is no such vault: %w", sinso.ErrNotFound)
	}
	return found, err
}

func named(ctx context.Context, desk sinso.Desk, given sinso.Given) (vault, error) {
	at := sinso.Of[sinso.Address](given, "fraction")
	return find(ctx, desk, nil, func(v vault) bool { return v.At == at })
}

// own is the newest vault into which its owner put the asset.
func own(ctx context.Context, desk sinso.Desk, given sinso.Given) (vault, error) {
	token := sinso.Of[sinso.TokenID](given, "token")
	return find(ctx, desk, []sinso.Hash{token}, func(v vault) bool { return v.Owner == desk.Actor() })
}

func (v vault) call(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Fraction", At: v.At, Method: method, Args: args}
}

func (v vault) one(doing string, method string, args ...any) sinso.Draft {
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: doing, Call: v.call(method, args...)}}}}
}

// self is a draft of one call by a holder, whom the contract knows only as the sender.
func (v vault) self(doing, method string, args ...any) sinso.Draft {
	draft := v.one(doing, method, args...)
	draft.Steps[0].Self = true
	return draft
}

// paid has a draft's call of the vault take an amount in its currency.
func (v vault) paid(ctx context.Context, desk sinso.Desk, amount sinso.Wei, draft sinso.Draft) (sinso.Draft, error) {
	err := draft.Pay(ctx, desk, v.Terms.Currency, amount)
	return draft, err
}

func assets(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Assets", Method: method, Args: args}
}

// split puts an asset into a vault in two steps that the node carries: the owner's permit for
// the node's account, and the transfer with the terms.
func split(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	token, supply := sinso.Of[sinso.TokenID](given, "token"), sinso.Of[uint64](given, "supply")
	if supply == 0 || supply > math.MaxUint32 {
		return sinso.Draft{}, fmt.Errorf("fraction: there are 1 to %d fractions: %w", uint32(math.MaxUint32), sinso.ErrInvalid)
	}
	terms := Terms{Supply: uint32(supply), Currency: sinso.Of[sinso.Address](given, "currency"), Steward: sinso.Of[sinso.Address](given, "steward"), Salt: sinso.Of[sinso.Hash](given, "salt")}
	if terms.Steward == (sinso.Address{}) {
		terms.Steward = desk.Actor()
	}
	v := vault{TokenID: token, Owner: desk.Actor(), Terms: terms}
	if err := desk.Ask(ctx, sinso.Call{Contract: "Fractions", Method: "fractionOf", Args: []any{token, terms}}, &v.At); err != nil {
		return sinso.Draft{}, err
	}
	at, err := desk.At("Fractions")
	if err != nil {
		return sinso.Draft{}, err
	}
	permit, err := permitted(ctx, desk, v, sinso.Of[time.Time](given, "until"))
	if err != nil {
		return sinso.Draft{}, err
	}
	// The interface's second function of this name, which takes data.
	lock := sinso.Step{Deed: sinso.Deed{
		Doing: "put the asset into its vault", Call: assets("safeTransferFrom0", desk.Actor(), at, token, terms.encoded()),
	}}
	return sinso.Draft{
		Steps: []sinso.Step{permit, lock},
		Result: func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) {
			return shown(ctx, desk, v, desk.Actor())
		},
	}, nil
}

// permitted is the step by which the node's account may send the asset (ERC-4494), if it may not yet and
// the asset is not in the vault already.
func permitted(ctx context.Context, desk sinso.Desk, v vault, until time.Time) (sinso.Step, error) {
	owner, err := act.OwnerOf(ctx, desk, v.TokenID)
	if err != nil || owner == v.At {
		return sinso.Step{Skip: owner == v.At}, err
	}
	if err := act.Owned(ctx, desk, v.TokenID); err != nil {
		return sinso.Step{}, err
	}
	return act.Permit{Spender: desk.Sender(), Token: v.TokenID, Until: until}.Step(ctx, desk, "let the node send the asset")
}
