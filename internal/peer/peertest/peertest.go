// Package peertest is the conformance suite of port [sinso.Peers]: every adapter
// runs it, and a new promise of the port is added here.
package peertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
)

// Peer is what the other node does. It may be hostile: what it returns goes out
// as it is.
type Peer struct {
	// Block answers for a block: bytes, or an error of a class. It may block
	// until ctx ends, which is when the asker has gone.
	Block func(ctx context.Context, cid sinso.CID) ([]byte, error)
	// Key answers for the key of an order.
	Key func(ctx context.Context, request sinso.KeyRequest) (sinso.KeyAnswer, error)
}

// Open starts the other node, and returns the adapter and the node's address.
// The adapter's time-outs should be short: the suite waits for them.
type Open func(t *testing.T, peer Peer) (peers sinso.Peers, address string)

// MaxBlock is the size of block that every adapter must fetch.
const MaxBlock = 2 << 20

// Test runs the suite. nobody is an address at which no node listens.
func Test(t *testing.T, open Open, nobody string) {
	t.Helper()
	t.Run("FetchReturnsTheBlock", func(t *testing.T) { testFetch(t, open) })
	t.Run("FetchVerifies", func(t *testing.T) { testFetchVerifies(t, open) })
	t.Run("FetchKeepsTheClass", func(t *testing.T) { testFetchClass(t, open) })
	t.Run("FetchOfABadCIDIsInvalid", func(t *testing.T) { testBadCID(t, open) })
	t.Run("KeyReturnsTheAnswer", func(t *testing.T) { testKey(t, open) })
	t.Run("KeyCarriesTheReason", func(t *testing.T) { testReason(t, open) })
	t.Run("KeyOfAnotherOrderIsCorrupt", func(t *testing.T) { testWrongOrder(t, open) })
	t.Run("SilentPeerEndsInTime", func(t *testing.T) { testSilent(t, open) })
	t.Run("CancelledCallEnds", func(t *testing.T) { testCancelled(t, open) })
	t.Run("NobodyIsUnavailable", func(t *testing.T) { testNobody(t, open, nobody) })
	t.Run("BusyIsTriedAgain", func(t *testing.T) { testBusy(t, open) })
	t.Run("DeniedIsNotTriedAgain", func(t *testing.T) { testDeniedOnce(t, open) })
}

func is(t *testing.T, what string, err, class error) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Errorf("%s: got error %v, want %v", what, err, class)
	}
}

var order = sinso.Hash{1, 2, 3, 31: 4}

var trade = sinso.Hash{0xee}

func request() sinso.KeyRequest {
	return sinso.KeyRequest{Order: order, Trade: trade, HPKE: []byte("hpke key"), Signature: []byte("signature")}
}

func answer() sinso.KeyAnswer {
	return sinso.KeyAnswer{
		Grant: bytes.Repeat([]byte{7}, 1200),
		Delivery: sinso.Delivery{
			Trade: trade, GrantHash: sinso.Hash{5}, Signature: []byte{6},
			Box: sinso.KeyBox{Ephemeral: sinso.Point{X: sinso.Hash{8}}, Masked: sinso.Hash{9}},
		},
	}
}

func testFetch(t *testing.T, open Open) {
	blocks := map[sinso.CID][]byte{}
	for _, data := range [][]byte{nil, {1}, []byte("a block"), bytes.Repeat([]byte{0xa5}, MaxBlock)} {
		blocks[sinso.CIDOf(sinso.CodecRaw, data)] = data
		blocks[sinso.CIDOf(sinso.CodecDagPB, data)] = data
	}
	peers, at := open(t, Peer{Block: func(_ context.Context, cid sinso.CID) ([]byte, error) {
		data, ok := blocks[cid]
		if !ok {
			return nil, sinso.ErrNotFound
		}
		return data, nil
	}})
	for cid, want := range blocks {
		got, err := peers.Fetch(t.Context(), at, cid)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("Fetch of %d bytes: got %d bytes and error %v", len(want), len(got), err)
		}
	}
	_, err := peers.Fetch(t.Context(), at, sinso.CIDOf(sinso.CodecRaw, []byte("another")))
	is(t, "Fetch of what the peer has not", err, sinso.ErrNotFound)
}

func testFetchVerifies(t *testing.T, open Open) {
	asked := []byte("the block that was asked for")
	for name, sent := range map[string][]byte{
		"one bit":   append([]byte{asked[0] ^ 1}, asked[1:]...),
		"cut":       asked[:5],
		"longer":    append(bytes.Clone(asked), 0),
		"nothing":   {},
		"too large": make([]byte, 4*MaxBlock),
	} {
		peers, at := open(t, Peer{Block: func(context.Context, sinso.CID) ([]byte, error) { return sent, nil }})
		got, err := peers.Fetch(t.Context(), at, sinso.CIDOf(sinso.CodecRaw, asked))
		is(t, name, err, sinso.ErrCorrupt)
		if got != nil {
			t.Errorf("%s: got %d bytes with the error, want none", name, len(got))
		}
	}
}

func testFetchClass(t *testing.T, open Open) {
	for _, class := range []error{sinso.ErrNotFound, sinso.ErrDenied, sinso.ErrUnavailable, sinso.ErrBusy} {
		peers, at := open(t, Peer{Block: func(context.Context, sinso.CID) ([]byte, error) {
			return nil, fmt.Errorf("gateway: %w", class)
		}})
		_, err := peers.Fetch(t.Context(), at, sinso.CIDOf(sinso.CodecRaw, nil))
		is(t, "Fetch", err, class)
	}
}

