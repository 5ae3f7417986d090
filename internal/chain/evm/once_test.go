package evm_test

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/devchain"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// entering is a deed that enters an identity of its own.
func entering(t *testing.T, c *evm.Chain) sinso.Deed {
	t.Helper()
	owner, signature := entry(t, c)
	return sinso.Deed{Doing: "enter an identity", Call: sinso.Call{Contract: "Identity", Method: "enter", Args: []any{owner, signature}}}
}

// sent is how many transactions of the node's account are in blocks.
func sent(t *testing.T, w *world) uint64 {
	t.Helper()
	node, err := eip712.Address(w.key)
	if err != nil {
		t.Fatal(err)
	}
	var nonce hexutil.Uint64
	if err := w.chain.Client().CallContext(t.Context(), &nonce, "eth_getTransactionCount", node.String(), "latest"); err != nil {
		t.Fatal(err)
	}
	return uint64(nonce)
}

// TestDeedIsDoneOnce asks for a deed again, of the process that did it and of the next one.
func TestDeedIsDoneOnce(t *testing.T) {
	w := newWorld(t, "")
	dir := filepath.Join(t.TempDir(), "outbox")
	open := func() *evm.Chain {
		outbox, err := evm.OpenFolder(dir, [32]byte{1})
		if err != nil {
			t.Fatal(err)
		}
		return w.open(t, evm.Config{Client: w.chain.Client(), Outbox: outbox})
	}
	c := open()
	deed := entering(t, c)
	first, err := c.Do(t.Context(), sinso.Hash{1}, deed, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	before := sent(t, w)
	for _, c := range []*evm.Chain{c, open()} {
		again, err := c.Do(t.Context(), sinso.Hash{1}, deed, [32]byte{})
		if err != nil || again.Tx != first.Tx || again.Fee.String() != first.Fee.String() || len(again.Events) != len(first.Events) || len(first.Events) == 0 {
			t.Errorf("again: got %+v and error %v, want %+v", again, err, first)
		}
		if _, err := c.Do(t.Context(), sinso.Hash{1}, entering(t, c), [32]byte{}); !errors.Is(err, sinso.ErrExists) {
			t.Errorf("another deed of this name: got error %v, want ErrExists", err)
		}
		if _, err := c.Do(t.Context(), sinso.Hash{}, deed, [32]byte{}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("without a name: got error %v, want ErrInvalid", err)
		}
	}
	if got := sent(t, w); got != before {
		t.Errorf("%d transactions were sent, want none", got-before)
	}
}

// TestDeedWhileItIsDone asks for the same deed ten times at the same moment.
func TestDeedWhileItIsDone(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	deed, before := entering(t, c), sent(t, w)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := c.Do(t.Context(), sinso.Hash{1}, deed, [32]byte{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := sent(t, w); got != before+1 {
		t.Errorf("%d transactions were sent, want 1", got-before)
	}
}

// TestHostileEndpointNeitherLosesNorDoubles does deeds over an endpoint that loses
// questions and answers, takes a transaction twice, is busy, and lies about its newest
// block. Each is asked for until it is done.
func TestHostileEndpointNeitherLosesNorDoubles(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL, Timeout: 3 * time.Second})
	const deeds = 6
	before := sent(t, w)
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(1, 2))
	chance := func(one int) bool {
		mu.Lock()
		defer mu.Unlock()
		return random.IntN(one) == 0
	}
	p.tell(func(a ask) answer {
		switch {
		case chance(10):
			return answer{raw: "\n"} // the question is lost
		case chance(12):
			return answer{code: -32005, message: "request rate exceeded"}
		}
		honest := a.honest()
		switch {
		case chance(10):
			return answer{raw: "\n"} // the answer is
		case a.method == "eth_sendRawTransaction" && chance(2):
			return a.honest() // it arrives twice, and the second answer counts
		case a.method == "eth_getBlockByNumber" && chance(4):
			honest.result = strings.Replace(honest.result, `"number":"0x`, `"number":"0x1`, 1)
		}
		return honest
	})
	var all sync.WaitGroup
	for n := range byte(deeds) {
		deed := entering(t, c)
		all.Go(func() {
			for range 100 {
				_, err := c.Do(t.Context(), sinso.Hash{1, n}, deed, [32]byte{})
				if err == nil {
					return
				}
				if !errors.Is(err, sinso.ErrUnavailable) && !errors.Is(err, sinso.ErrCorrupt) {
					t.Errorf("deed %d: %v", n, err)
					return
				}
			}
			t.Errorf("deed %d was not done", n)
		})
	}
	all.Wait()
	p.tell(nil)
	if out, err := c.Recover(t.Context()); err != nil || len(out) > 0 {
		t.Errorf("still out: %v, error %v", out, err)
	}
	if got := sent(t, w); got != before+deeds {
		t.Errorf("%d transactions were sent for %d deeds", got-before, deeds)
	}
}

// TestRelayedWithoutMoney refuses what takes money, and what no limit allows.
func TestRelayedWithoutMoney(t *testing.T) {
	w := newWorld(t, "")
	c := w.open(t, evm.Config{Client: w.chain.Client()})
	deed := entering(t, c)
	if _, err := c.Relay(t.Context(), sinso.Hash{1}, deed, sinso.Portion{}); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "nothing was sent") {
		t.Errorf("without limits: got error %v, want ErrDenied", err)
	}
	deed.Value = sinso.NewWei(hexutil.MustDecodeBig("0x1"))
	if _, err := c.Relay(t.Context(), sinso.Hash{1}, deed, sinso.Portion{}); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("with money: got error %v, want ErrDenied", err)
	}
}

// TestProfile of the chains that are known, and of one that is not.
func TestProfile(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	if got := c.Profile(); got.ChainID != devchain.ChainID || got.Name != "embedded" || got.Confirmations != 0 || got.AwaitFinal {
		t.Errorf("the embedded chain: got %+v", got)
	}
	if err := c.Can(evm.Governance); err != nil {
		t.Errorf("the embedded chain runs MCOPY, and %v", err)
	}
	p.tell(func(a ask) answer {
		if a.method == "eth_call" && strings.Contains(string(a.params[0]), "5e600160") {
			return refuse("invalid opcode: MCOPY")
		}
		return a.honest()
	})
	old := w.open(t, evm.Config{URL: p.URL, Contracts: c.Contracts()})
	if err := old.Can(evm.Governance); !errors.Is(err, sinso.ErrUnsupported) || !strings.Contains(err.Error(), "Cancun") {
		t.Errorf("a chain without MCOPY: got error %v, want ErrUnsupported", err)
	}
}
