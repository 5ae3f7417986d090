package node

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/crypt/bip39"
	"sinso.dev/sinso/internal/crypt/slip39"
	"sinso.dev/sinso/internal/durable"
	keyfile "sinso.dev/sinso/internal/keys/file"
)

// The kinds of root key.
const (
	KindKeyFile    = keyfile.KindKeyFile
	KindPassphrase = keyfile.KindPassphrase
)

// Ask gives a passphrase. What it returns is wiped. Nil: nobody is there to ask.
type Ask func() ([]byte, error)

// keysDir is where the key table is.
func (c Config) keysDir() string { return filepath.Join(c.Data, keysFolder) }

// unlock says how the key table of the node folder is opened. finished: see [keyfile.Kind].
func (c Config) unlock(ask Ask) (unlock keyfile.Unlock, finished bool, err error) {
	kind, finished, err := keyfile.Kind(c.keysDir())
	if err != nil || kind != KindPassphrase {
		return keyfile.Unlock{KeyFile: c.KeyFile}, finished, err
	}
	if c.PassphraseFile != "" {
		ask = c.readPassphrase
	}
	if ask == nil {
		return unlock, finished, fmt.Errorf("keys: nobody is there to ask for the passphrase: %w", sinso.ErrDenied)
	}
	return keyfile.Unlock{Passphrase: ask}, finished, nil
}

func (c Config) readPassphrase() ([]byte, error) {
	return keyfile.ReadPassphrase(c.Data, c.PassphraseFile)
}

// openKeys opens the key table of a node folder.
func openKeys(cfg Config, ask Ask) (*keyfile.Keys, error) {
	unlock, _, err := cfg.unlock(ask)
	var keys *keyfile.Keys
	if err == nil {
		keys, err = keyfile.Open(cfg.keysDir(), unlock, rand.Reader)
	}
	if err != nil {
		return nil, keyError(cfg, unlock, err)
	}
	return keys, nil
}

// keyError names the key file, if it is one that was to open the table.
func keyError(cfg Config, unlock keyfile.Unlock, err error) error {
	if unlock.KeyFile == "" {
		return &KeyError{"", err}
	}
	return &KeyError{cfg.KeyFile, err}
}

// KeyFacts are what can be told of a node's root key.
type KeyFacts struct {
	Data        string `json:"data"`
	Kind        string `json:"kind"`        // key-file or passphrase
	Fingerprint string `json:"fingerprint"` // 16 hex digits that name the root key and tell nothing of it
	KeyFile     string `json:"keyFile"`     // where it is, or would be
	// KeyFileState: fits, missing, other (of another node, or of before a rotation), unsafe
	// (others may read it, or it lies in the node folder), damaged; of a node with a
	// passphrase none, or unused.
	KeyFileState string     `json:"keyFileState"`
	KeyFileMade  *time.Time `json:"keyFileMade"` // when it was last written; null: it is not there
	Custodians   int        `json:"custodians"`  // keys that are no person's: the node's, the institution's
	Persons      int        `json:"persons"`     // persons with a key
	Records      int        `json:"records"`     // studies, copies and the like with one
	Destroyed    int        `json:"destroyed"`   // keys that were destroyed
}

// ShowKey tells of a node's root key what is not secret. It works beside a running node.
func ShowKey(cfg Config) (KeyFacts, error) {
	facts := KeyFacts{Data: cfg.Data, KeyFile: cfg.KeyFile}
	if err := hasNode(cfg.Data); err != nil {
		return facts, err
	}
	table, err := keyfile.Look(cfg.keysDir())
	if err != nil {
		return facts, &KeyError{"", err}
	}
	facts.Kind, facts.Fingerprint = table.Kind, table.Fingerprint
	facts.Custodians, facts.Persons, facts.Records, facts.Destroyed = table.Custodians, table.Persons, table.Records, table.Destroyed
	info, err := os.Stat(cfg.KeyFile)
	if err == nil {
		made := info.ModTime().UTC().Truncate(time.Second)
		facts.KeyFileMade = &made
	}
	facts.KeyFileState = keyFileState(cfg, table.Kind, err == nil)
	return facts, nil
}

func keyFileState(cfg Config, kind string, there bool) string {
	if kind == KindPassphrase {
		return map[bool]string{true: "unused", false: "none"}[there]
	}
	keys, err := keyfile.Open(cfg.keysDir(), keyfile.Unlock{KeyFile: cfg.KeyFile}, rand.Reader)
	switch {
	case err == nil:
		_ = keys.Close() // nothing was written
		return "fits"
	case !there:
		return "missing"
	case errors.Is(err, keyfile.ErrOtherKey):
		return "other"
	case errors.Is(err, sinso.ErrDenied):
		return "unsafe"
	}
	return "damaged"
}

