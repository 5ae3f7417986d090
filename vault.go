package sinso

import (
	"context"
	"fmt"
	"strings"
)

// Blobs stores blocks by CID. Adapters: internal/blob/*; suite: blobtest.
type Blobs interface {
	// Put stores blocks. Putting a block twice stores it once. Put returns when
	// they survive kill -9 and loss of power; a Put that is cut leaves no block in
	// part. One block whose bytes do not match its CID is ErrInvalid, and stores none.
	Put(ctx context.Context, blocks ...Block) error
	// Get returns a block's bytes, verified against the CID: ErrNotFound, or
	// ErrCorrupt if the stored bytes changed. The caller may keep the slice.
	Get(ctx context.Context, cid CID) ([]byte, error)
	// Has reports whether the block is stored, without reading it.
	Has(ctx context.Context, cid CID) (bool, error)
	// Delete forgets blocks; deleting what is not there is no error. They are gone for
	// good when it returns, and so are their bytes when [ReclaimingBlobs] has run.
	Delete(ctx context.Context, cids ...CID) error
	// List calls fn with every CID in ascending order, from one goroutine.
	List(ctx context.Context, fn func(CID) error) error
}

// UnverifiedBlobs is what an engine of Blobs may offer besides: a block's bytes
// without a look at whether they are still those of the CID, for a reader who
// proves what is made of them by a key. Whoever fails to reads again by Get, which
// names the damage.
type UnverifiedBlobs interface {
	// GetUnverified returns a block's bytes as they are stored. The caller may keep
	// and change the slice.
	GetUnverified(ctx context.Context, cid CID) ([]byte, error)
	// ReadUnverifiedAt fills p with a block's bytes from offset on, without reading the
	// others. ErrCorrupt if the block has no so many.
	ReadUnverifiedAt(ctx context.Context, cid CID, p []byte, offset int64) error
}

// ReclaimingBlobs is what an engine of Blobs offers that keeps the bytes of deleted blocks
// until it is asked to free them.
type ReclaimingBlobs interface {
	// Reclaim frees the bytes of all deleted blocks, and returns how many.
	Reclaim(ctx context.Context) (freed int64, err error)
}

// NamedBlobs is an engine of Blobs that keeps CIDs under names besides, so that what was
// stored can be found again without a note of its CID. A block that has a name, and all
// that it links to, is kept from whatever the engine collects by itself.
type NamedBlobs interface {
	Blobs
	// SetName puts a CID under a name, in place of the one before, durable when it
	// returns; "" takes the name away. A name is 1 to 64 of a-z, 0-9 and -.
	SetName(ctx context.Context, name string, cid CID) error
	// Name returns the CID under a name: ErrNotFound if there is none.
	Name(ctx context.Context, name string) (CID, error)
}

const maxName = 64 // bytes

// CheckName returns ErrInvalid for what is no name of [NamedBlobs].
func CheckName(name string) error {
	if name == "" || len(name) > maxName || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return fmt.Errorf("name: want 1 to %d of a-z, 0-9 and -: %w", maxName, ErrInvalid)
	}
	return nil
}

// EntryKind says what one entry of the journal holds.
type EntryKind byte

// The kinds of entry.
const (
	EntryBlock  EntryKind = 1 // a block: CID and bytes, both of ciphertext
	EntryEvent  EntryKind = 2 // one encrypted Event
	EntryLeaf   EntryKind = 3 // one leaf hash of the audit log
	EntryDelete EntryKind = 4 // a block that was deleted: CID only
)

// JournalEntry is one entry of the journal. CID is set for blocks and deletions.
type JournalEntry struct {
	Kind EntryKind
	CID  CID
	Data []byte
	// Fresh is [Block.Fresh]: a journal need not hash the data again.
	Fresh bool
	// Early is [Block.Early].
	Early Early
}

// Early takes a block's bytes before the Append that they come in: while an object
// arrives, so that less is left to write when the last of it is there. What was
// written is nothing until it is appended, and need not be.
type Early interface {
	// Write takes the next bytes. It never fails.
	Write(p []byte) (int, error)
	// Drop says that nothing more is written, and that it will not be appended. After
	// the Append it does nothing.
	Drop()
}

// EarlyJournal is a Journal that takes blocks early, if it can.
type EarlyJournal interface {
	// Early begins a block of length bytes, which will be the first entry of an Append
	// with others besides it. It is nil if it is not worth while, or not possible now.
	Early(length int64, others int) Early
}

// Position is a place in the journal, before an entry. Zero is its beginning;
// positions grow and are never used again.
type Position uint64

// Journal is the node's append-only log of what was acknowledged, in order. One
// engine is both Blobs and Journal, so that sealed bytes, events and audit
// leaves become durable together by one sync. Suite: blobtest.
type Journal interface {
	// Append writes entries as one batch: durable as a whole when Append
	// returns, or not there at all. It returns the position after the batch.
	Append(ctx context.Context, entries ...JournalEntry) (Position, error)
	// Replay calls fn with every entry from a position on, in order, with the
	// position after it, from one goroutine. Blocks are passed without Data. A
	// torn tail was cut off when the journal was opened; damage to what had been
	// acknowledged is ErrCorrupt and names the place.
	Replay(ctx context.Context, from Position, fn func(after Position, entry JournalEntry) error) error
}

// KeyID names a custodian: whose key a content key is wrapped to.
type KeyID string

// The custodians that are not persons.
const (
	KeyNode        KeyID = "node"        // the node itself: its journal, its index
	KeyInstitution KeyID = "institution" // treatment and retention; may never sell
)

// PersonKey is the custodian for one person, who alone may sell.
func PersonKey(id PersonID) KeyID { return KeyID("person:" + string(id)) }

// RecordKey is the custodian of one record: the log keeps what it says of the record
// under its key, so that it is gone with the key. id is opaque.
func RecordKey(id string) KeyID { return KeyID(recordPrefix + id) }

const recordPrefix = "record:"

// IsRecord reports whether a custodian is that of a record.
func (id KeyID) IsRecord() bool { return strings.HasPrefix(string(id), recordPrefix) }

// WrappedKey is a content key under a custodian's key.
type WrappedKey struct {
	To      KeyID  `json:"to"`
	Wrapped []byte `json:"wrapped"`
}

// Keys holds the custodians' keys (KEKs). Its table is a file of its own,
// rewritten whole, so that what is destroyed is gone. Suite: keytest.
type Keys interface {
	// Create makes a fresh random key for id. ErrExists if there is one, and
	// ErrDenied if id was destroyed: a destroyed custodian never comes back.
	Create(ctx context.Context, id KeyID) error
	// Has reports whether id has a key.
	Has(ctx context.Context, id KeyID) (bool, error)
	// Wrap wraps a content key to id. info binds the wrap to its use and must be
	// given again to Unwrap. It works on a locked node: it needs public keys only.
	Wrap(ctx context.Context, id KeyID, key CEK, info []byte) (WrappedKey, error)
	// Unwrap opens a wrapped key. ErrDenied if the node is locked or the
	// custodian was destroyed, ErrCorrupt if key or info is not the one wrapped.
	Unwrap(ctx context.Context, key WrappedKey, info []byte) (CEK, error)
	// Secret derives 32 bytes for one purpose from the custodian's key: the same
	// for the same purpose, for ever. ErrDenied as Unwrap.
	Secret(ctx context.Context, id KeyID, purpose string) ([32]byte, error)
	// Destroy removes id's key. After it returns nothing on this node unwraps
	// what was wrapped to id, whatever is replayed or restored.
	Destroy(ctx context.Context, id KeyID) error
}
