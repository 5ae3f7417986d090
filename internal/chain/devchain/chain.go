//go:build !nochain

package devchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// Chain is an open embedded chain. Its methods may be called from any goroutine.
type Chain struct {
	cfg     Config
	lock    *durable.Lock
	journal *journal
	stack   *node.Node
	eth     *eth.Ethereum
	doors   *doors
	sealer  *sealer

	closeOnce sync.Once
	closeErr  error
}

// Open opens the chain in cfg.Dir, or begins one there. Blocks that the journal
// has and the database lost are executed again; ctx can end that early.
//
// ErrBusy means that another process has the chain open; ErrCorrupt names the
// block from which on the journal can't be read; ErrInvalid is a Listen that is
// no loopback address or an Alloc that is no amount.
func Open(ctx context.Context, cfg Config) (*Chain, error) {
	c := &Chain{cfg: cfg.withDefaults()}
	if err := c.open(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Chain) open(ctx context.Context) error {
	if c.cfg.Dir == "" {
		return fmt.Errorf("devchain: no folder named: %w", sinso.ErrInvalid)
	}
	if err := checkListen(c.cfg.Listen); err != nil {
		return err
	}
	if err := os.MkdirAll(c.cfg.Dir, 0o700); err != nil {
		return fmt.Errorf("devchain: make folder: %w", err)
	}
	if err := c.takeLock(); err != nil {
		return err
	}
	genesis, err := c.openJournal()
	if err != nil {
		return err
	}
	c.stack, c.eth, err = startEngine(c.cfg.Dir, genesis)
	if err != nil {
		return fmt.Errorf("%w; if it does not go away, delete the folder %s: it is made again from the journal: %w", err, databaseName, sinso.ErrUnavailable)
	}
	if err := c.reconcile(ctx); err != nil {
		return err
	}
	c.sealer = startSealer(ctx, c)
	c.doors, err = openDoors(ctx, c)
	return err
}

func (c *Chain) takeLock() (err error) {
	c.lock, err = durable.TryLock(filepath.Join(c.cfg.Dir, "lock"))
	if errors.Is(err, durable.ErrLocked) {
		return fmt.Errorf("devchain: the chain is open in another process: %w", sinso.ErrBusy)
	}
	return err
}

// openJournal opens the journal and returns the genesis in it. In a new folder
// it begins one.
func (c *Chain) openJournal() (*core.Genesis, error) {
	path := filepath.Join(c.cfg.Dir, "journal")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := c.begin(path); err != nil {
			return nil, err
		}
	}
	var err error
	if c.journal, err = openJournal(path); err != nil {
		return nil, err
	}
	if c.journal.cut > 0 {
		c.cfg.Log.Warn("devchain: cut a torn block off the journal; it was never acknowledged")
	}
	record, err := c.journal.read(0)
	if err != nil {
		return nil, err
	}
	return readGenesis(record)
}

func (c *Chain) begin(path string) error {
	if _, err := os.Stat(filepath.Join(c.cfg.Dir, databaseName)); err == nil {
		return fmt.Errorf("devchain: there is a database but no journal; restore the journal from a backup: %w", sinso.ErrCorrupt)
	}
	genesis, err := newGenesis(c.cfg.Alloc, c.now())
	if err != nil {
		return err
	}
	record, err := json.Marshal(genesis)
	if err != nil {
		return fmt.Errorf("devchain: genesis: %w", err)
	}
	return createJournal(path, record)
}

// now returns the clock's second.
func (c *Chain) now() uint64 { return uint64(max(c.cfg.Clock.Now().Unix(), 0)) }

// nextTime returns the time, in unix seconds, that a block sealed now would have.
func (c *Chain) nextTime() uint64 {
	return max(c.now(), c.eth.BlockChain().CurrentBlock().Time+1)
}

// Client returns the chain's JSON-RPC client in process, always the same one.
// It serves what [Config].Listen serves, and subscriptions. It ends with Close;
// do not close it.
func (c *Chain) Client() *rpc.Client { return c.doors.client }

// RPCAddr returns the host:port that JSON-RPC listens on, or "".
func (c *Chain) RPCAddr() string { return c.doors.addr() }

// Close ends the chain and waits for its goroutines. A second Close returns what
// the first did.
func (c *Chain) Close() error {
	c.closeOnce.Do(func() { c.closeErr = c.close() })
	return c.closeErr
}

func (c *Chain) close() error {
	var errs []error
	if c.doors != nil {
		errs = append(errs, c.doors.close())
	}
	if c.sealer != nil {
		c.sealer.stop()
	}
	if c.stack != nil {
		errs = append(errs, c.stack.Close())
	}
	if c.journal != nil {
		errs = append(errs, c.journal.close())
	}
	if c.lock != nil {
		errs = append(errs, c.lock.Unlock())
	}
	return errors.Join(errs...)
}
