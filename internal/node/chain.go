package node

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"path/filepath"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/devchain"
	"sinso.dev/sinso/internal/chain/evm"
	"sinso.dev/sinso/internal/durable"
)

// chainLink is the chain that a node trades on.
type chainLink struct {
	*evm.Chain
	payer  [32]byte
	signer *evm.Signer // nil: payer is the secret of the node's account
	rpc    string      // of the embedded chain, "" if none is served
}

// devFunds is what the node's account owns on a new embedded chain: play money,
// 1,000,000 units of 10^18 wei.
var devFunds, _ = new(big.Int).SetString("1000000000000000000000000", 10)

// contractsFile remembers where the contracts stand on the embedded chain.
const contractsFile = "contracts.json"

// outboxFolder, in the chain's folder, has what was signed and sent.
const outboxFolder = "outbox"

// openChain connects to the chain that the configuration names.
func (n *Node) openChain(ctx context.Context, o Options) error {
	if n.Config.Chain == noChain {
		return nil
	}
	link, account, err := n.payer(ctx, o.Clock)
	if err != nil {
		return err
	}
	contracts, err := n.Config.contracts()
	if err != nil {
		return err
	}
	cfg := evm.Config{URL: n.Config.Chain, Contracts: contracts, Key: link.payer, Signer: link.signer, Clock: o.Clock}
	if cfg.Confirmations, err = n.Config.confirmations(); err != nil {
		return err
	}
	if cfg.Start, err = n.Config.chainStart(); err != nil {
		return err
	}
	if cfg.Relay, err = n.Config.relay(); err != nil {
		return err
	}
	if cfg.Outbox, err = n.openOutbox(ctx); err != nil {
		return err
	}
	if n.Config.Chain == devChain {
		engine, err := n.openDevchain(ctx, o, account)
		if err != nil {
			return err
		}
		link.rpc = engine.RPCAddr()
		cfg.URL, cfg.Client = "", engine.Client()
		if cfg.Contracts, err = readContracts(filepath.Join(n.Config.Data, chainFolder, contractsFile)); err != nil {
			return err
		}
		cfg.Deployed = n.keepDeployment
	}
	if cfg.Deployment, err = n.readDeployment(); err != nil {
		return err
	}
	if cfg.Contracts == (sinso.Contracts{}) {
		d := cfg.Deployment
		if d.ChainID == 0 {
			d = o.Deployment
		}
		cfg.Contracts = sinso.Contracts{ChainID: d.ChainID, Identity: d.Contracts["Identity"], Assets: d.Contracts["Assets"], Exchange: d.Contracts["Exchange"]}
	}
	adapter, err := evm.Open(ctx, cfg)
	if err != nil {
		return fmt.Errorf("node: the chain: %w", err)
	}
	n.closers = append(n.closers, adapter.Close)
	link.Chain = adapter
	n.chain = link
	if err := n.openChainIndex(ctx, adapter, o); err != nil {
		return err
	}
	if n.Config.Chain != devChain {
		return nil
	}
	return writeContracts(filepath.Join(n.Config.Data, chainFolder, contractsFile), adapter.Contracts())
}

// openOutbox opens what the node has signed and sent.
func (n *Node) openOutbox(ctx context.Context) (*evm.Folder, error) {
	key, err := n.keys.Secret(ctx, sinso.KeyNode, "outbox")
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(n.Config.Data, chainFolder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("node: make the chain's folder: %w: %w", err, sinso.ErrUnavailable)
	}
	if err := durable.SyncDir(n.Config.Data); err != nil {
		return nil, fmt.Errorf("node: make the chain's folder: %w: %w", err, sinso.ErrUnavailable)
	}
	return evm.OpenFolder(filepath.Join(dir, outboxFolder), key)
}

// Outgoing looks after every transaction that this node has signed and that is not final
// (see [evm.Chain.Recover]), and returns what is out then, oldest first.
func (n *Node) Outgoing(ctx context.Context) ([]evm.Out, error) {
	if n.chain == nil {
		return nil, nil
	}
	return n.chain.Recover(ctx)
}

func (n *Node) openDevchain(ctx context.Context, o Options, account sinso.Address) (*devchain.Chain, error) {
	listen := n.Config.ChainListen
	if listen == noChain {
		listen = ""
	}
	dir := filepath.Join(n.Config.Data, chainFolder)
	if err := hasRoom(dir, minRoom); err != nil {
		return nil, err
	}
	engine, err := devchain.Open(ctx, devchain.Config{
		Dir: dir, Alloc: map[sinso.Address]*big.Int{account: devFunds},
		Listen: listen, Clock: o.Clock, Log: n.log,
	})
	if err != nil {
		return nil, fmt.Errorf("node: the embedded chain: %w", err)
	}
	n.closers = append(n.closers, engine.Close)
	return engine, nil
}

// ChainRPC returns the address that the embedded chain's JSON-RPC listens on, or "".
func (n *Node) ChainRPC() string {
	if n.chain == nil {
		return ""
	}
	return n.chain.rpc
}
