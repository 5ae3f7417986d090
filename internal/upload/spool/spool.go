// Package spool keeps uploads (port [sinso.Uploads]) in a folder, one file each, until
// they are taken in. What is unfinished is identified data that stays for days: every
// part is sealed before it is written, and synced before it is acknowledged; names are
// sealed too. The bytes are in docs/formats.md, "upload".
package spool

import (
	"cmp"
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// Config is what a Spool needs. Dir, Keys, Rand and Clock must be given.
type Config struct {
	Dir   string // of the spool alone; made if it is not there
	Keys  sinso.Keys
	Rand  sinso.Rand
	Clock sinso.Clock
	// Keep is how long an upload to which nothing is added stays, and what became of one
	// that is done. Default 7 days.
	Keep time.Duration
	// Quota bounds the bytes of all uploads that are not done, with those that are still to
	// come of uploads that have begun. Default 32 GiB.
	Quota int64
	// Share bounds the bytes of one owner's that are not done. Default half of Quota.
	Share int64
	// MaxOpen is how many uploads of one owner may be not done. Default 4,096.
	MaxOpen int
	// Pause is how long after an upload could not be taken in it is tried again; it doubles
	// each time, up to MaxPause. Default 1 minute, and 1 hour.
	Pause, MaxPause time.Duration
	// MaxKept is of how many uploads of one owner it is kept what became of them: then the
	// oldest gives way. Default 50,000.
	MaxKept int
}

const (
	defaultKeep     = 7 * 24 * time.Hour
	defaultQuota    = 32 << 30
	defaultMaxOpen  = 4096
	defaultMaxKept  = 50_000
	defaultPause    = time.Minute
	defaultMaxPause = time.Hour

	sweepEvery = time.Hour

	idPrefix = "u_"
	idBytes  = 16
)

// encoding is that of all opaque ids.
func encoding() *base32.Encoding {
	return base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
}

// Spool is an open folder of uploads. Its methods may be called from several goroutines.
type Spool struct {
	cfg     Config
	damaged int
	wake    chan struct{} // has one while the queue may have something

	mu     sync.Mutex // guards what follows, and the fields of entries
	byID   map[sinso.UploadID]*entry
	owners map[string][]*entry // by number
	queue  []*entry            // that wait to be taken in
	failed []*entry            // that failed, and are tried again by themselves
	last   uint64              // number given
	used   int64               // bytes that are reserved for those that are not done
	usedBy map[string]int64    // the same of each owner who has any
}

// entry is one upload. Who changes its file holds writing; fields are read and changed
// under the spool's mutex.
type entry struct {
	writing sync.Mutex
	upload  sinso.Upload
	cek     sinso.CEK // of its file
	parts   []part
	end     int64 // of what counts in its file
	touched time.Time
	pause   time.Duration // before it is tried again, if it failed
	gone    bool
}

var _ sinso.Uploads = (*Spool)(nil)

// Open opens the folder, reads what is in it and forgets what has expired. A part that a
// crash tore is cut off: it was not acknowledged. ErrDenied if the node is locked.
func Open(ctx context.Context, cfg Config) (*Spool, error) {
	if cfg.Keep <= 0 {
		cfg.Keep = defaultKeep
	}
	if cfg.Quota <= 0 {
		cfg.Quota = defaultQuota
	}
	if cfg.Share <= 0 {
		cfg.Share = cfg.Quota / 2
	}
	if cfg.MaxOpen <= 0 {
		cfg.MaxOpen = defaultMaxOpen
	}
	if cfg.MaxKept <= 0 {
		cfg.MaxKept = defaultMaxKept
	}
	if cfg.Pause <= 0 {
		cfg.Pause = defaultPause
	}
	if cfg.MaxPause <= 0 {
		cfg.MaxPause = defaultMaxPause
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("upload: make the folder: %w", failed(err))
	}
	s := &Spool{cfg: cfg, wake: make(chan struct{}, 1), byID: map[sinso.UploadID]*entry{}, owners: map[string][]*entry{}, usedBy: map[string]int64{}}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	return s, s.Sweep(ctx)
}

// Damaged is how many files in the folder were no upload that can be read. They are left
// until they expire.
func (s *Spool) Damaged() int { return s.damaged }

// load reads the folder.
func (s *Spool) load(ctx context.Context) error {
	files, err := os.ReadDir(s.cfg.Dir)
	if err != nil {
		return fmt.Errorf("upload: read the folder: %w", failed(err))
	}
	var found []*entry
	for _, file := range files {
		if strings.HasPrefix(file.Name(), ".") { // a temporary file of a write that was cut
			if err := os.Remove(s.path(sinso.UploadID(file.Name()))); err != nil {
				return fmt.Errorf("upload: remove what a write left: %w", failed(err))
			}
			continue
		}
		e, err := s.read(ctx, sinso.UploadID(file.Name()))
		switch {
		case errors.Is(err, sinso.ErrCorrupt):
			s.damaged++
			if err := s.expireDamaged(file); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b *entry) int { return int(int64(a.upload.Number) - int64(b.upload.Number)) }) //nolint:gosec // numbers are small
	for _, e := range found {
		s.add(e)
	}
	return nil
}

// expireDamaged removes a file that nobody can read when its time is over.
func (s *Spool) expireDamaged(file fs.DirEntry) error {
	info, err := file.Info()
	if err != nil || s.cfg.Clock.Now().Before(info.ModTime().Add(s.cfg.Keep)) {
		return nil //nolint:nilerr // it went by itself
	}
	if err := os.Remove(filepath.Join(s.cfg.Dir, file.Name())); err != nil {
		return fmt.Errorf("upload: remove a damaged file: %w", failed(err))
	}
	return nil
}

// add files an entry; s.mu is held, or nobody else has s.
func (s *Spool) add(e *entry) {
	u := &e.upload
	s.byID[u.ID] = e
	s.owners[u.Owner] = append(s.owners[u.Owner], e)
	s.last = max(s.last, u.Number)
	if u.State == sinso.UploadDone {
		return
	}
	s.count(u.Owner, reserved(*u))
	s.enqueue(e)
}

// enqueue queues an entry of which all is here; s.mu is held.
func (s *Spool) enqueue(e *entry) {
	if e.upload.State == sinso.UploadReceiving && e.upload.Offset < e.upload.Size {
		return
	}
	e.upload.State, e.upload.Again, e.upload.Asked = sinso.UploadWaiting, time.Time{}, nil
	s.queue = append(s.queue, e)
	s.signal()
}

// signal wakes one who waits in Next.
func (s *Spool) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// drop forgets an entry; s.mu is held.
func (s *Spool) drop(e *entry) {
	u := &e.upload
	e.gone = true
	clear(e.cek[:])
	s.unfail(e)
	delete(s.byID, u.ID)
	mine := slices.DeleteFunc(s.owners[u.Owner], func(o *entry) bool { return o == e })
	if s.owners[u.Owner] = mine; len(mine) == 0 {
		delete(s.owners, u.Owner)
	}
	if u.State != sinso.UploadDone {
		s.count(u.Owner, -reserved(*u))
	}
}

// reserved is what an upload that is not done takes of the room: from its first byte on
// all that it will have, so that what has begun can end.
func reserved(u sinso.Upload) int64 {
	if u.Offset == 0 {
		return 0
	}
	return u.Size
}

// count counts bytes that an owner has here more, or less; s.mu is held.
func (s *Spool) count(owner string, n int64) {
	s.used += n
	if s.usedBy[owner] += n; s.usedBy[owner] == 0 {
		delete(s.usedBy, owner)
	}
}

func (s *Spool) path(id sinso.UploadID) string { return filepath.Join(s.cfg.Dir, string(id)) }

// find returns an entry.
func (s *Spool) find(id sinso.UploadID) (*entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.byID[id]
	if e == nil {
		return nil, fmt.Errorf("upload: %w", sinso.ErrNotFound)
	}
	return e, nil
}

// snapshot is the upload as it is now; s.mu is held.
func (s *Spool) snapshot(e *entry) sinso.Upload {
	u := e.upload
	u.Expires = e.touched.Add(s.cfg.Keep)
	return u
}

// Create implements [sinso.Uploads].
func (s *Spool) Create(ctx context.Context, upload sinso.Upload) (sinso.Upload, error) {
	if upload.Size < 0 || upload.Owner == "" {
		return upload, fmt.Errorf("upload: create: no size or no owner: %w", sinso.ErrInvalid)
	}
	if upload.Size > s.cfg.Share {
		return upload, fmt.Errorf("upload: one owner's uploads have at most %d bytes together: %w", s.cfg.Share, sinso.ErrInvalid)
	}
	var random [idBytes]byte
	if _, err := io.ReadFull(s.cfg.Rand, random[:]); err != nil {
		return upload, fmt.Errorf("upload: randomness: %w: %w", sinso.ErrUnavailable, err)
	}
	now := s.cfg.Clock.Now()
	upload.ID, upload.Created = sinso.UploadID(idPrefix+encoding().EncodeToString(random[:])), now.UTC()
	upload.Offset, upload.State, upload.Outcome = 0, sinso.UploadReceiving, sinso.UploadOutcome{}
	oldest, err := s.admit(&upload)
	if err != nil {
		return upload, err
	}
	if oldest != "" {
		if err := s.Remove(ctx, oldest); err != nil && !errors.Is(err, sinso.ErrNotFound) {
			return upload, err
		}
	}
	e := &entry{upload: upload, touched: now}
	if err := s.write(ctx, e, nil); err != nil {
		return upload, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(e)
	return s.snapshot(e), nil
}

// admit numbers a new upload, if its owner may have one more. oldest has to go for it.
func (s *Spool) admit(upload *sinso.Upload) (oldest sinso.UploadID, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	open, kept := 0, 0
	for _, e := range s.owners[upload.Owner] {
		if e.upload.State != sinso.UploadDone {
			open++
			continue
		}
		if kept++; oldest == "" {
			oldest = e.upload.ID
		}
	}
	if open >= s.cfg.MaxOpen {
		return "", fmt.Errorf("upload: %d uploads of this caller are not done: %w", open, sinso.ErrBusy)
	}
	s.last++
	upload.Number = s.last
	if kept < s.cfg.MaxKept {
		return "", nil
	}
	return oldest, nil
}

// Upload implements [sinso.Uploads].
func (s *Spool) Upload(_ context.Context, id sinso.UploadID) (sinso.Upload, error) {
	e, err := s.find(id)
	if err != nil {
		return sinso.Upload{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.snapshot(e), nil
}

// List implements [sinso.Uploads].
func (s *Spool) List(_ context.Context, owner string, fn func(sinso.Upload) error) error {
	s.mu.Lock()
	entries := s.owners[owner]
	if owner == "" {
		for _, own := range s.owners {
			entries = append(entries, own...)
		}
		slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.upload.Number, b.upload.Number) })
	}
	list := make([]sinso.Upload, 0, len(entries))
	for _, e := range entries {
		list = append(list, s.snapshot(e))
	}
	s.mu.Unlock()
	for _, u := range list {
		if err := fn(u); err != nil {
			return err
		}
	}
	return nil
}

// failed gives an error of the disk its class, and takes the path out of its words.
func failed(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%w: %w", err, sinso.ErrUnavailable)
}

// removeFile removes the file of an upload, for good.
func (s *Spool) removeFile(id sinso.UploadID) error {
	err := os.Remove(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = durable.SyncDir(s.cfg.Dir)
	}
	if err != nil {
		return fmt.Errorf("upload: remove: %w", failed(err))
	}
	return nil
}
