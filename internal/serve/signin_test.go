package serve

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/phrase"
	"sinso.dev/sinso/internal/edge/auth/passkey/passkeytest"
	"sinso.dev/sinso/internal/way"
)

// at sends a request of the page where passkeys work: by a cookie, with the role's
// token, or as nobody.
func (g *rig) at(t *testing.T, who, method, path, body string, headers ...string) answered {
	t.Helper()
	headers = append([]string{"Origin", g.site, "Host", strings.TrimPrefix(g.site, "http://")}, headers...)
	if strings.Contains(who, "=") {
		headers = append(headers, "Cookie", who)
		who = ""
	}
	return g.do(t, who, method, path, body, headers...)
}

// read decodes an answer, which must have the status.
func read[T any](t *testing.T, a answered, status int) (v T) {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("got %d %s, want %d", a.StatusCode, a.body, status)
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func body(t *testing.T, v any) string {
	t.Helper()
	return string(must[[]byte](t)(json.Marshal(v)))
}

// held is a passkey that was added, with its device.
type held struct {
	*passkeytest.Device
	id string // of the credential
}

// passkey adds one for a role or cookie.
func (g *rig) passkey(t *testing.T, who string) held {
	t.Helper()
	d := passkeytest.New(t, "localhost", g.site)
	asked := read[newPasskeyChallenge](t, g.at(t, who, "POST", api+"/credentials/passkey/challenge", ""), 200)
	client, attestation := d.Make(string(asked.Challenge), asked.Handle)
	added := read[credential](t, g.at(t, who, "POST", api+"/credentials/passkey", body(t, newPasskey{
		Client: client, Attestation: attestation, Label: "phone", PRF: true, Wrapped: []byte("wrapped"),
	})), 200)
	return held{d, string(added.ID)}
}

// use asks for a challenge and answers it.
func (g *rig) use(t *testing.T, d held) answered {
	t.Helper()
	return g.at(t, "", "POST", api+"/session/passkey", g.answer(t, d))
}

func (g *rig) answer(t *testing.T, d held) string {
	t.Helper()
	asked := read[passkeyChallenge](t, g.at(t, "", "POST", api+"/session/passkey/challenge", ""), 200)
	client, data, signature := d.Use(string(asked.Challenge))
	return body(t, passkeyAnswer{ID: d.ID, Client: client, Data: data, Signature: signature, Handle: d.Handle})
}

func cookie(t *testing.T, a answered) string {
	t.Helper()
	if a.StatusCode != 200 || len(a.Cookies()) != 1 {
		t.Fatalf("got %d %s with %d cookies", a.StatusCode, a.body, len(a.Cookies()))
	}
	return a.Cookies()[0].Name + "=" + a.Cookies()[0].Value
}

// TestPasskeySignsInWithoutANameOrToken: a person adds one by a token and signs in by it
// alone; it is theirs, outlives the token, and gives back the key that it keeps.
func TestPasskeySignsInWithoutANameOrToken(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := g.passkey(t, "owner")
	in := g.use(t, d)
	got := read[signedInBy](t, in, 200)
	if got.Role != "owner" || got.Person != g.a || got.Expires != nil || string(got.Credential.ID) != d.id || string(got.Credential.Wrapped) != "wrapped" {
		t.Errorf("got %s", in.body)
	}
	c := cookie(t, in)
	if got := read[session](t, g.at(t, c, "GET", api+"/session", ""), 200); got.Person != g.a || got.ID == "" {
		t.Errorf("got %+v", got)
	}
	g.want(t, 200, "", "GET", api+"/studies/"+string(g.study), "", "Cookie", c)
	g.want(t, 404, "", "GET", api+"/studies/"+string(g.other), "", "Cookie", c)
	list := g.at(t, c, "GET", api+"/credentials", "").items(t)
	if len(list) != 1 || list[0]["label"] != "phone" || list[0]["used"] == nil || list[0]["expires"] != nil || list[0]["kind"] != "passkey" {
		t.Errorf("got %v", list)
	}
	if sessions := g.at(t, c, "GET", api+"/sessions", "").items(t); len(sessions) != 1 || sessions[0]["how"] != "passkey" {
		t.Errorf("got %v", sessions)
	}
	second := g.passkey(t, c) // one more, by the first
	if !bytes.Equal(second.Handle, d.Handle) || len(d.Handle) != 32 {
		t.Errorf("the passkeys of an account have the handles %x and %x", d.Handle, second.Handle)
	}
	asked := read[newPasskeyChallenge](t, g.at(t, c, "POST", api+"/credentials/passkey/challenge", ""), 200)
	if len(asked.Has) != 2 || !bytes.Equal(asked.Has[0], d.ID) || strings.Contains(asked.Name, string(g.a)) {
		t.Errorf("got %+v", asked)
	}
	if err := g.way.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	cookie(t, g.use(t, d)) // from an index that was made anew
	for _, e := range g.want(t, 200, "owner", "GET", api+"/audit", "").items(t) {
		if text := fmt.Sprint(e["says"]); strings.Contains(text, "no words") || strings.Contains(text, "phone") {
			t.Errorf("the log says %q", text)
		}
	}
}

// TestPasskeyOfARoleEndsWithItsToken: what was given for an hour is not kept for ever.
func TestPasskeyOfARoleEndsWithItsToken(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	token := read[session](t, g.do(t, "clinician", "GET", api+"/session", ""), 200)
	d := g.passkey(t, "clinician")
	got := read[signedInBy](t, g.use(t, d), 200)
	if got.Role != "clinician" || got.ID != token.ID || got.Expires == nil || !got.Expires.Equal(*token.Expires) {
		t.Errorf("got %+v, want who the token is, until %v", got, token.Expires)
	}
	ended := must[sinso.CredentialRow](t)(g.way.Credential(t.Context(), sinso.CredentialID(d.id)))
	if !ended.Expires.Equal(*token.Expires) {
		t.Errorf("got an end at %s, want %s", ended.Expires, token.Expires)
	}
}

// TestWrongPasskeysDoNotSignIn, and all are told the same.
func TestWrongPasskeysDoNotSignIn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := g.passkey(t, "owner")
	refused := map[string]answered{}
	for name, wrong := range map[string]func(*passkeytest.Device){
		"another page":       func(d *passkeytest.Device) { d.Origin = "http://localhost:3000" },
		"another site":       func(d *passkeytest.Device) { d.Site = "evil.example" },
		"nobody verified":    func(d *passkeytest.Device) { d.Flags = passkeytest.Present },
		"another's handle":   func(d *passkeytest.Device) { d.Handle = bytes.Repeat([]byte{1}, 32) },
		"no handle":          func(d *passkeytest.Device) { d.Handle = nil },
		"an unknown passkey": func(d *passkeytest.Device) { d.ID = []byte("nobody's") },
		"an empty id":        func(d *passkeytest.Device) { d.ID = []byte{} },
	} {
		changed := *d.Device
		wrong(&changed)
		refused[name] = g.use(t, held{&changed, d.id})
	}
	other := g.passkey(t, "other")
	mixed := *other.Device
	mixed.ID, mixed.Handle = d.ID, d.Handle
	refused["another person's key"] = g.use(t, held{&mixed, ""})
	for name, got := range refused {
		if got.StatusCode != 401 || len(got.Cookies()) > 0 || !bytes.Equal(got.body, refused["an unknown passkey"].body) {
			t.Errorf("%s: got %d %s", name, got.StatusCode, got.body)
		}
	}
	if got := read[session](t, g.at(t, cookie(t, g.use(t, other)), "GET", api+"/session", ""), 200); got.Person != g.b {
		t.Errorf("another's own passkey: got %+v", got)
	}
}

