package mesh

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// each calls f with every number from 0 to n, some at once, and returns when all are done.
// What f does to one number must not depend on what it does to others. When the context
// ends no more are begun, and its error is returned. A panic in f is the caller's.
func each(ctx context.Context, n int, f func(i int)) error {
	workers := min(runtime.GOMAXPROCS(0), n)
	faults := make([]any, workers)
	var next atomic.Int64
	var wait sync.WaitGroup
	for k := range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			defer func() { faults[k] = recover() }()
			for i := next.Add(1) - 1; i < int64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				f(int(i))
			}
		}()
	}
	wait.Wait()
	for _, fault := range faults {
		if fault != nil {
			panic(fault)
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("mesh: %w", err)
	}
	return nil
}

// pieces is how many pieces of at most size n has.
func pieces(n, size int) int { return (n + size - 1) / size }
