package deface

import (
	"runtime"
	"sync"
)

// spread calls f with parts of 0 to n, one for each processor, and returns when all are
// done. What f does to one number must not depend on what it does to others. A panic in
// f is the caller's.
func spread(n int, f func(from, to int)) {
	workers := max(min(runtime.GOMAXPROCS(0), n), 1)
	var wait sync.WaitGroup
	faults := make([]any, workers)
	for k := range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			defer func() { faults[k] = recover() }()
			f(k*n/workers, (k+1)*n/workers)
		}()
	}
	wait.Wait()
	for _, fault := range faults {
		if fault != nil {
			panic(fault)
		}
	}
}
