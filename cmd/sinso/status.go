package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

func newStatusCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "status",
		Short: "What this node holds, and whether it is healthy",
		Long:  "Prints what the node folder holds and what is not healthy. Of a running node it says whether it\nanswers, and where it is in its swarm (settings swarm, swarm-key, swarm-peers,\nswarm-routing) who is connected, and how its copies with peers are. WARNING begins what does not go on by itself,\nwith what to do.\n\nEXIT STATUS: 0 healthy, 1 not, 2 usage, 10 no such node, 13 damaged",
		Args:  exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var status node.Status
		err := f.with(cmd.Context(), func(n *node.Node) (err error) {
			status, err = n.Status(cmd.Context())
			return err
		})
		if errors.Is(err, sinso.ErrBusy) {
			return f.running(cmd)
		}
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), status)
		}
		printTable(cmd.OutOrStdout(), "HOLDS\t", status.Lines(), func(line string) string { return line })
		return nil
	}
	return cmd
}

// running asks a node that has the folder open how it is.
func (f *nodeFlags) running(cmd *cobra.Command) error {
	cfg, err := f.config()
	if err != nil {
		return err
	}
	c, err := client.Dial(cfg.Data)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // nothing was written
	if err := c.Do(cmd.Context(), "GET", "/readyz", nil, nil); err != nil {
		return err
	}
	status := runningStatus{Running: true}
	var swarm sinso.SwarmStatus
	switch err := c.Do(cmd.Context(), "GET", "/api/v1/local/swarm", nil, &swarm); {
	case err == nil:
		status.Swarm = &swarm
	case !errors.Is(err, sinso.ErrNotFound):
		return err
	}
	var index sinso.IndexState
	switch err := c.Do(cmd.Context(), "GET", "/api/v1/local/chain", nil, &index); {
	case err == nil:
		status.ChainIndex = &index
	case !errors.Is(err, sinso.ErrNotFound):
		return err
	}
	var warnings struct {
		Items []sinso.Warning `json:"items"`
	}
	if err := c.Do(cmd.Context(), "GET", "/api/v1/local/warnings", nil, &warnings); err != nil {
		return err
	}
	status.Warnings = warnings.Items
	if f.json {
		return printJSON(cmd.OutOrStdout(), status)
	}
	fmt.Fprintln(cmd.OutOrStdout(), "running, and ready")
	status.printSwarm(cmd.OutOrStdout())
	for _, line := range node.ChainLines(status.ChainIndex) {
		fmt.Fprintln(cmd.OutOrStdout(), strings.ReplaceAll(line, "\t", " "))
	}
	var copies sinso.Replication
	if err := c.Do(cmd.Context(), "GET", replicaRoutes, nil, &copies); err != nil {
		return err
	}
	if lines := node.ReplicationLines(&copies); len(lines) > 0 {
		printTable(cmd.OutOrStdout(), "COPIES\t", lines, func(line string) string { return line })
	}
	for _, line := range node.WarningLines(status.Warnings) {
		fmt.Fprintln(cmd.OutOrStdout(), line)
	}
	return nil
}

// runningStatus is what is said of a node that runs.
type runningStatus struct {
	Running bool               `json:"running"`
	Swarm   *sinso.SwarmStatus `json:"swarm,omitempty"`
	// ChainIndex is how far the index of the chain is; nil: there is no chain.
	ChainIndex *sinso.IndexState `json:"chainIndex,omitempty"`
	// Warnings are what does not go on by itself.
	Warnings []sinso.Warning `json:"warnings,omitempty"`
}

func (s runningStatus) printSwarm(out io.Writer) {
	if s.Swarm == nil {
		return
	}
	fmt.Fprintf(out, "in a swarm as %s\n", s.Swarm.ID)
	for _, at := range s.Swarm.Addresses {
		fmt.Fprintf(out, "listens on %s\n", at)
	}
	for _, peer := range s.Swarm.Peers {
		fmt.Fprintf(out, "connected to %s\n", peer)
	}
	if len(s.Swarm.Peers) == 0 {
		fmt.Fprintln(out, "no member is connected")
	}
	if r := s.Swarm.Routing; r != nil {
		fmt.Fprintf(out, "asks %s for members: %d times, %d without an answer; %d members found\n", r.URL, r.Asked, r.Failed, r.Found)
	}
}
