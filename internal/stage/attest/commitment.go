package attest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/merkle"
)

// Fields is what an asset token commits to. Each is a leaf with a salt of its
// own, so that one can be shown without the others.
type Fields struct {
	Payload       sinso.CID    `cbor:"payload"`       // of the sealed manifest
	Evidence      sinso.Hash   `cbor:"evidence"`      // Signed.Hash of the statement
	KeyCommitment sinso.Hash   `cbor:"keyCommitment"` // of the manifest's content key
	Tier          string       `cbor:"tier"`
	Profile       sinso.Hash   `cbor:"profile"` // hash of the de-identification profile
	Instances     uint32       `cbor:"instances"`
	Origin        sinso.Origin `cbor:"origin"`
	// Quality is what the quality gate found; zero in commitments of version 1.
	Quality sinso.QualityMark `cbor:"quality,omitzero"`
}

// The names of the fields, in the order of their leaves. The last is in commitments of
// version 2 alone.
var fieldNames = [...]string{"payload", "evidence", "keyCommitment", "tier", "profile", "instances", "origin", "quality"} //nolint:gochecknoglobals // a constant

// The versions of commitments and their openings: the first has no quality.
const (
	unjudged = 1
	judged   = 2
)

// version returns the version of a commitment to the fields.
func (f Fields) version() byte {
	if f.Quality == (sinso.QualityMark{}) {
		return unjudged
	}
	return judged
}

// fieldsOf returns how many fields a version commits to.
func fieldsOf(version byte) int {
	if version == unjudged {
		return len(fieldNames) - 1
	}
	return len(fieldNames)
}

// values returns the fields' bytes in the order of fieldNames, as many as are committed to.
func (f Fields) values() [][]byte {
	all := [len(fieldNames)][]byte{
		[]byte(f.Payload), f.Evidence[:], f.KeyCommitment[:], []byte(f.Tier), f.Profile[:],
		binary.BigEndian.AppendUint32(nil, f.Instances), []byte(f.Origin), markBytes(f.Quality),
	}
	return all[:fieldsOf(f.version())]
}

const commitmentDomain = "sinso/asset-content/v1"

// Commitment returns what an asset token says of its content:
// sha256(domain ‖ version ‖ outer salt ‖ Merkle root of the salted fields). The
// outer salt and the fields' salts are derived from salt, which stays secret for
// as long as a field shall.
func Commitment(salt [32]byte, fields Fields) sinso.Hash {
	leaves := fieldLeaves(salt, fields)
	return commit(fields.version(), outerSalt(salt), merkle.Root(leaves))
}

func commit(version byte, outer, root [32]byte) sinso.Hash {
	h := sha256.New()
	h.Write([]byte(commitmentDomain))
	h.Write([]byte{version})
	h.Write(outer[:])
	h.Write(root[:])
	return sinso.Hash(h.Sum(nil))
}

func outerSalt(salt [32]byte) [32]byte { return derive(salt, "sinso/asset-content/outer-salt/v1") }

func fieldSalt(salt [32]byte, name string) [saltBytes]byte {
	full := derive(salt, "sinso/asset-content/field-salt/v1\x00"+name)
	return [saltBytes]byte(full[:saltBytes])
}

func derive(secret [32]byte, label string) [32]byte {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte(label))
	return [32]byte(mac.Sum(nil))
}

func fieldLeaves(salt [32]byte, fields Fields) [][32]byte {
	values := fields.values()
	leaves := make([][32]byte, len(values))
	for i, value := range values {
		leaves[i] = leafHash(fieldSalt(salt, fieldNames[i]), []byte(fieldNames[i]), value)
	}
	return leaves
}

// FieldProof shows one field of a commitment and nothing of the others.
type FieldProof struct {
	Name  string          `cbor:"name"`
	Value []byte          `cbor:"value"`
	Salt  [saltBytes]byte `cbor:"salt"`
	Outer [32]byte        `cbor:"outer"` // the outer salt
	Path  [][32]byte      `cbor:"path"`
}

// ProveField returns the proof of the field called name, or ErrNotFound.
func ProveField(salt [32]byte, fields Fields, name string) (FieldProof, error) {
	for i, known := range fieldNames[:fieldsOf(fields.version())] {
		if known != name {
			continue
		}
		path, err := merkle.Proof(fieldLeaves(salt, fields), i)
		if err != nil {
			return FieldProof{}, fmt.Errorf("attest: field proof: %w", err)
		}
		return FieldProof{name, fields.values()[i], fieldSalt(salt, name), outerSalt(salt), path}, nil
	}
	return FieldProof{}, fmt.Errorf("attest: no such field: %w", sinso.ErrNotFound)
}

// Verify checks the proof against a commitment.
func (p FieldProof) Verify(commitment sinso.Hash) error {
	for i, name := range fieldNames {
		if name != p.Name {
			continue
		}
		leaf := leafHash(p.Salt, []byte(p.Name), p.Value)
		for _, version := range []byte{unjudged, judged} {
			if i >= fieldsOf(version) {
				continue
			}
			root, err := merkle.RootOf(leaf, i, fieldsOf(version), p.Path)
			if err == nil && commit(version, p.Outer, root) == commitment {
				return nil
			}
		}
		return failed("asset field "+name, "is not what the token commits to")
	}
	return failed("asset field", "there is none of this name")
}

// Opening opens a commitment whole: it goes with an offer.
type Opening struct {
	Version uint64   `cbor:"version"` // of the commitment
	Salt    [32]byte `cbor:"salt"`
	Fields  Fields   `cbor:"fields"`
}

// Encode returns the opening's bytes.
func (o Opening) Encode() ([]byte, error) {
	o.Version = uint64(o.Fields.version())
	return marshal(o)
}

// OpenCommitment decodes an opening and checks it against the commitment.
func OpenCommitment(opening []byte, commitment sinso.Hash) (Fields, error) {
	const maxOpeningBytes = 4 << 10
	if len(opening) > maxOpeningBytes {
		return Fields{}, failed("asset commitment", "opening is too long")
	}
	var o Opening
	if err := unmarshal("asset commitment", opening, &o); err != nil {
		return Fields{}, err
	}
	if o.Version != uint64(o.Fields.version()) {
		return Fields{}, failed("asset commitment", "unknown version, or another than its fields are of")
	}
	if Commitment(o.Salt, o.Fields) != commitment {
		return Fields{}, failed("asset commitment", "the opening is of another asset")
	}
	return o.Fields, nil
}
