package reward_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/stage/act/reward"
)

// Every line of a list of any length is led to the root by its proof, as
// OpenZeppelin's MerkleProof goes, and by no other line's.
func TestProofsLeadToTheRoot(t *testing.T) {
	for n := 1; n <= 33; n++ {
		list, err := reward.ReadList(listOf(n))
		if err != nil {
			t.Fatal(err)
		}
		for i := range uint64(n) {
			proof, err := list.Proof(i)
			if err != nil {
				t.Fatal(err)
			}
			if got := fold(t, list, i, proof); got != list.Root() {
				t.Errorf("line %d of %d: the proof leads to %s, not to %s", i, n, got, list.Root())
			}
			if other := (i + 1) % uint64(n); other != i && fold(t, list, other, proof) == list.Root() {
				t.Errorf("line %d of %d: the proof of line %d leads to the root", other, n, i)
			}
		}
		if _, err := list.Proof(uint64(n)); !errors.Is(err, sinso.ErrNotFound) {
			t.Errorf("a line after the last of %d: got error %v", n, err)
		}
	}
}

// fold goes from a line by its proof to a root. The leaf is encoded here by its text.
func fold(t *testing.T, list *reward.List, index uint64, proof []sinso.Hash) sinso.Hash {
	t.Helper()
	line := list.Lines[index]
	text := fmt.Sprintf("%064x%024x%x%064x", index, 0, line.Account[:], line.Amount.Int())
	var raw []byte
	if _, err := fmt.Sscanf(text, "%x", &raw); err != nil {
		t.Fatal(err)
	}
	once := eip712.Keccak(raw)
	at := eip712.Keccak(once[:])
	for _, beside := range proof {
		if at.String() < beside.String() {
			at = eip712.Keccak(at[:], beside[:])
		} else {
			at = eip712.Keccak(beside[:], at[:])
		}
	}
	return at
}

func listOf(n int) string {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf(`{"account":"0x%040x","amount":"%d"}`, r.Uint64()|1, r.Uint64()|1)
	}
	return "[" + strings.Join(lines, ",") + "]"
}

func TestListsThatAreRefused(t *testing.T) {
	const account = `"account":"0x00000000000000000000000000000000000000aA"`
	for name, text := range map[string]string{
		"nothing":            "",
		"no list":            `{}`,
		"an empty one":       `[]`,
		"more after it":      `[{` + account + `,"amount":"1"}] []`,
		"another field":      `[{` + account + `,"amount":"1","name":"Anna"}]`,
		"no account":         `[{"amount":"1"}]`,
		"the zero account":   `[{"account":"0x0000000000000000000000000000000000000000","amount":"1"}]`,
		"no amount":          `[{` + account + `}]`,
		"nothing earned":     `[{` + account + `,"amount":"0"}]`,
		"less than nothing":  `[{` + account + `,"amount":"-1"}]`,
		"a fraction":         `[{` + account + `,"amount":"1.5"}]`,
		"a number":           `[{` + account + `,"amount":1}]`,
		"2^96":               `[{` + account + `,"amount":"79228162514264337593543950336"}]`,
		"2^96 in all":        `[{` + account + `,"amount":"79228162514264337593543950335"},{` + account + `,"amount":"1"}]`,
		"too long a kind":    `[{` + account + `,"amount":"1","kind":"` + strings.Repeat("x", 65) + `"}]`,
		"too many lines":     listOf(4097),
		"cut off in a line":  `[{` + account,
		"bytes that are not": "\xff\x00",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := reward.ReadList(text); !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("got error %v, want ErrInvalid", err)
			}
		})
	}
	if list, err := reward.ReadList(`[{` + account + `,"amount":"79228162514264337593543950335"}]` + "\n"); err != nil || len(list.Lines) != 1 {
		t.Errorf("the largest amount: got error %v", err)
	}
}

func FuzzReadList(f *testing.F) {
	f.Add(listOf(3))
	f.Add(`[{"account":"0x","amount":"1","kind":"provider"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := reward.ReadList(text)
		if err != nil {
			return
		}
		last := uint64(len(list.Lines) - 1)
		proof, err := list.Proof(last)
		if err != nil || fold(t, list, last, proof) != list.Root() {
			t.Errorf("the last line's proof does not lead to the root: %v", err)
		}
	})
}
