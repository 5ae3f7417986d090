package sinso

import (
	"context"
	"io"
	"slices"
	"time"
)

// A share shows one study to whoever has its link, until it ends. The owner's page
// seals what is shown under a secret that stands in the link alone: this node keeps
// ciphertext, and what it needs to let in who has the link (docs/formats.md, "share").

// ShareID names a share: "l_" and 26 base32 digits, derived from the link's secret.
type ShareID string

// SharePurpose says what a share is for: a code of HL7 v3 ActReason
// (PurposeOfUse, OID 2.16.840.1.113883.5.8).
type SharePurpose string

// The purposes.
const (
	ForTreatment    SharePurpose = "TREAT"    // a doctor who treats
	ForCoordination SharePurpose = "COC"      // coordination of care: a second doctor
	ForMyself       SharePurpose = "PATRQT"   // the patient asks
	ForFamily       SharePurpose = "FAMRQT"   // the family asks
	ForCoverage     SharePurpose = "COVERAGE" // an insurer
	ForLegal        SharePurpose = "HLEGAL"   // a lawyer, a court
)

// Known reports whether it is one of them.
func (p SharePurpose) Known() bool {
	return slices.Contains([]SharePurpose{ForTreatment, ForCoordination, ForMyself, ForFamily, ForCoverage, ForLegal}, p)
}

// ShareState is how far a share has come.
type ShareState string

// The states of a share, in order; ended is final.
const (
	ShareIsPlanned ShareState = "planned" // its parts are on their way
	ShareIsMade    ShareState = "made"    // its link opens it
	ShareIsEnded   ShareState = "ended"   // nothing opens it, and its parts are destroyed
)

// ShareEnd says why a share ended.
type ShareEnd string

// Why shares end.
const (
	EndWithdrawn  ShareEnd = "withdrawn"  // its owner ended it
	EndExpired    ShareEnd = "expired"    // its time was over
	EndUsed       ShareEnd = "used"       // it was opened as often as was allowed
	EndUnfinished ShareEnd = "unfinished" // its parts never came
	EndCorrected  ShareEnd = "corrected"  // its study was corrected: rejected, or another person's
)

// The bodies of a share's events.
type (
	// SharePlanned is what a person consented to, before anything of it can be opened.
	SharePlanned struct {
		Share   ShareID      `json:"share"`
		Study   StudyID      `json:"study"`
		Purpose SharePurpose `json:"purpose"`
		Ends    time.Time    `json:"ends"`
		// Verifier is the SHA-256 of the proof that whoever opens it shows.
		Verifier Hash `json:"verifier"`
		Parts    int  `json:"parts"` // besides the manifest
		Limit    int  `json:"limit"` // how often it can be opened
	}
	// ShareMade says that all parts are there: its link opens it from now on.
	ShareMade struct {
		Share ShareID `json:"share"`
	}
	// ShareOpened is one visit of somebody who has the link.
	ShareOpened struct {
		Share ShareID `json:"share"`
	}
	// ShareEnded ends it; its parts are destroyed.
	ShareEnded struct {
		Share ShareID  `json:"share"`
		Why   ShareEnd `json:"why"`
	}
)

// ShareRow is one share in the index.
type ShareRow struct {
	SharePlanned
	Person   PersonID    `json:"person"`
	State    ShareState  `json:"state"`
	By       string      `json:"by"` // who planned it
	Planned  time.Time   `json:"planned"`
	Made     time.Time   `json:"made,omitzero"`
	Ended    time.Time   `json:"ended,omitzero"`
	Why      ShareEnd    `json:"why,omitempty"`
	Openings []time.Time `json:"openings,omitempty"` // oldest first
}

// Parts keeps the sealed parts of shares, apart from the journal, which forgets
// nothing: what is removed here frees its bytes. Part 0 is the manifest.
type Parts interface {
	// Put stores a part, durable when it returns, and replaces one that is there. A Put
	// that is cut leaves nothing visible.
	Put(ctx context.Context, share ShareID, part int, sealed []byte) error
	// Open returns a part and how many bytes it has; ErrNotFound if it is not there.
	// The caller closes it.
	Open(ctx context.Context, share ShareID, part int) (io.ReadCloser, int64, error)
	// Has reports whether a part is there.
	Has(ctx context.Context, share ShareID, part int) (bool, error)
	// Remove removes all of a share: that it is gone is durable when it returns. One that
	// is not there is no error.
	Remove(ctx context.Context, share ShareID) error
	// List calls fn with every share that has a part or had one, in ascending order.
	List(ctx context.Context, fn func(ShareID) error) error
}
