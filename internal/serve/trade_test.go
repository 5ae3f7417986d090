package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/format/dicom"
	peerhttp "sinso.dev/sinso/internal/peer/http"
	"sinso.dev/sinso/internal/way"
)

func newPeer(t *testing.T) *peerhttp.Peers {
	t.Helper()
	peer := peerhttp.New(peerhttp.Config{Tries: 1})
	t.Cleanup(func() { _ = peer.Close() })
	return peer
}

// TestGatewayGivesWhatWasOfferedAlone: another node fetches the blocks of an offer
// with its own client; a block of an original, or none, is not there.
func TestGatewayGivesWhatWasOfferedAlone(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sold := g.sale(t)
	peer := newPeer(t)
	block := must[[]byte](t)(peer.Fetch(t.Context(), g.url, sinso.CID(sold.cid)))
	if err := sinso.CID(sold.cid).Verify(block); err != nil {
		t.Error(err)
	}
	original := must[[]sinso.InstanceRow](t)(g.way.Instances(t.Context(), g.study))[0].CID
	for _, hidden := range []sinso.CID{original, sinso.CIDOf(sinso.CodecRaw, []byte("none"))} {
		if _, err := peer.Fetch(t.Context(), g.url, hidden); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", hidden, err)
		}
	}
	path := "/ipfs/" + sold.cid
	got := g.want(t, 200, "", "GET", path+"?format=raw", "")
	h := got.Header
	if h.Get("Content-Type") != "application/vnd.ipld.raw" || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("Etag") != `"`+sold.cid+`.raw"` {
		t.Errorf("got %v", h)
	}
	g.want(t, 304, "", "GET", path+"?format=raw", "", "If-None-Match", h.Get("Etag"))
	g.want(t, 404, "", "GET", "/ipfs/"+string(original)+"?format=raw", "", "If-None-Match", `"`+string(original)+`.raw"`)
	if head := g.want(t, 200, "", "HEAD", path, "", "Accept", "application/vnd.ipld.raw"); head.ContentLength != int64(len(got.body)) {
		t.Errorf("HEAD says %d bytes, GET gives %d", head.ContentLength, len(got.body))
	}
	for _, query := range []string{"", "?format=dag-json"} {
		g.want(t, 406, "", "GET", path+query, "")
	}
	for _, cid := range []string{"Qmbad", strings.ToUpper(sold.cid), sold.cid + "a"} {
		g.want(t, 404, "", "GET", "/ipfs/"+cid+"?format=raw", "")
	}
}

// TestKeyIsForTheBuyerAlone: the buyer's node gets the same answer again; others
// are told no in words, and who is nobody at all is told nothing.
func TestKeyIsForTheBuyerAlone(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sold := g.sale(t)
	var request sinso.KeyRequest
	if err := json.Unmarshal([]byte(sold.request), &request); err != nil {
		t.Fatal(err)
	}
	path := api + "/orders/" + sold.order + "/key"
	first := g.want(t, 200, "", "POST", path, sold.request)
	peer := newPeer(t)
	answer := must[sinso.KeyAnswer](t)(peer.Key(t.Context(), g.url, request))
	if again := must[[]byte](t)(json.Marshal(answer)); string(again) != strings.TrimSpace(string(first.body)) {
		t.Error("the buyer gets another answer the second time")
	}
	body := func(edit func(*sinso.KeyRequest)) string {
		changed := request
		edit(&changed)
		return string(must[[]byte](t)(json.Marshal(changed)))
	}
	other := sinso.Hash{7}
	foreign := must[[]byte](t)(eip712.Sign([32]byte{9}, sinso.Hash{1}))
	g.want(t, 401, "", "POST", path, body(func(r *sinso.KeyRequest) { r.Signature = nil }))
	g.want(t, 401, "", "POST", path, body(func(r *sinso.KeyRequest) { r.Signature = make([]byte, 65) }))
	g.want(t, 401, "", "POST", api+"/orders/"+other.String()+"/key", body(func(r *sinso.KeyRequest) { r.Order, r.Signature = other, nil }))
	g.want(t, 404, "", "POST", api+"/orders/"+other.String()+"/key", body(func(r *sinso.KeyRequest) { r.Order = other }))
	g.want(t, 400, "", "POST", path, body(func(r *sinso.KeyRequest) { r.Order = other }))
	no := g.want(t, 403, "", "POST", path, body(func(r *sinso.KeyRequest) { r.Signature = foreign }))
	if !strings.Contains(no.field(t, "detail"), "not signed by the key that filled the order") {
		t.Errorf("got %s", no.body)
	}
	ended := g.want(t, 200, "owner", "DELETE", api+"/grants/"+sold.order, "")
	if !strings.Contains(ended.field(t, "says"), "nobody can call it back") || ended.field(t, "tx") == "" {
		t.Errorf("got %s", ended.body)
	}
	if _, err := peer.Key(t.Context(), g.url, request); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "ended this grant") {
		t.Errorf("got %v, want a refusal with its reason", err)
	}
	if grants := g.want(t, 200, "owner", "GET", api+"/grants", "").items(t); len(grants) != 1 || grants[0]["revoked"] != true {
		t.Errorf("got %v", grants)
	}
}

