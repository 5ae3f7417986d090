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
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/durable"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/way"
)

// Init makes a new node folder and its root key, and returns the address of the
// node's account. ErrExists if there is a node in the folder. The key table gets
// its name last: an Init that was cut off can be done again.
func Init(ctx context.Context, cfg Config) (account sinso.Address, err error) {
	keys := filepath.Join(cfg.Data, keysFolder)
	if _, err := os.Lstat(keys); err == nil {
		return account, fmt.Errorf("init: there is a node in %s: %w", cfg.Data, sinso.ErrExists)
	}
	_, err = os.Lstat(cfg.Data)
	isNew := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return account, fmt.Errorf("init: make the node folder: %w: %w", err, sinso.ErrUnavailable)
	}
	begun, err := os.MkdirTemp(cfg.Data, keysFolder+"-")
	if err != nil {
		return account, fmt.Errorf("init: make the folder of the keys: %w: %w", err, sinso.ErrUnavailable)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(begun)
			if isNew {
				_ = os.Remove(cfg.Data) // only if it is empty
			}
		}
	}()
	if account, err = makeKeys(ctx, cfg, begun); err != nil {
		return account, err
	}
	if err := os.Rename(begun, keys); err != nil {
		return account, fmt.Errorf("init: name the folder of the keys: %w: %w", err, sinso.ErrUnavailable)
	}
	return account, durable.SyncDir(cfg.Data)
}

func makeKeys(ctx context.Context, cfg Config, dir string) (account sinso.Address, err error) {
	keys, err := keyfile.Create(dir, keyfile.Unlock{KeyFile: cfg.KeyFile}, rand.Reader)
	if err != nil {
		return account, &KeyError{cfg.KeyFile, err}
	}
	for _, id := range []sinso.KeyID{sinso.KeyNode, sinso.KeyInstitution} {
		if err := keys.Create(ctx, id); err != nil {
			return account, errors.Join(err, keys.Close())
		}
	}
	secret, err := keys.Secret(ctx, sinso.KeyNode, way.AccountPurpose)
	if err == nil {
		account, err = eip712.Address(secret)
	}
	return account, errors.Join(err, keys.Close())
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
	File string // where the key file is, or should be
	err  error
}

// Error implements error.
func (e *KeyError) Error() string { return fmt.Sprintf("key file %s: %s", e.File, e.err) }

// Unwrap returns the cause.
func (e *KeyError) Unwrap() error { return e.err }

// openKeys opens the key table of a node folder.
func openKeys(cfg Config) (*keyfile.Keys, error) {
	keys, err := keyfile.Open(filepath.Join(cfg.Data, keysFolder), keyfile.Unlock{KeyFile: cfg.KeyFile}, rand.Reader)
	if err != nil {
		return nil, &KeyError{cfg.KeyFile, err}
	}
	return keys, nil
}
