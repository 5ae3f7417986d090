package way

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dag"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/market"
	"sinso.dev/sinso/internal/stage/seal"
	"sinso.dev/sinso/internal/stage/vault"
)

// unnamed seals bytes that no event will name, as what is cut off leaves them.
func (s scene) unnamed(plain []byte) sinso.Sealed {
	s.t.Helper()
	sealed := must[sinso.Sealed](s.t)(seal.New(s.Keys, rand.Reader).Seal(s.t.Context(), plain, sinso.KeyInstitution))
	if err := s.vault.Put(s.t.Context(), sealed); err != nil {
		s.t.Fatal(err)
	}
	return sealed
}

func (s scene) prune(grace time.Duration) sinso.PruneResult {
	s.t.Helper()
	return must[sinso.PruneResult](s.t)(s.Prune(s.t.Context(), grace, "test", nil))
}

// sound fails if anything that the index names does not open.
func (s scene) sound() {
	s.t.Helper()
	if _, err := s.CheckObjects(s.t.Context(), func(err error) { s.t.Error(err) }); err != nil {
		s.t.Error(err)
	}
}

// TestPruneTakesWhatNothingNames leaves what is named, and of the rest what is too young or
// is used again meanwhile.
func TestPruneTakesWhatNothingNames(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	s.take(object(t, "A", "1", 0, nil))
	s.take(object(t, "A", "2", 0, nil))
	if _, err := s.Take(ctx, sinso.Item{Bytes: []byte("this is no DICOM object")}, ImportOptions{Actor: "test"}); !errors.Is(err, sinso.ErrInvalid) {
		t.Fatal(err)
	}
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	large := bytes.Repeat([]byte("0123456789abcdef"), 200_000) // three leaves and their root
	s.take(object(t, "B", "3", 0, nil))
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	before := s.blocks()
	lost, used, logged := s.unnamed(large), s.unnamed([]byte("used again")), s.unnamed([]byte("stored with an event"))

	if got := s.prune(PruneGrace); got.Blocks != 0 || got.Waiting != len(lost.Blocks)+len(used.Blocks)+len(logged.Blocks) {
		t.Errorf("the first time: %+v", got)
	}
	if got := s.prune(PruneGrace); got.Blocks != 0 {
		t.Errorf("a moment later: %+v", got)
	}
	s.Clock = stopped(time.Now().Add(PruneGrace + time.Minute))
	if err := s.vault.Put(ctx, used); err != nil {
		t.Fatal(err)
	}
	event := must[sinso.Event](t)(s.entry(sinso.EventOpened, "test", "", "", sinso.Opened{What: "i_one"}, nil))
	if err := s.record(ctx, logged.Blocks, event); err != nil {
		t.Fatal(err)
	}
	young := len(used.Blocks) + len(logged.Blocks)
	if got := s.prune(PruneGrace); got.Blocks != len(lost.Blocks) || got.Waiting != young || got.Freed < int64(len(large)) {
		t.Errorf("a day later: %+v, want %d blocks of %d bytes deleted, %d waiting", got, len(lost.Blocks), len(large), young)
	}
	if got := s.prune(0); got.Blocks != young || got.Waiting != 0 {
		t.Errorf("without grace: %+v", got)
	}
	if after := s.blocks(); !maps.Equal(after, before) {
		t.Errorf("%d blocks are left, want the %d from before", len(after), len(before))
	}
	s.sound()
	s.rebuilt()
}

// TestPruneTakesListsThatWereReplaced: a study that grows has a new list each time; the old
// one goes, also of a study that is not shown any more.
func TestPruneTakesListsThatWereReplaced(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	var manifests []sinso.CID
	var last sinso.Receipt
	for i := range 3 {
		last = s.take(object(t, "A", "1", i, nil))
		if err := s.Resume(ctx, "test"); err != nil {
			t.Fatal(err)
		}
		manifests = append(manifests, must[sinso.StudyRow](t)(s.Study(ctx, last.Study)).Manifest)
	}
	if got := s.prune(0); got.Blocks != 2 {
		t.Errorf("%+v, want the two lists before", got)
	}
	for i, cid := range manifests {
		if has := must[bool](t)(s.Blobs.Has(ctx, cid)); has != (i == 2) {
			t.Errorf("list %d is here: %t", i, has)
		}
	}
	all := must[[]sinso.InstanceRow](t)(s.Instances(ctx, last.Study))
	ids := make([]sinso.InstanceID, len(all))
	for i, row := range all {
		ids[i] = row.ID
	}
	if err := s.Reject(ctx, ids, ReasonDeleted, "test"); err != nil {
		t.Fatal(err)
	}
	if got := s.prune(0); got.Blocks != 0 {
		t.Errorf("of a study that is rejected as a whole: %+v", got)
	}
	if err := s.Restore(ctx, ids, "test"); err != nil {
		t.Fatal(err)
	}
	s.sound()
}

