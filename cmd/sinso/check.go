package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newCheckCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Read everything in the node folder and name what is damaged",
		Long: `Reads every byte of the journal, compares each event with its leaf in the tamper-evident log, opens every
sealed object block by block, and checks the index and the blocks of the embedded chain. With --read-data=false what is
sealed is not read: it reads the journal's headers and tables, each event with its leaf, and the index, and looks
whether every block of every sealed object is there. That proves that nothing is missing, not that no byte has changed;
it takes seconds where reading takes hours, and costs little where a block store charges for it. With --rebuild-index the
index is thrown away first, and made again from the journal alone. With --repair what is damaged in the journal is
mended first, by the bytes that a backup has in its place (--from, or the setting backup), each proven; blocks that lie
in another store (setting blobs) and are missing or damaged there are put back. With --from peer:NAME blocks are mended
by the copies that a peer keeps. Nothing is asked of peers without it.

EXIT STATUS: 0 clean, 1 error, 2 usage, 10 no such node, 11 the node is running, 13 damage: each place is named`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	read := cmd.Flags().Bool("read-data", true, "read all that is sealed; false: look whether it is there")
	mend := cmd.Flags().Bool("repair", false, "mend the journal, and the blocks in another store, by a backup first")
	from := cmd.Flags().String("from", "", "with --repair: URL of the block store that has the backup, or peer:NAME")
	rebuild := cmd.Flags().Bool("rebuild-index", false, "throw the index away, and make it again from the journal")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := f.config()
		if err != nil {
			return err
		}
		cfg.ChainListen = "none"
		if *mend {
			if err := f.repair(cmd, cfg, *from); err != nil {
				return err
			}
		}
		if *rebuild {
			events, err := node.RebuildIndex(cmd.Context(), cfg, node.Options{Passphrase: f.asks()})
			if err != nil {
				return explainOpen(cfg, err)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "the index was made again from %d events\n", events)
		}
		result, err := f.check(cmd, cfg, *read)
		if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
			return explainOpen(cfg, err)
		}
		if errors.As(err, new(*node.KeyError)) {
			err = explainOpen(cfg, err)
		}
		if f.json {
			return errors.Join(err, printJSON(cmd.OutOrStdout(), result))
		}
		for _, place := range result.Damage {
			fmt.Fprintln(cmd.OutOrStdout(), "damaged:", place)
		}
		if err == nil {
			fmt.Fprintf(cmd.OutOrStdout(), cleanLine[*read], result.Objects, result.Events)
		}
		return err
	}
	return cmd
}

// cleanLine says what a check proves, which read what is sealed or did not.
var cleanLine = map[bool]string{
	true:  "clean: %d objects and %d events are as they were written\n",
	false: "clean: no block of %d objects is missing, and %d events are as they were written; what is sealed was not read\n",
}

// check reads everything, or what is not sealed.
func (f *nodeFlags) check(cmd *cobra.Command, cfg node.Config, read bool) (node.CheckResult, error) {
	o := node.Options{Passphrase: f.asks()}
	if !read {
		return node.Look(cmd.Context(), cfg, o)
	}
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.end()
	return node.Check(cmd.Context(), cfg, o, func(done, total int64) { bar.show("%d of %d bytes", done, total) })
}

// repair mends the node, and says on stderr what it did. What is left the check names.
func (f *nodeFlags) repair(cmd *cobra.Command, cfg node.Config, from string) error {
	var urls []string
	if from != "" {
		urls = []string{from}
	}
	store, err := f.store(urls)
	if err != nil {
		return err
	}
	bar := newProgress(cmd.ErrOrStderr())
	result, err := node.Repair(cmd.Context(), cfg, store, func(done, total int64) { bar.show("%d of %d bytes", done, total) })
	bar.end()
	if err != nil && !errors.Is(err, sinso.ErrCorrupt) {
		return explainOpen(cfg, err)
	}
	for _, left := range result.Left {
		fmt.Fprintln(cmd.ErrOrStderr(), "not mended:", left)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%d of %d damaged places were mended\n", result.Mended, result.Places)
	return nil
}
