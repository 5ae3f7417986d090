package fee_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"io"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

// plainOf is sha256("fee" ‖ i) for i = 0, 1, … (8 bytes big-endian), cut to size.
func plainOf(size int) []byte {
	data := make([]byte, 0, size+sha256.Size)
	for i := uint64(0); len(data) < size; i++ {
		block := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("fee"), i))
		data = append(data, block[:]...)
	}
	return data[:size]
}

func keyOf() (sinso.CEK, [7]byte) {
	return sha256.Sum256([]byte("key")), [7]byte{1, 2, 3, 4, 5, 6, 7}
}

func sealed(tb testing.TB, plain []byte) []byte {
	tb.Helper()
	key, base := keyOf()
	envelope, err := fee.Seal(key, base, plain)
	if err != nil {
		tb.Fatal(err)
	}
	return envelope
}

// ways are all the ways to open an envelope.
func ways() map[string]func(sinso.CEK, []byte) ([]byte, error) {
	return map[string]func(sinso.CEK, []byte) ([]byte, error){
		"Open": fee.Open,
		"NewReader": func(key sinso.CEK, envelope []byte) ([]byte, error) {
			r, err := fee.NewReader(bytes.NewReader(envelope), key)
			if err != nil {
				return nil, err
			}
			return io.ReadAll(r)
		},
		"OpenAt": func(key sinso.CEK, envelope []byte) ([]byte, error) {
			r, err := fee.OpenAt(bytes.NewReader(envelope), int64(len(envelope)), key)
			if err != nil {
				return nil, err
			}
			return io.ReadAll(io.NewSectionReader(r, 0, r.Size()))
		},
	}
}

var sizes = []int{0, 1, 100, fee.ChunkSize - 1, fee.ChunkSize, fee.ChunkSize + 1, 2 * fee.ChunkSize, 3*fee.ChunkSize + 5}

func TestEveryWayOpensWhatWasSealed(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	for _, size := range sizes {
		plain := plainOf(size)
		envelope := sealed(t, plain)
		for name, open := range ways() {
			if got, err := open(key, envelope); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%s of %d bytes: got %d bytes, %v", name, size, len(got), err)
			}
		}
		header, err := fee.ParseHeader(envelope)
		if err != nil || header.Size != int64(size) || header.Base != base || header.EnvelopeSize() != int64(len(envelope)) {
			t.Errorf("header of %d bytes: got %+v, %v", size, header, err)
		}
		for _, step := range []int{1000, 100_000, fee.ChunkSize, size + 1} {
			var out bytes.Buffer
			w, err := fee.NewWriter(&out, key, base, int64(size))
			if err != nil {
				t.Fatal(err)
			}
			for part := range slices.Chunk(plain, step) {
				if _, err := w.Write(part); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil || !bytes.Equal(out.Bytes(), envelope) {
				t.Errorf("writer of %d bytes in steps of %d: other bytes than Seal, or %v", size, step, err)
			}
		}
	}
}

// TestChunksMakeWhatSealMakes seals chunk by chunk, each where it stays.
func TestChunksMakeWhatSealMakes(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	for _, size := range sizes {
		plain := plainOf(size)
		chunks, out, err := fee.NewChunks(key, base, int64(size))
		if err != nil {
			t.Fatal(err)
		}
		for rest := plain; chunks.Left() > 0; {
			n, before := chunks.Plain(), len(out)
			want := before + chunks.Sealed()
			if out = chunks.Seal(out, rest[:n]); len(out) != want {
				t.Errorf("%d bytes: a chunk of %d, want %d", size, len(out)-before, want-before)
			}
			rest = rest[n:]
		}
		if !bytes.Equal(out, sealed(t, plain)) {
			t.Errorf("%d bytes: other bytes than Seal", size)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d bytes: one chunk too many", size)
				}
			}()
			chunks.Seal(nil, nil)
		}()
	}
	if _, _, err := fee.NewChunks(sinso.CEK{}, base, 1); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a key of zeros: got %v", err)
	}
}

