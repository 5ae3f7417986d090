package auth

import (
	"strconv"
	"testing"
	"time"
)

func TestTableIsBounded(t *testing.T) {
	now := time.Unix(1, 0)
	x := newTable[int](10)
	for i := range 1000 {
		x.update(strconv.Itoa(i), now, now.Add(time.Minute), func(n int) int { return n + 1 })
	}
	if len(x.entries) != 10 || x.order.Len() != 10 {
		t.Errorf("got %d entries and %d in order, want 10", len(x.entries), x.order.Len())
	}
	if _, ok := x.get("999", now); !ok {
		t.Error("the newest entry is gone")
	}
	if _, ok := x.get("0", now); ok {
		t.Error("the oldest entry is still there")
	}
}

func TestTableEntriesEnd(t *testing.T) {
	now := time.Unix(1, 0)
	x := newTable[int](10)
	x.put("a", 1, now, now.Add(time.Second))
	x.update("a", now, now.Add(time.Hour), func(n int) int { return n + 1 }) // keeps its end
	if v, ok := x.get("a", now); !ok || v != 2 {
		t.Errorf("got %d, %t, want 2", v, ok)
	}
	if _, ok := x.get("a", now.Add(time.Second)); ok {
		t.Error("an entry outlived its end")
	}
	if len(x.entries) != 0 || x.order.Len() != 0 {
		t.Errorf("got %d entries after the end, want none", len(x.entries))
	}
}
