package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/blob/peer"
	"sinso.dev/sinso/internal/durable"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/node/backup"
	"sinso.dev/sinso/internal/stage/seal"
)

// Backup copies the node as it is now into the store at url. It may go on meanwhile.
func (n *Node) Backup(ctx context.Context, url string, progress func(done, total int64)) (result sinso.BackupResult, err error) {
	if !n.backing.TryLock() {
		return result, fmt.Errorf("backup: one is being made: %w", sinso.ErrBusy)
	}
	defer n.backing.Unlock()
	if url == n.Config.Blobs {
		return result, errOwnBlocks
	}
	key, err := n.keys.Secret(ctx, sinso.KeyNode, backup.Purpose)
	if err != nil {
		return result, err
	}
	defer clear(key[:])
	store, end, err := n.openNamed(ctx, url)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, end()) }()
	owned, err := isOwned(ctx, store)
	if err == nil && owned {
		err = errOwnBlocks
	}
	if err != nil {
		return result, err
	}
	from := backup.Source{Key: key, Data: n.Config.Data, Log: n.pack, Apart: n.apart, Named: n.Named, Sealer: seal.New(n.keys, n.Rand), Clock: n.Clock}
	return backup.Write(ctx, from, store, progress)
}

// openThere is openThere, also of a peer by its name.
func (n *Node) openThere(ctx context.Context, url string) (sinso.NamedBlobs, func() error, error) {
	if name, is := strings.CutPrefix(url, peer.Scheme); is && sinso.CheckName(name) == nil {
		return n.openPeer(ctx, url)
	}
	return openThere(ctx, url)
}

// openNamed is openNamed, also of a peer by its name.
func (n *Node) openNamed(ctx context.Context, url string) (sinso.NamedBlobs, func() error, error) {
	if name, is := strings.CutPrefix(url, peer.Scheme); is && sinso.CheckName(name) == nil {
		return n.openPeer(ctx, url)
	}
	return openNamed(ctx, url)
}

// errOwnBlocks: what is no longer named is taken away where a node has its blocks.
var errOwnBlocks = fmt.Errorf("backup: a node has its blocks there: give the backup a place of its own: %w", sinso.ErrExists)

// openNamed opens a store that keeps names: a backup is found by its name.
func openNamed(ctx context.Context, url string) (sinso.NamedBlobs, func() error, error) {
	store, end, err := OpenBlobs(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	named, can := store.(sinso.NamedBlobs)
	if !can {
		return nil, nil, errors.Join(fmt.Errorf("block store: this kind keeps no names: %w", sinso.ErrUnsupported), end())
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

// Restore makes the node folder of cfg of the newest backup in the store at url. Blocks that
// the node had in another store go where cfg says, by default into its log: a node that is
// restored for a trial never writes into the store of the one that works.
func Restore(ctx context.Context, cfg Config, url string, progress func(done, total int64)) (result RestoreResult, err error) {
	store, end, err := openThere(ctx, url)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, end()) }()
	if result.Restored, err = backup.Restore(ctx, store, cfg.Data, cfg.secretOf(ctx), cfg.into(ctx), progress); err != nil {
		return result, err
	}
	result.Config, err = restoreConfig(ctx, cfg, store, result.Restored)
	return result, err
}

// secretOf opens the keys in a folder, to prove a backup by them.
func (c Config) secretOf(ctx context.Context) func(keys string) ([32]byte, error) {
	return func(dir string) (key [32]byte, err error) {
		kind, _, err := keyfile.Kind(dir)
		if err != nil {
			return key, err
		}
		unlock := keyfile.Unlock{KeyFile: c.KeyFile, Node: c.Data}
		if kind == KindPassphrase {
			if c.PassphraseFile == "" {
				return key, fmt.Errorf("keys: nobody is there to ask for the passphrase: %w", sinso.ErrDenied)
			}
			unlock = keyfile.Unlock{Passphrase: c.readPassphrase, Node: c.Data}
		}
		keys, err := keyfile.Open(dir, unlock, rand.Reader)
		if err != nil {
			return key, err
		}
		key, err = keys.Secret(ctx, sinso.KeyNode, backup.Purpose)
		return key, errors.Join(err, keys.Close())
	}
}

// into opens where blocks of a restored node go.
func (c Config) into(ctx context.Context) backup.Into {
	return func(logID string) (sinso.Blobs, func() error, error) {
		if !c.isApart() {
			return c.intoLog(ctx)
		}
		return openOwned(ctx, c.Blobs, logID, false)
	}
}

// intoLog opens the log of a restored node, whose blocks lie there from now on.
func (c Config) intoLog(ctx context.Context) (sinso.Blobs, func() error, error) {
	log, err := pack.Open(filepath.Join(c.Data, logFolder), pack.Options{})
	if err != nil {
		return nil, nil, err
	}
	if err := log.SetName(ctx, apartName, ""); err != nil {
		return nil, nil, errors.Join(err, log.Close())
	}
	return log, log.Close, nil
}

// restoreConfig writes the configuration that came with a backup.
func restoreConfig(ctx context.Context, cfg Config, store sinso.Blobs, from backup.Restored) (became string, err error) {
	if !from.Proven {
		return "locked", nil
	}
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
	if _, unread := parseConfig(config); unread == nil { // of one that does not read the next start tells
		if config, err = setBlobs(config, cfg.Blobs); err != nil {
			return "", err
		}
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