// TestAnEnvelopeIsWhatItsFormatSays writes one by hand, without the package.
func TestAnEnvelopeIsWhatItsFormatSays(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	plain := plainOf(fee.ChunkSize + 1)
	protected := slices.Concat(
		unhex(t, "a5"),                                                            // map of 5
		unhex(t, "01"+"3a00010100"),                                               // alg: -65793
		unhex(t, "10"+"7828"), []byte("application/vnd.filecoin-encryption+cose"), // typ: text of 40
		unhex(t, "20"+"1a00040000"),         // chunk_size: 262144
		unhex(t, "3a000100fc"+"1a00040001"), // plaintext_length: 262145
		unhex(t, "3a000100fe"+"02"),         // chunk_count: 2
	)
	header := append([]byte{0xd0, 0x83, 0x58, byte(len(protected))}, protected...)
	header = append(append(header, 0xa1, 0x05, 0x47), base[:]...)
	header = append(header, 0xf6)
	aad := append([]byte{0x83, 0x68}, "Encrypt0"...)
	aad = append(append(aad, 0x58, byte(len(protected))), protected...)
	aad = append(aad, 0x40)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	want := append([]byte{1, 0, 0, 0, byte(len(header))}, header...)
	want = gcm.Seal(want, append(base[:], 0, 0, 0, 0, 0), plain[:fee.ChunkSize], aad)
	want = gcm.Seal(want, append(base[:], 0, 0, 0, 1, 1), plain[fee.ChunkSize:], aad)
	got := sealed(t, plain)
	if !bytes.Equal(got, want) {
		t.Errorf("got  %x…\nwant %x…", got[:len(header)+5], want[:len(header)+5])
	}
}

func unhex(tb testing.TB, text string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestEveryFlippedByteIsCorrupt flips each byte of a short envelope in every bit.
func TestEveryFlippedByteIsCorrupt(t *testing.T) {
	t.Parallel()
	key, _ := keyOf()
	envelope := sealed(t, plainOf(50))
	for i := range envelope {
		for bit := range 8 {
			damaged := bytes.Clone(envelope)
			damaged[i] ^= 1 << bit
			for name, open := range ways() {
				if got, err := open(key, damaged); !errors.Is(err, sinso.ErrCorrupt) || len(got) != 0 {
					t.Errorf("%s, byte %d, bit %d: got %d bytes, %v, want corrupt", name, i, bit, len(got), err)
				}
			}
		}
	}
}

// TestAFlippedByteAnywhereInALongEnvelopeIsCorrupt draws the place.
func TestAFlippedByteAnywhereInALongEnvelopeIsCorrupt(t *testing.T) {
	t.Parallel()
	key, _ := keyOf()
	plain := plainOf(2*fee.ChunkSize + 77)
	envelope := sealed(t, plain)
	rapid.Check(t, func(r *rapid.T) {
		damaged := bytes.Clone(envelope)
		damaged[rapid.IntRange(0, len(envelope)-1).Draw(r, "at")] ^= rapid.ByteRange(1, 255).Draw(r, "flip")
		for name, open := range ways() {
			got, err := open(key, damaged)
			if !errors.Is(err, sinso.ErrCorrupt) || !bytes.HasPrefix(plain, got) {
				r.Errorf("%s: got %v, want corrupt and nothing that is not the plaintext", name, err)
			}
			if name == "Open" && got != nil {
				r.Errorf("Open returns %d bytes of a damaged envelope", len(got))
			}
		}
	})
}

func TestCutOffOrLongerIsCorrupt(t *testing.T) {
	t.Parallel()
	key, _ := keyOf()
	envelope := sealed(t, plainOf(50))
	for name, open := range ways() {
		for n := range envelope {
			if _, err := open(key, envelope[:n]); !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("%s of the first %d bytes: got %v, want corrupt", name, n, err)
			}
		}
		if _, err := open(key, append(bytes.Clone(envelope), 0)); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s of a byte too many: got %v, want corrupt", name, err)
		}
	}
}

