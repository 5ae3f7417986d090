package attest

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/merkle"
)

// Kind is what the evidence says of one leaf: the first byte of its entry.
type Kind byte

// The kinds of entry. Those from KindEmptied on declare a change: they are
// followed by the hash of the original's leaf, and the verifier sees from the
// derivative that the new value is of this kind.
const (
	KindWithheld Kind = 0x00 // hash of a leaf: nothing of it is in the derivative
	KindRetained Kind = 0x01 // salt and check: path and value are the derivative's
	KindAdded    Kind = 0x02 // in the derivative only
	KindEmptied  Kind = 0x10 // now without a value
	KindRenamed  Kind = 0x11 // another UID (VR UI)
	KindMoved    Kind = 0x12 // another date or time (VR DA, DT, TM)
	KindReplaced Kind = 0x13 // another value
	KindItems    Kind = 0x14 // another number of items or frames
	KindFrame    Kind = 0x15 // other pixels
)

// checkBytes of the leaf hash go with a retained leaf, so that a mismatch is
// found at the element it is in and not only at the root.
const checkBytes = 4

// InstanceEvidence is the evidence for one derivative instance.
type InstanceEvidence struct {
	Index  uint32   `cbor:"index"`  // of the instance in its study, from 0
	Root   [32]byte `cbor:"root"`   // of the original's leaves
	SHA256 [32]byte `cbor:"sha256"` // of the derivative's bytes
	Leaves []byte   `cbor:"leaves"` // entries, see docs/formats.md
}

// Counts sums up what evidence shows.
type Counts struct {
	Frames       int `json:"frames"`       // of the derivative
	FramesSigned int `json:"framesSigned"` // exactly as the institution signed
	Elements     int `json:"elements"`     // exactly as the institution signed
	Withheld     int `json:"withheld"`     // elements and frames of the original that are not there
	Changed      int `json:"changed"`      // as declared
	Added        int `json:"added"`        // as declared
}

func (c *Counts) add(d Counts) {
	c.Frames += d.Frames
	c.FramesSigned += d.FramesSigned
	c.Elements += d.Elements
	c.Withheld += d.Withheld
	c.Changed += d.Changed
	c.Added += d.Added
}

// Build makes the evidence for one derivative, and the root of its original.
// Both are Part 10 files; index is the instance's place in its study. The same
// arguments give the same evidence.
func Build(secret [32]byte, index int, original []byte, derivative sinso.Hashed) (InstanceEvidence, [32]byte, error) {
	place, err := placeOf(index)
	if err != nil {
		return InstanceEvidence{}, [32]byte{}, err
	}
	old, err := leavesOf(original)
	if err != nil {
		return InstanceEvidence{}, [32]byte{}, fmt.Errorf("attest: original %d: %w", index, err)
	}
	now, err := leavesOf(derivative.Bytes)
	if err != nil {
		return InstanceEvidence{}, [32]byte{}, fmt.Errorf("attest: derivative %d: %w", index, err)
	}
	evidence := InstanceEvidence{Index: place, SHA256: derivative.SHA256()}
	hashes, salts := make([][32]byte, 0, len(old.leaves)), newSalter(secret, place)
	for _, pair := range align(old.leaves, now.leaves) {
		if pair.old == nil {
			evidence.Leaves = append(evidence.Leaves, byte(KindAdded))
			continue
		}
		salt := salts.of(uint32(len(hashes))) //nolint:gosec // leaves are bounded by the parser
		hash := pair.old.hash(salt)
		hashes = append(hashes, hash)
		evidence.Leaves = appendEntry(evidence.Leaves, pair, salt, hash)
	}
	evidence.Root = merkle.Root(hashes)
	return evidence, evidence.Root, nil
}

// Withheld returns the root of an original that has no derivative.
func Withheld(secret [32]byte, index int, original []byte) ([32]byte, error) {
	place, err := placeOf(index)
	if err != nil {
		return [32]byte{}, err
	}
	old, err := leavesOf(original)
	if err != nil {
		return [32]byte{}, fmt.Errorf("attest: original %d: %w", index, err)
	}
	hashes, salts := make([][32]byte, len(old.leaves)), newSalter(secret, place)
	for i := range old.leaves {
		hashes[i] = old.leaves[i].hash(salts.of(uint32(i)))
	}
	return merkle.Root(hashes), nil
}

// Unread returns the root of an original that has no derivative because it is too large to
// be read whole: of one leaf, which is the CID of the sealed original.
func Unread(secret [32]byte, index int, original sinso.CID) ([32]byte, error) {
	place, err := placeOf(index)
	if err != nil {
		return [32]byte{}, err
	}
	return merkle.Root([][32]byte{leafHash(newSalter(secret, place).of(0), []byte{byte(formSealed)}, []byte(original))}), nil
}

func placeOf(index int) (uint32, error) {
	if index < 0 || index >= maxInstances {
		return 0, fmt.Errorf("attest: instance %d of a study of at most %d: %w", index, maxInstances, sinso.ErrInvalid)
	}
	return uint32(index), nil
}

// pair is one step of two lists of leaves side by side; either may be nil.
type pair struct{ old, now *leaf }

