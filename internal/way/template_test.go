package way

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
)

func ofEcho(boxes ...[4]int) sinso.Template {
	return sinso.Template{Manufacturer: "Synthetic Sound Works", Model: "Echo 1", Modality: "US", Rows: echoRows, Columns: echoColumns, Boxes: boxes}
}

func (s scene) add(templates ...sinso.Template) []sinso.TemplateRow {
	s.t.Helper()
	return must[[]sinso.TemplateRow](s.t)(s.AddTemplates(s.t.Context(), templates, "operator-1"))
}

func (s scene) remove(id sinso.TemplateID) sinso.TemplateRow {
	s.t.Helper()
	return must[sinso.TemplateRow](s.t)(s.RemoveTemplate(s.t.Context(), id, "operator-1"))
}

func (s scene) templates() []sinso.TemplateRow {
	s.t.Helper()
	return must[[]sinso.TemplateRow](s.t)(s.Templates(s.t.Context()))
}

// blank wants the one derivative of a release to be zero in the box, and as it was
// elsewhere.
func (s scene) blank(row sinso.ReleaseRow, box [4]int) {
	s.t.Helper()
	got, want := s.pixels(row)[0], echoPixels()
	for at := range got {
		x, y := at%echoColumns, at/echoColumns
		inside := x >= box[0] && x < box[2] && y >= box[1] && y < box[3]
		if inside && got[at] != 0 || !inside && got[at] != want[at] {
			s.t.Fatalf("pixel %d,%d is %d, inside %t", x, y, got[at], inside)
		}
	}
}

// TestDrawnTemplateIsInTheNextRelease draws boxes on an item of the review: the next
// draft is made with them, of that study and of another one of the device; and the
// derivative names another profile.
func TestDrawnTemplateIsInTheNextRelease(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study, other := s.take(echo(t, "1", 1, "YES")).Study, s.take(echo(t, "2", 1, "YES")).Study
	if first := s.draft(study); first.State != sinso.ReleaseIsRefused {
		t.Fatalf("got %s, want it refused", first.State)
	}
	box := [4]int{4, 0, 40, 6}
	item := s.queue(sinso.ReviewIsOpen)[0]
	row := must[sinso.TemplateRow](t)(s.DrawTemplate(t.Context(), item, [][4]int{box, box}, "clinician-1"))
	if diff := cmp.Diff(ofEcho(box), row.Template); diff != "" || row.By != "clinician-1" {
		t.Errorf("by %s (-want +got):\n%s", row.By, diff)
	}
	if preview := must[Preview](t)(s.Preview(t.Context(), item, "clinician-1")); len(preview.Marks) != 1 || preview.Marks[0].By != deid.ByTemplate {
		t.Errorf("the preview has marks %v, want the template's", preview.Marks)
	}
	basic := must[*deid.Profile](t)(deid.Preset("basic"))
	under := must[*deid.Profile](t)(s.profileNow(t.Context(), sinso.ReleaseRow{Study: study, Profile: string(basic.Text())}))
	if under.OwnHash() != basic.Hash() || under.Hash() == basic.Hash() {
		t.Error("what was made under another profile would be made without the template now")
	}
	for _, id := range []sinso.StudyID{study, other} {
		made := s.draft(id)
		if made.State != sinso.ReleaseIsStored || made.Instances != 1 || made.Reviewed != 0 {
			t.Fatalf("study %s: %s with %d", id, made.State, made.Instances)
		}
		s.blank(made, box)
		profile := must[*deid.Profile](t)(s.ProfileOf(made))
		if profile.Hash() == s.profile.Hash() || profile.OwnHash() != s.profile.Hash() {
			t.Error("the release names the profile without its template")
		}
		if named := s.methods(made); len(named) != 3 || named[2] != fmt.Sprintf("%x", profile.Hash()) {
			t.Errorf("the derivative names %q", named)
		}
		if again := s.draft(id); again.ID != made.ID {
			t.Error("a second draft was made under the same templates")
		}
	}
	before := s.templates()
	s.sameAfterRebuild()
	if diff := cmp.Diff(before, s.templates()); diff != "" {
		t.Errorf("the templates after a rebuild (-want +got):\n%s", diff)
	}
}

