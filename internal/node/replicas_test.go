package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/node/replica"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
	wire "sinso.dev/sinso/internal/wire/held"
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

// between is a proxy before a peer that does not do as it should.
type between struct {
	*httptest.Server
	mode atomic.Value // string
	past atomic.Value // []byte: a proof that was good

	came chan struct{} // a put is held back
	pass chan struct{} // it may go on
	done chan struct{} // it is stored
}

func before(t *testing.T, target string) *between {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	b := &between{came: make(chan struct{}, 8), pass: make(chan struct{}), done: make(chan struct{}, 8)}
	b.mode.Store("")
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ModifyResponse: b.change, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case b.mode.Load() == "away":
			panic(http.ErrAbortHandler)
		case b.mode.Load() == "stalls" && strings.HasPrefix(r.URL.Path, "/api/v1/held"):
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			select { // a byte now and then
			case <-r.Context().Done():
			case <-time.After(8 * time.Second):
			}
			return
		case b.mode.Load() == "holds puts back" && r.Method == http.MethodPost && r.URL.Path == wire.BlocksPath:
			b.came <- struct{}{}
			<-b.pass
			proxy.ServeHTTP(w, r)
			b.done <- struct{}{}
			return
		case b.mode.Load() == "says it stored" && r.Method == http.MethodPost && r.URL.Path == wire.BlocksPath:
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = w.Write([]byte(`{"count":1}`))
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { b.CloseClientConnections(); b.Close() })
	return b
}

// change changes what the peer answers.
func (b *between) change(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	proofs := r.Request.URL.Path == wire.ProofsPath && r.StatusCode == http.StatusOK
	switch b.mode.Load() {
	case "":
		if proofs {
			b.past.Store(bytes.Clone(body))
		}
	case "wrong hash":
		var answer wire.Proofs
		if proofs && json.Unmarshal(body, &answer) == nil {
			for i := range answer.Proofs {
				answer.Proofs[i] = bytes.Repeat([]byte{7}, 32)
			}
			body, err = json.Marshal(answer)
		}
	case "old nonce":
		if past, _ := b.past.Load().([]byte); proofs && past != nil {
			body = past
		}
	case "truncates":
		body = body[:len(body)/2]
	case "lies about blocks":
		if strings.HasPrefix(r.Request.URL.Path, wire.BlocksPath+"/") {
			body = bytes.Repeat([]byte{9}, len(body))
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return err
}

// TestAPeerThatDoesNotProveIsNotCounted: one that lies, stalls, truncates, answers with an
// old proof, or says that it stored what it threw away has no copies until it proves them, and
// status says what is wrong. Reads go on.
func TestAPeerThatDoesNotProveIsNotCounted(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{
		"wrong hash": "prove", "old nonce": "", "truncates": "no answer", "stalls": "in time", "says it stored": "just been given", "away": "cannot be reached",
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			friend := alone(t, filepath.Join(dir, "friend"), nil)
			b := before(t, friend.Config.URL)
			n := alone(t, filepath.Join(dir, "clinic"), nil)
			importSlices(t, n.Node, 1, 12)
			keep(t, n.Node, friend.Node, "friend", b.URL)
			until(t, n.Node, "complete", complete)
			b.mode.Store(mode)
			importSlices(t, n.Node, 2, 3)
			bad := until(t, n.Node, "unhealthy", func(r sinso.Replication) bool {
				return r.Short == r.Blocks && !r.Peers[0].Healthy && strings.Contains(r.Peers[0].Problem, want)
			})
			if got := len(readAll(t, n.Node)); got != 15 {
				t.Errorf("%d records are read meanwhile, want 15 (%+v)", got, bad)
			}
			b.mode.Store("")
			until(t, n.Node, "well again", complete)
		})
	}
}

