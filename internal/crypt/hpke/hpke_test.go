package hpke_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/hpke"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

func newKey(tb testing.TB, seed string) hpke.Key {
	tb.Helper()
	key, err := hpke.NewKey(sha256.Sum256([]byte(seed)))
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func TestOnlyTheGranteeOpensAndOnlyAsItWasSealed(t *testing.T) {
	t.Parallel()
	key, info, aad, plain := newKey(t, "a"), []byte("info"), []byte("aad"), []byte("a content key")
	sealed, err := hpke.Seal(key.Public(), info, aad, plain)
	if err != nil {
		t.Fatal(err)
	}
	if len(key.Public()) != hpke.PublicBytes || len(sealed) != len(plain)+hpke.Overhead {
		t.Errorf("got a public key of %d and a message of %d bytes, want %d and %d", len(key.Public()), len(sealed), hpke.PublicBytes, len(plain)+hpke.Overhead)
	}
	if got, err := key.Open(sealed, info, aad); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("got %q, %v, want %q", got, err, plain)
	}
	if again := newKey(t, "a"); !bytes.Equal(again.Public(), key.Public()) {
		t.Error("the same seed gives another key")
	}
	for name, open := range map[string]func() ([]byte, error){
		"other key":  func() ([]byte, error) { return newKey(t, "b").Open(sealed, info, aad) },
		"other info": func() ([]byte, error) { return key.Open(sealed, []byte("infO"), aad) },
		"other aad":  func() ([]byte, error) { return key.Open(sealed, info, nil) },
		"cut off":    func() ([]byte, error) { return key.Open(sealed[:hpke.Overhead-1], info, aad) },
		"empty":      func() ([]byte, error) { return key.Open(nil, info, aad) },
		"longer":     func() ([]byte, error) { return key.Open(append(bytes.Clone(sealed), 0), info, aad) },
	} {
		if got, err := open(); !errors.Is(err, sinso.ErrCorrupt) || got != nil {
			t.Errorf("%s: got %q, %v, want corrupt", name, got, err)
		}
	}
}

func TestEveryFlippedByteIsCorrupt(t *testing.T) {
	t.Parallel()
	key := newKey(t, "a")
	sealed, err := hpke.Seal(key.Public(), nil, nil, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 1 << (i % 8)
		if _, err := key.Open(damaged, nil, nil); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("byte %d: got %v, want corrupt", i, err)
		}
	}
}

func TestWhatIsNoPublicKeyIsRefused(t *testing.T) {
	t.Parallel()
	public := newKey(t, "a").Public()
	outOfRange := bytes.Repeat([]byte{255}, hpke.PublicBytes) // coefficients above q (FIPS 203 §7.2)
	for name, key := range map[string][]byte{"none": nil, "short": public[1:], "long": append(bytes.Clone(public), 0), "out of range": outOfRange} {
		if _, err := hpke.Seal(key, nil, nil, nil); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
	lowOrder := append(bytes.Clone(public[:hpke.PublicBytes-32]), make([]byte, 32)...) // X25519's zero point (RFC 7748 §6.1)
	if _, err := hpke.Seal(lowOrder, nil, nil, nil); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("X25519 point of low order: got %v, want invalid", err)
	}
}

func TestAGrantBindsPayloadGranteeAndTerms(t *testing.T) {
	t.Parallel()
	payload, grantee, terms := sinso.CIDOf(sinso.CodecRaw, []byte("x")), sinso.Address{1}, sinso.Hash{2}
	info, err := hpke.GrantInfo(payload, grantee, terms)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{string(info): true}
	for _, other := range []func() ([]byte, error){
		func() ([]byte, error) {
			return hpke.GrantInfo(sinso.CIDOf(sinso.CodecDagPB, []byte("x")), grantee, terms)
		},
		func() ([]byte, error) { return hpke.GrantInfo(payload, sinso.Address{2}, terms) },
		func() ([]byte, error) { return hpke.GrantInfo(payload, grantee, sinso.Hash{3}) },
	} {
		b, err := other()
		if err != nil || seen[string(b)] {
			t.Errorf("another grant has the same info, or %v", err)
		}
		seen[string(b)] = true
	}
	if _, err := hpke.GrantInfo("bafy", grantee, terms); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("bad CID: got %v, want invalid", err)
	}
}

func TestAWrappedKeyIsUnwrappedForItsUseAlone(t *testing.T) {
	t.Parallel()
	key, cek := newKey(t, "a"), sinso.CEK{1, 2, 3}
	wrapped, err := hpke.WrapKey(key.Public(), cek, []byte("use"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := key.UnwrapKey(wrapped, []byte("use")); err != nil || got != cek {
		t.Errorf("got another key, %v", err)
	}
	if _, err := key.UnwrapKey(wrapped, []byte("other")); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("another use: got %v, want corrupt", err)
	}
	if _, err := key.Open(wrapped, []byte("use"), nil); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("as a grant: got %v, want corrupt", err)
	}
	short, err := hpke.Seal(key.Public(), append([]byte("sinso/wrap/v1\x00"), "use"...), nil, cek[:31])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.UnwrapKey(short, []byte("use")); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("31 bytes: got %v, want corrupt", err)
	}
}

