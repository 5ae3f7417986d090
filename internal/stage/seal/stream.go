package seal

import (
	"context"
	"fmt"
	"io"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/format/dag"
)

// Stream seals an object whose length is known while its bytes arrive: when the last
// is there, nearly all of the work is done. The sealed object is the one that
// [Sealer.Seal] makes. Its methods are called from one goroutine.
type Stream struct {
	sealer  *Sealer
	key     sinso.CEK
	size    int64          // plain bytes announced
	passed  int64          // plain bytes that are sealed, or just being sealed
	working sync.WaitGroup // on a chunk
	err     error          // of that: read after working
	envelop *fee.Writer
	blocks  *dag.Builder
	early   sinso.Early // where the one block is stored while it grows; or nil
	sealed  sinso.Sealed
}

// Room is the memory of a Stream, to be used by one after the other.
type Room struct {
	chunk fee.Room
	first []byte // of the first block
}

// Begin begins to seal size plain bytes. The first block lies in room, which may be
// used again once the sealed object was stored; nil: in memory of its own. early, if
// not nil, is asked once for where an object that is one block of so many bytes is
// stored while it grows.
func (s *Sealer) Begin(size int64, room *Room, early func(int64) sinso.Early) (*Stream, error) {
	if room == nil {
		room = &Room{}
	}
	var seed [39]byte
	defer clear(seed[:])
	if _, err := io.ReadFull(s.rand, seed[:]); err != nil {
		return nil, fmt.Errorf("seal: randomness: %w", err)
	}
	st := &Stream{sealer: s, key: sinso.CEK(seed[:32]), size: size}
	st.blocks = dag.NewBuilder(func(b sinso.Block) error {
		st.sealed.Blocks = append(st.sealed.Blocks, b)
		return nil
	})
	if n := min(EnvelopeBound(size), dag.LeafSize); int64(cap(room.first)) < n {
		room.first = make([]byte, 0, n)
	}
	st.blocks.Grow(room.first, EnvelopeBound(size))
	whole, err := fee.EnvelopeSize(size)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if early != nil && whole <= dag.LeafSize {
		st.early = early(whole)
	}
	if st.envelop, err = fee.NewWriterIn(&room.chunk, counted{st}, st.key, [7]byte(seed[32:]), size); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return st, nil
}

// counted counts the bytes of the envelope, and stores them while they are hashed.
type counted struct{ *Stream }

func (c counted) Write(p []byte) (int, error) {
	const worthIt = 64 << 10 // bytes: storing them takes longer than a goroutine costs
	c.sealed.Size += int64(len(p))
	switch {
	case c.early == nil:
	case len(p) < worthIt:
		_, _ = c.early.Write(p) // never fails
	default:
		var stored sync.WaitGroup
		defer stored.Wait() // p is the caller's
		stored.Go(func() { _, _ = c.early.Write(p) })
	}
	return c.blocks.Write(p)
}

// Arrived takes all plain bytes that are there so far, which must stay as they are
// until Settle. More than were announced are ErrInvalid. A chunk that is whole is
// sealed beside what comes next: one at a time, so that none is left behind for long
// by one who gives up.
func (st *Stream) Arrived(all []byte) error {
	if int64(len(all)) > st.size {
		return fmt.Errorf("seal: more than the %d bytes that were announced: %w", st.size, sinso.ErrInvalid)
	}
	for int64(len(all))-st.passed >= fee.ChunkSize {
		st.Settle()
		if st.err != nil {
			return st.err
		}
		chunk := all[st.passed:][:fee.ChunkSize]
		st.passed += fee.ChunkSize
		st.working.Go(func() { _, st.err = st.envelop.Write(chunk) })
	}
	return nil
}

// Settle waits until none of the plain bytes is read any more.
func (st *Stream) Settle() { st.working.Wait() }

// Abandon ends a stream, finished or not: nothing of it is under way then, and its room
// may be used again, once what it sealed is stored or given up.
func (st *Stream) Abandon() {
	st.Settle()
	clear(st.key[:])
	if st.early != nil {
		st.early.Drop()
	}
}

// Size returns the plain bytes that were announced.
func (st *Stream) Size() int64 { return st.size }

// Finish returns the sealed object, its key wrapped to each custodian: plain is all of
// it, and begins with what has arrived. With no custodian it is ErrInvalid, as is an
// object of another length than was announced.
func (st *Stream) Finish(ctx context.Context, plain []byte, custodians ...sinso.KeyID) (sinso.Sealed, error) {
	defer clear(st.key[:])
	if len(custodians) == 0 {
		return sinso.Sealed{}, fmt.Errorf("seal: sealed to nobody: %w", sinso.ErrInvalid)
	}
	st.Settle()
	err := st.err
	if err == nil && st.passed <= int64(len(plain)) {
		_, err = st.envelop.Write(plain[st.passed:])
	}
	if err == nil {
		err = st.envelop.Close()
	}
	if err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	root, err := st.blocks.Finish()
	if err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	st.sealed.CID = root
	if st.early != nil {
		st.sealed.Blocks[0].Early = st.early
	}
	if st.sealed.Keys, err = st.sealer.wrapAll(ctx, st.key, root, custodians); err != nil {
		return sinso.Sealed{}, err
	}
	return st.sealed, nil
}
