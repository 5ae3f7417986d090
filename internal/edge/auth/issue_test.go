package auth_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// TestIssue: a token has a role that exists and an end; an owner's is of a person,
// and no other is.
func TestIssue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))
	for name, c := range map[string]struct {
		role    sinso.Role
		person  sinso.PersonID
		expires time.Duration
		refused bool
	}{
		"owner":              {sinso.RoleOwner, "p_1", time.Hour, false},
		"operator":           {sinso.RoleOperator, "", auth.MaxExpires, false},
		"owner of nobody":    {sinso.RoleOwner, "", time.Hour, true},
		"operator of one":    {sinso.RoleOperator, "p_1", time.Hour, true},
		"unknown role":       {"root", "", time.Hour, true},
		"no end":             {sinso.RoleBuyer, "", 0, true},
		"an end in the past": {sinso.RoleBuyer, "", -time.Hour, true},
		"too far an end":     {sinso.RoleBuyer, "", auth.MaxExpires + 1, true},
	} {
		token, row, err := auth.Issue(rand.Reader, now, c.role, c.person, c.expires)
		if c.refused {
			if !errors.Is(err, sinso.ErrInvalid) || token != "" {
				t.Errorf("%s: got %v", name, err)
			}
			continue
		}
		want := sinso.BearerRow{Hash: auth.Hash(token), Role: c.role, Person: c.person, Expires: now.Add(c.expires).UTC().Truncate(time.Second)}
		if err != nil || row != want || auth.CheckToken(token) != nil {
			t.Errorf("%s: got %+v, %v, want %+v", name, row, err, want)
		}
	}
}
