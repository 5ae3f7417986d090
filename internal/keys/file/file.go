// Package file keeps the custodians' keys (port [sinso.Keys]) in one file, the
// key table, that is rewritten whole, so that what was destroyed is in no page
// and no log of a database.
//
// Each custodian is a random 32-byte seed, wrapped under the root key, and the
// public key made of it, in clear. The root key is a file outside the node
// folder or comes from a passphrase; a node that has neither is locked: it wraps
// to public keys and opens nothing. The bytes are in docs/formats.md, "key table".
//
// # Destroying
//
// Destroy writes a table without the seed and with a tombstone. An older table
// that is put back has no tombstone: the caller keeps the tombstones elsewhere
// too (they name custodians and are not secret) and gives them to [Keys.Replay]
// after every restore, before anything is unwrapped. What this cannot reach is a
// copy of an older table outside this node, together with the root key.
package file

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/durable"
)

const (
	tableFile = "table"
	lockFile  = "lock"

	secretLabel  = "sinso/secret/v1"
	keyPairLabel = "sinso/custodian-key/v1"

	maxKeyID   = 128 // bytes
	maxPurpose = 128 // bytes
)

// Keys is an open key table. Its methods may be called from several goroutines,
// and processes: a change is made to the table as it is on the disk then.
type Keys struct {
	dir  string
	rand sinso.Rand

	mu    sync.RWMutex // guards what follows
	table *table
	sum   [sha256.Size]byte                // of the file that table was read from or written to
	root  []byte                           // nil: locked
	open  map[sinso.KeyID]*openedCustodian // those that were used
	pages *pages                           // the keys of persons and records

	sessions *sessions // has a lock of its own
	ended    bool
}

// openedCustodian is a custodian's secrets, in memory.
type openedCustodian struct {
	seed [32]byte
	key  *hpke.Key // nil: not needed yet, and costs far more than the seed
}

var _ sinso.Keys = (*Keys)(nil)

// Create makes an empty key table in dir, and the key file if it is not there.
// ErrExists if there is a table.
func Create(dir string, unlock Unlock, rand sinso.Rand) (*Keys, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("keys: make folder: %w: %w", sinso.ErrUnavailable, err)
	}
	if _, err := os.Lstat(filepath.Join(dir, tableFile)); err == nil {
		return nil, fmt.Errorf("keys: there is a key table: %w", sinso.ErrExists)
	}
	root, how, err := unlock.create(dir, rand)
	if err != nil {
		return nil, err
	}
	t := &table{Version: tableVersion, Root: how, Custodians: []custodian{}, Tombstones: []sinso.KeyID{}}
	if t.Root.Check, err = checkValue(root); err != nil {
		return nil, err
	}
	raw, err := t.marshal(root)
	if err != nil {
		return nil, err
	}
	err = durable.CreateFile(filepath.Join(dir, tableFile), raw, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("keys: there is a key table: %w", sinso.ErrExists)
	}
	if err != nil {
		return nil, fmt.Errorf("keys: write the table: %w: %w", sinso.ErrUnavailable, err)
	}
	return newKeys(dir, rand, t, raw, root)
}

func newKeys(dir string, rand sinso.Rand, t *table, raw, root []byte) (*Keys, error) {
	persons, err := openPages(dir, root)
	if err != nil {
		return nil, err
	}
	return &Keys{
		dir: dir, rand: rand, table: t, sum: sha256.Sum256(raw), root: root,
		open: map[sinso.KeyID]*openedCustodian{}, pages: persons, sessions: newSessions(),
	}, nil
}

// Open opens the key table in dir. With the zero Unlock the node is locked.
// ErrNotFound if there is no table, ErrCorrupt if it was changed, ErrDenied if
// the root key is not the table's or must not be used.
func Open(dir string, unlock Unlock, rand sinso.Rand) (*Keys, error) {
	if err := settle(dir); err != nil {
		return nil, err
	}
	raw, err := readTable(dir)
	if err != nil {
		return nil, err
	}
	t, err := parseTable(raw)
	if err != nil {
		return nil, err
	}
	root, err := unlock.open(dir, t.Root)
	if err != nil {
		return nil, err
	}
	if root != nil {
		if err := t.verify(raw, root); err != nil {
			return nil, err
		}
	}
	k, err := newKeys(dir, rand, t, raw, root)
	if err != nil {
		return nil, err
	}
	if err := k.pages.check(); err != nil {
		return nil, err
	}
	return k, k.scrub()
}

