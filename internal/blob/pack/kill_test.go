package pack_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/pack"
)

// childFolder tells a run of the test binary that it is the process to be killed.
const childFolder = "SINSO_TEST_PACK_FOLDER"

// TestMain lets the test binary be the child of TestKill9.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		child(dir)
	}
	os.Exit(m.Run())
}

// child appends until it is killed, and prints what was acknowledged.
func child(dir string) {
	p, err := pack.Open(dir, pack.Options{SegmentBytes: 256 << 10})
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	start := p.End()
	var wait sync.WaitGroup
	var out sync.Mutex // guards stdout
	for w := range 4 {
		wait.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%d-%d-%d", start, w, i)
				if _, err := p.Append(context.Background(), killEntries(name)...); err != nil {
					fmt.Println("append:", err)
					os.Exit(1)
				}
				out.Lock()
				fmt.Println("acknowledged", name)
				out.Unlock()
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

// TestKill9 kills a real process that appends, several times over one log: what
// it said was acknowledged is there, and nothing is there by half.
func TestKill9(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var acknowledged []string
	for round := range 5 {
		acknowledged = append(acknowledged, killAfter(t, dir, 20+37*round)...)
		p, err := pack.Open(dir, pack.Options{})
		if err != nil {
			t.Fatal(err)
		}
		there := wholeBatches(t, p)
		for _, name := range acknowledged {
			if !there[name] {
				t.Errorf("round %d: %s was acknowledged and is gone", round, name)
			}
		}
		if err := p.Check(t.Context(), nil, func(d pack.Damage) { t.Error(d) }); err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter runs the child, kills it after so many acknowledgements and returns
// all that it printed.
func killAfter(t *testing.T, dir string, lines int) []string {
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
	var names []string
	reader := bufio.NewReader(out)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			break // killed; a line that was cut was not acknowledged to anyone
		}
		name, ok := strings.CutPrefix(strings.TrimSpace(line), "acknowledged ")
		if !ok {
			t.Fatalf("child: %s", line)
		}
		if names = append(names, name); len(names) == lines {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if len(names) < lines {
		t.Fatalf("the child ended after %d acknowledgements", len(names))
	}
	return names
}

func wholeBatches(t *testing.T, p *pack.Pack) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	var batch []sinso.JournalEntry
	err := p.Replay(t.Context(), 0, func(_ sinso.Position, e sinso.JournalEntry) error {
		if batch = append(batch, e); len(batch) < 3 {
			return nil
		}
		name := string(batch[0].Data)
		want := killEntries(name)
		if string(batch[2].Data) != name || batch[1].CID != want[1].CID {
			t.Errorf("batch %s is not as written", name)
		}
		if data, err := p.Get(t.Context(), batch[1].CID); err != nil || !bytes.Equal(data, want[1].Data) {
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
