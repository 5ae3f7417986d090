package seal

import (
	"context"
	"fmt"
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/format/dag"
)

// Stream seals an object whose length is known while its bytes arrive: when the last
// is there, nearly all of the work is done. The sealed object is the one that
// [Sealer.Seal] makes. Its methods are called from one goroutine, and none of them but
// Settle, Abandon and Finish waits for the work.
type Stream struct {
	sealer *Sealer
	key    sinso.CEK
	size   int64 // plain bytes announced
	passed int64 // of these, handed to the sealing
	room   *Room

	sealing turn // of plain chunks
	chunks  *fee.Chunks
	blocks  *dag.Builder
	err     error // of the blocks: read when sealing rests
	sealed  sinso.Sealed

	early   sinso.Early // where the one block is stored while it grows; or nil
	storing turn        // of sealed bytes, there
}

// Room is the memory of a Stream, to be used by one after the other.
type Room struct {
	first []byte // the first block
	chunk []byte // a sealed chunk that is part of two blocks, or not of the first
}

// Begin begins to seal size plain bytes. The first block lies in room, which may be
// used again once the sealed object was stored; nil: in memory of its own. early, if
// not nil, is asked once for where an object that is one block of so many bytes is
// stored while it grows.
func (s *Sealer) Begin(size int64, room *Room, early func(int64) sinso.Early) (*Stream, error) {
	if room == nil {
		room = &Room{}
	}
	key, base, err := s.fresh()
	if err != nil {
		return nil, err
	}
	chunks, header, err := fee.NewChunks(key, base, size)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	whole, err := fee.EnvelopeSize(size)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	st := &Stream{sealer: s, key: key, size: size, room: room, chunks: chunks}
	st.sealing.do, st.sealing.spare, st.storing.do = st.seal, st.hash, st.store
	st.blocks = dag.NewBuilder(func(b sinso.Block) error {
		st.sealed.Blocks = append(st.sealed.Blocks, b)
		return nil
	})
	if n := min(whole, dag.LeafSize); int64(cap(room.first)) < n {
		room.first = make([]byte, 0, n)
	}
	st.blocks.Grow(room.first, whole)
	if early != nil && whole <= dag.LeafSize {
		st.early = early(whole)
	}
	st.add(header)
	return st, nil
}

// Arrived takes all plain bytes that are there so far, which must stay as they are
// until Settle. More than were announced are ErrInvalid. Chunks that are whole are
// sealed beside what comes next; that comes before the hash of what is sealed, so that
// its storing begins as early as can be.
func (st *Stream) Arrived(all []byte) error {
	if int64(len(all)) > st.size {
		return fmt.Errorf("seal: more than the %d bytes that were announced: %w", st.size, sinso.ErrInvalid)
	}
	for rest := all[st.passed:]; len(rest) >= fee.ChunkSize || len(rest) > 0 && int64(len(all)) == st.size; {
		n := min(len(rest), fee.ChunkSize)
		st.sealing.add(rest[:n])
		st.passed += int64(n)
		rest = rest[n:]
	}
	return nil
}

// Settle waits until none of the plain bytes is read any more.
func (st *Stream) Settle() { st.sealing.rest() }

// Abandon ends a stream, finished or not: nothing of it is under way then, and its room
// may be used again, once what it sealed is stored or given up.
func (st *Stream) Abandon() {
	st.sealing.drop()
	st.storing.drop()
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
	if int64(len(plain)) != st.size {
		return sinso.Sealed{}, fmt.Errorf("seal: %d bytes of the %d that were announced: %w", len(plain), st.size, sinso.ErrInvalid)
	}
	st.Settle()
	for rest := plain[st.passed:]; st.chunks.Left() > 0; {
		n := st.chunks.Plain()
		st.seal(rest[:n])
		rest = rest[n:]
	}
	if st.err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", st.err)
	}
	root, err := st.blocks.Finish()
	if err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	st.sealed.CID = root
	if st.sealed.Keys, err = st.sealer.wrapAll(ctx, st.key, root, custodians); err != nil {
		return sinso.Sealed{}, err
	}
	if st.storing.rest(); st.early != nil {
		st.sealed.Blocks[0].Early = st.early
	}
	return st.sealed, nil
}

// seal seals one chunk.
func (st *Stream) seal(plain []byte) {
	n := st.chunks.Sealed()
	if room := st.blocks.Room(n); room != nil {
		st.grown(st.chunks.Seal(room, plain))
		return
	}
	if cap(st.room.chunk) < n {
		st.room.chunk = make([]byte, 0, n)
	}
	st.add(st.chunks.Seal(st.room.chunk[:0], plain))
}

// add takes the next bytes of the envelope.
func (st *Stream) add(b []byte) {
	if room := st.blocks.Room(len(b)); room != nil {
		st.grown(append(room, b...))
		return
	}
	st.sealed.Size += int64(len(b))
	if _, err := st.blocks.Write(b); err != nil {
		st.err = err
	}
}

// grown takes bytes that were put into the room for them: they are stored while they
// are hashed.
func (st *Stream) grown(b []byte) {
	st.sealed.Size += int64(len(b))
	if st.early != nil {
		st.storing.add(b)
	}
	st.blocks.Took(len(b))
}

// hash hashes some of what is sealed, and reports whether more is left.
func (st *Stream) hash() (more bool) {
	const some = 32 << 10 // bytes: a chunk that comes does not wait long for them
	return st.blocks.Hash(some) > 0
}

func (st *Stream) store(b []byte) { _, _ = st.early.Write(b) } // never fails

// turn does one thing with one piece of memory after the other, beside its caller.
type turn struct {
	do    func([]byte)
	spare func() (more bool) // a little of what is done while no piece waits; or nil

	mu      sync.Mutex // guards what follows
	waiting [][]byte
	working sync.WaitGroup
	busy    bool
}

// add has a piece done.
func (t *turn) add(b []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = append(t.waiting, b)
	if !t.busy {
		t.busy = true
		t.working.Go(t.work)
	}
}

func (t *turn) work() {
	more := t.spare != nil
	for {
		b, end := t.next(!more)
		switch {
		case end:
			return
		case b != nil:
			t.do(b)
			more = t.spare != nil
		default:
			more = t.spare()
		}
	}
}

// next takes a piece, nil if none waits. With last, if none waits, it ends the work.
func (t *turn) next(last bool) (b []byte, end bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) > 0 {
		b, t.waiting = t.waiting[0], t.waiting[1:]
		return b, false
	}
	t.busy = !last
	return nil, last
}

// rest waits until everything is done.
func (t *turn) rest() { t.working.Wait() }

// drop has nothing more be done than what is just being done.
func (t *turn) drop() {
	t.mu.Lock()
	t.waiting = nil
	t.mu.Unlock()
	t.rest()
}
