// Package replica keeps copies of a node's blocks with peers, has the peers prove that they
// have them, and mends what is damaged here by them (ADR 60).
package replica

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/copies"
	"sinso.dev/sinso/internal/blob/peer"
)

// Config is what a Set needs.
type Config struct {
	// Own are the node's blocks.
	Own sinso.Blobs
	// Stored calls fn with the blocks that were stored from a position of the log on, in
	// order, with the position behind each; End is the position of its end. Stored is nil if the
	// log does not have the blocks: they are listed then, now and then, if the log has grown.
	Stored func(ctx context.Context, from sinso.Position, fn func(after sinso.Position, cid sinso.CID) error) error
	End    func() sinso.Position
	// State is the file in which it is kept who has what.
	State string
	// Copies is how many peers are to have each block; 0: all.
	Copies int
	Clock  sinso.Clock
	Rand   sinso.Rand
	Log    *slog.Logger
	Times
}

// Times are how often something is done. The zero value of each is its default.
type Times struct {
	Look    time.Duration // between two looks for new blocks. Default 1 s
	List    time.Duration // between two lists of all blocks, where the log does not have them. Default 10 min
	Sample  time.Duration // between two challenges of a peer. Default 10 min
	Retry   time.Duration // after the first failure; it doubles up to an hour. Default 5 s
	Timeout time.Duration // of a call ([peer.Config]). Default 30 s
}

const (
	// fresh is how long a proof counts.
	fresh = 24 * time.Hour
	// rest is how long a read asks no peer again that has just failed.
	rest = 30 * time.Second
	// tidyEvery is how often the bytes that damaged blocks had are freed.
	tidyEvery = 5 * time.Minute
)

// Set are the peers that have copies. Close it.
type Set struct {
	cfg  Config
	wake chan struct{} // the peers, or what they are to delete, are others now

	mu      sync.RWMutex // guards what follows
	members []*member
	state   *copies.Copies // nil: there never were peers

	// deleting is held while blocks are deleted, and for reading while one is put back: what is
	// deleted does not come back after that.
	deleting sync.RWMutex

	mended atomic.Int64 // blocks since the last time their bytes were freed
	tidied time.Time    // of the one goroutine that looks
	listed time.Time    // of it: the last time that all blocks were listed
	last   lastBlock
}

// member is one peer.
type member struct {
	*Set
	name, url string
	blobs     *peer.Blobs
	wake      chan struct{}
	// turn is held by who brings it a batch, or has it delete: a block that was read before it
	// was deleted here must not come there after that order.
	turn      chan struct{}
	restUntil atomic.Int64 // unix nanoseconds
	sampled   time.Time    // of its own goroutine: the last challenge
}

// New returns a set without peers.
func New(cfg Config) *Set {
	for _, d := range []struct {
		at        *time.Duration
		otherwise time.Duration
	}{{&cfg.Look, time.Second}, {&cfg.List, 10 * time.Minute}, {&cfg.Sample, 10 * time.Minute}, {&cfg.Retry, 5 * time.Second}} {
		if *d.at <= 0 {
			*d.at = d.otherwise
		}
	}
	return &Set{cfg: cfg, wake: make(chan struct{}, 1)}
}

// Close closes the file and the connections. Run must have ended.
func (s *Set) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, m := range s.members {
		errs = append(errs, m.blobs.Close())
	}
	s.members = nil
	if s.state != nil {
		errs = append(errs, s.state.Close())
		s.state = nil
	}
	return errors.Join(errs...)
}

// Keep makes these the peers, in place of those before.
func (s *Set) Keep(ctx context.Context, peers []sinso.ReplicaKept) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.keep(ctx, peers)
	if errors.Is(err, copies.ErrDamaged) {
		if err = s.beginAgain(ctx); err == nil {
			err = s.keep(ctx, peers)
		}
	}
	return err
}

// keep is Keep. s.mu is held.
func (s *Set) keep(ctx context.Context, peers []sinso.ReplicaKept) error {
	if err := s.openState(ctx, len(peers) > 0); err != nil {
		return err
	}
	var members []*member
	for _, p := range peers {
		blobs, err := peer.Open(peer.Config{URL: p.URL, Token: p.Token, Timeout: s.cfg.Timeout})
		if err != nil {
			return err
		}
		members = append(members, &member{Set: s, name: p.Name, url: p.URL, blobs: blobs, wake: make(chan struct{}, 1), turn: make(chan struct{}, 1)})
	}
	slices.SortFunc(members, func(a, b *member) int { return strings.Compare(a.name, b.name) })
	if s.state != nil {
		if err := s.begin(ctx, members); err != nil {
			return err
		}
	}
	for _, m := range s.members {
		_ = m.blobs.Close() // ends idle connections
	}
	s.members = members
	poke(s.wake)
	return nil
}

// openState opens the file if there is one, or is to be. s.mu is held.
func (s *Set) openState(ctx context.Context, needed bool) (err error) {
	if s.state != nil {
		return nil
	}
	if _, err := os.Stat(s.cfg.State); err != nil && !needed {
		return nil
	}
	s.state, err = copies.Open(ctx, s.cfg.State)
	return err
}

