package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso/internal/node"
)

func newKeyCommand() *cobra.Command {
	return nounCommand("key", "The node's root key, its recovery phrase and its guardians' shares",
		newKeyShowCommand(), newKeyExportCommand(), newKeyCheckCommand(), newKeyRecoverCommand(), newKeyRotateCommand(), newKeyGuardianCommand())
}

// keyFileStates say what is with the key file.
var keyFileStates = map[string]string{
	"fits":    "is this node's",
	"missing": "is not there: sinso key recover makes it again",
	"other":   "is of another node, or of before the root key was changed",
	"unsafe":  "can be read by others, or lies in the node folder, and is refused",
	"damaged": "is not one, or was changed",
	"unused":  "is there, and opens nothing: this node has a passphrase",
	"none":    "none: this node has a passphrase",
}

func newKeyShowCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "show",
		Short: "What kind of root key the node has, and whether its key file fits",
		Long: `Prints what can be told of the node's root key: nothing of it is secret. The fingerprint names the root key, and
is the same for its key file, its recovery phrase and its guardians' shares. Works beside a running node.

With --json: {"data","kind","fingerprint","keyFile","keyFileState","keyFileMade","custodians","persons","records","destroyed"};
kind is key-file or passphrase; keyFileState is fits, missing, other, unsafe, damaged, of a node with a passphrase none
or unused; keyFileMade is null where there is no file.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, 13 the key table is damaged`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := f.config()
		if err != nil {
			return err
		}
		facts, err := node.ShowKey(cfg)
		if err != nil {
			return explainOpen(cfg, err)
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), facts)
		}
		printTable(cmd.OutOrStdout(), "ROOT KEY\t", keyLines(facts), func(line string) string { return line })
		return nil
	}
	return cmd
}

func keyLines(facts node.KeyFacts) []string {
	lines := []string{
		"kind\t" + facts.Kind,
		"fingerprint\t" + facts.Fingerprint,
		"key file\t" + facts.KeyFile + " " + keyFileStates[facts.KeyFileState],
	}
	if facts.KeyFileState == "none" {
		lines[2] = "key file\t" + keyFileStates["none"]
	}
	if facts.KeyFileMade != nil {
		lines = append(lines, "last written\t"+facts.KeyFileMade.Format(time.RFC3339))
	}
	return append(lines, fmt.Sprintf("opens\t%d persons' keys, %d of records, and %d of the node and the institution", facts.Persons, facts.Records, facts.Custodians),
		fmt.Sprintf("destroyed\t%d", facts.Destroyed))
}
