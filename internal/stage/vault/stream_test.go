package vault_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/stage/seal"
	"sinso.dev/sinso/internal/stage/vault"
)

// sealer returns one whose keys and nonces are the same each time, sealing to Ada.
func sealer(t testing.TB) *seal.Sealer {
	t.Helper()
	dir := t.TempDir()
	keys, err := file.Create(filepath.Join(dir, "node", "keys"), file.Unlock{KeyFile: filepath.Join(dir, "node.key")}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	if err := keys.Create(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	return seal.New(keys, mathrand.NewChaCha8([32]byte{9}))
}

const ada = sinso.KeyID("person:p_ada")

func plainOf(size int) []byte {
	plain := make([]byte, size)
	_, _ = mathrand.NewChaCha8([32]byte{8}).Read(plain) // never fails
	return plain
}

// put stores plain as a stream of size bytes.
func put(ctx context.Context, v *vault.Vault, s *seal.Sealer, plain io.Reader, size int) (sinso.Sealed, error) {
	return v.PutFrom(ctx, func(emit func(sinso.Block) error) (sinso.Sealed, error) {
		return s.SealFrom(ctx, plain, int64(size), emit, ada)
	})
}

// putKey is put, and the content key of what was stored.
func putKey(t *testing.T, v *vault.Vault, plain []byte) (sinso.Sealed, sinso.CEK) {
	t.Helper()
	s := sealer(t)
	sealed, err := put(t.Context(), v, s, bytes.NewReader(plain), len(plain))
	if err != nil {
		t.Fatal(err)
	}
	key, err := s.Key(t.Context(), sealed.CID, sealed.Keys, ada)
	if err != nil {
		t.Fatal(err)
	}
	return sealed, key
}

// TestAStreamIsSealedAsAWhole stores objects as streams, in odd parts: they are those that
// Seal makes, and open whole, in parts and as streams.
func TestAStreamIsSealedAsAWhole(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 256 << 10, 1<<20 - 300, 1 << 20, 3<<20 + 5, 17 << 20} {
		plain := plainOf(size)
		v := vault.New(store(t))
		whole, err := sealer(t).Seal(t.Context(), plain, ada)
		if err != nil {
			t.Fatal(err)
		}
		s := sealer(t)
		sealed, err := put(t.Context(), v, s, iotest.HalfReader(bytes.NewReader(plain)), size)
		if err != nil || sealed.CID != whole.CID || sealed.Size != whole.Size || len(sealed.Blocks) != 0 {
			t.Fatalf("%d bytes: %s of %d bytes, want %s of %d: %v", size, sealed.CID, sealed.Size, whole.CID, whole.Size, err)
		}
		key, err := s.Key(t.Context(), sealed.CID, sealed.Keys, ada)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Open(t.Context(), sealed.CID, func(envelope []byte) ([]byte, error) { return seal.Open(key, envelope) })
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes: whole: %d bytes, %v", size, len(got), err)
		}
		object, err := v.OpenAt(t.Context(), sealed.CID, key)
		if err != nil || object.Size() != int64(size) || object.Check() != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		if got, err := io.ReadAll(object.Reader()); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes: as a stream: %d bytes, %v", size, len(got), err)
		}
		if size > 0 {
			part := plain[size/2:][:min(1000, size-size/2)]
			if err := iotest.TestReader(io.NewSectionReader(object, int64(size/2), int64(len(part))), part); err != nil {
				t.Errorf("%d bytes: in parts: %v", size, err)
			}
		}
	}
}

