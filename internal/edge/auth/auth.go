// Package auth says who sends a request, and what they may do.
//
// A caller shows a bearer token, or, from the page, a session cookie that was
// given for one. Tokens are known by their hash alone.
package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"sinso.dev/sinso"
)

// Config is what an Authenticator needs.
type Config struct {
	// Lookup finds a bearer token by its hash; ErrNotFound if there is none.
	Lookup func(ctx context.Context, hash string) (sinso.BearerRow, error)
	// Credential and CredentialByKey find what somebody signed in by; ErrNotFound if
	// there is none. Nil: nobody has any.
	Credential      func(ctx context.Context, id sinso.CredentialID) (sinso.CredentialRow, error)
	CredentialByKey func(ctx context.Context, key string) (sinso.CredentialRow, error)
	// Origins are the pages' own: scheme, host and port, as a browser writes them.
	// From others nobody signs in but by a token.
	Origins []string
	Clock   sinso.Clock
	Rand    sinso.Rand
	// SignedIn writes down that a page signs in, before it has its session. Nil:
	// nobody does.
	SignedIn func(ctx context.Context, caller Caller, what sinso.SignedIn) error
	// Sender names who sends a request, to count what failed, and Secure reports whether it
	// came over TLS. Nil: the connection's own address and TLS.
	Sender func(r *http.Request) string
	Secure func(r *http.Request) bool
	// SessionTime is how long a session of the page lasts. Default 12 h.
	SessionTime time.Duration
}

// Authenticator tells callers from strangers.
type Authenticator struct {
	cfg      Config
	sessions *table[session]
	failures *table[int] // by address: failed tries in the current minute
	origins  *http.CrossOriginProtection

	challenges *table[challenge] // by nonce
	asked      *table[int]       // by address: challenges in the current minute
}

const (
	maxSessions = 10_000 // open at once; the oldest gives way
	maxTracked  = 4_096  // addresses

	maxFailures   = 20 // an address and minute
	failureWindow = time.Minute
)

// NewAuthenticator returns an Authenticator.
func NewAuthenticator(cfg Config) *Authenticator {
	if cfg.SessionTime <= 0 {
		cfg.SessionTime = 12 * time.Hour
	}
	if cfg.SignedIn == nil {
		cfg.SignedIn = func(context.Context, Caller, sinso.SignedIn) error { return nil }
	}
	if cfg.Sender == nil {
		cfg.Sender = func(r *http.Request) string {
			if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
				return at.Addr().String()
			}
			return r.RemoteAddr
		}
	}
	if cfg.Secure == nil {
		cfg.Secure = func(r *http.Request) bool { return r.TLS != nil }
	}
	return &Authenticator{
		cfg:      cfg,
		sessions: newTable[session](maxSessions),
		failures: newTable[int](maxTracked),
		origins:  http.NewCrossOriginProtection(),

		challenges: newTable[challenge](maxChallenges),
		asked:      newTable[int](maxTracked),
	}
}

// Error is a request without a caller: 401, or 429 where an address failed too
// often. It is of class ErrDenied or ErrBusy.
type Error struct {
	why    string
	status int
	class  error
}

// Error implements error.
func (e *Error) Error() string { return "auth: " + e.why }

// HTTPStatus is what the edge answers.
func (e *Error) HTTPStatus() int { return e.status }

// Unwrap returns the class.
func (e *Error) Unwrap() error { return e.class }

func stranger(why string) error {
	return &Error{why: why, status: http.StatusUnauthorized, class: sinso.ErrDenied}
}

// FromRequest returns who sent r. The error is an [*Error], or that of Lookup.
func (a *Authenticator) FromRequest(r *http.Request) (Caller, error) {
	if values, ok := r.Header["Authorization"]; ok {
		if len(values) != 1 {
			return Caller{}, stranger("more than one Authorization header")
		}
		scheme, token, _ := strings.Cut(values[0], " ")
		if !strings.EqualFold(scheme, "Bearer") { // RFC 6750 §2.1; schemes have no case, RFC 9110 §11.1
			return Caller{}, stranger("only bearer tokens are taken")
		}
		return a.byToken(r, strings.TrimSpace(token))
	}
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return Caller{}, stranger("this needs a bearer token, or signing in")
	}
	return a.bySession(r, cookie.Value)
}

// byToken finds the caller of a token, and slows down who guesses. A token that is good is let
// in even from an address where somebody guesses: behind one address there may be many, and 256
// random bits are not guessed.
func (a *Authenticator) byToken(r *http.Request, token string) (Caller, error) {
	caller, err := a.lookup(r.Context(), token, Hash(token), a.cfg.Clock.Now())
	if own := (*Error)(nil); errors.As(err, &own) && !a.failed(r) {
		return Caller{}, tooMany()
	}
	return caller, err
}

func (a *Authenticator) lookup(ctx context.Context, token, hash string, now time.Time) (Caller, error) {
	if err := CheckToken(token); err != nil {
		return Caller{}, stranger("this is not a token, or a letter of it is wrong")
	}
	return a.byHash(ctx, hash, now)
}

// byHash returns the caller of a token that is filed and has not expired. A row
// without an end has ended: it was never written by this program.
func (a *Authenticator) byHash(ctx context.Context, hash string, now time.Time) (Caller, error) {
	row, err := a.cfg.Lookup(ctx, hash)
	if errors.Is(err, sinso.ErrNotFound) {
		return Caller{}, stranger("this token is not known here")
	}
	if err != nil {
		return Caller{}, fmt.Errorf("auth: look up a token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(row.Hash), []byte(hash)) != 1 {
		return Caller{}, stranger("this token is not known here")
	}
	if !now.Before(row.Expires) {
		return Caller{}, stranger("this token has expired")
	}
	const digits = 12 // of the hash: enough to tell tokens apart
	caller := Caller{Role: row.Role, ID: string(row.Role) + ":" + hash[:digits], Research: row.Research, Expires: row.Expires}
	if row.Role == sinso.RoleOwner {
		caller.Person = row.Person
	}
	return caller, nil
}

type callerKey struct{}

// WithCaller returns a context that carries who sent the request.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// From returns who sent the request. Without one it is a stranger, who may do
// nothing, and ok is false.
func From(ctx context.Context) (c Caller, ok bool) {
	c, ok = ctx.Value(callerKey{}).(Caller)
	return c, ok
}
