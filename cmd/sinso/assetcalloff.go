package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

// calledOff is what `asset call-off --json` prints.
type calledOff struct {
	Release sinso.ReleaseID    `json:"id"`
	State   sinso.ReleaseState `json:"state"`
	Reason  sinso.Reason       `json:"reason"`
	Token   string             `json:"token"` // that came onto the chain all the same; "": none
}

func newAssetCallOffCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "call-off RELEASE",
		Short: "Call a release off that is not registered on the chain yet",
		Long: `Calls a release off: the work on it stops, a co-creator who was asked is asked no longer, and nobody is offered anything
of it. The study stays as it is, and can be released again. What is registered on the chain cannot be called off: end
its grant instead (sinso grant rm). A mint that was sent and is in no block yet is waited for, two minutes at most; should
its token come onto the chain all the same, the release names it, and nobody is offered anything by it. Works on a
stopped node, and through its socket on a running one.

EXIT STATUS: 0 called off, 1 error, or it is registered, or the chain does not say, 2 usage, 10 no such release or node`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		bar := newProgress(cmd.ErrOrStderr())
		done, err := callOff(cmd.Context(), f, args[0], func(left uint64) {
			bar.show("waiting for the chain: %d transactions are not in a block yet", left)
		})
		bar.end()
		if err != nil {
			return noSuch("release", text(args[0]), err)
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), done)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "release %s is called off: %s\n", done.Release, node.Explain(done.Reason))
		if done.Token != "" {
			fmt.Fprintf(cmd.OutOrStdout(), "its mint was on its way: token %s is on the chain, and nobody is offered anything by it\n", done.Token)
		}
		return nil
	}
	return cmd
}

// callOff calls a release off on a stopped node or a running one.
func callOff(ctx context.Context, f nodeFlags, release string, waits func(left uint64)) (done calledOff, err error) {
	err = f.with(ctx, func(n *node.Node) error {
		row, err := n.CallOff(ctx, sinso.ReleaseID(release), actor, waits)
		done = calledOff{Release: row.ID, State: row.State, Reason: row.Reason}
		if row.Token != (sinso.TokenID{}) {
			done.Token = row.Token.String()
		}
		return err
	})
	if !errors.Is(err, sinso.ErrBusy) {
		return done, err
	}
	cfg, err := f.config()
	if err != nil {
		return done, err
	}
	c, err := client.Dial(cfg.Data)
	if err != nil {
		return done, err
	}
	defer c.Close() //nolint:errcheck // nothing is left to write
	err = c.Stream(ctx, "DELETE", "/api/v1/assets/"+url.PathEscape(release), nil, func(line []byte) error {
		var told struct {
			Progress *struct{ Left uint64 }
			Result   *calledOff
		}
		if err := json.Unmarshal(line, &told); err != nil {
			return fmt.Errorf("call off: what the node says: %w", sinso.ErrUnavailable)
		}
		if told.Progress != nil {
			waits(told.Progress.Left)
		}
		if told.Result != nil {
			done = *told.Result
		}
		return nil
	})
	return done, err
}
