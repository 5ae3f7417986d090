package way

import (
	"errors"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
)

// hiddenFrom approves an item under a template, and takes its study out while the
// template is removed.
func (s scene) hiddenFrom(template sinso.Template, approvers ...string) (sinso.Receipt, sinso.ReviewID) {
	s.t.Helper()
	receipt := s.take(echo(s.t, "1", 1, "YES"))
	s.draft(receipt.Study)
	item := s.queue(sinso.ReviewIsOpen)[0].ID
	row := s.add(template)[0]
	for _, by := range approvers {
		s.decide(item, sinso.DecisionApprove, by)
	}
	if err := s.Reject(s.t.Context(), []sinso.InstanceID{receipt.Instance}, ReasonDeleted, "test"); err != nil {
		s.t.Fatal(err)
	}
	s.remove(row.ID)
	return receipt, item
}

func (s scene) restore(receipt sinso.Receipt) {
	s.t.Helper()
	if err := s.Restore(s.t.Context(), []sinso.InstanceID{receipt.Instance}, "test"); err != nil {
		s.t.Fatal(err)
	}
}

// TestApprovalEndsWithATemplateThatCameBackAndWent: the study was not there when the
// template was removed first, and nobody approved of it since.
func TestApprovalEndsWithATemplateThatCameBackAndWent(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	template := ofEcho([4]int{0, 0, 9, 9})
	receipt, _ := s.hiddenFrom(template, "clinician-1")
	row := s.add(template)[0]
	s.restore(receipt)
	s.remove(row.ID)
	if made := s.draft(receipt.Study); made.State != sinso.ReleaseIsRefused {
		t.Errorf("what was approved under the template is %s without it", made.State)
	}
	s.sameAfterRebuild()
}

// TestApprovalsOfBeforeAndAfterATemplateAreNotAddedUp, also if the study was not there
// when it was removed.
func TestApprovalsOfBeforeAndAfterATemplateAreNotAddedUp(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 2)
	receipt, item := s.hiddenFrom(ofEcho([4]int{0, 0, 9, 9}), "clinician-1", "clinician-2")
	s.restore(receipt)
	s.decide(item, sinso.DecisionApprove, "clinician-1")
	if made := s.draft(receipt.Study); made.State != sinso.ReleaseIsRefused {
		t.Errorf("with one approval of two without the template it is %s", made.State)
	}
	s.decide(item, sinso.DecisionApprove, "clinician-2")
	if made := s.draft(receipt.Study); made.State != sinso.ReleaseIsStored {
		t.Errorf("with both it is %s", made.State)
	}
	s.sameAfterRebuild()
}

// TestQueueShowsWhatLapsedAsOpen: also where the study was not there when the template of
// an approval was removed.
func TestQueueShowsWhatLapsedAsOpen(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	receipt, item := s.hiddenFrom(ofEcho([4]int{0, 0, 9, 9}), "clinician-1")
	s.restore(receipt)
	if row := must[sinso.ReviewRow](t)(s.Review(t.Context(), item)); row.State != sinso.ReviewIsOpen {
		t.Errorf("it is %s", row.State)
	}
	if open, approved := s.queue(sinso.ReviewIsOpen), s.queue(sinso.ReviewIsApproved); len(open) != 1 || len(approved) != 0 {
		t.Errorf("%d are open and %d approved, want 1 and 0", len(open), len(approved))
	}
	s.sameAfterRebuild()
}

