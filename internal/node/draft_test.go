package node

import (
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
)

// TestStudyFromADoorIsDerivedAhead takes a chest in as a door does: its derivative
// is made ahead, and waits; nothing of it is registered or offered before the person
// names a price; then it is the one that is sold.
func TestStudyFromADoorIsDerivedAhead(t *testing.T) {
	t.Parallel()
	tn := &town{dir: t.TempDir(), clock: wall{}}
	defer func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	}()
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := tn.seller
	var study sinso.StudyID
	take := func(seed uint64) {
		t.Helper()
		err := phantom.Series(phantom.Options{Seed: seed, Slices: 3, Rows: 32, Columns: 32}, func(_ string, part10 []byte) error {
			receipt, err := n.Take(t.Context(), sinso.Item{Bytes: part10}, ImportOptions{Actor: "test", Origin: sinso.OriginGateway, DataSet: true})
			study = receipt.Study
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		n.Complete(study)
	}
	take(1)
	drafts := func() (found []sinso.ReleaseRow) {
		rows, err := n.Releases(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row.State == sinso.ReleaseIsStored {
				found = append(found, row)
			}
		}
		return found
	}
	for deadline := time.Now().Add(30 * time.Second); len(drafts()) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no derivative was made ahead")
		}
	}
	draft := drafts()[0]
	if !draft.Draft || draft.Study != study || draft.Instances != 3 || draft.Tier != sinso.T1 {
		t.Errorf("got %+v, want a draft of the study", draft)
	}
	if again, err := n.Draft(t.Context(), study, "test"); err != nil || again.ID != draft.ID {
		t.Errorf("made again: got %s, %v, want %s", again.ID, err, draft.ID)
	}
	if err := n.Resume(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	if orders, err := n.Orders(t.Context(), ""); err != nil || len(orders) != 0 {
		t.Fatalf("before a price: %d orders, %v, want none", len(orders), err)
	}
	sold, err := n.Release(t.Context(), study, ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil || sold.ID != draft.ID || sold.State != sinso.ReleaseIsRegistered || sold.Price.Int().Cmp(testPrice.Int()) != 0 {
		t.Fatalf("sold: got %s %s for %s, %v, want the draft, registered", sold.ID, sold.State, sold.Price, err)
	}
	orders, err := n.Orders(t.Context(), "")
	if err != nil || len(orders) != 1 || orders[0].Release != draft.ID {
		t.Errorf("orders: got %v, %v, want one of the draft", orders, err)
	}
}
