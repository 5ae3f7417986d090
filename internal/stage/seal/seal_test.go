package seal_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/format/dag"
	"sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/stage/seal"
)

const (
	ada  = sinso.KeyID("person:p_ada")
	bob  = sinso.KeyID("person:p_bob")
	base = 7 // bytes of a nonce's base
)

// custodians returns keys for the institution, Ada and Bob.
func custodians(t *testing.T) *file.Keys {
	t.Helper()
	dir := t.TempDir()
	keys, err := file.Create(filepath.Join(dir, "node", "keys"), file.Unlock{KeyFile: filepath.Join(dir, "node.key")}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	for _, id := range []sinso.KeyID{sinso.KeyInstitution, ada, bob} {
		if err := keys.Create(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	return keys
}

// envelope puts the blocks of an object together.
func envelope(t testing.TB, sealed sinso.Sealed) []byte {
	t.Helper()
	blocks := map[sinso.CID][]byte{}
	for _, b := range sealed.Blocks {
		blocks[b.CID] = b.Data
	}
	data, err := dag.Read(t.Context(), sealed.CID, func(_ context.Context, cid sinso.CID) ([]byte, error) {
		if b, ok := blocks[cid]; ok {
			return b, nil
		}
		return nil, sinso.ErrNotFound
	}, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestItsCustodiansOpenAnObjectAndNobodyElse(t *testing.T) {
	t.Parallel()
	keys := custodians(t)
	s := seal.New(keys, rand.Reader)
	plain := bytes.Repeat([]byte("plain "), 300_000) // two blocks
	sealed, err := s.Seal(t.Context(), plain, sinso.KeyInstitution, ada)
	if err != nil {
		t.Fatal(err)
	}
	whole := envelope(t, sealed)
	if sealed.Size != int64(len(whole)) || len(sealed.Keys) != 2 || sealed.Blocks[len(sealed.Blocks)-1].CID != sealed.CID {
		t.Errorf("size %d of %d, %d keys, or the root is not last", sealed.Size, len(whole), len(sealed.Keys))
	}
	for _, b := range sealed.Blocks {
		if bytes.Contains(b.Data, []byte("lain plai")) {
			t.Errorf("block %s has plain bytes", b.CID)
		}
	}
	for _, as := range [][]sinso.KeyID{{ada}, {sinso.KeyInstitution}, {bob, ada}} {
		key, err := s.Key(t.Context(), sealed.CID, sealed.Keys, as...)
		if err != nil {
			t.Errorf("%v: %v", as, err)
			continue
		}
		if got, err := seal.Open(key, whole); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%v: opens to %d bytes, %v", as, len(got), err)
		}
	}
	for _, as := range [][]sinso.KeyID{{bob}, {}, {sinso.KeyNode}} {
		if _, err := s.Key(t.Context(), sealed.CID, sealed.Keys, as...); !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("%v: got %v, want denied", as, err)
		}
	}
}

// TestAWrappedKeyServesItsObjectAndCustodianAlone moves wrapped keys about.
func TestAWrappedKeyServesItsObjectAndCustodianAlone(t *testing.T) {
	t.Parallel()
	keys := custodians(t)
	s := seal.New(keys, rand.Reader)
	one, err := s.Seal(t.Context(), []byte("one"), ada)
	if err != nil {
		t.Fatal(err)
	}
	two, err := s.Seal(t.Context(), []byte("two"), ada)
	if err != nil {
		t.Fatal(err)
	}
	renamed := []sinso.WrappedKey{{To: bob, Wrapped: one.Keys[0].Wrapped}}
	flipped := []sinso.WrappedKey{{To: ada, Wrapped: bytes.Clone(one.Keys[0].Wrapped)}}
	flipped[0].Wrapped[len(flipped[0].Wrapped)/2] ^= 1
	for name, tt := range map[string]struct {
		root sinso.CID
		keys []sinso.WrappedKey
		as   sinso.KeyID
	}{
		"of another object":   {two.CID, one.Keys, ada},
		"another custodian's": {one.CID, renamed, bob},
		"flipped":             {one.CID, flipped, ada},
	} {
		if key, err := s.Key(t.Context(), tt.root, tt.keys, tt.as); !errors.Is(err, sinso.ErrCorrupt) || key != (sinso.CEK{}) {
			t.Errorf("%s: got %v, want corrupt and no key", name, err)
		}
	}
	// A bad wrap does not stand in the way of a good one.
	if _, err := s.Key(t.Context(), one.CID, append(flipped, one.Keys...), ada); err != nil {
		t.Errorf("a bad wrap before the good one: %v", err)
	}
}

// TestADestroyedCustodianOpensNothing, and the next one still does.
func TestADestroyedCustodianOpensNothing(t *testing.T) {
	t.Parallel()
	keys := custodians(t)
	s := seal.New(keys, rand.Reader)
	sealed, err := s.Seal(t.Context(), []byte("x"), ada, sinso.KeyInstitution)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Destroy(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Key(t.Context(), sealed.CID, sealed.Keys, ada); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("Ada's key is destroyed: got %v, want denied", err)
	}
	if _, err := s.Key(t.Context(), sealed.CID, sealed.Keys, ada, sinso.KeyInstitution); err != nil {
		t.Errorf("the institution: %v", err)
	}
}

func TestWrapAddsACustodian(t *testing.T) {
	t.Parallel()
	s := seal.New(custodians(t), rand.Reader)
	sealed, key, err := s.SealFor(t.Context(), [32]byte{1}, sinso.NewHashed([]byte("x")))
	if err != nil || len(sealed.Keys) != 0 {
		t.Fatalf("%d keys, %v", len(sealed.Keys), err)
	}
	wrapped, err := s.Wrap(t.Context(), bob, key, sealed.CID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Key(t.Context(), sealed.CID, []sinso.WrappedKey{wrapped}, bob); err != nil || got != key {
		t.Errorf("Bob gets another key, %v", err)
	}
}

// TestSealForIsTheSameForTheSameAndForNothingElse: what is derived again after a
// crash ends in the same blocks, and no key and nonce meet two plaintexts.
func TestSealForIsTheSameForTheSameAndForNothingElse(t *testing.T) {
	t.Parallel()
	s := seal.New(custodians(t), rand.Reader)
	rapid.Check(t, func(r *rapid.T) {
		secret := [32]byte{1}
		copy(secret[1:], rapid.SliceOfN(rapid.Byte(), 0, 31).Draw(r, "secret"))
		plain := rapid.SliceOf(rapid.Byte()).Draw(r, "plain")
		one, key, err := s.SealFor(t.Context(), secret, sinso.NewHashed(plain))
		if err != nil {
			r.Fatal(err)
		}
		again, keyAgain, err := s.SealFor(t.Context(), secret, sinso.NewHashed(bytes.Clone(plain)))
		if err != nil || again.CID != one.CID || keyAgain != key {
			r.Errorf("again: %s, %s, %v", one.CID, again.CID, err)
		}
		otherSecret := secret
		otherSecret[31] ^= 1
		for name, other := range map[string]struct {
			secret [32]byte
			plain  []byte
		}{"another release": {otherSecret, plain}, "other bytes": {secret, append(bytes.Clone(plain), 0)}} {
			sealed, otherKey, err := s.SealFor(t.Context(), other.secret, sinso.NewHashed(other.plain))
			if err != nil || otherKey == key || sealed.CID == one.CID {
				r.Errorf("%s: the same key or blocks, %v", name, err)
			}
			if _, err := seal.Open(key, envelope(t, sealed)); !errors.Is(err, sinso.ErrCorrupt) {
				r.Errorf("%s: got %v with the first key, want corrupt", name, err)
			}
		}
	})
}

// TestSealForStays: a release that was cut off is finished by a later version.
func TestSealForStays(t *testing.T) {
	t.Parallel()
	sealed, key, err := seal.New(custodians(t), rand.Reader).SealFor(t.Context(), [32]byte{7}, sinso.NewHashed([]byte("SYNTHETIC")))
	if err != nil {
		t.Fatal(err)
	}
	const want = "bafkreihyzzsbkogczcqzamg7nrohkchyo2obv3eingwfkfybrpeo3ub3zq 9c7617f02473cbfc7a956662612944d8ffc519895663af512bdbe142bbb3f6a2"
	if got := fmt.Sprintf("%s %x", sealed.CID, sha256.Sum256(key[:])); got != want {
		t.Errorf("got %s", got)
	}
}

// TestNoNonceMeetsTwoPlaintextsUnderOneKey seals the same and other bytes many
// times.
func TestNoNonceMeetsTwoPlaintextsUnderOneKey(t *testing.T) {
	t.Parallel()
	s := seal.New(custodians(t), rand.Reader)
	used := map[string]string{}
	note := func(key sinso.CEK, sealed sinso.Sealed, plain string) {
		header, err := fee.ParseHeader(envelope(t, sealed))
		if err != nil {
			t.Fatal(err)
		}
		at := fmt.Sprintf("%x %x", key[:], header.Base)
		if before, ok := used[at]; ok && before != plain {
			t.Errorf("one key and nonce for %q and %q", before, plain)
		}
		used[at] = plain
	}
	for i := range 50 {
		for _, plain := range []string{"", "a", strconv.Itoa(i)} {
			sealed, key, err := s.SealFor(t.Context(), [32]byte{byte(i%2 + 1)}, sinso.NewHashed([]byte(plain)))
			if err != nil {
				t.Fatal(err)
			}
			note(key, sealed, plain)
			if sealed, err = s.Seal(t.Context(), []byte(plain), ada); err != nil {
				t.Fatal(err)
			}
			if key, err = s.Key(t.Context(), sealed.CID, sealed.Keys, ada); err != nil {
				t.Fatal(err)
			}
			note(key, sealed, plain+" original")
		}
	}
	if want := 50*3 + 2*(2+25); len(used) != want {
		t.Errorf("%d keys and nonces, want %d", len(used), want)
	}
}

// TestEveryFlippedByteIsFound goes through version, header, chunk and tag, and
// through what is too short or too long.
func TestEveryFlippedByteIsFound(t *testing.T) {
	t.Parallel()
	s := seal.New(custodians(t), rand.Reader)
	sealed, key, err := s.SealFor(t.Context(), [32]byte{1}, sinso.NewHashed([]byte("forty bytes or so of a synthetic object")))
	if err != nil {
		t.Fatal(err)
	}
	whole := envelope(t, sealed)
	for at := range whole {
		for bit := range 8 {
			changed := bytes.Clone(whole)
			changed[at] ^= 1 << bit
			if plain, err := seal.Open(key, changed); !errors.Is(err, sinso.ErrCorrupt) || plain != nil {
				t.Errorf("bit %d of byte %d: got %d bytes, %v", bit, at, len(plain), err)
			}
		}
		if plain, err := seal.Open(key, whole[:at]); !errors.Is(err, sinso.ErrCorrupt) || plain != nil {
			t.Errorf("cut at %d: got %d bytes, %v", at, len(plain), err)
		}
	}
	if _, err := seal.Open(key, append(bytes.Clone(whole), 0)); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("a byte too many: %v", err)
	}
	for at := range key {
		wrong := key
		wrong[at] ^= 1
		if plain, err := seal.Open(wrong, whole); !errors.Is(err, sinso.ErrCorrupt) || plain != nil {
			t.Errorf("another key: got %d bytes, %v", len(plain), err)
		}
	}
}

// short is randomness that fails, or that breaks its promise and comes short.
type short struct{ err error }

func (s short) Read(p []byte) (int, error) { return copy(p, "\x01\x02\x03"), s.err }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestAnEnvelopeKeepsItsBound, and the bound is near: who fetches by it fetches no
// more than was said.
func TestAnEnvelopeKeepsItsBound(t *testing.T) {
	t.Parallel()
	sealer := seal.New(custodians(t), rand.Reader)
	const chunk, slack = 256 << 10, 4 << 10
	for _, size := range []int64{0, 1, chunk - 1, chunk, chunk + 1, 9*chunk - 1, 9 * chunk} {
		sealed, _, err := sealer.SealFor(t.Context(), [32]byte{1}, sinso.NewHashed(make([]byte, size)))
		if err != nil {
			t.Fatal(err)
		}
		if bound := seal.EnvelopeBound(size); sealed.Size > bound || bound-sealed.Size > slack {
			t.Errorf("%d bytes: an envelope of %d, the bound is %d", size, sealed.Size, bound)
		}
	}
}

func TestWhatCannotBeSealedSafelyIsNotSealed(t *testing.T) {
	t.Parallel()
	keys := custodians(t)
	failed := errors.New("no entropy")
	for name, r := range map[string]sinso.Rand{"fails": short{failed}, "ends": short{io.EOF}, "zeros": zeros{}} {
		if sealed, err := seal.New(keys, r).Seal(t.Context(), []byte("x"), ada); err == nil || sealed.CID != "" {
			t.Errorf("randomness that %s: got %s, %v", name, sealed.CID, err)
		}
	}
	s := seal.New(keys, rand.Reader)
	if _, err := s.Seal(t.Context(), []byte("x")); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("to nobody: %v", err)
	}
	if _, err := s.Seal(t.Context(), []byte("x"), ada, "person:p_nobody"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("to somebody without a key: %v", err)
	}
	if _, key, err := s.SealFor(t.Context(), [32]byte{}, sinso.NewHashed([]byte("x"))); !errors.Is(err, sinso.ErrInvalid) || key != (sinso.CEK{}) {
		t.Errorf("without a secret: %v", err)
	}
	if _, key, err := s.SealFor(t.Context(), [32]byte{1}, sinso.NewHashed([]byte("x")), "person:p_nobody"); err == nil || key != (sinso.CEK{}) {
		t.Errorf("a release to somebody without a key: %v", err)
	}
}

// FuzzOpen opens any bytes: what opens is what was sealed.
func FuzzOpen(f *testing.F) {
	key := sinso.CEK{1}
	good, err := fee.Seal(key, [base]byte{2}, []byte("plain"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, err := seal.Open(key, data)
		if err == nil && !bytes.Equal(data, good) {
			t.Errorf("opened to %q", plain)
		}
		if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("got %v, want corrupt", err)
		}
	})
}
