package node

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/way"
)

// derivedKey has the node's account derived from the root key.
const derivedKey = "derived"

// keystore returns the path of the encrypted key of the node's account, "" if it has none.
func (c Config) keystore() (path string, err error) {
	if c.ChainKey == derivedKey || c.ChainKey == "" {
		return "", nil
	}
	path, ok := strings.CutPrefix(c.ChainKey, "keystore:")
	if !ok || path == "" {
		return "", fmt.Errorf("config: chain-key: want derived, or keystore: and a path, not %q: %w", c.ChainKey, sinso.ErrInvalid)
	}
	if c.ChainPassphraseFile == "" {
		return "", fmt.Errorf("config: chain-key: a keystore needs chain-passphrase-file: %w", sinso.ErrInvalid)
	}
	return path, nil
}

// payer returns the secret of the node's account.
func (n *Node) payer(ctx context.Context) ([32]byte, error) {
	path, err := n.Config.keystore()
	if err != nil {
		return [32]byte{}, err
	}
	if path == "" {
		return n.keys.Secret(ctx, sinso.KeyNode, way.AccountPurpose)
	}
	passphrase, err := ReadPassphrase(n.Config, n.Config.ChainPassphraseFile)
	if err != nil {
		return [32]byte{}, err
	}
	defer clear(passphrase)
	file, err := readKeystore(path)
	if err != nil {
		return [32]byte{}, err
	}
	return evm.Keystore(file, passphrase)
}

func readKeystore(path string) ([]byte, error) {
	const most = 64 << 10   // bytes
	f, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, fmt.Errorf("node: open the account's keystore: %w: %w", err, sinso.ErrDenied)
	}
	defer f.Close() //nolint:errcheck // it was read
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fmt.Errorf("node: read the account's keystore: %w: %w", err, sinso.ErrUnavailable)
	}
	return data, nil
}
