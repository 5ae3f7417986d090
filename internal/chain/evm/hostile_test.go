package evm_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// entry is an identity that can be entered.
func entry(t *testing.T, c *evm.Chain) (sinso.Address, []byte) {
	t.Helper()
	key := newKey()
	owner, err := eip712.Address(key)
	if err != nil {
		t.Fatal(err)
	}
	at := c.Contracts()
	signature, err := eip712.Sign(key, eip712.EntryDigest(eip712.Domain(at.Identity, at.ChainID), owner))
	if err != nil {
		t.Fatal(err)
	}
	return owner, signature
}

// TestLiesAndFailuresHaveTheirClass enters an identity through endpoints that do
// not do what they should.
func TestLiesAndFailuresHaveTheirClass(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL, Timeout: 2 * time.Second})
	long := `{"jsonrpc":"2.0","id":1,"result":"` + strings.Repeat("0", 9<<20) + `"}`
	for _, test := range []struct {
		name   string
		method string
		with   answer
		class  error
	}{
		{"garbage", "eth_call", answer{raw: "<html>maintenance</html>"}, sinso.ErrUnavailable},
		{"nothing", "eth_call", answer{raw: "\n"}, sinso.ErrUnavailable},
		{"an answer without end", "eth_call", answer{raw: long}, sinso.ErrUnavailable},
		{"another type", "eth_call", answer{result: `{"a":1}`}, sinso.ErrUnavailable},
		{"a number of another length", "eth_call", answer{result: `"0x01"`}, sinso.ErrCorrupt},
		{"no newest block", "eth_getBlockByNumber", answer{result: "null"}, sinso.ErrCorrupt},
		{"a block from beyond", "eth_getBlockByNumber", answer{result: `{"number":"0xffffffffffffffff","timestamp":"0x1"}`}, sinso.ErrCorrupt},
		{"work without gas", "eth_estimateGas", answer{result: `"0x0"`}, sinso.ErrCorrupt},
		{"work without end", "eth_estimateGas", answer{result: `"0xffffffff"`}, sinso.ErrUnsupported},
		{"a pool that is full", "eth_sendRawTransaction", refuse("txpool is full"), sinso.ErrUnavailable},
		{"every nonce taken", "eth_sendRawTransaction", refuse("nonce too low"), sinso.ErrUnavailable},
		{"no money", "eth_sendRawTransaction", refuse("insufficient funds for gas * price + value"), sinso.ErrDenied},
		{"no such method", "eth_getTransactionCount", answer{code: -32601, message: "the method does not exist"}, sinso.ErrUnavailable},
		{"a revert without a reason", "eth_estimateGas", answer{code: 3, message: "execution reverted", data: "0x"}, sinso.ErrDenied},
		{"a revert with a strange reason", "eth_estimateGas", answer{code: 3, message: "execution reverted", data: "0x01020304"}, sinso.ErrDenied},
		{"control characters", "eth_sendRawTransaction", refuse("\x1b[2J" + strings.Repeat("\n", 1000)), sinso.ErrUnavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.always(test.method, test.with)
			defer p.tell(nil)
			owner, signature := entry(t, c)
			_, _, err := c.EnterIdentity(t.Context(), owner, signature)
			if !errors.Is(err, test.class) {
				t.Fatalf("got error %v, want %v", err, test.class)
			}
			if text := err.Error(); len(text) > 500 || strings.ContainsAny(text, "\x1b\n") {
				t.Errorf("the endpoint's text came through: %q", text)
			}
			p.tell(nil)
			if _, _, err := c.EnterIdentity(t.Context(), owner, signature); err != nil {
				t.Errorf("again, over an honest endpoint: %v", err)
			}
		})
	}
}

