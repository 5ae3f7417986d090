package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
)

// deploymentFile remembers where all contracts stand, and what they were made of.
const deploymentFile = "deployment.json"

func (n *Node) deploymentPath() string {
	return filepath.Join(n.Config.Data, chainFolder, deploymentFile)
}

// readDeployment reads the record; a chain on which nothing was deployed from here has none.
func (n *Node) readDeployment() (sinso.Deployment, error) {
	var d sinso.Deployment
	data, err := os.ReadFile(n.deploymentPath())
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return d, fmt.Errorf("node: read %s: %w: %w", deploymentFile, err, sinso.ErrUnavailable)
	}
	if err := json.Unmarshal(data, &d); err != nil {
		return d, fmt.Errorf("node: %s: %w", deploymentFile, sinso.ErrCorrupt)
	}
	return d, nil
}

func (n *Node) keepDeployment(d sinso.Deployment) error {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("node: %s: %w", deploymentFile, err)
	}
	if err := os.MkdirAll(filepath.Dir(n.deploymentPath()), 0o700); err != nil {
		return fmt.Errorf("node: make the chain's folder: %w: %w", err, sinso.ErrUnavailable)
	}
	if err := durable.WriteFile(n.deploymentPath(), data, 0o600); err != nil {
		return err
	}
	n.place(d.Contracts)
	return nil
}

// errNoChain is said where the configuration names no chain.
func errNoChain() error {
	return fmt.Errorf("node: this node has no chain (setting chain): %w", sinso.ErrUnsupported)
}

// DeployPlan is what a deployment would do.
type DeployPlan struct {
	Founding sinso.Founding `json:"founding"`
	Missing  []string       `json:"missing"` // contracts that do not stand yet
	Gas      uint64         `json:"gas"`     // about; all of them
	Fee      sinso.Wei      `json:"feeWei"`  // about, at the price of now
}

// PlanDeploy says what Deploy would make and about what it costs. A founding without a guardian
// is the usual one, of the node's own account.
func (n *Node) PlanDeploy(ctx context.Context, founding sinso.Founding) (DeployPlan, error) {
	if n.chain == nil {
		return DeployPlan{}, errNoChain()
	}
	founding, err := n.founding(ctx, founding)
	if err != nil {
		return DeployPlan{}, err
	}
	plan := DeployPlan{Founding: founding}
	if plan.Missing, plan.Gas, err = n.chain.Missing(ctx, founding); err != nil {
		return plan, err
	}
	plan.Fee, err = n.chain.GasCost(ctx, plan.Gas)
	return plan, err
}

// Deploy makes the contracts that do not stand yet, and records them.
func (n *Node) Deploy(ctx context.Context, founding sinso.Founding, said func(contract string)) (sinso.Deployment, error) {
	if n.chain == nil {
		return sinso.Deployment{}, errNoChain()
	}
	founding, err := n.founding(ctx, founding)
	if err != nil {
		return sinso.Deployment{}, err
	}
	made, err := n.chain.Deploy(ctx, founding, said)
	if err != nil {
		return made, err
	}
	return made, n.keepDeployment(made)
}

// founding is what was recorded, else what is asked for, else the usual.
func (n *Node) founding(ctx context.Context, asked sinso.Founding) (sinso.Founding, error) {
	recorded, err := n.readDeployment()
	if err != nil || recorded.ChainID != 0 {
		return recorded.Founding, err
	}
	if asked.Guardian != (sinso.Address{}) {
		return asked, nil
	}
	now, err := n.chain.Now(ctx)
	if err != nil {
		return asked, err
	}
	return sinso.UsualFounding(n.chain.Account(), now), nil
}

// Deployment returns the record; ErrNotFound if there is none.
func (n *Node) Deployment() (sinso.Deployment, error) {
	d, err := n.readDeployment()
	if err == nil && d.ChainID == 0 {
		return d, fmt.Errorf("node: no deployment is recorded; sinso chain deploy makes one: %w", sinso.ErrNotFound)
	}
	return d, err
}

// VerifyContracts looks whether what stands on the chain is what this program's source
// compiles to.
func (n *Node) VerifyContracts(ctx context.Context) ([]sinso.Verdict, error) {
	if n.chain == nil {
		return nil, errNoChain()
	}
	d, err := n.Deployment()
	if err != nil {
		return nil, err
	}
	return n.chain.Verify(ctx, d)
}

// Adopt looks at the deployment of another node, which Options brought, and records it if all of
// it is what this program's source compiles to. Its founding is theirs: look at who the guardian is.
// ErrExists: another one is recorded. Nothing is recorded while a verdict is not OK.
func (n *Node) Adopt(ctx context.Context, d sinso.Deployment) ([]sinso.Verdict, error) {
	if n.chain == nil {
		return nil, errNoChain()
	}
	recorded, err := n.readDeployment()
	if err != nil {
		return nil, err
	}
	if recorded.ChainID != 0 && !maps.Equal(recorded.Contracts, d.Contracts) {
		return nil, fmt.Errorf("node: another deployment is recorded here, on chain %d: sinso chain status shows it: %w", recorded.ChainID, sinso.ErrExists)
	}
	verdicts, err := n.chain.Verify(ctx, d)
	if err != nil || slices.ContainsFunc(verdicts, func(v sinso.Verdict) bool { return !v.OK }) {
		return verdicts, err
	}
	return verdicts, n.keepDeployment(d)
}

// ChainStatus is which chain a node is on, and what it has there.
type ChainStatus struct {
	Chain      string            `json:"chain"` // the setting; "dev:" is the embedded one
	ChainID    uint64            `json:"chainId"`
	Newest     time.Time         `json:"newest"`  // of its newest block
	Account    sinso.Address     `json:"account"` // pays gas
	Key        Keeper            `json:"key"`     // who signs for it
	Balance    sinso.Wei         `json:"balanceWei"`
	Deployment *sinso.Deployment `json:"deployment"` // null: none is recorded
}

// ChainStatus asks the chain how it is.
func (n *Node) ChainStatus(ctx context.Context) (ChainStatus, error) {
	if n.chain == nil {
		return ChainStatus{}, errNoChain()
	}
	status := ChainStatus{Chain: n.Config.Chain, ChainID: n.chain.Contracts().ChainID, Account: n.chain.Account()}
	if n.Config.Chain != devChain {
		status.Chain = "an endpoint" // its URL may hold an access key
	}
	status.Key = n.keeper(ctx)
	var err error
	if status.Newest, err = n.chain.Now(ctx); err != nil {
		return status, err
	}
	if status.Balance, err = n.chain.Balance(ctx, status.Account); err != nil {
		return status, err
	}
	switch d, err := n.Deployment(); {
	case err == nil:
		status.Deployment = &d
	case !errors.Is(err, sinso.ErrNotFound):
		return status, err
	}
	return status, nil
}
