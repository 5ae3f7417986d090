package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newAssetGradeCommand() *cobra.Command {
	var f nodeFlags
	var profile string
	cmd := &cobra.Command{
		Use:   "grade STUDY|RELEASE",
		Short: "Judge whether a copy of a study is formatted and whole enough to be sold",
		Long: `Judges a copy of a study before it is made, by the metadata of its records under the profile, or a release as it was
made: seven parts of 0 to 100, what was found in each, and what would help. Before a copy is made its pixels are not judged,
nor whether the same is for sale already. Below quality-least a copy is not offered. Nothing is made, opened or stored. Works
on a stopped node, and through its socket on a running one; there --profile is the name of a preset.

EXIT STATUS: 0 done, 1 error, 2 usage, 3 it would not be offered, 10 no such node, study or release`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&profile, "profile", "", "de-identified by this preset or profile file (default: the node's); not of a release")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		isRelease := strings.HasPrefix(args[0], "r_")
		if isRelease && profile != "" {
			return &usageError{errors.New("--profile is for a study; a release was made under its own")}
		}
		what, path := "study", "/api/v1/studies/"
		if isRelease {
			what, path = "release", "/api/v1/assets/"
		}
		path += url.PathEscape(args[0]) + "/quality"
		if profile != "" {
			path += "?" + url.Values{"profile": {profile}}.Encode()
		}
		var found *node.QualityReport
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			found, err = n.QualityUnder(cmd.Context(), args[0], profile)
			return err
		}, "GET", path, nil, &found)
		if err != nil {
			return noSuch(what, text(args[0]), err)
		}
		if f.json {
			err = printJSON(cmd.OutOrStdout(), found)
		} else {
			printQuality(cmd.OutOrStdout(), *found)
		}
		if err == nil && !found.Enough {
			return &partly{}
		}
		return err
	}
	return cmd
}

// printQuality prints a quality: a line a part, and what was found below it.
func printQuality(out io.Writer, q node.QualityReport) {
	fmt.Fprintf(out, "quality %d of 100, of %d of %d instances\n", q.Score, q.Instances, q.Of)
	for _, p := range q.Parts {
		if p.Weight == 0 {
			fmt.Fprintf(out, "%-13s   –  not judged\n", p.Part)
			continue
		}
		fmt.Fprintf(out, "%-13s %3d  weight %d\n", p.Part, p.Score, p.Weight)
		for _, f := range p.Findings {
			name := ""
			if f.Tag != "" {
				name = ": " + strings.TrimSpace(f.Tag+" "+f.Attribute)
			}
			helps := ""
			if f.Helps != "" {
				helps = "; " + f.Helps
			}
			fmt.Fprintf(out, "  %d × %s%s%s\n", f.Count, f.Says, name, helps)
		}
	}
	if !q.Enough {
		fmt.Fprintf(out, "this node sells nothing below %d (quality-least)\n", q.Least)
	}
}
