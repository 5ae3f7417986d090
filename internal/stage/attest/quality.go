package attest

import (
	"crypto/sha256"
	"fmt"

	"sinso.dev/sinso"
)

// notCounted stands in a mark for a part that is not counted.
const notCounted = 0xFF

// wholeScore is the highest score.
const wholeScore = 100

const qualityDomain = "sinso/quality/v1"

// MarkOf returns what an asset token commits to of a quality: its scores, and
// sha256(domain ‖ the quality in deterministic CBOR). It is ErrInvalid for what is no quality.
func MarkOf(q sinso.Quality) (sinso.QualityMark, error) {
	isScore := func(n int) bool { return n >= 0 && n <= wholeScore }
	if len(q.Parts) != sinso.QualityParts || q.Version < 1 || q.Version >= notCounted || !isScore(q.Score) {
		return sinso.QualityMark{}, fmt.Errorf("attest: a quality of %d parts, version %d: %w", len(q.Parts), q.Version, sinso.ErrInvalid)
	}
	mark := sinso.QualityMark{Version: uint8(q.Version), Score: uint8(q.Score)} //nolint:gosec // bounded above
	for i, part := range q.Parts {
		if !isScore(part.Score) || !isScore(part.Weight) {
			return sinso.QualityMark{}, fmt.Errorf("attest: a part of a quality has a score of %d: %w", part.Score, sinso.ErrInvalid)
		}
		mark.Parts[i] = notCounted
		if part.Weight > 0 {
			mark.Parts[i] = uint8(part.Score) //nolint:gosec // bounded above
		}
	}
	encoded, err := marshal(q)
	if err != nil {
		return sinso.QualityMark{}, err
	}
	mark.Report = sha256.Sum256(append([]byte(qualityDomain), encoded...))
	return mark, nil
}

// markBytes is the value of a mark's leaf: version, score, the parts, the hash.
func markBytes(m sinso.QualityMark) []byte {
	out := append([]byte{m.Version, m.Score}, m.Parts[:]...)
	return append(out, m.Report[:]...)
}

// Judged checks a quality against what the fields commit to. Neither is the same as both
// saying nothing.
func (f Fields) Judged(q *sinso.Quality) error {
	if q == nil {
		if f.version() == unjudged {
			return nil
		}
		return failed("quality", "is missing, and the token commits to one")
	}
	mark, err := MarkOf(*q)
	if err != nil || mark != f.Quality {
		return failed("quality", "is not the one that the token commits to")
	}
	return nil
}
