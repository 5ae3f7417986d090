package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newKeyCheckCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Check guardians' shares: each for itself, and whether they belong together",
		Long: `Checks shares, one a line in each FILE, "-" is stdin; without FILE one is asked for on the terminal, and not shown.
Each is checked for itself by its checksum, so that a guardian needs nobody else's; several are checked against each
other, and if they are enough for the key, the fingerprint of the root key that they give is told: compare it with
sinso key show. It needs no node, and prints no words.

With --json: {"shares":[{"sound","why","identifier","member","threshold"}],"together","missing","fingerprint","why"}.

EXIT STATUS: 0 they are sound and of one set, 1 they are not, 2 usage, 10 no such file`,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		lines, err := shareLines(cmd, files)
		if err != nil {
			return err
		}
		found := node.CheckShares(lines)
		if asJSON {
			err = printJSON(cmd.OutOrStdout(), found)
		} else {
			fmt.Fprint(cmd.OutOrStdout(), checkedLines(found))
		}
		if err == nil && !found.Together {
			err = fmt.Errorf("%s: %w", found.Why, sinso.ErrInvalid)
		}
		return err
	}
	return cmd
}

// shareLines returns the lines of files that are not empty, or one that is asked for.
func shareLines(cmd *cobra.Command, files []string) (lines []string, err error) {
	if len(files) == 0 {
		t := terminalOf(cmd)
		if t == nil {
			return nil, &usageError{errors.New("name the files with the shares, or - for stdin")}
		}
		line, err := t.hidden("share (not shown): ")
		return []string{string(line)}, err
	}
	for _, name := range files {
		text, err := readWords(cmd, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lines = append(lines, node.SplitKeyWords(text)...)
	}
	return lines, nil
}

func checkedLines(found node.CheckedShares) string {
	var b strings.Builder
	for i, s := range found.Shares {
		if s.Sound {
			fmt.Fprintf(&b, "%d: sound: share %d of set %d, of which %d are needed\n", i+1, s.Member, s.Identifier, s.Threshold)
		} else {
			fmt.Fprintf(&b, "%d: not sound: %s\n", i+1, s.Why)
		}
	}
	switch {
	case found.Fingerprint != "":
		fmt.Fprintf(&b, "together they give root key %s\n", found.Fingerprint)
	case found.Together:
		fmt.Fprintf(&b, "%d more needed to give the root key\n", found.Missing)
	}
	return b.String()
}
