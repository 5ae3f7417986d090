package way

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/deid"
)

// contractsOnly is a chain of which no more is asked than where its contracts are.
type contractsOnly struct{ sinso.Chain }

func (contractsOnly) Contracts() sinso.Contracts { return sinso.Contracts{} }

// reviewScene is an archive whose studies are derived ahead.
func reviewScene(t *testing.T, persons int) scene {
	t.Helper()
	s := newScene(t)
	s.Chain = contractsOnly{}
	s.cfg.ReviewPersons = persons
	s.cfg.SampleOther, s.cfg.SampleBlanked = seldom, seldom
	return s
}

// seldom keeps samples, which are drawn by lot, out of the queues of tests about other things.
var seldom = sinso.SamplePlan{Examine: 1, Of: math.MaxInt32}

const echoRows, echoColumns = 48, 64

// echo is a synthetic ultrasound image, a smooth field without writing, that says
// that there is writing in it.
func echo(t *testing.T, study string, number int, burnedIn string) []byte {
	t.Helper()
	return object(t, "ADA", study, number, func(ds *dicom.Dataset) {
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.6.1")
		ds.SetString(0x00080060, dicom.VRCS, "US")
		ds.SetString(0x00080008, dicom.VRCS, "ORIGINAL", "PRIMARY")
		ds.SetString(0x00080070, dicom.VRLO, "Synthetic Sound Works")
		ds.SetString(0x00081090, dicom.VRLO, "Echo 1")
		ds.SetString(0x00280004, dicom.VRCS, "MONOCHROME2")
		ds.SetString(0x00280301, dicom.VRCS, burnedIn)
		for tag, v := range map[dicom.Tag]byte{
			0x00280002: 1, 0x00280010: echoRows, 0x00280011: echoColumns, 0x00280100: 8, 0x00280101: 8, 0x00280102: 7, 0x00280103: 0,
		} {
			ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: []byte{v, 0}})
		}
		ds.Set(dicom.DataElement{Tag: 0x7FE00010, VR: dicom.VROB, Value: echoPixels()})
	})
}

// echoPixels changes by one from row to row: nothing in it has an edge.
func echoPixels() []byte {
	pixels := make([]byte, 0, echoRows*echoColumns)
	for y := range echoRows {
		pixels = append(pixels, bytes.Repeat([]byte{byte(100 + y)}, echoColumns)...)
	}
	return pixels
}

func (s scene) draft(study sinso.StudyID) sinso.ReleaseRow {
	s.t.Helper()
	return must[sinso.ReleaseRow](s.t)(s.Draft(s.t.Context(), study, "test"))
}

// queue are the items of all, by their state.
func (s scene) queue(state sinso.ReviewState) []sinso.ReviewRow {
	s.t.Helper()
	return must[[]sinso.ReviewRow](s.t)(s.Reviews(s.t.Context(), ReviewFilter{State: state}))
}

func (s scene) decide(id sinso.ReviewID, decision sinso.Decision, actor string, boxes ...sinso.ReviewBox) sinso.ReviewRow {
	s.t.Helper()
	return must[sinso.ReviewRow](s.t)(s.Decide(s.t.Context(), id, ReviewDecision{Decision: decision, Boxes: boxes}, actor))
}

// pixels are those of each derivative of a release.
func (s scene) pixels(row sinso.ReleaseRow) (all [][]byte) {
	s.t.Helper()
	ctx := s.t.Context()
	key := must[sinso.CEK](s.t)(s.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian()))
	for _, object := range must[sinso.Manifest](s.t)(s.readManifest(ctx, row.Manifest, key)).Objects {
		file := must[*dicom.File](s.t)(dicom.Read(must[[]byte](s.t)(s.open(ctx, object.CID, sinso.CEK(object.Key)))))
		all = append(all, must[[][]byte](s.t)(file.Frames())[0])
	}
	return all
}

