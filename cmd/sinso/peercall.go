package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

// peerCall is something that is asked of a peer: by this process on a stopped node,
// by the running node through its socket else.
type peerCall[T any] struct {
	flags *nodeFlags
	peer  string
	deed  string // echo, find, send or pull: the last part of the route
	body  any
	// here does it on a stopped node. show is called with how far it is.
	here func(n *node.Node, show func(T)) (T, error)
	show func(T) // nil: the answer comes at once
}

// run asks. A peer that is busy is not a node that runs.
func (c peerCall[T]) run(ctx context.Context) (out T, err error) {
	opened := false
	err = c.flags.with(ctx, func(n *node.Node) (err error) {
		opened = true
		out, err = c.here(n, c.show)
		return err
	})
	if opened || !errors.Is(err, sinso.ErrBusy) {
		return out, err
	}
	cfg, err := c.flags.config()
	if err != nil {
		return out, err
	}
	running, err := client.Dial(cfg.Data)
	if err != nil {
		return out, err
	}
	defer running.Close() //nolint:errcheck // nothing is left to write
	route := peerRoutes + "/" + url.PathEscape(c.peer) + "/" + c.deed
	if c.show == nil {
		return out, running.Do(ctx, "POST", route, c.body, &out)
	}
	err = running.Stream(ctx, "POST", route, c.body, func(line []byte) error {
		var told struct{ Progress, Result *T }
		if err := json.Unmarshal(line, &told); err != nil {
			return fmt.Errorf("peer: the node's progress: %w", sinso.ErrUnavailable)
		}
		if told.Progress != nil {
			c.show(*told.Progress)
		}
		if told.Result != nil {
			out = *told.Result
		}
		return nil
	})
	return out, err
}
