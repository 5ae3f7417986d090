package sharelink_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/sharelink"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

// contentOf is sha256("share" ‖ i), 1,024 times each, for i = 0, 1, … (8 bytes
// big-endian), cut to size.
func contentOf(size int64) []byte {
	data := make([]byte, 0, size+1024*sha256.Size)
	for i := uint64(0); int64(len(data)) < size; i++ {
		block := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("share"), i))
		data = append(data, bytes.Repeat(block[:], 1024)...)
	}
	return data[:size]
}

// sizes are the files of the manifest that tests seal: of one that lies in two parts,
// and one that begins where a part ends.
var sizes = []int64{700_000, sharelink.PartBytes - 700_000, 1, 90_000}

func manifestOf(sizes ...int64) sharelink.Manifest {
	m := sharelink.Manifest{Label: "CT of the chest, 2026", Note: "请您看看右肺 <b> & \"this\"", Series: []sharelink.Series{{Modality: "CT", Label: "axial"}}}
	for i, size := range sizes {
		if i == 3 {
			m.Series = append(m.Series, sharelink.Series{Modality: "SR"})
		}
		to := &m.Series[min(i/3, 1)]
		to.Files = append(to.Files, sharelink.File{Size: size, Number: i + 1, Rows: 512, Columns: 512})
	}
	return m
}

func secretOf(text string) sharelink.Secret { return sha256.Sum256([]byte(text)) }

