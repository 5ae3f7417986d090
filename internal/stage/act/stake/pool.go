package stake

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"sinso.dev/sinso"
)

func pools() []sinso.Act {
	return []sinso.Act{
		{
			Noun: "stake", Verb: "open", Short: "As a company, open a pool that assets are staked in",
			Long: "What is named here can never change: who stakes relies on it. This account is the pool's company.",
			Params: []sinso.Param{
				{Name: "unbonding", Kind: sinso.KindSpan, Needed: true, Help: "from asking a token back to taking it: 1h to 90d"},
				{Name: "stream", Kind: sinso.KindSpan, Needed: true, Help: "how long a deposit flows to those who stand: 1d to 180d"},
				{Name: "cap", Kind: sinso.KindNumber, Needed: true, Help: "all weight together is never more"},
				{Name: "terms", Kind: sinso.KindHash, Needed: true, Help: "salted hash of the text that says what may be done with the data"},
				{Name: "currency", Kind: sinso.KindAddress, Help: "an ERC-20 that dividends are paid in (default: the chain's own money)"},
			},
			Draft: open,
		},
		{
			Noun: "stake", Verb: "agree", Short: "As a company, sign what a token is to count in a pool of this account",
			Long: "What is printed goes to the owner of the token, who stakes by it. Nothing is sent to the chain.",
			Params: []sinso.Param{
				inPool(),
				{Name: "token", Kind: sinso.KindHash, Needed: true, Help: "the asset; who owns it now may stake it"},
				{Name: "weight", Kind: sinso.KindNumber, Needed: true, Help: "how much it counts: at least 1"},
				{Name: "until", Kind: sinso.KindTime, Needed: true, Help: "last moment to stake by this"},
			},
			Ask: agree, Signs: "Stake",
		},
		{
			Noun: "stake", Verb: "pools", Short: "The pools that were opened last, at most 64, the newest last",
			Params: []sinso.Param{{Name: "company", Kind: sinso.KindAddress, Help: "only those of this company"}, sinso.Before(sinso.KindHash)},
			Ask:    listPools,
		},
	}
}

func open(_ context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	at, err := desk.At("Assets")
	if err != nil {
		return sinso.Draft{}, err
	}
	draft := one("open a pool", "open", struct {
		Currency, Tokens sinso.Address
		Unbonding        time.Duration `abi:"unbondingSeconds"`
		Stream           time.Duration `abi:"streamSeconds"`
		WeightCap        uint64
		TermsHash        sinso.Hash
	}{
		sinso.Of[sinso.Address](given, "currency"), at,
		sinso.Of[time.Duration](given, "unbonding"), sinso.Of[time.Duration](given, "stream"),
		sinso.Of[uint64](given, "cap"), sinso.Of[sinso.Hash](given, "terms"),
	})
	draft.Result = func(_ context.Context, desk sinso.Desk, done []sinso.Done) (any, error) {
		for _, event := range done[0].Events {
			if event.Name == "Opened" {
				var opened struct {
					Pool sinso.Hash `json:"pool"`
				}
				err := desk.Told("Staking", event, &opened)
				return opened, err
			}
		}
		return nil, fmt.Errorf("stake: the transaction opened no pool: %w", sinso.ErrCorrupt)
	}
	return draft, nil
}

// agree signs for the company. The contract would refuse what is checked here, but only
// after the owner of the token was told that all is well.
func agree(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	p, err := poolOf(ctx, desk, sinso.Of[sinso.Hash](given, "pool"))
	if err != nil {
		return nil, err
	}
	if p.Company != desk.Actor() {
		return nil, fmt.Errorf("stake: the pool is not this account's: only its company agrees for it: %w", sinso.ErrDenied)
	}
	if err := ofAssets(desk, p); err != nil {
		return nil, err
	}
	terms := Terms{
		Pool: p.Pool, TokenID: sinso.Of[sinso.TokenID](given, "token"),
		Weight: sinso.Of[uint64](given, "weight"), EndsAt: sinso.Of[time.Time](given, "until").UTC(),
	}
	if !terms.EndsAt.After(desk.Now()) {
		return nil, fmt.Errorf("stake: the agreement would have ended already: %w", sinso.ErrInvalid)
	}
	if terms.Weight == 0 || terms.Weight > p.WeightCap-p.Weight {
		return nil, fmt.Errorf("stake: the weight must be from 1 to %d, which is what the pool has room for: %w", p.WeightCap-p.Weight, sinso.ErrInvalid)
	}
	if err := desk.Ask(ctx, assets("ownerOf", terms.TokenID), &terms.Staker); err != nil {
		return nil, err
	}
	if terms.Salt, err = desk.Salt(); err != nil {
		return nil, err
	}
	signature, err := sign(ctx, desk, terms)
	return Agreement{terms, "0x" + hex.EncodeToString(signature)}, err
}

// sign signs an agreement for who acts.
func sign(ctx context.Context, desk sinso.Desk, terms Terms) ([]byte, error) {
	at, err := desk.At("Staking")
	if err != nil {
		return nil, err
	}
	return desk.SignText(ctx, terms.text(at))
}

func listPools(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	type opened struct {
		Pool    sinso.Hash
		Company sinso.Address
	}
	only := sinso.Of[sinso.Address](given, "company")
	after := sinso.AfterOf(given, func(o opened) sinso.Hash { return o.Pool })
	newest, err := sinso.Newest(ctx, desk, "Staking", "Opened", nil, after, func(event sinso.ChainEvent) (o opened, wanted bool, err error) {
		err = desk.Told("Staking", event, &o)
		return o, only == (sinso.Address{}) || o.Company == only, err
	})
	all := make([]Pool, len(newest))
	for i, o := range newest {
		if all[i], err = poolOf(ctx, desk, o.Pool); err != nil {
			return nil, err
		}
	}
	return all, err
}
