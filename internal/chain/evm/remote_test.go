package evm

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
)

// program is another program that signs. It may sign something else than it is asked to, and answer anything.
type program struct {
	key      *ecdsa.PrivateKey
	chain    int64
	speaks   string
	accounts []common.Address              // what it says that it has; nil: that of key
	change   func(*types.DynamicFeeTx)     // what it signs instead
	sign     func(types.TxData) []byte     // how it signs; nil: as it should
	answer   func(raw hexutil.Bytes) any   // the form of its answer
	says     func(ask string) (raw string) // an answer as it stands, to what is to be signed; nil: an honest one
	lacks    string                        // a method that it does not know
	text     func(digest []byte) any       // how it signs a text; nil: as it should

	mu   sync.Mutex // held for what changes while it serves: seen, says
	seen []string   // methods
}

func newProgram(speaks string, key *ecdsa.PrivateKey) *program {
	whole := func(raw hexutil.Bytes) any { return map[string]any{"raw": raw, "tx": map[string]any{}} }
	alone := func(raw hexutil.Bytes) any { return raw }
	return &program{key: key, chain: fakeID, speaks: speaks, answer: map[string]func(hexutil.Bytes) any{speaksClef: whole, speaksEth: alone}[speaks]}
}

// question is JSON-RPC.
type question struct {
	ID     json.RawMessage   `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

// answers changes what it says, while it serves.
func (p *program) answers(says func(ask string) (raw string)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.says = says
}

func (p *program) reply(q question) string {
	p.mu.Lock()
	p.seen = append(p.seen, q.Method)
	says := p.says
	p.mu.Unlock()
	accounts := p.accounts
	if accounts == nil {
		accounts = []common.Address{crypto.PubkeyToAddress(p.key.PublicKey)}
	}
	knows := map[string]func() any{
		"account_version": func() any { return "6.1.0" }, "account_list": func() any { return accounts },
		"account_signTransaction": func() any { return p.signed(q) }, "account_signTypedData": func() any { return p.signedText(q) },
	}
	if p.speaks == speaksEth {
		knows = map[string]func() any{
			"eth_accounts": func() any { return accounts }, "eth_signTransaction": func() any { return p.signed(q) },
			"eth_signTypedData_v4": func() any { return p.signedText(q) }, "eth_signTypedData": func() any { return p.signedText(q) },
		}
	}
	does, ok := knows[q.Method]
	if !ok || q.Method == p.lacks {
		return `{"jsonrpc":"2.0","id":` + string(q.ID) + `,"error":{"code":-32601,"message":"the method does not exist"}}`
	}
	if says != nil && strings.Contains(q.Method, "_sign") {
		return says(string(q.ID))
	}
	result, _ := json.Marshal(does())
	return `{"jsonrpc":"2.0","id":` + string(q.ID) + `,"result":` + string(result) + `}`
}

// signed signs what is asked for, or what it makes of it.
func (p *program) signed(q question) any {
	var a struct {
		To                                                  *common.Address
		Nonce, Gas                                          hexutil.Uint64
		Data                                                hexutil.Bytes
		Value, GasPrice, MaxFeePerGas, MaxPriorityFeePerGas *hexutil.Big
	}
	_ = json.Unmarshal(q.Params[0], &a)
	if a.GasPrice != nil {
		return p.answer(p.bytes(&types.LegacyTx{Nonce: uint64(a.Nonce), Gas: uint64(a.Gas), To: a.To, Value: a.Value.ToInt(), Data: a.Data, GasPrice: a.GasPrice.ToInt()}))
	}
	tx := &types.DynamicFeeTx{
		ChainID: big.NewInt(p.chain), Nonce: uint64(a.Nonce), Gas: uint64(a.Gas), To: a.To, Value: a.Value.ToInt(), Data: a.Data,
		GasFeeCap: a.MaxFeePerGas.ToInt(), GasTipCap: a.MaxPriorityFeePerGas.ToInt(),
	}
	if p.change != nil {
		p.change(tx)
	}
	return p.answer(p.bytes(tx))
}

func (p *program) bytes(draft types.TxData) hexutil.Bytes {
	if p.sign != nil {
		return p.sign(draft)
	}
	raw, _ := types.MustSignNewTx(p.key, types.NewLondonSigner(big.NewInt(p.chain)), draft).MarshalBinary()
	return raw
}

func (p *program) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q question
	_ = json.NewDecoder(r.Body).Decode(&q)
	switch raw := p.reply(q); raw {
	case hangs:
		_, _ = io.Copy(io.Discard, r.Body) // so that the end of the connection is seen
		<-r.Context().Done()
	case goesAway:
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	case endless:
		for w.Header().Set("Content-Type", "application/json"); r.Context().Err() == nil; {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	default:
		_, _ = io.WriteString(w, raw)
	}
}

// What a program does instead of an answer.
const (
	hangs    = "hangs"
	endless  = "endless"
	goesAway = "goes away"
)

// listen serves a program at a socket, as clef does without HTTP.
func (p *program) listen(t *testing.T) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), "s.ipc")
	socket, err := new(net.ListenConfig).Listen(t.Context(), "unix", at)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.talk(conn) })
		}
	})
	t.Cleanup(func() {
		_ = socket.Close()
		all.Wait()
	})
	return at
}

// talk ends when the other side does.
func (p *program) talk(conn net.Conn) {
	defer conn.Close() //nolint:errcheck // the other side sees to it
	for asks := json.NewDecoder(conn); ; {
		var q question
		if asks.Decode(&q) != nil {
			return
		}
		switch raw := p.reply(q); raw {
		case hangs, goesAway:
		case endless:
			for {
				if _, err := conn.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		default:
			_, _ = io.WriteString(conn, raw+"\n")
		}
	}
}

// serve serves a program by HTTP.
func (p *program) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return server.URL
}

// signerAt makes a signer, whose clock stands.
func signerAt(t *testing.T, at string, account common.Address) (*Signer, *chaintest.StoppedClock) {
	t.Helper()
	clock := chaintest.NewStoppedClock(time.Unix(1_700_000_000, 0))
	s, err := NewSigner(t.Context(), SignerConfig{URL: at, Account: sinso.Address(account), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, clock
}

// TestSigners runs one suite over all that sign for an account.
func TestSigners(t *testing.T) {
	key, _ := crypto.ToECDSA(fakeKey[:])
	for name, make := range map[string]func(t *testing.T) (account, int64){
		"a secret": func(t *testing.T) (account, int64) {
			node, err := accountOf(fakeKey)
			if err != nil {
				t.Fatal(err)
			}
			return node, fakeID
		},
		"a keystore": func(t *testing.T) (account, int64) {
			file, err := keystore.EncryptKey(&keystore.Key{Id: [16]byte{1}, Address: keyAddress(t), PrivateKey: key}, "right", keystore.LightScryptN, keystore.LightScryptP)
			if err != nil {
				t.Fatal(err)
			}
			secret, err := Keystore(file, []byte("right"))
			if err != nil {
				t.Fatal(err)
			}
			node, err := accountOf(secret)
			if err != nil {
				t.Fatal(err)
			}
			return node, fakeID
		},
		"a program like clef":              remoteAccount(newProgram(speaksClef, key), (*program).serve),
		"a program like clef, by a socket": remoteAccount(newProgram(speaksClef, key), (*program).listen),
		"a program with eth_sign":          remoteAccount(newProgram(speaksEth, key), (*program).serve),
		"Anvil": func(t *testing.T) (account, int64) {
			_, at := chaintest.AnvilAt(t, 31337)
			rich, err := accountOf(chaintest.AnvilKey)
			if err != nil {
				t.Fatal(err)
			}
			s, _ := signerAt(t, at, rich.address)
			return account{s, rich.address}, 31337
		},
	} {
		t.Run(name, func(t *testing.T) {
			by, chain := make(t)
			testSigner(t, by, chain)
		})
	}
}

func remoteAccount(p *program, at func(*program, *testing.T) string) func(t *testing.T) (account, int64) {
	return func(t *testing.T) (account, int64) {
		s, _ := signerAt(t, at(p, t), keyAddress(t))
		return account{s, keyAddress(t)}, fakeID
	}
}

// testSigner is what holds of all that sign: what they sign is what was asked for, field by
// field, whatever kind of transaction it is and however many ask at once.
func testSigner(t *testing.T, by account, chain int64) {
	t.Helper()
	c := &Chain{node: by}
	c.meet(big.NewInt(chain))
	to := common.HexToAddress("0x00000000000000000000000000000000000000aB")
	dear, big1 := big.NewInt(3e9), new(big.Int).Lsh(big.NewInt(1), 120)
	drafts := map[string]types.TxData{
		"a call":       &types.DynamicFeeTx{ChainID: c.chainID, Nonce: 3, To: &to, Gas: 50_000, GasFeeCap: dear, GasTipCap: big.NewInt(1), Value: new(big.Int), Data: []byte{1, 2, 3, 4}},
		"money":        &types.DynamicFeeTx{ChainID: c.chainID, Nonce: 0, To: &to, Gas: 21_000, GasFeeCap: dear, GasTipCap: dear, Value: big1},
		"a contract":   &types.DynamicFeeTx{ChainID: c.chainID, Nonce: 1 << 40, Gas: 9_000_000, GasFeeCap: dear, GasTipCap: big.NewInt(7), Value: new(big.Int), Data: make([]byte, 49_152)},
		"an older one": &types.LegacyTx{Nonce: 8, To: &to, Gas: 50_000, GasPrice: dear, Value: big.NewInt(5), Data: []byte{9}},
	}
	var all sync.WaitGroup
	for name, draft := range drafts {
		for range 2 {
			all.Go(func() {
				tx, err := c.signed(t.Context(), message{doing: "try", by: by}, draft)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				want := types.NewTx(draft)
				if tx.Nonce() != want.Nonce() || tx.Gas() != want.Gas() || tx.Value().Cmp(want.Value()) != 0 || string(tx.Data()) != string(want.Data()) ||
					tx.GasFeeCap().Cmp(want.GasFeeCap()) != 0 || tx.GasTipCap().Cmp(want.GasTipCap()) != 0 || tx.ChainId().Int64() != chain || tx.Type() != want.Type() {
					t.Errorf("%s: it signed %+v", name, tx)
				}
			})
		}
	}
	all.Wait()
}

// TestHostileSigner has programs sign another thing, or answer anything. Nothing of it is taken, and
// it ends in time.
func TestHostileSigner(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	key, _ := crypto.ToECDSA(fakeKey[:])
	other, _ := crypto.ToECDSA(append(make([]byte, 31), 9))
	changed := func(change func(*types.DynamicFeeTx)) func(*program) { return func(p *program) { p.change = change } }
	says := func(raw string) func(*program) {
		return func(p *program) { p.says = func(string) string { return raw } }
	}
	result := func(raw string) func(*program) {
		return func(p *program) {
			p.says = func(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"result":` + raw + `}` }
		}
	}
	for name, test := range map[string]struct {
		is   func(*program)
		want error
	}{
		"another nonce":    {changed(func(tx *types.DynamicFeeTx) { tx.Nonce++ }), sinso.ErrCorrupt},
		"another receiver": {changed(func(tx *types.DynamicFeeTx) { tx.To = new(common.Address) }), sinso.ErrCorrupt},
		"no receiver":      {changed(func(tx *types.DynamicFeeTx) { tx.To = nil }), sinso.ErrCorrupt},
		"more money":       {changed(func(tx *types.DynamicFeeTx) { tx.Value = big.NewInt(6) }), sinso.ErrCorrupt},
		"other data":       {changed(func(tx *types.DynamicFeeTx) { tx.Data = []byte{2} }), sinso.ErrCorrupt},
		"more gas":         {changed(func(tx *types.DynamicFeeTx) { tx.Gas++ }), sinso.ErrCorrupt},
		"a higher fee":     {changed(func(tx *types.DynamicFeeTx) { tx.GasFeeCap = big.NewInt(1e18) }), sinso.ErrCorrupt},
		"a higher tip":     {changed(func(tx *types.DynamicFeeTx) { tx.GasTipCap = big.NewInt(101) }), sinso.ErrCorrupt},
		"an access list":   {changed(func(tx *types.DynamicFeeTx) { tx.AccessList = types.AccessList{{}} }), sinso.ErrCorrupt},
		"another chain":    {func(p *program) { p.chain = 1 }, sinso.ErrCorrupt},
		"another key":      {func(p *program) { p.key = other }, sinso.ErrCorrupt},
		"another kind": {func(p *program) {
			p.sign = func(draft types.TxData) []byte {
				tx := types.NewTx(draft)
				raw, _ := types.MustSignNewTx(key, types.NewLondonSigner(big.NewInt(fakeID)), &types.LegacyTx{
					Nonce: tx.Nonce(), Gas: tx.Gas(), To: tx.To(), Value: tx.Value(), Data: tx.Data(), GasPrice: tx.GasFeeCap(),
				}).MarshalBinary()
				return raw
			}
		}, sinso.ErrCorrupt},
		"no signature": {func(p *program) {
			p.sign = func(draft types.TxData) []byte {
				raw, _ := types.NewTx(draft).MarshalBinary()
				return raw
			}
		}, sinso.ErrCorrupt},
		"nothing":               {result("null"), sinso.ErrCorrupt},
		"a number":              {result("7"), sinso.ErrCorrupt},
		"no transaction":        {result(`"0x01"`), sinso.ErrCorrupt},
		"no hex":                {result(`{"raw":"zz"}`), sinso.ErrCorrupt},
		"a deep answer":         {result(strings.Repeat("[", 100_000)), sinso.ErrUnavailable},
		"no JSON":               {says("<html>"), sinso.ErrUnavailable},
		"a huge answer":         {result(`"0x` + strings.Repeat("00", maxSigned) + `"`), sinso.ErrUnavailable},
		"an answer without end": {says(endless), sinso.ErrUnavailable},
		"silence":               {says(hangs), sinso.ErrUnavailable},
		"a refusal": {func(p *program) {
			p.says = func(id string) string {
				return `{"jsonrpc":"2.0","id":` + id + `,"error":{"code":-32000,"message":"request denied\u202e\u0007"}}`
			}
		}, sinso.ErrUnwilling},
	} {
		for wire, at := range map[string]func(*program, *testing.T) string{"http": (*program).serve, "socket": (*program).listen} {
			t.Run(name+" by "+wire, func(t *testing.T) {
				p := newProgram(speaksClef, key)
				test.is(p)
				s, _ := signerAt(t, at(p, t), keyAddress(t))
				c := &Chain{node: account{s, keyAddress(t)}}
				c.meet(big.NewInt(fakeID))
				ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
				defer cancel()
				m := fakeWork(c, 1)
				tx, err := c.signed(ctx, m, fakeDraft(c, m))
				if tx != nil || !errors.Is(err, test.want) || !strings.Contains(err.Error(), "nothing was sent") || strings.ContainsAny(err.Error(), "\u202e\u0007") {
					t.Errorf("got %v and error %v, want %v", tx, err, test.want)
				}
			})
		}
	}
}