// sealed are the parts of a share by number.
func sealed(tb testing.TB, s sharelink.Secret, m sharelink.Manifest) map[int][]byte {
	tb.Helper()
	size, err := m.Size()
	if err != nil {
		tb.Fatal(err)
	}
	parts := map[int][]byte{}
	err = sharelink.Seal(tb.Context(), s, m, bytes.NewReader(contentOf(size)), func(part int, sealed []byte) error {
		parts[part] = bytes.Clone(sealed)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return parts
}

// opened opens all of a share, and returns its files one after the other.
func opened(s sharelink.Secret, parts map[int][]byte) ([]byte, error) {
	share, err := sharelink.Open(s, parts[0])
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for i := range share.Files() {
		if err := share.File(i, &out, func(part int) ([]byte, error) { return parts[part], nil }); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

func TestWhatWasSealedOpens(t *testing.T) {
	t.Parallel()
	for _, sizes := range [][]int64{{1}, {sharelink.PartBytes}, sizes, {5, 3 * sharelink.PartBytes, 17*sharelink.PartBytes + 1}} {
		m := manifestOf(sizes...)
		secret, err := sharelink.NewSecret(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		parts := sealed(t, secret, m)
		size, _ := m.Size()
		got, err := opened(secret, parts)
		if err != nil || !bytes.Equal(got, contentOf(size)) {
			t.Errorf("files of %v: got %d bytes, %v", sizes, len(got), err)
		}
		share, err := sharelink.Open(secret, parts[0])
		if err != nil || int64(len(parts)) != 1+sharelink.Parts(size) || len(share.Manifest.Parts) != len(parts)-1 {
			t.Fatalf("files of %v: %d parts, %v", sizes, len(parts), err)
		}
		share.Manifest.Parts = nil
		if a, b := fmt.Sprint(share.Manifest), fmt.Sprint(m); a != b {
			t.Errorf("manifest: got %s, want %s", a, b)
		}
		for i := range parts {
			if i > 0 && len(parts[i]) != sharelink.SealedBytes || i == 0 && !sharelink.IsManifestSize(int64(len(parts[0]))) {
				t.Errorf("part %d has %d bytes", i, len(parts[i]))
			}
		}
	}
}

// TestSealingAgainGivesTheSame is what lets an upload that was cut go on; and other
// bytes give parts that have nothing in common.
func TestSealingAgainGivesTheSame(t *testing.T) {
	t.Parallel()
	m, other := manifestOf(100), manifestOf(100)
	other.Note += "."
	first, again, changed := sealed(t, secretOf("a"), m), sealed(t, secretOf("a"), m), sealed(t, secretOf("a"), other)
	if !bytes.Equal(first[0], again[0]) || !bytes.Equal(first[1], again[1]) || !bytes.Equal(first[1], changed[1]) {
		t.Error("the same bytes gave other parts")
	}
	same := 0
	for i := 33; i < len(first[0]); i++ {
		if first[0][i] == changed[0][i] {
			same++
		}
	}
	if n := len(first[0]); same > n/64 { // by chance one byte of 256
		t.Errorf("two manifests under one secret share %d of %d bytes: was a key used twice?", same, n)
	}
}

// TestIDProofAndVerifierDiffer: the values that the node sees are no part of
// what seals.
func TestIDProofAndVerifierDiffer(t *testing.T) {
	t.Parallel()
	secret := secretOf("a")
	proof := secret.Proof()
	verifier := sharelink.Verifier(proof)
	seen := [][]byte{secret[:], proof[:], verifier[:]}
	for i, a := range seen {
		for j, b := range seen {
			if i != j && bytes.Equal(a, b) {
				t.Errorf("values %d and %d are the same", i, j)
			}
		}
	}
	if id := string(secret.ID()); len(id) != 28 || id == string(secretOf("b").ID()) {
		t.Errorf("id %q", id)
	}
	if text := fmt.Sprintf("%v %s %+v %#v", secret, secret, secret, secret); strings.Contains(text, hex.EncodeToString(secret[:4])) || !strings.Contains(text, "[secret] [secret]") {
		t.Errorf("a secret prints as %s", text)
	}
}

func TestSecretHasOneText(t *testing.T) {
	t.Parallel()
	secret := secretOf("a")
	if got, err := sharelink.ParseSecret(secret.Text()); err != nil || got != secret {
		t.Errorf("got %v, %v", got, err)
	}
	text := secret.Text()
	last := text[len(text)-1]
	for _, bad := range []string{"", text[1:], text + "A", text + "=", text[:20] + "\n" + text[20:], " " + text, text[:42] + string(last+1), strings.Repeat("!", 43)} {
		if _, err := sharelink.ParseSecret(bad); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%q: got %v, want invalid", bad, err)
		}
	}
}

// TestEveryFlippedByteIsCorrupt flips every byte of a manifest, and some of a part.
func TestEveryFlippedByteIsCorrupt(t *testing.T) {
	t.Parallel()
	secret := secretOf("a")
	parts := sealed(t, secret, manifestOf(100))
	damaged := map[int][]byte{0: bytes.Clone(parts[0]), 1: bytes.Clone(parts[1])}
	for part, step := range map[int]int{0: 1, 1: 99_991} {
		for i := 0; i < len(parts[part]); i += step {
			damaged[part][i] ^= 1 << (i % 8)
			want := sinso.ErrCorrupt
			if part == 0 && i == 0 {
				want = sinso.ErrUnsupported // another version
			}
			if got, err := opened(secret, damaged); !errors.Is(err, want) || got != nil {
				t.Errorf("part %d, byte %d: got %d bytes, %v, want %v", part, i, len(got), err, want)
			}
			damaged[part][i] = parts[part][i]
		}
	}
}

func TestOnlyWhatTheManifestSaysIsSealed(t *testing.T) {
	t.Parallel()
	nowhere := func(int, []byte) error { return nil }
	for name, tt := range map[string]struct {
		m       sharelink.Manifest
		content int64
	}{
		"fewer bytes":   {manifestOf(100), 99},
		"more bytes":    {manifestOf(100), 101},
		"no file":       {sharelink.Manifest{}, 0},
		"an empty file": {manifestOf(0, 5), 5},
		"a negative":    {manifestOf(5, -2), 3},
		"too many":      {manifestOf(sharelink.MaxParts*sharelink.PartBytes + 1), 1},
		"beyond int64":  {manifestOf(1<<62, 1<<62, 1<<62), 1},
	} {
		if err := sharelink.Seal(t.Context(), secretOf("a"), tt.m, bytes.NewReader(contentOf(tt.content)), nowhere); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
	long := manifestOf(5)
	long.Note = strings.Repeat("x", 5<<20)
	if err := sharelink.Seal(t.Context(), secretOf("a"), long, bytes.NewReader(contentOf(5)), nowhere); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a long note: got %v, want invalid", err)
	}
	broken := errors.New("broken")
	if err := sharelink.Seal(t.Context(), secretOf("a"), manifestOf(5), bytes.NewReader(contentOf(5)), func(int, []byte) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a put that fails: got %v", err)
	}
}

// TestPartsTellLittle: at most an eighth more than is needed, and few numbers of parts.
func TestPartsTellLittle(t *testing.T) {
	t.Parallel()
	numbers := map[int64]bool{}
	for n := int64(1); n <= sharelink.MaxParts; n++ {
		got := sharelink.Parts(n * sharelink.PartBytes)
		if got < n || (got-n)*8 > n || got > sharelink.MaxParts || sharelink.Parts(n*sharelink.PartBytes-1) != got {
			t.Errorf("%d parts are padded to %d", n, got)
		}
		numbers[got] = true
	}
	if len(numbers) > 100 {
		t.Errorf("%d numbers of parts", len(numbers))
	}
	if got := sharelink.Parts(0); got != 1 {
		t.Errorf("nothing is padded to %d parts", got)
	}
}

// damages are what may happen to a share, by name.
var damages = map[string]func(parts map[int][]byte, a, b int){
	"flip": func(parts map[int][]byte, a, b int) { parts[a][b] ^= 1 },
	"cut":  func(parts map[int][]byte, a, b int) { parts[a] = parts[a][:b] },
	"swap": func(parts map[int][]byte, a, b int) { parts[a], parts[b] = parts[b], parts[a] },
	"copy": func(parts map[int][]byte, a, b int) { parts[a] = parts[b] },
}

// TestVectors makes and opens the shares of testdata/vectors/share.txt.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectortest.Golden(t, *update, "share", vectorsSay, vectors(t)) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			secret, err := sharelink.ParseSecret(v.Text(t, "secret"))
			if err != nil {
				t.Fatal(err)
			}
			var m sharelink.Manifest
			if err := json.Unmarshal([]byte(v.Text(t, "manifest")), &m); err != nil {
				t.Fatal(err)
			}
			parts := sealed(t, secret, m)
			if got, want := string(secret.ID()), v.Text(t, "id"); got != want {
				t.Errorf("id: got %s, want %s", got, want)
			}
			for i, want := range v.All("part") {
				if sum := sha256.Sum256(parts[i]); hex.EncodeToString(sum[:]) != want {
					t.Errorf("part %d is another", i)
				}
			}
			if damage := v.All("damage"); len(damage) > 0 {
				words := strings.Fields(damage[0])
				a, _ := strconv.Atoi(words[1])
				b, _ := strconv.Atoi(words[2])
				damages[words[0]](parts, a, b)
			}
			if other := v.All("opened-with"); len(other) > 0 {
				if secret, err = sharelink.ParseSecret(other[0]); err != nil {
					t.Fatal(err)
				}
			}
			size, _ := m.Size()
			got, err := opened(secret, parts)
			if v.Expect == vectortest.Success && (err != nil || !bytes.Equal(got, contentOf(size))) || v.Expect != vectortest.Success && (err == nil || !strings.HasSuffix(err.Error(), v.Expect)) {
				t.Errorf("got %d bytes, %v, want %s", len(got), err, v.Expect)
			}
		})
	}
}

