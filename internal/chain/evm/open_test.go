package evm_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// TestOpenFindsWhatItDeployed opens a chain again and again: with the addresses,
// and without them as after a crash before they were written down.
func TestOpenFindsWhatItDeployed(t *testing.T) {
	w := newWorld(t, "")
	first := w.open(t, evm.Config{Client: w.chain.Client()}).Contracts()
	for _, contracts := range []sinso.Contracts{{}, {ChainID: first.ChainID}, first} {
		if got := w.open(t, evm.Config{Client: w.chain.Client(), Contracts: contracts}).Contracts(); got != first {
			t.Errorf("opened with %+v: got %+v, want %+v", contracts, got, first)
		}
	}
}

// TestOpenGoesOnDeploying breaks off after each transaction of a deployment.
func TestOpenGoesOnDeploying(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	for sends := range 3 {
		left := sends
		if sends > 0 {
			left = 1
		}
		p.tell(func(a ask) answer {
			if a.method == "eth_sendRawTransaction" {
				if left--; left < 0 {
					return refuse("out of order")
				}
			}
			return a.honest()
		})
		if _, err := evm.Open(t.Context(), evm.Config{URL: p.URL, Key: w.key}); !errors.Is(err, sinso.ErrUnavailable) {
			t.Fatalf("open with %d sends: got error %v", left, err)
		}
	}
	p.tell(nil)
	got := w.open(t, evm.Config{URL: p.URL}).Contracts()
	node, err := eip712.Address(w.key)
	if err != nil {
		t.Fatal(err)
	}
	var nonce string
	if err := w.chain.Client().CallContext(t.Context(), &nonce, "eth_getTransactionCount", node.String(), "latest"); err != nil {
		t.Fatal(err)
	}
	if nonce != "0x3" {
		t.Errorf("the account sent %s transactions for %+v, want 3", nonce, got)
	}
}

func TestOpenRefuses(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	right := w.open(t, evm.Config{URL: p.URL}).Contracts()
	wrong := func(change func(*sinso.Contracts)) sinso.Contracts {
		c := right
		change(&c)
		return c
	}
	for _, test := range []struct {
		name  string
		cfg   evm.Config
		lie   func(ask) answer
		class error
		says  string
	}{
		{"no endpoint", evm.Config{Key: w.key}, nil, sinso.ErrInvalid, "URL"},
		{"two endpoints", evm.Config{Key: w.key, URL: p.URL, Client: w.chain.Client()}, nil, sinso.ErrInvalid, "URL"},
		{"no key", evm.Config{URL: p.URL}, nil, sinso.ErrInvalid, "secret"},
		{"a file for an endpoint", evm.Config{Key: w.key, URL: "/etc/geth.ipc"}, nil, sinso.ErrInvalid, "http"},
		{"nobody there", evm.Config{Key: w.key, URL: "http://127.0.0.1:1/accesskey"}, nil, sinso.ErrUnavailable, "connect"},
		{"another chain", evm.Config{Key: w.key, URL: p.URL, Contracts: wrong(func(c *sinso.Contracts) { c.ChainID = 1 })}, nil, sinso.ErrInvalid, "chain 1"},
		{"no contract", evm.Config{Key: w.key, URL: p.URL, Contracts: wrong(func(c *sinso.Contracts) { c.Identity[0]++ })}, nil, sinso.ErrInvalid, "no contract"},
		{"one address missing", evm.Config{Key: w.key, URL: p.URL, Contracts: wrong(func(c *sinso.Contracts) { c.Assets = sinso.Address{} })}, nil, sinso.ErrInvalid, "Assets"},
		{"two contracts changed", evm.Config{Key: w.key, URL: p.URL, Contracts: wrong(func(c *sinso.Contracts) { c.Assets, c.Identity = c.Identity, c.Assets })}, nil, sinso.ErrInvalid, "Identity"},
		{"no exchange", evm.Config{Key: w.key, URL: p.URL, Contracts: wrong(func(c *sinso.Contracts) { c.Exchange = c.Assets })}, nil, sinso.ErrInvalid, "Exchange"},
		{
			"a chain ID that moves",
			evm.Config{Key: w.key, URL: p.URL, Contracts: wrong(func(c *sinso.Contracts) { c.ChainID = 0 })},
			func(a ask) answer {
				if a.method == "eth_chainId" {
					return answer{result: `"0x1"`}
				}
				return a.honest()
			}, sinso.ErrInvalid, "not SINSO's contract",
		},
		{
			"a chain ID of zero",
			evm.Config{Key: w.key, URL: p.URL},
			func(ask) answer { return answer{result: `"0x0"`} }, sinso.ErrUnsupported, "chain's ID",
		},
		{
			"a chain before Shanghai",
			evm.Config{Key: w.key, URL: p.URL},
			func(a ask) answer {
				if a.method == "eth_call" {
					return refuse("invalid opcode: PUSH0")
				}
				return a.honest()
			}, sinso.ErrUnsupported, "Shanghai",
		},
		{
			"a chain without the precompiles",
			evm.Config{Key: w.key, URL: p.URL},
			func(a ask) answer {
				if a.method == "eth_call" && strings.Contains(string(a.params[0]), "07") {
					return answer{result: `"0x"`}
				}
				return a.honest()
			}, sinso.ErrUnsupported, "bn254",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.tell(test.lie)
			defer p.tell(nil)
			test.cfg.Timeout = 5 * time.Second
			_, err := evm.Open(t.Context(), test.cfg)
			if !errors.Is(err, test.class) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got error %v, want %v that says %q", err, test.class, test.says)
			}
			if err != nil && strings.Contains(err.Error(), "accesskey") {
				t.Errorf("the error shows the endpoint's path: %v", err)
			}
		})
	}
}

// TestOpenChecksWhoseTokensAreSold gives the Assets of one deployment and the
// Exchange of another.
func TestOpenChecksWhoseTokensAreSold(t *testing.T) {
	w := newWorld(t, "")
	first := w.open(t, evm.Config{Client: w.chain.Client()})
	other := newKey()
	address, err := eip712.Address(other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Fund(t.Context(), address, sinso.NewWei(big.NewInt(1e18))); err != nil {
		t.Fatal(err)
	}
	second, err := evm.Open(t.Context(), evm.Config{Client: w.chain.Client(), Key: other})
	if err != nil {
		t.Fatal(err)
	}
	mixed := first.Contracts()
	mixed.Assets = second.Contracts().Assets
	_, err = evm.Open(t.Context(), evm.Config{Client: w.chain.Client(), Key: w.key, Contracts: mixed})
	if !errors.Is(err, sinso.ErrInvalid) || !strings.Contains(err.Error(), "sells tokens of") {
		t.Errorf("got error %v, want ErrInvalid that says whose tokens", err)
	}
}
