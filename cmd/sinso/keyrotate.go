package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

type keyRotateOptions struct {
	nodeFlags
	phraseTo
	kind          string
	newPassphrase string
}

func newKeyRotateCommand() *cobra.Command {
	var o keyRotateOptions
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Give the node another root key",
		Long: `Makes a new root key, or takes a new passphrase, and wraps every row of the key table under it. What is stored is
not touched, and opens as before; the key file of before is replaced, or removed if the node has a passphrase from then
on. The recovery phrase and the guardians' shares of before open this node no more: write the new ones down.

Works on a stopped node. If it is cut off the node opens with the key of before or with the new one (sinso key show
says which by its fingerprint), and the same command goes on: it finishes a rotation that was cut off, and begins
another only if none was.

It does not reach copies: an older copy of the key table (a backup) still opens by the older root key. Destroy the old
phrase, shares and backups too, or keep the old phrase for as long as you keep such backups.

With --json: {"data","before","kind","keyFile","fingerprint","custodians","persons","records","finished"}, and "phrase" with
--phrase-to -; before is the fingerprint of the root key before; finished: one that was cut off was finished, and none
was begun.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, 11 the node is running, 12 the root key does not open it, 13 damaged`,
		Args: exactArgs(0),
	}
	o.nodeFlags.addFlags(cmd)
	o.phraseTo.addFlags(cmd)
	cmd.Flags().StringVar(&o.kind, "to", "", "key-file or passphrase: what the node has from then on; default: what it has")
	cmd.Flags().StringVar(&o.newPassphrase, "new-passphrase-file", "", "a file with the new passphrase; default: it is asked for")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := checkKind(o.kind); err != nil {
			return err
		}
		return o.run(cmd)
	}
	return cmd
}

func (o *keyRotateOptions) run(cmd *cobra.Command) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	done, err := node.RotateKey(cmd.Context(), cfg, o.kind, o.asks(), asksNew(cmd, cfg, o.newPassphrase), func(string) {})
	if errors.Is(err, sinso.ErrInvalid) && done.Fingerprint == "" {
		return withHint(err, "--new-passphrase-file names a file with a new passphrase, 12 characters or more")
	}
	if err != nil {
		return explainOpen(cfg, err)
	}
	answer := struct {
		node.Rotated

		Phrase string `json:"phrase,omitempty"`
	}{Rotated: done}
	if !o.json {
		fmt.Fprintln(cmd.OutOrStdout(), rotatedLine(done))
	}
	if answer.Phrase, err = o.give(cmd, cfg, o.json, done.Phrase); err != nil {
		return err
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), answer)
	}
	return nil
}

func rotatedLine(done node.Rotated) string {
	where := "its passphrase"
	if done.KeyFile != "" {
		where = done.KeyFile
	}
	if done.Finished {
		return fmt.Sprintf("a rotation that was cut off is finished: the node opens by %s, root key %s", where, done.Fingerprint)
	}
	return fmt.Sprintf("%d keys were wrapped again: the node opens by %s, root key %s; %s opens it no more",
		done.Custodians+done.Persons+done.Records, where, done.Fingerprint, done.Before)
}
