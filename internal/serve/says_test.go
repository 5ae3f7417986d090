package serve

import (
	"encoding/json"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// TestAWorkThatCannotBeMadeIsNotTheStudysFault: what may be sold of it is not told to be
// nothing.
func TestAWorkThatCannotBeMadeIsNotTheStudysFault(t *testing.T) {
	t.Parallel()
	s := &Server{cfg: Config{Explain: way.Explain}}
	for reason, want := range map[sinso.Reason]string{
		way.ReasonNoWork: "The copy was not made: the co-creator's work cannot be made of what may be released: release it without, or with another.",
		way.ReasonFault:  "Nothing of this study may be sold: " + way.Explain(way.ReasonFault) + ".",
	} {
		body := must[[]byte](t)(json.Marshal(sinso.ReleaseRefused{Reason: reason}))
		if got := s.sentence(sinso.Event{Type: sinso.EventReleaseRefused, Body: body}, 1); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
