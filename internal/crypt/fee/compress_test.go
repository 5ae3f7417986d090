package fee_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

func compressor(tb testing.TB) *fee.Compressor {
	tb.Helper()
	z, err := fee.NewCompressor()
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

func compressed(tb testing.TB, plain []byte) []byte {
	tb.Helper()
	key, base := keyOf()
	envelope, err := compressor(tb).Seal(key, base, plain)
	if err != nil {
		tb.Fatal(err)
	}
	return envelope
}

// waysOfCompressed are all the ways to open a compressed envelope.
func waysOfCompressed() map[string]func(sinso.CEK, []byte) ([]byte, error) {
	ways := ways()
	delete(ways, "NewReader")
	return ways
}

// pixels are 16-bit words about a slope, with noise: their high bytes differ little.
func pixels(size int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, size)
	for i := 0; i+1 < size; i += 2 {
		binary.LittleEndian.PutUint16(b[i:], uint16(1000+i/2%512/8+r.IntN(40)))
	}
	return b
}

// TestWhatIsCompressedOpens seals what gets smaller and what does not.
func TestWhatIsCompressedOpens(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	for name, tt := range map[string]struct {
		plain func(size int) []byte
		from  int // bytes from which on it gets smaller
	}{
		"pixels": {pixels, 1000},
		"text":   {func(size int) []byte { return bytes.Repeat([]byte(`{"resourceType":"Patient"},`), size/27+1)[:size] }, 999},
		"mixed":  {func(size int) []byte { return append(plainOf(size/2), pixels(size-size/2)...) }, 3 * fee.ChunkSize},
		"noise":  {plainOf, 1 << 30},
	} {
		for _, size := range append([]int{999, 1000, 4<<20 + 1}, sizes...) {
			plain := tt.plain(size)
			envelope := compressed(t, plain)
			header, err := fee.ParseHeader(envelope)
			if err != nil || header.Size != int64(size) || header.Base != base {
				t.Fatalf("%s, %d bytes: %+v, %v", name, size, header, err)
			}
			if size >= tt.from && (!header.Compressed || len(envelope) > size*4/5) || !header.Compressed && !bytes.Equal(envelope, sealed(t, plain)) {
				t.Errorf("%s: %d bytes sealed in %d, compressed: %t", name, size, len(envelope), header.Compressed)
			}
			for way, open := range waysOfCompressed() {
				if got, err := open(key, envelope); err != nil || !bytes.Equal(got, plain) {
					t.Errorf("%s, %s of %d bytes: got %d bytes, %v", name, way, size, len(got), err)
				}
			}
			if _, err := fee.OpenInPlace(key, bytes.Clone(envelope)); header.Compressed == (err == nil) || err != nil && (!errors.Is(err, sinso.ErrUnsupported) || !errors.Is(err, sinso.ErrCorrupt)) {
				t.Errorf("%s: opened in place: got %v, want unsupported or corrupt", name, err)
			}
			if _, err := fee.NewReader(bytes.NewReader(envelope), key); header.Compressed && (!errors.Is(err, sinso.ErrUnsupported) || header.EnvelopeSize() != -1) {
				t.Errorf("%s: read from its beginning: got %v, want unsupported", name, err)
			}
		}
	}
	if _, err := compressor(t).Seal(sinso.CEK{}, base, pixels(1000)); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a key of zeros: got %v, want invalid", err)
	}
}

// TestAnyPartOfWhatIsCompressedIsRead.
func TestAnyPartOfWhatIsCompressedIsRead(t *testing.T) {
	t.Parallel()
	key, _ := keyOf()
	plain := pixels(3*fee.ChunkSize + 77)
	envelope := compressed(t, plain)
	at, err := fee.OpenAt(bytes.NewReader(envelope), int64(len(envelope)), key)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		offset := rapid.IntRange(0, len(plain)).Draw(r, "offset")
		p := make([]byte, rapid.IntRange(0, 2*fee.ChunkSize).Draw(r, "length"))
		n, err := at.ReadAt(p, int64(offset))
		if want := plain[offset:min(offset+len(p), len(plain))]; !bytes.Equal(p[:n], want) || err != nil && !errors.Is(err, io.EOF) {
			r.Errorf("%d bytes at %d: got %d, %v", len(p), offset, n, err)
		}
	})
}

