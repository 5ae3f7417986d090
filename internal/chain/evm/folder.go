package evm

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// Folder is an outbox in a folder: a file for each sending, sealed, because together
// they say which accounts are one node's people. A file's name is an HMAC of the
// sending's, and says nothing.
type Folder struct {
	dir   string
	names []byte // key of the HMAC
	aead  cipher.AEAD
	live  Memory // what All returns
}

var _ Outbox = (*Folder)(nil)

const (
	liveFolder = "live" // what is out, and what was done lately
	oldFolder  = "old"

	sendingVersion = 1
	maxSending     = 4 << 20 // bytes of one file: a contract's code in all its forms
)

// OpenFolder opens the outbox in folder dir, or makes it. key seals it. ErrCorrupt: a
// file is damaged or of another key; nothing is sent then, because it might be sent twice.
func OpenFolder(dir string, key [32]byte) (*Folder, error) {
	block, err := aes.NewCipher(part32(key, "seal"))
	if err != nil {
		return nil, fmt.Errorf("chain: the outbox: %w", err)
	}
	f := &Folder{dir: dir, names: part32(key, "name")}
	if f.aead, err = cipher.NewGCM(block); err != nil {
		return nil, fmt.Errorf("chain: the outbox: %w", err)
	}
	for _, made := range []string{dir, filepath.Join(dir, liveFolder), filepath.Join(dir, oldFolder)} {
		if err := makeFolder(made); err != nil {
			return nil, err
		}
	}
	return f, f.load()
}

// part32 derives a key for one use.
func part32(key [32]byte, use string) []byte {
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte("sinso/outbox/v1/" + use))
	return mac.Sum(nil)
}

func makeFolder(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = durable.SyncDir(filepath.Dir(dir))
	}
	return unkept("make the outbox", err)
}

// errUnkept says that a disk does not keep what it should.
var errUnkept = errors.New("it could not be written down")

// unkept is the error of a disk that does not keep what it should.
func unkept(doing string, err error) error {
	if err == nil {
		return nil
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("chain: %s: nothing was sent: %w: %w: %w", doing, errUnkept, err, sinso.ErrUnavailable)
}

func (f *Folder) load() error {
	entries, err := os.ReadDir(filepath.Join(f.dir, liveFolder))
	if err != nil {
		return unkept("read the outbox", err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") { // a write that was cut off
			if err := os.Remove(filepath.Join(f.dir, liveFolder, entry.Name())); err != nil {
				return unkept("read the outbox", err)
			}
			continue
		}
		s, err := f.read(filepath.Join(f.dir, liveFolder), entry.Name())
		if err != nil {
			return err
		}
		if err := f.live.Put(s); err != nil {
			return err
		}
	}
	return nil
}

// name is that of a sending's file.
func (f *Folder) name(chain uint64, once sinso.Hash) string {
	mac := hmac.New(sha256.New, f.names)
	mac.Write(binary.BigEndian.AppendUint64(nil, chain))
	mac.Write(once[:])
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func (f *Folder) read(dir, name string) (s Sending, err error) {
	damaged := fmt.Errorf("chain: file %s of the outbox is damaged, or of another key: what it was for might be sent twice, so nothing is; bring it back from a backup: %w",
		name, sinso.ErrCorrupt)
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return s, err
	}
	size := f.aead.NonceSize()
	if info.Size() > maxSending || info.Size() < int64(1+size) {
		return s, damaged
	}
	raw, err := os.ReadFile(path) //nolint:gosec // below our own folder, by a name of hex digits
	if err != nil {
		return s, err
	}
	if len(raw) < 1+size || raw[0] != sendingVersion {
		return s, damaged
	}
	text, err := f.aead.Open(nil, raw[1:1+size], raw[1+size:], []byte(name))
	if err != nil || json.Unmarshal(text, &s) != nil || f.name(s.Chain, s.Once) != name {
		return s, damaged
	}
	if _, err := s.forms(); err != nil {
		return s, damaged
	}
	return s, nil
}

// Put implements [Outbox].
func (f *Folder) Put(s Sending) error {
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("chain: write a transaction down: %w", err)
	}
	name := f.name(s.Chain, s.Once)
	nonce := make([]byte, f.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	raw := append([]byte{sendingVersion}, nonce...)
	raw = f.aead.Seal(raw, nonce, text, []byte(name))
	if len(raw) > maxSending {
		return fmt.Errorf("chain: write a transaction down: it has %d bytes, and %d is the most: %w", len(raw), maxSending, sinso.ErrInvalid)
	}
	in := liveFolder
	if s.Old {
		in = oldFolder
	}
	if err := durable.WriteFile(filepath.Join(f.dir, in, name), raw, 0o600); err != nil {
		return unkept("write a transaction down", err)
	}
	if s.Old {
		return f.Drop(s.Chain, s.Once)
	}
	return f.live.Put(s)
}

// Get implements [Outbox].
func (f *Folder) Get(chain uint64, once sinso.Hash) (Sending, bool, error) {
	if s, ok, err := f.live.Get(chain, once); ok || err != nil {
		return s, ok, err
	}
	s, err := f.read(filepath.Join(f.dir, oldFolder), f.name(chain, once))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Sending{}, false, nil
	case errors.Is(err, sinso.ErrCorrupt):
		return Sending{}, false, err
	case err != nil:
		return Sending{}, false, unkept("read the outbox", err)
	}
	return s, true, nil
}

// All implements [Outbox].
func (f *Folder) All() []Sending { return f.live.All() }

// Drop implements [Outbox]. It leaves what is old.
func (f *Folder) Drop(chain uint64, once sinso.Hash) error {
	dir := filepath.Join(f.dir, liveFolder)
	err := os.Remove(filepath.Join(dir, f.name(chain, once)))
	if err == nil {
		err = durable.SyncDir(dir)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unkept("take a transaction out of the outbox", err)
	}
	return f.live.Drop(chain, once)
}
