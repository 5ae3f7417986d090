package sinso

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"
)

// UploadID names an upload: "u_" and 26 characters of base32, at random.
type UploadID string

// UploadState is how far an upload is.
type UploadState string

// The states of an upload, in their order.
const (
	UploadReceiving UploadState = "receiving" // not all of it has come
	UploadWaiting   UploadState = "waiting"   // all of it is here, and waits to be taken in
	UploadTaking    UploadState = "taking"    // it is being taken in
	UploadDone      UploadState = "done"      // it was taken in, and its bytes are gone from here
	UploadFailed    UploadState = "failed"    // the node could not take it in yet; it tries again by itself, when its owner asks, and at its next start
)

// Upload is one file that comes in parts, with pauses between them.
type Upload struct {
	ID     UploadID
	Number uint64 // ascending in the order of creation
	Owner  string // who may know of it and go on with it
	Actor  string // on whose behalf it is taken in, for the log
	Batch  string // opaque: what its owner sent together

	Person   PersonID // whose the data is; "": by the patient identity in each object
	Research bool     // derivatives may be among it

	Name PHI[string] // as its owner calls the file
	Type PHI[string] // its media type, as its owner says

	Size    int64 // of the whole, bytes
	Offset  int64 // bytes that are here
	Created time.Time
	Expires time.Time // when it is forgotten, unless more of it comes before

	State   UploadState
	Again   time.Time     // when one that failed is tried again by itself; zero: it is not
	Outcome UploadOutcome // of one that is done
}

// MaxOutcomeStudies is how many studies an outcome lists: what is kept of an upload must
// not grow with what a stranger puts into it.
const MaxOutcomeStudies = 100

// UploadOutcome counts what became of the files in an upload. Files is the sum of
// Instances, Duplicates, Conflicts, Quarantined and Skipped.
type UploadOutcome struct {
	Files       int            `json:"files"`
	Instances   int            `json:"instances"`
	Duplicates  int            `json:"duplicates"`
	Conflicts   int            `json:"conflicts"`
	Quarantined int            `json:"quarantined"`
	Skipped     int            `json:"skipped"`
	Bytes       int64          `json:"bytes"`
	Studies     []StudyID      `json:"studies"`     // the first MaxOutcomeStudies
	MoreStudies int            `json:"moreStudies"` // that are not listed
	Reasons     map[Reason]int `json:"reasons"`
}

// ErrUploadShare is an [ErrBusy] of one owner: their uploads take the room that those of
// one may. That of others is left.
var ErrUploadShare = fmt.Errorf("one owner's uploads take the room that they may: %w", ErrBusy)

// Uploads keeps uploads, sealed, until they are taken in. Adapter: internal/upload/spool.
// What is not there is ErrNotFound.
type Uploads interface {
	// Create begins an upload: it fills in ID, Number, Created, Expires and State. When it
	// returns the upload survives kill -9 and loss of power. ErrBusy if its owner has too
	// many that are not done, ErrInvalid if it is larger than one owner's may be together.
	Create(ctx context.Context, upload Upload) (Upload, error)
	// Upload returns an upload as it is now.
	Upload(ctx context.Context, id UploadID) (Upload, error)
	// Append adds what from yields, up to the upload's size, and returns how many bytes
	// were added; these survive kill -9 and loss of power, also with an error. An offset
	// that is not the upload's is ErrExists, one byte too many ErrInvalid. ErrBusy says
	// that all uploads together take the room they may, ErrUploadShare that those of its
	// owner do, ErrUnavailable that the disk is full or failed. What from fails with is returned as it is.
	Append(ctx context.Context, id UploadID, offset int64, from io.Reader) (int64, error)
	// List calls fn with the uploads of an owner, or with those of everybody if owner is "",
	// by Number, from one goroutine.
	List(ctx context.Context, owner string, fn func(Upload) error) error
	// Next waits for an upload of which all is here, also for one that failed and is to be
	// tried again, and returns it in state UploadTaking.
	Next(ctx context.Context) (Upload, error)
	// Open reads an upload of which all is here. It may be used by one goroutine at a time.
	Open(ctx context.Context, id UploadID) (UploadReader, error)
	// Finish keeps what became of an upload, shortened, and removes its bytes.
	Finish(ctx context.Context, id UploadID, outcome UploadOutcome) error
	// Fail says that an upload could not be taken in. Its bytes stay. If again it is tried
	// again by itself, after a pause that grows each time; else when Retry asks for it, or
	// at the next start.
	Fail(ctx context.Context, id UploadID, again bool) error
	// Retry lets Next return one that failed, now. ErrExists if it has not failed.
	Retry(ctx context.Context, id UploadID) error
	// Remove forgets an upload and its bytes. ErrExists while it is being taken in.
	Remove(ctx context.Context, id UploadID) error
}

// UploadReader reads the plain bytes of an upload.
type UploadReader interface {
	io.ReaderAt
	io.Closer
}

// Shorten leaves the first MaxOutcomeStudies studies in the list, and counts the others.
func (o *UploadOutcome) Shorten() {
	if more := len(o.Studies) - MaxOutcomeStudies; more > 0 {
		o.Studies = slices.Clone(o.Studies[:MaxOutcomeStudies]) // the others are not held
		o.MoreStudies += more
	}
}

// Add counts another outcome into o, all but the studies that it lists.
func (o *UploadOutcome) Add(more UploadOutcome) {
	o.Files += more.Files
	o.Instances += more.Instances
	o.Duplicates += more.Duplicates
	o.Conflicts += more.Conflicts
	o.Quarantined += more.Quarantined
	o.Skipped += more.Skipped
	o.Bytes += more.Bytes
	o.MoreStudies += more.MoreStudies
	for reason, n := range more.Reasons {
		o.Reasons[reason] += n
	}
}
