package dicomweb_test

import (
	"bufio"
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/serve/dicomweb"
)

// row is what one route must answer to whom.
type row struct {
	route string // method and pattern behind the base
	path  string // the pattern filled, of a thing of person a; the pattern if not given
	body  []byte
	// What each gets. 0 is 200, and for "other", the owner of another person, 404.
	owner, other, clinician, operator, member int
}

const uriA = "/wado?requestType=WADO&studyUID=2.25.11&seriesUID=2.25.12&objectUID=2.25.13"

func rows(t *testing.T) []row {
	t.Helper()
	object := stow("BOUND", slice{study: "2.25.61", series: "2.25.62", uid: "2.25.63", name: "OF^ANYBODY"}.bytes(t))
	const all, refused, none = 200, 403, 404
	list := func(route, path string) row {
		return row{route: "GET " + route, path: path, other: all, operator: refused, member: none}
	}
	read := func(route, path string) row {
		return row{route: "GET " + route, path: path, operator: refused, member: none}
	}
	s, e, i := "/studies/{study}", "/studies/{study}/series/{series}", "/studies/{study}/series/{series}/instances/{instance}"
	return []row{
		{route: "GET /", other: all, member: all},
		{route: "OPTIONS /", other: all, member: all},
		{route: "GET ", other: all, member: all},
		{route: "OPTIONS ", other: all, member: all},
		{route: "POST /studies", body: object, other: all, member: none},
		{route: "POST " + s, path: "/studies/2.25.61", body: object, other: all, member: none},
		list("/studies", ""), list("/series", ""), list("/instances", ""), list(s+"/series", studyA+"/series"), list(s+"/instances", studyA+"/instances"), list(e+"/instances", seriesA+"/instances"),
		list("/changes", ""), read("/wado", uriA),
		read(s, studyA), read(e, seriesA), read(i, instanceA),
		read(s+"/metadata", studyA+"/metadata"), read(e+"/metadata", seriesA+"/metadata"), read(i+"/metadata", instanceA+"/metadata"),
		read(s+"/thumbnail", studyA+"/thumbnail"), read(e+"/thumbnail", seriesA+"/thumbnail"), read(i+"/thumbnail", instanceA+"/thumbnail"),
		read(i+"/rendered", instanceA+"/rendered"), read(i+"/frames/{frames}", instanceA+"/frames/1"),
		read(i+"/frames/{frames}/rendered", instanceA+"/frames/1/rendered"), read(i+"/frames/{frames}/thumbnail", instanceA+"/frames/1/thumbnail"),
		read(i+"/bulkdata/*", instanceA+"/bulkdata/7FE00010"),
		// Last, and from below: what withdraws something.
		{route: "DELETE " + i, path: instanceA, owner: refused, clinician: refused, operator: 204, member: none},
		{route: "DELETE " + e, path: seriesA, owner: refused, clinician: refused, operator: 204, member: none},
		{route: "DELETE " + s, path: studyA, owner: refused, clinician: refused, operator: 204, member: none},
	}
}

// TestEveryRouteAsksWhoAndWhose holds each route against the rule book: nobody
// without a token, nothing of another person, no deed beyond a role. A route
// without a row fails, and so does a row without a route.
func TestEveryRouteAsksWhoAndWhose(t *testing.T) {
	t.Parallel()
	g := filled(t)
	seen := map[string]bool{}
	for _, row := range rows(t) {
		seen[row.route] = true
		g.check(t, row)
	}
	for _, route := range routesOf(t, g.server) {
		if !seen[route] {
			t.Errorf("route %q has no row in the table", route)
		}
		delete(seen, route)
	}
	if len(seen) > 0 {
		t.Errorf("rows without a route: %v", seen)
	}
}

func routesOf(t *testing.T, s *dicomweb.Server) []string {
	t.Helper()
	var routes []string
	err := chi.Walk(s.Router(), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, method+" "+strings.TrimPrefix(pattern, "/dicom-web"))
		return nil
	})
	if err != nil || len(routes) == 0 {
		t.Fatalf("%d routes, %v", len(routes), err)
	}
	return routes
}