// TestRemovedTemplateLeavesOtherItemsAlone: of what was said while it was in force only
// an approval ends with it.
func TestRemovedTemplateLeavesOtherItemsAlone(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 2)
	one, two := s.take(echo(t, "1", 1, "YES")).Study, s.take(echo(t, "2", 1, "YES")).Study
	s.draft(one)
	s.draft(two)
	row := s.add(ofEcho([4]int{0, 0, 9, 9}))[0]
	items := s.queue(sinso.ReviewIsOpen)
	s.decide(items[0].ID, sinso.DecisionApprove, "clinician-1")
	s.decide(items[0].ID, sinso.DecisionApprove, "clinician-2")
	s.decide(items[1].ID, sinso.DecisionApprove, "clinician-1")
	s.remove(row.ID)
	approved, half := must[sinso.ReviewRow](t)(s.Review(t.Context(), items[0].ID)), must[sinso.ReviewRow](t)(s.Review(t.Context(), items[1].ID))
	if approved.State != sinso.ReviewIsOpen || approved.Decided == 0 {
		t.Errorf("what was approved is %s, decided by event %d", approved.State, approved.Decided)
	}
	if half.State != sinso.ReviewIsOpen || half.Decided != 0 || half.Lapsed == 0 {
		t.Errorf("what one of two approved is %s, decided by event %d, lapsed by %d", half.State, half.Decided, half.Lapsed)
	}
	s.sameAfterRebuild()
}

// TestDecisionOfBeforeATemplateWentIsLookedAtAgain: who opened an item while a template
// blanked it has not seen what a copy has without, also if nobody had said anything yet.
func TestDecisionOfBeforeATemplateWentIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	s.draft(s.take(echo(t, "1", 1, "YES")).Study)
	row := s.add(ofEcho([4]int{0, 0, 9, 9}))[0]
	shown := s.queue(sinso.ReviewIsOpen)[0]
	s.remove(row.ID)
	approve := ReviewDecision{Decision: sinso.DecisionApprove, Seen: &shown.Updated}
	if _, err := s.Decide(t.Context(), shown.ID, approve, "clinician-1"); !errors.Is(err, sinso.ErrExists) {
		t.Errorf("what was shown blanked by the template is approved without it: %v", err)
	}
	if now := s.queue(sinso.ReviewIsOpen); len(now) != 1 || now[0].Decided != 0 || now[0].Lapsed != 0 {
		t.Errorf("got %+v open, want the item as it was", now)
	}
	s.sameAfterRebuild()
}

// TestTemplateOfAnotherDeviceChangesNoRelease: pictures of its size are not enough.
func TestTemplateOfAnotherDeviceChangesNoRelease(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	first := s.draft(study)
	for name, edit := range map[string]func(*sinso.Template){
		"maker":    func(t *sinso.Template) { t.Manufacturer = "Other Sound Works" },
		"model":    func(t *sinso.Template) { t.Model = "Echo 2" },
		"modality": func(t *sinso.Template) { t.Modality = "XA" },
	} {
		other := ofEcho([4]int{0, 0, 9, 9})
		edit(&other)
		s.add(other)
		if again := s.draft(study); again.ID != first.ID {
			t.Errorf("a draft was made again for a template of another %s", name)
		}
	}
	own := ofEcho([4]int{0, 0, 9, 9})
	own.Manufacturer, own.Model = "SYNTHETIC SOUND WORKS", ""
	s.add(own)
	second := s.draft(study)
	if second.ID == first.ID {
		t.Fatal("the draft without the device's template is enough")
	}
	s.blank(second, [4]int{0, 0, 9, 9})
}

// TestTemplateFitsWhatTheIndexDoesNotKnow: an object without metadata may be of any
// device, and one of two that have one name has none in the index.
func TestTemplateFitsWhatTheIndexDoesNotKnow(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	first := echo(t, "1", 1, "NO")
	ds := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(first)).Tree())
	ds.SetString(0x00081090, dicom.VRLO, "Echo 2")
	study := s.take(first).Study
	if receipt := s.take(must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))); receipt.Outcome != sinso.OutcomeConflict {
		t.Fatalf("got %+v, want a conflict", receipt)
	}
	template := ofEcho([4]int{0, 0, 9, 9})
	template.Model = "Echo 2"
	s.add(template)
	profile := must[*deid.Profile](t)(s.effective(t.Context(), s.profile, study))
	if profile.Hash() == s.profile.Hash() {
		t.Error("the template of a device whose object is in conflict is left out")
	}
}
