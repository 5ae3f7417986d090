package attest

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/merkle"
)

// Bundle is all the evidence of one release. It goes to the buyer with the
// derivative and needs nothing else but the institution's public key.
type Bundle struct {
	Version  uint64             `cbor:"version"`
	Signed   Signed             `cbor:"signed"`
	Evidence []InstanceEvidence `cbor:"evidence"` // ascending index
	Withheld []WithheldInstance `cbor:"withheld"` // ascending index
	Works    []Work             `cbor:"works"`
	Proofs   []NamedProof       `cbor:"proofs"`
}

// WithheldInstance is an instance of the study that has no derivative.
type WithheldInstance struct {
	Index uint32   `cbor:"index"`
	Root  [32]byte `cbor:"root"`
}

// Work is something a co-creator made for the asset, with their signature over
// it (EIP-712, crypt/eip712 WorkDigest).
type Work struct {
	Role      string        `cbor:"role"`
	Signer    sinso.Address `cbor:"signer"`
	SHA256    [32]byte      `cbor:"sha256"` // of the work's bytes
	Signature []byte        `cbor:"signature"`
}

// NamedProof shows that an entry is in the institution's audit log.
type NamedProof struct {
	Name       string `cbor:"name"` // "import"
	Leaf       []byte `cbor:"leaf"`
	Index      int64  `cbor:"index"`
	Path       []byte `cbor:"path"` // hashes, one after the other
	Checkpoint string `cbor:"checkpoint"`
}

// NewNamedProof names a proof of the audit log.
func NewNamedProof(name string, p sinso.Proof) (NamedProof, error) {
	n := NamedProof{Name: name, Leaf: p.Leaf, Index: p.Index, Checkpoint: p.Checkpoint}
	for _, hash := range p.Path {
		if len(hash) != sha256.Size {
			return NamedProof{}, fmt.Errorf("attest: audit proof of the %s: path: %w", name, sinso.ErrInvalid)
		}
		n.Path = append(n.Path, hash...)
	}
	return n, nil
}

// Proof returns the proof as the audit log knows it.
func (n NamedProof) Proof() sinso.Proof {
	p := sinso.Proof{Leaf: n.Leaf, Index: n.Index, Checkpoint: n.Checkpoint}
	p.Path = slices.Collect(slices.Chunk(n.Path, sha256.Size))
	return p
}

// Release is what a bundle is made of.
type Release struct {
	Origin   sinso.Origin
	Profile  [32]byte           // hash of the de-identification profile
	Nonce    [32]byte           // fresh
	Evidence []InstanceEvidence // ascending index
	Withheld []WithheldInstance // ascending index
	Works    []Work
	Proofs   []NamedProof
}

// NewBundle signs a release with the institution's Ed25519 key.
func NewBundle(r Release, seed [32]byte) (Bundle, error) {
	if len(r.Works) > maxWorks || len(r.Proofs) > maxProofs {
		return Bundle{}, fmt.Errorf("attest: more than %d works or %d proofs: %w", maxWorks, maxProofs, sinso.ErrInvalid)
	}
	b := Bundle{Version: Version, Evidence: r.Evidence, Withheld: r.Withheld, Works: r.Works, Proofs: r.Proofs}
	statement, err := b.statement()
	if err != nil {
		return Bundle{}, err
	}
	statement.Origin, statement.Profile, statement.Nonce = r.Origin, r.Profile, r.Nonce
	b.Signed, err = Sign(statement, seed)
	return b, err
}

