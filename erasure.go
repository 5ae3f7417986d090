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
	CopyUnknown = "asked; whether it confirmed is not known here any more"
	CopyNotKept = "not asked: this node keeps no copies there any more"
)

// HoldReason says in one word why a legal hold stands: words of a person's own could
// identify somebody.
type HoldReason string

// The reasons of a legal hold.
const (
	HoldCourt    HoldReason = "court"    // a court or an authority orders it
	HoldDispute  HoldReason = "dispute"  // a claim is made, or expected
	HoldAudit    HoldReason = "audit"    // an inspection
	HoldResearch HoldReason = "research" // a study that the person agreed to, and that may not lose it
)

// HoldReasons are all of them.
func HoldReasons() []HoldReason {
	return []HoldReason{HoldCourt, HoldDispute, HoldAudit, HoldResearch}
}

// HoldRow is one legal hold that stands.
type HoldRow struct {
	What   string     `json:"what"` // a study or a person
	Reason HoldReason `json:"reason"`
	At     time.Time  `json:"at"`
}

// ErasureRow is one erasure in the index, or one that waits.
type ErasureRow struct {
	Seq     uint64    `json:"seq"` // of its event
	Study   StudyID   `json:"study,omitempty"`
	Person  PersonID  `json:"person,omitempty"`
	Refused CID       `json:"refused,omitempty"`
	Begun   time.Time `json:"begun"`
	Done    time.Time `json:"done,omitzero"` // zero: it is not complete
	// Until is when the institution may let it go, and Held that a legal hold stands besides;
	// both zero: nothing keeps it.
	Until     time.Time `json:"until,omitzero"`
	Held      bool      `json:"held,omitempty"`
	Receipt   []byte    `json:"receipt,omitempty"`
	Signature []byte    `json:"signature,omitempty"`
	// Unasked are ERC-20 tokens that did not say what is in the accounts whose keys go, or lied: who asks for the
	// erasure is told, once.
	Unasked []Address `json:"unasked,omitempty"`
}