// scrub destroys the keys of those who have a tombstone and, as an older page was
// put back, a key.
func (k *Keys) scrub() error {
	if k.root == nil {
		return nil
	}
	for _, id := range k.table.Tombstones {
		if _, err := k.pages.find(id); errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrDenied) {
			continue
		}
		if err := k.pages.destroy(id); err != nil {
			return err
		}
	}
	return nil
}

func readTable(dir string) ([]byte, error) {
	f, err := os.Open(filepath.Join(dir, tableFile)) //nolint:gosec // the node folder is the operator's choice
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keys: there is no key table: %w", sinso.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("keys: open the table: %w: %w", sinso.ErrUnavailable, err)
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxTableBytes+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("keys: read the table: %w: %w", sinso.ErrUnavailable, err)
	}
	return raw, nil
}

// Close wipes the keys from memory.
func (k *Keys) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wipe()
	return nil
}

// wipe ends the handle; k.mu is held.
func (k *Keys) wipe() {
	clear(k.root)
	for _, c := range k.open {
		clear(c.seed[:])
	}
	clear(k.open)
	k.root, k.ended = nil, true
	k.pages.close()
	k.sessions.clear()
}

// Locked reports whether there is no root key: nothing can be unwrapped, made or
// destroyed.
func (k *Keys) Locked() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.root == nil
}

// usable checks what every call needs; k.mu is held.
func (k *Keys) usable(ctx context.Context, id sinso.KeyID) error {
	if k.ended {
		return fmt.Errorf("keys: closed: %w", sinso.ErrUnavailable)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return checkID(id)
}

func checkID(id sinso.KeyID) error {
	if id == "" || len(id) > maxKeyID {
		return fmt.Errorf("keys: a custodian's name has 1 to %d bytes: %w", maxKeyID, sinso.ErrInvalid)
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' {
			return fmt.Errorf("keys: a custodian's name is printable ASCII without spaces: %w", sinso.ErrInvalid)
		}
	}
	return nil
}

func errLocked() error { return fmt.Errorf("keys: the node is locked: %w", sinso.ErrDenied) }

func errDestroyed(id sinso.KeyID) error {
	return fmt.Errorf("keys: the key of %s was destroyed: %w", id, sinso.ErrDenied)
}

// find returns a custodian's row; k.mu is held.
func (k *Keys) find(id sinso.KeyID) (*custodian, error) {
	if k.table.destroyed(id) {
		return nil, errDestroyed(id)
	}
	if c := k.table.custodian(id); c != nil {
		return c, nil
	}
	return k.pages.find(id)
}

// Has implements [sinso.Keys].
func (k *Keys) Has(ctx context.Context, id sinso.KeyID) (bool, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if err := k.usable(ctx, id); err != nil {
		return false, err
	}
	_, err := k.find(id)
	if errors.Is(err, sinso.ErrNotFound) || errors.Is(err, sinso.ErrDenied) {
		return false, nil
	}
	return err == nil, err
}

// Create implements [sinso.Keys]. ErrDenied also if the node is locked. A person's
// key is one that lies ready; every other is a row of the table.
func (k *Keys) Create(ctx context.Context, id sinso.KeyID) error {
	fits := func(t *table) error {
		if t.destroyed(id) {
			return errDestroyed(id)
		}
		if t.custodian(id) != nil {
			return fmt.Errorf("keys: there is a key of %s: %w", id, sinso.ErrExists)
		}
		return nil
	}
	if inPages(id) {
		return k.locked(ctx, id, func(t *table) error {
			if err := fits(t); err != nil {
				return err
			}
			return k.pages.create(id, t, k.rand)
		})
	}
	return k.change(ctx, id, func(t *table) error {
		if err := fits(t); err != nil {
			return err
		}
		row, err := newCustodian(id, k.root, k.rand)
		if err != nil {
			return err
		}
		t.add(row)
		return nil
	})
}

// Destroy implements [sinso.Keys]. Destroying what was destroyed is no error;
// ErrNotFound if there never was a key, ErrDenied if the node is locked.
func (k *Keys) Destroy(ctx context.Context, id sinso.KeyID) error {
	return k.change(ctx, id, func(t *table) error {
		k.forget(id)
		if t.custodian(id) == nil && !t.destroyed(id) && !k.pages.has(id) {
			return fmt.Errorf("keys: no key of %s: %w", id, sinso.ErrNotFound)
		}
		t.bury(id)
		return k.pages.destroy(id)
	})
}

