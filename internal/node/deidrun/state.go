package deidrun

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// The names in OUT (docs/formats.md, "state of a run of deid").
const (
	stateDir    = ".sinso-deid"
	withheldDir = "withheld"
	newDir      = "new" // in stateDir: derivatives without a name yet
	runFile     = "run.json"
	keyFile     = "key"
	journalFile = "journal"
	lockFile    = "lock"
)

// The labels of what is derived from the key of a run: HMAC-SHA256(key, label).
const (
	labelFingerprint = "sinso/deid/run/fingerprint/v1"
	labelIDs         = "sinso/deid/run/ids/v1"
	labelNames       = "sinso/deid/run/names/v1"
)

const stateVersion = 1

// state is what tells one run from another.
type state struct {
	Version    int       `json:"version"`
	Profile    string    `json:"profile"` // hash, hex
	Key        string    `json:"key"`     // fingerprint, hex
	Fresh      bool      `json:"fresh"`   // the key is the run's own
	Reader     bool      `json:"reader,omitempty"`
	In         string    `json:"in,omitempty"`
	Begun      time.Time `json:"begun"` // what all derivatives say as their time: the order in which they were made is that of the originals' names
	Restarting bool      `json:"restarting,omitempty"`
	Complete   *complete `json:"complete,omitempty"`

	secret [32]byte
	out    string // OUT
	dir    string // with the journal
	lock   *durable.Lock
	dry    bool
}

// complete says what a run read whose key is gone.
type complete struct {
	Listing string `json:"listing"` // salted hash, hex
}

// derived returns the key for one purpose.
func derived(secret [32]byte, label string) []byte {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte(label))
	return mac.Sum(nil)
}

func fingerprint(secret [32]byte) string {
	return hex.EncodeToString(derived(secret, labelFingerprint)[:16])
}

