package dimse_test

import (
	"testing"

	"sinso.dev/sinso/internal/wire/dimse"
)

// TestStatusHasTheNameOfTheStandard checks names and kinds (PS3.7 Annex C).
func TestStatusHasTheNameOfTheStandard(t *testing.T) {
	t.Parallel()
	for status, want := range map[dimse.Status]struct {
		name                      string
		pending, warning, failure bool
	}{
		dimse.StatusSuccess:                {"success (0000H)", false, false, false},
		dimse.StatusCancel:                 {"cancel (FE00H)", false, false, false},
		dimse.StatusPending:                {"pending (FF00H)", true, false, false},
		dimse.StatusPendingUnsupportedKeys: {"pending, optional keys not supported (FF01H)", true, false, false},
		dimse.StatusOutOfResources:         {"refused: out of resources (A700H)", false, false, true},
		dimse.StatusMoveDestinationUnknown: {"refused: move destination unknown (A801H)", false, false, true},
		dimse.StatusElementsDiscarded:      {"warning: elements discarded (B006H)", false, true, false},
		dimse.StatusAttributeListError:     {"attribute list error (0107H)", false, true, false},
		dimse.StatusNotAuthorized:          {"refused: not authorized (0124H)", false, false, true},
		dimse.Status(0xC123):               {"failure (C123H)", false, false, true},
		dimse.Status(0xB123):               {"warning (B123H)", false, true, false},
	} {
		if got := status.String(); got != want.name {
			t.Errorf("got %q, want %q", got, want.name)
		}
		if status.IsPending() != want.pending || status.IsWarning() != want.warning || status.IsFailure() != want.failure {
			t.Errorf("%v: pending %t, warning %t, failure %t", status, status.IsPending(), status.IsWarning(), status.IsFailure())
		}
	}
}
