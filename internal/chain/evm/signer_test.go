package evm

import (
	"errors"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/keystore"

	"sinso.dev/sinso"
)

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
