package evm

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"sinso.dev/sinso"
)

// clef is another program that signs; it may sign something else than it is asked to.
type clef struct {
	method string // what it knows
	answer func(raw hexutil.Bytes) any
	change func(*types.DynamicFeeTx)
}

func (c clef) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		ID     json.RawMessage
		Method string
		Params []struct {
			To                   common.Address
			Nonce, Gas           hexutil.Uint64
			Value                *hexutil.Big
			Data                 hexutil.Bytes
			MaxFeePerGas         *hexutil.Big
			MaxPriorityFeePerGas *hexutil.Big
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&ask)
	reply := map[string]any{"jsonrpc": "2.0", "id": ask.ID}
	if ask.Method != c.method {
		reply["error"] = map[string]any{"code": -32601, "message": "the method does not exist"}
	} else {
		p := ask.Params[0]
		tx := &types.DynamicFeeTx{
			ChainID: big.NewInt(fakeID), Nonce: uint64(p.Nonce), Gas: uint64(p.Gas), To: &p.To, Value: p.Value.ToInt(), Data: p.Data,
			GasFeeCap: p.MaxFeePerGas.ToInt(), GasTipCap: p.MaxPriorityFeePerGas.ToInt(),
		}
		if c.change != nil {
			c.change(tx)
		}
		account, _ := accountOf(fakeKey)
		raw, _ := types.MustSignNewTx(account.signer.(secretSigner).key, fakeSigner, tx).MarshalBinary()
		reply["result"] = c.answer(raw)
	}
	_ = json.NewEncoder(w).Encode(reply)
}

// TestRemoteSigner has another program sign, by either method and form of answer, and
// refuses what is not what it was asked for.
func TestRemoteSigner(t *testing.T) {
	whole := func(raw hexutil.Bytes) any { return map[string]any{"raw": raw, "tx": map[string]any{}} }
	alone := func(raw hexutil.Bytes) any { return raw }
	for name, test := range map[string]struct {
		clef clef
		from sinso.Address
		want error
	}{
		"clef":               {clef{"account_signTransaction", whole, nil}, sinso.Address(keyAddress(t)), nil},
		"another program":    {clef{"eth_signTransaction", alone, nil}, sinso.Address(keyAddress(t)), nil},
		"no method":          {clef{"none", whole, nil}, sinso.Address(keyAddress(t)), sinso.ErrDenied},
		"another account":    {clef{"account_signTransaction", whole, nil}, sinso.Address{1}, sinso.ErrCorrupt},
		"another receiver":   {clef{"account_signTransaction", whole, func(tx *types.DynamicFeeTx) { tx.To = new(common.Address) }}, sinso.Address(keyAddress(t)), sinso.ErrCorrupt},
		"another fee":        {clef{"account_signTransaction", whole, func(tx *types.DynamicFeeTx) { tx.GasFeeCap = big.NewInt(1e18) }}, sinso.Address(keyAddress(t)), sinso.ErrCorrupt},
		"another nonce":      {clef{"account_signTransaction", whole, func(tx *types.DynamicFeeTx) { tx.Nonce++ }}, sinso.Address(keyAddress(t)), sinso.ErrCorrupt},
		"what is none":       {clef{"account_signTransaction", func(hexutil.Bytes) any { return "0x01" }, nil}, sinso.Address(keyAddress(t)), sinso.ErrCorrupt},
		"what is not in hex": {clef{"account_signTransaction", func(hexutil.Bytes) any { return 7 }, nil}, sinso.Address(keyAddress(t)), sinso.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(test.clef)
			defer server.Close()
			s, err := DialSigner(t.Context(), server.URL, test.from)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}()
			c := &Chain{node: account{signer: s.signer, address: common.Address(s.Address)}}
			c.meet(big.NewInt(fakeID))
			m := fakeWork(c, 1)
			draft := &types.DynamicFeeTx{
				ChainID: c.chainID, Nonce: 3, To: m.to, Gas: 50_000, GasFeeCap: big.NewInt(2000), GasTipCap: big.NewInt(100), Value: big.NewInt(5), Data: m.data,
			}
			tx, err := c.signed(t.Context(), m, draft)
			if !errors.Is(err, test.want) || err == nil && (tx.Nonce() != 3 || tx.Value().Int64() != 5) {
				t.Errorf("got %v and error %v, want %v", tx, err, test.want)
			}
		})
	}
	for _, bad := range []string{"http://192.0.2.1", "ftp://127.0.0.1", "::"} {
		if _, err := DialSigner(t.Context(), bad, sinso.Address{}); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got error %v, want ErrInvalid", bad, err)
		}
	}
}

// TestKeystore opens a file as go-ethereum writes it, and none that asks for too much.
func TestKeystore(t *testing.T) {
	account, err := accountOf(fakeKey)
	if err != nil {
		t.Fatal(err)
	}
	file, err := keystore.EncryptKey(&keystore.Key{Id: [16]byte{1}, Address: account.address, PrivateKey: account.signer.(secretSigner).key}, "right", keystore.LightScryptN, keystore.LightScryptP)
	if err != nil {
		t.Fatal(err)
	}
	if secret, err := Keystore(file, []byte("right")); err != nil || secret != fakeKey {
		t.Errorf("got %x and error %v", secret, err)
	}
	for name, test := range map[string]struct {
		file, passphrase string
		want             error
	}{
		"another passphrase": {string(file), "wrong", sinso.ErrDenied},
		"no keystore":        {"{}", "right", sinso.ErrInvalid},
		"no JSON":            {"key", "right", sinso.ErrInvalid},
		"too much memory":    {strings.Replace(string(file), `"n":4096`, `"n":1073741824`, 1), "right", sinso.ErrUnsupported},
	} {
		if _, err := Keystore([]byte(test.file), []byte(test.passphrase)); !errors.Is(err, test.want) {
			t.Errorf("%s: got error %v, want %v", name, err, test.want)
		}
	}
}
