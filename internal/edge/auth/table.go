package auth

import (
	"container/list"
	"sync"
	"time"
)

// table is a map whose entries end, and whose oldest entry gives way when it is
// full: strangers cannot make it grow.
type table[V any] struct {
	most int

	mu      sync.Mutex // guards the rest
	entries map[string]*list.Element
	order   *list.List // oldest first
}

type entry[V any] struct {
	key   string
	value V
	ends  time.Time
}

func newTable[V any](most int) *table[V] {
	return &table[V]{most: most, entries: map[string]*list.Element{}, order: list.New()}
}

func (t *table[V]) get(key string, now time.Time) (V, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(key, now)
}

// find is get under the lock.
func (t *table[V]) find(key string, now time.Time) (value V, ok bool) {
	at, ok := t.entries[key]
	if !ok {
		return value, false
	}
	e, ok := at.Value.(entry[V])
	if !ok || !now.Before(e.ends) {
		t.remove(at)
		return value, false
	}
	return e.value, true
}

func (t *table[V]) put(key string, value V, now, ends time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at, ok := t.entries[key]; ok {
		t.remove(at)
	}
	t.add(key, value, now, ends)
}

// update changes an entry and keeps its end, or makes it from the zero value.
func (t *table[V]) update(key string, now, ends time.Time, change func(V) V) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.edit(key, now, change) {
		var zero V
		t.add(key, change(zero), now, ends)
	}
}

// change is update for an entry that is there: one that has gone stays gone.
func (t *table[V]) change(key string, now time.Time, change func(V) V) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.edit(key, now, change)
}

// edit is change under the lock, and reports whether there was an entry.
func (t *table[V]) edit(key string, now time.Time, change func(V) V) bool {
	value, ok := t.find(key, now)
	if !ok {
		return false
	}
	at := t.entries[key]
	if e, is := at.Value.(entry[V]); is {
		e.value = change(value)
		at.Value = e
	}
	return true
}

// each calls fn with every entry that has not ended, oldest first, under the lock.
func (t *table[V]) each(now time.Time, fn func(key string, value V)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for at := t.order.Front(); at != nil; at = at.Next() {
		if e, ok := at.Value.(entry[V]); ok && now.Before(e.ends) {
			fn(e.key, e.value)
		}
	}
}

// take is get and drop in one: of two that ask, one gets it.
func (t *table[V]) take(key string, now time.Time) (V, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	value, ok := t.find(key, now)
	if ok {
		t.remove(t.entries[key])
	}
	return value, ok
}

// dropAll removes every entry that fn picks, and returns their values. fn runs
// under the lock.
func (t *table[V]) dropAll(fn func(key string, value V) bool) []V {
	t.mu.Lock()
	defer t.mu.Unlock()
	var gone []V
	for at := t.order.Front(); at != nil; {
		next := at.Next()
		if e, ok := at.Value.(entry[V]); ok && fn(e.key, e.value) {
			t.remove(at)
			gone = append(gone, e.value)
		}
		at = next
	}
	return gone
}

func (t *table[V]) drop(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at, ok := t.entries[key]; ok {
		t.remove(at)
	}
}

// add makes room first: ended entries at the old end go, then the oldest.
func (t *table[V]) add(key string, value V, now, ends time.Time) {
	for at := t.order.Front(); at != nil; at = t.order.Front() {
		e, ok := at.Value.(entry[V])
		if ok && now.Before(e.ends) && len(t.entries) < t.most {
			break
		}
		t.remove(at)
	}
	t.entries[key] = t.order.PushBack(entry[V]{key: key, value: value, ends: ends})
}

func (t *table[V]) remove(at *list.Element) {
	if e, ok := at.Value.(entry[V]); ok {
		delete(t.entries, e.key)
	}
	t.order.Remove(at)
}
