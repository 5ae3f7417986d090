package vault

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/format/dag"
)

// streamBlocks is how many blocks of a stream are stored by one Put, 16 MiB: two such
// batches are in memory, one that fills and one that is being stored. Smaller ones wait
// longer for their syncs than for the disk.
const streamBlocks = 16

// PutFrom stores an object while it is made, in constant memory. produce hands its blocks
// to emit, each after those that it links to and the root last, and returns the object
// without them, as SealFrom of a Sealer does. The object is durable when PutFrom
// returns. Its root is stored when all other blocks are durable and produce had no error:
// where the root is, all of it is.
//
// What was stored of an object that is cut off stays, as blocks that nothing names and
// nobody can open: its key is gone. [Vault.Sweep] takes them away; but none while its object
// is being stored, however long that takes.
func (v *Vault) PutFrom(ctx context.Context, produce func(emit func(sinso.Block) error) (sinso.Sealed, error)) (sinso.Sealed, error) {
	var batch []sinso.Block
	var held []sinso.CID
	defer func() { v.waste.let(held) }()
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(1) // Go waits until the batch before is stored
	sealed, err := produce(func(b sinso.Block) error {
		if len(batch) == streamBlocks { // not before one more comes: the last is the root
			full := batch
			batch = nil
			group.Go(func() error { return v.put(groupCtx, full) })
		}
		batch = append(batch, b)
		v.waste.hold(b.CID)
		held = append(held, b.CID)
		return groupCtx.Err()
	})
	if stored := group.Wait(); stored != nil { // it is why produce was stopped
		return sinso.Sealed{}, stored
	}
	if err != nil {
		return sinso.Sealed{}, err
	}
	if n := len(batch); n == 0 || batch[n-1].CID != sealed.CID {
		return sinso.Sealed{}, fmt.Errorf("vault: put %s: its last block is not its root: %w", sealed.CID, sinso.ErrInvalid)
	}
	return sealed, v.put(ctx, batch)
}

// put stores one batch.
func (v *Vault) put(ctx context.Context, batch []sinso.Block) error {
	v.Use(batch...)
	if err := v.blobs.Put(ctx, batch...); err != nil {
		return fmt.Errorf("vault: put %d blocks from %s on: %w", len(batch), batch[0].CID, err)
	}
	return nil
}

// Object is a sealed object that is opened in parts: what is got and decrypted is what a
// part lies in, so that a frame costs the same in an object of any size. Several
// goroutines may use it at once, until the context that it was opened with ends.
type Object struct {
	plain  *fee.ReaderAt
	verify func() (*fee.ReaderAt, error) // opens it again with each block verified; nil if they are
}

// OpenAt opens the object under root. Header, length and key are proven then, and each
// part when it is read. As by [Vault.Open] blocks are not hashed besides; where the seal
// says no they are, and the error names the damaged one.
func (v *Vault) OpenAt(ctx context.Context, root sinso.CID, key sinso.CEK) (*Object, error) {
	verify := func() (*fee.ReaderAt, error) {
		file, err := dag.OpenFile(ctx, root, v.blobs.Get, dag.WholeFile)
		return openEnvelope(ctx, file, key, err)
	}
	if quick, ok := v.blobs.(sinso.UnverifiedBlobs); ok {
		file, err := dag.OpenSealedFile(ctx, root, quick.GetUnverified, quick.ReadUnverifiedAt, dag.WholeFile)
		if plain, err := openEnvelope(ctx, file, key, err); err == nil {
			return &Object{plain, verify}, nil
		}
	}
	plain, err := verify()
	if err != nil {
		return nil, fmt.Errorf("vault: open %s: %w", root, err)
	}
	return &Object{plain: plain}, nil
}

// openEnvelope opens the envelope in a file, unless getting the file failed.
func openEnvelope(ctx context.Context, file *dag.File, key sinso.CEK, err error) (*fee.ReaderAt, error) {
	if err != nil {
		return nil, err
	}
	return fee.OpenAt(readerAt(func(p []byte, offset int64) (int, error) { return file.ReadAt(ctx, p, offset) }), file.Size(), key)
}

// readerAt is a function as an [io.ReaderAt].
type readerAt func(p []byte, offset int64) (int, error)

func (r readerAt) ReadAt(p []byte, offset int64) (int, error) { return r(p, offset) }

// Size returns the plain bytes.
func (o *Object) Size() int64 { return o.plain.Size() }

// Compressed reports whether the object is, so that more may be in it than was stored.
func (o *Object) Compressed() bool { return o.plain.Compressed() }

// ReadAt implements [io.ReaderAt] over the plain bytes. What is not as it was sealed is
// ErrCorrupt, and no byte of it is returned.
func (o *Object) ReadAt(p []byte, offset int64) (int, error) {
	n, err := o.plain.ReadAt(p, offset)
	if o.verify == nil || err == nil || errors.Is(err, io.EOF) || errors.Is(err, sinso.ErrInvalid) {
		return n, err
	}
	verified, err := o.verify()
	if err != nil {
		return 0, err
	}
	return verified.ReadAt(p, offset)
}

// Reader returns a reader of all plain bytes, from the first on. It reads in whole chunks,
// however small the parts are that are copied from it: so it can do nothing but read.
func (o *Object) Reader() io.Reader {
	return struct{ io.Reader }{bufio.NewReaderSize(io.NewSectionReader(o, 0, o.Size()), fee.ChunkSize)}
}

// Check opens all of the object and keeps nothing.
func (o *Object) Check() error {
	_, err := io.Copy(io.Discard, o.Reader())
	return err
}
