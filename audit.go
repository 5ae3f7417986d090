package sinso

import (
	"context"
	"encoding/json"
	"time"
)

// EventType says what happened. The set is closed; event.go has the bodies.
type EventType string

// Event is one line of the tamper-evident log: something that was acknowledged.
//
// What it says is split in two. Type, Origin and Public may be shown to whoever
// buys what came of it, so they hold nothing that identifies a person. Body is
// for the owner, the institution and auditors; the leaf commits to it with Salt.
type Event struct {
	Seq    uint64          `json:"seq"`  // place in the log, from 0
	Type   EventType       `json:"type"` //
	At     time.Time       `json:"at"`   // UTC; part of the private half
	Actor  string          `json:"actor"`
	Person PersonID        `json:"person,omitempty"`
	Origin Origin          `json:"origin,omitempty"`
	Public json.RawMessage `json:"public,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
	Salt   [16]byte        `json:"salt"`
	// Under names the custodian under whose key the event is written besides the
	// node's; "": none. When that key is destroyed, all that is left of the event is
	// Seq, Type, At and Under, and Erased says so.
	Under  KeyID `json:"under,omitempty"`
	Erased bool  `json:"-"`
}

// Proof shows offline that a leaf is in the log: the bytes the leaf is the hash
// of, the inclusion path, and a checkpoint that the institution signed (all in
// docs/formats.md, "audit log").
type Proof struct {
	Leaf       []byte   `json:"leaf"` // the disclosed half of the event
	Index      int64    `json:"index"`
	Path       [][]byte `json:"path"`
	Checkpoint string   `json:"checkpoint"` // signed note: origin, size, root
}

// EarlyAudit is an Audit that takes a block early, if it can ([EarlyJournal]).
type EarlyAudit interface {
	// Early begins a block of length bytes, which will be the only one of an Append
	// with one event; or it is nil.
	Early(length int64) Early
}

// Audit is the node's tamper-evident log, and the only way to acknowledge
// anything. Suite: audittest.
type Audit interface {
	// Append records events, and stores blocks with them: one batch of the
	// journal, durable as a whole when it returns; where blocks are kept elsewhere they are
	// stored first, and stay if the rest fails. It sets Seq and Salt and
	// returns the events as logged. A record's key ([RecordKey]) that is not there
	// yet is made; ErrDenied if it was destroyed.
	Append(ctx context.Context, blocks []Block, events ...Event) ([]Event, error)
	// Events calls fn with every event from seq on, in order, erased ones too.
	Events(ctx context.Context, from uint64, fn func(Event) error) error
	// Prove returns the proof that event seq is in the log as it is now. ErrDenied if
	// it was erased.
	Prove(ctx context.Context, seq uint64) (Proof, error)
	// Verify reads the whole log and returns ErrCorrupt, naming the entry, if
	// one was removed or changed.
	Verify(ctx context.Context) error
}
