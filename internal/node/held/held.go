// Package held keeps the blocks of other nodes, each guest's in a pack of its own, apart
// from this node's log and with a quota. They are ciphertext, and nothing here has their keys.
package held

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/durable"
	wire "sinso.dev/sinso/internal/wire/held"
)

const (
	guestFile = "guest.json"
	logFolder = "log"

	idDigits  = 12      // of the token's hash, in hex
	maxGuests = 64      // each has files open
	maxFile   = 4 << 10 // bytes of guestFile
	// segmentBytes is smaller than the node's own: what is deleted is freed at once, and
	// that rewrites a segment.
	segmentBytes = 256 << 20
	// overhead is what a block counts besides its bytes: it takes memory, whatever its size,
	// some 50 bytes as long as the pack is open and 80 more while all are listed.
	overhead = 16 << 10

	proofRate  = 8 << 20   // bytes a second that challenges may have read
	proofBurst = 256 << 20 // bytes of them at once
)

// Host holds the blocks of other nodes, its guests. Close it.
type Host struct {
	dir   string
	clock sinso.Clock

	mu     sync.Mutex // guards what follows
	open   map[string]*Folder
	closed bool
}

// guest is guestFile: the token's hash, which opens nothing, and what was agreed.
type guest struct {
	Version    int       `json:"version"` // 1
	Name       string    `json:"name"`
	Hash       string    `json:"hash"`
	QuotaBytes int64     `json:"quotaBytes"`
	Created    time.Time `json:"created"`
}

// New returns the host of the guests in a folder, which is made with the first.
func New(dir string, clock sinso.Clock) *Host {
	return &Host{dir: dir, clock: clock, open: map[string]*Folder{}}
}

// Close closes their packs; later calls are ErrUnavailable.
func (h *Host) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	var errs []error
	for _, f := range h.open {
		errs = append(errs, f.Close())
	}
	clear(h.open)
	return errors.Join(errs...)
}

