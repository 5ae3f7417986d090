package blobtest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
)

// BlobStore is one engine that is the port Blobs.
type BlobStore interface {
	sinso.Blobs
	Close() error
}

// OpenBlobs is [Open] of an engine that may be no journal.
type OpenBlobs func(t *testing.T) BlobStore

// TestBlobs runs the suite of the port Blobs. fresh makes the place of one test's store.
func TestBlobs(t *testing.T, fresh func(t *testing.T) OpenBlobs) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, OpenBlobs){
		"PutAndGet":                  testPutAndGet,
		"PutTwiceStoresOnce":         testPutTwice,
		"PutOfOtherBytesIsInvalid":   testPutInvalid,
		"BadCIDIsInvalid":            testBadCID,
		"GetOfNothingIsNotFound":     testNotFound,
		"TheCallerMayKeepTheSlice":   testKeepSlice,
		"DeleteForgets":              testDelete,
		"DeleteManyAtOnce":           testDeleteMany,
		"ListIsSorted":               testList,
		"ListStopsAtTheCallersError": testListStops,
		"CallsInsideList":            testInsideList,
		"ConcurrentPuts":             testConcurrentPuts,
		"CancelledCallsEnd":          testCancelledBlobs,
		"ReopenKeepsBlocks":          testReopenBlobs,
		"ClosedIsUnavailable":        testClosedBlobs,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// node returns a node of DAG-PB that holds data and links to nothing: what an engine may
// take for granted of a block of that codec.
func node(data []byte) []byte {
	if len(data) == 0 {
		return nil
	}
	return append(binary.AppendUvarint([]byte{0x0a}, uint64(len(data))), data...)
}

var errCaller = errors.New("the caller's own")

func testPutAndGet(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	for _, data := range [][]byte{nil, {0}, []byte("some bytes"), bytes.Repeat([]byte{0xa5}, 1<<20)} {
		for _, codec := range []sinso.Codec{sinso.CodecRaw, sinso.CodecDagPB} {
			if codec == sinso.CodecDagPB {
				data = node(data)
			}
			cid := sinso.CIDOf(codec, data)
			has, err := s.Has(t.Context(), cid)
			if err != nil || has {
				t.Errorf("has %s before put: got %t, %v", cid, has, err)
			}
			must(t, s.Put(t.Context(), sinso.Block{CID: cid, Data: data}))
			got, err := s.Get(t.Context(), cid)
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("get %s: got %d bytes, %v, want the %d that were put", cid, len(got), err, len(data))
			}
			if has, err := s.Has(t.Context(), cid); err != nil || !has {
				t.Errorf("has %s: got %t, %v", cid, has, err)
			}
		}
	}
	must(t, s.Put(t.Context()))
}

func testPutTwice(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	b := block("twice")
	must(t, s.Put(t.Context(), b, b))
	must(t, s.Put(t.Context(), b))
	if got := len(list(t, s)); got != 1 {
		t.Errorf("blocks after two puts of one: got %d, want 1", got)
	}
}

func testPutInvalid(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	good, bad := block("good"), block("bad")
	bad.Data = []byte("other bytes")
	is(t, "put of other bytes", s.Put(t.Context(), good, bad), sinso.ErrInvalid)
	for _, cid := range []sinso.CID{good.CID, bad.CID} {
		if has, err := s.Has(t.Context(), cid); err != nil || has {
			t.Errorf("has %s after a put that failed: got %t, %v", cid, has, err)
		}
	}
	must(t, s.Put(t.Context(), good))
	good.Data = []byte("other bytes")
	is(t, "put of other bytes under a CID that is there", s.Put(t.Context(), good), sinso.ErrInvalid)
}

func testBadCID(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	for _, cid := range []sinso.CID{"", "b", "../../etc/passwd", sinso.CID(strings.ToUpper(string(block("x").CID)))} {
		is(t, "put "+string(cid), s.Put(t.Context(), sinso.Block{CID: cid}), sinso.ErrInvalid)
		_, err := s.Get(t.Context(), cid)
		is(t, "get "+string(cid), err, sinso.ErrInvalid)
		_, err = s.Has(t.Context(), cid)
		is(t, "has "+string(cid), err, sinso.ErrInvalid)
		is(t, "delete "+string(cid), s.Delete(t.Context(), cid), sinso.ErrInvalid)
	}
}

func testNotFound(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	_, err := s.Get(t.Context(), block("nothing").CID)
	is(t, "get", err, sinso.ErrNotFound)
	must(t, s.Delete(t.Context(), block("nothing").CID))
}

func testKeepSlice(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	b := block("to be kept")
	must(t, s.Put(t.Context(), sinso.Block{CID: b.CID, Data: bytes.Clone(b.Data)}))
	first, err := s.Get(t.Context(), b.CID)
	must(t, err)
	clear(first)
	second, err := s.Get(t.Context(), b.CID)
	must(t, err)
	if !bytes.Equal(second, b.Data) {
		t.Errorf("after the caller changed its slice: got %q, want %q", second, b.Data)
	}
}