// statement returns what a statement has to say of the bundle's content.
func (b Bundle) statement() (Statement, error) {
	s := Statement{
		Instances: uint32(len(b.Evidence) + len(b.Withheld)), //nolint:gosec // roots bounds it
		Released:  uint32(len(b.Evidence)),                   //nolint:gosec // roots bounds it
	}
	roots, err := b.roots()
	if err != nil {
		return Statement{}, err
	}
	s.Study = merkle.Root(roots)
	records := make([][32]byte, len(b.Evidence))
	for i, e := range b.Evidence {
		if records[i], err = e.record(); err != nil {
			return Statement{}, err
		}
	}
	s.Records = merkle.Root(records)
	for _, w := range b.Works {
		entry, err := w.digest()
		if err != nil {
			return Statement{}, err
		}
		s.Works = append(s.Works, entry)
	}
	for _, p := range b.Proofs {
		ref, err := p.ref()
		if err != nil {
			return Statement{}, err
		}
		s.Audit = append(s.Audit, ref)
	}
	return s, nil
}

// roots puts the roots of all instances in the order of the study. Each index
// from 0 must be there once, and both lists must ascend.
func (b Bundle) roots() ([][32]byte, error) {
	n := len(b.Evidence) + len(b.Withheld)
	if n > maxInstances {
		return nil, failed("instances", "too many")
	}
	roots := make([][32]byte, 0, n)
	evidence, withheld := b.Evidence, b.Withheld
	for i := range uint32(n) {
		switch {
		case len(evidence) > 0 && evidence[0].Index == i:
			roots, evidence = append(roots, evidence[0].Root), evidence[1:]
		case len(withheld) > 0 && withheld[0].Index == i:
			roots, withheld = append(roots, withheld[0].Root), withheld[1:]
		default:
			return nil, failed(fmt.Sprintf("instance %d: index", i), "is missing or out of order")
		}
	}
	return roots, nil
}

func (w Work) digest() ([32]byte, error) {
	b, err := marshal(w)
	if err != nil {
		return [32]byte{}, err
	}
	return merkle.Digest("sinso/evidence-work/v1", b), nil
}

func (n NamedProof) ref() (AuditRef, error) {
	b, err := marshal(n)
	if err != nil {
		return AuditRef{}, err
	}
	return AuditRef{n.Name, merkle.PlainLeaf(n.Leaf), merkle.Digest("sinso/evidence-audit-proof/v1", b)}, nil
}

// Encode returns the bundle's bytes: deterministic CBOR, padded to one of few sizes.
func (b Bundle) Encode() ([]byte, error) {
	encoded, err := marshal(b)
	if err != nil {
		return nil, err
	}
	return pad(encoded), nil
}

// Decode reads a bundle, and refuses every encoding but the one that Encode
// gives. Nothing in it is believed before [Bundle.Verify].
func Decode(encoded []byte) (Bundle, error) {
	if len(encoded) > maxBundleBytes {
		return Bundle{}, failed("bundle", "is too long")
	}
	plain, ok := unpad(encoded)
	if !ok {
		return Bundle{}, failed("bundle", "not padded as it must be")
	}
	var b Bundle
	if err := unmarshal("bundle", plain, &b); err != nil {
		return Bundle{}, err
	}
	if b.Version != Version {
		return Bundle{}, failed("bundle", "unknown version")
	}
	if len(b.Works) > maxWorks || len(b.Proofs) > maxProofs {
		return Bundle{}, failed("bundle", "too many works or proofs")
	}
	return b, nil
}

// Report is what a verified bundle shows.
type Report struct {
	Counts

	Origin      sinso.Origin `json:"origin"`
	Institution sinso.Hash   `json:"institution"` // the public key that signed
	Statement   sinso.Hash   `json:"statement"`   // Signed.Hash
	Profile     sinso.Hash   `json:"profile"`
	Instances   int          `json:"instances"` // of the study
	Released    int          `json:"released"`
	Works       []WorkReport `json:"works,omitempty"`
	Audit       []string     `json:"audit,omitempty"` // names of the audit entries shown
}

// WorkReport is a work whose bytes and signature were checked.
type WorkReport struct {
	Role   string        `json:"role"`
	Signer sinso.Address `json:"signer"`
	SHA256 sinso.Hash    `json:"sha256"`
}
