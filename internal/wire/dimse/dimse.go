// Package dimse is the DICOM upper layer (PS3.8) and the message service above it
// (PS3.7), as server and as client: C-ECHO, C-STORE, C-FIND, C-MOVE, C-GET,
// N-ACTION and N-EVENT-REPORT. It knows no archive: handlers of the caller answer.
//
// A [Server] takes associations from a listener. [Dial] makes one as a client.
// Every byte of a peer may be hostile: each length is checked against what is left
// and against what was negotiated, memory and time are bounded, and an error never
// has a value of a message in it.
//
// A stored object goes from the connection right into the buffer that becomes its
// Part 10 file: the file meta information is written before the data arrives.
package dimse

import (
	"crypto/tls"
	"net"
	"time"

	"sinso.dev/sinso"
)

// SOP classes that services of this package are named by (PS3.4, PS3.6 Table A-1).
const (
	Verification              = "1.2.840.10008.1.1"
	StorageCommitment         = "1.2.840.10008.1.20.1" // push model, PS3.4 Annex J
	StorageCommitmentInstance = "1.2.840.10008.1.20.1.1"
	PatientRootFind           = "1.2.840.10008.5.1.4.1.2.1.1"
	PatientRootMove           = "1.2.840.10008.5.1.4.1.2.1.2"
	PatientRootGet            = "1.2.840.10008.5.1.4.1.2.1.3"
	StudyRootFind             = "1.2.840.10008.5.1.4.1.2.2.1"
	StudyRootMove             = "1.2.840.10008.5.1.4.1.2.2.2"
	StudyRootGet              = "1.2.840.10008.5.1.4.1.2.2.3"
	PatientStudyOnlyFind      = "1.2.840.10008.5.1.4.1.2.3.1" // retired
	PatientStudyOnlyMove      = "1.2.840.10008.5.1.4.1.2.3.2" // retired
	PatientStudyOnlyGet       = "1.2.840.10008.5.1.4.1.2.3.3" // retired
	applicationContext        = "1.2.840.10008.3.1.1.1"       // PS3.7 A.2.1
)

// Action Type and Event Type IDs of Storage Commitment (PS3.4 J.3.2, J.3.3).
const (
	ActionRequestCommitment     = 1
	EventCommitmentSuccessful   = 1
	EventCommitmentFailuresSeen = 2
)

// What an Options field that is zero stands for.
const (
	DefaultMaxPDU        = 128 << 10 // bytes
	DefaultARTIM         = 30 * time.Second
	DefaultIdle          = 60 * time.Second
	DefaultStall         = 30 * time.Second
	DefaultWrite         = 60 * time.Second
	DefaultResponse      = 10 * time.Minute
	DefaultMaxObject     = 1 << 30   // bytes
	DefaultMaxIdentifier = 4 << 20   // bytes: a commitment of some 25,000 instances
	DefaultMaxMemory     = 128 << 20 // bytes
)

// Options are what both sides of an association can be told. Zero means the
// default.
type Options struct {
	AETitle       string        // our own, 1 to 16 characters (PS3.5 Table 6.2-1); a server's answer to any called title if ""
	MaxPDU        int           // bytes that a P-DATA-TF of the peer may have; from 4 KiB to 1 MiB
	ARTIM         time.Duration // for a request to arrive, and for the peer to close (PS3.8 §9.1.5)
	Idle          time.Duration // a server's: between two requests of a peer
	Stall         time.Duration // for the rest of a PDU that has begun
	Write         time.Duration // for what is written at once, at most 1 MiB, to be taken
	Response      time.Duration // for a peer to answer a request, or to go on answering
	MaxObject     int64         // bytes of a data set to be stored
	MaxIdentifier int           // bytes of any other data set
	MaxMemory     int64         // bytes of buffers for objects that arrive, of all associations of a server together
}

// Peer says who is at the other end of an association.
type Peer struct {
	Calling, Called           string // AE titles, without padding
	Local, Remote             net.Addr
	TLS                       *tls.ConnectionState // nil without TLS
	Identity                  *UserIdentity        // nil if the peer gave none
	ImplementationClassUID    string
	ImplementationVersionName string
}

// UserIdentityType says what a user identity is (PS3.7 Table D.3-14).
type UserIdentityType uint8

// The types of user identity.
const (
	IdentityUsername         UserIdentityType = 1
	IdentityUsernamePasscode UserIdentityType = 2
	IdentityKerberos         UserIdentityType = 3
	IdentitySAML             UserIdentityType = 4
	IdentityJWT              UserIdentityType = 5
)

// UserIdentity is who uses the peer, by its own word (PS3.7 D.3.3.7). It prints as
// [PHI].
type UserIdentity struct {
	Type      UserIdentityType
	Primary   sinso.PHI[[]byte] // user name, ticket, assertion or token
	Secondary sinso.PHI[[]byte] // passcode of type 2
	Response  bool              // the peer wants to be told that it was taken
}

// Context is a presentation context that a client proposes (PS3.8 §7.1.1.13).
type Context struct {
	Abstract string   // SOP class
	Syntaxes []string // transfer syntaxes, the preferred first
	SCP      bool     // we take requests of this class: C-GET, reports of commitment (PS3.7 D.3.3.4)
	NotSCU   bool     // and make none
}

// Counts are the sub-operations of a C-MOVE or C-GET (PS3.7 C.4.3.1.2). What is
// above 65,535 is told as 65,535.
type Counts struct{ Remaining, Completed, Failed, Warning int }

// Outcome is how a C-MOVE or C-GET ended.
type Outcome struct {
	Status Status
	Counts Counts
	Failed []string // SOP Instance UIDs, told in the last response (PS3.4 C.4.2.1.4.2)
	// Comment says why, in up to 64 characters (Error Comment, PS3.7 Annex C); "": what
	// the status is called.
	Comment string
}
