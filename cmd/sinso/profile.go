package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newProfileCommand() *cobra.Command {
	return nounCommand("profile", "De-identification profiles: what each does with every attribute",
		newProfileListCommand(), newProfileShowCommand(), newProfileDiffCommand())
}

func newProfileListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the profiles that come with the program",
		Long: `Lists the de-identification profiles that come with the program. A profile of your own is a file: begin with the text that
sinso profile show prints.

EXIT STATUS: 0 done, 1 error, 2 usage`,
		Args: exactArgs(0),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		rows, err := node.Profiles()
		if err != nil || asJSON {
			return printOr(err, cmd.OutOrStdout(), rows)
		}
		for _, row := range rows {
			sale := "may be sold"
			if row.Limited {
				sale = "limited data, not for sale"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%-15s %s (%s)\n", row.Name, row.Title, sale)
			for _, option := range row.Options {
				fmt.Fprintf(cmd.OutOrStdout(), "                  %s\n", option)
			}
		}
		return nil
	}
	return cmd
}

// printOr prints a value as JSON if there is no error.
func printOr(err error, out io.Writer, value any) error {
	if err != nil {
		return err
	}
	return printJSON(out, value)
}

func newProfileShowCommand() *cobra.Command {
	var asJSON, rows bool
	cmd := &cobra.Command{
		Use:   "show NAME|FILE",
		Short: "Print a profile: its file, or what it does with each attribute",
		Long: `Prints the file of a profile, a preset or one of your own, after checking it. With --rows it prints instead what the
profile does with each row of PS3.15 Table E.1-1: tag, the table's own action, the profile's, the attribute's name.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such profile`,
		Args: exactArgs(1),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&rows, "rows", false, "print what becomes of each attribute")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		view, err := node.ShowProfile(args[0])
		switch {
		case err != nil || asJSON:
			return printOr(err, cmd.OutOrStdout(), view)
		case rows:
			printRows(cmd.OutOrStdout(), view)
		default:
			fmt.Fprintf(cmd.OutOrStdout(), "# sha256 %s\n%s", view.Hash, view.Text)
		}
		return nil
	}
	return cmd
}

func printRows(out io.Writer, view node.ProfileView) {
	for _, row := range view.Rows {
		fmt.Fprintf(out, "%s %-6s %-6s %s\n", row.Pattern, row.Basic, row.Action, row.Name)
	}
}

func newProfileDiffCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "diff A B",
		Short: "Print the attributes with which two profiles do different things",
		Long: `Prints each row of PS3.15 Table E.1-1 with which two profiles, presets or files, do different things: tag, what A does, what B
does, the attribute's name. Rules about what the table does not list, safe private elements and templates stand in the files.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such profile`,
		Args: exactArgs(2), //nolint:mnd // A and B
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := node.ShowProfile(args[0])
			if err != nil {
				return err
			}
			b, err := node.ShowProfile(args[1])
			if err != nil {
				return err
			}
			out := &strings.Builder{}
			for i, row := range a.Rows {
				if other := b.Rows[i]; other.Action != row.Action {
					fmt.Fprintf(out, "%s %-6s %-6s %s\n", row.Pattern, row.Action, other.Action, row.Name)
				}
			}
			_, err = io.WriteString(cmd.OutOrStdout(), out.String())
			return err
		},
	}
}
