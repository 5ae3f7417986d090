package ingest

import (
	"fmt"

	"sinso.dev/sinso"
)

// The reasons for which an object is not taken. A closed set.
const (
	ReasonNotDICOM    sinso.Reason = "not-dicom"    // nothing says that it is DICOM
	ReasonCutOff      sinso.Reason = "cut-off"      // it ends, or lies about a length, before it is whole
	ReasonUnsupported sinso.Reason = "unsupported"  // DICOM, in a form that this node does not read
	ReasonEmpty       sinso.Reason = "empty"        // no bytes
	ReasonUnreadable  sinso.Reason = "unreadable"   // the file system or the zip does not give its bytes
	ReasonTooLarge    sinso.Reason = "too-large"    // more than one object may have
	ReasonDirectory   sinso.Reason = "dicomdir"     // an index of a medium: the files themselves are taken (PS3.10 §8)
	ReasonSystemFile  sinso.Reason = "system-file"  // left by an operating system
	ReasonNotInstance sinso.Reason = "not-instance" // readable, but no part of a study
)

// RefusalError is why an object was not taken. Its text is for a person, and says
// nothing that the object holds.
type RefusalError struct {
	Reason sinso.Reason
	Detail string
	Skip   bool // nothing is lost: there is nothing in it to take

	// Of a derivative that this node made: of which release, and whose.
	Release sinso.ReleaseID
	Person  sinso.PersonID

	Patient string // of one that is set aside by an answer: the answer's key
}

// Error implements error.
func (r *RefusalError) Error() string { return string(r.Reason) + ": " + r.Detail }

// Is makes a RefusalError the class ErrInvalid.
func (r *RefusalError) Is(target error) bool { return target == sinso.ErrInvalid }

func refuse(reason sinso.Reason, format string, args ...any) *RefusalError {
	return &RefusalError{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

func skip(reason sinso.Reason, detail string) *RefusalError {
	return &RefusalError{Reason: reason, Detail: detail, Skip: true}
}