// TestAnswerIsBounded has an endpoint that does not stop writing.
func TestAnswerIsBounded(t *testing.T) {
	var wrote atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write([]byte(`{"jsonrpc":"2.0","id":1,"result":"0x`))
		for zeros := bytes.Repeat([]byte("0"), 1<<20); ; {
			n, err := rw.Write(zeros)
			wrote.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	defer server.Close()
	_, err := evm.Open(t.Context(), evm.Config{URL: server.URL, Key: newKey()})
	if !errors.Is(err, sinso.ErrUnavailable) || !strings.Contains(err.Error(), "too long") {
		t.Errorf("got error %v", err)
	}
	const most = 32 << 20 // what was read, and what lay in buffers
	if wrote.Load() > most {
		t.Errorf("%d bytes were taken from the endpoint", wrote.Load())
	}
}

// TestHangingEndpointEnds checks that each call ends in its time.
func TestHangingEndpointEnds(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL, Timeout: 200 * time.Millisecond})
	owner, signature := entry(t, c)
	for _, method := range []string{"eth_call", "eth_sendRawTransaction", "eth_getTransactionReceipt"} {
		p.tell(func(a ask) answer {
			if a.method == method {
				<-a.ctx.Done()
			}
			return a.honest()
		})
		begun := time.Now()
		_, _, err := c.EnterIdentity(t.Context(), owner, signature)
		if !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("%s hangs: got error %v", method, err)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("%s hangs: the call took %v", method, took)
		}
	}
}

// TestRefusalOfWhatIsDoneIsNoDenial has another transaction do the work just
// before, over an endpoint that then does not show it: whether it is done cannot
// be known, and the caller must not hear that it was refused.
func TestRefusalOfWhatIsDoneIsNoDenial(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c, other := w.open(t, evm.Config{URL: p.URL, Timeout: 2 * time.Second}), w.open(t, evm.Config{Client: w.chain.Client()})
	owner, signature := entry(t, c)
	var overtake sync.Once
	p.tell(func(a ask) answer {
		switch a.method {
		case "eth_estimateGas":
			overtake.Do(func() {
				if _, _, err := other.EnterIdentity(t.Context(), owner, signature); err != nil {
					t.Errorf("the other: %v", err)
				}
			})
		case "eth_getTransactionReceipt":
			<-a.ctx.Done()
		}
		return a.honest()
	})
	if _, _, err := c.EnterIdentity(t.Context(), owner, signature); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("got error %v", err)
	}
	p.tell(nil)
	if _, _, err := c.EnterIdentity(t.Context(), owner, signature); err != nil {
		t.Errorf("again, over an honest endpoint: %v", err)
	}
}

// TestFalseReceiptIsNotBelieved changes receipts and logs, and then finds the
// work done after all.
func TestFalseReceiptIsNotBelieved(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	owner, signature := entry(t, c)
	_, before, err := c.EnterIdentity(t.Context(), owner, signature)
	if err != nil {
		t.Fatal(err)
	}
	identity := c.Contracts().Identity.String()
	for _, test := range []struct {
		name string
		lie  func(ask) answer
	}{
		{"of another transaction", func(a ask) answer {
			a.params = []json.RawMessage{json.RawMessage(`"` + before.Hash.String() + `"`)}
			return a.honest()
		}},
		{"of another contract's log", func(a ask) answer {
			honest := a.honest()
			honest.result = strings.ReplaceAll(honest.result, `"address":"`+identity, `"address":"0x00000000000000000000000000000000000000ff`)
			return honest
		}},
		{"without logs", func(a ask) answer {
			var receipt map[string]any
			honest := a.honest()
			_ = json.Unmarshal([]byte(honest.result), &receipt)
			if receipt != nil {
				receipt["logs"] = []any{}
			}
			text, _ := json.Marshal(receipt)
			return answer{result: string(text)}
		}},
		{"with more gas than there was", func(a ask) answer {
			var receipt map[string]any
			_ = json.Unmarshal([]byte(a.honest().result), &receipt)
			if receipt != nil {
				receipt["gasUsed"] = "0xffffffff"
			}
			text, _ := json.Marshal(receipt)
			return answer{result: string(text)}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.tell(func(a ask) answer {
				if a.method == "eth_getTransactionReceipt" {
					return test.lie(a)
				}
				return a.honest()
			})
			owner, signature := entry(t, c)
			_, _, err := c.EnterIdentity(t.Context(), owner, signature)
			if !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("got error %v, want ErrCorrupt", err)
			}
			p.tell(nil)
			if _, _, err := c.EnterIdentity(t.Context(), owner, signature); err != nil {
				t.Errorf("again, over an honest endpoint: %v", err)
			}
		})
	}
}

// TestTransferHasItsOwnReceipt checks the one call that no event proves.
func TestTransferHasItsOwnReceipt(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	before, err := c.Fund(t.Context(), sinso.Address{1}, sinso.NewWei(big.NewInt(1)))
	if err != nil {
		t.Fatal(err)
	}
	p.tell(func(a ask) answer {
		if a.method == "eth_getTransactionReceipt" {
			a.params = []json.RawMessage{json.RawMessage(`"` + before.Hash.String() + `"`)}
		}
		return a.honest()
	})
	if tx, err := c.Fund(t.Context(), sinso.Address{1}, sinso.NewWei(big.NewInt(2))); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %+v and error %v, want ErrCorrupt", tx, err)
	}
}

