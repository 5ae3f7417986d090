package vault_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/stage/vault"
)

// TestASweepLeavesWhatIsBeingStored sweeps twice, a day apart, while an object is a stream
// half of which is stored: nothing names it yet, and all of it is there when it ends. From
// then on it waits as any other.
func TestASweepLeavesWhatIsBeingStored(t *testing.T) {
	t.Parallel()
	v, s := vault.New(store(t)), sealer(t)
	plain := plainOf(40 << 20) // three batches
	begin := time.Unix(1_700_000_000, 0)
	sweep := func(at time.Time) vault.Swept {
		swept, err := v.Sweep(t.Context(), vault.NewNames(0), at, 24*time.Hour, func([]sinso.CID) error { return nil })
		if err != nil {
			t.Error(err)
		}
		return swept
	}
	emitted := 0
	sealed, err := v.PutFrom(t.Context(), func(emit func(sinso.Block) error) (sinso.Sealed, error) {
		return s.SealFrom(t.Context(), bytes.NewReader(plain), int64(len(plain)), func(b sinso.Block) error {
			if emitted++; emitted%10 == 0 {
				sweep(begin.Add(time.Duration(emitted) * 24 * time.Hour))
			}
			return emit(b)
		}, ada)
	})
	if err != nil {
		t.Fatal(err)
	}
	last := begin.Add(1000 * 24 * time.Hour)
	if swept := sweep(last); swept.Blocks != 0 || swept.Waiting != emitted {
		t.Errorf("%d of %d blocks were deleted, %d wait", swept.Blocks, emitted, swept.Waiting)
	}
	key, err := s.Key(t.Context(), sealed.CID, sealed.Keys, ada)
	if err != nil {
		t.Fatal(err)
	}
	object, err := v.OpenAt(t.Context(), sealed.CID, key)
	if err == nil {
		err = object.Check()
	}
	if err != nil {
		t.Errorf("it is not whole: %v", err)
	}
	if swept := sweep(last.Add(24 * time.Hour)); swept.Blocks != emitted {
		t.Errorf("%d of %d blocks were deleted when nothing had named them for a day", swept.Blocks, emitted)
	}
}

// TestASweepTakesWhatAStreamLeft: what was stored of an object that ended early is nobody's.
func TestASweepTakesWhatAStreamLeft(t *testing.T) {
	t.Parallel()
	v := vault.New(store(t))
	broken := errors.New("broken")
	_, err := v.PutFrom(t.Context(), func(emit func(sinso.Block) error) (sinso.Sealed, error) {
		for i := range 40 {
			data := binary.LittleEndian.AppendUint64(nil, uint64(i))
			if err := emit(sinso.Block{CID: sinso.CIDOf(sinso.CodecRaw, data), Data: data}); err != nil {
				return sinso.Sealed{}, err
			}
		}
		return sinso.Sealed{}, broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	swept, err := v.Sweep(t.Context(), vault.NewNames(0), time.Unix(0, 0), 0, func([]sinso.CID) error { return nil })
	if err != nil || swept.Blocks < 16 || swept.Waiting != 0 {
		t.Errorf("%d blocks were deleted, %d wait, %v", swept.Blocks, swept.Waiting, err)
	}
}

// TestAllOfAnObjectIsReadOnce: whoever checks an object, or copies it, reads a block at most
// for each chunk in it, and not for each part that is copied.
func TestAllOfAnObjectIsReadOnce(t *testing.T) {
	t.Parallel()
	plain := plainOf(8 << 20)
	p, reads := store(t), 0
	sealed, key := putKey(t, vault.New(p), plain)
	object, err := vault.New(counting{p, &reads}).OpenAt(t.Context(), sealed.CID, key)
	if err != nil {
		t.Fatal(err)
	}
	const blocks, most = 8, 8<<20/fee.ChunkSize + 12 // for each chunk once, some lie in two blocks
	for name, read := range map[string]func() error{
		"checked": object.Check,
		"copied": func() error {
			_, err := io.Copy(io.Discard, object.Reader())
			return err
		},
	} {
		reads = 0
		if err := read(); err != nil || reads < blocks || reads > most {
			t.Errorf("%s: blocks were read %d times, want at most %d, %v", name, reads, most, err)
		}
	}
}
