package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// addedPerson is what `person add --json` prints.
type addedPerson struct {
	ID sinso.PersonID `json:"id"`
}

func newPersonAddCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Add a person of whom there is no data, such as a co-creator",
		Long: `Makes a person and their key, and prints their id. Nothing is known of them but that: a doctor who signs works and
shares in their price (sinso asset add --author). Persons whose data comes in are made by the import.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, 11 the node is running`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return f.with(cmd.Context(), func(n *node.Node) error {
			id, err := n.CreatePerson(cmd.Context(), actor, "", "")
			if err != nil {
				return err
			}
			if f.json {
				return printJSON(cmd.OutOrStdout(), addedPerson{id})
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), id)
			return err
		})
	}
	return cmd
}