// TestFeesAreLimited has an endpoint that asks for so much that a transaction
// would cost more than 10^18 wei.
func TestFeesAreLimited(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	p.tell(func(a ask) answer {
		switch a.method {
		case "eth_maxPriorityFeePerGas":
			return answer{result: `"0xffffffffffffffff"`}
		case "eth_sendRawTransaction":
			t.Error("it was sent")
		}
		return a.honest()
	})
	_, err := c.Fund(t.Context(), sinso.Address{1}, sinso.NewWei(big.NewInt(1)))
	if !errors.Is(err, sinso.ErrUnavailable) || !strings.Contains(err.Error(), "nothing was sent") {
		t.Errorf("got error %v, want ErrUnavailable that says that nothing was sent", err)
	}
}

// TestMoneyOfTheNewestBlock has a node that does not know of money for a moment
// that its newest block gave, and one that never learns of it.
func TestMoneyOfTheNewestBlock(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	var sent atomic.Int32
	learns := func(after int32) {
		sent.Store(0)
		p.tell(func(a ask) answer {
			if a.method == "eth_sendRawTransaction" && sent.Add(1) <= after {
				return refuse("insufficient funds for gas * price + value: balance 0")
			}
			return a.honest()
		})
	}
	learns(2)
	if _, err := c.Fund(t.Context(), sinso.Address{1}, sinso.NewWei(big.NewInt(1))); err != nil || sent.Load() != 3 {
		t.Errorf("sent %d times, error %v; want it to go at the third", sent.Load(), err)
	}
	learns(1000)
	_, err := c.Fund(t.Context(), sinso.Address{1}, sinso.NewWei(big.NewInt(1)))
	if !errors.Is(err, sinso.ErrDenied) || sent.Load() > 10 {
		t.Errorf("sent %d times, error %v; want it to be given up", sent.Load(), err)
	}
}

// TestCrashAfterSending loses every receipt until the call gives up, and does
// the same again: one transaction, found.
func TestCrashAfterSending(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL, Timeout: 300 * time.Millisecond})
	var sent atomic.Int32
	p.tell(func(a ask) answer {
		switch a.method {
		case "eth_getTransactionReceipt":
			return answer{result: "null"}
		case "eth_sendRawTransaction":
			sent.Add(1)
		}
		return a.honest()
	})
	owner, signature := entry(t, c)
	_, _, err := c.EnterIdentity(t.Context(), owner, signature)
	if !errors.Is(err, sinso.ErrUnavailable) || !strings.Contains(err.Error(), "make the same call again") {
		t.Fatalf("got error %v, want one that says what to do", err)
	}
	p.tell(func(a ask) answer {
		if a.method == "eth_sendRawTransaction" {
			sent.Add(1)
		}
		return a.honest()
	})
	_, tx, err := c.EnterIdentity(t.Context(), owner, signature)
	if err != nil || tx.Gas == 0 {
		t.Errorf("again: got %+v and %v", tx, err)
	}
	if sent.Load() != 1 {
		t.Errorf("sent %d transactions, want 1", sent.Load())
	}
}

// TestStaleStateFindsTheEarlier has an endpoint that does not know the work done
// when it is asked first: the same goes out again, fails, and the earlier is found.
func TestStaleStateFindsTheEarlier(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	owner, signature := entry(t, c)
	_, first, err := c.EnterIdentity(t.Context(), owner, signature)
	if err != nil {
		t.Fatal(err)
	}
	var sent atomic.Bool
	p.tell(func(a ask) answer {
		switch {
		case a.method == "eth_call" && !sent.Load():
			return answer{result: `"0x` + strings.Repeat("0", 64) + `"`}
		case a.method == "eth_estimateGas":
			return answer{result: `"0x30000"`}
		case a.method == "eth_sendRawTransaction":
			sent.Store(true)
		}
		return a.honest()
	})
	_, again, err := c.EnterIdentity(t.Context(), owner, signature)
	if err != nil || again != first || !sent.Load() {
		t.Errorf("got %+v and error %v, sent again is %v, want %+v", again, err, sent.Load(), first)
	}
}

