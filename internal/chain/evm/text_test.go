package evm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"
	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// signedText signs what it is shown: of the JSON it reads types, domain and message, as programs do.
func (p *program) signedText(q question) any {
	data := q.Params[1]
	if p.speaks == speaksEth { // wallets take it as a text
		var text string
		if json.Unmarshal(data, &text) != nil {
			return nil
		}
		data = []byte(text)
	}
	var read apitypes.TypedData
	var account common.Address
	if json.Unmarshal(q.Params[0], &account) != nil || json.Unmarshal(data, &read) != nil || account != crypto.PubkeyToAddress(p.key.PublicKey) {
		return nil
	}
	digest, _, err := apitypes.TypedDataAndHash(read)
	if err != nil {
		return nil
	}
	if p.text != nil {
		return p.text(digest)
	}
	return hexutil.Bytes(p.over(digest))
}

// over signs a digest.
func (p *program) over(digest []byte) []byte {
	signature, _ := crypto.Sign(digest, p.key)
	signature[64] += 27
	return signature
}

// nodeTexts are all that nodes' own accounts sign.
func nodeTexts() map[string]sinso.Text {
	at, who, ends := sinso.Address{1}, sinso.Address{2}, time.Unix(2_000_000_000, 0)
	return map[string]sinso.Text{
		"Stake": {At: at, Type: "Stake(bytes32 pool,address staker,uint256 tokenId,uint64 weight,uint64 endsAt,bytes32 salt)", Members: []any{
			sinso.Hash{3}, who, sinso.Hash{0xff}, uint64(1 << 63), ends, sinso.Hash{5},
		}},
		"Entry":        {At: at, Type: "Entry(address member,uint64 endsAt,bytes32 nullifier,bytes32 evidence)", Members: []any{who, ends, sinso.Hash{6}, sinso.Hash{7}}},
		"Contribution": {At: at, Type: "Contribution(address member,uint32 shares,uint32 cap,uint24 number,bytes32 commitment,uint64 endsAt)", Members: []any{who, uint64(5), uint64(100), uint64(0), sinso.Hash{8}, ends}},
		"Dispute":      {At: at, Type: "Dispute(bytes32 tradeId,bytes32 evidenceHash)", Members: []any{sinso.Hash{9}, sinso.Hash{}}},
		"KeyRequest":   eip712.KeyRequestText(at, sinso.Hash{10}, sinso.Hash{11}),
	}
}

// TestTextsAreSigned by all programs that sign: what comes back is the account's signature of the text that was asked for.
func TestTextsAreSigned(t *testing.T) {
	key, _ := crypto.ToECDSA(fakeKey[:])
	old := newProgram(speaksEth, key)
	old.lacks = "eth_signTypedData_v4"
	for name, at := range map[string]func(t *testing.T) (string, common.Address){
		"a program like clef": func(t *testing.T) (string, common.Address) {
			return newProgram(speaksClef, key).serve(t), keyAddress(t)
		},
		"a program like clef, by a socket": func(t *testing.T) (string, common.Address) {
			return newProgram(speaksClef, key).listen(t), keyAddress(t)
		},
		"a program with eth_signTypedData":  func(t *testing.T) (string, common.Address) { return old.serve(t), keyAddress(t) },
		"a program with its fourth version": func(t *testing.T) (string, common.Address) { return newProgram(speaksEth, key).serve(t), keyAddress(t) },
		"a program that says 0 or 1 at last": func(t *testing.T) (string, common.Address) {
			return shortV(newProgram(speaksEth, key)).serve(t), keyAddress(t)
		},
		"Anvil": func(t *testing.T) (string, common.Address) {
			_, url := chaintest.AnvilAt(t, fakeID)
			rich, err := accountOf(chaintest.AnvilKey)
			if err != nil {
				t.Fatal(err)
			}
			return url, rich.address
		},
	} {
		t.Run(name, func(t *testing.T) {
			url, account := at(t)
			s, _ := signerAt(t, url, account)
			for name, text := range nodeTexts() {
				signature, err := s.SignText(t.Context(), fakeID, text)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				digest, err := eip712.TextDigest(eip712.Domain(text.At, fakeID), text)
				if err != nil {
					t.Fatal(err)
				}
				if by, err := eip712.Recover(digest, signature); err != nil || common.Address(by) != account {
					t.Errorf("%s: signed by %s, %v", name, by, err)
				}
			}
		})
	}
}

func shortV(p *program) *program {
	p.text = func(digest []byte) any {
		signature := p.over(digest)
		signature[64] -= 27
		return hexutil.Bytes(signature)
	}
	return p
}