// TestChunksCannotBeMoved swaps, repeats, drops and borrows chunks.
func TestChunksCannotBeMoved(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	plain := plainOf(3 * fee.ChunkSize)
	envelope := sealed(t, plain)
	header, err := fee.ParseHeader(envelope)
	if err != nil {
		t.Fatal(err)
	}
	const stride = fee.ChunkSize + 16
	head := envelope[:header.Bytes]
	part := func(e []byte, i int) []byte { return e[int(header.Bytes)+i*stride:][:stride] }
	base[0] ^= 1
	other, err := fee.Seal(key, base, plain)
	if err != nil {
		t.Fatal(err)
	}
	shorter := sealed(t, plain[:2*fee.ChunkSize])
	for name, damaged := range map[string][]byte{
		"swapped":                    slices.Concat(head, part(envelope, 1), part(envelope, 0), part(envelope, 2)),
		"repeated":                   slices.Concat(head, part(envelope, 0), part(envelope, 0), part(envelope, 2)),
		"last one first":             slices.Concat(head, part(envelope, 2), part(envelope, 1), part(envelope, 0)),
		"dropped":                    slices.Concat(head, part(envelope, 0), part(envelope, 2)),
		"of another envelope":        slices.Concat(head, part(envelope, 0), part(other, 1), part(envelope, 2)),
		"header of another envelope": slices.Concat(other[:header.Bytes], envelope[header.Bytes:]),
		"header of a shorter one":    slices.Concat(shorter[:header.Bytes], part(envelope, 0), part(envelope, 1)),
	} {
		for way, open := range ways() {
			if _, err := open(key, damaged); !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("%s, %s: got %v, want corrupt", way, name, err)
			}
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	for _, size := range []int{0, 50, fee.ChunkSize + 1} {
		envelope := sealed(t, plainOf(size))
		other := key
		other[31] ^= 1
		for name, open := range ways() {
			if _, err := open(other, envelope); !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("%s with another key: got %v, want corrupt", name, err)
			}
			if _, err := open(sinso.CEK{}, envelope); !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("%s with a key of zeros: got %v, want invalid", name, err)
			}
		}
	}
	if _, err := fee.Seal(sinso.CEK{}, base, nil); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("Seal with a key of zeros: got %v, want invalid", err)
	}
	if _, err := fee.NewWriter(io.Discard, sinso.CEK{}, base, 0); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("NewWriter with a key of zeros: got %v, want invalid", err)
	}
}

// counting counts the bytes that are read.
type counting struct {
	*bytes.Reader
	read atomic.Int64
}

func (c *counting) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.Reader.ReadAt(p, off)
	c.read.Add(int64(n))
	return n, err
}

// TestAnyRangeIsThatOfThePlaintext also checks that no chunk is read in vain.
func TestAnyRangeIsThatOfThePlaintext(t *testing.T) {
	t.Parallel()
	key, _ := keyOf()
	plain := plainOf(5*fee.ChunkSize + 77)
	envelope := sealed(t, plain)
	source := &counting{Reader: bytes.NewReader(envelope)}
	r, err := fee.OpenAt(source, int64(len(envelope)), key)
	if err != nil {
		t.Fatal(err)
	}
	if read := source.read.Load(); read > 2048 {
		t.Errorf("opening reads %d bytes, want the header and the short last chunk", read)
	}
	rapid.Check(t, func(rt *rapid.T) {
		start := rapid.IntRange(0, len(plain)).Draw(rt, "start")
		length := rapid.IntRange(0, 2*fee.ChunkSize).Draw(rt, "length")
		before := source.read.Load()
		p := make([]byte, length)
		n, err := r.ReadAt(p, int64(start))
		want := plain[start:min(start+length, len(plain))]
		if !bytes.Equal(p[:n], want) || (n < length) != errors.Is(err, io.EOF) {
			rt.Errorf("got %d bytes, %v, want %d", n, err, len(want))
		}
		const stride = fee.ChunkSize + 16
		if got, most := source.read.Load()-before, int64(length/fee.ChunkSize+2)*stride; got > most || length == 0 && got > 0 {
			rt.Errorf("read %d bytes of the envelope for %d, want at most %d", got, length, most)
		}
	})
	if _, err := r.ReadAt(make([]byte, 1), -1); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("offset -1: got %v, want invalid", err)
	}
}