// again wants a rebuild to give the same queue.
func (s scene) sameAfterRebuild() {
	s.t.Helper()
	before, strata := s.queue(""), s.strata()
	s.rebuilt()
	if diff := cmp.Diff(before, s.queue("")); diff != "" {
		s.t.Errorf("the queue after a rebuild (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(strata, s.strata()); diff != "" {
		s.t.Errorf("the strata after a rebuild (-want +got):\n%s", diff)
	}
}

func (s scene) strata() []sinso.Stratum {
	s.t.Helper()
	return must[[]sinso.Stratum](s.t)(view(s.t.Context(), s.Way, func(tx sinso.MetaTx) ([]sinso.Stratum, error) { return gather(tx.Strata) }))
}

// TestApprovedIsInTheNextRelease takes an image that says that there is writing in it,
// and in which none is found: it is withheld and an item; approved, the next draft has
// it, byte for byte; what was refused before stays refused.
func TestApprovedIsInTheNextRelease(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "YES")).Study
	first := s.draft(study)
	if first.State != sinso.ReleaseIsRefused || first.Withheld[deid.ReasonBurnedIn] != 1 {
		t.Fatalf("got %s, withheld %v; want it refused for what it says", first.State, first.Withheld)
	}
	items := s.queue(sinso.ReviewIsOpen)
	if len(items) != 1 || items[0].Sample() || !slices.Equal(items[0].Reasons, []sinso.Reason{deid.ReasonBurnedIn}) || items[0].Device != "Synthetic Sound Works · Echo 1 · US · 64×48" {
		t.Fatalf("got %+v, want one item", items)
	}
	if again := s.draft(study); again.ID != first.ID {
		t.Errorf("a second draft was made without a decision")
	}
	if n, _, err := s.Survey(t.Context(), study); err != nil || n != 0 {
		t.Errorf("survey: %d, %v, want none that may go", n, err)
	}
	if row := s.decide(items[0].ID, sinso.DecisionApprove, "clinician-1"); row.State != sinso.ReviewIsApproved {
		t.Fatalf("the item is %s", row.State)
	}
	if n, _, err := s.Survey(t.Context(), study); err != nil || n != 1 {
		t.Errorf("survey: %d, %v, want one that may go", n, err)
	}
	second := s.draft(study)
	if second.ID == first.ID || second.State != sinso.ReleaseIsStored || second.Instances != 1 || second.Reviewed != 1 {
		t.Fatalf("got %s %s with %d, %d by review; want a new draft with the instance", second.ID, second.State, second.Instances, second.Reviewed)
	}
	if !bytes.Equal(s.pixels(second)[0], echoPixels()) {
		t.Error("its pixels are not those of the original")
	}
	if now := must[sinso.ReleaseRow](t)(s.ReleaseRow(t.Context(), first.ID)); now.State != sinso.ReleaseIsRefused {
		t.Errorf("the first one is %s", now.State)
	}
	if third := s.draft(study); third.ID != second.ID {
		t.Error("a third draft was made without a decision")
	}
	s.sameAfterRebuild()
}

// TestRedactedIsBlankInTheBoxAlone draws boxes, in one frame and in all.
func TestRedactedIsBlankInTheBoxAlone(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "YES")).Study
	s.draft(study)
	item := s.queue(sinso.ReviewIsOpen)[0]
	preview := must[Preview](t)(s.Preview(t.Context(), item, "clinician-1"))
	if len(preview.Withheld) != 0 || len(preview.Marks) != 0 || len(preview.Changes) == 0 {
		t.Errorf("before a box: withheld %v, %d marks, %d changes", preview.Withheld, len(preview.Marks), len(preview.Changes))
	}
	boxes := []sinso.ReviewBox{{Frame: -1, X0: 3, Y0: 2, X1: 20, Y1: 9}, {Frame: 0, X0: 60, Y0: 40, X1: 64, Y1: 48}}
	item = s.decide(item.ID, sinso.DecisionRedact, "clinician-1", boxes...)
	if preview = must[Preview](t)(s.Preview(t.Context(), item, "clinician-1")); len(preview.Marks) != 2 || preview.Marks[0].By != deid.ByPerson {
		t.Errorf("after: marks %v, want the two of a person", preview.Marks)
	}
	got, want := s.pixels(s.draft(study))[0], echoPixels()
	for y := range echoRows {
		for x := range echoColumns {
			inside := slices.ContainsFunc(boxes, func(b sinso.ReviewBox) bool { return x >= b.X0 && x < b.X1 && y >= b.Y0 && y < b.Y1 })
			if at := y*echoColumns + x; inside && got[at] != 0 || !inside && got[at] != want[at] {
				t.Fatalf("pixel %d,%d is %d, inside a box %t", x, y, got[at], inside)
			}
		}
	}
	// More may be blanked later; what is blanked stays so.
	s.decide(item.ID, sinso.DecisionRedact, "clinician-2", sinso.ReviewBox{Frame: 0, X0: 30, Y0: 30, X1: 31, Y1: 31})
	if more := s.pixels(s.draft(study))[0]; more[30*echoColumns+30] != 0 || more[2*echoColumns+3] != 0 {
		t.Error("a second redaction is not in the next draft, or the first one not any more")
	}
	s.sameAfterRebuild()
}