// TestChallengesAreForOneAnswerOfOnePageAndPurpose: no answer serves twice, or for
// something else.
func TestChallengesAreForOneAnswerOfOnePageAndPurpose(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := g.passkey(t, "owner")
	answer := g.answer(t, d)
	cookie(t, g.at(t, "", "POST", api+"/session/passkey", answer))
	if got := g.at(t, "", "POST", api+"/session/passkey", answer); got.StatusCode != 403 || len(got.Cookies()) > 0 {
		t.Errorf("a replay: got %d %s", got.StatusCode, got.body)
	}
	asked := read[newPasskeyChallenge](t, g.at(t, "owner", "POST", api+"/credentials/passkey/challenge", ""), 200)
	client, attestation := passkeytest.New(t, "localhost", g.site).Make(string(asked.Challenge), asked.Handle)
	made := body(t, newPasskey{Client: client, Attestation: attestation})
	if got := g.at(t, "other", "POST", api+"/credentials/passkey", made); got.StatusCode != 403 {
		t.Errorf("for another account: got %d %s", got.StatusCode, got.body)
	}
	if got := g.at(t, "owner", "POST", api+"/credentials/passkey", made); got.StatusCode != 403 {
		t.Errorf("after another tried it: got %d %s", got.StatusCode, got.body)
	}
	signIn := read[passkeyChallenge](t, g.at(t, "", "POST", api+"/session/passkey/challenge", ""), 200)
	client, attestation = passkeytest.New(t, "localhost", g.site).Make(string(signIn.Challenge), nil)
	if got := g.at(t, "owner", "POST", api+"/credentials/passkey", body(t, newPasskey{Client: client, Attestation: attestation})); got.StatusCode != 403 {
		t.Errorf("a challenge to sign in, for adding: got %d %s", got.StatusCode, got.body)
	}
	for _, headers := range [][]string{
		{"Origin", "http://localhost:3000", "Host", "localhost:3000"}, // a page of another port that calls the node by its own name
		{"Origin", "https://evil.example", "Host", strings.TrimPrefix(g.site, "http://")},
		{"Origin", "null"},
		{"Sec-Fetch-Site", "same-origin"}, // no origin
	} {
		if got := g.do(t, "", "POST", api+"/session/passkey/challenge", "", headers...); got.StatusCode != 403 {
			t.Errorf("%v: got %d %s, want 403", headers, got.StatusCode, got.body)
		}
	}
	if got := g.do(t, "", "POST", api+"/session/passkey/challenge", "", "Origin", g.url); got.StatusCode != 400 || !strings.Contains(string(got.body), "localhost") {
		t.Errorf("at an address of numbers: got %d %s, want 400 and where to go", got.StatusCode, got.body)
	}
}