// TestMinedRevertSaysWhy lets a transaction through that cannot succeed.
func TestMinedRevertSaysWhy(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	p.always("eth_estimateGas", answer{result: `"0x30000"`})
	_, err := c.Withdraw(t.Context(), sinso.Address{}, sinso.Address{1}, w.key)
	var revert *evm.RevertError
	if !errors.As(err, &revert) || revert.Name != "NothingOwed" || !errors.Is(err, sinso.ErrDenied) || len(revert.Args) != 2 {
		t.Errorf("got error %v (%+v), want NothingOwed with its currency and payee", err, revert)
	}
}

// TestRevertKeptForCall has an endpoint that gives the reason of a revert to
// eth_call only.
func TestRevertKeptForCall(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	p.always("eth_estimateGas", answer{code: -32000, message: "execution reverted"})
	owner, _ := entry(t, c)
	_, _, err := c.EnterIdentity(t.Context(), owner, make([]byte, 65))
	var revert *evm.RevertError
	if !errors.As(err, &revert) || revert.Name != "BadSignature" {
		t.Errorf("got error %v, want BadSignature", err)
	}
}

// TestNonceTakenByAnotherProcess has an endpoint whose count of transactions
// lags behind.
func TestNonceTakenByAnotherProcess(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	p.always("eth_getTransactionCount", answer{result: `"0x0"`})
	owner, signature := entry(t, c)
	if _, _, err := c.EnterIdentity(t.Context(), owner, signature); err != nil {
		t.Error(err)
	}
}

// TestChainWithoutBaseFee pays by a gas price.
func TestChainWithoutBaseFee(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	p.replace("eth_getBlockByNumber", "baseFeePerGas", "nothing")
	owner, signature := entry(t, c)
	_, tx, err := c.EnterIdentity(t.Context(), owner, signature)
	if err != nil {
		t.Fatal(err)
	}
	var sent struct{ Type string }
	if err := w.chain.Client().CallContext(t.Context(), &sent, "eth_getTransactionByHash", tx.Hash.String()); err != nil {
		t.Fatal(err)
	}
	if sent.Type != "0x0" {
		t.Errorf("transaction of type %q, want a legacy one", sent.Type)
	}
}

// TestConfirmations waits for blocks on top, and not for ever.
func TestConfirmations(t *testing.T) {
	w := newWorld(t, "")
	contracts := w.open(t, evm.Config{Client: w.chain.Client()}).Contracts()
	c := w.open(t, evm.Config{Client: w.chain.Client(), Contracts: contracts, Confirmations: 2, Timeout: 300 * time.Millisecond})
	owner, signature := entry(t, c)
	if _, _, err := c.EnterIdentity(t.Context(), owner, signature); !errors.Is(err, sinso.ErrUnavailable) {
		t.Fatalf("without blocks on top: got error %v", err)
	}
	for range 2 {
		if err := w.chain.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	_, tx, err := c.EnterIdentity(t.Context(), owner, signature)
	if err != nil {
		t.Fatal(err)
	}
	var newest string
	if err := w.chain.Client().CallContext(t.Context(), &newest, "eth_blockNumber"); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("0x%x", tx.Block+2); got != newest {
		t.Errorf("block %d has 2 on top, but the newest is %s", tx.Block, newest)
	}
}

// TestReceiptBeforeItsBlockIsWaitedOut has an endpoint that tells of a receipt a moment
// before the receipt's block is its newest: what is read next is of after it.
func TestReceiptBeforeItsBlockIsWaitedOut(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	var mu sync.Mutex
	var before answer
	told, behind := false, 3
	p.tell(func(a ask) answer {
		honest := a.honest()
		mu.Lock()
		defer mu.Unlock()
		switch a.method {
		case "eth_getTransactionReceipt":
			told = told || honest.result != "null"
		case "eth_getBlockByNumber":
			if !told {
				before = honest
			} else if behind > 0 {
				behind--
				return before
			}
		}
		return honest
	})
	owner, signature := entry(t, c)
	if _, _, err := c.EnterIdentity(t.Context(), owner, signature); err != nil {
		t.Fatal(err)
	}
	if mu.Lock(); !told || behind > 0 {
		t.Errorf("told %v, %d times the old block is left: it was not waited for", told, behind)
	}
	mu.Unlock()
}

// TestFutureBlockIsRefused judges no deadline by a clock that cannot be.
func TestFutureBlockIsRefused(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	p.always("eth_getBlockByNumber", answer{result: fmt.Sprintf(`{"number":"0x1","timestamp":"0x%x"}`, w.clock.Now().Add(48*time.Hour).Unix())})
	if now, err := c.Now(t.Context()); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("got %v and error %v", now, err)
	}
}

