package pack_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/pack"
)

// childFolder tells a run of the test binary that it is the process to be killed.
const childFolder = "SINSO_TEST_PACK_FOLDER"

// killRounds says how often TestKill9 kills; 5 times if it is not set.
const killRounds = "SINSO_TEST_KILLS"

// TestMain lets the test binary be the child of TestKill9.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		child(dir)
	}
	os.Exit(m.Run())
}

// child appends, deletes two of three blocks and condenses until it is killed, and prints
// what was acknowledged.
func child(dir string) {
	p, err := pack.Open(dir, pack.Options{SegmentBytes: 256 << 10})
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	start := p.End()
	var wait sync.WaitGroup
	var out sync.Mutex // guards stdout
	say := func(what, name string) {
		out.Lock()
		defer out.Unlock()
		fmt.Println(what, name)
	}
	wait.Go(func() {
		for n := 0; ; n++ {
			if _, err := p.Condense(context.Background(), pack.CondenseOptions{Last: n%16 == 0}); err != nil {
				fmt.Println("condense:", err)
				os.Exit(1)
			}
			runtime.Gosched()
		}
	})
	for w := range 4 {
		wait.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%d-%d-%d", start, w, i)
				if _, err := p.Append(context.Background(), killEntries(name)...); err != nil {
					fmt.Println("append:", err)
					os.Exit(1)
				}
				say("acknowledged", name)
				if i%3 == 0 {
					continue
				}
				if err := p.Delete(context.Background(), killEntries(name)[1].CID); err != nil {
					fmt.Println("delete:", err)
					os.Exit(1)
				}
				say("deleted", name)
			}
		})
	}
	wait.Wait()
}

func killEntries(name string) []sinso.JournalEntry {
	data := bytes.Repeat([]byte(name+" "), 500)
	return []sinso.JournalEntry{
		{Kind: sinso.EntryEvent, Data: []byte(name)},
		{Kind: sinso.EntryBlock, CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data},
		{Kind: sinso.EntryLeaf, Data: []byte(name)},
	}
}

// TestKill9 kills a real process that appends, deletes and condenses, several times over
// one log: what it said was acknowledged is there, what it said was deleted is not, and
// nothing is there by half.
func TestKill9(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rounds := 5
	if set := os.Getenv(killRounds); set != "" {
		var err error
		if rounds, err = strconv.Atoi(set); err != nil {
			t.Fatal(err)
		}
	}
	acknowledged, deleted := map[string]bool{}, map[string]bool{}
	condensing := 0 // kills while a segment was condensed
	for round := range rounds {
		lines := 20 + rand.IntN(200)
		killAfter(t, dir, lines, acknowledged, deleted)
		if _, err := os.Stat(filepath.Join(dir, "condensing")); err == nil {
			condensing++
		}
		p, err := pack.Open(dir, pack.Options{})
		if err != nil {
			t.Fatal(err)
		}
		there := wholeBatches(t, p, deleted)
		for name := range acknowledged {
			if !there[name] {
				t.Errorf("round %d, killed after %d lines: %s was acknowledged and is gone", round, lines, name)
			}
		}
		if err := p.Check(t.Context(), nil, func(d pack.Damage) { t.Error(d) }); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d kills while a segment was condensed; %d batches, %d deleted", condensing, rounds, len(acknowledged), len(deleted))
}

// killAfter runs the child, kills it after so many lines and notes all that it printed.
func killAfter(t *testing.T, dir string, lines int, acknowledged, deleted map[string]bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n := 0
	reader := bufio.NewReader(out)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			break // killed; a line that was cut was not acknowledged to anyone
		}
		what, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch what {
		case "acknowledged":
			acknowledged[name] = true
		case "deleted":
			deleted[name] = true
		default:
			t.Fatalf("child: %s", line)
		}
		if n++; n == lines {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if n < lines {
		t.Fatalf("the child ended after %d lines", n)
	}
}

func wholeBatches(t *testing.T, p *pack.Pack, deleted map[string]bool) map[string]bool {
	t.Helper()
	there, gone := map[string]bool{}, map[sinso.CID]bool{}
	err := p.Replay(t.Context(), 0, func(_ sinso.Position, e sinso.JournalEntry) error {
		if e.Kind == sinso.EntryDelete {
			gone[e.CID] = true
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	var batch []sinso.JournalEntry
	err = p.Replay(t.Context(), 0, func(_ sinso.Position, e sinso.JournalEntry) error {
		if e.Kind == sinso.EntryDelete {
			return nil
		}
		if batch = append(batch, e); len(batch) < 3 {
			return nil
		}
		name := string(batch[0].Data)
		want := killEntries(name)
		if string(batch[2].Data) != name || batch[1].CID != want[1].CID {
			t.Errorf("batch %s is not as written", name)
		}
		switch data, err := p.Get(t.Context(), batch[1].CID); {
		case gone[batch[1].CID]:
			if !errors.Is(err, sinso.ErrNotFound) {
				t.Errorf("deleted block of %s: %v, want ErrNotFound", name, err)
			}
		case deleted[name]:
			t.Errorf("the deletion of %s was acknowledged and is gone", name)
		case err != nil || !bytes.Equal(data, want[1].Data):
			t.Errorf("block of %s: %v", name, err)
		}
		there[name], batch = true, nil
		return nil
	})
	if err != nil || len(batch) > 0 {
		t.Errorf("replay: %v, %d entries over", err, len(batch))
	}
	return there
}

// TestFaultyFailsAtTheCallAsked checks the wrapper that tests of other packages
// use.
func TestFaultyFailsAtTheCallAsked(t *testing.T) {
	t.Parallel()
	data := []byte("a block of some bytes")
	cid := sinso.CIDOf(sinso.CodecRaw, data)
	for fault, want := range map[blobtest.Fault]struct {
		stored, put, get bool
		read             string
	}{
		blobtest.FaultFail:     {},
		blobtest.FaultLost:     {stored: true},
		blobtest.FaultTruncate: {get: true, read: "a block of"},
		blobtest.FaultFlip:     {get: true, read: "a block of!some bytes"},
		blobtest.FaultStall:    {},
	} {
		p, err := pack.Open(t.TempDir(), pack.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if fault == blobtest.FaultStall {
			cancel()
		}
		f := &blobtest.Faulty{Store: p, Fault: fault, At: 2}
		if has, err := f.Has(t.Context(), cid); err != nil || has {
			t.Errorf("fault %d: the first call failed: %v", fault, err)
		}
		if err := f.Put(ctx, sinso.Block{CID: cid, Data: data}); (err == nil) != want.put {
			t.Errorf("fault %d: put: %v", fault, err)
		}
		if has, err := f.Has(t.Context(), cid); err != nil || has != want.stored {
			t.Errorf("fault %d: stored: got %t, %v, want %t", fault, has, err, want.stored)
		}
		if err := f.Put(t.Context(), sinso.Block{CID: cid, Data: data}); err != nil {
			t.Errorf("fault %d: the fourth call failed: %v", fault, err)
		}
		f.At = f.Calls() + 1
		got, err := f.Get(ctx, cid)
		if (err == nil) != want.get || string(got) != want.read {
			t.Errorf("fault %d: get: got %q, %v, want %q", fault, got, err, want.read)
		}
		cancel()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
