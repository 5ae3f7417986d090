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

func TestCommitmentDependsOnEveryField(t *testing.T) {
	t.Parallel()
	salt := [32]byte{1}
	want := attest.Commitment(salt, fields())
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
	commitment := attest.Commitment(salt, fields())
	for _, name := range []string{"payload", "evidence", "keyCommitment", "tier", "profile", "instances", "origin"} {
		proof, err := attest.ProveField(salt, fields(), name)
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
	opening := attest.Opening{Salt: [32]byte{1}, Fields: fields()}
	commitment := attest.Commitment(opening.Salt, opening.Fields)
	encoded, err := opening.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := attest.OpenCommitment(encoded, commitment)
	if err != nil || got != fields() {
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
