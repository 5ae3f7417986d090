package stake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act"
)

func stakes() []sinso.Act {
	asset := sinso.Param{Name: "token", Kind: sinso.KindHash, Needed: true, Help: "the asset"}
	return []sinso.Act{
		{
			Noun: "stake", Verb: "add", Who: sinso.ActsOwner, Short: "Stake an asset with a company, on what it signed",
			Long: "The token stands with the contract: nobody can use, sell or move it until its owner takes it back. The node pays the gas. " +
				"No images go with it: they are handed over under a grant, which is revoked apart from this.",
			Params: []sinso.Param{asset, {Name: "agreement", Kind: sinso.KindText, Needed: true, Help: "what the company's stake agree printed"}},
			Draft:  add,
		},
		{
			Noun: "stake", Verb: "unbond", Who: sinso.ActsOwner, Short: "Ask a staked asset back; it earns no more from now",
			Params: []sinso.Param{asset}, Draft: unbond,
		},
		{
			Noun: "stake", Verb: "take", Who: sinso.ActsOwner, Short: "Take an asset back, when the waiting time is over",
			Params: []sinso.Param{asset},
			Draft: func(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
				mine, err := own(ctx, desk, given)
				return one("take a staked asset back", "unstake", mine), err
			},
		},
		{
			Noun: "stake", Verb: "show", Short: "How a stake stands, and what it is owed",
			Params: []sinso.Param{{Name: "stake", Kind: sinso.KindHash, Needed: true, Help: "its name, which stake add printed"}},
			Ask: func(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
				named, err := find(ctx, desk, func(hash sinso.Hash, _ Terms) bool { return hash == sinso.Of[sinso.Hash](given, "stake") })
				if err != nil {
					return nil, err
				}
				return shown(ctx, desk, named)
			},
		},
		{
			Noun: "stake", Verb: "ls", Short: "The newest stakes in a pool, at most 64, the newest last",
			Params: []sinso.Param{inPool(), sinso.Before(sinso.KindHash)}, Ask: list,
		},
	}
}

// Agreed is what the owner of an asset agrees to by staking it.
type Agreed struct {
	Company sinso.Address `json:"company"`
	Terms
	UnbondingSeconds uint64 `json:"unbondingSeconds"` // from asking it back to taking it
}

// checked is an agreement of which all has been looked at that the owner relies on.
func checked(ctx context.Context, desk sinso.Desk, given sinso.Given) (agreed Agreed, companySignature []byte, err error) {
	a, signature, err := readAgreement(sinso.Of[string](given, "agreement"))
	if err != nil {
		return agreed, nil, err
	}
	if a.TokenID != sinso.Of[sinso.TokenID](given, "token") {
		return agreed, nil, fmt.Errorf("stake: the agreement is about another token: %w", sinso.ErrInvalid)
	}
	if a.Staker != desk.Actor() {
		return agreed, nil, fmt.Errorf("stake: the agreement names another owner of the token than this one: %w", sinso.ErrDenied)
	}
	p, err := poolOf(ctx, desk, a.Pool)
	if err != nil {
		return agreed, nil, err
	}
	if err := ofAssets(desk, p); err != nil {
		return agreed, nil, err
	}
	at, err := desk.At("Staking")
	if err != nil {
		return agreed, nil, err
	}
	digest, err := a.hash(desk.Domain(at))
	if err != nil {
		return agreed, nil, err
	}
	if signer, err := eip712.Recover(digest, signature); err != nil || signer != p.Company {
		return agreed, nil, fmt.Errorf("stake: the pool's company did not sign this agreement; nothing was sent; ask the company for another: %w", sinso.ErrDenied)
	}
	return Agreed{p.Company, a.Terms, p.UnbondingSeconds}, signature, nil
}

// add stakes in two steps that the node carries: the owner's permit, and the stake. The permit
// ends with the agreement and has a nonce, so it is drafted only while the contract may not take the
// token yet.
func add(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	agreed, company, err := checked(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	terms := agreed.Terms
	standing, err := shown(ctx, desk, terms)
	if err != nil {
		return sinso.Draft{}, err
	}
	owner, err := sign(ctx, desk, terms)
	if err != nil {
		return sinso.Draft{}, err
	}
	permit := sinso.Step{Skip: true}
	if standing.State == "none" {
		if permit, err = permitted(ctx, desk, terms); err != nil {
			return sinso.Draft{}, err
		}
	}
	draft := one("stake an asset", "stake", terms, company, owner)
	draft.Steps, draft.About = []sinso.Step{permit, draft.Steps[0]}, agreed
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) {
		return shown(ctx, desk, terms)
	}
	return draft, nil
}

// permitted is the step by which the contract may take the token (ERC-4494), if it may not yet.
func permitted(ctx context.Context, desk sinso.Desk, terms Terms) (sinso.Step, error) {
	at, err := desk.At("Staking")
	if err != nil {
		return sinso.Step{}, err
	}
	if err := act.Owned(ctx, desk, terms.TokenID); err != nil {
		return sinso.Step{}, err
	}
	if desk.Now().After(terms.EndsAt) {
		return sinso.Step{}, fmt.Errorf("stake: the agreement ended at %s; ask the company for another: %w", terms.EndsAt.UTC().Format(time.RFC3339), sinso.ErrDenied)
	}
	return act.Permit{Spender: at, Token: terms.TokenID, Until: terms.EndsAt}.Step(ctx, desk, "let the staking contract take the asset")
}

