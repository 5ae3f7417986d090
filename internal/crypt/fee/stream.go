package fee

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"sinso.dev/sinso"
)

// Writer seals a plaintext whose length is known before, chunk by chunk.
type Writer struct {
	w       io.Writer
	c       *chunks
	plain   []byte // of the chunk that is being filled
	sealed  []byte
	written int64 // plain bytes taken
	index   int64 // of that chunk
	err     error
}

// NewWriter writes the header and returns a Writer that takes size plain bytes.
// It holds one chunk in memory. Key and base as in Seal.
func NewWriter(w io.Writer, key sinso.CEK, base [7]byte, size int64) (*Writer, error) {
	header, b, err := newHeader(base, size, 0)
	if err != nil {
		return nil, err
	}
	c, err := newChunks(key, header)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, fmt.Errorf("fee: write the header: %w", err)
	}
	n := min(size, ChunkSize)
	return &Writer{w: w, c: c, plain: make([]byte, 0, n), sealed: make([]byte, 0, n+tagBytes)}, nil
}

// Write takes the next plain bytes. More than were announced are ErrInvalid, and
// the last chunk is then never written.
func (w *Writer) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if int64(len(p)) > w.c.header.Size-w.written {
		w.err = fmt.Errorf("fee: more than the %d plain bytes that were announced: %w", w.c.header.Size, sinso.ErrInvalid)
		return 0, w.err
	}
	taken := 0
	for taken < len(p) {
		if len(w.plain) == ChunkSize {
			if w.err = w.flush(); w.err != nil {
				return taken, w.err
			}
		}
		if len(w.plain) == 0 && len(p)-taken >= ChunkSize && !w.c.isLast(w.index) { // whole: no need to keep it
			if w.err = w.seal(p[taken : taken+ChunkSize]); w.err != nil {
				return taken, w.err
			}
			taken += ChunkSize
			w.written += ChunkSize
			continue
		}
		n := min(len(p)-taken, ChunkSize-len(w.plain))
		w.plain = append(w.plain, p[taken:taken+n]...)
		taken += n
		w.written += int64(n)
	}
	return taken, nil
}

// Close writes the last chunk. If fewer bytes came than were announced it does
// not, and returns ErrInvalid: what was written opens for nobody.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	if w.written != w.c.header.Size {
		w.err = fmt.Errorf("fee: %d plain bytes of the %d that were announced: %w", w.written, w.c.header.Size, sinso.ErrInvalid)
		return w.err
	}
	err := w.flush()
	w.err = fmt.Errorf("fee: the writer is closed: %w", sinso.ErrInvalid)
	return err
}

func (w *Writer) flush() error {
	err := w.seal(w.plain)
	clear(w.plain)
	w.plain = w.plain[:0]
	return err
}

// seal writes one chunk.
func (w *Writer) seal(plain []byte) error {
	w.sealed = w.c.seal(w.sealed[:0], plain, w.index)
	w.index++
	if _, err := w.w.Write(w.sealed); err != nil {
		return fmt.Errorf("fee: write chunk %d: %w", w.index, err)
	}
	return nil
}

// Reader opens an envelope from its beginning to its end, chunk by chunk.
type Reader struct {
	r      io.Reader
	c      *chunks
	sealed []byte
	plain  []byte // verified and not read yet
	index  int64
	err    error
}

// NewReader reads the header and returns a Reader of the plain bytes. It holds
// one chunk in memory and returns no byte of a chunk that did not open. A compressed
// envelope is ErrUnsupported: [OpenAt] reads it.
func NewReader(r io.Reader, key sinso.CEK) (*Reader, error) {
	b := make([]byte, prefixBytes, prefixBytes+maxHeader)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, readError("the header", err)
	}
	length, err := headerLength(b)
	if err != nil {
		return nil, err
	}
	b = b[:length]
	if _, err := io.ReadFull(r, b[prefixBytes:]); err != nil {
		return nil, readError("the header", err)
	}
	header, err := ParseHeader(b)
	if err != nil {
		return nil, err
	}
	if header.Compressed {
		return nil, fmt.Errorf("fee: a compressed envelope is not read from its beginning, as its table stands at its end: %w", sinso.ErrUnsupported)
	}
	c, err := newChunks(key, header)
	if err != nil {
		return nil, err
	}
	return &Reader{r: r, c: c}, nil
}

// Size returns the plain bytes that the header announces. Believe it after the
// first byte was read.
func (r *Reader) Size() int64 { return r.c.header.Size }