// methods are the De-identification Method of the first derivative of a release.
func (s scene) methods(row sinso.ReleaseRow) []string {
	s.t.Helper()
	ctx := s.t.Context()
	key := must[sinso.CEK](s.t)(s.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian()))
	object := must[sinso.Manifest](s.t)(s.readManifest(ctx, row.Manifest, key)).Objects[0]
	return must[*dicom.File](s.t)(dicom.Read(must[[]byte](s.t)(s.open(ctx, object.CID, sinso.CEK(object.Key))))).Strings(0x00120063)
}

// TestTemplateOfAnotherSizeChangesNoRelease: what cannot fit makes no new draft.
func TestTemplateOfAnotherSizeChangesNoRelease(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	first := s.draft(study)
	large := ofEcho([4]int{0, 0, 9, 9})
	large.Rows *= 2
	s.add(large)
	if again := s.draft(study); again.ID != first.ID {
		t.Error("a draft was made again for a template that cannot fit")
	}
	s.add(ofEcho([4]int{0, 0, 9, 9}))
	second := s.draft(study)
	if second.ID == first.ID {
		t.Fatal("the draft without the template is enough")
	}
	s.blank(second, [4]int{0, 0, 9, 9})
}

// TestReleaseEndsUnderTheTemplatesItWasBegunUnder cuts a release off once it is
// planned, adds and removes templates, and lets it go on.
func TestReleaseEndsUnderTheTemplatesItWasBegunUnder(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	box := [4]int{0, 0, 9, 9}
	first := s.add(ofEcho(box))[0]
	id := must[sinso.ReleaseID](t)(s.plan(t.Context(), study, ReleaseOptions{
		Actor: "test", draft: true, Profile: must[*deid.Profile](t)(s.effective(t.Context(), s.profile, study)),
	}))
	s.remove(first.ID)
	s.add(ofEcho([4]int{20, 20, 30, 30}))
	made := must[sinso.ReleaseRow](t)(s.advance(t.Context(), id, "test", nil))
	s.blank(made, box)
	if next := s.draft(study); next.ID == id {
		t.Error("the next draft is that of the old templates")
	} else {
		s.blank(next, [4]int{20, 20, 30, 30})
	}
}

// TestApprovalEndsWithItsTemplate: who approved saw no writing because a template hid
// it. Without the template the item is open again; what was approved before it was
// added, and boxes that persons drew, hold.
func TestApprovalEndsWithItsTemplate(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 2)
	before, under, half := s.take(echo(t, "1", 1, "YES")).Study, s.take(echo(t, "2", 1, "YES")).Study, s.take(echo(t, "3", 1, "YES")).Study
	item := func(study sinso.StudyID) sinso.ReviewID {
		s.draft(study)
		return must[[]sinso.ReviewRow](t)(s.Reviews(t.Context(), ReviewFilter{Study: study}))[0].ID
	}
	a, b, c := item(before), item(under), item(half)
	s.decide(a, sinso.DecisionApprove, "clinician-1")
	s.decide(a, sinso.DecisionApprove, "clinician-2")
	row := s.add(ofEcho([4]int{0, 0, 9, 9}))[0]
	box := sinso.ReviewBox{Frame: -1, X0: 30, Y0: 30, X1: 40, Y1: 40}
	s.decide(b, sinso.DecisionRedact, "clinician-1", box)
	s.decide(b, sinso.DecisionRedact, "clinician-2")
	s.decide(c, sinso.DecisionApprove, "clinician-1")
	if made := s.draft(under); made.Reviewed != 1 {
		t.Fatalf("redacted: %d by review", made.Reviewed)
	}
	s.remove(row.ID)
	state := func(id sinso.ReviewID) sinso.ReviewState {
		return must[sinso.ReviewRow](t)(s.Review(t.Context(), id)).State
	}
	if state(a) != sinso.ReviewIsApproved || state(b) != sinso.ReviewIsOpen {
		t.Errorf("approved before it: %s; redacted under it: %s", state(a), state(b))
	}
	if made := s.draft(under); made.State != sinso.ReleaseIsRefused {
		t.Errorf("without the template it is %s with %d", made.State, made.Instances)
	}
	if s.decide(c, sinso.DecisionApprove, "clinician-2"); state(c) != sinso.ReviewIsOpen {
		t.Errorf("one approval from under the template and one without: %s", state(c))
	}
	if s.decide(c, sinso.DecisionApprove, "clinician-1"); state(c) != sinso.ReviewIsApproved {
		t.Errorf("two approvals without it: %s", state(c))
	}
	s.decide(b, sinso.DecisionRedact, "clinician-2")
	if s.decide(b, sinso.DecisionRedact, "clinician-3"); state(b) != sinso.ReviewIsRedacted {
		t.Errorf("redacted anew: %s", state(b))
	}
	s.blank(s.draft(under), [4]int{box.X0, box.Y0, box.X1, box.Y1})
	s.sameAfterRebuild()
}

