package node

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/node/replica"
	"sinso.dev/sinso/internal/stage/ingest"
)

// quick are the times of a test.
var quick = replica.Times{Look: 20 * time.Millisecond, Sample: 100 * time.Millisecond, Retry: 20 * time.Millisecond, Timeout: time.Second}

// served is a node that answers. It is stopped at the test's end.
type served struct {
	*Node
	stop func()
}

// alone opens a node without a chain in a folder, which is made if it is not there, and
// lets it answer.
func alone(t *testing.T, dir string, log *slog.Logger) *served {
	t.Helper()
	return aloneAt(t, dir, log, quick)
}

// aloneAt is alone at other times.
func aloneAt(t *testing.T, dir string, log *slog.Logger, times replica.Times) *served {
	t.Helper()
	n, err := standing(t.Context(), dir, log, times)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := n.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.Serve(ctx, listener) }()
	s := &served{Node: n}
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, n.Close()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	t.Cleanup(s.stop)
	return s
}

// standing opens a node that does not answer.
func standing(ctx context.Context, dir string, log *slog.Logger, times replica.Times) (*Node, error) {
	cfg, err := Config{Data: dir, Listen: "127.0.0.1:0", Chain: none, ChainListen: none, DIMSEListen: none}.Load(func(string) string { return "" })
	if err != nil {
		return nil, err
	}
	if _, err := Init(ctx, cfg); err != nil && !errors.Is(err, sinso.ErrExists) {
		return nil, err
	}
	return Open(ctx, cfg, Options{Log: log, copies: times})
}

// importSlices imports so many small slices, each a record.
func importSlices(t *testing.T, n *Node, seed uint64, count int) {
	t.Helper()
	if _, err := n.Import(t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
		return phantom.Series(phantom.Options{Seed: seed, Slices: count, Rows: 32, Columns: 32}, func(name string, part10 []byte) error {
			return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI(name)}})
		})
	}, ImportOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
}

