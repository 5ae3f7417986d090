package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
)

// childEnv holds the life that this test binary leads as a child, in JSON.
const childEnv = "SINSO_TEST_LIFE"

// life is one process of the two nodes: from opening to the end of the way, or to
// the step at which it kills itself.
type life struct {
	Dir    string    `json:"dir"`
	Clock  fastClock `json:"clock"`
	KillAt int64     `json:"killAt"` // the step before which it ends; 0: never
}

// told is what a life that was not killed says at its end.
type told struct {
	Steps int64 `json:"steps"`
	State state `json:"state"`
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		end(live(text))
	}
	if dir := os.Getenv(keeperEnv); dir != "" {
		end(keeper(dir))
	}
	if text := os.Getenv(hostEnv); text != "" {
		end(host(text))
	}
	if text := os.Getenv(largeEnv); text != "" {
		end(importsLarge(text))
	}
	if text := os.Getenv(moveEnv); text != "" {
		end(movedBy(text))
	}
	os.Exit(m.Run())
}

// end ends a child.
func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// live leads the life. Each acknowledged entry is told at once, on stdout, so that
// the parent knows what must be there afterwards.
func live(text string) error {
	var l life
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var steps atomic.Int64
	tn := &town{dir: l.Dir, clock: l.Clock, onStep: func(name string) {
		if steps.Add(1) == l.KillAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
		if kind, logged := bytes.CutSuffix([]byte(name), []byte(" logged")); logged {
			fmt.Printf("acknowledged %s\n", kind)
		}
	}}
	if err := tn.open(ctx); err != nil {
		return errors.Join(err, tn.close())
	}
	if err := errors.Join(tn.seller.Resume(ctx, "test"), tn.wholeWay(ctx)); err != nil {
		return errors.Join(err, tn.close())
	}
	end, err := tn.state(ctx)
	if err := errors.Join(err, tn.close()); err != nil {
		return err
	}
	answer, err := json.Marshal(told{steps.Load(), end})
	if err != nil {
		return err
	}
	_, err = fmt.Printf("end %s\n", answer)
	return err
}

// lead runs a life in a process of its own. acknowledged counts the entries that
// it said were durable, by kind.
func lead(t *testing.T, l life) (end *told, acknowledged map[string]int) {
	t.Helper()
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err = cmd.Run()
	var exit *exec.ExitError
	killed := errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	if err != nil && !killed {
		t.Fatalf("life with kill at %d: %v\n%s", l.KillAt, err, errOut.String())
	}
	acknowledged = map[string]int{}
	for line := range bytes.Lines(out.Bytes()) {
		line = bytes.TrimSpace(line)
		if kind, ok := bytes.CutPrefix(line, []byte("acknowledged ")); ok {
			acknowledged[string(kind)]++
		}
		if answer, ok := bytes.CutPrefix(line, []byte("end ")); ok {
			end = new(told)
			if err := json.Unmarshal(answer, end); err != nil {
				t.Fatal(err)
			}
		}
	}
	if killed == (end != nil) {
		t.Fatalf("life with kill at %d: killed %t, and said %q", l.KillAt, killed, out.String())
	}
	return end, acknowledged
}

// TestKilledAtEveryStep ends the process of both nodes by SIGKILL before each step
// of the way, and after each entry is in the journal and not yet in the index. A
// second life then goes on: what was acknowledged is there, both nodes check clean,
// and the end is the same as of a life that was never cut off.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	const speed = 60 // a chain second in 17 ms
	root := t.TempDir()
	whole, _ := lead(t, life{Dir: filepath.Join(root, "whole"), Clock: fastClock{time.Now(), speed}})
	if whole.State.Paid["patient"].Int().Sign() == 0 || !whole.State.Revoked || len(whole.State.Originals) != 3 || whole.State.Unlisted != 0 {
		t.Fatalf("the way did not reach its end: %s", whole.State)
	}
	stride := int64(1)
	if testing.Short() {
		stride = 7
	}
	for at := int64(1); at <= whole.Steps; at += stride {
		t.Run(strconv.FormatInt(at, 10), func(t *testing.T) {
			t.Parallel()
			l := life{Dir: filepath.Join(root, strconv.FormatInt(at, 10)), Clock: fastClock{time.Now(), speed}, KillAt: at}
			end, acknowledged := lead(t, l)
			if end != nil {
				return // steps of what looks after orders in the background come when they come
			}
			l.KillAt = 0
			again, _ := lead(t, l)
			delete(acknowledged, string(sinso.EventImported)) // see state
			for kind, count := range acknowledged {
				if had := again.State.Events["seller "+kind] + again.State.Events["buyer "+kind]; had < count {
					t.Errorf("%d entries %s were acknowledged, %d are there", count, kind, had)
				}
			}
			if diff := cmp.Diff(whole.State.String(), again.State.String()); diff != "" {
				t.Errorf("the end is another than without the kill (-want +got):\n%s", diff)
			}
			checkClean(t, filepath.Join(l.Dir, "seller"), "dev:", l.Clock)
			checkClean(t, filepath.Join(l.Dir, "buyer"), "none", l.Clock)
			if err := os.RemoveAll(l.Dir); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestKilledWithBlocksApart is the same for a node whose blocks lie in another store, at two
// of the steps: blocks are there before the events that name them.
func TestKilledWithBlocksApart(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: five processes, as TestKilledAtEveryStep has them")
	}
	root := t.TempDir()
	begin := func(name string, killAt int64) life {
		dir := filepath.Join(root, name)
		config := fmt.Sprintf("blobs = %q\n", "pack:"+filepath.Join(dir, "blobs"))
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, "seller"), 0o700), os.WriteFile(filepath.Join(dir, "seller", configFile), []byte(config), 0o600)); err != nil {
			t.Fatal(err)
		}
		return life{Dir: dir, Clock: fastClock{time.Now(), 60}, KillAt: killAt}
	}
	whole, _ := lead(t, begin("whole", 0))
	if got := len(blocksAt(t, "pack:"+filepath.Join(root, "whole", "blobs"))); got < 10 {
		t.Errorf("%d blocks lie apart", got)
	}
	for _, at := range []int64{whole.Steps / 3, whole.Steps * 2 / 3} {
		l := begin(strconv.FormatInt(at, 10), at)
		if end, _ := lead(t, l); end != nil {
			continue
		}
		l.KillAt = 0
		again, _ := lead(t, l)
		if diff := cmp.Diff(whole.State.String(), again.State.String()); diff != "" {
			t.Errorf("killed at %d: the end is another than without the kill (-want +got):\n%s", at, diff)
		}
		checkClean(t, filepath.Join(l.Dir, "seller"), "dev:", l.Clock)
	}
}

// checkClean wants a folder without damage.
func checkClean(t *testing.T, data, chain string, clock sinso.Clock) {
	t.Helper()
	cfg, err := Config{Data: data, Chain: chain, ChainListen: "none", DIMSEListen: "none"}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	result, err := Check(t.Context(), cfg, Options{Clock: clock}, nil)
	if err != nil {
		t.Errorf("check %s: %v: %q", filepath.Base(data), err, result.Damage)
	}
	if result.Events == 0 {
		t.Errorf("check %s read no event", filepath.Base(data))
	}
}
