// Package translog is the pure half of the audit log: what a leaf is, what a
// checkpoint is, and how a proof is checked by somebody who has neither the log
// nor a network. The log itself is the port Audit.
//
// Leaf hashes and proofs are those of RFC 6962 §2.1, by golang.org/x/mod/sumdb/tlog;
// a checkpoint is a signed note (c2sp.org/tlog-checkpoint, c2sp.org/signed-note)
// with an Ed25519 signature. The bytes are in docs/formats.md, "audit log".
package translog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"

	"golang.org/x/mod/sumdb/tlog"

	"sinso.dev/sinso"
)

const (
	leafVersion = 1
	bodyLabel   = "sinso/audit-body/v1"

	maxShort  = math.MaxUint8 // bytes of a type, an origin, an actor, a person
	maxPublic = 1 << 20       // bytes of what is disclosed
)

// Disclosed is the half of an event that its leaf shows.
type Disclosed struct {
	Type   sinso.EventType
	Origin sinso.Origin
	Public json.RawMessage
	// BodyHash commits to the other half: see [CheckBody].
	BodyHash [sha256.Size]byte
}

// Leaf returns the bytes of an event's leaf: the half that is disclosed, and a
// salted hash of the half that is not. ErrInvalid if a field is too long.
func Leaf(e sinso.Event) ([]byte, error) {
	body, err := bodyHash(e)
	if err != nil {
		return nil, err
	}
	b := []byte{leafVersion}
	if b, err = appendShort(b, "type", string(e.Type)); err != nil {
		return nil, err
	}
	if b, err = appendShort(b, "origin", string(e.Origin)); err != nil {
		return nil, err
	}
	if len(e.Public) > maxPublic {
		return nil, fmt.Errorf("audit: public half of %d bytes, at most %d: %w", len(e.Public), maxPublic, sinso.ErrInvalid)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Public))) //nolint:gosec // at most maxPublic
	b = append(b, e.Public...)
	return append(b, body[:]...), nil
}

// bodyHash is the salted hash of an event's private half.
func bodyHash(e sinso.Event) (sum [sha256.Size]byte, err error) {
	b := append([]byte(bodyLabel), e.Salt[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.Unix()))       //nolint:gosec // two's complement, as documented
	b = binary.BigEndian.AppendUint32(b, uint32(e.At.Nanosecond())) //nolint:gosec // below 10^9
	if b, err = appendShort(b, "actor", e.Actor); err != nil {
		return sum, err
	}
	if b, err = appendShort(b, "person", string(e.Person)); err != nil {
		return sum, err
	}
	if len(e.Body) > math.MaxUint32 {
		return sum, fmt.Errorf("audit: body of %d bytes: %w", len(e.Body), sinso.ErrInvalid)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Body))) //nolint:gosec // checked above
	return sha256.Sum256(append(b, e.Body...)), nil
}

func appendShort(b []byte, what, s string) ([]byte, error) {
	if len(s) > maxShort {
		return nil, fmt.Errorf("audit: %s of %d bytes, at most %d: %w", what, len(s), maxShort, sinso.ErrInvalid)
	}
	return append(append(b, byte(len(s))), s...), nil //nolint:gosec // bounded by the check of its length
}

// ParseLeaf reads a leaf's bytes: ErrCorrupt if they are not exactly one leaf,
// ErrUnsupported if they are of a later version.
func ParseLeaf(leaf []byte) (Disclosed, error) {
	var d Disclosed
	if len(leaf) > 0 && leaf[0] > leafVersion {
		return d, fmt.Errorf("audit: leaf of version %d: %w", leaf[0], sinso.ErrUnsupported)
	}
	r := reader{b: leaf}
	version := r.take(1)
	d.Type = sinso.EventType(r.short())
	d.Origin = sinso.Origin(r.short())
	if n := r.take(4); n != nil {
		d.Public = bytes.Clone(r.take(int64(binary.BigEndian.Uint32(n))))
	}
	copy(d.BodyHash[:], r.take(sha256.Size))
	if r.failed || len(r.b) > 0 || version[0] != leafVersion || len(d.Public) > maxPublic {
		return Disclosed{}, fmt.Errorf("audit: not a leaf: %w", sinso.ErrCorrupt)
	}
	if len(d.Public) == 0 {
		d.Public = nil
	}
	return d, nil
}

// reader takes bytes from the front of b until there are too few.
type reader struct {
	b      []byte
	failed bool
}

func (r *reader) take(n int64) []byte {
	if r.failed || int64(len(r.b)) < n {
		r.failed = true
		return nil
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) short() []byte {
	n := r.take(1)
	if n == nil {
		return nil
	}
	return r.take(int64(n[0]))
}

// CheckBody returns nil if e is the event of the leaf: both halves, with its
// salt. Otherwise ErrCorrupt. Seq is not part of a leaf; it is a proof's index.
func CheckBody(leaf []byte, e sinso.Event) error {
	want, err := Leaf(e)
	if err != nil {
		return err
	}
	if !bytes.Equal(leaf, want) {
		return fmt.Errorf("audit: the event is not the one of the leaf: %w", sinso.ErrCorrupt)
	}
	return nil
}

// LeafHash returns the leaf hash of RFC 6962 §2.1: SHA-256(0x00 ‖ leaf).
func LeafHash(leaf []byte) tlog.Hash { return tlog.RecordHash(leaf) }
