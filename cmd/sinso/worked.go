package main

import (
	"context"

	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

// worked does long work on a stopped node, or has the running one do it by a route that tells
// how far it is.
func worked[Result any](ctx context.Context, f *nodeFlags, do func(*node.Node) (Result, error), route string, body any, show func(done, total int64)) (result Result, err error) {
	err = f.reach(ctx, func(n *node.Node) (err error) {
		result, err = do(n)
		return err
	}, func(c *client.Client) (err error) {
		type progress struct{ Done, Total int64 }
		result, err = follow[progress, Result](ctx, c, route, body, func(at progress) { show(at.Done, at.Total) })
		return err
	})
	return result, err
}