func fakeDraft(c *Chain, m message) *types.DynamicFeeTx {
	return &types.DynamicFeeTx{
		ChainID: c.chainID, Nonce: 3, To: m.to, Gas: 50_000, GasFeeCap: big.NewInt(2000), GasTipCap: big.NewInt(100), Value: big.NewInt(5), Data: m.data,
	}
}

// TestUnprotectedSignature of a legacy transaction counts on every chain: it is not taken.
func TestUnprotectedSignature(t *testing.T) {
	key, _ := crypto.ToECDSA(fakeKey[:])
	p := newProgram(speaksEth, key)
	p.sign = func(draft types.TxData) []byte {
		raw, _ := types.MustSignNewTx(key, types.HomesteadSigner{}, draft).MarshalBinary()
		return raw
	}
	s, _ := signerAt(t, p.serve(t), keyAddress(t))
	c := &Chain{node: account{s, keyAddress(t)}}
	c.meet(big.NewInt(fakeID))
	if _, err := c.signed(t.Context(), fakeWork(c, 1), &types.LegacyTx{To: new(common.Address), Gas: 50_000, GasPrice: big.NewInt(1), Value: big.NewInt(5)}); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got error %v, want ErrCorrupt", err)
	}
}

// TestARefusalIsNotAskedForAgainAndAgain but after a while, and then after a longer one; another
// thing is asked for meanwhile, and a signature ends it.
func TestARefusalIsNotAskedForAgainAndAgain(t *testing.T) {
	key, _ := crypto.ToECDSA(fakeKey[:])
	p := newProgram(speaksClef, key)
	deny := func(id string) string {
		return `{"jsonrpc":"2.0","id":` + id + `,"error":{"code":-32000,"message":"request denied"}}`
	}
	p.answers(deny)
	s, clock := signerAt(t, p.serve(t), keyAddress(t))
	c := &Chain{node: account{s, keyAddress(t)}}
	c.meet(big.NewInt(fakeID))
	ask := func(n byte, nonce uint64) error {
		m := fakeWork(c, n)
		draft := fakeDraft(c, m)
		draft.Nonce, draft.GasFeeCap = nonce, big.NewInt(int64(2000+nonce)) // neither makes it another thing
		_, err := c.signed(t.Context(), m, draft)
		return err
	}
	asks := func() (n int) {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, method := range p.seen {
			if method == "account_signTransaction" {
				n++
			}
		}
		return n
	}
	for try, wait := range []time.Duration{time.Minute, 4 * time.Minute, 16 * time.Minute, 64 * time.Minute} {
		for n := range uint64(3) {
			if err := ask(1, n); !errors.Is(err, sinso.ErrUnwilling) || !errors.Is(err, sinso.ErrDenied) {
				t.Fatalf("got error %v, want ErrUnwilling", err)
			}
		}
		if refused, silent := s.Waits(); !slices.Equal(refused, []string{"do something"}) || silent {
			t.Errorf("%q are said to be refused, silent %t", refused, silent)
		}
		if got := asks(); got != try+1 {
			t.Fatalf("it was asked %d times, want %d", got, try+1)
		}
		clock.Advance(wait)
	}
	p.answers(nil)
	if err := ask(1, 9); err != nil {
		t.Errorf("when it is willing: %v", err)
	}
	p.answers(deny)
	before := asks()
	for n := range byte(3) {
		if err := ask(10+n, 0); !errors.Is(err, sinso.ErrUnwilling) {
			t.Errorf("got error %v, want ErrUnwilling", err)
		}
	}
	if got := asks() - before; got != 3 {
		t.Errorf("of three things it was asked %d times", got)
	}
}

