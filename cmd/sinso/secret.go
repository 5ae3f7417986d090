package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// terminal is where somebody types what nobody else is to see.
type terminal struct {
	in  *os.File
	out io.Writer
	ctx func() context.Context
}

// terminalOf returns the terminal of a command, nil where nobody sits before one.
func terminalOf(cmd *cobra.Command) *terminal {
	if cmd == nil {
		return nil
	}
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !isTerminal(in) || !isTerminal(cmd.ErrOrStderr()) {
		return nil
	}
	return &terminal{in: in, out: cmd.ErrOrStderr(), ctx: cmd.Context}
}

// hidden asks for a line that is not shown.
func (t *terminal) hidden(words string) ([]byte, error) {
	fd := int(t.in.Fd())
	shown, err := term.GetState(fd)
	if err != nil {
		return nil, fmt.Errorf("ask on the terminal: %w: %w", sinso.ErrUnavailable, err)
	}
	fmt.Fprint(t.out, words)
	type typed struct {
		line []byte
		err  error
	}
	read := make(chan typed, 1)
	// Nothing ends the reading of a terminal: what reads it ends with the program.
	go func() {
		line, err := term.ReadPassword(fd)
		read <- typed{line, err}
	}()
	select {
	case got := <-read:
		fmt.Fprintln(t.out)
		if got.err != nil {
			return nil, fmt.Errorf("nothing was typed: %w", sinso.ErrInvalid)
		}
		return got.line, nil
	case <-t.ctx().Done():
		fmt.Fprintln(t.out)
		return nil, errors.Join(t.ctx().Err(), term.Restore(fd, shown))
	}
}

// asks returns what asks for the node's passphrase, nil where nobody can be asked.
func (f *nodeFlags) asks() node.Ask { return asks(f.cmd) }

func asks(cmd *cobra.Command) node.Ask {
	t := terminalOf(cmd)
	if t == nil {
		return nil
	}
	return func() ([]byte, error) { return t.hidden("passphrase of the node: ") }
}

// asksNew returns what asks for a new passphrase, twice, or reads it from a file.
func asksNew(cmd *cobra.Command, cfg node.Config, file string) node.Ask {
	t := terminalOf(cmd)
	switch {
	case file != "":
		return func() ([]byte, error) { return node.ReadPassphrase(cfg, file) }
	case t == nil:
		return nil
	}
	return func() ([]byte, error) {
		phrase, err := t.hidden("new passphrase, 12 characters or more: ")
		if err != nil {
			return nil, err
		}
		again, err := t.hidden("once more: ")
		defer clear(again)
		if err == nil && string(again) != string(phrase) {
			err = fmt.Errorf("the two are not the same: %w", sinso.ErrInvalid)
		}
		if err != nil {
			clear(phrase)
			return nil, err
		}
		return phrase, nil
	}
}

// toStdout as a file's name is the standard output, to standard input.
const toStdout = "-"

// phraseTo says where a recovery phrase goes.
type phraseTo struct{ file string }

func (p *phraseTo) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.file, "phrase-to", "", `write the recovery phrase to this new file (mode 0600, outside the node folder), "-" for stdout; on a terminal it is printed, elsewhere it is not`)
}

// give hands over a recovery phrase, and returns what of it stands in the JSON answer.
func (p phraseTo) give(cmd *cobra.Command, cfg node.Config, asJSON bool, phrase string) (inJSON string, err error) {
	out := cmd.OutOrStdout()
	switch {
	case p.file != "" && p.file != toStdout:
		if err := node.WriteSecret(cfg, p.file, phrase); err != nil {
			return "", err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "the recovery phrase is in %s\n", p.file)
	case p.file == toStdout && asJSON:
		return phrase, nil
	case p.file == toStdout:
		fmt.Fprintln(out, phrase)
	case isTerminal(out) && !asJSON:
		fmt.Fprint(out, phraseNote(phrase))
	default:
		fmt.Fprintln(cmd.ErrOrStderr(), "the recovery phrase was not printed: sinso key export --to FILE writes it down")
	}
	return "", nil
}

// phraseNote is what is shown on a terminal.
func phraseNote(phrase string) string {
	words := strings.Fields(phrase)
	var b strings.Builder
	b.WriteString("\nIts recovery phrase:\n\n")
	for len(words) > 0 {
		n := min(6, len(words))
		b.WriteString("  " + strings.Join(words[:n], " ") + "\n")
		words = words[n:]
	}
	b.WriteString(`
Write the words down, in order, and keep them where nobody else reads them. They are the root key: whoever has
them and the node folder reads everything, and if the key is lost there is no other way back (sinso key recover).
`)
	return b.String()
}