const vectorsSay = `Shares (docs/formats.md, "share"): made by internal/crypt/sharelink, read by web/src/share too.
content: sha256("share" ‖ i), 1,024 times each, for i = 0, 1, … (8 bytes big-endian), one after the other, cut to the size of all files.
part: sha256 of each sealed part, from part 0 on. damage: flip PART BYTE (xor 1) · cut PART BYTES · swap PART OTHER · copy TO FROM.`

func vectors(t *testing.T) []vectortest.Vector {
	t.Helper()
	of := func(name string, text string, m sharelink.Manifest) vectortest.Vector {
		secret := secretOf(text)
		var manifest bytes.Buffer
		encoder := json.NewEncoder(&manifest)
		encoder.SetEscapeHTML(false)
		m.Parts = []string{}
		if err := encoder.Encode(m); err != nil {
			t.Fatal(err)
		}
		proof := secret.Proof()
		verifier := sharelink.Verifier(proof)
		fields := []string{
			"secret", secret.Text(), "id", string(secret.ID()), "proof", hex.EncodeToString(proof[:]),
			"verifier", hex.EncodeToString(verifier[:]), "manifest", strings.TrimSpace(manifest.String()),
		}
		parts := sealed(t, secret, m)
		for i := range len(parts) {
			sum := sha256.Sum256(parts[i])
			fields = append(fields, "part", hex.EncodeToString(sum[:]))
		}
		return vectortest.New(name, vectortest.Success, fields...)
	}
	secret := secretOf("one").Text()
	made := []vectortest.Vector{
		of("one byte", "byte", manifestOf(1)),
		of("one whole part", "whole", manifestOf(sharelink.PartBytes)),
		of("files over two parts", "one", manifestOf(sizes...)),
		of("padded to 18 parts", "many", manifestOf(5, 16*sharelink.PartBytes)),
	}
	base := manifestOf(sizes...)
	for _, damage := range []string{
		"flip 0 1", "flip 0 33", "flip 0 4144", "cut 0 4144", "cut 0 0", "flip 1 0", "flip 1 1048591", "flip 2 1048575", "cut 1 1048591", "cut 2 16",
		"swap 1 2", "copy 2 1", "copy 0 1",
	} {
		v := of(damage, "one", base)
		made = append(made, withField(v, "corrupt", "damage", damage))
	}
	v := of("another version", "one", base)
	made = append(made, withField(v, "unsupported", "damage", "flip 0 0"))
	v = of("another secret", "one", base)
	flipped := secretOf("one")
	flipped[31] ^= 1
	made = append(made, withField(v, "corrupt", "opened-with", flipped.Text()))
	if secret == flipped.Text() {
		t.Fatal("the other secret is the same")
	}
	return made
}

