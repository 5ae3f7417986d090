package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

const reviewRoutes = "/api/v1/reviews"

func newReviewCommand() *cobra.Command {
	return nounCommand("review", "What the pixel gate doubts, and samples of what it let through",
		newReviewListCommand(), newReviewShowCommand(), newReviewDecideCommand(), newReviewEstimateCommand())
}

func newReviewListCommand() *cobra.Command {
	var f nodeFlags
	var person, state string
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List what persons are to look at, or have",
		Long: `Lists the items of the review, oldest first: records that were held back because the pixel gate was unsure of them, and
records of copies that were drawn to be looked at for quality. Works on a stopped node, and through its socket on a
running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or person`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&person, "person", "", "of one person only")
	cmd.Flags().StringVar(&state, "state", "", "only those that are open, approved, redacted, refused, leaking or sound")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		items, err := f.reviews(cmd.Context(), person, state)
		if errors.Is(err, sinso.ErrInvalid) {
			return &usageError{err}
		}
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), items)
		}
		printTable(cmd.OutOrStdout(), "ITEM\tSTATE\tWHY\tRECORD\tSTUDY\tDEVICE", items, func(i node.ReviewItem) string {
			why := "sample"
			if !i.Sample {
				why = string(i.Reasons[0].Reason)
			}
			return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", i.ID, i.State, why, i.Record, i.Study, i.Device)
		})
		return nil
	}
	return cmd
}

// reviews lists items, on a stopped node or page by page from a running one.
func (f *nodeFlags) reviews(ctx context.Context, person, state string) ([]node.ReviewItem, error) {
	items, after := []node.ReviewItem{}, ""
	for {
		var page struct {
			Items []node.ReviewItem `json:"items"`
			Next  string            `json:"next"`
		}
		query := url.Values{"limit": {"1000"}}
		for name, value := range map[string]string{"person": person, "state": state, "after": after} {
			if value != "" {
				query.Set(name, value)
			}
		}
		err := f.here(ctx, func(n *node.Node) error {
			if person != "" {
				if err := n.HasPerson(ctx, sinso.PersonID(person)); err != nil {
					return err
				}
			}
			filter := node.ReviewFilter{Person: sinso.PersonID(person), State: sinso.ReviewState(state)}
			if err := filter.Check(); err != nil {
				return err
			}
			rows, err := n.Reviews(ctx, filter)
			for _, row := range rows {
				page.Items = append(page.Items, n.ReviewItem(row))
			}
			return err
		}, "GET", reviewRoutes+"?"+query.Encode(), nil, &page)
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
		if after = page.Next; after == "" {
			return items, nil
		}
	}
}

func newReviewShowCommand() *cobra.Command {
	var f nodeFlags
	var all bool
	cmd := &cobra.Command{
		Use:   "show ITEM",
		Short: "Show one item: what a copy would have of it",
		Long: `Shows why an item is held back, what was said of it, what would be blanked in its pixels, and what became of each element,
without a value of the object. The log notes that the record was opened. Works on a stopped node, and through its socket
on a running one; the pictures are on the node's page.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or item`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "elements that stay as they are too")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var detail node.ReviewDetail
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			detail, err = n.ReviewDetail(cmd.Context(), sinso.ReviewID(args[0]), actor)
			return err
		}, "GET", reviewRoutes+"/"+url.PathEscape(args[0]), nil, &detail)
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), detail)
		}
		printReview(cmd.OutOrStdout(), detail, all)
		return nil
	}
	return cmd
}

