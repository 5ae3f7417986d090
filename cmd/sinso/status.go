package main

import (
	"errors"
	"fmt"

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
		Long:  "Prints what the node folder holds and what is not healthy. Of a running node it says only whether it answers, and how its copies with peers are.\n\nEXIT STATUS: 0 healthy, 1 not, 2 usage, 10 no such node, 13 damaged",
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
	if f.json {
		return printJSON(cmd.OutOrStdout(), map[string]bool{"running": true})
	}
	fmt.Fprintln(cmd.OutOrStdout(), "running, and ready")
	var copies sinso.Replication
	if err := c.Do(cmd.Context(), "GET", replicaRoutes, nil, &copies); err != nil {
		return err
	}
	if lines := node.ReplicationLines(&copies); len(lines) > 0 {
		printTable(cmd.OutOrStdout(), "COPIES\t", lines, func(line string) string { return line })
	}
	return nil
}