// begin writes into the file who the peers are. s.mu is held.
func (s *Set) begin(ctx context.Context, members []*member) error {
	for _, m := range members {
		if err := s.state.Peer(ctx, m.name); err != nil {
			return err
		}
	}
	return s.reckon(ctx, members)
}

// beginAgain puts the damaged file aside. s.mu is held.
func (s *Set) beginAgain(ctx context.Context) error {
	s.cfg.Log.ErrorContext(ctx, "the file that says which peer has what is damaged: it is put aside and made again, and peers prove all anew; what they were told to delete and had not confirmed is lost with it")
	if s.state != nil {
		_ = s.state.Close() // what it has cannot be trusted
		s.state = nil
	}
	return setAside(s.cfg.State)
}

// renew makes the file again that was found damaged.
func (s *Set) renew(ctx context.Context, damaged *copies.Copies) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != damaged {
		return nil // somebody has
	}
	err := s.beginAgain(ctx)
	if err == nil {
		err = s.openState(ctx, true)
	}
	if err == nil {
		err = s.begin(ctx, s.members)
	}
	poke(s.wake)
	return err
}

// setAside makes room for a file in place of a damaged one.
func setAside(path string) error {
	for _, ending := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("replica: put the damaged file aside: %w: %w", err, sinso.ErrUnavailable)
		}
	}
	if err := os.Rename(path, path+".damaged"); err != nil {
		return fmt.Errorf("replica: put the damaged file aside: %w: %w", err, sinso.ErrUnavailable)
	}
	return nil
}

// reckon has the whole log gone through if the policy is another than it was.
func (s *Set) reckon(ctx context.Context, members []*member) error {
	now := s.policy(members)
	_, before, err := s.state.Position(ctx)
	if err != nil || now == before {
		return err
	}
	return s.state.Begin(ctx, now)
}

