package keybox_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"math/big"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/vm"
	cloudflare "github.com/ethereum/go-ethereum/crypto/bn256/cloudflare"
	google "github.com/ethereum/go-ethereum/crypto/bn256/google"
	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/keybox"
	"sinso.dev/sinso/internal/crypt/vectortest"
)

var update = flag.Bool("update", false, "rewrite the vectors that this package makes")

func draw(r *rapid.T, name string) [32]byte {
	return [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, name))
}

// TestOnlyTheBuyerOfTheOrderOpensTheBox also checks that another order or secret
// gives another key.
func TestOnlyTheBuyerOfTheOrderOpensTheBox(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		secret, buyer, err := keybox.NewKey(draw(r, "buyer"))
		if err != nil {
			r.Skip("the seed reduces to zero")
		}
		seed, order, cek := draw(r, "seed"), sinso.Hash(draw(r, "order")), sinso.CEK(draw(r, "cek"))
		box, err := keybox.Seal(seed, buyer, order, cek)
		if err != nil {
			r.Skip("the seed reduces to zero")
		}
		if got, err := keybox.Open(secret, box, order); err != nil || got != cek {
			r.Errorf("got another key, %v", err)
		}
		other := order
		other[0] ^= 1
		if got, err := keybox.Open(secret, box, other); err != nil || got == cek {
			r.Errorf("another order opens to the same key, %v", err)
		}
		thief, _, err := keybox.NewKey(sha256.Sum256(secret[:]))
		if err != nil {
			r.Fatal(err)
		}
		if got, err := keybox.Open(thief, box, order); err != nil || got == cek {
			r.Errorf("another secret opens to the same key, %v", err)
		}
	})
}

// ecMul is what the contract calls: precompile 7 of the EVM.
func ecMul(tb testing.TB, p sinso.Point, scalar [32]byte) sinso.Point {
	tb.Helper()
	contract := vm.PrecompiledContractsOsaka[common.BytesToAddress([]byte{7})]
	out, err := contract.Run(bytes.Join([][]byte{p.X[:], p.Y[:], scalar[:]}, nil))
	if err != nil || len(out) != 64 {
		tb.Fatalf("precompile 7: %d bytes, %v", len(out), err)
	}
	return sinso.Point{X: sinso.Hash(out[:32]), Y: sinso.Hash(out[32:])}
}

var generator = sinso.Point{X: sinso.Hash{31: 1}, Y: sinso.Hash{31: 2}} // EIP-197

// TestTheContractComesToTheSameKey does what Exchange.proveWrongKey does, on the
// EVM's own precompile. That is gnark-crypto too, so two implementations that are
// not (cloudflare's and Google's bn256) compute the same points once more.
func TestTheContractComesToTheSameKey(t *testing.T) {
	t.Parallel()
	for i := range byte(20) {
		secret, buyer, err := keybox.NewKey(sha256.Sum256([]byte{1, i}))
		if err != nil {
			t.Fatal(err)
		}
		order, cek := sinso.Hash{2, i}, sinso.CEK(sha256.Sum256([]byte{3, i}))
		box, err := keybox.Seal(sha256.Sum256([]byte{4, i}), buyer, order, cek)
		if err != nil {
			t.Fatal(err)
		}
		if got := ecMul(t, generator, secret); got != buyer {
			t.Errorf("b·G: got %v, want the buyer's key %v", got, buyer)
		}
		shared := ecMul(t, box.Ephemeral, secret)
		pad := sha256.Sum256(bytes.Join([][]byte{[]byte("sinso/keybox/v1"), shared.X[:], shared.Y[:], order[:]}, nil))
		got := box.Masked
		for j := range got {
			got[j] ^= pad[j]
		}
		if sinso.CEK(got) != cek {
			t.Error("the contract comes to another key")
		}

		k, ephemeral := new(big.Int).SetBytes(secret[:]), slices.Concat(box.Ephemeral.X[:], box.Ephemeral.Y[:])
		first, second := new(cloudflare.G1), new(google.G1)
		if _, err := first.Unmarshal(ephemeral); err != nil {
			t.Fatal(err)
		}
		if _, err := second.Unmarshal(ephemeral); err != nil {
			t.Fatal(err)
		}
		want, wantBuyer := slices.Concat(shared.X[:], shared.Y[:]), slices.Concat(buyer.X[:], buyer.Y[:])
		for name, got := range map[string][2][]byte{
			"cloudflare": {new(cloudflare.G1).ScalarMult(first, k).Marshal(), new(cloudflare.G1).ScalarBaseMult(k).Marshal()},
			"google":     {new(google.G1).ScalarMult(second, k).Marshal(), new(google.G1).ScalarBaseMult(k).Marshal()},
		} {
			if !bytes.Equal(got[0], want) || !bytes.Equal(got[1], wantBuyer) {
				t.Errorf("%s: got %x and %x, want %x and %x", name, got[0], got[1], want, wantBuyer)
			}
		}
	}
}

// fieldOrder is p of bn254 (EIP-197).
const fieldOrder = "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47"

func word(tb testing.TB, text string) (h sinso.Hash) {
	tb.Helper()
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) {
		tb.Fatalf("%q: %v", text, err)
	}
	return sinso.Hash(b)
}

