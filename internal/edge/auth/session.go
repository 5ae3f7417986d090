package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"sinso.dev/sinso"
)

// cookieName holds a session of the page. The cookie's value is random and known
// to this process alone: a stolen cookie ends with the session or the process,
// and does not give the token away.
const cookieName = "sinso_session"

// usedWithin is how exactly it is kept when a session was last used.
const usedWithin = 10 * time.Minute

// session is one signed-in page, filed under the hash of its cookie.
type session struct {
	id         string // under which it is listed; it opens nothing
	how        sinso.SignInMethod
	token      string // hash of the token it was given for, or else
	credential sinso.CredentialID
	account    string
	made, used time.Time
}

// Session is a signed-in page as its owner sees it.
type Session struct {
	ID   string // opaque
	How  sinso.SignInMethod
	Made time.Time
	Used time.Time // the last request, to ten minutes
	This bool      // it is the one that asks
}

// SignIn takes a token from the page and sets the session cookie. The caller
// answers with its error, if any.
func (a *Authenticator) SignIn(w http.ResponseWriter, r *http.Request, token string) (Caller, error) {
	if err := a.sameOrigin(r); err != nil {
		return Caller{}, err
	}
	caller, err := a.byToken(r, token)
	if err != nil {
		return Caller{}, err
	}
	return caller, a.begin(w, r, caller, session{how: sinso.SignInToken, token: Hash(token)}, sinso.SignedIn{})
}

// begin writes down that a page signs in, and gives it its session.
func (a *Authenticator) begin(w http.ResponseWriter, r *http.Request, caller Caller, s session, event sinso.SignedIn) error {
	cookie, err := a.random()
	if err != nil {
		return err
	}
	id, err := a.random()
	if err != nil {
		return err
	}
	now := a.cfg.Clock.Now()
	s.id, s.account, s.made, s.used = sessionPrefix+id[:idDigits], account(caller), now, now
	event.How, event.Session = s.how, s.id
	if err := a.cfg.SignedIn(r.Context(), caller, event); err != nil {
		return fmt.Errorf("auth: sign in: %w", err)
	}
	a.sessions.drop(cookieHash(r)) // a browser has one
	a.sessions.put(Hash(cookie), s, now, now.Add(a.cfg.SessionTime))
	a.setCookie(w, r, cookie, int(a.cfg.SessionTime/time.Second))
	return nil
}

const (
	sessionPrefix = "l_" // of a session's opaque id
	idDigits      = 26   // base32: 130 bits
)

// random returns 256 random bits as text.
func (a *Authenticator) random() (string, error) {
	var b [32]byte
	if _, err := a.cfg.Rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("auth: randomness: %w", sinso.ErrUnavailable)
	}
	return tokenEncoding.EncodeToString(b[:]), nil
}

// SignOut ends the page's session, if there is one.
func (a *Authenticator) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := a.sameOrigin(r); err != nil {
		return err
	}
	a.sessions.drop(cookieHash(r))
	a.setCookie(w, r, "", -1)
	return nil
}

// cookieHash is what the session of a request is filed under, "" without one. A
// request with a token has none, whatever cookie it brings.
func cookieHash(r *http.Request) string {
	cookie, err := r.Cookie(cookieName)
	if err != nil || r.Header.Get("Authorization") != "" {
		return ""
	}
	return Hash(cookie.Value)
}

// account tells whose sessions are whose: an owner's are their person's, whatever
// they signed in with; those of others are their token's.
func account(c Caller) string {
	if c.Person != "" {
		return string(c.Person)
	}
	return c.ID
}

// of reports whether a session is the caller's. The keeper's are all.
func (s session) of(c Caller) bool { return c.local || s.account == account(c) }

// Sessions lists the caller's sessions, oldest first.
func (a *Authenticator) Sessions(r *http.Request, c Caller) []Session {
	found := []Session{}
	a.sessions.each(a.cfg.Clock.Now(), func(key string, s session) {
		if s.of(c) {
			found = append(found, Session{ID: s.id, How: s.how, Made: s.made, Used: s.used.Truncate(usedWithin), This: key == cookieHash(r)})
		}
	})
	return found
}

// EndSession ends one of the caller's sessions; ErrNotFound if there is none of
// that id.
func (a *Authenticator) EndSession(c Caller, id string) error {
	if len(a.end(func(_ string, s session) bool { return s.id == id && s.of(c) })) == 0 {
		return fmt.Errorf("auth: session: %w", sinso.ErrNotFound)
	}
	return nil
}

// EndOthers ends all of the caller's sessions but the one that asks, and returns
// the ids of those that it ended.
func (a *Authenticator) EndOthers(r *http.Request, c Caller) []string {
	this := cookieHash(r)
	return a.end(func(key string, s session) bool { return key != this && s.of(c) })
}

func (a *Authenticator) end(pick func(key string, s session) bool) []string {
	ids := []string{}
	for _, s := range a.sessions.dropAll(pick) {
		ids = append(ids, s.id)
	}
	return ids
}

// bySession returns the caller of a session. The token or credential is looked up again each
// time, so that what ends it ends its sessions.
func (a *Authenticator) bySession(r *http.Request, cookie string) (Caller, error) {
	now, key := a.cfg.Clock.Now(), Hash(cookie)
	s, ok := a.sessions.get(key, now)
	if !ok {
		return Caller{}, stranger("the session has ended: sign in again")
	}
	if !safe(r.Method) {
		if err := a.sameOrigin(r); err != nil {
			return Caller{}, err
		}
	}
	caller, err := a.callerOf(r.Context(), s, now)
	var gone *Error
	switch {
	case errors.As(err, &gone):
		a.sessions.drop(key)
	case err == nil && now.Sub(s.used) >= usedWithin:
		a.sessions.change(key, now, func(s session) session { s.used = now; return s })
	}
	return caller, err
}

func (a *Authenticator) callerOf(ctx context.Context, s session, now time.Time) (Caller, error) {
	if s.credential != "" {
		return a.byCredential(ctx, s.credential, now)
	}
	return a.byHash(ctx, s.token, now)
}

// safe reports whether a method changes nothing (RFC 9110 §9.2.1).
func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead
}

// sameOrigin refuses what another site made the browser send. A browser says
// where a request comes from in Sec-Fetch-Site or Origin; without either it is
// no browser of today, and has no business with a cookie.
func (a *Authenticator) sameOrigin(r *http.Request) error {
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return fmt.Errorf("auth: the browser does not say where this request comes from: %w", sinso.ErrDenied)
	}
	if r.Header.Get("Sec-Fetch-Site") == "none" { // typed into the address bar: never an unsafe method of ours
		return fmt.Errorf("auth: this request does not come from the page: %w", sinso.ErrDenied)
	}
	check := r
	if safe(r.Method) { // Check lets safe methods pass
		check = r.Clone(r.Context())
		check.Method = http.MethodPost
	}
	if err := a.origins.Check(check); err != nil {
		return fmt.Errorf("auth: this request comes from another site: %w", sinso.ErrDenied)
	}
	return nil
}

func (a *Authenticator) setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure follows the way of the request: on loopback there is no TLS
		Name: cookieName, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: a.cfg.Secure(r), SameSite: http.SameSiteStrictMode,
	})
}
