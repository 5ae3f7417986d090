package spool_test

import (
	"fmt"
	"slices"
	"testing"

	"sinso.dev/sinso"
)

// TestOutcomeOfAnySizeIsKept: of more studies than fit into an upload's file, some are
// listed and the rest counted, so that what was taken in is not taken in again.
func TestOutcomeOfAnySizeIsKept(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	u := g.create(t, "owner", 0) // has all its bytes
	if _, err := g.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	const all = 40_000
	became := sinso.UploadOutcome{Files: all, Instances: all, Reasons: map[sinso.Reason]int{}}
	for i := range all {
		became.Studies = append(became.Studies, sinso.StudyID(fmt.Sprintf("s_%026d", i)))
	}
	if err := g.Finish(t.Context(), u.ID, became); err != nil {
		t.Fatalf("an outcome of %d studies: %v", all, err)
	}
	for range 2 { // as it is now, and as the next process reads it
		got, err := g.Upload(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		o := got.Outcome
		if got.State != sinso.UploadDone || o.Instances != all || !slices.Equal(o.Studies, became.Studies[:sinso.MaxOutcomeStudies]) || o.MoreStudies != all-sinso.MaxOutcomeStudies {
			t.Fatalf("%s with %d of %d instances, %d studies and %d more", got.State, o.Instances, all, len(o.Studies), o.MoreStudies)
		}
		g.reopen(t)
	}
}
