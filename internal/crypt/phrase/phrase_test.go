package phrase_test

import (
	"bytes"
	"crypto/aes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/phrase"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors")

// What follows is what the page does, written again from docs/formats.md.

const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's base 32

// write makes a phrase of 20 bytes: 32 digits and 4 of check, in groups of four.
func write(t *testing.T, secret []byte) string {
	t.Helper()
	sum := sha256.Sum256(append([]byte("sinso/phrase-check/v1"), secret...))
	bits := append(bytes.Clone(secret), sum[:4]...)
	var out strings.Builder
	for i := range 36 {
		at := i * 5
		pair := binary.BigEndian.Uint16(bits[at/8:])
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(digits[pair>>(11-at%8)&31])
	}
	return out.String()
}

func derive(t *testing.T, secret []byte, info string) []byte {
	t.Helper()
	key, err := hkdf.Key(sha256.New, secret, nil, info, 32)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// wrap is AES Key Wrap (RFC 3394 §2.2.1).
func wrap(t *testing.T, under, key []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(under)
	if err != nil {
		t.Fatal(err)
	}
	a, r := bytes.Repeat([]byte{0xa6}, 8), bytes.Clone(key)
	n := len(key) / 8
	for j := range 6 {
		for i := range n {
			b := append(bytes.Clone(a), r[i*8:i*8+8]...)
			block.Encrypt(b, b)
			binary.BigEndian.PutUint64(a, binary.BigEndian.Uint64(b)^uint64(n*j+i+1))
			copy(r[i*8:], b[8:])
		}
	}
	return append(a, r...)
}

// TestKeyWrapIsThatOfTheStandard is the vector of RFC 3394 §4.6.
func TestKeyWrapIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	under, _ := hex.DecodeString("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")
	key, _ := hex.DecodeString("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
	const want = "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"
	if got := hex.EncodeToString(wrap(t, under, key)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestVectors makes what the page's modules are held against, and checks the
// signatures as the node does.
func TestVectors(t *testing.T) {
	t.Parallel()
	const origin, nonce = "https://node.example", "k4x7mq2vd3wn5zfa"
	personKey := bytes.Repeat([]byte{0x5a}, 32)
	var made []vectortest.Vector
	for name, fill := range []byte{0x00, 0x47, 0xff} {
		secret := make([]byte, 20)
		for i := range secret {
			secret[i] = fill ^ byte(i*name)
		}
		private := ed25519.NewKeyFromSeed(derive(t, secret, "sinso/phrase-sign/v1"))
		text := write(t, secret)
		made = append(made, vectortest.New("phrase of "+text[:4], vectortest.Success,
			"secret", hex.EncodeToString(secret), "phrase", text, "public", hex.EncodeToString(private[32:]),
			"origin", origin, "nonce", nonce,
			"signIn", hex.EncodeToString(ed25519.Sign(private, phrase.Message(phrase.SignIn, origin, nonce))),
			"add", hex.EncodeToString(ed25519.Sign(private, phrase.Message(phrase.Add, origin, nonce))),
			"personKey", hex.EncodeToString(personKey), "wrapped", "01"+hex.EncodeToString(wrap(t, derive(t, secret, "sinso/phrase-wrap/v1"), personKey))))
	}
	good := made[1]
	text := good.Text(t, "phrase")
	for _, wrong := range [][2]string{
		{"a digit changed", "0" + text[1:]},
		{"two digits swapped", text[1:2] + text[:1] + text[2:]},
		{"a digit too few", text[:len(text)-1]},
		{"a digit too many", text + "0"},
		{"a letter that is no digit", "U" + text[1:]},
		{"nothing", ""},
	} {
		made = append(made, vectortest.New(wrong[0], "invalid", "phrase", wrong[1]))
	}
	prf := bytes.Repeat([]byte{0x33}, 32)
	made = append(made, vectortest.New("a passkey's secret", vectortest.Success, "prf", hex.EncodeToString(prf),
		"personKey", hex.EncodeToString(personKey), "wrapped", "01"+hex.EncodeToString(wrap(t, derive(t, prf, "sinso/prf-wrap/v1"), personKey))))
	for _, v := range vectortest.Golden(t, *update, "phrase", "Recovery phrases, their keys and signatures, and the person key wrapped by a phrase and by a passkey's PRF.", made) {
		if len(v.All("public")) == 0 {
			continue // for the page alone
		}
		public := v.Bytes(t, "public")
		v.Judge(t, errors.Join(
			phrase.Verify(public, phrase.SignIn, v.Text(t, "origin"), v.Text(t, "nonce"), v.Bytes(t, "signIn")),
			phrase.Verify(public, phrase.Add, v.Text(t, "origin"), v.Text(t, "nonce"), v.Bytes(t, "add"))))
	}
}

func TestSignatureHoldsForItsOwnWordsAlone(t *testing.T) {
	t.Parallel()
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	public := []byte(private[32:])
	signature := ed25519.Sign(private, phrase.Message(phrase.SignIn, "http://localhost:1", "nonce"))
	if err := phrase.Verify(public, phrase.SignIn, "http://localhost:1", "nonce", signature); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"another purpose": phrase.Verify(public, phrase.Add, "http://localhost:1", "nonce", signature),
		"another page":    phrase.Verify(public, phrase.SignIn, "http://localhost:2", "nonce", signature),
		"another nonce":   phrase.Verify(public, phrase.SignIn, "http://localhost:1", "Nonce", signature),
	} {
		if !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("%s: got %v, want %v", name, err, sinso.ErrDenied)
		}
	}
	for _, n := range []int{0, 31, 33} {
		if err := phrase.Verify(make([]byte, n), phrase.SignIn, "", "", signature); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("a key of %d bytes: got %v, want %v", n, err, sinso.ErrInvalid)
		}
	}
	if err := phrase.Verify(public, phrase.SignIn, "", "", signature[:63]); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("a short signature: got %v, want %v", err, sinso.ErrInvalid)
	}
}