// TestDamageToWhatIsCompressedIsFound flips every bit of a short envelope, bytes of a long
// one, cuts it, and exchanges chunks of one length.
func TestDamageToWhatIsCompressedIsFound(t *testing.T) {
	t.Parallel()
	key, base := keyOf()
	refused := func(what string, envelope []byte) {
		t.Helper()
		for name, open := range waysOfCompressed() {
			if got, err := open(key, envelope); !errors.Is(err, sinso.ErrCorrupt) || name != "OpenAt" && got != nil {
				t.Errorf("%s, %s: got %d bytes, %v, want corrupt", name, what, len(got), err)
			}
		}
	}
	short := compressed(t, bytes.Repeat([]byte("again "), 30))
	for i := range short {
		for bit := range 8 {
			damaged := bytes.Clone(short)
			damaged[i] ^= 1 << bit
			refused("byte "+strconv.Itoa(i), damaged)
		}
		refused("cut at "+strconv.Itoa(i), short[:i])
	}
	refused("a byte more", append(bytes.Clone(short), 0))
	long := compressed(t, pixels(2*fee.ChunkSize+5))
	for i := 0; i < len(long); i += 1 + len(long)/50 {
		damaged := bytes.Clone(long)
		damaged[i] ^= 1
		refused("byte "+strconv.Itoa(i), damaged)
	}
	twice := append(pixels(fee.ChunkSize), pixels(fee.ChunkSize)...)
	envelope := compressed(t, twice)
	header, err := fee.ParseHeader(envelope)
	if err != nil {
		t.Fatal(err)
	}
	chunk := (len(envelope) - int(header.Bytes) - 2*4 - 16) / 2
	one, two := envelope[header.Bytes:][:chunk], envelope[int(header.Bytes)+chunk:][:chunk]
	exchanged := append(append(append(bytes.Clone(envelope[:header.Bytes]), two...), one...), envelope[int(header.Bytes)+2*chunk:]...)
	if bytes.Equal(exchanged, envelope) || len(exchanged) != len(envelope) {
		t.Fatal("nothing was exchanged")
	}
	refused("chunks exchanged", exchanged)
	base[0] ^= 1
	if other, err := compressor(t).Seal(key, base, twice); err != nil {
		t.Error(err)
	} else {
		refused("another's table", append(bytes.Clone(envelope[:len(envelope)-24]), other[len(other)-24:]...))
	}
}

// TestAClaimOfWhatIsCompressedCostsNoMemory opens a header that claims 1 TiB of zeros.
func TestAClaimOfWhatIsCompressedCostsNoMemory(t *testing.T) { //nolint:paralleltest // measures the whole program's allocation
	key, _ := keyOf()
	envelope := append(packedHeader(t, 1<<40), make([]byte, 1000)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, open := range waysOfCompressed() {
		if _, err := open(key, envelope); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want corrupt", name, err)
		}
	}
	runtime.ReadMemStats(&after)
	const allowed = 2 << 20
	if got := after.TotalAlloc - before.TotalAlloc; got > allowed {
		t.Errorf("allocated %d bytes, want at most %d", got, allowed)
	}
}

// protectedOf is the protected header of a compressed envelope of size bytes, by hand.
func protectedOf(tb testing.TB, size int) []byte {
	tb.Helper()
	number := func(n int) []byte {
		switch {
		case n < 24:
			return []byte{byte(n)}
		case n < 1<<8:
			return []byte{0x18, byte(n)}
		case n < 1<<16:
			return binary.BigEndian.AppendUint16([]byte{0x19}, uint16(n))
		case n < 1<<32:
			return binary.BigEndian.AppendUint32([]byte{0x1a}, uint32(n))
		}
		return binary.BigEndian.AppendUint64([]byte{0x1b}, uint64(n))
	}
	b := append(unhex(tb, "a6"+"013a00010100"+"107828"), "application/vnd.filecoin-encryption+cose"...)
	b = append(append(b, unhex(tb, "201a00040000"+"3a000100fc")...), number(size)...)
	b = append(append(b, unhex(tb, "3a000100fe")...), number(max(1, (size+fee.ChunkSize-1)/fee.ChunkSize))...)
	return append(b, unhex(tb, "3a0001010701")...)
}

