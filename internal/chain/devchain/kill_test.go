//go:build !nochain

package devchain_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/ethclient"

	"sinso.dev/sinso/internal/chain/devchain"
)

const (
	childDir   = "DEVCHAIN_TEST_DIR"
	childStart = "DEVCHAIN_TEST_START"
	senders    = 4
)

// fastClock runs 100 times as fast as the wall since start, in every process.
type fastClock struct{ start time.Time }

func (c fastClock) Now() time.Time { return c.start.Add(100 * time.Since(c.start)) }

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child sends transfers until it is killed and prints each receipt as it comes.
func child(dir string) error {
	start, err := strconv.ParseInt(os.Getenv(childStart), 10, 64)
	if err != nil {
		return err
	}
	c, err := devchain.Open(context.Background(), devchain.Config{Dir: dir, Alloc: rich(senders), Clock: fastClock{time.Unix(start, 0)}})
	if err != nil {
		return err
	}
	fmt.Println("open")
	client := ethclient.NewClient(c.Client())
	var group sync.WaitGroup
	for i := range byte(senders) {
		group.Go(func() {
			if err := spend(client, newAccount(i)); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		})
	}
	group.Wait()
	return nil
}

func spend(client *ethclient.Client, from *account) (err error) {
	ctx := context.Background()
	if from.nonce, err = client.PendingNonceAt(ctx, from.address()); err != nil {
		return err
	}
	for {
		tx := from.transfer(payee)
		if err := client.SendTransaction(ctx, tx); err != nil {
			return err
		}
		receipt, err := waitFor(ctx, client, tx.Hash())
		if err != nil {
			return err
		}
		// One write a line: a line is whole or not there.
		if _, err := os.Stdout.WriteString(tx.Hash().Hex() + " " + receipt.BlockHash.Hex() + "\n"); err != nil {
			return err
		}
	}
}

// TestKill: every receipt that a process had when it was killed is there
// afterwards, with the database as the kill left it and made new from the journal.
func TestKill(t *testing.T) {
	const rounds = 12
	dir, start, receipts := t.TempDir(), time.Now().Unix(), map[common.Hash]common.Hash{}
	for round := range rounds {
		before := len(receipts)
		killChild(t, dir, start, receipts, round%4 == 3)
		t.Logf("round %d: %d receipts", round, len(receipts)-before)
		verify(t, dir, start, receipts)
	}
	if len(receipts) < rounds {
		t.Fatalf("only %d receipts: the test proves nothing", len(receipts))
	}
	if err := os.RemoveAll(filepath.Join(dir, "database")); err != nil {
		t.Fatal(err)
	}
	verify(t, dir, start, receipts)
}

// killChild runs a child, kills it at a random moment, or while it opens, and
// adds the receipts that it printed.
func killChild(t *testing.T, dir string, start int64, receipts map[common.Hash]common.Hash, early bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childStart+"="+strconv.FormatInt(start, 10))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	limit := 10 * time.Second // a child that hangs is killed too
	if early {
		limit = rand.N(200 * time.Millisecond)
	}
	timer := time.AfterFunc(limit, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	output, wanted := bufio.NewScanner(stdout), 1+rand.IntN(25)
	for lines := 0; output.Scan(); lines++ {
		if tx, block, ok := strings.Cut(output.Text(), " "); ok {
			receipts[common.HexToHash(tx)] = common.HexToHash(block)
		}
		if lines == wanted && !early {
			timer.Reset(rand.N(50 * time.Millisecond))
		}
	}
	_ = cmd.Wait() // it was killed
	if stderr.Len() > 0 {
		t.Errorf("stderr: %s", &stderr)
	}
}

func verify(t *testing.T, dir string, start int64, receipts map[common.Hash]common.Hash) {
	t.Helper()
	c, client := open(t, devchain.Config{Dir: dir, Alloc: rich(senders), Clock: fastClock{time.Unix(start, 0)}})
	defer shut(t, c)
	for tx, block := range receipts {
		receipt, err := client.TransactionReceipt(t.Context(), tx)
		if err != nil {
			t.Errorf("an acknowledged transaction is lost: %v", err)
			continue
		}
		if receipt.BlockHash != block {
			t.Errorf("block %v was replaced", receipt.BlockNumber)
		}
	}
	if got := balance(t, client, payee); got < int64(len(receipts)) {
		t.Errorf("payee has %d wei of %d", got, len(receipts))
	}
	if _, err := client.BlockByNumber(t.Context(), big.NewInt(0)); err != nil {
		t.Error(err)
	}
}