// TestStrangersAskForKeysSlowly: each address has a number of tries a minute.
func TestStrangersAskForKeysSlowly(t *testing.T) {
	t.Parallel()
	now := &fixed{time.Unix(1000, 0)}
	p := newPace(now)
	for i := range paceMost {
		if !p.step("10.0.0.1") {
			t.Fatalf("try %d was refused", i)
		}
	}
	if p.step("10.0.0.1") || !p.step("10.0.0.2") {
		t.Error("one address is not told from another, or is not bounded")
	}
	for i := range paceTracked {
		p.step(fmt.Sprintf("2001:db8:0:%x::/64", i))
	}
	if len(p.asked) > paceTracked || p.order.Len() != len(p.asked) {
		t.Errorf("%d addresses are known", len(p.asked))
	}
	if !p.step("2001:db8:1::/64") {
		t.Error("a new address is refused because of what others ask")
	}
	now.at = now.at.Add(paceWindow)
	if !p.step("10.0.0.1") {
		t.Error("refused in the next minute too")
	}
}

// TestWhoAsksOnIsNotForgotten: of more addresses than are known the one that asked longest
// ago gives way, not one that asks and asks.
func TestWhoAsksOnIsNotForgotten(t *testing.T) {
	t.Parallel()
	p := newPace(&fixed{time.Unix(1000, 0)})
	asked := 0
	for i := range 2 * paceTracked {
		p.step(fmt.Sprint("idle ", i))
		if i%32 == 0 && p.step("busy") {
			asked++
		}
	}
	if asked != paceMost {
		t.Errorf("it was let in %d times of %d, want %d", asked, 2*paceTracked/32, paceMost)
	}
	if p.step("busy") || !p.step("idle 0") {
		t.Error("who asks on is let in, or who was forgotten is not")
	}
}

// TestWrongKeyRequestsCostNobodyTheirTurn: what is refused unread does not use up what
// buyers behind the same address may ask.
func TestWrongKeyRequestsCostNobodyTheirTurn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sold := g.sale(t)
	path := api + "/orders/" + sold.order + "/key"
	var request sinso.KeyRequest
	if err := json.Unmarshal([]byte(sold.request), &request); err != nil {
		t.Fatal(err)
	}
	request.Signature = nil
	unsigned := string(must[[]byte](t)(json.Marshal(request)))
	other := api + "/orders/" + sinso.Hash{7}.String() + "/key"
	for range paceMost {
		g.want(t, 401, "", "POST", path, unsigned)
		g.want(t, 400, "", "POST", other, unsigned)
	}
	g.want(t, 200, "", "POST", path, sold.request)
}

type fixed struct{ at time.Time }

func (f *fixed) Now() time.Time { return f.at }