func TestAKeyPrintsNothingOfItself(t *testing.T) {
	t.Parallel()
	key := newKey(t, "a")
	seed := sha256.Sum256([]byte("a"))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		if text := fmt.Sprintf(verb, key); strings.Contains(text, hex.EncodeToString(seed[:4])) || len(text) > 20 {
			t.Errorf("%s prints %q", verb, text)
		}
	}
}

// made has fresh randomness in it, so it is written once and then only read.
func made(t *testing.T) []vectortest.Vector {
	t.Helper()
	seed := sha256.Sum256([]byte("grantee"))
	key := newKey(t, "grantee")
	payload, grantee, terms := sinso.CIDOf(sinso.CodecDagPB, []byte("payload")), sinso.Address{0xaa}, sinso.Hash{0xbb}
	info, err := hpke.GrantInfo(payload, grantee, terms)
	if err != nil {
		t.Fatal(err)
	}
	cek := sha256.Sum256([]byte("cek"))
	sealed, err := hpke.Seal(key.Public(), info, nil, cek[:])
	if err != nil {
		t.Fatal(err)
	}
	text := hex.EncodeToString
	good := vectortest.New("grant", vectortest.Success, "seed", text(seed[:]), "public", text(key.Public()), "payload", string(payload), "grantee", grantee.String(), "terms", terms.String(),
		"info", text(info), "aad", "", "plain", text(cek[:]), "sealed", text(sealed))
	flip := func(at int) string {
		b := bytes.Clone(sealed)
		b[at] ^= 0x80
		return text(b)
	}
	other := sha256.Sum256([]byte("somebody else"))
	return []vectortest.Vector{
		good,
		good.With("version 2", "unsupported", "sealed", "02"+text(sealed[1:])),
		good.With("version flipped", "corrupt", "sealed", flip(0)),
		good.With("ML-KEM ciphertext flipped", "corrupt", "sealed", flip(1)),
		good.With("X25519 key flipped", "corrupt", "sealed", flip(1+1088)),
		good.With("ciphertext flipped", "corrupt", "sealed", flip(1+1120)),
		good.With("tag flipped", "corrupt", "sealed", flip(len(sealed)-1)),
		good.With("cut off", "corrupt", "sealed", text(sealed[:len(sealed)-1])),
		good.With("empty", "corrupt", "sealed", ""),
		good.With("other key", "corrupt", "seed", text(other[:])),
		good.With("other info", "corrupt", "info", text(info[:len(info)-1])),
		good.With("other aad", "corrupt", "aad", "00"),
	}
}

func TestVectors(t *testing.T) {
	t.Parallel()
	if *update {
		vectortest.Golden(t, true, "hpke", `HPKE (RFC 9180) base mode: MLKEM768-X25519, HKDF-SHA256, AES-256-GCM. sealed = 01 ‖ enc (1,120) ‖ ciphertext. info of a grant =
"sinso/grant/v1" ‖ payload's 36 CID bytes ‖ grantee ‖ terms. Open takes seed, sealed, info and aad.`, made(t))
	}
	for _, v := range vectortest.Read(t, "hpke") {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			key, err := hpke.NewKey(v.Word(t, "seed"))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := key.Open(v.Bytes(t, "sealed"), v.Bytes(t, "info"), v.Bytes(t, "aad"))
			if !v.Judge(t, err) {
				return
			}
			if want := v.Bytes(t, "plain"); !bytes.Equal(plain, want) {
				t.Errorf("got %x, want %x", plain, want)
			}
			if want := v.Bytes(t, "public"); !bytes.Equal(key.Public(), want) {
				t.Errorf("got another public key")
			}
		})
	}
}

// FuzzOpen starts from a recorded message: a fresh one would be another in each
// of the fuzzer's processes.
func FuzzOpen(f *testing.F) {
	v := vectortest.Read(f, "hpke")[0]
	key, err := hpke.NewKey(v.Word(f, "seed"))
	if err != nil {
		f.Fatal(err)
	}
	sealed, info := v.Bytes(f, "sealed"), v.Bytes(f, "info")
	f.Add(sealed)
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, err := key.Open(data, info, nil)
		if err == nil && !bytes.Equal(data, sealed) {
			t.Errorf("a message that nobody sealed opens to %x", plain)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	public := newKey(b, "a").Public()
	for b.Loop() {
		if _, err := hpke.Seal(public, nil, nil, make([]byte, 32)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	key := newKey(b, "a")
	sealed, err := hpke.Seal(key.Public(), nil, nil, make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := key.Open(sealed, nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}
