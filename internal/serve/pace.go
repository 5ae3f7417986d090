package serve

import (
	lru "container/list" // list is an answer of many here
	"sync"
	"time"

	"sinso.dev/sinso"
)

// pace bounds how often each address may ask within a minute, and how many
// addresses it knows: of more, the one that asked longest ago is forgotten.
type pace struct {
	clock sinso.Clock

	mu    sync.Mutex // guards the rest
	since time.Time
	asked map[string]*lru.Element // of order
	order *lru.List               // of *asker, who asked longest ago first
}

// asker is one address.
type asker struct {
	name  string
	times int // in this minute
}

const (
	paceWindow  = time.Minute
	paceMost    = 120  // an address and minute: a node asks up to three times a purchase
	paceTracked = 4096 // addresses
)

func newPace(clock sinso.Clock) *pace {
	return &pace{clock: clock, asked: map[string]*lru.Element{}, order: lru.New()}
}

// step reports whether who is counted under a name may ask now.
func (p *pace) step(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.clock.Now(); now.Sub(p.since) >= paceWindow {
		p.since = now
		clear(p.asked)
		p.order.Init()
	}
	who := p.known(name)
	who.times++
	return who.times <= paceMost
}

// known returns an address as who asked last; p.mu is held.
func (p *pace) known(name string) *asker {
	if at := p.asked[name]; at != nil {
		p.order.MoveToBack(at)
		return at.Value.(*asker) //nolint:forcetypeassert // nothing else is in it
	}
	if len(p.asked) >= paceTracked {
		oldest := p.order.Remove(p.order.Front()).(*asker) //nolint:forcetypeassert // nothing else is in it
		delete(p.asked, oldest.name)
	}
	who := &asker{name: name}
	p.asked[name] = p.order.PushBack(who)
	return who
}