func (g *rig) check(t *testing.T, row row) {
	t.Helper()
	method, pattern, _ := strings.Cut(row.route, " ")
	path := row.path
	if path == "" {
		path = pattern
	}
	for _, ask := range []struct {
		role      string
		want      int
		otherwise int
	}{
		{"", 401, 401},
		{"nonsense", 401, 401},
		{"other", row.other, 404},
		{"member", row.member, 404},
		{"buyer", row.member, 404},
		{"auditor", row.member, 404},
		{"clinician", row.clinician, 200},
		{"owner", row.owner, 200},
		{"operator", row.operator, 200},
	} {
		if ask.want == 0 {
			ask.want = ask.otherwise
		}
		var headers []string
		if row.body != nil {
			headers = []string{"Content-Type", stowType}
		}
		got := g.do(ask.role, method, path, row.body, headers...)
		if got.StatusCode != ask.want {
			t.Errorf("%s as %q: got %d %.200s, want %d", row.route, ask.role, got.StatusCode, got.body, ask.want)
		}
		if ask.want >= 400 && got.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s as %q: the refusal is %q, no problem", row.route, ask.role, got.Header.Get("Content-Type"))
		}
		if ask.role == "other" && row.body == nil && (bytes.Contains(got.body, []byte("PHANTOM^")) || bytes.Contains(got.body, []byte(`["2.25.11"]`))) {
			t.Errorf("%s: the other person sees %.300s", row.route, got.body)
		}
		if ask.role == "other" && ask.want == 404 {
			missing := g.do("other", method, strings.NewReplacer("2.25.11", "2.25.888", "2.25.13", "2.25.889").Replace(path), nil)
			if missing.StatusCode != 404 || string(missing.body) != string(got.body) {
				t.Errorf("%s: what is another's and what is not there are told apart:\n%s%s", row.route, got.body, missing.body)
			}
		}
	}
}

// TestListsHoldTheCallersOwnAlone compares what each role finds.
func TestListsHoldTheCallersOwnAlone(t *testing.T) {
	t.Parallel()
	g := filled(t)
	for role, want := range map[string]int{"owner": 2, "other": 1, "clinician": 3} {
		for _, path := range []string{"/studies", "/studies?PatientID=*"} {
			if n := len(g.want(200, role, "GET", path, nil).list(t)); n != want {
				t.Errorf("%s finds %d studies, want %d", role, n, want)
			}
		}
	}
	if n := len(g.want(200, "other", "GET", "/studies?PatientID=PHANTOM-1", nil).list(t)); n != 0 {
		t.Errorf("the other person finds %d", n)
	}
	got := g.want(200, "clinician", "GET", "/studies/2.25.41", nil)
	if n := len(got.parts(t)); n != 1 {
		t.Errorf("the clinician gets %d parts", n)
	}
	if opened := g.archive.openings(); !slices.Equal(opened, []string{"clinician " + string(personB) + " s_ retrieve"}) {
		t.Errorf("written down: %q", opened)
	}
}

// TestWhoMayReadIsOneSetting lets an operator in where the node's keeper says so.
func TestWhoMayReadIsOneSetting(t *testing.T) {
	t.Parallel()
	g := filled(t, func(c *dicomweb.Config) { c.Read = auth.See })
	for _, path := range []string{"/studies", studyA, instanceA + "/metadata", "/changes"} {
		g.want(200, "operator", "GET", path, nil)
		g.want(404, "member", "GET", path, nil)
	}
}

// TestOtherPathsAndMethods are problems, and ask who is there first.
func TestOtherPathsAndMethods(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.want(401, "", "GET", "/nothing", nil)
	g.want(404, "owner", "GET", "/nothing", nil)
	g.want(401, "", "PUT", "/studies", nil)
	g.want(401, "", "GET", "/studies", nil, "Authorization", "Bearer sinso_nonsense")
	got := g.want(405, "owner", "PUT", "/studies", nil)
	if allow := got.Header.Values("Allow"); !slices.Equal(allow, []string{"GET", "POST"}) {
		t.Errorf("allowed: %q", allow)
	}
	got = g.get("/")
	var list struct {
		Base   string
		Routes []struct{ Path string }
	}
	if err := stdjson.Unmarshal(got.body, &list); err != nil || list.Base != g.url || len(list.Routes) < 20 {
		t.Errorf("%s: %v", got.body, err)
	}
}