// Read implements [io.Reader]. An envelope that is damaged, cut off or too long
// is ErrCorrupt; io.EOF means that all of it was there.
func (r *Reader) Read(p []byte) (int, error) {
	for len(r.plain) == 0 && r.err == nil {
		r.err = r.next()
	}
	if len(r.plain) == 0 {
		return 0, r.err
	}
	n := copy(p, r.plain)
	r.plain = r.plain[n:]
	return n, nil
}

func (r *Reader) next() error {
	if r.index == r.c.header.Chunks {
		return io.EOF
	}
	if r.sealed == nil {
		r.sealed = make([]byte, min(r.c.header.Size, ChunkSize)+tagBytes)
	}
	sealed := r.sealed[:r.c.plainLength(r.index)+tagBytes]
	if _, err := io.ReadFull(r.r, sealed); err != nil {
		return readError(fmt.Sprintf("chunk %d of %d", r.index+1, r.c.header.Chunks), err)
	}
	if r.c.isLast(r.index) {
		if err := r.ends(); err != nil {
			return err
		}
	}
	plain, err := r.c.open(sealed[:0], sealed, r.index)
	if err != nil {
		return err
	}
	r.plain = plain
	r.index++
	return nil
}

// ends checks that nothing follows.
func (r *Reader) ends() error {
	var one [1]byte
	switch _, err := io.ReadFull(r.r, one[:]); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return readError("the end", err)
	default:
		return fmt.Errorf("fee: bytes after the last chunk: %w", sinso.ErrCorrupt)
	}
}

func readError(what string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("fee: the envelope is cut off in %s: %w", what, sinso.ErrCorrupt)
	}
	return fmt.Errorf("fee: read %s: %w", what, err)
}

// ReaderAt opens any part of an envelope and decrypts the chunks that it lies in,
// no others. Several goroutines may use it at once.
type ReaderAt struct {
	r       io.ReaderAt
	c       *chunks
	buffers sync.Pool // of *[packedStride]byte
}

// OpenAt returns a ReaderAt on an envelope of size bytes. It opens the last chunk
// first, so that key, header and length are proven before anything is read. That
// says nothing of chunks that are never read.
func OpenAt(r io.ReaderAt, size int64, key sinso.CEK) (*ReaderAt, error) {
	b := make([]byte, min(size, prefixBytes+maxHeader))
	if _, err := r.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, readError("the header", err)
	}
	header, err := ParseHeader(b)
	if err != nil {
		return nil, err
	}
	c, err := openChunks(key, header, size, func(p []byte, at int64) error {
		if n, err := r.ReadAt(p, at); n < len(p) {
			return readError("the table of lengths", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	at := &ReaderAt{r: r, c: c, buffers: sync.Pool{New: func() any { return new([packedStride]byte) }}}
	return at, at.chunk(header.Chunks-1, func([]byte) {})
}

// Size returns the plain bytes.
func (r *ReaderAt) Size() int64 { return r.c.header.Size }

// Compressed reports whether the envelope is.
func (r *ReaderAt) Compressed() bool { return r.c.header.Compressed }

// ReadAt implements [io.ReaderAt] over the plain bytes. A chunk that does not
// open is ErrCorrupt, and nothing of it is written to p.
func (r *ReaderAt) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, fmt.Errorf("fee: offset %d: %w", offset, sinso.ErrInvalid)
	}
	done := 0
	for done < len(p) {
		at := offset + int64(done)
		if at >= r.c.header.Size {
			return done, io.EOF
		}
		err := r.chunk(at/ChunkSize, func(plain []byte) { done += copy(p[done:], plain[at%ChunkSize:]) })
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// chunk calls use with the plain bytes of chunk i, which are wiped after it.
func (r *ReaderAt) chunk(i int64, use func(plain []byte)) error {
	buffer, ok := r.buffers.Get().(*[packedStride]byte)
	if !ok {
		buffer = new([packedStride]byte)
	}
	defer r.buffers.Put(buffer)
	place, length := r.c.place(i)
	sealed := buffer[:length]
	if n, err := r.r.ReadAt(sealed, place); n < len(sealed) {
		return readError(fmt.Sprintf("chunk %d of %d", i+1, r.c.header.Chunks), err)
	}
	plain, err := r.c.open(sealed[:0], sealed, i)
	if err != nil {
		return err
	}
	use(plain)
	clear(plain)
	return nil
}
