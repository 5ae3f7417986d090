package node

import (
	"context"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/eip712"
)

// Status is what a node holds, in counts: nothing in it identifies anyone.
type Status struct {
	Data        string          `json:"data"`
	Account     sinso.Address   `json:"account"` // pays gas
	Balance     sinso.Wei       `json:"balanceWei"`
	Chain       string          `json:"chain"`
	Contracts   sinso.Contracts `json:"contracts"`
	Persons     int             `json:"persons"`
	Studies     int             `json:"studies"`
	Instances   int             `json:"instances"`
	Bytes       int64           `json:"bytes"`
	Quarantined int             `json:"quarantined"`
	Releases    int             `json:"releases"`
	Orders      int             `json:"orders"`
	Purchases   int             `json:"purchases"`
}

// Lines prints the status, a name and a value in each.
func (s Status) Lines() []string {
	return []string{
		fmt.Sprintf("persons\t%d", s.Persons),
		fmt.Sprintf("studies\t%d", s.Studies),
		fmt.Sprintf("instances\t%d (%d bytes)", s.Instances, s.Bytes),
		fmt.Sprintf("quarantined\t%d", s.Quarantined),
		fmt.Sprintf("releases\t%d", s.Releases),
		fmt.Sprintf("orders\t%d", s.Orders),
		fmt.Sprintf("purchases\t%d", s.Purchases),
		fmt.Sprintf("chain\t%s, id %d", s.Chain, s.Contracts.ChainID),
		fmt.Sprintf("account\t%s with %s wei", s.Account, s.Balance),
	}
}

// Status counts what the node holds.
func (n *Node) Status(ctx context.Context) (Status, error) {
	status := Status{Data: n.Config.Data, Chain: n.Config.Chain}
	if err := n.statusOfChain(ctx, &status); err != nil {
		return status, err
	}
	studies, err := n.Studies(ctx, "")
	if err != nil {
		return status, err
	}
	for _, study := range studies {
		status.Instances += study.Instances
		status.Bytes += study.Bytes
	}
	persons, err := n.Persons(ctx)
	if err != nil {
		return status, err
	}
	refused, err := n.Quarantine(ctx)
	if err != nil {
		return status, err
	}
	releases, err := n.Releases(ctx, "")
	if err != nil {
		return status, err
	}
	orders, err := n.Orders(ctx, "")
	if err != nil {
		return status, err
	}
	purchases, err := n.Purchases(ctx)
	status.Studies, status.Persons, status.Quarantined = len(studies), len(persons), len(refused)
	status.Releases, status.Orders, status.Purchases = len(releases), len(orders), len(purchases)
	return status, err
}

func (n *Node) statusOfChain(ctx context.Context, status *Status) error {
	account, err := n.Account(ctx)
	if err != nil {
		return err
	}
	if status.Account, err = eip712.Address(account); err != nil || n.chain == nil {
		return err
	}
	status.Contracts = n.chain.Contracts()
	status.Balance, err = n.chain.Balance(ctx, status.Account)
	return err
}