// TestAHeaderThatLiesIsNotBelievedByOpenAt changes nothing but the length that
// the header and the envelope agree on.
func TestAHeaderThatLiesIsNotBelievedByOpenAt(t *testing.T) {
	t.Parallel()
	key, _ := keyOf()
	long, short := sealed(t, plainOf(2*fee.ChunkSize+2)), sealed(t, plainOf(2*fee.ChunkSize+1))
	header, err := fee.ParseHeader(short)
	if err != nil {
		t.Fatal(err)
	}
	lying := append(bytes.Clone(short[:header.Bytes]), long[header.Bytes:][:int64(len(short))-header.Bytes]...)
	if _, err := fee.OpenAt(bytes.NewReader(lying), int64(len(lying)), key); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("got %v, want corrupt", err)
	}
}

func TestAWriterTakesWhatWasAnnounced(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	for name, tt := range map[string]struct{ announced, written int }{
		"one less": {100, 99}, "one more": {100, 101}, "none of some": {1, 0}, "some of none": {0, 1},
		"a chunk less": {2 * fee.ChunkSize, fee.ChunkSize}, "more than a chunk": {fee.ChunkSize, fee.ChunkSize + 1},
	} {
		var out bytes.Buffer
		w, err := fee.NewWriter(&out, key, base, int64(tt.announced))
		if err != nil {
			t.Fatal(err)
		}
		_, writeErr := w.Write(plainOf(tt.written))
		closeErr := w.Close()
		if !errors.Is(closeErr, sinso.ErrInvalid) || tt.written > tt.announced && !errors.Is(writeErr, sinso.ErrInvalid) {
			t.Errorf("%s: got %v and %v, want invalid", name, writeErr, closeErr)
		}
		for way, open := range ways() {
			if _, err := open(key, out.Bytes()); !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("%s: %s of what was written: got %v, want corrupt", name, way, err)
			}
		}
	}
	for _, size := range []int64{-1, fee.MaxPlain + 1} {
		if _, err := fee.NewWriter(io.Discard, key, base, size); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("size %d: got %v, want invalid", size, err)
		}
	}
	w, err := fee.NewWriter(io.Discard, key, base, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("second Close: got %v, want invalid", err)
	}
}

var errDisk = errors.New("disk")

// failing takes or gives n bytes and then fails.
type failing struct {
	n int
	r io.Reader
}

func (f *failing) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func (f *failing) Read(p []byte) (int, error) {
	if f.n == 0 {
		return 0, errDisk
	}
	n, err := f.r.Read(p[:min(len(p), f.n)])
	f.n -= n
	return n, err
}

// TestAFailureOfTheOtherSideIsPassedOn fails at each byte of a short envelope: the
// error is the other side's, and not that the envelope is damaged.
func TestAFailureOfTheOtherSideIsPassedOn(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	plain := plainOf(50)
	envelope := sealed(t, plain)
	for n := range envelope {
		w, err := fee.NewWriter(&failing{n: n}, key, base, int64(len(plain)))
		if err == nil {
			if _, err = w.Write(plain); err == nil {
				err = w.Close()
			}
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("write failed at %d: got %v, want its error", n, err)
		}
		r, err := fee.NewReader(&failing{n: n, r: bytes.NewReader(envelope)}, key)
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if !errors.Is(err, errDisk) || errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("read failed at %d: got %v, want its error", n, err)
		}
	}
}

// TestAClaimCostsNoMemory opens an envelope whose header claims 1 TiB.
func TestAClaimCostsNoMemory(t *testing.T) { //nolint:paralleltest // measures the whole program's allocation
	key, base := keyOf()
	var out bytes.Buffer
	if _, err := fee.NewWriter(&out, key, base, 1<<40); err != nil {
		t.Fatal(err)
	}
	out.Write(make([]byte, 1000))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, open := range ways() {
		if _, err := open(key, out.Bytes()); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want corrupt", name, err)
		}
	}
	runtime.ReadMemStats(&after)
	const allowed = 2 << 20
	if got := after.TotalAlloc - before.TotalAlloc; got > allowed {
		t.Errorf("allocated %d bytes, want at most %d", got, allowed)
	}
}

