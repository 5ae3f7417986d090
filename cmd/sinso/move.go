package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

func newMoveCommand() *cobra.Command {
	return nounCommand("move", "Move what a node keeps to another place", newMoveBlobsCommand())
}

type moveBlobsOptions struct {
	nodeFlags
	remove bool
}

func newMoveBlobsCommand() *cobra.Command {
	var o moveBlobsOptions
	cmd := &cobra.Command{
		Use:   "blobs FROM TO",
		Short: "Move the node's sealed bytes to another block store",
		Long: `Copies every block of a stopped node from FROM to TO, reads each back from TO and compares it with its CID, and then
has the node use TO: the setting blobs in its sinso.toml. FROM is what the node uses now. Each of them is "log", the
node's own log, or a block store: pack:FOLDER, ipfs:FOLDER, s3:https://HOST/BUCKET or kubo:http://HOST:PORT. Credentials
come from the environment. Events, keys, index and chain stay in the node folder. A store has the blocks of one node, and no backup.

It can be interrupted at any time: the same command goes on, and what is in TO already and sound is not copied again.
Until the end the node uses FROM. If a block cannot be read all others are copied, and the node goes on with FROM.

The blocks in FROM stay. With --delete they are deleted when the node uses TO, and their bytes freed; the same command with
--delete does so later, and reads each block from TO before. Until then what is erased in the node is erased in its
log and in the store that it uses, not in FROM.

With --json: {"from","to","blocks","copied","bytes","switched","deleted","left","damaged":[cid]}; left are blocks that FROM
alone has after an earlier move: they were erased since, or TO has lost them (sinso check tells), and stay.

EXIT STATUS: 0 done, 1 error, 2 usage, 3 some of FROM are not in TO and stay, 10 no such node or store, 11 the node is
running, 12 the store does not let us in, 13 blocks are damaged`,
		Args: exactArgs(2),
	}
	o.addFlags(cmd)
	cmd.Flags().BoolVar(&o.remove, "delete", false, "delete the blocks in FROM when the node uses TO")
	cmd.RunE = o.run
	return cmd
}

func (o *moveBlobsOptions) run(cmd *cobra.Command, args []string) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	if os.Getenv("SINSO_BLOBS") != "" {
		return &usageError{errors.New("unset SINSO_BLOBS: a move sets blobs in sinso.toml, and the environment wins over that")}
	}
	bar := newProgress(cmd.ErrOrStderr())
	move := node.MoveOptions{Delete: o.remove, Progress: func(done, total int64) { bar.show("%d of %d blocks", done, total) }}
	if move.From, err = node.AbsoluteBlobs(args[0]); err != nil {
		return err
	}
	if move.To, err = node.AbsoluteBlobs(args[1]); err != nil {
		return err
	}
	result, err := node.MoveBlobs(cmd.Context(), cfg, move)
	bar.end()
	switch {
	case errors.Is(err, sinso.ErrInvalid):
		return &usageError{err}
	case errors.Is(err, sinso.ErrBusy):
		return withHint(err, "a node runs on this folder, or another command is at work on it or on the store; stop it first")
	case errors.Is(err, sinso.ErrCorrupt):
		err = withHint(err, "mend them by a backup: sinso check --repair --data "+cfg.Data)
	}
	if o.json && (err == nil || errors.Is(err, sinso.ErrCorrupt)) {
		err = errors.Join(err, printJSON(cmd.OutOrStdout(), result))
	}
	if err != nil {
		return err
	}
	if !o.json {
		for _, line := range movedLines(result) {
			fmt.Fprintln(cmd.OutOrStdout(), line)
		}
	}
	if result.Left > 0 {
		return &partly{}
	}
	return nil
}

// movedLines say what a move did.
func movedLines(r node.MoveResult) (lines []string) {
	if r.Switched {
		lines = append(lines, fmt.Sprintf("%d blocks are in %s and were read back, %d of them copied now, %d bytes: the node uses it from now on", r.Blocks, r.To, r.Copied, r.Bytes))
	} else {
		lines = append(lines, "the node uses "+r.To+" already")
	}
	switch {
	case r.Blocks == 0:
		lines = append(lines, "there are no blocks of this node in "+r.From)
	case r.Deleted+r.Left == 0:
		lines = append(lines, fmt.Sprintf("the %d in %s are still there: the same command with --delete takes them away", r.Blocks, r.From))
	default:
		lines = append(lines, fmt.Sprintf("%d blocks are deleted in %s", r.Deleted, r.From))
	}
	if r.Left > 0 {
		lines = append(lines, fmt.Sprintf("%d blocks are in %s alone, and stay: they were erased since, or are lost: sinso check tells", r.Left, r.From))
	}
	return lines
}