// TestALyingReplicaIsPassedOver: a peer that gives back other bytes is not believed, and the
// next one is asked; without one the damage is named as it was.
func TestALyingReplicaIsPassedOver(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	liar, friend := alone(t, filepath.Join(dir, "liar"), nil), alone(t, filepath.Join(dir, "friend"), nil)
	b := before(t, liar.Config.URL)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 10)
	keep(t, n.Node, liar.Node, "a-liar", b.URL) // asked first
	until(t, n.Node, "complete", complete)
	b.mode.Store("lies about blocks")
	blocks := stored(t, n.pack)
	n.stop()
	rotten := rot(t, filepath.Join(n.Config.Data, logFolder), blocks, 3)
	n = alone(t, n.Config.Data, nil)
	if _, err := n.Blobs.Get(ctx, rotten[0]); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("with a liar alone: got %v, want %v", err, sinso.ErrCorrupt)
	}
	n.stop()
	if result, err := Check(ctx, n.Config, Options{}, nil); !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(fmt.Sprint(result.Damage), string(rotten[0])) {
		t.Errorf("the check does not name what is damaged: %v: %v", err, result.Damage)
	}
	n = alone(t, n.Config.Data, nil)
	keep(t, n.Node, friend.Node, "friend", "")
	n.replicas.Mend(ctx, rotten[0]) //nolint:errcheck // nobody has it yet but the liar
	until(t, n.Node, "brought to the friend, but for what is damaged", func(r sinso.Replication) bool {
		return len(r.Peers) == 2 && r.Peers[1].Held == r.Blocks-int64(len(rotten))
	})
	b.mode.Store("")
	until(t, n.Node, "complete, by the liar that is honest now", complete)
	b.mode.Store("lies about blocks")
	n.stop()
	again := rot(t, filepath.Join(n.Config.Data, logFolder), blocks, 3)
	n = alone(t, n.Config.Data, nil)
	for _, cid := range again {
		if got, err := n.Blobs.Get(ctx, cid); err != nil || !bytes.Equal(got, blocks[cid]) {
			t.Errorf("block %s with one good peer: %v", cid, err)
		}
	}
}

// TestErasureAsksThePeers: what is erased is deleted at a peer that answers, and ordered at
// one that does not, across a restart; the receipt says which, and later what came of it.
func TestErasureAsksThePeers(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	near, far := alone(t, filepath.Join(dir, "near"), nil), alone(t, filepath.Join(dir, "far"), nil)
	b := before(t, far.Config.URL)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 5)
	keep(t, n.Node, near.Node, "near", "")
	keep(t, n.Node, far.Node, "far", b.URL)
	keep(t, n.Node, near.Node, "once", "")
	until(t, n.Node, "complete", complete)
	if err := n.DropCopies(ctx, "once", "test"); err != nil {
		t.Fatal(err)
	}
	until(t, n.Node, "complete", complete)
	blocks := stored(t, n.pack)
	studies, err := n.Studies(ctx, "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	b.mode.Store("away")
	row, err := n.Erase(ctx, string(studies[0].ID), way.EraseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	checkReceipt(t, n.Node, row)
	want := map[string]string{"near": sinso.CopyDropped, "far": sinso.CopyAsked, "once": sinso.CopyNotKept}
	copies := receiptOf(t, row).Copies
	for _, one := range copies {
		if want[one.Peer] != one.Answer {
			t.Errorf("the receipt says of %s %q, want %q", one.Peer, one.Answer, want[one.Peer])
		}
	}
	if len(copies) != len(want) {
		t.Errorf("the receipt names %v", copies)
	}
	gone := 0
	var ciphertext []string
	for cid, data := range blocks {
		has, err := n.pack.Has(ctx, cid)
		if err != nil {
			t.Fatal(err)
		}
		if has {
			continue
		}
		gone++
		if len(data) > 64 {
			ciphertext = append(ciphertext, string(data[len(data)/2:][:32]))
		}
		if _, err := n.Blobs.Get(ctx, cid); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("an erased block came back from a peer: %v", err)
		}
	}
	if gone < 5 {
		t.Fatalf("%d blocks are gone", gone)
	}
	guests, err := near.Guests()
	if err != nil || len(guests) == 0 {
		t.Fatal(err)
	}
	for _, guest := range guests {
		if guest.Name == "nears-guest" {
			lookIn(t, ciphertext, filepath.Join(near.Config.Data, heldFolder, guest.ID))
		}
	}
	n.stop()
	n = alone(t, n.Config.Data, nil)
	until(t, n.Node, "known to wait", func(r sinso.Replication) bool {
		return r.Peers[0].Deletions == int64(gone) && r.Peers[1].Deletions == 0
	})
	b.mode.Store("")
	until(t, n.Node, "confirmed", func(r sinso.Replication) bool { return r.Peers[0].Deletions == 0 })
	now, err := n.ErasedCopies(ctx, row)
	if err != nil || len(now) != 3 {
		t.Fatalf("%v, %v", now, err)
	}
	for _, one := range now {
		if one.Peer == "far" && one.Answer != sinso.CopyDropped {
			t.Errorf("later: %q, want %q", one.Answer, sinso.CopyDropped)
		}
	}
	lookIn(t, ciphertext, filepath.Join(far.Config.Data, heldFolder))
}

