package auth_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
)

// world is an authenticator with its clock and its filed tokens.
type world struct {
	*auth.Authenticator
	mu      sync.Mutex // guards the rest
	now     time.Time
	rows    map[string]sinso.BearerRow
	lookups int
	broken  error
}

func (w *world) Now() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }

func (w *world) pass(d time.Duration) { w.mu.Lock(); defer w.mu.Unlock(); w.now = w.now.Add(d) }

func (w *world) lookup(_ context.Context, hash string) (sinso.BearerRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lookups++
	row, ok := w.rows[hash]
	switch {
	case w.broken != nil:
		return sinso.BearerRow{}, w.broken
	case !ok:
		return sinso.BearerRow{}, fmt.Errorf("meta: bearer: %w", sinso.ErrNotFound)
	}
	return row, nil
}

func newWorld() *world {
	w := &world{now: time.Unix(1_000_000, 0), rows: map[string]sinso.BearerRow{}}
	w.Authenticator = auth.NewAuthenticator(auth.Config{Lookup: w.lookup, Clock: w, Rand: rand.Reader})
	return w
}

// token files a token of a role for an hour.
func (w *world) token(t *testing.T, role sinso.Role, person sinso.PersonID) string {
	t.Helper()
	token, hash, err := auth.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.rows[hash] = sinso.BearerRow{Hash: hash, Role: role, Person: person, Expires: w.now.Add(time.Hour)}
	return token
}

func get(authorization ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://localhost:8480/api", nil)
	for _, value := range authorization {
		r.Header.Add("Authorization", value)
	}
	return r
}

// status is what the edge would answer.
func status(err error) int {
	var own *auth.Error
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &own):
		return own.HTTPStatus()
	case errors.Is(err, sinso.ErrDenied):
		return http.StatusForbidden
	}
	return http.StatusServiceUnavailable
}

func TestTokensAreRandomAndChecked(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		token, hash, err := auth.New(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if seen[token] || len(token) != 62 || !strings.HasPrefix(token, "sinso_") || hash != auth.Hash(token) || len(hash) != 64 {
			t.Fatalf("got token %q with hash %q", token, hash)
		}
		seen[token] = true
		if err := auth.CheckToken(token); err != nil {
			t.Errorf("CheckToken: %v", err)
		}
	}
}

func TestTypingErrorsAreTold(t *testing.T) {
	token, _, err := auth.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for i := range token {
		wrong := []byte(token)
		if wrong[i]++; wrong[i] == 'z'+1 {
			wrong[i] = 'a'
		}
		if err := auth.CheckToken(string(wrong)); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("letter %d wrong: got %v, want %v", i, err, sinso.ErrInvalid)
		}
	}
	for _, wrong := range []string{"", "sinso_", token + "a", token[:61], strings.ToUpper(token), " " + token, token[6:]} {
		if err := auth.CheckToken(wrong); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%q: got %v, want %v", wrong, err, sinso.ErrInvalid)
		}
	}
}

