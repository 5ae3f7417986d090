package seal

import (
	"context"
	"fmt"
	"io"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/format/dag"
)

// Stream seals an object whose length is known while its bytes arrive: when the last
// is there, nearly all of the work is done. The sealed object is the one that
// [Sealer.Seal] makes.
type Stream struct {
	sealer  *Sealer
	key     sinso.CEK
	size    int64 // plain bytes announced
	taken   int64
	envelop *fee.Writer
	blocks  *dag.Builder
	sealed  sinso.Sealed
}

// Room is the memory of a Stream, to be used by one after the other.
type Room struct {
	chunk fee.Room
	first []byte // of the first block
}

// Begin begins to seal size plain bytes. The first block lies in room, which may be
// used again once the sealed object was stored; nil: in memory of its own.
func (s *Sealer) Begin(size int64, room *Room) (*Stream, error) {
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
	var err error
	if st.envelop, err = fee.NewWriterIn(&room.chunk, counted{st}, st.key, [7]byte(seed[32:]), size); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return st, nil
}

// counted counts the bytes of the envelope.
type counted struct{ *Stream }

func (c counted) Write(p []byte) (int, error) {
	c.sealed.Size += int64(len(p))
	return c.blocks.Write(p)
}

// Write takes the next plain bytes. More than were announced are ErrInvalid.
func (st *Stream) Write(p []byte) (int, error) {
	n, err := st.envelop.Write(p)
	st.taken += int64(n)
	return n, err
}

// Fits reports whether as many bytes came as were announced: else there is no
// sealed object, and the bytes are sealed anew.
func (st *Stream) Fits() bool { return st.taken == st.size }

// Finish returns the sealed object, its key wrapped to each custodian. With none it
// is ErrInvalid, as is an object of another length than was announced.
func (st *Stream) Finish(ctx context.Context, custodians ...sinso.KeyID) (sinso.Sealed, error) {
	defer clear(st.key[:])
	if len(custodians) == 0 {
		return sinso.Sealed{}, fmt.Errorf("seal: sealed to nobody: %w", sinso.ErrInvalid)
	}
	if err := st.envelop.Close(); err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	root, err := st.blocks.Finish()
	if err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	st.sealed.CID = root
	if st.sealed.Keys, err = st.sealer.wrapAll(ctx, st.key, root, custodians); err != nil {
		return sinso.Sealed{}, err
	}
	return st.sealed, nil
}
