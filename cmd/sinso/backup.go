package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newBackupCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "backup [URL]",
		Short: "Copy the node into a block store, while it runs or not",
		Long: `Copies the node as it is at this moment into a block store: pack:FOLDER, ipfs:FOLDER, s3:https://HOST/BUCKET or
kubo:http://HOST:PORT. Blocks that the node has in another store (setting blobs) are copied too; the backup needs a
place of its own. Without URL it goes where the setting backup says. What is there already is not sent again. The
backup before is replaced when this one is whole: what was erased here since, and its keys, are gone from the store.

What it holds is what a thief of the node folder would have: ciphertext, and keys that only the root key opens. The
root key is not in it: keep its recovery phrase (sinso key export) or its guardians' shares. Uploads that are not taken in
yet, and the index, which is made again, are not in it either.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node, 13 made, without blocks that are damaged in the other store`,
		Args: cobra.MaximumNArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		to, err := f.store(args)
		if err != nil {
			return err
		}
		bar := newProgress(cmd.ErrOrStderr())
		show := func(done, total int64) { bar.show("%d of %d bytes", done, total) }
		result, err := worked(cmd.Context(), &f, func(n *node.Node) (sinso.BackupResult, error) {
			return n.Backup(cmd.Context(), to, show)
		}, "/api/v1/local/backups", map[string]string{"to": to}, show)
		bar.end()
		if errors.Is(err, sinso.ErrInvalid) {
			return &usageError{err}
		}
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), result)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d files of %d bytes%s are in the backup of %s; %d bytes were read for it, and %d blocks of the one before are gone\n",
			result.Files, result.Bytes, besides(result.Blocks), result.At.Format(time.RFC3339), result.Sent, result.Freed)
		return nil
	}
	return cmd
}

// besides tells of blocks that lie in another store than the log, if there are any.
func besides(blocks int64) string {
	if blocks == 0 {
		return ""
	}
	return fmt.Sprintf(", and %d blocks of another store,", blocks)
}

// store is the URL that is given, or that of the configuration.
func (f *nodeFlags) store(args []string) (string, error) {
	cfg, err := f.config()
	if err != nil {
		return "", err
	}
	to := cfg.Backup
	if len(args) > 0 {
		to = args[0]
	}
	if to == "" || to == "none" {
		return "", &usageError{errors.New("where to? give the URL of a block store, or set backup in sinso.toml")}
	}
	return node.AbsoluteBlobs(to) // a running node stands in another folder
}

func newRestoreCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "restore URL",
		Short: "Make a node folder of the newest backup in a block store",
		Long: `Makes the node folder (--data) of the newest backup in a block store. Every byte is compared with its CID. There must be
no node in the folder; a restore that is cut off is done again, without the files that are whole already. Blocks that
the node had in another store come into its log, and its configuration says so: what is restored never writes into the
store of a node that still works. SINSO_BLOBS names another store for them: never that
of a node that still works. To use
the node you need its root key: sinso key recover makes it again from the phrase or the shares. sinso check then looks at
everything.

EXIT STATUS: 0 done, 1 error (there is a node already), 2 usage, 10 there is no backup, 13 the backup is damaged`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := f.config()
		if err != nil {
			return err
		}
		bar := newProgress(cmd.ErrOrStderr())
		result, err := node.Restore(cmd.Context(), cfg, args[0], func(done, total int64) { bar.show("%d of %d bytes", done, total) })
		bar.end()
		if errors.Is(err, sinso.ErrInvalid) {
			return &usageError{err}
		}
		if err != nil {
			return err
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), result)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d files of %d bytes, as they were at %s, are in %s\n", result.Files, result.Bytes, result.At.Format(time.RFC3339), cfg.Data)
		if result.Missing > 0 {
			fmt.Fprintf(cmd.OutOrStdout(), "%d blocks are not in the backup any more: erased since it was made, or lost; sinso check says what is not whole\n", result.Missing)
		}
		if result.Blocks > 0 {
			fmt.Fprintf(cmd.OutOrStdout(), "%d blocks that lay in another store are in: %s\n", result.Blocks, cfg.Blobs)
		}
		if says := restoredConfig[result.Config]; says != "" {
			fmt.Fprintln(cmd.OutOrStdout(), says)
		}
		return nil
	}
	return cmd
}

// restoredConfig says what became of the configuration.
var restoredConfig = map[string]string{
	"restored": "its configuration is back",
	"kept":     "there was a configuration, and it stays",
	"locked":   "its root key is not here: sinso key recover makes it again; the configuration, which it opens, is not restored",
}
