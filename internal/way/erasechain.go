package way

import (
	"context"

	"sinso.dev/sinso"
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
