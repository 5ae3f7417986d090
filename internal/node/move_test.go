package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"sinso.dev/sinso"
)

// moveEnv holds the move that this test binary makes as a child, in JSON.
const moveEnv = "SINSO_TEST_MOVE"

// killedMove is a move that ends its own process before a step.
type killedMove struct {
	Data, From, To string
	Delete         bool
	KillAt         int // the step before which it ends; 0: never
}

// movedBy makes a child's move.
func movedBy(text string) error {
	var k killedMove
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return err
	}
	return k.moved()
}

// moved makes the move, and tells how many steps it had.
func (k killedMove) moved() error {
	steps := 0
	_, err := MoveBlobs(context.Background(), k.config(), MoveOptions{From: k.From, To: k.To, Delete: k.Delete, OnStep: func(string) {
		if steps++; steps == k.KillAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}})
	if err != nil {
		return err
	}
	_, err = os.Stdout.WriteString(strconv.Itoa(steps))
	return err
}

func (k killedMove) config() Config {
	cfg, err := Config{Data: k.Data, Chain: "none", DIMSEListen: "none"}.Load(func(string) string { return "" })
	if err != nil {
		panic(err)
	}
	return cfg
}

// run makes the move in a process of its own. It returns its steps, and whether it was killed.
func (k killedMove) run(t *testing.T) (steps int, killed bool) {
	t.Helper()
	text, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), moveEnv+"="+string(text))
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return 0, true
	}
	if err != nil {
		t.Fatalf("killed at %d: %v\n%s", k.KillAt, err, errOut.String())
	}
	steps, err = strconv.Atoi(out.String())
	if err != nil {
		t.Fatal(err)
	}
	return steps, false
}

// TestMoveKilledAtEveryStep ends a move by SIGKILL before each step that changes something,
// and makes it again: whichever way it goes, the node has every block in the new place and
// none in the old one, and checks clean.
func TestMoveKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	tn, err := apartNode(t, filepath.Join(root, "made"), blobsInLog)
	if err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	want := blocksOf(t, tn.seller.pack)
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"out of the log": blobsInLog, "into the log": "pack:"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kills := 0
			for at, done := 1, false; !done; at++ {
				dir := filepath.Join(root, strconv.Itoa(at)+name)
				if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "made"))); err != nil {
					t.Fatal(err)
				}
				store := "pack:" + filepath.Join(dir, "blobs")
				k := killedMove{Data: filepath.Join(dir, "seller"), From: blobsInLog, To: store, Delete: true}
				if err := os.Chmod(k.Data+".key", 0o600); err != nil {
					t.Fatal(err)
				}
				if from != blobsInLog {
					k.run(t)
					k.From, k.To = k.To, k.From
				}
				k.KillAt = at
				_, killed := k.run(t)
				if done = !killed; killed {
					kills++
				}
				k.KillAt = 0
				k.run(t)
				k.movedWhole(t, at, want)
			}
			if kills < 5+len(want) { // open, each put, note, switch, switched, delete, reclaim
				t.Errorf("killed %d times", kills)
			}
		})
	}
}

// movedWhole wants a node to have its blocks where they were moved, and only there.
func (k killedMove) movedWhole(t *testing.T, at int, want map[sinso.CID][]byte) {
	t.Helper()
	if got := setting(t, k.Data); got != k.To {
		t.Fatalf("killed at %d: the setting is %s", at, got)
	}
	for place, blocks := range map[string]map[sinso.CID][]byte{k.To: want, k.From: {}} {
		if place == blobsInLog {
			place = "pack:" + filepath.Join(k.Data, logFolder)
		}
		if got := blocksAt(t, place); !maps.EqualFunc(got, blocks, slices.Equal) {
			t.Errorf("killed at %d: %s has %d blocks, want %d", at, place, len(got), len(blocks))
		}
	}
	if result, err := Check(t.Context(), k.config(), Options{}, nil); err != nil || result.Objects == 0 {
		t.Errorf("killed at %d: check: %+v, %v", at, result, err)
	}
}

