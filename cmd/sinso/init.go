package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newInitCommand() *cobra.Command {
	var f nodeFlags
	var words phraseTo
	var passphrase bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a new node folder and its root key",
		Long: `Makes a new node folder and, outside it, the root key file (mode 0600). Keep a copy of the key file in
another place: without it nothing in the node folder can be read, by you or by anyone else. With --passphrase there
is no key file: the root key is made of a passphrase (Argon2id), which is asked for, or read from --passphrase-file.

On a terminal the recovery phrase is printed, once: 24 words that are the root key. They make the key file again, or
give the node another passphrase: sinso key recover.

With --json: {"account","data","kind","keyFile","fingerprint"}, and "phrase" with --phrase-to -.

EXIT STATUS: 0 done, 1 error (there is a node already), 2 usage`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	words.addFlags(cmd)
	cmd.Flags().BoolVar(&passphrase, "passphrase", false, "the root key is made of a passphrase, and is no file")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := f.config()
		if err != nil {
			return err
		}
		var ask node.Ask
		if passphrase && cfg.PassphraseFile == "" {
			if ask = asksNew(cmd, cfg, ""); ask == nil {
				return &usageError{errors.New("there is no terminal to ask for the passphrase: --passphrase-file names a file with it")}
			}
		}
		made, err := node.Make(cmd.Context(), cfg, ask)
		if err != nil {
			return err
		}
		answer := struct {
			node.Made

			Phrase string `json:"phrase,omitempty"`
		}{Made: made}
		if !f.json {
			fmt.Fprintln(cmd.OutOrStdout(), madeLines(made))
		}
		if answer.Phrase, err = words.give(cmd, cfg, f.json, made.Phrase); err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), answer)
		}
		return nil
	}
	return cmd
}

func madeLines(made node.Made) string {
	words := "made a node in " + made.Data
	if made.KeyFile == "" {
		return words + "\nits root key is made of your passphrase: without it, or its recovery phrase, nothing can be read"
	}
	return words + "\nits root key is " + made.KeyFile + ": keep a copy of it in another place"
}

func newConfigCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print the configuration in force",
		Long: `Prints the configuration in force as TOML: flags win over SINSO_* variables, these over sinso.toml in the
node folder, that over the defaults.

EXIT STATUS: 0 done, 1 error, 2 usage`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := f.config()
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), cfg)
		}
		fmt.Fprint(cmd.OutOrStdout(), cfg.Lines())
		return nil
	}
	return cmd
}
