package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/peer"
	wire "sinso.dev/sinso/internal/wire/held"
)

// guest makes a guest and opens its blocks as its node does.
func (g *rig) guest(t *testing.T, name string, quota int64) func(t *testing.T) *peer.Blobs {
	t.Helper()
	token := g.want(t, 200, "local", "POST", api+"/local/held", fmt.Sprintf(`{"name":%q,"quotaBytes":%d}`, name, quota)).field(t, "token")
	return func(t *testing.T) *peer.Blobs {
		t.Helper()
		b := must[*peer.Blobs](t)(peer.Open(peer.Config{URL: g.url, Token: token}))
		t.Cleanup(func() { _ = b.Close() })
		return b
	}
}

// TestBlobsAtAPeer runs the suites of block stores over the routes of a node that holds
// another's blocks, each test as a guest of its own.
func TestBlobsAtAPeer(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	var count atomic.Int32
	fresh := func(t *testing.T) func(t *testing.T) *peer.Blobs {
		return g.guest(t, fmt.Sprintf("guest-%d", count.Add(1)), 1<<30)
	}
	blobtest.TestBlobs(t, func(t *testing.T) blobtest.OpenBlobs {
		open := fresh(t)
		return func(t *testing.T) blobtest.BlobStore { return open(t) }
	})
	blobtest.TestNamed(t, func(t *testing.T) blobtest.OpenNamed {
		open := fresh(t)
		return func(t *testing.T) blobtest.NamedStore { return open(t) }
	})
}

func blockOf(data []byte) sinso.Block {
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
}

// TestGuestsAreApart: what one guest brought another neither sees, proves, nor deletes.
func TestGuestsAreApart(t *testing.T) {
	t.Parallel()
	g, ctx := newRig(t), t.Context()
	one, other := g.guest(t, "one", 1<<20)(t), g.guest(t, "other", 1<<20)(t)
	b := blockOf([]byte("of one"))
	if err := errors.Join(one.Put(ctx, b), one.SetName(ctx, "mine", b.CID)); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Get(ctx, b.CID); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("get: got %v, want %v", err, sinso.ErrNotFound)
	}
	if _, err := other.Name(ctx, "mine"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("name: got %v, want %v", err, sinso.ErrNotFound)
	}
	if has, err := other.Has(ctx, b.CID); has || err != nil {
		t.Errorf("has: got %t, %v", has, err)
	}
	if proven, err := other.Prove(ctx, b); err != nil || proven[0] {
		t.Errorf("prove: got %v, %v", proven, err)
	}
	if err := other.List(ctx, func(cid sinso.CID) error { return fmt.Errorf("listed %s", cid) }); err != nil {
		t.Error(err)
	}
	if err := other.Delete(ctx, b.CID); err != nil {
		t.Error(err)
	}
	if proven, err := one.Prove(ctx, b); err != nil || !proven[0] {
		t.Errorf("its own afterwards: got %v, %v", proven, err)
	}
	if got := g.want(t, 401, "", "GET", wire.BlocksPath+"/"+string(b.CID), "", "Authorization", "Bearer "+g.token["owner"]); got.StatusCode != 401 {
		t.Errorf("an owner's token: got %d", got.StatusCode)
	}
	g.want(t, 200, "local", "DELETE", api+"/local/held/other", "")
	if _, err := other.Has(ctx, b.CID); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("a guest that was removed: got %v, want %v", err, sinso.ErrDenied)
	}
	if _, err := one.Get(ctx, b.CID); err != nil {
		t.Errorf("the one that stays: %v", err)
	}
	g.want(t, 401, "", "POST", api+"/session", fmt.Sprintf(`{"token":%q}`, g.token["guest"]), "Origin", g.url)
}

// TestQuotaHolds: beyond it nothing is taken, what is there stays, and what is deleted
// makes room again.
func TestQuotaHolds(t *testing.T) {
	t.Parallel()
	g, ctx := newRig(t), t.Context()
	b := g.guest(t, "small", 2<<20)(t)
	blocks := make([]sinso.Block, 4)
	for i := range blocks {
		blocks[i] = blockOf(bytes.Repeat([]byte{byte(i + 1)}, 600<<10))
	}
	if err := b.Put(ctx, blocks[:3]...); err != nil {
		t.Fatal(err)
	}
	err := b.Put(ctx, blocks[3])
	if !errors.Is(err, sinso.ErrFull) || !strings.Contains(err.Error(), "507") {
		t.Fatalf("beyond the quota: got %v, want %v", err, sinso.ErrFull)
	}
	if err := b.Put(ctx, blocks[0]); err != nil {
		t.Errorf("what is there already: %v", err)
	}
	if got, err := b.Get(ctx, blocks[2].CID); err != nil || !bytes.Equal(got, blocks[2].Data) {
		t.Errorf("what was there: %v", err)
	}
	if err := errors.Join(b.Delete(ctx, blocks[1].CID), b.Put(ctx, blocks[3])); err != nil {
		t.Errorf("after one was deleted: %v", err)
	}
}

