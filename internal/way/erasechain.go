package way

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/act/auction"
	"sinso.dev/sinso/internal/stage/act/company"
	"sinso.dev/sinso/internal/stage/act/creator"
	"sinso.dev/sinso/internal/stage/act/fraction"
	"sinso.dev/sinso/internal/stage/act/stake"
	"sinso.dev/sinso/internal/stage/register"
)

// account is one on the chain whose key goes with what is erased.
type account struct {
	id      sinso.KeyID
	purpose string
	at      sinso.Address // contract that a person's account is for alone
	row     sinso.ReleaseRow
	acts    bool      // something was begun by it
	funds   sinso.Wei // what the node let it have for gas, at most: what is left of that is nobody's money
}

// took notes what was begun by an account.
func (a *account) took(begun sinso.ActBegun) {
	a.acts = true
	if begun.Funds.Int().Cmp(a.funds.Int()) > 0 {
		a.funds = begun.Funds
	}
}

// accountsOf lists the accounts whose keys go: each release has one of its own, and a person two, and
// one for each contract at which they are a member.
func (w *Way) accountsOf(ctx context.Context, what erasable) ([]account, error) {
	var all []account
	releases, err := w.Releases(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, row := range releases {
		if !what.has(row) {
			continue
		}
		begun, err := w.begunOf(ctx, "", row.ID)
		if err != nil {
			return nil, err
		}
		a := account{id: row.Custodian(), purpose: assetPurpose(row.ID), row: row}
		for _, b := range begun {
			a.took(b)
		}
		all = append(all, a)
	}
	for _, person := range what.persons {
		key := sinso.PersonKey(person)
		all = append(all, account{id: key, purpose: identityPurpose}, account{id: key, purpose: authorPurpose})
		begun, err := w.begunOf(ctx, person, "")
		if err != nil {
			return nil, err
		}
		members := map[sinso.Address]*account{}
		if at, ok := w.given(); ok {
			members[at] = &account{id: key, purpose: memberPurpose(at), at: at, acts: true}
		}
		for _, b := range begun {
			if members[b.At] == nil {
				members[b.At] = &account{id: key, purpose: memberPurpose(b.At), at: b.At}
			}
			members[b.At].took(b)
		}
		for _, a := range members {
			all = append(all, *a)
		}
	}
	return all, nil
}

// given is the contract whose tokens a person may have been given without doing anything: Creators, if
// it stands.
func (w *Way) given() (sinso.Address, bool) {
	if w.Deeds == nil {
		return sinso.Address{}, false
	}
	at, err := w.Deeds.At("Creators")
	return at, err == nil && at != sinso.Address{}
}

// ownsNothing is ErrExists if there is money in the accounts whose keys go, or they hold or are owed
// something by the contracts: nobody could move it any more.
func (w *Way) ownsNothing(ctx context.Context, what erasable) error {
	if w.Chain == nil {
		return nil
	}
	accounts, err := w.accountsOf(ctx, what)
	if err != nil {
		return err
	}
	total, held := new(big.Int), []string{}
	for _, a := range accounts {
		secret, err := w.Keys.Secret(ctx, a.id, a.purpose)
		if errors.Is(err, sinso.ErrDenied) {
			continue // erased before
		}
		if err != nil {
			return fmt.Errorf("way: erase: %w", err)
		}
		balance, err := w.money(ctx, a, secret)
		if err != nil {
			return fmt.Errorf("way: erase: nothing is erased yet: %w", err)
		}
		total.Add(total, balance)
		more, err := w.held(ctx, a, secret)
		if err != nil {
			return fmt.Errorf("way: erase: nothing is erased yet: what the accounts hold cannot be told: %w", err)
		}
		held = append(held, more...)
	}
	if total.Sign() > 0 {
		held = append(held, fmt.Sprintf("there are %s wei in accounts", total))
	}
	if len(held) > 0 {
		return fmt.Errorf("way: keys go with it without which nobody could move what is held by them any more: %s; "+
			"nothing is erased: %w", strings.Join(held, "; "), sinso.ErrExists)
	}
	return nil
}

// money is what is in an account, in wei; 0 if it is no more than is left of what the node sent for gas.
func (w *Way) money(ctx context.Context, a account, secret [32]byte) (*big.Int, error) {
	address, err := register.Account(secret)
	if err != nil {
		return nil, err
	}
	balance, err := w.Chain.Balance(ctx, address)
	if err != nil || balance.Int().Cmp(a.funds.Int()) <= 0 {
		return new(big.Int), err
	}
	return balance.Int(), nil
}

// held says in words what an account has by the contracts.
func (w *Way) held(ctx context.Context, a account, secret [32]byte) ([]string, error) {
	if !a.acts || w.Deeds == nil {
		return nil, nil
	}
	seat, err := w.seat(ctx, secret, time.Time{})
	if err != nil {
		return nil, err
	}
	desk := &desk{Desk: seat, mute: true}
	if a.row.ID == "" {
		held, err := company.Kept(ctx, desk, a.at)
		if err != nil {
			return nil, err
		}
		tokens, err := creator.Kept(ctx, desk, a.at)
		return append(held, tokens...), err
	}
	var held []string
	for _, kept := range []func(context.Context, sinso.Desk, sinso.TokenID) ([]string, error){stake.Kept, fraction.Kept, auction.Kept} {
		more, err := kept(ctx, desk, a.row.Token)
		if err != nil && !errors.Is(err, sinso.ErrUnsupported) { // then it was never there
			return nil, err
		}
		held = append(held, more...)
	}
	return held, nil
}