func TestBearer(t *testing.T) {
	w := newWorld()
	good := w.token(t, sinso.RoleOwner, "p_1")
	operator := w.token(t, sinso.RoleOperator, "p_1")
	expired := w.token(t, sinso.RoleOwner, "p_1")
	endless := w.token(t, sinso.RoleOwner, "p_1")
	swapped := w.token(t, sinso.RoleOwner, "p_1")
	unknown, _, err := auth.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	change := func(token string, fn func(*sinso.BearerRow)) {
		row := w.rows[auth.Hash(token)]
		fn(&row)
		w.rows[auth.Hash(token)] = row
	}
	change(expired, func(r *sinso.BearerRow) { r.Expires = w.now })
	change(endless, func(r *sinso.BearerRow) { r.Expires = time.Time{} })
	change(swapped, func(r *sinso.BearerRow) { r.Hash = auth.Hash(good) })
	for name, tt := range map[string]struct {
		request *http.Request
		status  int
	}{
		"good":            {get("Bearer " + good), 200},
		"lower case":      {get("bearer " + good), 200},
		"none":            {get(), 401},
		"empty":           {get(""), 401},
		"basic":           {get("Basic " + good), 401},
		"bare":            {get(good), 401},
		"two":             {get("Bearer "+good, "Bearer "+good), 401},
		"unknown":         {get("Bearer " + unknown), 401},
		"garbage":         {get("Bearer sinso_\x00"), 401},
		"expired":         {get("Bearer " + expired), 401},
		"without an end":  {get("Bearer " + endless), 401},
		"another's row":   {get("Bearer " + swapped), 401},
		"hash as a token": {get("Bearer " + auth.Hash(good)), 401},
		"in the query":    {httptest.NewRequest(http.MethodGet, "/?access_token="+good, nil), 401},
	} {
		caller, err := w.FromRequest(tt.request)
		if status(err) != tt.status {
			t.Errorf("%s: got %v, want %d", name, err, tt.status)
		}
		if err != nil && (caller != auth.Caller{} || strings.Contains(err.Error(), good)) {
			t.Errorf("%s: got caller %+v with error %v, want none and no token in it", name, caller, err)
		}
	}
	caller, err := w.FromRequest(get("Bearer " + good))
	if err != nil || caller.Role != sinso.RoleOwner || caller.Person != "p_1" || strings.Contains(caller.ID, good[6:20]) {
		t.Errorf("got caller %+v and error %v", caller, err)
	}
	if caller, err = w.FromRequest(get("Bearer " + operator)); err != nil || caller.Person != "" {
		t.Errorf("operator: got %+v and %v, want no person", caller, err)
	}
	w.pass(time.Hour)
	if _, err := w.FromRequest(get("Bearer " + good)); status(err) != 401 {
		t.Errorf("after its time: got %v, want 401", err)
	}
}

func TestLookupsErrorIsNotTheCallersFault(t *testing.T) {
	w := newWorld()
	good := w.token(t, sinso.RoleAuditor, "")
	w.broken = sinso.ErrUnavailable
	for range 100 {
		if _, err := w.FromRequest(get("Bearer " + good)); !errors.Is(err, sinso.ErrUnavailable) || status(err) != 503 {
			t.Fatalf("got %v, want %v", err, sinso.ErrUnavailable)
		}
	}
	w.broken = nil
	if _, err := w.FromRequest(get("Bearer " + good)); err != nil {
		t.Errorf("after the index is back: %v", err)
	}
}

// TestGuessingIsSlowedDown guesses from one address; neither a good token from there, in use
// or fresh, nor other addresses are shut out.
func TestGuessingIsSlowedDown(t *testing.T) {
	w := newWorld()
	used, fresh := w.token(t, sinso.RoleOperator, ""), w.token(t, sinso.RoleOperator, "")
	if _, err := w.FromRequest(get("Bearer " + used)); err != nil {
		t.Fatal(err)
	}
	guess := func() int {
		token, _, err := auth.New(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.FromRequest(get("Bearer " + token))
		return status(err)
	}
	got := map[int]int{}
	for range 100 {
		got[guess()]++
	}
	if got[401] != 20 || got[429] != 80 {
		t.Errorf("got answers %v, want 20 of 401, 80 of 429", got)
	}
	if _, err := w.FromRequest(get("Bearer " + used)); err != nil {
		t.Errorf("a token in use: %v", err)
	}
	if _, err := w.FromRequest(get("Bearer " + fresh)); err != nil {
		t.Errorf("a fresh token from that address: %v", err)
	}
	elsewhere := get("Bearer " + fresh)
	elsewhere.RemoteAddr = "127.0.0.9:1"
	if _, err := w.FromRequest(elsewhere); err != nil {
		t.Errorf("a fresh token from elsewhere: %v", err)
	}
	w.pass(time.Minute)
	if s := guess(); s != 401 {
		t.Errorf("a minute later: got %d, want 401", s)
	}
}

// signIn signs the page in and returns its cookie.
func signIn(t *testing.T, w *world, token string, secure bool) *http.Cookie {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8480/session", nil)
	r.Header.Set("Origin", "http://localhost:8480")
	if secure {
		r.TLS = &tls.ConnectionState{}
	}
	rw := httptest.NewRecorder()
	if _, err := w.SignIn(rw, r, token); err != nil {
		t.Fatalf("SignIn: %v", err)
	}
	cookies := rw.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("got %d cookies, want 1", len(cookies))
	}
	return cookies[0]
}

