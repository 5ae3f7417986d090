package vault_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/blobtest"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/format/dag"
	"sinso.dev/sinso/internal/stage/vault"
)

func store(t testing.TB) *pack.Pack {
	t.Helper()
	p, err := pack.Open(t.TempDir(), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// object is bytes that no other seed has, as they would be sealed.
func object(size int, seed uint64) ([]byte, sinso.Sealed) {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	data := make([]byte, size)
	_, _ = rand.NewChaCha8(key).Read(data) // never fails
	root, blocks := dag.Build(data)
	return data, sinso.Sealed{CID: root, Blocks: blocks, Size: int64(size)}
}

const threeLeaves = 2<<20 + 100 // bytes: four blocks with the root

// remote is another node. It counts what it was asked for.
type remote struct {
	blocks map[sinso.CID][]byte
	asked  map[sinso.CID]int
}

func remoteWith(blocks ...sinso.Block) *remote {
	r := &remote{map[sinso.CID][]byte{}, map[sinso.CID]int{}}
	for _, b := range blocks {
		r.blocks[b.CID] = b.Data
	}
	return r
}

func (r *remote) fetch(_ context.Context, cid sinso.CID) ([]byte, error) {
	r.asked[cid]++
	if data, ok := r.blocks[cid]; ok {
		return data, nil
	}
	return nil, sinso.ErrNotFound
}

func TestWhatIsPutIsGotWhole(t *testing.T) {
	t.Parallel()
	v := vault.New(store(t))
	for i, size := range []int{0, 1, 1 << 20, 1<<20 + 1, threeLeaves, 40 << 20} {
		data, sealed := object(size, uint64(i))
		for range 2 {
			if err := v.Put(t.Context(), sealed); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := v.Get(t.Context(), sealed.CID); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: got %d, %v", size, len(got), err)
		}
	}
}

func TestPutTakesWholeObjectsOnly(t *testing.T) {
	t.Parallel()
	_, sealed := object(threeLeaves, 1)
	_, other := object(10, 2)
	damaged := sealed
	damaged.Blocks = append([]sinso.Block{{CID: sealed.Blocks[0].CID, Data: []byte("x")}}, sealed.Blocks[1:]...)
	for name, bad := range map[string]sinso.Sealed{
		"nothing": {}, "no blocks": {CID: sealed.CID}, "no root": {CID: sealed.CID, Blocks: sealed.Blocks[:3]},
		"another's root": {CID: other.CID, Blocks: sealed.Blocks}, "a block with other bytes": damaged,
	} {
		if err := vault.New(store(t)).Put(t.Context(), bad); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
}

// TestARootIsThereWhenAllBelowItIs fails each Put of an object that takes several.
func TestARootIsThereWhenAllBelowItIs(t *testing.T) {
	t.Parallel()
	data, sealed := object(40<<20, 1)
	for _, fault := range []blobtest.Fault{blobtest.FaultFail, blobtest.FaultLost} {
		for at := 1; at <= 2; at++ {
			p := store(t)
			err := vault.New(&blobtest.Faulty{Store: p, Fault: fault, At: at}).Put(t.Context(), sealed)
			if !errors.Is(err, sinso.ErrUnavailable) {
				t.Errorf("fault %d at Put %d: got %v, want unavailable", fault, at, err)
			}
			if there, err := p.Has(t.Context(), sealed.CID); err != nil || there && (fault != blobtest.FaultLost || at != 2) {
				t.Errorf("fault %d at Put %d: the root is there: %v, %v", fault, at, there, err)
			}
			if err := vault.New(p).Put(t.Context(), sealed); err != nil {
				t.Errorf("fault %d at Put %d: again: %v", fault, at, err)
			}
			if got, err := vault.New(p).Get(t.Context(), sealed.CID); err != nil || !bytes.Equal(got, data) {
				t.Errorf("fault %d at Put %d: got %d bytes, %v", fault, at, len(got), err)
			}
		}
	}
}

// TestAFaultyStoreNeverServesOtherBytes fails the n-th read in each way: an error
// comes back or the object, and never anything else.
func TestAFaultyStoreNeverServesOtherBytes(t *testing.T) {
	t.Parallel()
	data, sealed := object(threeLeaves, 1)
	p := store(t)
	if err := vault.New(p).Put(t.Context(), sealed); err != nil {
		t.Fatal(err)
	}
	classes := map[blobtest.Fault]error{
		blobtest.FaultFail: sinso.ErrUnavailable, blobtest.FaultLost: sinso.ErrUnavailable,
		blobtest.FaultTruncate: sinso.ErrCorrupt, blobtest.FaultFlip: sinso.ErrCorrupt, blobtest.FaultStall: context.DeadlineExceeded,
	}
	for fault, class := range classes {
		for at := range len(sealed.Blocks) {
			faulty := func() *vault.Vault {
				return vault.New(&blobtest.Faulty{Store: p, Fault: fault, At: at + 1})
			}
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			if fault != blobtest.FaultStall {
				ctx = t.Context()
			}
			if got, err := faulty().Get(ctx, sealed.CID); !errors.Is(err, class) || got != nil {
				t.Errorf("fault %d at read %d: got %d bytes, %v, want %v", fault, at, len(got), err, class)
			}
			if err := faulty().Blocks(ctx, sealed.CID, func(sinso.CID) error { t.Error("a block is named"); return nil }); !errors.Is(err, class) && fault != blobtest.FaultStall {
				t.Errorf("fault %d at read %d: Blocks gives %v, want %v", fault, at, err, class)
			}
			cancel()
		}
	}
	if got, err := vault.New(p).Get(t.Context(), sealed.CID); err != nil || !bytes.Equal(got, data) {
		t.Errorf("after all: %d bytes, %v", len(got), err)
	}
}

func TestAMissingBlockIsNamed(t *testing.T) {
	t.Parallel()
	_, sealed := object(threeLeaves, 1)
	for _, missing := range sealed.Blocks {
		p := store(t)
		v := vault.New(p)
		if err := v.Put(t.Context(), sealed); err != nil {
			t.Fatal(err)
		}
		if err := p.Delete(t.Context(), missing.CID); err != nil {
			t.Fatal(err)
		}
		_, err := v.Get(t.Context(), sealed.CID)
		if !errors.Is(err, sinso.ErrNotFound) || !strings.Contains(err.Error(), string(missing.CID)) {
			t.Errorf("Get: got %v, want not found and the block's name", err)
		}
		err = v.Blocks(t.Context(), sealed.CID, func(sinso.CID) error { return nil })
		if !errors.Is(err, sinso.ErrNotFound) || !strings.Contains(err.Error(), string(missing.CID)) {
			t.Errorf("Blocks: got %v, want not found and the block's name", err)
		}
		// Copy brings that one, and no other.
		r := remoteWith(sealed.Blocks...)
		if err := v.Copy(t.Context(), sealed.CID, vault.MaxObject, r.fetch); err != nil || len(r.asked) != 1 || r.asked[missing.CID] != 1 {
			t.Errorf("Copy: %v, asked for %v", err, r.asked)
		}
		if _, err := v.Get(t.Context(), sealed.CID); err != nil {
			t.Errorf("after Copy: %v", err)
		}
	}
}

func TestBlocksNamesEveryBlockOnce(t *testing.T) {
	t.Parallel()
	v := vault.New(store(t))
	for i, size := range []int{0, 10, threeLeaves} {
		_, sealed := object(size, uint64(i))
		if err := v.Put(t.Context(), sealed); err != nil {
			t.Fatal(err)
		}
		named := map[sinso.CID]int{}
		if err := v.Blocks(t.Context(), sealed.CID, func(cid sinso.CID) error { named[cid]++; return nil }); err != nil {
			t.Fatal(err)
		}
		for _, b := range sealed.Blocks {
			if named[b.CID] != 1 {
				t.Errorf("%d bytes: block %s is named %d times", size, b.CID, named[b.CID])
			}
		}
		if len(named) != len(sealed.Blocks) {
			t.Errorf("%d bytes: %d blocks named, want %d", size, len(named), len(sealed.Blocks))
		}
		stop := errors.New("stop")
		if err := v.Blocks(t.Context(), sealed.CID, func(sinso.CID) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("an error of fn: got %v", err)
		}
	}
}

// copied copies an object and returns what is here then.
func copied(t *testing.T, v *vault.Vault, root sinso.CID, limit int64, fetch vault.Fetch) ([]byte, error) {
	t.Helper()
	if err := v.Copy(t.Context(), root, limit, fetch); err != nil {
		return nil, err
	}
	return v.Get(t.Context(), root)
}

// TestCopyGoesOnWhereItWasCutOff: by the remote's failure, and by a caller that
// gave up.
func TestCopyGoesOnWhereItWasCutOff(t *testing.T) {
	t.Parallel()
	data, sealed := object(threeLeaves, 1)
	gone := sealed.Blocks[2].CID // the last leaf
	for name, fetch := range map[string]func(context.CancelFunc) error{
		"the remote fails":    func(context.CancelFunc) error { return sinso.ErrUnavailable },
		"the caller gives up": func(cancel context.CancelFunc) error { cancel(); return context.Canceled },
	} {
		v := vault.New(store(t))
		r := remoteWith(sealed.Blocks...)
		ctx, cancel := context.WithCancel(t.Context())
		err := v.Copy(ctx, sealed.CID, vault.MaxObject, func(ctx context.Context, cid sinso.CID) ([]byte, error) {
			if cid == gone {
				return nil, fetch(cancel)
			}
			return r.fetch(ctx, cid)
		})
		if !errors.Is(err, sinso.ErrUnavailable) && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", name, err)
		}
		r.asked = map[sinso.CID]int{}
		got, err := copied(t, v, sealed.CID, vault.MaxObject, r.fetch)
		if err != nil || !bytes.Equal(got, data) || len(r.asked) != 1 || r.asked[gone] != 1 {
			t.Errorf("%s: again: %d bytes, %v, asked for %v", name, len(got), err, r.asked)
		}
		r.asked = map[sinso.CID]int{}
		if err := v.Copy(t.Context(), sealed.CID, vault.MaxObject, r.fetch); err != nil || len(r.asked) != 0 {
			t.Errorf("%s: a third time: %v, asked for %v", name, err, r.asked)
		}
		cancel()
	}
}

// TestCopyHealsWhatIsDamagedHere takes a block again that the disk spoiled.
func TestCopyHealsWhatIsDamagedHere(t *testing.T) {
	t.Parallel()
	data, sealed := object(threeLeaves, 1)
	p := store(t)
	if err := vault.New(p).Put(t.Context(), sealed); err != nil {
		t.Fatal(err)
	}
	for at := range len(sealed.Blocks) {
		v := vault.New(&blobtest.Faulty{Store: p, Fault: blobtest.FaultFlip, At: at + 1})
		r := remoteWith(sealed.Blocks...)
		if got, err := copied(t, v, sealed.CID, vault.MaxObject, r.fetch); err != nil || !bytes.Equal(got, data) || len(r.asked) != 1 {
			t.Errorf("read %d: got %d bytes, %v, asked for %v", at, len(got), err, r.asked)
		}
	}
}

func TestCopySaysWhenItCannotKeep(t *testing.T) {
	t.Parallel()
	_, sealed := object(10, 1)
	v := vault.New(&blobtest.Faulty{Store: store(t), Fault: blobtest.FaultFail, At: 2}) // the Put
	if got, err := copied(t, v, sealed.CID, vault.MaxObject, remoteWith(sealed.Blocks...).fetch); !errors.Is(err, sinso.ErrUnavailable) || got != nil {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
}

// node encodes an inner node that links to blocks (DAG-PB, UnixFS), each with the
// sizes that the caller claims.
func node(links ...claim) sinso.Block {
	var out, sizes []byte
	total := uint64(0)
	for _, l := range links {
		cid, err := l.cid.Bytes()
		if err != nil {
			panic(err)
		}
		link := append([]byte{0x0a, 36}, cid...)
		link = binary.AppendUvarint(append(link, 0x12, 0, 0x18), l.sum)
		out = append(binary.AppendUvarint(append(out, 0x12), uint64(len(link))), link...)
		sizes = binary.AppendUvarint(append(sizes, 0x20), l.size)
		total += l.size
	}
	data := append(binary.AppendUvarint([]byte{0x08, 0x02, 0x18}, total), sizes...)
	out = append(binary.AppendUvarint(append(out, 0x0a), uint64(len(data))), data...)
	return sinso.Block{CID: sinso.CIDOf(sinso.CodecDagPB, out), Data: out}
}

type claim struct {
	cid       sinso.CID
	size, sum uint64
}

// TestAHostileRemoteIsBounded: whatever it sends, the call ends with an error, few
// blocks are asked for, and nothing is kept that its name does not cover.
func TestAHostileRemoteIsBounded(t *testing.T) {
	t.Parallel()
	_, good := object(threeLeaves, 1)
	leaf := good.Blocks[0]
	big := sinso.Block{Data: make([]byte, 1<<20+1)}
	big.CID = sinso.CIDOf(sinso.CodecRaw, big.Data)
	bigNode := sinso.Block{Data: bytes.Repeat([]byte{0x12}, 3<<20)}
	bigNode.CID = sinso.CIDOf(sinso.CodecDagPB, bigNode.Data)
	claims := make([]claim, 1024)
	for i := range claims {
		claims[i] = claim{leaf.CID, 1 << 20, 1 << 20}
	}
	wide := node(claims...) // one GiB of one leaf
	for i := range claims {
		claims[i] = claim{wide.CID, 1 << 30, 1<<30 + uint64(len(wide.Data))}
	}
	deep := node(claims...) // one TiB of it
	self := node(claim{wide.CID, 1 << 40, 1 << 41})
	for name, tt := range map[string]struct {
		root   sinso.CID
		blocks []sinso.Block
		class  error
	}{
		"another block":                {good.CID, []sinso.Block{{CID: good.CID, Data: leaf.Data}}, sinso.ErrCorrupt},
		"another leaf":                 {good.CID, []sinso.Block{good.Blocks[3], {CID: leaf.CID, Data: good.Blocks[1].Data}}, sinso.ErrCorrupt},
		"nothing":                      {good.CID, []sinso.Block{{CID: good.CID}}, sinso.ErrCorrupt},
		"a leaf that is too big":       {big.CID, []sinso.Block{big}, sinso.ErrCorrupt},
		"a node that is too big":       {bigNode.CID, []sinso.Block{bigNode}, sinso.ErrCorrupt},
		"64 MiB for a small name":      {leaf.CID, []sinso.Block{{CID: leaf.CID, Data: make([]byte, 64<<20)}}, sinso.ErrCorrupt},
		"a file of a TiB":              {deep.CID, []sinso.Block{deep, wide, leaf}, sinso.ErrInvalid},
		"a node that is no file":       {sinso.CIDOf(sinso.CodecDagPB, []byte("x")), []sinso.Block{{CID: sinso.CIDOf(sinso.CodecDagPB, []byte("x")), Data: []byte("x")}}, sinso.ErrCorrupt},
		"a chain of one link each":     {self.CID, []sinso.Block{self, wide, leaf}, sinso.ErrInvalid},
		"the root is no CID":           {"bnonsense", nil, sinso.ErrInvalid},
		"the root is of another codec": {sinso.CID("b" + "afyreia"), nil, sinso.ErrInvalid},
	} {
		p := store(t)
		r := remoteWith(tt.blocks...)
		got, err := copied(t, vault.New(p), tt.root, vault.MaxObject, r.fetch)
		if !errors.Is(err, tt.class) || got != nil {
			t.Errorf("%s: got %d bytes, %v, want %v", name, len(got), err, tt.class)
		}
		if asked := len(r.asked); asked > 3 {
			t.Errorf("%s: asked for %d blocks", name, asked)
		}
		err = p.List(t.Context(), func(cid sinso.CID) error {
			data, err := p.Get(t.Context(), cid)
			if err == nil && len(data) > dag.LeafSize {
				t.Errorf("%s: a block of %d bytes is kept", name, len(data))
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := vault.New(store(t)).GetFrom(t.Context(), tt.root, r.fetch); !errors.Is(err, tt.class) || got != nil {
			t.Errorf("%s: GetFrom: got %d bytes, %v, want %v", name, len(got), err, tt.class)
		}
	}
}

// TestLinksOfAHostileDAGAreBounded: a few blocks that are linked to again and again name as
// many links as a file of a TiB has, and are refused before the first is counted. What an
// object may have is named.
func TestLinksOfAHostileDAGAreBounded(t *testing.T) {
	t.Parallel()
	_, good := object(threeLeaves, 1)
	leaf := good.Blocks[0]
	row := func(n int, child sinso.CID, size, sum uint64) sinso.Block {
		claims := make([]claim, n)
		for i := range claims {
			claims[i] = claim{child, size, sum}
		}
		return node(claims...)
	}
	wide := row(1024, leaf.CID, 1<<20, 1<<20) // one GiB of one leaf
	sum := uint64(1<<30 + len(wide.Data))
	most, more, deep := row(65, wide.CID, 1<<30, sum), row(66, wide.CID, 1<<30, sum), row(1024, wide.CID, 1<<30, sum)
	p := store(t)
	if err := p.Put(t.Context(), leaf, wide, most, more, deep); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		root  sinso.CID
		links int
		class error
	}{
		"the most there can be": {most.CID, 65*1025 + 1, nil},
		"more":                  {more.CID, 0, sinso.ErrInvalid},
		"a TiB":                 {deep.CID, 0, sinso.ErrInvalid},
	} {
		links := 0
		err := vault.New(p).Links(t.Context(), tt.root, func(sinso.CID) { links++ })
		if !errors.Is(err, tt.class) || links != tt.links {
			t.Errorf("%s: got %d links, %v, want %d, %v", name, links, err, tt.links, tt.class)
		}
	}
}

// TestCopyTakesNoMoreThanItsLimit: one leaf that is linked to again and again is not
// even asked for.
func TestCopyTakesNoMoreThanItsLimit(t *testing.T) {
	t.Parallel()
	data, sealed := object(threeLeaves, 1)
	for limit, fits := range map[int64]bool{-1: false, 0: false, threeLeaves - 1: false, threeLeaves: true, vault.MaxObject * 2: true} {
		r := remoteWith(sealed.Blocks...)
		got, err := copied(t, vault.New(store(t)), sealed.CID, limit, r.fetch)
		if fits && (err != nil || !bytes.Equal(got, data)) || !fits && (!errors.Is(err, sinso.ErrInvalid) || len(r.asked) != 1) {
			t.Errorf("limit %d: %d bytes, %d blocks, %v", limit, len(got), len(r.asked), err)
		}
	}
}

// TestAHangingRemoteEndsWithTheContext.
func TestAHangingRemoteEndsWithTheContext(t *testing.T) {
	t.Parallel()
	_, sealed := object(10, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := vault.New(store(t)).Copy(ctx, sealed.CID, vault.MaxObject, func(ctx context.Context, _ sinso.CID) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// FuzzCopy lets a remote answer for the root with any bytes, and for the rest with
// one leaf: nothing but the object under the root comes back.
func FuzzCopy(f *testing.F) {
	_, sealed := object(threeLeaves, 1)
	f.Add(sealed.Blocks[3].Data, true)
	f.Add(sealed.Blocks[2].Data, false)
	f.Fuzz(func(t *testing.T, data []byte, inner bool) {
		codec := sinso.CodecRaw
		if inner {
			codec = sinso.CodecDagPB
		}
		root := sinso.CIDOf(codec, data)
		r := remoteWith(append([]sinso.Block{{CID: root, Data: data}}, sealed.Blocks...)...)
		got, err := copied(t, vault.New(store(t)), root, vault.MaxObject, r.fetch)
		if err != nil {
			return
		}
		if again, _ := dag.Build(got); again != root {
			t.Errorf("got %d bytes of another object", len(got))
		}
	})
}