// moveable is a stopped node with one image, its blocks, and a place to move them.
func moveable(t *testing.T) (cfg Config, blocks map[sinso.CID][]byte, to string) {
	t.Helper()
	dir := t.TempDir()
	tn, err := apartNode(t, dir, "")
	if err != nil {
		t.Fatal(err)
	}
	tn.importing(t, oneSlice(t))
	blocks = blocksOf(t, tn.seller.pack)
	cfg = tn.seller.Config
	if err := tn.close(); err != nil {
		t.Fatal(err)
	}
	return cfg, blocks, "pack:" + filepath.Join(dir, "blobs")
}

// reload is the configuration of a node as it is now.
func reload(t *testing.T, cfg Config) Config {
	t.Helper()
	cfg.Blobs = setting(t, cfg.Data)
	return cfg
}

// TestMoveKeepsTheOldUnlessAsked: without Delete both have the blocks, and what is erased is
// gone from the log and from the store that is used.
func TestMoveKeepsTheOldUnlessAsked(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cfg, want, to := moveable(t)
	result, err := MoveBlobs(ctx, cfg, MoveOptions{From: blobsInLog, To: to})
	if err != nil || !result.Switched || result.Copied != int64(len(want)) || result.Blocks != result.Copied || result.Deleted != 0 {
		t.Fatalf("%+v, %v", result, err)
	}
	log := "pack:" + filepath.Join(cfg.Data, logFolder)
	if got := blocksAt(t, log); len(got) != len(want) {
		t.Errorf("%d blocks are in the log, want %d", len(got), len(want))
	}
	cfg = reload(t, cfg)
	n, err := Open(ctx, cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	persons, err := n.Persons(ctx)
	if err != nil {
		t.Fatal(err)
	}
	erase(t, n, persons[0].ID)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{log, to} {
		if got := blocksAt(t, place); len(got) != 0 {
			t.Errorf("%s has %d blocks after the erasure", place, len(got))
		}
	}
}

// TestMoveDeletesLaterWhatIsWhole: a move that is ended later deletes what the new place gives
// back, and leaves what it has lost.
func TestMoveDeletesLaterWhatIsWhole(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cfg, want, to := moveable(t)
	if _, err := MoveBlobs(ctx, cfg, MoveOptions{From: blobsInLog, To: to}); err != nil {
		t.Fatal(err)
	}
	cfg = reload(t, cfg)
	lost := slices.Sorted(maps.Keys(want))[0]
	store, end, err := OpenBlobs(ctx, to)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(store.Delete(ctx, lost), end()); err != nil {
		t.Fatal(err)
	}
	result, err := MoveBlobs(ctx, cfg, MoveOptions{From: blobsInLog, To: to, Delete: true})
	if err != nil || result.Switched || result.Left != 1 || result.Deleted != int64(len(want)-1) {
		t.Errorf("%+v, %v", result, err)
	}
	if got := blocksAt(t, "pack:"+filepath.Join(cfg.Data, logFolder)); len(got) != 1 || got[lost] == nil {
		t.Errorf("%d blocks are left in the log, want the lost one", len(got))
	}
	if result, err := Check(ctx, cfg, Options{}, nil); err != nil {
		t.Errorf("check: %+v, %v", result, err)
	}
}

// TestMoveOfDamagedBlocks copies all but those that cannot be read, and has the node use what
// it used before.
func TestMoveOfDamagedBlocks(t *testing.T) {
	t.Parallel()
	cfg, want, to := moveable(t)
	bad := slices.Sorted(maps.Keys(want))[0]
	segment := filepath.Join(cfg.Data, logFolder, "00000001.seg")
	raw, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	raw[bytes.Index(raw, want[bad])] ^= 1
	if err := os.WriteFile(segment, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := MoveBlobs(t.Context(), cfg, MoveOptions{From: blobsInLog, To: to, Delete: true})
	if !errors.Is(err, sinso.ErrCorrupt) || result.Switched || !slices.Equal(result.Damaged, []sinso.CID{bad}) || result.Copied != int64(len(want)-1) {
		t.Errorf("%+v, %v", result, err)
	}
	if got := setting(t, cfg.Data); got != blobsInLog {
		t.Errorf("the setting is %s", got)
	}
}

// TestMoveMendsWhatWasCopiedBadly: a block that the new place has with other bytes is copied
// again.
func TestMoveMendsWhatWasCopiedBadly(t *testing.T) {
	t.Parallel()
	cfg, want, to := moveable(t)
	if _, err := MoveBlobs(t.Context(), cfg, MoveOptions{From: blobsInLog, To: to}); err != nil {
		t.Fatal(err)
	}
	segment := filepath.Join(to[len("pack:"):], "00000001.seg")
	raw, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	raw[bytes.Index(raw, want[slices.Sorted(maps.Keys(want))[0]])] ^= 1
	if err := os.WriteFile(segment, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := MoveBlobs(t.Context(), cfg, MoveOptions{From: blobsInLog, To: to})
	if err != nil || result.Copied != 1 {
		t.Errorf("%+v, %v", result, err)
	}
	if got := blocksAt(t, to); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%d blocks, want %d", len(got), len(want))
	}
}

// TestMovesThatAreRefused change nothing.
func TestMovesThatAreRefused(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cfg, _, to := moveable(t)
	for what, o := range map[string]MoveOptions{
		"from where the blocks are not": {From: to, To: to + "2"},
		"to where they are":             {From: blobsInLog, To: blobsInLog},
		"to no URL":                     {From: blobsInLog, To: "ftp:x"},
	} {
		if _, err := MoveBlobs(ctx, cfg, o); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got error %v, want ErrInvalid", what, err)
		}
	}
	n, err := Open(ctx, cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := MoveBlobs(ctx, cfg, MoveOptions{From: blobsInLog, To: to}); !errors.Is(err, sinso.ErrBusy) {
		t.Errorf("while it runs: got error %v, want ErrBusy", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(to[len("pack:"):]); err == nil {
		t.Error("a store was made")
	}
}

// TestMoveThroughAFolderOfIPFS moves blocks into a folder as Kubo keeps them, and back.
func TestMoveThroughAFolderOfIPFS(t *testing.T) {
	t.Parallel()
	cfg, want, to := moveable(t)
	folder := "ipfs:" + to[len("pack:"):]
	for _, move := range []MoveOptions{{From: blobsInLog, To: folder, Delete: true}, {From: folder, To: blobsInLog, Delete: true}} {
		if result, err := MoveBlobs(t.Context(), cfg, move); err != nil || !result.Switched || result.Deleted != int64(len(want)) {
			t.Fatalf("%+v, %v", result, err)
		}
		cfg = reload(t, cfg)
		if result, err := Check(t.Context(), cfg, Options{}, nil); err != nil || result.Objects == 0 {
			t.Errorf("check: %+v, %v", result, err)
		}
	}
}

// TestStoreThatIsEmptyNow: a node does not write into the folder on which its store is not
// mounted.
func TestStoreThatIsEmptyNow(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cfg, _, to := moveable(t)
	if _, err := MoveBlobs(ctx, cfg, MoveOptions{From: blobsInLog, To: to}); err != nil {
		t.Fatal(err)
	}
	cfg = reload(t, cfg)
	dir := to[len("pack:"):]
	if err := os.Rename(dir, dir+"-unmounted"); err != nil {
		t.Fatal(err)
	}
	for _, made := range []bool{false, true} {
		if made {
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Open(ctx, cfg, Options{}); !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("got error %v, want ErrUnavailable", err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("%d files were made, %v", len(entries), err)
	}
}
