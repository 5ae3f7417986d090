package sinso

import "time"

// ErasureReceipt is what a node says, and signs, of what it has erased.
type ErasureReceipt struct {
	Version     int       `json:"version"`     // 1
	Institution []byte    `json:"institution"` // Ed25519 public key that signs it
	Study       StudyID   `json:"study,omitempty"`
	Person      PersonID  `json:"person,omitempty"`
	Refused     CID       `json:"refused,omitempty"`
	Begun       time.Time `json:"begun"`
	Done        time.Time `json:"done"`
	Keys        int       `json:"keys"`    // destroyed
	Objects     int       `json:"objects"` // sealed, deleted
	Blocks      int       `json:"blocks"`  // of them
	Events      uint64    `json:"events"`  // of the log, that nobody can read any more
	// Missing is how many objects were not whole here any more: what was left of them was
	// deleted.
	Missing int `json:"missing"`
	// Copies are those whom this node asked to drop theirs: ciphertext without a key.
	Copies []ErasedCopy `json:"copies"`
	// Checkpoint is the log's when the erasure was written into it: a signed note.
	Checkpoint string `json:"checkpoint"`
}

// ErasedCopy is what somebody answered who was asked to drop their copy.
type ErasedCopy struct {
	Peer   string `json:"peer"`
	Answer string `json:"answer"` // CopyDropped, or why not
	// Order is the last deletion that the peer was told when the receipt was signed: what it
	// confirms later is known by it.
	Order int64 `json:"order,omitempty"`
}

// What is answered of a copy.
const (
	CopyDropped = "dropped"
	CopyAsked   = "asked; it has not confirmed yet"
	CopyNotKept = "not asked: this node keeps no copies there any more"
)

// ErasureRow is one erasure in the index.
type ErasureRow struct {
	Seq       uint64    `json:"seq"` // of its event
	Study     StudyID   `json:"study,omitempty"`
	Person    PersonID  `json:"person,omitempty"`
	Refused   CID       `json:"refused,omitempty"`
	Begun     time.Time `json:"begun"`
	Done      time.Time `json:"done,omitzero"` // zero: it is not complete
	Receipt   []byte    `json:"receipt,omitempty"`
	Signature []byte    `json:"signature,omitempty"`
}