// packedHeader is what stands before the chunks.
func packedHeader(tb testing.TB, size int) []byte {
	tb.Helper()
	_, base := keyOf()
	protected := protectedOf(tb, size)
	cose := append([]byte{0xd0, 0x83, 0x58, byte(len(protected))}, protected...)
	cose = append(append(append(cose, 0xa1, 0x05, 0x47), base[:]...), 0xf6)
	return append(binary.BigEndian.AppendUint32([]byte{1}, uint32(len(cose))), cose...)
}

// packedByHand makes a compressed envelope without the package: of what is kept of each
// chunk, and of a table if it is not that of their lengths.
func packedByHand(tb testing.TB, size int, table []byte, kept ...[]byte) []byte {
	tb.Helper()
	key, base := keyOf()
	block, err := aes.NewCipher(key[:])
	if err != nil {
		tb.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		tb.Fatal(err)
	}
	protected := protectedOf(tb, size)
	aad := append(append([]byte{0x83, 0x68}, "Encrypt0"...), 0x58, byte(len(protected)))
	aad = append(append(aad, protected...), 0x40)
	nonce := func(i int, flag byte) []byte {
		return append(binary.BigEndian.AppendUint32(bytes.Clone(base[:]), uint32(i)), flag)
	}
	envelope := packedHeader(tb, size)
	var lengths []byte
	for i, b := range kept {
		flag := byte(0)
		if i == len(kept)-1 {
			flag = 1
		}
		envelope = gcm.Seal(envelope, nonce(i, flag), b, aad)
		lengths = binary.BigEndian.AppendUint32(lengths, uint32(len(b)+16))
	}
	if table == nil {
		table = lengths
	}
	return gcm.Seal(envelope, nonce(0, 2), table, aad)
}

// frame is a frame of Zstandard in hex: descriptor, size in 1, 2 or 4 bytes, blocks.
func frame(tb testing.TB, method byte, text string) []byte {
	tb.Helper()
	return append([]byte{method}, unhex(tb, "28b52ffd"+text)...)
}

