package evm_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
)

// TestFillsLookAtDeepBlocksOnce: an order without a limit is asked for again and again, and what is
// 1,024 blocks deep is asked of the endpoint once. Below Start nothing is asked for.
func TestFillsLookAtDeepBlocksOnce(t *testing.T) {
	w := newWorld(t, "")
	p := newProxy(t, w)
	const start, head = 100, 5000
	c := w.open(t, evm.Config{URL: p.URL, Start: start})
	order := sinso.Order{Seller: sinso.Address{1}, Price: sinso.NewWei(nil), Floor: sinso.NewWei(nil), EndsAt: time.Unix(1<<40, 0), DeliverWithin: 60, DisputeWithin: 60}
	trade := sinso.Hash{31: 7}
	var mu sync.Mutex
	var ranges []string
	newest, busy := uint64(head), false
	p.tell(func(a ask) answer {
		mu.Lock()
		defer mu.Unlock()
		switch a.method {
		case "eth_getBlockByNumber":
			return answer{result: fmt.Sprintf(`{"number":"0x%x","timestamp":"0x1"}`, newest)}
		case "eth_getLogs":
			if busy {
				return refuse("try later")
			}
			from, to, log := filled(t, a, trade, head-2000)
			ranges = append(ranges, fmt.Sprintf("%d-%d", from, to))
			return answer{result: log}
		}
		return a.honest()
	})
	ask := func(want ...string) {
		t.Helper()
		ranges = nil
		fills, err := c.Fills(t.Context(), order)
		if err != nil || len(fills.Trades) != 1 || fills.Trades[0] != trade {
			t.Errorf("got %v, %v; want the one trade", fills.Trades, err)
		}
		if fmt.Sprint(ranges) != fmt.Sprint(want) {
			t.Errorf("asked for blocks %v, want %v", ranges, want)
		}
	}
	ask("100-5000")
	ask("3977-5000")
	newest += 10
	ask("3977-5010")
	ask("3987-5010")
	busy = true
	if _, err := c.Fills(t.Context(), order); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("refused: got error %v", err)
	}
	busy = false
	ask("3987-5010")
}

// filled answers a question for logs with one fill in a block, if that is asked for.
func filled(t *testing.T, a ask, trade sinso.Hash, block uint64) (from, to uint64, logs string) {
	t.Helper()
	var q struct {
		FromBlock, ToBlock hexutil.Uint64
		Address            []sinso.Address
		Topics             [][]sinso.Hash
	}
	if err := json.Unmarshal(a.params[0], &q); err != nil {
		t.Error(err)
	}
	from, to = uint64(q.FromBlock), uint64(q.ToBlock)
	if block < from || block > to {
		return from, to, "[]"
	}
	return from, to, fmt.Sprintf(`[{"address":%q,"topics":[%q,%q,%q,%q],"data":"0x","blockNumber":"0x%x","transactionHash":%q,"transactionIndex":"0x0","blockHash":%q,"logIndex":"0x0","removed":false}]`,
		q.Address[0], q.Topics[0][0], trade, q.Topics[2][0], sinso.Hash{31: 1}, block, sinso.Hash{2}, sinso.Hash{3})
}