// forget wipes a custodian's secrets from memory; k.mu is held.
func (k *Keys) forget(id sinso.KeyID) {
	k.sessions.forget(id)
	if c := k.open[id]; c != nil {
		clear(c.seed[:])
		delete(k.open, id)
	}
}

// Tombstones returns who was destroyed, in ascending order: to be kept where a
// restored key table does not reach.
func (k *Keys) Tombstones() []sinso.KeyID {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Clone(k.table.Tombstones)
}

// Replay destroys again whoever was destroyed, also those that the table does
// not know. It writes only if something is new.
func (k *Keys) Replay(ctx context.Context, tombstones []sinso.KeyID) error {
	k.mu.RLock()
	fresh := slices.DeleteFunc(slices.Clone(tombstones), k.table.destroyed)
	k.mu.RUnlock()
	for _, id := range fresh {
		if err := checkID(id); err != nil {
			return err
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return k.change(ctx, fresh[0], func(t *table) error {
		for _, id := range fresh {
			k.forget(id)
			t.bury(id)
			if err := k.pages.destroy(id); err != nil {
				return err
			}
		}
		return nil
	})
}

// locked runs do on the table as it is on the disk, while nobody changes it.
func (k *Keys) locked(ctx context.Context, id sinso.KeyID, do func(*table) error) (err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.usable(ctx, id); err != nil {
		return err
	}
	if k.root == nil {
		return errLocked()
	}
	lock, err := durable.WaitLock(filepath.Join(k.dir, lockFile))
	if err != nil {
		return fmt.Errorf("keys: lock the table: %w: %w", sinso.ErrUnavailable, err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if err := k.pages.update(); err != nil {
		return err
	}
	t, older, err := k.reload()
	if err == nil && older {
		err = k.mend(t)
	}
	if err != nil {
		return err
	}
	return do(t)
}

// mend writes the table over one that was put back and is older: whoever this
// process knows to be destroyed stays so.
func (k *Keys) mend(t *table) error {
	for _, id := range t.Tombstones {
		if err := k.pages.destroy(id); err != nil {
			return err
		}
	}
	return k.write(t)
}

// write writes the table, which t is from then on.
func (k *Keys) write(t *table) error {
	t.Generation++
	raw, err := t.marshal(k.root)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(filepath.Join(k.dir, tableFile), raw, 0o600); err != nil {
		return fmt.Errorf("keys: write the table: %w: %w", sinso.ErrUnavailable, err)
	}
	k.table, k.sum = t, sha256.Sum256(raw)
	return nil
}

// change makes a change to the table that is on the disk, and writes it.
func (k *Keys) change(ctx context.Context, id sinso.KeyID, do func(*table) error) (err error) {
	return k.locked(ctx, id, func(t *table) error {
		if err := do(t); err != nil {
			return err
		}
		return k.write(t)
	})
}

// reload reads the table that is on the disk. Whoever this process knows to be
// destroyed stays so, whatever was put there; older says that it did not know of
// one. k.mu is held.
func (k *Keys) reload() (t *table, older bool, err error) {
	raw, err := readTable(k.dir)
	if err != nil {
		return nil, false, err
	}
	if sha256.Sum256(raw) == k.sum { // nobody else wrote it
		return k.table.clone(), false, nil
	}
	if t, err = parseTable(raw); err != nil {
		return nil, false, err
	}
	if err := t.verify(raw, k.root); err != nil {
		return nil, false, err
	}
	for _, id := range k.table.Tombstones {
		older = older || !t.destroyed(id)
		t.bury(id)
	}
	for _, id := range t.Tombstones {
		k.forget(id)
	}
	return t, older, nil
}

// Wrap implements [sinso.Keys].
func (k *Keys) Wrap(ctx context.Context, id sinso.KeyID, key sinso.CEK, info []byte) (sinso.WrappedKey, error) {
	k.mu.RLock()
	err := k.usable(ctx, id)
	var c *custodian
	if err == nil {
		c, err = k.find(id)
	}
	k.mu.RUnlock()
	if err != nil {
		return sinso.WrappedKey{}, err
	}
	one, err := k.sessions.toWrap(id, c.Public, k.rand)
	if err != nil {
		return sinso.WrappedKey{}, err
	}
	wrapped, err := one.wrap(key, info, k.rand)
	if err != nil {
		return sinso.WrappedKey{}, err
	}
	return sinso.WrappedKey{To: id, Wrapped: wrapped}, nil
}

// wrapInfo binds a wrap to its custodian and its use.
func wrapInfo(id sinso.KeyID, info []byte) []byte {
	b := append([]byte{byte(len(id))}, id...) //nolint:gosec // at most maxKeyID
	return append(b, info...)
}

// Unwrap implements [sinso.Keys]. ErrNotFound if there never was such a
// custodian.
func (k *Keys) Unwrap(ctx context.Context, key sinso.WrappedKey, info []byte) (sinso.CEK, error) {
	// The custodian is asked each time: one that was destroyed opens nothing.
	pair, err := k.pair(ctx, key.To)
	if err != nil {
		return sinso.CEK{}, err
	}
	if isSession(key.Wrapped) {
		return k.sessions.unwrap(pair, key.To, key.Wrapped, info)
	}
	cek, err := pair.UnwrapKey(key.Wrapped, wrapInfo(key.To, info))
	if err != nil {
		return sinso.CEK{}, fmt.Errorf("keys: unwrap what is wrapped to %s: %w", key.To, err)
	}
	return cek, nil
}

// Secret implements [sinso.Keys]. ErrNotFound if there never was such a
// custodian.
func (k *Keys) Secret(ctx context.Context, id sinso.KeyID, purpose string) (secret [32]byte, err error) {
	if purpose == "" || len(purpose) > maxPurpose {
		return secret, fmt.Errorf("keys: a purpose has 1 to %d bytes: %w", maxPurpose, sinso.ErrInvalid)
	}
	seed, err := k.seed(ctx, id)
	if err != nil {
		return secret, err
	}
	defer clear(seed[:])
	derived, err := hkdf.Key(sha256.New, seed[:], nil, secretLabel+string(wrapInfo(id, []byte(purpose))), len(secret))
	if err != nil {
		return secret, fmt.Errorf("keys: derive: %w", err)
	}
	return [32]byte(derived), nil
}

// seed returns a custodian's seed.
func (k *Keys) seed(ctx context.Context, id sinso.KeyID) ([32]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, _, err := k.opened(ctx, id)
	if err != nil {
		return [32]byte{}, err
	}
	return c.seed, nil
}

// pair returns a custodian's key pair.
func (k *Keys) pair(ctx context.Context, id sinso.KeyID) (hpke.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, row, err := k.opened(ctx, id)
	if err != nil {
		return hpke.Key{}, err
	}
	if c.key == nil {
		pair, err := keyPair(c.seed, row)
		if err != nil {
			return hpke.Key{}, err
		}
		c.key = &pair
	}
	return *c.key, nil
}

// opened opens a custodian, from memory if it was opened before, and names its row.
// k.mu is held.
func (k *Keys) opened(ctx context.Context, id sinso.KeyID) (c *openedCustodian, row sinso.KeyID, err error) {
	if err := k.usable(ctx, id); err != nil {
		return nil, "", err
	}
	if k.root == nil {
		return nil, "", errLocked()
	}
	found, err := k.find(id)
	if err != nil {
		return nil, "", err
	}
	if c := k.open[id]; c != nil {
		return c, found.ID, nil
	}
	seed, err := unwrapSeed(k.root, found.ID, found.Seed)
	if err != nil {
		return nil, "", err
	}
	c = &openedCustodian{seed: seed}
	k.remember(id, c)
	return c, found.ID, nil
}

// remember keeps an opened custodian; k.mu is held. Past maxOpen it forgets all
// others, which costs them an opening each.
func (k *Keys) remember(id sinso.KeyID, c *openedCustodian) {
	const maxOpen = 1024
	if len(k.open) >= maxOpen {
		for other := range k.open {
			k.forget(other)
		}
	}
	k.open[id] = c
}

// keyPair makes a custodian's key pair from its seed.
func keyPair(seed [32]byte, id sinso.KeyID) (hpke.Key, error) {
	derived, err := hkdf.Key(sha256.New, seed[:], nil, keyPairLabel+string(wrapInfo(id, nil)), len(seed))
	if err != nil {
		return hpke.Key{}, fmt.Errorf("keys: derive: %w", err)
	}
	defer clear(derived)
	key, err := hpke.NewKey([32]byte(derived))
	if err != nil {
		return hpke.Key{}, fmt.Errorf("keys: key pair of %s: %w", id, err)
	}
	return key, nil
}