// TestLogsInSmallPages has an endpoint that searches a few blocks at once: all
// must be found as if it searched all.
func TestLogsInSmallPages(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	const works, most = 6, 3
	var txs [works]sinso.Tx
	var owners [works]func() (sinso.TokenID, sinso.Tx, error)
	for i := range works {
		owner, signature := entry(t, c)
		owners[i] = func() (sinso.TokenID, sinso.Tx, error) { return c.EnterIdentity(t.Context(), owner, signature) }
		var err error
		if _, txs[i], err = owners[i](); err != nil {
			t.Fatal(err)
		}
	}
	want := events(t, c)
	p.tell(func(a ask) answer {
		if a.method == "eth_getLogs" {
			return narrow(t, a, most)
		}
		return a.honest()
	})
	if got := events(t, c); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got events\n%v\nwant\n%v", got, want)
	}
	for i := range works {
		if _, tx, err := owners[i](); err != nil || tx != txs[i] {
			t.Errorf("work %d again: got %+v and %v, want %+v", i, tx, err, txs[i])
		}
	}
}

// TestFalseEventsAreNotTold checks logs that were not asked for.
func TestFalseEventsAreNotTold(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	owner, signature := entry(t, c)
	if _, _, err := c.EnterIdentity(t.Context(), owner, signature); err != nil {
		t.Fatal(err)
	}
	at := c.Contracts()
	topic := `"0x` + strings.Repeat("0", 64) + `"`
	for name, change := range map[string][2]string{
		"another contract": {at.Identity.String(), sinso.Address{19: 1}.String()},
		"beyond the end":   {`"blockNumber":"0x`, `"blockNumber":"0xffff`},
		"five topics":      {`"topics":[`, `"topics":[` + topic + `,` + topic + `,`},
		"no topic":         {`"topics":[`, `"topics":[],"x":[`},
		"one place twice":  {`"logIndex":"0x1"`, `"logIndex":"0x0"`},
		"cut short":        {`"data":"0x`, `"data":"0x","y":"0x`},
	} {
		t.Run(name, func(t *testing.T) {
			p.replace("eth_getLogs", change[0], change[1])
			defer p.tell(nil)
			_, err := c.Events(t.Context(), 0, func(sinso.ChainEvent) error { return nil })
			if !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("got error %v, want ErrCorrupt", err)
			}
		})
	}
}

// TestEndlessChain has an endpoint whose newest block is far away: reading must
// not take as long as its claim.
func TestEndlessChain(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	var asked atomic.Int32
	p.tell(func(a ask) answer {
		switch a.method {
		case "eth_getBlockByNumber":
			return answer{result: fmt.Sprintf(`{"number":"0x%x","timestamp":"0x1"}`, uint64(1)<<61)}
		case "eth_getLogs":
			asked.Add(1)
			return answer{result: "[]"}
		}
		return a.honest()
	})
	next, err := c.Events(t.Context(), 0, func(sinso.ChainEvent) error { return nil })
	if err != nil || next != 1<<61+1 || asked.Load() > 100 {
		t.Errorf("got next block %d, error %v, after %d questions", next, err, asked.Load())
	}
}

// TestTooHighPriceIsNotSent checks that nothing is asked of the chain.
func TestTooHighPriceIsNotSent(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	p.tell(func(a ask) answer {
		t.Errorf("asked for %s", a.method)
		return a.honest()
	})
	order := sinso.Order{Price: sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 128)), EndsAt: time.Unix(1, 0), DeliverWithin: 60, DisputeWithin: 60}
	buyer, err := eip712.Address(w.key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Fill(t.Context(), sinso.Deal{Order: order, Fill: sinso.Fill{Buyer: buyer}}, make([]byte, 65), w.key); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("got error %v, want ErrInvalid", err)
	}
}

func events(t *testing.T, c *evm.Chain) (all []string) {
	t.Helper()
	_, err := c.Events(t.Context(), 0, func(e sinso.ChainEvent) error {
		all = append(all, fmt.Sprint(e.Block, e.Index, e.Name, e.Token, e.Tx))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
