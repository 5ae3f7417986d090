package node

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"sinso.dev/sinso"
	blobapart "sinso.dev/sinso/internal/blob/apart"
	"sinso.dev/sinso/internal/blob/kubo"
	"sinso.dev/sinso/internal/node/backup"
)

// blobsInLog is the value of Blobs that is no URL: sealed bytes lie in the node's log.
const blobsInLog = "log"

// checkBlobs refuses what cannot be meant, and repeats nothing of it: somebody may have
// written a key in it.
func (c Config) checkBlobs() error {
	if c.Blobs == blobsInLog {
		return nil
	}
	if _, dir, local := localFolder(c.Blobs); local && !filepath.IsAbs(dir) {
		return fmt.Errorf("config: blobs: the path of a folder begins with /: %w", sinso.ErrInvalid)
	}
	_, rest, found := strings.Cut(c.Blobs, ":")
	if at, err := url.Parse(rest); !found || err != nil || at.User != nil {
		return fmt.Errorf("config: blobs: want log, or the URL of a block store without credentials: %w", sinso.ErrInvalid)
	}
	return nil
}

// isApart reports whether blocks are in another store than the log.
func (c Config) isApart() bool { return c.Blobs != blobsInLog && c.Blobs != "" }

// isShared reports whether others may keep blocks where this node's are: whoever uses a Kubo
// pins there too.
func (c Config) isShared() bool { return strings.HasPrefix(c.Blobs, kubo.Scheme) }

// openApart opens the store that has the blocks instead of the log, if there is one.
func (n *Node) openApart(ctx context.Context) error {
	if !n.Config.isApart() {
		return nil
	}
	noted, err := n.pack.Name(ctx, apartName)
	if err != nil && !errors.Is(err, sinso.ErrNotFound) {
		return err
	}
	note := noteOf(n.Config.Blobs)
	store, end, err := openOwned(ctx, n.Config.Blobs, n.pack.ID(), noted != "")
	if err != nil {
		return apartError(err)
	}
	n.apart, n.closers = store, append(n.closers, end)
	if noted == note {
		return nil
	}
	return n.pack.SetName(ctx, apartName, note)
}

// blocksAreHere is ErrInvalid if the setting is log, and was changed by hand: the log notes
// another store, and does not have all that is named. A node that went on would show damage
// where there is none, and write receipts of erasures that never reached that store. If the log
// has all, as after a move out of it that was cut off, the note is taken away.
func (n *Node) blocksAreHere(ctx context.Context) error {
	if n.Config.isApart() {
		return nil
	}
	noted, err := n.pack.Name(ctx, apartName)
	if errors.Is(err, sinso.ErrNotFound) || err == nil && noted == "" {
		return nil
	}
	if err != nil {
		return err
	}
	missing := 0
	if _, err := n.LookForObjects(ctx, func(error) { missing++ }); err != nil {
		return err
	}
	if missing > 0 {
		return fmt.Errorf("node: the setting blobs is log, and %d sealed objects are not in it: its blocks are in another store, which the setting named before. Nothing is lost: set blobs to that store's URL again, or bring them into the log by sinso move blobs URL log: %w", missing, sinso.ErrInvalid)
	}
	return n.pack.SetName(ctx, apartName, "")
}

// apartName is the name in the node's own log that says where its blocks are: of what
// [noteOf] returns. Once there is one, a store without the blocks of this node is a disk that is
// not mounted, or another bucket: nothing is written to it. To another place they are moved.
const apartName = "sinso-blobs"

func noteOf(url string) sinso.CID { return sinso.CIDOf(sinso.CodecRaw, []byte("sinso/blobs/v1 "+url)) }

// apartError is of the store of a node's blocks. That the store is not there is not that the
// node is not.
func apartError(err error) error {
	if errors.Is(err, sinso.ErrNotFound) {
		return fmt.Errorf("node: the store of its blocks (setting blobs) is not there; is its disk mounted, is it the right bucket? %s: %w", err.Error(), sinso.ErrUnavailable)
	}
	return fmt.Errorf("node: the store of its blocks (setting blobs): %w", err)
}

// blocks returns where sealed bytes go, and the log that is told of them.
func (n *Node) blocks() (sinso.Blobs, sinso.Audit) {
	if n.apart == nil {
		return n.pack, n.audit
	}
	both := blobapart.New(n.pack, n.apart)
	return both, blobapart.NewAudit(n.audit, both)
}

// ownerName is the name that a store has whose blocks are a node's: of what [ownerOf] returns.
const ownerName = "sinso-node"

// ownerOf is what a store says of whose blocks it has: a CID of no block, made of the id of
// the node's log.
func ownerOf(logID string) sinso.CID {
	return sinso.CIDOf(sinso.CodecRaw, []byte("sinso/blocks/v1 "+logID))
}

// openOwned opens a store that has the blocks of this node and nothing else. One that is
// nobody's is this node's from then on, unless it is known to have been so before: that is
// ErrNotFound. ErrExists if it is another's, or has a backup.
func openOwned(ctx context.Context, at, logID string, known bool) (sinso.NamedBlobs, func() error, error) {
	open := openNamed
	if known {
		open = openThere
	}
	store, end, err := open(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	if err := claim(ctx, store, logID, known); err != nil {
		return nil, nil, errors.Join(err, end())
	}
	return store, end, nil
}

func claim(ctx context.Context, store sinso.NamedBlobs, logID string, known bool) error {
	owner, err := store.Name(ctx, ownerName)
	switch {
	case err == nil && owner != ownerOf(logID):
		return fmt.Errorf("block store: it has the blocks of another node: give this one a place of its own: %w", sinso.ErrExists)
	case !errors.Is(err, sinso.ErrNotFound):
		return err
	case known:
		return fmt.Errorf("block store: there are no blocks of this node: %w", sinso.ErrNotFound)
	}
	has, err := backup.Has(ctx, store)
	if err == nil && has {
		err = fmt.Errorf("block store: it has a backup: give the blocks a place of their own: %w", sinso.ErrExists)
	}
	if err != nil {
		return err
	}
	return store.SetName(ctx, ownerName, ownerOf(logID))
}

// isOwned reports whether a store has the blocks of a node.
func isOwned(ctx context.Context, store sinso.NamedBlobs) (bool, error) {
	_, err := store.Name(ctx, ownerName)
	if errors.Is(err, sinso.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