// TestPruneGivesUpOutgrownDrafts: a draft that more came after can never be sold.
func TestPruneGivesUpOutgrownDrafts(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	ctx := t.Context()
	study, _ := s.threeSeries()
	draft := s.draft(study)
	if got := s.prune(0); got.Drafts != 0 || got.Blocks != 0 {
		t.Errorf("of a draft that can be sold: %+v", got)
	}
	manifest := draft.Manifest
	s.take(inSeries(t, echo(t, "1", 77, "NO"), "2.25.919", 90))
	if err := s.resumeStudies(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	got := s.prune(0)
	if got.Drafts != 1 || got.Blocks < draft.Instances {
		t.Errorf("%+v, want the draft of %d instances given up", got, draft.Instances)
	}
	if must[bool](t)(s.Blobs.Has(ctx, manifest)) {
		t.Error("its list is still here")
	}
	s.sound()
	s.rebuilt()
	sold := s.letGo(study)
	if sold.ID == draft.ID || sold.State == sinso.ReleaseIsRefused {
		t.Errorf("it is sold as %s, %s", sold.ID, sold.State)
	}
	s.sound()
}

// TestPruneDeletesNothingWhereSomethingIsDamaged: what a damaged block links to cannot be
// told from garbage.
func TestPruneDeletesNothingWhereSomethingIsDamaged(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx := t.Context()
	pixels := make([]byte, 3<<20)
	if _, err := rand.Read(pixels); err != nil {
		t.Fatal(err)
	}
	taken := s.take(object(t, "A", "1", 0, func(ds *dicom.Dataset) {
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: pixels})
	}))
	if err := s.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	lost := s.unnamed([]byte("nobody names it"))
	root := must[sinso.InstanceRow](t)(s.Instance(ctx, taken.Instance)).CID
	data := must[[]byte](t)(s.Blobs.Get(ctx, root))
	if root.Codec() != sinso.CodecDagPB {
		t.Fatal("the object is one block: the test shows nothing")
	}
	if err := s.Blobs.Delete(ctx, root); err != nil {
		t.Fatal(err)
	}
	_, err := s.Prune(ctx, 0, "test", nil)
	if !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("got error %v, want ErrNotFound", err)
	}
	if !must[bool](t)(s.Blobs.Has(ctx, lost.CID)) {
		t.Error("something was deleted")
	}
	if err := s.Blobs.Put(ctx, sinso.Block{CID: root, Data: data}); err != nil {
		t.Fatal(err)
	}
	if got := s.prune(0); got.Blocks != 1 {
		t.Errorf("once it is whole again: %+v", got)
	}
	if _, err := dag.Read(context.WithoutCancel(ctx), root, s.Blobs.Get, 1<<30); err != nil {
		t.Error(err)
	}
}

// TestPruneLeavesASharedStoreAlone: what nobody of this node names may be another's.
func TestPruneLeavesASharedStoreAlone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.cfg.Shared = true
	of := s.unnamed([]byte("somebody else's"))
	if _, err := s.Prune(t.Context(), 0, "test", nil); !errors.Is(err, sinso.ErrUnsupported) {
		t.Errorf("got error %v, want ErrUnsupported", err)
	}
	if !must[bool](t)(s.Blobs.Has(t.Context(), of.CID)) {
		t.Error("it is gone")
	}
}

// lacking is a store that does not give one block, for a reason of its own.
type lacking struct {
	sinso.Blobs

	cid sinso.CID
	err error
}

func (l lacking) Get(ctx context.Context, cid sinso.CID) ([]byte, error) {
	if cid == l.cid {
		return nil, l.err
	}
	return l.Blobs.Get(ctx, cid)
}

// without makes the blocks of a scene a store that does not give one of them.
func (s scene) without(cid sinso.CID, err error) {
	s.Blobs = lacking{s.Blobs, cid, err}
	s.vault = vault.New(s.Blobs)
}

// TestPruneDeletesNothingWhereItIsNotLetIn: a store that lets nobody in just now does not say
// that a key is destroyed.
func TestPruneDeletesNothingWhereItIsNotLetIn(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study, _ := s.threeSeries()
	draft := s.draft(study)
	before := s.blocks()
	s.without(draft.Manifest, sinso.ErrDenied)
	if got, err := s.Prune(t.Context(), 0, "test", nil); !errors.Is(err, sinso.ErrDenied) || got.Blocks != 0 {
		t.Errorf("%+v, %v, want it refused", got, err)
	}
	if after := s.blocks(); len(after) != len(before) {
		t.Errorf("%d blocks are left of %d", len(after), len(before))
	}
}

