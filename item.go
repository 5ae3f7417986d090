package sinso

import (
	"crypto/sha256"
	"io"
	"time"
)

// Opaque names that this node gives. They are random, or keyed hashes of the
// DICOM UIDs, so that they may stand in URLs, logs and errors where a UID may not.
type (
	// PersonID names a Person: "p_" and 26 base32 digits.
	PersonID string
	// StudyID names a Study of a Person: "s_" and 26 base32 digits.
	StudyID string
	// SeriesID names a Series: "e_" and 26 base32 digits.
	SeriesID string
	// InstanceID names an Instance: "i_" and 26 base32 digits.
	InstanceID string
	// ReleaseID names one derivative made for one asset: "r_" and 26 base32 digits.
	ReleaseID string
	// ReviewID names one item of the review: "v_" and 26 base32 digits.
	ReviewID string
	// TemplateID names one template of the node: "t_" and 26 base32 digits.
	TemplateID string
)

// Content is bytes that are not held in memory: the same ones each time that they are read,
// or an error. One goroutine reads at a time.
type Content interface {
	io.ReaderAt
	Size() int64
}

// Item is bytes as they arrived, before anything is believed about them.
type Item struct {
	Bytes   []byte
	Content Content     // of a large one, in place of Bytes; else nil
	Name    PHI[string] // where it came from, to tell its owner: a path, an entry of a zip
	Origin  Origin
	Person  PersonID // whose it is, if the door it came through knows; else by the patient identity in it
}

// Size is how many bytes the item has.
func (i Item) Size() int64 {
	if i.Content != nil {
		return i.Content.Size()
	}
	return int64(len(i.Bytes))
}

// Kind is the format of a Record.
type Kind string

// KindDICOM is a DICOM Part 10 file (PS3.10).
const KindDICOM Kind = "dicom"

// Record is an Item that has been read and filed. It is identified health data.
type Record struct {
	Kind    Kind
	Bytes   []byte  // exactly as they arrived
	Content Content // of a large one, in place of Bytes; else nil
	Origin  Origin
	Header  Header
	// Metadata is the object as DICOM JSON without its bulk data (PS3.18 F.2); empty
	// if it cannot be written so.
	Metadata []byte
}

// Header is what filing and grading need of a DICOM instance. Everything in it
// that could identify a person is wrapped.
type Header struct {
	// Patient identity, decoded to UTF-8.
	PatientID, PatientIssuer, PatientName, PatientBirthDate, PatientSex PHI[string]

	StudyUID, SeriesUID, InstanceUID PHI[string] // as read; InstanceUID is derived from the bytes if the file has none
	Derived                          bool        // InstanceUID was derived

	StudyDate, StudyTime, AccessionNumber PHI[string]
	StudyDescription, SeriesDescription   PHI[string]

	Deidentified Deidentified // what the object says of it

	// Technical, and the same for thousands of people.
	SOPClassUID    string
	TransferSyntax string
	Modality       string
	BodyPart       string
	InstanceNumber int
	Frames         int // Number of Frames, 1 if absent and there are pixels, 0 if there are none
	Rows, Columns  int
}

// Deidentified says who took the patient's identity out of an object, by its own words
// (PS3.3 C.7.1.1); "" for one that says nothing.
type Deidentified string

// Who did it.
const (
	DeidentifiedHere      Deidentified = "sinso" // a program of this project: it is a derivative
	DeidentifiedElsewhere Deidentified = "other" // another program
)

// Clean is a Record after de-identification: a new DICOM object.
type Clean struct {
	Bytes    []byte
	UID      string // its new SOP Instance UID
	Tier     Tier
	Withheld []Reason // why it may not be sold, if it may not
}

// Reason is why an object was refused, withheld or graded up: a short word from
// a closed set, never text from the object.
type Reason string

// CEK is a content encryption key: 32 random bytes, one per object. It prints
// as "[key]".
type CEK [32]byte

// Hashed is bytes with their SHA-256: stages that need it need not each make it.
type Hashed struct {
	Bytes []byte
	sum   [sha256.Size]byte
}

// NewHashed hashes bytes, which must not change from then on.
func NewHashed(b []byte) Hashed { return Hashed{b, sha256.Sum256(b)} }

// SHA256 returns the hash.
func (h Hashed) SHA256() [sha256.Size]byte { return h.sum }

// Sealed is an object as ciphertext: the envelope cut into blocks, and its
// content key wrapped to each custodian. It is the only form that is stored.
type Sealed struct {
	CID    CID     // root of the DAG over the envelope
	Blocks []Block // every block of that DAG, leaves first, root last
	Size   int64   // bytes of the envelope
	Keys   []WrappedKey
}

// Block is bytes and the CID that names them. Files are DAGs of blocks.
type Block struct {
	CID  CID
	Data []byte
	// Fresh says that CID was made of Data by this process, just now: whoever stores
	// the block need not hash it again.
	Fresh bool
	// Early, if not nil, is where Data was written to already, and no other byte was:
	// nobody compares them. What of it was not taken is written again.
	Early Early
}

// Receipt is what the way returns for an Item that was taken.
type Receipt struct {
	Person   PersonID
	Study    StudyID
	Instance InstanceID
	CID      CID
	Tier     Tier
	Outcome  Outcome
}

// Outcome is what became of one Item. A closed set: every file counted by an
// import is exactly one of these.
type Outcome string

// The outcomes.
const (
	OutcomeTaken       Outcome = "instance"    // new, sealed and durable
	OutcomeDuplicate   Outcome = "duplicate"   // the same bytes are there already
	OutcomeConflict    Outcome = "conflict"    // same SOP Instance UID, other bytes: both kept, recorded
	OutcomeQuarantined Outcome = "quarantined" // refused with a reason; its bytes are kept sealed
	OutcomeSkipped     Outcome = "skipped"     // nothing in it to take (a DICOMDIR, a system file)
)

// Clock tells the time. It is the only source of time that a stage sees.
type Clock interface{ Now() time.Time }

// Rand fills p with randomness that is fit for keys, and never fails short. It
// is the only source of randomness that a stage sees.
type Rand interface{ Read(p []byte) (int, error) }

// String implements [fmt.Stringer], and keeps a key out of every message.
func (CEK) String() string { return "[key]" }

// GoString implements [fmt.GoStringer].
func (CEK) GoString() string { return "[key]" }

// MarshalText writes "[key]": a content key is never written in the clear.
func (CEK) MarshalText() ([]byte, error) { return []byte("[key]"), nil }