// TestVerificationNamesThePieceThatFails: a sound token verifies for who sold and
// who bought it; with a block gone the answer names what failed, and what held.
func TestVerificationNamesThePieceThatFails(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sold := g.sale(t)
	path := api + "/tokens/" + sold.token + "/verification"
	for _, role := range []string{"owner", "buyer", "clinician"} {
		if got := g.want(t, 200, role, "GET", path, ""); !strings.HasPrefix(string(got.body), `{"ok":true,`) || !strings.Contains(string(got.body), `"piece":"import entry"`) {
			t.Errorf("%s: got %s", role, got.body)
		}
	}
	g.want(t, 404, "other", "GET", path, "")
	g.want(t, 404, "auditor", "GET", path, "")
	if err := g.way.Blobs.Delete(t.Context(), sinso.CID(sold.cid)); err != nil {
		t.Fatal(err)
	}
	got := g.want(t, 200, "buyer", "GET", path, "")
	if !strings.HasPrefix(string(got.body), `{"ok":false,"piece":"manifest","error":"`) || !strings.Contains(string(got.body), `"piece":"release entry"`) {
		t.Errorf("got %s", got.body)
	}
}

// TestReleaseTellsHowFarItIs follows a release line by line, and a purchase.
func TestReleaseTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	body := fmt.Sprintf(`{"study":%q,"priceWei":"5"}`, g.study)
	got := g.want(t, 200, "owner", "POST", api+"/assets", body, "Accept", ndjsonType)
	lines := strings.Split(strings.TrimSpace(string(got.body)), "\n")
	// What a slow reader has not taken yet is overtaken by what is newer: the first line may be of any step.
	if len(lines) < 2 || !regexp.MustCompile(`^{"progress":{"done":[0-3],"total":3}}$`).MatchString(lines[0]) || !strings.HasPrefix(lines[len(lines)-1], `{"result":{"id":"r_`) {
		t.Fatalf("got %q", lines)
	}
	order := g.want(t, 200, "owner", "GET", api+"/orders", "").items(t)[0]["hash"].(string)
	offer := string(g.want(t, 200, "owner", "GET", api+"/orders/"+order+"/offer", "").body)
	bought := g.want(t, 200, "buyer", "POST", api+"/purchases", offer, "Accept", ndjsonType)
	if lines := string(bought.body); !strings.HasPrefix(lines, `{"progress":{"step":"`) || !strings.Contains(lines, `{"result":{"order":"`+order) {
		t.Errorf("got %s", lines)
	}
}

// TestStreamEndsWithItsError: what fails before the first line is a problem with
// its status, and what fails later is the last line.
func TestStreamEndsWithItsError(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	early := g.want(t, 404, "other", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"5"}`, g.study), "Accept", ndjsonType)
	if early.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %s", early.Header.Get("Content-Type"))
	}
	sold := g.sale(t)
	offer := g.tampered(t, sold)
	late := g.want(t, 200, "buyer", "POST", api+"/purchases", offer, "Accept", ndjsonType)
	lines := strings.Split(strings.TrimSpace(string(late.body)), "\n")
	last := lines[len(lines)-1]
	if len(lines) < 2 || !strings.HasPrefix(last, `{"error":{"type":"about:blank"`) || !strings.Contains(last, `"class":"unavailable"`) {
		t.Errorf("got %q", lines)
	}
}

// tampered is an offer of a second release whose seller cannot be reached.
func (g *rig) tampered(t *testing.T, _ traded) string {
	t.Helper()
	g.way.SetPeer("http://127.0.0.1:1")
	asset := g.want(t, 200, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"9"}`, g.study))
	return string(g.want(t, 200, "owner", "GET", api+"/orders/"+asset.field(t, "order")+"/offer", "").body)
}

// TestRefusedReleaseSaysWhy: what may not be sold ends refused, in words.
func TestRefusedReleaseSaysWhy(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	file := burned(t)
	study := must[way.ImportResult](t)(g.way.Import(t.Context(), source([][]byte{file}), way.ImportOptions{Actor: "test", Person: g.a})).Studies[0]
	got := g.want(t, 200, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"5"}`, study))
	if got.field(t, "state") != "refused" || got.field(t, "reason") == "" || len(got.field(t, "explain")) < 20 {
		t.Errorf("got %s", got.body)
	}
}

// burned is an image that says of itself that names are burned into its pixels.
func burned(t *testing.T) []byte {
	t.Helper()
	file := must[*dicom.File](t)(dicom.Read(drawn(t, 14, 1)[0]))
	tree := must[dicom.Dataset](t)(file.Tree())
	if e := tree.Find(0x00280301); e != nil { // Burned In Annotation
		e.Value = []byte("YES ")
	} else {
		t.Fatal("the phantom does not say whether names are burned in")
	}
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, tree))
}
