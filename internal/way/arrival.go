package way

import (
	"sync"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/stage/seal"
)

// Arrival seals an object while its bytes come over the network: the time is the
// peer's anyway, and when the last byte is there little is left to do before it can
// be acknowledged. An object whose length its header does not tell is sealed when it
// is there.
//
// Each is taken, or given up.
type Arrival struct {
	way    *Way
	most   int64 // bytes of an object that is sealed on the way; 0 for any
	tried  int   // bytes that told no length
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
)

// rooms are memory to seal in.
type rooms struct{ pool sync.Pool }

func (r *rooms) get() *seal.Room {
	if room, ok := r.pool.Get().(*seal.Room); ok {
		return room
	}
	return &seal.Room{}
}

// Arrive begins an object that comes over the network: show it what has arrived, then
// Take the object. One of more than most bytes is sealed when it is there, as all of
// it sealed takes as much memory again; 0 for any.
func (w *Way) Arrive(most int64) *Arrival { return &Arrival{way: w, most: most} }

// Arrived is called with all that is there so far of the object. The bytes must stay
// as they are until Settle is called, or the object is taken.
func (a *Arrival) Arrived(all []byte) {
	if a.stream == nil && !a.given && len(all) >= firstLook && len(all) >= 2*a.tried {
		a.look(all)
	}
	if a.stream != nil && a.stream.Arrived(all) != nil { // longer than its header said
		a.given = true
	}
}

// Settle returns when none of the bytes is looked at any more.
func (a *Arrival) Settle() {
	if a.stream != nil {
		a.stream.Settle()
	}
}

// look tries to learn from the header how long the object is.
func (a *Arrival) look(head []byte) {
	size, ok := ingest.Length(head)
	if !ok {
		a.tried = len(head)
		a.given = a.tried > lastLook
		return
	}
	if a.most > 0 && size > a.most {
		a.given = true
		return
	}
	a.room = a.way.rooms.get()
	stream, err := a.way.sealer.Begin(size, a.room, a.way.early)
	if err != nil {
		a.given = true // it fails again where somebody is told
		return
	}
	a.stream = stream
}

// early has a block stored while its object arrives, if the log can.
func (w *Way) early(length int64) sinso.Early {
	if log, can := w.Audit.(sinso.EarlyAudit); can {
		return log.Early(length)
	}
	return nil
}

// ready returns the stream if it is for an object of size bytes.
func (a *Arrival) ready(size int64) *seal.Stream {
	if a == nil || a.given || a.stream == nil || a.stream.Size() != size {
		return nil
	}
	return a.stream
}

// GiveUp ends an arrival: what it sealed was stored, or is not wanted. Take does it.
func (a *Arrival) GiveUp() {
	if a == nil || a.room == nil {
		return
	}
	if a.stream != nil {
		a.stream.Abandon()
	}
	a.way.rooms.pool.Put(a.room)
	a.stream, a.room, a.given = nil, nil, true
}
