package auth_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// with is a request that brings a session.
func with(c *http.Cookie) *http.Request {
	r := get()
	r.AddCookie(c)
	return r
}

// TestSessionsAreListedToTheirOwner: an owner's are their person's whatever token they
// came by, another role's are their token's, the keeper's are all; no id is a cookie.
func TestSessionsAreListedToTheirOwner(t *testing.T) {
	t.Parallel()
	w := newWorld()
	phone, laptop := w.token(t, sinso.RoleOwner, "p_1"), w.token(t, sinso.RoleOwner, "p_1")
	first := signIn(t, w, phone, false)
	w.pass(time.Minute)
	second := signIn(t, w, laptop, false)
	signIn(t, w, w.token(t, sinso.RoleOwner, "p_2"), false)
	one, other := w.token(t, sinso.RoleOperator, ""), w.token(t, sinso.RoleOperator, "")
	works := signIn(t, w, one, false)
	signIn(t, w, other, false)
	mine := func(c *http.Cookie) []auth.Session {
		t.Helper()
		caller, err := w.FromRequest(with(c))
		if err != nil {
			t.Fatal(err)
		}
		return w.Sessions(with(c), caller)
	}
	got := mine(second)
	if len(got) != 2 || got[0].This || !got[1].This || !got[0].Made.Before(got[1].Made) || got[0].How != sinso.SignInToken {
		t.Errorf("got %+v, want the two of the person, the second of which asks", got)
	}
	for _, s := range got {
		if strings.Contains(first.Value+second.Value, s.ID[2:]) || len(s.ID) != 28 || auth.Hash(first.Value) == s.ID {
			t.Errorf("id %q tells of a cookie", s.ID)
		}
	}
	if got := mine(works); len(got) != 1 || !got[0].This {
		t.Errorf("an operator: got %+v, want their token's alone", got)
	}
	if got := w.Sessions(get(), auth.Local()); len(got) != 5 {
		t.Errorf("the keeper: got %d, want 5", len(got))
	}
}

// TestSigningInAgainEndsTheSessionBefore: a browser has one session.
func TestSigningInAgainEndsTheSessionBefore(t *testing.T) {
	t.Parallel()
	w := newWorld()
	token := w.token(t, sinso.RoleOwner, "p_1")
	first, other := signIn(t, w, token, false), signIn(t, w, token, false)
	r := with(first)
	r.Header.Set("Origin", "http://localhost:8480")
	if _, err := w.SignIn(httptest.NewRecorder(), r, token); err != nil {
		t.Fatal(err)
	}
	if _, err := w.FromRequest(with(first)); status(err) != 401 {
		t.Errorf("the one before: got %v, want 401", err)
	}
	if _, err := w.FromRequest(with(other)); err != nil {
		t.Errorf("that of another browser: %v", err)
	}
}

// TestSessionsTellCoarselyWhenTheyWereUsed: to ten minutes, and what was not asked for
// stays.
func TestSessionsTellCoarselyWhenTheyWereUsed(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := signIn(t, w, w.token(t, sinso.RoleOwner, "p_1"), false)
	used := func() time.Time {
		t.Helper()
		caller, err := w.FromRequest(with(c))
		if err != nil {
			t.Fatal(err)
		}
		return w.Sessions(with(c), caller)[0].Used
	}
	before := used()
	w.pass(9 * time.Minute)
	if got := used(); !got.Equal(before) {
		t.Errorf("after nine minutes: got %s, want %s still", got, before)
	}
	w.pass(15 * time.Minute)
	if got, want := used(), w.Now().Truncate(10*time.Minute); !got.Equal(want) || !got.After(before) {
		t.Errorf("after 24 minutes: got %s, want %s", got, want)
	}
}

// TestSessionsAreEndedByTheirOwnerAlone ends one, and all others.
func TestSessionsAreEndedByTheirOwnerAlone(t *testing.T) {
	t.Parallel()
	w := newWorld()
	token := w.token(t, sinso.RoleOwner, "p_1")
	first, second, third := signIn(t, w, token, false), signIn(t, w, token, false), signIn(t, w, token, false)
	me, err := w.FromRequest(with(first))
	if err != nil {
		t.Fatal(err)
	}
	id := w.Sessions(with(first), me)[1].ID // of second
	stranger := auth.Caller{Role: sinso.RoleOwner, Person: "p_2", ID: "owner:x"}
	if err := w.EndSession(stranger, id); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("another person ends it: got %v, want %v", err, sinso.ErrNotFound)
	}
	if got := w.EndOthers(get(), stranger); len(got) != 0 {
		t.Errorf("another person ends %v", got)
	}
	if err := w.EndSession(me, id); err != nil {
		t.Error(err)
	}
	if err := w.EndSession(me, id); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("ended twice: got %v, want %v", err, sinso.ErrNotFound)
	}
	if _, err := w.FromRequest(with(second)); status(err) != 401 {
		t.Errorf("an ended session: got %v, want 401", err)
	}
	if got := w.EndOthers(with(first), me); len(got) != 1 {
		t.Errorf("got %v ended, want one", got)
	}
	if _, err := w.FromRequest(with(third)); status(err) != 401 {
		t.Errorf("another that was ended: got %v, want 401", err)
	}
	if _, err := w.FromRequest(with(first)); err != nil {
		t.Errorf("the one that asked: %v", err)
	}
}

// TestNoSessionThatIsNotWrittenDown: a page whose sign-in cannot be logged gets none.
func TestNoSessionThatIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	w := newWorld()
	token := w.token(t, sinso.RoleOwner, "p_1")
	var said []sinso.SignedIn
	var fails error
	w.Authenticator = auth.NewAuthenticator(auth.Config{
		Lookup: w.lookup, Clock: w, Rand: rand.Reader,
		SignedIn: func(_ context.Context, c auth.Caller, what sinso.SignedIn) error {
			if c.Person != "p_1" {
				t.Errorf("got caller %+v", c)
			}
			said = append(said, what)
			return fails
		},
	})
	c := signIn(t, w, token, false)
	caller, err := w.FromRequest(with(c))
	if err != nil || len(said) != 1 || said[0].How != sinso.SignInToken || said[0].Session != w.Sessions(get(), caller)[0].ID {
		t.Errorf("got %v, %+v", err, said)
	}
	fails = sinso.ErrUnavailable
	r := get()
	r.Header.Set("Origin", "http://localhost:8480")
	rw := httptest.NewRecorder()
	if _, err := w.SignIn(rw, r, token); !errors.Is(err, sinso.ErrUnavailable) || len(rw.Result().Cookies()) > 0 {
		t.Errorf("got %v and cookies %v, want %v and none", err, rw.Result().Cookies(), sinso.ErrUnavailable)
	}
	if got := w.Sessions(get(), auth.Local()); len(got) != 1 {
		t.Errorf("got %d sessions, want one", len(got))
	}
}
