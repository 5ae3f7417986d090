package attest

import (
	"crypto/ed25519"
	"crypto/sha256"

	"sinso.dev/sinso"
)

// Statement is what the institution signs about one release of one study.
type Statement struct {
	Version     uint64       `cbor:"version"`
	Institution [32]byte     `cbor:"institution"` // its Ed25519 public key
	Origin      sinso.Origin `cbor:"origin"`      // who vouches for where the study came from
	Profile     [32]byte     `cbor:"profile"`     // hash of the de-identification profile
	Nonce       [32]byte     `cbor:"nonce"`       // of the release: no two statements are alike
	Instances   uint32       `cbor:"instances"`   // of the study, withheld ones too
	Study       [32]byte     `cbor:"study"`       // Merkle root over the instances' roots
	Released    uint32       `cbor:"released"`    // how many of them have a derivative
	Records     [32]byte     `cbor:"records"`     // Merkle root over the hashes of the InstanceEvidence
	Works       [][32]byte   `cbor:"works"`       // hash of each Work
	Audit       []AuditRef   `cbor:"audit"`       // what the statement rests on
}

// AuditRef names an entry of the institution's audit log.
type AuditRef struct {
	Name  string   `cbor:"name"`
	Leaf  [32]byte `cbor:"leaf"`  // RFC 6962 leaf hash: sha256(0x00 ‖ leaf)
	Proof [32]byte `cbor:"proof"` // hash of the NamedProof as encoded
}

// Signed is a statement with its signature.
type Signed struct {
	Statement []byte   `cbor:"statement"` // the exact bytes, deterministic CBOR
	Signature [64]byte `cbor:"signature"` // Ed25519 over signedPrefix ‖ Statement
}

// signedPrefix keeps a statement's signature from being one of anything else.
const signedPrefix = "sinso/evidence-statement/v1\x00"

// Hash names the statement: the field "evidence" of the asset commitment.
func (s Signed) Hash() sinso.Hash {
	h := sha256.New()
	h.Write([]byte("sinso/evidence-signed/v1\x00"))
	h.Write(s.Statement)
	h.Write(s.Signature[:])
	return sinso.Hash(h.Sum(nil))
}

// Sign signs a statement with the Ed25519 key of seed, and puts version and
// public key into it.
func Sign(statement Statement, seed [32]byte) (Signed, error) {
	key := ed25519.NewKeyFromSeed(seed[:])
	defer clear(key)
	statement.Version = Version
	copy(statement.Institution[:], key[ed25519.SeedSize:])
	b, err := marshal(statement)
	if err != nil {
		return Signed{}, err
	}
	signed := Signed{Statement: b}
	copy(signed.Signature[:], ed25519.Sign(key, append([]byte(signedPrefix), b...)))
	return signed, nil
}

// Open checks the signature by the institution's public key and returns what was
// signed.
func (s Signed) Open(institution [32]byte) (Statement, error) {
	message := append([]byte(signedPrefix), s.Statement...)
	if !ed25519.Verify(institution[:], message, s.Signature[:]) {
		return Statement{}, failed("statement signature", "not by this institution over these bytes")
	}
	var statement Statement
	if err := unmarshal("statement", s.Statement, &statement); err != nil {
		return Statement{}, err
	}
	switch {
	case statement.Version != Version:
		return Statement{}, failed("statement", "unknown version")
	case statement.Institution != institution:
		return Statement{}, failed("statement", "names another institution")
	case statement.Released > statement.Instances || statement.Instances > maxInstances:
		return Statement{}, failed("statement", "counts that cannot be")
	}
	return statement, nil
}
