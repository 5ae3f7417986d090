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
	guardians     bool
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

With --guardians the shares come over the network: the node listens at its address (--listen) until enough are
there. Tell each guardian the code that it prints, by telephone or in person: sinso key guardian give. Each share is
sealed on its way, and nobody here reads it. A node that is started anew has another code, and no shares.

With --json: {"data","kind","keyFile","fingerprint","checked","made","rotated"}, with --guardians before it a line
{"url","code","fingerprint"}; and "phrase" with --phrase-to -;
checked: there is a node folder, and the key opens it; made: the key file was made (false: it is there already, with this
key, or the root key was changed).

EXIT STATUS: 0 done, 1 error (also: wrong words, or a key file is there), 2 usage, 10 no such file, 11 the node is running
(of a passphrase), 12 the words are of another root key, 13 damaged`,
	}
	o.nodeFlags.addFlags(cmd)
	o.phraseTo.addFlags(cmd)
	cmd.Flags().StringVar(&o.kind, "to", "", "key-file or passphrase: what the node has from then on; default: what it has")
	cmd.Flags().StringVar(&o.newPassphrase, "new-passphrase-file", "", "a file with the new passphrase; default: it is asked for")
	cmd.Flags().BoolVar(&o.guardians, "guardians", false, "wait for guardians to give their shares over the network")
	cmd.Flags().StringVar(&o.cfg.Listen, "listen", "", "where guardians' shares are taken (SINSO_LISTEN; default 127.0.0.1:8480)")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		if err := checkKind(o.kind); err != nil {
			return err
		}
		if o.guardians && len(files) > 0 {
			return &usageError{errors.New("--guardians takes no files: each guardian gives their own")}
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
	root, err := o.root(cmd, cfg, files)
	defer clear(root[:])
	if err != nil {
		return err
	}
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

// root gets the root key from files, from who sits before the terminal, or from guardians.
func (o *keyRecoverOptions) root(cmd *cobra.Command, cfg node.Config, files []string) (root [32]byte, err error) {
	if o.guardians {
		return o.wait(cmd, cfg)
	}
	words, err := gather(cmd, files)
	if err != nil {
		return root, err
	}
	return words.Root()
}

// wait takes guardians' shares.
func (o *keyRecoverOptions) wait(cmd *cobra.Command, cfg node.Config) (root [32]byte, err error) {
	desk, err := node.OpenDesk(cmd.Context(), cfg)
	if err != nil {
		return root, explainOpen(cfg, err)
	}
	if o.json {
		err = printJSON(cmd.OutOrStdout(), map[string]string{"url": desk.URL, "code": desk.Code, "fingerprint": desk.Fingerprint})
	} else {
		fmt.Fprintf(cmd.OutOrStdout(), "waiting for guardians at %s\ntell each of them, by telephone or in person, this code:\n\n  %s\n\n", desk.URL, desk.Code)
	}
	if err != nil {
		return root, err
	}
	return desk.Run(cmd.Context(), func(taken, missing int) {
		fmt.Fprintf(cmd.ErrOrStderr(), "shares: %d here, %d more needed\n", taken, missing)
	})
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