// TestCopiedPasskeyIsRefusedAndTold: a counter that did not grow is another device's.
func TestCopiedPasskeyIsRefusedAndTold(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := g.passkey(t, "owner")
	cookie(t, g.use(t, d))
	d.Count-- // what a copy from before would say
	if got := g.use(t, d); got.StatusCode != 403 || len(got.Cookies()) > 0 || !strings.Contains(string(got.body), "copied") {
		t.Errorf("got %d %s", got.StatusCode, got.body)
	}
	d.Count = 0
	if got := g.use(t, d); got.StatusCode != 403 {
		t.Errorf("without a counter: got %d %s", got.StatusCode, got.body)
	}
	events := g.want(t, 200, "owner", "GET", api+"/audit?subject="+d.id, "").items(t)
	var types []string
	for _, e := range events {
		types = append(types, fmt.Sprint(e["type"]))
	}
	suspect := "sign-in-suspect"
	if want := []string{"sign-in-added", "signed-in", suspect, suspect}; !slices.Equal(types, want) {
		t.Errorf("the log says %v, want %v", types, want)
	}
	d.Count = 100
	cookie(t, g.use(t, d))
}

// TestOfTwoSignInsWithOneCountOneIsRefused sends two at once.
func TestOfTwoSignInsWithOneCountOneIsRefused(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := g.passkey(t, "owner")
	var answers []string
	for range 2 {
		d.Count = 7
		answers = append(answers, g.answer(t, d))
	}
	var wg sync.WaitGroup
	status := make([]int, len(answers))
	for i, answer := range answers {
		wg.Go(func() { status[i] = g.at(t, "", "POST", api+"/session/passkey", answer).StatusCode })
	}
	wg.Wait()
	if status[0]+status[1] != 200+403 {
		t.Errorf("got %v, want one of 200 and one of 403", status)
	}
}