// TestASilentSignerIsLeftInPeace for a while, whatever is to be signed, and is asked again then.
func TestASilentSignerIsLeftInPeace(t *testing.T) {
	key, _ := crypto.ToECDSA(fakeKey[:])
	p := newProgram(speaksEth, key)
	p.says = func(string) string { return hangs }
	s, clock := signerAt(t, p.serve(t), keyAddress(t))
	c := &Chain{node: account{s, keyAddress(t)}}
	c.meet(big.NewInt(fakeID))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := c.signed(ctx, fakeWork(c, 1), fakeDraft(c, fakeWork(c, 1))); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("got error %v, want ErrUnavailable", err)
	}
	if _, silent := s.Waits(); silent {
		t.Error("a call that had little time left made it silent")
	}
	s.patience = 200 * time.Millisecond
	if _, err := c.signed(t.Context(), fakeWork(c, 1), fakeDraft(c, fakeWork(c, 1))); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("got error %v, want ErrUnavailable", err)
	}
	s.patience = patience
	if refused, silent := s.Waits(); len(refused) != 0 || !silent {
		t.Errorf("%q are said to be refused, silent %t", refused, silent)
	}
	p.answers(nil)
	m := fakeWork(c, 2)
	if _, err := c.signed(t.Context(), m, fakeDraft(c, m)); !errors.Is(err, sinso.ErrUnavailable) || !strings.Contains(err.Error(), "a while ago") {
		t.Errorf("at once: got error %v", err)
	}
	clock.Advance(time.Minute)
	if _, err := c.signed(t.Context(), m, fakeDraft(c, m)); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// TestSignerState says what a program is, and whether it is there, has the account, or says neither.