// openRoot returns a node's root key and its fingerprint. It works beside a running node.
func openRoot(cfg Config, ask Ask) (root [32]byte, fingerprint string, err error) {
	if err := hasNode(cfg.Data); err != nil {
		return root, "", err
	}
	keys, err := openKeys(cfg, ask)
	if err != nil {
		return root, "", err
	}
	root, err = keys.Root()
	if err == nil {
		fingerprint, err = keyfile.Fingerprint(root)
	}
	return root, fingerprint, errors.Join(err, keys.Close())
}

// ExportedKey is a root key in words. They are the secret.
type ExportedKey struct {
	Fingerprint string
	Words       []string // the recovery phrase, or a share each
	Identifier  int      // of the set of shares
}

// ExportPhrase returns the recovery phrase of a node's root key: 24 words of BIP-39.
func ExportPhrase(cfg Config, ask Ask) (out ExportedKey, err error) {
	root, fingerprint, err := openRoot(cfg, ask)
	defer clear(root[:])
	if err != nil {
		return out, err
	}
	return ExportedKey{Fingerprint: fingerprint, Words: []string{bip39.Encode(root)}}, nil
}

// ExportShares shares a node's root key among guardians (SLIP-0039): any threshold of count
// shares give it back.
func ExportShares(cfg Config, ask Ask, threshold, count int) (out ExportedKey, err error) {
	root, fingerprint, err := openRoot(cfg, ask)
	defer clear(root[:])
	if err != nil {
		return out, err
	}
	shares, err := slip39.Split(root[:], nil, 1, []slip39.Group{{Threshold: threshold, Count: count}}, rand.Reader)
	if err != nil {
		return out, err
	}
	out = ExportedKey{Fingerprint: fingerprint, Identifier: int(shares[0][0].Facts().Identifier)}
	for _, s := range shares[0] {
		out.Words = append(out.Words, s.Words())
	}
	return out, nil
}

// Recovered is what became of a root key that was given back.
type Recovered struct {
	Data        string `json:"data"`
	Kind        string `json:"kind"`
	KeyFile     string `json:"keyFile"` // "" of a passphrase
	Fingerprint string `json:"fingerprint"`
	// Checked: the node folder is there, and the key opens it. Without one the key is only
	// written down.
	Checked bool `json:"checked"`
	// Made: the key file was made. It was not if it is there already and holds this key, or if
	// the root key was changed.
	Made bool `json:"made"`
	// Rotated: the node opens by a passphrase that is lost, so it has another root key now.
	Rotated bool   `json:"rotated"`
	Phrase  string `json:"-"` // the recovery phrase of another root key; secret
}

// RecoverKey makes the key file again from a root key that its phrase or shares gave back,
// and overwrites none. Of a node with a passphrase, which the root key does not tell, it
// rotates to a new one, or to a key file (kind).
func RecoverKey(ctx context.Context, cfg Config, root [32]byte, kind string, askNew Ask) (out Recovered, err error) {
	out = Recovered{Data: cfg.Data, Kind: KindKeyFile, KeyFile: cfg.KeyFile}
	if out.Fingerprint, err = keyfile.Fingerprint(root); err != nil {
		return out, err
	}
	is, _, err := keyfile.Kind(cfg.keysDir())
	switch {
	case errors.Is(err, sinso.ErrNotFound):
		err = out.write(cfg, root)
		return out, err
	case err != nil:
		return out, &KeyError{"", err}
	}
	keys, err := keyfile.Open(cfg.keysDir(), keyfile.Unlock{Root: &root}, rand.Reader)
	if err != nil {
		return out, &KeyError{"", err}
	}
	if err := keys.Close(); err != nil {
		return out, err
	}
	out.Checked = true
	if is == KindKeyFile && (kind == "" || kind == KindKeyFile) {
		err = out.write(cfg, root)
		return out, err
	}
	if kind == "" {
		kind = is
	}
	start, err := stopped(cfg)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, start()) }()
	rotated, err := rotateKey(ctx, cfg, keyfile.Unlock{Root: &root}, kind, askNew, func(string) {})
	out.Kind, out.KeyFile, out.Fingerprint, out.Phrase, out.Rotated = rotated.Kind, rotated.KeyFile, rotated.Fingerprint, rotated.Phrase, err == nil
	return out, err
}