// Add makes a guest whose token has this hash. ErrExists if there is one of that name.
func (h *Host) Add(name, hash string, quotaBytes int64) (sinso.HeldGuest, error) {
	if err := sinso.CheckName(name); err != nil {
		return sinso.HeldGuest{}, err
	}
	if quotaBytes < 1<<20 || quotaBytes > 1<<60 || len(hash) < idDigits {
		return sinso.HeldGuest{}, fmt.Errorf("held: want a quota of at least 1 MiB: %w", sinso.ErrInvalid)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	all, err := h.read()
	if err != nil {
		return sinso.HeldGuest{}, err
	}
	if slices.ContainsFunc(all, func(one sinso.HeldGuest) bool { return one.Name == name }) {
		return sinso.HeldGuest{}, fmt.Errorf("held: there is a guest %s: %w", name, sinso.ErrExists)
	}
	if len(all) >= maxGuests {
		return sinso.HeldGuest{}, fmt.Errorf("held: at most %d guests: %w", maxGuests, sinso.ErrInvalid)
	}
	one := guest{Version: 1, Name: name, Hash: hash, QuotaBytes: quotaBytes, Created: h.clock.Now().UTC().Truncate(time.Second)}
	raw, err := json.Marshal(one)
	if err != nil {
		return sinso.HeldGuest{}, fmt.Errorf("held: %w", err)
	}
	id := hash[:idDigits]
	if err := os.MkdirAll(filepath.Join(h.dir, id), 0o700); err != nil {
		return sinso.HeldGuest{}, fmt.Errorf("held: make the guest's folder: %w", sinso.ErrUnavailable)
	}
	if err := durable.CreateFile(filepath.Join(h.dir, id, guestFile), raw, 0o600); err != nil {
		return sinso.HeldGuest{}, fmt.Errorf("held: write the guest down: %w", sinso.ErrUnavailable)
	}
	return one.told(id, 0), durable.SyncDir(h.dir)
}

func (one guest) told(id string, bytes int64) sinso.HeldGuest {
	return sinso.HeldGuest{ID: id, Name: one.Name, QuotaBytes: one.QuotaBytes, Bytes: bytes, Created: one.Created}
}

// Guests lists them by name, the damaged by their ids.
func (h *Host) Guests() ([]sinso.HeldGuest, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.read()
}

// read reads them. h.mu is held.
func (h *Host) read() ([]sinso.HeldGuest, error) {
	entries, err := os.ReadDir(h.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("held: list the guests: %w", sinso.ErrUnavailable)
	}
	all := []sinso.HeldGuest{}
	for _, entry := range entries {
		one, err := h.load(entry.Name())
		if errors.Is(err, sinso.ErrNotFound) {
			continue
		}
		told := one.told(entry.Name(), size(filepath.Join(h.dir, entry.Name(), logFolder)))
		if err != nil {
			told = sinso.HeldGuest{ID: told.ID, Name: told.ID, Bytes: told.Bytes, Damaged: true}
		}
		all = append(all, told)
	}
	slices.SortFunc(all, func(a, b sinso.HeldGuest) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// size is the bytes of the files in a folder.
func size(dir string) (bytes int64) {
	entries, _ := os.ReadDir(dir) // not there before the first block
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// load reads one guest: ErrNotFound if there is none.
func (h *Host) load(id string) (one guest, err error) {
	if len(id) != idDigits || strings.Trim(id, "0123456789abcdef") != "" {
		return one, fmt.Errorf("held: guest: %w", sinso.ErrNotFound)
	}
	path := filepath.Join(h.dir, id, guestFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return one, fmt.Errorf("held: guest: %w", sinso.ErrNotFound)
	}
	if err != nil || info.Size() > maxFile {
		return one, fmt.Errorf("held: guest %s: its file cannot be read: %w", id, sinso.ErrUnavailable)
	}
	raw, err := os.ReadFile(path) //nolint:gosec // id is digits
	if err != nil {
		return one, fmt.Errorf("held: guest %s: its file cannot be read: %w", id, sinso.ErrUnavailable)
	}
	if err := json.Unmarshal(raw, &one); err != nil || one.Version != 1 || !strings.HasPrefix(one.Hash, id) {
		return one, fmt.Errorf("held: guest %s: its file is damaged: %w", id, sinso.ErrCorrupt)
	}
	return one, nil
}

// Bearer finds the guest whose token has a hash: ErrNotFound if there is none.
func (h *Host) Bearer(_ context.Context, hash string) (sinso.BearerRow, error) {
	if len(hash) < idDigits {
		return sinso.BearerRow{}, fmt.Errorf("held: guest: %w", sinso.ErrNotFound)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	one, err := h.load(hash[:idDigits])
	if err != nil {
		return sinso.BearerRow{}, err
	}
	if one.Hash != hash {
		return sinso.BearerRow{}, fmt.Errorf("held: guest: %w", sinso.ErrNotFound)
	}
	const lasting = 100 * 365 * 24 * time.Hour // until it is removed
	return sinso.BearerRow{Hash: one.Hash, Role: sinso.RoleReplica, Expires: one.Created.Add(lasting)}, nil
}

// RemoveGuest removes a guest, by its name or its id, and all that it brought. ErrInvalid if
// two have that name.
func (h *Host) RemoveGuest(name string) (sinso.HeldGuest, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	all, err := h.read()
	if err != nil {
		return sinso.HeldGuest{}, err
	}
	one, err := named(all, name)
	if err != nil {
		return one, err
	}
	if f, open := h.open[one.ID]; open {
		delete(h.open, one.ID)
		if err := f.Close(); err != nil {
			return one, err
		}
	}
	dir := filepath.Join(h.dir, one.ID)
	// The token first: what is cut off leaves bytes that nobody asks for.
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, guestFile)), os.RemoveAll(dir), durable.SyncDir(h.dir)); err != nil {
		return one, fmt.Errorf("held: remove guest %s: %w: %w", one.ID, err, sinso.ErrUnavailable)
	}
	return one, nil
}

// named finds the guest of a name, or else of an id.
func named(all []sinso.HeldGuest, name string) (found sinso.HeldGuest, err error) {
	for _, by := range []func(sinso.HeldGuest) string{
		func(one sinso.HeldGuest) string { return one.Name },
		func(one sinso.HeldGuest) string { return one.ID },
	} {
		n := 0
		for _, one := range all {
			if by(one) == name {
				found = one
				n++
			}
		}
		switch n {
		case 0:
			continue
		case 1:
			return found, nil
		}
		return sinso.HeldGuest{}, fmt.Errorf("held: %d guests have the name %s; remove one by its id: %w", n, name, sinso.ErrInvalid)
	}
	return sinso.HeldGuest{}, fmt.Errorf("held: there is no guest %s: %w", name, sinso.ErrNotFound)
}

// Folder opens what a guest brought: ErrNotFound if there is no such guest.
func (h *Host) Folder(id string) (*Folder, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, fmt.Errorf("held: closed: %w", sinso.ErrUnavailable)
	}
	if f, open := h.open[id]; open {
		return f, nil
	}
	one, err := h.load(id)
	if err != nil {
		return nil, err
	}
	p, err := pack.Open(filepath.Join(h.dir, id, logFolder), pack.Options{SegmentBytes: segmentBytes})
	if err != nil {
		return nil, err
	}
	f := &Folder{Pack: p, quota: one.QuotaBytes, clock: h.clock, since: h.clock.Now(), allowance: proofBurst}
	h.open[id] = f
	return f, nil
}

// Folder is what one guest brought.
type Folder struct {
	*pack.Pack
	quota   int64
	clock   sinso.Clock
	putting sync.Mutex // serialises Put and Delete, so that the quota holds

	mu        sync.Mutex // guards what follows
	allowance int64      // bytes that challenges may have read now
	since     time.Time  // when that was reckoned
}

// Put implements [sinso.Blobs] within the quota: [sinso.ErrFull] beyond it.
func (f *Folder) Put(ctx context.Context, blocks ...sinso.Block) error {
	f.putting.Lock()
	defer f.putting.Unlock()
	need := int64(0)
	for _, b := range blocks {
		has, err := f.Has(ctx, b.CID)
		if err != nil {
			return err
		}
		if !has {
			need += int64(len(b.Data)) + overhead
		}
	}
	dead, used := f.used()
	if used+need > f.quota && dead > 0 {
		if _, err := f.Reclaim(ctx); err != nil {
			return err
		}
		_, used = f.used()
	}
	if need > 0 && used+need > f.quota {
		return fmt.Errorf("held: %d bytes count of %d: %w", used, f.quota, sinso.ErrFull)
	}
	if err := f.Pack.Put(ctx, blocks...); err != nil {
		return err
	}
	f.mu.Lock() // what was brought may be asked for at once
	defer f.mu.Unlock()
	f.allowance += need
	return nil
}

// used is what counts of the quota, and how much of that is dead.
func (f *Folder) used() (dead, used int64) {
	dead, total := f.Dead()
	return dead, total + int64(f.Count())*overhead
}

// Delete implements [sinso.Blobs]: after what is being put, which a guest may have given up
// waiting for.
func (f *Folder) Delete(ctx context.Context, cids ...sinso.CID) error {
	f.putting.Lock()
	defer f.putting.Unlock()
	return f.Pack.Delete(ctx, cids...)
}

// Prove answers a challenge: nil for a block that is not there, or not whole. ErrBusy if
// challenges have had so much read lately that the disk is to rest.
func (f *Folder) Prove(ctx context.Context, nonce []byte, cids []sinso.CID) ([][]byte, error) {
	proofs := make([][]byte, len(cids))
	for i, cid := range cids {
		if !f.mayRead() {
			return nil, fmt.Errorf("held: too much was asked to be proven: %w", sinso.ErrBusy)
		}
		data, err := f.Get(ctx, cid)
		if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrCorrupt) {
			continue
		}
		if err != nil {
			return nil, err
		}
		f.mu.Lock()
		f.allowance -= int64(len(data))
		f.mu.Unlock()
		proof := wire.Proof(nonce, cid, data)
		proofs[i] = proof[:]
	}
	return proofs, nil
}

// mayRead reckons the allowance.
func (f *Folder) mayRead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.clock.Now()
	if passed := now.Sub(f.since); passed > 0 {
		grown := f.allowance + int64(min(passed, time.Hour).Seconds()*proofRate)
		f.allowance = min(grown, max(f.allowance, proofBurst))
		f.since = now
	}
	return f.allowance > 0
}
