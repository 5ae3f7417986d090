package evm_test

import (
	"crypto/rand"
	"math/big"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/chain/devchain"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// TestEmbedded runs the suite over the embedded chain, in process.
func TestEmbedded(t *testing.T) {
	chaintest.Run(t, func(t *testing.T) chaintest.Rig {
		w := newWorld(t, "")
		return w.rig(t, evm.Config{Client: w.chain.Client()})
	})
}

// TestJSONRPC runs it over JSON-RPC by HTTP.
func TestJSONRPC(t *testing.T) {
	chaintest.Run(t, func(t *testing.T) chaintest.Rig {
		w := newWorld(t, "127.0.0.1:0")
		return w.rig(t, evm.Config{URL: "http://" + w.chain.RPCAddr()})
	})
}

// TestKeptElsewhere runs it with the node's account in the hands of another program, which signs
// whatever is asked.
func TestKeptElsewhere(t *testing.T) {
	_, at := chaintest.AnvilAt(t, devchain.ChainID)
	chaintest.Run(t, func(t *testing.T) chaintest.Rig {
		w := newWorldOf(t, "", chaintest.AnvilKey)
		account, err := eip712.Address(w.key)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := evm.NewSigner(t.Context(), evm.SignerConfig{URL: at, Account: account, Clock: w.clock})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := signer.Close(); err != nil {
				t.Error(err)
			}
		})
		return w.rig(t, evm.Config{Client: w.chain.Client(), Signer: signer})
	})
}

// TestNarrowEndpoint runs it over an endpoint like many public ones: it searches
// a few blocks at once, and gives the reason of a revert to eth_call only. It also
// listens: a buyer's secret may not be shown to it for a proof that fails.
func TestNarrowEndpoint(t *testing.T) {
	chaintest.Run(t, func(t *testing.T) chaintest.Rig {
		w := newWorld(t, "")
		p := newProxy(t, w)
		p.tell(func(a ask) answer {
			switch a.method {
			case "eth_getLogs":
				return narrow(t, a, 16)
			case "eth_estimateGas":
				honest := a.honest()
				if honest.code == 0 {
					return honest
				}
				for name, id := range wasted {
					if reason, _ := honest.data.(string); strings.HasPrefix(reason, id) {
						t.Errorf("a secret was shown in vain: %s", name)
					}
				}
				return refuse("execution reverted")
			}
			return a.honest()
		})
		return w.rig(t, evm.Config{URL: p.URL})
	})
}

// wasted are the errors of proveWrongKey that a node can foresee.
var wasted = map[string]string{
	"KeyIsRight":   selector("KeyIsRight()"),
	"WrongOpening": selector("WrongOpening()"),
	"WrongPayload": selector("WrongPayload()"),
	"WrongSecret":  selector("WrongSecret()"),
}

// selector of an error without arguments.
func selector(signature string) string {
	hash := eip712.Keccak([]byte(signature))
	return hash.String()[:10]
}

// world is an embedded chain with one rich account.
type world struct {
	chain *devchain.Chain
	clock *chaintest.Clock
	key   [32]byte
}

func newWorld(t *testing.T, listen string) *world {
	t.Helper()
	return newWorldOf(t, listen, newKey())
}

func newWorldOf(t *testing.T, listen string, key [32]byte) *world {
	t.Helper()
	w := &world{clock: new(chaintest.Clock), key: key}
	node, err := eip712.Address(w.key)
	if err != nil {
		t.Fatal(err)
	}
	ether := big.NewInt(1e18)
	w.chain, err = devchain.Open(t.Context(), devchain.Config{
		Dir: t.TempDir(), Listen: listen, Clock: w.clock,
		Alloc: map[sinso.Address]*big.Int{node: new(big.Int).Mul(ether, big.NewInt(1e9))},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.chain.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) open(t *testing.T, cfg evm.Config) *evm.Chain {
	t.Helper()
	cfg.Key, cfg.Clock = w.key, w.clock
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	c, err := evm.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func (w *world) rig(t *testing.T, cfg evm.Config) chaintest.Rig {
	t.Helper()
	c := w.open(t, cfg)
	client := cfg.Client
	if client == nil && w.chain != nil {
		client = w.chain.Client()
	}
	return chaintest.Rig{Chain: c, Client: client, Advance: w.clock.Advance, Account: func(t *testing.T) [32]byte {
		t.Helper()
		key := newKey()
		address, err := eip712.Address(key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Fund(t.Context(), address, sinso.NewWei(big.NewInt(2e18))); err != nil {
			t.Fatal(err)
		}
		return key
	}}
}

func newKey() (key [32]byte) {
	_, _ = rand.Read(key[:]) // never fails
	key[0] &= 0x7f           // below the group order
	return key
}
