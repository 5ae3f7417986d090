package sinso_test

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"sinso.dev/sinso"
)

func TestActReads(t *testing.T) {
	act := sinso.Act{Noun: "stake", Verb: "add", Params: []sinso.Param{
		{Name: "token", Kind: sinso.KindHash, Needed: true, Help: "the token"},
		{Name: "for", Kind: sinso.KindSpan, Default: "30d"},
		{Name: "weight", Kind: sinso.KindNumber},
		{Name: "payee", Kind: sinso.KindAddress, List: true},
		{Name: "list", Kind: sinso.KindFile},
	}}
	token := sinso.Hash{0xab}
	given, err := act.Read(map[string][]string{"token": {token.String()}, "payee": {"0x00000000000000000000000000000000000000Aa", sinso.Address{1}.String()}})
	if err != nil {
		t.Fatal(err)
	}
	if got := sinso.Of[sinso.Hash](given, "token"); got != token {
		t.Errorf("token: got %s", got)
	}
	if got := sinso.Of[time.Duration](given, "for"); got != 30*24*time.Hour {
		t.Errorf("for: got %s", got)
	}
	if got := sinso.Of[uint64](given, "weight"); got != 0 {
		t.Errorf("weight: got %d", got)
	}
	if got := sinso.ListOf[sinso.Address](given, "payee"); len(got) != 2 || got[0] != (sinso.Address{19: 0xaa}) {
		t.Errorf("payees: got %v", got)
	}
	long := string(make([]byte, 5000))
	if given, err := act.Read(map[string][]string{"token": {token.String()}, "list": {long}}); err != nil || string(sinso.Of[[]byte](given, "list")) != long {
		t.Errorf("a file: got error %v", err)
	}
	for name, texts := range map[string]map[string][]string{
		"missing":       {},
		"unknown":       {"token": {token.String()}, "tokn": {"1"}},
		"twice":         {"token": {token.String(), token.String()}},
		"no hash":       {"token": {"0x12"}},
		"no number":     {"token": {token.String()}, "weight": {"-1"}},
		"half a second": {"token": {token.String()}, "for": {"1.5s"}},
		"a long time":   {"token": {token.String()}, "for": {"65000d"}},
		"a long text":   {"token": {long}},
		"a long file":   {"token": {token.String()}, "list": {string(make([]byte, sinso.MaxFile+1))}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := act.Read(texts); !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("got error %v, want ErrInvalid", err)
			}
		})
	}
}

func TestPrice(t *testing.T) {
	price, err := sinso.ReadPrice("0.052 USD")
	if err != nil {
		t.Fatal(err)
	}
	for amount, want := range map[string]string{
		"0": "0.000000 USD", "1": "0.000001 USD", "1000000000000000000": "0.052000 USD", "53808000000000000": "0.002799 USD", "100000000000000000000": "5.200000 USD",
	} {
		wei, _ := new(big.Int).SetString(amount, 10)
		if got := price.Of(sinso.NewWei(wei)); got != want {
			t.Errorf("%s wei: got %s, want %s", amount, got, want)
		}
	}
	for _, text := range []string{"", "USD", "1", "1 usd", "1.1234567 USD", "x USD", "-1 USD"} {
		if _, err := sinso.ReadPrice(text); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%q: got error %v, want ErrInvalid", text, err)
		}
	}
}
