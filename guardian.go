package sinso

// GuardianShare is a share of a node's root key, sealed to its guardian: nobody on the way
// reads it. All but Sealed is in the clear, secret to nobody, and bound to what is sealed.
type GuardianShare struct {
	Version     int    `json:"version"`
	Fingerprint string `json:"fingerprint"` // of the root key: 16 hex digits
	Identifier  int    `json:"identifier"`  // of the set of shares: 15 random bits
	Member      int    `json:"member"`      // from 1
	Threshold   int    `json:"threshold"`   // how many are needed
	Guardian    string `json:"guardian"`    // fingerprint of the guardian's public key
	Sealed      []byte `json:"sealed"`
}

// RootKeyShares is a set of shares of a node's root key, one for each guardian.
type RootKeyShares struct {
	Fingerprint string          `json:"fingerprint"` // of the root key
	Identifier  int             `json:"identifier"`
	Threshold   int             `json:"threshold"`
	Shares      []GuardianShare `json:"shares"`
}