// TestTemplatesAreAddedAsAWhole: with one that is none, no other is; what is there stays
// as it is; a node takes so many and no more.
func TestTemplatesAreAddedAsAWhole(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	bad := ofEcho([4]int{0, 0, echoColumns + 1, 1})
	if _, err := s.AddTemplates(t.Context(), []sinso.Template{ofEcho([4]int{0, 0, 1, 1}), bad}, "x"); !errors.Is(err, sinso.ErrInvalid) || len(s.templates()) != 0 {
		t.Errorf("%d templates, %v", len(s.templates()), err)
	}
	first := s.add(ofEcho([4]int{0, 0, 1, 1}, [4]int{0, 0, 1, 2}))
	again := s.add(ofEcho([4]int{0, 0, 1, 2}, [4]int{0, 0, 1, 1}), ofEcho([4]int{0, 0, 1, 3}))
	if all := s.templates(); len(all) != 2 || !slices.Equal([]sinso.TemplateID{all[0].ID, all[1].ID}, []sinso.TemplateID{first[0].ID, again[1].ID}) || again[0].ID != first[0].ID {
		t.Errorf("got %v", all)
	}
	var many []sinso.Template
	for i := range 256 {
		many = append(many, ofEcho([4]int{i % 50, i / 50, echoColumns, echoRows}))
	}
	if _, err := s.AddTemplates(t.Context(), many, "x"); !errors.Is(err, sinso.ErrInvalid) || len(s.templates()) != 2 {
		t.Errorf("%d templates, %v", len(s.templates()), err)
	}
	once := s.remove(first[0].ID)
	if twice := s.remove(first[0].ID); once.Removed == 0 || twice.Removed != once.Removed || len(s.templates()) != 1 {
		t.Errorf("removed by event %d, then by %d", once.Removed, twice.Removed)
	}
	if _, err := s.RemoveTemplate(t.Context(), "t_none", "x"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("one that never was: %v", err)
	}
	if back := s.add(first[0].Template); back[0].ID != first[0].ID || len(s.templates()) != 2 {
		t.Errorf("added again: %v", back)
	}
}

// TestTemplateOfANamelessDeviceIsRefused: it would be of all devices.
func TestTemplateOfANamelessDeviceIsRefused(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	raw := object(t, "ADA", "1", 1, func(ds *dicom.Dataset) {
		file := must[*dicom.File](t)(dicom.Read(echo(t, "1", 1, "YES")))
		*ds = must[dicom.Dataset](t)(file.Tree())
		ds.Remove(0x00080070)
	})
	s.draft(s.take(raw).Study)
	_, err := s.DrawTemplate(t.Context(), s.queue(sinso.ReviewIsOpen)[0], [][4]int{{0, 0, 4, 4}}, "clinician-1")
	if !errors.Is(err, sinso.ErrInvalid) || len(s.templates()) != 0 {
		t.Errorf("%d templates, %v", len(s.templates()), err)
	}
}