func testBadCID(t *testing.T, open Open) {
	peers, at := open(t, Peer{Block: func(context.Context, sinso.CID) ([]byte, error) {
		t.Error("the peer was asked")
		return nil, sinso.ErrNotFound
	}})
	for _, cid := range []sinso.CID{"", "b", "../../etc/passwd", "Qmabc", "bafy?format=car"} {
		_, err := peers.Fetch(t.Context(), at, cid)
		is(t, string(cid), err, sinso.ErrInvalid)
	}
}

func testKey(t *testing.T, open Open) {
	peers, at := open(t, Peer{Key: func(_ context.Context, got sinso.KeyRequest) (sinso.KeyAnswer, error) {
		if diff := cmp.Diff(request(), got); diff != "" {
			t.Errorf("request (-want +got):\n%s", diff)
		}
		return answer(), nil
	}})
	got, err := peers.Key(t.Context(), at, request())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(answer(), got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func testReason(t *testing.T, open Open) {
	const reason = "the person has ended this grant"
	hostile := "gone\x1b[2J\r\nfake line\u202e" + strings.Repeat("x", 100_000)
	for _, why := range []string{reason, hostile} {
		peers, at := open(t, Peer{Key: func(context.Context, sinso.KeyRequest) (sinso.KeyAnswer, error) {
			return sinso.KeyAnswer{}, fmt.Errorf("%s: %w", why, sinso.ErrDenied)
		}})
		_, err := peers.Key(t.Context(), at, request())
		is(t, "Key", err, sinso.ErrDenied)
		if err == nil {
			continue
		}
		text := err.Error()
		if why == reason && !strings.Contains(text, reason) {
			t.Errorf("got %q, want the peer's reason in it", text)
		}
		if len(text) > 1000 || strings.ContainsAny(text, "\x1b\r\n\u202e") {
			t.Errorf("got a reason of %d bytes that is not fit for a terminal: %.100q", len(text), text)
		}
	}
}

func testWrongOrder(t *testing.T, open Open) {
	other, empty := answer(), answer()
	other.Delivery.Trade[0] ^= 1
	empty.Grant = nil
	for name, sent := range map[string]sinso.KeyAnswer{"another trade": other, "no grant": empty, "nothing": {}} {
		peers, at := open(t, Peer{Key: func(context.Context, sinso.KeyRequest) (sinso.KeyAnswer, error) { return sent, nil }})
		_, err := peers.Key(t.Context(), at, request())
		is(t, name, err, sinso.ErrCorrupt)
	}
}

// silent is a peer that takes requests and never answers.
func silent() Peer {
	return Peer{
		Block: func(ctx context.Context, _ sinso.CID) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() },
		Key: func(ctx context.Context, _ sinso.KeyRequest) (sinso.KeyAnswer, error) {
			<-ctx.Done()
			return sinso.KeyAnswer{}, ctx.Err()
		},
	}
}

func testSilent(t *testing.T, open Open) {
	peers, at := open(t, silent())
	_, err := peers.Fetch(t.Context(), at, sinso.CIDOf(sinso.CodecRaw, nil))
	is(t, "Fetch", err, sinso.ErrUnavailable)
	_, err = peers.Key(t.Context(), at, request())
	is(t, "Key", err, sinso.ErrUnavailable)
}

func testCancelled(t *testing.T, open Open) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	slow := silent()
	wait := slow.Block
	slow.Block = func(asked context.Context, cid sinso.CID) ([]byte, error) { cancel(); return wait(asked, cid) }
	peers, at := open(t, slow)
	_, err := peers.Fetch(ctx, at, sinso.CIDOf(sinso.CodecRaw, nil))
	is(t, "Fetch", err, context.Canceled)
	_, err = peers.Key(ctx, at, request())
	is(t, "Key under a cancelled context", err, context.Canceled)
}

func testNobody(t *testing.T, open Open, nobody string) {
	peers, _ := open(t, Peer{})
	_, err := peers.Fetch(t.Context(), nobody, sinso.CIDOf(sinso.CodecRaw, nil))
	is(t, "Fetch", err, sinso.ErrUnavailable)
	_, err = peers.Key(t.Context(), nobody, request())
	is(t, "Key", err, sinso.ErrUnavailable)
}

func testBusy(t *testing.T, open Open) {
	data, tries := []byte("at last"), 0
	peers, at := open(t, Peer{Block: func(context.Context, sinso.CID) ([]byte, error) {
		if tries++; tries == 1 {
			return nil, sinso.ErrBusy
		}
		return data, nil
	}})
	got, err := peers.Fetch(t.Context(), at, sinso.CIDOf(sinso.CodecRaw, data))
	if err != nil || !bytes.Equal(got, data) || tries != 2 {
		t.Errorf("Fetch: got %q, error %v after %d tries, want the block after 2", got, err, tries)
	}
}

func testDeniedOnce(t *testing.T, open Open) {
	tries := 0
	peers, at := open(t, Peer{Key: func(context.Context, sinso.KeyRequest) (sinso.KeyAnswer, error) {
		tries++
		return sinso.KeyAnswer{}, sinso.ErrDenied
	}})
	_, err := peers.Key(t.Context(), at, request())
	is(t, "Key", err, sinso.ErrDenied)
	if tries != 1 {
		t.Errorf("got %d tries, want 1", tries)
	}
}
