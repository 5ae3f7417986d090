package eip712_test

import (
	"errors"
	"math/big"
	"strconv"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"
	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// What a struct hashes to is what go-ethereum's own EIP-712 says.
func TestStruct(t *testing.T) {
	const kinds = "address owner,bytes32 hash,uint256 id,uint256 wei,uint64 endsAt,uint32 within,uint8 small,bool open,bytes raw,string text,bytes32[] list,address[] people,bytes[] blobs"
	rapid.Check(t, func(r *rapid.T) {
		owner, hash, id := drawAddress(r, "owner"), drawHash(r, "hash"), drawHash(r, "id")
		wei := sinso.NewWei(new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(r, "wei")))
		ends := time.Unix(int64(rapid.Uint32Range(1, 1<<31).Draw(r, "ends")), 0)
		within := rapid.Uint32().Draw(r, "within")
		open := rapid.Bool().Draw(r, "open")
		raw, text := rapid.SliceOf(rapid.Byte()).Draw(r, "raw"), rapid.StringMatching("[a-z]{0,40}").Draw(r, "text")
		got, err := eip712.Struct("Every("+kinds+")", owner, hash, id, wei, ends, time.Duration(within)*time.Second, uint8(7), open, raw, text,
			[]sinso.Hash{hash, id}, []sinso.Address{owner}, [][]byte{raw, {1}})
		if err != nil {
			r.Fatal(err)
		}
		want := oracle(r, sinso.Address{1}, 7, "Every", fieldsOf(kinds), apitypes.TypedDataMessage{
			"owner": owner.String(), "hash": hexutil.Encode(hash[:]), "id": new(big.Int).SetBytes(id[:]).String(), "wei": wei.String(), "endsAt": strconv.FormatInt(ends.Unix(), 10),
			"within": decimal(uint64(within)), "small": "7", "open": open, "raw": hexutil.Encode(raw), "text": text,
			"list": []any{hexutil.Encode(hash[:]), hexutil.Encode(id[:])}, "people": []any{owner.String()}, "blobs": []any{hexutil.Encode(raw), "0x01"},
		})
		if digest := eip712.Digest(eip712.Domain(sinso.Address{1}, 7), got); digest != want {
			r.Fatalf("got digest %s, want %s", digest, want)
		}
	})
}

func TestStructRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		kind    string
		members []any
	}{
		"no type":           {"Stake", nil},
		"a member too few":  {"Stake(address owner)", nil},
		"a member too many": {"Stake()", []any{true}},
		"a number too wide": {"Stake(uint8 n)", []any{uint16(256)}},
		"negative":          {"Stake(uint256 n)", []any{-1}},
		"another type":      {"Stake(address owner)", []any{sinso.Hash{}}},
		"a hash as bytes":   {"Stake(bytes b)", []any{sinso.Hash{}}},
		"a type of no bits": {"Stake(uintx n)", []any{uint8(1)}},
		"a list of bools":   {"Stake(bool[] b)", []any{[]bool{true}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := eip712.Struct(tt.kind, tt.members...); !errors.Is(err, sinso.ErrInvalid) {
				t.Errorf("got %s and error %v, want ErrInvalid", got, err)
			}
		})
	}
}
