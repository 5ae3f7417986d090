package way

import (
	"testing"

	"sinso.dev/sinso"
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
