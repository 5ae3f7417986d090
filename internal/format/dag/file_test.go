package dag_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
)

// readParts reads a file by way of its parts, of odd lengths.
func readParts(ctx context.Context, f *dag.File) ([]byte, error) {
	var all bytes.Buffer
	part := make([]byte, 700_001)
	for {
		n, err := f.ReadAt(ctx, part, int64(all.Len()))
		all.Write(part[:n])
		if errors.Is(err, io.EOF) {
			return all.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// openSealed opens a file whose leaves are read by part.
func openSealed(ctx context.Context, root sinso.CID, get dag.Get, limit int64) (*dag.File, error) {
	part := func(ctx context.Context, cid sinso.CID, p []byte, offset int64) error {
		data, err := get(ctx, cid)
		if err == nil && copy(p, data[offset:]) < len(p) {
			err = sinso.ErrCorrupt
		}
		return err
	}
	return dag.OpenSealedFile(ctx, root, get, part, limit)
}

// TestAnyPartOfAFileIsRead reads parts anywhere, at the edges of leaves and across them.
func TestAnyPartOfAFileIsRead(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{0, 1, mib - 1, mib, mib + 1, 3*mib + 7} {
		data := bytesOf(t, size)
		root, blocks := dag.Build(data)
		for name, open := range map[string]func(context.Context, sinso.CID, dag.Get, int64) (*dag.File, error){"verified": dag.OpenFile, "sealed": openSealed} {
			f, err := open(t.Context(), root, store{}.put(blocks...).get, dag.WholeFile)
			if err != nil || f.Size() != size {
				t.Fatalf("%s, %d bytes: %v", name, size, err)
			}
			if got, err := readParts(t.Context(), f); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s, %d bytes: got %d, %v", name, size, len(got), err)
			}
			rapid.Check(t, func(r *rapid.T) {
				at := rapid.Int64Range(0, size+10).Draw(r, "at")
				p := make([]byte, rapid.IntRange(0, 2*mib).Draw(r, "length"))
				n, err := f.ReadAt(t.Context(), p, at)
				want := data[min(at, size):min(at+int64(len(p)), size)]
				if !bytes.Equal(p[:n], want) || (err == nil) != (n == len(p)) || err != nil && !errors.Is(err, io.EOF) {
					r.Errorf("%s: %d bytes at %d of %d: got %d, %v", name, len(p), at, size, n, err)
				}
			})
			if _, err := f.ReadAt(t.Context(), make([]byte, 1), -1); !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("%s: before the beginning: got %v, want invalid", name, err)
			}
			if _, err := open(t.Context(), root, store{}.put(blocks...).get, size-1); !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("%s, limit one less: got %v, want invalid", name, err)
			}
		}
	}
}

// TestAPartCostsTheBlocksOnItsWay counts what is got for one byte, and for more of the
// same leaf.
func TestAPartCostsTheBlocksOnItsWay(t *testing.T) {
	t.Parallel()
	root, blocks := dag.Build(bytesOf(t, 5*mib+1))
	s, got := store{}.put(blocks...), 0
	f, err := dag.OpenFile(t.Context(), root, func(ctx context.Context, cid sinso.CID) ([]byte, error) {
		got++
		return s.get(ctx, cid)
	}, dag.WholeFile)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := f.ReadAt(t.Context(), make([]byte, 100), 3*mib+5); err != nil {
			t.Fatal(err)
		}
	}
	if got != 2 {
		t.Errorf("%d blocks were got, want the root and one leaf", got)
	}
}

// TestAFileIsReadByManyAtOnce.
func TestAFileIsReadByManyAtOnce(t *testing.T) {
	t.Parallel()
	data := bytesOf(t, 3*mib+7)
	root, blocks := dag.Build(data)
	f, err := dag.OpenFile(t.Context(), root, store{}.put(blocks...).get, dag.WholeFile)
	if err != nil {
		t.Fatal(err)
	}
	var group errgroup.Group
	for range 4 {
		group.Go(func() error {
			got, err := readParts(t.Context(), f)
			if err == nil && !bytes.Equal(got, data) {
				t.Error("other bytes")
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// TestADamagedLeafIsNotRead flips a byte: who verifies gets nothing of the leaf, and all
// of the others.
func TestADamagedLeafIsNotRead(t *testing.T) {
	t.Parallel()
	data := bytesOf(t, 3*mib)
	root, blocks := dag.Build(data)
	s := store{}.put(blocks...)
	damaged := bytes.Clone(blocks[1].Data)
	damaged[5] ^= 1
	s[blocks[1].CID] = damaged
	f, err := dag.OpenFile(t.Context(), root, s.get, dag.WholeFile)
	if err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 3*mib)
	if n, err := f.ReadAt(t.Context(), p, 0); n != mib || !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %d bytes, %v, want the first leaf and corrupt", n, err)
	}
	if n, err := f.ReadAt(t.Context(), p[:mib], 2*mib); err != nil || !bytes.Equal(p[:n], data[2*mib:]) {
		t.Errorf("the last leaf: got %d bytes, %v", n, err)
	}
}

// TestFetchGetsEveryBlock, and names the one that is not there.
func TestFetchGetsEveryBlock(t *testing.T) {
	t.Parallel()
	root, blocks := dag.Build(bytesOf(t, 3*mib+7))
	asked := store{}
	s := store{}.put(blocks...)
	get := func(ctx context.Context, cid sinso.CID) ([]byte, error) {
		asked[cid] = nil
		return s.get(ctx, cid)
	}
	if err := dag.Fetch(t.Context(), root, get, 3*mib+7); err != nil || len(asked) != len(blocks) {
		t.Errorf("%d of %d blocks, %v", len(asked), len(blocks), err)
	}
	if err := dag.Fetch(t.Context(), root, get, 3*mib); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("limit too small: got %v, want invalid", err)
	}
	for _, b := range blocks {
		delete(s, b.CID)
		if err := dag.Fetch(t.Context(), root, get, 4*mib); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("without %s: got %v, want not found", b.CID, err)
		}
		s[b.CID] = bytes.Clone(b.Data)
		s[b.CID][0] ^= 1
		if err := dag.Fetch(t.Context(), root, get, 4*mib); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s changed: got %v, want corrupt", b.CID, err)
		}
		s[b.CID] = b.Data
	}
}