func TestSessionCookie(t *testing.T) {
	w := newWorld()
	token := w.token(t, sinso.RoleOwner, "p_1")
	for _, secure := range []bool{false, true} {
		c := signIn(t, w, token, secure)
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure != secure || c.Path != "/" || c.Domain != "" || strings.Contains(c.Value, "sinso_") {
			t.Errorf("TLS %t: got cookie %v", secure, c)
		}
	}
	c := signIn(t, w, token, false)
	r := get()
	r.AddCookie(c)
	caller, err := w.FromRequest(r)
	if err != nil || caller.Person != "p_1" {
		t.Errorf("got %+v and %v, want the owner", caller, err)
	}
	w.mu.Lock()
	delete(w.rows, auth.Hash(token))
	w.mu.Unlock()
	if _, err := w.FromRequest(r); status(err) != 401 {
		t.Errorf("after the token was taken back: got %v, want 401", err)
	}
}

func TestSessionEnds(t *testing.T) {
	w := newWorld()
	token := w.token(t, sinso.RoleOwner, "p_1")
	row := w.rows[auth.Hash(token)]
	row.Expires = w.now.Add(1000 * time.Hour)
	w.rows[auth.Hash(token)] = row
	c := signIn(t, w, token, false)
	r := get()
	r.AddCookie(c)
	out := httptest.NewRequest(http.MethodPost, "http://localhost:8480/session", nil)
	out.AddCookie(c)
	if err := w.SignOut(httptest.NewRecorder(), out); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("SignOut sent by another site: got %v, want %v", err, sinso.ErrDenied)
	}
	w.pass(12*time.Hour - time.Second)
	if _, err := w.FromRequest(r); err != nil {
		t.Errorf("before its end: %v", err)
	}
	out.Header.Set("Sec-Fetch-Site", "same-origin")
	if err := w.SignOut(httptest.NewRecorder(), out); err != nil {
		t.Errorf("SignOut: %v", err)
	}
	if _, err := w.FromRequest(r); status(err) != 401 {
		t.Errorf("after signing out: got %v, want 401", err)
	}
	c = signIn(t, w, token, false)
	r = get()
	r.AddCookie(c)
	w.pass(12 * time.Hour)
	if _, err := w.FromRequest(r); status(err) != 401 {
		t.Errorf("after its time: got %v, want 401", err)
	}
}

