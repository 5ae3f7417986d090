package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"sinso.dev/sinso/internal/node"
)

// corpus is the files that all store.
type corpus struct {
	dir   string
	files int
	bytes int64
}

const (
	corpusFiles = 950 // of 0.53 MB: 500 MB
	// Of each four files three are drawn CT slices of 12 bits with noise, and one has bytes
	// in place of its pixels that nobody can compress, as pixels that are compressed are.
	incompressible = 4
	pixelBytes     = 512 * 512 * 2
)

// draw writes the files, and those of the lengths at which a DAG changes its shape.
func (b *bench) draw(ctx context.Context) error {
	b.corpus = corpus{dir: filepath.Join(b.dir, "corpus")}
	if err := os.MkdirAll(b.corpus.dir, 0o700); err != nil {
		return err
	}
	noise := rand.NewChaCha8([32]byte{})
	err := node.DrawPhantom(corpusFiles, func(name string, part10 []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if b.corpus.files%incompressible == 0 {
			_, _ = noise.Read(part10[len(part10)-pixelBytes:]) // never fails
		}
		b.corpus.files++
		b.corpus.bytes += int64(len(part10))
		return os.WriteFile(filepath.Join(b.corpus.dir, filepath.Base(name)), part10, 0o600)
	})
	if err != nil {
		return fmt.Errorf("draw: %w", err)
	}
	return nil
}

// shapes are lengths at which a DAG changes its shape: one leaf, two, many, and more
// than one inner node links to.
var shapes = []int64{0, 1, 1 << 20, 1<<20 + 1, 5_000_000, 1<<30 + 1}

// drawShapes writes a file of each.
func (b *bench) drawShapes(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, size := range shapes {
		if err := drawBytes(filepath.Join(dir, strconv.FormatInt(size, 10)), size); err != nil {
			return err
		}
	}
	return nil
}

// drawBytes writes a file of random bytes.
func drawBytes(path string, size int64) (err error) {
	file, err := os.Create(path) //nolint:gosec // a path of our own
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], uint64(size)) //nolint:gosec // not negative
	source, part := rand.NewChaCha8(seed), make([]byte, 1<<20)
	for left := size; left > 0; left -= int64(len(part)) {
		part = part[:min(int64(len(part)), left)]
		_, _ = source.Read(part) // never fails
		if _, err := file.Write(part); err != nil {
			return err
		}
	}
	return nil
}