func unbond(ctx context.Context, desk sinso.Desk, given sinso.Given) (sinso.Draft, error) {
	mine, err := own(ctx, desk, given)
	if err != nil {
		return sinso.Draft{}, err
	}
	at, err := desk.At("Staking")
	if err != nil {
		return sinso.Draft{}, err
	}
	name, err := mine.hash(desk.Domain(at))
	if err != nil {
		return sinso.Draft{}, err
	}
	structure, err := eip712.Struct(unbondType, name)
	if err != nil {
		return sinso.Draft{}, err
	}
	signature, err := desk.Sign(eip712.Digest(desk.Domain(at), structure))
	draft := one("ask a staked asset back", "unbond", mine, signature)
	draft.Result = func(ctx context.Context, desk sinso.Desk, _ []sinso.Done) (any, error) { return shown(ctx, desk, mine) }
	return draft, err
}

// Stake is a stake as it stands.
type Stake struct {
	Stake  sinso.Hash `json:"stake"`
	State  string     `json:"state"` // none, standing, unbonding or taken
	FreeAt time.Time  `json:"freeAt,omitzero"`
	Owed   sinso.Wei  `json:"owedWei"` // of the pool's currency
	Terms
}

// The contract's states, by their numbers.
var states = []string{"none", "standing", "unbonding", "taken"}

func shown(ctx context.Context, desk sinso.Desk, terms Terms) (Stake, error) {
	out := Stake{Terms: terms}
	at, err := desk.At("Staking")
	if err != nil {
		return out, err
	}
	if out.Stake, err = terms.hash(desk.Domain(at)); err != nil {
		return out, err
	}
	var now struct {
		State  uint8
		FreeAt time.Time
		Owed   sinso.Wei
	}
	if err := desk.Ask(ctx, staking("stakeOf", terms), &now); err != nil {
		return out, err
	}
	if int(now.State) >= len(states) {
		return out, fmt.Errorf("stake: the contract says a state that is none: %w", sinso.ErrCorrupt)
	}
	out.State, out.FreeAt, out.Owed = states[now.State], now.FreeAt, now.Owed
	return out, nil
}

// staked is a stake, as the contract told it.
type staked struct {
	StakeHash sinso.Hash
	Stake     Terms
}

// each calls fn with the stakes of all pools, the newest first, until it returns false.
func each(ctx context.Context, desk sinso.Desk, fn func(sinso.Hash, Terms) (bool, error)) error {
	return desk.Each(ctx, "Staking", sinso.Address{}, "Staked", nil, func(event sinso.ChainEvent) (bool, error) {
		var s staked
		if err := desk.Told("Staking", event, &s); err != nil {
			return false, err
		}
		return fn(s.StakeHash, s.Stake)
	})
}

// find returns the newest stake that is wanted.
func find(ctx context.Context, desk sinso.Desk, wanted func(sinso.Hash, Terms) bool) (found Terms, err error) {
	err = each(ctx, desk, func(hash sinso.Hash, terms Terms) (bool, error) {
		if !wanted(hash, terms) {
			return true, nil
		}
		found = terms
		return false, nil
	})
	if err == nil && found.Weight == 0 {
		err = fmt.Errorf("stake: there is no such stake: %w", sinso.ErrNotFound)
	}
	return found, err
}

// own is the newest stake of the asset by its owner, who alone can have signed it.
func own(ctx context.Context, desk sinso.Desk, given sinso.Given) (Terms, error) {
	token := sinso.Of[sinso.TokenID](given, "token")
	mine, err := find(ctx, desk, func(_ sinso.Hash, terms Terms) bool {
		return terms.TokenID == token && terms.Staker == desk.Actor()
	})
	if errors.Is(err, sinso.ErrNotFound) {
		err = fmt.Errorf("stake: this asset was never staked by its owner: %w", sinso.ErrNotFound)
	}
	return mine, err
}

func list(ctx context.Context, desk sinso.Desk, given sinso.Given) (any, error) {
	pool := []sinso.Hash{sinso.Of[sinso.Hash](given, "pool")}
	after := sinso.AfterOf(given, func(s staked) sinso.Hash { return s.StakeHash })
	newest, err := sinso.Newest(ctx, desk, "Staking", "Staked", pool, after, func(event sinso.ChainEvent) (s staked, wanted bool, err error) {
		err = desk.Told("Staking", event, &s)
		return s, true, err
	})
	all := make([]Stake, len(newest))
	for i, s := range newest {
		if all[i], err = shown(ctx, desk, s.Stake); err != nil {
			return nil, err
		}
	}
	return all, err
}

// Kept says in words what the owner of an asset, who acts, has with companies by it.
func Kept(ctx context.Context, desk sinso.Desk, token sinso.TokenID) (all act.Kept, err error) {
	var mine []Terms
	err = each(ctx, desk, func(_ sinso.Hash, terms Terms) (bool, error) {
		if terms.TokenID == token && terms.Staker == desk.Actor() {
			mine = append(mine, terms)
		}
		return true, nil
	})
	if err != nil {
		return all, err
	}
	for _, terms := range mine {
		stands, err := shown(ctx, desk, terms)
		if err != nil {
			return all, err
		}
		p, err := poolOf(ctx, desk, terms.Pool)
		if err != nil {
			return all, err
		}
		all.Currencies = append(all.Currencies, p.Currency)
		if stands.State != "taken" {
			all.Says = append(all.Says, fmt.Sprintf("the asset %s is staked (%s): sinso stake unbond, take", token, stands.State))
		}
		if stands.Owed.Int().Sign() > 0 {
			owed, err := act.Amount(ctx, desk, p.Currency, stands.Owed)
			if err != nil {
				return all, err
			}
			all.Says = append(all.Says, fmt.Sprintf("the asset %s has earned %s: sinso dividend claim", token, owed))
		}
	}
	return all, nil
}