// TestManySmallBlocksUseTheQuotaUp: each takes memory of the host, whatever its size.
func TestManySmallBlocksUseTheQuotaUp(t *testing.T) {
	t.Parallel()
	g, ctx := newRig(t), t.Context()
	b := g.guest(t, "small", 1<<20)(t)
	var err error
	kept := 0
	for ; kept < 1000 && err == nil; kept += 10 {
		blocks := make([]sinso.Block, 10)
		for i := range blocks {
			blocks[i] = blockOf(fmt.Append(nil, kept+i))
		}
		err = b.Put(ctx, blocks...)
	}
	if !errors.Is(err, sinso.ErrFull) || kept > 100 {
		t.Errorf("%d blocks of a few bytes are kept in 1 MiB, %v; want %v", kept, err, sinso.ErrFull)
	}
}

// TestListsOfAGuestComeOneAfterTheOther: all that it has is in memory for each.
func TestListsOfAGuestComeOneAfterTheOther(t *testing.T) {
	t.Parallel()
	g, ctx := newRig(t), t.Context()
	b := g.guest(t, "one", 1<<20)(t)
	var held list[sinso.HeldGuest]
	if err := json.Unmarshal(g.want(t, 200, "local", "GET", api+"/local/held", "").body, &held); err != nil {
		t.Fatal(err)
	}
	caller := string(sinso.RoleReplica) + ":" + held.Items[slices.IndexFunc(held.Items, func(one sinso.HeldGuest) bool { return one.Name == "one" })].ID
	leave, err := g.lists.enter(ctx, caller)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- b.List(ctx, func(sinso.CID) error { return nil }) }()
	for g.lists.requestsOf(caller) < 2 {
		select {
		case err := <-ended:
			t.Fatalf("a second list did not wait: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	leave()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestHeldBodiesAreBounded: what is no batch, no question or no nonce is refused, and stores
// nothing.
func TestHeldBodiesAreBounded(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	good, err := wire.Encode([]sinso.Block{blockOf([]byte("good"))})
	if err != nil {
		t.Fatal(err)
	}
	other := blockOf([]byte("good"))
	other.Data = []byte("evil")
	lie := must[[]byte](t)(wire.Encode([]sinso.Block{blockOf([]byte("first")), other}))
	huge := append(bytes.Clone(good), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)
	for name, body := range map[string]string{
		"nothing": "", "no header": "x" + string(good), "cut off": string(good[:len(good)-1]), "other bytes": string(lie), "a length of ages": string(huge),
	} {
		if got := g.do(t, "guest", "POST", wire.BlocksPath, body); got.StatusCode != 400 {
			t.Errorf("%s: got %d %s", name, got.StatusCode, got.body)
		}
	}
	many := strings.Repeat(`"`+string(other.CID)+`",`, wire.MaxCIDs) + `"` + string(other.CID) + `"`
	for path, body := range map[string]string{
		wire.HasPath: `{"cids":[` + many + `]}`, wire.DeletePath: `{"cids":[]}`,
		wire.ProofsPath: `{"nonce":"AAAA","cids":["` + string(other.CID) + `"]}`,
	} {
		if got := g.do(t, "guest", "POST", path, body); got.StatusCode != 400 {
			t.Errorf("%s: got %d %s", path, got.StatusCode, got.body)
		}
	}
	if page := g.want(t, 200, "guest", "GET", wire.BlocksPath, "").body; string(page) != "end\n" {
		t.Errorf("afterwards there is %q", page)
	}
}

// TestProofsAreOfTheirNonce: an answer to another challenge proves nothing.
func TestProofsAreOfTheirNonce(t *testing.T) {
	t.Parallel()
	b := blockOf([]byte("some bytes"))
	proof := wire.Proof([]byte("nonce 1"), b.CID, b.Data)
	for name, other := range map[string][32]byte{
		"another nonce": wire.Proof([]byte("nonce 2"), b.CID, b.Data),
		"another block": wire.Proof([]byte("nonce 1"), blockOf([]byte("x")).CID, b.Data),
		"other bytes":   wire.Proof([]byte("nonce 1"), b.CID, []byte("some bytez")),
		"a moved end":   wire.Proof([]byte("nonce 1"+string(b.CID[:1])), b.CID[1:], b.Data),
	} {
		if other == proof {
			t.Errorf("%s: the proof is the same", name)
		}
	}
}

// TestChallengesRestTheDisk: who asks for proofs without end is told to wait.
func TestChallengesRestTheDisk(t *testing.T) {
	t.Parallel()
	g, ctx := newRig(t), t.Context()
	b := g.guest(t, "asker", 64<<20)(t)
	block := blockOf(bytes.Repeat([]byte{7}, 2<<20))
	if err := b.Put(ctx, block); err != nil {
		t.Fatal(err)
	}
	many := make([]sinso.Block, wire.MaxProofs)
	for i := range many {
		many[i] = block
	}
	for range 20 { // 128 MiB each
		if _, err := b.Prove(ctx, many...); errors.Is(err, sinso.ErrBusy) {
			return
		}
	}
	t.Error("2.5 GiB were read for challenges at once")
}