func TestKeyCommitment(t *testing.T) {
	t.Parallel()
	key, _ := keyOf()
	cid := sinso.CIDOf(sinso.CodecDagPB, []byte("payload"))
	digest := sha256.Sum256([]byte("payload"))
	want := sha256.Sum256(slices.Concat([]byte("sinso/key/v1"), key[:], []byte{1, 0x70, 0x12, 0x20}, digest[:]))
	if got, err := fee.KeyCommitment(key, cid); err != nil || got != want {
		t.Errorf("got %s, %v, want %x", got, err, want)
	}
	if _, err := fee.KeyCommitment(key, "bafy"); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("bad CID: got %v, want invalid", err)
	}
}

// made are envelopes of no more than a few bytes, and hashes of longer ones.
func made(t *testing.T) []vectortest.Vector {
	t.Helper()
	key, base := keyOf()
	var vectors []vectortest.Vector
	for _, size := range sizes {
		envelope := sealed(t, plainOf(size))
		header, err := fee.ParseHeader(envelope)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(envelope)
		fields := []string{"key", hex.EncodeToString(key[:]), "base", hex.EncodeToString(base[:]), "size", strconv.Itoa(size), "header", hex.EncodeToString(envelope[:header.Bytes]), "sha256", hex.EncodeToString(sum[:])}
		if size <= 100 {
			fields = append(fields, "envelope", hex.EncodeToString(envelope))
		}
		vectors = append(vectors, vectortest.New(strconv.Itoa(size)+" bytes", vectortest.Success, fields...))
	}
	return append(vectors, refused(t)...)
}

// header is a COSE header that can be wrong, in bytes.
type header struct{ version, tag, protected, unprotected, tail []byte }

func (h header) bytes() []byte {
	cose := slices.Concat(h.tag, []byte{0x58, byte(len(h.protected))}, h.protected, h.unprotected, h.tail)
	return slices.Concat(h.version, binary.BigEndian.AppendUint32(nil, uint32(len(cose))), cose)
}