// write makes the key file, if there is none with this key.
func (r *Recovered) write(cfg Config, root [32]byte) error {
	unlock := keyfile.Unlock{KeyFile: cfg.KeyFile, Node: cfg.Data}
	same, err := unlock.Holds(cfg.keysDir(), root)
	if errors.Is(err, sinso.ErrCorrupt) {
		return fmt.Errorf("there is a file %s that is no key file, and it is not overwritten: %w", cfg.KeyFile, sinso.ErrExists)
	}
	if err == nil && !same {
		err = unlock.WriteKeyFile(cfg.keysDir(), root)
		r.Made = err == nil
	}
	if err != nil {
		return &KeyError{cfg.KeyFile, err}
	}
	return nil
}

// Rotated is what became of a change of the root key.
type Rotated struct {
	Data        string `json:"data"`
	Before      string `json:"before"` // fingerprint of the root key before
	Kind        string `json:"kind"`
	KeyFile     string `json:"keyFile"` // "" of a passphrase
	Fingerprint string `json:"fingerprint"`
	Custodians  int    `json:"custodians"` // whose keys were wrapped again
	Persons     int    `json:"persons"`
	Records     int    `json:"records"`
	// Finished: a rotation that was cut off was finished, and none was begun. Before is the
	// same as Fingerprint then.
	Finished bool   `json:"finished"`
	Phrase   string `json:"-"` // the recovery phrase of the new root key; secret
}

// RotateKey gives a stopped node another root key: a new key file or passphrase, as kind
// says; "" is the kind that it has. All rows of the key table are wrapped again; nothing
// else is touched. If a rotation was cut off it is finished, and no other is begun.
func RotateKey(ctx context.Context, cfg Config, kind string, ask, askNew Ask, onStep func(string)) (_ Rotated, err error) {
	if err := hasNode(cfg.Data); err != nil {
		return Rotated{Data: cfg.Data}, err
	}
	start, err := stopped(cfg)
	if err != nil {
		return Rotated{Data: cfg.Data}, err
	}
	defer func() { err = errors.Join(err, start()) }()
	_, nextErr := os.Lstat(keyfile.NextFile(cfg.KeyFile))
	left := nextErr == nil
	unlock, finished, err := cfg.unlock(ask)
	if err != nil && (!finished || askNew == nil) {
		return Rotated{Data: cfg.Data}, keyError(cfg, unlock, err)
	}
	if finished || left && unlock.KeyFile != "" {
		keys, err := cfg.openFinished(unlock, err == nil, finished, askNew)
		if err != nil {
			return Rotated{Data: cfg.Data}, keyError(cfg, unlock, err)
		}
		if _, err := os.Lstat(keyfile.NextFile(cfg.KeyFile)); finished || errors.Is(err, fs.ErrNotExist) {
			return rotated(cfg, keys, true)
		}
		if err := keys.Close(); err != nil {
			return Rotated{Data: cfg.Data}, err
		}
	}
	return rotateKey(ctx, cfg, unlock, kind, askNew, onStep)
}

// openFinished opens the table after a rotation that was cut off. The new passphrase of the
// command that was cut off is this one's again: it opens the table if the other does not.
func (c Config) openFinished(unlock keyfile.Unlock, asked, finished bool, askNew Ask) (*keyfile.Keys, error) {
	var keys *keyfile.Keys
	err := keyfile.ErrOtherKey
	if asked {
		keys, err = keyfile.Open(c.keysDir(), unlock, rand.Reader)
	}
	if finished && unlock.KeyFile == "" && askNew != nil && errors.Is(err, keyfile.ErrOtherKey) {
		return keyfile.Open(c.keysDir(), keyfile.Unlock{Passphrase: askNew}, rand.Reader)
	}
	return keys, err
}

// rotated tells of the root key that the open table has now, and closes it.
func rotated(cfg Config, keys *keyfile.Keys, finished bool) (Rotated, error) {
	out := Rotated{Data: cfg.Data, Finished: finished}
	root, err := keys.Root()
	defer clear(root[:])
	if err = errors.Join(err, keys.Close()); err != nil {
		return out, err
	}
	facts, err := keyfile.Look(cfg.keysDir())
	if err != nil {
		return out, &KeyError{"", err}
	}
	out.Kind, out.Fingerprint, out.Before = facts.Kind, facts.Fingerprint, facts.Fingerprint
	out.Custodians, out.Persons, out.Records, out.Phrase = facts.Custodians, facts.Persons, facts.Records, bip39.Encode(root)
	if facts.Kind == KindKeyFile {
		out.KeyFile = cfg.KeyFile
	}
	return out, nil
}

// stopped keeps the node from running until start is called. ErrBusy if it runs.
func stopped(cfg Config) (start func() error, err error) {
	journal, err := pack.Open(filepath.Join(cfg.Data, logFolder), pack.Options{})
	if err != nil {
		return nil, err
	}
	return journal.Close, nil
}

