package serve

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/sharelink"
	"sinso.dev/sinso/internal/way"
)

// shown is a share as the owner's page makes it.
type shown struct {
	secret sharelink.Secret
	files  [][]byte
	parts  map[int][]byte // sealed
}

func (s shown) path() string { return api + "/shares/" + string(s.secret.ID()) }

func (s shown) link() string { return api + "/shared/" + string(s.secret.ID()) }

// proof is the header of somebody who has the link.
func (s shown) proof() string {
	proof := s.secret.Proof()
	return "Sinso-Share " + text64.EncodeToString(proof[:])
}

// plan is the body that plans it.
func (s shown) plan(study sinso.StudyID, ends time.Time, openings int) string {
	verifier := sharelink.Verifier(s.secret.Proof())
	return fmt.Sprintf(`{"id":%q,"study":%q,"verifier":%q,"purpose":"TREAT","endsAt":%q,"parts":%d,"openings":%d}`,
		s.secret.ID(), study, text64.EncodeToString(verifier[:]), ends.UTC().Format(time.RFC3339), len(s.parts)-1, openings)
}

// toShow seals files under a secret of its own.
func toShow(t *testing.T, name string, files ...[]byte) shown {
	t.Helper()
	s := shown{secret: sha256.Sum256([]byte(name)), files: files, parts: map[int][]byte{}}
	m := sharelink.Manifest{Note: "please look at the right lung", Series: []sharelink.Series{{Modality: "CT"}}}
	for _, file := range files {
		m.Series[0].Files = append(m.Series[0].Files, sharelink.File{Size: int64(len(file))})
	}
	err := sharelink.Seal(t.Context(), s.secret, m, bytes.NewReader(bytes.Join(files, nil)), func(part int, sealed []byte) error {
		s.parts[part] = bytes.Clone(sealed)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// bring plans a share and brings its parts.
func (g *rig) bring(t *testing.T, s shown, ends time.Time, openings int) {
	t.Helper()
	g.want(t, 200, "owner", "POST", api+"/shares", s.plan(g.study, ends, openings))
	for part, sealed := range s.parts {
		g.want(t, 204, "owner", "PUT", fmt.Sprintf("%s/parts/%d", s.path(), part), string(sealed))
	}
}

// share makes one.
func (g *rig) share(t *testing.T, s shown, ends time.Time, openings int) {
	t.Helper()
	g.bring(t, s, ends, openings)
	g.want(t, 200, "owner", "POST", s.path()+"/complete", "")
}

// look opens a share by its link, as the receiver's page does: all its files.
func (g *rig) look(t *testing.T, s shown) ([][]byte, error) {
	t.Helper()
	got := g.do(t, "", "GET", s.link(), "", "Authorization", s.proof())
	if got.StatusCode != 200 {
		return nil, fmt.Errorf("status %d: %s", got.StatusCode, got.body)
	}
	get := func(part int) ([]byte, error) {
		got := g.do(t, "", "GET", fmt.Sprintf("%s/parts/%d", s.link(), part), "", "Authorization", s.proof()+"."+got.field(t, "opening"))
		if got.StatusCode != 200 {
			return nil, fmt.Errorf("part %d: status %d: %s", part, got.StatusCode, got.body)
		}
		return got.body, nil
	}
	manifest, err := get(0)
	if err != nil {
		return nil, err
	}
	opened, err := sharelink.Open(s.secret, manifest)
	if err != nil {
		return nil, err
	}
	var files [][]byte
	for i := range opened.Files() {
		file, err := opened.ReadFile(i, get)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func week() time.Time { return time.Now().Add(7 * 24 * time.Hour) }

// TestALinkShowsAStudyUntilItIsEnded is the whole life of a share.
func TestALinkShowsAStudyUntilItIsEnded(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	s := toShow(t, "whole life", drawn(t, 7, 3)...)
	g.bring(t, s, week(), 0)
	if _, err := g.look(t, s); err == nil || !strings.Contains(err.Error(), "status 404") {
		t.Errorf("before it is complete: %v", err)
	}
	g.want(t, 200, "owner", "POST", s.path()+"/complete", "")
	for range 2 {
		files, err := g.look(t, s)
		if err != nil || !slices.EqualFunc(files, s.files, bytes.Equal) {
			t.Fatalf("opened %d files, %v", len(files), err)
		}
	}
	list := g.want(t, 200, "owner", "GET", api+"/shares", "").items(t)
	if len(list) != 1 || list[0]["state"] != "made" || list[0]["study"] != string(g.study) || len(list[0]["openings"].([]any)) != 2 {
		t.Errorf("listed: %v", list)
	}
	ended := g.want(t, 200, "owner", "DELETE", s.path(), "")
	if ended.field(t, "state") != "ended" || ended.field(t, "why") != "withdrawn" {
		t.Errorf("ended: %s", ended.body)
	}
	if _, err := g.look(t, s); err == nil || !strings.Contains(err.Error(), "status 404") {
		t.Errorf("a copied link after the end: %v", err)
	}
	g.want(t, 200, "owner", "DELETE", s.path(), "") // again
	want := []string{"share-planned", "share-made", "share-opened", "share-opened", "share-ended"}
	var got []string
	for _, e := range g.want(t, 200, "owner", "GET", api+"/audit?subject="+string(s.secret.ID()), "").items(t) {
		got = append(got, e["type"].(string))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the log says %v, want %v", got, want)
	}
}

// TestUnknownEndedAndNotProvenAreTheSame: a stranger learns nothing of which ids there are.
func TestUnknownEndedAndNotProvenAreTheSame(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	live, ended, planned, other := toShow(t, "live", []byte("a")), toShow(t, "ended", []byte("b")), toShow(t, "planned", []byte("c")), toShow(t, "other", []byte("d"))
	g.share(t, live, week(), 0)
	g.share(t, ended, week(), 0)
	g.bring(t, planned, week(), 0)
	opening := g.want(t, 200, "", "GET", live.link(), "", "Authorization", live.proof()).field(t, "opening")
	openingOfEnded := g.want(t, 200, "", "GET", ended.link(), "", "Authorization", ended.proof()).field(t, "opening")
	g.want(t, 200, "owner", "DELETE", ended.path(), "")
	var first string
	for _, tt := range []struct{ name, path, proof string }{
		{"unknown", other.link(), other.proof()},
		{"ended", ended.link(), ended.proof()},
		{"ended, a part", ended.link() + "/parts/0", ended.proof() + "." + openingOfEnded},
		{"not made", planned.link(), planned.proof()},
		{"another's proof", live.link(), other.proof()},
		{"no proof", live.link(), ""},
		{"no base64", live.link(), "Sinso-Share !"},
		{"another scheme", live.link(), "Bearer " + strings.TrimPrefix(live.proof(), "Sinso-Share ")},
		{"verifier for proof", live.link(), "Sinso-Share " + func() string {
			v := sharelink.Verifier(live.secret.Proof())
			return text64.EncodeToString(v[:])
		}()},
		{"a part not opened", live.link() + "/parts/1", live.proof()},
		{"a part, opening of another", live.link() + "/parts/1", live.proof() + "." + openingOfEnded},
		{"a part, opening changed", live.link() + "/parts/1", live.proof() + "." + "B" + opening[1:]},
		{"a part, proof of another", live.link() + "/parts/1", other.proof() + "." + opening},
		{"a part that is none", live.link() + "/parts/2", live.proof() + "." + opening},
		{"a part of a word", live.link() + "/parts/x", live.proof() + "." + opening},
		{"no id", api + "/shared/x", live.proof()},
	} {
		got := g.do(t, "", "GET", tt.path, "", "Authorization", tt.proof)
		if first == "" {
			first = string(got.body)
		}
		if got.StatusCode != 404 || string(got.body) != first {
			t.Errorf("%s: got %d %s, want 404 %s", tt.name, got.StatusCode, got.body, first)
		}
	}
	g.want(t, 200, "", "GET", live.link()+"/parts/1", "", "Authorization", live.proof()+"."+opening)
}

// TestStrangersAreSlowedDown: who guesses is told to wait, and who has a link is not.
func TestStrangersAreSlowedDown(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	s := toShow(t, "slow", []byte("a"))
	g.share(t, s, week(), 0)
	opening := g.want(t, 200, "", "GET", s.link(), "", "Authorization", s.proof()).field(t, "opening")
	for i := range 2*paceMost + 2 { // a minute may end between
		got := g.do(t, "", "GET", s.link(), "", "Authorization", "Sinso-Share "+strings.Repeat("A", 43))
		if got.StatusCode == 429 {
			break
		}
		if got.StatusCode != 404 || i == 2*paceMost+1 {
			t.Fatalf("guess %d: got %d", i, got.StatusCode)
		}
	}
	g.want(t, 200, "", "GET", s.link()+"/parts/1", "", "Authorization", s.proof()+"."+opening)
	g.want(t, 200, "", "GET", s.link(), "", "Authorization", s.proof()) // nor does it stop one from opening it anew
}

// TestOpeningOneShareOftenStopsNoOther: who opens one share again and again has to wait, and
// who opens another from the same address does not.
func TestOpeningOneShareOftenStopsNoOther(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	often, other := toShow(t, "often", []byte("a")), toShow(t, "other", []byte("b"))
	g.share(t, often, week(), 0)
	g.share(t, other, week(), 0)
	for i := range 2*paceMost + 2 { // a minute may end between
		got := g.do(t, "", "GET", often.link(), "", "Authorization", often.proof())
		if got.StatusCode == 429 {
			break
		}
		if got.StatusCode != 200 || i == 2*paceMost+1 {
			t.Fatalf("opening %d: got %d", i, got.StatusCode)
		}
	}
	g.want(t, 200, "", "GET", other.link(), "", "Authorization", other.proof())
}

// TestAShareOpensAsOftenAsItsOwnerSaid counts openings, not what is read with one, also
// when many come at once.
func TestAShareOpensAsOftenAsItsOwnerSaid(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	s := toShow(t, "twice", []byte("a"))
	g.share(t, s, week(), 2)
	var mu sync.Mutex // guards openings
	var openings []string
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := g.do(t, "", "GET", s.link(), "", "Authorization", s.proof()); got.StatusCode == 200 {
				mu.Lock()
				openings = append(openings, got.field(t, "opening"))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(openings) != 2 {
		t.Fatalf("opened %d times, want 2", len(openings))
	}
	for range 3 { // who has opened it goes on, and is not counted
		again := g.want(t, 200, "", "GET", s.link(), "", "Authorization", s.proof()+"."+openings[0])
		g.want(t, 200, "", "GET", s.link()+"/parts/1", "", "Authorization", s.proof()+"."+again.field(t, "opening"))
	}
	if list := g.want(t, 200, "owner", "GET", api+"/shares", "").items(t); len(list[0]["openings"].([]any)) != 2 {
		t.Errorf("listed: %v", list)
	}
}

// TestPlansAreBounded: what is no share is not planned, and one id is one share.
func TestPlansAreBounded(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	s := toShow(t, "bounds", []byte("a"))
	good := s.plan(g.study, week(), 0)
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"ended before it began": {s.plan(g.study, time.Now().Add(-time.Minute), 0), 400},
		"longer than 90 days":   {s.plan(g.study, time.Now().Add(91*24*time.Hour), 0), 400},
		"too many openings":     {s.plan(g.study, week(), 1001), 400},
		"fewer than none":       {s.plan(g.study, week(), -1), 400},
		"another purpose":       {strings.Replace(good, "TREAT", "FUN", 1), 400},
		"no parts":              {strings.Replace(good, `"parts":1`, `"parts":0`, 1), 400},
		"parts not padded":      {strings.Replace(good, `"parts":1`, `"parts":17`, 1), 400},
		"too many parts":        {strings.Replace(good, `"parts":1`, `"parts":16384`, 1), 400},
		"no id":                 {strings.Replace(good, string(s.secret.ID()), "l_x", 1), 400},
		"an id that climbs":     {strings.Replace(good, string(s.secret.ID()), "../../x", 1), 400},
		"no verifier":           {strings.Replace(good, `"verifier":"`, `"verifier":"AA`, 1), 400},
		"another's study":       {strings.Replace(good, string(g.study), string(g.other), 1), 404},
		"no study":              {strings.Replace(good, string(g.study), "s_"+strings.Repeat("a", 26), 1), 404},
	} {
		if got := g.do(t, "owner", "POST", api+"/shares", tt.body); got.StatusCode != tt.want {
			t.Errorf("%s: got %d %s, want %d", name, got.StatusCode, got.body, tt.want)
		}
	}
	g.want(t, 200, "owner", "POST", api+"/shares", good)
	g.want(t, 200, "owner", "POST", api+"/shares", good) // an upload that goes on
	g.want(t, 409, "owner", "POST", api+"/shares", s.plan(g.study, week(), 5))
	if got := g.do(t, "owner", "POST", s.path()+"/complete", ""); got.StatusCode != 400 {
		t.Errorf("complete without parts: got %d %s", got.StatusCode, got.body)
	}
	for name, tt := range map[string]struct {
		part, body string
		want       int
	}{
		"shorter":       {"1", string(s.parts[1][1:]), 400},
		"longer":        {"1", string(s.parts[1]) + "x", 400},
		"of a manifest": {"1", string(s.parts[0]), 400},
		"no manifest":   {"0", string(s.parts[1]), 400},
		"far too long":  {"0", strings.Repeat("x", sharelink.MaxManifest+1), 400},
		"one too many":  {"2", string(s.parts[1]), 400},
		"not a number":  {"01", string(s.parts[1]), 404},
		"below zero":    {"-1", string(s.parts[1]), 404},
	} {
		if got := g.do(t, "owner", "PUT", s.path()+"/parts/"+tt.part, tt.body); got.StatusCode != tt.want {
			t.Errorf("part %s: got %d %s, want %d", name, got.StatusCode, got.body, tt.want)
		}
	}
	g.want(t, 404, "owner", "HEAD", s.path()+"/parts/1", "")
	g.want(t, 204, "owner", "PUT", s.path()+"/parts/1", string(s.parts[1]))
	g.want(t, 204, "owner", "HEAD", s.path()+"/parts/1", "")
	g.want(t, 204, "owner", "PUT", s.path()+"/parts/0", string(s.parts[0]))
	g.want(t, 200, "owner", "POST", s.path()+"/complete", "")
	g.want(t, 409, "owner", "PUT", s.path()+"/parts/1", string(s.parts[1]))
	g.want(t, 409, "owner", "POST", api+"/shares", good)
}

// TestReceiptSaysWhatWasConsentedToAndIsSigned checks the signature as anybody can: by
// the key in the header, which is the institution's.
func TestReceiptSaysWhatWasConsentedToAndIsSigned(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	s := toShow(t, "receipt", []byte("a"))
	g.share(t, s, week(), 3)
	g.want(t, 200, "owner", "DELETE", s.path(), "")
	var signed way.SignedReceipt
	if err := json.Unmarshal(g.want(t, 200, "owner", "GET", s.path()+"/receipt", "").body, &signed); err != nil {
		t.Fatal(err)
	}
	r := signed.Receipt
	if r.Record != s.secret.ID() || r.Principal != g.a || r.Processing.Study != g.study || r.Processing.Purpose != "TREAT" || r.Processing.Openings != 3 ||
		!r.Processing.Until.After(r.Processing.From) || !strings.Contains(r.Processing.Withdrawal, s.path()) || r.Party.URL != g.url {
		t.Errorf("receipt: %+v", r)
	}
	var states []string
	for _, e := range r.Events {
		states = append(states, e.State)
	}
	if want := []string{"consent given", "shared", "consent withdrawn"}; !slices.Equal(states, want) {
		t.Errorf("events %v, want %v", states, want)
	}
	part := strings.Split(signed.JWS, ".")
	if len(part) != 3 {
		t.Fatalf("jws %q", signed.JWS)
	}
	decode := base64.RawURLEncoding.DecodeString
	header, payload, signature := must[[]byte](t)(decode(part[0])), must[[]byte](t)(decode(part[1])), must[[]byte](t)(decode(part[2]))
	var h struct {
		Alg string `json:"alg"`
		JWK struct {
			X string `json:"x"`
		} `json:"jwk"`
	}
	if err := json.Unmarshal(header, &h); err != nil || h.Alg != "EdDSA" {
		t.Fatalf("header %s, %v", header, err)
	}
	key := ed25519.PublicKey(must[[]byte](t)(decode(h.JWK.X)))
	if !key.Equal(g.way.InstitutionKey()) || r.Party.ID != hex.EncodeToString(key) {
		t.Error("the key is not the institution's")
	}
	if !ed25519.Verify(key, []byte(part[0]+"."+part[1]), signature) {
		t.Error("the signature is not of this receipt")
	}
	if text := must[[]byte](t)(json.Marshal(r)); !bytes.Equal(text, payload) {
		t.Errorf("what is signed is not what is shown:\n%s\n%s", payload, text)
	}
}

// TestNothingOfAnEndedShareIsLeft looks for the ciphertext in every file of the node.
func TestNothingOfAnEndedShareIsLeft(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	s := toShow(t, "gone", drawn(t, 7, 3)...)
	g.share(t, s, week(), 0)
	dir := filepath.Dir(filepath.Dir(g.cfg.Temp)) // of all that this test keeps
	if !holds(t, dir, s.parts[1][5000:5064]) {
		t.Fatal("the ciphertext of a share that is made is nowhere: does the test look in the right place?")
	}
	g.want(t, 200, "owner", "DELETE", s.path(), "")
	for part, sealed := range s.parts {
		for i := 0; i+64 <= len(sealed); i += len(sealed) / 8 {
			if holds(t, dir, sealed[i:i+64]) {
				t.Errorf("bytes %d of part %d are on disk", i, part)
			}
		}
	}
}

// holds reports whether any file below a folder has some bytes in it.
func holds(t *testing.T, dir string, some []byte) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it went meanwhile
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		found = found || bytes.Contains(b, some)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestWhoWaitsForAPlaceIsNotSlow: while the node has no place for a part of a share it does
// not read it; that is not the sender's fault.
func TestWhoWaitsForAPlaceIsNotSlow(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.stall = 500 * time.Millisecond
	s := toShow(t, "late", []byte("a file"))
	g.want(t, 200, "owner", "POST", api+"/shares", s.plan(g.study, week(), 5))
	for range cap(g.puts) {
		g.puts <- struct{}{}
	}
	got := make(chan answered, 1)
	go func() { got <- g.do(t, "owner", "PUT", s.path()+"/parts/1", string(s.parts[1])) }()
	time.Sleep(3 * g.stall) // the watch has the clock of the wall
	<-g.puts
	if answer := <-got; answer.StatusCode != 204 {
		t.Errorf("got %d %s", answer.StatusCode, answer.body)
	}
}