// TestChangesByCursor reads the feed page by page, each person's own.
func TestChangesByCursor(t *testing.T) {
	t.Parallel()
	g := filled(t)
	read := func(role, query string) []map[string]any {
		var list []map[string]any
		if err := stdjson.Unmarshal(g.want(200, role, "GET", "/changes"+query, nil, "Accept", "application/json").body, &list); err != nil || list == nil {
			t.Fatal(err)
		}
		return list
	}
	first := read("owner", "?limit=3")
	next := read("owner", fmt.Sprint("?limit=3&after=", first[2]["seq"]))
	if len(first) != 3 || len(next) != 2 || len(read("owner", fmt.Sprint("?after=", next[1]["seq"]))) != 0 || len(read("other", "")) != 1 || len(read("clinician", "")) != 6 {
		t.Errorf("got %v, %v", first, next)
	}
	if first[0]["action"] != "create" || first[0]["url"] != g.url+instanceA {
		t.Errorf("got %v", first[0])
	}
	g.want(204, "operator", "DELETE", studyA, nil)
	if last := read("owner", "?after=6"); len(last) != 1 || last[0]["action"] != "delete" {
		t.Errorf("got %v", last)
	}
	for _, query := range []string{"?limit=0", "?limit=9999", "?after=-1", "?after=1&after=2", "?x=1"} {
		g.want(400, "owner", "GET", "/changes"+query, nil)
	}
	g.want(406, "owner", "GET", "/changes", nil, "Accept", "text/html")
}

// TestChangesAsTheyCome follows the event stream, comes back where it was, and is
// let go when the server closes.
func TestChangesAsTheyCome(t *testing.T) {
	t.Parallel()
	g := filled(t)
	dicomweb.SetPoll(g.server, 5*time.Millisecond)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url+"/changes", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Accept": "text/event-stream", "Last-Event-ID": "4", "Authorization": "Bearer " + g.token["owner"]} {
		r.Header.Set(name, value)
	}
	response, err := g.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if media := response.Header.Get("Content-Type"); response.StatusCode != 200 || media != "text/event-stream" {
		t.Fatalf("%d %q", response.StatusCode, media)
	}
	lines := bufio.NewReader(response.Body)
	next := func() (event []string) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("%v after %q", err, event)
			}
			if line = strings.TrimSpace(line); line == "" && len(event) > 0 {
				return event
			}
			if line != "" && line[0] != ':' {
				event = append(event, line)
			}
		}
	}
	if event := next(); event[0] != "id: 5" || event[1] != "event: create" || !strings.Contains(event[2], `"2.25.33"`) {
		t.Errorf("got %q", event)
	}
	g.put("other", slice{study: "2.25.41", series: "2.25.42", uid: "2.25.44"}.bytes(t)) // not the owner's
	g.put("owner", slice{uid: "2.25.99"}.bytes(t))
	if event := next(); event[0] != "id: 8" || !strings.Contains(event[2], `"2.25.99"`) {
		t.Errorf("got %q", event)
	}
	g.server.Close()
	rest, err := io.ReadAll(lines)
	if err != nil || strings.Contains(string(rest), "data") {
		t.Errorf("got %q, %v when the server closed", rest, err)
	}
	g.want(400, "owner", "GET", "/changes", nil, "Accept", "text/event-stream", "Last-Event-ID", "x")
}

// TestAClientThatStandsStillIsLetGo sends half a request, and takes half an answer:
// both end, and a slow client that moves does not.
func TestAClientThatStandsStillIsLetGo(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	dicomweb.SetStall(g.server, 300*time.Millisecond)
	large := slice{frames: 30_000}.bytes(t) // 3.8 MB
	for i := range 8 {
		g.put("owner", bytes.Replace(large, []byte("2.25.13\x00"), []byte(fmt.Sprint("2.25.9", i, "\x00")), 2))
	}
	ended := make(chan struct{}, 2)
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended <- struct{}{} }()
		g.server.ServeHTTP(w, r)
	}))
	t.Cleanup(door.Close)
	dial := func(request string) net.Conn {
		t.Helper()
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(door.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, strings.ReplaceAll(request, "TOKEN", g.token["owner"])); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	wait := func(what string) {
		t.Helper()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: the request did not end", what)
		}
	}
	sends := dial("POST /dicom-web/studies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\nContent-Type: " + stowType + "\r\nContent-Length: 1000\r\n\r\n--BOUND\r\n")
	wait("half a request")
	_ = sends.Close()
	takes := dial("GET /dicom-web/studies/2.25.11 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\n\r\n")
	wait("half an answer")
	_ = takes.Close()
	slow := dial("GET /dicom-web/studies/2.25.11 HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\n\r\n")
	defer func() { _ = slow.Close() }()
	n, piece := 0, make([]byte, 1<<20)
	for {
		got, err := slow.Read(piece)
		n += got
		if err != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	wait("a slow client")
	if n < 8*len(large) {
		t.Errorf("a slow client got %d bytes of %d", n, 8*len(large))
	}
}