// TestRefusedStaysWithheld: and nobody approves it any more; an approval may be taken
// back by a refusal.
func TestRefusedStaysWithheld(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "YES")).Study
	s.draft(study)
	item := s.queue(sinso.ReviewIsOpen)[0].ID
	s.decide(item, sinso.DecisionApprove, "clinician-1")
	if made := s.draft(study); made.Instances != 1 {
		t.Fatalf("approved: %d instances", made.Instances)
	}
	s.decide(item, sinso.DecisionRefuse, "owner-1")
	made := s.draft(study)
	if made.State != sinso.ReleaseIsRefused {
		t.Errorf("refused: the release is %s", made.State)
	}
	_, err := s.Decide(t.Context(), item, ReviewDecision{Decision: sinso.DecisionApprove}, "clinician-1")
	if !errors.Is(err, sinso.ErrExists) {
		t.Errorf("approve what is refused: %v, want ErrExists", err)
	}
	if again := s.draft(study); again.ID != made.ID {
		t.Error("another draft without a decision")
	}
	s.sameAfterRebuild()
}

// TestTwoPersonsAgree: one person's word is not enough, whatever tokens they have;
// different words are no agreement; one refusal ends it.
func TestTwoPersonsAgree(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 2)
	study := s.take(echo(t, "1", 1, "YES")).Study
	s.take(echo(t, "1", 2, "YES"))
	s.draft(study)
	items := s.queue(sinso.ReviewIsOpen)
	if len(items) != 2 {
		t.Fatalf("%d items, want 2", len(items))
	}
	box := sinso.ReviewBox{Frame: -1, X0: 0, Y0: 0, X1: 5, Y1: 5}
	for _, step := range []struct {
		by       string
		decision sinso.Decision
		boxes    []sinso.ReviewBox
		want     sinso.ReviewState
	}{
		{"owner-aa", sinso.DecisionApprove, nil, sinso.ReviewIsOpen},
		{"owner-bb", sinso.DecisionApprove, nil, sinso.ReviewIsOpen}, // another token of the same person
		{"clinician-1", sinso.DecisionRedact, []sinso.ReviewBox{box}, sinso.ReviewIsOpen},
		{"clinician-1", sinso.DecisionRedact, []sinso.ReviewBox{box}, sinso.ReviewIsOpen},
		{"owner-aa", sinso.DecisionRedact, nil, sinso.ReviewIsRedacted}, // with the box of the other
	} {
		if row := s.decide(items[0].ID, step.decision, step.by, step.boxes...); row.State != step.want {
			t.Fatalf("%s says %s: the item is %s, want %s", step.by, step.decision, row.State, step.want)
		}
	}
	if row := s.decide(items[1].ID, sinso.DecisionRefuse, "clinician-1"); row.State != sinso.ReviewIsRefused {
		t.Errorf("one refuses: the item is %s", row.State)
	}
	made := s.draft(study)
	if made.Instances != 1 || made.Withheld[deid.ReasonBurnedIn] != 1 || s.pixels(made)[0][0] != 0 {
		t.Errorf("released %d, withheld %v", made.Instances, made.Withheld)
	}
	// A node that wants one person from now on does not change what was said before.
	s.cfg.ReviewPersons = 1
	s.sameAfterRebuild()
}

