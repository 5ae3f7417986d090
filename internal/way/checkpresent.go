package way

import (
	"context"
	"crypto/sha256"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// LookForObjects looks whether every block of every sealed object that the index names is
// here, and calls damaged with each object of which one is not. It lists the blocks, at some
// 50 bytes of memory each, and reads those that link to others and the manifests of releases
// and purchases: whether the rest is what was sealed [Way.CheckObjects] says. It returns how
// many objects it looked for.
func (w *Way) LookForObjects(ctx context.Context, damaged func(error)) (int, error) {
	l := &looking{Way: w, here: map[[sha256.Size]byte]struct{}{}, damaged: damaged}
	if err := w.Blobs.List(ctx, func(cid sinso.CID) error {
		l.here[hashIn(cid)] = struct{}{}
		return ctx.Err()
	}); err != nil {
		return 0, fmt.Errorf("way: list the blocks: %w", err)
	}
	err := w.checkOriginals(ctx, func(root sinso.CID, _ []sinso.WrappedKey, _ sinso.KeyID) error { return l.object(ctx, root) })
	if err == nil {
		err = l.copies(ctx)
	}
	return l.looked, err
}

// looking is one LookForObjects.
type looking struct {
	*Way
	here    map[[sha256.Size]byte]struct{} // digests of the blocks
	damaged func(error)
	looked  int
}

// hashIn returns the hash that is in a CID.
func hashIn(cid sinso.CID) (digest [sha256.Size]byte) {
	if raw, err := cid.Bytes(); err == nil {
		copy(digest[:], raw[len(raw)-sha256.Size:])
	}
	return digest
}

// object looks for all blocks of one object.
func (l *looking) object(ctx context.Context, root sinso.CID) error {
	if root == "" {
		return nil
	}
	l.looked++
	var missing error
	err := l.vault.Links(ctx, root, func(cid sinso.CID) {
		if _, is := l.here[hashIn(cid)]; !is && missing == nil {
			missing = fmt.Errorf("object %s: block %s: %w", root, cid, sinso.ErrNotFound)
		}
	})
	if err == nil {
		err = missing
	}
	return l.note(err, l.damaged)
}

// copies looks for what releases and purchases hold.
func (l *looking) copies(ctx context.Context) error {
	releases, err := l.Releases(ctx, "")
	if err != nil {
		return err
	}
	for _, row := range releases {
		if row.Manifest == "" || isGivenUp(row) {
			continue
		}
		key, err := l.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian())
		if err == nil {
			err = l.manifest(ctx, row.Manifest, key)
		}
		if err := l.note(err, l.damaged); err != nil {
			return err
		}
	}
	purchases, err := l.Purchases(ctx)
	if err != nil {
		return err
	}
	for _, row := range purchases {
		if row.Step != stepFetched && row.Step != stepReleased {
			continue
		}
		offer, err := market.Kept(row.Offer)
		if err != nil { // by another version: what it names is not known here
			l.damaged(fmt.Errorf("way: purchase %s: %w", row.Order, err))
			continue
		}
		key, err := l.Keys.Unwrap(ctx, row.Key, []byte(offer.Payload))
		if err == nil {
			err = l.manifest(ctx, offer.Payload, key)
		}
		if err := l.note(err, l.damaged); err != nil {
			return err
		}
	}
	return nil
}

// manifest looks for a manifest and what it lists.
func (l *looking) manifest(ctx context.Context, root sinso.CID, key sinso.CEK) error {
	manifest, err := l.readManifest(ctx, root, key)
	if err != nil {
		return err
	}
	roots := []sinso.CID{root}
	for _, object := range manifest.Objects {
		roots = append(roots, object.CID)
	}
	if manifest.Evidence != nil {
		roots = append(roots, manifest.Evidence.CID)
	}
	for _, root := range roots {
		if err := l.object(ctx, root); err != nil {
			return err
		}
	}
	return nil
}
