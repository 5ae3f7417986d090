package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

type keyExportOptions struct {
	nodeFlags
	to     string
	shares string
}

// exportedKey is what `key export --json` prints.
type exportedKey struct {
	Data        string   `json:"data"`
	Fingerprint string   `json:"fingerprint"`
	What        string   `json:"what"`       // phrase or shares
	Threshold   int      `json:"threshold"`  // how many shares are needed; 0 of a phrase
	Identifier  int      `json:"identifier"` // of the set of shares; 0 of a phrase
	Files       []string `json:"files"`      // that were written, in order
	Words       []string `json:"words"`      // with --to -: the phrase, or the shares; else empty
}

func newKeyExportCommand() *cobra.Command {
	var o keyExportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Print the recovery phrase of the root key, or guardians' shares of it",
		Long: `Prints the recovery phrase of the node's root key: 24 words (BIP-39) that are the key itself. Whoever has them and the
node folder reads everything. With --shares T/N the key is shared among N guardians instead (SLIP-0039, 33 words each):
any T of them give it back together, fewer know nothing of it. Each call makes another set; sets do not mix.

It goes to the terminal, or with --to to a new file (mode 0600, outside the node folder); shares go to a folder,
a file each: share-1-of-5.txt and on. --to - is stdout. Without a terminal --to is needed. Works beside a running
node.

With --json: {"data","fingerprint","what","threshold","identifier","files","words"}; what is phrase or shares, words
is empty but with --to -.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, 12 the root key does not open the node, 13 damaged`,
		Args: exactArgs(0),
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.to, "to", "", `the new file of the phrase, or the folder of the shares; "-" for stdout`)
	cmd.Flags().StringVar(&o.shares, "shares", "", "T/N: shares for N guardians, 2 to 16, of whom T, at least 2, are needed")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if o.to == "" && (o.json || !isTerminal(cmd.OutOrStdout())) {
			return &usageError{errors.New("there is no terminal to show it on: --to FILE writes it down")}
		}
		return o.run(cmd)
	}
	return cmd
}

func (o *keyExportOptions) run(cmd *cobra.Command) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	answer := exportedKey{Data: cfg.Data, What: "phrase", Files: []string{}, Words: []string{}}
	var key node.ExportedKey
	if o.shares == "" {
		key, err = node.ExportPhrase(cfg, o.asks())
	} else {
		var count int
		if answer.Threshold, count, err = parseShares(o.shares); err != nil {
			return &usageError{err}
		}
		answer.What = "shares"
		key, err = node.ExportShares(cfg, o.asks(), answer.Threshold, count)
	}
	if err != nil {
		return explainOpen(cfg, err)
	}
	answer.Fingerprint, answer.Identifier = key.Fingerprint, key.Identifier
	switch {
	case o.to == toStdout && o.json:
		answer.Words = key.Words
	case o.to == toStdout:
		fmt.Fprintln(cmd.OutOrStdout(), strings.Join(key.Words, "\n"))
		return nil
	case o.to != "":
		if answer.Files, err = o.write(cfg, key.Words); err != nil {
			return err
		}
	default:
		showKey(cmd, answer, key.Words)
		return nil
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), answer)
	}
	for _, file := range answer.Files {
		fmt.Fprintln(cmd.OutOrStdout(), "wrote", file)
	}
	return nil
}

// parseShares reads T/N.
func parseShares(text string) (threshold, count int, err error) {
	t, n, ok := strings.Cut(text, "/")
	threshold, tErr := strconv.Atoi(t)
	count, nErr := strconv.Atoi(n)
	if !ok || tErr != nil || nErr != nil || threshold < 2 || count > 16 || threshold > count {
		return 0, 0, fmt.Errorf("--shares: want T/N with 2 to 16 guardians, such as 2/3 or 3/5, not %q", text)
	}
	return threshold, count, nil
}

// write writes the phrase to a file, or each share to one.
func (o *keyExportOptions) write(cfg node.Config, words []string) (files []string, err error) {
	if o.shares == "" {
		return []string{o.to}, node.WriteSecret(cfg, o.to, words...)
	}
	if err := os.MkdirAll(o.to, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the shares: %w: %w", sinso.ErrUnavailable, err)
	}
	for i, share := range words {
		file := filepath.Join(o.to, fmt.Sprintf("share-%d-of-%d.txt", i+1, len(words)))
		if err := node.WriteSecret(cfg, file, share); err != nil {
			return files, err
		}
		files = append(files, file)
	}
	return files, nil
}

// showKey prints words for a person to write down.
func showKey(cmd *cobra.Command, answer exportedKey, words []string) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "root key %s\n", answer.Fingerprint)
	if answer.What == "phrase" {
		fmt.Fprint(out, phraseNote(words[0]))
		return
	}
	fmt.Fprintf(out, "set %d: any %d of these %d shares give it back\n", answer.Identifier, answer.Threshold, len(words))
	for i, share := range words {
		fmt.Fprintf(out, "\nshare %d:\n\n", i+1)
		list := strings.Fields(share)
		for len(list) > 0 {
			n := min(8, len(list))
			fmt.Fprintln(out, "  "+strings.Join(list[:n], " "))
			list = list[n:]
		}
	}
	fmt.Fprintln(out, "\nGive each guardian one. Each can check theirs: sinso key check")
}
