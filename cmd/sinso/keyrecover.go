package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

type keyRecoverOptions struct {
	nodeFlags
	phraseTo
	kind          string
	newPassphrase string
}

func newKeyRecoverCommand() *cobra.Command {
	var o keyRecoverOptions
	cmd := &cobra.Command{
		Use:   "recover [FILE…]",
		Short: "Make the key file again from the recovery phrase or from guardians' shares",
		Long: `Makes the node's key file again from its recovery phrase, or from as many of the guardians' shares as are needed: one or
more in each FILE, "-" is stdin. Without FILE they are asked for on the terminal, and not shown. The root key is
checked against the node folder, if that is there. A key file that is there is not overwritten.

A node with a passphrase gets a new one, for the words do not tell the old one: its root key is changed, as by
sinso key rotate, and the words that were given open it no more. With --to key-file it gets a key file instead.

With --json: {"data","kind","keyFile","fingerprint","checked","made","rotated"}, and "phrase" with --phrase-to -;
checked: there is a node folder, and the key opens it; made: the key file was made (false: it is there already, with this
key, or the root key was changed).

EXIT STATUS: 0 done, 1 error (also: wrong words, or a key file is there), 2 usage, 10 no such file, 11 the node is running
(of a passphrase), 12 the words are of another root key, 13 damaged`,
	}
	o.nodeFlags.addFlags(cmd)
	o.phraseTo.addFlags(cmd)
	cmd.Flags().StringVar(&o.kind, "to", "", "key-file or passphrase: what the node has from then on; default: what it has")
	cmd.Flags().StringVar(&o.newPassphrase, "new-passphrase-file", "", "a file with the new passphrase; default: it is asked for")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		if err := checkKind(o.kind); err != nil {
			return err
		}
		return o.run(cmd, files)
	}
	return cmd
}

func checkKind(kind string) error {
	if kind != "" && kind != node.KindKeyFile && kind != node.KindPassphrase {
		return &usageError{fmt.Errorf("--to: want %s or %s, not %q", node.KindKeyFile, node.KindPassphrase, kind)}
	}
	return nil
}

func (o *keyRecoverOptions) run(cmd *cobra.Command, files []string) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	words, err := gather(cmd, files)
	if err != nil {
		return err
	}
	root, err := words.Root()
	if err != nil {
		return err
	}
	defer clear(root[:])
	done, err := node.RecoverKey(cmd.Context(), cfg, root, o.kind, asksNew(cmd, cfg, o.newPassphrase))
	if err != nil {
		return explainRecover(err)
	}
	answer := struct {
		node.Recovered

		Phrase string `json:"phrase,omitempty"`
	}{Recovered: done}
	if !o.json {
		fmt.Fprintln(cmd.OutOrStdout(), recoveredLine(done))
	}
	if done.Rotated {
		if answer.Phrase, err = o.give(cmd, cfg, o.json, done.Phrase); err != nil {
			return err
		}
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), answer)
	}
	return nil
}

func explainRecover(err error) error {
	switch {
	case errors.Is(err, sinso.ErrBusy):
		return withHint(err, "the node has a passphrase, and gets a new root key: stop it first")
	case errors.Is(err, sinso.ErrExists):
		return withHint(err, "move that file away, or name another with --key-file")
	case errors.Is(err, sinso.ErrDenied):
		return withHint(err, "nothing was changed; the words may be of another node, or of before a rotation: compare sinso key show")
	}
	return err
}

func recoveredLine(done node.Recovered) string {
	words := "root key " + done.Fingerprint + ": "
	switch {
	case done.Rotated:
		words += "the node has this new root key; the words that were given open it no more"
	case done.Made:
		words += "made " + done.KeyFile
	default:
		words += done.KeyFile + " is there, and holds it"
	}
	if !done.Checked {
		words += "; there is no node folder to check it against"
	}
	return words
}
