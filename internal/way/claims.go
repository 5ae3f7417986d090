package way

import (
	"context"
	"sync"

	"sinso.dev/sinso"
)

// Doors take objects in side by side, and the index follows later. What is being
// filed, or is filed and not in the index yet, is remembered here: of two that
// bring the same object the second waits for the first, and finds it.

// claims holds what is on its way into the log and the index.
type claims struct {
	mu       sync.Mutex // guards what follows
	objects  map[objectKey]*claim
	uids     map[string][]*claim // by SOP Instance UID
	persons  map[string]*claim   // by match
	inStudy  map[sinso.StudyID]int
	finished chan struct{} // closed and made anew when a claim of a study ends
}

// objectKey names the bytes of a person's object.
type objectKey struct {
	person sinso.PersonID
	print  string // fingerprint
}

// claim is one thing that somebody is bringing in.
type claim struct {
	row    sinso.InstanceRow // of an object
	person sinso.PersonID    // of a person
	done   chan struct{}     // closed when it is durable, or given up
}

func newClaims() *claims {
	return &claims{
		objects: map[objectKey]*claim{}, uids: map[string][]*claim{}, persons: map[string]*claim{},
		inStudy: map[sinso.StudyID]int{}, finished: make(chan struct{}),
	}
}

// ended reports whether a claim is durable; one that was given up is not found.
func (c *claim) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// find returns the claim on these bytes, or on this SOP Instance UID by others.
func (c *claims) find(row sinso.InstanceRow) (same, other *claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	same = c.objects[objectKey{row.Person, row.Fingerprint}]
	for _, claim := range c.uids[row.UID] {
		if claim != same {
			other = claim
		}
	}
	return same, other
}

// object claims an object that find has not found.
func (c *claims) object(row sinso.InstanceRow) *claim {
	c.mu.Lock()
	defer c.mu.Unlock()
	claim := &claim{row: row, done: make(chan struct{})}
	c.objects[objectKey{row.Person, row.Fingerprint}] = claim
	c.uids[row.UID] = append(c.uids[row.UID], claim)
	c.inStudy[row.Study]++
	return claim
}

// finish says what became of an object: durable, and then it is remembered until
// the index has it, or given up.
func (c *claims) finish(claim *claim, durable bool) {
	if !durable {
		c.forget(claim)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	close(claim.done)
	if c.inStudy[claim.row.Study]--; c.inStudy[claim.row.Study] == 0 {
		delete(c.inStudy, claim.row.Study)
	}
	close(c.finished)
	c.finished = make(chan struct{})
}

// forget is called when the index has an object.
func (c *claims) forget(claim *claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.objects, objectKey{claim.row.Person, claim.row.Fingerprint})
	left := c.uids[claim.row.UID][:0:0]
	for _, other := range c.uids[claim.row.UID] {
		if other != claim {
			left = append(left, other)
		}
	}
	if len(left) == 0 {
		delete(c.uids, claim.row.UID)
		return
	}
	c.uids[claim.row.UID] = left
}

// await waits until nothing of a study is under way any more.
func (c *claims) await(ctx context.Context, study sinso.StudyID) error {
	for {
		c.mu.Lock()
		busy, finished := c.inStudy[study] > 0, c.finished
		c.mu.Unlock()
		if !busy {
			return nil
		}
		if err := wait(ctx, finished); err != nil {
			return err
		}
	}
}

// awaitAll waits until no object is under way any more.
func (c *claims) awaitAll(ctx context.Context) error {
	for {
		c.mu.Lock()
		busy, finished := len(c.inStudy) > 0, c.finished
		c.mu.Unlock()
		if !busy {
			return nil
		}
		if err := wait(ctx, finished); err != nil {
			return err
		}
	}
}

// newcomer claims the person of a match, or returns who has.
func (c *claims) newcomer(match string, id sinso.PersonID) (claimed *claim, other *claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if other := c.persons[match]; other != nil {
		return nil, other
	}
	claimed = &claim{person: id, done: make(chan struct{})}
	c.persons[match] = claimed
	return claimed, nil
}

// person returns the claim on a match, or nil.
func (c *claims) person(match string) *claim {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.persons[match]
}

// arrive says what became of a person: durable, and then they are remembered until
// the index has them, or given up.
func (c *claims) arrive(match string, claim *claim, durable bool) {
	if !durable {
		c.settleIn(match)
	}
	close(claim.done)
}

// settleIn is called when the index has a person.
func (c *claims) settleIn(match string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.persons, match)
}

// wait returns when done is closed.
func wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
