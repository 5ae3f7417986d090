package attest_test

import (
	"bytes"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/attest"
)

func fields() attest.Fields {
	return attest.Fields{
		Payload: sinso.CIDOf(sinso.CodecRaw, []byte("sealed")), Evidence: sinso.Hash{1}, KeyCommitment: sinso.Hash{2},
		Tier: "T1", Profile: sinso.Hash{3}, Instances: 40, Origin: sinso.OriginInstitution,
	}
}

// judged are fields of a commitment that has a quality.
func judged() attest.Fields {
	f := fields()
	f.Quality = sinso.QualityMark{Version: 1, Score: 90, Parts: [sinso.QualityParts]uint8{100, 90, 80, 70, 255, 100, 100}, Report: sinso.Hash{9}}
	return f
}

func quality() sinso.Quality {
	q := sinso.Quality{Version: 1, Score: 90, Instances: 3}
	for range sinso.QualityParts {
		q.Parts = append(q.Parts, sinso.QualityPart{Part: "validity", Score: 90, Weight: 10, Findings: []sinso.QualityFinding{{Finding: "missing", Tag: "(0028,0030)", Count: 2}}})
	}
	return q
}

// TestOldCommitmentsStayTheSame pins those of version 1, in which there was no quality.
func TestOldCommitmentsStayTheSame(t *testing.T) {
	t.Parallel()
	const want = "0xf94c12c735dbe45144042d6a3badd6d579f67ec6a426b7b0884e3ba03e50d0f3"
	if got := attest.Commitment([32]byte{1}, fields()).String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	encoded, err := attest.Opening{Salt: [32]byte{1}, Fields: fields()}.Encode()
	if err != nil || bytes.Contains(encoded, []byte("quality")) {
		t.Errorf("an opening without a quality names one: %v", err)
	}
}

