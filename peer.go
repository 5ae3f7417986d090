package sinso

import "context"

// Offer is an order with all that a buyer needs to check and settle it. It is
// what nodes pass on to each other (docs/formats.md, "offer").
type Offer struct {
	Version     int       `json:"version"` // 2
	Order       Order     `json:"order"`
	Signature   []byte    `json:"signature"` // of the order, by its seller
	Asset       Asset     `json:"asset"`
	Roles       []string  `json:"roles"` // of Asset.Split, in its order: "patient", "doctor"
	Payload     CID       `json:"payload"`
	Contracts   Contracts `json:"contracts"`
	Institution []byte    `json:"institution"` // Ed25519 public key that signed the evidence
	Origin      Origin    `json:"origin"`
	Opening     []byte    `json:"opening"` // opens Asset.Commitment: its salt and fields (docs/formats.md, "asset commitment")
	Proof       Proof     `json:"proof"`   // that the release stands in the institution's log
	Peer        string    `json:"peer"`    // base URL of the seller's node
	Terms       string    `json:"terms"`
}

// KeyRequest asks the seller's node for the key of a trade. Signature is by the
// trade's buyer, over the trade and the key (EIP-712).
type KeyRequest struct {
	Order     Hash   `json:"order"` // that was filled
	Trade     Hash   `json:"trade"`
	HPKE      []byte `json:"hpke"` // the buyer's HPKE public key (MLKEM768-X25519)
	Signature []byte `json:"signature"`
}

// KeyAnswer is a grant and the delivery that is bound to it.
type KeyAnswer struct {
	Grant    []byte   `json:"grant"` // HPKE: encapsulated key ‖ sealed CEK
	Delivery Delivery `json:"delivery"`
}

// SwarmStatus is where a node is in a private swarm of IPFS, and who is connected to it, as
// multiaddresses.
type SwarmStatus struct {
	ID        string   `json:"id"`                         // its peer id
	Addresses []string `json:"addresses" nullable:"false"` // on which it listens; none: it only connects
	Peers     []string `json:"peers" nullable:"false"`
	// Routing is the server that is asked for members who have a block. Nil: none is.
	Routing *SwarmRouting `json:"routing,omitempty"`
}

// SwarmRouting is a server of Delegated Routing V1, and how often it was of use since the node
// started.
type SwarmRouting struct {
	URL    string `json:"url"`
	Asked  int64  `json:"asked"`
	Failed int64  `json:"failed"` // of these, without an answer that could be read in time
	Found  int64  `json:"found"`  // members that were connected to, as it named them
}

// Peers reaches other nodes. Every call ends in time. Suite: peertest.
type Peers interface {
	// Fetch returns a block from a peer, verified against its CID: ErrNotFound,
	// ErrCorrupt, ErrDenied or ErrUnavailable. peer is a base URL.
	Fetch(ctx context.Context, peer string, cid CID) ([]byte, error)
	// Key asks a peer for the key of an order. ErrDenied carries the peer's reason.
	Key(ctx context.Context, peer string, request KeyRequest) (KeyAnswer, error)
}
