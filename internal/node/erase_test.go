package node

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lukechampine.com/adiantum"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// TestErasedIsGone sells a study with a marker in every attribute, erases it, and then
// holds every byte of the node, with its root key: each event that still opens, each page
// of the index as it is under its encryption, each block, and each file.
func TestErasedIsGone(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	part10, planted := plantEverywhere(t)
	markers := append(slices.Clone(planted.markers), "MKFILENAMEZQ")
	log := &bytes.Buffer{}
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}, log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	take := func() ImportResult {
		result, err := tn.seller.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
			return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI("MKFILENAMEZQ")}})
		}, ImportOptions{Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	take()
	offer, err := tn.sell(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tn.buy(ctx, offer); err != nil {
		t.Fatal(err)
	}
	studies, err := tn.seller.Studies(ctx, "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	study := studies[0].ID
	instances, err := tn.seller.Instances(ctx, study)
	if err != nil || len(instances) != 1 {
		t.Fatalf("%d instances, %v", len(instances), err)
	}
	blocks := stored(t, tn.seller.pack)
	if err := tn.seller.Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := tn.seller.Erase(ctx, string(study), way.EraseOptions{Actor: "test"}); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("with money in the account of what was sold: got error %v, want ErrExists", err)
	}
	row, err := tn.seller.Erase(ctx, string(study), way.EraseOptions{Actor: "test", LeaveMoney: true})
	if err != nil {
		t.Fatal(err)
	}
	checkReceipt(t, tn.seller, row)
	again, err := tn.seller.Erase(ctx, string(study), way.EraseOptions{Actor: "test"})
	if err != nil || !bytes.Equal(again.Receipt, row.Receipt) {
		t.Errorf("erased again: another receipt, or %v", err)
	}
	gone := 0
	var ciphertext []string // of what is gone
	for cid, data := range blocks {
		if has, err := tn.seller.pack.Has(ctx, cid); err != nil {
			t.Fatal(err)
		} else if !has {
			gone++
			ciphertext = append(ciphertext, string(data[len(data)/2:][:32]))
		}
	}
	if receipt := receiptOf(t, row); gone != receipt.Blocks || receipt.Missing != 0 || gone < 5 {
		t.Errorf("%d blocks are gone, the receipt says %d", gone, receipt.Blocks)
	}
	if result := take(); result.Skipped != 1 || result.Reasons[way.ReasonErased] != 1 {
		t.Errorf("the same study again: %+v, want it skipped", result)
	}
	persons, err := tn.seller.Persons(ctx)
	if err != nil {
		t.Fatal(err)
	}
	patient := persons[slices.IndexFunc(persons, func(p sinso.PersonRow) bool { return strings.HasPrefix(p.Label, "MK") })]
	label := patient.Label // is the person's, who is still here
	if freed, err := files(filepath.Join(tn.dir, "seller", logFolder)); err != nil || len(freed) < 2 {
		t.Fatalf("%d files of the log, %v", len(freed), err)
	} else {
		lookFor(t, ciphertext, freed)
	}
	lookFor(t, slices.DeleteFunc(slices.Clone(markers), func(m string) bool { return m == label }), everything(t, tn, log.Bytes()))
	checksOut(t, tn)
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	if row, err = tn.seller.Erase(ctx, string(patient.ID), way.EraseOptions{Actor: "test", LeaveMoney: true}); err != nil {
		t.Fatal(err)
	}
	checkReceipt(t, tn.seller, row)
	if result := take(); result.Skipped != 1 {
		t.Errorf("the person's file again: %+v, want it skipped", result)
	}
	held := everything(t, tn, log.Bytes())
	lookFor(t, markers, held)
	lookFor(t, []string{string(instances[0].CID), string(instances[0].ID)}, map[string][]byte{"index": held["index"]})
	checksOut(t, tn)
}

// everything closes the seller's node and returns every byte of it: files, and what its
// keys open.
func everything(t *testing.T, tn *town, log []byte) map[string][]byte {
	t.Helper()
	held := map[string][]byte{"events": opened(t, tn.seller), "logs": log}
	secret, err := tn.seller.keys.Secret(t.Context(), sinso.KeyNode, "index")
	if err != nil {
		t.Fatal(err)
	}
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	held["index"] = undisguised(t, filepath.Join(tn.dir, "seller", indexFile), secret)
	files, err := files(filepath.Join(tn.dir, "seller"))
	if err != nil {
		t.Fatal(err)
	}
	for path, data := range files {
		held[path] = append(data, path...)
	}
	return held
}

// stored returns the blocks of a log.
func stored(t *testing.T, p *pack.Pack) map[sinso.CID][]byte {
	t.Helper()
	all := map[sinso.CID][]byte{}
	if err := p.List(t.Context(), func(cid sinso.CID) (err error) {
		all[cid], err = p.Get(t.Context(), cid)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func receiptOf(t *testing.T, row sinso.ErasureRow) (receipt sinso.ErasureReceipt) {
	t.Helper()
	if err := json.Unmarshal(row.Receipt, &receipt); err != nil {
		t.Fatal(err)
	}
	return receipt
}

// checkReceipt verifies a receipt as anybody can who has it.
func checkReceipt(t *testing.T, n *Node, row sinso.ErasureRow) {
	t.Helper()
	receipt := receiptOf(t, row)
	message := append([]byte("sinso/erasure-receipt/v1\x00"), row.Receipt...)
	if !bytes.Equal(receipt.Institution, n.InstitutionKey()) || !ed25519.Verify(receipt.Institution, message, row.Signature) {
		t.Error("the receipt is not signed by the institution")
	}
	if receipt.Keys < 1 || receipt.Events < 1 || receipt.Done.Before(receipt.Begun) || receipt.Checkpoint == "" {
		t.Errorf("the receipt says %+v", receipt)
	}
}

// opened returns all that the log still says to who has its keys.
func opened(t *testing.T, n *Node) []byte {
	t.Helper()
	var all []byte
	erased := 0
	if err := n.audit.Events(t.Context(), 0, func(e sinso.Event) error {
		text, err := json.Marshal(e)
		all = append(all, text...)
		if e.Erased {
			erased++
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if erased < 3 {
		t.Errorf("%d events are erased", erased)
	}
	return all
}

// undisguised returns a file of the index as it is below its encryption
// (docs/formats.md, "index").
func undisguised(t *testing.T, path string, key [32]byte) []byte {
	t.Helper()
	for _, ending := range []string{"-wal", "-fresh"} {
		if info, err := os.Stat(path + ending); err == nil && info.Size() > 0 {
			t.Errorf("%s is left", ending)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cipher := adiantum.New(key[:])
	for at := 0; at+4096 <= len(data); at += 4096 {
		tweak := make([]byte, 8)
		for i := range tweak {
			tweak[i] = byte(at >> (8 * i))
		}
		cipher.Decrypt(data[at:at+4096], tweak)
	}
	if !strings.HasPrefix(string(data), "SQLite format 3") {
		t.Fatal("the index is not what it is taken for: the test shows nothing")
	}
	return data
}

// checksOut checks both nodes.
func checksOut(t *testing.T, tn *town) {
	t.Helper()
	cfg, err := Config{Data: filepath.Join(tn.dir, "seller"), Chain: "dev:", ChainListen: "none"}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if result, err := Check(t.Context(), cfg, Options{Clock: tn.clock}, nil); err != nil {
		t.Errorf("check: %v: %v", err, result.Damage)
	}
	if _, err := RebuildIndex(t.Context(), cfg, Options{Clock: tn.clock}); err != nil {
		t.Errorf("rebuild: %v", err)
	}
	if result, err := Check(t.Context(), cfg, Options{Clock: tn.clock}, nil); err != nil {
		t.Errorf("check after a rebuild: %v: %v", err, result.Damage)
	}
}

// TestErasureGoesOnAfterAKill keeps the node folder as it is at each step of an erasure,
// which is what kill -9 leaves, and opens each: what was asked for is done, what was announced
// as soon as the node is open, and before that nothing is gone.
func TestErasureGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	part10, planted := plantEverywhere(t)
	var study sinso.StudyID
	var steps []string
	erasing := false
	tn := &town{dir: t.TempDir(), clock: fastClock{time.Now(), 60}}
	kept := t.TempDir()
	tn.onStep = func(name string) {
		if erasing {
			steps = append(steps, name)
			if out, err := exec.CommandContext(ctx, "cp", "-a", tn.dir, filepath.Join(kept, strconv.Itoa(len(steps)))).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		}
	}
	if err := tn.open(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := tn.seller.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		return fn(ingest.Found{Item: sinso.Item{Bytes: part10}})
	}, ImportOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	studies, err := tn.seller.Studies(ctx, "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	study = studies[0].ID
	erasing = true
	if _, err := tn.seller.Erase(ctx, string(study), way.EraseOptions{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	erasing = false
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	if want := []string{"erasure-asked", "erasure-asked logged", "rejected", "rejected logged", "erased", "erased logged", "erase keys", "erase blocks", "erase index", "erasure-done", "erasure-done logged"}; !slices.Equal(steps, want) {
		t.Fatalf("steps %v, want %v", steps, want)
	}
	for i, step := range steps {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			afterKill(t, filepath.Join(kept, strconv.Itoa(i+1)), tn.clock, study, i > slices.Index(steps, "erasure-asked"), i > slices.Index(steps, "erased"), planted.markers)
		})
	}
}

// afterKill opens what a kill left, and wants the study gone; if it was asked for before,
// without being asked again.
func afterKill(t *testing.T, dir string, clock sinso.Clock, study sinso.StudyID, asked, announced bool, markers []string) {
	t.Helper()
	tn := &town{dir: dir, clock: clock}
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if has, err := tn.seller.keys.Has(t.Context(), sinso.RecordKey(string(study))); err != nil || announced && has {
		t.Errorf("the key is there: %v, %v", has, err)
	}
	if err := tn.seller.Resume(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	rows, err := tn.seller.Erasures(t.Context())
	if err != nil || (len(rows) == 1) != asked || asked && rows[0].Done.IsZero() {
		t.Fatalf("%d erasures, %v; asked for: %v", len(rows), err, asked)
	}
	row, err := tn.seller.Erase(t.Context(), string(study), way.EraseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	checkReceipt(t, tn.seller, row)
	persons, err := tn.seller.Persons(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stays := func(marker string) bool { // the person's name: they were not erased
		return slices.ContainsFunc(persons, func(p sinso.PersonRow) bool { return p.Label == marker })
	}
	lookFor(t, slices.DeleteFunc(slices.Clone(markers), stays), everything(t, tn, nil))
	checksOut(t, tn)
}
