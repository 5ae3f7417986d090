package way

import (
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/deid"
)

// TestReleaseIsTakenUpAfterATemplateWasDrawn: who asks for it again on the same terms is
// not told that the terms are others, for another has drawn a template meanwhile.
func TestReleaseIsTakenUpAfterATemplateWasDrawn(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	study := s.take(echo(t, "1", 1, "NO")).Study
	if !s.cutBeforeTheChain(study) {
		t.Fatal("it did not come to the chain")
	}
	begun := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), ""))[0]
	s.add(ofEcho([4]int{0, 0, 9, 9}))
	effective := must[*deid.Profile](t)(s.effective(t.Context(), s.profile, study))
	id, err := s.plan(t.Context(), study, ReleaseOptions{Actor: "test", Profile: effective})
	if err != nil || id != begun.ID {
		t.Errorf("got %s, %v; want %s", id, err, begun.ID)
	}
	basic := must[*deid.Profile](t)(deid.Preset("basic"))
	if _, err := s.plan(t.Context(), study, ReleaseOptions{Actor: "test", Profile: basic}); err == nil {
		t.Error("it is taken up under another profile")
	}
}