// TestCrossSiteRequestsAreRefused has other sites use the cookie that the
// browser adds.
func TestCrossSiteRequestsAreRefused(t *testing.T) {
	w := newWorld()
	token := w.token(t, sinso.RoleOwner, "p_1")
	c := signIn(t, w, token, false)
	for name, tt := range map[string]struct {
		method, site, origin string
		status               int
	}{
		"read":                      {"GET", "", "", 200},
		"read from another site":    {"GET", "cross-site", "", 200}, // SameSite=Strict: the cookie is not sent
		"same origin":               {"POST", "same-origin", "http://localhost:8480", 200},
		"old browser, same origin":  {"POST", "", "http://localhost:8480", 200},
		"another site":              {"POST", "cross-site", "http://evil.example", 403},
		"another port":              {"POST", "same-site", "http://localhost:3000", 403},
		"old browser, another site": {"DELETE", "", "http://evil.example", 403},
		"old browser, another port": {"POST", "", "http://localhost:3000", 403},
		"null origin":               {"POST", "", "null", 403},
		"nothing said":              {"POST", "", "", 403},
		"address bar":               {"POST", "none", "", 403},
		"odd method":                {"OPTIONS", "cross-site", "", 403},
	} {
		r := httptest.NewRequest(tt.method, "http://localhost:8480/api", nil)
		r.AddCookie(c)
		if tt.site != "" {
			r.Header.Set("Sec-Fetch-Site", tt.site)
		}
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		if _, err := w.FromRequest(r); status(err) != tt.status && tt.method != "OPTIONS" || tt.method == "OPTIONS" && status(err) == 401 {
			t.Errorf("%s: got %v, want %d", name, err, tt.status)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		if _, err := w.FromRequest(r); err != nil {
			t.Errorf("%s with the token itself: %v", name, err)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8480/session", nil)
	r.Header.Set("Origin", "http://evil.example")
	if _, err := w.SignIn(httptest.NewRecorder(), r, token); status(err) != 403 {
		t.Errorf("SignIn from another site: got %v, want 403", err)
	}
}

// TestPolicy is the whole policy: every role and action, for the caller's own
// person and for another. A new role or action fails until it has its line.
func TestPolicy(t *testing.T) {
	// One letter an action, in the order of Actions: y may, d denied, h hidden;
	// first for person p_1, then for p_2.
	want := map[sinso.Role][2]string{
		sinso.RoleOwner:     {"yyyyyyy" + "dddd", "hhhhhhh" + "dddd"},
		sinso.RoleOperator:  {"ydydddd" + "ddyy", "ydydddd" + "ddyy"},
		sinso.RoleClinician: {"yyydddy" + "dddy", "yyydddy" + "dddy"},
		sinso.RoleBuyer:     {"hhhhhhh" + "yddd", "hhhhhhh" + "yddd"},
		sinso.RoleAuditor:   {"hhhhhyh" + "dydd", "hhhhhyh" + "dydd"},
		sinso.RoleMember:    {"hhhhhhh" + "dddd", "hhhhhhh" + "dddd"},
		sinso.RoleReplica:   {"hhhhhhhhhhh", "hhhhhhhhhhh"},
		"":                  {"hhhhhhhhhhh", "hhhhhhhhhhh"},
		"unheard of":        {"hhhhhhhhhhh", "hhhhhhhhhhh"},
	}
	for role, rows := range want {
		for i, person := range []sinso.PersonID{"p_1", "p_2"} {
			var got strings.Builder
			for _, action := range auth.Actions() {
				got.WriteString(letter(auth.Caller{Role: role, Person: "p_1"}.May(action, person)))
			}
			if got.String() != rows[i] {
				t.Errorf("role %q on %s: got %s, want %s for %v", role, person, &got, rows[i], auth.Actions())
			}
		}
	}
	for _, action := range auth.Actions() {
		if err := auth.Local().May(action, "p_1"); err != nil {
			t.Errorf("local %s: %v", action, err)
		}
		if err := (auth.Caller{Role: sinso.RoleOwner}).May(action, ""); err == nil {
			t.Errorf("an owner of nobody may %s things of nobody", action)
		}
		if err := (auth.Caller{}).May(action, "p_1"); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("a stranger %s: got %v, want %v", action, err, sinso.ErrNotFound)
		}
	}
}

// TestOnlyCliniciansTreat: de-identified copies are kept from those alone who may treat
// somebody by them.
func TestOnlyCliniciansTreat(t *testing.T) {
	for _, role := range []sinso.Role{sinso.RoleOwner, sinso.RoleOperator, sinso.RoleClinician, sinso.RoleBuyer, sinso.RoleAuditor, sinso.RoleMember, ""} {
		if got, want := (auth.Caller{Role: role}).Treats(), role == sinso.RoleClinician; got != want {
			t.Errorf("%q treats: %t, want %t", role, got, want)
		}
		if (auth.Caller{Role: role, Research: true}).Treats() {
			t.Errorf("%q treats by what is for research", role)
		}
	}
	if auth.Local().Treats() {
		t.Error("the keeper treats")
	}
}

func letter(err error) string {
	switch {
	case err == nil:
		return "y"
	case errors.Is(err, sinso.ErrNotFound):
		return "h"
	case errors.Is(err, sinso.ErrDenied):
		return "d"
	}
	return "?"
}

func TestScope(t *testing.T) {
	for role, want := range map[sinso.Role]struct {
		person sinso.PersonID
		all    bool
		class  error
	}{
		sinso.RoleOwner: {person: "p_1"}, sinso.RoleOperator: {all: true}, sinso.RoleClinician: {all: true},
		sinso.RoleBuyer: {class: sinso.ErrNotFound}, sinso.RoleMember: {class: sinso.ErrNotFound},
	} {
		person, all, err := auth.Caller{Role: role, Person: "p_1"}.Scope(auth.See)
		if person != want.person || all != want.all || !errors.Is(err, want.class) {
			t.Errorf("%s: got %q, %t, %v, want %+v", role, person, all, err, want)
		}
	}
	if person, all, err := (auth.Caller{Role: sinso.RoleOwner}).Scope(auth.See); err == nil {
		t.Errorf("an owner of nobody: got %q, %t and no error: that could list all", person, all)
	}
}

func TestACallerIsHandedOn(t *testing.T) {
	want := auth.Caller{Role: sinso.RoleAuditor}
	if got, ok := auth.From(auth.WithCaller(t.Context(), want)); !ok || got.Role != want.Role {
		t.Errorf("got %+v, %t", got, ok)
	}
	if _, ok := auth.From(t.Context()); ok {
		t.Error("a context without a caller has one")
	}
}
