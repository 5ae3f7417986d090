package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newKeyGuardianCommand() *cobra.Command {
	return nounCommand("guardian", "What a guardian does, on a machine of their own", newGuardianNewCommand(), newGuardianOpenCommand(), newGuardianGiveCommand())
}

func newGuardianNewCommand() *cobra.Command {
	var key string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Make a guardian's key, and print its public half",
		Long: `Makes a guardian's key, in a new file (mode 0600), and prints its public half, one line: send that to the keeper of the
node, who has a share sealed to it. Compare the name, 16 digits, with the keeper by telephone.

With --json: {"key","name","public"}; key is the file.

EXIT STATUS: 0 done, 1 error, 2 usage`,
		Args: exactArgs(0),
	}
	cmd.Flags().StringVar(&key, "key", "", "the new file of the key")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if key == "" {
			return &usageError{errors.New("--key names the file of the key")}
		}
		secret, public, name, err := node.NewGuardian()
		if err != nil {
			return err
		}
		if err := node.WriteNewFile(key, secret); err != nil {
			return err
		}
		if asJSON {
			return printJSON(cmd.OutOrStdout(), map[string]string{"key": key, "name": name, "public": public})
		}
		fmt.Fprintln(cmd.OutOrStdout(), public)
		fmt.Fprintf(cmd.ErrOrStderr(), "made %s: guardian %s\n", key, name)
		return nil
	}
	return cmd
}

// openedShare is what `key guardian open --json` prints.
type openedShare struct {
	Fingerprint string `json:"fingerprint"`
	Identifier  int    `json:"identifier"`
	Member      int    `json:"member"`
	Threshold   int    `json:"threshold"`
	Guardian    string `json:"guardian"`
	File        string `json:"file"`  // that the words were written to, or ""
	Words       string `json:"words"` // with --to -; else ""
}

func newGuardianOpenCommand() *cobra.Command {
	var key, to string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "open SEALED",
		Short: "Open and check a share that was sealed to a guardian",
		Long: `Opens a share that was sealed to a guardian, with the guardian's key, and checks it: its checksum, its set, and that
nothing of it was changed. Its 33 words are shown on the terminal with --to -, or written to a new file with --to FILE,
for who wants them on paper; without --to they are not shown.

With --json: {"fingerprint","identifier","member","threshold","guardian","file","words"}.

EXIT STATUS: 0 it is sound, 1 it is not, 2 usage, 10 no such file, 12 it is another guardian's, 13 it was changed`,
		Args: exactArgs(1),
	}
	cmd.Flags().StringVar(&key, "key", "", "the file of the guardian's key")
	cmd.Flags().StringVar(&to, "to", "", `write the words to this new file (mode 0600); "-" for stdout`)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		share, err := openShare(cmd, args[0], key)
		if err != nil {
			return err
		}
		answer := openedShare{
			Fingerprint: share.Fingerprint, Identifier: share.Identifier, Member: share.Member, Threshold: share.Threshold, Guardian: share.Guardian,
		}
		out := cmd.OutOrStdout()
		if !asJSON {
			fmt.Fprintf(out, "sound: share %d of set %d, of which %d are needed, of root key %s\n", share.Member, share.Identifier, share.Threshold, share.Fingerprint)
		}
		switch {
		case to == toStdout && !asJSON:
			fmt.Fprintln(out, share.Words)
		case to == toStdout:
			answer.Words = share.Words
		case to != "":
			if err := node.WriteNewFile(to, share.Words); err != nil {
				return err
			}
			answer.File = to
		}
		if asJSON {
			return printJSON(out, answer)
		}
		return nil
	}
	return cmd
}

// openShare reads a sealed share and a guardian's key, and opens it.
func openShare(cmd *cobra.Command, sealed, key string) (node.OpenedShare, error) {
	if key == "" {
		return node.OpenedShare{}, &usageError{errors.New("--key names the file of the guardian's key")}
	}
	secret, err := readWords(cmd, key)
	if err != nil {
		return node.OpenedShare{}, err
	}
	text, err := readWords(cmd, sealed)
	if err != nil {
		return node.OpenedShare{}, err
	}
	return node.OpenShare(text, secret)
}

func newGuardianGiveCommand() *cobra.Command {
	var key, url, code string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "give SHARE",
		Short: "Give a share to a node that has lost its root key",
		Long: `Gives a guardian's share to a node that waits for it (sinso key recover --guardians). SHARE is a file with a sealed share,
which --key opens, or with its 33 words; "-" is stdin. The keeper of the node tells the code by telephone or in person:
it proves that no one stands between, else nothing is sent. The share goes sealed to that node, and stays with the
guardian too.

With --json: {"fingerprint","taken","missing"}; missing 0: the root key is there.

EXIT STATUS: 0 it was taken, 1 error (also: it does not belong to the others), 2 usage, 10 no such file, 12 this is not the
session of the code, or the share is of another root key`,
		Args: exactArgs(1),
	}
	cmd.Flags().StringVar(&key, "key", "", "the file of the guardian's key, if the share is sealed")
	cmd.Flags().StringVar(&url, "url", "http://127.0.0.1:8480", "where the node waits")
	cmd.Flags().StringVar(&code, "code", "", "the session's code, as the keeper told it")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if code == "" {
			return &usageError{errors.New("--code is missing: ask the keeper of the node, by telephone or in person")}
		}
		words, err := shareWords(cmd, args[0], key)
		if err != nil {
			return err
		}
		state, err := node.GiveShare(cmd.Context(), url, code, words)
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(cmd.OutOrStdout(), struct {
				Fingerprint string `json:"fingerprint"`
				Taken       int    `json:"taken"`
				Missing     int    `json:"missing"`
			}{state.Fingerprint, state.Taken, state.Missing})
		}
		if state.Missing == 0 {
			fmt.Fprintln(cmd.OutOrStdout(), "taken: the root key is there")
		} else {
			fmt.Fprintf(cmd.OutOrStdout(), "taken: %d more needed\n", state.Missing)
		}
		return nil
	}
	return cmd
}

// shareWords returns the words of a share, opened if it is sealed.
func shareWords(cmd *cobra.Command, file, key string) (string, error) {
	if key != "" {
		share, err := openShare(cmd, file, key)
		return share.Words, err
	}
	text, err := readWords(cmd, file)
	if err != nil {
		return "", err
	}
	return strings.Join(node.SplitKeyWords(text), "\n"), nil
}