// TestHostileTextSigner has programs answer anything instead of a signature. Nothing of it is taken, and it ends in time.
func TestHostileTextSigner(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	key, _ := crypto.ToECDSA(fakeKey[:])
	other, _ := crypto.ToECDSA(append(make([]byte, 31), 9))
	changed := func(change func(signature []byte) []byte) func(*program) {
		return func(p *program) {
			p.text = func(digest []byte) any { return hexutil.Bytes(change(p.over(digest))) }
		}
	}
	answers := func(answer any) func(*program) {
		return func(p *program) { p.text = func([]byte) any { return answer } }
	}
	says := func(raw string) func(*program) {
		return func(p *program) { p.says = func(string) string { return raw } }
	}
	refusal := func(code string) func(*program) {
		return func(p *program) {
			p.says = func(id string) string {
				return `{"jsonrpc":"2.0","id":` + id + `,"error":{"code":` + code + `,"message":"no\u202e\u0007"}}`
			}
		}
	}
	for name, test := range map[string]struct {
		is   func(*program)
		want error
	}{
		"another account": {func(p *program) {
			p.text = func(digest []byte) any { return hexutil.Bytes((&program{key: other}).over(digest)) }
		}, sinso.ErrCorrupt},
		"another text":          {func(p *program) { p.text = func([]byte) any { return hexutil.Bytes(p.over(make([]byte, 32))) } }, sinso.ErrCorrupt},
		"a high s":              {changed(highS), sinso.ErrCorrupt},
		"a byte too few":        {changed(func(s []byte) []byte { return s[:64] }), sinso.ErrCorrupt},
		"a byte too many":       {changed(func(s []byte) []byte { return append(s, 0) }), sinso.ErrCorrupt},
		"an end of 29":          {changed(func(s []byte) []byte { return append(s[:64], 29) }), sinso.ErrCorrupt},
		"the other end":         {changed(func(s []byte) []byte { return append(s[:64], 55-s[64]) }), sinso.ErrCorrupt},
		"zeros":                 {changed(func(s []byte) []byte { return make([]byte, len(s)) }), sinso.ErrCorrupt},
		"nothing":               {answers(nil), sinso.ErrCorrupt},
		"a number":              {answers(7), sinso.ErrCorrupt},
		"no hex":                {answers("zz"), sinso.ErrCorrupt},
		"an object":             {answers(map[string]string{"signature": "0x"}), sinso.ErrCorrupt},
		"a huge answer":         {answers("0x" + strings.Repeat("00", maxSigned)), sinso.ErrUnavailable},
		"an answer without end": {says(endless), sinso.ErrUnavailable},
		"silence":               {says(hangs), sinso.ErrUnavailable},
		"a refusal":             {refusal("-32000"), sinso.ErrUnwilling},
		"no such method":        {refusal("-32601"), sinso.ErrUnwilling},
	} {
		for _, speaks := range []string{speaksClef, speaksEth} {
			t.Run(name+" from "+speaks, func(t *testing.T) {
				p := newProgram(speaks, key)
				test.is(p)
				s, _ := signerAt(t, p.serve(t), keyAddress(t))
				ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
				defer cancel()
				signature, err := s.SignText(ctx, fakeID, nodeTexts()["Entry"])
				if signature != nil || !errors.Is(err, test.want) || !strings.Contains(err.Error(), "nothing was sent") || strings.ContainsAny(err.Error(), "\u202e\u0007") {
					t.Errorf("got %x and error %v, want %v", signature, err, test.want)
				}
			})
		}
	}
}

// highS is the other signature that says the same, which contracts refuse (EIP-2).
func highS(signature []byte) []byte {
	s := new(big.Int).SetBytes(signature[32:64])
	s.Sub(crypto.S256().Params().N, s).FillBytes(signature[32:64])
	signature[64] = 55 - signature[64]
	return signature
}

// TestATextIsAskedForOnce however often it is signed; what was refused rests; and what cannot be shown is not asked for.
func TestATextIsAskedForOnce(t *testing.T) {
	key, _ := crypto.ToECDSA(fakeKey[:])
	p := newProgram(speaksClef, key)
	s, clock := signerAt(t, p.serve(t), keyAddress(t))
	asks := func() (n int) {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, method := range p.seen {
			if method == "account_signTypedData" {
				n++
			}
		}
		return n
	}
	text := nodeTexts()["KeyRequest"]
	first, err := s.SignText(t.Context(), fakeID, text)
	if err != nil {
		t.Fatal(err)
	}
	kept := slices.Clone(first)
	clear(first) // what a caller does to it is its own
	if again, err := s.SignText(t.Context(), fakeID, text); err != nil || !bytes.Equal(again, kept) || asks() != 1 {
		t.Errorf("again: got %x and error %v after %d questions, want %x after 1", again, err, asks(), kept)
	}
	if _, err := s.SignText(t.Context(), fakeID+1, text); err != nil || asks() != 2 {
		t.Errorf("on another chain: error %v after %d questions, want 2", err, asks())
	}
	p.says = func(id string) string {
		return `{"jsonrpc":"2.0","id":` + id + `,"error":{"code":-32000,"message":"request denied"}}`
	}
	for range 3 {
		if _, err := s.SignText(t.Context(), fakeID, nodeTexts()["Stake"]); !errors.Is(err, sinso.ErrUnwilling) {
			t.Errorf("got error %v, want ErrUnwilling", err)
		}
	}
	if refused, _ := s.Waits(); asks() != 3 || !slices.Equal(refused, []string{"sign a Stake"}) {
		t.Errorf("it was asked %d times, and %q are said to be refused; want 3 and the Stake", asks(), refused)
	}
	p.says = nil
	clock.Advance(time.Minute)
	if _, err := s.SignText(t.Context(), fakeID, nodeTexts()["Stake"]); err != nil {
		t.Errorf("when it is willing: %v", err)
	}
	for n := range uint64(maxTexts) {
		if _, err := s.SignText(t.Context(), n, text); err != nil {
			t.Fatal(err)
		}
	}
	before := asks()
	if _, err := s.SignText(t.Context(), maxTexts-1, text); err != nil || asks() != before || len(s.texts) != maxTexts {
		t.Errorf("the newest: error %v, %d more questions, %d remembered", err, asks()-before, len(s.texts))
	}
	for _, text := range []sinso.Text{{Type: "Order(Item item)Item(uint256 n)", Members: []any{sinso.Hash{1}}}, {Type: "Order(string s)", Members: []any{"\xff"}}, {}} {
		if _, err := s.SignText(t.Context(), fakeID, text); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got error %v, want ErrInvalid", text.Type, err)
		}
	}
	if asks() != before {
		t.Error("it was asked for what it cannot be shown")
	}
}
