package deidrun

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso/internal/stage/deid/deface/headphantom"
)

// TestKilledAtAnyStepARunGoesOnToTheSameEnd ends the process by SIGKILL before steps
// of the way to OUT, several times over, and lets the same run go on: it makes the
// same files, says the same, and at no time is half a file under a name of OUT.
func TestKilledAtAnyStepARunGoesOnToTheSameEnd(t *testing.T) {
	t.Parallel()
	in, want := mixed(t)
	root := inMemory(t)
	c := child{In: in, Out: filepath.Join(root, "whole"), Report: filepath.Join(root, "whole.jsonl"), Key: &[32]byte{7}, Jobs: 3}
	whole, _ := c.lead(t, 0)
	if !whole.Result.same(want) {
		t.Fatalf("without a kill: got %+v, want %+v", whole.Result, want)
	}
	files, report := tree(t, c.Out), reportOf(t, c.Report, c.Out)
	rounds := 40
	if testing.Short() {
		rounds = 8
	}
	c.killed(t, rounds, whole, files, report)
}

// TestKilledWhileFacesAreTakenOutARunGoesOnToTheSameEnd does the same with heads, and
// wants no slice that shows a face under a name of OUT beside withheld.
func TestKilledWhileFacesAreTakenOutARunGoesOnToTheSameEnd(t *testing.T) {
	t.Parallel()
	root := inMemory(t)
	in := filepath.Join(root, "in")
	for name, part := range map[string]string{"A": "HEAD", "B": "CHEST"} {
		head := scanned(t, headphantom.CT(), headphantom.Series{Name: name, BodyPart: part})
		putAll(t, filepath.Join(in, name), head)
		put(t, filepath.Join(in, name+"again"), head[4])
	}
	c := child{In: in, Out: filepath.Join(root, "whole"), Report: filepath.Join(root, "whole.jsonl"), Key: &[32]byte{7}, Profile: "research-sale-defaced", Jobs: 3}
	whole, _ := c.lead(t, 0)
	if whole.Result.Faceless != 40 || whole.Result.Duplicates != 2 {
		t.Fatalf("without a kill: got %+v", whole.Result)
	}
	rounds := 6
	if testing.Short() {
		rounds = 1
	}
	c.killed(t, rounds, whole, tree(t, c.Out), reportOf(t, c.Report, c.Out))
}

// killed runs in many rounds, each with three kills before the run may end.
func (c child) killed(t *testing.T, rounds int, whole *told, files map[string]string, report []string) {
	t.Helper()
	root := filepath.Dir(c.Out)
	contents := map[string]bool{}
	for _, sum := range files {
		contents[sum] = true
	}
	seed := uint64(time.Now().UnixNano())
	for i := range rounds {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			c := c
			c.Out, c.Report = filepath.Join(root, strconv.Itoa(i)), filepath.Join(root, strconv.Itoa(i)+".jsonl")
			kills := 0
			for range 3 {
				// Once done, a run has fewer steps left.
				c.KillAt = 1 + random.Int64N(whole.Steps*9/10)
				if end, _ := c.lead(t, 0); end == nil {
					kills++
				}
				for name, sum := range tree(t, c.Out) {
					if !contents[sum] && (c.Profile == "" || !strings.HasPrefix(name, withheldDir)) { // there it waits for its series
						t.Errorf("seed %d: after a kill, %s has content that no whole run made", seed, name)
					}
				}
			}
			if kills == 0 {
				t.Errorf("seed %d: it was never killed", seed)
			}
			c.KillAt = 0
			end, _ := c.lead(t, 0)
			if !end.Result.same(whole.Result) {
				t.Errorf("seed %d, %d kills: got %+v, want %+v", seed, kills, end.Result, whole.Result)
			}
			if diff := cmp.Diff(files, tree(t, c.Out)); diff != "" {
				t.Errorf("seed %d, %d kills: the files are others (-want +got):\n%s", seed, kills, diff)
			}
			if diff := cmp.Diff(report, reportOf(t, c.Report, c.Out)); diff != "" {
				t.Errorf("seed %d, %d kills: the report is another (-want +got):\n%s", seed, kills, diff)
			}
			left, err := filepath.Glob(filepath.Join(c.Out, stateDir, newDir, "*"))
			if err != nil || len(left) > 0 {
				t.Errorf("%d files without a name are left, %v", len(left), err)
			}
		})
	}
}

// TestKilledAtAnyTimeAFreshKeyServesToTheEnd does the same by the clock, and with a
// key of the run's own: the files of one study keep one name for it.
func TestKilledAtAnyTimeAFreshKeyServesToTheEnd(t *testing.T) {
	t.Parallel()
	in := filepath.Join(inMemory(t), "in")
	const files, studies = 600, 3
	for i := range files {
		put(t, filepath.Join(in, fmt.Sprintf("%04d", i)), object{study: i % studies, number: i}.part10(t))
	}
	c := child{In: in, Out: filepath.Join(inMemory(t), "out"), Jobs: 2}
	kills := 0
	for i := range 12 {
		if end, _ := c.lead(t, time.Duration(50+100*i)*time.Millisecond); end != nil {
			break
		}
		kills++
	}
	if kills == 0 {
		t.Fatal("the run ended before it could be killed")
	}
	c.Report = filepath.Join(inMemory(t), "report.html")
	end, _ := c.lead(t, 0)
	if end.Result.Files != files || end.Result.Clean != files {
		t.Errorf("got %+v, want %d clean", end.Result, files)
	}
	if got := len(tree(t, c.Out)); got != files {
		t.Errorf("got %d files, want %d", got, files)
	}
	if got := studiesOf(t, c.Out); got != studies {
		t.Errorf("the files name %d studies, want %d", got, studies)
	}
	if found, err := filepath.Glob(filepath.Join(c.Out, stateDir, keyFile)); err != nil || len(found) > 0 {
		t.Errorf("the key is still there: %v", err)
	}
}