// TestWhatIsPrunedGoesFromPeersToo: what nothing names, and no other block.
func TestWhatIsPrunedGoesFromPeersToo(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 3)
	data := []byte("of a release that was cut off")
	waste := sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}
	if err := n.Blobs.Put(ctx, waste); err != nil {
		t.Fatal(err)
	}
	keep(t, n.Node, friend.Node, "friend", "")
	until(t, n.Node, "complete", func(r sinso.Replication) bool { return complete(r) && r.Blocks == int64(len(stored(t, n.pack))) })
	guests, err := friend.Guests()
	if err != nil || len(guests) != 1 {
		t.Fatalf("%v, %v", guests, err)
	}
	folder, err := friend.host.Folder(guests[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if has, err := folder.Has(ctx, waste.CID); err != nil || !has {
		t.Fatalf("the peer has it: %t, %v", has, err)
	}
	if pruned, err := n.Prune(ctx, 0, "test", nil); err != nil || pruned.Blocks != 1 {
		t.Fatalf("%+v, %v", pruned, err)
	}
	until(t, n.Node, "deleted", func(r sinso.Replication) bool { return complete(r) && r.Peers[0].Deletions == 0 })
	here, there := stored(t, n.pack), stored(t, folder.Pack)
	if len(here) != len(there) || there[waste.CID] != nil {
		t.Errorf("%d blocks are here, the peer has %d", len(here), len(there))
	}
}

// TestWhatIsErasedOnItsWayToAPeerDoesNotStay: a block that was read to be brought, and is
// erased before it has come, is deleted there after it has.
func TestWhatIsErasedOnItsWayToAPeerDoesNotStay(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	b := before(t, friend.Config.URL)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	keep(t, n.Node, friend.Node, "friend", b.URL)
	b.mode.Store("holds puts back")
	importSlices(t, n.Node, 1, 3)
	<-b.came
	studies, err := n.Studies(ctx, "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	erased := make(chan error, 1)
	go func() {
		_, err := n.Erase(ctx, string(studies[0].ID), way.EraseOptions{Actor: "test"})
		erased <- err
	}()
	ordered := time.Time{}
	until(t, n.Node, "ordered, and not confirmed while a put is under way", func(r sinso.Replication) bool {
		if ordered.IsZero() && r.Blocks == 0 {
			ordered = time.Now()
		}
		return !ordered.IsZero() && time.Since(ordered) > 200*time.Millisecond
	})
	b.mode.Store("")
	close(b.pass)
	<-b.done
	if err := <-erased; err != nil {
		t.Fatal(err)
	}
	until(t, n.Node, "done", func(r sinso.Replication) bool { return r.Peers[0].Deletions == 0 && r.Peers[0].Owed == 0 })
	guests, err := friend.Guests()
	if err != nil || len(guests) != 1 {
		t.Fatalf("%v, %v", guests, err)
	}
	folder, err := friend.host.Folder(guests[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	here := stored(t, n.pack)
	for cid := range stored(t, folder.Pack) {
		if here[cid] == nil {
			t.Errorf("the peer has block %s, which is erased here", cid)
		}
	}
}

// lookIn reports each marker that stands in a file of a folder, as it is.
func lookIn(t *testing.T, markers []string, dir string) {
	t.Helper()
	found, err := files(dir)
	if err != nil || len(found) == 0 {
		t.Fatalf("%d files, %v", len(found), err)
	}
	for path, data := range found {
		for _, marker := range markers {
			if strings.Contains(string(data)+path, marker) {
				t.Errorf("%s has %.40q", filepath.Base(path), marker)
			}
		}
	}
}

// TestAPeerLearnsNoContent holds every byte that a peer has of a node, and its log, against
// every planted identifier, every key of the node, and every piece of the plain objects.
func TestAPeerLearnsNoContent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := &bytes.Buffer{}
	friend := alone(t, filepath.Join(dir, "friend"), slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	part10, planted := plantEverywhere(t)
	if _, err := n.Import(t.Context(), func(_ context.Context, fn func(ingest.Found) error) error {
		return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI("MKFILENAMEZQ")}})
	}, ImportOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	importSlices(t, n.Node, 1, 3)
	keep(t, n.Node, friend.Node, "friend", "")
	until(t, n.Node, "complete", complete)
	plain := readAll(t, n.Node)
	blocks := stored(t, n.pack)
	root, err := os.ReadFile(n.Config.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	keyFiles, err := files(filepath.Join(n.Config.Data, keysFolder))
	if err != nil {
		t.Fatal(err)
	}
	n.stop()
	friend.stop()
	holds, err := files(friend.Config.Data)
	if err != nil {
		t.Fatal(err)
	}
	holds["its log"] = log.Bytes()
	there := 0
	for _, data := range blocks {
		for path, bytesOf := range holds {
			if strings.Contains(path, heldFolder) && bytes.Contains(bytesOf, data) {
				there++
				break
			}
		}
	}
	if there != len(blocks) { // or the test would look where nothing is
		t.Errorf("the peer has %d of %d blocks", there, len(blocks))
	}
	lookFor(t, append(slices.Clone(planted.markers), "MKFILENAMEZQ", "clinic"), holds)
	secrets := []string{strings.TrimSpace(string(root))}
	for _, data := range keyFiles {
		for chunk := range slices.Chunk(data, 32) {
			if len(chunk) == 32 && bytes.Count(chunk, chunk[:1]) < 8 {
				secrets = append(secrets, string(chunk))
			}
		}
	}
	pieces := 0
	for _, data := range plain {
		for piece := range slices.Chunk(data, 32) {
			if len(piece) == 32 && bytes.Count(piece, piece[:1]) < 8 { // not a run of zeros
				secrets, pieces = append(secrets, string(piece)), pieces+1
			}
		}
	}
	if pieces < 50 {
		t.Errorf("only %d pieces of plain objects were looked for", pieces)
	}
	for path, data := range holds {
		if strings.HasPrefix(path, filepath.Join(friend.Config.Data, keysFolder)) {
			continue // the head of its own key table is that of every node's
		}
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s has %.16q", path, secret)
			}
		}
	}
}

// TestSeveralPeersShareTheCopies: with fewer copies than peers each block has as many as
// are wanted, and the peers have about as many each.
func TestSeveralPeersShareTheCopies(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 60)
	n.stop()
	if err := os.WriteFile(filepath.Join(n.Config.Data, configFile), []byte("copies = \"2\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n = alone(t, n.Config.Data, nil)
	friend := alone(t, filepath.Join(dir, "friend"), nil) // three guests of one box
	for _, name := range []string{"one", "two", "three"} {
		keep(t, n.Node, friend.Node, name, "")
	}
	r := until(t, n.Node, "complete", func(r sinso.Replication) bool { return complete(r) && len(r.Peers) == 3 })
	held := int64(0)
	for _, p := range r.Peers {
		held += p.Held
		if p.Held < r.Blocks/4 {
			t.Errorf("peer %s has %d of %d blocks", p.Name, p.Held, r.Blocks)
		}
	}
	if r.Copies != 2 || held < 2*r.Blocks {
		t.Errorf("%d copies of %d blocks are proven, %d of each are wanted", held, r.Blocks, r.Copies)
	}
	if err := n.DropCopies(ctx, "one", "test"); err != nil {
		t.Fatal(err)
	}
	until(t, n.Node, "complete with two", func(r sinso.Replication) bool {
		return complete(r) && len(r.Peers) == 2 && r.Peers[0].Held == r.Blocks && r.Peers[1].Held == r.Blocks
	})
}

// TestABackupWithAPeerComesBack copies a node to a peer beside the copies of its blocks, and
// makes it anew from there.
func TestABackupWithAPeerComesBack(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 5)
	keep(t, n.Node, friend.Node, "friend", "")
	until(t, n.Node, "complete", complete)
	for range 2 { // the second deletes what only the first had, and none of the copies
		if _, err := n.Backup(ctx, "peer:friend", nil); err != nil {
			t.Fatal(err)
		}
		importSlices(t, n.Node, 2, 3)
	}
	right := readAll(t, n.Node)
	kept, err := n.Replicas(ctx)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v, %v", kept, err)
	}
	until(t, n.Node, "complete", complete)
	n.stop()
	t.Setenv("SINSO_PEER_TOKEN", kept[0].Token)
	cfg := n.Config
	cfg.Data = filepath.Join(dir, "anew")
	if _, err := Restore(ctx, cfg, "peer:"+kept[0].URL, nil); err != nil {
		t.Fatal(err)
	}
	back, err := Open(ctx, cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close() //nolint:errcheck // read only
	got := readAll(t, back)
	if len(got) != 8 {
		t.Errorf("%d records came back, want 8", len(got))
	}
	for id, data := range got {
		if !bytes.Equal(data, right[id]) {
			t.Errorf("record %s has other bytes", id)
		}
	}
	if again, err := back.Replicas(ctx); err != nil || len(again) != 1 || again[0] != kept[0] {
		t.Errorf("who keeps copies came back as %v, %v", again, err)
	}
}

// keeperEnv is the folder of a node that this test binary serves until it is killed.
const keeperEnv = "SINSO_TEST_KEEPER"

func keeper(dir string) error {
	ctx := context.Background()
	n, err := standing(ctx, dir, nil, quick)
	if err != nil {
		return err
	}
	listener, err := n.Listen(ctx)
	if err != nil {
		return err
	}
	return n.Serve(ctx, listener)
}

// TestReplicationGoesOnAfterAKill kills a node by kill -9 again and again while it brings
// its blocks to a peer: it goes on where it was, and the peer has proven all in the end.
func TestReplicationGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: starts the node again and again")
	}
	ctx, dir := t.Context(), t.TempDir()
	friend := alone(t, filepath.Join(dir, "friend"), nil)
	n := alone(t, filepath.Join(dir, "clinic"), nil)
	importSlices(t, n.Node, 1, 300)
	blocks := stored(t, n.pack)
	b := before(t, friend.Config.URL)
	keep(t, n.Node, friend.Node, "friend", b.URL)
	n.stop()
	guests, err := friend.Guests()
	if err != nil || len(guests) != 1 {
		t.Fatalf("%v, %v", guests, err)
	}
	folder, err := friend.host.Folder(guests[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		if err := folder.List(ctx, func(sinso.CID) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	kills := 0
	for has := count(); has < len(blocks) && kills < 5; has = count() {
		child := exec.CommandContext(ctx, os.Args[0])
		child.Env = append(os.Environ(), keeperEnv+"="+n.Config.Data)
		child.Stderr = os.Stderr
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for ends := time.Now().Add(10 * time.Second); count() == has && time.Now().Before(ends); {
			time.Sleep(time.Millisecond)
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed
		kills++
	}
	if kills < 2 {
		t.Errorf("all was there after %d kills: the test is too slow", kills)
	}
	n = alone(t, n.Config.Data, nil)
	r := until(t, n.Node, "complete", complete)
	if r.Blocks != int64(len(blocks)) || count() != len(blocks) {
		t.Errorf("the peer has %d, %d are proven, there are %d", count(), r.Blocks, len(blocks))
	}
}
