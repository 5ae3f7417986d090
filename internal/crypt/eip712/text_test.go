package eip712_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/signer/core/apitypes"
	"pgregory.net/rapid"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// TestTypedDataIsWhatIsSigned: go-ethereum's own EIP-712 reads a text that is shown, and comes to the digest that is signed.
func TestTypedDataIsWhatIsSigned(t *testing.T) {
	const kind = "Every(address owner,bytes32 hash,uint256 id,uint96 wei,uint64 endsAt,uint32 within,bool open,bytes raw,string text)"
	rapid.Check(t, func(r *rapid.T) {
		text := sinso.Text{At: drawAddress(r, "at"), Type: kind, Members: []any{
			drawAddress(r, "owner"), drawHash(r, "hash"), drawHash(r, "id"),
			sinso.NewWei(new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(r, "wei"))),
			time.Unix(rapid.Int64Range(0, 1<<62).Draw(r, "ends"), 0), time.Duration(rapid.Uint32().Draw(r, "within")) * time.Second,
			rapid.Bool().Draw(r, "open"), rapid.SliceOf(rapid.Byte()).Draw(r, "raw"), rapid.String().Draw(r, "text"),
		}}
		chainID := rapid.Uint64().Draw(r, "chain")
		want, err := eip712.TextDigest(eip712.Domain(text.At, chainID), text)
		if err != nil {
			r.Fatal(err)
		}
		data, err := eip712.TypedData(text, chainID)
		if err != nil {
			r.Fatal(err)
		}
		var read apitypes.TypedData
		if err := json.Unmarshal(data, &read); err != nil {
			r.Fatal(err)
		}
		if got, _, err := apitypes.TypedDataAndHash(read); err != nil || sinso.Hash(got) != want {
			r.Fatalf("%s: got digest %x and error %v, want %s", data, got, err, want)
		}
	})
}

// TestTypedDataSaysAll is one text as a person is shown it.
func TestTypedDataSaysAll(t *testing.T) {
	at := sinso.Address{19: 0xab}
	data, err := eip712.TypedData(eip712.KeyRequestText(at, sinso.Hash{31: 1}, sinso.Hash{31: 2}), 31337)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],` +
		`"KeyRequest":[{"name":"tradeId","type":"bytes32"},{"name":"hpkeHash","type":"bytes32"}]},"primaryType":"KeyRequest",` +
		`"domain":{"name":"SINSO","version":"1","chainId":31337,"verifyingContract":"0x00000000000000000000000000000000000000AB"},` +
		`"message":{"hpkeHash":"0x0000000000000000000000000000000000000000000000000000000000000002","tradeId":"0x0000000000000000000000000000000000000000000000000000000000000001"}}`
	if string(data) != want {
		t.Errorf("got\n%s, want\n%s", data, want)
	}
	digest, err := eip712.TextDigest(eip712.Domain(at, 31337), eip712.KeyRequestText(at, sinso.Hash{31: 1}, sinso.Hash{31: 2}))
	if same := eip712.KeyRequestDigest(eip712.Domain(at, 31337), sinso.Hash{31: 1}, sinso.Hash{31: 2}); err != nil || digest != same {
		t.Errorf("its digest is %s, %v, want %s", digest, err, same)
	}
}

// TestTypedDataRefuses what cannot be shown whole, or does not fit.
func TestTypedDataRefuses(t *testing.T) {
	for name, text := range map[string]sinso.Text{
		"the hash of a struct": {Type: "Order(Item item)Item(uint256 n)", Members: []any{sinso.Hash{1}}},
		"a list":               {Type: "Order(bytes32[] items)", Members: []any{[]sinso.Hash{{1}}}},
		"a member too few":     {Type: "Order(bytes32 item)"},
		"no type":              {Type: "Order"},
		"a number too wide":    {Type: "Order(uint8 n)", Members: []any{uint16(256)}},
	} {
		if data, err := eip712.TypedData(text, 1); !errors.Is(err, sinso.ErrInvalid) || strings.Contains(string(data), "Order") {
			t.Errorf("%s: got %s and error %v, want ErrInvalid", name, data, err)
		}
	}
}
