package vault_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/blob/pack"
	"sinso.dev/sinso/internal/format/dag"
	"sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/stage/seal"
	"sinso.dev/sinso/internal/stage/vault"
)

// The benchmarks of this file are run by cmd/bench-vault, each once, in a process of its
// own: with the folder of the vault in BENCH_VAULT_DIR, which one of them fills and others
// read, and the files to store in BENCH_VAULT_FILES.

// setting returns an environment variable; the benchmark is left out without it.
func setting(b *testing.B, name string) string {
	b.Helper()
	value := os.Getenv(name)
	if value == "" {
		b.Skipf("cmd/bench-vault runs it, with %s", name)
	}
	return value
}

// rig is a vault as the node has it: in segments on the disk, synced, with custodians.
type rig struct {
	dir    string
	vault  *vault.Vault
	sealer *seal.Sealer
}

var custodians = []sinso.KeyID{sinso.KeyInstitution, sinso.PersonKey("p_bench")}

func newRig(b *testing.B) *rig {
	b.Helper()
	dir := setting(b, "BENCH_VAULT_DIR")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	log, err := pack.Open(filepath.Join(dir, "log"), pack.Options{})
	if err != nil {
		b.Fatal(err)
	}
	unlock, folder := file.Unlock{KeyFile: filepath.Join(dir, "node.key")}, filepath.Join(dir, "node", "keys")
	keys, err := file.Open(folder, unlock, rand.Reader)
	if err != nil {
		if keys, err = file.Create(folder, unlock, rand.Reader); err != nil {
			b.Fatal(err)
		}
		for _, id := range custodians {
			if err := keys.Create(b.Context(), id); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Cleanup(func() {
		if err := log.Close(); err != nil {
			b.Error(err)
		}
		_ = keys.Close()
	})
	sealer := seal.New(keys, rand.Reader)
	if os.Getenv("BENCH_VAULT_COMPRESS") != "" {
		if sealer, err = seal.NewCompressing(keys, rand.Reader); err != nil {
			b.Fatal(err)
		}
	}
	return &rig{dir, vault.New(log), sealer}
}

// stored is what is kept of an object to find it again.
type stored struct {
	Name string
	CID  sinso.CID
	Keys []sinso.WrappedKey
}

// benchWorkers are as many as the node's import has: what one waits for, the disk or a
// processor, another uses.
const benchWorkers = 4

// batchBytes is how much is stored with one sync, as of a release.
const batchBytes = 8 << 20

// BenchmarkStoreFiles seals each file and stores it, synced.
func BenchmarkStoreFiles(b *testing.B) {
	from := setting(b, "BENCH_VAULT_FILES")
	r := newRig(b)
	for b.Loop() {
		names := namesIn(b, from)
		all := make([]stored, len(names))
		group, ctx := errgroup.WithContext(b.Context())
		per := (len(names) + benchWorkers - 1) / benchWorkers
		for at := 0; at < len(names); at += per {
			names, all := names[at:min(at+per, len(names))], all[at:min(at+per, len(names))]
			group.Go(func() error { return r.store(ctx, from, names, all) })
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
		list, err := json.Marshal(all)
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(r.dir, "list"), list, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

func (r *rig) store(ctx context.Context, from string, names []string, to []stored) error {
	var batch []sinso.Sealed
	size := int64(0)
	for i, name := range names {
		plain, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		sealed, err := r.sealer.Seal(ctx, plain, custodians...)
		if err != nil {
			return err
		}
		to[i] = stored{name, sealed.CID, sealed.Keys}
		batch, size = append(batch, sealed), size+sealed.Size
		if size < batchBytes && i+1 < len(names) {
			continue
		}
		if err := r.vault.Put(ctx, batch...); err != nil {
			return err
		}
		batch, size = nil, 0
	}
	return nil
}

func namesIn(b *testing.B, dir string) []string {
	b.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// BenchmarkOpenFiles opens what BenchmarkStoreFiles stored: blocks, proof, plain bytes; into
// files in BENCH_VAULT_OUT, if that is set.
func BenchmarkOpenFiles(b *testing.B) {
	to := os.Getenv("BENCH_VAULT_OUT")
	r := newRig(b)
	for b.Loop() {
		list, err := os.ReadFile(filepath.Join(r.dir, "list"))
		if err != nil {
			b.Fatal(err)
		}
		var all []stored
		if err := json.Unmarshal(list, &all); err != nil {
			b.Fatal(err)
		}
		if to != "" {
			if err := os.MkdirAll(to, 0o700); err != nil {
				b.Fatal(err)
			}
		}
		group, ctx := errgroup.WithContext(b.Context())
		group.SetLimit(benchWorkers)
		for _, s := range all {
			group.Go(func() error { return r.open(ctx, s, to) })
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}

func (r *rig) open(ctx context.Context, s stored, to string) error {
	key, err := r.sealer.Key(ctx, s.CID, s.Keys, custodians...)
	if err != nil {
		return err
	}
	plain, err := r.vault.Open(ctx, s.CID, func(envelope []byte) ([]byte, error) { return seal.OpenOriginal(key, envelope) })
	if err != nil || to == "" {
		return err
	}
	return os.WriteFile(filepath.Join(to, s.Name), plain, 0o600)
}

// BenchmarkCIDs prints the CID that each file has as it is.
func BenchmarkCIDs(b *testing.B) {
	from := setting(b, "BENCH_VAULT_FILES")
	for b.Loop() {
		for _, name := range namesIn(b, from) {
			data, err := os.ReadFile(filepath.Join(from, name))
			if err != nil {
				b.Fatal(err)
			}
			root, _ := dag.Build(data)
			fmt.Printf("\ncid %s\n", root)
		}
	}
}

const (
	frameBytes = 512 * 512 * 2
	frames     = 2048 // of a multi-frame object of 1 GiB
)

// noise is a stream of size bytes that nobody can compress, the same each time: 1 MiB of
// random bytes again and again, each time with its number in front.
type noise struct {
	part []byte
	n    uint64 // of the part
	left []byte // of it
	size int64
}

func newNoise(size int64) *noise {
	n := &noise{part: make([]byte, 1<<20), size: size}
	_, _ = mathrand.NewChaCha8([32]byte{1}).Read(n.part) // never fails
	return n
}

func (n *noise) Read(p []byte) (int, error) {
	if n.size == 0 {
		return 0, io.EOF
	}
	if len(n.left) == 0 {
		n.left = n.part
		binary.LittleEndian.PutUint64(n.part, n.n)
		n.n++
	}
	took := copy(p[:min(int64(len(p)), n.size)], n.left)
	n.left, n.size = n.left[took:], n.size-int64(took)
	return took, nil
}

// storeNoise stores a stream.
func (r *rig) storeNoise(b *testing.B, size int64) stored {
	b.Helper()
	sealed, err := r.vault.PutFrom(b.Context(), func(emit func(sinso.Block) error) (sinso.Sealed, error) {
		return r.sealer.SealFrom(b.Context(), newNoise(size), size, emit, custodians...)
	})
	if err != nil {
		b.Fatal(err)
	}
	return stored{CID: sealed.CID, Keys: sealed.Keys}
}

func (r *rig) openAt(b *testing.B, s stored) *vault.Object {
	b.Helper()
	key, err := r.sealer.Key(b.Context(), s.CID, s.Keys, custodians...)
	if err != nil {
		b.Fatal(err)
	}
	object, err := r.vault.OpenAt(b.Context(), s.CID, key)
	if err != nil {
		b.Fatal(err)
	}
	return object
}

// BenchmarkFrame reads frames out of one large object, each from the wrapped key on.
func BenchmarkFrame(b *testing.B) {
	r := newRig(b)
	large := r.storeNoise(b, frames*frameBytes)
	for b.Loop() {
		var took []time.Duration
		frame := make([]byte, frameBytes)
		for range 200 {
			n := mathrand.IntN(frames)
			began := time.Now()
			if _, err := r.openAt(b, large).ReadAt(frame, int64(n)*frameBytes); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(began))
			if n%2 == 0 && binary.LittleEndian.Uint64(frame) != uint64(n/2) {
				b.Fatalf("frame %d is another", n)
			}
		}
		slices.SortFunc(took, cmp.Compare[time.Duration])
		b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50-ms")
		b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99-ms")
	}
}

// BenchmarkLarge stores an object of BENCH_VAULT_LARGE bytes as a stream and reads it back.
func BenchmarkLarge(b *testing.B) {
	size, err := strconv.ParseInt(setting(b, "BENCH_VAULT_LARGE"), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	const mega = 1e6
	r := newRig(b)
	for b.Loop() {
		began := time.Now()
		large := r.storeNoise(b, size)
		b.ReportMetric(float64(size)/mega/time.Since(began).Seconds(), "in-MB/s")
		began = time.Now()
		if !same(b, r.openAt(b, large).Reader(), newNoise(size)) {
			b.Fatal("other bytes came back")
		}
		b.ReportMetric(float64(size)/mega/time.Since(began).Seconds(), "out-MB/s")
		b.ReportMetric(peakMB(b), "peak-MB")
	}
}

// same reports whether two streams have the same bytes.
func same(b *testing.B, one, other io.Reader) bool {
	b.Helper()
	p, q := make([]byte, 1<<20), make([]byte, 1<<20)
	for {
		n, err := io.ReadFull(one, p)
		m, otherErr := io.ReadFull(other, q)
		if n != m || !bytes.Equal(p[:n], q[:m]) {
			return false
		}
		if err != nil || otherErr != nil {
			if end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); !end {
				b.Fatal(err)
			}
			return otherErr != nil
		}
	}
}

// peakMB is the most memory that this process had resident.
func peakMB(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("this system does not tell: ", err)
	}
	for line := range strings.Lines(string(status)) {
		var kib float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kib); n == 1 {
			return kib * 1024 / 1e6
		}
	}
	b.Fatal("no VmHWM")
	return 0
}