// refused are envelopes of 100 bytes with the right chunks' bytes (the tag is that
// of the right header) and one thing wrong in the header.
func refused(t *testing.T) []vectortest.Vector {
	t.Helper()
	key, base := keyOf()
	envelope := sealed(t, plainOf(100))
	parsed, err := fee.ParseHeader(envelope)
	if err != nil {
		t.Fatal(err)
	}
	cose := envelope[5:parsed.Bytes]
	good := header{[]byte{1}, cose[:2], cose[4 : 4+int(cose[3])], cose[4+int(cose[3]) : len(cose)-1], cose[len(cose)-1:]}
	if !bytes.Equal(good.bytes(), envelope[:parsed.Bytes]) {
		t.Fatalf("the parts of the header do not make it: %x", good.bytes())
	}
	protected := func(from, to string) func(*header) {
		return func(h *header) {
			old := unhex(t, from)
			if bytes.Count(h.protected, old) != 1 {
				t.Fatalf("%s is not once in %x", from, h.protected)
			}
			h.protected = bytes.Replace(h.protected, old, unhex(t, to), 1)
		}
	}
	var vectors []vectortest.Vector
	add := func(name, expect string, change func(*header)) {
		h := good
		change(&h)
		b := slices.Concat(h.bytes(), envelope[parsed.Bytes:])
		vectors = append(vectors, vectortest.New("header: "+name, expect, "key", hex.EncodeToString(key[:]), "envelope", hex.EncodeToString(b)))
	}
	const alg, chunk, size, count = "013a00010100", "201a00040000", "3a000100fc1864", "3a000100fe01"
	add("version 2", "unsupported", func(h *header) { h.version = []byte{2} })
	add("version 0", "corrupt", func(h *header) { h.version = []byte{0} })
	add("COSE_Encrypt (tag 96)", "corrupt", func(h *header) { h.tag = unhex(t, "d86083") })
	add("no tag", "corrupt", func(h *header) { h.tag = []byte{0x83} })
	add("tag 16 in two bytes", "corrupt", func(h *header) { h.tag = unhex(t, "d81083") })
	add("array of indefinite length", "corrupt", func(h *header) { h.tag, h.tail = unhex(t, "d09f"), unhex(t, "f6ff") })
	add("four elements", "corrupt", func(h *header) { h.tag, h.tail = unhex(t, "d084"), unhex(t, "f680") })
	add("two elements", "corrupt", func(h *header) { h.tag, h.tail = unhex(t, "d082"), nil })
	add("empty ciphertext inside", "corrupt", func(h *header) { h.tail = []byte{0x40} })
	add("undefined for nil", "corrupt", func(h *header) { h.tail = []byte{0xf7} })
	add("bytes after it", "corrupt", func(h *header) { h.tail = unhex(t, "f600") })
	add("base of 6 bytes", "corrupt", func(h *header) { h.unprotected = append(unhex(t, "a10546"), base[:6]...) })
	add("base of 12 bytes", "corrupt", func(h *header) { h.unprotected = append(unhex(t, "a1054c0000000000"), base[:]...) })
	add("no base", "corrupt", func(h *header) { h.unprotected = []byte{0xa0} })
	add("base twice", "corrupt", func(h *header) {
		h.unprotected = slices.Concat(unhex(t, "a20547"), base[:], unhex(t, "0547"), base[:])
	})
	add("one more unprotected label", "corrupt", func(h *header) {
		h.unprotected = slices.Concat(unhex(t, "a204410005"), []byte{0x47}, base[:])
	})
	add("label 1 in two bytes", "corrupt", protected("01"+alg[2:], "1801"+alg[2:]))
	add("chunk size in eight bytes", "corrupt", protected(chunk, "201b0000000000040000"))
	add("labels in another order", "corrupt", protected(size+count, count+size))
	add("algorithm 3 (not chunked)", "unsupported", protected(alg, "0103"))
	add("no algorithm", "unsupported", func(h *header) { protected(alg, "")(h); h.protected[0]-- })
	add("other type", "corrupt", protected("6e2b636f7365", "6e2b636f7366"))
	add("chunks of 64 KiB", "unsupported", protected(chunk, "201a00010000"))
	add("chunks of 0", "unsupported", protected(chunk, "2000"))
	add("a length of one more", "corrupt", protected(size, "3a000100fc1865"))
	add("a length of 2^63", "corrupt", protected(size, "3a000100fc1b8000000000000000"))
	add("a length of 2^50", "corrupt", protected(size, "3a000100fc1b0004000000000000"))
	add("two chunks", "corrupt", protected(count, "3a000100fe02"))
	add("no chunk", "corrupt", protected(count, "3a000100fe00"))
	add("no count", "corrupt", func(h *header) { protected(count, "")(h); h.protected[0]-- })
	add("count twice", "corrupt", func(h *header) { protected(count, count+count)(h); h.protected[0]++ })
	add("compression 2", "unsupported", func(h *header) { protected(count, count+"3a0001010702")(h); h.protected[0]++ })
	add("compression 0 written out", "corrupt", func(h *header) { protected(count, count+"3a0001010700")(h); h.protected[0]++ })
	add("an unknown protected label", "unsupported", func(h *header) { protected(count, count+"3a0001010600")(h); h.protected[0]++ })
	long := binary.BigEndian.AppendUint32([]byte{1}, 1<<31)
	for name, b := range map[string][]byte{"longer than any": append(long, envelope[5:]...)} {
		vectors = append(vectors, vectortest.New("header: "+name, "corrupt", "key", hex.EncodeToString(key[:]), "envelope", hex.EncodeToString(b)))
	}
	whole := vectortest.New("", "", "key", hex.EncodeToString(key[:]), "envelope", hex.EncodeToString(envelope))
	return append(
		vectors,
		whole.With("other key", "corrupt", "key", hex.EncodeToString(bytes.Repeat([]byte{1}, 32))),
		whole.With("key of zeros", "invalid", "key", hex.EncodeToString(make([]byte, 32))),
		whole.With("cut off", "corrupt", "envelope", hex.EncodeToString(envelope[:len(envelope)-1])),
		whole.With("a byte more", "corrupt", "envelope", hex.EncodeToString(envelope)+"00"),
		whole.With("empty", "corrupt", "envelope", ""),
	)
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectortest.Golden(t, *update, "fee", `Envelopes. plain: size bytes of sha256("fee" ‖ i) for i = 0, 1, … (8 bytes big-endian), cut off. sha256: of the envelope, which stands
here if it is short. An error that may be a newer version's is both unsupported and corrupt.`, made(t)) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			var envelope []byte
			if texts := v.All("envelope"); len(texts) > 0 {
				envelope = unhex(t, texts[0])
			} else {
				var err error
				if envelope, err = fee.Seal(v.Word(t, "key"), [7]byte(v.Bytes(t, "base")), plainOf(int(v.Int(t, "size")))); err != nil {
					t.Fatal(err)
				}
			}
			for name, open := range ways() {
				plain, err := open(v.Word(t, "key"), envelope)
				if v.Expect != "invalid" && v.Expect != vectortest.Success && !errors.Is(err, sinso.ErrCorrupt) {
					t.Errorf("%s: got %v, want corrupt too", name, err)
				}
				if !v.Judge(t, err) {
					continue
				}
				if !bytes.Equal(plain, plainOf(int(v.Int(t, "size")))) || sha256.Sum256(envelope) != v.Word(t, "sha256") || !bytes.HasPrefix(envelope, v.Bytes(t, "header")) {
					t.Errorf("%s: other bytes than the vector's", name)
				}
			}
		})
	}
}

