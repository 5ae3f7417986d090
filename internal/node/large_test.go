package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// largeEnv holds the import that this test binary does as a child, in JSON.
const largeEnv = "SINSO_TEST_LARGE"

// largeImport is one process of a node that imports a folder, in which what has more than a
// MiB is large: to its end, or to the step before which it kills itself.
type largeImport struct {
	Data, Blobs, From string
	KillAt            int64 // 0: never
}

// largeEnd is what one says that was not killed.
type largeEnd struct {
	Steps       int64
	Result      ImportResult
	Instances   map[string]int64 // bytes, by SOP Instance UID
	Quarantined []int64          // bytes of each
	Whole       int              // objects that were opened to their end
}

// importsLarge leads the child.
func importsLarge(text string) error {
	var l largeImport
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cfg, err := Config{Data: l.Data, Blobs: l.Blobs, Chain: noChain}.Load(func(string) string { return "" })
	if err != nil {
		return err
	}
	if _, err := Init(ctx, cfg); err != nil && !errors.Is(err, sinso.ErrExists) {
		return err
	}
	var steps atomic.Int64
	n, err := Open(ctx, cfg, Options{large: 1 << 20, OnStep: func(string) {
		if steps.Add(1) == l.KillAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}})
	if err != nil {
		return err
	}
	end, err := n.largeEnd(ctx, l)
	end.Steps = steps.Load()
	if err := errors.Join(err, n.Close()); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(end)
}

func (n *Node) largeEnd(ctx context.Context, l largeImport) (end largeEnd, err error) {
	if end.Result, err = n.ImportPaths(ctx, []string{l.From}, ImportOptions{Actor: "test"}); err != nil {
		return end, err
	}
	end.Instances = map[string]int64{}
	studies, err := n.Studies(ctx, "")
	if err != nil {
		return end, err
	}
	for _, study := range studies {
		rows, err := n.Instances(ctx, study.ID)
		if err != nil {
			return end, err
		}
		for _, row := range rows {
			end.Instances[row.UID] = row.Size
		}
	}
	refused, err := n.Quarantine(ctx)
	for _, row := range refused {
		end.Quarantined = append(end.Quarantined, row.Size)
	}
	if err != nil {
		return end, err
	}
	var damaged []error
	end.Whole, err = n.CheckObjects(ctx, func(err error) { damaged = append(damaged, err) })
	return end, errors.Join(append(damaged, err)...)
}

// run does it; nil: it was killed.
func (l largeImport) run(t *testing.T) *largeEnd {
	t.Helper()
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), largeEnv+"="+string(text))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return nil
	}
	if err != nil {
		t.Fatalf("with kill at %d: %v\n%s", l.KillAt, err, said.String())
	}
	end := new(largeEnd)
	if err := json.Unmarshal(out, end); err != nil {
		t.Fatal(err)
	}
	return end
}

// TestALargeImportKilledAtAnyStep: a folder with a slide, a slice and a slide that is cut
// off; the process ends by SIGKILL before some of its steps, the last one among them. Imported again all is there
// once, the check is clean, and the bytes of the first time are freed: also where the blocks
// lie in another store.
func TestALargeImportKilledAtAnyStep(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: some twenty-five processes")
	}
	root := t.TempDir()
	from := filepath.Join(root, "in")
	if err := os.Mkdir(from, 0o700); err != nil {
		t.Fatal(err)
	}
	const tiles = 18 // more than a batch of blocks
	if _, err := drawSlide(filepath.Join(from, "a.dcm"), tiles<<20); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(from, "b.dcm"), slice(t, 64, "1.2.3", 1, make([]byte, 2*64*64)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := drawSlide(filepath.Join(from, "c.dcm"), 3<<20); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(from, "c.dcm"), 2<<20); err != nil {
		t.Fatal(err)
	}
	for _, apart := range []bool{false, true} {
		points := int64(8) // each of them is two processes, and what checks them; internal/way cuts at all
		if apart {
			points = 3
		}
		begin := func(name string, killAt int64) largeImport {
			l := largeImport{Data: filepath.Join(root, fmt.Sprint(name, apart)), Blobs: blobsInLog, From: from, KillAt: killAt}
			if apart {
				l.Blobs = "pack:" + l.Data + ".blobs"
			}
			return l
		}
		whole := begin("whole", 0).run(t)
		if whole == nil || whole.Result.Instances != 2 || whole.Result.Quarantined != 1 || whole.Result.Reasons[ingest.ReasonCutOff] != 1 || whole.Whole != 5 {
			t.Fatalf("the import: %+v", whole)
		}
		for point := range points {
			at := 2 + point*(whole.Steps-2)/(points-1)
			t.Run(fmt.Sprint(at, apart), func(t *testing.T) {
				t.Parallel()
				l := begin(strconv.FormatInt(at, 10), at)
				if end := l.run(t); end != nil {
					t.Fatal("it was not killed")
				}
				l.KillAt = 0
				again := l.run(t)
				if again.Result.Quarantined != 1 || again.Result.Files != 3 {
					t.Errorf("again: %+v", again.Result)
				}
				again.Steps, again.Result = whole.Steps, whole.Result
				if diff := cmp.Diff(whole, again); diff != "" {
					t.Errorf("another end: %s", diff)
				}
				l.cleanAndPruned(t)
				for _, dir := range []string{l.Data, l.Data + ".blobs"} {
					if err := os.RemoveAll(dir); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

// cleanAndPruned checks the stopped node, frees what nothing names, and checks it again.
func (l largeImport) cleanAndPruned(t *testing.T) {
	t.Helper()
	cfg, err := Config{Data: l.Data, Blobs: l.Blobs, Chain: noChain}.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	for _, prunes := range []bool{true, false} {
		result, err := Check(t.Context(), cfg, Options{}, nil)
		if err != nil {
			t.Errorf("the check: %v: %q", err, result.Damage)
		}
		if !prunes {
			return
		}
		n, err := Open(t.Context(), cfg, Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.Prune(t.Context(), 0, "test", nil)
		if err := errors.Join(err, n.Close()); err != nil {
			t.Error(err)
		}
	}
}