// rotateKey changes the root key of a stopped node's table, which from opens.
func rotateKey(ctx context.Context, cfg Config, from keyfile.Unlock, kind string, askNew Ask, onStep func(string)) (out Rotated, err error) {
	out = Rotated{Data: cfg.Data}
	keys, err := keyfile.Open(cfg.keysDir(), from, rand.Reader)
	if err != nil {
		return out, keyError(cfg, from, err)
	}
	old, err := keys.Root()
	defer clear(old[:])
	if err != nil {
		return out, errors.Join(err, keys.Close())
	}
	if out.Before, err = keyfile.Fingerprint(old); err != nil {
		return out, errors.Join(err, keys.Close())
	}
	to, err := cfg.newRoot(kind, from, askNew)
	if err != nil {
		return out, errors.Join(err, keys.Close())
	}
	if err := keys.Rotate(ctx, to, onStep); err != nil {
		return out, whichKey(cfg, out.Before, err)
	}
	if keys, err = keyfile.Open(cfg.keysDir(), to, rand.Reader); err != nil {
		return out, keyError(cfg, to, err)
	}
	before := out.Before
	if out, err = rotated(cfg, keys, false); err != nil {
		return out, err
	}
	out.Before = before
	if to.KeyFile == "" {
		err = removeKeyFile(cfg, old)
	}
	return out, err
}

// newRoot says where the next root key comes from.
func (c Config) newRoot(kind string, from keyfile.Unlock, askNew Ask) (keyfile.Unlock, error) {
	switch {
	case kind == KindKeyFile || kind == "" && from.KeyFile != "":
		return keyfile.Unlock{KeyFile: c.KeyFile}, nil
	case kind != KindPassphrase && kind != "":
		return keyfile.Unlock{}, fmt.Errorf("keys: a root key is a %s or a %s: %w", KindKeyFile, KindPassphrase, sinso.ErrInvalid)
	case askNew == nil:
		return keyfile.Unlock{}, fmt.Errorf("keys: nobody is there to ask for a new passphrase: %w", sinso.ErrInvalid)
	}
	phrase, err := askNew()
	if err != nil {
		return keyfile.Unlock{}, err
	}
	// It is asked for once, and taken twice: to make the key, and to prove that it opens.
	return keyfile.Unlock{Passphrase: func() ([]byte, error) { return bytes.Clone(phrase), nil }}, nil
}

// whichKey says of a rotation that failed which root key opens the node.
func whichKey(cfg Config, before string, err error) error {
	facts, lookErr := keyfile.Look(cfg.keysDir())
	switch {
	case lookErr != nil:
		return &KeyError{"", errors.Join(err, lookErr)}
	case facts.Fingerprint == before:
		return &KeyError{"", fmt.Errorf("nothing was changed, the node opens as before: %w", err)}
	}
	return &KeyError{"", fmt.Errorf("the node has its new root key %s, and opens by a %s: %w", facts.Fingerprint, facts.Kind, err)}
}

// removeKeyFile removes a key file that holds a root key of before, which opens nothing now
// but older copies of the key table.
func removeKeyFile(cfg Config, old [32]byte) error {
	holds, err := keyfile.Unlock{KeyFile: cfg.KeyFile}.Holds(cfg.keysDir(), old)
	if err != nil || !holds {
		return nil //nolint:nilerr // it is not ours to remove
	}
	at := resolve(cfg.KeyFile) // what a link leads to
	if err := errors.Join(os.Remove(at), durable.SyncDir(filepath.Dir(at))); err != nil {
		return fmt.Errorf("keys: remove the key file of before, which opens this node no more: %w: %w", sinso.ErrUnavailable, err)
	}
	return nil
}

// WriteSecret writes lines that are secret to a new file outside the node folder, 0600.
// ErrExists if there is one.
func WriteSecret(cfg Config, path string, lines ...string) error {
	if err := keyfile.Outside(cfg.Data, filepath.Dir(path)); err != nil {
		return err
	}
	return WriteNewFile(path, lines...)
}

// WriteNewFile is WriteSecret where there is no node folder.
func WriteNewFile(path string, lines ...string) error {
	err := durable.CreateFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("there is a file %s, and it is not overwritten: %w", path, sinso.ErrExists)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w: %w", path, sinso.ErrUnavailable, err)
	}
	return nil
}

// ReadPassphrase reads a new passphrase from a file outside the node folder that others
// cannot read.
func ReadPassphrase(cfg Config, path string) ([]byte, error) {
	return keyfile.ReadPassphrase(cfg.Data, path)
}