// TestDecisionsAreChecked: what is no decision on the item changes nothing.
func TestDecisionsAreChecked(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	s.draft(s.take(echo(t, "1", 1, "YES")).Study)
	item := s.queue(sinso.ReviewIsOpen)[0]
	box := func(frame, x0, y0, x1, y1 int) []sinso.ReviewBox {
		return []sinso.ReviewBox{{Frame: frame, X0: x0, Y0: y0, X1: x1, Y1: y1}}
	}
	many := make([]sinso.ReviewBox, maxReviewBoxes+1)
	for i := range many {
		many[i] = sinso.ReviewBox{X1: 1 + i%echoColumns, Y1: 1}
	}
	for name, in := range map[string]ReviewDecision{
		"no decision":          {},
		"another word":         {Decision: "believe"},
		"of a sample":          {Decision: sinso.DecisionNoLeak},
		"redact nothing":       {Decision: sinso.DecisionRedact},
		"approve with boxes":   {Decision: sinso.DecisionApprove, Boxes: box(0, 0, 0, 1, 1)},
		"left of the frame":    {Decision: sinso.DecisionRedact, Boxes: box(0, -1, 0, 1, 1)},
		"right of the frame":   {Decision: sinso.DecisionRedact, Boxes: box(0, 0, 0, echoColumns+1, 1)},
		"below the frame":      {Decision: sinso.DecisionRedact, Boxes: box(0, 0, 0, 1, echoRows+1)},
		"empty":                {Decision: sinso.DecisionRedact, Boxes: box(0, 3, 3, 3, 4)},
		"turned over":          {Decision: sinso.DecisionRedact, Boxes: box(0, 5, 5, 3, 3)},
		"a frame too many":     {Decision: sinso.DecisionRedact, Boxes: box(1, 0, 0, 1, 1)},
		"no frame":             {Decision: sinso.DecisionRedact, Boxes: box(-2, 0, 0, 1, 1)},
		"overflowing":          {Decision: sinso.DecisionRedact, Boxes: box(0, 0, 0, 1<<62, 1<<62)},
		"more than any needs":  {Decision: sinso.DecisionRedact, Boxes: many},
		"as many in one frame": {Decision: sinso.DecisionApprove, Boxes: many[:2]},
	} {
		if _, err := s.Decide(t.Context(), item.ID, in, "clinician-1"); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	if _, err := s.Decide(t.Context(), "v_none", ReviewDecision{Decision: sinso.DecisionApprove}, "clinician-1"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("an item that is not there: %v", err)
	}
	if diff := cmp.Diff([]sinso.ReviewRow{item}, s.queue("")); diff != "" {
		t.Errorf("the queue changed:\n%s", diff)
	}
}

// TestBoxesOfAllFramesAreCountedInEach: few boxes are many where there are many frames.
func TestBoxesOfAllFramesAreCountedInEach(t *testing.T) {
	t.Parallel()
	film := sinso.InstanceRow{Rows: 10, Columns: 10, Frames: maxReviewMarks / 2}
	box := sinso.ReviewBox{Frame: -1, X1: 5, Y1: 5}
	if err := checkBoxes([]sinso.ReviewBox{box}, []sinso.ReviewBox{box}, film); err != nil {
		t.Errorf("two: %v", err)
	}
	if err := checkBoxes([]sinso.ReviewBox{box, {X1: 1, Y1: 1}}, []sinso.ReviewBox{box}, film); !errors.Is(err, sinso.ErrInvalid) {
		t.Errorf("one more: %v, want ErrInvalid", err)
	}
}

// TestAnotherProfileAsksAgain: what was decided under one profile is not of another.
func TestAnotherProfileAsksAgain(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "YES")).Study
	s.take(echo(t, "1", 2, "YES"))
	s.draft(study)
	items := s.queue(sinso.ReviewIsOpen)
	s.decide(items[0].ID, sinso.DecisionApprove, "clinician-1")
	before := s.profile
	s.profile = must[*deid.Profile](t)(deid.Parse(bytes.Replace(before.Text(), []byte("clean-graphics"), []byte("retain-device-identity"), 1)))
	if made := s.draft(study); made.State != sinso.ReleaseIsRefused {
		t.Errorf("under another profile the approved one is released: %s", made.State)
	}
	if open := s.queue(sinso.ReviewIsOpen); len(open) != 3 { // one of the first profile, and both anew
		t.Errorf("under another profile %d wait, want both again", len(open))
	}
	s.profile = before
	if made := s.draft(study); made.Instances != 1 {
		t.Errorf("under the first profile again %d are released, want the approved one", made.Instances)
	}
}

