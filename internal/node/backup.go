package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
	"sinso.dev/sinso/internal/node/backup"
	"sinso.dev/sinso/internal/stage/seal"
)

// Backup copies the node as it is now into the store at url. It may go on meanwhile.
func (n *Node) Backup(ctx context.Context, url string, progress func(done, total int64)) (result sinso.BackupResult, err error) {
	store, end, err := openNamed(ctx, url)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, end()) }()
	from := backup.Source{Data: n.Config.Data, Log: n.pack, Sealer: seal.New(n.keys, n.Rand), Clock: n.Clock}
	return backup.Write(ctx, from, store, progress)
}

// openNamed opens a store that keeps names: a backup is found by its name.
func openNamed(ctx context.Context, url string) (sinso.NamedBlobs, func() error, error) {
	store, end, err := OpenBlobs(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	named, can := store.(sinso.NamedBlobs)
	if !can {
		return nil, nil, errors.Join(fmt.Errorf("backup: this kind of store keeps no names: %w", sinso.ErrUnsupported), end())
	}
	return named, end, nil
}

// RestoreResult is what a restore brought.
type RestoreResult struct {
	backup.Restored
	// Config says what became of the configuration: "restored", "none", "kept" (there was one),
	// or "locked": without the root key it cannot be opened; restore again with it.
	Config string `json:"config"`
}

// Restore makes the node folder of cfg of the newest backup in the store at url.
func Restore(ctx context.Context, cfg Config, url string, progress func(done, total int64)) (result RestoreResult, err error) {
	store, end, err := openNamed(ctx, url)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, end()) }()
	if result.Restored, err = backup.Restore(ctx, store, cfg.Data, progress); err != nil {
		return result, err
	}
	result.Config, err = restoreConfig(ctx, cfg, store, result.Restored)
	return result, err
}

// restoreConfig writes the configuration that came with a backup.
func restoreConfig(ctx context.Context, cfg Config, store sinso.Blobs, from backup.Restored) (became string, err error) {
	keys, err := openKeys(cfg, nil)
	if errors.As(err, new(*KeyError)) {
		return "locked", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	sealer := seal.New(keys, nil)
	config, err := from.Config(ctx, store, func(ctx context.Context, root sinso.CID, wrapped []sinso.WrappedKey, envelope []byte) ([]byte, error) {
		key, err := sealer.Key(ctx, root, wrapped, sinso.KeyNode)
		if err != nil {
			return nil, err
		}
		return seal.OpenInPlace(key, envelope)
	})
	if err != nil || config == nil {
		return "none", err
	}
	path := filepath.Join(cfg.Data, configFile)
	err = durable.CreateFile(path, config, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "kept", nil
	}
	if err != nil {
		return "", fmt.Errorf("restore: write the configuration: %w: %w", sinso.ErrUnavailable, err)
	}
	return "restored", nil
}