// FuzzParseHeader checks that a header that parses is the one that is written for
// what it says.
func FuzzParseHeader(f *testing.F) {
	for _, v := range vectortest.Read(f, "fee") {
		if texts := v.All("envelope"); len(texts) > 0 {
			f.Add(unhex(f, texts[0]))
		}
	}
	key, _ := keyOf()
	f.Fuzz(func(t *testing.T, data []byte) {
		header, err := fee.ParseHeader(data)
		if err != nil {
			if !errors.Is(err, sinso.ErrCorrupt) {
				t.Errorf("got %v, want corrupt", err)
			}
			return
		}
		var out bytes.Buffer
		if header.Compressed {
			return // TestCompressedVectors
		}
		if _, err := fee.NewWriter(&out, key, header.Base, header.Size); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), data[:header.Bytes]) {
			t.Errorf("%x parses, but %x is written for it", data, out.Bytes())
		}
	})
}

// FuzzOpen checks that nothing opens that was not sealed, and that what opens is
// the one envelope for its plaintext.
func FuzzOpen(f *testing.F) {
	key, base := keyOf()
	f.Add(sealed(f, nil))
	f.Add(sealed(f, plainOf(100)))
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, err := fee.Open(key, data)
		if err != nil {
			return
		}
		again, err := fee.Seal(key, base, plain)
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("%x opens, but is not what is sealed", data)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	key, base := keyOf()
	plain := plainOf(512 * 1024) // a CT instance of 512² × 16 bit
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		if _, err := fee.Seal(key, base, plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	key, _ := keyOf()
	envelope := sealed(b, plainOf(512*1024))
	b.SetBytes(512 * 1024)
	for b.Loop() {
		if _, err := fee.Open(key, envelope); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriter(b *testing.B) {
	key, base := keyOf()
	plain := plainOf(8 << 20)
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		w, err := fee.NewWriter(io.Discard, key, base, int64(len(plain)))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Write(plain); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFrameOutOf300(b *testing.B) {
	key, _ := keyOf()
	const frame = 512 * 512 * 2
	envelope := sealed(b, make([]byte, 300*frame))
	r, err := fee.OpenAt(bytes.NewReader(envelope), int64(len(envelope)), key)
	if err != nil {
		b.Fatal(err)
	}
	p := make([]byte, frame)
	b.SetBytes(frame)
	for b.Loop() {
		if _, err := r.ReadAt(p, 150*frame+1000); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHeader(b *testing.B) {
	envelope := sealed(b, nil)
	for b.Loop() {
		if _, err := fee.ParseHeader(envelope); err != nil {
			b.Fatal(err)
		}
	}
}
