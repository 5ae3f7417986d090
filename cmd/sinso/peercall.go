package main

import (
	"context"
	"net/url"

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
	err = c.flags.reach(ctx, func(n *node.Node) (err error) {
		out, err = c.here(n, c.show)
		return err
	}, func(running *client.Client) (err error) {
		route := peerRoutes + "/" + url.PathEscape(c.peer) + "/" + c.deed
		if c.show == nil {
			return running.Do(ctx, "POST", route, c.body, &out)
		}
		out, err = follow[T, T](ctx, running, route, c.body, c.show)
		return err
	})
	return out, err
}
