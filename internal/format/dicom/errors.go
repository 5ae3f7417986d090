package dicom

import (
	"fmt"

	"sinso.dev/sinso"
)

// readError is damage found while reading. It is a type so that an attempt that
// fails costs no formatting. It names tags and lengths, never a value.
type readError struct {
	tag        Tag
	says, left int // bytes that do not fit, unless wrong says something else
	inside     bool
	wrong      string
}

// Error implements error.
func (e *readError) Error() string {
	switch {
	case e.wrong != "":
		return fmt.Sprintf("dicom: %s: element %v: %v", e.wrong, e.tag, sinso.ErrCorrupt)
	case e.inside:
		return fmt.Sprintf("dicom: a length is wrong: element %v says %d bytes, its item has %d left: %v", e.tag, e.says, e.left, sinso.ErrCorrupt)
	default:
		return fmt.Sprintf("dicom: the file is cut off: element %v says %d bytes, %d are left: %v", e.tag, e.says, e.left, sinso.ErrCorrupt)
	}
}

// Unwrap makes it the class ErrCorrupt.
func (e *readError) Unwrap() error { return sinso.ErrCorrupt }

func broken(tag Tag, wrong string) error { return &readError{tag: tag, wrong: wrong} }
