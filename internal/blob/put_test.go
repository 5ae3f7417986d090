package blob_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob"
)

func of(data []byte) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
}

// TestPutEachPutsOnceAndNotAllAtOnce puts each of many blocks once, never more than so many
// at a time.
func TestPutEachPutsOnceAndNotAllAtOnce(t *testing.T) {
	t.Parallel()
	const atOnce = 3
	var blocks []sinso.Block
	for i := range 60 {
		blocks = append(blocks, of([]byte(strconv.Itoa(i%40))))
	}
	var now, most atomic.Int64
	var mu sync.Mutex
	calls := map[sinso.CID]int{}
	err := blob.PutEach(t.Context(), blocks, atOnce, func(_ context.Context, cid sinso.CID, data []byte) error {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		mu.Lock()
		defer mu.Unlock()
		calls[cid]++
		return cid.Verify(data)
	})
	if err != nil || len(calls) != 40 || most.Load() > atOnce {
		t.Errorf("%d blocks, %d at a time, %v", len(calls), most.Load(), err)
	}
	for cid, n := range calls {
		if n != 1 {
			t.Errorf("%s was put %d times", cid, n)
		}
	}
}

// TestPutEachOfABadBlockPutsNone refuses a block of other bytes, of a bad CID, and one that
// is too long, whoever vouches for it.
func TestPutEachOfABadBlockPutsNone(t *testing.T) {
	t.Parallel()
	long := of(make([]byte, blob.MaxBlock+1))
	long.Fresh = true
	for what, bad := range map[string]sinso.Block{
		"other bytes": {CID: of([]byte("a")).CID, Data: []byte("b")},
		"a bad CID":   {CID: "../a", Data: []byte("b"), Fresh: true},
		"too long":    long,
	} {
		err := blob.PutEach(t.Context(), []sinso.Block{of([]byte("sound")), bad}, 1, func(context.Context, sinso.CID, []byte) error {
			t.Errorf("%s: a block was put", what)
			return nil
		})
		if !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got error %v, want ErrInvalid", what, err)
		}
	}
}