// badPoints are refused by the precompiles too, but for infinity.
func badPoints(tb testing.TB) map[string]sinso.Point {
	tb.Helper()
	p := word(tb, fieldOrder)
	one := p
	one[31]++ // p + 1 = 1 modulo p
	return map[string]sinso.Point{
		"infinity":                   {},
		"off the curve":              {X: generator.X, Y: sinso.Hash{31: 3}},
		"x is not reduced":           {X: one, Y: generator.Y},
		"y is not reduced":           {X: generator.X, Y: word(tb, "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd49")},
		"infinity as (p, p)":         {X: p, Y: p},
		"x zero":                     {Y: generator.Y},
		"all ones":                   {X: sinso.Hash(bytes.Repeat([]byte{255}, 32)), Y: sinso.Hash(bytes.Repeat([]byte{255}, 32))},
		"a point of the wrong curve": {X: sinso.Hash{31: 1}, Y: sinso.Hash{31: 1}},
	}
}

func TestBadPointsAreRefused(t *testing.T) {
	t.Parallel()
	secret, _, err := keybox.NewKey([32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	for name, point := range badPoints(t) {
		if _, err := keybox.Seal([32]byte{1}, point, sinso.Hash{}, sinso.CEK{}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: Seal gives %v, want invalid", name, err)
		}
		if _, err := keybox.Open(secret, sinso.KeyBox{Ephemeral: point}, sinso.Hash{}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: Open gives %v, want invalid", name, err)
		}
	}
}

func TestSeedsAndSecretsOutOfRange(t *testing.T) {
	t.Parallel()
	order := [32]byte(fr.Modulus().Bytes())
	_, buyer, err := keybox.NewKey([32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	for name, seed := range map[string][32]byte{"zero": {}, "group order": order} {
		if _, _, err := keybox.NewKey(seed); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: NewKey gives %v, want invalid", name, err)
		}
		if _, err := keybox.Seal(seed, buyer, sinso.Hash{}, sinso.CEK{}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: Seal gives %v, want invalid", name, err)
		}
		if _, err := keybox.Open(seed, sinso.KeyBox{Ephemeral: buyer}, sinso.Hash{}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: Open gives %v, want invalid", name, err)
		}
	}
	all := [32]byte(bytes.Repeat([]byte{255}, 32)) // a seed above the group order is reduced
	secret, pub, err := keybox.NewKey(all)
	if err != nil || new(big.Int).SetBytes(secret[:]).Cmp(fr.Modulus()) >= 0 || ecMul(t, generator, secret) != pub {
		t.Errorf("a seed of ones: secret out of range or of another key, %v", err)
	}
}

func made(t *testing.T) []vectortest.Vector {
	t.Helper()
	text := func(b [32]byte) string { return hex.EncodeToString(b[:]) }
	var vectors []vectortest.Vector
	for i, name := range []string{"first", "second", "seed above the group order"} {
		seed := sha256.Sum256([]byte{byte(i)})
		if i == 2 {
			seed = [32]byte(bytes.Repeat([]byte{255}, 32))
		}
		secret, buyer, err := keybox.NewKey(seed)
		if err != nil {
			t.Fatal(err)
		}
		sellerSeed, order, cek := sha256.Sum256([]byte{byte(i), 1}), sha256.Sum256([]byte{byte(i), 2}), sha256.Sum256([]byte{byte(i), 3})
		box, err := keybox.Seal(sellerSeed, buyer, order, cek)
		if err != nil {
			t.Fatal(err)
		}
		vectors = append(vectors, vectortest.New(name, vectortest.Success,
			"buyerSeed", text(seed), "buyerSecret", text(secret), "buyerX", text(buyer.X), "buyerY", text(buyer.Y), "sellerSeed", text(sellerSeed),
			"order", text(order), "ephemeralX", text(box.Ephemeral.X), "ephemeralY", text(box.Ephemeral.Y), "masked", text(box.Masked), "cek", text(cek)))
	}
	good := vectors[0]
	for _, name := range []string{"infinity", "off the curve", "x is not reduced", "y is not reduced", "infinity as (p, p)"} {
		point := badPoints(t)[name]
		vectors = append(vectors, good.With("", "", "ephemeralX", text(point.X)).With("ephemeral: "+name, "invalid", "ephemeralY", text(point.Y)))
	}
	return append(
		vectors,
		good.With("secret zero", "invalid", "buyerSecret", text([32]byte{})),
		good.With("secret is the group order", "invalid", "buyerSecret", text([32]byte(fr.Modulus().Bytes()))),
	)
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectortest.Golden(t, *update, "keybox", `Key boxes on bn254 G1. buyerSecret = buyerSeed mod group order; buyer = buyerSecret·G; r = sellerSeed mod group order; ephemeral = r·G;
S = r·buyer = buyerSecret·ephemeral; masked = cek xor sha256("sinso/keybox/v1" ‖ S.x ‖ S.y ‖ order).
Open takes buyerSecret, ephemeral, masked and order.`, made(t)) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			box := sinso.KeyBox{Ephemeral: sinso.Point{X: v.Word(t, "ephemeralX"), Y: v.Word(t, "ephemeralY")}, Masked: v.Word(t, "masked")}
			got, err := keybox.Open(v.Word(t, "buyerSecret"), box, v.Word(t, "order"))
			if v.Judge(t, err) && got != v.Word(t, "cek") {
				t.Errorf("got another key than the vector's")
			}
		})
	}
}

func BenchmarkSeal(b *testing.B) {
	_, buyer, err := keybox.NewKey([32]byte{1})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := keybox.Seal([32]byte{2}, buyer, sinso.Hash{}, sinso.CEK{}); err != nil {
			b.Fatal(err)
		}
	}
}
