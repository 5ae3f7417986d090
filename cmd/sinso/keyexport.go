package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

type keyExportOptions struct {
	nodeFlags
	to        string
	shares    string
	guardians []string
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

With a --guardian for each of N, a file with their public key (sinso key guardian new), each share is sealed to one, and
nobody else reads it: sealed-1-of-5.json and on. That is written down in the log. It works on a stopped node, and
through its socket on a running one.

With --json: {"data","fingerprint","what","threshold","identifier","files","words"}; what is phrase, shares or sealed,
words is empty but with --to -.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or file, 12 the root key does not open the node, 13 damaged`,
		Args: exactArgs(0),
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.to, "to", "", `the new file of the phrase, or the folder of the shares; "-" for stdout`)
	cmd.Flags().StringVar(&o.shares, "shares", "", "T/N: shares for N guardians, 2 to 16, of whom T, at least 2, are needed")
	cmd.Flags().StringArrayVar(&o.guardians, "guardian", nil, "a file with a guardian's public key, to whom one of the shares is sealed; once for each")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if len(o.guardians) > 0 {
			return o.sealed(cmd)
		}
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
	return o.writeAll(cfg, "share-%d-of-%d.txt", words)
}

// writeAll writes texts to files of a folder.
func (o *keyExportOptions) writeAll(cfg node.Config, name string, texts []string) (files []string, err error) {
	if err := os.MkdirAll(o.to, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the shares: %w: %w", sinso.ErrUnavailable, err)
	}
	for i, text := range texts {
		file := filepath.Join(o.to, fmt.Sprintf(name, i+1, len(texts)))
		if err := node.WriteSecret(cfg, file, text); err != nil {
			return files, err
		}
		files = append(files, file)
	}
	return files, nil
}

// sealed shares the root key among guardians, in sealed shares.
func (o *keyExportOptions) sealed(cmd *cobra.Command) error {
	threshold, count, err := parseShares(o.shares)
	switch {
	case err != nil:
		return &usageError{err}
	case count != len(o.guardians):
		return &usageError{fmt.Errorf("--shares %s is for %d guardians, and %d are named", o.shares, count, len(o.guardians))}
	case o.to == "" || o.to == toStdout:
		return &usageError{errors.New("--to names the folder of the sealed shares")}
	}
	cfg, err := o.config()
	if err != nil {
		return err
	}
	var publics []string
	for _, name := range o.guardians {
		text, err := readWords(cmd, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		publics = append(publics, text)
	}
	set, err := o.shareRootKey(cmd.Context(), cfg, threshold, publics)
	if err != nil {
		return err
	}
	answer := exportedKey{
		Data: cfg.Data, Fingerprint: set.Fingerprint, What: "sealed", Threshold: threshold, Identifier: set.Identifier,
		Files: []string{}, Words: []string{},
	}
	var texts []string
	for _, share := range set.Shares {
		text, err := json.Marshal(share)
		if err != nil {
			return fmt.Errorf("write the shares: %w", err)
		}
		texts = append(texts, string(text))
	}
	if answer.Files, err = o.writeAll(cfg, "sealed-%d-of-%d.json", texts); err != nil {
		return err
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), answer)
	}
	for i, file := range answer.Files {
		fmt.Fprintf(cmd.OutOrStdout(), "wrote %s, for guardian %s\n", file, set.Shares[i].Guardian)
	}
	return nil
}

// shareRootKey has a stopped node share its root key, or asks a running one.
func (o *keyExportOptions) shareRootKey(ctx context.Context, cfg node.Config, threshold int, publics []string) (set sinso.RootKeyShares, err error) {
	err = o.with(ctx, func(n *node.Node) (err error) {
		set, err = n.ShareRootKey(ctx, threshold, publics, actor)
		return err
	})
	if !errors.Is(err, sinso.ErrBusy) {
		return set, err
	}
	c, err := client.Dial(cfg.Data)
	if err != nil {
		return set, err
	}
	defer c.Close() //nolint:errcheck // nothing is left to write
	return set, c.Do(ctx, "POST", "/api/v1/local/keys/shares", map[string]any{"threshold": threshold, "guardians": publics}, &set)
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