func testDelete(t *testing.T, open OpenBlobs) {
	s := open(t)
	b := block("to be deleted")
	must(t, s.Put(t.Context(), b, block("to stay")))
	must(t, s.Delete(t.Context(), b.CID))
	must(t, s.Delete(t.Context(), b.CID))
	must(t, s.Close())
	s = opened(t, open)
	_, err := s.Get(t.Context(), b.CID)
	is(t, "get after delete", err, sinso.ErrNotFound)
	if got := list(t, s); len(got) != 1 {
		t.Errorf("list after delete: got %d, want 1", len(got))
	}
	must(t, s.Put(t.Context(), b))
	got, err := s.Get(t.Context(), b.CID)
	if err != nil || !bytes.Equal(got, b.Data) {
		t.Errorf("get after put again: got %q, %v", got, err)
	}
}

func list(t *testing.T, s BlobStore) []sinso.CID {
	t.Helper()
	var cids []sinso.CID
	must(t, s.List(t.Context(), func(cid sinso.CID) error { cids = append(cids, cid); return nil }))
	return cids
}

func testList(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	if got := list(t, s); len(got) > 0 {
		t.Errorf("list of an empty store: got %v", got)
	}
	var blocks []sinso.Block
	var want []sinso.CID
	for i := range 50 {
		b := block(fmt.Sprint(i))
		if i%2 == 0 {
			b.Data = node(b.Data)
			b.CID = sinso.CIDOf(sinso.CodecDagPB, b.Data)
		}
		blocks = append(blocks, b)
		want = append(want, b.CID)
	}
	must(t, s.Put(t.Context(), blocks...))
	slices.Sort(want)
	if diff := cmp.Diff(want, list(t, s)); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

func testListStops(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	must(t, s.Put(t.Context(), block("a"), block("b")))
	calls := 0
	err := s.List(t.Context(), func(sinso.CID) error { calls++; return errCaller })
	is(t, "list", err, errCaller)
	if calls != 1 {
		t.Errorf("calls: got %d, want 1", calls)
	}
}

func testDeleteMany(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	blocks := []sinso.Block{block("to stay")}
	var cids []sinso.CID
	for i := range 20 {
		b := block(fmt.Sprint(i))
		blocks, cids = append(blocks, b), append(cids, b.CID)
	}
	must(t, s.Put(t.Context(), blocks...))
	must(t, s.Delete(t.Context(), append(cids, cids[0], block("never there").CID)...))
	if diff := cmp.Diff([]sinso.CID{blocks[0].CID}, list(t, s)); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	must(t, s.Delete(t.Context()))
}

// testInsideList calls the store from List's function: so unused blocks are found and
// removed.
func testInsideList(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	must(t, s.Put(t.Context(), block("a"), block("b"), block("c")))
	calls := 0
	must(t, s.List(t.Context(), func(cid sinso.CID) error {
		calls++
		if _, err := s.Get(t.Context(), cid); err != nil {
			return err
		}
		return s.Delete(t.Context(), cid)
	}))
	if left := list(t, s); calls != 3 || len(left) > 0 {
		t.Errorf("blocks listed: got %d, want 3; left: got %v", calls, left)
	}
}

func testConcurrentPuts(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	const writers, each = 4, 5
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				text := fmt.Sprintf("%d/%d", w, i)
				b := block(text)
				if err := s.Put(t.Context(), b, block("everybody's")); err != nil {
					t.Errorf("put: %v", err)
				}
				if got, err := s.Get(t.Context(), b.CID); err != nil || string(got) != text {
					t.Errorf("get at once after put: got %q, %v", got, err)
				}
			}
		})
	}
	wait.Wait()
	if got := len(list(t, s)); got != writers*each+1 {
		t.Errorf("blocks: got %d, want %d", got, writers*each+1)
	}
}

func testCancelledBlobs(t *testing.T, open OpenBlobs) {
	s := opened(t, open)
	b := block("before")
	must(t, s.Put(t.Context(), b))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	is(t, "put", s.Put(ctx, block("y")), context.Canceled)
	_, err := s.Get(ctx, b.CID)
	is(t, "get", err, context.Canceled)
	is(t, "list", s.List(ctx, func(sinso.CID) error { return nil }), context.Canceled)
	if got := len(list(t, s)); got != 1 {
		t.Errorf("blocks: got %d, want 1", got)
	}
}

func testReopenBlobs(t *testing.T, open OpenBlobs) {
	s := open(t)
	must(t, s.Put(t.Context(), block("kept")))
	must(t, s.Close())
	s = opened(t, open)
	if got, err := s.Get(t.Context(), block("kept").CID); err != nil || string(got) != "kept" {
		t.Errorf("get: got %q, %v", got, err)
	}
}

func testClosedBlobs(t *testing.T, open OpenBlobs) {
	s := open(t)
	b := block("a")
	must(t, s.Put(t.Context(), b))
	must(t, s.Close())
	must(t, s.Close())
	is(t, "put", s.Put(t.Context(), block("y")), sinso.ErrUnavailable)
	_, err := s.Get(t.Context(), b.CID)
	is(t, "get", err, sinso.ErrUnavailable)
	_, err = s.Has(t.Context(), b.CID)
	is(t, "has", err, sinso.ErrUnavailable)
	is(t, "delete", s.Delete(t.Context(), b.CID), sinso.ErrUnavailable)
	is(t, "list", s.List(t.Context(), func(sinso.CID) error { return nil }), sinso.ErrUnavailable)
}