// TestPruneLeavesWhatIsBeingBought: of a purchase that is under way all stays that has come,
// whatever of it has not; and nothing goes while its list cannot be read.
func TestPruneLeavesWhatIsBeingBought(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	ctx := t.Context()
	large := s.unnamed(bytes.Repeat([]byte("0123456789abcdef"), 200_000))
	first, evidence := s.unnamed(bytes.Repeat([]byte("fedcba9876543210"), 200_000)), s.unnamed([]byte("its evidence"))
	manifest := sinso.Manifest{Version: sinso.ManifestVersion, Evidence: &sinso.ManifestObject{Role: roleEvidence, CID: evidence.CID, Key: make([]byte, 32)}}
	for _, sealed := range []sinso.Sealed{first, large} {
		manifest.Objects = append(manifest.Objects, sinso.ManifestObject{Role: roleDerivative, CID: sealed.CID, Key: make([]byte, 32)})
	}
	sealer := seal.New(s.Keys, rand.Reader)
	list := must[sinso.Sealed](t)(sealer.Seal(ctx, must[[]byte](t)(json.Marshal(manifest)), sinso.KeyNode))
	if err := s.vault.Put(ctx, list); err != nil {
		t.Fatal(err)
	}
	row := sinso.PurchaseRow{Order: sinso.Hash{1}, Step: stepDelivered, Offer: must[[]byte](t)(json.Marshal(sinso.Offer{Version: market.OfferVersion, Payload: list.CID})), Key: list.Keys[0]}
	if err := s.recordOne(ctx, sinso.EventPurchased, "buyer", "", sinso.Purchased{Purchase: row}); err != nil {
		t.Fatal(err)
	}
	if err := s.Blobs.Delete(ctx, first.CID); err != nil { // it has not come as a whole
		t.Fatal(err)
	}
	before := s.blocks()
	for _, why := range []error{sinso.ErrUnavailable, sinso.ErrDenied} {
		asBefore := s.Blobs
		s.without(list.CID, why)
		if got, err := s.Prune(ctx, 0, "test", nil); !errors.Is(err, why) || got.Blocks != 0 {
			t.Errorf("its list cannot be read: %+v, %v, want error %v", got, err, why)
		}
		s.Blobs = asBefore
		s.vault = vault.New(s.Blobs)
	}
	gone := len(first.Blocks) - 1 // nothing leads to them
	if got := s.prune(0); got.Blocks != gone {
		t.Errorf("%+v, want the %d leaves deleted that nothing leads to", got, gone)
	}
	if after := s.blocks(); len(after) != len(before)-gone {
		t.Errorf("%d blocks are left of %d", len(after), len(before))
	}
	if _, err := s.vault.Get(ctx, large.CID); err != nil {
		t.Error(err)
	}
}

// TestPruneDeletesNothingOfWhatItCannotRead: of a purchase that another version wrote nobody
// here knows what it names, so all stays, and it is said which it is; a check goes on.
func TestPruneDeletesNothingOfWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for name, offer := range map[string]string{
		"another version": `{"version":2,"lists":["somewhere"]}`,
		"no offer":        `{}`,
		"cut off":         `{"version":1,`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ctx := newScene(t), t.Context()
			lost := s.unnamed([]byte("it may be of the purchase"))
			if got := must[[]sinso.Hash](t)(s.UnreadPurchases(ctx)); len(got) > 0 {
				t.Errorf("before: got %v", got)
			}
			row := sinso.PurchaseRow{Order: sinso.Hash{7}, Step: stepReleased, Offer: []byte(offer)}
			if err := s.recordOne(ctx, sinso.EventPurchased, "buyer", "", sinso.Purchased{Purchase: row}); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Prune(ctx, 0, "test", nil); !errors.Is(err, sinso.ErrUnsupported) && !errors.Is(err, sinso.ErrInvalid) || got.Blocks != 0 {
				t.Errorf("%+v, %v, want that it cannot be read", got, err)
			}
			if !must[bool](t)(s.Blobs.Has(ctx, lost.CID)) {
				t.Error("something was deleted")
			}
			if got := must[[]sinso.Hash](t)(s.UnreadPurchases(ctx)); len(got) != 1 || got[0] != row.Order {
				t.Errorf("got %v, want %s", got, row.Order)
			}
			said := 0
			if _, err := s.LookForObjects(ctx, func(error) { said++ }); err != nil || said != 1 {
				t.Errorf("check: %v, said %d, want 1", err, said)
			}
		})
	}
}
