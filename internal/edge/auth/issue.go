package auth

import (
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
)

// MaxExpires is how long a token may be good for.
const MaxExpires = 366 * 24 * time.Hour

// roles are those that a token may be made for.
var roles = []sinso.Role{
	sinso.RoleOwner, sinso.RoleOperator, sinso.RoleClinician, sinso.RoleBuyer, sinso.RoleAuditor, sinso.RoleMember,
}

// Issue makes a token for a role, good for expires from now, and the row that it
// is filed under. An owner is of one person, any other role of none: else
// ErrInvalid.
func Issue(rand sinso.Rand, now time.Time, role sinso.Role, person sinso.PersonID, expires time.Duration) (string, sinso.BearerRow, error) {
	switch {
	case !slices.Contains(roles, role):
		return "", sinso.BearerRow{}, fmt.Errorf("auth: there is no such role; want one of %v: %w", roles, sinso.ErrInvalid)
	case (role == sinso.RoleOwner) != (person != ""):
		return "", sinso.BearerRow{}, fmt.Errorf("auth: a token of role owner is of one person, any other of none: %w", sinso.ErrInvalid)
	case expires <= 0 || expires > MaxExpires:
		return "", sinso.BearerRow{}, fmt.Errorf("auth: a token is good for at most %s: %w", MaxExpires, sinso.ErrInvalid)
	}
	token, hash, err := New(rand)
	return token, sinso.BearerRow{Hash: hash, Role: role, Person: person, Expires: now.Add(expires).UTC().Truncate(time.Second)}, err
}
