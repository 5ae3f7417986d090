package sinso

import (
	"errors"
	"time"
)

// ErrFull says that a peer which holds blocks for this node takes no more: its quota is used.
var ErrFull = errors.New("the quota is used")

// ReplicaKept says that a peer keeps copies of this node's blocks from now on: ciphertext
// alone. The token is the peer's, and opens only what this node has brought there.
type ReplicaKept struct {
	Name  string `json:"name"`
	URL   string `json:"url"` // base URL of the peer's node
	Token string `json:"token"`
}

// ReplicaDropped says that no more copies are brought to a peer.
type ReplicaDropped struct {
	Name string `json:"name"`
	// Deletions are the blocks that it was told to delete and had not confirmed: nobody asks it
	// again.
	Deletions int64 `json:"deletions,omitempty"`
}

// HeldGuest is a node whose blocks this node holds.
type HeldGuest struct {
	ID         string    `json:"id"` // opaque: the first digits of its token's hash
	Name       string    `json:"name"`
	QuotaBytes int64     `json:"quotaBytes"`
	Bytes      int64     `json:"bytes"` // on this disk
	Created    time.Time `json:"created"`
	// Damaged says that what was agreed with it cannot be read: its name is its ID then, and
	// its token opens nothing. What it brought is kept until it is removed.
	Damaged bool `json:"damaged,omitempty"`
}

// ReplicaStatus is how one peer's copies are.
type ReplicaStatus struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	// Healthy says that it proved its last sample, not longer ago than a day.
	Healthy bool   `json:"healthy"`
	Problem string `json:"problem,omitempty"` // what is wrong, in words
	// Proven is when it last proved a sample with a fresh nonce; zero: never.
	Proven time.Time `json:"proven,omitzero"`
	Held   int64     `json:"held"`  // blocks that it has proven
	Owed   int64     `json:"owed"`  // blocks that it is to have and has not proven
	Bytes  int64     `json:"bytes"` // of those held
	// Deletions are the blocks that it was told to delete and has not confirmed.
	Deletions int64 `json:"deletions"`
}

// Replication is how this node's copies with peers are.
type Replication struct {
	Copies int             `json:"copies"` // of each block that are wanted
	Blocks int64           `json:"blocks"` // that are to have copies
	Short  int64           `json:"short"`  // of them with fewer proven copies at healthy peers
	Peers  []ReplicaStatus `json:"peers"`
}
