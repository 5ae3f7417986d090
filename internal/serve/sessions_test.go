package serve

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// cookieOf signs the page in with a role's token.
func (g *rig) cookieOf(t *testing.T, role string) string {
	t.Helper()
	in := g.want(t, 200, "", "POST", api+"/session", fmt.Sprintf(`{"token":%q}`, g.token[role]), "Origin", g.url)
	return in.Cookies()[0].Name + "=" + in.Cookies()[0].Value
}

// TestSessionsAreSeenAndEnded: a person sees where they are signed in, ends one page
// and then all others, and the log says so; nobody sees another's.
func TestSessionsAreSeenAndEnded(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	here, there, elsewhere := g.cookieOf(t, "owner"), g.cookieOf(t, "owner"), g.cookieOf(t, "owner")
	foreign := g.cookieOf(t, "other")
	mine := g.want(t, 200, "", "GET", api+"/sessions", "", "Cookie", here)
	items := mine.items(t)
	if len(items) != 3 || items[0]["this"] != true || items[1]["this"] != false || items[0]["how"] != "token" {
		t.Fatalf("got %s", mine.body)
	}
	for _, cookie := range []string{here, there, elsewhere} {
		if strings.Contains(string(mine.body), cookie[strings.Index(cookie, "=")+1:]) {
			t.Error("the list has a cookie in it")
		}
	}
	path := api + "/sessions/" + fmt.Sprint(items[1]["id"])
	g.want(t, 403, "", "DELETE", path, "", "Cookie", here, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	g.want(t, 404, "", "DELETE", path, "", "Cookie", foreign, "Origin", g.url)
	g.want(t, 204, "", "DELETE", path, "", "Cookie", here, "Origin", g.url)
	g.want(t, 401, "", "GET", api+"/session", "", "Cookie", there)
	if got := g.want(t, 200, "", "DELETE", api+"/sessions", "", "Cookie", here, "Origin", g.url); string(got.body) != "{\"ended\":1}\n" {
		t.Errorf("got %s", got.body)
	}
	g.want(t, 401, "", "GET", api+"/session", "", "Cookie", elsewhere)
	g.want(t, 200, "", "GET", api+"/session", "", "Cookie", here)
	g.want(t, 200, "", "GET", api+"/session", "", "Cookie", foreign)
	counts := map[string]int{}
	for _, e := range g.want(t, 200, "owner", "GET", api+"/audit", "").items(t) {
		counts[fmt.Sprint(e["type"])]++
		if strings.Contains(fmt.Sprint(e["says"]), "no words") {
			t.Errorf("got %v", e)
		}
	}
	if counts["signed-in"] != 3 || counts["sessions-ended"] != 2 {
		t.Errorf("the person's log: got %v, want 3 signed-in and 2 sessions-ended", counts)
	}
	if got := g.want(t, 200, "auditor", "GET", api+"/audit?subject="+fmt.Sprint(items[1]["id"]), "").items(t); len(got) != 2 {
		t.Errorf("of one session the log says %v, want its beginning and end", got)
	}
	for _, at := range []string{here, there, foreign} {
		if strings.Contains(g.log.String(), at[strings.Index(at, "=")+1:]) {
			t.Error("the log has a cookie")
		}
	}
}

// TestSignInsAreInTheIndexMadeAnew replays the log: what it says of signing in is known
// to it, and changes nothing else.
func TestSignInsAreInTheIndexMadeAnew(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.cookieOf(t, "owner")
	before := must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, ""))
	if err := g.way.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := must[[]sinso.Event](t)(g.way.History(t.Context(), g.a, ""))
	if got, want := must[[]byte](t)(json.Marshal(after)), must[[]byte](t)(json.Marshal(before)); string(got) != string(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
