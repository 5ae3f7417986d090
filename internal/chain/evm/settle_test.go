package evm_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
)

// counts answers how many transactions of the account are in a block, and how many with
// those that wait.
func counts(mined, pending *int) func(ask) answer {
	return func(a ask) answer {
		if a.method != "eth_getTransactionCount" {
			return a.honest()
		}
		n := *mined
		if string(a.params[1]) == `"pending"` {
			n = *pending
		}
		return answer{result: fmt.Sprintf(`"0x%x"`, n)}
	}
}

// TestSettleWaitsForWhatWasSent: until it is in a block or dropped, and not for what is sent
// later.
func TestSettleWaitsForWhatWasSent(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL})
	if err := c.Settle(t.Context(), func(left uint64) { t.Errorf("%d are left of none", left) }); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(mined, pending *int){
		"mined":            func(mined, _ *int) { *mined++ },
		"dropped":          func(_, pending *int) { *pending-- },
		"sent while mined": func(mined, pending *int) { *mined++; *pending += 2 },
	} {
		mined, pending := 5, 7
		p.tell(counts(&mined, &pending))
		var told []uint64
		err := c.Settle(t.Context(), func(left uint64) {
			told = append(told, left)
			change(&mined, &pending)
		})
		if err != nil || fmt.Sprint(told) != "[2 1]" {
			t.Errorf("%s: told %v, %v", name, told, err)
		}
	}
}

// TestSettleEnds: with the caller, with its own time, and where the chain does not answer.
func TestSettleEnds(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL, Contracts: w.open(t, evm.Config{URL: p.URL}).Contracts(), Timeout: time.Second})
	mined, pending := 5, 6
	p.tell(counts(&mined, &pending))
	if err := c.Settle(t.Context(), func(uint64) {}); !errors.Is(err, sinso.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("never mined: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := c.Settle(ctx, func(uint64) { cancel() }); !errors.Is(err, sinso.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	p.always("eth_getTransactionCount", refuse("not now"))
	if err := c.Settle(t.Context(), func(uint64) {}); err == nil {
		t.Error("it settled without an answer")
	}
}

// TestSettleWaitsForDepth: what is in a block that may be taken back has not settled.
func TestSettleWaitsForDepth(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	c := w.open(t, evm.Config{URL: p.URL, Contracts: w.open(t, evm.Config{URL: p.URL}).Contracts(), Confirmations: 3, Timeout: 2 * time.Second})
	deep := 4 // of the block that is deep enough; one more is in the newest
	p.tell(func(a ask) answer {
		switch {
		case a.method != "eth_getTransactionCount":
			return a.honest()
		case string(a.params[1]) == `"pending"` || string(a.params[1]) == `"latest"`:
			return answer{result: `"0x5"`}
		}
		return answer{result: fmt.Sprintf(`"0x%x"`, deep)}
	})
	var told []uint64
	err := c.Settle(t.Context(), func(left uint64) {
		told = append(told, left)
		deep = 5
	})
	if err != nil || fmt.Sprint(told) != "[1]" {
		t.Errorf("told %v, %v: want one that is in the newest block alone waited for", told, err)
	}
}
