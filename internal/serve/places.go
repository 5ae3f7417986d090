package serve

import (
	"context"
	"fmt"
	"sync"

	"sinso.dev/sinso"
)

// places are places for requests of which each caller may have a part alone, so that
// nobody has all.
type places struct {
	all  chan struct{}
	each int

	mu   sync.Mutex // guards mine
	mine map[string]*callersPlaces
}

// callersPlaces are those of one caller, who has requests there or on the way.
type callersPlaces struct {
	taken    chan struct{}
	requests int
}

func newPlaces(all, each int) *places {
	return &places{all: make(chan struct{}, all), each: each, mine: map[string]*callersPlaces{}}
}

// enter takes a place, or says that there is none while ctx lasts.
func (p *places) enter(ctx context.Context, caller string) (leave func(), err error) {
	return p.take(caller, func(places chan<- struct{}) error {
		select {
		case places <- struct{}{}:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// try takes a place. ErrBusy if there is none.
func (p *places) try(caller string) (leave func(), err error) {
	return p.take(caller, func(places chan<- struct{}) error {
		select {
		case places <- struct{}{}:
			return nil
		default:
			return fmt.Errorf("serve: %d requests of this kind at once, %d of one caller: %w", cap(p.all), p.each, sinso.ErrBusy)
		}
	})
}

// take takes a place of the caller's, and then one of all.
func (p *places) take(caller string, sit func(chan<- struct{}) error) (leave func(), err error) {
	mine := p.of(caller)
	if err := sit(mine.taken); err != nil {
		p.forget(caller, mine)
		return nil, err
	}
	stand := func() {
		<-mine.taken
		p.forget(caller, mine)
	}
	if err := sit(p.all); err != nil {
		stand()
		return nil, err
	}
	return func() {
		<-p.all
		stand()
	}, nil
}

// of returns the places of a caller, for one request more.
func (p *places) of(caller string) *callersPlaces {
	p.mu.Lock()
	defer p.mu.Unlock()
	mine := p.mine[caller]
	if mine == nil {
		mine = &callersPlaces{taken: make(chan struct{}, p.each)}
		p.mine[caller] = mine
	}
	mine.requests++
	return mine
}

// forget counts one request less: who has none takes no memory.
func (p *places) forget(caller string, mine *callersPlaces) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if mine.requests--; mine.requests == 0 {
		delete(p.mine, caller)
	}
}
