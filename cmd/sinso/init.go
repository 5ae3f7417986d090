package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newInitCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a new node folder and its root key",
		Long: `Makes a new node folder and, outside it, the root key file (mode 0600). Keep a copy of the key file in
another place: without it nothing in the node folder can be read, by you or by anyone else.

EXIT STATUS: 0 done, 1 error (there is a node already), 2 usage`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := f.config()
		if err != nil {
			return err
		}
		account, err := node.Init(cmd.Context(), cfg)
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), map[string]string{"data": cfg.Data, "keyFile": cfg.KeyFile, "account": account.String()})
		}
		fmt.Fprintf(cmd.OutOrStdout(), "made a node in %s\nits root key is %s: keep a copy of it in another place\n", cfg.Data, cfg.KeyFile)
		return nil
	}
	return cmd
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