// TestRemovedCredentialEndsItsSessions, and signs in no more; other ways in stay.
func TestRemovedCredentialEndsItsSessions(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d, kept := g.passkey(t, "owner"), g.passkey(t, "owner")
	lost, here := cookie(t, g.use(t, d)), cookie(t, g.use(t, kept))
	path := api + "/credentials/" + d.id
	if got := g.at(t, "other", "DELETE", path, ""); got.StatusCode != 404 {
		t.Errorf("another person removes it: got %d", got.StatusCode)
	}
	g.want(t, 403, "", "DELETE", path, "", "Cookie", here, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if got := g.at(t, here, "DELETE", path, ""); got.StatusCode != 204 {
		t.Fatalf("got %d %s", got.StatusCode, got.body)
	}
	g.want(t, 401, "", "GET", api+"/session", "", "Cookie", lost)
	g.want(t, 200, "", "GET", api+"/session", "", "Cookie", here)
	if got := g.use(t, d); got.StatusCode != 401 {
		t.Errorf("it signs in still: %d %s", got.StatusCode, got.body)
	}
	if got := g.at(t, here, "DELETE", path, ""); got.StatusCode != 404 {
		t.Errorf("removed twice: got %d", got.StatusCode)
	}
	if got := g.want(t, 200, "local", "GET", api+"/credentials", "").items(t); len(got) != 1 || got[0]["account"] != string(g.a) || got[0]["wrapped"] != nil {
		t.Errorf("the keeper sees %v", got)
	}
	g.want(t, 204, "local", "DELETE", api+"/credentials/"+kept.id, "")
	g.want(t, 401, "", "GET", api+"/session", "", "Cookie", here)
}

// TestCredentialIsNamedAndKeepsItsKey: the label changes, and a key is kept once.
func TestCredentialIsNamedAndKeepsItsKey(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	path := api + "/credentials/" + g.passkey(t, "owner").id
	if got := read[credential](t, g.at(t, "owner", "POST", path, `{"label":"老手机"}`), 200); got.Label != "老手机" || string(got.Wrapped) != "wrapped" {
		t.Errorf("got %+v", got)
	}
	for what, want := range map[string]int{
		`{"wrapped":"AAAA"}`: 409,
		fmt.Sprintf(`{"label":%q}`, strings.Repeat("长", 65)):       400,
		"{\"label\":\"a\u202eb\"}":                                 400,
		`{"label":"a\nb"}`:                                         400,
		fmt.Sprintf(`{"wrapped":%q}`, strings.Repeat("AAAA", 100)): 400,
		`{"key":"other"}`:                                          400,
	} {
		if got := g.at(t, "owner", "POST", path, what); got.StatusCode != want {
			t.Errorf("%.40s: got %d %s, want %d", what, got.StatusCode, got.body, want)
		}
	}
	if got := read[credential](t, g.at(t, "owner", "GET", path, ""), 200); got.Label != "老手机" {
		t.Errorf("got %+v", got)
	}
}

// TestOnePasskeyIsOfOneAccount: what signs in for one is not added to another.
func TestOnePasskeyIsOfOneAccount(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := g.passkey(t, "owner")
	for _, who := range []string{"other", "owner"} {
		asked := read[newPasskeyChallenge](t, g.at(t, who, "POST", api+"/credentials/passkey/challenge", ""), 200)
		client, attestation := d.Make(string(asked.Challenge), d.Handle)
		if got := g.at(t, who, "POST", api+"/credentials/passkey", body(t, newPasskey{Client: client, Attestation: attestation})); got.StatusCode != 409 {
			t.Errorf("%s: got %d %s, want 409", who, got.StatusCode, got.body)
		}
	}
}

// TestGuessingCredentialsIsSlowedDown: after twenty tries in a minute the next wrong one waits,
// and the right one from the same address does not.
func TestGuessingCredentialsIsSlowedDown(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := g.passkey(t, "owner")
	wrong := *d.Device
	wrong.ID = []byte("nobody's")
	counts := map[int]int{}
	for range 25 {
		counts[g.use(t, held{&wrong, ""}).StatusCode]++
	}
	if counts[401] != 20 || counts[429] != 5 {
		t.Errorf("got %v, want 20 of 401 and 5 of 429", counts)
	}
	if got := g.use(t, d); got.StatusCode != 200 {
		t.Errorf("the right one from there: got %d", got.StatusCode)
	}
	for range 60 {
		counts[g.at(t, "", "POST", api+"/session/passkey/challenge", "").StatusCode]++
	}
	if counts[200] > 60 || counts[429] < 20 {
		t.Errorf("challenges are not slowed down: %v", counts)
	}
}

// TestSigningInCostsNobodyATry: as often as somebody signs in, others at that address may.
func TestSigningInCostsNobodyATry(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := g.passkey(t, "owner")
	for i := range 70 {
		if got := g.use(t, d); got.StatusCode != 200 {
			t.Fatalf("time %d: got %d %s", i, got.StatusCode, got.body)
		}
	}
}

func newPhraseOf(a phraseAnswer, label string, wrapped []byte) newPhrase {
	return newPhrase{Nonce: a.Nonce, Public: a.Public, Signature: a.Signature, Label: label, Wrapped: wrapped}
}

// TestPhraseSignsIn: its key is added, signs in, and gives back the key that it keeps.
func TestPhraseSignsIn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	answer := func(c phraseChallenge, purpose phrase.Purpose) phraseAnswer {
		return phraseAnswer{Nonce: c.Nonce, Public: private[32:], Signature: ed25519.Sign(private, phrase.Message(purpose, c.Origin, c.Nonce))}
	}
	ask := func(who, path string) phraseChallenge {
		t.Helper()
		return read[phraseChallenge](t, g.at(t, who, "POST", api+path+"/phrase/challenge", ""), 200)
	}
	if got := g.at(t, "", "POST", api+"/session/phrase", body(t, answer(ask("", "/session"), phrase.SignIn))); got.StatusCode != 401 {
		t.Errorf("before it was added: got %d %s", got.StatusCode, got.body)
	}
	if got := g.at(t, "owner", "POST", api+"/credentials/phrase", body(t, newPhraseOf(answer(ask("owner", "/credentials"), phrase.SignIn), "", nil))); got.StatusCode != 403 {
		t.Errorf("added by a signature to sign in: got %d %s", got.StatusCode, got.body)
	}
	added := read[credential](t, g.at(t, "owner", "POST", api+"/credentials/phrase", body(t, newPhraseOf(answer(ask("owner", "/credentials"), phrase.Add), "drawer", []byte("kept")))), 200)
	if added.Kind != sinso.SignInPhrase || added.Label != "drawer" {
		t.Errorf("got %+v", added)
	}
	challenge := ask("", "/session")
	if got := read[signedInBy](t, g.at(t, "", "POST", api+"/session/phrase", body(t, answer(challenge, phrase.SignIn))), 200); got.Person != g.a || string(got.Credential.Wrapped) != "kept" {
		t.Errorf("got %+v", got)
	}
	if got := g.at(t, "", "POST", api+"/session/phrase", body(t, answer(challenge, phrase.SignIn))); got.StatusCode != 403 {
		t.Errorf("a replay: got %d %s", got.StatusCode, got.body)
	}
}

