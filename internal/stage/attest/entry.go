package attest

import (
	"encoding/json"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/crypt/fee"
	"sinso.dev/sinso/internal/crypt/translog"
)

// Entry is what a proof shows of one entry of the institution's audit log.
type Entry struct {
	Type   sinso.EventType
	Origin sinso.Origin
	Public json.RawMessage
}

// OpenEntry checks a proof against the log of the institution: its checkpoint is
// signed, and the leaf is in it. piece names the proof if it fails.
func OpenEntry(piece string, p sinso.Proof, institution [32]byte) (Entry, error) {
	shown, err := translog.VerifyProof(p, institution[:])
	if err != nil {
		return Entry{}, &PieceError{piece, err}
	}
	return Entry{shown.Type, shown.Origin, shown.Public}, nil
}

// Nonce returns the nonce of a release's statement.
func Nonce(secret [32]byte) [32]byte { return derive(secret, "sinso/evidence/nonce/v1") }

// Commit returns the commitment of a release and its opening. fields lacks the
// key commitment: key is the content key of fields.Payload.
func Commit(secret [32]byte, fields Fields, key sinso.CEK) (sinso.Hash, []byte, error) {
	var err error
	if fields.KeyCommitment, err = fee.KeyCommitment(key, fields.Payload); err != nil {
		return sinso.Hash{}, nil, &PieceError{"key commitment", err}
	}
	salt := derive(secret, "sinso/asset-content/salt/v1")
	opening, err := Opening{Salt: salt, Fields: fields}.Encode()
	return Commitment(salt, fields), opening, err
}

// Opens checks that a content key is the one that the fields commit to.
func (f Fields) Opens(key sinso.CEK) error {
	commitment, err := fee.KeyCommitment(key, f.Payload)
	if err != nil {
		return &PieceError{"key commitment", err}
	}
	if commitment != f.KeyCommitment {
		return failed("key", "is not the one that the token commits to")
	}
	return nil
}
