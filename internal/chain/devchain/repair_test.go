//go:build !nochain

package devchain_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/ethdb/pebble"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/chaintest"
	"sinso.dev/sinso/internal/chain/devchain"
)

// grow makes blocks of one transfer each and returns their receipts.
func grow(t *testing.T, cfg devchain.Config, from *account, blocks int) (receipts []*types.Receipt) {
	t.Helper()
	c, client := open(t, cfg)
	defer shut(t, c)
	for range blocks {
		cfg.Clock.(*chaintest.StoppedClock).Advance(time.Second)
		receipts = append(receipts, send(t, client, from.transfer(payee)))
	}
	return receipts
}

// has wants every receipt in the chain.
func has(t *testing.T, cfg devchain.Config, receipts []*types.Receipt) {
	t.Helper()
	c, client := open(t, cfg)
	defer shut(t, c)
	for _, want := range receipts {
		got, err := client.TransactionReceipt(t.Context(), want.TxHash)
		if err != nil {
			t.Errorf("block %v: %v", want.BlockNumber, err)
			continue
		}
		if got.BlockHash != want.BlockHash || got.Status != 1 {
			t.Errorf("block %v changed", want.BlockNumber)
		}
	}
	if got := balance(t, client, payee); got != int64(len(receipts)) {
		t.Errorf("payee has %d wei, want %d", got, len(receipts))
	}
}