// keep has a node keep copies with another, through a URL that may be something before it.
func keep(t *testing.T, from, with *Node, name, through string) {
	t.Helper()
	_, token, err := with.AddGuest(name+"s-guest", 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	if through == "" {
		through = with.Config.URL
	}
	if err := from.KeepCopies(t.Context(), sinso.ReplicaKept{Name: name, URL: through, Token: token}, "test"); err != nil {
		t.Fatal(err)
	}
}

// until waits for a state of the copies.
func until(t *testing.T, n *Node, what string, is func(sinso.Replication) bool) sinso.Replication {
	t.Helper()
	var last sinso.Replication
	for ends := time.Now().Add(20 * time.Second); time.Now().Before(ends); time.Sleep(10 * time.Millisecond) {
		status, err := n.Replication(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if last = status; is(status) {
			return status
		}
	}
	t.Fatalf("not %s: %+v", what, last)
	return last
}

// complete says that every block has its proven copies.
func complete(r sinso.Replication) bool {
	return r.Blocks > 0 && r.Short == 0 && !slices.ContainsFunc(r.Peers, func(p sinso.ReplicaStatus) bool { return p.Owed > 0 || !p.Healthy })
}

// TestBitRotIsMendedByAPeer changes a byte of one block in a hundred on a node that keeps
// copies with one good peer: every read is byte-exact without anybody's help, and the check
// is clean afterwards.
func TestBitRotIsMendedByAPeer(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	seldom := quick
	seldom.Sample = time.Hour // the first proof does not wait for it
	n := aloneAt(t, filepath.Join(dir, "clinic"), nil, seldom)
	keep(t, n.Node, friend.Node, "friend", "")
	until(t, n.Node, "told that there is nothing yet", func(r sinso.Replication) bool { return len(r.Peers) == 1 && !r.Peers[0].Healthy })
	importSlices(t, n.Node, 1, 250)
	until(t, n.Node, "complete", complete)
	importSlices(t, n.Node, 2, 50) // what comes later is brought soon
	var blocks map[sinso.CID][]byte
	until(t, n.Node, "complete with all that is here", func(r sinso.Replication) bool {
		blocks = stored(t, n.pack)
		return complete(r) && r.Blocks == int64(len(blocks)) && r.Peers[0].Held == r.Blocks && r.Peers[0].Bytes > 0
	})
	right := readAll(t, n.Node)
	n.stop()

	rotten := rot(t, filepath.Join(n.Config.Data, logFolder), blocks, len(blocks)/100)
	if result, err := Check(ctx, n.Config, Options{}, nil); !errors.Is(err, sinso.ErrCorrupt) || len(result.Damage) != len(rotten) {
		t.Fatalf("%d blocks are damaged, check says %v: %v", len(rotten), err, result.Damage)
	}
	by := t.TempDir() // mended at once, while it stands
	if err := os.CopyFS(by, os.DirFS(n.Config.Data)); err != nil {
		t.Fatal(err)
	}
	copied := n.Config
	copied.Data = by
	if result, err := Repair(ctx, copied, "peer:friend", nil); err != nil || result.Mended != len(rotten) {
		t.Errorf("repair by the peer: %+v, %v", result, err)
	}
	if result, err := Check(ctx, copied, Options{}, nil); err != nil {
		t.Errorf("check of what was repaired: %v: %v", err, result.Damage)
	}
	n = alone(t, n.Config.Data, nil)
	got := readAll(t, n.Node)
	for id, data := range right {
		if !bytes.Equal(got[id], data) {
			t.Errorf("record %s: %d bytes, want %d as before", id, len(got[id]), len(data))
		}
	}
	for cid, data := range blocks {
		if back, err := n.Blobs.Get(ctx, cid); err != nil || !bytes.Equal(back, data) {
			t.Errorf("block %s: %v", cid, err)
		}
	}
	n.stop()
	whole, err := standing(ctx, n.Config.Data, nil, quick)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := whole.pack.Reclaim(ctx); err != nil { // which a serving node does within minutes
		t.Error(err)
	}
	if err := whole.Close(); err != nil {
		t.Error(err)
	}
	if result, err := Check(ctx, n.Config, Options{}, nil); err != nil {
		t.Errorf("check afterwards: %v: %v", err, result.Damage)
	}
}

// rot changes one byte of so many blocks, and returns which.
func rot(t *testing.T, log string, blocks map[sinso.CID][]byte, count int) (rotten []sinso.CID) {
	t.Helper()
	segments, err := files(log)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	cids := make([]sinso.CID, 0, len(blocks))
	for cid, data := range blocks {
		if len(data) > 64 {
			cids = append(cids, cid)
		}
	}
	slices.Sort(cids)
	random.Shuffle(len(cids), func(i, j int) { cids[i], cids[j] = cids[j], cids[i] })
	for _, cid := range cids[:count] {
		for path, data := range segments {
			if at := bytes.Index(data, blocks[cid]); at >= 0 {
				data[at+random.IntN(len(blocks[cid]))] ^= 1
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				rotten = append(rotten, cid)
			}
		}
	}
	if len(rotten) < 2 {
		t.Fatalf("%d blocks were changed", len(rotten))
	}
	return rotten
}

// TestScrubMendsByAPeer: what nobody reads is found and mended too, and what was lost
// without a trace.
func TestScrubMendsByAPeer(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 40)
	keep(t, n.Node, friend.Node, "friend", "")
	until(t, n.Node, "complete", complete)
	blocks := stored(t, n.pack)
	n.stop()
	rotten := rot(t, filepath.Join(n.Config.Data, logFolder), blocks, 5)
	n = alone(t, n.Config.Data, nil)
	if found, mended, err := n.Scrub(ctx, 0); found != len(rotten) || mended != found || !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("scrub: %d found, %d mended, %v; want %d", found, mended, err, len(rotten))
	}
	if found, _, err := n.Scrub(ctx, 0); found != 0 || err != nil {
		t.Errorf("scrub again: %d found, %v", found, err)
	}

	// The file that says who has what is damaged: the peers prove all again.
	n.stop()
	if err := os.WriteFile(filepath.Join(n.Config.Data, copiesFile), bytes.Repeat([]byte("no database"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	n = alone(t, n.Config.Data, nil)
	until(t, n.Node, "complete again", complete)

	// Lost, not deleted: nobody ordered it, so the peer still has them and gives them back.
	lost := rotten[0]
	if err := n.pack.Delete(ctx, lost); err != nil {
		t.Fatal(err)
	}
	if got, err := n.Blobs.Get(ctx, lost); err != nil || !bytes.Equal(got, blocks[lost]) {
		t.Errorf("a block that was lost: %v", err)
	}
	if has, err := n.pack.Has(ctx, lost); err != nil || !has {
		t.Errorf("it is here again: got %t, %v", has, err)
	}
	if _, err := n.Blobs.Get(ctx, sinso.CIDOf(sinso.CodecRaw, []byte("never here"))); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("a block that was never here: %v", err)
	}
}
