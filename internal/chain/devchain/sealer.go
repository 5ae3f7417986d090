//go:build !nochain

package devchain

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/event"
	"github.com/ethereum/go-ethereum/miner"

	"sinso.dev/sinso"
)

const (
	maxBehind = 2 * time.Second // how far the clock may stand behind the newest block
	retry     = time.Second     // after no block could be made
	poll      = 20 * time.Millisecond
)

// sealer makes blocks in one goroutine: when transactions are pending, or when
// asked, and at most one in each second of the clock.
type sealer struct {
	chain    *Chain
	wake     chan struct{}   // a transaction came; holds one
	requests chan chan error // somebody wants a block; answered once
	cancel   context.CancelFunc
	ended    <-chan struct{}
	feed     event.Subscription
	running  sync.WaitGroup
}

func startSealer(ctx context.Context, c *Chain) *sealer {
	// The sealer outlives the call that opened the chain.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &sealer{
		chain: c, cancel: cancel, ended: ctx.Done(),
		wake: make(chan struct{}, 1), requests: make(chan chan error),
	}
	arrivals := make(chan core.NewTxsEvent)
	s.feed = c.eth.TxPool().SubscribeTransactions(arrivals, true)
	s.running.Go(func() { s.drain(arrivals) })
	s.running.Go(func() { s.run(ctx) })
	return s
}

func (s *sealer) stop() {
	s.cancel()
	s.feed.Unsubscribe()
	s.running.Wait()
}

// drain takes from the pool's feed and never waits for the sealer: the pool
// sends under its lock, and the sealer needs the pool.
func (s *sealer) drain(arrivals <-chan core.NewTxsEvent) {
	for {
		select {
		case <-arrivals:
			select {
			case s.wake <- struct{}{}:
			default:
			}
		case <-s.feed.Err(): //nolint:errcheck // a channel that closes with the feed
			return
		}
	}
}

func (s *sealer) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var asked []chan error
	for {
		select {
		case <-ctx.Done():
			return
		case request := <-s.requests:
			asked = append(asked, request)
		case <-s.wake:
		case <-timer.C:
		}
		if len(asked) == 0 && !s.pending() {
			continue
		}
		wait, err := s.untilNext()
		if err == nil && wait > 0 {
			timer.Reset(wait)
			continue
		}
		made := false
		if err == nil {
			made, err = s.seal(ctx, len(asked) > 0)
		}
		if err != nil && len(asked) == 0 {
			s.chain.cfg.Log.ErrorContext(ctx, "devchain: no block was made", slog.Any("error", err))
		}
		for _, request := range asked {
			request <- err
		}
		asked = nil
		if made {
			timer.Reset(poll)
			continue
		}
		timer.Reset(retry)
	}
}

// pending says whether the pool has transactions that a block could take.
func (s *sealer) pending() bool {
	executable, _ := s.chain.eth.TxPool().Stats()
	return executable > 0
}

// untilNext returns how long to wait before the next block may be made.
func (s *sealer) untilNext() (time.Duration, error) {
	now := s.chain.cfg.Clock.Now()
	newest := time.Unix(int64(s.chain.eth.BlockChain().CurrentBlock().Time), 0) //nolint:gosec // seconds of a clock
	if behind := newest.Sub(now); behind > maxBehind {
		return 0, fmt.Errorf("devchain: the clock stands %s behind the newest block; nothing is sealed until it has passed it: %w", behind.Round(time.Second), sinso.ErrUnavailable)
	}
	if now.Unix() > newest.Unix() {
		return 0, nil
	}
	// The clock may be set while we wait.
	return min(newest.Add(time.Second).Sub(now), poll), nil
}

// seal makes one block of what is pending. Without transactions it makes one only
// if asked, or if the base fee has to come down for those that wait.
func (s *sealer) seal(ctx context.Context, asked bool) (made bool, err error) {
	block, err := s.build()
	if err != nil {
		return false, err
	}
	if len(block.Transactions()) == 0 && !asked && block.BaseFee().Uint64() <= minBaseFee {
		return false, nil
	}
	// Execution checks the block before it is journaled; nobody sees it before
	// it is crowned.
	if _, err := s.chain.eth.BlockChain().InsertBlockWithoutSetHead(ctx, block, false); err != nil {
		return false, fmt.Errorf("devchain: execute block %d: %w", block.NumberU64(), err)
	}
	if err := s.chain.record(block); err != nil {
		return false, err
	}
	return true, s.chain.crown(block)
}

func (s *sealer) build() (*types.Block, error) {
	// Else the pool may still offer what the newest block took.
	if err := s.chain.eth.TxPool().Sync(); err != nil {
		return nil, fmt.Errorf("devchain: %w: %w", err, sinso.ErrUnavailable)
	}
	args := &miner.BuildPayloadArgs{
		Parent:      s.chain.eth.BlockChain().CurrentBlock().Hash(),
		Timestamp:   s.chain.now(),
		Withdrawals: types.Withdrawals{},
		BeaconRoot:  new(common.Hash),
	}
	if _, err := rand.Read(args.Random[:]); err != nil {
		return nil, fmt.Errorf("devchain: randomness: %w", err)
	}
	// Without a list of transactions this takes the pool's, at once and in this
	// goroutine; BuildPayload would go on building in the background.
	block, _, err := s.chain.eth.Miner().BuildTestingPayload(args, nil, false, nil)
	if err != nil {
		return nil, fmt.Errorf("devchain: build block: %w", err)
	}
	return block, nil
}

// Seal makes a block now, of what is pending or empty, so that the time that
// contracts see moves on. If a block was made in this second already it
// waits for the next, on a clock that stands until ctx ends. It returns when the block is durable and canonical.
// ErrUnavailable: the disk failed, the clock was set back, or the chain is closed.
func (c *Chain) Seal(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case c.sealer.requests <- done:
	case <-c.sealer.ended:
		return fmt.Errorf("devchain: seal: the chain is closed: %w", sinso.ErrUnavailable)
	case <-ctx.Done():
		return fmt.Errorf("devchain: seal: %w", ctx.Err())
	}
	select {
	case err := <-done:
		return err
	case <-c.sealer.ended:
		return fmt.Errorf("devchain: seal: the chain is closed: %w", sinso.ErrUnavailable)
	case <-ctx.Done():
		return fmt.Errorf("devchain: seal: %w", ctx.Err())
	}
}