// TestDatabaseIsAProjection: a database that is older than the journal catches
// up, and one that is gone is made again.
func TestDatabaseIsAProjection(t *testing.T) {
	dir, alice := t.TempDir(), newAccount(0)
	cfg := devchain.Config{Dir: dir, Alloc: rich(1), Clock: newClock()}
	database, old := filepath.Join(dir, "database"), filepath.Join(t.TempDir(), "old")
	receipts := grow(t, cfg, alice, 3)
	if err := os.CopyFS(old, os.DirFS(database)); err != nil {
		t.Fatal(err)
	}
	receipts = append(receipts, grow(t, cfg, alice, 3)...)
	if err := os.RemoveAll(database); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(database, os.DirFS(old)); err != nil {
		t.Fatal(err)
	}
	has(t, cfg, receipts)
	if err := os.RemoveAll(database); err != nil {
		t.Fatal(err)
	}
	cfg.Alloc = nil // the journal has it
	has(t, cfg, receipts)

	if err := os.RemoveAll(database); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := devchain.Open(ended, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
	has(t, cfg, receipts)
}

// TestJournalCatchesUp: after loss of power the mark may be one block old; if that
// block is bad it is taken for torn, and comes back from the database.
func TestJournalCatchesUp(t *testing.T) {
	cfg := devchain.Config{Dir: t.TempDir(), Alloc: rich(1), Clock: newClock()}
	path := filepath.Join(cfg.Dir, "journal")
	receipts := grow(t, cfg, newAccount(0), 3)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	end := uint64(32)
	for range 3 {
		end += 44 + uint64(binary.BigEndian.Uint32(text[end:]))
	}
	binary.BigEndian.PutUint64(text[16:], end)
	sum := sha256.Sum256(text[16:24])
	copy(text[24:32], sum[:8])
	text[len(text)-1] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	has(t, cfg, receipts)
	if err := os.RemoveAll(filepath.Join(cfg.Dir, "database")); err != nil {
		t.Fatal(err)
	}
	has(t, cfg, receipts)
}

// TestJournalTellsDamage: a flipped byte in the journal is an error that names
// the block, even if the database is sound; so are a journal that is gone and
// one of another chain.
func TestJournalTellsDamage(t *testing.T) {
	dir := t.TempDir()
	cfg := devchain.Config{Dir: dir, Alloc: rich(1), Clock: newClock()}
	path := filepath.Join(dir, "journal")
	grow(t, cfg, newAccount(0), 3)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Record 0 is at byte 32; a record is 44 bytes and its length.
	second := 32 + 44 + int(binary.BigEndian.Uint32(sound[32:]))
	second += 44 + int(binary.BigEndian.Uint32(sound[second:]))
	damaged := append([]byte{}, sound...)
	damaged[second+60] ^= 0x40
	refuse(t, cfg, damaged, "block 2")
	refuse(t, cfg, sound[:len(sound)-10], "block 3")

	other := devchain.Config{Dir: t.TempDir(), Alloc: rich(1), Clock: newClock()}
	grow(t, other, newAccount(0), 3) // differs in the randomness of its blocks
	foreign, err := os.ReadFile(filepath.Join(other.Dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	refuse(t, cfg, foreign, "different blocks 3")

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := devchain.Open(t.Context(), cfg); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("no journal: %v", err)
	}
}

func refuse(t *testing.T, cfg devchain.Config, journal []byte, want string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(cfg.Dir, "journal"), journal, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := devchain.Open(t.Context(), cfg)
	if !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(err.Error(), want) {
		t.Errorf("want ErrCorrupt with %q, got %v", want, err)
	}
}

// TestFrozen: blocks that go-ethereum moved to its archive of old blocks, as it
// does every minute with final ones, are still read, and the chain goes on.
func TestFrozen(t *testing.T) {
	dir, alice := t.TempDir(), newAccount(0)
	cfg := devchain.Config{Dir: dir, Alloc: rich(1), Clock: newClock()}
	receipts := grow(t, cfg, alice, 4)
	freeze(t, filepath.Join(dir, "database", "chaindata"))
	receipts = append(receipts, grow(t, cfg, alice, 2)...)
	has(t, cfg, receipts)
}

func freeze(t *testing.T, dir string) {
	t.Helper()
	store, err := pebble.New(dir, 16, 16, "", false)
	if err != nil {
		t.Fatal(err)
	}
	db, err := rawdb.Open(store, rawdb.OpenOptions{Ancient: filepath.Join(dir, "ancient")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.(interface{ Freeze() error }).Freeze(); err != nil {
		t.Fatal(err)
	}
	if frozen, err := db.Ancients(); err != nil || frozen < 4 {
		t.Fatalf("%d blocks are frozen: %v", frozen, err)
	}
}

// TestBaseFeeComesDown: a transaction that pays less than a risen base fee waits
// for it to fall, and is not forgotten.
func TestBaseFeeComesDown(t *testing.T) {
	now, alice := newClock(), newAccount(0)
	_, client := open(t, devchain.Config{Dir: t.TempDir(), Alloc: rich(1), Clock: now})
	var last common.Hash
	// JUMPDEST PUSH1 1 GAS SSTORE PUSH0 JUMP burns all of its gas; three fill most of a block.
	for range 12 {
		tx := alice.sign(&types.DynamicFeeTx{Data: []byte{0x5b, 0x60, 1, 0x5a, 0x55, 0x5f, 0x56}, Gas: 1 << 24})
		if err := client.SendTransaction(t.Context(), tx); err != nil {
			t.Fatal(err)
		}
		last = tx.Hash()
	}
	tick(t, now, client, last)
	risen := head(t, client).BaseFee.Int64()
	if risen <= 8 {
		t.Fatalf("the base fee is %d: the test proves nothing", risen)
	}
	cheap := alice.sign(&types.DynamicFeeTx{To: &payee, Gas: 21_000, GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(8)})
	if err := client.SendTransaction(t.Context(), cheap); err != nil {
		t.Fatal(err)
	}
	tick(t, now, client, cheap.Hash())
}

// tick lets the clock run until there is a receipt.
func tick(t *testing.T, now *chaintest.StoppedClock, client *ethclient.Client, hash common.Hash) {
	t.Helper()
	for range 300 {
		now.Advance(time.Second)
		if _, err := client.TransactionReceipt(t.Context(), hash); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the transaction still waits; the base fee is %v", head(t, client).BaseFee)
}
