package evm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/chain/bind"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Open connects to a chain and checks that it can run SINSO's contracts
// (ErrUnsupported) and that they stand where they are said to (ErrInvalid), or
// deploys them.
func Open(ctx context.Context, cfg Config) (*Chain, error) {
	c, err := connect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := c.prepare(ctx, cfg); err != nil {
		_ = c.Close()
		return nil, err
	}
	if err := c.recall(cfg.Deployment); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// recall makes the contracts of a record known, if it is of this chain and of the
// same Identity, Assets and Exchange.
func (c *Chain) recall(d sinso.Deployment) error {
	if d.ChainID == 0 {
		return nil
	}
	if d.ChainID != c.contracts.ChainID {
		return fmt.Errorf("chain: the recorded deployment is of chain %d, and this is chain %d: %w", d.ChainID, c.contracts.ChainID, sinso.ErrInvalid)
	}
	for name, at := range core(c.contracts) {
		if d.Contracts[name] != at {
			return fmt.Errorf("chain: the recorded deployment has another %s than %s: %w", name, at, sinso.ErrInvalid)
		}
	}
	c.place(d.Contracts)
	return nil
}

func connect(ctx context.Context, cfg Config) (*Chain, error) {
	node, key, err := cfg.account()
	if err != nil {
		return nil, err
	}
	if (cfg.URL == "") == (cfg.Client == nil) {
		return nil, fmt.Errorf("chain: either a URL or a client is needed: %w", sinso.ErrInvalid)
	}
	c := &Chain{
		rpc: cfg.Client, node: node, confirmations: cfg.Confirmations, start: cfg.Start, seen: map[sinso.Hash]seenFills{}, clock: cfg.Clock, timeout: cfg.Timeout,
		ownFactory: cfg.Deployment.Factory, deployed: cfg.Deployed,
		key: key, relay: cfg.Relay, outbox: cfg.Outbox, busy: map[sinso.Hash]chan struct{}{}, floor: map[common.Address]uint64{},
		book: shipped, identity: bind.NewIdentity(), assets: bind.NewAssets(),
	}
	c.abis = abis{identity: c.identity.GetABI(), assets: c.assets.GetABI()}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if c.outbox == nil {
		c.outbox = new(Memory)
	}
	for i := range c.sending {
		c.sending[i] = make(chan struct{}, 1)
	}
	if c.rpc == nil {
		ctx, cancel := c.bounded(ctx)
		defer cancel()
		if c.rpc, err = dial(ctx, cfg.URL); err != nil {
			return nil, err
		}
		c.ownsClient = true
	}
	c.eth = ethclient.NewClient(c.rpc)
	return c, nil
}

// account is the node's, and the secret that means it.
func (cfg Config) account() (account, [32]byte, error) {
	if cfg.Signer != nil {
		return account{signer: cfg.Signer, address: common.Address(cfg.Signer.account)}, sinso.KeptElsewhere(), nil
	}
	node, err := accountOf(cfg.Key)
	return node, cfg.Key, err
}

func (c *Chain) prepare(ctx context.Context, cfg Config) error {
	contracts := cfg.Contracts
	if err := c.checkChain(ctx, contracts.ChainID); err != nil {
		return err
	}
	if cfg.Timeout <= 0 {
		c.timeout = c.profile.patience()
		if cfg.Signer != nil {
			c.timeout += patience
		}
	}
	mine := c.node
	if cfg.Signer != nil {
		mine.signer = nil // nobody is waited for who may have to press a button
	}
	if _, err := c.lookAfter(ctx, mine); err != nil {
		return err
	}
	none := sinso.Address{}
	if contracts.Identity == none && contracts.Assets == none && contracts.Exchange == none {
		if err := c.deploy(ctx); err != nil {
			return err
		}
		c.placed = core(c.contracts)
		return nil
	}
	c.contracts.Identity, c.contracts.Assets, c.contracts.Exchange = contracts.Identity, contracts.Assets, contracts.Exchange
	if c.contracts.Exchange == none && contracts.Identity != none && contracts.Assets != none {
		if err := c.addExchange(ctx, cfg.Deployment); err != nil {
			return err
		}
	}
	for _, p := range c.parts() {
		if err := c.checkPart(ctx, p); err != nil {
			return err
		}
	}
	c.placed = core(c.contracts)
	return nil
}

func (c *Chain) checkChain(ctx context.Context, want uint64) error {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	id, err := c.eth.ChainID(ctx)
	if err != nil {
		return fault("ask for the chain ID", err)
	}
	if !id.IsUint64() || id.Sign() == 0 {
		return fmt.Errorf("chain: the chain's ID is zero or above 64 bits: %w", sinso.ErrUnsupported)
	}
	if want != 0 && id.Uint64() != want {
		return fmt.Errorf("chain: this is chain %d and the contracts stand on chain %d; check the endpoint: %w", id, want, sinso.ErrInvalid)
	}
	c.meet(id)
	return c.probe(ctx)
}

// meet sets which chain this is.
func (c *Chain) meet(id *big.Int) {
	c.chainID, c.contracts.ChainID, c.profile = id, id.Uint64(), profileOf(id.Uint64())
}

// probe runs what the contracts need and an old chain lacks: PUSH0 (EIP-3855,
// Shanghai) and multiplication on bn254 G1 (EIP-196); and what some need.
func (c *Chain) probe(ctx context.Context) error {
	for _, p := range probes() {
		var answer hexutil.Bytes
		err := c.rpc.CallContext(ctx, &answer, "eth_call", p.call, "latest")
		if err != nil && !answered(err) {
			return fault("probe the chain", err)
		}
		runs := err == nil && bytes.Equal(answer, p.want)
		switch {
		case runs && p.can != "":
			c.can = append(c.can, p.can)
		case !runs && p.can == "":
			return fmt.Errorf("chain: this chain does not run %s, which the contracts need; use a chain at the Shanghai fork or later: %w",
				p.what, sinso.ErrUnsupported)
		}
	}
	return nil
}

// probe is a call, and what a chain answers that has something.
type probe struct {
	what string
	can  Capability // what needs it; "": all
	call map[string]any
	want []byte
}

func probes() []probe {
	ecMul := common.Address{19: 7}
	return []probe{
		// PUSH1 2, PUSH0, MSTORE8, PUSH1 1, PUSH0, RETURN: as creation code, its answer is one byte of 2.
		{"PUSH0 (Shanghai)", "", map[string]any{"data": hexutil.Bytes{0x60, 2, 0x5f, 0x53, 0x60, 1, 0x5f, 0xf3}}, []byte{2}},
		{
			"the bn254 precompiles (EIP-196)", "",
			map[string]any{"to": ecMul, "data": hexutil.Bytes(words(big.NewInt(1), big.NewInt(2), big.NewInt(1)))},
			words(big.NewInt(1), big.NewInt(2)),
		},
		// As above, but the byte goes to place 1 by PUSH1 1, PUSH0, PUSH1 1, MCOPY, and is returned from there.
		{
			"MCOPY (Cancun)", Governance,
			map[string]any{"data": hexutil.Bytes{0x60, 2, 0x5f, 0x53, 0x60, 1, 0x5f, 0x60, 1, 0x5e, 0x60, 1, 0x60, 1, 0xf3}},
			[]byte{2},
		},
	}
}

// part is one contract: what it is called, where it stands and how it is made.
type part struct {
	name   string
	at     *sinso.Address
	create func() ([]byte, error)
}

// parts are in the order in which they are deployed.
func (c *Chain) parts() []part {
	at := &c.contracts
	return []part{
		{"Identity", &at.Identity, func() ([]byte, error) { return common.FromHex(bind.IdentityMetaData.Bin), nil }},
		{"Assets", &at.Assets, func() ([]byte, error) { return common.FromHex(bind.AssetsMetaData.Bin), nil }},
		{theExchange, &at.Exchange, c.exchangeCode},
	}
}

// addExchange finds or makes the Exchange beside tokens of an earlier version, which sold
// elsewhere.
func (c *Chain) addExchange(ctx context.Context, recorded sinso.Deployment) error {
	if at := recorded.Contracts[theExchange]; at != (sinso.Address{}) {
		c.contracts.Exchange = at
		return nil
	}
	for _, p := range c.parts() {
		if p.name == theExchange {
			return c.create(ctx, p)
		}
	}
	return nil
}

// exchangeCode makes an Exchange that asks no pause: there is nobody who could call one
// before the other contracts stand.
func (c *Chain) exchangeCode() ([]byte, error) {
	known, err := c.book.page(theExchange)
	if err != nil {
		return nil, err
	}
	arguments, err := packed(known.abi.Constructor.Inputs, []any{c.contracts.Assets, sinso.Address{}})
	if err != nil {
		return nil, err
	}
	return append(append([]byte{}, known.code...), arguments...), nil
}

// deploy puts the contracts on the chain. The node's account has put them at
// its first three nonces if it ever did: those are used, so that a node that
// crashed while deploying goes on where it was.
func (c *Chain) deploy(ctx context.Context) error {
	for i, p := range c.parts() {
		*p.at = sinso.Address(crypto.CreateAddress(c.node.address, uint64(i)))
		err := c.checkPart(ctx, p)
		if err == nil {
			continue
		}
		if !errors.Is(err, sinso.ErrInvalid) {
			return err
		}
		if err := c.create(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (c *Chain) create(ctx context.Context, p part) error {
	code, err := p.create()
	if err != nil {
		return err
	}
	sent, cancel := c.bounded(ctx)
	defer cancel()
	receipt, err := c.send(sent, message{doing: "deploy " + p.name, by: c.node, data: code, keep: true})
	if err != nil {
		return err
	}
	*p.at = sinso.Address(receipt.ContractAddress)
	return c.checkPart(ctx, p)
}

// checkPart checks that a contract of ours stands where it should: by its
// EIP-712 domain, which names its own address and the chain, by its name, and,
// of the Exchange, by whose tokens it sells.
func (c *Chain) checkPart(ctx context.Context, p part) error {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	doing := "check the contract " + p.name
	at := common.Address(*p.at)
	standing, err := c.eth.CodeAt(ctx, at, nil)
	if err != nil {
		return fault(doing, err)
	}
	if len(standing) == 0 {
		return fmt.Errorf("chain: no contract stands at %s, where %s should; check the address and the chain: %w", p.at, p.name, sinso.ErrInvalid)
	}
	separator, err := read(ctx, c, doing, at, c.assets.PackDomainSeparator(), c.assets.UnpackDomainSeparator)
	if err != nil {
		return foreign(p, err)
	}
	if separator != eip712.Domain(*p.at, c.contracts.ChainID) {
		return foreign(p, nil)
	}
	return c.checkKind(ctx, doing, p)
}

func (c *Chain) checkKind(ctx context.Context, doing string, p part) error {
	at := common.Address(*p.at)
	if p.name != theExchange {
		symbol, err := read(ctx, c, doing, at, c.assets.PackSymbol(), c.assets.UnpackSymbol)
		want := map[string]string{"Identity": "SINSO-ID", "Assets": "SINSO"}[p.name]
		if err != nil || symbol != want {
			return foreign(p, err)
		}
		return nil
	}
	var assets sinso.Address
	if err := c.askExchange(ctx, doing, &assets, "assets"); err != nil {
		return foreign(p, err)
	}
	if assets != c.contracts.Assets {
		return fmt.Errorf("chain: the Exchange at %s sells tokens of %s, not of the Assets at %s; check the addresses: %w",
			p.at, assets, c.contracts.Assets, sinso.ErrInvalid)
	}
	return nil
}

// foreign is the error for a contract that is not what it should be. If the
// chain could not be asked, it is that.
func foreign(p part, err error) error {
	if errors.Is(err, sinso.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("chain: what stands at %s is not SINSO's contract %s for this chain; check the address: %w", p.at, p.name, sinso.ErrInvalid)
}
