package evm

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

// signer signs for one account.
type signer interface {
	sign(ctx context.Context, chain *big.Int, tx *types.Transaction) (*types.Transaction, error)
}

// Signer signs for the node's account in place of its secret.
type Signer struct {
	Address sinso.Address
	signer  signer
}

// secretSigner has the secret here.
type secretSigner struct{ key *ecdsa.PrivateKey }

func (s secretSigner) sign(_ context.Context, chain *big.Int, tx *types.Transaction) (*types.Transaction, error) {
	return types.SignTx(tx, types.NewLondonSigner(chain), s.key)
}

// signed has an account's signer sign a transaction, and checks that it signed that
// one and no other: a signer may be another program.
func (c *Chain) signed(ctx context.Context, m message, draft types.TxData) (*types.Transaction, error) {
	if m.by.signer == nil {
		return nil, fmt.Errorf("chain: %s: the secret of this account comes with its owner's next call: %w", m.doing, sinso.ErrUnavailable)
	}
	want := types.NewTx(draft)
	london := types.NewLondonSigner(c.chainID)
	tx, err := m.by.signer.sign(ctx, c.chainID, want)
	if err != nil {
		return nil, fmt.Errorf("chain: %s: sign: %w", m.doing, err)
	}
	if from, err := types.Sender(london, tx); err != nil || from != m.by.address || london.Hash(tx) != london.Hash(want) {
		return nil, fmt.Errorf("chain: %s: the signer signed another transaction, or for another account; nothing was sent: %w", m.doing, sinso.ErrCorrupt)
	}
	return tx, nil
}

// Close ends the connection to another program, if there is one.
func (s *Signer) Close() error {
	if remote, ok := s.signer.(remoteSigner); ok {
		remote.rpc.Close()
	}
	return nil
}

// maxScrypt bounds the memory that a keystore may have its passphrase stretched with, in
// bytes: twice what go-ethereum's own take.
const maxScrypt = 512 << 20

// Keystore opens an encrypted key: JSON of go-ethereum's keystore, version 3 (Web3 Secret
// Storage). ErrDenied: it is another passphrase.
func Keystore(file, passphrase []byte) (secret [32]byte, err error) {
	var asks struct {
		Version int `json:"version"`
		Crypto  struct {
			Params struct {
				N uint64 `json:"n"`
				R uint64 `json:"r"`
				P uint64 `json:"p"`
				C uint64 `json:"c"`
			} `json:"kdfparams"`
		} `json:"crypto"`
	}
	if err := json.Unmarshal(file, &asks); err != nil || asks.Version != 3 {
		return secret, fmt.Errorf("chain: the account's file is no keystore of version 3: %w", sinso.ErrInvalid)
	}
	k := asks.Crypto.Params
	if k.N > maxScrypt || k.R > 64 || k.P > 16 || 128*k.N*k.R > maxScrypt || k.C > 10_000_000 {
		return secret, fmt.Errorf("chain: the account's keystore asks for more memory or time than is given to one: %w", sinso.ErrUnsupported)
	}
	key, err := keystore.DecryptKey(file, string(passphrase))
	if errors.Is(err, keystore.ErrDecrypt) {
		return secret, fmt.Errorf("chain: the passphrase does not open the account's keystore: %w", sinso.ErrDenied)
	}
	if err != nil {
		return secret, fmt.Errorf("chain: the account's keystore cannot be read: %w", sinso.ErrInvalid)
	}
	return [32]byte(crypto.FromECDSA(key.PrivateKey)), nil
}

// remoteSigner has another program sign, by JSON-RPC.
type remoteSigner struct {
	rpc     *rpc.Client
	address common.Address
}

// DialSigner connects to a program that signs for an account: clef, by
// account_signTransaction, or one with eth_signTransaction. What it signs is checked
// before it is sent. The URL must be https, or http on this machine: who asks for
// signatures there spends the account's money.
func DialSigner(ctx context.Context, endpoint string, account sinso.Address) (*Signer, error) {
	at, err := url.Parse(endpoint)
	if err != nil || at.Scheme != "https" && (at.Scheme != "http" || !loopback(at.Hostname())) {
		return nil, fmt.Errorf("chain: the signer's URL must begin with https, or with http and be on this machine: %w", sinso.ErrInvalid)
	}
	client, err := dial(ctx, endpoint)
	if err != nil {
		return nil, err
	}
	return &Signer{Address: account, signer: remoteSigner{client, common.Address(account)}}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s remoteSigner) sign(ctx context.Context, chain *big.Int, tx *types.Transaction) (*types.Transaction, error) {
	args := map[string]any{
		"from": s.address, "chainId": (*hexutil.Big)(chain), "nonce": hexutil.Uint64(tx.Nonce()), "gas": hexutil.Uint64(tx.Gas()),
		"value": (*hexutil.Big)(tx.Value()), "data": hexutil.Bytes(tx.Data()),
	}
	if tx.To() != nil {
		args["to"] = *tx.To()
	}
	if tx.Type() == types.LegacyTxType {
		args["gasPrice"] = (*hexutil.Big)(tx.GasPrice())
	} else {
		args["maxFeePerGas"], args["maxPriorityFeePerGas"] = (*hexutil.Big)(tx.GasFeeCap()), (*hexutil.Big)(tx.GasTipCap())
	}
	const doing = "have a transaction signed"
	var answer json.RawMessage
	err := s.rpc.CallContext(ctx, &answer, "account_signTransaction", args)
	var refusal rpc.Error
	const noMethod = -32601 // JSON-RPC 2.0
	if errors.As(err, &refusal) && refusal.ErrorCode() == noMethod {
		err = s.rpc.CallContext(ctx, &answer, "eth_signTransaction", args)
	}
	if errors.As(err, &refusal) {
		return nil, fmt.Errorf("chain: %s: the signer refused: %s: %w", doing, excerpt(err), sinso.ErrDenied)
	}
	if err != nil {
		return nil, fault(doing, err)
	}
	// Some answer with the transaction alone, most with it and its fields.
	var whole struct {
		Raw hexutil.Bytes `json:"raw"`
	}
	if json.Unmarshal(answer, &whole) != nil && json.Unmarshal(answer, &whole.Raw) != nil {
		return nil, lie(doing, "it is no transaction")
	}
	signed := new(types.Transaction)
	if err := signed.UnmarshalBinary(whole.Raw); err != nil {
		return nil, lie(doing, "it is no transaction")
	}
	return signed, nil
}