// policy tells one choice of peers, and of how many of them have each block, from another.
func (s *Set) policy(members []*member) string {
	text := []byte(strconv.Itoa(s.cfg.Copies))
	for _, m := range members {
		text = fmt.Appendf(text, " %q %q", m.name, m.url)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Forget forgets what a peer has and was told: it is kept no longer, or is another one now.
func (s *Set) Forget(ctx context.Context, name string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.state == nil {
		return nil
	}
	return s.state.Drop(ctx, name)
}

// now returns the peers and the file as they are now; nil if there never were any.
func (s *Set) now() ([]*member, *copies.Copies) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.members, s.state
}

// poke wakes who waits for a channel of one.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// wanted is how many copies of each block are wanted of so many peers.
func (s *Set) wanted(peers int) int {
	if s.cfg.Copies == 0 {
		return peers
	}
	return min(s.cfg.Copies, peers)
}

// choose returns the peers that are to have a block: those with the highest hash of name
// and block (rendezvous hashing), so that one peer more or less moves few blocks.
func (s *Set) choose(members []*member, cid sinso.CID) []string {
	type weighed struct {
		name   string
		weight uint64
	}
	all := make([]weighed, len(members))
	for i, m := range members {
		sum := sha256.Sum256([]byte(m.name + "\x00" + string(cid)))
		all[i] = weighed{m.name, binary.BigEndian.Uint64(sum[:])}
	}
	slices.SortFunc(all, func(a, b weighed) int {
		if a.weight != b.weight {
			return map[bool]int{true: -1, false: 1}[a.weight > b.weight]
		}
		return strings.Compare(a.name, b.name)
	})
	var names []string
	for _, one := range all[:s.wanted(len(all))] {
		names = append(names, one.name)
	}
	return names
}

// Run brings blocks to the peers, challenges them, and has them delete what was deleted
// here, until ctx ends.
func (s *Set) Run(ctx context.Context) {
	for ctx.Err() == nil {
		during, end := context.WithCancel(ctx)
		members, state := s.now()
		var wait sync.WaitGroup
		if state != nil && len(members) > 0 {
			wait.Go(func() { s.lookOut(during, members, state) })
			for _, m := range members {
				wait.Go(func() { m.run(during, state) })
			}
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		}
		end()
		wait.Wait()
	}
}

// lookOut looks for new blocks.
func (s *Set) lookOut(ctx context.Context, members []*member, state *copies.Copies) {
	wait := s.cfg.Look
	for {
		some, err := s.look(ctx, members, state)
		if errors.Is(err, copies.ErrDamaged) && ctx.Err() == nil {
			err = s.renew(ctx, state) // and who runs this begins anew with it
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.cfg.Log.WarnContext(ctx, "new blocks could not be noted for the peers that keep copies; it is tried again", slog.String("error", err.Error()))
			wait = min(2*wait, time.Minute)
		} else {
			wait = s.cfg.Look
		}
		if some {
			for _, m := range members {
				poke(m.wake)
			}
		}
		if err := s.Tidy(ctx, tidyEvery); err != nil && ctx.Err() == nil {
			s.cfg.Log.WarnContext(ctx, "the bytes of damaged blocks could not be freed; it is tried again", slog.String("error", err.Error()))
		}
		if !sleep(ctx, wait, nil) {
			return
		}
	}
}

// look writes down who is to have the blocks that were stored since the last look.
func (s *Set) look(ctx context.Context, members []*member, state *copies.Copies) (some bool, err error) {
	from, policy, err := state.Position(ctx)
	end := s.cfg.End()
	if err != nil || from == end || policy != s.policy(members) { // others are the peers by now
		return false, err
	}
	if from > end { // an older log was put back
		from = 0
	}
	l := looking{Set: s, members: members, state: state, policy: policy, to: from}
	err = fmt.Errorf("replica: the log has no blocks: %w", sinso.ErrCorrupt)
	if s.cfg.Stored != nil {
		err = s.cfg.Stored(ctx, from, func(after sinso.Position, cid sinso.CID) error { return l.add(ctx, after, cid) })
	}
	if errors.Is(err, sinso.ErrCorrupt) { // it cannot be gone through: what is stored is listed
		if time.Since(s.listed) < s.cfg.List {
			return false, nil
		}
		s.listed = time.Now()
		err = s.cfg.Own.List(ctx, func(cid sinso.CID) error { return l.note(ctx, cid) })
		if s.cfg.Stored != nil && errors.Is(err, sinso.ErrCorrupt) {
			err = nil // what is known was listed, and nothing more comes
		}
	}
	if err != nil {
		return l.some, err
	}
	l.to = end
	return l.some, l.flush(ctx)
}

// looking is one look.
type looking struct {
	*Set
	members []*member
	state   *copies.Copies
	policy  string
	owed    []copies.Owed
	to      sinso.Position // what stands before it is noted with owed
	some    bool           // there was a block
}

// add takes a block that was stored before a position, if it is here still.
func (l *looking) add(ctx context.Context, after sinso.Position, cid sinso.CID) error {
	has, err := l.cfg.Own.Has(ctx, cid)
	if err != nil {
		return err
	}
	if l.to = after; !has {
		return nil
	}
	return l.note(ctx, cid)
}

// note takes a block that is here.
func (l *looking) note(ctx context.Context, cid sinso.CID) error {
	l.some = true
	l.owed = append(l.owed, copies.Owed{CID: cid, Peers: l.choose(l.members, cid)})
	const most = 1000 // in one transaction
	if len(l.owed) < most {
		return nil
	}
	return l.flush(ctx)
}

func (l *looking) flush(ctx context.Context) error {
	err := l.owe(ctx, l.state, l.policy, l.owed, l.to)
	l.owed = l.owed[:0]
	return err
}

// owe writes down who is to have blocks, but for those that were deleted since they were
// looked at: [Blobs.Delete] takes out what is noted before they go, and this what is after.
func (s *Set) owe(ctx context.Context, state *copies.Copies, policy string, owed []copies.Owed, to sinso.Position) error {
	fresh, err := state.Owe(ctx, policy, owed, to)
	if err != nil {
		return err
	}
	var gone []sinso.CID
	for _, cid := range fresh {
		has, err := s.cfg.Own.Has(ctx, cid)
		if err != nil {
			return err
		}
		if !has {
			gone = append(gone, cid)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return state.Unowe(ctx, gone)
}

// Tidy frees the bytes that blocks had which were mended, if that is every ago.
func (s *Set) Tidy(ctx context.Context, every time.Duration) error {
	if s.mended.Load() == 0 || time.Since(s.tidied) < every {
		return nil
	}
	s.tidied = time.Now()
	n := s.mended.Swap(0)
	s.cfg.Log.WarnContext(ctx, "blocks were damaged or missing here, and were got back from peers", slog.Int64("blocks", n))
	if engine, can := s.cfg.Own.(sinso.ReclaimingBlobs); can {
		_, err := engine.Reclaim(ctx)
		return err
	}
	return nil
}

// sleep waits, or until woken, and reports whether ctx goes on.
func sleep(ctx context.Context, d time.Duration, woken <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-woken:
	case <-timer.C:
	}
	return true
}

// Status returns how the copies are; nil if there are no peers.
func (s *Set) Status(ctx context.Context) (*sinso.Replication, error) {
	members, state := s.now()
	if state == nil || len(members) == 0 {
		return nil, nil
	}
	status := &sinso.Replication{Copies: s.wanted(len(members))}
	all, err := state.Peers(ctx)
	if err != nil {
		return nil, err
	}
	var healthy []string
	for _, one := range all {
		at := slices.IndexFunc(members, func(m *member) bool { return m.name == one.Name })
		if at < 0 {
			continue
		}
		one.URL = members[at].url
		switch age := s.cfg.Clock.Now().Sub(one.Proven); {
		case one.Problem != "":
		case one.Held+one.Owed == 0:
			one.Problem = "there is nothing to prove yet"
		case one.Proven.IsZero():
			one.Problem = "it has proven nothing yet"
		case age > fresh:
			one.Problem = "its last proof is older than a day"
		default:
			one.Healthy = true
			healthy = append(healthy, one.Name)
		}
		status.Peers = append(status.Peers, one)
	}
	status.Blocks, status.Short, err = state.Short(ctx, healthy, status.Copies)
	return status, err
}
