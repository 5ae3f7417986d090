package auth

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth/passkey"
)

const (
	challengeTime = 5 * time.Minute
	maxChallenges = 4_096
	maxAsked      = 60 // challenges an address and minute
)

// challenge is what a page is to sign, filed under its nonce. It is taken once.
type challenge struct {
	kind    sinso.SignInMethod
	account string // of who adds a credential; "" to sign in
	origin  string // of the page that asked
	chain   uint64 // of a wallet
	wallet  sinso.Address
	handle  []byte // of a passkey that is to be made
	issued  time.Time
}

// Question is what a page asks a challenge for.
type Question struct {
	Kind sinso.SignInMethod
	// For is whose account a credential is to be added to; nobody's to sign in.
	For Caller
	// ChainID is that of a wallet (EIP-155), and Wallet its account.
	ChainID uint64
	Wallet  sinso.Address
	// Handle is the user handle of a passkey that is to be made.
	Handle []byte
}

// Asked is what a page is given to sign.
type Asked struct {
	Nonce  string // letters and digits
	Origin string // of the page
	Site   string // the relying party's id of a passkey
	// Statement is the line that a wallet shows.
	Statement       string
	Issued, Expires time.Time
}

// statements are what a wallet shows, to sign in and to be added.
var statements = map[bool]string{
	false: "Sign in to this SINSO node.",
	true:  "Let this account sign in to my SINSO node from now on.",
}

// Ask gives a page a fresh challenge. It is good for five minutes, for one answer, from the
// same origin, which must be one of the node's own.
func (a *Authenticator) Ask(r *http.Request, q Question) (Asked, error) {
	site, err := a.site(r, q.Kind)
	if err != nil {
		return Asked{}, err
	}
	now, from := a.cfg.Clock.Now(), a.cfg.Sender(r)
	asked := 0
	a.asked.update(from, now, now.Add(failureWindow), func(n int) int { asked = n + 1; return asked })
	if asked > maxAsked {
		return Asked{}, tooMany()
	}
	nonce, err := a.random()
	if err != nil {
		return Asked{}, err
	}
	issued := now.UTC().Truncate(time.Millisecond)
	to := challenge{kind: q.Kind, account: account(q.For), origin: site.Origin, chain: q.ChainID, wallet: q.Wallet, handle: q.Handle, issued: issued}
	a.challenges.put(nonce, to, now, issued.Add(challengeTime))
	return Asked{
		Nonce: nonce, Origin: site.Origin, Site: site.ID, Statement: statements[to.account != ""],
		Issued: issued, Expires: issued.Add(challengeTime),
	}, nil
}

// answered takes the challenge that a page answers. It is gone afterwards, whatever
// becomes of the answer.
func (a *Authenticator) answered(r *http.Request, kind sinso.SignInMethod, c Caller, nonce string) (challenge, passkey.Site, error) {
	site, err := a.site(r, kind)
	if err != nil {
		return challenge{}, site, err
	}
	to, ok := a.challenges.take(nonce, a.cfg.Clock.Now())
	if !ok || to.kind != kind || to.account != account(c) || to.origin != site.Origin {
		return challenge{}, site, &Error{
			why: "what was signed is too old, was used already, or is not for this page: try again", status: http.StatusForbidden, class: sinso.ErrDenied,
		}
	}
	return to, site, nil
}

// site returns where the page stands that sent a request. Its origin is what the
// browser says, and must be one that the configuration names: a Host header decides
// nothing.
func (a *Authenticator) site(r *http.Request, kind sinso.SignInMethod) (passkey.Site, error) {
	if err := a.sameOrigin(r); err != nil {
		return passkey.Site{}, err
	}
	origin := r.Header.Get("Origin")
	at, err := url.Parse(origin)
	if err != nil || !slices.Contains(a.cfg.Origins, origin) {
		return passkey.Site{}, fmt.Errorf("auth: this node does not know this page's address: it must be set as its url: %w", sinso.ErrDenied)
	}
	if kind == sinso.SignInPasskey && net.ParseIP(at.Hostname()) != nil {
		return passkey.Site{}, fmt.Errorf("auth: passkeys need a name, not an address of numbers: open this page as localhost, or by the node's name: %w", sinso.ErrInvalid)
	}
	return passkey.Site{ID: at.Hostname(), Origin: origin}, nil
}

func tooMany() error {
	return &Error{why: "too many tries: wait a minute", status: http.StatusTooManyRequests, class: sinso.ErrBusy}
}

// prove runs fn, which proves who signs in. Who fails too often is told to wait, and else the
// same whatever was wrong. Proof that holds is taken all the same, for behind one address there
// may be many; each proof that is looked at costs a challenge, and these are bounded.
func (a *Authenticator) prove(r *http.Request, fn func() (sinso.CredentialRow, error)) (sinso.CredentialRow, error) {
	now := a.cfg.Clock.Now()
	row, err := fn()
	if err == nil && a.ended(row, now) {
		err = sinso.ErrDenied
	}
	if err == nil {
		a.cameToSomething(r)
		return row, nil
	}
	if !errors.Is(err, sinso.ErrDenied) && !errors.Is(err, sinso.ErrNotFound) {
		return sinso.CredentialRow{}, err
	}
	if !a.failed(r) {
		return sinso.CredentialRow{}, tooMany()
	}
	if own := (*Error)(nil); !errors.As(err, &own) {
		err = stranger("this does not sign in here")
	}
	return sinso.CredentialRow{}, err
}

// cameToSomething gives the place of a challenge back to the address that answered it: only
// what came to nothing counts.
func (a *Authenticator) cameToSomething(r *http.Request) {
	a.asked.change(a.cfg.Sender(r), a.cfg.Clock.Now(), func(n int) int { return max(n-1, 0) })
}

// failed counts a try of an address that did not succeed, and reports whether it may have
// failed so often.
func (a *Authenticator) failed(r *http.Request) bool {
	now, n := a.cfg.Clock.Now(), 0
	a.failures.update(a.cfg.Sender(r), now, now.Add(failureWindow), func(before int) int {
		n = min(before, maxFailures) + 1
		return n
	})
	return n <= maxFailures
}