func TestSignerState(t *testing.T) {
	key, _ := crypto.ToECDSA(fakeKey[:])
	yes, no := true, false
	for name, test := range map[string]struct {
		speaks   string
		accounts []common.Address
		want     SignerState
	}{
		"clef":                {speaksClef, nil, SignerState{Answers: true, Speaks: speaksClef, Has: &yes}},
		"another":             {speaksEth, nil, SignerState{Answers: true, Speaks: speaksEth, Has: &yes}},
		"without the account": {speaksClef, []common.Address{{1}}, SignerState{Answers: true, Speaks: speaksClef, Has: &no, Problem: "it does not have the node's account"}},
	} {
		p := newProgram(test.speaks, key)
		p.accounts = test.accounts
		s, _ := signerAt(t, p.serve(t), keyAddress(t))
		got := s.State(t.Context())
		if got.Answers != test.want.Answers || got.Speaks != test.want.Speaks || got.Problem != test.want.Problem || *got.Has != *test.want.Has {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
	neither := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q question
		_ = json.NewDecoder(r.Body).Decode(&q)
		_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":`+string(q.ID)+`,"error":{"code":-32601,"message":"no"}}`)
	}))
	defer neither.Close()
	away := filepath.Join(t.TempDir(), "away.ipc")
	for at, want := range map[string]string{neither.URL: "neither clef", away: "cannot be reached"} {
		s, _ := signerAt(t, at, keyAddress(t))
		if got := s.State(t.Context()); got.Answers || !strings.Contains(got.Problem, want) || strings.Contains(got.Problem, away) {
			t.Errorf("got %+v, want %q", got, want)
		}
	}
}

// TestSignerURL is a place where nobody between can change what is signed.
func TestSignerURL(t *testing.T) {
	for at, ok := range map[string]bool{
		"http://127.0.0.1:8550": true, "http://[::1]:8550": true, "http://localhost:8550/x": true, "https://signer.example": true, "/run/clef.ipc": true, "./clef.ipc": true,
		"http://192.0.2.1": false, "http://localhost.example": false, "ftp://127.0.0.1": false, "ws://127.0.0.1": false, "::": false, "": false, "https://": false, "localhost:8550": false,
	} {
		if err := CheckSignerURL(at); (err == nil) != ok || err != nil && !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got error %v", at, err)
		}
	}
	if err := CheckSignerURL("http://192.0.2.1"); err == nil || !strings.Contains(err.Error(), "plain http") {
		t.Errorf("plain http: got error %v", err)
	}
}
