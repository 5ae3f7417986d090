package ipfs_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/ipfs"
)

// childFolder tells a run of the test binary that it is the process to be killed.
const childFolder = "SINSO_TEST_IPFS_FOLDER"

// TestMain lets the test binary be the child of TestKill9.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		child(dir)
	}
	goleak.VerifyTestMain(m)
}

// child puts several blocks at once and deletes one of them, until it is killed, and prints
// what was acknowledged.
func child(dir string) {
	b, err := ipfs.Open(dir)
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	for i := 0; ; i++ {
		blocks := killBlocks(fmt.Sprintf("%d-%d", os.Getpid(), i))
		if err := b.Put(context.Background(), blocks...); err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
		fmt.Printf("put %d-%d\n", os.Getpid(), i)
		if err := b.Delete(context.Background(), blocks[0].CID); err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
		fmt.Printf("deleted %d-%d\n", os.Getpid(), i)
	}
}

func killBlocks(name string) (blocks []sinso.Block) {
	for i := range 3 {
		blocks = append(blocks, block(fmt.Sprintf("%s, block %d: %s", name, i, strings.Repeat("x", 10_000))))
	}
	return blocks
}

// TestKill9 kills a real process that puts and deletes: what it said was put is there and
// whole, what it said was deleted is not, and nothing is there in part.
func TestKill9(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put, deleted := map[string]bool{}, map[string]bool{}
	for round := range 3 {
		killAfter(t, dir, 7+5*round, put, deleted)
		b, err := ipfs.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for name := range put {
			for i, block := range killBlocks(name) {
				if i == 0 {
					if has, err := b.Has(t.Context(), block.CID); err != nil || deleted[name] && has {
						t.Errorf("round %d, %s: was deleted and is there: %v", round, name, err)
					}
					continue
				}
				if _, err := b.Get(t.Context(), block.CID); err != nil {
					t.Errorf("round %d, %s: was put: %v", round, name, err)
				}
			}
		}
		err = b.List(t.Context(), func(cid sinso.CID) error {
			_, err := b.Get(t.Context(), cid)
			return err
		})
		if err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter runs the child, kills it after so many lines and notes all that it printed.
func killAfter(t *testing.T, dir string, lines int, put, deleted map[string]bool) {
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
	for scanner := bufio.NewScanner(out); scanner.Scan(); lines-- {
		switch what, name, _ := strings.Cut(scanner.Text(), " "); what {
		case "put":
			put[name] = true
		case "deleted":
			deleted[name] = true
		default:
			t.Errorf("the child: %s", scanner.Text())
		}
		if lines == 0 {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait() // it was killed
}
