package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newPeerFindCommand() *cobra.Command {
	var f nodeFlags
	var ask node.PeerAsk
	cmd := &cobra.Command{
		Use:   "find AET [--level LEVEL] [--key KEY=VALUE]…",
		Short: "Ask a DICOM peer what it has",
		Long: `Asks the peer AET what it has (C-FIND) at a level: patient, study, series or image. A key is a keyword of DICOM
(PatientID), or a tag (00100020); in a sequence SEQUENCE.KEY. Its value matches as the standard says: * and ? in text,
20200101-20201231 for dates, UIDs with backslashes between. A key without value is told of each match.
Works on a stopped node, and through its socket on a running one.

--json prints one line: an array of DICOM JSON objects (PS3.18 Annex F).

EXIT STATUS: 0 done, 1 error, 2 usage, 3 there are more than --limit, 10 no such node or peer, 11 the peer is busy,
12 it refuses`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.Flags().StringVar(&ask.Level, "level", "study", "patient, study, series or image")
	cmd.Flags().StringArrayVar(&ask.Keys, "key", nil, "KEY=VALUE to match, or KEY to be told; may be given several times")
	cmd.Flags().IntVar(&ask.Limit, "limit", 1000, "matches wanted at most, up to 20000") //nolint:mnd // the default
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return runPeerFind(cmd.Context(), &f, args[0], ask, cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	return cmd
}

func runPeerFind(ctx context.Context, f *nodeFlags, peer string, ask node.PeerAsk, out, errOut io.Writer) error {
	found, err := peerCall[node.PeerMatches]{
		flags: f, peer: peer, deed: "find", body: ask,
		here: func(n *node.Node, _ func(node.PeerMatches)) (node.PeerMatches, error) {
			return n.FindAtPeer(ctx, peer, ask)
		},
	}.run(ctx)
	if errors.Is(err, sinso.ErrInvalid) {
		return &usageError{err}
	}
	if err != nil {
		return err
	}
	if f.json {
		err = printJSON(out, found.Items)
	} else {
		err = printMatches(out, found)
	}
	if err == nil && found.More {
		fmt.Fprintf(errOut, "there are more than these %d: give more keys, or a higher --limit\n", len(found.Items))
		return &partly{}
	}
	return err
}

// printMatches prints a table with a column for each key.
func printMatches(out io.Writer, found node.PeerMatches) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := make([]string, len(found.Columns))
	for i, column := range found.Columns {
		row[i] = column.Name
	}
	fmt.Fprintln(table, strings.Join(row, "\t"))
	for _, item := range found.Items {
		var match map[string]struct{ Value []json.RawMessage }
		if err := json.Unmarshal(item, &match); err != nil {
			return fmt.Errorf("peer: a match: %w", sinso.ErrUnavailable)
		}
		for i, column := range found.Columns {
			row[i] = cell(match[column.Tag].Value)
		}
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	return table.Flush() //nolint:wrapcheck // the output's own
}

// cell is the text of an element: strings, numbers, the alphabetic group of names,
// how many items a sequence has. No control character gets to the terminal: the peer
// wrote them.
func cell(values []json.RawMessage) string {
	var texts []string
	items := 0
	for _, value := range values {
		var text string
		var name struct{ Alphabetic string }
		var number json.Number
		switch {
		case json.Unmarshal(value, &text) == nil:
		case json.Unmarshal(value, &number) == nil:
			text = number.String()
		case json.Unmarshal(value, &name) == nil && name.Alphabetic != "":
			text = name.Alphabetic
		default:
			items++
			continue
		}
		texts = append(texts, strings.Map(printable, text))
	}
	if items > 0 {
		texts = append(texts, fmt.Sprintf("(%d items)", items))
	}
	if len(texts) == 0 {
		return "-"
	}
	return strings.Join(texts, `\`)
}

func printable(r rune) rune {
	if r < ' ' || r >= 0x7f && r < 0xa0 {
		return ' '
	}
	return r
}
