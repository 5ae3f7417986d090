package node

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/crypt/eip712"
	"sinso.dev/sinso/internal/way"
)

const (
	// derivedKey has the node's account derived from the root key.
	derivedKey = "derived"
	// keystoreKey, before a path, has it in an encrypted file.
	keystoreKey = "keystore:"
	// signerKey, before a URL, # and the account, has it kept by another program.
	signerKey = "signer:"
)

// checkChainKey finds what cannot be meant.
func (c Config) checkChainKey() error {
	switch kind := c.keptBy(); {
	case kind == derivedKey:
		return nil
	case kind == signerKey:
		_, err := c.signer()
		return err
	case kind == keystoreKey && c.keystore() != "" && c.ChainPassphraseFile == "":
		return fmt.Errorf("config: chain-key: a keystore needs chain-passphrase-file: %w", sinso.ErrInvalid)
	case kind == keystoreKey && c.keystore() != "":
		return nil
	}
	return fmt.Errorf("config: chain-key: want derived, or keystore: and a path, or signer: and a URL, # and an account, not %q: %w", c.ChainKey, sinso.ErrInvalid)
}

// keptBy says in which of the ways the node's account is kept; "": in none that is known.
func (c Config) keptBy() string {
	switch {
	case c.ChainKey == derivedKey || c.ChainKey == "":
		return derivedKey
	case strings.HasPrefix(c.ChainKey, keystoreKey):
		return keystoreKey
	case strings.HasPrefix(c.ChainKey, signerKey):
		return signerKey
	}
	return ""
}

// keystore returns the path of the encrypted key of the node's account.
func (c Config) keystore() string { return strings.TrimPrefix(c.ChainKey, keystoreKey) }

// signer returns which program signs for the node's account.
func (c Config) signer() (evm.SignerConfig, error) {
	text := strings.TrimPrefix(c.ChainKey, signerKey)
	at := strings.LastIndex(text, "#")
	var cfg evm.SignerConfig
	if at < 0 || cfg.Account.UnmarshalText([]byte(text[at+1:])) != nil || cfg.Account == (sinso.Address{}) {
		return cfg, fmt.Errorf("config: chain-key: a signer's URL ends in # and the account that it signs for, 0x and 40 hex digits, such as signer:http://127.0.0.1:8550#0x…: %w", sinso.ErrInvalid)
	}
	cfg.URL = text[:at]
	if err := evm.CheckSignerURL(cfg.URL); err != nil {
		return cfg, fmt.Errorf("config: chain-key: %w", err)
	}
	return cfg, nil
}

// payer makes the link to a chain, with who signs for the node's account, and returns which that is.
func (n *Node) payer(ctx context.Context, clock sinso.Clock) (*chainLink, sinso.Address, error) {
	if n.Config.keptBy() == signerKey {
		return n.openSigner(ctx, clock)
	}
	link := new(chainLink)
	var err error
	if link.payer, err = n.secret(ctx); err != nil {
		return nil, sinso.Address{}, err
	}
	account, err := eip712.Address(link.payer)
	return link, account, err
}

// openSigner has another program sign. It may be away: then it is asked when something is to be signed.
func (n *Node) openSigner(ctx context.Context, clock sinso.Clock) (*chainLink, sinso.Address, error) {
	cfg, err := n.Config.signer()
	if err != nil {
		return nil, cfg.Account, err
	}
	cfg.Clock = clock
	signer, err := evm.NewSigner(ctx, cfg)
	if err != nil {
		return nil, cfg.Account, err
	}
	n.closers = append(n.closers, signer.Close)
	return &chainLink{payer: sinso.KeptElsewhere(), signer: signer}, cfg.Account, nil
}

// secret returns that of the node's account.
func (n *Node) secret(ctx context.Context) ([32]byte, error) {
	if n.Config.keptBy() == derivedKey {
		return n.keys.Secret(ctx, sinso.KeyNode, way.AccountPurpose)
	}
	passphrase, err := ReadPassphrase(n.Config, n.Config.ChainPassphraseFile)
	if err != nil {
		return [32]byte{}, err
	}
	defer clear(passphrase)
	file, err := readKeystore(n.Config.keystore())
	if err != nil {
		return [32]byte{}, err
	}
	return evm.Keystore(file, passphrase)
}

// Keeper is who keeps the key of a node's account.
type Keeper struct {
	Kind string `json:"kind"` // "derived", "keystore" or "signer"
	// Signer is how the program is that signs; null: the node does it.
	Signer *evm.SignerState `json:"signer"`
}

// keeper asks who signs how it is.
func (n *Node) keeper(ctx context.Context) Keeper {
	k := Keeper{Kind: strings.TrimSuffix(n.Config.keptBy(), ":")}
	if n.chain.signer != nil {
		state := n.chain.signer.State(ctx)
		k.Signer = &state
	}
	return k
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
