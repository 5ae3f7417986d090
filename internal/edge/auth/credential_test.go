package auth_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/phrase"
	"sinso.dev/sinso/internal/edge/auth"
)

// keyed is a world where phrases sign in, one of which is filed.
type keyed struct {
	*world
	private ed25519.PrivateKey
	filed   sinso.CredentialRow
	gone    error // what a look-up fails with
}

const origin = "http://localhost:8480"

func newKeyed(t *testing.T, row sinso.CredentialRow) *keyed {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	row.ID, row.Kind, row.Key = "k_1", sinso.SignInPhrase, hex.EncodeToString(private[32:])
	k := &keyed{world: newWorld(), private: private, filed: row}
	find := func(is bool) (sinso.CredentialRow, error) {
		switch {
		case k.gone != nil:
			return sinso.CredentialRow{}, k.gone
		case !is:
			return sinso.CredentialRow{}, fmt.Errorf("meta: credential: %w", sinso.ErrNotFound)
		}
		return k.filed, nil
	}
	k.Authenticator = auth.NewAuthenticator(auth.Config{
		Lookup: k.lookup, Clock: k.world, Rand: rand.Reader, Origins: []string{origin, "https://node.example"},
		Credential: func(_ context.Context, id sinso.CredentialID) (sinso.CredentialRow, error) {
			return find(id == k.filed.ID)
		},
		CredentialByKey: func(_ context.Context, key string) (sinso.CredentialRow, error) { return find(key == k.filed.Key) },
	})
	return k
}

func post(from string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, from+"/session", nil)
	r.Header.Set("Origin", from)
	return r
}

// ask gets a challenge of an origin.
func (k *keyed) ask(t *testing.T, from string) auth.Asked {
	t.Helper()
	asked, err := k.Ask(post(from), auth.Question{Kind: sinso.SignInPhrase})
	if err != nil {
		t.Fatal(err)
	}
	return asked
}

// answer answers it, from an origin.
func (k *keyed) answer(asked auth.Asked, from string) (*http.Cookie, auth.Caller, error) {
	rw := httptest.NewRecorder()
	caller, _, err := k.SignInPhrase(rw, post(from), auth.PhraseUsed{
		Nonce: asked.Nonce, Public: k.private[32:], Signature: ed25519.Sign(k.private, phrase.Message(phrase.SignIn, asked.Origin, asked.Nonce)),
	})
	for _, c := range rw.Result().Cookies() {
		return c, caller, err
	}
	return nil, caller, err
}

// TestCredentialIsGoodForAsLongAsItsAccount: an owner's has no end, a role's has that
// of its token, and a role's without an end was never written by this program.
func TestCredentialIsGoodForAsLongAsItsAccount(t *testing.T) {
	t.Parallel()
	owner := newKeyed(t, sinso.CredentialRow{Role: sinso.RoleOwner, Person: "p_1", Account: "p_1"})
	owner.pass(10 * 365 * 24 * time.Hour)
	if _, caller, err := owner.answer(owner.ask(t, origin), origin); err != nil || caller.Person != "p_1" || !caller.Expires.IsZero() {
		t.Errorf("an owner's: got %+v, %v", caller, err)
	}
	role := newKeyed(t, sinso.CredentialRow{Role: sinso.RoleClinician, Account: "clinician:ab", Research: true})
	role.filed.Expires = role.Now().Add(time.Hour)
	cookie, caller, err := role.answer(role.ask(t, origin), origin)
	if err != nil || caller.ID != "clinician:ab" || caller.Person != "" || !caller.Research {
		t.Fatalf("a role's: got %+v, %v", caller, err)
	}
	if _, err := role.FromRequest(with(cookie)); err != nil {
		t.Error(err)
	}
	role.pass(time.Hour)
	if _, err := role.FromRequest(with(cookie)); status(err) != 401 {
		t.Errorf("its session after its end: got %v, want 401", err)
	}
	if _, _, err := role.answer(role.ask(t, origin), origin); status(err) != 401 {
		t.Errorf("after its end: got %v, want 401", err)
	}
	endless := newKeyed(t, sinso.CredentialRow{Role: sinso.RoleClinician, Account: "clinician:ab"})
	if cookie, _, err := endless.answer(endless.ask(t, origin), origin); status(err) != 401 || cookie != nil {
		t.Errorf("a role's without an end: got %v, want 401", err)
	}
}

// TestChallengeIsForOnePageAndFiveMinutes: from another origin of the node, or later, it
// is no challenge.
func TestChallengeIsForOnePageAndFiveMinutes(t *testing.T) {
	t.Parallel()
	k := newKeyed(t, sinso.CredentialRow{Role: sinso.RoleOwner, Person: "p_1", Account: "p_1"})
	if _, _, err := k.answer(k.ask(t, origin), "https://node.example"); status(err) != 403 {
		t.Errorf("from another origin: got %v, want 403", err)
	}
	asked := k.ask(t, origin)
	k.pass(5*time.Minute - time.Second)
	if _, _, err := k.answer(asked, origin); err != nil {
		t.Errorf("before its end: %v", err)
	}
	asked = k.ask(t, origin)
	k.pass(5 * time.Minute)
	if _, _, err := k.answer(asked, origin); status(err) != 403 {
		t.Errorf("after its end: got %v, want 403", err)
	}
	for _, from := range []string{"http://localhost:3000", "https://node.example.evil.example", "http://node.example", "null"} {
		r := post(origin)
		r.Header.Set("Origin", from)
		r.Host = "localhost:3000"
		if _, err := k.Ask(r, auth.Question{Kind: sinso.SignInPhrase}); !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("asked from %s: got %v, want %v", from, err, sinso.ErrDenied)
		}
	}
}

// TestOfManyAnswersToOneChallengeOneSignsIn races them.
func TestOfManyAnswersToOneChallengeOneSignsIn(t *testing.T) {
	t.Parallel()
	k := newKeyed(t, sinso.CredentialRow{Role: sinso.RoleOwner, Person: "p_1", Account: "p_1"})
	asked := k.ask(t, origin)
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wg.Go(func() { _, _, errs[i] = k.answer(asked, origin) })
	}
	wg.Wait()
	in := 0
	for _, err := range errs {
		switch status(err) {
		case 200:
			in++
		case 403:
		default:
			t.Errorf("got %v", err)
		}
	}
	if in != 1 {
		t.Errorf("%d signed in, want one", in)
	}
}

// TestIndexThatFailsRefusesNobody: what is our fault is told as such, ends no session and
// counts as no try.
func TestIndexThatFailsRefusesNobody(t *testing.T) {
	t.Parallel()
	k := newKeyed(t, sinso.CredentialRow{Role: sinso.RoleOwner, Person: "p_1", Account: "p_1"})
	cookie, _, err := k.answer(k.ask(t, origin), origin)
	if err != nil {
		t.Fatal(err)
	}
	k.gone = sinso.ErrUnavailable
	for range 30 {
		if _, _, err := k.answer(k.ask(t, origin), origin); !errors.Is(err, sinso.ErrUnavailable) {
			t.Fatalf("got %v, want %v", err, sinso.ErrUnavailable)
		}
	}
	if _, err := k.FromRequest(with(cookie)); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("a session: got %v, want %v", err, sinso.ErrUnavailable)
	}
	k.gone = nil
	if _, err := k.FromRequest(with(cookie)); err != nil {
		t.Errorf("after the index is back: %v", err)
	}
	k.gone = sinso.ErrNotFound
	if _, err := k.FromRequest(with(cookie)); status(err) != 401 {
		t.Errorf("after the credential was removed: got %v, want 401", err)
	}
}
