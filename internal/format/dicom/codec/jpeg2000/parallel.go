package jpeg2000

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// maxWorkers bounds what one frame takes of a machine that serves others too.
const maxWorkers = 4

// workerCount returns how many goroutines work on a frame.
func workerCount() int { return min(maxWorkers, runtime.GOMAXPROCS(0)) }

// parallel calls the work of up to workers goroutines with the numbers below count,
// each once, and returns after the last. worker makes a goroutine's work with the
// memory that it needs.
func parallel(workers, count int, worker func() func(i int)) {
	workers = min(workers, count)
	if workers <= 1 {
		if count > 0 {
			work := worker()
			for i := range count {
				work(i)
			}
		}
		return
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			work := worker()
			for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	all.Wait()
}
