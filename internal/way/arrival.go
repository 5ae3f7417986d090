package way

import (
	"crypto/sha256"
	"hash"
	"sync"

	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/stage/seal"
)

// Arrival hashes and seals an object while its bytes come over the network: the time
// is the peer's anyway, and when the last byte is there little is left to do before
// it can be acknowledged. An object whose length its header does not tell is sealed
// when it is there.
type Arrival struct {
	way    *Way
	hash   hash.Hash
	head   []byte // what came before the length was known
	tried  int    // bytes of head that told no length
	stream *seal.Stream
	room   *seal.Room
	given  bool // up: nothing more is sealed on the way
}

const (
	// firstLook is how many bytes come before the header is looked at, and again
	// when there are twice as many, up to lastLook: a header is longer than that
	// only if it holds other things than text.
	firstLook = 4 << 10
	lastLook  = 1 << 20

	// worthIt is from how many bytes on hashing goes beside sealing: both take far
	// longer than a goroutine costs.
	worthIt = 32 << 10
)

// rooms are memory to seal in.
type rooms struct{ pool sync.Pool }

func (r *rooms) get() *seal.Room {
	if room, ok := r.pool.Get().(*seal.Room); ok {
		return room
	}
	return &seal.Room{}
}

// Arrive begins an object that comes over the network: write its bytes to it, then
// Take it.
func (w *Way) Arrive() *Arrival { return &Arrival{way: w, hash: sha256.New()} }

// Write takes the next bytes. It never fails.
func (a *Arrival) Write(p []byte) (int, error) {
	if a.stream != nil && len(p) >= worthIt {
		var hashed sync.WaitGroup
		hashed.Go(func() { a.hash.Write(p) })
		a.seal(p)
		hashed.Wait() // p is the caller's
		return len(p), nil
	}
	a.hash.Write(p)
	switch {
	case a.given:
	case a.stream != nil:
		a.seal(p)
	default:
		a.head = append(a.head, p...)
		if len(a.head) >= firstLook && len(a.head) >= 2*a.tried {
			a.look()
		}
	}
	return len(p), nil
}

// look tries to learn from the header how long the object is.
func (a *Arrival) look() {
	size, ok := ingest.Length(a.head)
	if !ok {
		a.tried = len(a.head)
		a.given = a.tried > lastLook
		return
	}
	a.room = a.way.rooms.get()
	stream, err := a.way.sealer.Begin(size, a.room)
	if err != nil {
		a.given = true // it fails again where somebody is told
		return
	}
	a.stream = stream
	a.seal(a.head)
	a.head = nil
}

func (a *Arrival) seal(p []byte) {
	if _, err := a.stream.Write(p); err != nil { // longer than its header said
		a.stream, a.given = nil, true
	}
}

// digest is the hash of all that came.
func (a *Arrival) digest() [sha256.Size]byte { return [sha256.Size]byte(a.hash.Sum(nil)) }

// ready returns the stream if it holds the whole object.
func (a *Arrival) ready() *seal.Stream {
	if a == nil || a.stream == nil || !a.stream.Fits() {
		return nil
	}
	return a.stream
}

// release gives the room back, once the sealed object is stored or given up.
func (a *Arrival) release() {
	if a == nil || a.room == nil {
		return
	}
	a.way.rooms.pool.Put(a.room)
	a.stream, a.room, a.given = nil, nil, true
}