// TestAnObjectIsReadByManyAtOnce.
func TestAnObjectIsReadByManyAtOnce(t *testing.T) {
	t.Parallel()
	plain := plainOf(threeLeaves)
	v := vault.New(store(t))
	sealed, key := putKey(t, v, plain)
	object, err := v.OpenAt(t.Context(), sealed.CID, key)
	if err != nil {
		t.Fatal(err)
	}
	var group errgroup.Group
	for range 4 {
		group.Go(func() error {
			got, err := io.ReadAll(object.Reader())
			if !bytes.Equal(got, plain) {
				t.Error("other bytes")
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// TestOfAStreamTheRootComesLast fails each Put of a stream: an error comes back, the root
// is not there, and the same stream is stored after it.
func TestOfAStreamTheRootComesLast(t *testing.T) {
	t.Parallel()
	const size = 17 << 20 // 18 leaves and the root: two Puts
	plain := plainOf(size)
	want, err := sealer(t).Seal(t.Context(), plain, ada)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range []blobtest.Fault{blobtest.FaultFail, blobtest.FaultLost} {
		for at := 1; at <= 2; at++ {
			p := store(t)
			_, err := put(t.Context(), vault.New(&blobtest.Faulty{Store: p, Fault: fault, At: at}), sealer(t), bytes.NewReader(plain), size)
			if !errors.Is(err, sinso.ErrUnavailable) {
				t.Errorf("fault %d at Put %d: got %v, want unavailable", fault, at, err)
			}
			if there, err := p.Has(t.Context(), want.CID); err != nil || there && (fault != blobtest.FaultLost || at != 2) {
				t.Errorf("fault %d at Put %d: the root is there: %v, %v", fault, at, there, err)
			}
			if sealed, err := put(t.Context(), vault.New(p), sealer(t), bytes.NewReader(plain), size); err != nil || sealed.CID != want.CID {
				t.Errorf("fault %d at Put %d: again: %v", fault, at, err)
			}
		}
	}
}

// TestAStreamThatIsCutOffHasNoRoot: of other lengths than were announced, with a reader
// that fails, and by a caller that gives up.
func TestAStreamThatIsCutOffHasNoRoot(t *testing.T) {
	t.Parallel()
	const size = 12 << 20
	plain := plainOf(size + 1)
	want, err := sealer(t).Seal(t.Context(), plain[:size], ada)
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("the disc has a scratch")
	ctx, cancel := context.WithCancel(t.Context())
	for name, tt := range map[string]struct {
		ctx   context.Context
		plain io.Reader
		class error
	}{
		"a byte more":          {t.Context(), bytes.NewReader(plain), sinso.ErrInvalid},
		"a byte less":          {t.Context(), bytes.NewReader(plain[:size-1]), sinso.ErrInvalid},
		"nothing":              {t.Context(), bytes.NewReader(nil), sinso.ErrInvalid},
		"a reader that fails":  {t.Context(), io.MultiReader(bytes.NewReader(plain[:size/2]), iotest.ErrReader(failed)), failed},
		"it fails at its end":  {t.Context(), io.MultiReader(bytes.NewReader(plain[:size]), iotest.ErrReader(failed)), failed},
		"the caller goes away": {ctx, io.MultiReader(bytes.NewReader(plain[:size/2]), calling(cancel), bytes.NewReader(plain[size/2:size])), context.Canceled},
	} {
		p := store(t)
		if _, err := put(tt.ctx, vault.New(p), sealer(t), tt.plain, size); !errors.Is(err, tt.class) {
			t.Errorf("%s: got %v, want %v", name, err, tt.class)
		}
		if there, err := p.Has(t.Context(), want.CID); there || err != nil {
			t.Errorf("%s: the root is there, or %v", name, err)
		}
	}
	if _, err := sealer(t).SealFrom(t.Context(), bytes.NewReader(nil), 0, func(sinso.Block) error { return nil }); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("sealed to nobody: got %v, want invalid", err)
	}
	_, err = vault.New(store(t)).PutFrom(t.Context(), func(emit func(sinso.Block) error) (sinso.Sealed, error) {
		return sinso.Sealed{CID: want.CID}, emit(want.Blocks[0])
	})
	if !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("the last block is not the root: got %v, want invalid", err)
	}
}

// calling is an empty reader that calls a function when it is read.
type calling func()

func (c calling) Read([]byte) (int, error) {
	c()
	return 0, io.EOF
}

// TestAPartIsProvenAndItsDamageNamed opens an object in parts from a store that changes
// one block: nothing of it is returned, the block is named, and parts elsewhere open.
func TestAPartIsProvenAndItsDamageNamed(t *testing.T) {
	t.Parallel()
	plain := plainOf(3 << 20)
	p := store(t)
	sealed, key := putKey(t, vault.New(p), plain)
	var blocks []sinso.CID
	if err := vault.New(p).Blocks(t.Context(), sealed.CID, func(cid sinso.CID) error { blocks = append(blocks, cid); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, cid := range blocks {
		object, err := vault.New(flipping{p, cid}).OpenAt(t.Context(), sealed.CID, key)
		if err == nil {
			err = object.Check()
		}
		if !errors.Is(err, sinso.ErrCorrupt) || !strings.Contains(fmt.Sprint(err), string(cid)) {
			t.Errorf("block %s changed: got %v, want corrupt and its name", cid, err)
		}
	}
	object, err := vault.New(flipping{p, blocks[2]}).OpenAt(t.Context(), sealed.CID, key) // the second leaf
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 2<<20)
	if n, err := object.ReadAt(got, 0); !errors.Is(err, sinso.ErrCorrupt) || !bytes.HasPrefix(plain, got[:n]) {
		t.Errorf("across the damage: got %d bytes, %v", n, err)
	}
	if n, err := object.ReadAt(got[:1000], 5<<19); err != nil || !bytes.Equal(got[:n], plain[5<<19:][:1000]) {
		t.Errorf("behind the damage: got %d bytes, %v", n, err)
	}
	other := key
	other[0] ^= 1
	if _, err := vault.New(p).OpenAt(t.Context(), sealed.CID, other); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("under another key: got %v, want corrupt", err)
	}
	if err := p.Delete(t.Context(), blocks[2]); err != nil {
		t.Fatal(err)
	}
	if object, err = vault.New(p).OpenAt(t.Context(), sealed.CID, key); err != nil {
		t.Fatal(err)
	}
	if err := object.Check(); !errors.Is(err, sinso.ErrNotFound) || !strings.Contains(err.Error(), string(blocks[2])) {
		t.Errorf("a leaf is missing: got %v, want not found and its name", err)
	}
}

// counting counts the blocks that are read.
type counting struct {
	sinso.Blobs
	reads *int
}

func (c counting) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	*c.reads++
	return c.Blobs.Get(ctx, cid)
}

// TestAPartCostsItsOwnBlocks reads 1,000 bytes out of 20 MiB.
func TestAPartCostsItsOwnBlocks(t *testing.T) {
	t.Parallel()
	plain := plainOf(20 << 20)
	p, reads := store(t), 0
	sealed, key := putKey(t, vault.New(p), plain)
	object, err := vault.New(counting{p, &reads}).OpenAt(t.Context(), sealed.CID, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := object.ReadAt(make([]byte, 1000), 10<<20); err != nil {
		t.Fatal(err)
	}
	const most = 6 // root; header's, last chunk's and the part's leaves
	if reads > most {
		t.Errorf("%d blocks were read, want at most %d", reads, most)
	}
}

// held is a source of zeros that notes how much memory lives.
type held struct {
	left int
	most *uint64
}

func (h *held) Read(p []byte) (int, error) {
	const every = 16 << 20
	if h.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), h.left)
	clear(p[:n])
	if h.left/every != (h.left-n)/every {
		note(h.most)
	}
	h.left -= n
	return n, nil
}

func note(most *uint64) {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	*most = max(*most, stats.HeapAlloc)
}

// TestAStreamTakesConstantMemory puts 160 MiB in and out.
func TestAStreamTakesConstantMemory(t *testing.T) { //nolint:paralleltest // measures the whole program's memory
	if testing.Short() {
		t.Skip("left out by -short: 160 MiB")
	}
	const size, allowed = 160 << 20, 60 << 20 // two batches of 16 MiB, a leaf, and what else is there
	var before, most uint64
	v, s := vault.New(store(t)), sealer(t)
	note(&before)
	sealed, err := put(t.Context(), v, s, &held{size, &most}, size)
	if err != nil {
		t.Fatal(err)
	}
	key, err := s.Key(t.Context(), sealed.CID, sealed.Keys, ada)
	if err != nil {
		t.Fatal(err)
	}
	object, err := v.OpenAt(t.Context(), sealed.CID, key)
	if err != nil {
		t.Fatal(err)
	}
	r := object.Reader()
	for part := range size >> 24 {
		if n, err := io.Copy(io.Discard, io.LimitReader(r, 16<<20)); n != 16<<20 || err != nil {
			t.Fatalf("part %d: %d bytes, %v", part, n, err)
		}
		note(&most)
	}
	if most > before+allowed {
		t.Errorf("%d bytes were held, want at most %d", most-before, allowed)
	}
}