func printReview(out io.Writer, d node.ReviewDetail, all bool) {
	fmt.Fprintf(out, "%s is %s: record %s of study %s, %d×%d, frames: %d, from %s\n", d.ID, d.State, d.Record, d.Study, d.Columns, d.Rows, d.Frames, d.Device)
	if d.Sample {
		fmt.Fprintln(out, "A sample of what a copy has, to be looked at for quality.")
		if !d.Stored {
			fmt.Fprintln(out, "What the copy holds is not here any more: its picture is made anew.")
		}
	}
	for _, reason := range d.Reasons {
		fmt.Fprintf(out, "Held back (%s): %s.\n", reason.Reason, reason.Says)
	}
	for _, reason := range d.Held {
		fmt.Fprintf(out, "Held back even if it is approved (%s): %s.\n", reason.Reason, reason.Says)
	}
	for _, said := range d.Said {
		fmt.Fprintf(out, "%s said %s, boxes: %d\n", said.By, said.Decision, len(said.Boxes))
	}
	for _, m := range d.Marks {
		fmt.Fprintf(out, "Blanked in frame %d: %d,%d to %d,%d (%s)\n", m.Frame, m.X0, m.Y0, m.X1, m.Y1, m.By)
	}
	elements := slices.DeleteFunc(slices.Clone(d.Elements), func(e node.ReviewElement) bool { return !all && e.Action == "kept" })
	printTable(out, "ELEMENT\tNAME\tACTION\tBY", elements, func(e node.ReviewElement) string {
		return fmt.Sprintf("%s\t%s\t%s\t%s", e.Path, e.Name, e.Action, e.Cause)
	})
}

func newReviewDecideCommand() *cobra.Command {
	var f nodeFlags
	var boxes []string
	cmd := &cobra.Command{
		Use:   "decide ITEM approve|redact|refuse|leak|no-leak",
		Short: "Say what is to become of an item",
		Long: `Says what is to become of an item: the first three of a record that is held back, the others of a sample. The next copy of
the study is made by it; copies that exist stay as they are, but that a leak takes back what may have it. Where the node wants two persons, an approval or a redaction
counts when another one gives the same; a refusal or a leak counts at once, and is final.
Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or item`,
		Args: exactArgs(2),
	}
	f.addFlags(cmd)
	cmd.Flags().StringArrayVar(&boxes, "box", nil, "what to blank, or where it leaks: FRAME:X0,Y0,X1,Y1 in pixels from the top left, X1 and Y1 outside; FRAME from 0, or all")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in := node.ReviewDecision{Decision: sinso.Decision(args[1])}
		for _, text := range boxes {
			box, err := parseBox(text)
			if err != nil {
				return &usageError{err}
			}
			in.Boxes = append(in.Boxes, box)
		}
		var item node.ReviewItem
		err := f.here(cmd.Context(), func(n *node.Node) error {
			row, err := n.Decide(cmd.Context(), sinso.ReviewID(args[0]), in, actor)
			item = n.ReviewItem(row)
			return err
		}, "POST", reviewRoutes+"/"+url.PathEscape(args[0])+"/decisions", in, &item)
		if errors.Is(err, sinso.ErrInvalid) {
			return &usageError{err}
		}
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), item)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s is %s\n", item.ID, item.State)
		if item.State == sinso.ReviewIsOpen {
			fmt.Fprintf(cmd.OutOrStdout(), "it counts when %d different persons gave the same\n", item.Persons)
		}
		return nil
	}
	return cmd
}

// parseBox reads FRAME:X0,Y0,X1,Y1.
func parseBox(text string) (sinso.ReviewBox, error) {
	wrong := fmt.Errorf("--box: want FRAME:X0,Y0,X1,Y1, such as all:0,0,200,40: %w", sinso.ErrInvalid)
	frame, rest, ok := strings.Cut(text, ":")
	corners := strings.Split(rest, ",")
	if !ok || len(corners) != 4 {
		return sinso.ReviewBox{}, wrong
	}
	if frame == "all" {
		frame = "-1"
	}
	var n [5]int
	for i, part := range append([]string{frame}, corners...) {
		var err error
		if n[i], err = strconv.Atoi(part); err != nil {
			return sinso.ReviewBox{}, wrong
		}
	}
	return sinso.ReviewBox{Frame: n[0], X0: n[1], Y0: n[2], X1: n[3], Y1: n[4]}, nil
}
