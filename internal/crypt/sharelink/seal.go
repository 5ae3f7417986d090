package sharelink

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"

	"sinso.dev/sinso"
)

// Seal seals files, read from content one after the other, and then the manifest that
// says what they are; its Parts are made here. put is given each sealed part once, part
// 0 last, and must not keep the slice. ErrInvalid if content has more or fewer bytes
// than the manifest says. The same arguments give the same parts.
func Seal(ctx context.Context, s Secret, m Manifest, content io.Reader, put func(part int, sealed []byte) error) error {
	size, err := m.Size()
	if err != nil {
		return err
	}
	parts := Parts(size)
	m.Parts = make([]string, 0, parts)
	plain, sealed := make([]byte, PartBytes), make([]byte, 0, SealedBytes)
	for part := 1; int64(part) <= parts; part++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("sharelink: seal: %w", err)
		}
		n := min(size, PartBytes)
		if _, err := io.ReadFull(content, plain[:n]); err != nil {
			return short(err)
		}
		clear(plain[n:])
		size -= n
		var synthetic [sha256.Size]byte
		sealed, synthetic = s.seal(sealed[:0], uint32(part), plain)
		m.Parts = append(m.Parts, text64.EncodeToString(synthetic[:]))
		if err := put(part, sealed); err != nil {
			return err
		}
	}
	if n, err := content.Read(plain[:1]); n > 0 || err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("sharelink: there is more than the manifest says: %w", sinso.ErrInvalid)
	}
	manifest, err := s.sealManifest(m)
	if err != nil {
		return err
	}
	return put(manifestPart, manifest)
}

func short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("sharelink: the files are shorter than the manifest says: %w", sinso.ErrInvalid)
	}
	return fmt.Errorf("sharelink: read what is to be sealed: %w", err)
}

// Shared is an opened share.
type Shared struct {
	Manifest Manifest

	secret    Secret
	synthetic [][sha256.Size]byte
	starts    []int64 // of each file, and the end of the last
}

// Open opens a sealed manifest. A share that was sealed under another secret, or is not
// whole, is ErrCorrupt; of a later version ErrUnsupported.
func Open(s Secret, manifest []byte) (*Shared, error) {
	m, synthetic, err := s.openManifest(manifest)
	if err != nil {
		return nil, err
	}
	o := &Shared{Manifest: m, secret: s, synthetic: synthetic, starts: []int64{0}}
	for _, series := range m.Series {
		for _, file := range series.Files {
			o.starts = append(o.starts, o.starts[len(o.starts)-1]+file.Size)
		}
	}
	return o, nil
}

// Files is how many files there are, in all series.
func (o *Shared) Files() int { return len(o.starts) - 1 }

// Part opens part n, from 1 on: PartBytes plain bytes. ErrCorrupt if sealed is another.
func (o *Shared) Part(n int, sealed []byte) ([]byte, error) {
	if n < 1 || n > len(o.synthetic) || len(sealed) != SealedBytes {
		return nil, fmt.Errorf("sharelink: part %d of %d, of %d bytes: %w", n, len(o.synthetic), len(sealed), sinso.ErrCorrupt)
	}
	return o.secret.open(uint32(n), o.synthetic[n-1], sealed) //nolint:gosec // at most MaxParts
}

// File writes file i, counted over all series from 0, to w. get brings sealed parts.
func (o *Shared) File(i int, w io.Writer, get func(part int) ([]byte, error)) error {
	if i < 0 || i >= o.Files() {
		return fmt.Errorf("sharelink: file %d of %d: %w", i, o.Files(), sinso.ErrNotFound)
	}
	for at, end := o.starts[i], o.starts[i+1]; at < end; {
		part := at/PartBytes + 1
		sealed, err := get(int(part))
		if err != nil {
			return err
		}
		plain, err := o.Part(int(part), sealed)
		if err != nil {
			return err
		}
		from := at - (part-1)*PartBytes
		until := min(PartBytes, from+end-at)
		if _, err := io.Copy(w, bytes.NewReader(plain[from:until])); err != nil {
			return fmt.Errorf("sharelink: write: %w", err)
		}
		at += until - from
	}
	return nil
}

// ReadFile is File into memory.
func (o *Shared) ReadFile(i int, get func(part int) ([]byte, error)) ([]byte, error) {
	var out bytes.Buffer
	err := o.File(i, &out, get)
	return slices.Clip(out.Bytes()), err
}
