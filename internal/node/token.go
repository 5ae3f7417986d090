package node

import (
	"context"
	"fmt"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// CreateToken makes a bearer token; only its hash is kept.
func (n *Node) CreateToken(ctx context.Context, role sinso.Role, person sinso.PersonID, expires time.Duration, actor string) (string, error) {
	return n.createToken(ctx, role, person, false, expires, actor)
}

// CreateResearchToken makes a bearer token whose holder is shown de-identified copies too,
// and treats nobody by them.
func (n *Node) CreateResearchToken(ctx context.Context, role sinso.Role, person sinso.PersonID, expires time.Duration, actor string) (string, error) {
	return n.createToken(ctx, role, person, true, expires, actor)
}

func (n *Node) createToken(ctx context.Context, role sinso.Role, person sinso.PersonID, research bool, expires time.Duration, actor string) (string, error) {
	if person != "" {
		if err := n.HasPerson(ctx, person); err != nil {
			return "", err
		}
	}
	token, row, err := auth.Issue(n.Rand, n.Clock.Now(), role, person, expires)
	if err != nil {
		return "", err
	}
	row.Research = research
	return token, n.SaveBearer(ctx, row, actor)
}

// HasPerson is ErrNotFound if the node knows no such person.
func (n *Node) HasPerson(ctx context.Context, id sinso.PersonID) error {
	persons, err := n.Persons(ctx)
	if err != nil {
		return err
	}
	for _, row := range persons {
		if row.ID == id {
			return nil
		}
	}
	return fmt.Errorf("node: there is no such person: %w", sinso.ErrNotFound)
}
