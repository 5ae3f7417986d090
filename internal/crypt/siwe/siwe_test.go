package siwe_test

import (
	"encoding/hex"
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/siwe"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors")

// secret is of an account that nobody has.
const secret = "2222222222222222222222222222222222222222222222222222222222222222"

func account(t testing.TB) sinso.Address {
	t.Helper()
	key, err := crypto.HexToECDSA(secret)
	if err != nil {
		t.Fatal(err)
	}
	return sinso.Address(crypto.PubkeyToAddress(key.PublicKey))
}

func example(t testing.TB) siwe.Message {
	t.Helper()
	issued := time.Date(2026, 11, 26, 8, 30, 0, 120_000_000, time.UTC)
	return siwe.Message{
		Domain: "localhost:8480", Address: account(t), Statement: "Sign in to this SINSO node.", URI: "http://localhost:8480",
		ChainID: 592, Nonce: "k4x7mq2vd3wn5zfa", IssuedAt: issued, Expires: issued.Add(5 * time.Minute),
	}
}

// sign signs as personal_sign does, by go-ethereum's own reading of EIP-191.
func sign(t testing.TB, text string) []byte {
	t.Helper()
	key, err := crypto.HexToECDSA(secret)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := crypto.Sign(accounts.TextHash([]byte(text)), key)
	if err != nil {
		t.Fatal(err)
	}
	signature[64] += 27
	return signature
}

func TestMessageIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	want := example(t)
	got, err := siwe.Parse(want.String())
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	signer, err := siwe.Recover(want.String(), sign(t, want.String()))
	if err != nil || signer != want.Address {
		t.Errorf("signed by %s, %v, want %s", signer, err, want.Address)
	}
}

// TestDigestIsThatOfTheOracle compares with go-ethereum's accounts package.
func TestDigestIsThatOfTheOracle(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", strings.Repeat("x", 1000), example(t).String(), "电话"} {
		if got := siwe.Digest(text); string(got[:]) != string(accounts.TextHash([]byte(text))) {
			t.Errorf("%q: got %s", text, got)
		}
	}
}

// others are texts that differ from a good message, and must be refused.
func others(good string) map[string]string {
	line := strings.Split(good, "\n")
	with := func(i int, text string) string {
		changed := append([]string{}, line...)
		changed[i] = text
		return strings.Join(changed, "\n")
	}
	return map[string]string{
		"empty":                      "",
		"no domain":                  with(0, strings.TrimPrefix(line[0], "localhost:8480")),
		"another first line":         with(0, strings.Replace(line[0], "Ethereum", "Ether", 1)),
		"address in lower case":      with(1, strings.ToLower(line[1])),
		"address that is too short":  with(1, line[1][:41]),
		"address without 0x":         with(1, line[1][2:]),
		"no statement":               strings.Join(append(append([]string{}, line[:3]...), line[5:]...), "\n"),
		"statement of two lines":     with(3, line[3]+"\nand more"),
		"version 2":                  with(6, "Version: 2"),
		"chain id with a plus":       with(7, "Chain ID: +592"),
		"chain id with a zero":       with(7, "Chain ID: 0592"),
		"chain id beyond 64 bits":    with(7, "Chain ID: 18446744073709551616"),
		"no chain id":                with(7, "Chain ID: "),
		"short nonce":                with(8, "Nonce: k4x7mq2"),
		"nonce with a sign":          with(8, "Nonce: k4x7mq2v-3wn5zfa"),
		"time with an offset":        with(9, "Issued At: 2026-11-26T08:30:00.120+00:00"),
		"time without milliseconds":  with(9, "Issued At: 2026-11-26T08:30:00Z"),
		"no such day":                with(9, "Issued At: 2026-02-30T08:30:00.120Z"),
		"no end":                     strings.Join(line[:10], "\n"),
		"not before":                 good + "\nNot Before: 2026-11-26T08:30:00.120Z",
		"a request id":               good + "\nRequest ID: 1",
		"resources":                  good + "\nResources:\n- https://evil.example",
		"a line feed at the end":     good + "\n",
		"carriage returns":           strings.ReplaceAll(good, "\n", "\r\n"),
		"fields in another order":    strings.Join(append(append(append([]string{}, line[:7]...), line[8], line[7]), line[9:]...), "\n"),
		"a letter that looks like a": strings.Replace(good, "localhost", "loc\u0430lhost", 1),
		"a nul":                      strings.Replace(good, "localhost", "local\x00host", 1),
		"a space at the end":         with(5, line[5]+" ") + " ",
		"two thousand letters":       with(3, strings.Repeat("a", 2048)),
	}
}

func TestAnyOtherFormIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range others(example(t).String()) {
		if _, err := siwe.Parse(text); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want %v", name, err, sinso.ErrInvalid)
		}
	}
}

func TestSignaturesOfOtherFormsAreRefused(t *testing.T) {
	t.Parallel()
	text := example(t).String()
	good := sign(t, text)
	edit := func(fn func([]byte) []byte) []byte { return fn(append([]byte{}, good...)) }
	if signer, err := siwe.Recover(text, edit(func(s []byte) []byte { s[64] -= 27; return s })); err != nil || signer != account(t) {
		t.Errorf("v of 0 or 1: got %s, %v", signer, err)
	}
	if signer, err := siwe.Recover(text+" ", good); err == nil && signer == account(t) {
		t.Error("the signature holds for another text")
	}
	for name, tt := range map[string]struct {
		signature []byte
		class     error
	}{
		"of a contract": {make([]byte, 96), sinso.ErrUnsupported},
		"none":          {nil, sinso.ErrUnsupported},
		"v of 29":       {edit(func(s []byte) []byte { s[64] = 29; return s }), sinso.ErrInvalid},
		"v of 255":      {edit(func(s []byte) []byte { s[64] = 255; return s }), sinso.ErrInvalid},
		"v of 26":       {edit(func(s []byte) []byte { s[64] = 26; return s }), sinso.ErrInvalid},
		"zeros":         {make([]byte, 65), sinso.ErrInvalid},
		"s too high":    {edit(func(s []byte) []byte { copy(s[32:64], strings.Repeat("\xff", 32)); return s }), sinso.ErrInvalid},
	} {
		if _, err := siwe.Recover(text, tt.signature); !errors.Is(err, tt.class) {
			t.Errorf("%s: got %v, want %v", name, err, tt.class)
		}
	}
}

// TestVectors makes the vectors that the page's module reads too.
func TestVectors(t *testing.T) {
	t.Parallel()
	good := example(t)
	message := good.String()
	made := []vectortest.Vector{vectortest.New("sign in", vectortest.Success,
		"domain", good.Domain, "address", strings.Split(message, "\n")[1], "statement", good.Statement, "uri", good.URI, "chainId", "592",
		"nonce", good.Nonce, "issuedAt", "2026-11-26T08:30:00.120Z", "expires", "2026-11-26T08:35:00.120Z",
		"message", hex.EncodeToString([]byte(message)), "secret", secret, "signature", hex.EncodeToString(sign(t, message)))}
	for _, name := range []string{"address in lower case", "version 2", "short nonce", "not before", "carriage returns", "fields in another order", "a line feed at the end"} {
		made = append(made, vectortest.New(name, "invalid", "message", hex.EncodeToString([]byte(others(message)[name]))))
	}
	for _, v := range vectortest.Golden(t, *update, "siwe", "Messages of EIP-4361 as this node takes them, and signatures by personal_sign (EIP-191). message is UTF-8, in hexadecimal.", made) {
		m, err := siwe.Parse(string(v.Bytes(t, "message")))
		if !v.Judge(t, err) {
			continue
		}
		if signer, err := siwe.Recover(m.String(), v.Bytes(t, "signature")); err != nil || signer != m.Address {
			t.Errorf("%s: signed by %s, %v", v.Name, signer, err)
		}
	}
}

// FuzzParse: what is read is written again as the same bytes.
func FuzzParse(f *testing.F) {
	good := example(f).String()
	f.Add(good)
	for _, text := range others(good) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := siwe.Parse(text)
		if err != nil {
			if !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("got %v", err)
			}
			return
		}
		if m.String() != text {
			t.Errorf("read %q, wrote %q", text, m.String())
		}
	})
}
