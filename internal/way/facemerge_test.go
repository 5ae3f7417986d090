package way

import (
	"testing"

	"sinso.dev/sinso"
)

// TestFacesAreCutAlikeAfterAMerge: one face that is cut in two ways is hidden less.
func TestFacesAreCutAlikeAfterAMerge(t *testing.T) {
	t.Parallel()
	s := reviewScene(t, 1)
	a, b := s.take(echo(t, "1", 1, "NO")), s.take(object(t, "BOB", "2", 1, nil))
	secret := func() [32]byte {
		study := must[sinso.StudyRow](t)(s.Study(t.Context(), a.Study))
		d := derivation{Way: s.Way, row: sinso.ReleaseRow{Study: a.Study, Person: study.Person}}
		return must[[32]byte](t)(d.faceSecret(t.Context()))
	}
	before := secret()
	if err := s.Merge(t.Context(), a.Person, b.Person, "test"); err != nil {
		t.Fatal(err)
	}
	if secret() != before {
		t.Error("after a merge the face of a study is cut otherwise")
	}
}
