package deface

import (
	"slices"
	"sync/atomic"
	"testing"
)

// TestSpreadDoesEachOnce: every number, once, however many processors there are.
func TestSpreadDoesEachOnce(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 3, 1000} {
		times := make([]atomic.Int32, n)
		spread(n, func(from, to int) {
			for i := from; i < to; i++ {
				times[i].Add(1)
			}
		})
		for i := range times {
			if got := times[i].Load(); got != 1 {
				t.Fatalf("%d of %d: done %d times", i, n, got)
			}
		}
	}
}

// TestSpreadFailsAsItsCaller: a panic is the caller's, and ends no other goroutine's program.
func TestSpreadFailsAsItsCaller(t *testing.T) {
	t.Parallel()
	defer func() {
		if got := recover(); got != "wrong" {
			t.Errorf("recovered %v", got)
		}
	}()
	spread(100, func(from, to int) {
		if from <= 99 && to > 99 {
			panic("wrong")
		}
	})
	t.Error("it went on")
}

// TestDistanceIsTheSameOnAnyMachine: parts of the work do not know of each other.
func TestDistanceIsTheSameOnAnyMachine(t *testing.T) {
	t.Parallel()
	g := newGrid(vec{}, vec{40, 30, 20})
	m := g.mask(func(i int) bool { return i%97 == 3 })
	first := g.distance(m)
	for range 20 {
		if !slices.Equal(first, g.distance(m)) {
			t.Fatal("the distance changed")
		}
	}
}
