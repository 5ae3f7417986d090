package node

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/durable"
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
	Blobs       string          `json:"blobs"`     // where sealed bytes are: log, or a URL
	LogBytes    int64           `json:"logBytes"`  // of the journal
	DeadBytes   int64           `json:"deadBytes"` // of them, of what was deleted and not freed yet
	DiskFree    int64           `json:"diskFree"`  // bytes that may still be written beside it; -1: not known
	DiskBytes   int64           `json:"diskBytes"` // of that file system
	// ChainIndex is how far the index of the chain is; nil: there is no chain.
	ChainIndex *sinso.IndexState `json:"chainIndex,omitempty"`
	// Replication is how the copies with peers are; nil: there are no peers.
	Replication *sinso.Replication `json:"replication,omitempty"`
	// Warnings are what does not go on by itself.
	Warnings []sinso.Warning `json:"warnings,omitempty"`
}

// Full reports whether the disk is nearly full: a twentieth of it is left, or 2 GiB.
func (s Status) Full() bool {
	return s.DiskFree >= 0 && (s.DiskFree < s.DiskBytes/20 || s.DiskFree < 2<<30)
}

// disk says how much room there is.
func (s Status) disk() string {
	switch {
	case s.DiskFree < 0:
		return "not known"
	case s.Full():
		return fmt.Sprintf("NEARLY FULL: %d of %d bytes are free; when it is full reads go on, and what is sent is refused", s.DiskFree, s.DiskBytes)
	}
	return fmt.Sprintf("%d of %d bytes are free", s.DiskFree, s.DiskBytes)
}

// Lines prints the status, a name and a value in each.
func (s Status) Lines() []string {
	return slices.Concat([]string{
		fmt.Sprintf("persons\t%d", s.Persons),
		fmt.Sprintf("studies\t%d", s.Studies),
		fmt.Sprintf("instances\t%d (%d bytes)", s.Instances, s.Bytes),
		fmt.Sprintf("quarantined\t%d", s.Quarantined),
		fmt.Sprintf("releases\t%d", s.Releases),
		fmt.Sprintf("orders\t%d", s.Orders),
		fmt.Sprintf("purchases\t%d", s.Purchases),
		"blocks\t" + s.Blobs,
		fmt.Sprintf("log\t%d bytes, %d of them deleted and not freed yet", s.LogBytes, s.DeadBytes),
		"disk\t" + s.disk(),
		fmt.Sprintf("chain\t%s, id %d", s.Chain, s.Contracts.ChainID),
		fmt.Sprintf("account\t%s with %s wei", s.Account, s.Balance),
	}, ChainLines(s.ChainIndex), ReplicationLines(s.Replication), WarningLines(s.Warnings))
}

// Status counts what the node holds.
func (n *Node) Status(ctx context.Context) (status Status, err error) {
	status = Status{Data: n.Config.Data, Chain: n.Config.Chain, Blobs: n.Config.Blobs}
	status.DeadBytes, status.LogBytes = n.pack.Dead()
	status.DiskFree, status.DiskBytes = n.room()
	if err := n.statusOfChain(ctx, &status); err != nil {
		return status, err
	}
	if status.Replication, err = n.replicas.Status(ctx); err != nil {
		return status, err
	}
	if status.Warnings, err = n.Warnings(ctx); err != nil {
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

// room is how much the file system of the node has; -1 if that is not known.
func (n *Node) room() (free, total int64) {
	free, total, err := durable.Room(n.Config.Data)
	if err != nil {
		return -1, 0
	}
	return free, total
}

func (n *Node) statusOfChain(ctx context.Context, status *Status) error {
	var err error
	if status.Account, err = n.OwnAccount(ctx); err != nil || n.chain == nil {
		return err
	}
	status.Contracts = n.chain.Contracts()
	if status.Balance, err = n.chain.Balance(ctx, status.Account); err != nil {
		return err
	}
	state, err := n.ChainIndex(ctx)
	status.ChainIndex = &state
	return err
}

// ReplicationLines prints how the copies with peers are, as [Status.Lines] does.
func ReplicationLines(r *sinso.Replication) (lines []string) {
	if r == nil || len(r.Peers) == 0 {
		return nil
	}
	lines = append(lines, fmt.Sprintf("copies\t%d of each block with %d peers are wanted; of %d blocks, %d have fewer that are proven", r.Copies, len(r.Peers), r.Blocks, r.Short))
	for _, p := range r.Peers {
		how, proven := "healthy", "never"
		switch {
		case p.Held+p.Owed == 0:
			how = p.Problem
		case !p.Healthy:
			how = "NOT HEALTHY: " + p.Problem
		}
		if !p.Proven.IsZero() {
			proven = p.Proven.Format(time.RFC3339)
		}
		lines = append(lines, fmt.Sprintf("peer %s\t%s; last proof %s; %d blocks proven (%d bytes), %d owed, %d to be deleted", p.Name, how, proven, p.Held, p.Bytes, p.Owed, p.Deletions))
	}
	return lines
}
