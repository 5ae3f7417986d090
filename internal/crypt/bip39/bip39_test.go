package bip39_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/bip39"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

func TestWordsGiveTheKeyBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key"))
		words := bip39.Encode(key)
		if got := len(strings.Fields(words)); got != bip39.Words {
			t.Fatalf("got %d words, want %d", got, bip39.Words)
		}
		got, err := bip39.Decode("\t" + strings.ToUpper(strings.ReplaceAll(words, " ", " \n")) + " ")
		if err != nil || got != key {
			t.Fatalf("got another key or %v", err)
		}
	})
}

// TestBIP39Vectors pins the words. The first two are in BIP-39's own list of vectors.
func TestBIP39Vectors(t *testing.T) {
	t.Parallel()
	var made []vectortest.Vector
	counted := make([]byte, 32)
	for i := range counted {
		counted[i] = byte(i * 37)
	}
	for name, key := range map[string][]byte{"zeros": make([]byte, 32)} {
		made = append(made, vectortest.New(name, vectortest.Success, "key", hex.EncodeToString(key), "words", bip39.Encode([32]byte(key))))
	}
	ones := bytes.Repeat([]byte{0xff}, 32)
	made = append(made,
		vectortest.New("ones", vectortest.Success, "key", hex.EncodeToString(ones), "words", bip39.Encode([32]byte(ones))),
		vectortest.New("counted", vectortest.Success, "key", hex.EncodeToString(counted), "words", bip39.Encode([32]byte(counted))),
		vectortest.New("another checksum", "invalid", "key", "", "words", strings.Repeat("abandon ", 23)+"abandon"),
		vectortest.New("12 words", "invalid", "key", "", "words", strings.Repeat("abandon ", 11)+"about"),
		vectortest.New("a word of SLIP-0039", "invalid", "key", "", "words", strings.Repeat("academic ", 23)+"art"),
	)
	for _, v := range vectortest.Golden(t, *update, "bip39", "Keys of 32 bytes as 24 words (BIP-39, English).", made) {
		got, err := bip39.Decode(v.Text(t, "words"))
		if v.Judge(t, err) && got != v.Word(t, "key") {
			t.Errorf("%s: got another key", v.Name)
		}
	}
	if want := strings.Repeat("abandon ", 23) + "art"; bip39.Encode([32]byte{}) != want {
		t.Errorf("zeros: want %q", want)
	}
	if want := strings.Repeat("zoo ", 23) + "vote"; bip39.Encode([32]byte(ones)) != want {
		t.Errorf("ones: want %q", want)
	}
}

// TestWrongWordsAreFound changes words: what is unknown is told by its place, and not
// quoted.
func TestWrongWordsAreFound(t *testing.T) {
	t.Parallel()
	var key [32]byte
	_, _ = rand.Read(key[:])
	words := strings.Fields(bip39.Encode(key))
	for i := range words {
		changed := append([]string{}, words...)
		changed[i] = "secretword"
		_, err := bip39.Decode(strings.Join(changed, " "))
		if !errors.Is(err, sinso.ErrInvalid) || !strings.Contains(err.Error(), fmt.Sprintf("word %d ", i+1)) || strings.Contains(err.Error(), "secretword") {
			t.Errorf("word %d: got %v", i+1, err)
		}
		_, err = bip39.Decode(strings.Join(append(changed[:i:i], changed[i+1:]...), " "))
		if !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("without word %d: got %v, want invalid", i+1, err)
		}
	}
}

// FuzzDecode reads anything: what is taken is written again in the same words.
func FuzzDecode(f *testing.F) {
	f.Add(bip39.Encode([32]byte{}))
	f.Add(strings.Repeat("zoo ", 23) + "vote")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := bip39.Decode(text)
		if err != nil {
			return
		}
		if got, want := bip39.Encode(key), strings.Join(strings.Fields(strings.ToLower(text)), " "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
