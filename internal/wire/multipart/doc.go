// Package multipart reads and writes multipart/related bodies (RFC 2387, RFC 2046)
// as DICOMweb carries them (PS3.18 §8.6): parts of binary objects, each of them
// whole in one buffer, handed out as soon as it is complete.
//
// What is read may be hostile. Headers, number and size of parts are bounded, and
// memory grows with the bytes that have come, not with those that were announced.
package multipart

import (
	"fmt"

	"sinso.dev/sinso"
)

// Limits bound what is read. The zero value of a field means its default.
type Limits struct {
	Parts       int   // parts of one body; 100,000
	PartBytes   int64 // bytes of one part's body; 2 GiB
	HeaderBytes int   // bytes of one part's header; 8 KiB
}

const (
	defaultParts       = 100_000
	defaultPartBytes   = 2 << 30
	defaultHeaderBytes = 8 << 10
	maxFields          = 64 // header fields of one part
)

func (l Limits) withDefaults() Limits {
	if l.Parts <= 0 {
		l.Parts = defaultParts
	}
	if l.PartBytes <= 0 {
		l.PartBytes = defaultPartBytes
	}
	if l.HeaderBytes <= 0 {
		l.HeaderBytes = defaultHeaderBytes
	}
	return l
}

// LimitError says that a body is larger than it may be. It is of class ErrInvalid.
type LimitError struct {
	What string // "parts", "bytes of a part", "bytes of a part's header"
	Most int64
}

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("multipart: more than %d %s", e.Most, e.What)
}

// HTTPStatus is what a door answers: 413 Content Too Large (RFC 9110 §15.5.14).
func (*LimitError) HTTPStatus() int { return 413 }

// Unwrap returns the class.
func (*LimitError) Unwrap() error { return sinso.ErrInvalid }

func cutOff() error {
	return fmt.Errorf("multipart: the body ends before its last boundary: %w", sinso.ErrCorrupt)
}

func invalid(why string) error { return fmt.Errorf("multipart: %s: %w", why, sinso.ErrInvalid) }
