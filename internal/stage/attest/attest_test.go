package attest_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/attest"
)

var (
	secret      = [32]byte{1, 2, 3}
	institution = [32]byte{4, 5, 6} // Ed25519 seed
	doctor      = [32]byte{7, 8, 9}
	contracts   = sinso.Contracts{ChainID: 1337, Assets: sinso.Address{0xAA}}
)

func publicKey() [32]byte {
	return [32]byte(ed25519.NewKeyFromSeed(institution[:]).Public().(ed25519.PublicKey))
}

// study is a released study and everything that a buyer gets of it.
type study struct {
	originals   [][]byte
	derivatives [][]byte // of the released instances
	work        []byte
	bundle      attest.Bundle
}

func (s *study) sources() attest.Sources {
	return attest.Sources{
		Institution: publicKey(), Contracts: contracts,
		Derivative: func(i int) ([]byte, error) { return s.derivatives[i], nil },
		Work:       func(int) ([]byte, error) { return s.work, nil },
		Proof: func(name string, p sinso.Proof) error {
			if name != "import" || string(p.Leaf) != "a study was imported" || p.Checkpoint != "sinso\n1\nroot\n" {
				return sinso.ErrCorrupt
			}
			return nil
		},
	}
}

// release makes a study of n slices of which the second is withheld.
func release(tb testing.TB, n int) *study {
	tb.Helper()
	s := &study{}
	opts := phantom.Options{Slices: n, Rows: 8, Columns: 8}
	if err := phantom.Series(opts, func(_ string, b []byte) error {
		s.originals = append(s.originals, b)
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
	r := attest.Release{Origin: sinso.OriginInstitution, Profile: [32]byte{9}, Nonce: [32]byte{8}}
	for i, original := range s.originals {
		if i == 1 {
			root, err := attest.Withheld(secret, i, original)
			if err != nil {
				tb.Fatal(err)
			}
			r.Withheld = append(r.Withheld, attest.WithheldInstance{Index: 1, Root: root})
			continue
		}
		derivative := clean(tb, original)
		evidence, root, err := attest.Build(secret, i, original, sinso.NewHashed(derivative))
		if err != nil || root != evidence.Root {
			tb.Fatalf("build: %v", err)
		}
		s.derivatives = append(s.derivatives, derivative)
		r.Evidence = append(r.Evidence, evidence)
	}
	s.work = []byte("a measurement report")
	work, err := attest.SignWork(contracts, doctor, "doctor", s.work)
	if err != nil {
		tb.Fatal(err)
	}
	proof, err := attest.NewNamedProof("import", sinso.Proof{
		Leaf: []byte("a study was imported"), Index: 3, Path: [][]byte{bytes.Repeat([]byte{1}, 32)}, Checkpoint: "sinso\n1\nroot\n",
	})
	if err != nil {
		tb.Fatal(err)
	}
	r.Works, r.Proofs = []attest.Work{work}, []attest.NamedProof{proof}
	if s.bundle, err = attest.NewBundle(r, institution); err != nil {
		tb.Fatal(err)
	}
	return s
}

// clean changes a file in every way that a de-identification does: removes,
// empties, renames, moves, replaces, adds; at the root and nested.
func clean(tb testing.TB, original []byte) []byte {
	tb.Helper()
	ds := tree(tb, original)
	return encode(tb, explicitLittle, cleanTree(ds))
}

func cleanTree(ds dicom.Dataset) dicom.Dataset {
	var out dicom.Dataset
	for _, e := range ds.Elements {
		switch {
		case e.Tag>>16&1 == 1, e.Tag == 0x00101040, e.Tag == 0x04000561: // private, address, original attributes
			continue
		case e.Tag == 0x00080050 || e.Tag == 0x00080090:
			e.Value = nil
		case e.Tag == 0x00100010 || e.Tag == 0x00100020:
			e.Value = []byte("DUMMY ")
		case e.Tag == 0x00080018 || e.Tag == 0x00081155 || e.Tag == 0x0020000D:
			e.Value = []byte("2.25.99\x00")
		case e.VR == "DA":
			e.Value = []byte("20230101")
		case e.VR == "SQ":
			items := make([]dicom.Dataset, len(e.Items))
			for i := range e.Items {
				items[i] = cleanTree(e.Items[i])
			}
			e.Items = items
		}
		out.Elements = append(out.Elements, e)
		if e.Tag == 0x00104000 {
			out.Elements = append(out.Elements, dicom.DataElement{Tag: 0x00120062, VR: "CS", Value: []byte("YES ")})
		}
	}
	return out
}

func TestReleasedStudyVerifies(t *testing.T) {
	t.Parallel()
	s := release(t, 4)
	encoded, err := s.bundle.Encode()
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := attest.Decode(encoded)
	if err != nil {
		t.Fatal(err)
	}
	got, err := bundle.Verify(t.Context(), s.sources())
	if err != nil {
		t.Fatal(err)
	}
	if got.Frames != 3 || got.FramesSigned != 3 || got.Instances != 4 || got.Released != 3 || got.Added != 3 {
		t.Errorf("got %+v, want 3 of 3 frames, 3 of 4 instances, 3 added", got)
	}
	if got.Elements < 3*60 || got.Withheld < 3*5 || got.Changed < 3*8 {
		t.Errorf("got %+v, want some 60 elements kept, 5 withheld and 8 changed an instance", got)
	}
	if len(got.Works) != 1 || got.Works[0].Role != "doctor" || !slices.Equal(got.Audit, []string{"import"}) {
		t.Errorf("got works %v and audit %v", got.Works, got.Audit)
	}
	t.Logf("bundle: %d bytes, evidence: %d bytes of leaves; %+v", len(encoded), len(bundle.Evidence[0].Leaves), got.Counts)
}

// TestFlippedBitInTheBundleFails flips every byte of the bundle, and each time
// the failure names a piece.
func TestFlippedBitInTheBundleFails(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("left out by -short: needs some seconds, and a minute under the race detector")
	}
	s := release(t, 3)
	encoded, err := s.bundle.Encode()
	if err != nil {
		t.Fatal(err)
	}
	pieces := map[string]int{}
	for i := range encoded {
		for _, bit := range flips(i) {
			encoded[i] ^= bit
			bundle, err := attest.Decode(encoded)
			if err == nil {
				_, err = bundle.Verify(t.Context(), s.sources())
			}
			encoded[i] ^= bit
			pieces[piece(t, err, "byte %d of the bundle, bit %02x", i, bit)]++
		}
	}
	for _, want := range []string{
		"bundle", "statement signature", "instance 0: root", "instance 0: file", "instance 2: element (0028,0010)",
		"withheld instances", "work 0: file", "work 0: signature", "audit proof of the import",
	} {
		if pieces[want] == 0 {
			t.Errorf("no flip was found at %q", want)
		}
	}
}

// TestFlippedBitInADerivativeFails flips every byte of a derivative.
func TestFlippedBitInADerivativeFails(t *testing.T) {
	t.Parallel()
	s := release(t, 3)
	pieces := map[string]int{}
	for i := range s.derivatives[1] {
		for _, bit := range flips(i) {
			s.derivatives[1][i] ^= bit
			_, err := s.bundle.Verify(t.Context(), s.sources())
			s.derivatives[1][i] ^= bit
			pieces[piece(t, err, "byte %d of a derivative, bit %02x", i, bit)]++
		}
	}
	for _, want := range []string{
		"instance 2: element (0028,0010)", "instance 2: element (7fe0,0010)[0]", "instance 2: element (0040,0275)[0](0040,0009)", "instance 2: file",
	} {
		if pieces[want] == 0 {
			t.Errorf("no flip was found at %q", want)
		}
	}
}

// flips is one bit of each byte, and all of some.
func flips(i int) []byte {
	if i%17 == 0 {
		return []byte{1, 2, 4, 8, 16, 32, 64, 128}
	}
	return []byte{1 << (i % 8)}
}

// piece returns the piece that an error names.
func piece(t *testing.T, err error, format string, args ...any) string {
	t.Helper()
	var failed *attest.PieceError
	if !errors.As(err, &failed) || failed.Piece == "" {
		t.Fatalf("flipped "+format+": got %v, want a PieceError", append(args, err)...)
	}
	if strings.Contains(err.Error(), "PHANTOM") {
		t.Fatalf("the error holds a value: %v", err)
	}
	return failed.Piece
}

func TestFlippedBitInAWorkFails(t *testing.T) {
	t.Parallel()
	s := release(t, 2)
	for i := range s.work {
		s.work[i] ^= 1
		_, err := s.bundle.Verify(t.Context(), s.sources())
		s.work[i] ^= 1
		if got := piece(t, err, "byte %d of the work", i); got != "work 0: file" {
			t.Fatalf("got %q, want the work's file", got)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*study, *attest.Sources)
		want   string
	}{
		"another institution": {func(_ *study, from *attest.Sources) { from.Institution[0] ^= 1 }, "statement signature"},
		"another chain":       {func(_ *study, from *attest.Sources) { from.Contracts.ChainID++ }, "work 0: signature"},
		"an instance missing": {func(s *study, _ *attest.Sources) { s.bundle.Evidence = s.bundle.Evidence[1:] }, "instances"},
		"instances swapped": {func(s *study, _ *attest.Sources) {
			slices.Reverse(s.bundle.Evidence)
			slices.Reverse(s.derivatives)
		}, "instance 0: index"},
		"derivatives swapped": {func(s *study, _ *attest.Sources) { slices.Reverse(s.derivatives) }, "instance 0: element (0008,0013)"},
		"works dropped":       {func(s *study, _ *attest.Sources) { s.bundle.Works = nil }, "works"},
		"proofs dropped":      {func(s *study, _ *attest.Sources) { s.bundle.Proofs = nil }, "audit proofs"},
		"withheld dropped":    {func(s *study, _ *attest.Sources) { s.bundle.Withheld = nil }, "instance 1: index"},
		"an unknown file":     {func(s *study, _ *attest.Sources) { s.derivatives[0] = []byte("no file") }, "instance 0: file"},
		"a file not there": {func(_ *study, from *attest.Sources) {
			from.Derivative = func(int) ([]byte, error) { return nil, sinso.ErrNotFound }
		}, "instance 0: file"},
		"audit log says no": {func(_ *study, from *attest.Sources) {
			from.Proof = func(string, sinso.Proof) error { return sinso.ErrDenied }
		}, "audit proof of the import"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := release(t, 4)
			from := s.sources()
			tt.change(s, &from)
			_, err := s.bundle.Verify(t.Context(), from)
			if got := piece(t, err, "%s", name); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestNothingGoesUnchecked takes the checks away one by one.
func TestNothingGoesUnchecked(t *testing.T) {
	t.Parallel()
	s := release(t, 2)
	for name, drop := range map[string]func(*attest.Sources){
		"derivative": func(f *attest.Sources) { f.Derivative = nil },
		"work":       func(f *attest.Sources) { f.Work = nil },
		"proof":      func(f *attest.Sources) { f.Proof = nil },
	} {
		from := s.sources()
		drop(&from)
		if _, err := s.bundle.Verify(t.Context(), from); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("without %s: got %v, want ErrInvalid", name, err)
		}
	}
}

// TestDerivativeMustBeAccountedFor checks evidence that has lost or gained an
// entry, or declares another change.
func TestDerivativeMustBeAccountedFor(t *testing.T) {
	t.Parallel()
	s := release(t, 1)
	good := s.bundle.Evidence[0]
	if _, _, err := attest.VerifyInstance(good, s.derivatives[0]); err != nil {
		t.Fatal(err)
	}
	entries := split(t, good.Leaves)
	for i, entry := range entries {
		bad := good
		bad.Leaves = bytes.Join(slices.Delete(slices.Clone(entries), i, i+1), nil)
		if _, _, err := attest.VerifyInstance(bad, s.derivatives[0]); err == nil {
			t.Errorf("entry %d of kind %02x was left out unseen", i, entry[0])
		}
		bad.Leaves = bytes.Join(slices.Insert(slices.Clone(entries), i, entry), nil)
		if _, _, err := attest.VerifyInstance(bad, s.derivatives[0]); err == nil {
			t.Errorf("entry %d of kind %02x was doubled unseen", i, entry[0])
		}
		for kind := range 0x18 {
			if byte(kind) == entry[0] {
				continue
			}
			bad.Leaves = bytes.Join(entries[:i], nil)
			bad.Leaves = append(append(append(bad.Leaves, byte(kind)), entry[1:]...), bytes.Join(entries[i+1:], nil)...)
			if _, _, err := attest.VerifyInstance(bad, s.derivatives[0]); err == nil {
				t.Errorf("entry %d of kind %02x passed as %02x", i, entry[0], kind)
			}
		}
	}
}

// split cuts leaves into entries.
func split(t *testing.T, leaves []byte) [][]byte {
	t.Helper()
	var entries [][]byte
	for len(leaves) > 0 {
		size := 33
		switch attest.Kind(leaves[0]) {
		case attest.KindRetained:
			size = 21
		case attest.KindAdded:
			size = 1
		case attest.KindWithheld, attest.KindEmptied, attest.KindRenamed, attest.KindMoved, attest.KindReplaced, attest.KindItems, attest.KindFrame:
		default:
			t.Fatalf("unknown kind %02x", leaves[0])
		}
		entries, leaves = append(entries, leaves[:size]), leaves[size:]
	}
	return entries
}

// TestEvidenceHoldsNothingWithheld looks for identifying values in the bundle.
func TestEvidenceHoldsNothingWithheld(t *testing.T) {
	t.Parallel()
	s := release(t, 3)
	encoded, err := s.bundle.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"PHANTOM", "Synthetic", "555-01", "2.25."} {
		if bytes.Contains(encoded, []byte(value)) {
			t.Errorf("the bundle holds %q", value)
		}
	}
	for name, sum := range map[string][32]byte{
		"name": sha256.Sum256([]byte("PHANTOM^CHEST")), "original": sha256.Sum256(s.originals[0]),
	} {
		if bytes.Contains(encoded, sum[:]) {
			t.Errorf("the bundle holds an unsalted hash: %s", name)
		}
	}
}

// TestReleasesDoNotLink makes two releases of one study.
func TestReleasesDoNotLink(t *testing.T) {
	t.Parallel()
	s := release(t, 1)
	again, root, err := attest.Build(secret, 0, s.originals[0], sinso.NewHashed(s.derivatives[0]))
	if err != nil || !bytes.Equal(again.Leaves, s.bundle.Evidence[0].Leaves) || root != s.bundle.Evidence[0].Root {
		t.Errorf("the same release made again differs: %v", err)
	}
	other, root, err := attest.Build([32]byte{99}, 0, s.originals[0], sinso.NewHashed(s.derivatives[0]))
	if err != nil || root == again.Root {
		t.Fatalf("two releases have the same root: %v", err)
	}
	mine, theirs := split(t, again.Leaves), split(t, other.Leaves)
	for i := range mine {
		if len(mine[i]) > 1 && bytes.Equal(mine[i][1:], theirs[i][1:]) {
			t.Errorf("entry %d is the same in two releases", i)
		}
	}
}

func FuzzDecodeBundle(f *testing.F) {
	s := release(f, 2)
	encoded, err := s.bundle.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoded)
	f.Add([]byte{0xA0})
	f.Fuzz(func(t *testing.T, b []byte) {
		bundle, err := attest.Decode(b)
		if err != nil {
			return
		}
		again, err := bundle.Encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("decoded bytes encode to others: %v", err)
		}
		if _, err := bundle.Verify(t.Context(), s.sources()); err == nil && !bytes.Equal(b, encoded) {
			t.Fatal("other bytes verify")
		}
	})
}
