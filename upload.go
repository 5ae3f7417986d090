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
	UploadAsking    UploadState = "asking"    // all of it is here, and its owner is asked whose it is
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
	Ask      bool     // its owner is asked whose an object is, where that is not known

	Name PHI[string] // as its owner calls the file
	Type PHI[string] // its media type, as its owner says

	Size    int64 // of the whole, bytes
	Offset  int64 // bytes that are here
	Created time.Time
	Expires time.Time // when it is forgotten, unless more of it comes before

	State   UploadState
	Again   time.Time      // when one that failed is tried again by itself; zero: it is not
	Outcome UploadOutcome  // of one that is done
	Asked   []AskedPatient // of one that asks; in memory alone
}

// UploadPatient is one patient whom objects of an upload name, and what is decided of them.
type UploadPatient struct {
	Key      string       `json:"key"` // opaque: what an answer is given for
	By       PatientMatch `json:"by"`
	Objects  int          `json:"objects"`
	Person   PersonID     `json:"person,omitempty"`   // under whom they are filed; "": under nobody
	New      bool         `json:"new,omitempty"`      // the person was made for them
	Answered bool         `json:"answered,omitempty"` // somebody said so
	Aside    Reason       `json:"aside,omitempty"`    // why they are set aside
}

// PatientMatch is by what objects of one patient are known to be one patient's.
type PatientMatch string

// What it is by.
const (
	MatchID    PatientMatch = "id"    // Patient ID with its issuer
	MatchName  PatientMatch = "name"  // name and birth date, without a Patient ID
	MatchStudy PatientMatch = "study" // the study alone: nothing else is said
)

// AskedPatient is a patient of whom somebody has to say whose the objects are.
type AskedPatient struct {
	UploadPatient

	Why     PatientQuestion
	Differs []string // of a conflict: "name", "birth"
	Match   string   // keyed hash of the patient identity
	Studies []AskedStudy

	ID, Issuer, Name, Birth PHI[string] // as the objects have them

	// Pictures are the first few objects of theirs that may have one: the place of each
	// among all that the upload has, from 0.
	Pictures []int
}

// PatientQuestion is why somebody is asked.
type PatientQuestion string

// Why.
const (
	AsksNew      PatientQuestion = "new"      // this patient is new to the owner
	AsksConflict PatientQuestion = "conflict" // the same identity has another name or birth date
)

// AskedStudy is a study of an AskedPatient.
type AskedStudy struct {
	UID, Date  PHI[string]
	Modalities []string
	Objects    int
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
	// Patients are the first MaxOutcomePatients of an upload that asks whose it is.
	Patients []UploadPatient `json:"patients,omitempty"`
}

// MaxOutcomePatients is how many patients an outcome lists, and how many are asked for at once.
const MaxOutcomePatients = 100

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
	// Ask says that an upload waits for its owner to say whose it is. Its bytes stay; Retry, or
	// the next start, lets Next return it.
	Ask(ctx context.Context, id UploadID, patients []AskedPatient) error
	// Retry lets Next return one that failed or asks, now. ErrExists if it does neither.
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
