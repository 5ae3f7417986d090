package auth

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"sinso.dev/sinso"
)

// cookieName holds a session of the page. The session's id is random and known
// to this process alone: a stolen cookie ends with the session or the process,
// and does not give the token away.
const cookieName = "sinso_session"

// session is one signed-in page, filed under the hash of its id.
type session struct {
	token string // hash of the token it was given for
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
	var random [32]byte
	if _, err := a.cfg.Rand.Read(random[:]); err != nil {
		return Caller{}, fmt.Errorf("auth: make a session: %w", sinso.ErrUnavailable)
	}
	id := tokenEncoding.EncodeToString(random[:])
	now := a.cfg.Clock.Now()
	a.sessions.put(Hash(id), session{token: Hash(token)}, now, now.Add(a.cfg.SessionTime))
	setCookie(w, r, id, int(a.cfg.SessionTime/time.Second))
	return caller, nil
}

// SignOut ends the page's session, if there is one.
func (a *Authenticator) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := a.sameOrigin(r); err != nil {
		return err
	}
	if cookie, err := r.Cookie(cookieName); err == nil {
		a.sessions.drop(Hash(cookie.Value))
	}
	setCookie(w, r, "", -1)
	return nil
}

// bySession returns the caller of a session. The token is looked up again each
// time, so that what ends it ends its sessions.
func (a *Authenticator) bySession(r *http.Request, id string) (Caller, error) {
	now := a.cfg.Clock.Now()
	s, ok := a.sessions.get(Hash(id), now)
	if !ok {
		return Caller{}, stranger("the session has ended: sign in again")
	}
	if !safe(r.Method) {
		if err := a.sameOrigin(r); err != nil {
			return Caller{}, err
		}
	}
	caller, err := a.byHash(r.Context(), s.token, now)
	var gone *Error
	if errors.As(err, &gone) {
		a.sessions.drop(Hash(id))
	}
	return caller, err
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

func setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure follows the connection: on loopback there is no TLS
		Name: cookieName, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
}
