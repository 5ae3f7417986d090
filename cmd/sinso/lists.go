package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// nounCommand is a command whose verbs stand below it.
func nounCommand(noun, short string, verbs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: noun, Short: short, Args: onlyCommands}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(verbs...)
	return cmd
}

// listCommand is a verb that prints rows of a stopped node: as a table, or as one JSON array.
func listCommand[Row any](short, header string, list func(context.Context, *node.Node, string) ([]Row, error), line func(Row) string) *cobra.Command {
	return listThrough("", short, header, list, line)
}

// listThrough is listCommand; a running node is asked for the rows by a route, unless that is "".
func listThrough[Row any](route, short, header string, list func(context.Context, *node.Node, string) ([]Row, error), line func(Row) string) *cobra.Command {
	var f nodeFlags
	var person string
	busy := ", 11 the node is running"
	if route != "" {
		busy = ""
	}
	cmd := &cobra.Command{
		Use:   "ls",
		Short: short,
		Long:  short + ".\n\nEXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or person" + busy,
		Args:  exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&person, "person", "", "of one person only")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var found struct {
			Items []Row `json:"items"`
		}
		here := func(n *node.Node) (err error) {
			if person != "" {
				if err := n.HasPerson(cmd.Context(), sinso.PersonID(person)); err != nil {
					return err
				}
			}
			found.Items, err = list(cmd.Context(), n, person)
			return err
		}
		var err error
		if route == "" {
			err = f.with(cmd.Context(), here)
		} else {
			err = f.here(cmd.Context(), here, "GET", route+ofPerson(person), nil, &found)
		}
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), append([]Row{}, found.Items...))
		}
		printTable(cmd.OutOrStdout(), header, found.Items, line)
		return nil
	}
	return cmd
}

// ofPerson is the query for one person's rows; "" is for all.
func ofPerson(id string) string {
	if id == "" {
		return ""
	}
	return "?" + url.Values{"person": {id}}.Encode()
}

func printTable[Row any](out io.Writer, header string, rows []Row, line func(Row) string) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, header)
	for _, row := range rows {
		fmt.Fprintln(table, line(row))
	}
	_ = table.Flush()
}

func newPersonCommand() *cobra.Command {
	return nounCommand("person", "The people whose data this node holds", newPersonAddCommand(), newPersonMergeCommand(), listCommand("List the persons", "PERSON\tIDENTITY TOKEN",
		func(ctx context.Context, n *node.Node, person string) ([]sinso.PersonRow, error) {
			rows, err := n.Persons(ctx)
			return slices.DeleteFunc(rows, func(r sinso.PersonRow) bool { return person != "" && string(r.ID) != person }), err
		},
		func(r sinso.PersonRow) string { return string(r.ID) + "\t" + token(r.Identity) }))
}

func newStudyCommand() *cobra.Command {
	return nounCommand("study", "Studies", newStudyRmCommand(), newStudyMoveCommand(), listCommand("List the studies", "STUDY\tPERSON\tDATE\tINSTANCES\tBYTES\tTIER\tORIGIN\tCOPIES",
		func(ctx context.Context, n *node.Node, person string) ([]sinso.StudyRow, error) {
			return n.Studies(ctx, sinso.PersonID(person))
		},
		func(r sinso.StudyRow) string {
			return fmt.Sprintf("%s\t%s\t%s\t%d\t%d\t%s\t%s\t%d", r.ID, r.Person, r.Date, r.Instances, r.Bytes, r.Tier, r.Origin, r.Deidentified)
		}))
}

// token prints a token ID, "-" where there is none.
func token(t sinso.TokenID) string {
	if t == (sinso.TokenID{}) {
		return "-"
	}
	return t.String()
}

func newRecordCommand() *cobra.Command {
	var f nodeFlags
	var quarantined, rejected bool
	ls := &cobra.Command{
		Use:   "ls",
		Short: "List what was taken, or with --quarantined what was not and why",
		Long:  "Lists the instances of every study, or with --quarantined what was refused, and why, or with --rejected what is not\nshown any more, and why.\n\nEXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, 11 the node is running",
		Args:  exactArgs(0),
	}
	f.addFlags(ls)
	ls.Flags().BoolVar(&quarantined, "quarantined", false, "what was refused, and why")
	ls.Flags().BoolVar(&rejected, "rejected", false, "what is not shown any more, and why")
	ls.RunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case rejected && quarantined:
			return &usageError{errors.New("--quarantined and --rejected are two lists: ask for one")}
		case rejected:
			return listRejections(cmd, &f)
		}
		return f.with(cmd.Context(), func(n *node.Node) error {
			if quarantined {
				return listQuarantine(cmd, n, f.json)
			}
			return listInstances(cmd, n, f.json)
		})
	}
	return nounCommand("record", "Single records", ls, newRecordRmCommand(), newRecordRestoreCommand(), newRecordEraseCommand(), newRecordErasedCommand(), newRecordHoldCommand(), newRecordUnholdCommand(), newRecordHoldsCommand())
}

func listQuarantine(cmd *cobra.Command, n *node.Node, asJSON bool) error {
	rows, err := n.Quarantine(cmd.Context())
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), append([]sinso.QuarantineRow{}, rows...))
	}
	printTable(cmd.OutOrStdout(), "REASON\tFILE\tWHY", rows, func(r sinso.QuarantineRow) string {
		return fmt.Sprintf("%s\t%s\t%s", r.Reason, r.Name, r.Detail)
	})
	return nil
}

func listInstances(cmd *cobra.Command, n *node.Node, asJSON bool) error {
	studies, err := n.Studies(cmd.Context(), "")
	if err != nil {
		return err
	}
	rows := []sinso.InstanceRow{}
	for _, study := range studies {
		instances, err := n.Instances(cmd.Context(), study.ID)
		if err != nil {
			return err
		}
		rows = append(rows, instances...)
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), rows)
	}
	printTable(cmd.OutOrStdout(), "INSTANCE\tSTUDY\tNUMBER\tBYTES\tTIER\tCID", rows, func(r sinso.InstanceRow) string {
		return fmt.Sprintf("%s\t%s\t%d\t%d\t%s\t%s", r.ID, r.Study, r.Number, r.Size, r.Tier, r.CID)
	})
	return nil
}
