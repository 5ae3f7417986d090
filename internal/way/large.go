package way

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
)

// Large objects: a whole-slide image has gigabytes. Their bytes are read in parts, three
// times (what they say, their fingerprint, their seal), and what differs from one time to
// the next is refused. Their blocks are durable before they are written into the log, by an
// entry without blocks: what is cut off before leaves blocks that nothing names.

// maxRead is how many bytes an object may have that is opened whole. All that came before
// there were larger ones have fewer.
const maxRead = 1 << 30

// readable is ErrUnsupported for an object that is too large to be opened whole.
func (w *Way) readable(row sinso.InstanceRow) error {
	if row.Size <= w.most {
		return nil
	}
	return fmt.Errorf("this record has %d bytes; up to %d are opened whole. Its file can be downloaded, and what is not compressed is read frame by frame: %w",
		row.Size, w.most, sinso.ErrUnsupported)
}

// large is how many bytes an object may have that is held in memory. Who has originals
// compressed has as many of them so as memory may hold: what is poured is not.
func (w *Way) large() int64 {
	switch {
	case w.cfg.Large > 0:
		return w.cfg.Large
	case w.cfg.Compress:
		return ingest.MaxHeld
	}
	return ingest.Large
}

// Walker reads what is to be imported: large files in parts.
func (w *Way) Walker() ingest.Walker { return ingest.Walker{Large: w.large()} }

// job is one file for a worker. A large one is read while it is taken, and its source waits
// until it is in the log: there is one of them at a time, and the next one is compared with
// it.
type job struct {
	ingest.Found

	done chan struct{} // nil: nobody waits
}

func jobOf(f ingest.Found) job {
	if f.Item.Content == nil {
		return job{f, nil}
	}
	return job{f, make(chan struct{})}
}

func (j job) wait(ctx context.Context) error {
	if j.done == nil {
		return nil
	}
	return wait(ctx, j.done)
}

// fingerprint is that of a record; of a large one the digest is made with it, in one pass.
func (f filer) fingerprint(t *taken, record sinso.Record) (string, error) {
	if record.Content == nil {
		return f.namer.Fingerprint(record.Bytes), nil
	}
	digest, fingerprint := sha256.New(), f.namer.Print()
	if err := ingest.Copy(io.MultiWriter(digest, fingerprint), record.Content); err != nil {
		return "", fmt.Errorf("way: %w", err)
	}
	t.digest = hex.EncodeToString(digest.Sum(nil))
	return fingerprint.Sum(), nil
}

// digestOf is the SHA-256 of an item's bytes, in hex.
func digestOf(item sinso.Item) (string, error) {
	digest := sha256.New()
	if item.Content != nil {
		if err := ingest.Copy(digest, item.Content); err != nil {
			return "", fmt.Errorf("way: %w", err)
		}
	} else {
		digest.Write(item.Bytes)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// seal seals bytes, or a content: then its blocks are durable, and not in t.
func (f filer) seal(ctx context.Context, t *taken, plain []byte, content sinso.Content, custodians ...sinso.KeyID) (err error) {
	if content == nil {
		t.sealed, err = f.sealer.Seal(ctx, plain, custodians...)
	} else {
		t.sealed, err = f.pour(ctx, content, custodians)
	}
	t.row.CID, t.row.Keys = t.sealed.CID, t.sealed.Keys
	return err
}

func (f filer) pour(ctx context.Context, content sinso.Content, custodians []sinso.KeyID) (sinso.Sealed, error) {
	f.step("pour")
	sealed, err := f.vault.PutFrom(ctx, func(emit func(sinso.Block) error) (sinso.Sealed, error) {
		plain := io.NewSectionReader(content, 0, content.Size())
		return f.sealer.SealFrom(ctx, plain, content.Size(), func(b sinso.Block) error {
			f.step("poured a block")
			return emit(b)
		}, custodians...)
	})
	if err == nil {
		f.step("poured")
	}
	return sealed, err
}

// sealLarge seals a large object before it is claimed, as nobody else would file anything
// of its study while that lasts. One that is known is not sealed again.
func (f filer) sealLarge(ctx context.Context, t *taken, record sinso.Record) error {
	if record.Content == nil {
		return nil
	}
	known, err := f.has(ctx, t.row.Person, t.row.Fingerprint)
	if known || err != nil {
		return err
	}
	return f.seal(ctx, t, nil, record.Content, sinso.KeyInstitution, sinso.PersonKey(t.row.Person))
}
