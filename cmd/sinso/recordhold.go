package main

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

const holdRoutes = "/api/v1/local/holds"

func newRecordHoldCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "hold STUDY|PERSON",
		Short: "Put a study, or all of a person, under a legal hold",
		Long: `Nothing of it is erased until the hold ends (sinso record unhold), whoever asks for it: who does sees it no more, its links
and offers end, and it is erased when nothing holds it any more. In the history of a held study its
owner reads that it is held, and the reason.
Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error (it is held already), 2 usage, 10 no such node, study or person`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	reason := cmd.Flags().String("reason", "", "why: "+holdReasons())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *reason == "" {
			return &usageError{fmt.Errorf("why? give --reason %s", holdReasons())}
		}
		return f.changeHolds(cmd, func(n *node.Node) error {
			return n.Hold(cmd.Context(), args[0], sinso.HoldReason(*reason), actor)
		}, "POST", holdRoutes, map[string]string{"what": args[0], "reason": *reason})
	}
	return cmd
}

func holdReasons() string {
	names := make([]string, 0, len(sinso.HoldReasons()))
	for _, r := range sinso.HoldReasons() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func newRecordUnholdCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "unhold STUDY|PERSON",
		Short: "End a legal hold",
		Long: `Ends a legal hold. What was asked to be erased meanwhile is erased next, by a node that serves.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or hold`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return f.changeHolds(cmd, func(n *node.Node) error {
			return n.EndHold(cmd.Context(), args[0], actor)
		}, "DELETE", holdRoutes+"/"+url.PathEscape(args[0]), nil)
	}
	return cmd
}

func newRecordHoldsCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "holds",
		Short: "List the legal holds that stand",
		Long: `Lists the legal holds that stand, oldest first.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return f.changeHolds(cmd, func(*node.Node) error { return nil }, "GET", holdRoutes, nil)
	}
	return cmd
}

// changeHolds does something, and prints the holds as they stand then.
func (f *nodeFlags) changeHolds(cmd *cobra.Command, change func(*node.Node) error, method, route string, body any) error {
	var answer struct {
		Items []sinso.HoldRow `json:"items"`
	}
	err := f.here(cmd.Context(), func(n *node.Node) error {
		if err := change(n); err != nil {
			return err
		}
		rows, err := n.Holds(cmd.Context())
		answer.Items = rows
		return err
	}, method, route, body, &answer)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), answer.Items)
	}
	printTable(cmd.OutOrStdout(), "HELD\tREASON\tSINCE", answer.Items, func(h sinso.HoldRow) string {
		return fmt.Sprintf("%s\t%s\t%s", h.What, h.Reason, h.At.Format(time.RFC3339))
	})
	return nil
}