// TestQualityIsTheOneCommittedTo changes each thing that a quality says.
func TestQualityIsTheOneCommittedTo(t *testing.T) {
	t.Parallel()
	mark, err := attest.MarkOf(quality())
	if err != nil {
		t.Fatal(err)
	}
	f := fields()
	if q := quality(); f.Judged(&q) == nil || f.Judged(nil) != nil {
		t.Error("fields without a quality go with one, or not with none")
	}
	f.Quality = mark
	if q := quality(); f.Judged(&q) != nil || f.Judged(nil) == nil {
		t.Error("the quality that is committed to is refused, or goes without saying")
	}
	for name, change := range map[string]func(*sinso.Quality){
		"score": func(q *sinso.Quality) { q.Score++ }, "version": func(q *sinso.Quality) { q.Version++ }, "instances": func(q *sinso.Quality) { q.Instances++ },
		"a part": func(q *sinso.Quality) { q.Parts[6].Score-- }, "a weight": func(q *sinso.Quality) { q.Parts[0].Weight-- },
		"a finding": func(q *sinso.Quality) { q.Parts[2].Findings = nil }, "a count": func(q *sinso.Quality) { q.Parts[2].Findings[0].Count = 1 },
		"a tag": func(q *sinso.Quality) { q.Parts[2].Findings[0].Tag = "" }, "fewer parts": func(q *sinso.Quality) { q.Parts = q.Parts[1:] },
		"no score": func(q *sinso.Quality) { q.Score = 101 }, "a negative one": func(q *sinso.Quality) { q.Parts[0].Score = -1 },
	} {
		q := quality()
		change(&q)
		if err := f.Judged(&q); err == nil {
			t.Errorf("%s: another quality passes", name)
		} else if got := piece(t, err, "%s", name); got != "quality" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestCommitmentDependsOnEveryField(t *testing.T) {
	t.Parallel()
	salt := [32]byte{1}
	want := attest.Commitment(salt, fields())
	for i := range 4 {
		other := judged()
		[]func(){func() { other.Quality.Version++ }, func() { other.Quality.Score++ }, func() { other.Quality.Parts[3]++ }, func() { other.Quality.Report[31]++ }}[i]()
		if got := attest.Commitment(salt, other); got == want || got == attest.Commitment(salt, judged()) {
			t.Error("another quality gives the same commitment")
		}
	}
	for name, change := range map[string]func(*attest.Fields){
		"payload": func(f *attest.Fields) { f.Payload = sinso.CIDOf(sinso.CodecRaw, []byte("other")) }, "evidence": func(f *attest.Fields) { f.Evidence[0]++ },
		"keyCommitment": func(f *attest.Fields) { f.KeyCommitment[0]++ }, "tier": func(f *attest.Fields) { f.Tier = "T0" },
		"profile": func(f *attest.Fields) { f.Profile[0]++ }, "instances": func(f *attest.Fields) { f.Instances++ },
		"origin": func(f *attest.Fields) { f.Origin = sinso.OriginSelf },
	} {
		other := fields()
		change(&other)
		if attest.Commitment(salt, other) == want {
			t.Errorf("another %s gives the same commitment", name)
		}
	}
	if attest.Commitment([32]byte{2}, fields()) == want {
		t.Error("another salt gives the same commitment")
	}
}

// TestFieldProofShowsOneField proves each field, and flips each bit of a proof.
func TestFieldProofShowsOneField(t *testing.T) {
	t.Parallel()
	salt := [32]byte{1}
	if _, err := attest.ProveField(salt, fields(), "quality"); err == nil {
		t.Error("a quality that is not there was proven")
	}
	for _, name := range []string{"payload", "evidence", "keyCommitment", "tier", "profile", "instances", "origin", "quality"} {
		of := judged()
		if name != "quality" && len(name)%2 == 0 { // some of version 1
			of = fields()
		}
		commitment := attest.Commitment(salt, of)
		proof, err := attest.ProveField(salt, of, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.Verify(commitment); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if bytes.Contains(bytes.Join([][]byte{proof.Salt[:], proof.Outer[:]}, nil), salt[:16]) {
			t.Errorf("%s: the proof shows the salt of all fields", name)
		}
		for _, flip := range []func(*attest.FieldProof){
			func(p *attest.FieldProof) { p.Value = append(bytes.Clone(p.Value), 0) }, func(p *attest.FieldProof) { p.Value = p.Value[1:] },
			func(p *attest.FieldProof) { p.Salt[3] ^= 1 }, func(p *attest.FieldProof) { p.Outer[3] ^= 1 },
			func(p *attest.FieldProof) { p.Path = p.Path[1:] }, func(p *attest.FieldProof) { p.Path = append(p.Path[:len(p.Path):len(p.Path)], [32]byte{}) },
			func(p *attest.FieldProof) { p.Path = [][32]byte{{1}, {2}, {3}} }, func(p *attest.FieldProof) { p.Name = "elsewhere" },
		} {
			bad := proof
			flip(&bad)
			if err := bad.Verify(commitment); err == nil {
				t.Errorf("%s: a changed proof passes: %+v", name, bad)
			}
		}
	}
	if _, err := attest.ProveField(salt, fields(), "patient"); err == nil {
		t.Error("a field that is not there was proven")
	}
}

func TestOpeningOpensItsCommitmentOnly(t *testing.T) {
	t.Parallel()
	opensOnly(t, fields())
	opensOnly(t, judged())
}

func opensOnly(t *testing.T, of attest.Fields) {
	t.Helper()
	opening := attest.Opening{Salt: [32]byte{1}, Fields: of}
	commitment := attest.Commitment(opening.Salt, opening.Fields)
	encoded, err := opening.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := attest.OpenCommitment(encoded, commitment)
	if err != nil || got != of {
		t.Fatalf("got %+v, %v", got, err)
	}
	for i := range encoded {
		encoded[i] ^= 1 << (i % 8)
		_, err := attest.OpenCommitment(encoded, commitment)
		encoded[i] ^= 1 << (i % 8)
		if got := piece(t, err, "byte %d of the opening", i); got != "asset commitment" {
			t.Fatalf("byte %d: got %q", i, got)
		}
	}
	if _, err := attest.OpenCommitment(make([]byte, 5000), commitment); err == nil {
		t.Error("an opening of 5,000 bytes was taken")
	}
}
