package way

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/audit/tlog"
	"sinso.dev/sinso/internal/blob/pack"
	keyfile "sinso.dev/sinso/internal/keys/file"
	"sinso.dev/sinso/internal/meta/sqlite"
)

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// archive is a way over real stores, without a chain.
func archive(t *testing.T) *Way {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	keys := must[*keyfile.Keys](t)(keyfile.Create(filepath.Join(dir, "node", "keys"), keyfile.Unlock{KeyFile: filepath.Join(dir, "root.key")}, rand.Reader))
	t.Cleanup(func() { _ = keys.Close() })
	for _, id := range []sinso.KeyID{sinso.KeyNode, sinso.KeyInstitution, "person:p_1", "person:p_a", "person:p_b"} {
		if err := keys.Create(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	blobs := must[*pack.Pack](t)(pack.Open(filepath.Join(dir, "node", "log"), pack.Options{}))
	t.Cleanup(func() { _ = blobs.Close() })
	sign := must[[32]byte](t)(keys.Secret(ctx, sinso.KeyInstitution, SigningPurpose))
	log := must[*tlog.Log](t)(tlog.Open(ctx, blobs, tlog.Config{Key: [32]byte{1}, Keys: keys, Sign: sign, Rand: rand.Reader, Clock: wall{}}))
	index := must[*sqlite.Index](t)(sqlite.Open(ctx, sqlite.Config{Path: filepath.Join(dir, "node", "index"), Key: [32]byte{2}}))
	t.Cleanup(func() { _ = index.Close() })
	return must[*Way](t)(New(ctx, Ports{Blobs: blobs, Audit: log, Meta: index, Keys: keys, Clock: wall{}, Rand: rand.Reader}, Config{}))
}

func deflated(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := must[*flate.Writer](t)(flate.NewWriter(&b, flate.BestSpeed))
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sealedEvent is one instance of a study of p_a.
func sealedEvent(t *testing.T, uid string) sinso.InstanceSealed {
	t.Helper()
	return sinso.InstanceSealed{
		Study: sinso.StudyRow{
			ID: "s_1", Person: "p_a", UID: "1.2.3", PatientID: "MRN-1", PatientName: "Synthetic^Name", Date: "20310504",
			Header: []byte(`{"00200010":{"vr":"SH","Value":["ID9"]}}`),
		},
		Series: sinso.SeriesRow{ID: "e_1", Study: "s_1", UID: "1.2.3.1", Modality: "CT"},
		Instance: sinso.InstanceRow{
			ID: sinso.InstanceID("i_" + uid), Study: "s_1", Series: "e_1", Person: "p_a", UID: uid, Fingerprint: "print of " + uid, SOPClass: "1.2.840.10008.5.1.4.1.1.2",
		},
		Metadata: deflated(t, `{"00080018":{"vr":"UI","Value":["`+uid+`"]}}`),
	}
}

// happen records what the tests look at: two persons, two instances, an import, a
// rejection and a merge.
func happen(t *testing.T, w *Way) {
	t.Helper()
	for _, step := range []struct {
		kind sinso.EventType
		body any
	}{
		{sinso.EventPersonCreated, sinso.PersonCreated{Person: "p_a", Match: "m_a"}},
		{sinso.EventPersonCreated, sinso.PersonCreated{Person: "p_b", Match: "m_b"}},
		{sinso.EventInstanceSealed, sealedEvent(t, "1.2.3.1.1")},
		{sinso.EventInstanceSealed, sealedEvent(t, "1.2.3.1.2")},
		{sinso.EventOpened, sinso.Opened{What: "s_1", Purpose: "treatment"}},
		{sinso.EventImported, sinso.StudyImported{Study: "s_1", Instances: 2, Manifest: "m", Tier: sinso.T3}},
		{sinso.EventRejected, sinso.Rejected{Instances: []sinso.InstanceID{"i_1.2.3.1.1"}, Reason: "quality", By: "i_note"}},
		{sinso.EventMerged, sinso.Merged{From: "p_a", Into: "p_b"}},
	} {
		if err := w.recordOne(t.Context(), step.kind, "test", "p_a", step.body); err != nil {
			t.Fatalf("%s: %v", step.kind, err)
		}
	}
}

// look reads what the index shows after happen.
func look(t *testing.T, w *Way) []any {
	t.Helper()
	ctx := t.Context()
	var found []sinso.Found
	if err := w.Find(ctx, sinso.Query{Level: sinso.LevelInstance, Metadata: true}, func(f sinso.Found) error {
		found = append(found, f)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var metadata []string
	if err := w.Metadata(ctx, "e_1", func(_ sinso.InstanceRow, text []byte) error {
		metadata = append(metadata, string(text))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	byMatch := must[sinso.PersonRow](t)(view(ctx, w, func(tx sinso.MetaTx) (sinso.PersonRow, error) { return tx.PersonByMatch("m_a") }))
	history := must[[]sinso.Event](t)(w.History(ctx, "", "i_1.2.3.1.1"))
	var seqs []uint64
	for _, e := range history {
		seqs = append(seqs, e.Seq)
	}
	return []any{found, metadata, byMatch, seqs}
}

func TestRejectedIsGoneAndMergedIsOne(t *testing.T) {
	t.Parallel()
	w := archive(t)
	happen(t, w)
	found := must[[]sinso.Found](t)(w.StudiesByUID(t.Context(), "1.2.3"))
	if len(found) != 1 || found[0].Study.Person != "p_b" || found[0].Study.Instances != 1 || found[0].Study.Manifest != "m" {
		t.Errorf("study: got %+v, want one of p_b with one instance", found)
	}
	if got := must[[]sinso.Found](t)(w.SeriesByUID(t.Context(), "1.2.3", "1.2.3.1")); len(got) != 1 || got[0].Series.ID != "e_1" {
		t.Errorf("series: got %+v", got)
	}
	if got := must[[]sinso.Found](t)(w.StudiesByUID(t.Context(), "")); len(got) != 0 {
		t.Error("no UID names a study")
	}
	if got := must[[]sinso.InstanceRow](t)(w.InstancesByUID(t.Context(), "1.2.3.1.1")); len(got) != 0 {
		t.Errorf("rejected instance: got %+v", got)
	}
	left := must[[]sinso.InstanceRow](t)(w.InstancesByUID(t.Context(), "1.2.3.1.2"))
	if len(left) != 1 || left[0].Person != "p_b" {
		t.Errorf("instance: got %+v, want one of p_b", left)
	}
	shown := look(t, w)
	if diff := cmp.Diff([]string{`{"00080018":{"vr":"UI","Value":["1.2.3.1.2"]}}`}, shown[1]); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	if got := shown[2].(sinso.PersonRow).ID; got != "p_b" {
		t.Errorf("the match of p_a: got %s, want p_b", got)
	}
	if diff := cmp.Diff([]uint64{2, 6}, shown[3]); diff != "" {
		t.Errorf("events of the rejected instance (-want +got):\n%s", diff)
	}
}

func TestRebuildShowsTheSame(t *testing.T) {
	t.Parallel()
	w := archive(t)
	happen(t, w)
	before := look(t, w)
	if err := w.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, look(t, w), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("after a rebuild (-want +got):\n%s", diff)
	}
}

// TestMergeBackAndForth merges two persons each into the other: the last word counts.
func TestMergeBackAndForth(t *testing.T) {
	t.Parallel()
	w := archive(t)
	happen(t, w)
	for _, m := range []sinso.Merged{{From: "p_b", Into: "p_a"}, {From: "p_a", Into: "p_a"}} {
		if err := w.recordOne(t.Context(), sinso.EventMerged, "test", "p_a", m); err != nil {
			t.Fatal(err)
		}
	}
	for _, match := range []string{"m_a", "m_b"} {
		row := must[sinso.PersonRow](t)(view(t.Context(), w, func(tx sinso.MetaTx) (sinso.PersonRow, error) { return tx.PersonByMatch(match) }))
		if row.ID != "p_a" {
			t.Errorf("%s: got %s, want p_a", match, row.ID)
		}
	}
	if studies := must[[]sinso.StudyRow](t)(w.Studies(t.Context(), "p_a")); len(studies) != 1 {
		t.Errorf("got %d studies of p_a, want 1", len(studies))
	}
}

func TestChangesByCursor(t *testing.T) {
	t.Parallel()
	w := archive(t)
	happen(t, w)
	want := []uint64{2, 3, 5, 6, 7}
	for _, limit := range []int{0, 1, 2, 100} {
		var got []uint64
		for cursor := uint64(0); ; {
			page := 0
			if err := w.Changes(t.Context(), cursor, limit, func(e sinso.Event) bool {
				got, cursor, page = append(got, e.Seq), e.Seq+1, page+1
				return true
			}); err != nil {
				t.Fatal(err)
			}
			if page == 0 {
				break
			}
			if limit > 0 && page > limit {
				t.Errorf("limit %d: got %d", limit, page)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: got %v, want %v", limit, got, want)
		}
	}
	calls := 0
	if err := w.Changes(t.Context(), 3, 0, func(sinso.Event) bool { calls++; return false }); err != nil || calls != 1 {
		t.Errorf("stopped: %d calls, %v", calls, err)
	}
}

// TestHostileMetadataIsRefused wants a bomb and what is no DEFLATE to be ErrCorrupt.
func TestHostileMetadataIsRefused(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := must[*flate.Writer](t)(flate.NewWriter(&bomb, flate.BestSpeed))
	zeros := make([]byte, 1<<20)
	for range maxMetadata>>20 + 1 {
		if _, err := z.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"bomb": bomb.Bytes(), "no deflate": {0xff, 0xff}, "cut": deflated(t, "{}")[:2]} {
		if _, err := inflate(b); !errors.Is(err, sinso.ErrCorrupt) {
			t.Errorf("%s: got %v, want %v", name, err, sinso.ErrCorrupt)
		}
	}
}
