package main

import (
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// shownAsset is one release as asset show prints it: what the API answers of it, but for
// its trade.
type shownAsset struct {
	ID        sinso.ReleaseID      `json:"id"`
	Study     sinso.StudyID        `json:"study"`
	Series    []sinso.SeriesID     `json:"series"` // that it is made of; none: all of the study
	Person    sinso.PersonID       `json:"person"`
	State     sinso.ReleaseState   `json:"state"`
	Tier      sinso.Tier           `json:"tier"`
	Instances int                  `json:"instances"`
	Withheld  map[sinso.Reason]int `json:"withheld"`
	Reason    sinso.Reason         `json:"reason"`
	Draft     bool                 `json:"draft"`
	Risk      *node.RiskReport     `json:"risk,omitempty"`    // absent before it is made
	Quality   *node.QualityReport  `json:"quality,omitempty"` // absent before it is made
	Faces     []sinso.Defaced      `json:"faces"`
	Token     string               `json:"token"`          // "" before it is on the chain
	Line      *node.Lineage        `json:"line,omitempty"` // absent before it is on the chain, or if that does not answer
}

func newAssetShowCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "show RELEASE",
		Short: "Print what became of a study in one release, and of the faces in it",
		Long: `Prints one release: its token, what that came after and what came after it; what was withheld and why, and for each series that shows a head what was measured when its face was
taken out, or why it was not. The pictures before and after are on the node's page. Works on a stopped node, and through
its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such release or node`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var a shownAsset
		err := f.here(cmd.Context(), func(n *node.Node) error {
			r, err := n.ReleaseRow(cmd.Context(), sinso.ReleaseID(args[0]))
			a = shownAsset{
				ID: r.ID, Study: r.Study, Series: append([]sinso.SeriesID{}, r.Series...), Person: r.Person, State: r.State, Tier: r.Tier, Instances: r.Instances,
				Withheld: map[sinso.Reason]int{}, Reason: r.Reason, Draft: r.Draft, Faces: append([]sinso.Defaced{}, r.Faces...),
			}
			maps.Copy(a.Withheld, r.Withheld)
			if r.Risk != nil {
				a.Risk = node.ReportRisk(*r.Risk)
			}
			if err == nil && r.Quality != nil {
				a.Quality, err = n.QualityOf(r)
			}
			if r.State == sinso.ReleaseIsRegistered {
				a.Token = r.Token.String()
				a.Line, _ = n.Lineage(cmd.Context(), r, n.Catalogue()) // a chain that does not answer hides the line, and nothing else
			}
			return err
		}, "GET", "/api/v1/assets/"+url.PathEscape(args[0]), nil, &a)
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), a)
		}
		printAsset(cmd.OutOrStdout(), a)
		return nil
	}
	return cmd
}

func printAsset(out io.Writer, a shownAsset) {
	fmt.Fprintf(out, "%s of study %s is %s, %s, with %d instances\n", a.ID, a.Study, a.State, a.Tier, a.Instances)
	for _, series := range a.Series {
		fmt.Fprintf(out, "of series %s\n", series)
	}
	if a.Token != "" {
		fmt.Fprintf(out, "token %s\n", a.Token)
	}
	printLine(out, a.Line)
	if a.Reason != "" {
		fmt.Fprintf(out, "refused, %s: %s\n", a.Reason, node.Explain(a.Reason))
	}
	for _, reason := range slices.Sorted(maps.Keys(a.Withheld)) {
		fmt.Fprintf(out, "%d withheld, %s: %s\n", a.Withheld[reason], reason, node.Explain(reason))
	}
	if a.Risk != nil {
		printRisk(out, *a.Risk)
	}
	if a.Quality != nil {
		printQuality(out, *a.Quality)
	}
	for _, face := range a.Faces {
		switch {
		case face.Failed != "":
			fmt.Fprintf(out, "series %s keeps its face and is withheld: %s\n", face.Series, face.Failed)
		case face.Nothing:
			fmt.Fprintf(out, "series %s shows the vault of a head alone: nothing was taken out\n", face.Series)
		default:
			const percent = 100
			fmt.Fprintf(out, "series %s lost its face: %d objects, %.1f %% of the voxels changed, the new surface is %.1f mm from the old skin in the mean\n",
				face.Series, face.Objects, percent*face.Changed, face.Mean)
		}
		if face.Turned {
			fmt.Fprintln(out, "  its face lies where its orientation says that the back of the head is")
		}
		if len(face.Checks) > 0 {
			printTable(out, "CHECK\tMEASURED\tALLOWED\tRESULT", face.Checks, checkLine)
		}
	}
}

// printLine says what a token came after, and what came after it.
func printLine(out io.Writer, line *node.Lineage) {
	if line == nil {
		return
	}
	says := map[bool]string{true: "and that says so too", false: "but that does not say so: this is one end's word alone"}
	if line.Parent != (sinso.TokenID{}) {
		fmt.Fprintf(out, "it came after token %s, %s\n", line.Parent, says[line.ParentSays])
	}
	if line.Successor != (sinso.TokenID{}) {
		fmt.Fprintf(out, "after it came token %s, %s\n", line.Successor, says[line.NextSays])
	}
	for _, child := range line.Children {
		if child != line.Successor {
			fmt.Fprintf(out, "token %s names it as its parent, %s\n", child, says[false])
		}
	}
}

// checkLine is one check; areas are in cm², distances in mm, near is a share.
func checkLine(c sinso.FaceCheck) string {
	sign, result := "<=", "passed"
	if c.Least {
		sign = ">="
	}
	if !c.Passed {
		result = "failed"
	}
	return fmt.Sprintf("%s\t%.3g\t%s %.3g\t%s", c.Check, c.Value, sign, c.Bound, result)
}
