package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/node"
)

// worked does long work on a stopped node, or has the running one do it by a route that tells
// how far it is.
func worked[Result any](ctx context.Context, f *nodeFlags, do func(*node.Node) (Result, error), route string, body any, show func(done, total int64)) (result Result, err error) {
	opened := false
	err = f.with(ctx, func(n *node.Node) (err error) {
		opened = true
		result, err = do(n)
		return err
	})
	if opened || !errors.Is(err, sinso.ErrBusy) {
		return result, err
	}
	cfg, err := f.config()
	if err != nil {
		return result, err
	}
	c, err := client.Dial(cfg.Data)
	if err != nil {
		return result, err
	}
	defer c.Close() //nolint:errcheck // nothing is left to write
	err = c.Stream(ctx, "POST", route, body, func(line []byte) error {
		var told struct {
			Progress *struct{ Done, Total int64 }
			Result   *Result
		}
		if err := json.Unmarshal(line, &told); err != nil {
			return fmt.Errorf("the node's progress: %w", sinso.ErrUnavailable)
		}
		if told.Progress != nil {
			show(told.Progress.Done, told.Progress.Total)
		}
		if told.Result != nil {
			result = *told.Result
		}
		return nil
	})
	return result, err
}
