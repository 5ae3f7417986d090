package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newAssetRiskCommand() *cobra.Command {
	var f nodeFlags
	var profile string
	cmd := &cobra.Command{
		Use:   "risk STUDY",
		Short: "Count who looks the same by what a copy of a study would show",
		Long: `Counts the people of this node's catalogue who look the same by what a de-identified copy of a study shows, or would show:
sex, age, procedure and the like, as the profile keeps them. Nothing is made, opened or stored. Works on a stopped node,
and through its socket on a running one; there --profile is the name of a preset.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or study`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&profile, "profile", "", "de-identified by this preset or profile file (default: the node's)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var found *node.RiskReport
		query := ""
		if profile != "" {
			query = "?" + url.Values{"profile": {profile}}.Encode()
		}
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			found, err = n.RiskUnder(cmd.Context(), sinso.StudyID(args[0]), profile)
			return err
		}, "GET", "/api/v1/studies/"+url.PathEscape(args[0])+"/risk"+query, nil, &found)
		if err != nil || f.json {
			return printOr(noSuch("study", text(args[0]), err), cmd.OutOrStdout(), found)
		}
		printRisk(cmd.OutOrStdout(), *found)
		return nil
	}
	return cmd
}

// printRisk prints a risk in sentences.
func printRisk(out io.Writer, r node.RiskReport) {
	for _, sentence := range r.Says {
		fmt.Fprintln(out, sentence)
	}
	for _, flag := range r.Flags {
		fmt.Fprintf(out, "%s: %s\n", flag.Flag, flag.Says)
	}
	for _, advice := range r.Advice {
		fmt.Fprintf(out, "without %s it would be %d\n", strings.Join(advice.Hide, ", "), advice.K)
	}
	if !r.Enough && r.Least > 0 {
		fmt.Fprintf(out, "this node asks for %d people of the catalogue (risk-k)\n", r.Least)
	}
	if !r.Enough && r.LeastReleased > 0 {
		fmt.Fprintf(out, "this node asks for %d of those with a copy for sale (risk-k)\n", r.LeastReleased)
	}
}

// alike is a risk in a table: the persons of the catalogue who look the same, and those
// of them with a copy for sale.
func alike(r *sinso.Risk) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("%d/%d", r.K, r.Released)
}