// wallet signs as an account's own key does.
func (c walletChallenge) sign(t *testing.T, secret, edit, with string) walletAnswer {
	t.Helper()
	key := must[*ecdsa.PrivateKey](t)(crypto.HexToECDSA(secret))
	text := strings.Join([]string{
		c.Domain + " wants you to sign in with your Ethereum account:", c.Address, "", c.Statement, "",
		"URI: " + c.URI, "Version: 1", fmt.Sprintf("Chain ID: %d", c.ChainID), "Nonce: " + c.Nonce, "Issued At: " + c.IssuedAt, "Expiration Time: " + c.Expires,
	}, "\n")
	if edit != "" && !strings.Contains(text, edit) {
		t.Fatalf("%q is not in the message", edit)
	}
	text = strings.Replace(text, edit, with, 1)
	signature := must[[]byte](t)(crypto.Sign(accounts.TextHash([]byte(text)), key))
	signature[64] += 27
	return walletAnswer{Message: text, Signature: signature}
}

// TestWalletSignsIn: an account is added, and signs in; every other word is refused.
func TestWalletSignsIn(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	mine, foreign := strings.Repeat("2", 64), strings.Repeat("3", 64)
	address := crypto.PubkeyToAddress(must[*ecdsa.PrivateKey](t)(crypto.HexToECDSA(mine)).PublicKey)
	ask := func(who, path string) walletChallenge {
		t.Helper()
		return read[walletChallenge](t, g.at(t, who, "POST", api+path+"/wallet/challenge", body(t, walletAsk{592, sinso.Address(address)})), 200)
	}
	add := func(who string, a walletAnswer) answered {
		t.Helper()
		return g.at(t, who, "POST", api+"/credentials/wallet", body(t, newWallet{Message: a.Message, Signature: a.Signature, Label: "wallet"}))
	}
	in := func(a walletAnswer) answered { return g.at(t, "", "POST", api+"/session/wallet", body(t, a)) }
	unknown := in(ask("", "/session").sign(t, mine, "", ""))
	if unknown.StatusCode != 401 {
		t.Errorf("before it was added: got %d %s", unknown.StatusCode, unknown.body)
	}
	if got := add("owner", ask("", "/session").sign(t, mine, "", "")); got.StatusCode != 403 {
		t.Errorf("added by a message to sign in: got %d %s", got.StatusCode, got.body)
	}
	added := read[credential](t, add("owner", ask("owner", "/credentials").sign(t, mine, "", "")), 200)
	if added.Address == "" || common.HexToAddress(added.Address) != address {
		t.Errorf("got %+v", added)
	}
	if got := add("other", ask("other", "/credentials").sign(t, mine, "", "")); got.StatusCode != 409 {
		t.Errorf("added to another account: got %d %s", got.StatusCode, got.body)
	}
	signed := ask("", "/session").sign(t, mine, "", "")
	if got := read[signedInBy](t, in(signed), 200); got.Person != g.a || got.Credential.Kind != sinso.SignInWallet {
		t.Errorf("got %+v", got)
	}
	if got := in(signed); got.StatusCode != 403 {
		t.Errorf("a replay: got %d %s", got.StatusCode, got.body)
	}
	for name, edit := range map[string][2]string{
		"domain": {"localhost:", "evil.example:"}, "uri": {"URI: http:", "URI: https:"}, "chain": {"592", "1"}, "statement": {"Sign in", "Log in"},
		"issued": {"Issued At: 2", "Issued At: 1"}, "end": {"Expiration Time: 2", "Expiration Time: 3"},
	} {
		if got := in(ask("", "/session").sign(t, mine, edit[0], edit[1])); got.StatusCode != 401 || !bytes.Equal(got.body, unknown.body) {
			t.Errorf("another %s: got %d %s", name, got.StatusCode, got.body)
		}
	}
	stolen := ask("", "/session").sign(t, mine, "", "")
	stolen.Signature = ask("", "/session").sign(t, foreign, "", "").Signature
	if got := in(stolen); got.StatusCode != 401 || !bytes.Equal(got.body, unknown.body) {
		t.Errorf("another's signature: got %d %s", got.StatusCode, got.body)
	}
	if got := in(ask("", "/session").sign(t, foreign, "", "")); got.StatusCode != 401 {
		t.Errorf("another account than was asked: got %d %s", got.StatusCode, got.body)
	}
	other := strings.ToLower(crypto.PubkeyToAddress(must[*ecdsa.PrivateKey](t)(crypto.HexToECDSA(foreign)).PublicKey).Hex())
	if got := in(ask("", "/session").sign(t, foreign, address.Hex(), common.HexToAddress(other).Hex())); got.StatusCode != 401 || !bytes.Equal(got.body, unknown.body) {
		t.Errorf("another account in the message: got %d %s", got.StatusCode, got.body)
	}
	contract := ask("", "/session").sign(t, mine, "", "")
	contract.Signature = make([]byte, 97)
	if got := in(contract); got.StatusCode != 501 || !strings.Contains(string(got.body), "EIP-1271") {
		t.Errorf("a contract's: got %d %s", got.StatusCode, got.body)
	}
	if strings.Contains(g.log.String(), hex.EncodeToString(signed.Signature)) {
		t.Error("the log has a signature")
	}
}

// TestAnAccountHasSoManyCredentials, and no more.
func TestAnAccountHasSoManyCredentials(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	row := sinso.CredentialRow{Kind: sinso.SignInPhrase, Account: string(g.a), Role: sinso.RoleOwner, Person: g.a}
	for i := range way.MaxCredentials {
		row.ID, row.Key = sinso.CredentialID(fmt.Sprintf("k_%026d", i)), strconv.Itoa(i)
		if err := g.way.AddCredential(t.Context(), row, "test"); err != nil {
			t.Fatal(err)
		}
	}
	row.ID, row.Key = "k_one_more", "one more"
	if err := g.way.AddCredential(t.Context(), row, "test"); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("got %v, want %v", err, sinso.ErrInvalid)
	}
	row.Account, row.Person = string(g.b), g.b
	if err := g.way.AddCredential(t.Context(), row, "test"); err != nil {
		t.Errorf("another account's: %v", err)
	}
}
