package node

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// TestAccountFromKeystore has the node's account in an encrypted key: it pays, and its
// outbox lies in the node folder and says nothing.
func TestAccountFromKeystore(t *testing.T) {
	dir := t.TempDir()
	cfg := Config{Data: filepath.Join(dir, "node"), Chain: "dev:", ChainListen: "none", DIMSEListen: "none", Listen: "127.0.0.1:0"}
	cfg, err := cfg.Load(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Init(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	key, err := crypto.ToECDSA(append(make([]byte, 31), 9))
	if err != nil {
		t.Fatal(err)
	}
	file, err := keystore.EncryptKey(&keystore.Key{Id: [16]byte{1}, Address: crypto.PubkeyToAddress(key.PublicKey), PrivateKey: key}, "right", keystore.LightScryptN, 1)
	if err != nil {
		t.Fatal(err)
	}
	cfg.ChainKey, cfg.ChainPassphraseFile = "keystore:"+filepath.Join(dir, "account.json"), filepath.Join(dir, "passphrase")
	for name, data := range map[string]string{"account.json": string(file), "passphrase": "right\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n, err := Open(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := n.Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if address, err := eip712.Address(secret); err != nil || address != sinso.Address(crypto.PubkeyToAddress(key.PublicKey)) {
		t.Errorf("the account: got %s and error %v", address, err)
	}
	if out, err := n.Outgoing(t.Context()); err != nil || len(out) != 0 {
		t.Errorf("still out: %v, error %v", out, err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	live := filepath.Join(cfg.Data, chainFolder, outboxFolder, "live")
	entries, err := os.ReadDir(live)
	if err != nil || len(entries) != 3 {
		t.Fatalf("the outbox has %d files, error %v; want those of three contracts", len(entries), err)
	}
	for _, entry := range entries {
		if raw, err := os.ReadFile(filepath.Join(live, entry.Name())); err != nil || strings.Contains(string(raw), "deploy") {
			t.Errorf("%s can be read, error %v", entry.Name(), err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "passphrase"), []byte("wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), cfg, Options{}); !errors.Is(err, sinso.ErrDenied) {
		t.Errorf("with another passphrase: got error %v, want ErrDenied", err)
	}
}