// align pairs leaves of the same path, in order.
func align(old, now []leaf) []pair {
	pairs := make([]pair, 0, len(old)+8)
	for i, j := 0, 0; i < len(old) || j < len(now); {
		var order int
		switch {
		case i == len(old):
			order = 1
		case j == len(now):
			order = -1
		default:
			order = bytes.Compare(old[i].path, now[j].path)
		}
		switch {
		case order < 0:
			pairs = append(pairs, pair{&old[i], nil})
			i++
		case order > 0:
			pairs = append(pairs, pair{nil, &now[j]})
			j++
		default:
			pairs = append(pairs, pair{&old[i], &now[j]})
			i++
			j++
		}
	}
	return pairs
}

func appendEntry(entries []byte, p pair, salt [saltBytes]byte, hash [32]byte) []byte {
	switch {
	case p.now == nil:
		return append(append(entries, byte(KindWithheld)), hash[:]...)
	case p.old.same(p.now):
		entries = append(append(entries, byte(KindRetained)), salt[:]...)
		return append(entries, hash[:checkBytes]...)
	default:
		return append(append(entries, byte(p.now.change())), hash[:]...)
	}
}

// VerifyInstance checks evidence against a derivative: that each of its elements
// and frames is proven to be the original's, declared as changed or declared as
// added, in this order and none twice, and that the root is that of the leaves.
// Whether the institution signed the root is for [Bundle.Verify] to say.
func VerifyInstance(evidence InstanceEvidence, derivative []byte) (Counts, [32]byte, error) {
	now, err := leavesOf(derivative)
	if err != nil {
		return Counts{}, [32]byte{}, &PieceError{evidence.piece("file"), err}
	}
	v := verifier{evidence: evidence, left: evidence.Leaves, now: now.leaves}
	for len(v.left) > 0 {
		if err := v.entry(); err != nil {
			return Counts{}, [32]byte{}, err
		}
	}
	if len(v.now) > 0 {
		return Counts{}, [32]byte{}, failed(evidence.piece(v.now[0].String()), "is not accounted for")
	}
	root := merkle.Root(v.hashes)
	if root != evidence.Root {
		return Counts{}, [32]byte{}, failed(evidence.piece("root"), "is not that of its leaves")
	}
	if sha256.Sum256(derivative) != evidence.SHA256 {
		return Counts{}, [32]byte{}, failed(evidence.piece("file"), "these are not the bytes that were released")
	}
	v.counts.Frames, v.counts.FramesSigned = now.frames, now.framesSigned(v.frames)
	return v.counts, root, nil
}

// record is the hash of an instance's evidence that the statement covers.
func (e InstanceEvidence) record() ([32]byte, error) {
	b, err := marshal(e)
	if err != nil {
		return [32]byte{}, err
	}
	return merkle.Digest("sinso/evidence-record/v1", b), nil
}

// piece names a part of this instance's evidence.
func (e InstanceEvidence) piece(what string) string {
	return fmt.Sprintf("instance %d: %s", e.Index, what)
}

// verifier walks entries and the derivative's leaves side by side.
type verifier struct {
	evidence InstanceEvidence
	left     []byte // entries not read yet
	now      []leaf // leaves of the derivative not accounted for yet
	hashes   [][32]byte
	counts   Counts
	frames   int // retained parts of pixel data
	entries  int
}

// entry reads one entry and accounts for its leaf.
func (v *verifier) entry() error {
	v.entries++
	kind := Kind(v.left[0])
	switch kind {
	case KindWithheld:
		v.counts.Withheld++
		return v.takeHash()
	case KindRetained:
		return v.retained()
	case KindAdded:
		v.counts.Added++
		v.left = v.left[1:]
		_, err := v.next()
		return err
	case KindEmptied, KindRenamed, KindMoved, KindReplaced, KindItems, KindFrame:
		l, err := v.next()
		if err != nil {
			return err
		}
		if l.change() != kind {
			return failed(v.evidence.piece(l.String()), "is not changed in the way that is declared")
		}
		v.counts.Changed++
		return v.takeHash()
	}
	return v.malformed()
}

func (v *verifier) retained() error {
	l, err := v.next()
	if err != nil {
		return err
	}
	if len(v.left) < 1+saltBytes+checkBytes {
		return v.malformed()
	}
	hash := l.hash([saltBytes]byte(v.left[1:]))
	if subtle.ConstantTimeCompare(hash[:checkBytes], v.left[1+saltBytes:][:checkBytes]) != 1 {
		return failed(v.evidence.piece(l.String()), "is not what the institution signed")
	}
	v.left = v.left[1+saltBytes+checkBytes:]
	v.hashes = append(v.hashes, hash)
	if l.part {
		v.frames++
	} else {
		v.counts.Elements++
	}
	return nil
}

// next takes the derivative's next leaf.
func (v *verifier) next() (leaf, error) {
	if len(v.now) == 0 {
		return leaf{}, failed(v.evidence.piece(fmt.Sprintf("entry %d", v.entries)), "is of an element that is not there")
	}
	l := v.now[0]
	v.now = v.now[1:]
	return l, nil
}

// takeHash takes a leaf hash that follows a kind.
func (v *verifier) takeHash() error {
	if len(v.left) < 1+sha256.Size {
		return v.malformed()
	}
	v.hashes = append(v.hashes, [32]byte(v.left[1:]))
	v.left = v.left[1+sha256.Size:]
	return nil
}

func (v *verifier) malformed() error {
	return failed(v.evidence.piece(fmt.Sprintf("entry %d", v.entries)), "is malformed")
}