// withField is a vector that has one more key, and expects something else.
func withField(v vectortest.Vector, expect, key, value string) vectortest.Vector {
	var fields []string
	for _, name := range []string{"secret", "id", "proof", "verifier", "manifest", "part"} {
		for _, value := range v.All(name) {
			fields = append(fields, name, value)
		}
	}
	return vectortest.New(v.Name, expect, append(fields, key, value)...)
}

// TestReadsOnlyThePartsOfAFile: a viewer asks for what it shows.
func TestReadsOnlyThePartsOfAFile(t *testing.T) {
	t.Parallel()
	secret := secretOf("a")
	parts := sealed(t, secret, manifestOf(sizes...))
	share, err := sharelink.Open(secret, parts[0])
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]int{{1}, {1}, {2}, {2}} {
		var asked []int
		got, err := share.ReadFile(i, func(part int) ([]byte, error) { asked = append(asked, part); return parts[part], nil })
		if err != nil || int64(len(got)) != sizes[i] || !slices.Equal(asked, want) {
			t.Errorf("file %d: %d bytes of parts %v, %v", i, len(got), asked, err)
		}
	}
	for _, i := range []int{-1, 4} {
		if err := share.File(i, io.Discard, nil); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("file %d: got %v", i, err)
		}
	}
}
