// Package stake has the acts of staking: a company's pool, the agreement that two sides
// sign, the stake and the way out of it, and the dividends.
package stake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Acts returns the acts of this package.
func Acts() []sinso.Act {
	acts := pools()
	acts = append(acts, stakes()...)
	return append(acts, dividends()...)
}

// Terms are what both sides agree to: IStaking's Stake.
type Terms struct {
	Pool    sinso.Hash    `json:"pool"`
	Staker  sinso.Address `json:"staker"`
	TokenID sinso.TokenID `json:"token"`
	Weight  uint64        `json:"weight"`
	EndsAt  time.Time     `json:"endsAt"` // last moment to stake by it; whole seconds
	Salt    sinso.Hash    `json:"salt"`
}

// Agreement is what a company signed and hands to the owner of a token.
type Agreement struct {
	Terms
	Signature string `json:"signature"` // of the company: 65 bytes, hex with 0x
}

const (
	stakeType  = "Stake(bytes32 pool,address staker,uint256 tokenId,uint64 weight,uint64 endsAt,bytes32 salt)"
	unbondType = "Unbond(bytes32 stakeHash)"
)

// text is what both sides sign. at is where Staking stands.
func (t Terms) text(at sinso.Address) sinso.Text {
	return sinso.Text{At: at, Type: stakeType, Members: []any{t.Pool, t.Staker, t.TokenID, t.Weight, t.EndsAt, t.Salt}}
}

// hash is the name of a stake, and the digest of its text.
func (t Terms) hash(domain sinso.Hash) (sinso.Hash, error) {
	hash, err := eip712.TextDigest(domain, t.text(sinso.Address{})) // where it stands is in the domain
	if err != nil {
		return sinso.Hash{}, fmt.Errorf("stake: %w", err)
	}
	return hash, nil
}

// readAgreement reads an agreement that somebody else wrote. Nothing of it is believed yet but its form.
func readAgreement(text string) (a Agreement, signature []byte, err error) {
	form := json.NewDecoder(bytes.NewReader([]byte(text)))
	form.DisallowUnknownFields()
	if err := form.Decode(&a); err != nil {
		return a, nil, fmt.Errorf("stake: the agreement is not what stake agree prints; ask the company for it again: %w", sinso.ErrInvalid)
	}
	if _, err := form.Token(); !errors.Is(err, io.EOF) {
		return a, nil, fmt.Errorf("stake: something follows the agreement; give it alone: %w", sinso.ErrInvalid)
	}
	read, err := sinso.Param{Name: "signature", Kind: sinso.KindBytes}.Read(a.Signature)
	if err != nil {
		return a, nil, fmt.Errorf("stake: the agreement: %w", err)
	}
	signature, _ = read.([]byte)
	if a.EndsAt.Unix() < 0 || a.EndsAt.Nanosecond() != 0 {
		return a, nil, fmt.Errorf("stake: the agreement ends at no whole second since 1970: %w", sinso.ErrInvalid)
	}
	return a, signature, nil
}

// Pool is a pool as it stands.
type Pool struct {
	Pool             sinso.Hash    `json:"pool"`
	Company          sinso.Address `json:"company"`
	Currency         sinso.Address `json:"currency"` // zero: the chain's own money; else an ERC-20
	Tokens           sinso.Address `json:"tokens"`   // contract whose tokens it takes
	UnbondingSeconds uint64        `json:"unbondingSeconds"`
	StreamSeconds    uint64        `json:"streamSeconds"`
	WeightCap        uint64        `json:"weightCap"`
	Weight           uint64        `json:"weight"`          // all that stands
	Left             sinso.Wei     `json:"leftWei"`         // was deposited and has not flowed yet
	EndsAt           time.Time     `json:"endsAt,omitzero"` // when it will have
}

func poolOf(ctx context.Context, desk sinso.Desk, id sinso.Hash) (Pool, error) {
	p := Pool{Pool: id}
	if err := desk.Ask(ctx, staking("poolOf", id), &p); err != nil {
		return p, err
	}
	if p.Company == (sinso.Address{}) {
		return p, fmt.Errorf("stake: there is no pool %s: %w", id, sinso.ErrNotFound)
	}
	return p, nil
}

// ofAssets refuses a pool that takes the tokens of another contract: this node could not say
// whose they are.
func ofAssets(desk sinso.Desk, p Pool) error {
	assets, err := desk.At("Assets")
	if err != nil {
		return err
	}
	if p.Tokens != assets {
		return fmt.Errorf("stake: the pool takes tokens of another contract than SINSO's assets: %w", sinso.ErrUnsupported)
	}
	return nil
}

// paid has a draft's call of Staking take an amount in the pool's currency.
func paid(ctx context.Context, desk sinso.Desk, p Pool, amount sinso.Wei, draft sinso.Draft) (sinso.Draft, error) {
	err := draft.Pay(ctx, desk, p.Currency, amount)
	return draft, err
}

func staking(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Staking", Method: method, Args: args}
}

func assets(method string, args ...any) sinso.Call {
	return sinso.Call{Contract: "Assets", Method: method, Args: args}
}

// one is a draft of one call of Staking.
func one(doing string, method string, args ...any) sinso.Draft {
	return sinso.Draft{Steps: []sinso.Step{{Deed: sinso.Deed{Doing: doing, Call: staking(method, args...)}}}}
}

func inPool() sinso.Param {
	return sinso.Param{Name: "pool", Kind: sinso.KindHash, Needed: true, Help: "which pool"}
}