// compressedVectors are made by hand: no vector depends on a compressor.
func compressedVectors(tb testing.TB) []vectortest.Vector {
	tb.Helper()
	key, _ := keyOf()
	var vectors []vectortest.Vector
	add := func(name, expect, unit string, times int, envelope []byte) {
		fields := []string{"key", hex.EncodeToString(key[:]), "envelope", hex.EncodeToString(envelope)}
		if expect == vectortest.Success {
			fields = append(fields, "plain", unit, "times", strconv.Itoa(times))
		}
		vectors = append(vectors, vectortest.New(name, expect, fields...))
	}
	hundred := func(kept []byte) []byte { return packedByHand(tb, 100, nil, kept) }
	good := frame(tb, 1, "2064"+"230300"+"41") // one block: 100 times 41
	add("100 bytes, zstd", vectortest.Success, "41", 100, hundred(good))
	add("50 words, set apart", vectortest.Success, "0201", 50, hundred(frame(tb, 2, "2064"+"920100"+"02"+"930100"+"01")))
	add("101 bytes, set apart", vectortest.Success, "41", 101, packedByHand(tb, 101, nil, frame(tb, 2, "2065"+"2b0300"+"41")))
	add("as they are", vectortest.Success, "41", 100, hundred(append([]byte{0}, bytes.Repeat([]byte{0x41}, 100)...)))
	add("no bytes", vectortest.Success, "", 0, packedByHand(tb, 0, nil, []byte{0}))
	zeros := frame(tb, 1, "a000000400"+"020010"+"00"+"030010"+"00") // two blocks of 128 KiB
	add("two chunks", vectortest.Success, "00", fee.ChunkSize+2, packedByHand(tb, fee.ChunkSize+2, nil, zeros, []byte{0, 0, 0}))
	for _, v := range []struct {
		name string
		kept []byte
	}{
		{"method 3", append([]byte{3}, good[1:]...)},
		{"nothing kept", []byte{0}},
		{"a byte too few", append([]byte{0}, bytes.Repeat([]byte{0x41}, 99)...)},
		{"no frame", []byte{1, 0x41, 0x41}},
		{"a frame of fewer bytes", frame(tb, 1, "2063"+"1b0300"+"41")},
		{"a frame of more bytes", frame(tb, 1, "2065"+"2b0300"+"41")},
		{"a frame that says more", frame(tb, 1, "2064"+"2b0300"+"41")},
		{"a frame that says less", frame(tb, 1, "2064"+"1b0300"+"41")},
		{"a frame that says 1 GiB", frame(tb, 1, "a000000040"+"230300"+"41")},
		{"blocks of 200 MiB", frame(tb, 1, "2064"+"feffff"+"41"+"ffffff"+"41")},
		{"a frame that does not say", frame(tb, 1, "0048"+"230300"+"41")},
		{"a frame with a checksum", frame(tb, 1, "2464"+"230300"+"41"+"00000000")},
		{"a frame with a dictionary", frame(tb, 1, "210164"+"230300"+"41")},
		{"a frame without a last block", frame(tb, 1, "2064"+"220300"+"41")},
		{"a block that is cut off", frame(tb, 1, "2064"+"2103004141")},
		{"bytes behind the frame", append(bytes.Clone(good), 0)},
		{"an empty frame behind the frame", append(bytes.Clone(good), unhex(tb, "28b52ffd2000010000")...)},
		{"a frame that can be skipped", append(append([]byte{1}, unhex(tb, "502a4d1800000000")...), good[1:]...)},
		{"no smaller than the plain bytes", frame(tb, 1, "2064"+"210300"+hex.EncodeToString(bytes.Repeat([]byte{0x41}, 100)))},
		{"set apart, of other methods", append([]byte{2}, unhex(tb, "28b52ffd2063"+"1b0300"+"41")...)},
		{"a compressed block that is noise", frame(tb, 1, "2064"+"3d0000"+"0102030405060708"[:14])},
	} {
		add(v.name, "corrupt", "", 0, hundred(v.kept))
	}
	n := uint32(len(good) + 16)
	for _, v := range []struct {
		name  string
		table []uint32
	}{
		{"no chunk", nil},
		{"a chunk more", []uint32{n, 17}},
		{"a byte less", []uint32{n - 1}},
		{"a byte more", []uint32{n + 1}},
		{"nothing", []uint32{0}},
		{"all of 2^32", []uint32{1<<32 - 1}},
		{"longer than a chunk can be", []uint32{118}},
	} {
		b := []byte{}
		for _, length := range v.table {
			b = binary.BigEndian.AppendUint32(b, length)
		}
		add("table: "+v.name, "corrupt", "", 0, packedByHand(tb, 100, b, good))
	}
	whole := hundred(good)
	add("table: not there", "corrupt", "", 0, whole[:len(whole)-20])
	add("table: before the chunk", "corrupt", "", 0, append(append(packedHeader(tb, 100), whole[len(whole)-20:]...), whole[len(packedHeader(tb, 100)):len(whole)-20]...))
	uncompressed := sealed(tb, plainOf(100))
	add("a chunk of an envelope that is not compressed", "corrupt", "", 0, append(packedHeader(tb, 100), uncompressed[len(uncompressed)-116:]...))
	return vectors
}

func TestCompressedVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectortest.Golden(t, *update, "fee-compressed", `Compressed envelopes, whose frames of Zstandard are written by hand. plain: as often as times says.
Read one from its beginning, without its end, and it is unsupported.`, compressedVectors(t)) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			for name, open := range waysOfCompressed() {
				plain, err := open(v.Word(t, "key"), v.Bytes(t, "envelope"))
				if !v.Judge(t, err) {
					continue
				}
				if want := bytes.Repeat(v.Bytes(t, "plain"), int(v.Int(t, "times"))); !bytes.Equal(plain, want) {
					t.Errorf("%s: got %d bytes, want %d", name, len(plain), len(want))
				}
			}
		})
	}
}

// FuzzUnpack keeps any bytes as a chunk, under the seal: what opens has the length that the
// header says.
func FuzzUnpack(f *testing.F) {
	key, _ := keyOf()
	f.Add(frame(f, 1, "2064"+"230300"+"41"))
	f.Add(frame(f, 2, "2064"+"920100"+"02"+"930100"+"01"))
	f.Add(append([]byte{0}, make([]byte, 100)...))
	f.Fuzz(func(t *testing.T, kept []byte) {
		envelope := packedByHand(t, 100, nil, kept)
		plain, err := fee.Open(key, envelope)
		at, atErr := waysOfCompressed()["OpenAt"](key, envelope)
		if (err == nil) != (atErr == nil) || err == nil && (len(plain) != 100 || !bytes.Equal(at, plain)) {
			t.Errorf("%x: %d bytes, %v; in parts: %d bytes, %v", kept, len(plain), err, len(at), atErr)
		}
		if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%x: got %v, want corrupt", kept, err)
		}
	})
}
