package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/bip39"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/durable"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/way"
)

// Made is a new node.
type Made struct {
	Account     sinso.Address `json:"account"`
	Data        string        `json:"data"`
	Kind        string        `json:"kind"`    // of its root key: key-file or passphrase
	KeyFile     string        `json:"keyFile"` // "" of a passphrase
	Fingerprint string        `json:"fingerprint"`
	Phrase      string        `json:"-"` // the recovery phrase of its root key; secret
}

// Init makes a new node folder and its root key, and returns the address of the
// node's account: Make with a key file, or with the passphrase that the configuration names.
func Init(ctx context.Context, cfg Config) (account sinso.Address, err error) {
	made, err := Make(ctx, cfg, nil)
	return made.Account, err
}

// Make makes a new node folder and its root key: a key file, or, if the configuration names
// a file with one or it is asked for, of a passphrase. ErrExists if there is a node in the
// folder. The key table gets its name last: what was cut off can be done again.
func Make(ctx context.Context, cfg Config, askNew Ask) (made Made, err error) {
	unlock, kind := keyfile.Unlock{KeyFile: cfg.KeyFile}, KindKeyFile
	if cfg.PassphraseFile != "" {
		askNew = cfg.readPassphrase
	}
	if askNew != nil {
		unlock, kind = keyfile.Unlock{Passphrase: askNew}, KindPassphrase
	}
	made = Made{Data: cfg.Data, Kind: kind, KeyFile: unlock.KeyFile}
	err = made.folder(ctx, cfg, unlock)
	return made, err
}

func (m *Made) folder(ctx context.Context, cfg Config, unlock keyfile.Unlock) (err error) {
	keys := filepath.Join(cfg.Data, keysFolder)
	if _, err := os.Lstat(keys); err == nil {
		return fmt.Errorf("init: there is a node in %s: %w", cfg.Data, sinso.ErrExists)
	}
	_, err = os.Lstat(cfg.Data)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("init: make the node folder: %w: %w", err, sinso.ErrUnavailable)
	}
	begun, err := os.MkdirTemp(cfg.Data, keysFolder+"-")
	if err != nil {
		return fmt.Errorf("init: make the folder of the keys: %w: %w", err, sinso.ErrUnavailable)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(begun)
			if isNew {
				_ = os.Remove(cfg.Data) // only if it is empty
			}
		}
	}()
	if err := m.keys(ctx, unlock, begun); err != nil {
		return err
	}
	if err := os.Rename(begun, keys); err != nil {
		return fmt.Errorf("init: name the folder of the keys: %w: %w", err, sinso.ErrUnavailable)
	}
	return durable.SyncDir(cfg.Data)
}

func (m *Made) keys(ctx context.Context, unlock keyfile.Unlock, dir string) error {
	keys, err := keyfile.Create(dir, unlock, rand.Reader)
	if err != nil {
		return &KeyError{unlock.KeyFile, err}
	}
	for _, id := range []sinso.KeyID{sinso.KeyNode, sinso.KeyInstitution} {
		if err := keys.Create(ctx, id); err != nil {
			return errors.Join(err, keys.Close())
		}
	}
	secret, err := keys.Secret(ctx, sinso.KeyNode, way.AccountPurpose)
	if err == nil {
		m.Account, err = eip712.Address(secret)
	}
	if err != nil {
		return errors.Join(err, keys.Close())
	}
	root, err := keys.Root()
	defer clear(root[:])
	if err == nil {
		m.Fingerprint, err = keyfile.Fingerprint(root)
		m.Phrase = bip39.Encode(root)
	}
	return errors.Join(err, keys.Close())
}

// hasNode is ErrNotFound if there is no node in a folder.
func hasNode(dir string) error {
	_, err := os.Stat(filepath.Join(dir, keysFolder))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("node: there is no node in %s: %w", dir, sinso.ErrNotFound)
	case err != nil:
		return fmt.Errorf("node: look into the node folder: %w: %w", err, sinso.ErrUnavailable)
	}
	return nil
}

// KeyError is of a root key that does not open the node folder: the key file, or
// the key table that it belongs to.
type KeyError struct {
	File string // where the key file is, or should be; "": it is none
	err  error
}

// Error implements error.
func (e *KeyError) Error() string {
	if e.File == "" {
		return e.err.Error()
	}
	return fmt.Sprintf("key file %s: %s", e.File, e.err)
}

// Unwrap returns the cause.
func (e *KeyError) Unwrap() error { return e.err }
