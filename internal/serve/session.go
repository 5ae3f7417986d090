package serve

import (
	"fmt"
	"net/http"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// session is who the caller is.
type session struct {
	Role    string         `json:"role"` // "keeper" at the node's socket
	Person  sinso.PersonID `json:"person,omitempty"`
	ID      string         `json:"id"`
	Expires *time.Time     `json:"expires,omitempty"` // of the token; an owner's passkey has no end
}

func sessionOf(caller auth.Caller) session {
	s := session{Role: string(caller.Role), Person: caller.Person, ID: caller.ID}
	if s.Role == "" {
		s.Role = "keeper"
	}
	if !caller.Expires.IsZero() {
		s.Expires = &caller.Expires
	}
	return s
}

func (c *call) session() (session, error) { return sessionOf(c.caller), nil }

type signInBody struct {
	Token string `json:"token"`
}

func (c *call) signIn(in signInBody) (session, error) {
	caller, err := c.auth.SignIn(c.w, c.r, in.Token)
	if err != nil {
		return session{}, err
	}
	return sessionOf(caller), nil
}

func (c *call) signOut() error {
	if err := c.auth.SignOut(c.w, c.r); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// newToken asks for a bearer token.
type newToken struct {
	Role    sinso.Role     `json:"role"`
	Person  sinso.PersonID `json:"person,omitempty"` // of an owner
	Expires int64          `json:"expires"`          // seconds from now
	// Research: its holder is shown de-identified copies, and treats nobody by them.
	Research bool `json:"research,omitempty"`
}

type token struct {
	Token string `json:"token"` // shown this once; only its hash is kept
}

func (c *call) makeToken(in newToken) (token, error) {
	if in.Person != "" {
		if _, err := c.personAsked(auth.See, string(in.Person)); err != nil {
			return token{}, err
		}
	}
	expires := time.Duration(max(0, min(in.Expires, int64(auth.MaxExpires/time.Second)+1))) * time.Second
	made, row, err := auth.Issue(c.cfg.Rand, c.cfg.Clock.Now(), in.Role, in.Person, expires)
	if err != nil {
		return token{}, err
	}
	row.Research = in.Research
	if err := c.way.SaveBearer(c.ctx(), row, c.caller.ID); err != nil {
		return token{}, fmt.Errorf("serve: keep the token: %w", err)
	}
	return token{made}, nil
}
