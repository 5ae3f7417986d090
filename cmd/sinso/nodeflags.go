//go:build spine

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// nodeFlags are the flags of every command that works on a node folder.
type nodeFlags struct {
	cfg  node.Config
	json bool
}

func (f *nodeFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.cfg.Data, "data", "", "the node folder (SINSO_DATA; default ./sinso-data)")
	flags.StringVar(&f.cfg.KeyFile, "key-file", "", "the root key, outside the node folder (SINSO_KEY_FILE; default: the node folder's path with .key)")
	flags.StringVar(&f.cfg.Chain, "chain", "", `"dev:" for the embedded chain, a JSON-RPC URL, or "none" (SINSO_CHAIN; default dev:)`)
	flags.StringVar(&f.cfg.Contracts, "contracts", "", "addresses of identity,assets,settlement on a chain that is not embedded (SINSO_CONTRACTS)")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
}

// config returns the configuration in force.
func (f *nodeFlags) config() (node.Config, error) { return f.cfg.Load(os.Getenv) }

// open opens the node folder for one command: no chain RPC is served.
func (f *nodeFlags) open(ctx context.Context) (*node.Node, error) {
	cfg, err := f.config()
	if err != nil {
		return nil, err
	}
	cfg.ChainListen = "none"
	n, err := node.Open(ctx, cfg, node.Options{})
	switch {
	case errors.Is(err, sinso.ErrNotFound):
		return nil, withHint(err, "make one with: sinso init --data "+cfg.Data)
	case errors.Is(err, sinso.ErrBusy):
		return nil, withHint(err, "a node runs on this folder; stop it first, or use its API")
	}
	return n, err
}

// with opens the node folder, runs fn and closes it.
func (f *nodeFlags) with(ctx context.Context, fn func(*node.Node) error) error {
	n, err := f.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(fn(n), n.Close())
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