// openState makes or opens the state in OUT. A dry run's is in a folder of its own
// that goes when it ends.
func openState(o Options, profile [32]byte) (s *state, err error) {
	s = &state{
		Version: stateVersion, Profile: hex.EncodeToString(profile[:]), Fresh: o.Key == nil, Reader: o.Reader != nil, Begun: time.Now().UTC().Truncate(time.Second),
		out: o.Out, dir: filepath.Join(o.Out, stateDir), dry: o.DryRun,
	}
	if o.DryRun {
		if s.dir, err = os.MkdirTemp("", "sinso-deid-*"); err != nil {
			return nil, fmt.Errorf("deid: the folder for temporary files cannot be made: %w: %w", bare(err), sinso.ErrUnavailable)
		}
		if err := s.ownKey(o.Key); err != nil {
			return nil, errors.Join(err, s.close())
		}
		return s, nil
	}
	if err := os.MkdirAll(filepath.Join(s.dir, newDir), 0o700); err != nil {
		return nil, fmt.Errorf("deid: the folder for the output cannot be made: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	s.lock, err = durable.TryLock(filepath.Join(s.dir, lockFile))
	if errors.Is(err, durable.ErrLocked) {
		return nil, fmt.Errorf("deid: another run works in this folder: %w", sinso.ErrBusy)
	}
	if err != nil {
		return nil, fmt.Errorf("deid: the state of the run cannot be locked: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	if err := s.enter(o); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// enter goes on with the run that is there, or begins one.
func (s *state) enter(o Options) error {
	var old state
	text, err := os.ReadFile(filepath.Join(s.dir, runFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s.begin(o)
	}
	if err == nil {
		err = json.Unmarshal(text, &old)
	}
	if err != nil || old.Version != stateVersion {
		return fmt.Errorf("deid: the state of the run in OUT cannot be read: %w", sinso.ErrCorrupt)
	}
	if o.Restart || old.Restarting {
		if err := s.clear(old); err != nil {
			return err
		}
		return s.begin(o)
	}
	switch {
	case old.Profile != s.Profile:
		return fmt.Errorf("deid: OUT holds a run by another profile: %w", sinso.ErrInvalid)
	case old.Reader != s.Reader:
		return fmt.Errorf("deid: OUT holds a run with another choice of text reader: %w", sinso.ErrInvalid)
	case old.Fresh && o.Key != nil:
		return fmt.Errorf("deid: OUT holds a run under a key of its own, and not under the one that was given: %w", sinso.ErrInvalid)
	case !old.Fresh && o.Key == nil:
		return fmt.Errorf("deid: OUT holds a run under a key that was given, and none is given now: %w", sinso.ErrInvalid)
	case !old.Fresh && old.Key != fingerprint(*o.Key):
		return fmt.Errorf("deid: OUT holds a run under another key: %w", sinso.ErrInvalid)
	}
	s.In, s.Begun, s.Key, s.Complete = old.In, old.Begun, old.Key, old.Complete
	if !old.Fresh {
		s.secret = *o.Key
		return nil
	}
	return s.goOn(o)
}

// goOn takes the key of an unfinished run that has one of its own.
func (s *state) goOn(o Options) error {
	if s.Complete != nil {
		return s.forget() // once more, if the last run was cut off at it
	}
	text, err := os.ReadFile(filepath.Join(s.dir, keyFile))
	raw, hexErr := hex.DecodeString(string(text))
	if err != nil || hexErr != nil || len(raw) != len(s.secret) || fingerprint([32]byte(raw)) != s.Key {
		return fmt.Errorf("deid: the key of the unfinished run in OUT is gone or damaged: %w", sinso.ErrCorrupt)
	}
	s.secret = [32]byte(raw)
	if s.In != s.place(o.In) {
		return fmt.Errorf("deid: OUT holds an unfinished run over another folder, under a key of its own: %w", sinso.ErrInvalid)
	}
	return nil
}

// place is a keyed hash of where the originals are.
func (s *state) place(in string) string {
	mac := hmac.New(sha256.New, derived(s.secret, labelIDs))
	mac.Write([]byte(resolve(in)))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// ownKey takes the key that was given, or makes one.
func (s *state) ownKey(given *[32]byte) error {
	if given != nil {
		s.secret = *given
	} else if _, err := rand.Read(s.secret[:]); err != nil {
		return fmt.Errorf("deid: a key cannot be made: %w", sinso.ErrUnavailable)
	}
	s.Key = fingerprint(s.secret)
	return nil
}

// begin writes the state of a new run. The key is there before the state says so.
func (s *state) begin(o Options) error {
	if err := s.ownKey(o.Key); err != nil {
		return err
	}
	if s.Fresh {
		s.In = s.place(o.In)
		if err := s.keep(keyFile, []byte(hex.EncodeToString(s.secret[:]))); err != nil {
			return err
		}
	}
	if err := s.save(); err != nil {
		return err
	}
	return syncDirs(o.Out, filepath.Dir(resolve(o.Out)))
}

func (s *state) save() error {
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("deid: the state of the run: %w", err)
	}
	return s.keep(runFile, append(text, '\n'))
}

func (s *state) keep(name string, data []byte) error {
	if err := durable.WriteFile(filepath.Join(s.dir, name), data, 0o600); err != nil {
		return fmt.Errorf("deid: the state of the run cannot be written: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return nil
}

// complete ends a run whose key is its own: without the key, nobody can make its
// pseudonyms again, or read the names in its journal.
func (s *state) complete(listing string) error {
	if s.Complete != nil {
		return nil
	}
	s.Complete = &complete{listing}
	if err := s.save(); err != nil {
		return err
	}
	return s.forget()
}

// forget removes the key. Its bytes are unlinked, not overwritten.
func (s *state) forget() error {
	if err := os.Remove(filepath.Join(s.dir, keyFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("deid: the key of the run cannot be removed: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return syncDirs(s.dir)
}

// clear removes what the earlier runs made. A clear that is cut off is done again
// by the next run, whatever it was asked for.
func (s *state) clear(old state) error {
	old.dir, old.Restarting = s.dir, true
	if err := old.save(); err != nil {
		return err
	}
	j, err := openJournal(filepath.Join(s.dir, journalFile))
	if err != nil {
		return err
	}
	err = j.each(0, func(l line) error {
		if l.kind != kindRecord {
			return nil
		}
		r, err := l.record()
		if err != nil || r.File == "" {
			return err
		}
		return removeAll(r.places(s.out)...)
	})
	if err = errors.Join(err, j.close()); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(s.dir, newDir)); err != nil {
		return fmt.Errorf("deid: what an earlier run made cannot be removed: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	names := []string{journalFile, keyFile, runFile} // the last of them says what is to be done
	for _, name := range names {
		if err := removeAll(filepath.Join(s.dir, name)); err != nil {
			return err
		}
		if err := syncDirs(s.dir); err != nil {
			return err
		}
	}
	if err := os.Mkdir(filepath.Join(s.dir, newDir), 0o700); err != nil {
		return fmt.Errorf("deid: the folder for the output cannot be made: %w: %w", bare(err), sinso.ErrUnavailable)
	}
	return nil
}

func (s *state) close() error {
	clear(s.secret[:])
	if s.dry {
		return removeTree(s.dir)
	}
	if s.lock == nil {
		return nil
	}
	return s.lock.Unlock()
}
