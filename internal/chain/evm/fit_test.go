package evm

import (
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/contracts"
)

// sample has a field of every kind that arguments of the contracts are made of.
type sample struct {
	Owner  sinso.Address
	Token  sinso.TokenID
	Hash   sinso.Hash
	Price  sinso.Wei
	Small  uint8
	Bps    uint16
	Long   uint64
	At     time.Time
	Within time.Duration
	Open   bool
	Raw    []byte
	Text   string
	List   []sinso.Hash
	Parts  []part2
	Sigs   [][]byte
}

type part2 struct {
	Payee sinso.Address
	Bps   uint16
}

// What was fitted comes back as it was.
func TestFitsBothWays(t *testing.T) {
	const fields = "owner address,token uint256,hash bytes32,price uint128,small uint8,bps uint32,long uint40,at uint48,within uint32,open bool,raw bytes,text string,list bytes32[],sigs bytes[]"
	parts, err := abi.NewType("tuple[]", "", []abi.ArgumentMarshaling{{Name: "payee", Type: "address"}, {Name: "bps", Type: "uint16"}})
	if err != nil {
		t.Fatal(err)
	}
	arguments := abi.Arguments{{Name: "what", Type: tuple(t, fields)}, {Name: "parts", Type: parts}}
	rapid.Check(t, func(r *rapid.T) {
		in := sample{
			Small: rapid.Uint8().Draw(r, "small"), Bps: rapid.Uint16().Draw(r, "bps"), Long: rapid.Uint64Max(1<<40-1).Draw(r, "long"),
			Price: sinso.NewWei(new(big.Int).SetUint64(rapid.Uint64().Draw(r, "price"))), Open: rapid.Bool().Draw(r, "open"),
			At:     time.Unix(int64(rapid.Uint32Min(1).Draw(r, "at")), 0).UTC(),
			Within: time.Duration(rapid.Uint32().Draw(r, "within")) * time.Second,
			Raw:    rapid.SliceOfN(rapid.Byte(), 1, 70).Draw(r, "raw"), Text: rapid.String().Draw(r, "text"),
			List: []sinso.Hash{{1}, {2}}, Sigs: [][]byte{{3}, {4, 5}}, Parts: []part2{{sinso.Address{9}, 7}},
		}
		copy(in.Owner[:], rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(r, "owner"))
		copy(in.Token[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, "token"))
		copy(in.Hash[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, "hash"))
		data, err := packed(arguments, []any{in, in.Parts})
		if err != nil {
			r.Fatal(err)
		}
		var out struct {
			What  sample
			Parts []part2
		}
		if err := unpack(arguments, data, &out); err != nil {
			r.Fatal(err)
		}
		out.What.Parts = out.Parts
		if !reflect.DeepEqual(out.What, in) {
			r.Fatalf("got %+v, want %+v", out.What, in)
		}
	})
}

// tuple makes a tuple's type of "name type,name type".
func tuple(t *testing.T, fields string) abi.Type {
	t.Helper()
	var parts []abi.ArgumentMarshaling
	for field := range strings.SplitSeq(fields, ",") {
		name, kind, _ := strings.Cut(field, " ")
		parts = append(parts, abi.ArgumentMarshaling{Name: name, Type: kind})
	}
	made, err := abi.NewType("tuple", "", parts)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestNumbersThatDoNotFit(t *testing.T) {
	uint40, _ := abi.NewType("uint40", "", nil)
	for name, value := range map[string]any{
		"too large": uint64(1 << 40), "negative": -1, "before 1970": time.Unix(-1, 0), "a wide hash": sinso.Hash{1}, "a nil number": (*big.Int)(nil), "a text": "1",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := packed(abi.Arguments{{Name: "n", Type: uint40}}, []any{value}); err == nil {
				t.Error("it was taken")
			}
		})
	}
}

// Whatever a contract of ours refuses with, a person hears a sentence.
func TestEveryErrorHasASentence(t *testing.T) {
	var b book
	for _, name := range contracts.Names() {
		page, err := b.page(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, known := range page.abi.Errors {
			revert := b.decode("try", append(known.ID[:4:4], make([]byte, 32*8)...))
			if revert.Name != known.Name {
				t.Errorf("%s: %s is told as %q", name, known.Sig, revert.Name)
			}
			if sentence := revert.sentence; len(strings.Fields(sentence)) < 3 || strings.ContainsAny(sentence, "`{}\n") || strings.HasSuffix(sentence, ".") || strings.HasPrefix(sentence, noReason) {
				t.Errorf("%s: %s has no sentence for a person: %q", name, known.Sig, sentence)
			}
		}
	}
}