// TestOnlyDoubtIsReviewed: what persons' eyes would not release is no item.
func TestOnlyDoubtIsReviewed(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "YES")).Study
	s.take(object(t, "ADA", "1", 2, func(ds *dicom.Dataset) { // a waveform
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.9.1.1")
		ds.SetString(0x00080060, dicom.VRCS, "ECG")
	}))
	s.take(object(t, "ADA", "1", 3, func(ds *dicom.Dataset) { // captured, and without pixels
		ds.SetString(0x00080016, dicom.VRUI, "1.2.840.10008.5.1.4.1.1.7")
		ds.SetString(0x00080060, dicom.VRCS, "OT")
	}))
	made := s.draft(study)
	if held := made.Withheld; held[deid.ReasonWaveform] != 1 || held[deid.ReasonBurnedIn] != 1 || len(s.queue("")) != 1 {
		t.Errorf("withheld %v, %d items; want one item", held, len(s.queue("")))
	}
	for _, reason := range deid.Reasons() {
		if deid.Reviewable(reason) && slices.Contains([]sinso.Reason{deid.ReasonFace, deid.ReasonWaveform, deid.ReasonDocument, deid.ReasonPixelUnread}, reason) {
			t.Errorf("%s may be overruled", reason)
		}
	}
}

// TestRejectedIsNotReviewed: an item of what is not shown any more is not there, and
// comes back with it.
func TestRejectedIsNotReviewed(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	taken := s.take(echo(t, "1", 1, "YES"))
	s.draft(taken.Study)
	item := s.queue("")[0]
	if err := s.Reject(t.Context(), []sinso.InstanceID{taken.Instance}, ReasonDeleted, "op"); err != nil {
		t.Fatal(err)
	}
	if n := len(s.queue("")); n != 0 {
		t.Errorf("rejected: %d items", n)
	}
	if _, err := s.Decide(t.Context(), item.ID, ReviewDecision{Decision: sinso.DecisionApprove}, "clinician-1"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("decide over it: %v, want ErrNotFound", err)
	}
	if err := s.Restore(t.Context(), []sinso.InstanceID{taken.Instance}, "op"); err != nil {
		t.Fatal(err)
	}
	if n := len(s.queue("")); n != 1 {
		t.Errorf("restored: %d items", n)
	}
	s.sameAfterRebuild()
}

// TestDraftIsMadeAgainAfterADecision: a study that came through a door is derived
// ahead anew as soon as somebody decides, without being asked for.
func TestDraftIsMadeAgainAfterADecision(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	receipt := must[sinso.Receipt](t)(s.Take(ctx, sinso.Item{Bytes: echo(t, "1", 1, "YES")}, ImportOptions{Actor: "test", Origin: sinso.OriginGateway}))
	s.draft(receipt.Study)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Ahead(ctx, nil, func(err error) { t.Error(err) })
	}()
	defer func() { cancel(); <-done }()
	s.decide(s.queue(sinso.ReviewIsOpen)[0].ID, sinso.DecisionApprove, "clinician-1")
	stored := func(row sinso.ReleaseRow) bool {
		return row.Draft && row.State == sinso.ReleaseIsStored && row.Instances == 1
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if slices.ContainsFunc(must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), "")), stored) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no draft was made again")
		}
	}
}

// TestDecisionWhileADraftIsMade comes too late for that draft: the next one has it.
func TestDecisionWhileADraftIsMade(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	s.take(echo(t, "1", 2, "YES"))
	s.take(echo(t, "1", 3, "YES"))
	s.draft(study)
	items := s.queue(sinso.ReviewIsOpen)
	s.decide(items[0].ID, sinso.DecisionApprove, "clinician-1")
	late := false
	s.cfg.OnStep = func(name string) {
		if name == string(sinso.EventReleased) && !late {
			late = true
			s.decide(items[1].ID, sinso.DecisionApprove, "clinician-1")
		}
	}
	first := s.draft(study)
	if !late || first.Instances != 2 {
		t.Fatalf("the draft has %d instances, want 2", first.Instances)
	}
	if taken := must[sinso.ReleaseRow](t)(s.drafted(t.Context(), study, ReleaseOptions{Profile: s.profile})); taken.ID != "" {
		t.Errorf("the draft that has not heard of the decision is enough: %s", taken.ID)
	}
	second := s.draft(study)
	if second.ID == first.ID || second.Instances != 3 {
		t.Fatalf("the next draft has %d instances, want 3", second.Instances)
	}
	s.cfg.OnStep = nil
	s.sameAfterRebuild()
}
