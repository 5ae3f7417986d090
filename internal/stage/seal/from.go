package seal

import (
	"context"
	"errors"
	"fmt"
	"io"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/format/dag"
)

// SealFrom is Seal of an object that is not held in memory: plain gives its bytes, of
// which there are size, and emit takes its blocks, each after those that it links to, the
// root last; it may keep them. The sealed object is returned without them. Another length
// than size is ErrInvalid. The length must be known: the envelope's header says it, and
// the tag of the first chunk covers the header.
//
// emit may have had the root when SealFrom fails: it is worth nothing then.
func (s *Sealer) SealFrom(ctx context.Context, plain io.Reader, size int64, emit func(sinso.Block) error, custodians ...sinso.KeyID) (sinso.Sealed, error) {
	if len(custodians) == 0 {
		return sinso.Sealed{}, fmt.Errorf("seal: sealed to nobody: %w", sinso.ErrInvalid)
	}
	key, base, err := s.fresh()
	if err != nil {
		return sinso.Sealed{}, err
	}
	defer clear(key[:])
	chunks, header, err := fee.NewChunks(key, base, size)
	if err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	p := pouring{chunks: chunks, blocks: dag.NewBuilder(emit)}
	p.blocks.Grow(nil, int64(len(header))+size+chunks.Left()*int64(chunks.Sealed()-chunks.Plain()))
	root, err := p.pour(ctx, header, plain)
	if err != nil {
		return sinso.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	wrapped, err := s.wrapAll(ctx, key, root, custodians)
	if err != nil {
		return sinso.Sealed{}, err
	}
	return sinso.Sealed{CID: root, Size: p.written, Keys: wrapped}, nil
}

// fresh draws a content key and the base of its nonces.
func (s *Sealer) fresh() (sinso.CEK, [7]byte, error) {
	var seed [39]byte
	defer clear(seed[:])
	if _, err := io.ReadFull(s.rand, seed[:]); err != nil {
		return sinso.CEK{}, [7]byte{}, fmt.Errorf("seal: randomness: %w", err)
	}
	return sinso.CEK(seed[:32]), [7]byte(seed[32:]), nil
}

// pouring is one SealFrom.
type pouring struct {
	chunks  *fee.Chunks
	blocks  *dag.Builder
	chunk   []byte // a sealed chunk that is part of two blocks
	written int64  // bytes of the envelope
}

func (p *pouring) pour(ctx context.Context, header []byte, from io.Reader) (sinso.CID, error) {
	if _, err := p.blocks.Write(header); err != nil {
		return "", err
	}
	p.written = int64(len(header))
	plain := make([]byte, p.chunks.Plain())
	defer clear(plain)
	for p.chunks.Left() > 0 {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		plain = plain[:p.chunks.Plain()]
		if _, err := io.ReadFull(from, plain); err != nil {
			return "", lengthError(err)
		}
		if err := p.seal(plain); err != nil {
			return "", err
		}
	}
	if n, err := io.ReadFull(from, make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return "", lengthError(err)
	}
	return p.blocks.Finish()
}

// seal seals one chunk, where it stays if it is part of one block alone.
func (p *pouring) seal(plain []byte) error {
	n := p.chunks.Sealed()
	p.written += int64(n)
	if room := p.blocks.Room(n); room != nil {
		p.chunks.Seal(room, plain)
		p.blocks.Took(n)
		p.blocks.Hash(n)
		return nil
	}
	p.chunk = p.chunks.Seal(p.chunk[:0], plain)
	_, err := p.blocks.Write(p.chunk)
	return err
}

// lengthError tells a reader that fails from one that has fewer or more bytes than were
// announced.
func lengthError(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("not as many bytes as were announced: %w", sinso.ErrInvalid)
	}
	return fmt.Errorf("read what is to be sealed: %w", err)
}
