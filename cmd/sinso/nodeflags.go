package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// nodeFlags are the flags of every command that works on a node folder.
type nodeFlags struct {
	cfg  node.Config
	log  string
	json bool
	cmd  *cobra.Command // whose flags they are
}

func (f *nodeFlags) addFlags(cmd *cobra.Command) {
	f.cmd = cmd
	flags := cmd.Flags()
	flags.StringVar(&f.cfg.Data, "data", "", "the node folder (SINSO_DATA; default ./sinso-data)")
	flags.StringVar(&f.cfg.KeyFile, "key-file", "", "the root key, outside the node folder (SINSO_KEY_FILE; default: the node folder's path with .key)")
	flags.StringVar(&f.cfg.PassphraseFile, "passphrase-file", "", "a file with the passphrase, of a node that has one in place of a key file (SINSO_PASSPHRASE_FILE; default: it is asked for)")
	flags.StringVar(&f.cfg.Chain, "chain", "", `"dev:" for the embedded chain, a JSON-RPC URL, or "none" (SINSO_CHAIN; default dev:)`)
	flags.StringVar(&f.cfg.Contracts, "contracts", "", "addresses of identity,assets,exchange on a chain that is not embedded (SINSO_CONTRACTS)")
	flags.StringVar(&f.log, "log", "", "append the log to this file, as JSON lines")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
}

// config returns the configuration in force.
func (f *nodeFlags) config() (node.Config, error) { return f.cfg.Load(os.Getenv) }

// explainOpen adds what to do next to a folder that does not open.
func explainOpen(cfg node.Config, err error) error {
	var key *node.KeyError
	switch {
	case errors.As(err, &key) && key.File == "" && errors.Is(err, sinso.ErrDenied):
		return withHint(err, "nothing was changed; name a file with this node's passphrase by --passphrase-file (mode 0600), or run it on a terminal, where it is asked for. If it is lost: sinso key recover")
	case errors.As(err, &key) && errors.Is(err, sinso.ErrCorrupt):
		return withHint(err, "nothing was changed; put back your copy of the key file, and of the folder keys in the node folder")
	case errors.As(err, &key) && errors.Is(err, sinso.ErrDenied):
		return withHint(err, "nothing was changed; put back your copy of this node's own key file (mode 0600), name it with --key-file, or make it again: sinso key recover")
	case errors.Is(err, sinso.ErrNotFound):
		return withHint(err, "make one with: sinso init --data "+cfg.Data)
	case errors.Is(err, sinso.ErrBusy):
		return withHint(err, "a node runs on this folder, or another command is at work; stop it first, or use the node's page or API")
	case errors.Is(err, sinso.ErrCorrupt):
		return withHint(err, "see all that is damaged: sinso check --data "+cfg.Data)
	}
	return err
}

// with opens the node folder, runs fn and closes it.
func (f *nodeFlags) with(ctx context.Context, fn func(*node.Node) error) error {
	return f.withOptions(ctx, node.Options{}, fn)
}

// withOptions opens the node with more than its flags say.
func (f *nodeFlags) withOptions(ctx context.Context, o node.Options, fn func(*node.Node) error) error {
	cfg, err := f.config()
	if err != nil {
		return err
	}
	log, closeLog, err := f.openLog()
	if err != nil {
		return err
	}
	cfg.ChainListen = "none" // for one command nobody else is let at the chain
	o.Log, o.Passphrase = log, f.asks()
	n, err := node.Open(ctx, cfg, o)
	if err != nil {
		return errors.Join(explainOpen(cfg, err), closeLog())
	}
	return errors.Join(fn(n), n.Close(), closeLog())
}

// openLog opens the file of --log, if there is one.
func (f *nodeFlags) openLog() (*slog.Logger, func() error, error) {
	if f.log == "" {
		return nil, func() error { return nil }, nil
	}
	file, err := os.OpenFile(f.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("the log cannot be written: %w: %w", err, sinso.ErrUnavailable)
	}
	return slog.New(slog.NewJSONHandler(file, nil)), file.Close, nil
}

// printJSON writes one JSON object on a line of its own.
func printJSON(out io.Writer, v any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

// actor is who the log says did it, for commands on the node folder itself.
const actor = "operator"
